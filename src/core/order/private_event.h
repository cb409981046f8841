/* private_event.h: what the private side of a venue tells us, as plain values: order and algo updates, fills, balances, positions,
 * and the same facts when they come as answers to questions. The venue codecs (edge/exchange) make them; the order half judges
 * them.
 *
 * Nothing in here is believed because it is absent: a list that was cut, an error or a time-out is "no information" (I3,
 * architecture 4.6).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/order/order.h"

/* A venue's word for an order's state, normal or algo. UNKNOWN: a word we do not know; it freezes the symbol, it never crashes. */
typedef enum {
    PRIVATE_STATUS_NONE = 0, /* not told */
    PRIVATE_STATUS_NEW,
    PRIVATE_STATUS_PARTIALLY_FILLED,
    PRIVATE_STATUS_FILLED,
    PRIVATE_STATUS_CANCELLED,
    PRIVATE_STATUS_EXPIRED, /* also EXPIRED_IN_MATCH */
    PRIVATE_STATUS_REJECTED,
    PRIVATE_STATUS_TRIGGERING, /* algo: condition met, no order yet */
    PRIVATE_STATUS_TRIGGERED,  /* algo: an engine order with a new id exists */
    PRIVATE_STATUS_FINISHED,   /* algo: its engine order is done; look at the fills */
    PRIVATE_STATUS_UNKNOWN,
} private_status_t;

enum { PRIVATE_TEXT_MAX = 64, PRIVATE_CLIENT_ID_MAX = 40 };

/* Why a foreign order traded: the venue's own closing orders bear special client ids (autoclose-, adl_autoclose,
 * settlement_autoclose-). */
typedef enum { OWNER_CLIENT, OWNER_LIQUIDATION, OWNER_ADL, OWNER_SETTLEMENT } order_owner_t;

/* One fill. trade_id is unique in (venue, symbol); a fill with an id seen before changes nothing (I7). */
typedef struct {
    uint64_t trade_id;
    dec_t price, quantity;          /* > 0 */
    dec_t fee;                      /* paid: > 0; rebate: < 0 */
    char fee_asset[ASSET_TEXT_MAX]; /* "" with fee 0 */
    dec_t realised;                 /* as the venue reports it, fees not in it */
    int64_t time_ns;
    bool maker;
} private_fill_t;

/* The state of one order, from the stream, a reply, a query or a list. For an algo order venue_order_id is the algo id. */
typedef struct {
    char client_id[PRIVATE_CLIENT_ID_MAX]; /* as the venue has it; not ours when client_id_parse refuses it */
    instrument_id_t instrument;
    bool algo;
    uint64_t venue_order_id;  /* 0: not told */
    uint64_t engine_order_id; /* algo: order made by the trigger; 0: none yet */
    private_status_t status;
    order_owner_t owner;
    order_side_t side;
    position_key_t position;
    order_type_t type; /* 0: a type we do not know (foreign orders) */
    reduce_t reduce;
    dec_t quantity, price, trigger;
    bool filled_known;             /* false: `filled` was not told */
    dec_t filled;                  /* cumulative executed quantity */
    char reason[PRIVATE_TEXT_MAX]; /* algo rejection reason or expiry reason; "" */
} private_order_t;

/* A change of a wallet balance that is not a trade's. */
typedef enum {
    INCOME_FUNDING = 1,
    INCOME_TRANSFER,    /* deposit, withdrawal, transfer between wallets */
    INCOME_LIQUIDATION, /* insurance clear, liquidation fee */
    INCOME_OTHER,
} income_kind_t;

typedef struct {
    income_kind_t kind;
    instrument_id_t instrument; /* INSTRUMENT_NONE when the venue names none */
    char asset[ASSET_TEXT_MAX];
    dec_t amount; /* + into the wallet */
    int64_t time_ns;
    uint64_t venue_id; /* transaction id; 0: not told */
} private_income_t;

typedef struct {
    char asset[ASSET_TEXT_MAX];
    dec_t wallet;
    bool available_known;
    dec_t available;
} private_balance_t;

typedef struct {
    instrument_id_t instrument;
    position_key_t position;
    dec_t amount; /* signed; in hedge mode SHORT is negative or 0 as the venue gives it */
    dec_t entry;  /* average entry; 0: flat or not told */
} private_position_t;

typedef struct {
    instrument_id_t instrument;
    uint32_t leverage;         /* 0: not told */
    margin_type_t margin_type; /* 0: not told */
} private_settings_t;

typedef enum {
    PRIVATE_ORDER = 1, /* order or algo update without a fill */
    PRIVATE_FILL,      /* an order update with a fill, or a fill from a trade list (order.status may be NONE then) */
    PRIVATE_BALANCE,
    PRIVATE_POSITION,
    PRIVATE_INCOME,
    PRIVATE_SETTINGS,
    PRIVATE_MODE,
    PRIVATE_GAP, /* the stream was cut or a key expired: events may be missing, look again */
} private_kind_t;

typedef struct {
    private_kind_t kind;
    int64_t time_ns; /* venue time of the transaction */
    union {
        private_order_t order;
        struct {
            private_order_t order;
            private_fill_t fill;
        } fill;
        private_balance_t balance;
        private_position_t position;
        private_income_t income;
        private_settings_t settings;
        position_mode_t mode;
    };
} private_event_t;

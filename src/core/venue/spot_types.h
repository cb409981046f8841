/* spot_types.h: the words of spot trading: orders with their conditions, order lists, balances, and the events they tell.
 *
 * An account holds assets, free or locked; there is no position and no margin. Conventions as in venue_types.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/id.h"
#include "core/market/instrument.h"
#include "core/venue/spot_reject.h"

typedef enum {
    SPOT_LIMIT,
    SPOT_MARKET,
    SPOT_STOP_LOSS, /* becomes a market order */
    SPOT_STOP_LOSS_LIMIT,
    SPOT_TAKE_PROFIT, /* becomes a market order */
    SPOT_TAKE_PROFIT_LIMIT,
    SPOT_LIMIT_MAKER,
} spot_type_t;

typedef enum { SPOT_GTC, SPOT_IOC, SPOT_FOK } spot_tif_t;

/* TRANSFER between orders of one account is DECREMENT: there is nobody to transfer to. */
typedef enum {
    SPOT_STP_NONE,
    SPOT_STP_EXPIRE_TAKER,
    SPOT_STP_EXPIRE_MAKER,
    SPOT_STP_EXPIRE_BOTH,
    SPOT_STP_DECREMENT,
    SPOT_STP_TRANSFER
} spot_stp_t;

typedef enum {
    SPOT_NEW,
    SPOT_PENDING_NEW, /* a pending leg of an OTO or OTOCO: its working order is not filled yet */
    SPOT_PARTIALLY_FILLED,
    SPOT_FILLED,
    SPOT_CANCELED,
    SPOT_EXPIRED,
    SPOT_EXPIRED_IN_MATCH,
} spot_status_t;

/* x of executionReport */
typedef enum {
    SPOT_EXEC_NEW,
    SPOT_EXEC_CANCELED,
    SPOT_EXEC_REPLACED,
    SPOT_EXEC_TRADE,
    SPOT_EXEC_EXPIRED,
    SPOT_EXEC_TRADE_PREVENTION,
} spot_exec_t;

/* expiryReason */
typedef enum {
    SPOT_REASON_NONE,
    SPOT_REASON_REJECTED, /* when its time came: no balance, or a maker order that would take */
    SPOT_REASON_EXCHANGE_CANCELED,
    SPOT_REASON_OCO_TRIGGER,
    SPOT_REASON_OTO_PHASE_ONE_EXPIRED,
    SPOT_REASON_UNFILLED_IOC,
    SPOT_REASON_UNFILLED_FOK,
    SPOT_REASON_INSUFFICIENT_LIQUIDITY,
} spot_reason_t;

typedef enum { SPOT_CANCEL_ANY, SPOT_CANCEL_ONLY_NEW, SPOT_CANCEL_ONLY_PARTIALLY_FILLED } spot_restriction_t;

typedef enum { SPOT_LIST_OCO, SPOT_LIST_OTO, SPOT_LIST_OTOCO } spot_list_kind_t;

/* A limit price taken from the book when the order comes to the market (a conditional one: when it fires; a pending leg: when its
 * working order is filled): the best one of its own side, or of the other; or so many price levels deeper in. */
typedef enum { SPOT_PEG_NONE, SPOT_PEG_PRIMARY, SPOT_PEG_MARKET } spot_peg_t;
enum { SPOT_PEG_OFFSET_MAX = 100 };

enum { SPOT_LEGS_MAX = 3 };

/* Bounds of the exchange's filters, the same for every symbol. */
enum {
    SPOT_ORDERS_MAX = 200, /* MAX_NUM_ORDERS, per symbol */
    SPOT_ALGO_ORDERS_MAX = 5,
    SPOT_ICEBERG_ORDERS_MAX = 10,
    SPOT_ICEBERG_PARTS_MAX = 100,
    SPOT_ORDER_LISTS_MAX = 20,
    SPOT_AMENDS_MAX = 10,
    SPOT_TRAILING_DELTA_MIN = 10, /* hundredths of a percent */
    SPOT_TRAILING_DELTA_MAX = 2000,
    SPOT_NOTIONAL_MAX = 9000000,
    SPOT_AVERAGE_MINUTES = 5,
    SPOT_BNB_DISCOUNT_PCT = 25,
};

/* --- commands --------------------------------------------------------------------------------- */

typedef struct {
    uint32_t account; /* venue_account_t */
    instrument_id_t instrument;
    uint32_t side; /* venue_side_t */
    spot_type_t type;
    spot_tif_t tif; /* types with a price */
    spot_stp_t stp;
    dec_t quantity;
    dec_t quote_quantity; /* MARKET only, instead of quantity */
    dec_t price;
    dec_t stop_price;        /* conditional types; with a trailing delta: where it becomes active, 0: at once */
    uint32_t trailing_delta; /* 0: none */
    dec_t iceberg_quantity;  /* 0: none */
    spot_peg_t peg;          /* types with a price, which may then be left out */
    uint32_t peg_offset;
    uint64_t strategy_id;
    uint32_t strategy_type;
    bool has_strategy_id, has_strategy_type;
    bool test; /* all checks, no order */
    client_id_t client_id;
} spot_place_t;

/* Legs: OCO: above, below. OTO: working, pending. OTOCO: working, pending above, pending below. */
typedef struct {
    spot_list_kind_t kind;
    bool pays_other; /* OTO, OTOCO: what the working order receives is what the pending legs sell (OPO, OPOCO); theirs is 0 */
    client_id_t client_id;
    spot_place_t legs[SPOT_LEGS_MAX];
} spot_list_place_t;

/* By id, or by client id when id is 0; with both they must agree. */
typedef struct {
    uint32_t account;
    instrument_id_t instrument;
    uint64_t id;
    client_id_t client_id;
    client_id_t request_id; /* of the cancel or amend; empty: made up */
    spot_restriction_t restriction;
} spot_ref_t;

typedef struct {
    spot_ref_t ref;
    dec_t quantity;
} spot_amend_t;

typedef struct {
    spot_reject_t reject;
    uint64_t id; /* order or list */
} spot_reply_t;

/* --- what they look like from outside --------------------------------------------------------- */

typedef struct {
    uint64_t id, list_id; /* list_id 0: none */
    client_id_t client_id;
    uint32_t account;
    instrument_id_t instrument;
    uint32_t side;
    spot_type_t type;
    spot_tif_t tif;
    spot_stp_t stp;
    spot_status_t status;
    spot_reason_t reason;
    dec_t price, quantity, quote_quantity, filled, filled_quote, stop_price, iceberg_quantity;
    spot_peg_t peg;
    uint32_t peg_offset;
    dec_t pegged_price; /* of a pegged order: where it stands, 0: not yet; its price is what was asked for, or 0 */
    dec_t prevented_quantity;
    uint64_t prevented_match_id; /* 0: none */
    uint32_t trailing_delta;
    uint64_t strategy_id;
    uint32_t strategy_type;
    bool has_strategy_id, has_strategy_type;
    int64_t time_ns, update_ns;
    int64_t working_ns;  /* when it came onto the book; 0: not yet */
    int64_t trailing_ns; /* when the trailing became active; 0: not */
    bool working;        /* on the book, or was */
} spot_order_t;

typedef struct {
    uint64_t id;
    spot_list_kind_t kind;
    bool pays_other;
    client_id_t client_id;
    uint32_t account;
    instrument_id_t instrument;
    bool done;
    int64_t time_ns;
    uint32_t leg_count;
    uint64_t order_ids[SPOT_LEGS_MAX];
    client_id_t client_ids[SPOT_LEGS_MAX];
} spot_list_t;

typedef struct {
    uint8_t asset; /* venue_asset_t */
    dec_t free, locked;
} spot_balance_t;

typedef struct {
    dec_t maker_rate, taker_rate;
    bool burns_bnb, can_trade;
    int64_t update_ns;
} spot_account_t;

/* --- events ----------------------------------------------------------------------------------- */

typedef enum { SPOT_EVENT_ORDER, SPOT_EVENT_LIST, SPOT_EVENT_POSITION, SPOT_EVENT_BALANCE } spot_event_kind_t;

typedef struct {
    spot_order_t order; /* after the change */
    spot_exec_t execution;
    client_id_t request_id; /* of a cancel or amend: the order's own id stands in `order`, before an amend in `original_id` */
    client_id_t original_id;
    dec_t last_price, last_quantity, last_quote, commission;
    uint8_t commission_asset;
    uint64_t trade_id; /* 0: none */
    uint64_t execution_id;
    bool maker;
    dec_t prevented_last;                              /* TRADE_PREVENTION */
    uint64_t counter_order_id;                         /* TRADE_PREVENTION */
    dec_t missed_price, missed_quantity, missed_quote; /* TRADE_PREVENTION: what would have traded */
} spot_order_event_t;

enum { SPOT_EVENT_ASSETS_MAX = 16 };

typedef struct {
    spot_event_kind_t kind;
    union {
        spot_order_event_t order;
        spot_list_t list;
        struct {
            uint32_t count;
            spot_balance_t balances[SPOT_EVENT_ASSETS_MAX]; /* those that may have changed */
        } position;
        struct {
            uint8_t asset;
            dec_t change;
        } balance; /* money in or out */
    };
} spot_event_t;

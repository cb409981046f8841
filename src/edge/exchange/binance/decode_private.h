/* decode_private.h: frames of the private stream and REST replies about our account -> core/order/private_event.h.
 *
 * Strict on form, tolerant of growth: unknown fields are skipped; a status word that is not known becomes PRIVATE_STATUS_UNKNOWN,
 * which freezes the symbol; an order type that is not ours becomes 0. A required field that is missing, comes twice or has a wrong
 * type refuses the whole message, with the field named. On any error *out is untouched (but see binance_decode_private). No
 * allocation.
 *
 * Lists are walked: the caller's function is called for each element; when the text turns out to be broken later, the result says
 * so and what was handed over before must be thrown away (in words of the order half: SNAPSHOT_FAILED instead of
 * SNAPSHOT_COMPLETE). An empty body, HTML or a JSON value of another kind is an error, never an empty list: absence is not zero.
 * Elements about symbols that are not in the map are left out and counted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "core/order/private_event.h"
#include "edge/exchange/symbol_map.h"

enum {
    BINANCE_DETAIL_MAX = 200,
    BINANCE_PRIVATE_EVENTS_MAX = 128, /* out of one frame: an ACCOUNT_UPDATE tells many balances and positions */
    BINANCE_MARGIN_CALL_MAX = 32,
    BINANCE_LISTEN_KEY_MAX = 129,
    BINANCE_WORD_MAX = 48,
};

/* What was wrong, for people: "byte 17: field X is missing". Filled on failure. */
typedef struct {
    char text[BINANCE_DETAIL_MAX];
} binance_detail_t;

/* --- the private stream ----------------------------------------------------------------------- */

typedef enum {
    BINANCE_PRIVATE_ORDER,       /* ORDER_TRADE_UPDATE: one PRIVATE_ORDER or PRIVATE_FILL */
    BINANCE_PRIVATE_ALGO,        /* ALGO_UPDATE: one PRIVATE_ORDER with algo = true */
    BINANCE_PRIVATE_ACCOUNT,     /* ACCOUNT_UPDATE: incomes first, then balances, positions, settings */
    BINANCE_PRIVATE_CONFIG,      /* ACCOUNT_CONFIG_UPDATE: PRIVATE_SETTINGS, or none (multi-assets mode, see `multi_assets`) */
    BINANCE_PRIVATE_MARGIN_CALL, /* MARGIN_CALL: no event; `symbols` says which positions are near liquidation */
    BINANCE_PRIVATE_KEY_EXPIRED, /* listenKeyExpired: PRIVATE_GAP; take a new key */
    BINANCE_PRIVATE_IGNORED,     /* TRADE_LITE, STRATEGY_UPDATE, GRID_UPDATE, CONDITIONAL_ORDER_TRIGGER_REJECT: what they say comes
                                    elsewhere too */
    BINANCE_PRIVATE_UNKNOWN,     /* an event type we do not know: PRIVATE_GAP, reason enough to reconcile */
} binance_private_kind_t;

typedef struct {
    binance_private_kind_t kind;
    char word[BINANCE_WORD_MAX]; /* the event type; for ACCOUNT_UPDATE its reason ("FUNDING_FEE") */
    int64_t event_ns;            /* E */
    bool multi_assets_changed, multi_assets;
    char listen_key[BINANCE_LISTEN_KEY_MAX]; /* KEY_EXPIRED; may be "" */
    uint32_t symbol_count;
    char symbols[BINANCE_MARGIN_CALL_MAX][SYMBOL_TEXT_MAX]; /* MARGIN_CALL */
    uint32_t left_out;                                      /* events about symbols that are not in the map */
    uint32_t count;
    private_event_t events[BINANCE_PRIVATE_EVENTS_MAX];
} binance_private_t;

/* Raw or in the combined envelope. Results: RESULT_OK; RESULT_UNSUPPORTED for JSON that is no event (see decode_control.h); what
 * the reader says. On an error out->count is 0 and nothing else in it means anything. An order's trigger price is `trigger`; a
 * CALCULATED execution (liquidation, ADL) with a quantity is a fill with owner set. */
result_t binance_decode_private(const symbol_map_t *symbols, str_t frame, binance_private_t *out, binance_detail_t *detail);

/* --- REST replies; detail may be NULL everywhere ---------------------------------------------- */

/* {"code":-2011,"msg":"Unknown order sent."}: RESULT_UNSUPPORTED when the body is JSON of another form. `code` may come as a
 * string. */
result_t binance_decode_error(str_t body, int64_t *code, char *message, size_t capacity);

/* Reply to place, cancel, GET /order: an order of the matching engine. RESULT_NOT_FOUND: a symbol that is not in the map. */
result_t binance_decode_order(const symbol_map_t *symbols, str_t body, private_order_t *out, int64_t *time_ns,
                              binance_detail_t *detail);

/* Reply to POST and GET /algoOrder. */
result_t binance_decode_algo_order(const symbol_map_t *symbols, str_t body, private_order_t *out, int64_t *time_ns,
                                   binance_detail_t *detail);

/* DELETE /algoOrder: {"algoId","clientAlgoId","code":"200","msg"}: RESULT_OK when code is 200. It tells no symbol and no state
 * beyond "cancelled": *out has algo, ids and PRIVATE_STATUS_CANCELLED only, instrument INSTRUMENT_NONE. */
result_t binance_decode_algo_cancel(str_t body, private_order_t *out, binance_detail_t *detail);

typedef void binance_event_fn(void *context, const private_event_t *event);

/* A position that is held in a symbol that is not in the map; `symbol` is borrowed until it returns. */
typedef void binance_stranger_fn(void *context, str_t symbol, dec_t amount);

/* One list: its element function, and how many were left out because of their symbol (may be NULL). */
typedef struct {
    const symbol_map_t *symbols;
    binance_event_fn *each; /* called in the order of the text; borrowed event */
    void *context;
    binance_stranger_fn *stranger; /* of lists of positions; may be NULL */
    uint32_t left_out;             /* counted up */
    uint64_t last_id;              /* fills, incomes: greatest id seen, for the next page */
    int64_t last_ns;               /* greatest time seen, also of elements passed over: incomes are paged by time */
    uint32_t seen;                 /* elements in the list, also those left out: equal to the limit means that more may follow */
} binance_list_t;

result_t binance_decode_orders(binance_list_t *list, str_t body,
                               binance_detail_t *detail); /* /openOrders, /allOrders: PRIVATE_ORDER */
result_t binance_decode_algo_orders(binance_list_t *list, str_t body,
                                    binance_detail_t *detail); /* /openAlgoOrders, /allAlgoOrders: PRIVATE_ORDER */
result_t binance_decode_positions(binance_list_t *list, str_t body,
                                  binance_detail_t *detail); /* /v3/positionRisk, /v2: PRIVATE_POSITION */
result_t binance_decode_balances(binance_list_t *list, str_t body,
                                 binance_detail_t *detail); /* /v2, /v3/balance: PRIVATE_BALANCE */
result_t binance_decode_fills(binance_list_t *list, str_t body,
                              binance_detail_t *detail); /* /userTrades: PRIVATE_FILL, order.status NONE */
result_t binance_decode_settings(binance_list_t *list, str_t body, binance_detail_t *detail); /* /symbolConfig: PRIVATE_SETTINGS */

/* /income: PRIVATE_INCOME. REALIZED_PNL and COMMISSION are left out without being counted: the fills tell them. */
result_t binance_decode_incomes(binance_list_t *list, str_t body, binance_detail_t *detail);

/* /v3/account (also v2): totals; its assets as PRIVATE_BALANCE, then its positions as PRIVATE_POSITION. */
typedef struct {
    dec_t wallet, unrealised, margin_balance, available, initial_margin,
        maintenance_margin; /* in the account's valuation currency */
} binance_account_t;
result_t binance_decode_account(binance_list_t *list, str_t body, binance_account_t *out, binance_detail_t *detail);

/* /accountConfig, as far as it matters */
typedef struct {
    bool can_trade, can_withdraw, can_deposit, multi_assets;
    position_mode_t mode;
} binance_account_config_t;
result_t binance_decode_account_config(str_t body, binance_account_config_t *out, binance_detail_t *detail);

result_t binance_decode_position_mode(str_t body, position_mode_t *mode, binance_detail_t *detail); /* GET /positionSide/dual */
result_t binance_decode_leverage(str_t body, uint32_t *leverage, dec_t *notional_max,
                                 binance_detail_t *detail);            /* POST /leverage */
result_t binance_decode_success(str_t body, binance_detail_t *detail); /* {"code":200,"msg":"success"} */
result_t binance_decode_listen_key(str_t body, char key[BINANCE_LISTEN_KEY_MAX],
                                   binance_detail_t *detail); /* PUT's {} gives RESULT_FIELD_MISSING */

/* /apiTradingStatus: is the account kept from placing orders (quantitative rules)? Of several locks the one that ends last. */
enum { BINANCE_LOCK_TEXT_MAX = 32 };
typedef struct {
    int64_t until_ns;                  /* 0: free; INT64_MAX: locked without an end in sight */
    char where[BINANCE_LOCK_TEXT_MAX]; /* the symbol, or "ACCOUNT"; "" when free */
    char rule[BINANCE_LOCK_TEXT_MAX];  /* "UFR", "IFER", "GCR", "DR", "TMV"; "" when free or not told */
} binance_trading_status_t;
result_t binance_decode_trading_status(str_t body, binance_trading_status_t *out, binance_detail_t *detail);

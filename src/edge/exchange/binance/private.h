/* private.h: what Binance USD-M says about our account, as values: private stream events and replies of the trading endpoints.
 *
 * Words of the venue that have a meaning in core/order are core/order's enumerations; the rest stand here. A word that is not known is
 * not an error of the whole message: the field gets its ..._UNKNOWN value, so that the reader can freeze the symbol and still see ids
 * and quantities. Times are ns UTC of the venue. Texts are NUL-terminated copies.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/id.h"
#include "core/market/candle.h"
#include "core/market/instrument.h"
#include "core/order/order.h"

enum {
    BINANCE_REASON_MAX = 96,
    BINANCE_BALANCES_MAX = 32,  /* in one ACCOUNT_UPDATE */
    BINANCE_POSITIONS_MAX = 64, /* in one ACCOUNT_UPDATE or MARGIN_CALL */
    BINANCE_LISTEN_KEY_MAX = 129,
};

/* Status of an order at the matching engine. */
typedef enum {
    BINANCE_STATUS_UNKNOWN, /* a word we do not know: freeze the symbol */
    BINANCE_STATUS_NEW,
    BINANCE_STATUS_PARTIALLY_FILLED,
    BINANCE_STATUS_FILLED,
    BINANCE_STATUS_CANCELED,
    BINANCE_STATUS_REJECTED,
    BINANCE_STATUS_EXPIRED, /* also EXPIRED_IN_MATCH */
} binance_status_t;

/* x of ORDER_TRADE_UPDATE: why it was sent. */
typedef enum {
    BINANCE_EXECUTION_UNKNOWN,
    BINANCE_EXECUTION_NEW,
    BINANCE_EXECUTION_CANCELED,
    BINANCE_EXECUTION_CALCULATED, /* liquidation or ADL */
    BINANCE_EXECUTION_EXPIRED,
    BINANCE_EXECUTION_TRADE,
    BINANCE_EXECUTION_AMENDMENT,
    BINANCE_EXECUTION_NONE, /* from a REST reply: none stated */
} binance_execution_t;

/* Status of a conditional ("algo") order. */
typedef enum {
    BINANCE_ALGO_UNKNOWN,
    BINANCE_ALGO_NEW,
    BINANCE_ALGO_TRIGGERING, /* being handed to the matching engine */
    BINANCE_ALGO_TRIGGERED,  /* actual_id names the order it became */
    BINANCE_ALGO_FINISHED,   /* that order is over: look at actual_quantity, filled or cancelled */
    BINANCE_ALGO_CANCELED,
    BINANCE_ALGO_REJECTED,   /* reason says why, e.g. "Reduce Only reject" */
    BINANCE_ALGO_EXPIRED,
} binance_algo_status_t;

/* Who stands behind an order that we did not place: prefixes of its client id. */
typedef enum { BINANCE_ORIGIN_CLIENT, BINANCE_ORIGIN_LIQUIDATION, BINANCE_ORIGIN_ADL, BINANCE_ORIGIN_SETTLEMENT } binance_origin_t;

/* An order of the matching engine: from ORDER_TRADE_UPDATE, a reply to place or cancel, GET /order, /openOrders, /allOrders. Enumerations of core/order are
 * 0 where the venue used a word that we do not know (see `unknown_word`). */
typedef struct {
    char                symbol[SYMBOL_TEXT_MAX];
    client_id_t         client_id;
    uint64_t            order_id;
    order_side_t        side;
    position_key_t      position;
    order_type_t        type;          /* as it stands in the book: LIMIT, MARKET */
    order_type_t        original_type; /* the conditional type it came from, else = type */
    time_in_force_t     tif;           /* 0: GTD, RPI or unknown: not ours */
    binance_status_t    status;
    binance_execution_t execution;
    binance_origin_t    origin;
    bool                reduce_only, close_position;
    bool                unknown_word;  /* some enumeration word was not known */
    dec_t               quantity, price, filled, average_price, stop_price;
    dec_t               filled_quote;  /* cumQuote; 0 where not given */
    int64_t             time_ns;       /* T or updateTime: of this state */
    int64_t             created_ns;    /* time; 0 where not given */
    uint64_t            algo_id;       /* si: the algo order that it came from, 0: none or not given */
    uint32_t            expiry_reason; /* er; 0: none */

    /* The fill, when execution is TRADE or CALCULATED. */
    dec_t               last_quantity, last_price, commission, realized_profit;
    char                commission_asset[ASSET_TEXT_MAX]; /* "" without a fee */
    uint64_t            trade_id; /* 0: no trade */
    bool                maker;
} binance_order_report_t;

/* A conditional order: from ALGO_UPDATE, a reply to place, GET /algoOrder, /openAlgoOrders. */
typedef struct {
    char                  symbol[SYMBOL_TEXT_MAX];
    client_id_t           client_id;
    uint64_t              algo_id;
    order_side_t          side;
    position_key_t        position;
    order_type_t          type;
    time_in_force_t       tif;
    trigger_by_t          trigger_by;
    binance_algo_status_t status;
    bool                  reduce_only, close_position, price_protect;
    bool                  unknown_word;
    dec_t                 quantity, price, trigger;
    uint64_t              actual_id;       /* order it became; 0: not triggered */
    dec_t                 actual_price, actual_quantity;
    int64_t               time_ns;         /* E / T or updateTime */
    int64_t               triggered_ns;    /* 0: not triggered */
    char                  reason[BINANCE_REASON_MAX]; /* rm, cut to fit; "" */
} binance_algo_report_t;

typedef struct {
    char  asset[ASSET_TEXT_MAX];
    dec_t wallet, cross_wallet;
    dec_t change;    /* bc: not from profit or fees; 0 from REST */
    dec_t available; /* REST only */
    dec_t unrealized; /* REST only */
} binance_balance_t;

typedef struct {
    char           symbol[SYMBOL_TEXT_MAX];
    position_key_t position;
    dec_t          amount; /* signed: negative is short */
    dec_t          entry_price, break_even_price;
    dec_t          mark_price;        /* positionRisk only */
    dec_t          liquidation_price; /* positionRisk only; 0: none */
    dec_t          realized, unrealized;
    dec_t          isolated_wallet;
    bool           isolated;
    bool           unknown_word;
    int64_t        time_ns;
} binance_position_t;

/* m of ACCOUNT_UPDATE */
typedef enum {
    BINANCE_ACCOUNT_OTHER, /* a reason we do not know or need */
    BINANCE_ACCOUNT_ORDER,
    BINANCE_ACCOUNT_FUNDING_FEE,
    BINANCE_ACCOUNT_DEPOSIT,
    BINANCE_ACCOUNT_WITHDRAW,
    BINANCE_ACCOUNT_MARGIN_TRANSFER,
    BINANCE_ACCOUNT_MARGIN_TYPE_CHANGE,
    BINANCE_ACCOUNT_ASSET_TRANSFER,
    BINANCE_ACCOUNT_ADJUSTMENT, /* also insurance clear, admin, auto exchange: explicit adjustment events */
} binance_account_reason_t;

typedef struct {
    binance_account_reason_t reason;
    char               reason_text[BINANCE_REASON_MAX];
    char               symbol[SYMBOL_TEXT_MAX]; /* S of FUNDING_FEE; "" */
    int64_t            time_ns;
    uint32_t           balance_count, position_count;
    binance_balance_t  balances[BINANCE_BALANCES_MAX];
    binance_position_t positions[BINANCE_POSITIONS_MAX];
} binance_account_update_t;

typedef struct {
    bool     leverage_changed;
    char     symbol[SYMBOL_TEXT_MAX];
    uint32_t leverage;
    bool     multi_assets_changed, multi_assets;
} binance_config_update_t;

typedef struct {
    uint32_t count;
    char     symbols[BINANCE_POSITIONS_MAX][SYMBOL_TEXT_MAX];
    dec_t    cross_wallet;
} binance_margin_call_t;

typedef enum {
    BINANCE_PRIVATE_ORDER,       /* ORDER_TRADE_UPDATE */
    BINANCE_PRIVATE_ALGO,        /* ALGO_UPDATE */
    BINANCE_PRIVATE_ACCOUNT,     /* ACCOUNT_UPDATE */
    BINANCE_PRIVATE_CONFIG,      /* ACCOUNT_CONFIG_UPDATE */
    BINANCE_PRIVATE_MARGIN_CALL, /* MARGIN_CALL */
    BINANCE_PRIVATE_KEY_EXPIRED, /* listenKeyExpired: take a new key and reconcile */
    BINANCE_PRIVATE_IGNORED,     /* TRADE_LITE, STRATEGY_UPDATE, GRID_UPDATE, CONDITIONAL_ORDER_TRIGGER_REJECT */
    BINANCE_PRIVATE_UNKNOWN,     /* an event type we do not know: noted, and reason enough to reconcile */
} binance_private_kind_t;

typedef struct {
    binance_private_kind_t kind;
    int64_t event_ns; /* E */
    union {
        binance_order_report_t   order;
        binance_algo_report_t    algo;
        binance_account_update_t account;
        binance_config_update_t  config;
        binance_margin_call_t    margin_call;
        char                     listen_key[BINANCE_LISTEN_KEY_MAX];
        char                     event_type[BINANCE_REASON_MAX]; /* UNKNOWN, IGNORED */
    };
} binance_private_t;

/* One of our fills: GET /userTrades. */
typedef struct {
    char           symbol[SYMBOL_TEXT_MAX];
    uint64_t       trade_id, order_id;
    order_side_t   side;
    position_key_t position;
    dec_t          price, quantity, quote_quantity, realized_profit, commission;
    char           commission_asset[ASSET_TEXT_MAX];
    bool           maker;
    int64_t        time_ns;
} binance_fill_t;

/* GET /income */
typedef struct {
    char     symbol[SYMBOL_TEXT_MAX]; /* "" for transfers */
    char     kind[32];                /* "FUNDING_FEE" */
    char     asset[ASSET_TEXT_MAX];
    dec_t    amount;
    int64_t  time_ns;
    uint64_t transaction_id, trade_id; /* 0: none */
} binance_income_t;

/* GET /symbolConfig */
typedef struct {
    char     symbol[SYMBOL_TEXT_MAX];
    uint32_t leverage;
    bool     isolated;
    dec_t    notional_max;
} binance_symbol_config_t;

/* GET /accountConfig, as far as it matters */
typedef struct {
    bool can_trade, can_withdraw, can_deposit;
    bool hedge_mode, multi_assets;
} binance_account_config_t;

/* venue_types.h: the words of the simulated exchange: orders, positions, balances (venue_event.h: what it tells of them).
 *
 * Numbers at this border are dec_t. Inside, prices and quantities are counts of 10^-8 (Binance uses at most 8 digits), so every
 * price * quantity is exact. Wallets, fees, realised profit and funding are multiples of 10^-8, cut toward zero; what is cut off
 * goes to the venue's dust account, so that no unit is ever lost (venue_check_money). Times are venue time, ns UTC.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/id.h"
#include "core/base/str.h"
#include "core/market/candle.h"
#include "core/market/instrument.h"
#include "core/market/timeframe.h"
#include "core/venue/spot_types.h"
#include "core/venue/venue_reject.h"

typedef uint32_t venue_account_t; /* index, given by venue_account_open; never reused */
typedef uint8_t venue_asset_t;    /* index, given by venue_asset_add */

typedef enum { VENUE_BUY, VENUE_SELL } venue_side_t;
typedef enum { VENUE_POSITION_BOTH, VENUE_POSITION_LONG, VENUE_POSITION_SHORT } venue_position_side_t;
typedef enum { VENUE_MARGIN_CROSS, VENUE_MARGIN_ISOLATED } venue_margin_t;
typedef enum { VENUE_MODE_ONE_WAY, VENUE_MODE_HEDGE } venue_mode_t;

typedef enum {
    VENUE_LIMIT,
    VENUE_MARKET,
    VENUE_STOP,
    VENUE_STOP_MARKET,
    VENUE_TAKE_PROFIT,
    VENUE_TAKE_PROFIT_MARKET,
    VENUE_TRAILING_STOP_MARKET, /* algo orders only */
    VENUE_LIQUIDATION,          /* the venue's own; clients see LIMIT IOC with "autoclose-" as client id */
} venue_type_t;

typedef enum { VENUE_GTC, VENUE_IOC, VENUE_FOK, VENUE_GTX, VENUE_GTD } venue_tif_t;
typedef enum { VENUE_CONTRACT_PRICE, VENUE_MARK_PRICE } venue_working_t;
typedef enum { VENUE_STP_NONE, VENUE_STP_EXPIRE_TAKER, VENUE_STP_EXPIRE_MAKER, VENUE_STP_EXPIRE_BOTH } venue_stp_t;
typedef enum {
    VENUE_MATCH_NONE,
    VENUE_MATCH_OPPONENT,
    VENUE_MATCH_OPPONENT_5,
    VENUE_MATCH_OPPONENT_10,
    VENUE_MATCH_OPPONENT_20,
    VENUE_MATCH_QUEUE,
    VENUE_MATCH_QUEUE_5,
    VENUE_MATCH_QUEUE_10,
    VENUE_MATCH_QUEUE_20,
} venue_match_t;

typedef enum {
    VENUE_STATUS_NEW,
    VENUE_STATUS_PARTIALLY_FILLED,
    VENUE_STATUS_FILLED,
    VENUE_STATUS_CANCELED,
    VENUE_STATUS_EXPIRED,
    VENUE_STATUS_EXPIRED_IN_MATCH,
} venue_status_t;

/* x of ORDER_TRADE_UPDATE */
typedef enum {
    VENUE_EXEC_NEW,
    VENUE_EXEC_CANCELED,
    VENUE_EXEC_CALCULATED,
    VENUE_EXEC_EXPIRED,
    VENUE_EXEC_TRADE,
    VENUE_EXEC_AMENDMENT,
} venue_exec_t;

/* er of ORDER_TRADE_UPDATE; the values are the exchange's own numbers */
typedef enum {
    VENUE_EXPIRY_NONE = 0,
    VENUE_EXPIRY_STP = 1,
    VENUE_EXPIRY_IOC = 2,
    VENUE_EXPIRY_IOC_STP = 3,
    VENUE_EXPIRY_REDUCE_ONLY = 4,
    VENUE_EXPIRY_LIQUIDATION = 5,
    VENUE_EXPIRY_GTE = 6,
    VENUE_EXPIRY_DELISTED = 7,
    VENUE_EXPIRY_CONDITIONAL = 8,
    VENUE_EXPIRY_MARKET = 9,
    VENUE_EXPIRY_FOK = 10,
    VENUE_EXPIRY_POST_ONLY = 11,
    VENUE_EXPIRY_GTD = 12,
} venue_expiry_t;

typedef enum {
    VENUE_ALGO_NEW,
    VENUE_ALGO_TRIGGERING,
    VENUE_ALGO_TRIGGERED,
    VENUE_ALGO_FINISHED,
    VENUE_ALGO_CANCELED,
    VENUE_ALGO_EXPIRED,
    VENUE_ALGO_REJECTED,
} venue_algo_status_t;

/* m of ACCOUNT_UPDATE, and the income types beside them */
typedef enum {
    VENUE_REASON_ORDER,
    VENUE_REASON_FUNDING_FEE,
    VENUE_REASON_DEPOSIT,
    VENUE_REASON_WITHDRAW,
    VENUE_REASON_MARGIN_TRANSFER,
    VENUE_REASON_MARGIN_TYPE_CHANGE,
    VENUE_REASON_INSURANCE_CLEAR,
    VENUE_REASON_ADJUSTMENT,
    VENUE_REASON_AUTO_EXCHANGE,
} venue_reason_t;

typedef enum {
    VENUE_INCOME_TRANSFER,
    VENUE_INCOME_REALIZED_PNL,
    VENUE_INCOME_FUNDING_FEE,
    VENUE_INCOME_COMMISSION,
    VENUE_INCOME_INSURANCE_CLEAR,
    VENUE_INCOME_AUTO_EXCHANGE,
} venue_income_kind_t;

/* What the exchange keeps an account from; each has its own refusal (venue_reject.h). */
typedef enum {
    VENUE_FREE,
    VENUE_ONLY_REDUCE,        /* -4087 */
    VENUE_NO_ORDERS,          /* -4088 */
    VENUE_KEYS_LOCKED,        /* -2017 */
    VENUE_COOLING_OFF,        /* -4192 */
    VENUE_QUANTITATIVE_RULES, /* -4400: only orders that reduce */
    VENUE_LARGE_POSITION,     /* -4401: only orders that reduce */
    VENUE_REGION_CLOSED,      /* -4402 */
} venue_restriction_t;

/* Why an account may not set as much leverage as the symbol has. */
typedef enum {
    VENUE_LEVERAGE_FREE,
    VENUE_LEVERAGE_UNVERIFIED,       /* -4202: 20x */
    VENUE_LEVERAGE_FIRST_MONTH,      /* -4203: 20x */
    VENUE_LEVERAGE_FIRST_DAYS,       /* -4205: 20x; the text names 60 days */
    VENUE_LEVERAGE_COUNTRY,          /* -4206: 20x */
    VENUE_LEVERAGE_POSITION_SERVICE, /* -4208: 20x */
    VENUE_LEVERAGE_SYMBOL,           /* -4209: 20x */
    VENUE_LEVERAGE_REGION,           /* -4403: 10x */
} venue_leverage_bar_t;

/* --- commands --------------------------------------------------------------------------------- */

/* One LIMIT or MARKET order. `client_id` empty: the venue makes one ("v-" and the order id). */
typedef struct {
    venue_account_t account;
    instrument_id_t instrument;
    venue_side_t side;
    venue_position_side_t position_side;
    venue_type_t type; /* VENUE_LIMIT or VENUE_MARKET; others: VENUE_REJECT_USE_ALGO */
    venue_tif_t tif;   /* LIMIT only */
    venue_stp_t stp;
    venue_match_t match; /* excludes price */
    dec_t quantity;
    dec_t price;
    bool reduce_only;
    bool reduce_only_sent; /* the parameter was there at all: in hedge mode that alone is -1106 */
    int64_t good_till_ns;  /* GTD only */
    client_id_t client_id;
    bool test;      /* all checks, no order (POST /order/test) */
    bool close_all; /* made by a fired closePosition: whatever there is, also what a changed step no longer divides */
    bool doomed;    /* accepted, never matched, expired by the venue a millisecond later (the fault ack.async_rej) */
} venue_place_t;

typedef struct {
    venue_account_t account;
    instrument_id_t instrument;
    venue_side_t side;
    venue_position_side_t position_side;
    venue_type_t type; /* one of the five conditional types */
    venue_tif_t tif;   /* STOP and TAKE_PROFIT */
    venue_stp_t stp;
    venue_match_t match;
    venue_working_t working;
    dec_t quantity; /* 0 with close_position */
    dec_t price;    /* STOP and TAKE_PROFIT */
    dec_t trigger_price;
    dec_t activate_price; /* TRAILING_STOP_MARKET; 0: active at once */
    dec_t callback_pct;   /* TRAILING_STOP_MARKET: 0.1 .. 10, one digit after the point (two are accepted) */
    bool reduce_only, reduce_only_sent;
    bool close_position;
    bool price_protect;
    int64_t good_till_ns;
    client_id_t client_id;
} venue_algo_place_t;

/* By id, or by client id when id is 0. */
typedef struct {
    venue_account_t account;
    instrument_id_t instrument; /* INSTRUMENT_NONE is allowed for algo orders */
    uint64_t id;
    client_id_t client_id;
} venue_ref_t;

typedef struct {
    venue_ref_t ref;
    venue_side_t side; /* must be the order's own */
    dec_t quantity, price;
    venue_match_t match;
    bool reduce_only, reduce_only_sent;
    uint64_t modify_id; /* echoed */
} venue_amend_t;

/* --- what orders, positions and accounts look like from outside ------------------------------- */

typedef struct {
    uint64_t id;
    client_id_t client_id;
    venue_account_t account;
    instrument_id_t instrument;
    venue_side_t side;
    venue_position_side_t position_side;
    venue_type_t type;      /* as it stands in the book */
    venue_type_t orig_type; /* the conditional type it came from, else = type */
    venue_tif_t tif;
    venue_status_t status;
    venue_expiry_t expiry;
    venue_stp_t stp;
    venue_match_t match;
    venue_working_t working;
    bool reduce_only, close_position, price_protect;
    dec_t quantity, price, filled, average_price, filled_quote;
    dec_t stop_price, activate_price, callback_pct; /* from its algo order */
    int64_t time_ns, update_ns, good_till_ns;
    uint64_t algo_id; /* 0: none */
    uint32_t amendments;
    uint64_t modify_id;
} venue_order_t;

typedef struct {
    uint64_t id;
    client_id_t client_id;
    venue_account_t account;
    instrument_id_t instrument;
    venue_side_t side;
    venue_position_side_t position_side;
    venue_type_t type;
    venue_tif_t tif;
    venue_algo_status_t status;
    venue_stp_t stp;
    venue_match_t match;
    venue_working_t working;
    bool reduce_only, close_position, price_protect, activated;
    dec_t quantity, price, trigger_price, activate_price, callback_pct;
    dec_t actual_price, actual_quantity; /* average price and quantity filled by the order it became */
    venue_type_t actual_type;
    uint64_t actual_id;    /* 0 before the trigger */
    venue_reject_t reason; /* rm: why a triggered order was refused */
    int64_t time_ns, update_ns, trigger_ns, good_till_ns;
} venue_algo_t;

/* One leg. Formulas: docs/venue.md (Binance, "How to calculate liquidation price", "Leverage and margin"). */
typedef struct {
    venue_account_t account;
    instrument_id_t instrument;
    venue_position_side_t side;
    venue_margin_t margin;
    uint32_t leverage;
    dec_t amount;                                                       /* signed; short is negative in every mode */
    dec_t entry_price, break_even_price, mark_price, liquidation_price; /* 0: none */
    dec_t unrealised_pnl, realised_pnl;                                 /* realised: since the venue began, before fees ("cr") */
    dec_t notional;                                                     /* signed, at mark */
    dec_t isolated_wallet, isolated_margin;                             /* margin = wallet + unrealised; 0 in cross */
    dec_t initial_margin, position_initial_margin, order_initial_margin, maintenance_margin;
    dec_t bid_notional, ask_notional, notional_max;
    uint32_t adl_quantile; /* 0..4 */
    int64_t update_ns;
} venue_position_t;

typedef struct {
    venue_asset_t asset;
    char name[ASSET_TEXT_MAX];
    dec_t wallet, cross_wallet;      /* wallet = cross + all isolated wallets */
    dec_t unrealised_pnl, cross_pnl; /* of positions settled in this asset */
    dec_t margin_balance;            /* wallet + unrealised */
    dec_t initial_margin, position_initial_margin, order_initial_margin, maintenance_margin;
    dec_t available, withdrawable_max;
    int64_t update_ns;
} venue_balance_t;

/* In USD a unit: what is had counts at the bid rate, what is owed at the ask rate; what is sold for a debt, at the rates of the
 * automatic exchange. */
typedef struct {
    dec_t index, buffer, bid_rate, ask_rate, exchange_buffer, exchange_bid_rate, exchange_ask_rate;
} venue_asset_index_t;

/* All assets of an account together, in USD. */
typedef struct {
    dec_t wallet, unrealised_pnl, margin_balance;
    dec_t initial_margin, position_initial_margin, order_initial_margin, maintenance_margin;
    dec_t available, withdrawable_max;
} venue_collateral_t;

typedef struct {
    venue_account_t account;
    venue_mode_t mode;
    venue_restriction_t restriction;
    bool can_trade, in_liquidation; /* can_trade: may open positions */
    bool fee_burn;                  /* pays fees in the fee asset while it has some */
    dec_t maker_rate, taker_rate;
    uint32_t fee_tier; /* 0..9; rates set by hand keep the tier */
    bool multi_assets; /* all assets are one margin */
    int64_t update_ns;
} venue_account_view_t;

typedef struct {
    uint64_t id, order_id;
    instrument_id_t instrument;
    venue_side_t side;
    venue_position_side_t position_side;
    dec_t price, quantity, quote, commission, realised_pnl;
    venue_asset_t commission_asset;
    bool maker;
    int64_t time_ns;
} venue_fill_t;

typedef struct {
    uint64_t id; /* tranId */
    venue_income_kind_t kind;
    instrument_id_t instrument; /* INSTRUMENT_NONE: a transfer */
    venue_asset_t asset;
    dec_t amount;      /* signed */
    uint64_t trade_id; /* 0: none */
    int64_t time_ns;
} venue_income_t;

typedef struct {
    uint64_t id;
    dec_t price, quantity;
    bool buyer_is_maker;
    int64_t time_ns;
} venue_trade_t;

typedef struct {
    uint64_t id;
    dec_t rate, mark_price;
    int64_t time_ns;
} venue_funding_t;

/* What an account has changed by hand, and trades with itself that were prevented, kept to be looked back on. */
typedef enum {
    VENUE_CHANGE_AMENDMENT,
    VENUE_CHANGE_MARGIN,
    VENUE_CHANGE_SPOT_AMENDMENT,
    VENUE_CHANGE_PREVENTED,
} venue_change_kind_t;

typedef struct {
    uint64_t number; /* 1, 2, ... over all accounts */
    venue_change_kind_t kind;
    venue_account_t account;
    int64_t time_ns;
    uint64_t order_id, modify_id; /* from here on: of an amendment; order_id: also the taker of a prevented match */
    client_id_t client_id;
    dec_t price_before, price_after, quantity_before, quantity_after;
    uint32_t amendments; /* the how-manieth of its order */
    instrument_id_t instrument;
    venue_position_side_t side; /* of moved margin */
    dec_t amount;               /* of moved margin; below zero: taken out */
    client_id_t original_id;    /* of a spot amendment: before it; client_id: after it */
    uint64_t execution_id;
    uint64_t match_id, maker_id;                   /* from here on: of a prevented match */
    uint32_t stp;                                  /* spot_stp_t: the mode that acted */
    dec_t price, taker_prevented, maker_prevented; /* a side that lost nothing: 0 */
} venue_change_t;

/* What is told in bars beside the contract's price. */
typedef enum { VENUE_FIGURE_MARK, VENUE_FIGURE_INDEX, VENUE_FIGURE_PREMIUM, VENUE_FIGURE_COUNT } venue_figure_t;

typedef struct {
    int64_t open_ns;
    dec_t open, high, low, close;
    uint64_t samples;
} venue_figure_bar_t;

/* Who held what at an instant. Accounts by their net position; the top fifth by margin balance also by what they held. */
typedef struct {
    int64_t time_ns;
    dec_t interest, value; /* value: at mark */
    uint32_t longs, shorts, top_longs, top_shorts;
    dec_t top_long, top_short;
} venue_interest_t;

/* A bar of any timeframe with what the klines endpoint shows besides. */
typedef struct {
    timeframe_t timeframe;
    candle_t candle;
    dec_t taker_base, taker_quote;
    uint64_t first_trade_id, last_trade_id; /* 0 where the bar comes from candles */
} venue_kline_t;

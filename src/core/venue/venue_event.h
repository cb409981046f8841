/* venue_event.h: what the simulated exchange tells, and to whom. Its words: venue_types.h. */
#pragma once

#include "core/market/event.h"
#include "core/venue/venue_types.h"

typedef enum {
    /* public */
    VENUE_EVENT_TRADE,
    VENUE_EVENT_QUOTE,
    VENUE_EVENT_DEPTH,
    VENUE_EVENT_MARK,
    VENUE_EVENT_KLINE,
    VENUE_EVENT_STATUS,
    VENUE_EVENT_RULES,
    VENUE_EVENT_LIQUIDATION,
    /* private: `account` says whose */
    VENUE_EVENT_ORDER,
    VENUE_EVENT_ACCOUNT,
    VENUE_EVENT_ALGO,
    VENUE_EVENT_MARGIN_CALL,
    VENUE_EVENT_LEVERAGE,
    VENUE_EVENT_MODE,
    VENUE_EVENT_MULTI_ASSETS,
    VENUE_EVENT_SPOT, /* everything private of the spot side */
} venue_event_kind_t;

typedef struct {
    venue_order_t order; /* after the change */
    venue_exec_t execution;
    dec_t last_price, last_quantity, commission, realised_pnl; /* of this fill; else 0 */
    venue_asset_t commission_asset;
    uint64_t trade_id;
    bool maker;
    dec_t bid_notional, ask_notional; /* b and a of the wire event */
} venue_order_event_t;

enum { VENUE_CHANGED_BALANCES_MAX = 2, VENUE_CHANGED_POSITIONS_MAX = 3 };

typedef struct {
    venue_asset_t asset;
    dec_t wallet, cross_wallet, change; /* change: without profit and fees ("bc") */
} venue_balance_change_t;

typedef struct {
    venue_position_side_t side;
    dec_t amount, entry_price, break_even_price, realised_pnl, unrealised_pnl, isolated_wallet;
    venue_margin_t margin;
} venue_position_change_t;

typedef struct {
    venue_reason_t reason;
    uint32_t balance_count, position_count; /* positions are of the event's instrument */
    venue_balance_change_t balances[VENUE_CHANGED_BALANCES_MAX];
    venue_position_change_t positions[VENUE_CHANGED_POSITIONS_MAX];
} venue_account_event_t;

typedef struct {
    venue_asset_t asset;
    venue_position_side_t side;
    venue_margin_t margin;
    dec_t cross_wallet, amount, isolated_wallet, mark_price, unrealised_pnl, maintenance_margin;
} venue_margin_call_t;

typedef struct {
    uint64_t id; /* aggregate id */
    dec_t price, quantity;
    uint64_t first_trade_id, last_trade_id;
    bool buyer_is_maker;
} venue_trade_event_t;

/* Absolute quantities; 0 deletes. Borrowed: valid during the call. */
typedef struct {
    uint64_t first_id, last_id, previous_id; /* U, u, pu */
    uint32_t bid_count, ask_count;
    const level_t *bids, *asks;
} venue_depth_event_t;

typedef struct {
    venue_order_t order;
    dec_t average_price, last_quantity, filled;
} venue_liquidation_event_t;

typedef struct {
    venue_event_kind_t kind;
    uint64_t number;            /* of this event, counting from 1, over the venue's life */
    int64_t time_ns;            /* when it happened (T); inside an advance it lies on the path */
    venue_account_t account;    /* private events */
    instrument_id_t instrument; /* INSTRUMENT_NONE where none is meant */
    union {
        venue_trade_event_t trade;
        quote_t quote;
        venue_depth_event_t depth;
        mark_t mark;
        venue_kline_t kline;
        instrument_status_t status;
        bool brackets; /* of new rules: they have other brackets than before */
        venue_liquidation_event_t liquidation;
        venue_order_event_t order;
        venue_account_event_t account_change;
        venue_algo_t algo;
        venue_margin_call_t margin_call;
        uint32_t leverage;
        venue_mode_t mode;
        bool multi_assets;
        spot_event_t spot;
    };
} venue_event_t;

/* Where events go. `emit` is called in order, during the command; the event is borrowed. NULL emit: events are counted and dropped.
 */
typedef struct {
    void (*emit)(void *context, const venue_event_t *event);
    void *context;
} venue_sink_t;

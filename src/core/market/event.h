/* event.h: everything a market tells us, as one tagged value. Times are the venue's, in ns UTC; received_ns is ours. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/market/candle.h"
#include "core/market/instrument.h"

typedef struct {
    dec_t bid, bid_quantity, ask, ask_quantity;
    uint64_t update_id;
} quote_t;

typedef struct {
    dec_t price, quantity;
    uint64_t id;
    bool buyer_is_maker;
} trade_t;

typedef struct {
    dec_t mark, index;
    dec_t funding_rate;
    int64_t funding_next_ns; /* 0: none */
} mark_t;

typedef struct {
    dec_t price, quantity;
    bool is_sell;
} liquidation_t; /* another account's forced order */

enum { DEPTH_LEVELS_MAX = 1024 }; /* levels of one side in one message */

typedef struct {
    dec_t price, quantity;
} level_t; /* quantity 0 deletes */

/* Borrowed arrays: valid until the decoder's next call. */
typedef struct {
    uint64_t first_id, last_id, previous_id; /* U, u, pu; a snapshot has last_id only */
    uint32_t bid_count, ask_count;
    const level_t *bids, *asks;
    bool snapshot;
} depth_t;

typedef struct {
    timeframe_t timeframe;
    candle_t candle;
} bar_t;

typedef enum {
    MARKET_QUOTE,
    MARKET_TRADE,
    MARKET_MARK,
    MARKET_DEPTH,
    MARKET_BAR,
    MARKET_LIQUIDATION,
    MARKET_STATUS, /* instrument status changed */
} market_kind_t;

typedef struct {
    market_kind_t kind;
    instrument_id_t instrument;
    int64_t time_ns;
    int64_t received_ns;
    union {
        quote_t quote;
        trade_t trade;
        mark_t mark;
        depth_t depth;
        bar_t bar;
        liquidation_t liquidation;
        instrument_status_t status;
    };
} market_event_t;

/* RESULT_OK, or why a value may not be believed: zero or negative price, crossed quote, negative quantity. NaN cannot exist here.
 */
result_t market_event_check(const market_event_t *event);

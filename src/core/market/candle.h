/* candle.h: one bar, and building longer bars from shorter ones.
 *
 * A bar is traded, quiet (no trade: all prices carried forward, volume 0) or missing (we do not know). No decision is ever taken on
 * a missing or bad bar, or on one that is still open.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/market/timeframe.h"

typedef enum { CANDLE_TRADED, CANDLE_QUIET, CANDLE_MISSING } candle_state_t;

typedef struct {
    int64_t open_ns; /* start of the bar, UTC */
    dec_t open, high, low, close;
    dec_t volume;       /* base units */
    dec_t quote_volume; /* 0 where the source has none */
    uint32_t trades;    /* 0 where the source has none */
    candle_state_t state;
    bool closed;
} candle_t;

/* RESULT_OK, or what is wrong: prices <= 0, high < low or outside open/close, negative volume, open_ns off the grid. */
result_t candle_check(const candle_t *candle, timeframe_t timeframe);

/* Builds bars of one longer timeframe out of closed bars of a shorter one that divides it. */
typedef struct {
    timeframe_t from, to;
    bool building;        /* a bar is under way */
    bool broken;          /* a part is missing: the bar comes out CANDLE_MISSING */
    int64_t next_open_ns; /* open time the next part must have; 0 before the first */
    candle_t bar;
} aggregate_t;

/* RESULT_BAD_ARGUMENT when `from` does not divide `to`. */
result_t aggregate_init(aggregate_t *aggregate, timeframe_t from, timeframe_t to);

/* Takes the next closed part, in order. Gives true and *out when a bar of `to` is complete (closed = true). A part that is older
 * than the last gives false and changes nothing; a gap makes the bars it touches CANDLE_MISSING, and they are not handed out as
 * traded. */
bool aggregate_push(aggregate_t *aggregate, const candle_t *part, candle_t *out);

/* Builds bars of a timeframe from trades. */
typedef struct {
    timeframe_t timeframe;
    bool building;
    candle_t bar;
} candle_builder_t;

void candle_builder_init(candle_builder_t *builder, timeframe_t timeframe);

/* One trade; true and *closed when it closes the bar before it (bars without a trade in between are not invented here). Late trades
 * of an older bar are ignored. */
bool candle_builder_trade(candle_builder_t *builder, int64_t time_ns, dec_t price, dec_t quantity, candle_t *closed);

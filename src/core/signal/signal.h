/* signal.h: a decision as a value: what a strategy, or several that converge, want to do, and why. It crosses the seam encoded.
 *
 * The signal half makes them; the order half alone decides what becomes of them. One id never makes two orders.
 */
#pragma once

#include <stdint.h>

#include "core/base/dec.h"
#include "core/market/instrument.h"
#include "core/market/timeframe.h"

enum {
    SIGNAL_ID_MAX = 40,
    SIGNAL_STRATEGY_MAX = 24,
    SIGNAL_SOURCE_MAX = 24,
    SIGNAL_INPUTS_MAX = 12,
    SIGNAL_INPUT_NAME_MAX = 24,
};

typedef enum { SIDE_LONG = 1, SIDE_SHORT = 2 } position_side_t; /* direction of a position; an order's BUY/SELL is order_side_t */

/* Why the signal half would not have this entry: the door refuses it by name, so that it is recorded and shown like any other. */
typedef enum { SIGNAL_VETO_NONE, SIGNAL_VETO_MARKET, SIGNAL_VETO_REGIME, SIGNAL_VETO_COUNT } signal_veto_t;

/* A figure the decision rests on, kept so that `patriot why` can show it. */
typedef struct {
    char name[SIGNAL_INPUT_NAME_MAX]; /* "1h.macd.histogram" */
    double value;
} signal_input_t;

typedef struct {
    char id[SIGNAL_ID_MAX]; /* deterministic: symbol, side, strategy, timeframes, bar time */
    uint64_t number;        /* 1, 2, 3 ... in order of making: the request number across the seam */
    instrument_id_t instrument;
    position_side_t side;
    char strategy[SIGNAL_STRATEGY_MAX]; /* "SC01" */
    char source[SIGNAL_SOURCE_MAX];     /* "monitor" */
    dec_t entry, stop, target;          /* > 0, multiples of the tick; stop and target on their right sides */
    double confidence;                  /* 0..1 */
    uint32_t timeframes;                /* bit n: timeframe_t n took part */
    timeframe_t timeframe_source;       /* the longest one: sets the entry's life */
    int64_t made_ns;                    /* close of the bar that decided */
    int64_t expires_ns;
    uint32_t input_count;
    signal_input_t inputs[SIGNAL_INPUTS_MAX];
    uint64_t states; /* scored: bit n: named state n (feature_t) is so on one of the timeframes; 0: not scored */
    dec_t size_cut;  /* what regime and market state take from the size: [0, 1), 0 the whole size */
    signal_veto_t veto;
    double veto_figure[2]; /* what the veto rests on; 0 without one */
    uint64_t exit_of;      /* not an entry: the trade of that signal (same instrument and side) is to be left; 0: an entry */
} signal_t;

/* RESULT_OK, or the first thing wrong. An entry: prices <= 0, stop or target on the wrong side of entry, confidence outside 0..1,
 * times. An exit has an entry price (the close that decided) and no stop or target. */
result_t signal_check(const signal_t *signal);

/* divergence.h: price and an oscillator that disagree about a new extreme.
 *
 * bullish: the lowest low of the last `window` bars lies under that of the `window` bars before them, and the oscillator's lowest
 * of the same bars lies above its own; bearish: mirrored with highs. Kinds: rsi_divergence and macd_divergence (the MACD line).
 */
#pragma once

#include "core/indicator/extreme.h"
#include "core/indicator/macd.h"
#include "core/indicator/rsi.h"

enum { DIVERGENCE_WINDOW_MAX = 500 };

/* The extreme of a window now, and of the window just before it. */
typedef struct {
    extreme_t extreme;
    double *before; /* borrowed: period of the last extremes */
    uint32_t next;
} divergence_track_t;

typedef struct {
    uint32_t window;
    uint64_t seen;
    divergence_track_t price_low, price_high, low, high; /* the last two of the oscillator */
} divergence_t;

typedef struct {
    bool bullish, bearish;
} divergence_value_t;

/* What a window's extremes are: of prices, and of the oscillator on the same bars. */
typedef struct {
    double price_low, price_high, low, high;
} divergence_extremes_t;

/* Of a window and of the one just before it. */
divergence_value_t divergence_of(const divergence_extremes_t *now, const divergence_extremes_t *before);

/* Bytes of memory that a window needs, a multiple of a double's. */
size_t divergence_memory(uint32_t window);

/* window in [2, DIVERGENCE_WINDOW_MAX]; memory: divergence_memory(window) bytes aligned for double, borrowed. */
void divergence_init(divergence_t *divergence, uint32_t window, void *memory);

/* Consumes one bar whose oscillator is known; true and *value from the 2 x window-th on. O(1) amortised. */
bool divergence_next(divergence_t *divergence, double high, double low, double oscillator, divergence_value_t *value);

extern const indicator_kind_t indicator_rsi_divergence;
extern const indicator_kind_t indicator_macd_divergence;

/* bar_extremes.h: the highest high and the lowest low of the last bars, for windows of several lengths out of one memory.
 *
 * Ten windows of their own would keep every high and low ten times; here they stand once (candidates.h).
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/swing.h"
#include "core/strategy/candidates.h"

enum { BAR_EXTREMES_BARS = 50 };

typedef struct {
    uint8_t next; /* where the next bar goes: the oldest */
    candidates_t highest, lowest;
    uint8_t highest_places[BAR_EXTREMES_BARS], lowest_places[BAR_EXTREMES_BARS];
    double highs[BAR_EXTREMES_BARS], lows[BAR_EXTREMES_BARS];
} bar_extremes_t;

/* Where a search for shorter windows goes on: a window is not longer than the one asked for before it. Begins as {0}. */
typedef struct {
    uint32_t highest, lowest;
} bar_extremes_walk_t;

/* Consumes one bar. O(1) amortised. */
void bar_extremes_next(bar_extremes_t *extremes, double high, double low);

/* Of the last min(seen, bars) bars, the newest included; bars in [1, BAR_EXTREMES_BARS]. At least one bar has been consumed. */
swing_extremes_t bar_extremes_of(const bar_extremes_t *extremes, bar_extremes_walk_t *walk, uint32_t bars);

/* The largest (or smallest) of `count` values of a ring of `size`, the youngest of them `age` bars before the newest; `next` is
 * where the next goes. age + count <= size. */
double ring_extreme(const double *ring, uint32_t size, uint32_t next, uint32_t age, uint32_t count, bool highest);

/* swing.h: swing highs and lows, known only when their right side has closed.
 *
 * A bar is a swing high when none of the `left` bars before it is higher and all of the `right` bars after it are lower (Pine's
 * ta.pivothigh: an equal bar before is allowed, an equal one after is not); a swing low mirrored. It is reported `right` bars late,
 * so the future never changes it. The last confirmed swing stands until the next; before the first one the highest high (lowest
 * low) since the beginning stands in for it.
 *
 * Outputs: high, low and how many bars ago they were; age == right on the bar that confirms.
 */
#pragma once

#include "core/indicator/extreme.h"
#include "core/indicator/registry.h"

typedef struct {
    double price;
    uint32_t age;   /* bars since */
    bool confirmed; /* false: it stands in for a swing that is yet to come */
    bool is_new;    /* confirmed on this bar */
} swing_point_t;

/* The points alone, for who knows the extremes of the last `window` = left + right + 1 bars already. */
typedef struct {
    uint32_t right, window;
    uint64_t seen;
    swing_point_t high, low;
} swing_points_t;

typedef struct {
    double highest, lowest;
    uint32_t highest_age, lowest_age; /* of equals the newest */
} swing_extremes_t;

void swing_points_init(swing_points_t *points, uint32_t left, uint32_t right);

/* Consumes one bar; `extremes` are those of the last min(seen, window) bars, this one included. O(1). */
void swing_points_next(swing_points_t *points, double high, double low, const swing_extremes_t *extremes);

/* True once left + right + 1 bars have been consumed. */
bool swing_points_are_warm(const swing_points_t *points);

/* One bar into both windows. */
static inline swing_extremes_t swing_extremes_next(extreme_t *highs, extreme_t *lows, double high, double low)
{
    const double highest = extreme_next(highs, high), lowest = extreme_next(lows, low);
    return (swing_extremes_t){highest, lowest, extreme_age(highs), extreme_age(lows)};
}

typedef struct {
    swing_points_t points;
    extreme_t highs, lows;
} swing_t;

/* left, right >= 1, left + right < INDICATOR_PERIOD_MAX. slots: room for 2 x (left + right + 1) of them, borrowed. */
void swing_init(swing_t *swing, uint32_t left, uint32_t right, extreme_slot_t *slots);

/* Consumes one bar. O(1) amortised. swing->points are the answer once they are warm. */
void swing_next(swing_t *swing, double high, double low);

extern const indicator_kind_t indicator_swing;

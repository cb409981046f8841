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

typedef struct {
    uint32_t right, window;
    uint64_t seen;
    extreme_t highs, lows;
    swing_point_t high, low;
} swing_t;

/* left, right >= 1, left + right < INDICATOR_PERIOD_MAX. slots: room for 2 x (left + right + 1) of them, borrowed. */
void swing_init(swing_t *swing, uint32_t left, uint32_t right, extreme_slot_t *slots);

/* Consumes one bar. O(1) amortised. swing->high and swing->low are the answer once swing_is_warm. */
void swing_next(swing_t *swing, double high, double low);

/* True once left + right + 1 bars have been consumed. */
bool swing_is_warm(const swing_t *swing);

extern const indicator_kind_t indicator_swing;

/* fibonacci.h: Fibonacci retracement levels of the last `period` bars' range.
 *
 * The leg runs between the highest high and the lowest low of the window, up when the high is the newer (or both are one bar).
 * Levels are measured back from its end: r236 = end - 0.236 x (end - start), and so on: 38.2, 50, 61.8 and 78.6 %. A window without
 * a range has all levels at its price.
 */
#pragma once

#include "core/indicator/donchian.h"

enum { FIBONACCI_LEVELS = 5 };

typedef struct {
    double high, low;
    bool up;
    double levels[FIBONACCI_LEVELS]; /* 23.6, 38.2, 50, 61.8, 78.6 % */
} fibonacci_t;

/* The levels of a leg from low to high (up) or from high to low. */
fibonacci_t fibonacci_leg(double high, double low, bool up);

/* The levels of the range that a channel has now; the channel is warm. */
fibonacci_t fibonacci_of(const donchian_t *range, double high, double low);

extern const indicator_kind_t indicator_fibonacci;

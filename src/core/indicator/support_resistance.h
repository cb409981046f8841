/* support_resistance.h: the last confirmed swings as levels, and what the close does at them.
 *
 * support = the last confirmed swing low, resistance = the last confirmed swing high (swing.h), carried forward. With the tolerance
 * in percent of the level:
 *   at_support, at_resistance    |close - level| <= tolerance
 *   bounce_support               at_support, a rising bar (close > open), and its low came within the tolerance of the level
 *   bounce_resistance            at_resistance, a falling bar, and its high came that near
 *   breakout_up, breakout_down   close beyond the level, the close before it not
 */
#pragma once

#include "core/indicator/swing.h"

typedef struct {
    double support, resistance;
    bool at_support, at_resistance, bounce_support, bounce_resistance, breakout_up, breakout_down;
} support_resistance_value_t;

/* The levels alone, for who knows the extremes of the last 2 x side + 1 bars already. */
typedef struct {
    swing_points_t swings;
    double tolerance; /* a fraction: 0.01 */
    bool started;
    double close_last;
} swing_levels_t;

void swing_levels_init(swing_levels_t *levels, uint32_t side, double tolerance_percent);

/* Consumes one bar; true and *value once warm. O(1). */
bool swing_levels_next(swing_levels_t *levels, const indicator_bar_t *bar, const swing_extremes_t *extremes,
                       support_resistance_value_t *value);

typedef struct {
    swing_levels_t levels;
    extreme_t highs, lows;
} support_resistance_t;

/* swings of `side` bars left and right; slots: room for 2 x (2 x side + 1) of them, borrowed. */
void support_resistance_init(support_resistance_t *levels, uint32_t side, double tolerance_percent, extreme_slot_t *slots);

/* Consumes one bar; true and *value once warm. O(1) amortised. */
bool support_resistance_next(support_resistance_t *levels, const indicator_bar_t *bar, support_resistance_value_t *value);

extern const indicator_kind_t indicator_support_resistance;

/* volume_profile.h: volume by price of the last `period` bars: point of control and value area.
 *
 * The range from the lowest low to the highest high is cut into `rows` equal rows. A bar's volume spreads evenly over the part of
 * the range between its low and its high; a bar without a range puts all into the row of its price. The point of control is the
 * middle of the row with the most volume (the lowest of equals). The value area grows from that row, each time by the neighbour
 * with more volume (the upper of equals), until it holds `value_area` percent of all volume. Without volume, or without a range,
 * the area is the whole range and the point of control its middle.
 *
 * J. P. Steidlmayer, Market Profile (CBOT, 1985). O(period + rows) a bar: the range moves, so the rows are counted anew.
 */
#pragma once

#include "core/indicator/extreme.h"
#include "core/indicator/registry.h"

enum { VOLUME_PROFILE_ROWS_MAX = 500 };

typedef struct {
    double low, high, volume;
} volume_profile_bar_t;

typedef struct {
    uint32_t period, rows;
    double value_area; /* a fraction: 0.7 */
    uint32_t seen, next;
    extreme_t highs, lows;
    volume_profile_bar_t *bars; /* borrowed */
    double *volume_of;          /* borrowed: rows of them */
    double *slope_of;           /* borrowed: rows + 1 of them */
} volume_profile_t;

typedef struct {
    double control, area_high, area_low;
} volume_profile_value_t;

/* Bytes of memory needed, a multiple of a double's. */
size_t volume_profile_memory(uint32_t period, uint32_t rows);

/* period in [1, INDICATOR_PERIOD_MAX], rows in [2, VOLUME_PROFILE_ROWS_MAX], area in (0, 100]; memory is borrowed, aligned for
 * double. */
void volume_profile_init(volume_profile_t *profile, uint32_t period, uint32_t rows, double area_percent, void *memory);

/* Consumes one bar; three NAN while warming up. */
volume_profile_value_t volume_profile_next(volume_profile_t *profile, double high, double low, double volume);

extern const indicator_kind_t indicator_volume_profile;

/* places.h: how long ago the highest or lowest of a window was, for a stretch of a series: the answers of rolling.h's places.
 *
 * Which value is the highest does not depend on the order in which values are compared, so the series goes another way than one bar
 * at a time: the window is doubled (2, 4, 8, ... values), each step for all bars at once, and two such windows cover any length.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/indicator/indicator.h"

/* A longer window goes one bar at a time. */
enum { PLACES_WINDOW_MAX = INDICATOR_CHUNK };

/* ages[i]: how many bars before values[i] the highest (sign 1) or lowest (sign -1) of the last `window` values stands, the newest
 * of equals. window <= PLACES_WINDOW_MAX, count <= INDICATOR_CHUNK; reads the window - 1 values before `values` too. */
void places_run(const double *values, double sign, uint32_t window, size_t count, double *restrict ages);

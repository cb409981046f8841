/* window.h: extremes and middles of a window.
 *
 *   highest, lowest          TA-Lib MAX, MIN (of the source), Pine ta.highest, ta.lowest; high and low unless a source is given
 *   highestbars, lowestbars  where they stand: 0 this bar, -1 the one before; of equals the oldest, as Pine
 *   midpoint                 (highest + lowest) / 2 of the close: TA-Lib MIDPOINT
 *   midprice                 (highest high + lowest low) / 2: TA-Lib MIDPRICE
 *   range                    highest - lowest of the close: Pine ta.range
 *   sum                      TA-Lib SUM, without drift
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_highest;
extern const indicator_kind_t indicator_lowest;
extern const indicator_kind_t indicator_highestbars;
extern const indicator_kind_t indicator_lowestbars;
extern const indicator_kind_t indicator_midpoint;
extern const indicator_kind_t indicator_midprice;
extern const indicator_kind_t indicator_range;
extern const indicator_kind_t indicator_sum;

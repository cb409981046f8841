/* linreg.h: the straight line through the last `period` closes by least squares, and the centre of gravity of the window.
 *
 *   linreg    its value at the newest bar, slope a bar, value at the oldest bar, angle in degrees, and the value one bar ahead of
 * the window: TA-Lib LINEARREG, LINEARREG_SLOPE, LINEARREG_INTERCEPT, LINEARREG_ANGLE, TSF lsma      its value `offset` bars before
 * the newest: Pine ta.linreg cog       - sum((age + 1) x close) / sum(close): J. Ehlers (2002), Pine ta.cog
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_linreg;
extern const indicator_kind_t indicator_lsma;
extern const indicator_kind_t indicator_cog;

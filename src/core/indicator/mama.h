/* mama.h: the MESA adaptive moving average and its follower FAMA: fast while the phase of the cycle turns fast, slow in a trend.
 *
 * J. F. Ehlers, "MESA Adaptive Moving Averages", Technical Analysis of Stocks & Commodities, September 2001: the weight of a price
 * is `fast` over the degrees that the phase has turned since the last bar, from `slow` to `fast`; FAMA follows MAMA with half of
 * it. As TA-Lib's MAMA both begin with 0 at the 13th bar, so their first values still lean towards 0.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_mama;

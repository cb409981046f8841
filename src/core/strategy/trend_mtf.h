/* trend_mtf.h: TrendMTF, the trend of the own timeframe and of a longer one.
 *
 * trend of a timeframe = 0.5 x sign(close - slow average) + 0.5 x sign(fast average - slow average), exponential averages of 21 and
 * 50 bars; in {-1, -0.5, 0, 0.5, 1}. score = primary (0.6) x own + (1 - primary) x longer (higher = 4 own bars; only closed ones).
 * LONG on the bar on which the score rises above threshold (0.5), SHORT when it falls below -threshold.
 *
 * confidence = |score|
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_trend_mtf;

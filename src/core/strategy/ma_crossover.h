/* ma_crossover.h: MovingAverageCrossover, the crossing of two moving averages.
 *
 * LONG when the fast average of closes (20) crosses above the slow one (50), SHORT when below; plain averages, exponential ones
 * with exponential 1. Decided on the close of the bar, entered at it; stop and target as in level_options.h.
 *
 * confidence = 0.5 + 0.25 x slope + 0.25 x beyond, in [0.5, 1]:
 *   slope  = min(1, |change of fast - slow in this bar| / (0.1 x ATR))   how decided the cross is
 *   beyond = 1 when the close stands beyond both averages
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_ma_crossover;

/* sc02.h: SC02, the MACD crossover confirmed by RSI.
 *
 * A cross as in SC01 opens a window of `confirm_bars` (3) bars, the bar of the cross being the first. Within it the first bar on
 * which RSI(14) stands on the trade's side of 50 and not yet in the zone beyond (70 for LONG, 30 for SHORT) decides, if the
 * histogram still stands on the trade's side. An opposite cross closes the window and opens its own. One cross decides at most
 * once.
 *
 * confidence = 0.5 + 0.25 x slope + 0.25 x min(1, |RSI - 50| / 20), in [0.5, 1]; slope as in SC01, of the bar that decides.
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_sc02;

/* rsi_reversion.h: RSIReversion, back from where RSI says it went too far.
 *
 * LONG on the bar on which RSI(14) comes back to rsi_low (30) or above after having stood below it, SHORT when it comes back to
 * rsi_high (70) or below. Stop and target as in level_options.h.
 *
 * confidence = 0.5 + 0.5 x min(1, depth / 15): depth = the points by which RSI was beyond its limit while it was there
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_rsi_reversion;

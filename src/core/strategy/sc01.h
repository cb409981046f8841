/* sc01.h: SC01, the MACD crossover.
 *
 * LONG when MACD(12, 26) crosses above its signal line (9), SHORT when below; decided on the close of the bar, entered at it. Stop
 * 2 x ATR(14) away, target 2 x that distance; both may be set in percent instead. Options and ranges: macd_cross.h.
 *
 * confidence = 0.5 + 0.3 x slope + 0.2 x early, in [0.5, 1]:
 *   slope = min(1, |change of the histogram in this bar| / (0.25 x ATR))    how decided the cross is
 *   early = 1 when MACD itself still stands on the other side of 0          the turn is young
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_sc01;

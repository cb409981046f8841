/* bollinger_reversion.h: BollingerReversion, back to the middle from the edge of the bands.
 *
 * place = (close - lower) / (upper - lower) of Bollinger bands(20, 2). On the bar on which the place comes to 0.2 or below (LONG)
 * or to 0.8 or above (SHORT), the bar before having been inside, the trade goes back to the middle band: target = middle band, stop
 * = beyond percent (0.5) outside the band, or outside the close where that lies farther out.
 *
 * confidence (W's): 0.8 when the place is within 0.1 of the edge, else 0.6; x 1.2 when the volume is above 1.5 x its mean of 20, x
 * 0.8 when below 0.5 x; x 0.5 unless RSI(14) stands on the far side of 50 (below for LONG); at most 1. No proposal below
 * confidence_min (0.4). stop_atr, reward and the percentages of level_options.h have no say here; reward_risk_min (preset 1) has.
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_bollinger_reversion;

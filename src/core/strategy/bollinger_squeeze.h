/* bollinger_squeeze.h: BollingerSqueeze, out of bands that were as narrow as they have been for long.
 *
 * The bands(20, 2) are squeezed on a bar on which their BandWidth is the narrowest of the last `lookback` (125) bars. On the first
 * close beyond a band within `patience` (10) bars of a squeeze: LONG above the upper, SHORT below the lower; then the squeeze is
 * used up. Stop: with structure 1 the middle band, else as in level_options.h; target: reward.
 *
 * confidence = 0.5 + 0.5 x min(1, way beyond the band / (0.5 x ATR))
 *
 * J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 15.
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_bollinger_squeeze;

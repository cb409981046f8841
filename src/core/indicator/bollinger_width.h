/* bollinger_width.h: two figures about Bollinger bands: how wide they are, and where in them the close stands.
 *
 * J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 8. Kinds:
 *   bollinger_width      BandWidth: (upper - lower) / middle in percent, TradingView's ta.bbw; 0 when the middle is 0
 *   bollinger_percent_b  %b: (close - lower) / (upper - lower), 0 at the lower band, 1 at the upper; 0.5 when they meet
 */
#pragma once

#include "core/indicator/bollinger.h"

extern const indicator_kind_t indicator_bollinger_width;
extern const indicator_kind_t indicator_bollinger_percent_b;

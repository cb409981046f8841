/* obv.h: on-balance volume.
 *
 * J. Granville, New Key to Stock Market Profits (1963): the running sum of volume, added when the close rose, taken away when it
 * fell. TA-Lib's line begins with the first bar's volume, TradingView's with 0 on the second bar; first_volume says which.
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

extern const indicator_kind_t indicator_obv;

/* williams.h: L. Williams' accumulation/distribution in its two forms.
 *
 * L. Williams, How I Made One Million Dollars (1973). Kinds, both as TradingView's variables of that name:
 *   wad   without volume: a close above the last adds close - min(low, last close), one below adds close - max(high, last close)
 *   wvad  one bar's (close - open) / (high - low) x volume, not summed; 0 for a bar without a range
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_wad;
extern const indicator_kind_t indicator_wvad;

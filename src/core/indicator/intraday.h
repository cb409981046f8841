/* intraday.h: where in its range one bar closed, in two forms that look at this bar only.
 *
 *   iii  intraday intensity (D. Bostian): (2 close - high - low) / ((high - low) x volume), TradingView's ta.iii
 *   bop  balance of power (I. Livshin, Stocks & Commodities 19:8, 2001): (close - open) / (high - low), TA-Lib BOP
 * Both are 0 for a bar without a range, iii also without volume.
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_iii;
extern const indicator_kind_t indicator_bop;

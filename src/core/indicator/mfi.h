/* mfi.h: the money flow index, a relative strength index of price x volume.
 *
 * G. Quong and A. Soudack, Volume-Weighted RSI: Money Flow, Stocks & Commodities 7:3 (1989). 100 x the flow of bars whose price
 * rose / the flow of bars whose price rose or fell, over `period` bars. Kinds:
 *   mfi        typical price (high + low + close) / 3; the first bar has no change (TA-Lib MFI, which calls sums below 1 zero and
 *              is wrong on small prices); 50 when nothing moved
 *   mfi_close  TradingView ta.mfi(close): the first bar counts on both sides, so it begins a bar earlier; 100 when nothing fell
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

extern const indicator_kind_t indicator_mfi;
extern const indicator_kind_t indicator_mfi_close;

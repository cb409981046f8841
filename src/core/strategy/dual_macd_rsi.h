/* dual_macd_rsi.h: DualMACD_RSI, MACD and RSI of the own timeframe under the MACD of a longer one.
 *
 * LONG when MACD(12, 26, 9) crosses above its signal while RSI(14) stands, or within the last rsi_bars (1) bars stood, below
 * rsi_low (35) and on the longer timeframe (higher = 4 own bars: 4h over 1h) MACD stands above its signal; SHORT mirrored with
 * rsi_high (65). Of the longer timeframe only closed bars count.
 *
 * confidence = 0.6 + 0.2 x slope + 0.2 x depth: slope as in SC01, depth = how far RSI went beyond its limit, in 20 points, at most
 * 1
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_dual_macd_rsi;

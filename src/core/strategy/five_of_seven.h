/* five_of_seven.h: FiveOfSeven, W's vote of several indicators.
 *
 * LONG on the bar on which at least votes (5) of these come to be so: RSI(14) > 50; RSI < 70; MACD(12, 26, 9) above its signal; its
 * histogram above 0; close above EMA(50); volume above its mean of 20; the close above that of 5 bars before. SHORT: RSI < 50; RSI
 * > 30; MACD below its signal; histogram below 0; close below EMA(50); volume above its mean; the close below that of 5 bars
 * before. When both have the votes the one with more; a tie is nothing. Two of the seven are one fact (MACD above its signal,
 * histogram above 0), and the RSI bounds are nearly so: it is not a vote of independent voters. Stop 1.5 ATR, target twice as far.
 *
 * confidence = votes for / 7
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_five_of_seven;

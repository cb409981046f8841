/* trend.h: where the trend turned: Aroon and Ichimoku.
 *
 *   aroon, aroonosc  how long ago the highest and the lowest bar of the last period + 1 were: TA-Lib AROON, AROONOSC
 *   aroon_tv         the same of TradingView's chart: of equal extremes the oldest counts, as in ta.highestbars; up comes first
 *   ichimoku         middles of three windows; the spans stand `displacement` - 1 bars later, as the chart draws them. Nothing of
 * the future is used: the lagging line of the chart is the close itself, drawn back, and has no value of its own
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_aroon;
extern const indicator_kind_t indicator_aroonosc;
extern const indicator_kind_t indicator_aroon_tv;
extern const indicator_kind_t indicator_ichimoku;

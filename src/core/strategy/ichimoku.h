/* ichimoku.h: Ichimoku, the crossing of tenkan and kijun outside the cloud.
 *
 * tenkan, kijun and span B are the middles of the highest high and lowest low of 9, 26 and 52 bars; span A is the mean of tenkan
 * and kijun. The cloud over a bar is the two spans of displacement - 1 (25) bars before, as charts show it: nothing looks ahead.
 * LONG when tenkan crosses above kijun and the close stands above the cloud, SHORT when below and below. Stop and target as in
 * level_options.h; with structure 1 the stop is the far edge of the cloud.
 *
 * confidence = 0.5 + 0.25 x (the cloud has the trade's colour: A above B for LONG) + 0.25 x (the close stands beyond that of
 * `displacement` bars before: the lagging span agrees)
 *
 * G. Hosoda (1969).
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_ichimoku;

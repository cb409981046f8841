/* supertrend.h: a stop line at a multiple of the average range, that only moves with the trend; Pine ta.supertrend.
 *
 * O. Seban. The bands stand at (high + low) / 2 -+ factor x ATR, the ATR being Wilder's with the first bar's high - low counted. A
 * band only comes nearer until the close has crossed it, and before its first value it is taken for 0, so a first lower band below
 * 0 is 0. Direction: -1 up (the line is below), 1 down, as in Pine; it begins as 1. The first bar has no value, whatever the
 * period: there is no close before it. ta.supertrend shows 0 on it, as TradingView does.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_supertrend;

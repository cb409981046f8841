/* supertrend.h: a stop line at a multiple of the average range, that only moves with the trend; Pine ta.supertrend.
 *
 * O. Seban. The bands stand at (high + low) / 2 -+ factor x ATR, the ATR being Wilder's with the first bar's high - low counted. A
 * band only comes nearer until the close has crossed it. Direction: -1 up (the line is below), 1 down, as in Pine; it begins as 1.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_supertrend;

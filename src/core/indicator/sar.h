/* sar.h: Wilder's parabolic stop and reverse.
 *
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 2. Kinds:
 *   sar     TA-Lib SAR: the first direction is that of the larger movement from bar 1 to 2, the first bar's extreme is the first
 *           stop; a price that touches the stop turns it
 *   sar_tv  Pine ta.sar, as TradingView's reference writes it out: up when the second close is above the first; own start and
 *           increment; a price must pass the stop to turn it; a stop is limited by the two bars before, a reversal by the present
 *           bar too
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_sar;
extern const indicator_kind_t indicator_sar_tv;

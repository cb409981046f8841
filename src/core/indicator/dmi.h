/* dmi.h: +DI, -DI and ADX together, in TradingView's form and of plain means; see directional.h for the movements.
 *
 *   dmi        Pine ta.dmi: Wilder's smoothing (rma) of movements and true range, seeded with plain means
 *   dmi_plain  plain means of the last `period` movements, ranges and DX
 * Highs and lows that move by the same number of ticks are no movement, whatever their rounding: differences below 1e-12 of the
 * price do not count (TradingView: below 1e-10, whatever the price).
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_dmi;
extern const indicator_kind_t indicator_dmi_plain;

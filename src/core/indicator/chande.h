/* chande.h: oscillators of gains against losses.
 *
 *   cmo        100 x (gains - losses) / (gains + losses), smoothed as Wilder's RSI: TA-Lib CMO
 *   cmo_plain  the same of plain sums over the window, as published: Pine ta.cmo, Tulip cmo
 *   tsi        W. Blau's true strength: the change, smoothed twice, against its size, smoothed twice; Pine ta.tsi with scale 1
 * A flat series gives 0.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_cmo;
extern const indicator_kind_t indicator_cmo_plain;
extern const indicator_kind_t indicator_tsi;

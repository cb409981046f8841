/* volume_index.h: three running sums of the close's relative change, chosen or weighted by volume.
 *
 * P. Dysart (1936), N. Fosback, Stock Market Logic (1976). Kinds, all as TradingView's variables of that name:
 *   nvi  begins at 1; on a bar with less volume than the last, nvi += nvi x change
 *   pvi  the same on a bar with more volume
 *   pvt  price volume trend: sum of change x volume, from the second bar
 * where change = (close - last close) / last close, 0 when the last close is 0.
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_nvi;
extern const indicator_kind_t indicator_pvi;
extern const indicator_kind_t indicator_pvt;

/* directional.h: Wilder's directional movement.
 *
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 4. A bar moves up by what its high adds, or down by what its
 * low takes, the larger of both and only if it is above 0. Kinds: plus_dm, minus_dm     smoothed movements: TA-Lib PLUS_DM,
 * MINUS_DM plus_di, minus_di     the same in percent of the smoothed true range: TA-Lib PLUS_DI, MINUS_DI dx, adx, adxr their
 * distance, its average, the average's mean with an older one: TA-Lib DX, ADX, ADXR dmi                   +DI, -DI and ADX with
 * TradingView's seeds: Pine ta.dmi dmi_plain             the same of plain means A series without range gives 0; a bar without
 * movements repeats the DX before it, as in TA-Lib.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_plus_dm;
extern const indicator_kind_t indicator_minus_dm;
extern const indicator_kind_t indicator_plus_di;
extern const indicator_kind_t indicator_minus_di;
extern const indicator_kind_t indicator_dx;
extern const indicator_kind_t indicator_adx;
extern const indicator_kind_t indicator_adxr;

/* kama.h: Kaufman's adaptive moving average: fast when the way is straight, slow when it winds.
 *
 * P. Kaufman, Smarter Trading (1995). Efficiency = |close - close `period` bars ago| / sum of the |changes| between; the smoothing
 * factor lies between those of a 2 and a 30 bar EMA, squared. Starts from the close before the first value, as TA-Lib's KAMA.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_kama;

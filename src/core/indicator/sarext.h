/* sarext.h: the parabolic stop and reverse with its factors for each side: TA-Lib SAREXT.
 *
 * J. W. Wilder's stop (sar.h); the first side may be told (start above 0: long from that stop, below 0: short), a turn may put the
 * stop farther away by a share of it, and the factors of both sides differ. Stops above the price (short) are negative.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_sarext;

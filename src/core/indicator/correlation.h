/* correlation.h: two series against each other over a window. They read high and low unless two sources are given.
 *
 *   correl  Pearson's correlation: TA-Lib CORREL, Pine ta.correlation. O(window) a bar: distances are measured from the present
 * means beta    slope of the second's returns over the first's: TA-Lib BETA A series without spread gives 0, as in TA-Lib.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_correl;
extern const indicator_kind_t indicator_beta;

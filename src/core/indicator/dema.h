/* dema.h: exponential averages of exponential averages.
 *
 *   dema  2 e1 - e2               P. Mulloy (1994); TA-Lib DEMA
 *   tema  3 e1 - 3 e2 + e3        P. Mulloy (1994); TA-Lib TEMA
 *   t3    six in a row, mixed by the volume factor; T. Tillson (1998); TA-Lib T3
 *   trix  percent change of e3    J. Hutson (1983); TA-Lib TRIX
 * e1 is the EMA of the close, e2 the EMA of e1 and so on; each is seeded with the plain mean of the first `period` values it sees.
 */
#pragma once

#include "core/indicator/ema.h"

extern const indicator_kind_t indicator_dema;
extern const indicator_kind_t indicator_tema;
extern const indicator_kind_t indicator_t3;
extern const indicator_kind_t indicator_trix;

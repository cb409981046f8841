/* momentum.h: the close against the close `period` bars before: difference, ratio, percent.
 *
 *   mom     close - then                TA-Lib MOM, Pine ta.mom and ta.change
 *   roc     100 x (close - then) / then TA-Lib ROC, Pine ta.roc
 *   rocp    (close - then) / then       TA-Lib ROCP
 *   rocr    close / then                TA-Lib ROCR
 *   rocr100 close / then x 100          TA-Lib ROCR100
 * A `then` of 0 gives 0, as in TA-Lib.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_mom;
extern const indicator_kind_t indicator_roc;
extern const indicator_kind_t indicator_rocp;
extern const indicator_kind_t indicator_rocr;
extern const indicator_kind_t indicator_rocr100;

/* cci.h: distance from the mean in mean absolute deviations.
 *
 *   cci  (typical price - its mean) / (0.015 x mean deviation): TA-Lib CCI, Pine ta.cci
 *   dev  the mean absolute deviation itself: TA-Lib AVGDEV, Pine ta.dev
 * O(window) a bar: every deviation is measured from the present mean. A flat window gives 0.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_cci;
extern const indicator_kind_t indicator_dev;

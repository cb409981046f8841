/* volume_spike.h: volume against its own mean.
 *
 * ratio = volume / mean volume of the last `period` bars, this one included (0 when there was none); spike = 1 when volume is
 * greater than factor x that mean.
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

extern const indicator_kind_t indicator_volume_spike;

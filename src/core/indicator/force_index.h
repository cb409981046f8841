/* force_index.h: A. Elder's force index: an exponential average of (change of the close) x volume.
 *
 * A. Elder, Trading for a Living (1993), ch. 39. The first bar has no change. period 1 gives the raw force.
 */
#pragma once

#include "core/indicator/ema.h"

extern const indicator_kind_t indicator_force_index;

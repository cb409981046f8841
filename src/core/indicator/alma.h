/* alma.h: averages with weights of a fixed shape.
 *
 *   alma  Arnaud Legoux: a bell over the window, its middle at `offset` (0 oldest .. 1 newest), its width period / sigma; Pine
 * ta.alma swma  1, 2, 2, 1 over the last four values; Pine ta.swma alma is O(window) a bar: every value changes its weight.
 */
#pragma once

#include "core/indicator/registry.h"

extern const indicator_kind_t indicator_alma;
extern const indicator_kind_t indicator_swma;

/* sc02_frvp.h: SC02+FRVP, SC02 where the volume profile of the last bars agrees.
 *
 * A decision of SC02 (sc02.h) stands when the close lies on the trade's side of the point of control, the price at which the most
 * volume of the last profile (100) bars changed hands: LONG above it, SHORT below it.
 *
 * confidence = 0.8 x SC02's + 0.2 while the close lies inside the value area (value_area = 70 % of the volume): there is still room
 * to its edge
 */
#pragma once

#include "core/strategy/strategy.h"

extern const strategy_kind_t strategy_sc02_frvp;

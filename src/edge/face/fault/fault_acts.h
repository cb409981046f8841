/* fault_acts.h: faults done to the venue itself: prices, stops, positions, filters, the user's own hand. Through world.h, so that
 * they stand in the world's log and a restart knows them.
 */
#pragma once

#include "edge/face/fault/fault_engine.h"
#include "edge/face/world/world.h"

/* Does or undoes the act. RESULT_BAD_STATE: not possible now, to be tried again later. RESULT_UNSUPPORTED: not an act on the venue
 * (those of sockets are their owner's). Others: refused for good; `why` (FAULT_ERROR_MAX) says it. */
result_t fault_act_on_world(world_t *world, const fault_armed_t *fault, fault_edge_t edge, char why[FAULT_ERROR_MAX]);

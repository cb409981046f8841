/* fault_call.h: what a fault does to one call, over whatever way it comes: a REST request (fault_wire.h) or a message of the WS API
 * (edge/face/binance/ws_api_fault.c). How the bytes of its answer suffer is the way's own business.
 */
#pragma once

#include "edge/face/fault/fault_plan.h"
#include "edge/face/world/world.h"

/* Decides its fate and does what must happen before it is handled (a fill at the instant of its cancel, doomed orders). A fault may
 * say that nobody handles it (plan->handling). `account`: whose call; NULL: nobody's. The engine may be NULL. */
void fault_call_begin(fault_engine_t *engine, world_t *world, const fault_request_t *request, const world_account_t *account,
                      fault_plan_t *plan);

/* It was handled; its answer leaves next. */
void fault_call_end(fault_engine_t *engine, world_t *world, const fault_plan_t *plan);

/* The body of an answer that is not the face's (FAULT_REPLY_INSTEAD), in `room`. */
str_t fault_call_body(const fault_plan_t *plan, char *room, size_t capacity);

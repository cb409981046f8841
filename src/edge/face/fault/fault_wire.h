/* fault_wire.h: faults done to the requests and replies of an HTTP connection, for every face alike.
 *
 * The server asks fault_wire_begin before a face handles a request, and fault_wire_reply afterwards sends what the face says, or
 * what a fault makes of it.
 */
#pragma once

#include "edge/face/fault/fault_plan.h"
#include "edge/face/world/world.h"
#include "edge/net/http_server.h"

/* Decides the fate of the request and does what must happen before it is handled (a fill at the instant of its cancel, doomed
 * orders). A fault may say that nobody handles it (plan->handling): then reply with an empty reply. The engine may be NULL. */
void fault_wire_begin(fault_engine_t *engine, world_t *world, http_connection_t *connection, const http_message_t *request,
                      fault_plan_t *plan);

typedef struct {
    unsigned status;
    const http_header_t *headers;
    uint32_t header_count;
    str_t body;
} fault_reply_t;

/* What is to leave, of what the face says: *left (status 0: nothing; its body is good until the next call), also for the log. */
void fault_wire_prepare(const fault_plan_t *plan, const fault_reply_t *reply, fault_reply_t *left);

/* Sends it, as the plan says. */
void fault_wire_reply(fault_engine_t *engine, world_t *world, http_connection_t *connection, const fault_plan_t *plan,
                      const fault_reply_t *left);

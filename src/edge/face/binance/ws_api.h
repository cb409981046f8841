/* ws_api.h: what ws_api.c and ws_api_fault.c share: one message of the WS API and what faults make of it. */
#pragma once

#include "edge/face/binance/face_parts.h"
#include "edge/face/fault/fault_plan.h"

typedef struct {
    char name[40];          /* "order.place", without its version */
    const method_t *method; /* NULL: there is none of that name */
    str_t id;               /* raw JSON: a text or a number, sent back as it came */
} ws_request_t;

typedef struct {
    fault_plan_t plan;
    char asked[1024]; /* the parameters that faults look at, as a query */
} ws_fate_t;

/* Decides the fate of a message that was read; the engine may be missing. The fate's slices lie in it and in the request. */
void ws_api_fault_begin(face_t *face, call_t *call, const face_session_t *session, const ws_request_t *request, size_t bytes,
                        ws_fate_t *fate);

/* The result with its content changed as planned; *status may become 400, and what is returned is the error then. */
str_t ws_api_fault_edit(const fault_plan_t *plan, str_t result, unsigned *status);

/* The answer leaves, or what the fate makes of it: another one, none, or one whose bytes suffer. */
void ws_api_fault_answer(face_t *face, face_session_t *session, const ws_request_t *request, const ws_fate_t *fate, str_t answer);

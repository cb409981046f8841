/* fault_plan.h: what happens to one request: decided before it is handled, from what it is. Pure; fault_wire.h does it.
 */
#pragma once

#include "edge/face/fault/fault_engine.h"
#include "edge/net/stream.h"

typedef struct {
    str_t method, path, query,
        body;      /* raw; of the WS API: no method, its name ("order.place") as the path, parameters as a query */
    str_t account; /* name behind the API key; empty: nobody's */
    size_t bytes;  /* of all of it on the wire */
} fault_request_t;

/* Class, symbol and account of a request; the slices point into it. Paths of all faces end alike: .../order, .../openOrders ... */
fault_facts_t fault_request_facts(const fault_request_t *request);

/* Is it an order that waits for a price? */
bool fault_request_is_conditional(const fault_request_t *request);

typedef enum { FAULT_HANDLE, FAULT_HANDLE_TWICE, FAULT_DO_NOT_HANDLE } fault_handling_t;
typedef enum { FAULT_REPLY_AS_IT_IS, FAULT_REPLY_INSTEAD, FAULT_REPLY_NEVER, FAULT_REPLY_RESET } fault_replying_t;
typedef enum { FAULT_BODY_JSON, FAULT_BODY_HTML, FAULT_BODY_EMPTY, FAULT_BODY_CUT, FAULT_BODY_LIST, FAULT_BODY_TEXT } fault_body_t;

typedef struct {
    fault_facts_t facts;
    fault_handling_t handling;
    bool doomed; /* orders of this request are expired by the venue right after */
    bool race;   /* the order fills before it is cancelled */
    dec_t race_share;
    fault_replying_t replying;
    unsigned status; /* of FAULT_REPLY_INSTEAD */
    int code;
    fault_body_t body;
    stream_fault_t bytes;    /* kind NONE: the reply's bytes leave whole */
    int64_t hidden_after_ns; /* orders that began later are not shown; INT64_MAX: all are */
    int zero;                /* -1: no; else 0 zero, 1 empty, 2 partial */
    int price;               /* -1: no; else fault_price_t */
    bool candle_missing;
    const char *struck; /* name of the knob that decided about handling or reply; NULL: none */
} fault_plan_t;

void fault_plan(fault_engine_t *engine, const fault_request_t *request, fault_plan_t *plan);

/* Bytes of a request that is not whole: shall the connection die now? */
bool fault_plan_cut(fault_engine_t *engine, str_t so_far);

/* The reply's body with its content changed as planned (rows hidden, zeros, garbage prices); false: as it is. *status may become
 * 400 (not found) when the only thing asked for is hidden. */
bool fault_plan_edit(const fault_plan_t *plan, str_t json, unsigned *status, char *out, size_t capacity, size_t *length);

/* fault_wire.c: see fault_wire.h. */
#include "edge/face/fault/fault_wire.h"

#include "edge/face/fault/fault_call.h"

enum { EDITED_MAX = 4 * 1024 * 1024 };

void fault_wire_begin(fault_engine_t *engine, world_t *world, http_connection_t *connection, const http_message_t *request,
                      fault_plan_t *plan)
{
    const str_t *key = http_header(request, "X-MBX-APIKEY");
    const world_account_t *account = key ? world_account_by_key(world, *key) : NULL;
    fault_request_t asked = {.method = request->method,
                             .path = request->path,
                             .query = request->query,
                             .body = request->body,
                             .account = account ? str_from(account->name) : (str_t){0},
                             .bytes = http_connection_request(connection).length};
    fault_call_begin(engine, world, &asked, account, plan);
}

/* --- replying --------------------------------------------------------------------------------- */

static uint32_t other_headers(const fault_plan_t *plan, http_header_t headers[2])
{
    headers[0] = (http_header_t){STR("Content-Type"),
                                 plan->body == FAULT_BODY_HTML ? STR("text/html") : STR("application/json;charset=utf-8")};
    if (plan->status != 429 && plan->status != 418)
        return 1;
    headers[1] = (http_header_t){STR("Retry-After"), plan->status == 429 ? STR("5") : STR("120")};
    return 2;
}

static void send_whole(http_connection_t *connection, const fault_plan_t *plan, const fault_reply_t *reply)
{
    if (plan->bytes.kind != STREAM_FAULT_NONE)
        http_reply_fault(connection, &plan->bytes);
    (void)http_reply(connection, reply->status, reply->headers, reply->header_count, reply->body);
    if (plan->bytes.kind != STREAM_FAULT_NONE)
        http_reply_fault(connection, &(stream_fault_t){0}); /* a byte behind the end spoils nothing later */
}

void fault_wire_prepare(const fault_plan_t *plan, const fault_reply_t *reply, fault_reply_t *left)
{
    static char edited[EDITED_MAX]; /* one loop, one thread */
    static http_header_t headers[2];
    size_t length = 0;
    *left = (fault_reply_t){0};
    switch (plan->replying) {
    case FAULT_REPLY_AS_IT_IS:
        *left = *reply;
        if (fault_plan_edit(plan, reply->body, &left->status, edited, sizeof edited, &length))
            left->body = (str_t){edited, length};
        break;
    case FAULT_REPLY_INSTEAD:
        *left = (fault_reply_t){.status = plan->status, .headers = headers, .header_count = other_headers(plan, headers)};
        left->body = fault_call_body(plan, edited, sizeof edited);
        break;
    case FAULT_REPLY_NEVER:
    case FAULT_REPLY_RESET:
        break;
    }
}

void fault_wire_reply(fault_engine_t *engine, world_t *world, http_connection_t *connection, const fault_plan_t *plan,
                      const fault_reply_t *left)
{
    fault_call_end(engine, world, plan);
    if (plan->replying == FAULT_REPLY_NEVER)
        http_drop(connection);
    else if (plan->replying == FAULT_REPLY_RESET)
        http_abort(connection);
    else
        send_whole(connection, plan, left);
}

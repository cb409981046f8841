/* fault_wire.c: see fault_wire.h. */
#include "edge/face/fault/fault_wire.h"

#include <stdio.h>
#include <string.h>

#include "edge/face/world/world_acts.h"

enum { EDITED_MAX = 4 * 1024 * 1024 };

/* --- before it is handled --------------------------------------------------------------------- */

static str_t parameter(const http_message_t *request, const char *name)
{
    str_t value = {0};
    if (!http_query_find(request->query, name, &value))
        (void)http_query_find(request->body, name, &value);
    return value;
}

static instrument_id_t instrument_named(const world_t *world, str_t symbol)
{
    const venue_t *venue = world_venue(world);
    uint32_t id = 0;
    while (id < venue_instrument_count(venue) &&
           !str_eq_nocase(symbol, str_from(venue_instrument_at(venue, (instrument_id_t)id)->symbol)))
        id++;
    return id < venue_instrument_count(venue) ? (instrument_id_t)id : 0; /* conditional orders are named without a symbol */
}

/* The order that the cancel names, by its id or the client's. */
static void race(world_t *world, const world_account_t *account, const http_message_t *request, dec_t share)
{
    str_t algo_id = parameter(request, "algoId"), algo_client = parameter(request, "clientAlgoId");
    bool conditional = algo_id.length + algo_client.length > 0;
    world_act_t act = {.kind = conditional ? WORLD_ALGO_NOW : WORLD_FILL_NOW,
                       .account = account->account,
                       .instrument = instrument_named(world, parameter(request, "symbol")),
                       .amount = share};
    (void)str_to_u64(conditional ? algo_id : parameter(request, "orderId"), &act.id);
    (void)str_copy(conditional ? algo_client : parameter(request, "origClientOrderId"), act.text, sizeof act.text);
    (void)world_act(world, &act, NULL); /* nothing to fill: the cancel finds out */
}

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
    fault_plan(engine, &asked, plan);
    if (plan->race && account && plan->handling != FAULT_DO_NOT_HANDLE)
        race(world, account, request, plan->race_share);
    if (plan->doomed)
        world_doom(world, WORLD_ORDERS_DOOMED);
}

/* --- bodies of answers that are not the face's ------------------------------------------------ */

static str_t other_body(const fault_plan_t *plan, char *room, size_t capacity)
{
    int length = 0;
    switch (plan->body) {
    case FAULT_BODY_JSON:
        length = snprintf(room, capacity, "{\"code\":%d,\"msg\":\"Unknown error, please check your request or try again later.\"}",
                          plan->code);
        break;
    case FAULT_BODY_HTML:
        length = snprintf(room, capacity,
                          "<html>\r\n<head><title>%u</title></head>\r\n<body>\r\n<center><h1>%u</h1></center>\r\n"
                          "<hr><center>CloudFront</center>\r\n</body>\r\n</html>\r\n",
                          plan->status, plan->status);
        break;
    case FAULT_BODY_EMPTY:
        break;
    case FAULT_BODY_CUT:
        length = snprintf(room, capacity, "{\"code\":%d,\"msg\":\"Unknown err", plan->code);
        break;
    case FAULT_BODY_LIST:
        length = snprintf(room, capacity, "[]");
        break;
    case FAULT_BODY_TEXT:
        length = snprintf(room, capacity, "\"an error occurred\"");
        break;
    }
    return (str_t){room, (size_t)length};
}

static uint32_t other_headers(const fault_plan_t *plan, http_header_t headers[2])
{
    headers[0] = (http_header_t){STR("Content-Type"),
                                 plan->body == FAULT_BODY_HTML ? STR("text/html") : STR("application/json;charset=utf-8")};
    if (plan->status != 429 && plan->status != 418)
        return 1;
    headers[1] = (http_header_t){STR("Retry-After"), plan->status == 429 ? STR("5") : STR("120")};
    return 2;
}

/* --- replying --------------------------------------------------------------------------------- */

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
        left->body = other_body(plan, edited, sizeof edited);
        break;
    case FAULT_REPLY_NEVER:
    case FAULT_REPLY_RESET:
        break;
    }
}

void fault_wire_reply(fault_engine_t *engine, world_t *world, http_connection_t *connection, const fault_plan_t *plan,
                      const fault_reply_t *left)
{
    if (plan->doomed)
        world_doom(world, WORLD_ORDERS_LIVE);
    /* What waits for such a request comes before its reply, as it does at a real exchange; the plan's slices die with the reply. */
    if (engine)
        fault_seen(engine, &plan->facts);
    if (plan->replying == FAULT_REPLY_NEVER)
        http_drop(connection);
    else if (plan->replying == FAULT_REPLY_RESET)
        http_abort(connection);
    else
        send_whole(connection, plan, left);
}

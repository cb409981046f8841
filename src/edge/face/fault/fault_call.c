/* fault_call.c: see fault_call.h. */
#include "edge/face/fault/fault_call.h"

#include <stdio.h>
#include <string.h>

#include "edge/face/world/world_acts.h"
#include "edge/net/http.h"

/* --- before it is handled --------------------------------------------------------------------- */

static str_t parameter(const fault_request_t *request, const char *name)
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
static void race(world_t *world, const world_account_t *account, const fault_request_t *request, dec_t share)
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

void fault_call_begin(fault_engine_t *engine, world_t *world, const fault_request_t *request, const world_account_t *account,
                      fault_plan_t *plan)
{
    fault_plan(engine, request, plan);
    if (plan->race && account && plan->handling != FAULT_DO_NOT_HANDLE)
        race(world, account, request, plan->race_share);
    if (plan->doomed)
        world_doom(world, WORLD_ORDERS_DOOMED);
}

void fault_call_end(fault_engine_t *engine, world_t *world, const fault_plan_t *plan)
{
    if (plan->doomed)
        world_doom(world, WORLD_ORDERS_LIVE);
    /* What waits for such a request comes before its reply, as it does at a real exchange; the plan's slices die with the reply. */
    if (engine)
        fault_seen(engine, &plan->facts);
}

/* --- bodies of answers that are not the face's ------------------------------------------------ */

str_t fault_call_body(const fault_plan_t *plan, char *room, size_t capacity)
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

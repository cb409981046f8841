/* account_query.c: what became of one order, or of a symbol's fills. A query walks over the endpoints that could know the order:
 * one that answers "not there" proves less than all of them together. */
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/account_inside.h"

typedef struct {
    uint32_t endpoint;
    bool list;    /* the answer is a list in which the order may stand */
    bool by_time; /* of all orders or trades since a time */
} query_step_t;

static const query_step_t normal_steps[] = {
    {ENDPOINT_ORDER, false, false}, {ENDPOINT_OPEN, true, false}, {ENDPOINT_HISTORY, true, true}, {ENDPOINT_TRADES, true, true}};
static const query_step_t algo_steps[] = {{ENDPOINT_ALGO, false, false},
                                          {ENDPOINT_ALGO_OPEN, true, false},
                                          {ENDPOINT_ALGO_HISTORY, true, true},
                                          {ENDPOINT_TRADES, true, true}};

static const query_step_t *query_step(const account_call_t *call)
{
    if (call->step >= sizeof normal_steps / sizeof normal_steps[0])
        return NULL;
    return call->action.order.algo ? &algo_steps[call->step] : &normal_steps[call->step];
}

result_t account_query_encode(account_call_t *call, const instrument_t *instrument)
{
    const order_action_t *action = &call->action;
    /* On a busy symbol a week is more than a page, and a page that is full proves nothing: no further back than the order. */
    int64_t since_ms = account_window_ms(call, action->order.since_ns);
    switch (query_step(call)->endpoint) {
    case ENDPOINT_ORDER:
        return binance_encode_query(&call->request, instrument, ORDER_LIMIT, &action->order.client_id);
    case ENDPOINT_ALGO:
        return binance_encode_query(&call->request, instrument, ORDER_STOP_MARKET, &action->order.client_id);
    case ENDPOINT_OPEN:
        return binance_encode_open_orders(&call->request, instrument->symbol);
    case ENDPOINT_ALGO_OPEN:
        return binance_encode_open_algo_orders(&call->request, instrument->symbol);
    case ENDPOINT_HISTORY:
        return binance_encode_all_orders(&call->request, instrument->symbol, since_ms, HISTORY_PAGE);
    case ENDPOINT_ALGO_HISTORY:
        return binance_encode_all_algo_orders(&call->request, instrument->symbol, since_ms, HISTORY_PAGE);
    case ENDPOINT_TRADES:
        return binance_encode_user_trades(&call->request, instrument->symbol, call->from_id, since_ms, FILLS_PAGE);
    default:
        return RESULT_BAD_STATE;
    }
}

static void look_at(void *context, const private_event_t *event)
{
    account_call_t *call = context;
    if (strcmp(event->order.client_id, call->action.order.client_id.text) != 0)
        return;
    call->client->wanted = event->order;
    call->client->order_found = true;
}

static void finish(account_call_t *call, bool found)
{
    account_client_t *client = call->client;
    query_result_t *query = &account_begin_input(client, ORDER_INPUT_QUERY_RESULT)->query;
    query->action = call->action.number;
    query->endpoints = call->endpoints;
    query->found = found;
    if (found)
        query->order = client->wanted;
    account_end_call(call);
    account_give(client);
}

/* *more: the list goes on behind this page. */
static result_t decode_query(account_call_t *call, str_t body, bool *more)
{
    account_client_t *client = call->client;
    const symbol_map_t *symbols = client->options.symbols;
    binance_list_t orders = account_list_of(call, look_at);
    binance_list_t fills = account_list_of(call, account_gather);
    int64_t time_ns = 0;
    result_t result = RESULT_BAD_STATE;
    switch (query_step(call)->endpoint) {
    case ENDPOINT_ORDER:
        result = binance_decode_order(symbols, body, &client->wanted, &time_ns, NULL);
        client->order_found = result == RESULT_OK;
        break;
    case ENDPOINT_ALGO:
        result = binance_decode_algo_order(symbols, body, &client->wanted, &time_ns, NULL);
        client->order_found = result == RESULT_OK;
        break;
    case ENDPOINT_OPEN:
    case ENDPOINT_HISTORY:
        result = binance_decode_orders(&orders, body, NULL);
        break;
    case ENDPOINT_ALGO_OPEN:
    case ENDPOINT_ALGO_HISTORY:
        result = binance_decode_algo_orders(&orders, body, NULL);
        break;
    case ENDPOINT_TRADES:
        result = binance_decode_fills(&fills, body, NULL);
        break;
    default:
        break;
    }
    if (result != RESULT_OK || client->order_found)
        return result;
    if (query_step(call)->by_time)
        *more = query_step(call)->endpoint == ENDPOINT_TRADES ? account_next_fills(call, &fills, call->action.order.since_ns)
                                                              : account_next_window(call, call->action.order.since_ns);
    /* A full page of orders may hide what was looked for: it proves nothing. */
    return orders.seen >= HISTORY_PAGE ? RESULT_TRUNCATED : RESULT_OK;
}

void account_query_answer(account_call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    const query_step_t *step = query_step(call);
    account_begin_gather(client);
    bool answered = false, more = false;
    if (result->sent && result->verdict.kind == BINANCE_VERDICT_ACCEPTED)
        answered = decode_query(call, result->body, &more) == RESULT_OK && !client->overflow;
    else if (result->sent && result->verdict.kind == BINANCE_VERDICT_NOT_FOUND)
        answered = !step->list; /* a definite "not found" of the one order; a list never answers so */
    if (answered && !more)
        call->endpoints |= step->endpoint;
    if (answered && client->order_found) {
        finish(call, true);
        return;
    }
    if (answered && step->endpoint == ENDPOINT_TRADES)
        account_give_gathered(client);
    if (!answered || !more) {
        call->step++;
        call->from_id = 0;
        call->from_ms = 0;
    }
    account_advance(call);
}

bool account_query_at_end(account_call_t *call)
{
    if (query_step(call))
        return false;
    finish(call, false);
    return true;
}

result_t account_fills_encode(account_call_t *call, const instrument_t *instrument)
{
    return binance_encode_user_trades(&call->request, instrument->symbol, call->from_id,
                                      account_window_ms(call, call->action.fills.since_ns), FILLS_PAGE);
}

void account_fills_answer(account_call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    account_begin_gather(client);
    binance_list_t list = account_list_of(call, account_gather);
    bool whole = result->sent && result->verdict.kind == BINANCE_VERDICT_ACCEPTED &&
                 binance_decode_fills(&list, result->body, NULL) == RESULT_OK && !client->overflow;
    if (whole)
        account_give_gathered(client); /* each fill is a fact, also of a list that has more pages */
    if (whole && account_next_fills(call, &list, call->action.fills.since_ns)) {
        account_advance(call);
        return;
    }
    call->endpoints = whole ? (uint32_t)ENDPOINT_TRADES : 0;
    finish(call, false);
}

/* account_client.c: see account_client.h. Calls: begun, asked again when the budget says so, ended. */
#include "edge/exchange/binance/account_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"

/* --- giving inputs ---------------------------------------------------------------------------- */

int64_t account_now_ns(const account_client_t *client)
{
    int64_t venue_ms = 0;
    if (venue_clock_now_ms(client->options.clock, loop_now_ns(client->options.loop), &venue_ms) != RESULT_OK)
        venue_ms = loop_wall_ns(client->options.loop) / NS_PER_MS;
    return venue_ms * NS_PER_MS;
}

order_input_t *account_begin_input(account_client_t *client, order_input_kind_t kind)
{
    memset(&client->input, 0, sizeof client->input);
    client->input.kind = kind;
    client->input.now_ns = account_now_ns(client);
    return &client->input;
}

void account_give(account_client_t *client)
{
    client->options.on_input(client->options.context, &client->input);
}

static bool is_question(action_kind_t kind)
{
    return kind == ACTION_QUERY_ORDER || kind == ACTION_QUERY_FILLS || kind == ACTION_SNAPSHOT;
}

void account_end_call(account_call_t *call)
{
    loop_timer_stop(&call->timer);
    call->used = false;
    call->waiting = false;
    call->client->used--;
    call->client->questions -= is_question(call->action.kind) ? 1 : 0;
}

/* --- lists ------------------------------------------------------------------------------------ */

void account_gather(void *context, const private_event_t *event)
{
    account_client_t *client = ((account_call_t *)context)->client;
    if (client->gathered == GATHER_MAX) {
        client->overflow = true;
        return;
    }
    client->rows[client->gathered++] = *event;
}

binance_list_t account_list_of(account_call_t *call, binance_event_fn *each)
{
    return (binance_list_t){.symbols = call->client->options.symbols, .each = each, .context = call};
}

void account_begin_gather(account_client_t *client)
{
    client->gathered = 0;
    client->overflow = false;
    client->order_found = false;
}

/* What was gathered goes to the order half as if the stream had brought it. */
void account_give_gathered(account_client_t *client)
{
    for (uint32_t i = 0; i < client->gathered; i++) {
        account_begin_input(client, ORDER_INPUT_PRIVATE)->event = client->rows[i];
        account_give(client);
    }
}

/* --- windows and pages ------------------------------------------------------------------------ */

#define WINDOW_MS    ((7 * 24 * 3600 - 60) * INT64_C(1000))
#define REACH_MAX_MS (180 * 24 * 3600 * INT64_C(1000)) /* what the venue keeps */

int64_t account_window_ms(const account_call_t *call, int64_t since_ns)
{
    if (call->from_ms != 0)
        return call->from_ms;
    int64_t now_ms = account_now_ns(call->client) / NS_PER_MS, since_ms = since_ns / NS_PER_MS;
    if (since_ms <= 0)
        return now_ms - WINDOW_MS;
    return since_ms > now_ms - REACH_MAX_MS ? since_ms : now_ms - REACH_MAX_MS;
}

bool account_next_window(account_call_t *call, int64_t since_ns)
{
    int64_t next_ms = account_window_ms(call, since_ns) + WINDOW_MS;
    if (next_ms >= account_now_ns(call->client) / NS_PER_MS)
        return false;
    call->from_ms = next_ms;
    return true;
}

bool account_next_fills(account_call_t *call, const binance_list_t *page, int64_t since_ns)
{
    bool by_time = call->from_id == 0;
    bool cut = page->seen >= FILLS_PAGE;
    if (!cut && (!by_time || !account_next_window(call, since_ns)))
        return false;
    if (page->seen > 0)
        call->from_id = page->last_id + 1; /* from an id on there are no windows any more */
    return true;
}

/* --- plans ------------------------------------------------------------------------------------ */

static void send_request(account_call_t *call);

static bool is_single(action_kind_t kind)
{
    return !is_question(kind);
}

static void on_answer(void *context, const binance_result_t *result)
{
    account_call_t *call = context;
    if (call->client->stopped)
        return;
    switch (call->action.kind) {
    case ACTION_QUERY_ORDER:
        account_query_answer(call, result);
        break;
    case ACTION_QUERY_FILLS:
        account_fills_answer(call, result);
        break;
    case ACTION_SNAPSHOT:
        account_snapshot_answer(call, result);
        break;
    case ACTION_PLACE:
    case ACTION_CANCEL:
    case ACTION_SET_LEVERAGE:
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_SET_POSITION_MODE:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        account_order_answer(call, result);
        break;
    }
}

/* A step that could not even be asked. */
static void give_up_step(account_call_t *call, result_t why)
{
    const binance_result_t nothing = {.why = why};
    if (is_single(call->action.kind))
        account_order_never_sent(call, why);
    else
        on_answer(call, &nothing);
}

static void ask_again(loop_timer_t *timer, void *context)
{
    (void)timer;
    account_call_t *call = context;
    call->waiting = false;
    send_request(call);
}

static void send_request(account_call_t *call)
{
    int64_t wait_ms = 0;
    result_t result = binance_rest_send(call->client->options.rest, &call->request, on_answer, call, &wait_ms);
    if (result == RESULT_OK)
        return;
    bool may_wait = !is_single(call->action.kind) &&
                    (result == RESULT_BUDGET || result == RESULT_BANNED || result == RESULT_STALE || result == RESULT_LOCKED);
    /* In lockstep the venue's time stands while we are under way, and with it the end of a ban: who asked hears now, and asks again
     * in his own time. */
    if (call->client->options.clock->pinned && result != RESULT_LOCKED)
        may_wait = false;
    if (!may_wait || ++call->tries > READ_TRIES_MAX) {
        give_up_step(call, result);
        return;
    }
    call->waiting = true;
    const int64_t wait_ns = venue_clock_wait_ns(call->client->options.clock, wait_ms);
    loop_timer_start_in(&call->timer, wait_ns > RETRY_MIN_MS * NS_PER_MS ? wait_ns : RETRY_MIN_MS * NS_PER_MS);
}

static result_t encode_step(account_call_t *call)
{
    const instrument_t *instrument = instrument_table_at(call->client->options.instruments, call->action.instrument);
    switch (call->action.kind) {
    case ACTION_SNAPSHOT:
        return account_snapshot_encode(call);
    case ACTION_QUERY_FILLS:
        return instrument ? account_fills_encode(call, instrument) : RESULT_NOT_FOUND;
    case ACTION_QUERY_ORDER:
        return instrument ? account_query_encode(call, instrument) : RESULT_NOT_FOUND;
    case ACTION_SET_POSITION_MODE:
        return account_order_encode(call, NULL);
    case ACTION_PLACE:
    case ACTION_CANCEL:
    case ACTION_SET_LEVERAGE:
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
    return instrument ? account_order_encode(call, instrument) : RESULT_NOT_FOUND;
}

void account_advance(account_call_t *call)
{
    call->tries = 0;
    if ((call->action.kind == ACTION_QUERY_ORDER && account_query_at_end(call)) ||
        (call->action.kind == ACTION_SNAPSHOT && account_snapshot_at_end(call)))
        return;
    result_t result = encode_step(call);
    if (result != RESULT_OK)
        give_up_step(call, result);
    else
        send_request(call);
}

/* --- life ------------------------------------------------------------------------------------- */

result_t account_client_create(const account_client_options_t *options, account_client_t **out)
{
    account_client_t *client = calloc(1, sizeof *client);
    private_event_t *rows = calloc(GATHER_MAX, sizeof *rows);
    if (!client || !rows) {
        free(client);
        free(rows);
        return RESULT_FULL;
    }
    client->options = *options;
    client->rows = rows;
    for (uint32_t i = 0; i < CALLS_MAX; i++) {
        client->calls[i].client = client;
        loop_timer_init(&client->calls[i].timer, options->loop, ask_again, &client->calls[i]);
    }
    *out = client;
    return RESULT_OK;
}

void account_client_stop(account_client_t *client)
{
    client->stopped = true;
    for (uint32_t i = 0; i < CALLS_MAX; i++)
        loop_timer_stop(&client->calls[i].timer);
}

void account_client_destroy(account_client_t *client)
{
    if (!client)
        return;
    free(client->rows);
    free(client);
}

static void begin_later(loop_timer_t *timer, void *context)
{
    (void)timer;
    account_call_t *call = context;
    call->waiting = false;
    loop_timer_init(&call->timer, call->client->options.loop, ask_again, call); /* from now on the timer waits for the budget */
    account_advance(call);
}

result_t account_client_do(account_client_t *client, const order_action_t *action)
{
    if (action->kind == ACTION_NOTIFY || action->kind == ACTION_READ_RULES)
        return RESULT_UNSUPPORTED;
    account_call_t *call = NULL;
    if (client->stopped || (is_question(action->kind) && client->questions >= QUESTIONS_MAX))
        return RESULT_FULL;
    for (uint32_t i = 0; i < CALLS_MAX && !call; i++) {
        if (!client->calls[i].used)
            call = &client->calls[i];
    }
    if (!call)
        return RESULT_FULL;
    call->used = true;
    call->action = *action;
    call->step = call->symbol = call->endpoints = call->tries = 0;
    call->from_id = 0;
    call->from_ms = 0;
    client->used++;
    client->questions += is_question(action->kind) ? 1 : 0;
    /* Placements leave now; a step that fails at once answers in the next turn, because inputs never come inside this call. */
    result_t result = encode_step(call);
    int64_t wait_ms = 0;
    if (result == RESULT_OK && is_single(action->kind) &&
        binance_rest_send(client->options.rest, &call->request, on_answer, call, &wait_ms) == RESULT_OK)
        return RESULT_OK;
    call->waiting = true;
    loop_timer_init(&call->timer, client->options.loop, begin_later, call);
    loop_timer_start_in(&call->timer, 0);
    return RESULT_OK;
}

bool account_client_idle(const account_client_t *client)
{
    return client->used == 0;
}

/* account_client.c: see account_client.h.
 *
 * A call is a slot: the action, the request under way, and how far its plan has come. Placements have a plan of one step; a query
 * walks over the endpoints that could know the order; a snapshot over its sections.
 */
#include "edge/exchange/binance/account_client.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/decode_private.h"

enum {
    CALLS_MAX = 128,
    GATHER_MAX = 1024, /* rows of one list */
    FILLS_PAGE = 1000,
    HISTORY_PAGE = 500,
    QUESTIONS_MAX = 64,
    RETRY_MIN_MS = 20,
    READ_TRIES_MAX = 5,
};

/* The sections of a snapshot in the order in which they are read: fills last, so that they explain everything before them. */
static const snapshot_section_t sections[] = {SECTION_MODE,      SECTION_SETTINGS, SECTION_ORDERS, SECTION_ALGO_ORDERS,
                                              SECTION_POSITIONS, SECTION_BALANCES, SECTION_FILLS,  SECTION_INCOME};

typedef struct {
    account_client_t *client;
    bool used;
    bool waiting; /* for the budget; the timer runs */
    order_action_t action;
    binance_request_t request;
    uint32_t step;      /* of the plan */
    uint32_t symbol;    /* fills of a snapshot: index of the symbol */
    uint32_t endpoints; /* of a query: those that have answered */
    uint64_t from_id;   /* fills: next page */
    int64_t from_ms;    /* incomes of a snapshot: next page, from this time on; 0: the first */
    uint32_t tries;
    loop_timer_t timer;
} call_t;

struct account_client {
    account_client_options_t options;
    bool stopped;
    uint32_t used;
    uint32_t questions;  /* of these, those that are no order: they never take the last places */
    order_input_t input; /* scratch: large */
    uint32_t gathered;
    private_event_t *rows; /* GATHER_MAX: a list is used only when it was read whole */
    bool overflow;
    bool order_found;
    private_order_t wanted; /* of a query over a list */
    call_t calls[CALLS_MAX];
};

static void advance(call_t *call);
static void send_request(call_t *call);

/* --- giving inputs ---------------------------------------------------------------------------- */

static int64_t now_ns(const account_client_t *client)
{
    int64_t venue_ms = 0;
    if (venue_clock_now_ms(client->options.clock, loop_now_ns(client->options.loop), &venue_ms) != RESULT_OK)
        venue_ms = loop_wall_ns(client->options.loop) / NS_PER_MS;
    return venue_ms * NS_PER_MS;
}

static order_input_t *begin_input(account_client_t *client, order_input_kind_t kind)
{
    memset(&client->input, 0, sizeof client->input);
    client->input.kind = kind;
    client->input.now_ns = now_ns(client);
    return &client->input;
}

static void give(account_client_t *client)
{
    client->options.on_input(client->options.context, &client->input);
}

static bool is_question(action_kind_t kind)
{
    return kind == ACTION_QUERY_ORDER || kind == ACTION_QUERY_FILLS || kind == ACTION_SNAPSHOT;
}

static void end_call(call_t *call)
{
    loop_timer_stop(&call->timer);
    call->used = false;
    call->waiting = false;
    call->client->used--;
    call->client->questions -= is_question(call->action.kind) ? 1 : 0;
}

static void copy_cut(char *out, size_t capacity, const char *text)
{
    size_t length = strlen(text);
    if (length >= capacity)
        length = capacity - 1;
    memcpy(out, text, length);
    out[length] = '\0';
}

/* --- placements, cancels, settings: one step -------------------------------------------------- */

static bool reads_order(const call_t *call, str_t body, private_order_t *order)
{
    const symbol_map_t *symbols = call->client->options.symbols;
    int64_t time_ns = 0;
    bool algo = call->action.kind == ACTION_PLACE ? order_type_is_algo(call->action.place.type) : call->action.order.algo;
    if (algo && call->action.kind == ACTION_CANCEL) {
        if (binance_decode_algo_cancel(body, order, NULL) != RESULT_OK)
            return false;
        order->instrument = call->action.instrument; /* the reply names no symbol */
        return true;
    }
    if (algo)
        return binance_decode_algo_order(symbols, body, order, &time_ns, NULL) == RESULT_OK;
    if (binance_decode_order(symbols, body, order, &time_ns, NULL) != RESULT_OK)
        return false;
    /* A placement's acknowledgement says nothing of fills that are on their way. */
    if (call->action.kind == ACTION_PLACE && order->status == PRIVATE_STATUS_NEW)
        order->filled_known = false;
    return true;
}

/* What an accepted reply says. False: a success that cannot be read is no knowledge. */
static bool reads_success(const call_t *call, str_t body, order_reply_t *reply)
{
    switch (call->action.kind) {
    case ACTION_PLACE:
    case ACTION_CANCEL:
        return reads_order(call, body, &reply->order);
    case ACTION_SET_LEVERAGE: {
        dec_t notional;
        return binance_decode_leverage(body, &reply->leverage, &notional, NULL) == RESULT_OK;
    }
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_SET_POSITION_MODE:
    case ACTION_QUERY_ORDER:
    case ACTION_QUERY_FILLS:
    case ACTION_SNAPSHOT:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
    return true;
}

static void reply_never_sent(call_t *call, result_t why)
{
    order_reply_t *reply = &begin_input(call->client, ORDER_INPUT_REPLY)->reply;
    reply->action = call->action.number;
    reply->kind = REPLY_NEVER_SENT;
    reply->reject = REJECT_BUSY;
    copy_cut(reply->text, sizeof reply->text, result_text(why));
    end_call(call);
    give(call->client);
}

static void finish_single(call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    order_reply_t *reply = &begin_input(client, ORDER_INPUT_REPLY)->reply;
    reply->action = call->action.number;
    if (!result->sent) {
        reply->kind = REPLY_NEVER_SENT;
        reply->reject = REJECT_BUSY;
        copy_cut(reply->text, sizeof reply->text, result_text(result->why));
    } else {
        binance_verdict_reply(&result->verdict, reply);
        if (reply->kind == REPLY_ACCEPTED && !reads_success(call, result->body, reply)) {
            reply->kind = REPLY_UNKNOWN;
            copy_cut(reply->text, sizeof reply->text, "a success that cannot be read");
        }
    }
    if (result->verdict.kind == BINANCE_VERDICT_RESYNC)
        (void)binance_rest_measure_clock(client->options.rest, NULL, NULL);
    end_call(call);
    give(client);
}

/* --- queries ---------------------------------------------------------------------------------- */

typedef struct {
    uint32_t endpoint;
    bool list; /* the answer is a list in which the order may stand */
} query_step_t;

static const query_step_t normal_steps[] = {
    {ENDPOINT_ORDER, false}, {ENDPOINT_OPEN, true}, {ENDPOINT_HISTORY, true}, {ENDPOINT_TRADES, true}};
static const query_step_t algo_steps[] = {
    {ENDPOINT_ALGO, false}, {ENDPOINT_ALGO_OPEN, true}, {ENDPOINT_ALGO_HISTORY, true}, {ENDPOINT_TRADES, true}};

static const query_step_t *query_step(const call_t *call)
{
    if (call->step >= sizeof normal_steps / sizeof normal_steps[0])
        return NULL;
    return call->action.order.algo ? &algo_steps[call->step] : &normal_steps[call->step];
}

static result_t encode_query(call_t *call, const instrument_t *instrument)
{
    const order_action_t *action = &call->action;
    int64_t since_ms = now_ns(call->client) / NS_PER_MS - (7 * 24 * 3600 - 60) * INT64_C(1000); /* what the venue allows */
    /* On a busy symbol a week is more than a page, and a page that is full proves nothing: no further back than the order. */
    if (action->order.since_ns / NS_PER_MS > since_ms)
        since_ms = action->order.since_ns / NS_PER_MS;
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
        return binance_encode_user_trades(&call->request, instrument->symbol, 0, since_ms, FILLS_PAGE);
    default:
        return RESULT_BAD_STATE;
    }
}

static void look_at(void *context, const private_event_t *event)
{
    call_t *call = context;
    if (strcmp(event->order.client_id, call->action.order.client_id.text) != 0)
        return;
    call->client->wanted = event->order;
    call->client->order_found = true;
}

static void gather(void *context, const private_event_t *event)
{
    account_client_t *client = ((call_t *)context)->client;
    if (client->gathered == GATHER_MAX) {
        client->overflow = true;
        return;
    }
    client->rows[client->gathered++] = *event;
}

static binance_list_t list_of(call_t *call, binance_event_fn *each)
{
    return (binance_list_t){.symbols = call->client->options.symbols, .each = each, .context = call};
}

static void begin_gather(account_client_t *client)
{
    client->gathered = 0;
    client->overflow = false;
    client->order_found = false;
}

/* What was gathered goes to the order half as if the stream had brought it. */
static void give_gathered_as_stream(account_client_t *client)
{
    for (uint32_t i = 0; i < client->gathered; i++) {
        begin_input(client, ORDER_INPUT_PRIVATE)->event = client->rows[i];
        give(client);
    }
}

static void finish_query(call_t *call, bool found)
{
    account_client_t *client = call->client;
    query_result_t *query = &begin_input(client, ORDER_INPUT_QUERY_RESULT)->query;
    query->action = call->action.number;
    query->endpoints = call->endpoints;
    query->found = found;
    if (found)
        query->order = client->wanted;
    end_call(call);
    give(client);
}

static result_t decode_query(call_t *call, str_t body)
{
    account_client_t *client = call->client;
    const symbol_map_t *symbols = client->options.symbols;
    binance_list_t orders = list_of(call, look_at);
    binance_list_t fills = list_of(call, gather);
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
    /* A full page may hide what was looked for: it proves nothing. */
    bool cut = orders.seen >= HISTORY_PAGE || fills.seen >= FILLS_PAGE;
    return result == RESULT_OK && cut && !client->order_found ? RESULT_TRUNCATED : result;
}

static void on_query_answer(call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    const query_step_t *step = query_step(call);
    begin_gather(client);
    bool answered = false;
    if (result->sent && result->verdict.kind == BINANCE_VERDICT_ACCEPTED)
        answered = decode_query(call, result->body) == RESULT_OK && !client->overflow;
    else if (result->sent && result->verdict.kind == BINANCE_VERDICT_NOT_FOUND)
        answered = !step->list; /* a definite "not found" of the one order; a list never answers so */
    if (answered)
        call->endpoints |= step->endpoint;
    if (answered && client->order_found) {
        finish_query(call, true);
        return;
    }
    if (answered && step->endpoint == ENDPOINT_TRADES)
        give_gathered_as_stream(client);
    call->step++;
    advance(call);
}

/* --- snapshots -------------------------------------------------------------------------------- */

static result_t encode_section(call_t *call, snapshot_section_t section)
{
    binance_request_t *request = &call->request;
    int64_t since_ms = call->action.snapshot.since_ns / NS_PER_MS;
    switch (section) {
    case SECTION_MODE:
        return binance_encode_position_mode(request);
    case SECTION_SETTINGS:
        return binance_encode_symbol_config(request, "");
    case SECTION_ORDERS:
        return binance_encode_open_orders(request, "");
    case SECTION_ALGO_ORDERS:
        return binance_encode_open_algo_orders(request, "");
    case SECTION_POSITIONS:
        return binance_encode_positions(request, "");
    case SECTION_BALANCES:
        return binance_encode_balance(request);
    case SECTION_FILLS: {
        const instrument_t *instrument =
            instrument_table_at(call->client->options.instruments, call->action.snapshot.symbols[call->symbol]);
        return instrument ? binance_encode_user_trades(request, instrument->symbol, call->from_id, since_ms, FILLS_PAGE)
                          : RESULT_NOT_FOUND;
    }
    case SECTION_INCOME:
        return binance_encode_income(request, "", call->from_ms != 0 ? call->from_ms : since_ms, 0, FILLS_PAGE);
    }
    return RESULT_BAD_STATE;
}

static result_t decode_list(call_t *call, snapshot_section_t section, str_t body, binance_list_t *list)
{
    switch (section) {
    case SECTION_MODE: {
        private_event_t event = {.kind = PRIVATE_MODE, .time_ns = now_ns(call->client)};
        result_t result = binance_decode_position_mode(body, &event.mode, NULL);
        if (result != RESULT_OK)
            return result;
        gather(call, &event);
        return RESULT_OK;
    }
    case SECTION_SETTINGS:
        return binance_decode_settings(list, body, NULL);
    case SECTION_ORDERS:
        return binance_decode_orders(list, body, NULL);
    case SECTION_ALGO_ORDERS:
        return binance_decode_algo_orders(list, body, NULL);
    case SECTION_POSITIONS:
        return binance_decode_positions(list, body, NULL);
    case SECTION_BALANCES:
        return binance_decode_balances(list, body, NULL);
    case SECTION_FILLS:
        return binance_decode_fills(list, body, NULL);
    case SECTION_INCOME:
        return binance_decode_incomes(list, body, NULL);
    }
    return RESULT_BAD_STATE;
}

static snapshot_piece_t *begin_piece(call_t *call, snapshot_section_t section, snapshot_phase_t phase)
{
    snapshot_piece_t *piece = &begin_input(call->client, ORDER_INPUT_SNAPSHOT)->snapshot;
    piece->action = call->action.number;
    piece->section = section;
    piece->phase = phase;
    return piece;
}

static void give_gathered_as_section(call_t *call, snapshot_section_t section)
{
    account_client_t *client = call->client;
    for (uint32_t i = 0; i < client->gathered; i++) {
        begin_piece(call, section, SNAPSHOT_ITEM)->item = client->rows[i];
        give(client);
    }
}

/* A section ends; fills are read symbol by symbol and end with the last one. A full page of fills may hide older ones: no
 * information. */
static void end_section(call_t *call, snapshot_section_t section, bool whole)
{
    account_client_t *client = call->client;
    if (whole)
        give_gathered_as_section(call, section);
    call->from_id = 0;
    call->from_ms = 0;
    if (whole && section == SECTION_FILLS && ++call->symbol < call->action.snapshot.count) {
        advance(call);
        return;
    }
    begin_piece(call, section, whole ? SNAPSHOT_COMPLETE : SNAPSHOT_FAILED);
    give(client);
    call->step++;
    advance(call);
}

static void on_snapshot_answer(call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    snapshot_section_t section = sections[call->step];
    begin_gather(client);
    binance_list_t list = list_of(call, gather);
    bool whole = result->sent && result->verdict.kind == BINANCE_VERDICT_ACCEPTED &&
                 decode_list(call, section, result->body, &list) == RESULT_OK && !client->overflow;
    bool more = (section == SECTION_FILLS || section == SECTION_INCOME) && list.seen >= FILLS_PAGE;
    if (whole && more && section == SECTION_FILLS) {
        give_gathered_as_section(call, section);
        call->from_id = list.last_id + 1; /* the next page of the same symbol */
        advance(call);
        return;
    }
    if (whole && more && list.last_ns / NS_PER_MS > call->from_ms) {
        give_gathered_as_section(call, section);
        call->from_ms = list.last_ns / NS_PER_MS; /* rows of this very moment come twice, and are known by their numbers */
        advance(call);
        return;
    }
    end_section(call, section, whole && !more);
}

/* --- plans ------------------------------------------------------------------------------------ */

static result_t encode_single(call_t *call, const instrument_t *instrument)
{
    const order_action_t *action = &call->action;
    switch (action->kind) {
    case ACTION_PLACE: /* the order itself says which mode it was made for */
        return binance_encode_place(&call->request, instrument, &action->place,
                                    action->place.position == POSITION_BOTH ? POSITION_MODE_ONE_WAY : POSITION_MODE_HEDGE);
    case ACTION_CANCEL:
        return binance_encode_cancel(&call->request, instrument, action->order.algo ? ORDER_STOP_MARKET : ORDER_LIMIT,
                                     &action->order.client_id);
    case ACTION_SET_LEVERAGE:
        return binance_encode_set_leverage(&call->request, instrument->symbol, action->leverage);
    case ACTION_SET_MARGIN_TYPE:
        return binance_encode_set_margin(&call->request, instrument->symbol, action->margin_type);
    case ACTION_SET_POSITION_MODE:
        return binance_encode_set_position_mode(&call->request, action->mode);
    case ACTION_QUERY_ORDER:
    case ACTION_QUERY_FILLS:
    case ACTION_SNAPSHOT:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
    return RESULT_UNSUPPORTED;
}

static bool is_single(action_kind_t kind)
{
    return !is_question(kind);
}

static void on_fills_answer(call_t *call, const binance_result_t *result)
{
    account_client_t *client = call->client;
    begin_gather(client);
    binance_list_t list = list_of(call, gather);
    bool whole = result->sent && result->verdict.kind == BINANCE_VERDICT_ACCEPTED &&
                 binance_decode_fills(&list, result->body, NULL) == RESULT_OK && !client->overflow;
    if (whole)
        give_gathered_as_stream(client); /* each fill is a fact, also of a list that has more pages */
    if (whole && list.seen >= FILLS_PAGE && list.last_id >= call->from_id) {
        call->from_id = list.last_id + 1;
        advance(call);
        return;
    }
    call->endpoints = whole && list.seen < FILLS_PAGE ? (uint32_t)ENDPOINT_TRADES : 0;
    finish_query(call, false);
}

static void on_answer(void *context, const binance_result_t *result)
{
    call_t *call = context;
    if (call->client->stopped)
        return;
    switch (call->action.kind) {
    case ACTION_QUERY_ORDER:
        on_query_answer(call, result);
        break;
    case ACTION_QUERY_FILLS:
        on_fills_answer(call, result);
        break;
    case ACTION_SNAPSHOT:
        on_snapshot_answer(call, result);
        break;
    case ACTION_PLACE:
    case ACTION_CANCEL:
    case ACTION_SET_LEVERAGE:
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_SET_POSITION_MODE:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        finish_single(call, result);
        break;
    }
}

/* A step that could not even be asked. */
static void give_up_step(call_t *call, result_t why)
{
    const binance_result_t nothing = {.why = why};
    if (is_single(call->action.kind))
        reply_never_sent(call, why);
    else
        on_answer(call, &nothing);
}

static void ask_again(loop_timer_t *timer, void *context)
{
    (void)timer;
    call_t *call = context;
    call->waiting = false;
    send_request(call);
}

static void send_request(call_t *call)
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
    loop_timer_start_in(&call->timer, (wait_ms > RETRY_MIN_MS ? wait_ms : RETRY_MIN_MS) * NS_PER_MS);
}

static result_t encode_step(call_t *call)
{
    const instrument_t *instrument = instrument_table_at(call->client->options.instruments, call->action.instrument);
    switch (call->action.kind) {
    case ACTION_SNAPSHOT:
        return encode_section(call, sections[call->step]);
    case ACTION_QUERY_FILLS:
        return instrument ? binance_encode_user_trades(&call->request, instrument->symbol, call->from_id,
                                                       call->action.fills.since_ns / NS_PER_MS, FILLS_PAGE)
                          : RESULT_NOT_FOUND;
    case ACTION_QUERY_ORDER:
        return instrument ? encode_query(call, instrument) : RESULT_NOT_FOUND;
    case ACTION_SET_POSITION_MODE:
        return encode_single(call, NULL);
    case ACTION_PLACE:
    case ACTION_CANCEL:
    case ACTION_SET_LEVERAGE:
    case ACTION_SET_MARGIN_TYPE:
    case ACTION_READ_RULES:
    case ACTION_NOTIFY:
        break;
    }
    return instrument ? encode_single(call, instrument) : RESULT_NOT_FOUND;
}

/* Begins the step the plan has come to, or ends the plan. */
static void advance(call_t *call)
{
    account_client_t *client = call->client;
    call->tries = 0;
    if (call->action.kind == ACTION_QUERY_ORDER && !query_step(call)) {
        finish_query(call, false);
        return;
    }
    if (call->action.kind == ACTION_SNAPSHOT) {
        if (call->step == sizeof sections / sizeof sections[0]) {
            begin_piece(call, 0, SNAPSHOT_END);
            end_call(call);
            give(client);
            return;
        }
        if (sections[call->step] == SECTION_FILLS && call->action.snapshot.count == 0) {
            begin_gather(client);
            end_section(call, SECTION_FILLS, true);
            return;
        }
    }
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
    call_t *call = context;
    call->waiting = false;
    loop_timer_init(&call->timer, call->client->options.loop, ask_again, call); /* from now on the timer waits for the budget */
    advance(call);
}

result_t account_client_do(account_client_t *client, const order_action_t *action)
{
    if (action->kind == ACTION_NOTIFY || action->kind == ACTION_READ_RULES)
        return RESULT_UNSUPPORTED;
    call_t *call = NULL;
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

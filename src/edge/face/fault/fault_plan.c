/* fault_plan.c: see fault_plan.h. */
#include "edge/face/fault/fault_plan.h"

#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/face/fault/fault_json.h"
#include "edge/net/http.h"

/* --- what it is ------------------------------------------------------------------------------- */

static str_t last_word(str_t path)
{
    str_t last = path;
    for (str_t rest = path; rest.length > 0;)
        last = str_cut(&rest, '/');
    return last;
}

static bool is_one_of(str_t word, const char *const *words)
{
    for (; *words; words++) {
        if (str_eq(word, str_from(*words)))
            return true;
    }
    return false;
}

/* "order.place", "v2/account.balance": the last piece says what is done with the first. */
static fault_on_t class_of_api(str_t name)
{
    static const char *const orders[] = {"order",         "algoOrder", "openOrders", "orderList", "openOrderLists",
                                         "allOrderLists", "allOrders", "myTrades",   NULL};
    static const char *const cancels[] = {"cancel", "cancelAll", NULL};
    static const char *const pictures[] = {"status", "balance", "position", NULL};
    static const char *const keys[] = {"userDataStream", "session", NULL};
    str_t rest = last_word(name);
    str_t noun = str_cut(&rest, '.'), verb = {0};
    while (rest.length > 0)
        verb = str_cut(&rest, '.');
    if (is_one_of(noun, keys))
        return FAULT_ON_KEY;
    if (str_eq(noun, STR("account")))
        return is_one_of(verb, pictures) ? FAULT_ON_ACCOUNT : FAULT_ON_MARKET;
    if (!is_one_of(noun, orders))
        return FAULT_ON_MARKET;
    if (verb.length == 0 || str_eq(verb, STR("status")))
        return FAULT_ON_QUERY;
    return is_one_of(verb, cancels) ? FAULT_ON_CANCEL : FAULT_ON_ORDER;
}

static fault_on_t class_of(str_t method, str_t path)
{
    static const char *const orders[] = {"order",
                                         "test",
                                         "batchOrders",
                                         "algoOrder",
                                         "orderList",
                                         "oco",
                                         "oto",
                                         "otoco",
                                         "openOrders",
                                         "openOrder",
                                         "allOrders",
                                         "allOpenOrders",
                                         "myTrades",
                                         "userTrades",
                                         "openAlgoOrders",
                                         "allAlgoOrders",
                                         "algoOpenOrders",
                                         "allOrderList",
                                         "openOrderList",
                                         "cancelReplace",
                                         "countdownCancelAll",
                                         "keepPriority",
                                         NULL};
    static const char *const accounts[] = {"account", "balance", "positionRisk", NULL};
    static const char *const keys[] = {"listenKey", "userDataStream", NULL};
    if (method.length == 0)
        return class_of_api(path);
    str_t word = last_word(path);
    if (is_one_of(word, orders)) {
        if (str_eq(method, STR("GET")))
            return FAULT_ON_QUERY;
        return str_eq(method, STR("DELETE")) || str_eq(word, STR("countdownCancelAll")) ? FAULT_ON_CANCEL : FAULT_ON_ORDER;
    }
    return is_one_of(word, accounts) ? FAULT_ON_ACCOUNT : is_one_of(word, keys) ? FAULT_ON_KEY : FAULT_ON_MARKET;
}

static str_t parameter(const fault_request_t *request, const char *name)
{
    str_t value = {0};
    if (!http_query_find(request->query, name, &value))
        (void)http_query_find(request->body, name, &value);
    return value;
}

fault_facts_t fault_request_facts(const fault_request_t *request)
{
    return (fault_facts_t){.on = class_of(request->method, request->path),
                           .path = request->path,
                           .symbol = parameter(request, "symbol"),
                           .account = request->account};
}

bool fault_request_is_conditional(const fault_request_t *request)
{
    static const char *const types[] = {"STOP",
                                        "STOP_MARKET",
                                        "TAKE_PROFIT",
                                        "TAKE_PROFIT_MARKET",
                                        "TRAILING_STOP_MARKET",
                                        "STOP_LOSS",
                                        "STOP_LOSS_LIMIT",
                                        "TAKE_PROFIT_LIMIT",
                                        NULL};
    return is_one_of(parameter(request, "type"), types) || str_eq(last_word(request->path), STR("algoOrder")) ||
           str_starts_with(request->path, STR("algoOrder."));
}

/* --- decisions -------------------------------------------------------------------------------- */

static void instead(fault_plan_t *plan, const char *knob, unsigned status, int code, fault_body_t body)
{
    plan->replying = FAULT_REPLY_INSTEAD;
    plan->status = status;
    plan->code = code;
    plan->body = body;
    plan->struck = knob;
}

static void refuse(fault_plan_t *plan, const char *knob, unsigned status, int code, fault_body_t body)
{
    instead(plan, knob, status, code, body);
    plan->handling = FAULT_DO_NOT_HANDLE;
}

static void never(fault_plan_t *plan, const char *knob, fault_handling_t handling, fault_replying_t replying)
{
    plan->replying = replying;
    plan->handling = handling;
    plan->struck = knob;
}

/* True: the request gets no further. */
static bool venue_refuses(fault_engine_t *engine, const fault_request_t *request, fault_plan_t *plan)
{
    enum { MAINT_HALT, MAINT_CANCEL, MAINT_CANCEL_ONLY, MAINT_DOWN };
    const fault_facts_t *facts = &plan->facts;
    const fault_armed_t *fault;
    if (fault_strike(engine, FAULT_VENUE_DEAD, facts)) {
        never(plan, "venue.dead", FAULT_DO_NOT_HANDLE, FAULT_REPLY_NEVER);
        return true;
    }
    if ((fault = fault_state(engine, FAULT_MAINT)) != NULL) {
        int64_t kind = fault_number(&fault->spec, 0);
        if (kind == MAINT_DOWN)
            refuse(plan, "maint", 503, -1016, request->bytes % 2 == 0 ? FAULT_BODY_HTML : FAULT_BODY_JSON);
        else if (kind == MAINT_HALT && (facts->on == FAULT_ON_CANCEL || facts->on == FAULT_ON_ORDER))
            refuse(plan, "maint", 503, -1016, FAULT_BODY_JSON);
    }
    if (plan->handling == FAULT_HANDLE && (fault = fault_strike(engine, FAULT_API_MIGRATE, facts)) != NULL)
        refuse(plan, "api.migrate", (unsigned)fault_number(&fault->spec, 0), (int)fault_number(&fault->spec, 1), FAULT_BODY_JSON);
    if (plan->handling == FAULT_HANDLE && fault_is_active(engine, FAULT_PROT_REJ) && fault_request_is_conditional(request) &&
        (fault = fault_strike(engine, FAULT_PROT_REJ, facts)) != NULL)
        refuse(plan, "prot.rej", 400, (int)fault_number(&fault->spec, 0), FAULT_BODY_JSON);
    return plan->handling == FAULT_DO_NOT_HANDLE;
}

static void answer_wrongly(fault_engine_t *engine, fault_plan_t *plan)
{
    enum { CODE_STATUS, CODE_CODE, CODE_WHEN, CODE_BODY, WHEN_AFTER = 0, WHEN_BEFORE = 1 };
    const fault_armed_t *fault = fault_strike(engine, FAULT_ACK_CODE, &plan->facts);
    if (!fault)
        return;
    const fault_spec_t *spec = &fault->spec;
    int64_t when = fault_number(spec, CODE_WHEN);
    bool before = when == WHEN_BEFORE || (when != WHEN_AFTER && fault->struck % 2 == 1);
    instead(plan, "ack.code", (unsigned)fault_number(spec, CODE_STATUS), (int)fault_number(spec, CODE_CODE),
            (fault_body_t)fault_number(spec, CODE_BODY));
    plan->handling = before ? FAULT_DO_NOT_HANDLE : FAULT_HANDLE;
}

static void spoil_bytes(fault_engine_t *engine, fault_plan_t *plan)
{
    const fault_armed_t *fault;
    if ((fault = fault_strike(engine, FAULT_REP_CUT, &plan->facts)) != NULL)
        plan->bytes = (stream_fault_t){.kind = STREAM_FAULT_CUT, .at_byte = (uint64_t)fault_number(&fault->spec, 0)};
    else if ((fault = fault_strike(engine, FAULT_REP_STALL, &plan->facts)) != NULL)
        plan->bytes = (stream_fault_t){.kind = STREAM_FAULT_STALL,
                                       .at_byte = (uint64_t)fault_number(&fault->spec, 0),
                                       .stall_ns = fault_number(&fault->spec, 1) == 0 ? -1 : fault_number(&fault->spec, 1)};
    else if ((fault = fault_strike(engine, FAULT_REP_SPOIL, &plan->facts)) != NULL)
        plan->bytes = (stream_fault_t){.kind = STREAM_FAULT_SPOIL, .at_byte = (uint64_t)fault_number(&fault->spec, 0)};
    else if ((fault = fault_strike(engine, FAULT_ACK_DELAY, &plan->facts)) != NULL)
        plan->bytes = (stream_fault_t){.kind = STREAM_FAULT_STALL, .stall_ns = fault_number(&fault->spec, 0)};
    else
        return;
    plan->struck = fault_row(fault->spec.knob)->name;
}

static void change_content(fault_engine_t *engine, fault_plan_t *plan)
{
    const fault_armed_t *fault;
    if (fault_strike(engine, FAULT_NF_WINDOW, &plan->facts) != NULL)
        plan->hidden_after_ns = INT64_MIN;
    else if ((fault = fault_strike(engine, FAULT_VIS_LAG, &plan->facts)) != NULL)
        plan->hidden_after_ns = engine->now_ns - fault_number(&fault->spec, 0);
    if ((fault = fault_strike(engine, FAULT_ACCT_ZERO, &plan->facts)) != NULL)
        plan->zero = (int)fault_number(&fault->spec, 0);
    if ((fault = fault_strike(engine, FAULT_PX_BAD, &plan->facts)) != NULL)
        plan->price = (int)fault_number(&fault->spec, 0);
    if (fault_is_active(engine, FAULT_CDL_GAP) && str_ends_with(plan->facts.path, STR("klines")))
        plan->candle_missing = fault_strike(engine, FAULT_CDL_GAP, &plan->facts) != NULL;
}

void fault_plan(fault_engine_t *engine, const fault_request_t *request, fault_plan_t *plan)
{
    memset(plan, 0, sizeof *plan);
    plan->zero = plan->price = -1;
    plan->hidden_after_ns = INT64_MAX;
    plan->facts = fault_request_facts(request);
    if (engine == NULL || engine->active == 0 || venue_refuses(engine, request, plan))
        return;
    const fault_armed_t *fault = fault_strike(engine, FAULT_REQ_CUT, &plan->facts);
    if (fault) {
        bool whole = (uint64_t)fault_number(&fault->spec, 0) >= request->bytes;
        never(plan, "req.cut", whole ? FAULT_HANDLE : FAULT_DO_NOT_HANDLE, FAULT_REPLY_RESET);
        return;
    }
    if (fault_strike(engine, FAULT_ACK_ASYNC_REJ, &plan->facts))
        plan->doomed = true;
    if ((fault = fault_strike(engine, FAULT_FILL_RACE, &plan->facts)) != NULL) {
        plan->race = true;
        plan->race_share = fault->spec.values[0].amount;
    }
    if (fault_strike(engine, FAULT_DUP_AFTER_FILL, &plan->facts))
        plan->handling = FAULT_HANDLE_TWICE;
    if (fault_strike(engine, FAULT_ACK_DROP, &plan->facts)) {
        never(plan, "ack.drop", plan->handling, FAULT_REPLY_NEVER);
        return;
    }
    answer_wrongly(engine, plan);
    change_content(engine, plan);
    spoil_bytes(engine, plan);
}

bool fault_plan_cut(fault_engine_t *engine, str_t so_far)
{
    if (!fault_is_active(engine, FAULT_REQ_CUT))
        return false;
    str_t line = so_far, target, path;
    str_t method = str_cut(&line, ' ');
    if (line.length == 0 || memchr(line.bytes, ' ', line.length) == NULL)
        return false; /* its path is not known yet */
    target = str_cut(&line, ' ');
    path = str_cut(&target, '?');
    const fault_facts_t facts = {.on = class_of(method, path), .path = path};
    for (uint32_t i = 0; i < engine->count; i++) {
        const fault_armed_t *fault = &engine->armed[i];
        if (fault->phase == FAULT_RUNNING && fault->spec.knob == FAULT_REQ_CUT && fault->spec.symbol[0] == '\0' &&
            fault->spec.account[0] == '\0' && (uint64_t)fault_number(&fault->spec, 0) <= so_far.length)
            return fault_strike(engine, FAULT_REQ_CUT, &facts) != NULL;
    }
    return false;
}

/* --- the content of a reply ------------------------------------------------------------------- */

static int64_t began_ms(str_t row)
{
    int64_t time_ms = 0;
    static const char *const names[] = {"time", "createTime", "transactTime", "updateTime"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_to_i64(fault_json_find(row, names[i]), &time_ms) == RESULT_OK)
            return time_ms;
    }
    return 0;
}

static bool is_shown(void *context, uint32_t row, str_t text)
{
    (void)row;
    return began_ms(text) <= *(const int64_t *)context;
}

static bool is_in_first_half(void *context, uint32_t row, str_t text)
{
    (void)context, (void)text;
    return row % 2 == 0;
}

/* The second newest row is missing: a hole, not a shorter list. */
static bool is_no_hole(void *context, uint32_t row, str_t text)
{
    (void)text;
    return row != *(const uint32_t *)context;
}

static bool count_row(void *context, uint32_t row, str_t text)
{
    (void)text;
    *(uint32_t *)context = row + 1;
    return true;
}

static bool write_text(const char *text, char *out, size_t capacity, size_t *length)
{
    *length = strlen(text);
    if (*length > capacity)
        return false;
    memcpy(out, text, *length);
    return true;
}

static bool hide(const fault_plan_t *plan, str_t json, unsigned *status, char *out, size_t capacity, size_t *length)
{
    int64_t until_ms = plan->hidden_after_ns / NS_PER_MS;
    if (json.length > 0 && json.bytes[0] == '[')
        return fault_json_rows(json, is_shown, &until_ms, out, capacity, length);
    if (began_ms(json) <= until_ms)
        return false;
    *status = 400;
    return write_text("{\"code\":-2013,\"msg\":\"Order does not exist.\"}", out, capacity, length);
}

static bool zero(const fault_plan_t *plan, str_t json, char *out, size_t capacity, size_t *length)
{
    enum { ZERO_ZERO, ZERO_EMPTY, ZERO_PARTIAL };
    bool list = json.length > 0 && json.bytes[0] == '[';
    switch (plan->zero) {
    case ZERO_ZERO:
        return fault_json_zero(json, out, capacity, length);
    case ZERO_EMPTY:
        if (list)
            return write_text("[]", out, capacity, length);
        break;
    case ZERO_PARTIAL:
        if (list)
            return fault_json_rows(json, is_in_first_half, NULL, out, capacity, length);
        break;
    default:
        return false;
    }
    /* One document with lists in it: balances gone, or positions. */
    return fault_json_set(json, plan->zero == ZERO_EMPTY ? "assets" : "positions", STR("[]"), out, capacity, length) ||
           fault_json_set(json, "balances", STR("[]"), out, capacity, length);
}

bool fault_plan_edit(const fault_plan_t *plan, str_t json, unsigned *status, char *out, size_t capacity, size_t *length)
{
    if (*status != 200)
        return false;
    if (plan->hidden_after_ns != INT64_MAX)
        return hide(plan, json, status, out, capacity, length);
    if (plan->zero >= 0)
        return zero(plan, json, out, capacity, length);
    if (plan->price >= 0)
        return fault_json_prices(json, (fault_price_t)plan->price, out, capacity, length);
    if (plan->candle_missing) {
        uint32_t rows = 0, hole;
        (void)fault_json_rows(json, count_row, &rows, out, capacity, length);
        hole = rows >= 2 ? rows - 2 : UINT32_MAX;
        return fault_json_rows(json, is_no_hole, &hole, out, capacity, length);
    }
    return false;
}

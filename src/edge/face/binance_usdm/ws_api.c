/* ws_api.c: orders over a socket (/ws-fapi/v1): the same handlers, another envelope.
 *
 * {"id","method","params"} -> {"id","status":200,"result",rateLimits} or {"id","status":400,"error":{code,msg}}. The signature is
 * over the parameters sorted by name, "k=v&k=v", without the signature itself.
 */
#include <stdlib.h>
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"
#include "edge/json/json_reader.h"

typedef struct {
    const char *name;
    security_t security;
    uint32_t weight, orders;
    handler_fn *handle;
} method_t;

static const method_t methods[] = {
    {"order.place", SECURITY_SIGNED, 0, 1, handle_order_place},
    {"order.modify", SECURITY_SIGNED, 0, 1, handle_order_amend},
    {"order.cancel", SECURITY_SIGNED, 1, 0, handle_order_cancel},
    {"order.status", SECURITY_SIGNED, 1, 0, handle_order_get},
    {"algoOrder.place", SECURITY_SIGNED, 0, 1, handle_algo_place},
    {"algoOrder.cancel", SECURITY_SIGNED, 1, 0, handle_algo_cancel},
    {"account.status", SECURITY_SIGNED, 5, 0, handle_account_v3},
    {"v2/account.status", SECURITY_SIGNED, 5, 0, handle_account_v3},
    {"account.balance", SECURITY_SIGNED, 5, 0, handle_balance_v3},
    {"v2/account.balance", SECURITY_SIGNED, 5, 0, handle_balance_v3},
    {"account.position", SECURITY_SIGNED, 5, 0, handle_position_risk_v2},
    {"v2/account.position", SECURITY_SIGNED, 5, 0, handle_position_risk_v3},
    {"userDataStream.start", SECURITY_KEY, 5, 0, handle_listen_key_new},
    {"userDataStream.ping", SECURITY_KEY, 1, 0, handle_listen_key_keep},
    {"userDataStream.stop", SECURITY_KEY, 1, 0, handle_listen_key_end},
    {"ping", SECURITY_NONE, 1, 0, handle_ping},
    {"time", SECURITY_NONE, 1, 0, handle_time},
    {"depth", SECURITY_NONE, 5, 0, handle_depth},
    {"ticker.price", SECURITY_NONE, 1, 0, handle_ticker_price},
    {"ticker.book", SECURITY_NONE, 2, 0, handle_ticker_book},
};

typedef struct {
    char method[40];
    str_t id; /* raw JSON: a text or a number, sent back as it came */
} request_t;

static void read_params(call_t *call, json_reader_t *reader)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        char text[1024];
        size_t length = 0;
        str_t value = {0};
        if (json_peek(reader) == JSON_STRING) {
            if (json_read_text(reader, text, sizeof text, &length) == RESULT_OK)
                value = (str_t){text, length};
        } else {
            json_read_raw(reader, &value);
        }
        call_add_param(call, key, value, PARAM_PLAIN);
    }
}

static bool read_request(call_t *call, str_t text, request_t *request)
{
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("method")))
            json_read_text(&reader, request->method, sizeof request->method, NULL);
        else if (str_eq(key, STR("id")))
            json_read_raw(&reader, &request->id);
        else if (str_eq(key, STR("params")) && json_peek(&reader) == JSON_OBJECT)
            read_params(call, &reader);
        else
            json_skip(&reader);
    }
    return json_finish(&reader) == RESULT_OK;
}

static int by_name(const void *a, const void *b)
{
    const param_t *left = a, *right = b;
    size_t common = left->name.length < right->name.length ? left->name.length : right->name.length;
    int order = memcmp(left->name.bytes, right->name.bytes, common);
    if (order != 0)
        return order;
    return (left->name.length > right->name.length) - (left->name.length < right->name.length);
}

static size_t append(char *buffer, size_t at, str_t text)
{
    memcpy(buffer + at, text.bytes, text.length);
    return at + text.length;
}

/* Puts the sorted parameters together; all of them fit, because they were kept in a smaller buffer. */
static str_t sorted_payload(call_t *call, char *room, str_t *signature)
{
    size_t at = 0;
    qsort(call->params, call->param_count, sizeof call->params[0], by_name);
    for (uint32_t i = 0; i < call->param_count; i++) {
        const param_t *param = &call->params[i];
        if (str_eq(param->name, STR("signature"))) {
            *signature = param->value;
            continue;
        }
        if (at > 0)
            room[at++] = '&';
        at = append(room, at, param->name);
        room[at++] = '=';
        at = append(room, at, param->value);
    }
    return (str_t){room, at};
}

static const method_t *find_method(const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    }
    return NULL;
}

static bool check_security(usdm_t *usdm, call_t *call, const method_t *method, int64_t wall_ns)
{
    str_t key = {0}, signature = {0};
    if (method->security == SECURITY_NONE)
        return true;
    if (!call_text(call, "apiKey", PARAM_MANDATORY, &key) || !gate_check_key(usdm, call, key))
        return false;
    if (method->security == SECURITY_KEY)
        return true;
    str_t payload = sorted_payload(call, usdm->reply + sizeof usdm->reply / 2, &signature);
    return gate_check_time(usdm, call, wall_ns) && gate_check_signature(usdm, call, payload, (str_t){0}, signature);
}

static void run(usdm_t *usdm, call_t *call, const usdm_session_t *session, const char *name, int64_t wall_ns)
{
    const method_t *method = find_method(name);
    uint32_t used = 0;
    int64_t retry_s = 0;
    if (!method) {
        call_fail(call, 400, -1020, "This operation is not supported.");
        return;
    }
    if (!gate_weigh(usdm, call, str_from(session->address), method->weight, wall_ns, &used, &retry_s) ||
        !check_security(usdm, call, method, wall_ns))
        return;
    if (method->orders > 0 && !gate_count_orders(usdm, call, method->orders, method->orders, wall_ns))
        return;
    json_writer_init(&call->writer, usdm->reply, sizeof usdm->reply);
    method->handle(call);
}

static void write_envelope(usdm_t *usdm, call_t *call, usdm_session_t *session, str_t id, str_t body)
{
    json_writer_t writer;
    str_t text;
    /* The body stands at the front of the reply buffer; the envelope is written into its rear half. */
    json_writer_init(&writer, usdm->reply + sizeof usdm->reply / 2, sizeof usdm->reply / 2);
    json_begin_object(&writer);
    json_write_key(&writer, "id");
    json_write_raw(&writer, id.length > 0 ? id : STR("null"));
    json_field_u64(&writer, "status", call->status);
    json_write_key(&writer, call_failed(call) ? "error" : "result");
    json_write_raw(&writer, body);
    json_end_object(&writer);
    if (json_writer_finish(&writer, &text) == RESULT_OK)
        session_send(usdm, session, text);
}

void ws_api_text(usdm_t *usdm, usdm_session_t *session, str_t text, int64_t wall_ns)
{
    call_t *call = &usdm->call;
    request_t request = {.method = ""};
    call_begin(usdm, call);
    json_writer_init(&call->writer, usdm->reply, sizeof usdm->reply);
    if (!read_request(call, text, &request))
        call_fail(call, 400, -1000, "Invalid JSON.");
    else if (!call_failed(call))
        run(usdm, call, session, request.method, wall_ns);
    write_envelope(usdm, call, session, request.id, call_end(call));
}

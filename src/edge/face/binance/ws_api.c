/* ws_api.c: requests over a socket: the same handlers, another envelope.
 *
 * A session may log on with an Ed25519 key; its requests then need neither key nor signature, only their time.
 * {"id","method","params"} -> {"id","status":200,"result",rateLimits} or {"id","status":400,"error":{code,msg}}. The signature is
 * over the parameters sorted by name, "k=v&k=v", without the signature itself.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "edge/face/binance/ws_api.h"
#include "edge/json/json_reader.h"

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

bool request_is_id(str_t id)
{
    const bool text = id.length > 2 && id.bytes[0] == '"';
    if (text ? id.length > 2 + 36 : id.length == 0)
        return false;
    if (str_eq(id, STR("null")))
        return true;
    for (size_t i = text ? 1 : id.bytes[0] == '-'; i < id.length - text; i++) {
        const unsigned char letter = (unsigned char)id.bytes[i];
        if (text ? !isalnum(letter) && letter != '-' && letter != '_' : !isdigit(letter))
            return false;
    }
    return true;
}

/* "v3/order.place" is "order.place": spot has one version. */
static void drop_version(const dialect_t *dialect, char *name)
{
    static const char version[] = "v3/";
    const size_t length = sizeof version - 1;
    if (dialect->spot && strncmp(name, version, length) == 0)
        memmove(name, name + length, strlen(name + length) + 1);
}

static bool read_request(call_t *call, str_t text, ws_request_t *request)
{
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_enter_object(&reader);
    for (str_t key; json_next_key(&reader, &key);) {
        if (str_eq(key, STR("method")))
            json_read_text(&reader, request->name, sizeof request->name, NULL);
        else if (str_eq(key, STR("id")))
            json_read_raw(&reader, &request->id);
        else if (str_eq(key, STR("params")) && json_peek(&reader) == JSON_OBJECT)
            read_params(call, &reader);
        else if (str_eq(key, STR("params")) && json_peek(&reader) != JSON_NULL) {
            call_fail(call, 400, -1135, "Invalid 'params' in JSON request; expected an object.");
            json_skip(&reader);
        } else
            json_skip(&reader);
    }
    drop_version(call->face->dialect, request->name);
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

static const method_t *find_method(const dialect_t *dialect, const char *name)
{
    for (size_t i = 0; i < dialect->method_count; i++) {
        if (strcmp(dialect->methods[i].name, name) == 0)
            return &dialect->methods[i];
    }
    return NULL;
}

/* The key that is named, or else the one the session is logged on with; a request that names a key must sign with it. */
static bool check_security(face_t *face, call_t *call, const face_session_t *session, const method_t *method, int64_t wall_ns)
{
    str_t key = {0}, signature = {0}, address = str_from(session->address);
    if (method->security == SECURITY_NONE)
        return true;
    if (session->logon && !method->handle_session && !call_has(call, "apiKey"))
        return gate_use_key(face, call, session->logon, method->right, address) &&
               (method->security == SECURITY_KEY || gate_check_time(face, call, wall_ns));
    if (!call_text(call, "apiKey", PARAM_MANDATORY, &key) || !gate_check_key(face, call, key, method->right, address))
        return false;
    if (method->security == SECURITY_KEY)
        return true;
    str_t payload = sorted_payload(call, face->reply + sizeof face->reply / 2, &signature);
    return gate_check_time(face, call, wall_ns) && gate_check_signature(face, call, payload, (str_t){0}, signature);
}

/* On spot a method whose endpoint weighs by its parameters does too. [docs] */
static uint32_t weight_of(const call_t *call, const method_t *method)
{
    const dialect_t *dialect = call->face->dialect;
    for (size_t i = 0; dialect->spot && method->handle && i < dialect->route_count; i++) {
        if (dialect->routes[i].handle == method->handle && dialect->routes[i].weigh && method->weight > 0)
            return dialect->routes[i].weigh(call);
    }
    return method->weight;
}

static void run(face_t *face, call_t *call, face_session_t *session, const method_t *method, gate_wait_t *wait)
{
    if (!gate_weigh(face, call, str_from(session->address), weight_of(call, method), wait) ||
        !check_security(face, call, session, method, wait->wall_ns) ||
        (method->right == FACE_KEY_TRADES && !face->dialect->refuse_unknown(call)))
        return;
    if (method->security != SECURITY_NONE)
        set_remove(&face->strangers, session->index); /* whoever has a key is none */
    const uint32_t orders[ORDER_LIMITS] = {method->orders, method->orders};
    if (method->orders > 0 && !gate_count_orders(face, call, orders, method->handle, wait->wall_ns))
        return;
    call_write_to(call, face->reply, sizeof face->reply);
    if (method->handle_session)
        method->handle_session(call, session);
    else
        method->handle(call);
}

/* --- the session ------------------------------------------------------------------------------ */

static void write_session(call_t *call, const face_session_t *session)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    if (session->logon) {
        json_field_string(writer, "apiKey", session->logon->api_key);
        write_ms(writer, "authorizedSince", session->authorised_ns);
    } else {
        json_field_null(writer, "apiKey");
        json_field_null(writer, "authorizedSince");
    }
    write_ms(writer, "connectedSince", session->opened_ns);
    json_field_bool(writer, "returnRateLimits", true);
    write_ms(writer, "serverTime", venue_now(call->venue));
    json_end_object(writer);
}

/* Only Ed25519 keys may log on. */
void session_logon(call_t *call, face_session_t *session)
{
    if (sign_key_kind(call->secret->key) != SIGN_ED25519) {
        call_fail(call, 400, -4056,
                  sign_key_kind(call->secret->key) == SIGN_HMAC_SHA256 ? "HMAC_SHA256 API key is not supported."
                                                                       : "RSA API key is not supported.");
        return;
    }
    session->logon = call->secret;
    session->authorised_ns = venue_now(call->venue);
    write_session(call, session);
}

void session_status(call_t *call, face_session_t *session)
{
    write_session(call, session);
}

void session_logout(call_t *call, face_session_t *session)
{
    session->logon = NULL;
    session->authorised_ns = 0;
    write_session(call, session);
}

/* --- the reply -------------------------------------------------------------------------------- */

void write_rate_limit(json_writer_t *writer, const char *type, const char *interval, int64_t number, int64_t limit, uint64_t count)
{
    json_begin_object(writer);
    json_field_string(writer, "rateLimitType", type);
    json_field_string(writer, "interval", interval);
    json_field_i64(writer, "intervalNum", number);
    json_field_i64(writer, "limit", limit);
    if (count != SIZE_MAX)
        json_field_u64(writer, "count", count);
    json_end_object(writer);
}

static void write_limits(face_t *face, const call_t *call, json_writer_t *writer, const method_t *method, uint32_t used)
{
    const dialect_t *dialect = face->dialect;
    json_write_key(writer, "rateLimits");
    json_begin_array(writer);
    write_rate_limit(writer, "REQUEST_WEIGHT", "MINUTE", 1, dialect->weight_most, used);
    for (uint32_t i = 0; method && method->orders > 0 && call->account && i < ORDER_LIMITS; i++)
        write_rate_limit(writer, "ORDERS", dialect->orders[i].interval, dialect->orders[i].number, dialect->orders[i].most,
                         gate_order_count(face, call->account, i));
    json_end_array(writer);
}

/* {"code","msg"} and, when the client has to wait, until when. */
static void write_error(const call_t *call, json_writer_t *writer, const gate_wait_t *wait)
{
    json_write_key(writer, "error");
    json_begin_object(writer);
    json_field_i64(writer, "code", call->error_code);
    json_field_string(writer, "msg", call->error_text);
    if (call->error_data.length > 0) {
        json_write_key(writer, "data");
        json_write_raw(writer, call->error_data);
    } else if (wait->retry_s > 0) {
        json_write_key(writer, "data");
        json_begin_object(writer);
        write_ms(writer, "serverTime", venue_now(call->venue));
        write_ms(writer, "retryAfter", venue_now(call->venue) + wait->retry_s * NS_PER_S);
        json_end_object(writer);
    }
    json_end_object(writer);
}

/* The body stands at the front of the reply buffer; the envelope is written into its rear half. */
static str_t envelope(face_t *face, call_t *call, const ws_request_t *request, const gate_wait_t *wait, const fault_plan_t *plan)
{
    json_writer_t writer;
    str_t text = {0}, body = call_end(call);
    bool limits = true;
    bool failed = call_failed(call);
    unsigned status = call->status;
    str_t edited = ws_api_fault_edit(plan, body, &status);
    json_writer_init(&writer, face->reply + sizeof face->reply / 2, sizeof face->reply / 2);
    json_begin_object(&writer);
    json_write_key(&writer, "id");
    json_write_raw(&writer, request->id.length > 0 ? request->id : STR("null"));
    json_field_u64(&writer, "status", status);
    if (failed) {
        write_error(call, &writer, wait);
    } else {
        json_write_key(&writer, status == 200 ? "result" : "error");
        json_write_raw(&writer, edited);
    }
    (void)call_bool(call, "returnRateLimits", PARAM_OPTIONAL, &limits);
    if (limits)
        write_limits(face, call, &writer, request->method, wait->used);
    json_end_object(&writer);
    (void)json_writer_finish(&writer, &text);
    return text;
}

static void parse(face_t *face, call_t *call, const face_session_t *session, str_t text, ws_request_t *request)
{
    call_begin(face, call);
    call->time_form = session->time_form;
    call_write_to(call, face->reply, sizeof face->reply);
    if (!read_request(call, text, request))
        call_fail(call, 400, -1000, "Invalid JSON.");
    else if (request->id.length > 0 && !request_is_id(request->id)) {
        request->id = (str_t){0};
        call_fail(call, 400, -1135,
                  "Invalid 'id' in JSON request; expected an integer, a string matching '^[a-zA-Z0-9-_]{1,36}$', or null.");
    } else if (request->name[0] == '\0')
        call_fail(call, 400, -1013, "Invalid message.");
    else if (face_is_gone(face, str_from(request->name)) || !(request->method = find_method(face->dialect, request->name)))
        call_fail(call, 400, -1020, "This operation is not supported.");
}

/* The same message as by a client that sent it twice; nobody sees the second answer. */
static void handle_again(face_t *face, face_session_t *session, str_t text, gate_wait_t wait)
{
    ws_request_t again = {.name = ""};
    parse(face, &face->call, session, text, &again);
    if (!call_failed(&face->call))
        run(face, &face->call, session, again.method, &wait);
}

void ws_api_text(face_t *face, face_session_t *session, str_t text, int64_t wall_ns)
{
    call_t *call = &face->call;
    ws_request_t request = {.name = ""};
    gate_wait_t wait = {.wall_ns = wall_ns};
    ws_fate_t fate;
    parse(face, call, session, text, &request);
    ws_api_fault_begin(face, call, session, &request, text.length, &fate);
    if (call_failed(call)) /* what cannot be read costs too, as what is refused does */
        (void)gate_weigh(face, call, str_from(session->address), request.method ? request.method->weight : 1, &wait);
    else if (fate.plan.handling != FAULT_DO_NOT_HANDLE)
        run(face, call, session, request.method, &wait);
    str_t answer = fate.plan.handling == FAULT_DO_NOT_HANDLE ? (str_t){0} : envelope(face, call, &request, &wait, &fate.plan);
    char *kept = fate.plan.handling == FAULT_HANDLE_TWICE ? malloc(answer.length + 1) : NULL;
    if (kept) {
        memcpy(kept, answer.bytes, answer.length);
        answer.bytes = kept;
        handle_again(face, session, text, wait);
    }
    ws_api_fault_answer(face, session, &request, &fate, answer);
    free(kept);
}

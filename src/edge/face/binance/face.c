/* face.c: the way of a request through a face: its row, weight, key, signature, time, order count, handler, reply; and the face's
 * life. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/face/binance/face_parts.h"

static const route_t *find_route(const dialect_t *dialect, str_t method, str_t path)
{
    for (size_t i = 0; i < dialect->route_count; i++) {
        if (str_eq(path, str_from(dialect->routes[i].path)) && str_eq(method, str_from(dialect->routes[i].method)))
            return &dialect->routes[i];
    }
    return NULL;
}

/* --- the way of a request --------------------------------------------------------------------- */

void call_begin(face_t *face, call_t *call)
{
    call->face = face;
    call->world = face->world;
    call->venue = world_venue(face->world);
    call->account = NULL;
    call->secret = NULL;
    call->param_count = call->source_first = 0;
    call->text_used = 0;
    call->time_form = TIME_FORM_MS;
    call->status = 200;
    call->error_code = 0;
    call->error_data = (str_t){0};
    call->orders_placed = 0;
    call->over_limit = false;
    call->changes_before = venue_change_count(call->venue);
}

void call_write_to(call_t *call, char *bytes, size_t capacity)
{
    json_writer_init(&call->writer, bytes, capacity);
    call->writer.time_form = (uint8_t)call->time_form;
}

str_t call_end(call_t *call)
{
    str_t body = {0};
    if (!call_failed(call) && json_writer_finish(&call->writer, &body) != RESULT_OK)
        call_fail(call, 503, -1001, "Internal error; unable to process your request. Please try again.");
    if (call_failed(call)) {
        call_write_to(call, call->face->reply, sizeof call->face->reply);
        json_begin_object(&call->writer);
        json_field_i64(&call->writer, "code", call->error_code);
        json_field_string(&call->writer, "msg", call->error_text);
        if (call->error_data.length > 0) {
            json_write_key(&call->writer, "data");
            json_write_raw(&call->writer, call->error_data);
        }
        json_end_object(&call->writer);
        (void)json_writer_finish(&call->writer, &body);
    }
    return body;
}

/* "/fapi.binance.com/fapi/v1/order" -> "/fapi/v1/order": clients that can only change scheme and port keep the host as first
 * segment. */
str_t face_path(str_t path)
{
    str_t rest = path;
    if (rest.length == 0 || rest.bytes[0] != '/')
        return path;
    rest.bytes++;
    rest.length--;
    str_t first = str_cut(&rest, '/');
    bool is_host = memchr(first.bytes, '.', first.length) != NULL;
    /* The slash before the rest is still there, one byte back. */
    return is_host && rest.length > 0 ? (str_t){rest.bytes - 1, rest.length + 1} : path;
}

static void add_header(face_reply_t *reply, const char *name, int64_t value)
{
    if (reply->header_count == FACE_REPLY_HEADERS_MAX)
        return;
    face_header_t *header = &reply->headers[reply->header_count++];
    header->name = name;
    str_from_i64(value, header->value);
}

static bool check_security(face_t *face, call_t *call, const route_t *route, const face_request_t *request)
{
    if (route->security == SECURITY_NONE)
        return true;
    bool reads = route->security == SECURITY_KEY || str_eq(request->method, STR("GET"));
    if (!gate_check_key(face, call, request->api_key, reads ? FACE_KEY_READS : FACE_KEY_TRADES, request->address))
        return false;
    if (route->security == SECURITY_KEY)
        return true;
    static const size_t room_max = 64 * 1024;
    char *query_room = face->reply + sizeof face->reply / 2, *body_room = query_room + room_max;
    str_t signature = {0};
    str_t query = gate_without_signature(request->query, query_room, room_max, &signature);
    str_t body = gate_without_signature(request->body, body_room, room_max, &signature);
    return gate_check_time(face, call, request->wall_ns) && gate_check_signature(face, call, query, body, signature);
}

/* An attached order ("takeProfit[triggerPrice]=...") that is silently dropped would leave a position without the stop its owner
 * asked for. */
static bool refuse_attached(call_t *call)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (memchr(call->params[i].name.bytes, '[', call->params[i].name.length)) {
            char text[CALL_ERROR_MAX];
            snprintf(text, sizeof text, "Not all sent parameters were read; read '%u' parameter(s) but was sent '%u'.",
                     call->param_count - 1, call->param_count);
            return call_fail(call, 400, -1104, text);
        }
    }
    return true;
}

static void refuse_unknown(call_t *call, str_t method, str_t path)
{
    char text[CALL_ERROR_MAX];
    snprintf(text, sizeof text, "Path %.*s, Method %.*s is invalid", (int)(path.length < 120 ? path.length : 120), path.bytes,
             (int)(method.length < 16 ? method.length : 16), method.bytes);
    call_fail(call, 404, -5000, text);
}

static void run(face_t *face, call_t *call, const route_t *route, const face_request_t *request, face_reply_t *reply)
{
    gate_wait_t wait = {.wall_ns = request->wall_ns};
    uint32_t weight = route->weigh ? route->weigh(call) : route->weight;
    bool passed = gate_weigh(face, call, request->address, weight, &wait);
    add_header(reply, "X-MBX-USED-WEIGHT-1M", wait.used);
    if (face->dialect->spot)
        add_header(reply, "X-MBX-USED-WEIGHT", wait.used); /* without it unicorn-binance-local-depth-cache never starts */
    if (!passed) {
        add_header(reply, "Retry-After", wait.retry_s);
        return;
    }
    if (call_failed(call) || !check_security(face, call, route, request) || !refuse_attached(call))
        return;
    if (route->security == SECURITY_SIGNED && !str_eq(request->method, STR("GET")) && !face->dialect->refuse_unknown(call))
        return;
    if (route->orders[0] + route->orders[1] > 0) {
        reply->placement = true;
        if (!gate_count_orders(face, call, route->orders, route->handle, request->wall_ns))
            return;
        for (uint32_t i = 0; i < ORDER_LIMITS; i++)
            add_header(reply, face->dialect->orders[i].header, gate_order_count(face, call->account, i));
    }
    call_write_to(call, face->reply, sizeof face->reply);
    route->handle(call);
}

/* In lockstep an account's process puts each answer behind the private events that came before it. */
static void tell_events(const face_t *face, const call_t *call, face_reply_t *reply)
{
    const face_session_t *session = call->account ? lockstep_session_of(face, call->account->account) : NULL;
    if (session)
        add_header(reply, "X-LOCKSTEP-EVENTS", (int64_t)session->events_sent);
}

bool face_is_gone(const face_t *face, str_t name)
{
    return face->dialect->is_gone && face->dialect->is_gone(face, name);
}

/* Word for word what stands in front of the exchange's own servers. */
static void answer_gone(face_reply_t *reply)
{
    reply->status = 410;
    reply->html = true;
    reply->body = STR("<html>\r\n<head><title>410 Gone</title></head>\r\n<body>\r\n<center><h1>410 Gone</h1></center>\r\n"
                      "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");
}

/* SBE is not enabled here: who would take nothing else is refused, who takes JSON as well gets that. [docs] */
static bool wants_only_sbe(str_t accept)
{
    bool sbe = false, json = false;
    while (accept.length > 0) {
        str_t kind = str_cut(&accept, ',');
        kind = str_trim(str_cut(&kind, ';'));
        sbe = sbe || str_eq_nocase(kind, STR("application/sbe"));
        json =
            json || str_eq_nocase(kind, STR("application/json")) || str_eq(kind, STR("application/*")) || str_eq(kind, STR("*/*"));
    }
    return sbe && !json;
}

void face_handle(face_t *face, const face_request_t *request, face_reply_t *reply)
{
    call_t *call = &face->call;
    call_begin(face, call);
    reply->header_count = 0;
    reply->placement = reply->html = false;
    if (face->dialect->spot && request->time_unit.length > 0 && !time_form_read(request->time_unit, &call->time_form))
        call_fail(call, 400, -1194, FACE_TIME_UNIT_REFUSAL);
    if (face->dialect->spot && wants_only_sbe(request->accept))
        call_fail(call, 406, -1155, FACE_SBE_REFUSAL);
    call_write_to(call, face->reply, sizeof face->reply);
    str_t path = face_path(request->path);
    if (face_is_gone(face, path)) {
        answer_gone(reply);
        return;
    }
    call_add_params(call, request->query);
    call_add_params(call, request->body);
    const route_t *route = find_route(face->dialect, request->method, path);
    if (route)
        run(face, call, route, request, reply);
    else
        refuse_unknown(call, request->method, path);
    /* A cancel is as dear to lose as a placement. */
    reply->placement = reply->placement || (route && route->security == SECURITY_SIGNED && str_eq(request->method, STR("DELETE")));
    tell_events(face, call, reply);
    reply->body = call_end(call);
    reply->status = call->status;
}

bool face_is_stream_path(str_t path)
{
    str_t rest = face_path(path);
    return str_starts_with(rest, STR("/ws")) || str_starts_with(rest, STR("/stream")) || str_starts_with(rest, STR("/public/")) ||
           str_starts_with(rest, STR("/market/")) || str_starts_with(rest, STR("/private/"));
}

/* --- life ------------------------------------------------------------------------------------- */

bool face_trades(const face_t *face, instrument_id_t instrument)
{
    const instrument_t *rules = venue_instrument_at(world_venue(face->world), instrument);
    return rules && (rules->kind == INSTRUMENT_SPOT) == face->dialect->spot;
}

result_t face_create(const face_options_t *options, const dialect_t *dialect, face_t **out)
{
    face_t *face = calloc(1, sizeof *face);
    if (!face)
        return RESULT_FULL;
    face->dialect = dialect;
    face->world = options->world;
    face->output = options->output;
    face->speed = options->speed;
    face->strict_clock = options->strict_clock;
    face->no_spot_listen_keys = options->no_spot_listen_keys;
    face->patience_ns = 3 * NS_PER_S;
    face->faults = options->faults;
    if (face->faults && fault_frames_create(face->faults, stream_deliver, face, &face->frames) != RESULT_OK) {
        free(face);
        return RESULT_FULL;
    }
    if (world_listen(options->world, stream_on_venue_event, face) != RESULT_OK) {
        fault_frames_destroy(face->frames);
        free(face);
        return RESULT_FULL;
    }
    *out = face;
    return RESULT_OK;
}

void face_destroy(face_t *face)
{
    if (!face)
        return;
    world_listen_end(face->world, face);
    for (uint32_t i = 0; i < face->secret_count; i++)
        sign_key_close(face->secrets[i].key);
    fault_frames_destroy(face->frames);
    free(face);
}

world_product_t face_product(const face_t *face)
{
    return face->dialect->spot ? WORLD_SPOT : WORLD_FUTURES;
}

const world_listen_key_t *face_listen_key(const face_t *face, const world_account_t *account)
{
    return &account->listen_keys[face_product(face)];
}

void face_release_frames(face_t *face)
{
    fault_frames_tick(face->frames);
}

uint32_t face_keys_expire(face_t *face, bool told)
{
    uint32_t ended = 0;
    for (uint32_t i = 0; i < world_account_count(face->world); i++) {
        const world_account_t *account = world_account_at(face->world, i);
        if (face_listen_key(face, account)->text[0] == '\0')
            continue;
        stream_end_key(face, account, told);
        ended++;
    }
    return ended;
}

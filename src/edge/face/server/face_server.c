/* face_server.c: see face_server.h. */
#include "edge/face/server/face_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/face/fault/fault_json.h"
#include "edge/face/fault/fault_wire.h"

enum {
    FRAME_BYTES_MAX = 256 * 1024,
    FRAME_TOTAL_MAX = 64 * 1024 * 1024,
    REQUEST_MAX = 256 * 1024,
    QUEUE_FRAMES_MAX = 16384,
    QUEUE_BYTES_MAX = 16 * 1024 * 1024,
    CONNECTIONS_DEFAULT = 512,
    HOST_CONNECTIONS_MAX = FACE_SESSIONS_MAX / 4 * 3, /* so that one host does not take all sessions either */
    ACCEPTS_PER_SECOND = 1000,                        /* a few percent of a core, whoever knocks */
    TLS_ACCEPTS_PER_SECOND = 200,                     /* a handshake is dearer */
    FAREWELL_TURNS = 4,                               /* of the loop, in which the last words leave */
    REQUESTS_BYTES_MAX = 64 * 1024 * 1024,            /* half requests and half messages of all */
    RESPONSES_BYTES_MAX = 256 * 1024 * 1024,          /* replies that nobody takes, of all */
    SHED_MAX = 64,                                    /* readers given up for one frame */
};

static const int64_t MESSAGE_TIMEOUT_NS = 10 * NS_PER_S;

typedef struct socket_s {
    face_server_t *server;
    ws_connection_t *ws;
    face_session_t *session;
    struct socket_s *next, **link;
    uint64_t number;
    char peer[64];
} socket_t;

enum { DATE_MAX = 40 };

struct face_server {
    face_server_options_t options;
    loop_t *loop;
    http_server_t *http;
    ws_frame_pool_t *pool;
    face_t *face;
    face_output_t output;
    socket_t *sockets;
    uint64_t sockets_ever;
    char *kept_body; /* of the last request that came twice */
    bool closing;
    int64_t date_s; /* second that `date` tells */
    char date[DATE_MAX];
};

static void note_activity(face_server_t *server)
{
    if (server->options.on_activity && !server->closing)
        server->options.on_activity(server->options.context);
}

static int64_t venue_ns(const face_server_t *server)
{
    return world_now_ns(server->options.world);
}

static void log_socket(const socket_t *socket, wire_kind_t kind, str_t text)
{
    const face_server_t *server = socket->server;
    wire_log_socket(server->options.wire_log, kind, loop_wall_ns(server->loop), venue_ns(server), socket->number, text);
}

/* --- output of the face ----------------------------------------------------------------------- */

/* The reader with the longest queue is cut off, so that its frames go back to the pool. False: nobody has one. */
static bool shed_slowest(face_server_t *server)
{
    socket_t *slowest = NULL;
    uint32_t most = 0;
    for (socket_t *socket = server->sockets; socket; socket = socket->next) {
        uint32_t backlog = ws_backlog(socket->ws);
        if (backlog > most) {
            most = backlog;
            slowest = socket;
        }
    }
    if (slowest)
        ws_abort(slowest->ws);
    return slowest != NULL;
}

/* Frames that others do not take must not cost anybody his own. */
static void *frame_make(void *context, str_t text)
{
    face_server_t *server = context;
    ws_frame_t *frame = NULL;
    for (int shed = 0; ws_frame_make(server->pool, WS_OP_TEXT, text, &frame) == RESULT_FULL; shed++) {
        if (shed == SHED_MAX || !shed_slowest(server))
            return NULL;
    }
    return frame;
}

static void frame_send(void *context, void *socket, void *frame, uint64_t key)
{
    socket_t *target = socket;
    (void)context;
    if (frame)
        (void)ws_send_frame(target->ws, frame, key); /* a full queue closes the connection by itself */
    else
        ws_close(target->ws, WS_CLOSE_TRY_LATER, STR("out of memory"));
}

static void frame_release(void *context, void *frame)
{
    (void)context;
    ws_frame_release(frame);
}

static void send_text(void *context, void *socket, str_t text)
{
    socket_t *target = socket;
    (void)context;
    log_socket(target, WIRE_OUT, text);
    if (ws_send_text(target->ws, text) == RESULT_TEXT_TOO_LONG)
        ws_close(target->ws, WS_CLOSE_TOO_BIG, STR("the answer is too large"));
}

static void close_socket(void *context, void *socket, uint16_t code, str_t reason)
{
    socket_t *target = socket;
    (void)context;
    if (code == 0)
        ws_abort(target->ws);
    else
        ws_close(target->ws, code, reason);
}

static void send_faulty(void *context, void *socket, str_t text, const stream_fault_t *fault)
{
    socket_t *target = socket;
    ws_fault(target->ws, fault);
    send_text(context, socket, text);
    ws_fault(target->ws, &(stream_fault_t){0}); /* a byte behind the end spoils nothing later */
}

/* --- sockets ---------------------------------------------------------------------------------- */

static void on_text(ws_connection_t *ws, str_t text, void *context)
{
    socket_t *socket = context;
    (void)ws;
    if (!socket->session)
        return;
    log_socket(socket, WIRE_IN, text);
    face_session_text(socket->server->face, socket->session, text, loop_wall_ns(socket->server->loop));
}

/* Pings and pongs count as texts do. */
static void on_control(ws_connection_t *ws, str_t payload, void *context)
{
    socket_t *socket = context;
    (void)ws, (void)payload;
    if (socket->session)
        face_session_control(socket->server->face, socket->session, loop_wall_ns(socket->server->loop));
}

static void on_batch_end(ws_connection_t *ws, void *context)
{
    socket_t *socket = context;
    (void)ws;
    note_activity(socket->server);
}

static void on_close(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    socket_t *socket = context;
    face_server_t *server = socket->server;
    (void)ws, (void)why, (void)code;
    if (socket->session)
        face_session_close(server->face, socket->session);
    log_socket(socket, WIRE_CLOSE, reason);
    *socket->link = socket->next;
    if (socket->next)
        socket->next->link = socket->link;
    free(socket);
    note_activity(server);
}

static const ws_events_t socket_events = {
    .on_text = on_text, .on_ping = on_control, .on_pong = on_control, .on_batch_end = on_batch_end, .on_close = on_close};

/* "127.0.0.1:40112" -> "127.0.0.1" */
static str_t host_of(const char *peer)
{
    const char *colon = strrchr(peer, ':');
    return colon ? (str_t){peer, (size_t)(colon - peer)} : str_from(peer);
}

/* All sessions are taken: the one that has followed nothing for longest makes room. */
static void put_out_stranger(face_server_t *server)
{
    socket_t *stranger = face_session_stranger(server->face);
    if (!stranger)
        return;
    face_session_close(server->face, stranger->session);
    stranger->session = NULL;
    ws_abort(stranger->ws);
}

static void upgrade(face_server_t *server, http_connection_t *connection, const http_message_t *request)
{
    const char *refusal = face_stream_refusal(server->face, request->path, request->query);
    if (refusal) {
        const http_header_t type = {STR("Content-Type"), STR("application/json;charset=utf-8")};
        (void)http_reply(connection, 400, &type, 1, str_from(refusal));
        return;
    }
    socket_t *socket = calloc(1, sizeof *socket);
    if (!socket) {
        (void)http_reply(connection, 503, NULL, 0, STR(""));
        return;
    }
    char target[4096];
    size_t path_length = request->path.length, query_length = request->query.length;
    const bool fits = path_length + query_length < sizeof target;
    ws_options_t options = {.events = &socket_events,
                            .context = socket,
                            .pool = server->pool,
                            .queue_max = QUEUE_FRAMES_MAX,
                            .queue_bytes_max = QUEUE_BYTES_MAX,
                            .slow = WS_SLOW_CONFLATE,
                            .ping_interval_ns = server->options.ping_interval_ns,
                            .silence_max_ns = server->options.silence_max_ns,
                            .message_timeout_ns = MESSAGE_TIMEOUT_NS};
    socket->server = server;
    socket->number = ++server->sockets_ever;
    snprintf(socket->peer, sizeof socket->peer, "%s", http_connection_peer(connection));
    if (fits) {
        /* The request is gone after the upgrade: what the session needs of it is kept. */
        memcpy(target, request->path.bytes, path_length);
        if (query_length > 0)
            memcpy(target + path_length, request->query.bytes, query_length);
        log_socket(socket, WIRE_OPEN, request->target);
    }
    if (!fits || http_upgrade(connection, request, STR(""), &options, &socket->ws) != RESULT_OK) {
        (void)http_reply(connection, fits ? 400 : 414, NULL, 0, STR(""));
        free(socket);
        return;
    }
    socket->next = server->sockets;
    socket->link = &server->sockets;
    if (socket->next)
        socket->next->link = &socket->next;
    server->sockets = socket;
    if (face_session_count(server->face) == FACE_SESSIONS_MAX)
        put_out_stranger(server);
    socket->session = face_session_open(server->face, socket, (str_t){target, path_length},
                                        (str_t){target + path_length, query_length}, host_of(socket->peer));
    if (!socket->session)
        ws_close(socket->ws, WS_CLOSE_TRY_LATER, STR("too many connections"));
}

/* --- requests --------------------------------------------------------------------------------- */

/* Venue time as HTTP says it: "Thu, 01 Jan 2026 00:00:00 GMT". */
static str_t date_of(face_server_t *server)
{
    static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* of day 0 on */
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t now_s = venue_ns(server) / NS_PER_S, days = now_s / (NS_PER_DAY / NS_PER_S), rest = now_s % (NS_PER_DAY / NS_PER_S);
    if (server->date[0] == '\0' || server->date_s != now_s) {
        int year;
        unsigned month, day;
        time_civil_from_days(days, &year, &month, &day);
        server->date_s = now_s;
        snprintf(server->date, sizeof server->date, "%s, %02u %s %04d %02d:%02d:%02d GMT", weekdays[days % 7], day,
                 months[month - 1], year, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    }
    return str_from(server->date);
}

enum { OWN_HEADERS = 2 };

/* What the face says, as headers and body that may leave. */
static fault_reply_t said(face_server_t *server, const face_reply_t *reply,
                          http_header_t headers[FACE_REPLY_HEADERS_MAX + OWN_HEADERS])
{
    uint32_t count = OWN_HEADERS;
    headers[0] = (http_header_t){STR("Content-Type"), reply->html ? STR("text/html") : STR("application/json;charset=utf-8")};
    headers[1] = (http_header_t){STR("Date"), date_of(server)};
    for (uint32_t i = 0; i < reply->header_count; i++)
        headers[count++] = (http_header_t){str_from(reply->headers[i].name), str_from(reply->headers[i].value)};
    return (fault_reply_t){.status = reply->status, .headers = headers, .header_count = count, .body = reply->body};
}

/* The second time of bytes that came twice: nobody sees its answer, and the first one's is kept over it. */
static void handle_again(face_server_t *server, const face_request_t *call, face_reply_t *reply)
{
    face_reply_t unseen = {0};
    char *body = malloc(reply->body.length + 1);
    if (!body)
        return;
    memcpy(body, reply->body.bytes, reply->body.length);
    face_handle(server->face, call, &unseen);
    free(server->kept_body);
    server->kept_body = body;
    reply->body.bytes = body;
}

static void note_request(face_server_t *server, http_connection_t *connection, const wire_request_t *entry)
{
    wire_request_t whole = *entry;
    whole.wall_ns = loop_wall_ns(server->loop);
    whole.venue_ns = venue_ns(server);
    whole.connection = http_connection_number(connection);
    whole.peer = http_connection_peer(connection);
    whole.raw = http_connection_request(connection);
    wire_log_request(server->options.wire_log, &whole);
}

static void handle(face_server_t *server, http_connection_t *connection, const http_message_t *request)
{
    const str_t *key = http_header(request, "X-MBX-APIKEY");
    const str_t *unit = http_header(request, "X-MBX-TIME-UNIT"), *accept = http_header(request, "Accept");
    face_request_t call = {.method = request->method,
                           .path = request->path,
                           .query = request->query,
                           .body = request->body,
                           .api_key = key ? *key : (str_t){0},
                           .time_unit = unit ? *unit : (str_t){0},
                           .accept = accept ? *accept : (str_t){0},
                           .address = host_of(http_connection_peer(connection)),
                           .wall_ns = loop_wall_ns(server->loop)};
    face_reply_t reply = {0};
    fault_plan_t plan;
    fault_reply_t left;
    http_header_t headers[FACE_REPLY_HEADERS_MAX + OWN_HEADERS];
    fault_wire_begin(server->options.faults, server->options.world, connection, request, &plan);
    if (plan.handling != FAULT_DO_NOT_HANDLE)
        face_handle(server->face, &call, &reply);
    if (plan.handling == FAULT_HANDLE_TWICE)
        handle_again(server, &call, &reply);
    str_t id = fault_json_find(reply.body, "orderId");
    wire_request_t entry = {.request = request,
                            .accepted = reply.status == 200,
                            .order_id = id.length > 0 ? id : fault_json_find(reply.body, "algoId"),
                            .fault = plan.struck};
    if (!reply.placement)
        entry.order_id = (str_t){0};
    char id_text[32] = "";
    (void)str_copy(entry.order_id, id_text, sizeof id_text);
    entry.order_id = str_from(id_text);
    if (reply.status == 418)
        http_close_after(connection); /* who is banned and asks on has to come in again, at the pace of newcomers */
    fault_reply_t answer = said(server, &reply, headers);
    fault_wire_prepare(&plan, &answer, &left);
    entry.status = left.status;
    entry.reply = left.body;
    note_request(server, connection, &entry); /* before it leaves: the bytes of the request are gone afterwards */
    fault_wire_reply(server->options.faults, server->options.world, connection, &plan, &left);
}

static void on_request(http_connection_t *connection, const http_message_t *request, void *context)
{
    face_server_t *server = context;
    if (http_wants_websocket(request) && face_is_stream_path(request->path)) {
        if (fault_is_active(server->options.faults, FAULT_VENUE_DEAD) && !server->options.lockstep)
            http_drop(connection);
        else
            upgrade(server, connection, request);
    } else {
        handle(server, connection, request);
    }
    note_activity(server);
}

static bool on_bytes(http_connection_t *connection, str_t so_far, void *context)
{
    const face_server_t *server = context;
    (void)connection;
    return !fault_plan_cut(server->options.faults, so_far);
}

static const http_server_events_t request_events = {.on_request = on_request, .on_bytes = on_bytes};

/* --- life ------------------------------------------------------------------------------------- */

result_t face_server_open(const face_server_options_t *options, face_server_t **out)
{
    face_server_t *server = calloc(1, sizeof *server);
    if (!server)
        return RESULT_FULL;
    server->options = *options;
    server->loop = options->loop;
    server->output = (face_output_t){frame_make, frame_send, frame_release, send_text, close_socket, server, send_faulty};
    const uint32_t connections = options->connections_max > 0 ? options->connections_max : CONNECTIONS_DEFAULT;
    const uint32_t of_one_host = connections / 4 * 3;
    http_server_options_t http = {.loop = options->loop,
                                  .address = options->address,
                                  .tls = options->tls,
                                  .connections_max = connections,
                                  .host_connections_max = of_one_host < HOST_CONNECTIONS_MAX ? of_one_host : HOST_CONNECTIONS_MAX,
                                  .accepts_per_second = options->tls ? TLS_ACCEPTS_PER_SECOND : ACCEPTS_PER_SECOND,
                                  .request_max = REQUEST_MAX,
                                  .response_max = FACE_REPLY_MAX / 2,
                                  .requests_bytes_max = REQUESTS_BYTES_MAX,
                                  .responses_bytes_max = RESPONSES_BYTES_MAX,
                                  .events = &request_events,
                                  .context = server};
    result_t result = ws_frame_pool_create(FRAME_BYTES_MAX, FRAME_TOTAL_MAX, &server->pool);
    if (result == RESULT_OK)
        result = http_server_open(&http, &server->http);
    if (result != RESULT_OK) {
        if (server->pool)
            ws_frame_pool_destroy(server->pool);
        free(server);
        return result;
    }
    *out = server;
    return RESULT_OK;
}

const face_output_t *face_server_output(face_server_t *server)
{
    return &server->output;
}

void face_server_attach(face_server_t *server, face_t *face)
{
    server->face = face;
}

const char *face_server_address(const face_server_t *server)
{
    return http_server_address(server->http);
}

uint32_t face_server_clients(const face_server_t *server)
{
    return http_server_connections(server->http); /* those that became WebSockets count there */
}

uint32_t face_server_close_sockets(face_server_t *server, uint16_t code)
{
    uint32_t count = 0;
    for (socket_t *socket = server->sockets; socket; socket = socket->next, count++) {
        if (code == 0)
            ws_abort(socket->ws);
        else
            ws_close(socket->ws, code, STR(""));
    }
    return count;
}

void face_server_close(face_server_t *server)
{
    if (!server)
        return;
    face_tell_shutdown(server->face);
    server->closing = true;
    http_server_close(server->http);
    for (int turns = 0; server->sockets && turns < FAREWELL_TURNS; turns++)
        loop_turn(server->loop, LOOP_POLL); /* what was told leaves before the sockets are cut */
    (void)face_server_close_sockets(server, 0);
    /* on_close of each comes in later turns. */
    for (int turns = 0; server->sockets && turns < 1000; turns++)
        loop_turn(server->loop, LOOP_POLL);
    if (!server->sockets)
        ws_frame_pool_destroy(server->pool);
    free(server->kept_body);
    free(server);
}

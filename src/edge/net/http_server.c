/* http_server.c: connections, requests and replies of the HTTP server (http_server.h). */
#include "edge/net/http_server_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

enum {
    CONNECTIONS_DEFAULT = 256,
    REQUEST_MAX_DEFAULT = 64 * 1024,
    RESPONSE_MAX_DEFAULT = 1024 * 1024,
    REPLY_HEAD_MAX = 16 * 1024,
    BUFFER_PIECE = 4096,       /* what buffers begin with: most requests and replies need no more */
    REQUESTS_PER_TURN_MAX = 2, /* of one connection */
};

static const int64_t REQUEST_TIMEOUT_NS = 10 * NS_PER_S;
static const int64_t IDLE_TIMEOUT_NS = 75 * NS_PER_S;
static const int64_t SEND_TIMEOUT_NS = 10 * NS_PER_S;

/* --- birth and death -------------------------------------------------------------------------- */

static void wait_too_long(loop_timer_t *timer, void *context);
static void send_too_long(loop_timer_t *timer, void *context);

static void time_limit_start(http_connection_t *connection, int64_t limit_ns)
{
    connection->departing = false;
    loop_timer_start_coarse_in(&connection->timer, limit_ns);
}

static void *connection_accept(listener_t *listener, stream_t *stream, void *context)
{
    (void)listener;
    http_server_t *server = context;
    http_connection_t *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return NULL;
    }
    connection->server = server;
    connection->stream = stream;
    connection->number = ++server->numbers;
    connection->announced = true;
    connection->next = server->connections;
    connection->link = &server->connections;
    if (connection->next != NULL) {
        connection->next->link = &connection->next;
    }
    server->connections = connection;
    server->count++;
    http_crowd_move(connection, CROWD_STRANGERS);
    http_parser_init(&connection->parser, HTTP_REQUEST);
    connection->parser.body_max = server->options.request_max;
    connection->parser.head_max =
        server->options.request_max < HTTP_HEAD_MAX_DEFAULT ? server->options.request_max : HTTP_HEAD_MAX_DEFAULT;
    loop_timer_init(&connection->timer, server->options.loop, wait_too_long, connection);
    loop_timer_init(&connection->send_timer, server->options.loop, send_too_long, connection);
    time_limit_start(connection, server->options.idle_timeout_ns);
    return connection;
}

static void server_free_when_done(http_server_t *server)
{
    if (server->closed && server->count == 0) {
        free(server);
    }
}

void http_connection_free(http_connection_t *connection)
{
    http_server_t *server = connection->server;
    loop_timer_stop(&connection->timer);
    loop_timer_stop(&connection->send_timer);
    http_crowd_move(connection, CROWD_NONE);
    *connection->link = connection->next;
    if (connection->next != NULL) {
        connection->next->link = connection->link;
    }
    free(connection);
    server->count--;
    server_free_when_done(server);
}

/* Tells the handler, once. */
static void connection_announce_gone(http_connection_t *connection)
{
    const http_server_options_t *options = &connection->server->options;
    if (connection->announced) {
        connection->announced = false;
        if (options->events->on_gone != NULL) {
            options->events->on_gone(connection, options->context);
        }
    }
}

static void connection_closed(stream_t *stream, result_t why, void *context)
{
    (void)stream;
    (void)why;
    connection_announce_gone(context);
    http_connection_free(context);
}

static void connection_leave(http_connection_t *connection)
{
    connection->serving = SERVING_LEAVING;
    http_crowd_move(connection, CROWD_LEAVING);
    loop_timer_stop(&connection->timer);
    stream_close(connection->stream);
}

/* --- time ------------------------------------------------------------------------------------- */

static void reply_error(http_connection_t *connection, unsigned status, const char *text);

static void wait_too_long(loop_timer_t *timer, void *context)
{
    http_connection_t *connection = context;
    if (!connection->departing) {
        connection->departing = true;
        loop_timer_start_at(timer, stream_departure_ns(connection->stream));
        return;
    }
    if (connection->serving == SERVING_READING) {
        reply_error(connection, 408, "the request did not come in time");
        stream_close_unheard(connection->stream);
    } else {
        connection_leave(connection);
    }
}

static void send_too_long(loop_timer_t *timer, void *context)
{
    http_connection_t *connection = context;
    if (stream_unsent(connection->stream) == 0) {
        return;
    }
    uint64_t sent = stream_sent_total(connection->stream);
    if (sent == connection->sent_last) { /* what waits may also be a reply of this very turn, after others that were taken */
        stream_abort(connection->stream, RESULT_TIMEOUT);
        return;
    }
    connection->sent_last = sent;
    loop_timer_start_coarse_in(timer, connection->server->options.send_timeout_ns);
}

/* --- replying --------------------------------------------------------------------------------- */

/* Both or nothing; what does not fit ends the connection. */
static result_t reply_send(http_connection_t *connection, str_t head, str_t body)
{
    if (head.length + body.length > stream_room(connection->stream)) {
        connection->serving = SERVING_LEAVING;
        stream_abort(connection->stream, RESULT_FULL);
        return RESULT_FULL;
    }
    result_t result = stream_write(connection->stream, head.bytes, head.length);
    if (result == RESULT_OK && body.length > 0) {
        result = stream_write(connection->stream, body.bytes, body.length);
    }
    if (!connection->faulty && !connection->send_timer.running) {
        connection->sent_last = stream_sent_total(connection->stream);
        loop_timer_start_coarse_in(&connection->send_timer, connection->server->options.send_timeout_ns);
    }
    return result;
}

/* The reply is out: on to the next request, or goodbye. */
static void reply_done(http_connection_t *connection)
{
    if (connection->serving == SERVING_LEAVING) {
        return;
    }
    if (!connection->keep_alive) {
        connection_leave(connection);
        return;
    }
    connection->serving = SERVING_IDLE;
    http_crowd_move(connection, CROWD_IDLE);
    http_parser_reset(&connection->parser);
    connection->continue_sent = false;
    time_limit_start(connection, connection->server->options.idle_timeout_ns);
    if (connection->paused) {
        connection->paused = false;
        stream_resume(connection->stream);
    }
}

static void reply_head_write(http_writer_t *writer, const http_connection_t *connection, unsigned status,
                             const http_header_t *headers, uint32_t headers_count, size_t body_length)
{
    http_write_status_line(writer, status, STR(""));
    for (uint32_t i = 0; i < headers_count; i++) {
        http_write_header(writer, headers[i].name, headers[i].value);
    }
    if (!connection->keep_alive) {
        http_write_header(writer, STR("Connection"), STR("close"));
    } else if (connection->is_http10) {
        http_write_header(writer, STR("Connection"), STR("keep-alive"));
    }
    if (status != 204 && status != 304) {
        http_write_header_u64(writer, STR("Content-Length"), body_length);
    }
    http_write_end(writer);
}

result_t http_reply(http_connection_t *connection, unsigned status, const http_header_t *headers, uint32_t headers_count,
                    str_t body)
{
    ASSERT(status >= 200 && status <= 599);
    if (connection->serving != SERVING_OWING) {
        return RESULT_BAD_STATE;
    }
    char head[REPLY_HEAD_MAX];
    http_writer_t writer;
    http_writer_init(&writer, head, sizeof head);
    reply_head_write(&writer, connection, status, headers, headers_count, body.length);
    if (writer.result != RESULT_OK) {
        reply_error(connection, 500, "the reply could not be written");
        return writer.result;
    }
    bool bodiless = connection->is_head || status == 204 || status == 304;
    result_t result = reply_send(connection, (str_t){head, writer.length}, bodiless ? STR("") : body);
    reply_done(connection);
    return result;
}

result_t http_reply_raw(http_connection_t *connection, str_t bytes, http_after_t after)
{
    if (connection->serving != SERVING_OWING) {
        return RESULT_BAD_STATE;
    }
    result_t result = reply_send(connection, bytes, STR(""));
    connection->keep_alive = connection->keep_alive && after == HTTP_KEEP_OPEN;
    reply_done(connection);
    return result;
}

/* A refusal of our own making; the connection closes after it. */
static void reply_error(http_connection_t *connection, unsigned status, const char *text)
{
    connection->serving = SERVING_OWING;
    connection->keep_alive = false;
    connection->is_head = false;
    const http_header_t type = {STR("Content-Type"), STR("text/plain")};
    result_t result = http_reply(connection, status, &type, 1, str_from(text));
    (void)result; /* FULL has aborted the connection */
}

void http_close_after(http_connection_t *connection)
{
    connection->keep_alive = false;
}

void http_drop(http_connection_t *connection)
{
    if (connection->serving != SERVING_LEAVING && connection->serving != SERVING_UPGRADED) {
        connection_leave(connection);
    }
}

void http_abort(http_connection_t *connection)
{
    if (connection->serving != SERVING_LEAVING && connection->serving != SERVING_UPGRADED) {
        connection->serving = SERVING_LEAVING;
        loop_timer_stop(&connection->timer);
        stream_abort(connection->stream, RESULT_CLOSED);
    }
}

str_t http_connection_request(const http_connection_t *connection)
{
    return connection->request;
}

void http_reply_fault(http_connection_t *connection, const stream_fault_t *fault)
{
    connection->faulty = true;
    stream_fault(connection->stream, fault);
}

/* --- requests --------------------------------------------------------------------------------- */

static void request_hand_over(http_connection_t *connection)
{
    const http_server_options_t *options = &connection->server->options;
    const http_message_t *request = &connection->parser.message;
    connection->serving = SERVING_OWING;
    http_crowd_move(connection, CROWD_NONE);
    connection->keep_alive = request->keep_alive;
    connection->is_head = str_eq(request->method, STR("HEAD"));
    connection->is_http10 = request->version_minor == 0;
    loop_timer_stop(&connection->timer);
    options->events->on_request(connection, request, options->context);
}

static void request_waits(http_connection_t *connection)
{
    if (connection->serving == SERVING_IDLE && !http_parser_is_idle(&connection->parser)) {
        connection->serving = SERVING_READING;
        time_limit_start(connection, connection->server->options.request_timeout_ns);
    }
    if (connection->parser.continue_due && !connection->continue_sent) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        connection->continue_sent = true;
        stream_write(connection->stream, go_on, sizeof go_on - 1);
    }
}

/* Requests that stand in the buffer, as long as each is replied to at once; a few, then others get their turn. */
static size_t requests_take(http_connection_t *connection, char *bytes, size_t length)
{
    size_t used = 0;
    for (int taken = 0; connection->serving == SERVING_IDLE || connection->serving == SERVING_READING; taken++) {
        if (taken == REQUESTS_PER_TURN_MAX && used < length) {
            stream_yield(connection->stream);
            return used;
        }
        http_progress_t progress = http_parse(&connection->parser, bytes + used, length - used);
        if (progress == HTTP_NEED_MORE) {
            const http_server_options_t *options = &connection->server->options;
            request_waits(connection);
            if (length > used && options->events->on_bytes != NULL &&
                !options->events->on_bytes(connection, (str_t){bytes + used, length - used}, options->context)) {
                http_abort(connection);
                return length;
            }
            return used;
        }
        if (progress == HTTP_ERROR) {
            http_error_t error = connection->parser.error;
            reply_error(connection, http_error_status(error), http_error_text(error));
            return length;
        }
        connection->request = (str_t){bytes + used, connection->parser.consumed};
        used += connection->parser.consumed;
        request_hand_over(connection);
    }
    return used;
}

static size_t connection_data(stream_t *stream, char *bytes, size_t length, void *context)
{
    http_connection_t *connection = context;
    connection->in_data = true;
    size_t used = requests_take(connection, bytes, length);
    connection->in_data = false;
    switch (connection->serving) {
    case SERVING_OWING:
        if (used < length) { /* a pipelined request waits for its turn */
            connection->paused = true;
            stream_pause(stream);
        }
        break;
    case SERVING_LEAVING:
        used = length;
        break;
    case SERVING_UPGRADED:
        http_connection_free(connection);
        break;
    case SERVING_IDLE:
    case SERVING_READING:
        if (used == 0 && length == stream_read_capacity(stream)) {
            reply_error(connection, 413, "the request is larger than allowed");
            return length;
        }
        break;
    }
    return used;
}

static const stream_events_t connection_events = {
    .on_data = connection_data,
    .on_close = connection_closed,
};

/* --- the server ------------------------------------------------------------------------------- */

static http_server_options_t with_defaults(const http_server_options_t *given)
{
    http_server_options_t options = *given;
    options.address = NULL;
    options.connections_max = given->connections_max == 0 ? CONNECTIONS_DEFAULT : given->connections_max;
    options.request_max = given->request_max == 0 ? REQUEST_MAX_DEFAULT : given->request_max;
    options.response_max = given->response_max == 0 ? RESPONSE_MAX_DEFAULT : given->response_max;
    options.request_timeout_ns = given->request_timeout_ns == 0 ? REQUEST_TIMEOUT_NS : given->request_timeout_ns;
    options.idle_timeout_ns = given->idle_timeout_ns == 0 ? IDLE_TIMEOUT_NS : given->idle_timeout_ns;
    options.send_timeout_ns = given->send_timeout_ns == 0 ? SEND_TIMEOUT_NS : given->send_timeout_ns;
    return options;
}

result_t http_server_open(const http_server_options_t *options, http_server_t **out)
{
    ASSERT(options->events != NULL && options->events->on_request != NULL);
    http_server_t *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return RESULT_FULL;
    }
    server->options = with_defaults(options);
    http_crowd_init(server);
    result_t result = listener_open(
        &(listener_options_t){
            .loop = options->loop,
            .address = options->address,
            .tls = options->tls,
            .connections_max = server->options.connections_max,
            .host_connections_max = server->options.host_connections_max,
            .accepts_per_second = server->options.accepts_per_second,
            .read_capacity = server->options.request_max,
            .write_capacity = server->options.response_max,
            .piece_bytes = BUFFER_PIECE,
            .in_max = server->options.requests_bytes_max,
            .out_max = server->options.responses_bytes_max,
            .events = &connection_events,
            .on_accept = connection_accept,
            .on_crowded = http_crowd_make_room,
            .context = server,
        },
        &server->listener);
    if (result != RESULT_OK) {
        free(server);
        return result;
    }
    *out = server;
    return RESULT_OK;
}

void http_server_close(http_server_t *server)
{
    if (server == NULL) {
        return;
    }
    listener_close(server->listener);
    server->closed = true;
    for (http_connection_t *connection = server->connections; connection != NULL; connection = connection->next) {
        if (connection->serving != SERVING_UPGRADED) {
            connection->serving = SERVING_LEAVING;
            stream_abort(connection->stream, RESULT_CLOSED);
            connection_announce_gone(connection);
            loop_timer_stop(&connection->timer);
            loop_timer_stop(&connection->send_timer);
        }
    }
    server_free_when_done(server);
}

const char *http_server_address(const http_server_t *server)
{
    return listener_address(server->listener);
}

uint32_t http_server_connections(const http_server_t *server)
{
    return listener_connections(server->listener);
}

uint64_t http_server_put_out(const http_server_t *server)
{
    return server->put_out;
}

const char *http_connection_peer(const http_connection_t *connection)
{
    return stream_peer(connection->stream);
}

uint64_t http_connection_number(const http_connection_t *connection)
{
    return connection->number;
}

/* http_client_pool.c: the connections of an HTTP client: dialling, choosing, writing, reading responses (http_client.h).
 *
 * A request is written with stream_write_once and nothing else, so "has a byte left?" always has an exact answer.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/http_client_inside.h"

static const int64_t WARM_RETRY_NS = NS_PER_S;

uint32_t pool_count(const http_client_t *client, connection_state_t state)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < client->options.connections_max; i++) {
        count += client->connections[i].state == state ? 1 : 0;
    }
    return count;
}

void pool_release(client_connection_t *connection)
{
    loop_timer_stop(&connection->idle_timer);
    connection->flight = NULL;
    if (connection->state != CONNECTION_NONE && connection->state != CONNECTION_LEAVING) {
        connection->state = CONNECTION_LEAVING;
        stream_abort(connection->stream, RESULT_CLOSED);
    }
}

/* An orderly goodbye for a connection that did nothing wrong. */
static void connection_retire(client_connection_t *connection)
{
    loop_timer_stop(&connection->idle_timer);
    connection->state = CONNECTION_LEAVING;
    stream_close(connection->stream);
}

static void idle_too_long(loop_timer_t *timer, void *context)
{
    (void)timer;
    connection_retire(context);
}

static void connection_rest(client_connection_t *connection)
{
    http_client_t *client = connection->client;
    connection->state = CONNECTION_IDLE;
    connection->flight = NULL;
    connection->used_at = ++client->ticket;
    if (client->options.idle_max_ns > 0) {
        loop_timer_start_in(&connection->idle_timer, client->options.idle_max_ns);
    }
}

/* --- sending ---------------------------------------------------------------------------------- */

static void reply_late(loop_timer_t *timer, void *context)
{
    (void)timer;
    flight_t *flight = context;
    pool_release(flight->connection);
    flight_failed(flight, RESULT_TIMEOUT, "no complete response in time");
}

static void connection_send(client_connection_t *connection, flight_t *flight)
{
    http_client_t *client = connection->client;
    bool left = false;
    loop_timer_stop(&connection->idle_timer);
    http_parser_reset(&connection->parser);
    connection->parser.body_expected = !flight->is_head;
    connection->state = CONNECTION_BUSY;
    connection->flight = flight;
    flight->state = FLIGHT_SENT;
    flight->connection = connection;
    flight->writes++;
    flight->sent_ns = loop_now_fresh_ns(client->loop);
    result_t result = stream_write_once(connection->stream, flight->bytes, flight->length, &left);
    flight->ever_left |= left;
    if (result != RESULT_OK) {
        char detail[STREAM_DETAIL_MAX];
        snprintf(detail, sizeof detail, "%s", stream_detail(connection->stream));
        pool_release(connection);
        flight_failed(flight, result, detail);
        return;
    }
    loop_timer_init(&flight->step_timer, client->loop, reply_late, flight);
    loop_timer_start_in(&flight->step_timer, flight->call.reply_timeout_ns);
}

/* The freshest idle connection that the peer has not closed meanwhile. */
static client_connection_t *connection_choose(http_client_t *client)
{
    for (;;) {
        client_connection_t *best = NULL;
        for (uint32_t i = 0; i < client->options.connections_max; i++) {
            client_connection_t *connection = &client->connections[i];
            if (connection->state == CONNECTION_IDLE && (best == NULL || connection->used_at > best->used_at)) {
                best = connection;
            }
        }
        if (best == NULL || stream_is_fresh(best->stream)) {
            return best;
        }
        client->stats.stale++;
        pool_release(best);
    }
}

/* --- dialling --------------------------------------------------------------------------------- */

static const stream_events_t connection_events;

static bool connection_dial(http_client_t *client)
{
    client_connection_t *connection = NULL;
    for (uint32_t i = 0; i < client->options.connections_max && connection == NULL; i++) {
        connection = client->connections[i].state == CONNECTION_NONE ? &client->connections[i] : NULL;
    }
    if (connection == NULL) {
        return false;
    }
    stream_dial_t dial = {
        .loop = client->loop,
        .address = client->address,
        .tls = client->secure ? client->options.tls : NULL,
        .tls_name = client->tls_name,
        .read_capacity = client->options.response_max,
        .write_capacity = client->options.request_max,
        .connect_timeout_ns = client->options.connect_timeout_ns,
        .events = &connection_events,
        .context = connection,
    };
    if (stream_dial(&dial, &connection->stream) != RESULT_OK) {
        return false;
    }
    client->stats.dialled++;
    connection->state = CONNECTION_DIALLING;
    http_parser_init(&connection->parser, HTTP_RESPONSE);
    connection->parser.body_max = client->options.response_max;
    connection->parser.head_max =
        client->options.response_max < HTTP_HEAD_MAX_DEFAULT ? client->options.response_max : HTTP_HEAD_MAX_DEFAULT;
    loop_timer_init(&connection->idle_timer, client->loop, idle_too_long, connection);
    return true;
}

static uint32_t waiting_count(const http_client_t *client)
{
    uint32_t count = 0;
    for (const flight_t *flight = client->waiting; flight != NULL; flight = flight->next) {
        count++;
    }
    return count;
}

void pool_pump(http_client_t *client)
{
    if (client->destroyed) {
        return;
    }
    while (client->waiting != NULL) {
        client_connection_t *connection = connection_choose(client);
        if (connection == NULL) {
            break;
        }
        client->stats.reused += connection->parser.consumed > 0 ? 1 : 0;
        connection_send(connection, flight_take_waiting(client));
    }
    if (client->delivering) {
        return; /* a connection becomes idle in a moment: no need for another one before that */
    }
    uint32_t dialling = pool_count(client, CONNECTION_DIALLING);
    uint32_t waiting = waiting_count(client);
    uint32_t idle = pool_count(client, CONNECTION_IDLE);
    uint32_t wanted = waiting;
    if (!client->warm_timer.running && client->warm > idle + waiting) {
        wanted = client->warm - idle;
    }
    while (dialling < wanted && connection_dial(client)) {
        dialling++;
    }
}

/* --- what the streams say --------------------------------------------------------------------- */

static void connection_opened(stream_t *stream, void *context)
{
    (void)stream;
    client_connection_t *connection = context;
    connection_rest(connection);
    pool_pump(connection->client);
}

static void connection_spoilt(client_connection_t *connection, const char *detail)
{
    flight_t *flight = connection->flight;
    pool_release(connection);
    flight_failed(flight, RESULT_MALFORMED, detail);
}

/* A whole response. The connection rests only after the callback: until then the response stands in its buffer. */
static size_t connection_answer(client_connection_t *connection, size_t length)
{
    http_client_t *client = connection->client;
    const http_message_t *response = &connection->parser.message;
    size_t used = connection->parser.consumed;
    flight_t *flight = connection->flight;
    bool reusable = response->keep_alive && used == length;
    client->delivering = true;
    flight_answered(flight, response);
    client->delivering = false;
    if (connection->state == CONNECTION_BUSY) {
        if (reusable) {
            connection_rest(connection);
        } else {
            connection->flight = NULL;
            connection_retire(connection);
        }
    }
    if (!client->destroyed && (client->waiting != NULL || client->warm > 0)) {
        loop_defer(client->loop, &client->task); /* after this callback: the buffer is still ours in here */
    }
    return used;
}

static size_t connection_data(stream_t *stream, char *bytes, size_t length, void *context)
{
    (void)stream;
    client_connection_t *connection = context;
    size_t used = 0;
    if (connection->state != CONNECTION_BUSY) {
        pool_release(connection); /* bytes that nobody asked for: never the answer to the next request */
        return length;
    }
    for (;;) {
        http_progress_t progress = http_parse(&connection->parser, bytes + used, length - used);
        if (progress == HTTP_NEED_MORE) {
            return used;
        }
        if (progress == HTTP_ERROR || connection->parser.message.status == 101) {
            connection_spoilt(connection, progress == HTTP_ERROR ? http_error_text(connection->parser.error)
                                                                 : "an upgrade that was not asked for");
            return length;
        }
        if (connection->parser.message.status >= 200) {
            return used + connection_answer(connection, length - used);
        }
        used += connection->parser.consumed; /* 100 Continue, 103 Early Hints: the real one follows */
        bool body_expected = connection->parser.body_expected;
        http_parser_reset(&connection->parser);
        connection->parser.body_expected = body_expected;
    }
}

static void connection_ended(stream_t *stream, void *context)
{
    client_connection_t *connection = context;
    size_t length = 0;
    char *bytes = stream_unread(stream, &length);
    if (connection->state == CONNECTION_BUSY) {
        if (http_parse_end(&connection->parser, bytes, length) == HTTP_COMPLETE) {
            connection_answer(connection, length);
        } else {
            flight_t *flight = connection->flight;
            pool_release(connection);
            flight_failed(flight, RESULT_CLOSED, "the connection ended before the response was complete");
        }
    }
    if (connection->state != CONNECTION_LEAVING) {
        pool_release(connection);
    }
}

static void connection_closed(stream_t *stream, result_t why, void *context)
{
    client_connection_t *connection = context;
    http_client_t *client = connection->client;
    connection_state_t state = connection->state;
    flight_t *flight = connection->flight;
    loop_timer_stop(&connection->idle_timer);
    connection->state = CONNECTION_NONE;
    connection->stream = NULL;
    connection->flight = NULL;
    if (client->destroyed) {
        client_free_when_done(client);
        return;
    }
    if (state == CONNECTION_BUSY) {
        flight_failed(flight, why, stream_detail(stream));
    } else if (state == CONNECTION_DIALLING) {
        flight_t *first = flight_take_waiting(client);
        if (first != NULL) {
            flight_failed(first, why, stream_detail(stream));
        }
        loop_timer_start_in(&client->warm_timer, WARM_RETRY_NS);
    }
    pool_pump(client);
}

static const stream_events_t connection_events = {
    .on_open = connection_opened,
    .on_data = connection_data,
    .on_end = connection_ended,
    .on_close = connection_closed,
};

void pool_close(http_client_t *client)
{
    for (uint32_t i = 0; i < client->options.connections_max; i++) {
        pool_release(&client->connections[i]);
    }
}

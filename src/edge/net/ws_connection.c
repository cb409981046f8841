/* ws_connection.c: a WebSocket on a stream: receiving, the heartbeat, ending (ws_connection.h). ws_dial.c has the client's
 * beginning, ws_send.c the other direction.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/ws_link.h"

enum {
    MESSAGE_MAX_DEFAULT = 256 * 1024,
    QUEUE_MAX_DEFAULT = 1024,
    QUEUE_BYTES_DEFAULT = 4 * 1024 * 1024,
    EVENTS_PER_TURN_MAX = 16, /* of one client; then others get their turn */
};

static const int64_t CLOSE_TIMEOUT_NS = 2 * NS_PER_S;

/* --- birth and death -------------------------------------------------------------------------- */

static void timer_fired(loop_timer_t *timer, void *context);

result_t ws_connection_new(loop_t *loop, ws_role_t role, const ws_options_t *options, ws_connection_t **out)
{
    ASSERT(options->events != NULL && options->events->on_close != NULL && options->pool != NULL);
    uint32_t queue_max = options->queue_max == 0 ? QUEUE_MAX_DEFAULT : options->queue_max;
    ws_connection_t *ws = calloc(1, sizeof *ws);
    if (ws != NULL && role == WS_CLIENT) { /* the order path: nothing is allocated later */
        ws->queue = malloc(queue_max * sizeof *ws->queue);
        ws->queue_size = queue_max;
    }
    if (ws == NULL || (role == WS_CLIENT && ws->queue == NULL)) {
        free(ws);
        return RESULT_FULL;
    }
    ws->loop = loop;
    ws->role = role;
    ws->options = *options;
    ws->options.queue_max = queue_max;
    ws->options.queue_bytes_max = options->queue_bytes_max == 0 ? QUEUE_BYTES_DEFAULT : options->queue_bytes_max;
    ws->options.message_max = options->message_max == 0 ? MESSAGE_MAX_DEFAULT : options->message_max;
    ws->options.close_timeout_ns = options->close_timeout_ns == 0 ? CLOSE_TIMEOUT_NS : options->close_timeout_ns;
    ws->code = WS_CLOSE_ABNORMAL;
    ws->last_received_ns = loop_now_fresh_ns(loop);
    loop_timer_init(&ws->timer, loop, timer_fired, ws);
    loop_task_init(&ws->flush_task, ws_flush, ws);
    *out = ws;
    return RESULT_OK;
}

void ws_connection_free(ws_connection_t *ws)
{
    loop_timer_stop(&ws->timer);
    loop_task_cancel(&ws->flush_task);
    ws_queue_drop(ws);
    free(ws->handshake);
    free(ws->queue);
    free(ws);
}

/* Remembers why it ends; the first reason stays. */
static void reason_note(ws_connection_t *ws, result_t why, uint16_t code, str_t reason)
{
    if (ws->why_known) {
        return;
    }
    ws->why_known = true;
    ws->why = why;
    ws->code = code;
    ws->reason_length = reason.length < sizeof ws->reason ? reason.length : sizeof ws->reason;
    if (ws->reason_length > 0) {
        memcpy(ws->reason, reason.bytes, ws->reason_length);
    }
}

void ws_fail(ws_connection_t *ws, result_t why, uint16_t code, str_t reason)
{
    reason_note(ws, why, code, reason);
    ws->state = WS_STATE_ENDED;
    ws_queue_drop(ws); /* its frames are free for others at once */
    stream_abort(ws->stream, why);
}

/* --- heartbeat -------------------------------------------------------------------------------- */

void ws_heartbeat_start(ws_connection_t *ws)
{
    int64_t next_ns = INT64_MAX;
    int64_t ping_ns = ws->options.ping_interval_ns;
    int64_t silence_ns = ws->options.silence_max_ns;
    if (ping_ns > 0) {
        int64_t since_ns = ws->last_received_ns > ws->last_ping_ns ? ws->last_received_ns : ws->last_ping_ns;
        next_ns = since_ns + ping_ns;
    }
    if (silence_ns > 0 && ws->last_received_ns + silence_ns < next_ns) {
        next_ns = ws->last_received_ns + silence_ns;
    }
    if (ws->begun_ns > 0 && ws->begun_ns + ws->options.message_timeout_ns < next_ns) {
        next_ns = ws->begun_ns + ws->options.message_timeout_ns;
    }
    if (next_ns != INT64_MAX) {
        loop_timer_start_at(&ws->timer, next_ns);
    }
}

/* The timer is not restarted with each message: it looks at the last one when it fires. */
static void heartbeat(ws_connection_t *ws)
{
    int64_t now_ns = loop_now_ns(ws->loop);
    int64_t silent_ns = now_ns - ws->last_received_ns;
    if (ws->options.silence_max_ns > 0 && silent_ns >= ws->options.silence_max_ns) {
        ws_fail(ws, RESULT_TIMEOUT, WS_CLOSE_ABNORMAL, STR("the peer has fallen silent"));
        return;
    }
    if (ws->begun_ns > 0 && now_ns - ws->begun_ns >= ws->options.message_timeout_ns) {
        if (ws->departure_ns < ws->begun_ns) {
            ws->departure_ns = stream_departure_ns(ws->stream);
        }
        if (ws->departure_ns > now_ns) {
            loop_timer_start_at(&ws->timer, ws->departure_ns);
            return;
        }
        ws_fail(ws, RESULT_TIMEOUT, WS_CLOSE_ABNORMAL, STR("a message was begun and not ended in time"));
        return;
    }
    if (ws->options.ping_interval_ns > 0 && silent_ns >= ws->options.ping_interval_ns &&
        now_ns - ws->last_ping_ns >= ws->options.ping_interval_ns) {
        ws->last_ping_ns = now_ns;
        if (ws_send_ping(ws, STR("")) == RESULT_FULL) {
            return;
        }
    }
    ws_heartbeat_start(ws);
}

static void timer_fired(loop_timer_t *timer, void *context)
{
    (void)timer;
    ws_connection_t *ws = context;
    switch (ws->state) {
    case WS_STATE_DIALLING:
    case WS_STATE_SHAKING:
        ws_fail(ws, RESULT_TIMEOUT, WS_CLOSE_ABNORMAL, STR("the handshake took too long"));
        break;
    case WS_STATE_OPEN:
        heartbeat(ws);
        break;
    case WS_STATE_CLOSING:
    case WS_STATE_FINISHING:
        ws_fail(ws, RESULT_TIMEOUT, ws->code, STR("no answer to the close frame"));
        break;
    case WS_STATE_ENDED:
        break;
    }
}

/* --- receiving -------------------------------------------------------------------------------- */

/* The rest of the queue leaves, then the stream closes. */
static void finish(ws_connection_t *ws)
{
    if (ws->state == WS_STATE_ENDED) {
        return; /* the close frame found the queue full */
    }
    ws->state = WS_STATE_FINISHING;
    loop_timer_start_in(&ws->timer, ws->options.close_timeout_ns);
    loop_defer(ws->loop, &ws->flush_task);
}

static void peer_closed(ws_connection_t *ws, const ws_event_t *event)
{
    if (ws->state == WS_STATE_OPEN) {
        reason_note(ws, RESULT_OK, event->code, event->payload);
        ws_queue_close_frame(ws, event->code, STR(""));
    }
    finish(ws);
}

static void protocol_error(ws_connection_t *ws, const ws_event_t *event)
{
    result_t why = event->error == WS_ERROR_TOO_LONG ? RESULT_FULL : RESULT_MALFORMED;
    str_t text = str_from(ws_error_text(event->error));
    reason_note(ws, why, event->code, text);
    if (ws->state == WS_STATE_OPEN) {
        ws_queue_close_frame(ws, event->code, text);
    }
    finish(ws);
}

static void deliver(ws_connection_t *ws, const ws_event_t *event)
{
    const ws_events_t *events = ws->options.events;
    void *context = ws->options.context;
    bool open = ws->state == WS_STATE_OPEN; /* after our own close nothing more is delivered */
    switch (event->kind) {
    case WS_TEXT:
        ws->received++;
        if (open && events->on_text != NULL) {
            events->on_text(ws, event->payload, context);
        }
        break;
    case WS_BINARY:
        ws->received++;
        if (open && events->on_binary != NULL) {
            events->on_binary(ws, event->payload, context);
        } else if (open) {
            ws_close(ws, WS_CLOSE_UNSUPPORTED, STR("binary messages are not understood here"));
        }
        break;
    case WS_PING:
        if (open && ws_send_pong(ws, event->payload) == RESULT_OK && events->on_ping != NULL) {
            events->on_ping(ws, event->payload, context);
        }
        break;
    case WS_PONG:
        if (open && events->on_pong != NULL) {
            events->on_pong(ws, event->payload, context);
        }
        break;
    case WS_CLOSE:
        peer_closed(ws, event);
        break;
    case WS_ERROR:
        protocol_error(ws, event);
        break;
    case WS_NEED_MORE:
        break;
    }
}

static size_t frames_receive(ws_connection_t *ws, char *bytes, size_t length)
{
    bool any = false;
    uint32_t left = ws->role == WS_SERVER ? EVENTS_PER_TURN_MAX : UINT32_MAX;
    for (; (ws->state == WS_STATE_OPEN || ws->state == WS_STATE_CLOSING) && !ws->paused; left--) {
        ws_event_t event;
        if (left == 0) {
            stream_yield(ws->stream);
            break;
        }
        ws_decode(&ws->decoder, bytes, length, &event);
        if (event.kind == WS_NEED_MORE) {
            break;
        }
        any = true;
        deliver(ws, &event);
    }
    if (ws->state == WS_STATE_FINISHING || ws->state == WS_STATE_ENDED) {
        return length; /* nothing after a close frame means anything */
    }
    size_t used = ws_decoder_release(&ws->decoder, bytes);
    if (any && ws->options.events->on_batch_end != NULL) {
        ws->options.events->on_batch_end(ws, ws->options.context);
    }
    return used;
}

/* Notes since when the peer owes the end of a message; another whole one in between begins the count anew. */
static void unfinished_note(ws_connection_t *ws, bool unfinished, bool progress)
{
    bool was = ws->begun_ns > 0;
    if (!unfinished || ws->options.message_timeout_ns <= 0 || ws->state != WS_STATE_OPEN) {
        ws->begun_ns = 0;
    } else if (!was || progress) {
        ws->begun_ns = loop_now_ns(ws->loop);
    }
    if (ws->begun_ns > 0 && !was) {
        ws_heartbeat_start(ws);
    }
}

static size_t link_data(stream_t *stream, char *bytes, size_t length, void *context)
{
    (void)stream;
    ws_connection_t *ws = context;
    size_t used = 0;
    uint64_t received = ws->received;
    ws->last_received_ns = loop_now_ns(ws->loop);
    if (ws->state == WS_STATE_SHAKING) {
        used = ws_handshake_receive(ws, bytes, length);
        if (ws->state == WS_STATE_SHAKING) {
            return 0;
        }
    }
    used += frames_receive(ws, bytes + used, length - used);
    unfinished_note(ws, used < length, ws->received != received);
    return used;
}

static void link_drained(stream_t *stream, void *context)
{
    (void)stream;
    ws_flush(context);
}

static void link_closed(stream_t *stream, result_t why, void *context)
{
    ws_connection_t *ws = context;
    bool after_close_frame = ws->state == WS_STATE_CLOSING; /* we said goodbye, the peer just hung up: orderly enough */
    ws->state = WS_STATE_ENDED;
    snprintf(ws->detail, sizeof ws->detail, "%.*s", (int)ws->reason_length, ws->reason);
    if (ws->reason_length == 0) {
        snprintf(ws->detail, sizeof ws->detail, "%s", stream_detail(stream));
    }
    reason_note(ws,
                after_close_frame  ? RESULT_OK
                : why == RESULT_OK ? RESULT_CLOSED
                                   : why,
                after_close_frame ? ws->code : WS_CLOSE_ABNORMAL, STR(""));
    ws_queue_drop(ws);
    ws->options.events->on_close(ws, ws->why, ws->code, (str_t){ws->reason, ws->reason_length}, ws->options.context);
    ws_connection_free(ws);
}

const stream_events_t ws_link_events = {
    .on_open = ws_handshake_begin,
    .on_data = link_data,
    .on_drain = link_drained,
    .on_close = link_closed,
};

result_t ws_connection_take_over(stream_t *stream, const ws_options_t *options, ws_connection_t **out)
{
    ws_connection_t *ws = NULL;
    result_t result = ws_connection_new(stream_loop(stream), WS_SERVER, options, &ws);
    if (result != RESULT_OK) {
        return result;
    }
    size_t room = stream_read_capacity(stream) - WS_HEAD_MAX - WS_CONTROL_ROOM;
    ws->options.message_max = ws->options.message_max < room ? ws->options.message_max : room;
    ws_decoder_init(&ws->decoder, WS_SERVER, ws->options.message_max);
    ws->stream = stream;
    ws->state = WS_STATE_OPEN;
    stream_hand_over(stream, &ws_link_events, ws);
    ws_heartbeat_start(ws);
    *out = ws;
    return RESULT_OK;
}

/* --- ending and asking ------------------------------------------------------------------------ */

void ws_close(ws_connection_t *ws, uint16_t code, str_t reason)
{
    if (ws->state < WS_STATE_OPEN) {
        ws_abort(ws);
        return;
    }
    if (ws->state == WS_STATE_OPEN) {
        ws_queue_close_frame(ws, code, reason);
        if (ws->state == WS_STATE_OPEN) {
            reason_note(ws, RESULT_OK, code, reason);
            ws->state = WS_STATE_CLOSING;
            loop_timer_start_in(&ws->timer, ws->options.close_timeout_ns);
        }
    }
}

void ws_abort(ws_connection_t *ws)
{
    if (ws->state != WS_STATE_ENDED) {
        ws_fail(ws, RESULT_CLOSED, WS_CLOSE_ABNORMAL, STR(""));
    }
}

void ws_pause(ws_connection_t *ws)
{
    ws->paused = true;
    stream_pause(ws->stream);
}

void ws_resume(ws_connection_t *ws)
{
    ws->paused = false;
    stream_resume(ws->stream);
}

void ws_fault(ws_connection_t *ws, const stream_fault_t *fault)
{
    ws_flush(ws); /* the fault counts from the next frame, not from what is already queued */
    stream_fault(ws->stream, fault);
}

uint64_t ws_received(const ws_connection_t *ws)
{
    return ws->received;
}

uint64_t ws_queued_total(const ws_connection_t *ws)
{
    return ws->queued_total;
}

uint32_t ws_backlog(const ws_connection_t *ws)
{
    return ws->queue_count;
}

uint64_t ws_conflated(const ws_connection_t *ws)
{
    return ws->conflated;
}

const char *ws_detail(const ws_connection_t *ws)
{
    return ws->detail;
}

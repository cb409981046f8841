/* ws_send.c: the sending half of a WebSocket: a bounded ring of frames by reference, sent together at the end of the turn. */
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/net/ws_link.h"

enum {
    FRAMES_PER_WRITE = 256,
    QUEUE_FIRST = 16, /* a server's ring begins with so many frames */
    QUEUE_KEPT = 256, /* and is given back when it is empty and larger than this */
};

static ws_queued_t *queue_at(ws_connection_t *ws, uint32_t age)
{
    uint32_t place = ws->queue_head + age; /* either is below the size: no division */
    return &ws->queue[place < ws->queue_size ? place : place - ws->queue_size];
}

static void queue_pop(ws_connection_t *ws)
{
    ws_frame_t *frame = queue_at(ws, 0)->frame;
    ws->queue_bytes -= frame->length;
    ws->queue_head = ws->queue_head + 1 < ws->queue_size ? ws->queue_head + 1 : 0;
    ws->queue_count--;
    ws->sent_of_first = 0;
    ws_frame_release(frame);
    if (ws->queue_count == 0) {
        ws->queue_head = 0; /* the same few places again and again: the rest of the ring stays out of the cache */
        if (ws->role == WS_SERVER && ws->queue_size > QUEUE_KEPT) {
            free(ws->queue);
            ws->queue = NULL;
            ws->queue_size = 0;
        }
    }
}

void ws_queue_drop(ws_connection_t *ws)
{
    while (ws->queue_count > 0) {
        queue_pop(ws);
    }
}

/* --- sending ---------------------------------------------------------------------------------- */

static void sent(ws_connection_t *ws, size_t bytes)
{
    while (bytes > 0) {
        size_t rest = queue_at(ws, 0)->frame->length - ws->sent_of_first;
        if (bytes < rest) {
            ws->sent_of_first += bytes;
            return;
        }
        bytes -= rest;
        queue_pop(ws);
    }
}

/* One system call's worth. True when all of it was taken. */
static bool flush_some(ws_connection_t *ws)
{
    str_t slices[FRAMES_PER_WRITE];
    uint32_t count = ws->queue_count < FRAMES_PER_WRITE ? ws->queue_count : FRAMES_PER_WRITE;
    size_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        const ws_frame_t *frame = queue_at(ws, i)->frame;
        size_t skip = i == 0 ? ws->sent_of_first : 0;
        slices[i] = (str_t){frame->bytes + skip, frame->length - skip};
        total += slices[i].length;
    }
    size_t taken = 0;
    if (stream_write_vector(ws->stream, slices, count, &taken) != RESULT_OK) {
        return false; /* the stream is ending; its on_close tells */
    }
    sent(ws, taken);
    return taken == total;
}

void ws_flush(void *context)
{
    ws_connection_t *ws = context;
    if (ws->state < WS_STATE_OPEN || ws->state == WS_STATE_ENDED) {
        return;
    }
    while (ws->queue_count > 0) {
        if (!flush_some(ws)) {
            ws->blocked = true;
            return;
        }
    }
    if (ws->state == WS_STATE_FINISHING) {
        stream_close(ws->stream);
        return;
    }
    if (ws->blocked) {
        ws->blocked = false;
        if (ws->state == WS_STATE_OPEN && ws->options.events->on_drain != NULL) {
            ws->options.events->on_drain(ws, ws->options.context);
        }
    }
}

/* --- queueing --------------------------------------------------------------------------------- */

/* A newer frame takes the place of an older one of the same key; the one that is being sent stays. */
static bool conflate(ws_connection_t *ws, ws_frame_t *frame, uint64_t key)
{
    if (ws->options.slow != WS_SLOW_CONFLATE || key == 0) {
        return false;
    }
    for (uint32_t i = ws->sent_of_first > 0 ? 1 : 0; i < ws->queue_count; i++) {
        ws_queued_t *queued = queue_at(ws, i);
        if (queued->key != key) {
            continue;
        }
        size_t bytes = ws->queue_bytes - queued->frame->length + frame->length;
        if (bytes > ws->options.queue_bytes_max && frame->length > queued->frame->length) {
            return false;
        }
        ws->queue_bytes = bytes;
        ws_frame_release(queued->frame);
        queued->frame = frame;
        frame->references++;
        ws->conflated++;
        return true;
    }
    return false;
}

/* A larger ring, the oldest frame first in it. */
static bool queue_grow(ws_connection_t *ws)
{
    uint32_t size = ws->queue_size == 0 ? QUEUE_FIRST : 2 * ws->queue_size;
    size = size < ws->options.queue_max ? size : ws->options.queue_max;
    ws_queued_t *grown = malloc(size * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < ws->queue_count; i++) {
        grown[i] = *queue_at(ws, i);
    }
    free(ws->queue);
    ws->queue = grown;
    ws->queue_size = size;
    ws->queue_head = 0;
    return true;
}

static bool queue_has_room(ws_connection_t *ws, const ws_frame_t *frame)
{
    if (ws->queue_count == ws->options.queue_max || frame->length > ws->options.queue_bytes_max - ws->queue_bytes) {
        return false;
    }
    return ws->queue_count < ws->queue_size || queue_grow(ws);
}

static result_t queue_push(ws_connection_t *ws, ws_frame_t *frame, uint64_t key)
{
    if (!queue_has_room(ws, frame)) {
        if (!conflate(ws, frame, key)) {
            ws_fail(ws, RESULT_FULL, WS_CLOSE_POLICY, STR("the peer reads too slowly"));
            return RESULT_FULL;
        }
        return RESULT_OK;
    }
    ws_queued_t *queued = queue_at(ws, ws->queue_count);
    *queued = (ws_queued_t){.frame = frame, .key = key};
    frame->references++;
    ws->queue_count++;
    ws->queue_bytes += frame->length;
    if (!ws->blocked) {
        loop_defer(ws->loop, &ws->flush_task);
    }
    return RESULT_OK;
}

static result_t may_send(const ws_connection_t *ws)
{
    if (ws->state == WS_STATE_OPEN) {
        return RESULT_OK;
    }
    return ws->state < WS_STATE_OPEN ? RESULT_BAD_STATE : RESULT_CLOSED;
}

result_t ws_send_frame(ws_connection_t *ws, ws_frame_t *frame, uint64_t key)
{
    ASSERT(ws->role == WS_SERVER); /* a client's frames carry a mask of their own */
    result_t result = may_send(ws);
    result = result == RESULT_OK ? queue_push(ws, frame, key) : result;
    ws->queued_total += result == RESULT_OK ? 1 : 0;
    return result;
}

static result_t send_payload(ws_connection_t *ws, ws_opcode_t opcode, str_t payload)
{
    uint8_t random[4];
    const uint8_t *mask = NULL;
    if (ws->role == WS_CLIENT) {
        int made = RAND_bytes(random, sizeof random);
        ASSERT(made == 1);
        mask = random;
    }
    ws_frame_t *frame = NULL;
    result_t result = ws_frame_encode(ws->options.pool, opcode, payload, mask, &frame);
    if (result == RESULT_FULL) {
        ws_fail(ws, RESULT_FULL, WS_CLOSE_INTERNAL, STR("no memory left for frames"));
        return result;
    }
    if (result == RESULT_OK) {
        result = queue_push(ws, frame, 0);
        ws_frame_release(frame); /* the queue holds its own reference */
    }
    return result;
}

static result_t send_message(ws_connection_t *ws, ws_opcode_t opcode, str_t payload)
{
    result_t result = may_send(ws);
    result = result == RESULT_OK ? send_payload(ws, opcode, payload) : result;
    ws->queued_total += result == RESULT_OK ? 1 : 0;
    return result;
}

result_t ws_send_text(ws_connection_t *ws, str_t text)
{
    return send_message(ws, WS_OP_TEXT, text);
}

static result_t send_control(ws_connection_t *ws, ws_opcode_t opcode, str_t payload)
{
    result_t result = may_send(ws);
    if (result == RESULT_OK && payload.length > WS_CONTROL_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    return result == RESULT_OK ? send_payload(ws, opcode, payload) : result;
}

result_t ws_send_ping(ws_connection_t *ws, str_t payload)
{
    return send_control(ws, WS_OP_PING, payload);
}

result_t ws_send_pong(ws_connection_t *ws, str_t payload)
{
    return send_control(ws, WS_OP_PONG, payload);
}

void ws_queue_close_frame(ws_connection_t *ws, uint16_t code, str_t reason)
{
    char payload[WS_CONTROL_MAX];
    size_t length = ws_encode_close(code, reason, payload);
    send_payload(ws, WS_OP_CLOSE, (str_t){payload, length}); /* a full queue has aborted the connection by then */
}

/* ws_connection.h: a WebSocket connection, dialled (client role) or taken over from the HTTP server (server role).
 *
 * Receiving: whole messages as slices of the read buffer, in order; pings are answered by themselves. Sending: messages queue as
 * frames and leave together at the end of the turn in one system call. A frame made once (ws_frame_make) can be queued on many
 * connections; it is counted by reference and goes back to its pool when the last one has sent it.
 *
 * A slow peer: its queue is bounded (frames and bytes). What happens at the bound is the owner's choice: close it, or conflate: a
 * queued, not yet begun frame with the same non-zero key gives way to the new one (prices; never orders). Others are never delayed.
 *
 * Life: on_close is the last callback, exactly once for each connection that was returned, never inside a call of the owner's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/net/http.h"
#include "edge/net/loop.h"
#include "edge/net/stream.h"
#include "edge/net/tls.h"
#include "edge/net/ws.h"

typedef struct ws_connection ws_connection_t;
typedef struct ws_frame ws_frame_t;
typedef struct ws_frame_pool ws_frame_pool_t;

/* Any may be NULL except on_close. Payloads are borrowed until the callback returns. */
typedef struct {
    void (*on_open)(ws_connection_t *ws, void *context); /* client role: the handshake is done */
    void (*on_text)(ws_connection_t *ws, str_t text, void *context);
    void (*on_binary)(ws_connection_t *ws, str_t bytes, void *context); /* NULL: binary messages close with 1003 */
    void (*on_ping)(ws_connection_t *ws, str_t payload, void *context); /* already answered */
    void (*on_pong)(ws_connection_t *ws, str_t payload, void *context);
    void (*on_drain)(ws_connection_t *ws, void *context); /* the queue is empty again after it was not at a turn's end */

    /* All frames that stood in the read buffer were delivered: a batch of messages that came together ends here. */
    void (*on_batch_end)(ws_connection_t *ws, void *context);

    /* why: OK after an orderly close by either side (code is the peer's, or ours when we began); CLOSED, IO, TIMEOUT, TLS, REFUSED,
     * UNREACHABLE, MALFORMED (protocol error), FULL (too slow, too long) otherwise, with the code sent or WS_CLOSE_ABNORMAL. */
    void (*on_close)(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context);
} ws_events_t;

typedef enum {
    WS_SLOW_CLOSE,    /* a full queue closes the connection with 1008 */
    WS_SLOW_CONFLATE, /* frames with a key replace an older one of that key; when that does not help: close as above */
} ws_slow_t;

/* What both roles share. */
typedef struct {
    const ws_events_t *events; /* borrowed */
    void *context;
    ws_frame_pool_t *pool;  /* frames for what is sent; borrowed, shared by many connections of one loop */
    size_t message_max;     /* bytes of one received message; 0: 256 KiB */
    size_t read_capacity;   /* dialled only; >= message_max + WS_HEAD_MAX; 0: 512 KiB */
    uint32_t queue_max;     /* frames waiting to be sent; 0: 1024; memory of a server's connection only while they wait */
    size_t queue_bytes_max; /* bytes waiting to be sent; 0: 4 MiB */
    ws_slow_t slow;
    int64_t ping_interval_ns;   /* we ping after so long without receiving anything; 0: never */
    int64_t silence_max_ns;     /* nothing received for so long closes with TIMEOUT; 0: never */
    int64_t message_timeout_ns; /* a message begun and not ended for so long closes with TIMEOUT; 0: never */
    int64_t close_timeout_ns;   /* the peer's answer to our close; 0: 2 s */
} ws_options_t;

typedef struct {
    loop_t *loop;
    const char *url;              /* "wss://fstream.binance.com/stream?streams=...", copied */
    tls_t *tls;                   /* needed for wss; borrowed */
    const http_header_t *headers; /* more request headers; borrowed during the call */
    uint32_t headers_count;
    int64_t open_timeout_ns; /* name, connect, TLS and handshake together; 0: 10 s */
    ws_options_t options;
} ws_dial_t;

/* RESULT_MALFORMED / UNSUPPORTED (url), RESULT_BAD_ARGUMENT (wss without tls), RESULT_FULL, RESULT_TEXT_BAD_CHARACTER: no callback
 * comes. */
result_t ws_dial(const ws_dial_t *dial, ws_connection_t **out);

/* Queues one message (copied into a pool frame, masked when we are the client). RESULT_FULL: the bound was reached (see ws_slow_t;
 * the connection is closing then); RESULT_CLOSED; RESULT_BAD_STATE: not open yet; RESULT_TEXT_TOO_LONG: larger than the pool's
 * frames. */
result_t ws_send_text(ws_connection_t *ws, str_t text);
result_t ws_send_ping(ws_connection_t *ws, str_t payload);
result_t ws_send_pong(ws_connection_t *ws, str_t payload); /* unasked ones are allowed */

/* --- frames made once ------------------------------------------------------------------------- */

/* bytes_max: payload bytes of the largest frame. Memory is taken by size class when first needed and kept for reuse: a steady flow
 * allocates nothing. total_max: bytes in all; beyond it ws_frame_make gives RESULT_FULL. */
result_t ws_frame_pool_create(size_t bytes_max, size_t total_max, ws_frame_pool_t **out);
void ws_frame_pool_destroy(ws_frame_pool_t *pool);       /* asserts that no frame is out */
uint32_t ws_frame_pool_out(const ws_frame_pool_t *pool); /* frames held by somebody */

/* An unmasked frame (server role only), with one reference that belongs to the caller. */
result_t ws_frame_make(ws_frame_pool_t *pool, ws_opcode_t opcode, str_t payload, ws_frame_t **out);
void ws_frame_release(ws_frame_t *frame);

/* Queues a frame by reference; key: see ws_slow_t (0: never conflated). Results as ws_send_text. */
result_t ws_send_frame(ws_connection_t *ws, ws_frame_t *frame, uint64_t key);

/* --- ending ----------------------------------------------------------------------------------- */

void ws_close(ws_connection_t *ws, uint16_t code,
              str_t reason);        /* close frame after what is queued; waits for the peer's (bounded) */
void ws_abort(ws_connection_t *ws); /* at once, no close frame: on_close(CLOSED, 1006) */

void ws_pause(ws_connection_t *ws); /* no more messages until ws_resume: back-pressure on the peer */
void ws_resume(ws_connection_t *ws);

/* Arms a fault for the bytes queued from now on (stream.h): a frame cut, stalled or spoilt at any byte. */
void ws_fault(ws_connection_t *ws, const stream_fault_t *fault);

uint64_t ws_received(const ws_connection_t *ws);     /* whole text and binary messages since it was opened */
uint64_t ws_queued_total(const ws_connection_t *ws); /* text and binary messages accepted for sending since it was opened */
uint32_t ws_backlog(const ws_connection_t *ws);      /* frames waiting */
uint64_t ws_conflated(const ws_connection_t *ws);    /* frames that gave way to newer ones */
const char *ws_detail(const ws_connection_t *ws);    /* one line about the last failure; never NULL */

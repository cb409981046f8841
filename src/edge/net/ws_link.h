/* ws_link.h: the struct behind ws_connection.h, shared by ws_connection.c, ws_dial.c and ws_send.c only. */
#pragma once

#include "edge/net/ws_inside.h"

typedef enum {
    WS_STATE_DIALLING, /* name, connect, TLS */
    WS_STATE_SHAKING,  /* the upgrade request is out */
    WS_STATE_OPEN,
    WS_STATE_CLOSING,   /* we have sent a close frame and wait for the peer's */
    WS_STATE_FINISHING, /* both have said goodbye (or the peer broke the rules): send the rest, close the stream */
    WS_STATE_ENDED,     /* only on_close is left */
} ws_state_t;

typedef struct {
    ws_frame_t *frame;
    uint64_t key;
} ws_queued_t;

struct ws_connection {
    loop_t *loop;
    stream_t *stream;
    ws_role_t role;
    ws_state_t state;
    ws_options_t options; /* with the defaults filled in */
    ws_decoder_t decoder;
    bool paused, blocked; /* blocked: the stream took less than all; on_drain is awaited */
    loop_timer_t timer;   /* opening, heartbeat, closing: one after the other */
    loop_task_t flush_task;
    int64_t last_received_ns, last_ping_ns;
    int64_t departure_ns; /* its turn to be sent away, once that message was not ended in time */
    int64_t begun_ns;     /* an unfinished message stands in the read buffer since then; 0: none */
    uint64_t received, queued_total, conflated;

    bool why_known;
    result_t why;
    uint16_t code;
    size_t reason_length;
    char reason[WS_CONTROL_MAX];
    char detail[STREAM_DETAIL_MAX];

    http_parser_t parser; /* of the handshake's response */
    char key[WS_KEY_LENGTH + 1];
    char *handshake; /* request bytes until they are sent */
    size_t handshake_length;

    uint32_t queue_head, queue_count;
    size_t queue_bytes; /* of all queued frames, the sent part of the first included */
    size_t sent_of_first;
    uint32_t queue_size; /* of the ring; a server's grows to options.queue_max with what waits in it */
    ws_queued_t *queue;
};

/* ws_send.c */
void ws_flush(void *context);            /* sends what the stream takes; context: the connection */
void ws_queue_drop(ws_connection_t *ws); /* gives back all queued frames */
void ws_queue_close_frame(ws_connection_t *ws, uint16_t code, str_t reason);

/* ws_dial.c */
void ws_handshake_begin(stream_t *stream, void *context); /* the stream is open: send the request */
size_t ws_handshake_receive(ws_connection_t *ws, char *bytes,
                            size_t length); /* returns what the response took; 0: not whole, or refused */

/* ws_connection.c */
enum { WS_CONTROL_ROOM = 256 }; /* control frames that may stand between the fragments in the read buffer */
extern const stream_events_t ws_link_events;
result_t ws_connection_new(loop_t *loop, ws_role_t role, const ws_options_t *options, ws_connection_t **out);
void ws_connection_free(ws_connection_t *ws);
void ws_heartbeat_start(ws_connection_t *ws);

/* Ends it at once, with this reason. */
void ws_fail(ws_connection_t *ws, result_t why, uint16_t code, str_t reason);

/* face_server.h: binds a Binance face to real sockets: HTTP requests, WebSockets, frames made once, and faults on bytes.
 *
 * Frames of one moment leave each connection in one write, because the loop flushes at the end of a turn. A peer that does not read
 * is cut off when its queue is full; connections that do not take part in lockstep have quotes conflated first.
 *
 * A hostile crowd slows and shuts out nobody (docs/venue.md, "Strangers"): places and memory are bounded by host and in all, who
 * has asked for nothing makes room for who comes, newcomers are let in at a pace, and when the frames of slow readers fill the
 * pool, the slowest reader goes.
 */
#pragma once

#include "edge/face/binance/face.h"
#include "edge/face/fault/fault_engine.h"
#include "edge/face/server/wire_log.h"
#include "edge/net/http_server.h"

typedef struct face_server face_server_t;

typedef struct {
    loop_t *loop;
    const char *address;                      /* "127.0.0.1:9080"; port 0: any free one */
    tls_t *tls;                               /* NULL: plain http and ws; borrowed */
    wire_log_t *wire_log;                     /* borrowed */
    world_t *world;                           /* borrowed */
    fault_engine_t *faults;                   /* borrowed; NULL: none */
    bool lockstep;                            /* streams carry the clock: they are opened whatever is dead besides */
    int64_t ping_interval_ns, silence_max_ns; /* of WebSockets (ws_connection.h) */
    uint32_t connections_max;                 /* 0: 512; one host may have three quarters of them, 3,072 at most */
    /* Called after anything came in from a client (the driver looks whether the world may move on). */
    void (*on_activity)(void *context);
    void *context;
} face_server_options_t;

/* The server is also the face's output: create it first, then the face with face_server_output, then face_server_attach.
 * RESULT_ADDRESS_IN_USE and the other results of http_server_open. */
result_t face_server_open(const face_server_options_t *options, face_server_t **out);
const face_output_t *face_server_output(face_server_t *server);
void face_server_attach(face_server_t *server, face_t *face);
const char *face_server_address(const face_server_t *server);
uint32_t face_server_clients(const face_server_t *server); /* open HTTP connections and WebSockets */
void face_server_close(face_server_t *server);

/* Closes every WebSocket with that code; 0: resets it. Returns how many. */
uint32_t face_server_close_sockets(face_server_t *server, uint16_t code);

/* face_server.h: binds the Binance USD-M face to real sockets: HTTP requests, WebSockets, frames made once, and faults on bytes.
 *
 * Frames of one moment leave each connection in one write, because the loop flushes at the end of a turn. A peer that does not read
 * is cut off when its queue is full; connections that do not take part in lockstep have quotes conflated first.
 */
#pragma once

#include <stdio.h>

#include "edge/face/binance/face.h"
#include "edge/net/http_server.h"

typedef struct face_server face_server_t;

typedef struct {
    loop_t *loop;
    const char *address; /* "127.0.0.1:9080"; port 0: any free one */
    tls_t *tls;          /* NULL: plain http and ws; borrowed */
    FILE *wire_log;      /* NULL: none; one line a request, reply and frame; no secrets: signatures and keys are cut out */
    /* Called after anything came in from a client (the driver looks whether the world may move on). */
    void (*on_activity)(void *context);
    void *context;
} face_server_options_t;

/* The server is also the face's output: create it first, then the face with face_server_output, then face_server_attach.
 * RESULT_ADDRESS_IN_USE and the other results of http_server_open. */
result_t face_server_open(const face_server_options_t *options, face_server_t **out);
const usdm_output_t *face_server_output(face_server_t *server);
void face_server_attach(face_server_t *server, usdm_t *usdm);
const char *face_server_address(const face_server_t *server);
uint32_t face_server_clients(const face_server_t *server); /* open HTTP connections and sockets */
void face_server_close(face_server_t *server);

/* Faults aim at placements and cancels: their commands happen, their answers suffer. */
typedef struct {
    uint32_t drop;   /* so many answers are never sent: the connection dies */
    uint32_t answer; /* so many get `status` and this code instead */
    unsigned status;
    int code;
} face_fault_t;
void face_server_fault(face_server_t *server, const face_fault_t *fault);
uint32_t face_server_cut_sockets(face_server_t *server); /* resets every WebSocket; returns how many */

/* http_server.h: a small HTTP/1.1 server for our own faces: bounded in everything, deaf to slow-loris, exact about bytes.
 *
 * One request at a time on a connection: a pipelined next one waits in the read buffer until the reply is given, so replies are
 * always in order. Malformed requests are answered (400, 413, 431, 501, 505) and the connection closed. Nothing is parsed beyond
 * HTTP: target, query and body reach the handler raw, because signatures are computed over raw bytes.
 *
 * A crowd shuts nobody out: when all places are taken, or all that one host may have, a newcomer gets the place of who needs it
 * least (http_crowd.c). Of what stands in the buffer of one connection only so many requests are handled in a turn; then others
 * get theirs.
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
#include "edge/net/ws_connection.h"

typedef struct http_server http_server_t;
typedef struct http_connection http_connection_t;

typedef struct {
    /* A whole request. Borrowed: request and its slices are good until this returns, or until the reply, whichever is first (copy
     * what a later reply needs). Reply now or later with http_reply or http_upgrade, exactly once. */
    void (*on_request)(http_connection_t *connection, const http_message_t *request, void *context);

    /* More bytes of a request that is not whole yet; all of it so far. False: the connection is reset at once. May be NULL. */
    bool (*on_bytes)(http_connection_t *connection, str_t so_far, void *context);

    /* The connection is gone; the pointer is dead after this. Also called when a reply was still owed. Not called after an upgrade.
     * May be NULL. */
    void (*on_gone)(http_connection_t *connection, void *context);
} http_server_events_t;

typedef struct {
    loop_t *loop;
    const char *address;                /* "127.0.0.1:9080"; port 0: any free one */
    tls_t *tls;                         /* NULL: plain http */
    uint32_t connections_max;           /* 0: 256; those that became WebSockets count */
    uint32_t host_connections_max;      /* of one host; 0: no bound of its own */
    uint32_t accepts_per_second;        /* newcomers beyond it wait outside; 0: no bound */
    size_t request_max;                 /* bytes of one request, head and body; 0: 64 KiB; memory only while it is not whole */
    size_t response_max;                /* bytes of replies waiting for the peer; 0: 1 MiB; memory only while they wait */
    size_t requests_bytes_max;          /* unfinished requests of all connections together; 0: no bound; beyond: reset */
    size_t responses_bytes_max;         /* waiting replies of all connections together; 0: no bound; beyond: reset */
    int64_t request_timeout_ns;         /* from the first byte of a request to its last (slow-loris); 0: 10 s */
    int64_t idle_timeout_ns;            /* between requests; 0: 75 s */
    int64_t send_timeout_ns;            /* a peer that takes nothing of a waiting reply for so long is cut off; 0: 10 s */
    const http_server_events_t *events; /* borrowed */
    void *context;
} http_server_options_t;

/* Listening when it returns OK. RESULT_ADDRESS_IN_USE (a port in use) and the other results of listener_open. */
result_t http_server_open(const http_server_options_t *options, http_server_t **out);

/* "127.0.0.1:40333": with the real port. */
const char *http_server_address(const http_server_t *server);
uint32_t http_server_connections(const http_server_t *server);
uint64_t http_server_put_out(const http_server_t *server); /* connections that had to give their place to newcomers */

/* Stops listening, aborts all connections (on_gone is called for each before this returns; upgraded ones live on) and frees. */
void http_server_close(http_server_t *server);

/* One whole response: status line, `headers`, Content-Length, body. Leaves at the end of the turn. Keep-alive follows the request;
 * HEAD gets no body but its length; 204 and 304 none at all. RESULT_FULL: larger than response_max (the connection is closed: the
 * peer sees no answer); RESULT_BAD_STATE: no request waits for a reply; RESULT_TEXT_BAD_CHARACTER: CR, LF or NUL in a header (500
 * is sent). */
result_t http_reply(http_connection_t *connection, unsigned status, const http_header_t *headers, uint32_t headers_count,
                    str_t body);

/* The same with bytes of the caller's making, sent as they are (a venue that answers nonsense); the connection closes afterwards
 * when `keep_open` says so. */
typedef enum { HTTP_KEEP_OPEN, HTTP_THEN_CLOSE } http_after_t;
result_t http_reply_raw(http_connection_t *connection, str_t bytes, http_after_t after);

/* The reply that is owed is the last one on this connection (it says so). */
void http_close_after(http_connection_t *connection);

/* No reply at all: closes (FIN) without a byte. For a peer that must see its connection die. */
void http_drop(http_connection_t *connection);

/* The same at once and hard (RST): what stood in the buffers is lost. */
void http_abort(http_connection_t *connection);

/* The request as it came, head and body (a chunked body's frame is already taken off); good as long as the request is. */
str_t http_connection_request(const http_connection_t *connection);

/* Arms a fault for the bytes of the next reply on this connection: cut, stall or spoil at any byte of it (stream.h);
 * STREAM_FAULT_NONE disarms. */
void http_reply_fault(http_connection_t *connection, const stream_fault_t *fault);

/* True when the request asks for a WebSocket upgrade that http_upgrade would accept. */
bool http_wants_websocket(const http_message_t *request);

/* Answers 101 and hands the connection to a WebSocket (server role). RESULT_MALFORMED: not a proper WebSocket request (nothing is
 * sent; reply 400 or 426 yourself). `subprotocol` may be empty. After OK the http_connection pointer is dead. */
result_t http_upgrade(http_connection_t *connection, const http_message_t *request, str_t subprotocol, const ws_options_t *options,
                      ws_connection_t **out);

const char *http_connection_peer(const http_connection_t *connection);
uint64_t http_connection_number(const http_connection_t *connection); /* 1, 2, ...: unique in this server, never reused */

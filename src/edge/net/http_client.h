/* http_client.h: requests to one origin over a small pool of kept-alive connections.
 *
 * Two calls that differ in the one thing that matters:
 *   http_request_repeatable  for reads: may be sent again (at most 3 more times) after a connection error or a 5xx;
 *   http_request_once        for placements and cancels: its bytes leave in exactly one system call, or not at all; nothing is ever
 *                            sent again, whatever happens. The outcome is NOT_SENT (proof that no byte left), ANSWERED (a whole,
 *                            well-formed response) or UNKNOWN (bytes left, and no readable answer came).
 *
 * A connection that the peer closed while it was idle is noticed by the loop, and looked for once more right before the write; what
 * slips through between that look and the peer's reading is UNKNOWN, as it must be. Time-outs, a body cut short, bytes that are no
 * HTTP, an answer larger than response_max: UNKNOWN for once, a failed attempt for repeatable. One request at a time on a
 * connection (no pipelining); when all connections are busy requests wait in a bounded queue. Redirects are not followed. Content
 * codings are not asked for (Accept-Encoding: identity is sent); a gzip body is handed over as it is (see http_gunzip).
 *
 * Everything is allocated at http_client_create and when a connection is first opened; a request allocates nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/net/http.h"
#include "edge/net/loop.h"
#include "edge/net/tls.h"

typedef struct http_client http_client_t;

typedef enum {
    HTTP_NOT_SENT, /* no byte left this machine's hands: sending it later is safe */
    HTTP_ANSWERED, /* response is set; any status */
    HTTP_UNKNOWN,  /* at least one byte may have left and no readable response came */
} http_outcome_t;

typedef struct {
    http_outcome_t outcome;
    result_t why;       /* OK when answered; REFUSED, UNREACHABLE, TLS, TIMEOUT, CLOSED, IO, MALFORMED, FULL otherwise */
    const char *detail; /* one line for the log; never NULL; borrowed until the callback returns */
    const http_message_t *response; /* NULL unless answered; borrowed until the callback returns */
    uint32_t attempts;              /* writes that were started: 0 or 1 for once */
    int64_t sent_ns;                /* monotonic, of the last attempt's write; 0 when nothing was written */
    int64_t done_ns;
} http_reply_t;

/* Called exactly once for each accepted request, never inside the call that made it. New requests may be made in here. */
typedef void http_reply_fn(const http_reply_t *reply, void *context);

typedef struct http_call http_call_t;

/* Called before the second and later attempts of a repeatable request whose bytes would be stale by then (a timestamp, a
 * signature). `call` arrives without texts: set method, target, headers and body again; they must stay good until the request is
 * made from them, right after this returns. A result other than OK gives up: the last failure is reported. attempt: 2, 3, 4. */
typedef result_t http_rebuild_fn(http_call_t *call, uint32_t attempt, void *context);

/* One request. All texts are borrowed for the duration of the call only. Host, Content-Length, Accept-Encoding are added by the
 * client; body: Content-Length is sent when it is not empty or the method is POST, PUT or PATCH. */
struct http_call {
    str_t method;
    str_t target; /* from '/' on, encoded, with query; the base path of the origin is put in front */
    const http_header_t *headers;
    uint32_t headers_count;
    str_t body;
    int64_t reply_timeout_ns; /* from the write to the complete response, each attempt; 0: the client's */
    int64_t total_timeout_ns; /* from the call to the callback, waits included; 0: the client's */
    http_rebuild_fn *rebuild; /* repeatable only; may be NULL */
    http_reply_fn *done;
    void *context;
};

typedef struct {
    loop_t *loop;
    const char *origin;         /* "https://fapi.binance.com", "http://127.0.0.1:9080/base"; copied */
    tls_t *tls;                 /* needed for https; borrowed */
    uint32_t connections_max;   /* 0: 4 */
    uint32_t queue_max;         /* requests under way and waiting; 0: 64 */
    size_t request_max;         /* bytes of one request; 0: 16 KiB */
    size_t response_max;        /* bytes of one response, head and raw body; 0: 64 KiB. Memory of each connection */
    int64_t connect_timeout_ns; /* 0: 5 s */
    int64_t reply_timeout_ns;   /* 0: 10 s */
    int64_t total_timeout_ns;   /* 0: 30 s */
    int64_t idle_max_ns;        /* a connection idle for longer is closed by us; 0: 50 s; < 0: never */
    uint64_t jitter_seed;       /* of the back-off; give each process another */
} http_client_options_t;

/* RESULT_MALFORMED / UNSUPPORTED (origin), RESULT_BAD_ARGUMENT (https without tls), RESULT_FULL (no memory). */
result_t http_client_create(const http_client_options_t *options, http_client_t **out);

/* Requests under way get their callback (CLOSED; NOT_SENT or UNKNOWN as true) before this returns; connections close in later
 * turns. */
void http_client_destroy(http_client_t *client);

/* The request is copied. RESULT_FULL: the queue is full or the request is larger than request_max; RESULT_TEXT_BAD_CHARACTER: CR,
 * LF or NUL in a part: refused, no callback comes. Retried at most 3 times after connection errors, broken responses, time-outs of
 * an attempt and status 500, 502, 503, 504, after 1, 2, 4 s (each times a jitter in [0.5, 1.5)), or after Retry-After when the
 * venue gives one (whole seconds). A wait that would outlast total_timeout_ns ends it at once: the last response is handed over as
 * ANSWERED, the last failure as NOT_SENT or UNKNOWN. 429 and 418 are never retried here: the budget decides (edge/exchange). */
result_t http_request_repeatable(http_client_t *client, const http_call_t *call);

/* As above, but never sent twice. Dialling, when no connection is free, happens before the write and its failure is NOT_SENT. When
 * an idle connection is open its bytes leave within this call. */
result_t http_request_once(http_client_t *client, const http_call_t *call);

/* Opens connections ahead of need, up to `count` idle ones, and keeps them so while the client lives: an order never waits for a
 * handshake. */
void http_client_keep_warm(http_client_t *client, uint32_t count);

typedef struct {
    uint32_t open, busy, waiting;             /* connections open and of these busy; requests waiting for one */
    uint64_t dialled, reused, retried, stale; /* since the start; stale: found closed right before the write */
} http_client_stats_t;

http_client_stats_t http_client_stats(const http_client_t *client);

/* Inflates a gzip body. RESULT_MALFORMED, RESULT_TRUNCATED, RESULT_FULL (larger than capacity): *length untouched. */
result_t http_gunzip(str_t body, char *out, size_t capacity, size_t *length);

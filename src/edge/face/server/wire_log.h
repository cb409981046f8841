/* wire_log.h: what clients said and got, one JSON line each: for people who look for a fault, and for checkers that compare with
 * it.
 *
 * {"number","kind":"request","time_ms","venue_ms","connection","peer","method","path","headers":{...},"raw":base64 of head and body
 * as they came,"status","accepted","order_id","fault","reply":base64 of the body that left}. kind "open", "in", "out", "close": a
 * WebSocket, its messages and direct replies (market data are not repeated).
 *
 * No secret: the value of X-MBX-APIKEY, of apiKey, signature and listenKey, and every run of 48 or more letters and digits is
 * overwritten by as many x, in headers, paths and raw bytes, so lengths stay true. The newest lines stay in memory (wire_log_read),
 * bounded in number and bytes; `reply` is in the file only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/json/json_writer.h"
#include "edge/net/http.h"

enum { WIRE_KEPT_MAX = 16384, WIRE_KEPT_BYTES_MAX = 16 * 1024 * 1024, WIRE_RAW_MAX = 256 * 1024 };

typedef struct wire_log wire_log_t;

/* path NULL: in memory only. RESULT_IO, RESULT_PERMISSION, RESULT_FULL. */
result_t wire_log_open(const char *path, wire_log_t **out);
void wire_log_close(wire_log_t *log); /* NULL is fine */

typedef struct {
    int64_t wall_ns, venue_ns;
    uint64_t connection;
    const char *peer;
    const http_message_t *request;
    str_t raw;         /* as it came */
    unsigned status;   /* that left; 0: nothing did */
    bool accepted;     /* the face took it, whatever left */
    str_t order_id;    /* of the order it made or changed; empty: none */
    const char *fault; /* NULL: none */
    str_t reply;       /* body that left */
} wire_request_t;

void wire_log_request(wire_log_t *log, const wire_request_t *entry);

typedef enum { WIRE_OPEN, WIRE_IN, WIRE_OUT, WIRE_CLOSE } wire_kind_t;
void wire_log_socket(wire_log_t *log, wire_kind_t kind, int64_t wall_ns, int64_t venue_ns, uint64_t connection, str_t text);

/* Lines with numbers >= from, as an array "requests", as many as fit into half the writer's room; "next": where to go on, "oldest":
 * of those in memory. */
void wire_log_read(const wire_log_t *log, uint64_t from, json_writer_t *writer);

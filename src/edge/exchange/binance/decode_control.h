/* decode_control.h: frames of a stream connection that are no market data: replies to our requests, errors, lockstep moments,
 * shutdown. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"

enum { BINANCE_ERROR_TEXT_MAX = 160 };

typedef enum {
    BINANCE_CONTROL_REPLY,    /* {"result":..,"id":n} */
    BINANCE_CONTROL_ERROR,    /* {"error":{"code":..,"msg":..}} with or without id, and {"code":..,"msg":..} */
    BINANCE_CONTROL_MOMENT,   /* {"e":"moment","n":N,"E":ms}: simulated exchange in lockstep, see docs/architecture.md */
    BINANCE_CONTROL_SHUTDOWN, /* {"e":"serverShutdown",..}: the venue will close this connection soon */
} binance_control_kind_t;

typedef struct {
    binance_control_kind_t kind;
    int64_t id;                        /* REPLY, ERROR: the number we gave; -1 when there is none or it is not ours */
    int64_t code;                      /* ERROR */
    char text[BINANCE_ERROR_TEXT_MAX]; /* ERROR: the venue's words, cut to fit */
    uint64_t moment;                   /* MOMENT */
    int64_t venue_ms;                  /* MOMENT */
} binance_control_t;

/* A quick look that never refuses a control frame: false means that it certainly is none (market data begin differently). */
bool binance_is_control(const char *bytes, size_t length);

/* RESULT_UNSUPPORTED: well-formed but none of these. */
result_t binance_decode_control(const char *bytes, size_t length, binance_control_t *control);

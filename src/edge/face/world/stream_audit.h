/* stream_audit.h: the tape test: a recorded stream is replayed into a venue, and whenever a recorded quote or change of the book
 * has been applied the venue's best prices are compared with the recorded quote that holds at that update id.
 *
 * That quote is the one with the greatest id that is not above what the book knows, wherever in the file it stands: quotes and
 * changes are recorded apart and overtake each other.
 */
#pragma once

#include "edge/face/world/market_source.h"

typedef struct {
    uint64_t events;            /* market events in the recording */
    uint64_t quotes, changes;   /* of them quotes, and changes of the book */
    uint64_t compared, differ;  /* update ids at which the best prices were compared */
    uint64_t passed_over;       /* quotes and changes older than what the book knew */
    uint64_t before_snapshot;   /* changes with nothing to be applied to */
    stream_left_out_t left_out; /* what was not even an event */
    uint64_t broken;            /* the chain of changes broke so many times */
    char first_difference[256]; /* "": none */
} stream_audit_t;

/* RESULT_NOT_FOUND, RESULT_FULL, RESULT_BAD_ARGUMENT (the rules): `error` says it in words. */
result_t stream_audit(const char *path, const stream_symbol_t *played, const instrument_t *rules, stream_audit_t *audit,
                      char error[MARKET_ERROR_MAX]);

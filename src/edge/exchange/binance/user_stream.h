/* user_stream.h: the private stream of one account: the listen key's life, the connection, and the events in order.
 *
 * POST /listenKey -> connect -> events; PUT every 25 minutes of ours or of the venue's, whichever are over first (the key lives 60
 * of the venue's, and a simulated venue's time may run faster than ours); a key that is gone (-1125, listenKeyExpired, another
 * client deleted it) is taken anew. Whenever events may have been missed - each connect, each new key, an unreadable frame, an
 * unknown event type - the owner is told to reconcile (ask orders, positions, balances over REST): a stream alone proves nothing.
 * Before the 24 h cut a second connection is opened on the same key first; while both stand, each event is given once (by its
 * bytes). A silent stream is normal here (no trades, no events), so the owner's reconciliation is what finds a deaf one;
 * user_stream_quiet_ns tells how long nothing came, user_stream_restart begins anew.
 *
 * Lockstep as in feed.h, except that events are given at once (one connection, so their order is the venue's): the owner calls
 * user_stream_lockstep_done when everything it got has been handled to the end (the signer: acknowledged by the watchdog).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/exchange/binance/decode_private.h"
#include "edge/exchange/binance/rest.h"
#include "edge/exchange/venue_clock.h"
#include "edge/net/loop.h"
#include "edge/net/tls.h"

typedef struct user_stream user_stream_t;

enum { USER_STREAM_TEXT_MAX = 160 };

typedef enum {
    USER_STREAM_UP,         /* connected: reconcile now, then events are complete from here on */
    USER_STREAM_DOWN,       /* text says why; it comes back by itself */
    USER_STREAM_RECONCILE,  /* still up, but something may have been missed */
    USER_STREAM_KEY_FAILED, /* no listen key could be had; tried again with back-off; result and text say why */
    USER_STREAM_FORBIDDEN,  /* the key is refused for good (permission): not tried again before user_stream_restart */
} user_stream_notice_kind_t;

typedef struct {
    user_stream_notice_kind_t kind;
    result_t result;
    char text[USER_STREAM_TEXT_MAX];
} user_stream_notice_t;

/* Called in turns of the loop, never inside a call of the owner's. on_moment may be NULL. */
typedef struct {
    /* One frame with its events in order (private_event->events); borrowed until it returns. `frame` is what came over the wire
     * (for the journal or a recorder). */
    void (*on_event)(void *context, int64_t received_ns, const binance_private_t *private_event, str_t frame);
    void (*on_notice)(void *context, const user_stream_notice_t *notice);
    void (*on_moment)(void *context, uint64_t moment, int64_t venue_ms);
} user_stream_events_t;

/* How bytes travel; the default is edge/net. `slot` is 0 or 1. Answers come through user_stream_transport_*, never inside these
 * calls. */
typedef struct {
    result_t (*open)(void *context, uint32_t slot, const char *url);
    result_t (*send)(void *context, uint32_t slot, str_t text);
    void (*close)(void *context, uint32_t slot);
    result_t (*listen_key)(void *context, const char *method); /* "POST" or "PUT"; answered with user_stream_transport_key */
    void *context;
} user_stream_transport_t;

typedef struct {
    loop_t *loop;
    const char *stream_url;             /* "wss://fstream.binance.com"; copied */
    tls_t *tls;                         /* for wss */
    binance_rest_t *rest;               /* borrowed; has the API key */
    const symbol_map_t *symbols;        /* borrowed; may be filled again between turns */
    const venue_clock_t *clock;         /* borrowed; NULL: the venue's time runs as ours does */
    const char *lockstep_role;          /* NULL: real time; copied */
    const user_stream_events_t *events; /* borrowed */
    void *context;
    const user_stream_transport_t *transport; /* NULL: edge/net; copied */
    int64_t rotate_after_ns;                  /* 0: 23 h less up to 1 h by chance */
    uint64_t seed;
} user_stream_options_t;

/* RESULT_BAD_ARGUMENT, RESULT_TEXT_TOO_LONG, RESULT_FULL. Starts at once. */
result_t user_stream_create(const user_stream_options_t *options, user_stream_t **out);
void user_stream_destroy(user_stream_t *stream);

/* New key, new connection: the owner has found the stream deaf, or has repaired the permission. */
void user_stream_restart(user_stream_t *stream);

void user_stream_lockstep_done(user_stream_t *stream);

bool user_stream_is_up(const user_stream_t *stream);
int64_t user_stream_quiet_ns(const user_stream_t *stream); /* since the last event; INT64_MAX before the first */
uint64_t user_stream_events(const user_stream_t *stream);  /* that have come on the standing connection, given or not */
uint64_t user_stream_moment(const user_stream_t *stream);  /* last moment seen; 0: none */

/* --- for transports --------------------------------------------------------------------------- */
void user_stream_transport_opened(user_stream_t *stream, uint32_t slot);
void user_stream_transport_text(user_stream_t *stream, uint32_t slot, str_t frame);
void user_stream_transport_closed(user_stream_t *stream, uint32_t slot, result_t why, const char *text);
/* status 0: no answer came; body as received. */
void user_stream_transport_key(user_stream_t *stream, unsigned status, str_t body, int64_t retry_after_s);

/* face.h: the server side of a Binance product over a simulated venue: REST, market and user streams, WS API. No sockets here.
 *
 * Requests come in as raw slices (signatures are computed over the bytes as received) and replies go out as JSON in a buffer of the
 * face; sockets are opaque pointers of the owner, who sends what face_output_t says. So tests call everything with bytes, and the
 * owner binds it to an HTTP server (edge/face/server).
 *
 * A product makes it: usdm_face_create (binance_usdm/usdm_face.h), spot_face_create (binance_spot/spot_face.h).
 *
 * Protocol: protocols/binance-usdm.md, binance-spot.md and clients.md of the design papers. Behaviour where the papers leave it
 * open is stated where it is done.
 *
 * The clock of the face is the venue's: timestamps, weight minutes and listen keys count venue time. Two clocks of a client are
 * right: the venue's (GET /fapi/v1/time, stream events) and, because a simulated venue may live in another year, the wall clock; a
 * timestamp that fits neither is -1021. At speed N the window of the venue's clock is N times as wide.
 *
 * Lockstep (docs/architecture.md): see face_lockstep.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/face/fault/fault_engine.h"
#include "edge/face/world/world.h"
#include "edge/net/stream.h"

#define FACE_SBE_REFUSAL       "SBE is not enabled."
#define FACE_TIME_UNIT_REFUSAL "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."

typedef struct face face_t;
typedef struct face_session face_session_t; /* one WebSocket */

enum {
    FACE_SESSIONS_MAX = 4096,
    FACE_REPLY_MAX = 4 * 1024 * 1024, /* bytes of the largest reply */
    FACE_REPLY_HEADERS_MAX = 7,
    FACE_STREAMS_MAX = 1024, /* of one connection */
};

/* --- sockets, as the owner implements them ---------------------------------------------------- */

/* Frames are made once and sent to many; a frame that cannot be made (no memory) is NULL and its receivers are closed by the owner.
 */
typedef struct {
    void *(*frame_make)(void *context, str_t text);
    void (*frame_send)(void *context, void *socket, void *frame, uint64_t conflate_key); /* key 0: never conflated */
    void (*frame_release)(void *context, void *frame);
    void (*send)(void *context, void *socket, str_t text);
    void (*close)(void *context, void *socket, uint16_t code, str_t reason); /* code 0: reset, without a close frame */
    void *context;
    void (*send_faulty)(void *context, void *socket, str_t text,
                        const stream_fault_t *fault); /* bytes are counted from the frame's */
} face_output_t;

typedef struct {
    world_t *world;              /* borrowed */
    const face_output_t *output; /* borrowed */
    double speed;                /* of venue time over wall time; widens the timestamp window; <= 1: not */
    bool strict_clock;           /* only the venue's clock is right */
    bool no_spot_listen_keys;    /* spot: taken out, as at the exchange since 2026-02-20 */
    fault_engine_t *faults;      /* borrowed; NULL: none */
} face_options_t;

void face_destroy(face_t *face);

/* The secret of an account of the world: an HMAC secret, or a public key in PEM (RSA or Ed25519). RESULT_FULL, RESULT_TEXT_TOO_LONG
 * and the errors of sign_key_open. */
result_t face_secret_set(face_t *face, str_t api_key, str_t secret);
/* One more key of the account whose own key is `account_key`: what it may do, and from which addresses ("1.2.3.4,::1"; empty: any).
 * The account's own key may do all from everywhere. RESULT_NOT_FOUND: no such account; RESULT_DUPLICATE: the key is in use; and the
 * errors of face_secret_set. */
typedef enum { FACE_KEY_READS, FACE_KEY_TRADES } face_key_right_t;
result_t face_key_add(face_t *face, str_t account_key, str_t api_key, str_t secret, face_key_right_t right, str_t addresses);

/* Listen keys live an hour of the wall's from then on. */
void face_speed_set(face_t *face, double speed);

/* --- REST ------------------------------------------------------------------------------------- */

typedef struct {
    str_t method, path, query, body; /* raw; path may begin with the venue's host name as a segment */
    str_t api_key;                   /* X-MBX-APIKEY; empty: none */
    str_t time_unit;                 /* X-MBX-TIME-UNIT; empty: none */
    str_t accept;                    /* Accept; empty: anything */
    str_t address;                   /* of the client, without port: weights are counted by it */
    int64_t wall_ns;                 /* UTC */
} face_request_t;

typedef struct {
    const char *name;
    char value[24];
} face_header_t;

typedef struct {
    unsigned status;
    str_t body; /* borrowed: good until the next call of the face */
    uint32_t header_count;
    face_header_t headers[FACE_REPLY_HEADERS_MAX];
    bool placement; /* the request placed, changed or cancelled an order: faults aim at these */
    bool html;      /* the body is a page, not JSON */
} face_reply_t;

void face_handle(face_t *face, const face_request_t *request, face_reply_t *reply);

/* --- WebSocket -------------------------------------------------------------------------------- */

/* True when `path` is a place where a socket may be opened. */
bool face_is_stream_path(str_t path);

/* What says no to a socket there (a body for 400); NULL: it may be opened. */
const char *face_stream_refusal(const face_t *face, str_t path, str_t query);

/* A socket was opened at path?query. NULL: too many sessions (close it with 1013). The session lives until face_session_close. */
face_session_t *face_session_open(face_t *face, void *socket, str_t path, str_t query, str_t address);

/* One text message from the client. */
void face_session_text(face_t *face, face_session_t *session, str_t text, int64_t wall_ns);

/* One ping or pong from the client. */
void face_session_control(face_t *face, face_session_t *session, int64_t wall_ns);

/* The socket is gone; the session pointer is dead after this. */
void face_session_close(face_t *face, face_session_t *session);

uint32_t face_session_count(const face_t *face);

/* The socket of a session that has never followed anything (no stream, no account, no logon, no role), each in its turn. NULL:
 * there is none. */
void *face_session_stranger(face_t *face);

/* Venue time has moved: listen keys expire, tickers and partial books of the moment are sent. Call after each world_advance, before
 * face_lockstep_moment. */
void face_after_advance(face_t *face);

/* Spot: says to every socket that the server is about to end (serverShutdown). NULL: nothing. */
void face_tell_shutdown(face_t *face);

/* --- faults of the face ------------------------------------------------------------------------ */

/* Frames that were held back and are due leave. Call after each world_advance and fault_tick, before face_after_advance. */
void face_release_frames(face_t *face);

/* All listen keys end now; told: with the event that says so. Returns how many. */
uint32_t face_keys_expire(face_t *face, bool told);

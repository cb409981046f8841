/* user_stream_inside.h: what user_stream.c and user_net.c share. */
#pragma once

#include "core/base/prng.h"
#include "core/base/time.h"
#include "edge/exchange/binance/decode_control.h"
#include "edge/exchange/binance/user_stream.h"
#include "edge/net/ws_links.h"

enum { USER_SEEN_MAX = 512, USER_URL_MAX = 200 };

typedef enum {
    USER_WAITING, /* until retry_at_ns */
    USER_KEY,     /* a key has been asked for */
    USER_OPENING, /* the connection is being made */
    USER_UP,
    USER_FORBIDDEN, /* until user_stream_restart */
} user_state_t;

typedef enum { USER_SLOT_FREE, USER_SLOT_OPENING, USER_SLOT_OPEN } user_slot_state_t;

typedef struct {
    user_slot_state_t state;
    int64_t rotate_at_ns;
    uint64_t frames; /* received since it was opened */
    uint64_t events; /* those of them that are no control frames */
    bool told;       /* "done" has been said on it, with these */
    uint64_t told_frames, told_moment;
} user_slot_t;

/* A frame that one of two connections has brought. */
typedef struct {
    bool used;
    uint64_t hash;
    uint8_t side;
} user_seen_t;

struct user_stream {
    user_stream_options_t options;
    user_stream_transport_t transport;
    ws_links_t *net; /* NULL with another transport */
    char stream_url[USER_URL_MAX];
    char role[32];
    char key[BINANCE_LISTEN_KEY_MAX];
    loop_timer_t timer;
    prng_t chance;
    user_state_t state;
    user_slot_t slots[2];
    uint8_t side; /* the standing one */
    uint32_t failures;
    bool key_asked, extending, told_up;
    int64_t extend_at_ms; /* of the venue's time; 0: it tells nothing */
    int64_t key_asked_ns, extend_at_ns, retry_at_ns, overlap_until_ns, last_event_ns;
    bool lockstep, moment_known, done;
    uint64_t moment;
    uint32_t seen_next;
    user_seen_t seen[USER_SEEN_MAX];
    binance_private_t decoded;
};

/* user_net.c: the transport over edge/net. */
result_t user_net_create(user_stream_t *stream, ws_links_t **out, user_stream_transport_t *transport);

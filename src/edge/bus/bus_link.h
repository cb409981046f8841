/* bus_link.h: the inside of a link, shared by bus_link.c (both sides), bus_server.c and bus_dial.c. Not for others. */
#pragma once

#include "edge/bus/bus_frame.h"
#include "edge/net/stream.h"

typedef enum {
    BUS_LINK_DOWN,    /* dialled: waiting to dial again */
    BUS_LINK_OPENING, /* connecting, or the peer's Hello is not in */
    BUS_LINK_READY,
    BUS_LINK_CLOSING, /* the last bytes leave */
} bus_link_state_t;

/* Shared by all links of one server, or owned by one dialled link: the large buffers and the epoch floor. */
typedef struct {
    bus_message_t message;          /* being received */
    uint8_t frame[BUS_FRAME_BYTES]; /* being sent */
    uint32_t epoch_highest;
} bus_common_t;

typedef struct {
    char role[BUS_ROLE_MAX];
    uint32_t epoch;
    uint64_t outbox_generation;
    uint64_t session;
} bus_self_t;

struct bus_link {
    bus_common_t *common;
    bus_self_t self;
    loop_t *loop;
    stream_t *stream; /* NULL: none */
    bus_link_state_t state;
    const bus_events_t *events;
    void *context;
    loop_timer_t timer; /* Hello overdue; dialled and down: dial again */
    loop_task_t ack_task;
    bool ack_due;
    uint64_t ack_generation, ack_number;
    patriot_bus_Hello peer; /* valid when ready */
    unsigned callbacks;     /* depth: the link is not freed inside one */
    bool closing_by_owner;
    result_t why; /* reason we found ourselves, RESULT_OK: none */
    char detail[256];

    bus_server_t *server; /* accepted links */
    bus_link_t *next;     /* of the server's links */

    char address[BUS_PATH_MAX + 8]; /* dialled links: unix:/path */
    char peer_role[BUS_ROLE_MAX];
    size_t queue_bytes;
    int64_t backoff_ns, backoff_min_ns, backoff_max_ns;
    bool told_refusal;
};

extern const stream_events_t bus_link_stream_events;

result_t bus_self_fill(bus_self_t *self, const bus_identity_t *identity);
void bus_link_begin(bus_link_t *link); /* arms the Hello timer, sets OPENING */
result_t bus_link_send_hello(bus_link_t *link);
void bus_link_fail(bus_link_t *link, result_t why, const char *detail); /* notes why, then aborts the stream */

/* Called at the end of a connection, when the stream is gone. */
void bus_server_link_gone(bus_link_t *link);
void bus_dial_link_gone(bus_link_t *link, result_t why);
/* Called when the peer's Hello is in and agrees; accepted links answer it. */
result_t bus_server_link_greeted(bus_link_t *link);

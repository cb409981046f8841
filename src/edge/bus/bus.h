/* bus.h: how our processes talk: framed protobuf messages on Unix sockets, versioned, fenced, at least once.
 *
 * A role listens on DIR/run/<role>.sock (mode 0600; the peer's user id is checked), others dial it. Both sides say Hello first;
 * versions one minor apart work, farther apart are refused with both numbers (bus_version_rule). A frame is a u32 little-endian
 * length (at most BUS_FRAME_MAX) and one Envelope (proto/bus.proto). A malformed or oversized frame ends the connection and is
 * logged; nothing of it is used.
 *
 * Delivery. Bodies with a number > 0 are kept by their sender in a store that is durable anyway (signals.db, the journal) until
 * they are acked. After a reconnect the sender goes on at Hello.last_seen + 1; a receiver ignores what it has seen. bus_outbox_t
 * and bus_inbox_t hold the little arithmetic of that. Nothing is dropped here: a full queue is RESULT_FULL to the sender, who tries
 * again on on_room. No call blocks.
 *
 * Fencing. Every message carries the sender's epoch; a link refuses an epoch lower than the highest it has met (0 = not fenced).
 *
 * A link is one connection seen from one side, dialled or accepted alike. Memory is taken when a link is opened; a message
 * allocates nothing. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus.pb.h"
#include "core/base/result.h"
#include "edge/net/loop.h"

enum {
    BUS_VERSION_MAJOR = 1,
    BUS_VERSION_MINOR = 0,
    BUS_FRAME_MAX = 64 * 1024, /* bytes after the length word */
    BUS_ROLE_MAX = 32,
    BUS_PATH_MAX = 108,
    BUS_QUEUE_BYTES_DEFAULT = 512 * 1024,
};

typedef enum {
    BUS_REFUSED_VERSION = 1,
    BUS_REFUSED_EPOCH,
    BUS_REFUSED_USER,
    BUS_REFUSED_ROLE,
    BUS_REFUSED_PROTOCOL, /* no Hello, a malformed frame */
    BUS_REFUSED_STOPPING,
} bus_refusal_t;

typedef patriot_bus_Envelope bus_message_t;

typedef struct bus_link bus_link_t;
typedef struct bus_server bus_server_t;

/* Callbacks of a link; any but on_message may be NULL. A link may be closed in any of them. */
typedef struct {
    /* Hellos were exchanged and agree; from here on messages flow. hello: the other side's. */
    void (*on_ready)(bus_link_t *link, const patriot_bus_Hello *hello, void *context);
    /* One message, already checked for version and epoch. Acks alone (Idle) come through on_ack only. message is borrowed for the
     * call. */
    void (*on_message)(bus_link_t *link, const bus_message_t *message, void *context);
    /* The other side has durably handled everything of ours up to `number`. */
    void (*on_ack)(bus_link_t *link, uint64_t number, void *context);
    /* The queue is empty again after a send that was RESULT_FULL. */
    void (*on_room)(bus_link_t *link, void *context);
    /* The connection is gone. A dialled link dials again by itself with back-off; an accepted link is dead after this call. */
    void (*on_lost)(bus_link_t *link, result_t why, const char *detail, void *context);
} bus_events_t;

/* Who we are, as our Hello says it. Copied at open; change last_seen and epoch later through the setters below. */
typedef struct {
    const char *role;
    uint32_t epoch;             /* 0: not fenced */
    uint64_t outbox_generation; /* 0: we number nothing */
    uint64_t session;           /* a new number for each start of the process; 0: pid and start time are used */
} bus_identity_t;

/* Minor versions one apart of the same major work. */
bool bus_version_rule(uint32_t major_a, uint32_t minor_a, uint32_t major_b, uint32_t minor_b);

/* DIR/run/<role>.sock; RESULT_TEXT_TOO_LONG when it is longer than a Unix socket path may be (the message names the limit). */
result_t bus_socket_path(const char *data_folder, const char *role, char path[BUS_PATH_MAX]);

/* --- listening -------------------------------------------------------------------------------- */

typedef struct {
    loop_t *loop;
    const char *data_folder;
    bus_identity_t identity;
    uint32_t links_max;         /* 0: 16 */
    size_t queue_bytes;         /* of each link; 0: BUS_QUEUE_BYTES_DEFAULT */
    uint32_t epoch_floor;       /* highest epoch known from before; lower ones are refused */
    const bus_events_t *events; /* borrowed */
    void *context;
    /* May be NULL. Called before our Hello leaves, when the peer's is in: fills what we have seen of this peer's outbox. */
    void (*seen)(void *context, const patriot_bus_Hello *peer, uint64_t *seen_generation, uint64_t *last_seen);
} bus_server_options_t;

/* RESULT_ADDRESS_IN_USE: another living process listens there. The socket file of a dead one is replaced. */
result_t bus_server_open(const bus_server_options_t *options, bus_server_t **server);
void bus_server_close(bus_server_t *server); /* refuses all links with BUS_REFUSED_STOPPING first; on_lost is called for each */

/* Every ready link, for broadcasts: NULL ends. Start with NULL. */
bus_link_t *bus_server_next(bus_server_t *server, bus_link_t *after);
/* The ready link whose peer has this role, NULL when there is none. */
bus_link_t *bus_server_find(bus_server_t *server, const char *role);
uint32_t bus_server_epoch(const bus_server_t *server); /* highest seen */

/* --- dialling --------------------------------------------------------------------------------- */

typedef struct {
    loop_t *loop;
    const char *data_folder;
    const char *peer_role; /* whose socket */
    bus_identity_t identity;
    uint64_t seen_generation, last_seen; /* what we have durably handled of the peer's outbox */
    size_t queue_bytes;
    int64_t backoff_min_ns; /* 0: 20 ms; doubled up to backoff_max, reset when ready */
    int64_t backoff_max_ns; /* 0: 1 s */
    const bus_events_t *events;
    void *context;
} bus_dial_options_t;

/* Never fails for a peer that is not there: it goes on trying until closed. */
result_t bus_dial(const bus_dial_options_t *options, bus_link_t **link);

/* Dialled links: frees (on_lost is not called). Accepted links: closes, on_lost follows. */
void bus_link_close(bus_link_t *link);

/* --- talking ---------------------------------------------------------------------------------- */

bool bus_link_ready(const bus_link_t *link);
bool bus_link_opening(const bus_link_t *link); /* connecting, or connected and without the peer's Hello */

/* Sends one message; epoch and ack are filled in from the link, the rest is the caller's. Leaves at the end of the turn.
 * RESULT_FULL: not queued, on_room follows. RESULT_CLOSED: not ready now. RESULT_TEXT_TOO_LONG: would not fit a frame. */
result_t bus_link_send(bus_link_t *link, const bus_message_t *message);

/* What our messages say from now on (`number` durably handled of the peer's). Sent with the next message, or alone at the end of
 * the turn. */
void bus_link_ack(bus_link_t *link, uint64_t generation, uint64_t number);

/* Refuses the peer: says why, then closes. */
void bus_link_refuse(bus_link_t *link, bus_refusal_t code, const char *reason);

/* A reply of any length to a Control, cut into as many ControlReply as needed. RESULT_FULL: nothing was sent. */
result_t bus_link_reply(bus_link_t *link, uint32_t status, const char *text, size_t length);

/* An Envelope with everything zero: large, so callers keep one and clear it with this (only the part that was used is touched). */
void bus_message_clear(bus_message_t *message);

/* --- at least once ---------------------------------------------------------------------------- */

/* Where a numbered stream to one peer stands. The messages themselves stay in the owner's store. */
typedef struct {
    uint64_t generation;
    uint64_t last;  /* highest number there is */
    uint64_t sent;  /* highest number sent on the present connection */
    uint64_t acked; /* highest number the peer has handled */
} bus_outbox_t;

/* Fetches number n from the owner's store into *message (already cleared). RESULT_NOT_FOUND: this number is no message for this
 * peer (the journal's numbers count all records): it is passed over, and the receiver treats BUS_GAP as fresh. */
typedef result_t bus_outbox_fetch_fn(void *context, uint64_t number, bus_message_t *message);

void bus_outbox_init(bus_outbox_t *outbox, uint64_t generation, uint64_t last, uint64_t acked);
void bus_outbox_note(bus_outbox_t *outbox, uint64_t last);                       /* there is more */
void bus_outbox_connected(bus_outbox_t *outbox, const patriot_bus_Hello *hello); /* on_ready: go on at the peer's last_seen + 1 */
void bus_outbox_acked(bus_outbox_t *outbox, uint64_t number);                    /* on_ack */
/* Sends everything between sent and last, in order, until the queue is full. RESULT_FULL: go on at on_room. */
result_t bus_outbox_pump(bus_outbox_t *outbox, bus_link_t *link, bus_outbox_fetch_fn *fetch, void *context, bus_message_t *scratch);

typedef struct {
    uint64_t generation;
    uint64_t last_seen; /* highest number durably handled */
} bus_inbox_t;

typedef enum { BUS_FRESH, BUS_SEEN_BEFORE, BUS_GAP } bus_arrival_t;

/* Is this the next one? BUS_FRESH: handle it, make it durable, then bus_inbox_handled. BUS_SEEN_BEFORE: ack again, do nothing.
 * BUS_GAP: numbers in between are missing: close the link, so that the peer sends again. */
bus_arrival_t bus_inbox_arrival(const bus_inbox_t *inbox, uint64_t number);
void bus_inbox_handled(bus_inbox_t *inbox, uint64_t number);
/* A peer whose store has a new generation starts again at 1. */
void bus_inbox_connected(bus_inbox_t *inbox, const patriot_bus_Hello *hello);

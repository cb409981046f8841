/* stream.h: an ordered byte stream with bounded buffers, over TCP, TLS or a Unix socket: one interface for all three.
 *
 * A stream is dialled (stream_dial) or accepted (listener_t). Its memory - the struct, one read and one write buffer - is taken in
 * one piece when it is dialled or accepted and given back after on_close; nothing is allocated for a message. Only where strangers
 * come in (listener_options_t.piece_bytes) buffers begin small and grow with what waits in them, within a bound for all together:
 * thousands of idle connections cost little, and half messages of thousands do not eat the machine. TCP_NODELAY is always on.
 *
 * Reading: bytes gather in the read buffer; on_data gets all that is there and says how many it has consumed; the rest is shown
 * again, in front of new bytes, when more arrive. A buffer that is full while on_data consumes nothing closes the stream with
 * RESULT_FULL: the owner's bound was reached. stream_pause stops reading (TCP then slows the sender: back-pressure).
 *
 * Writing: stream_write takes all of the bytes or none (RESULT_FULL). They leave at the end of the turn in one system call together
 * with all else written in the turn. When the kernel takes less, the rest waits for the peer; on_drain is called once the buffer is
 * empty again. One slow peer never blocks another.
 *
 * The last callback is on_close, exactly once for each stream that was opened or accepted, also after stream_close; it is never
 * called inside a call of the owner's. After it the pointer is dead.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/net/loop.h"
#include "edge/net/tls.h"

typedef struct stream stream_t;
typedef struct listener listener_t;

enum {
    NET_ADDRESS_MAX = 256,   /* "host:port", "[::1]:port" or "unix:/path", with NUL */
    NET_UNIX_PATH_MAX = 107, /* what sockaddr_un can hold, without NUL */
    STREAM_DETAIL_MAX = 256,
    STREAM_BUFFER_DEFAULT = 65536,
};

/* Any may be NULL except on_data and on_close. */
typedef struct {
    void (*on_open)(stream_t *stream,
                    void *context); /* dialled: connected (and verified, when TLS); accepted: TLS handshake done */

    /* bytes[0..length): all unread bytes, writable (protocols unmask and decode in place). Returns how many are consumed (<=
     * length). After a stream_close or stream_abort in here the return value does not matter. */
    size_t (*on_data)(stream_t *stream, char *bytes, size_t length, void *context);

    void (*on_drain)(stream_t *stream, void *context); /* there is room again after a write that was refused or left a rest */

    /* The peer has finished sending (TCP half-close, TLS close_notify). Unconsumed bytes are still in the buffer. NULL, or after it
     * returns without stream_close: the stream closes itself with RESULT_CLOSED once its write buffer is empty. */
    void (*on_end)(stream_t *stream, void *context);

    /* why: OK after our own stream_close; CLOSED the peer ended it; REFUSED, UNREACHABLE, TIMEOUT, TLS from dialling; IO a reset or
     * another system error; FULL see above. stream_detail still works in here. */
    void (*on_close)(stream_t *stream, result_t why, void *context);
} stream_events_t;

typedef struct {
    loop_t *loop;
    const char *address;           /* "host:port" (name or number), "unix:/path"; copied */
    tls_t *tls;                    /* NULL: plain; a client tls otherwise (not for unix:) */
    const char *tls_name;          /* the name to verify; NULL: the host of address */
    size_t read_capacity;          /* 0: STREAM_BUFFER_DEFAULT */
    size_t write_capacity;         /* 0: STREAM_BUFFER_DEFAULT */
    int64_t connect_timeout_ns;    /* name, connect and TLS handshake together; 0: 10 s */
    const stream_events_t *events; /* borrowed, must outlive the stream */
    void *context;
} stream_dial_t;

/* Starts connecting. RESULT_MALFORMED (address), RESULT_TEXT_TOO_LONG (Unix path over NET_UNIX_PATH_MAX), RESULT_FULL (no memory or
 * descriptors): nothing was started and no callback comes. All later failures come through on_close. */
result_t stream_dial(const stream_dial_t *dial, stream_t **out);

/* All or nothing into the write buffer; leaves at the end of the turn. RESULT_FULL: not enough room (on_drain follows);
 * RESULT_CLOSED: not open any more; RESULT_BAD_STATE: not open yet. */
result_t stream_write(stream_t *stream, const void *bytes, size_t length);

/* As many of the slices as the kernel takes right now, without copying (TLS: as many as fit encrypted into the write buffer).
 * *taken counts bytes; when it is less than all, on_drain follows. Flushes earlier stream_write bytes first, so order is kept. */
result_t stream_write_vector(stream_t *stream, const str_t *slices, size_t count, size_t *taken);

/* For what must leave once: the whole of `bytes` in exactly one system call, now. Only on an open stream whose write buffer is
 * empty (RESULT_BAD_STATE otherwise, nothing sent). *left is true when at least one byte may have left us: the call succeeded at
 * all, even partly. RESULT_OK: all were taken by the kernel. Any other result with *left == true means the stream is aborted: the
 * request may or may not have arrived whole. */
result_t stream_write_once(stream_t *stream, const void *bytes, size_t length, bool *left);

/* Looks, without waiting, whether the peer has already closed or reset, or has sent what nobody asked for: false then. */
bool stream_is_fresh(stream_t *stream);

void stream_close(stream_t *stream);               /* flushes (bounded by 5 s), says goodbye (TLS, FIN), then on_close(OK) */
void stream_close_unheard(stream_t *stream);       /* the same, but not waiting for what the peer still sends: it had its time */
void stream_abort(stream_t *stream, result_t why); /* at once; unsent bytes are lost, the peer sees a reset; then on_close(why) */
void stream_pause(stream_t *stream);               /* no more reading until stream_resume */
void stream_resume(stream_t *stream);              /* unread bytes are shown again at the end of the turn */
void stream_yield(stream_t *stream);               /* from on_data: the rest is shown again in the next turn; others come first */

/* When a peer whose time is up may be sent away: a listener gives each its turn, so that thousands together cost others nothing. */
int64_t stream_departure_ns(const stream_t *stream);

size_t stream_unsent(const stream_t *stream);          /* bytes waiting in the write buffer */
uint64_t stream_sent_total(const stream_t *stream);    /* bytes that the kernel has taken since the stream was opened */
size_t stream_room(const stream_t *stream);            /* bytes that stream_write would take now */
char *stream_unread(stream_t *stream, size_t *length); /* received, not consumed; borrowed until the next callback */
size_t stream_read_capacity(const stream_t *stream);   /* the largest message that fits */
loop_t *stream_loop(const stream_t *stream);
const char *stream_peer(const stream_t *stream);   /* "127.0.0.1:40112", "unix" */
const void *stream_host(const stream_t *stream);   /* the same for streams of one host; NULL: the listener does not count them */
const char *stream_detail(const stream_t *stream); /* one line about the last failure, "" when none; never NULL */

/* Hands the stream to another owner (HTTP -> WebSocket). Unconsumed bytes are shown to the new on_data at the end of the turn. */
void stream_hand_over(stream_t *stream, const stream_events_t *events, void *context);

/* Unix sockets: the user id of the peer (SO_PEERCRED), as it was when it connected. RESULT_UNSUPPORTED on TCP. */
result_t stream_peer_uid(const stream_t *stream, uint32_t *uid);

/* --- faults, for the simulated venue and for tests -------------------------------------------- */

typedef enum {
    STREAM_FAULT_NONE,  /* disarms */
    STREAM_FAULT_CUT,   /* the first at_byte bytes leave, then the connection ends */
    STREAM_FAULT_STALL, /* the first at_byte bytes leave, the rest after stall_ns (< 0: never) */
    STREAM_FAULT_SPOIL, /* bit 0 of byte number at_byte is flipped */
} stream_fault_kind_t;

typedef struct {
    stream_fault_kind_t kind;
    uint64_t at_byte; /* counted from the next byte given to a write call, before encryption */
    int64_t stall_ns;
} stream_fault_t;

/* Armed for the bytes written from now on; fires once. A new one replaces the old. */
void stream_fault(stream_t *stream, const stream_fault_t *fault);

/* --- listening -------------------------------------------------------------------------------- */

typedef struct {
    loop_t *loop;
    const char *address;           /* "127.0.0.1:9080", "[::1]:0" (port 0: any free one), "unix:/path"; numbers only, no names */
    tls_t *tls;                    /* NULL: plain; a server tls otherwise */
    uint32_t connections_max;      /* >= 1; one more is accepted and closed at once, so that its peer knows */
    uint32_t host_connections_max; /* of one host (IPv6: of one /64); 0: no bound of its own */
    uint32_t accepts_per_second; /* newcomers beyond it wait in the kernel's queue, so that they slow nobody inside; 0: no bound */
    size_t piece_bytes;          /* buffers begin with so much and grow to the capacities; 0: they are whole from the start */
    size_t in_max, out_max;      /* bytes that growing read (write) buffers of all may take together; 0: no bound */
    size_t read_capacity;        /* of each stream; 0: STREAM_BUFFER_DEFAULT */
    size_t write_capacity;
    int64_t handshake_timeout_ns;  /* TLS; 0: 10 s */
    const stream_events_t *events; /* for accepted streams; borrowed */
    /* Called for each accepted stream; returns its context. NULL refuses it: the stream is reset and no further callback comes. */
    void *(*on_accept)(listener_t *listener, stream_t *stream, void *context);
    /* A newcomer and no place left, for its host (compare with stream_host) or at all (NULL). True: the owner has aborted one
     * stream, of that host when one is named, and the newcomer may come in. May be NULL: the newcomer is refused. */
    bool (*on_crowded)(listener_t *listener, const void *host, void *context);
    void *context;
} listener_options_t;

/* RESULT_ADDRESS_IN_USE, RESULT_PERMISSION, RESULT_MALFORMED, RESULT_TEXT_TOO_LONG (Unix path), RESULT_FULL, RESULT_IO. A Unix
 * socket file that nobody answers on (left by a dead process) is replaced; its mode is 0600. */
result_t listener_open(const listener_options_t *options, listener_t **out);

/* The address really listened on, with the port that the system chose; NUL-terminated, lives as long as the listener. */
const char *listener_address(const listener_t *listener);
uint32_t listener_connections(const listener_t *listener); /* open now */

/* Stops listening (a Unix socket file is removed) and frees; accepted streams live on. */
void listener_close(listener_t *listener);

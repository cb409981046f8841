/* stream_inside.h: what stream.c, stream_open.c and stream_tls.c share. Nobody else includes this. */
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <uv.h>

#include "edge/net/stream.h"

typedef enum {
    STREAM_RESOLVING,  /* a name is being looked up */
    STREAM_CONNECTING, /* connect() is under way */
    STREAM_SHAKING,    /* TLS handshake */
    STREAM_OPEN,
    STREAM_FLUSHING,  /* stream_close was called, bytes still wait */
    STREAM_LINGERING, /* all sent and FIN sent; the peer's rest is read and dropped, so that no reset eats our last bytes */
    STREAM_CLOSED,    /* on_close is due */
} stream_state_t;

/* Bytes that the growing buffers of all streams of one listener may take together. */
typedef struct {
    size_t in_used, in_max;
    size_t out_used, out_max;
} stream_budget_t;

/* How many streams of a listener come from one host (listener_hosts.c). */
typedef struct listener_host listener_host_t;
typedef struct {
    listener_host_t *buckets[1024];
} listener_hosts_t;

struct stream {
    loop_t *loop;
    const stream_events_t *events;
    void *context;
    stream_state_t state;
    result_t why;
    int descriptor; /* -1: none */
    uv_poll_t poll;
    bool polled;    /* poll is initialised and must be closed */
    bool dropping;  /* poll is being closed to try another address */
    int interest;   /* what poll waits for at present */
    bool paused;    /* by the owner */
    bool ended;     /* the peer has finished sending */
    bool room_owed; /* on_drain is due when the buffer is empty */
    bool accepted;
    bool unheard; /* when closing, the peer is not waited for */
    bool is_unix;
    bool quiet;      /* no callbacks: inside a call of the owner's */
    bool show_again; /* unread bytes are to be shown at the end of the turn */

    char *in; /* in_size bytes; grows to in_capacity when piece_bytes says so (stream_buffer.c) */
    size_t in_size, in_capacity, in_start, in_length;
    char *out; /* what goes to the kernel: encrypted when TLS */
    size_t out_size, out_capacity, out_start, out_length;
    uint64_t sent_total;
    size_t piece_bytes;      /* what a buffer begins with; 0: both are there whole, behind the struct */
    stream_budget_t *budget; /* of all streams of a listener; NULL: none */
    size_t out_reserve;      /* part of the capacity that only TLS itself may use */

    SSL *tls;

    stream_fault_t fault;
    uint64_t fault_seen; /* bytes written since it was armed */
    bool cut;            /* nothing more is taken; end the connection when what is in `out` has left */
    bool stalled;
    size_t stall_left; /* bytes of `out` that may leave before the stall */

    loop_timer_t timer; /* connect, handshake, closing */
    loop_timer_t stall_timer;
    loop_task_t task;       /* flush, show again */
    loop_task_t yield_task; /* show again, a turn later */
    loop_task_t close_task;
    int64_t deadline_ns; /* of dialling as a whole */

    uv_getaddrinfo_t lookup;
    bool looking_up;
    struct addrinfo *addresses, *address_next;
    listener_t *listener;
    listener_host_t *from; /* NULL: hosts are not counted */
    char host[NET_ADDRESS_MAX];
    char peer[NET_ADDRESS_MAX];
    char detail[STREAM_DETAIL_MAX];
};

/* stream.c */
typedef struct {
    size_t read_capacity, write_capacity; /* 0: STREAM_BUFFER_DEFAULT */
    size_t piece_bytes;                   /* see struct stream */
    stream_budget_t *budget;
} stream_sizes_t;
result_t stream_new(loop_t *loop, const stream_sizes_t *sizes, tls_t *tls, const stream_events_t *events, void *context,
                    stream_t **out);
void stream_free(stream_t *stream);
result_t stream_attach(stream_t *stream, int descriptor); /* takes over the descriptor, also on failure */
void stream_connected(stream_t *stream);                  /* TCP or Unix is up: shake hands or open */
void stream_finish(stream_t *stream, result_t why);
void stream_report(stream_t *stream); /* on_close, then frees */
void stream_interest_update(stream_t *stream);
void stream_detail_set(stream_t *stream, const char *what, const char *more);
result_t stream_result_of_errno(int error);

/* stream_buffer.c */
size_t stream_in_room(stream_t *stream);                     /* bytes free behind what is unread; 0: the bound is reached */
result_t stream_out_reserve(stream_t *stream, size_t bytes); /* so many free behind what waits; RESULT_FULL */
void stream_in_emptied(stream_t *stream);                    /* nothing is unread: what is larger than a piece goes back */
void stream_out_emptied(stream_t *stream);
void stream_buffers_free(stream_t *stream);

/* stream_write.c */
size_t stream_sendable(const stream_t *stream); /* bytes of `out` that may leave now */
void stream_try_send(stream_t *stream);         /* one send of them, and what follows when all are out */
void stream_stall_over(loop_timer_t *timer, void *context);

/* stream_open.c */
void stream_connect_ready(stream_t *stream);
void stream_dial_timed_out(stream_t *stream);

/* listener.c */
void listener_stream_gone(listener_t *listener, listener_host_t *from);

/* listener_hosts.c */
listener_host_t *listener_host_of(listener_hosts_t *hosts, const struct sockaddr_storage *peer); /* NULL: no memory */
uint32_t listener_host_count(const listener_host_t *host);
void listener_host_enter(listener_host_t *host);
void listener_host_leave(listener_host_t *host); /* the last one frees it */

/* net_address.c */
bool net_address_split(const char *address, char host[NET_ADDRESS_MAX], char port[6], bool *is_unix);
bool net_number_address(const char *host, const char *port, struct sockaddr_storage *out, socklen_t *size);
result_t net_unix_address(const char *path, struct sockaddr_un *out);
void net_address_format(const struct sockaddr_storage *address, char out[NET_ADDRESS_MAX]);
void net_no_delay(int descriptor);

/* stream_tls.c */
typedef enum { TLS_STEP_AGAIN, TLS_STEP_DONE, TLS_STEP_ENDED, TLS_STEP_FAILED } tls_step_t;

result_t stream_tls_begin(stream_t *stream, tls_t *tls, const char *name); /* name NULL: server side */
tls_step_t stream_tls_handshake(stream_t *stream);
tls_step_t stream_tls_read(stream_t *stream, char *bytes, size_t capacity, size_t *got); /* straight from the socket */
result_t stream_tls_put(stream_t *stream, const char *bytes, size_t length);             /* into `out`, encrypted */
void stream_tls_goodbye(stream_t *stream);
size_t stream_tls_cost(size_t length); /* bytes that `length` may grow by */

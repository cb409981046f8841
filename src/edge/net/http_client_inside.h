/* http_client_inside.h: what http_client.c (requests) and http_client_pool.c (connections) share. Nobody else includes this. */
#pragma once

#include "core/base/prng.h"
#include "edge/net/http_client.h"
#include "edge/net/stream.h"

typedef enum { FLIGHT_ONCE, FLIGHT_REPEATABLE } flight_kind_t;

typedef enum {
    FLIGHT_FREE,
    FLIGHT_WAITING, /* in the queue for a connection */
    FLIGHT_SENT,    /* on a connection */
    FLIGHT_RESTING, /* between two attempts */
    FLIGHT_READY,   /* its callback is due at the end of the turn */
} flight_state_t;

typedef struct client_connection client_connection_t;
typedef struct flight flight_t;

/* One request from the call to the callback. */
struct flight {
    http_client_t *client;
    flight_t *next; /* in the list of its state: free, waiting or ready */
    flight_kind_t kind;
    flight_state_t state;
    client_connection_t *connection; /* while SENT */
    http_call_t call;                /* without texts */
    bool is_head;
    bool ever_left; /* a byte of some attempt may have left */
    uint32_t writes, tries;
    int64_t sent_ns, deadline_ns;
    result_t why;
    loop_timer_t total_timer, step_timer; /* step: the reply, or the rest between attempts */
    char detail[STREAM_DETAIL_MAX];
    size_t length;
    char *bytes; /* request_max of them */
};

typedef enum {
    CONNECTION_NONE,
    CONNECTION_DIALLING,
    CONNECTION_IDLE,
    CONNECTION_BUSY,
    CONNECTION_LEAVING, /* closed by us; the slot is free again when the stream has said so */
} connection_state_t;

struct client_connection {
    http_client_t *client;
    connection_state_t state;
    stream_t *stream;
    flight_t *flight; /* while BUSY */
    loop_timer_t idle_timer;
    uint64_t used_at; /* ticket of the last use: the most recently used is taken first, it is the least likely to be stale */
    http_parser_t parser;
};

struct http_client {
    http_client_options_t options; /* with the defaults filled in; texts and tls replaced by copies */
    loop_t *loop;
    bool secure, destroyed, delivering;
    char address[NET_ADDRESS_MAX], host_header[NET_ADDRESS_MAX], tls_name[NET_ADDRESS_MAX], base_path[NET_ADDRESS_MAX];
    prng_t prng;
    uint64_t ticket;
    uint32_t warm;
    loop_timer_t warm_timer;
    loop_task_t task; /* callbacks that are due, and a look at the queue */
    http_client_stats_t stats;
    flight_t *free_list, *waiting, **waiting_end, *ready, **ready_end;
    flight_t *flights;
    char *request_memory;
    client_connection_t *connections;
};

/* http_client.c */
void flight_failed(flight_t *flight, result_t why, const char *detail); /* an attempt that brought no response */
void flight_answered(flight_t *flight, const http_message_t *response); /* borrowed until it returns */

/* http_client_pool.c */
void pool_pump(http_client_t *client);              /* gives waiting requests to connections, dials what is missing */
void pool_release(client_connection_t *connection); /* closes it, whatever it does */
void pool_close(http_client_t *client);
uint32_t pool_count(const http_client_t *client, connection_state_t state);

/* Takes the first waiting request; NULL when none waits. */
flight_t *flight_take_waiting(http_client_t *client);
void client_free_when_done(http_client_t *client);

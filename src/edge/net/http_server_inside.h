/* http_server_inside.h: the structs behind http_server.h, shared by http_server.c, http_crowd.c and http_upgrade.c only. */
#pragma once

#include "edge/net/http_server.h"

typedef enum {
    SERVING_IDLE,     /* between requests */
    SERVING_READING,  /* a request has begun */
    SERVING_OWING,    /* the handler owes a reply */
    SERVING_LEAVING,  /* closing; nothing is read any more */
    SERVING_UPGRADED, /* the stream belongs to a WebSocket now */
} serving_t;

/* Who goes first when a newcomer finds no place (http_crowd.c). */
typedef enum {
    CROWD_LEAVING,   /* closing anyway */
    CROWD_STRANGERS, /* have never sent a whole request */
    CROWD_IDLE,      /* were served and have nothing under way */
    CROWDS,
    CROWD_NONE = CROWDS, /* is being served: nobody's place is given away */
} crowd_t;

typedef struct http_place {
    struct http_place *next, *previous;
} http_place_t;

struct http_connection {
    http_place_t place; /* in its crowd; first, so that the place is the connection */
    int64_t idle_since_ns;
    http_server_t *server;
    http_connection_t *next, **link;
    stream_t *stream;
    serving_t serving;
    uint64_t number;
    void *user;
    bool in_data, paused, announced; /* announced: on_gone is still due */
    bool departing;                  /* its time was up; the timer tells its turn to be sent away */
    bool is_head, keep_alive, is_http10, continue_sent, faulty;
    uint64_t sent_last;      /* bytes that the peer's side had taken when send_timer was started */
    loop_timer_t timer;      /* idle, request */
    loop_timer_t send_timer; /* a waiting reply that nobody takes */
    http_parser_t parser;
    str_t request; /* the bytes of the one that is served */
};

struct http_server {
    http_server_options_t options; /* with the defaults filled in */
    listener_t *listener;
    http_connection_t *connections;
    http_place_t crowds[CROWDS]; /* heads of rings, oldest first */
    uint64_t numbers;
    uint32_t count;   /* connection structs alive */
    uint64_t put_out; /* connections that gave their place to newcomers */
    bool closed;
};

/* http_crowd.c */
void http_crowd_init(http_server_t *server);
void http_crowd_move(http_connection_t *connection, crowd_t to); /* as the newest there */
bool http_crowd_make_room(listener_t *listener, const void *host, void *server);

/* Takes it off the server's list and frees it; its stream belongs to somebody else or is gone. */
void http_connection_free(http_connection_t *connection);

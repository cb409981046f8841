/* http_server_inside.h: the structs behind http_server.h, shared by http_server.c and http_upgrade.c only. */
#pragma once

#include "edge/net/http_server.h"

typedef enum {
    SERVING_IDLE,     /* between requests */
    SERVING_READING,  /* a request has begun */
    SERVING_OWING,    /* the handler owes a reply */
    SERVING_LEAVING,  /* closing; nothing is read any more */
    SERVING_UPGRADED, /* the stream belongs to a WebSocket now */
} serving_t;

struct http_connection {
    http_server_t *server;
    http_connection_t *next, **link;
    stream_t *stream;
    serving_t serving;
    uint64_t number;
    void *user;
    bool in_data, paused, announced; /* announced: on_gone is still due */
    bool is_head, keep_alive, is_http10, continue_sent, faulty;
    size_t unsent_last;
    loop_timer_t timer;      /* idle, request */
    loop_timer_t send_timer; /* a waiting reply that nobody takes */
    http_parser_t parser;
    str_t request; /* the bytes of the one that is served */
};

struct http_server {
    http_server_options_t options; /* with the defaults filled in */
    listener_t *listener;
    http_connection_t *connections;
    uint64_t numbers;
    uint32_t count; /* connection structs alive */
    bool closed;
};

/* Takes it off the server's list and frees it; its stream belongs to somebody else or is gone. */
void http_connection_free(http_connection_t *connection);

/* ws_inside.h: what ws_frame.c, ws_connection.c and http_server.c share. Nobody else includes this. */
#pragma once

#include "edge/net/ws_connection.h"

struct ws_frame {
    ws_frame_pool_t *pool;
    ws_frame_t *next; /* in the free list */
    uint32_t references;
    unsigned class;
    size_t length; /* head and payload */
    char bytes[];
};

result_t ws_frame_encode(ws_frame_pool_t *pool, ws_opcode_t opcode, str_t payload, const uint8_t mask[4], ws_frame_t **out);

/* Takes over an accepted stream on which "101 Switching Protocols" has just been written. */
result_t ws_connection_take_over(stream_t *stream, const ws_options_t *options, ws_connection_t **out);

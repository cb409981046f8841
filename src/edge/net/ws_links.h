/* ws_links.h: a few dialled WebSocket connections of one owner, by number.
 *
 * A connection lives until its on_close, also when the owner has let go of it or has gone itself; what it still brings then is not
 * passed on. What else answers an owner later (a request over REST) may hold the links with ws_links_hold: the memory stays until
 * the last hold is released, and ws_links_owner says whether the owner is still there.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "edge/net/loop.h"
#include "edge/net/tls.h"

enum { WS_LINKS_MAX = 32, WS_LINKS_TEXT_MAX = 160 };

typedef struct ws_links ws_links_t;

/* Called in turns of the loop; `owner` as given. text: why, as the peer or the transport words it; borrowed. */
typedef struct {
    void (*opened)(void *owner, uint32_t link);
    void (*text)(void *owner, uint32_t link, str_t frame);
    void (*closed)(void *owner, uint32_t link, result_t why, const char *text); /* why is never OK */
} ws_links_events_t;

typedef struct {
    loop_t *loop;
    tls_t *tls;                      /* for wss; borrowed */
    const ws_links_events_t *events; /* borrowed */
    void *owner;
    size_t frame_max, pool_max;        /* of what is sent: one frame, all waiting frames; bytes */
    size_t message_max, read_capacity; /* of what comes, for each connection; bytes */
} ws_links_options_t;

result_t ws_links_create(const ws_links_options_t *options, ws_links_t **out); /* RESULT_FULL */
void ws_links_destroy(ws_links_t *links);                                      /* NULL is fine; closes all, no events any more */

/* link < WS_LINKS_MAX and not standing. Errors of ws_dial; the event comes later, never inside. */
result_t ws_links_open(ws_links_t *links, uint32_t link, const char *url);
result_t ws_links_send(ws_links_t *links, uint32_t link, str_t text); /* RESULT_CLOSED when it does not stand */
void ws_links_close(ws_links_t *links, uint32_t link);                /* at once, without an event */

void ws_links_hold(ws_links_t *links);
void ws_links_release(ws_links_t *links);
void *ws_links_owner(const ws_links_t *links); /* NULL after ws_links_destroy */

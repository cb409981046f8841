/* ws_links.c: see ws_links.h. */
#include "edge/net/ws_links.h"

#include "core/base/assert.h"
#include "edge/net/ws_connection.h"

#include <stdlib.h>

typedef struct {
    ws_links_t *links;
    uint32_t number;
    bool let_go; /* closed by the owner: its callbacks mean nothing any more */
    ws_connection_t *ws;
} link_t;

struct ws_links {
    ws_links_options_t options;
    ws_frame_pool_t *pool;
    link_t *standing[WS_LINKS_MAX];
    uint32_t holds; /* connections not yet closed, the owner, and what else holds */
};

void ws_links_hold(ws_links_t *links)
{
    links->holds++;
}

void ws_links_release(ws_links_t *links)
{
    ASSERT(links->holds > 0);
    if (--links->holds > 0)
        return;
    ws_frame_pool_destroy(links->pool);
    free(links);
}

void *ws_links_owner(const ws_links_t *links)
{
    return links->options.owner;
}

static void on_open(ws_connection_t *ws, void *context)
{
    link_t *link = context;
    (void)ws;
    if (!link->let_go)
        link->links->options.events->opened(link->links->options.owner, link->number);
}

static void on_text(ws_connection_t *ws, str_t text, void *context)
{
    link_t *link = context;
    (void)ws;
    if (!link->let_go)
        link->links->options.events->text(link->links->options.owner, link->number, text);
}

static void on_close(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    link_t *link = context;
    ws_links_t *links = link->links;
    (void)code;
    if (!link->let_go) {
        char text[WS_LINKS_TEXT_MAX] = "";
        if (reason.length == 0 || str_copy(reason, text, sizeof text) != RESULT_OK)
            (void)str_copy(str_from(ws_detail(ws)), text, sizeof text);
        links->standing[link->number] = NULL;
        links->options.events->closed(links->options.owner, link->number, why == RESULT_OK ? RESULT_CLOSED : why, text);
    }
    free(link);
    ws_links_release(links);
}

static const ws_events_t connection_events = {.on_open = on_open, .on_text = on_text, .on_close = on_close};

result_t ws_links_open(ws_links_t *links, uint32_t link, const char *url)
{
    ASSERT(link < WS_LINKS_MAX && links->standing[link] == NULL);
    link_t *opened = calloc(1, sizeof *opened);
    if (!opened)
        return RESULT_FULL;
    opened->links = links;
    opened->number = link;
    const ws_dial_t dial = {
        .loop = links->options.loop,
        .url = url,
        .tls = links->options.tls,
        .options = {.events = &connection_events,
                    .context = opened,
                    .pool = links->pool,
                    .message_max = links->options.message_max,
                    .read_capacity = links->options.read_capacity},
    };
    result_t result = ws_dial(&dial, &opened->ws);
    if (result != RESULT_OK) {
        free(opened);
        return result;
    }
    links->standing[link] = opened;
    ws_links_hold(links);
    return RESULT_OK;
}

result_t ws_links_send(ws_links_t *links, uint32_t link, str_t text)
{
    return links->standing[link] ? ws_send_text(links->standing[link]->ws, text) : RESULT_CLOSED;
}

void ws_links_close(ws_links_t *links, uint32_t link)
{
    link_t *closed = links->standing[link];
    if (!closed)
        return;
    links->standing[link] = NULL;
    closed->let_go = true;
    ws_abort(closed->ws);
}

result_t ws_links_create(const ws_links_options_t *options, ws_links_t **out)
{
    ws_links_t *links = calloc(1, sizeof *links);
    if (!links || ws_frame_pool_create(options->frame_max, options->pool_max, &links->pool) != RESULT_OK) {
        free(links);
        return RESULT_FULL;
    }
    links->options = *options;
    links->holds = 1;
    *out = links;
    return RESULT_OK;
}

void ws_links_destroy(ws_links_t *links)
{
    if (!links)
        return;
    for (uint32_t i = 0; i < WS_LINKS_MAX; i++)
        ws_links_close(links, i);
    links->options.owner = NULL;
    ws_links_release(links);
}

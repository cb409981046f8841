/* feed_net.c: the feed's transport over edge/net: WebSocket connections and depth snapshots over REST. */
#include "edge/exchange/binance/feed_inside.h"

#include "core/base/assert.h"
#include "edge/net/ws_connection.h"

#include <stdlib.h>

enum {
    SEND_FRAME_MAX = 32 << 10,
    SEND_POOL_MAX = 4 << 20,
    MESSAGE_MAX = 512 << 10,
    READ_CAPACITY = 1 << 20,
    SNAPSHOT_LEVELS = 1000
};

/* One dialled connection. It lives until its on_close, also when the feed has let go of it. */
typedef struct {
    feed_net_t *net;
    uint32_t connection;
    bool let_go; /* closed by the feed: its callbacks mean nothing any more */
    ws_connection_t *ws;
} link_t;

struct feed_net {
    feed_t *feed; /* NULL after the feed has gone */
    ws_frame_pool_t *pool;
    link_t *links[FEED_CONNECTIONS_MAX]; /* standing ones */
    uint32_t alive;                      /* links not yet closed, and snapshots under way */
};

typedef struct {
    feed_net_t *net;
    instrument_id_t instrument;
} fetch_t;

static void net_release(feed_net_t *net)
{
    net->alive--;
    if (net->alive == 0 && net->feed == NULL) {
        ws_frame_pool_destroy(net->pool);
        free(net);
    }
}

static void on_open(ws_connection_t *ws, void *context)
{
    link_t *link = context;
    (void)ws;
    if (!link->let_go) {
        feed_transport_opened(link->net->feed, link->connection);
    }
}

static void on_text(ws_connection_t *ws, str_t text, void *context)
{
    link_t *link = context;
    (void)ws;
    if (!link->let_go) {
        feed_transport_text(link->net->feed, link->connection, text);
    }
}

static void on_close(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    link_t *link = context;
    feed_net_t *net = link->net;
    (void)code;
    if (!link->let_go) {
        char text[FEED_TEXT_MAX];
        if (reason.length == 0 || str_copy(reason, text, sizeof text) != RESULT_OK) {
            (void)str_copy(str_from(ws_detail(ws)), text, sizeof text);
        }
        net->links[link->connection] = NULL;
        feed_transport_closed(net->feed, link->connection, why == RESULT_OK ? RESULT_CLOSED : why, text);
    }
    free(link);
    net_release(net);
}

static const ws_events_t link_events = {.on_open = on_open, .on_text = on_text, .on_close = on_close};

static result_t net_open(void *context, uint32_t connection, const char *url)
{
    feed_net_t *net = context;
    link_t *link = calloc(1, sizeof *link);
    if (link == NULL) {
        return RESULT_FULL;
    }
    link->net = net;
    link->connection = connection;
    const ws_dial_t dial = {
        .loop = net->feed->options.loop,
        .url = url,
        .tls = net->feed->options.tls,
        .options = {.events = &link_events,
                    .context = link,
                    .pool = net->pool,
                    .message_max = MESSAGE_MAX,
                    .read_capacity = READ_CAPACITY},
    };
    result_t result = ws_dial(&dial, &link->ws);
    if (result != RESULT_OK) {
        free(link);
        return result;
    }
    net->links[connection] = link;
    net->alive++;
    return RESULT_OK;
}

static result_t net_send(void *context, uint32_t connection, str_t text)
{
    feed_net_t *net = context;
    return net->links[connection] != NULL ? ws_send_text(net->links[connection]->ws, text) : RESULT_CLOSED;
}

static void net_close(void *context, uint32_t connection)
{
    feed_net_t *net = context;
    link_t *link = net->links[connection];
    if (link != NULL) {
        net->links[connection] = NULL;
        link->let_go = true;
        ws_abort(link->ws);
    }
}

static void on_snapshot(void *context, const binance_result_t *result)
{
    fetch_t *fetch = context;
    feed_net_t *net = fetch->net;
    bool good = result->verdict.kind == BINANCE_VERDICT_ACCEPTED;
    if (net->feed != NULL) {
        feed_transport_depth(net->feed, fetch->instrument,
                             good                       ? RESULT_OK
                             : result->why != RESULT_OK ? result->why
                                                        : RESULT_REFUSED,
                             result->body);
    }
    free(fetch);
    net_release(net);
}

static result_t net_fetch_depth(void *context, instrument_id_t instrument, const char *symbol)
{
    feed_net_t *net = context;
    binance_request_t request;
    fetch_t *fetch = malloc(sizeof *fetch);
    result_t result = fetch == NULL ? RESULT_FULL : binance_encode_depth(&request, symbol, SNAPSHOT_LEVELS);
    if (result == RESULT_OK && net->feed->options.rest == NULL) {
        result = RESULT_BAD_STATE;
    }
    if (result == RESULT_OK) {
        *fetch = (fetch_t){.net = net, .instrument = instrument};
        result = binance_rest_send(net->feed->options.rest, &request, on_snapshot, fetch, NULL);
    }
    if (result != RESULT_OK) {
        free(fetch);
        return result;
    }
    net->alive++;
    return RESULT_OK;
}

result_t feed_net_create(feed_t *feed, feed_net_t **out, feed_transport_t *transport)
{
    feed_net_t *net = calloc(1, sizeof *net);
    if (net == NULL || ws_frame_pool_create(SEND_FRAME_MAX, SEND_POOL_MAX, &net->pool) != RESULT_OK) {
        free(net);
        return RESULT_FULL;
    }
    net->feed = feed;
    *transport =
        (feed_transport_t){.open = net_open, .send = net_send, .close = net_close, .fetch_depth = net_fetch_depth, .context = net};
    *out = net;
    return RESULT_OK;
}

void feed_net_destroy(feed_net_t *net)
{
    if (net == NULL) {
        return;
    }
    for (uint32_t i = 0; i < FEED_CONNECTIONS_MAX; i++) {
        net_close(net, i);
    }
    net->feed = NULL;
    net->alive++; /* so that the release below is the last when nothing else is under way */
    net_release(net);
}

/* feed_net.c: the feed's transport over edge/net: WebSocket connections and depth snapshots over REST. */
#include "edge/exchange/binance/feed_inside.h"

#include "edge/net/ws_links.h"

#include <stdlib.h>

enum {
    SEND_FRAME_MAX = 32 << 10,
    SEND_POOL_MAX = 4 << 20,
    MESSAGE_MAX = 512 << 10,
    READ_CAPACITY = 1 << 20,
    SNAPSHOT_LEVELS = 1000
};

_Static_assert((int)FEED_CONNECTIONS_MAX <= (int)WS_LINKS_MAX && (int)FEED_TEXT_MAX >= (int)WS_LINKS_TEXT_MAX, "a link for each");

typedef struct {
    ws_links_t *links;
    instrument_id_t instrument;
} fetch_t;

static void on_open(void *feed, uint32_t link)
{
    feed_transport_opened(feed, link);
}

static void on_text(void *feed, uint32_t link, str_t frame)
{
    feed_transport_text(feed, link, frame);
}

static void on_close(void *feed, uint32_t link, result_t why, const char *text)
{
    feed_transport_closed(feed, link, why, text);
}

static const ws_links_events_t events = {.opened = on_open, .text = on_text, .closed = on_close};

static result_t net_open(void *context, uint32_t connection, const char *url)
{
    return ws_links_open(context, connection, url);
}

static result_t net_send(void *context, uint32_t connection, str_t text)
{
    return ws_links_send(context, connection, text);
}

static void net_close(void *context, uint32_t connection)
{
    ws_links_close(context, connection);
}

static void on_snapshot(void *context, const binance_result_t *result)
{
    fetch_t *fetch = context;
    feed_t *feed = ws_links_owner(fetch->links);
    result_t why = result->verdict.kind == BINANCE_VERDICT_ACCEPTED ? RESULT_OK
                   : result->why != RESULT_OK                       ? result->why
                                                                    : RESULT_REFUSED;
    if (feed != NULL) {
        feed_transport_depth(feed, fetch->instrument, why, result->body);
    }
    ws_links_release(fetch->links);
    free(fetch);
}

static result_t net_fetch_depth(void *context, instrument_id_t instrument, const char *symbol)
{
    const feed_t *feed = ws_links_owner(context);
    binance_request_t request;
    fetch_t *fetch = malloc(sizeof *fetch);
    result_t result = fetch == NULL ? RESULT_FULL : binance_encode_depth(&request, symbol, SNAPSHOT_LEVELS);
    if (result == RESULT_OK && feed->options.rest == NULL) {
        result = RESULT_BAD_STATE;
    }
    if (result == RESULT_OK) {
        *fetch = (fetch_t){.links = context, .instrument = instrument};
        result = binance_rest_send(feed->options.rest, &request, on_snapshot, fetch, NULL);
    }
    if (result != RESULT_OK) {
        free(fetch);
        return result;
    }
    ws_links_hold(context);
    return RESULT_OK;
}

result_t feed_net_create(feed_t *feed, ws_links_t **out, feed_transport_t *transport)
{
    const ws_links_options_t options = {.loop = feed->options.loop,
                                        .tls = feed->options.tls,
                                        .events = &events,
                                        .owner = feed,
                                        .frame_max = SEND_FRAME_MAX,
                                        .pool_max = SEND_POOL_MAX,
                                        .message_max = MESSAGE_MAX,
                                        .read_capacity = READ_CAPACITY};
    result_t result = ws_links_create(&options, out);
    *transport =
        (feed_transport_t){.open = net_open, .send = net_send, .close = net_close, .fetch_depth = net_fetch_depth, .context = *out};
    return result;
}

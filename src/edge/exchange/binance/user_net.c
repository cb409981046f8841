/* user_net.c: the private stream's transport over edge/net: WebSocket connections and listen keys over REST. */
#include "edge/exchange/binance/user_stream_inside.h"

#include "core/base/assert.h"
#include "edge/net/ws_connection.h"

#include <stdlib.h>

enum { SEND_FRAME_MAX = 1 << 10, SEND_POOL_MAX = 1 << 20, MESSAGE_MAX = 256 << 10, READ_CAPACITY = 512 << 10 };

/* One dialled connection. It lives until its on_close, also when the stream has let go of it. */
typedef struct {
    user_net_t *net;
    uint32_t connection;
    bool let_go; /* closed by the stream: its callbacks mean nothing any more */
    ws_connection_t *ws;
} link_t;

struct user_net {
    user_stream_t *stream; /* NULL after the stream has gone */
    ws_frame_pool_t *pool;
    link_t *links[2]; /* standing ones */
    uint32_t alive;   /* links not yet closed, and key requests under way */
};

static void net_release(user_net_t *net)
{
    net->alive--;
    if (net->alive == 0 && net->stream == NULL) {
        ws_frame_pool_destroy(net->pool);
        free(net);
    }
}

static void on_open(ws_connection_t *ws, void *context)
{
    link_t *link = context;
    (void)ws;
    if (!link->let_go) {
        user_stream_transport_opened(link->net->stream, link->connection);
    }
}

static void on_text(ws_connection_t *ws, str_t text, void *context)
{
    link_t *link = context;
    (void)ws;
    if (!link->let_go) {
        user_stream_transport_text(link->net->stream, link->connection, text);
    }
}

static void on_close(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    link_t *link = context;
    user_net_t *net = link->net;
    (void)code;
    if (!link->let_go) {
        char text[USER_STREAM_TEXT_MAX];
        if (reason.length == 0 || str_copy(reason, text, sizeof text) != RESULT_OK) {
            (void)str_copy(str_from(ws_detail(ws)), text, sizeof text);
        }
        net->links[link->connection] = NULL;
        user_stream_transport_closed(net->stream, link->connection, why == RESULT_OK ? RESULT_CLOSED : why, text);
    }
    free(link);
    net_release(net);
}

static const ws_events_t link_events = {.on_open = on_open, .on_text = on_text, .on_close = on_close};

static result_t net_open(void *context, uint32_t connection, const char *url)
{
    user_net_t *net = context;
    link_t *link = calloc(1, sizeof *link);
    if (link == NULL) {
        return RESULT_FULL;
    }
    link->net = net;
    link->connection = connection;
    const ws_dial_t dial = {
        .loop = net->stream->options.loop,
        .url = url,
        .tls = net->stream->options.tls,
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
    user_net_t *net = context;
    return net->links[connection] != NULL ? ws_send_text(net->links[connection]->ws, text) : RESULT_CLOSED;
}

static void net_close(void *context, uint32_t connection)
{
    user_net_t *net = context;
    link_t *link = net->links[connection];
    if (link != NULL) {
        net->links[connection] = NULL;
        link->let_go = true;
        ws_abort(link->ws);
    }
}

static void on_key(void *context, const binance_result_t *result)
{
    user_net_t *net = context;
    int64_t retry_after_s =
        result->verdict.kind == BINANCE_VERDICT_BANNED && result->verdict.wait_ms >= 0 ? result->verdict.wait_ms / 1000 : -1;
    if (net->stream != NULL) {
        user_stream_transport_key(net->stream, result->status, result->body, retry_after_s);
    }
    net_release(net);
}

static result_t net_listen_key(void *context, const char *method)
{
    user_net_t *net = context;
    binance_request_t request;
    bool extend = str_eq(str_from(method), STR("PUT"));
    result_t result = extend ? binance_encode_listen_key_extend(&request) : binance_encode_listen_key_create(&request);
    if (result == RESULT_OK) {
        result = binance_rest_send(net->stream->options.rest, &request, on_key, net, NULL);
    }
    net->alive += result == RESULT_OK;
    return result;
}

result_t user_net_create(user_stream_t *stream, user_net_t **out, user_stream_transport_t *transport)
{
    user_net_t *net = calloc(1, sizeof *net);
    if (net == NULL || ws_frame_pool_create(SEND_FRAME_MAX, SEND_POOL_MAX, &net->pool) != RESULT_OK) {
        free(net);
        return RESULT_FULL;
    }
    net->stream = stream;
    *transport = (user_stream_transport_t){
        .open = net_open, .send = net_send, .close = net_close, .listen_key = net_listen_key, .context = net};
    *out = net;
    return RESULT_OK;
}

void user_net_destroy(user_net_t *net)
{
    if (net == NULL) {
        return;
    }
    for (uint32_t i = 0; i < 2; i++) {
        net_close(net, i);
    }
    net->stream = NULL;
    net->alive++; /* so that the release below is the last when nothing else is under way */
    net_release(net);
}

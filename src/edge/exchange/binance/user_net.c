/* user_net.c: the private stream's transport over edge/net: WebSocket connections and listen keys over REST. */
#include "edge/exchange/binance/user_stream_inside.h"

#include "edge/net/ws_links.h"

enum { SEND_FRAME_MAX = 1 << 10, SEND_POOL_MAX = 1 << 20, MESSAGE_MAX = 256 << 10, READ_CAPACITY = 512 << 10 };

_Static_assert((int)USER_STREAM_TEXT_MAX >= (int)WS_LINKS_TEXT_MAX, "its words fit");

static void on_open(void *stream, uint32_t link)
{
    user_stream_transport_opened(stream, link);
}

static void on_text(void *stream, uint32_t link, str_t frame)
{
    user_stream_transport_text(stream, link, frame);
}

static void on_close(void *stream, uint32_t link, result_t why, const char *text)
{
    user_stream_transport_closed(stream, link, why, text);
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

static void on_key(void *context, const binance_result_t *result)
{
    ws_links_t *links = context;
    user_stream_t *stream = ws_links_owner(links);
    int64_t retry_after_s =
        result->verdict.kind == BINANCE_VERDICT_BANNED && result->verdict.wait_ms >= 0 ? result->verdict.wait_ms / 1000 : -1;
    if (stream != NULL) {
        user_stream_transport_key(stream, result->status, result->body, retry_after_s);
    }
    ws_links_release(links);
}

static result_t net_listen_key(void *context, const char *method)
{
    const user_stream_t *stream = ws_links_owner(context);
    binance_request_t request;
    bool extend = str_eq(str_from(method), STR("PUT"));
    result_t result = extend ? binance_encode_listen_key_extend(&request) : binance_encode_listen_key_create(&request);
    if (result == RESULT_OK) {
        result = binance_rest_send(stream->options.rest, &request, on_key, context, NULL);
    }
    if (result == RESULT_OK) {
        ws_links_hold(context);
    }
    return result;
}

result_t user_net_create(user_stream_t *stream, ws_links_t **out, user_stream_transport_t *transport)
{
    const ws_links_options_t options = {.loop = stream->options.loop,
                                        .tls = stream->options.tls,
                                        .events = &events,
                                        .owner = stream,
                                        .frame_max = SEND_FRAME_MAX,
                                        .pool_max = SEND_POOL_MAX,
                                        .message_max = MESSAGE_MAX,
                                        .read_capacity = READ_CAPACITY};
    result_t result = ws_links_create(&options, out);
    *transport = (user_stream_transport_t){
        .open = net_open, .send = net_send, .close = net_close, .listen_key = net_listen_key, .context = *out};
    return result;
}

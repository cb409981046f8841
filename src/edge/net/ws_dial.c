/* ws_dial.c: the beginning of a WebSocket that we dial: the upgrade request, and the check of its answer (ws_connection.h). */
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/ws_link.h"

enum {
    READ_CAPACITY_DEFAULT = 512 * 1024,
    HANDSHAKE_MAX = 16384, /* request and, apart from it, response head */
};

static const int64_t OPEN_TIMEOUT_NS = 10 * NS_PER_S;

static void handshake_refused(ws_connection_t *ws, result_t why)
{
    char text[sizeof ws->reason];
    unsigned status = ws->parser.message.status;
    int length;
    if (why == RESULT_REFUSED) {
        length = snprintf(text, sizeof text, "the server answered %u instead of 101", status);
    } else {
        length = snprintf(text, sizeof text, "the handshake is not WebSocket: %s", http_error_text(ws->parser.error));
    }
    ws_fail(ws, why, WS_CLOSE_ABNORMAL, (str_t){text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1});
}

/* Returns how many bytes the response took; 0 while it is not whole or when it was refused. */
size_t ws_handshake_receive(ws_connection_t *ws, char *bytes, size_t length)
{
    http_progress_t progress = http_parse(&ws->parser, bytes, length);
    if (progress == HTTP_NEED_MORE) {
        return 0;
    }
    result_t result = progress == HTTP_ERROR ? RESULT_MALFORMED
                                             : ws_handshake_check_response(&ws->parser.message, (str_t){ws->key, WS_KEY_LENGTH});
    if (result != RESULT_OK) {
        handshake_refused(ws, result);
        return 0;
    }
    size_t used = ws->parser.consumed;
    ws->state = WS_STATE_OPEN;
    loop_timer_stop(&ws->timer);
    ws_heartbeat_start(ws);
    if (ws->options.events->on_open != NULL) {
        ws->options.events->on_open(ws, ws->options.context);
    }
    return used;
}

void ws_handshake_begin(stream_t *stream, void *context)
{
    ws_connection_t *ws = context;
    ws->state = WS_STATE_SHAKING;
    result_t result = stream_write(stream, ws->handshake, ws->handshake_length);
    ASSERT(result == RESULT_OK); /* the write buffer is larger than any handshake */
    free(ws->handshake);
    ws->handshake = NULL;
}

static result_t handshake_write(ws_connection_t *ws, const ws_dial_t *dial, const http_url_t *url)
{
    uint8_t random[16];
    char host[NET_ADDRESS_MAX];
    if (RAND_bytes(random, sizeof random) != 1 || (ws->handshake = malloc(HANDSHAKE_MAX)) == NULL) {
        return RESULT_FULL;
    }
    ws_key_make(random, ws->key);
    if (http_url_host_header(url, host, sizeof host) != RESULT_OK) {
        return RESULT_MALFORMED;
    }
    http_writer_t writer;
    http_writer_init(&writer, ws->handshake, HANDSHAKE_MAX);
    http_write_request_line(&writer, STR("GET"), url->path.length > 0 ? url->path : STR("/"));
    http_write_header(&writer, STR("Host"), str_from(host));
    http_write_header(&writer, STR("Upgrade"), STR("websocket"));
    http_write_header(&writer, STR("Connection"), STR("Upgrade"));
    http_write_header(&writer, STR("Sec-WebSocket-Key"), (str_t){ws->key, WS_KEY_LENGTH});
    http_write_header(&writer, STR("Sec-WebSocket-Version"), STR("13"));
    for (uint32_t i = 0; i < dial->headers_count; i++) {
        http_write_header(&writer, dial->headers[i].name, dial->headers[i].value);
    }
    http_write_end(&writer);
    ws->handshake_length = writer.length;
    return writer.result;
}

static result_t link_dial(ws_connection_t *ws, const ws_dial_t *dial, const http_url_t *url, bool secure)
{
    char address[NET_ADDRESS_MAX];
    if (http_url_address(url, address, sizeof address) != RESULT_OK) {
        return RESULT_MALFORMED;
    }
    size_t wanted = ws->options.message_max + WS_HEAD_MAX + WS_CONTROL_ROOM;
    size_t capacity = ws->options.read_capacity == 0 ? READ_CAPACITY_DEFAULT : ws->options.read_capacity;
    return stream_dial(
        &(stream_dial_t){
            .loop = dial->loop,
            .address = address,
            .tls = secure ? dial->tls : NULL,
            .read_capacity = capacity > wanted ? capacity : wanted,
            .write_capacity = STREAM_BUFFER_DEFAULT,
            .connect_timeout_ns = dial->open_timeout_ns == 0 ? OPEN_TIMEOUT_NS : dial->open_timeout_ns,
            .events = &ws_link_events,
            .context = ws,
        },
        &ws->stream);
}

result_t ws_dial(const ws_dial_t *dial, ws_connection_t **out)
{
    http_url_t url;
    result_t result = http_url_parse(str_from(dial->url), &url);
    if (result != RESULT_OK) {
        return result;
    }
    bool secure = url.scheme == HTTP_SCHEME_WSS;
    if (!secure && url.scheme != HTTP_SCHEME_WS) {
        return RESULT_UNSUPPORTED;
    }
    if (secure && dial->tls == NULL) {
        return RESULT_BAD_ARGUMENT;
    }
    ws_connection_t *ws = NULL;
    result = ws_connection_new(dial->loop, WS_CLIENT, &dial->options, &ws);
    if (result != RESULT_OK) {
        return result;
    }
    ws_decoder_init(&ws->decoder, WS_CLIENT, ws->options.message_max);
    http_parser_init(&ws->parser, HTTP_RESPONSE);
    ws->parser.head_max = HANDSHAKE_MAX;
    result = handshake_write(ws, dial, &url);
    result = result == RESULT_OK ? link_dial(ws, dial, &url, secure) : result;
    if (result != RESULT_OK) {
        ws_connection_free(ws);
        return result;
    }
    loop_timer_start_in(&ws->timer, dial->open_timeout_ns == 0 ? OPEN_TIMEOUT_NS : dial->open_timeout_ns);
    *out = ws;
    return RESULT_OK;
}

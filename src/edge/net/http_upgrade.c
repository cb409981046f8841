/* http_upgrade.c: an HTTP connection that becomes a WebSocket (http_server.h). */
#include "edge/net/http_server_inside.h"
#include "edge/net/ws_inside.h"

bool http_wants_websocket(const http_message_t *request)
{
    str_t key;
    return ws_handshake_check_request(request, &key) == RESULT_OK;
}

result_t http_upgrade(http_connection_t *connection, const http_message_t *request, str_t subprotocol, const ws_options_t *options,
                      ws_connection_t **out)
{
    str_t key;
    if (connection->serving != SERVING_OWING) {
        return RESULT_BAD_STATE;
    }
    if (ws_handshake_check_request(request, &key) != RESULT_OK) {
        return RESULT_MALFORMED;
    }
    char accept[WS_ACCEPT_LENGTH + 1];
    char head[1024];
    http_writer_t writer;
    ws_accept_make(key, accept);
    http_writer_init(&writer, head, sizeof head);
    http_write_status_line(&writer, 101, STR(""));
    http_write_header(&writer, STR("Upgrade"), STR("websocket"));
    http_write_header(&writer, STR("Connection"), STR("Upgrade"));
    http_write_header(&writer, STR("Sec-WebSocket-Accept"), (str_t){accept, WS_ACCEPT_LENGTH});
    if (subprotocol.length > 0) {
        http_write_header(&writer, STR("Sec-WebSocket-Protocol"), subprotocol);
    }
    http_write_end(&writer);
    result_t result = writer.result == RESULT_OK ? stream_write(connection->stream, head, writer.length) : writer.result;
    if (result == RESULT_OK) {
        result = ws_connection_take_over(connection->stream, options, out);
        if (result != RESULT_OK) { /* 101 is on its way and cannot be taken back */
            connection->serving = SERVING_LEAVING;
            stream_abort(connection->stream, result);
        }
    }
    if (result != RESULT_OK) {
        return result;
    }
    if (connection->paused) {
        stream_resume(connection->stream);
    }
    connection->announced = false;
    connection->serving = SERVING_UPGRADED;
    if (!connection->in_data) {
        http_connection_free(connection);
    }
    return RESULT_OK;
}

/* http_crowd.c: who loses his place when a newcomer finds none (http_server.h).
 *
 * Places are few and strangers many: a crowd that opens connections and never asks anything must not shut out who does ask. First
 * goes who is closing anyway, then the stranger who has waited longest without a whole request, then who was served and has had
 * nothing to ask for some seconds. Who is being served, and who has become a WebSocket, stays.
 */
#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/http_server_inside.h"

static const int64_t IDLE_GRACE_NS = 5 * NS_PER_S;

void http_crowd_init(http_server_t *server)
{
    for (crowd_t crowd = 0; crowd < CROWDS; crowd++) {
        server->crowds[crowd].next = server->crowds[crowd].previous = &server->crowds[crowd];
    }
}

void http_crowd_move(http_connection_t *connection, crowd_t to)
{
    http_place_t *place = &connection->place;
    if (place->next != NULL) {
        place->next->previous = place->previous;
        place->previous->next = place->next;
        place->next = place->previous = NULL;
    }
    if (to == CROWD_NONE) {
        return;
    }
    http_place_t *head = &connection->server->crowds[to];
    place->next = head;
    place->previous = head->previous;
    head->previous->next = place;
    head->previous = place;
    connection->idle_since_ns = loop_now_ns(connection->server->options.loop);
}

/* The oldest of the crowd, of that host when one is named. */
static http_connection_t *oldest(const http_server_t *server, crowd_t crowd, const void *host)
{
    const http_place_t *head = &server->crowds[crowd];
    for (http_place_t *place = head->next; place != head; place = place->next) {
        http_connection_t *connection = (http_connection_t *)(void *)place;
        if (host == NULL || stream_host(connection->stream) == host) {
            return connection;
        }
    }
    return NULL;
}

bool http_crowd_make_room(listener_t *listener, const void *host, void *context)
{
    (void)listener;
    http_server_t *server = context;
    int64_t now_ns = loop_now_ns(server->options.loop);
    for (crowd_t crowd = 0; crowd < CROWDS; crowd++) {
        http_connection_t *connection = oldest(server, crowd, host);
        if (connection == NULL || (crowd == CROWD_IDLE && now_ns - connection->idle_since_ns < IDLE_GRACE_NS)) {
            continue;
        }
        connection->serving = SERVING_LEAVING;
        http_crowd_move(connection, CROWD_NONE);
        loop_timer_stop(&connection->timer);
        stream_abort(connection->stream, RESULT_FULL);
        server->put_out++;
        return true;
    }
    return false;
}

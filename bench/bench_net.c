/* bench_net.c: what our HTTP and WebSocket cost over loopback, against the least that a program can do: an echo on bare epoll.
 * rooms: edge/net
 *
 * One process, one thread, client and server on the same loop, one request under way at a time: the time of a round trip is twice a
 * wake-up, four system calls and our code. The floor sends and returns as many bytes with the same system calls and nothing else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "edge/net/http_client.h"
#include "edge/net/http_server.h"
#include "edge/net/ws_connection.h"

enum { WARM_UP = 2000, ROUNDS = 20000, DECODE_ROUNDS = 20000, PARSE_ROUNDS = 300000 };

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double p50_us, p99_us;

static void report(const char *name, int64_t *samples, int count)
{
    qsort(samples, (size_t)count, sizeof *samples, compare);
    p50_us = (double)samples[count / 2] / 1000;
    p99_us = (double)samples[count * 99 / 100] / 1000;
    printf("%-34s p50 %7.2f us   p99 %7.2f us\n", name, p50_us, p99_us);
}

static int64_t samples[ROUNDS];

/* --- the floor -------------------------------------------------------------------------------- */

static double floor_epoll(size_t bytes)
{
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int on = 1;
    bind(listening, (struct sockaddr *)&address, size);
    listen(listening, 1);
    getsockname(listening, (struct sockaddr *)&address, &size);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    connect(client, (struct sockaddr *)&address, size);
    int server = accept(listening, NULL, NULL);
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int epoll = epoll_create1(0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, client, &(struct epoll_event){.events = EPOLLIN, .data.fd = client});
    epoll_ctl(epoll, EPOLL_CTL_ADD, server, &(struct epoll_event){.events = EPOLLIN, .data.fd = server});
    static char buffer[4096];
    for (int i = -WARM_UP; i < ROUNDS; i++) {
        int64_t start = now_ns();
        bool back = false;
        if (send(client, buffer, bytes, 0) < 0) {
            exit(1);
        }
        while (!back) {
            struct epoll_event events[8];
            int count = epoll_wait(epoll, events, 8, -1);
            for (int e = 0; e < count; e++) {
                ssize_t got = recv(events[e].data.fd, buffer, sizeof buffer, 0);
                back = events[e].data.fd == client;
                if (!back && send(server, buffer, (size_t)got, 0) < 0) {
                    exit(1);
                }
            }
        }
        if (i >= 0) {
            samples[i] = now_ns() - start;
        }
    }
    close(client);
    close(server);
    close(listening);
    close(epoll);
    report("bare epoll echo (floor)", samples, ROUNDS);
    return p50_us;
}

/* --- HTTP ------------------------------------------------------------------------------------- */

typedef struct {
    bool done, open;
    http_outcome_t outcome;
} waiting_t;

static void replied(const http_reply_t *reply, void *context)
{
    waiting_t *waiting = context;
    waiting->done = true;
    waiting->outcome = reply->outcome;
}

static ws_frame_pool_t *pool;
static ws_connection_t *inside;

static void ws_echo(ws_connection_t *ws, str_t text, void *context)
{
    (void)context;
    ws_send_text(ws, text);
}

static void ws_gone(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    (void)ws;
    (void)why;
    (void)code;
    (void)reason;
    (void)context;
}

static const ws_events_t echoing = {.on_text = ws_echo, .on_close = ws_gone};

static void serve(http_connection_t *connection, const http_message_t *request, void *context)
{
    (void)context;
    if (http_wants_websocket(request)) {
        http_upgrade(connection, request, STR(""), &(ws_options_t){.events = &echoing, .pool = pool}, &inside);
        return;
    }
    static const http_header_t type = {{"Content-Type", 12}, {"application/json", 16}};
    http_reply(connection, 200, &type, 1, STR("{\"orderId\":1,\"status\":\"NEW\",\"clientOrderId\":\"P-1-2S-E\",\"price\":\"0\"}"));
}

static const http_server_events_t serving = {.on_request = serve};

static void bench_http(loop_t *loop, http_server_t *server, double floor)
{
    char origin[64];
    http_client_t *client = NULL;
    snprintf(origin, sizeof origin, "http://%s", http_server_address(server));
    http_client_create(&(http_client_options_t){.loop = loop, .origin = origin}, &client);
    for (int i = -WARM_UP; i < ROUNDS; i++) {
        waiting_t waiting = {0};
        int64_t start = now_ns();
        http_call_t call = {.method = STR("POST"),
                            .target =
                                STR("/fapi/v1/order?symbol=ETHUSDT&side=BUY&type=MARKET&quantity=0.010&timestamp=1700000000000"),
                            .headers = &(http_header_t){STR("X-MBX-APIKEY"), STR("0123456789abcdef0123456789abcdef")},
                            .headers_count = 1,
                            .done = replied,
                            .context = &waiting};
        http_request_once(client, &call);
        while (!waiting.done) {
            loop_turn(loop, LOOP_WAIT);
        }
        if (waiting.outcome != HTTP_ANSWERED) {
            exit(1);
        }
        if (i >= 0) {
            samples[i] = now_ns() - start;
        }
    }
    http_client_destroy(client);
    report("HTTP request once, reply", samples, ROUNDS);
    printf("%-34s %.2f x floor\n", "", p50_us / floor);
}

/* --- WebSocket -------------------------------------------------------------------------------- */

static void ws_opened(ws_connection_t *ws, void *context)
{
    (void)ws;
    ((waiting_t *)context)->open = true;
}

static void ws_heard(ws_connection_t *ws, str_t text, void *context)
{
    (void)ws;
    (void)text;
    ((waiting_t *)context)->done = true;
}

static const ws_events_t hearing = {.on_open = ws_opened, .on_text = ws_heard, .on_close = ws_gone};
static const char trade[] =
    "{\"e\":\"aggTrade\",\"E\":1700000000123,\"s\":\"ETHUSDT\",\"a\":1234567890,\"p\":\"2712.34\",\"q\":\"0.532\",\"f\":1,\"l\":2,"
    "\"T\":1700000000120,\"m\":true}";

static void bench_ws(loop_t *loop, http_server_t *server, double floor)
{
    char url[64];
    waiting_t waiting = {0};
    ws_connection_t *ws = NULL;
    snprintf(url, sizeof url, "ws://%s/ws", http_server_address(server));
    ws_dial(&(ws_dial_t){.loop = loop, .url = url, .options = {.events = &hearing, .context = &waiting, .pool = pool}}, &ws);
    while (!waiting.open) {
        loop_turn(loop, LOOP_WAIT);
    }
    for (int i = -WARM_UP; i < ROUNDS; i++) {
        int64_t start = now_ns();
        waiting.done = false;
        ws_send_text(ws, (str_t){trade, sizeof trade - 1});
        while (!waiting.done) {
            loop_turn(loop, LOOP_WAIT);
        }
        if (i >= 0) {
            samples[i] = now_ns() - start;
        }
    }
    report("WebSocket text, echo", samples, ROUNDS);
    printf("%-34s %.2f x floor\n", "", p50_us / floor);
    ws_abort(ws);
    ws_abort(inside);
    for (int i = 0; i < 10; i++) {
        loop_turn(loop, LOOP_POLL);
    }
}

/* --- codecs ----------------------------------------------------------------------------------- */

static void bench_ws_decode(void)
{
    enum { FRAMES = 400 };
    static char wire[FRAMES * 256];
    size_t length = 0;
    for (int i = 0; i < FRAMES; i++) {
        size_t one = 0;
        ws_encode(WS_OP_TEXT, (str_t){trade, sizeof trade - 1}, NULL, wire + length, sizeof wire - length, &one);
        length += one;
    }
    int64_t start = now_ns();
    size_t seen = 0;
    for (int round = 0; round < DECODE_ROUNDS; round++) {
        ws_decoder_t decoder;
        ws_event_t event;
        ws_decoder_init(&decoder, WS_CLIENT, 4096);
        for (ws_decode(&decoder, wire, length, &event); event.kind == WS_TEXT; ws_decode(&decoder, wire, length, &event)) {
            seen += event.payload.length > 0 ? 1 : 0;
        }
    }
    double ns = (double)(now_ns() - start) / (double)seen;
    printf("%-34s %7.1f ns a message, %.1f million/s\n", "WebSocket decode (feed)", ns, 1000 / ns);
}

static void bench_http_parse(void)
{
    static char response[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-MBX-USED-WEIGHT-1M: 12\r\nX-MBX-ORDER-COUNT-10S: 1\r\n"
        "Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}";
    http_parser_t parser;
    http_parser_init(&parser, HTTP_RESPONSE);
    int64_t start = now_ns();
    for (int i = 0; i < PARSE_ROUNDS; i++) {
        http_parser_reset(&parser);
        if (http_parse(&parser, response, sizeof response - 1) != HTTP_COMPLETE) {
            exit(1);
        }
    }
    printf("%-34s %7.1f ns a response\n", "HTTP parse", (double)(now_ns() - start) / PARSE_ROUNDS);
}

int main(void)
{
    loop_t *loop = NULL;
    http_server_t *server = NULL;
    double floor = floor_epoll(200);
    if (loop_create(&(loop_options_t){.clock = LOOP_CLOCK_REAL}, &loop) != RESULT_OK ||
        ws_frame_pool_create(65536, 1 << 20, &pool) != RESULT_OK ||
        http_server_open(&(http_server_options_t){.loop = loop, .address = "127.0.0.1:0", .events = &serving}, &server) !=
            RESULT_OK) {
        return 1;
    }
    bench_http(loop, server, floor);
    bench_ws(loop, server, floor);
    http_server_close(server);
    for (int i = 0; i < 10; i++) {
        loop_turn(loop, LOOP_POLL);
    }
    ws_frame_pool_destroy(pool);
    loop_destroy(loop);
    bench_ws_decode();
    bench_http_parse();
    return 0;
}

/* test_http_crowd.c: a hostile crowd at the HTTP server and at a WebSocket: who keeps his place, how much one may have done in a
 * turn, what half messages may hold. Counted in turns and bytes, not in seconds.
 *
 * shows: VEN-2, OPS-16, I17
 */
#include "edge/net/net_support.h"

#include <netinet/tcp.h>

#include "edge/net/http_server.h"

#define HALF_A_REQUEST "GET / HTTP/1.1\r\nHost: h\r\n" /* of a request: the empty line is missing */

typedef struct {
    loop_t *loop;
    http_server_t *server;
    ws_frame_pool_t *pool;
    uint16_t port;
    int requests, texts, sockets_gone;
    result_t why;
    int64_t message_timeout_ns;
} venue_t;

static void on_text(ws_connection_t *ws, str_t text, void *context)
{
    (void)ws;
    (void)text;
    ((venue_t *)context)->texts++;
}

static void on_socket_close(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    venue_t *venue = context;
    (void)ws;
    (void)code;
    (void)reason;
    venue->why = why;
    venue->sockets_gone++;
}

static const ws_events_t socket_events = {.on_text = on_text, .on_close = on_socket_close};

static void on_request(http_connection_t *connection, const http_message_t *request, void *context)
{
    venue_t *venue = context;
    venue->requests++;
    if (http_wants_websocket(request)) {
        const ws_options_t options = {
            .events = &socket_events, .context = venue, .pool = venue->pool, .message_timeout_ns = venue->message_timeout_ns};
        ws_connection_t *ws = NULL;
        assert_int_equal(http_upgrade(connection, request, STR(""), &options, &ws), RESULT_OK);
        return;
    }
    assert_int_equal(http_reply(connection, 200, NULL, 0, request->path), RESULT_OK);
}

static const http_server_events_t events = {.on_request = on_request};

static void venue_open(venue_t *venue, http_server_options_t options)
{
    *venue = (venue_t){.loop = virtual_loop(), .message_timeout_ns = 10 * NS_PER_S};
    options.loop = venue->loop;
    options.address = "127.0.0.1:0";
    options.events = &events;
    options.context = venue;
    assert_int_equal(ws_frame_pool_create(4096, 1 << 20, &venue->pool), RESULT_OK);
    assert_int_equal(http_server_open(&options, &venue->server), RESULT_OK);
    venue->port = port_of(http_server_address(venue->server));
}

static void venue_close(venue_t *venue)
{
    http_server_close(venue->server);
    loop_destroy(venue->loop);
    ws_frame_pool_destroy(venue->pool);
}

/* From 127.0.0.`host`: loopback has sixteen million addresses. */
static int connect_from(const venue_t *venue, unsigned char host)
{
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(venue->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(bind(descriptor, (struct sockaddr *)&from, sizeof from), 0);
    assert_int_equal(connect(descriptor, (struct sockaddr *)&to, sizeof to), 0);
    return descriptor;
}

static void ask(int peer, const char *text)
{
    raw_send(peer, text, strlen(text));
}

/* Asks and counts the turns until the answer is there. */
static int turns_of_an_answer(const venue_t *venue, int peer)
{
    static const char request[] = "GET /fair HTTP/1.1\r\nHost: h\r\n\r\n";
    char answer[256];
    raw_send(peer, request, sizeof request - 1);
    for (int turns = 1; turns < TURNS_MAX; turns++) {
        loop_turn(venue->loop, LOOP_POLL);
        if (recv(peer, answer, sizeof answer, MSG_DONTWAIT) > 0) {
            return turns;
        }
    }
    fail_msg("no answer");
    return 0;
}

static void strangers_make_room_for_who_comes(void **state)
{
    (void)state;
    enum { PLACES = 40, STRANGERS = 200 };
    venue_t venue;
    int strangers[STRANGERS];
    venue_open(&venue, (http_server_options_t){.connections_max = PLACES});
    int served = connect_from(&venue, 1);
    (void)turns_of_an_answer(&venue, served);
    for (int i = 0; i < STRANGERS; i++) {
        strangers[i] = connect_from(&venue, 1);
        if (i % 2 == 0) {
            ask(strangers[i], "GET / HT"); /* half a request is none */
        }
        turn_some(venue.loop, 1);
    }
    turn_some(venue.loop, 20);
    assert_int_equal(http_server_connections(venue.server), PLACES);
    assert_int_equal(http_server_put_out(venue.server), STRANGERS + 1 - PLACES);
    assert_true(raw_is_closed(venue.loop, strangers[0])); /* the oldest went first */
    assert_false(raw_is_closed(venue.loop, strangers[STRANGERS - 1]));
    int late = connect_from(&venue, 1); /* who comes last is served like the first */
    (void)turns_of_an_answer(&venue, late);
    (void)turns_of_an_answer(&venue, served);
    for (int i = 0; i < STRANGERS; i++) {
        close(strangers[i]);
    }
    close(late);
    close(served);
    venue_close(&venue);
}

static void one_host_does_not_take_all_places(void **state)
{
    (void)state;
    enum { PLACES = 40, OF_ONE_HOST = 10 };
    venue_t venue;
    int greedy[OF_ONE_HOST];
    venue_open(&venue, (http_server_options_t){.connections_max = PLACES, .host_connections_max = OF_ONE_HOST});
    for (int i = 0; i < OF_ONE_HOST; i++) { /* served just now: none of them gives way */
        greedy[i] = connect_from(&venue, 2);
        (void)turns_of_an_answer(&venue, greedy[i]);
    }
    int more = connect_from(&venue, 2);
    assert_true(raw_is_closed(venue.loop, more));
    int other = connect_from(&venue, 3);
    (void)turns_of_an_answer(&venue, other);
    assert_int_equal(http_server_put_out(venue.server), 0);
    close(greedy[0]);
    turn_some(venue.loop, 20);
    int again = connect_from(&venue, 2); /* a place that was given back is there again */
    (void)turns_of_an_answer(&venue, again);
    loop_clock_advance(venue.loop, 6 * NS_PER_S);
    int newcomer = connect_from(&venue, 2); /* its host's longest idle one goes, nobody else's */
    (void)turns_of_an_answer(&venue, newcomer);
    assert_int_equal(http_server_put_out(venue.server), 1);
    assert_true(raw_is_closed(venue.loop, greedy[1]));
    assert_false(raw_is_closed(venue.loop, other));
    for (int i = 1; i < OF_ONE_HOST; i++) {
        close(greedy[i]);
    }
    close(more);
    close(other);
    close(again);
    close(newcomer);
    venue_close(&venue);
}

/* A standing crowd costs whoever asks not one turn. */
static void a_crowd_costs_nobody_a_turn(void **state)
{
    (void)state;
    enum { CROWD = 300 };
    venue_t venue;
    int crowd[CROWD];
    venue_open(&venue, (http_server_options_t){.connections_max = 1000});
    int peer = connect_from(&venue, 1);
    (void)turns_of_an_answer(&venue, peer);
    int alone = turns_of_an_answer(&venue, peer);
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = connect_from(&venue, 1);
        ask(crowd[i], i % 2 == 0 ? "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\nabc" : "GET /");
    }
    turn_some(venue.loop, 50);
    assert_int_equal(http_server_connections(venue.server), CROWD + 1);
    assert_int_equal(turns_of_an_answer(&venue, peer), alone);
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    close(peer);
    venue_close(&venue);
}

/* Thousands of requests in one buffer are done a few a turn: who asks one meanwhile waits for a few, not for thousands. */
static void a_pipeline_is_served_a_few_a_turn(void **state)
{
    (void)state;
    enum { PIPELINED = 2000 };
    static char flood[PIPELINED * 28];
    static char answers[PIPELINED * 64];
    venue_t venue;
    venue_open(&venue, (http_server_options_t){.request_max = sizeof flood});
    int peer = connect_from(&venue, 1);
    (void)turns_of_an_answer(&venue, peer);
    for (int i = 0; i < PIPELINED; i++) {
        memcpy(flood + i * 28, "GET /p HTTP/1.1\r\nHost: h\r\n\r\n", 28);
    }
    int hostile = connect_from(&venue, 1);
    turn_some(venue.loop, 5);
    int before = venue.requests;
    raw_send(hostile, flood, PIPELINED * 28);
    turn_some(venue.loop, 1);
    assert_true(venue.requests - before <= 4);
    int turns = turns_of_an_answer(&venue, peer);
    assert_true(turns <= 6);
    assert_true(venue.requests - before <= (turns + 1) * 4 + 1); /* a turn: 2 of what came, 2 of what waited; and ours */
    for (int i = 0; i < TURNS_MAX && venue.requests - before < PIPELINED + 1; i++) {
        loop_turn(venue.loop, LOOP_POLL);
        (void)recv(hostile, answers, sizeof answers, MSG_DONTWAIT); /* makes room for more of them */
    }
    assert_int_equal(venue.requests - before, PIPELINED + 1); /* and in the end all of them */
    close(hostile);
    close(peer);
    venue_close(&venue);
}

/* What unfinished requests hold in memory has a bound for all of them together; whole small ones need nothing of it. */
static void half_bodies_do_not_eat_the_memory(void **state)
{
    (void)state;
    enum { HALF = 40, BYTES = 30000 };
    static char body[BYTES];
    venue_t venue;
    int hostile[HALF];
    venue_open(&venue, (http_server_options_t){.connections_max = 1000, .requests_bytes_max = 10 * 32768});
    for (int i = 0; i < HALF; i++) {
        hostile[i] = connect_from(&venue, 1);
        ask(hostile[i], "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n");
        (void)send(hostile[i], body, sizeof body, MSG_NOSIGNAL | MSG_DONTWAIT);
        turn_some(venue.loop, 10);
    }
    uint32_t inside = http_server_connections(venue.server);
    assert_true(inside >= 5 && inside <= 10);
    int peer = connect_from(&venue, 1);
    (void)turns_of_an_answer(&venue, peer);
    for (int i = 0; i < HALF; i++) {
        close(hostile[i]);
    }
    turn_some(venue.loop, 50);
    int late = connect_from(&venue, 1); /* what they held is free again */
    ask(late, "POST /late HTTP/1.1\r\nHost: h\r\nContent-Length: 30000\r\n\r\n");
    raw_send(late, body, sizeof body);
    char answer[256];
    raw_read_until(venue.loop, late, "/late", answer, sizeof answer);
    close(late);
    close(peer);
    venue_close(&venue);
}

/* A body beyond the bound is refused by its head, and what is sent of it all the same is dropped without being kept. */
static void a_megabyte_is_refused_by_its_head(void **state)
{
    (void)state;
    static char megabyte[1 << 20];
    venue_t venue;
    char answer[512];
    venue_open(&venue, (http_server_options_t){0});
    int hostile = connect_from(&venue, 1);
    ask(hostile, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n");
    size_t sent = 0;
    for (int i = 0; i < 1000 && sent < sizeof megabyte; i++) {
        ssize_t took = send(hostile, megabyte + sent, sizeof megabyte - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += took > 0 ? (size_t)took : 0;
        loop_turn(venue.loop, LOOP_POLL);
    }
    assert_int_equal(sent, sizeof megabyte);
    raw_read_until(venue.loop, hostile, "larger", answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 413 ", 13);
    assert_int_equal(venue.requests, 0);
    close(hostile);
    turn_some(venue.loop, 20);
    assert_int_equal(http_server_connections(venue.server), 0);
    venue_close(&venue);
}

static void newcomers_are_let_in_at_a_pace(void **state)
{
    (void)state;
    enum { CROWD = 300 };
    venue_t venue;
    int crowd[CROWD];
    venue_open(&venue, (http_server_options_t){.connections_max = 1000, .accepts_per_second = 100});
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = connect_from(&venue, 1);
    }
    turn_some(venue.loop, 100);
    assert_int_equal(http_server_connections(venue.server), 64); /* what had gathered while nobody came */
    for (int i = 0; i < 100; i++) {
        loop_clock_advance(venue.loop, 10 * NS_PER_MS);
        turn_some(venue.loop, 3);
    }
    uint32_t after_a_second = http_server_connections(venue.server);
    assert_true(after_a_second >= 64 + 84 && after_a_second <= 64 + 100);
    for (int i = 0; i < 200; i++) {
        loop_clock_advance(venue.loop, 10 * NS_PER_MS);
        turn_some(venue.loop, 3);
    }
    assert_int_equal(http_server_connections(venue.server), CROWD);
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    venue_close(&venue);
}

/* Hundreds whose time is up together are sent away some 60 a second, with their answer; who ends his request meanwhile is served.
 */
static void who_is_late_is_sent_away_at_a_pace(void **state)
{
    (void)state;
    enum { CROWD = 100 };
    venue_t venue;
    int crowd[CROWD];
    char answer[256];
    venue_open(&venue, (http_server_options_t){.connections_max = 1000, .request_timeout_ns = 10 * NS_PER_S});
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = connect_from(&venue, 1);
        ask(crowd[i], HALF_A_REQUEST);
        turn_some(venue.loop, 3);
    }
    loop_clock_advance(venue.loop, 10 * NS_PER_S - NS_PER_MS);
    turn_some(venue.loop, 20);
    assert_int_equal(http_server_connections(venue.server), CROWD);
    for (int i = 0; i < 25; i++) {
        loop_clock_advance(venue.loop, 8 * NS_PER_MS);
        turn_some(venue.loop, 3);
    }
    int left = (int)http_server_connections(venue.server);
    assert_in_range(left, CROWD - 13, CROWD - 8);
    ask(crowd[CROWD - 1], "\r\n");
    turn_some(venue.loop, 10);
    raw_read_until(venue.loop, crowd[CROWD - 1], "\r\n\r\n/", answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    raw_read_until(venue.loop, crowd[0], NULL, answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 408 ", 13);
    loop_clock_advance(venue.loop, 2 * NS_PER_S);
    turn_some(venue.loop, 50);
    assert_int_equal(http_server_connections(venue.server), 1);
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    venue_close(&venue);
}

/* Who is late, and then ends his request after all, again and again, does not put off the others' going. */
static void turns_that_nobody_takes_delay_nobody(void **state)
{
    (void)state;
    enum { CROWD = 100, TIMES = 10 };
    venue_t venue;
    int crowd[CROWD], late[CROWD];
    const int on = 1;
    venue_open(&venue, (http_server_options_t){.connections_max = 1000, .request_timeout_ns = 100 * NS_PER_MS});
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = connect_from(&venue, 1);
        assert_int_equal(setsockopt(crowd[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0); /* else an end waits for an answer */
        turn_some(venue.loop, 3);
    }
    for (int k = 0; k < TIMES; k++) {
        for (int i = 0; i < CROWD; i++) {
            (void)send(crowd[i], HALF_A_REQUEST, sizeof HALF_A_REQUEST - 1, MSG_NOSIGNAL); /* some were sent away by now */
        }
        turn_some(venue.loop, 5);
        loop_clock_advance(venue.loop, 150 * NS_PER_MS);
        turn_some(venue.loop, 2);
        for (int i = 0; i < CROWD; i++) {
            (void)send(crowd[i], "\r\n", 2, MSG_NOSIGNAL);
        }
        turn_some(venue.loop, 10);
    }
    assert_in_range(venue.requests, TIMES * CROWD / 2, TIMES * CROWD);
    for (int i = 0; i < CROWD; i++) {
        close(crowd[i]);
    }
    turn_some(venue.loop, 20);
    for (int i = 0; i < CROWD; i++) {
        late[i] = connect_from(&venue, 1);
        ask(late[i], HALF_A_REQUEST);
        turn_some(venue.loop, 3);
    }
    loop_clock_advance(venue.loop, 150 * NS_PER_MS);
    turn_some(venue.loop, 5);
    loop_clock_advance(venue.loop, (CROWD + 10) * 16 * NS_PER_MS);
    turn_some(venue.loop, 50);
    assert_int_equal(http_server_connections(venue.server), 0);
    for (int i = 0; i < CROWD; i++) {
        close(late[i]);
    }
    venue_close(&venue);
}

static int open_socket(venue_t *venue)
{
    char answer[512];
    int peer = connect_from(venue, 1);
    ask(peer, "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    raw_read_until(venue->loop, peer, "\r\n\r\n", answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 101 ", 13);
    return peer;
}

static void a_frame_that_never_ends_ends_the_connection(void **state)
{
    (void)state;
    static const char half[] = "\x81\xfe\x10\x00"
                               "abcd"
                               "xyz"; /* text of 4,096 bytes, masked, three of them here */
    venue_t venue;
    venue_open(&venue, (http_server_options_t){0});
    int hostile = open_socket(&venue), idle = open_socket(&venue);
    raw_send(hostile, half, sizeof half - 1);
    turn_some(venue.loop, 5);
    for (int i = 0; i < 9; i++) { /* a byte a second does not keep it alive */
        loop_clock_advance(venue.loop, NS_PER_S);
        raw_send(hostile, "z", 1);
        turn_some(venue.loop, 5);
    }
    assert_int_equal(venue.sockets_gone, 0);
    loop_clock_advance(venue.loop, NS_PER_S);
    turn_some(venue.loop, 5);
    assert_int_equal(venue.sockets_gone, 1);
    assert_int_equal(venue.why, RESULT_TIMEOUT);
    loop_clock_advance(venue.loop, 100 * NS_PER_S);
    turn_some(venue.loop, 5);
    assert_int_equal(venue.sockets_gone, 1); /* who says nothing at all has begun nothing */
    close(hostile);
    close(idle);
    turn_some(venue.loop, 20);
    venue_close(&venue);
}

static void a_flood_of_frames_is_read_a_few_a_turn(void **state)
{
    (void)state;
    enum { FRAMES = 3000 };
    static char flood[FRAMES * 7];
    venue_t venue;
    venue_open(&venue, (http_server_options_t){0});
    int peer = connect_from(&venue, 1), hostile = open_socket(&venue);
    (void)turns_of_an_answer(&venue, peer);
    for (int i = 0; i < FRAMES; i++) {
        memcpy(flood + i * 7,
               "\x81\x81"
               "\0\0\0\0"
               "x",
               7);
    }
    raw_send(hostile, flood, sizeof flood);
    int turns = turns_of_an_answer(&venue, peer);
    assert_true(turns <= 6);
    assert_true(venue.texts <= turns * 2 * 16);
    turn_some(venue.loop, 400);
    assert_int_equal(venue.texts, FRAMES);
    close(hostile);
    close(peer);
    turn_some(venue.loop, 20);
    venue_close(&venue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_make_room_for_who_comes),
        cmocka_unit_test(one_host_does_not_take_all_places),
        cmocka_unit_test(a_crowd_costs_nobody_a_turn),
        cmocka_unit_test(who_is_late_is_sent_away_at_a_pace),
        cmocka_unit_test(turns_that_nobody_takes_delay_nobody),
        cmocka_unit_test(a_pipeline_is_served_a_few_a_turn),
        cmocka_unit_test(half_bodies_do_not_eat_the_memory),
        cmocka_unit_test(a_megabyte_is_refused_by_its_head),
        cmocka_unit_test(newcomers_are_let_in_at_a_pace),
        cmocka_unit_test(a_frame_that_never_ends_ends_the_connection),
        cmocka_unit_test(a_flood_of_frames_is_read_a_few_a_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

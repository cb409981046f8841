/* test_http_server.c: the server against plain sockets: keep-alive, pipelining, refusals, slow-loris, bounds, faults at every byte.
 *
 * shows: VEN-2, OPS-16, I20
 */
#include "edge/net/net_support.h"

#include "edge/net/http_server.h"

typedef struct {
    loop_t *loop;
    http_server_t *server;
    uint16_t port;
    http_connection_t *held; /* when `hold`: the reply is given by the test */
    bool hold;
    int requests, gone;
    stream_fault_t fault;
    char seen[512]; /* "METHOD path?query body" of the last request */
} venue_t;

static void on_request(http_connection_t *connection, const http_message_t *request, void *context)
{
    venue_t *venue = context;
    venue->requests++;
    snprintf(venue->seen, sizeof venue->seen, "%.*s %.*s?%.*s %.*s", (int)request->method.length, request->method.bytes,
             (int)request->path.length, request->path.bytes, (int)request->query.length, request->query.bytes,
             (int)request->body.length, request->body.bytes);
    if (venue->hold) {
        venue->held = connection;
        return;
    }
    if (venue->fault.kind != STREAM_FAULT_NONE) {
        http_reply_fault(connection, &venue->fault);
    }
    assert_int_equal(http_reply(connection, 200, NULL, 0, request->path), RESULT_OK);
}

static void on_gone(http_connection_t *connection, void *context)
{
    venue_t *venue = context;
    venue->gone++;
    venue->held = venue->held == connection ? NULL : venue->held;
}

static const http_server_events_t events = {.on_request = on_request, .on_gone = on_gone};

static void venue_open(venue_t *venue, http_server_options_t options)
{
    *venue = (venue_t){.loop = virtual_loop()};
    options.loop = venue->loop;
    options.address = "127.0.0.1:0";
    options.events = &events;
    options.context = venue;
    assert_int_equal(http_server_open(&options, &venue->server), RESULT_OK);
    venue->port = port_of(http_server_address(venue->server));
    assert_int_not_equal(venue->port, 0);
}

static void venue_close(venue_t *venue)
{
    http_server_close(venue->server);
    loop_destroy(venue->loop);
}

static void ask(int peer, const char *text)
{
    raw_send(peer, text, strlen(text));
}

static void replies_and_keeps_the_connection(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){0});
    int peer = raw_connect(venue.port);
    ask(peer, "GET /a?x=%41&y=1%2B2 HTTP/1.1\r\nHost: h\r\n\r\n");
    raw_read_until(venue.loop, peer, "/a", answer, sizeof answer);
    assert_string_equal(answer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/a");
    assert_string_equal(venue.seen, "GET /a?x=%41&y=1%2B2 "); /* raw, as signatures want it */
    ask(peer, "POST /b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n");
    raw_read_until(venue.loop, peer, "/b", answer, sizeof answer);
    assert_string_equal(venue.seen, "POST /b? a=1&b=2");
    ask(peer, "GET /c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
    assert_string_equal(answer, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n/c");
    close(peer);
    turn_some(venue.loop, 20);
    assert_int_equal(venue.gone, 1);
    venue_close(&venue);
}

static void http10_and_head(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){0});
    int peer = raw_connect(venue.port);
    ask(peer, "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    raw_read_until(venue.loop, peer, "/old", answer, sizeof answer);
    assert_string_equal(answer, "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\n/old");
    ask(peer, "HEAD /head HTTP/1.1\r\nHost: h\r\n\r\nGET /old HTTP/1.0\r\n\r\n");
    raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
    assert_string_equal(
        answer,
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\n/old");
    close(peer);
    venue_close(&venue);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){0});
    int peer = raw_connect(venue.port);
    ask(peer, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\nGET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
    raw_read_until(venue.loop, peer, "/3", answer, sizeof answer);
    assert_true(strstr(answer, "/1") < strstr(answer, "/2") && strstr(answer, "/2") < strstr(answer, "/3"));
    /* Held: the second is not even handed over before the first is answered. */
    venue.hold = true;
    ask(peer, "GET /4 HTTP/1.1\r\nHost: h\r\n\r\nGET /5 HTTP/1.1\r\nHost: h\r\n\r\n");
    turn_some(venue.loop, 30);
    assert_int_equal(venue.requests, 4);
    venue.hold = false;
    assert_int_equal(http_reply(venue.held, 200, NULL, 0, STR("four")), RESULT_OK);
    raw_read_until(venue.loop, peer, "/5", answer, sizeof answer);
    assert_non_null(strstr(answer, "four"));
    assert_int_equal(venue.requests, 5);
    close(peer);
    venue_close(&venue);
}

static void a_late_reply_to_a_gone_peer_is_noticed(void **state)
{
    (void)state;
    venue_t venue;
    venue_open(&venue, (http_server_options_t){0});
    venue.hold = true;
    int peer = raw_connect(venue.port);
    ask(peer, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    turn_some(venue.loop, 20);
    assert_non_null(venue.held);
    close(peer);
    turn_some(venue.loop, 20);
    assert_int_equal(venue.gone, 1);
    assert_null(venue.held);
    venue_close(&venue);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *request, *status;
    } cases[] = {
        {"GET / HTTP/1.1\nHost: h\n\n", "HTTP/1.1 400 "},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", "HTTP/1.1 505 "},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "HTTP/1.1 501 "},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n", "HTTP/1.1 413 "},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", "HTTP/1.1 400 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        venue_t venue;
        char answer[4096];
        venue_open(&venue, (http_server_options_t){0});
        int peer = raw_connect(venue.port);
        ask(peer, cases[i].request);
        raw_read_until(venue.loop, peer, NULL, answer, sizeof answer); /* until it closes */
        assert_memory_equal(answer, cases[i].status, strlen(cases[i].status));
        assert_int_equal(venue.requests, 0);
        close(peer);
        venue_close(&venue);
    }
}

static void a_large_head_or_body_is_refused(void **state)
{
    (void)state;
    static char big[20000];
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){.request_max = 4096});
    memset(big, 'a', sizeof big);
    memcpy(big, "GET /", 5);
    int peer = raw_connect(venue.port);
    raw_send(peer, big, sizeof big);
    raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 431 ", 13);
    close(peer);
    int length = snprintf(big, sizeof big, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4090\r\n\r\n");
    memset(big + length, 'b', 4090);
    peer = raw_connect(venue.port);
    raw_send(peer, big, (size_t)length + 4090); /* body within, but head and body together beyond the bound */
    raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 413 ", 13);
    close(peer);
    venue_close(&venue);
}

static void slow_senders_are_cut_off(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){.request_timeout_ns = 10 * NS_PER_S, .idle_timeout_ns = 75 * NS_PER_S});
    int slow = raw_connect(venue.port);
    int idle = raw_connect(venue.port);
    ask(slow, "GET / HTTP/1.1\r\n");
    turn_some(venue.loop, 20);
    for (int i = 0; i < 9; i++) { /* one byte a second keeps nobody alive */
        loop_clock_advance(venue.loop, NS_PER_S);
        ask(slow, "a");
        turn_some(venue.loop, 5);
    }
    loop_clock_advance(venue.loop, NS_PER_S);
    raw_read_until(venue.loop, slow, NULL, answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 408 ", 13);
    assert_false(raw_is_closed(venue.loop, idle));
    loop_clock_advance(venue.loop, 65 * NS_PER_S);
    assert_true(raw_is_closed(venue.loop, idle));
    close(slow);
    close(idle);
    venue_close(&venue);
}

static void a_slow_reader_is_cut_off_and_delays_nobody(void **state)
{
    (void)state;
    static char body[16 << 20]; /* far more than the kernel's buffers take */
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){.response_max = sizeof body + 4096, .send_timeout_ns = 10 * NS_PER_S});
    venue.hold = true;
    int slow = raw_connect(venue.port);
    ask(slow, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    turn_some(venue.loop, 20);
    assert_int_equal(http_reply(venue.held, 200, NULL, 0, (str_t){body, sizeof body}), RESULT_OK);
    venue.hold = false;
    int other = raw_connect(venue.port);
    ask(other, "GET /other HTTP/1.1\r\nHost: h\r\n\r\n");
    raw_read_until(venue.loop, other, "/other", answer, sizeof answer);
    loop_clock_advance(venue.loop, 30 * NS_PER_S);
    turn_some(venue.loop, 50);
    assert_int_equal(venue.gone, 1); /* the slow one */
    close(slow);
    close(other);
    venue_close(&venue);
}

/* Replies that were taken do not count against the one that is written in the very turn in which the time is up. */
static void a_busy_connection_is_not_taken_for_a_slow_one(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){.send_timeout_ns = 10 * NS_PER_S});
    int peer = raw_connect(venue.port);
    for (int second = 0; second < 40; second++) {
        venue.hold = true;
        ask(peer, "GET /busy HTTP/1.1\r\nHost: h\r\n\r\n");
        turn_some(venue.loop, 20);
        assert_non_null(venue.held);
        assert_int_equal(http_reply(venue.held, 200, NULL, 0, STR("/busy")), RESULT_OK); /* not yet with the kernel ... */
        loop_clock_advance(venue.loop, NS_PER_S);                                        /* ... when the timers fire */
        raw_read_until(venue.loop, peer, "/busy", answer, sizeof answer);
        assert_non_null(strstr(answer, "/busy"));
    }
    close(peer);
    venue_close(&venue);
}

/* The same reply to a peer that does read arrives whole. */
static void a_large_reply_arrives_whole(void **state)
{
    (void)state;
    enum { BODY = 8 << 20 };
    char *body = malloc(BODY);
    char *answer = malloc(BODY + 4096);
    venue_t venue;
    assert_true(body != NULL && answer != NULL);
    for (size_t i = 0; i < BODY; i++) {
        body[i] = (char)(i * 7 + i / 4096);
    }
    venue_open(&venue, (http_server_options_t){.response_max = BODY + 4096});
    venue.hold = true;
    int peer = raw_connect(venue.port);
    ask(peer, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    turn_some(venue.loop, 20);
    assert_int_equal(http_reply(venue.held, 200, NULL, 0, (str_t){body, BODY}), RESULT_OK);
    size_t length = raw_read_until(venue.loop, peer, NULL, answer, BODY + 4096);
    assert_true(length > BODY);
    assert_memory_equal(answer + (length - BODY), body, BODY);
    close(peer);
    venue_close(&venue);
    free(body);
    free(answer);
}

static void a_port_in_use_is_named(void **state)
{
    (void)state;
    venue_t venue;
    venue_open(&venue, (http_server_options_t){0});
    http_server_t *second = NULL;
    assert_int_equal(
        http_server_open(
            &(http_server_options_t){.loop = venue.loop, .address = http_server_address(venue.server), .events = &events}, &second),
        RESULT_ADDRESS_IN_USE);
    assert_int_equal(
        http_server_open(&(http_server_options_t){.loop = venue.loop, .address = "nonsense", .events = &events}, &second),
        RESULT_MALFORMED);
    assert_int_equal(
        http_server_open(&(http_server_options_t){.loop = venue.loop, .address = "127.0.0.1:65536", .events = &events}, &second),
        RESULT_MALFORMED);
    assert_null(second);
    venue_close(&venue);
}

/* Many more peers than places: the rest is told at once, nothing grows, and who was served just now keeps his place. */
static void ten_thousand_connection_attempts(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){.connections_max = 50});
    int inside[50];
    for (int i = 0; i < 50; i++) {
        inside[i] = raw_connect(venue.port);
        ask(inside[i], "GET /first HTTP/1.1\r\nHost: h\r\n\r\n");
        raw_read_until(venue.loop, inside[i], "/first", answer, sizeof answer);
    }
    assert_int_equal(http_server_connections(venue.server), 50);
    for (int i = 0; i < 10000; i++) {
        int peer = raw_connect(venue.port);
        if (i % 20 == 0) {
            turn_some(venue.loop, 1);
        }
        struct linger now = {.l_onoff = 1, .l_linger = 0};
        setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(peer);
    }
    turn_some(venue.loop, 400);
    assert_int_equal(http_server_connections(venue.server), 50);
    ask(inside[49], "GET /in HTTP/1.1\r\nHost: h\r\n\r\n");
    raw_read_until(venue.loop, inside[49], "/in", answer, sizeof answer);
    for (int i = 0; i < 50; i++) {
        close(inside[i]);
    }
    turn_some(venue.loop, 20);
    assert_int_equal(http_server_connections(venue.server), 0);
    venue_close(&venue);
}

static const char whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n/x";

static void a_reply_can_be_cut_at_every_byte(void **state)
{
    (void)state;
    for (uint64_t at = 0; at < sizeof whole; at++) {
        venue_t venue;
        char answer[4096];
        venue_open(&venue, (http_server_options_t){0});
        venue.fault = (stream_fault_t){.kind = STREAM_FAULT_CUT, .at_byte = at};
        int peer = raw_connect(venue.port);
        ask(peer, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        size_t length = raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
        assert_int_equal(length, at);
        assert_memory_equal(answer, whole, length);
        close(peer);
        venue_close(&venue);
    }
}

static void a_reply_can_be_spoilt_at_every_byte(void **state)
{
    (void)state;
    for (uint64_t at = 0; at < sizeof whole - 1; at++) {
        venue_t venue;
        char answer[4096];
        size_t length = 0;
        venue_open(&venue, (http_server_options_t){0});
        venue.fault = (stream_fault_t){.kind = STREAM_FAULT_SPOIL, .at_byte = at};
        int peer = raw_connect(venue.port);
        ask(peer, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        for (int i = 0; i < TURNS_MAX && length < sizeof whole - 1; i++) {
            loop_turn(venue.loop, LOOP_POLL);
            ssize_t got = recv(peer, answer + length, sizeof answer - length, MSG_DONTWAIT);
            length += got > 0 ? (size_t)got : 0;
        }
        assert_int_equal(length, sizeof whole - 1);
        for (size_t i = 0; i < length; i++) {
            assert_int_equal(answer[i], i == at ? whole[i] ^ 1 : whole[i]);
        }
        close(peer);
        venue_close(&venue);
    }
}

static void a_reply_can_be_stalled_at_every_byte(void **state)
{
    (void)state;
    for (uint64_t at = 0; at < sizeof whole; at++) {
        venue_t venue;
        char answer[4096];
        venue_open(&venue, (http_server_options_t){0});
        venue.fault = (stream_fault_t){.kind = STREAM_FAULT_STALL, .at_byte = at, .stall_ns = 3 * NS_PER_S};
        int peer = raw_connect(venue.port);
        ask(peer, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        turn_some(venue.loop, 40);
        ssize_t got = recv(peer, answer, sizeof answer, MSG_DONTWAIT);
        assert_int_equal(got < 0 ? 0 : got, at);
        loop_clock_advance(venue.loop, 3 * NS_PER_S);
        turn_some(venue.loop, 40);
        got = recv(peer, answer, sizeof answer, MSG_DONTWAIT);
        assert_int_equal(got < 0 ? 0 : got, sizeof whole - 1 - at);
        close(peer);
        venue_close(&venue);
    }
}

static void drops_and_raw_replies(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){0});
    venue.hold = true;
    int peer = raw_connect(venue.port);
    ask(peer, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    turn_some(venue.loop, 20);
    http_drop(venue.held);
    assert_int_equal(raw_read_until(venue.loop, peer, NULL, answer, sizeof answer), 0);
    close(peer);
    peer = raw_connect(venue.port);
    ask(peer, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    turn_some(venue.loop, 20);
    assert_int_equal(http_reply_raw(venue.held, STR("<html>502</html>"), HTTP_THEN_CLOSE), RESULT_OK);
    assert_int_equal(http_reply_raw(venue.held, STR("again"), HTTP_THEN_CLOSE), RESULT_BAD_STATE);
    raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
    assert_string_equal(answer, "<html>502</html>");
    close(peer);
    venue_close(&venue);
}

static void headers_of_a_reply_cannot_be_injected(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){0});
    venue.hold = true;
    int peer = raw_connect(venue.port);
    ask(peer, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    turn_some(venue.loop, 20);
    const http_header_t evil = {STR("X-Echo"), STR("a\r\nSet-Cookie: b")};
    assert_int_equal(http_reply(venue.held, 200, &evil, 1, STR("")), RESULT_TEXT_BAD_CHARACTER);
    raw_read_until(venue.loop, peer, NULL, answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 500 ", 13);
    assert_null(strstr(answer, "Set-Cookie"));
    close(peer);
    venue_close(&venue);
}

static void expect_continue_is_answered_once(void **state)
{
    (void)state;
    venue_t venue;
    char answer[4096];
    venue_open(&venue, (http_server_options_t){0});
    int peer = raw_connect(venue.port);
    ask(peer, "POST /e HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    raw_read_until(venue.loop, peer, "\r\n\r\n", answer, sizeof answer);
    assert_string_equal(answer, "HTTP/1.1 100 Continue\r\n\r\n");
    ask(peer, "h");
    turn_some(venue.loop, 10);
    ask(peer, "i");
    raw_read_until(venue.loop, peer, "/e", answer, sizeof answer);
    assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    assert_string_equal(venue.seen, "POST /e? hi");
    close(peer);
    venue_close(&venue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_and_keeps_the_connection),
        cmocka_unit_test(http10_and_head),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_late_reply_to_a_gone_peer_is_noticed),
        cmocka_unit_test(malformed_requests_are_refused),
        cmocka_unit_test(a_large_head_or_body_is_refused),
        cmocka_unit_test(slow_senders_are_cut_off),
        cmocka_unit_test(a_slow_reader_is_cut_off_and_delays_nobody),
        cmocka_unit_test(a_busy_connection_is_not_taken_for_a_slow_one),
        cmocka_unit_test(a_large_reply_arrives_whole),
        cmocka_unit_test(a_port_in_use_is_named),
        cmocka_unit_test(ten_thousand_connection_attempts),
        cmocka_unit_test(a_reply_can_be_cut_at_every_byte),
        cmocka_unit_test(a_reply_can_be_spoilt_at_every_byte),
        cmocka_unit_test(a_reply_can_be_stalled_at_every_byte),
        cmocka_unit_test(drops_and_raw_replies),
        cmocka_unit_test(headers_of_a_reply_cannot_be_injected),
        cmocka_unit_test(expect_continue_is_answered_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

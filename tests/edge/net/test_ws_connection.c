/* test_ws_connection.c: WebSocket connections between our client and our server, and against plain sockets.
 *
 * shows: VEN-2, MKT-1, I10
 */
#include "edge/net/net_support.h"

#include "edge/net/http_server.h"
#include "edge/net/ws_connection.h"

enum { PEERS_MAX = 8 };

typedef struct {
    loop_t *loop;
    http_server_t *server;
    ws_frame_pool_t *pool;
    ws_options_t server_options;
    ws_connection_t *inside[PEERS_MAX]; /* server side, in order of arrival */
    int inside_count;
    char url[128];
} house_t;

/* What one side has heard. */
typedef struct {
    bool open, closed, drained;
    int texts, pings, pongs, batches, binaries;
    char last[128];
    size_t last_length;
    result_t why;
    uint16_t code;
    char reason[128];
} ears_t;

static void hear_open(ws_connection_t *ws, void *context)
{
    (void)ws;
    ((ears_t *)context)->open = true;
}

static void hear_text(ws_connection_t *ws, str_t text, void *context)
{
    (void)ws;
    ears_t *ears = context;
    ears->texts++;
    ears->last_length = text.length;
    snprintf(ears->last, sizeof ears->last, "%.*s", (int)(text.length < 100 ? text.length : 100), text.bytes);
}

static void hear_ping(ws_connection_t *ws, str_t payload, void *context)
{
    (void)ws;
    (void)payload;
    ((ears_t *)context)->pings++;
}

static void hear_pong(ws_connection_t *ws, str_t payload, void *context)
{
    (void)ws;
    (void)payload;
    ((ears_t *)context)->pongs++;
}

static void hear_batch_end(ws_connection_t *ws, void *context)
{
    (void)ws;
    ((ears_t *)context)->batches++;
}

static void hear_drain(ws_connection_t *ws, void *context)
{
    (void)ws;
    ((ears_t *)context)->drained = true;
}

static void hear_close(ws_connection_t *ws, result_t why, uint16_t code, str_t reason, void *context)
{
    (void)ws;
    ears_t *ears = context;
    assert_false(ears->closed); /* exactly once */
    ears->closed = true;
    ears->why = why;
    ears->code = code;
    snprintf(ears->reason, sizeof ears->reason, "%.*s", (int)reason.length, reason.bytes);
}

static const ws_events_t hearing = {
    .on_open = hear_open,
    .on_text = hear_text,
    .on_ping = hear_ping,
    .on_pong = hear_pong,
    .on_batch_end = hear_batch_end,
    .on_drain = hear_drain,
    .on_close = hear_close,
};

static void on_request(http_connection_t *connection, const http_message_t *request, void *context)
{
    house_t *house = context;
    if (http_wants_websocket(request) && house->inside_count < PEERS_MAX) {
        assert_int_equal(http_upgrade(connection, request, STR(""), &house->server_options, &house->inside[house->inside_count]),
                         RESULT_OK);
        house->inside_count++;
        return;
    }
    http_reply(connection, 426, &(http_header_t){STR("Sec-WebSocket-Version"), STR("13")}, 1, STR("websocket only"));
}

static const http_server_events_t events = {.on_request = on_request};

static void house_open(house_t *house, ears_t *server_ears)
{
    *house = (house_t){.loop = virtual_loop()};
    assert_int_equal(ws_frame_pool_create(1 << 20, 64 << 20, &house->pool), RESULT_OK);
    house->server_options = (ws_options_t){.events = &hearing, .context = server_ears, .pool = house->pool};
    assert_int_equal(
        http_server_open(
            &(http_server_options_t){.loop = house->loop, .address = "127.0.0.1:0", .events = &events, .context = house},
            &house->server),
        RESULT_OK);
    snprintf(house->url, sizeof house->url, "ws://%s/ws?streams=a", http_server_address(house->server));
}

static void house_close(house_t *house)
{
    http_server_close(house->server);
    turn_some(house->loop, 10);
    assert_int_equal(ws_frame_pool_out(house->pool), 0);
    ws_frame_pool_destroy(house->pool);
    loop_destroy(house->loop);
}

static ws_connection_t *dial(house_t *house, ears_t *ears, ws_options_t options)
{
    ws_connection_t *ws = NULL;
    options.events = &hearing;
    options.context = ears;
    options.pool = house->pool;
    assert_int_equal(ws_dial(&(ws_dial_t){.loop = house->loop, .url = house->url, .options = options}, &ws), RESULT_OK);
    return ws;
}

static void texts_go_both_ways_and_batch(void **state)
{
    (void)state;
    house_t house;
    ears_t server = {0}, client = {0};
    house_open(&house, &server);
    ws_connection_t *ws = dial(&house, &client, (ws_options_t){0});
    assert_int_equal(ws_send_text(ws, STR("early")), RESULT_BAD_STATE);
    turn_until(house.loop, &client.open);
    assert_int_equal(ws_send_text(ws, STR("{\"method\":\"SUBSCRIBE\"}")), RESULT_OK);
    turn_some(house.loop, 20);
    assert_string_equal(server.last, "{\"method\":\"SUBSCRIBE\"}");
    for (int i = 0; i < 30; i++) {
        char text[32];
        int length = snprintf(text, sizeof text, "tick %d", i);
        assert_int_equal(ws_send_text(house.inside[0], (str_t){text, (size_t)length}), RESULT_OK);
    }
    turn_some(house.loop, 20);
    assert_int_equal(client.texts, 30);
    assert_int_equal(client.batches, 1); /* thirty frames of one turn left, and came, together */
    assert_string_equal(client.last, "tick 29");
    assert_int_equal(ws_queued_total(house.inside[0]), 30);
    assert_int_equal(ws_received(ws), 30);
    ws_close(ws, WS_CLOSE_NORMAL, STR("done"));
    turn_until(house.loop, &client.closed);
    turn_until(house.loop, &server.closed);
    assert_int_equal(client.why, RESULT_OK);
    assert_int_equal(client.code, 1000);
    assert_int_equal(server.why, RESULT_OK);
    assert_int_equal(server.code, 1000);
    assert_string_equal(server.reason, "done");
    house_close(&house);
}

static void the_server_closes_first(void **state)
{
    (void)state;
    house_t house;
    ears_t server = {0}, client = {0};
    house_open(&house, &server);
    dial(&house, &client, (ws_options_t){0});
    turn_until(house.loop, &client.open);
    turn_some(house.loop, 10);
    ws_send_text(house.inside[0], STR("last words"));
    ws_close(house.inside[0], WS_CLOSE_GOING_AWAY, STR("24 h are over"));
    turn_until(house.loop, &client.closed);
    turn_until(house.loop, &server.closed);
    assert_string_equal(client.last, "last words"); /* what was queued before the close frame is delivered */
    assert_int_equal(client.code, 1001);
    assert_string_equal(client.reason, "24 h are over");
    assert_int_equal(server.code, 1001);
    house_close(&house);
}

static void pings_are_answered_and_silence_is_noticed(void **state)
{
    (void)state;
    house_t house;
    ears_t server = {0}, client = {0};
    house_open(&house, &server);
    dial(&house, &client, (ws_options_t){.ping_interval_ns = 20 * NS_PER_S, .silence_max_ns = 60 * NS_PER_S});
    turn_until(house.loop, &client.open);
    loop_clock_advance(house.loop, 20 * NS_PER_S);
    turn_some(house.loop, 20);
    assert_int_equal(server.pings, 1);
    assert_int_equal(client.pongs, 1);
    ws_pause(house.inside[0]); /* the server hears nothing more and so answers nothing */
    loop_clock_advance(house.loop, 59 * NS_PER_S);
    turn_some(house.loop, 20);
    assert_false(client.closed);
    loop_clock_advance(house.loop, NS_PER_S);
    turn_until(house.loop, &client.closed);
    assert_int_equal(client.why, RESULT_TIMEOUT);
    ws_resume(house.inside[0]);
    turn_until(house.loop, &server.closed);
    house_close(&house);
}

/* One frame for many; a peer that does not read is closed at its bound, the others hear everything. */
static void a_slow_peer_is_closed_and_delays_nobody(void **state)
{
    (void)state;
    static char text[100 * 1024];
    house_t house;
    ears_t server = {0}, slow = {0}, quick = {0};
    memset(text, 'x', sizeof text);
    house_open(&house, &server);
    house.server_options.queue_max = 50;
    ws_connection_t *slow_ws = dial(&house, &slow, (ws_options_t){0});
    turn_until(house.loop, &slow.open);
    house.server_options.context = &quick; /* whatever: the second server side has ears of its own */
    ears_t second = {0};
    house.server_options.context = &second;
    ws_connection_t *quick_ws = dial(&house, &quick, (ws_options_t){0});
    turn_until(house.loop, &quick.open);
    ws_pause(slow_ws);
    int sent = 0;
    while (!server.closed && sent < 2000) {
        ws_frame_t *frame = NULL;
        assert_int_equal(ws_frame_make(house.pool, WS_OP_TEXT, (str_t){text, sizeof text}, &frame), RESULT_OK);
        ws_send_frame(house.inside[0], frame, 0);
        assert_int_equal(ws_send_frame(house.inside[1], frame, 0), RESULT_OK);
        ws_frame_release(frame);
        turn_some(house.loop, 3);
        sent++;
    }
    assert_true(server.closed);
    assert_int_equal(server.why, RESULT_FULL);
    assert_int_equal(server.code, WS_CLOSE_POLICY);
    turn_some(house.loop, 50);
    assert_int_equal(quick.texts, sent);
    assert_int_equal(quick.last_length, sizeof text);
    ws_abort(quick_ws);
    ws_abort(slow_ws);
    turn_until(house.loop, &quick.closed);
    turn_until(house.loop, &slow.closed);
    turn_until(house.loop, &second.closed);
    assert_int_equal(second.code, WS_CLOSE_ABNORMAL);
    house_close(&house);
}

static void prices_are_conflated_orders_are_not(void **state)
{
    (void)state;
    static char padding[64 * 1024];
    house_t house;
    ears_t server = {0}, client = {0};
    house_open(&house, &server);
    house.server_options.slow = WS_SLOW_CONFLATE;
    house.server_options.queue_max = 20;
    ws_connection_t *ws = dial(&house, &client, (ws_options_t){0});
    turn_until(house.loop, &client.open);
    ws_pause(ws);
    memset(padding, ' ', sizeof padding);
    ws_connection_t *out = house.inside[0];
    int number = 0;
    for (; ws_conflated(out) < 100; number++) { /* a price that changes all the time, and nobody reads */
        ws_frame_t *frame = NULL;
        int length = snprintf(padding, sizeof padding, "price %d", number);
        padding[length] = ' ';
        assert_int_equal(ws_frame_make(house.pool, WS_OP_TEXT, (str_t){padding, sizeof padding}, &frame), RESULT_OK);
        assert_int_equal(ws_send_frame(out, frame, 77), RESULT_OK);
        ws_frame_release(frame);
        turn_some(house.loop, 1);
    }
    assert_true(ws_backlog(out) <= 20);
    assert_false(server.closed);
    ws_resume(ws);
    for (int i = 0; i < TURNS_MAX && ws_backlog(out) > 0; i++) {
        loop_turn(house.loop, LOOP_POLL);
    }
    turn_some(house.loop, 100);
    assert_true(server.drained);
    assert_true(client.texts < number);
    ws_abort(ws);
    turn_until(house.loop, &client.closed);
    turn_until(house.loop, &server.closed);
    house_close(&house);
}

static void back_pressure_loses_nothing(void **state)
{
    (void)state;
    static char text[50 * 1024];
    house_t house;
    ears_t server = {0}, client = {0};
    memset(text, 'y', sizeof text);
    house_open(&house, &server);
    house.server_options.queue_bytes_max = 64 << 20;
    ws_connection_t *ws = dial(&house, &client, (ws_options_t){0});
    turn_until(house.loop, &client.open);
    ws_pause(ws);
    for (int i = 0; i < 400; i++) {
        assert_int_equal(ws_send_text(house.inside[0], (str_t){text, sizeof text}), RESULT_OK);
        turn_some(house.loop, 1);
    }
    assert_int_equal(client.texts, 0);
    assert_true(ws_backlog(house.inside[0]) > 0);
    ws_resume(ws);
    for (int i = 0; i < TURNS_MAX && client.texts < 400; i++) {
        loop_turn(house.loop, LOOP_POLL);
    }
    assert_int_equal(client.texts, 400);
    ws_close(ws, WS_CLOSE_NORMAL, STR(""));
    turn_until(house.loop, &client.closed);
    turn_until(house.loop, &server.closed);
    house_close(&house);
}

static void frames_can_be_cut_and_spoilt(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        house_t house;
        ears_t server = {0}, client = {0};
        house_open(&house, &server);
        dial(&house, &client, (ws_options_t){0});
        turn_until(house.loop, &client.open);
        turn_some(house.loop, 5);
        ws_send_text(house.inside[0], STR("before"));
        ws_fault(house.inside[0],
                 &(stream_fault_t){.kind = kind == 0 ? STREAM_FAULT_CUT : STREAM_FAULT_SPOIL, .at_byte = kind == 0 ? 5 : 0});
        ws_send_text(house.inside[0], STR("after this"));
        turn_until(house.loop, &client.closed);
        assert_int_equal(client.texts, 1);
        assert_string_equal(client.last, "before");
        assert_int_equal(client.why, kind == 0 ? RESULT_CLOSED : RESULT_MALFORMED); /* opcode 1 -> 0: a continuation of nothing */
        turn_until(house.loop, &server.closed);
        house_close(&house);
    }
}

static void other_answers_than_101_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        result_t why;
    } cases[] = {
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", RESULT_REFUSED},
        {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
         RESULT_MALFORMED},
        {"no http at all\r\n\r\n", RESULT_MALFORMED},
        {"", RESULT_CLOSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        house_t house;
        ears_t server = {0}, client = {0};
        char bytes[4096];
        uint16_t port = 0;
        int listening = raw_listen(&port);
        house_open(&house, &server);
        snprintf(house.url, sizeof house.url, "ws://127.0.0.1:%u", port);
        dial(&house, &client, (ws_options_t){0});
        int venue = raw_accept(house.loop, listening);
        raw_read_until(house.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
        assert_memory_equal(bytes, "GET / HTTP/1.1\r\n", 16);
        raw_send(venue, cases[i].answer, strlen(cases[i].answer));
        if (cases[i].answer[0] == '\0') {
            close(venue);
        }
        turn_until(house.loop, &client.closed);
        assert_int_equal(client.why, cases[i].why);
        assert_false(client.open);
        if (cases[i].answer[0] != '\0') {
            close(venue);
        }
        close(listening);
        house_close(&house);
    }
}

static void opening_has_a_deadline(void **state)
{
    (void)state;
    house_t house;
    ears_t server = {0}, client = {0};
    uint16_t port = 0;
    int listening = raw_listen(&port);
    house_open(&house, &server);
    snprintf(house.url, sizeof house.url, "ws://127.0.0.1:%u/x", port);
    dial(&house, &client, (ws_options_t){0});
    int venue = raw_accept(house.loop, listening);
    loop_clock_advance(house.loop, 10 * NS_PER_S);
    turn_until(house.loop, &client.closed);
    assert_int_equal(client.why, RESULT_TIMEOUT);
    close(venue);
    close(listening);
    house_close(&house);
}

/* A hostile client: the server answers with the close code of the rule that was broken. */
static void rules_are_enforced(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        uint16_t code;
    } cases[] = {
        {"\x81\x02hi", 4, 1002},                                /* not masked */
        {"\xc1\x80\0\0\0\0", 6, 1002},                          /* reserved bit */
        {"\x83\x80\0\0\0\0", 6, 1002},                          /* opcode 3 */
        {"\x81\x81\0\0\0\0\xff", 7, 1007},                      /* no UTF-8 */
        {"\x89\xfe\x00\x7e\0\0\0\0", 8, 1002},                  /* a long ping */
        {"\x81\xff\x00\x00\x00\x01\0\0\0\0\0\0\0\0", 14, 1009}, /* 4 GiB */
        {"\x82\x81\0\0\0\0x", 7, 1003},                         /* binary */
    };
    static const char hello[] =
        "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        house_t house;
        ears_t server = {0};
        char answer[4096];
        house_open(&house, &server);
        int peer = raw_connect(port_of(http_server_address(house.server)));
        raw_send(peer, hello, sizeof hello - 1);
        raw_read_until(house.loop, peer, "\r\n\r\n", answer, sizeof answer);
        assert_non_null(strstr(answer, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")); /* the example of RFC 6455 */
        raw_send(peer, cases[i].bytes, cases[i].length);
        turn_some(house.loop, 30);
        ssize_t got = recv(peer, answer, sizeof answer, MSG_DONTWAIT);
        assert_true(got >= 4);
        assert_int_equal((uint8_t)answer[0], 0x88);
        assert_int_equal((uint8_t)answer[2] << 8 | (uint8_t)answer[3], cases[i].code);
        if (cases[i].code == 1003) { /* an orderly close: the peer answers */
            raw_send(peer, "\x88\x80\0\0\0\0", 6);
        }
        close(peer);
        turn_until(house.loop, &server.closed);
        house_close(&house);
    }
}

static void bad_urls_are_refused_at_once(void **state)
{
    (void)state;
    house_t house;
    ears_t server = {0};
    house_open(&house, &server);
    ws_connection_t *ws = NULL;
    ws_options_t options = {.events = &hearing, .context = &server, .pool = house.pool};
    assert_int_equal(ws_dial(&(ws_dial_t){.loop = house.loop, .url = "http://h/", .options = options}, &ws), RESULT_UNSUPPORTED);
    assert_int_equal(ws_dial(&(ws_dial_t){.loop = house.loop, .url = "ws://", .options = options}, &ws), RESULT_MALFORMED);
    assert_int_equal(ws_dial(&(ws_dial_t){.loop = house.loop, .url = "wss://h/", .options = options}, &ws), RESULT_BAD_ARGUMENT);
    assert_int_equal(ws_dial(&(ws_dial_t){.loop = house.loop,
                                          .url = "ws://127.0.0.1:1/",
                                          .headers = &(http_header_t){STR("A"), STR("b\r\nc: d")},
                                          .headers_count = 1,
                                          .options = options},
                             &ws),
                     RESULT_TEXT_BAD_CHARACTER);
    assert_null(ws);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_go_both_ways_and_batch),
        cmocka_unit_test(the_server_closes_first),
        cmocka_unit_test(pings_are_answered_and_silence_is_noticed),
        cmocka_unit_test(a_slow_peer_is_closed_and_delays_nobody),
        cmocka_unit_test(prices_are_conflated_orders_are_not),
        cmocka_unit_test(back_pressure_loses_nothing),
        cmocka_unit_test(frames_can_be_cut_and_spoilt),
        cmocka_unit_test(other_answers_than_101_are_refused),
        cmocka_unit_test(opening_has_a_deadline),
        cmocka_unit_test(rules_are_enforced),
        cmocka_unit_test(bad_urls_are_refused_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

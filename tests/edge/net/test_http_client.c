/* test_http_client.c: requests over kept-alive connections: what is sent once, what may be sent again, and what is known
 * afterwards.
 *
 * shows: OPS-16, ORD-1, I1, I2, I3
 *
 * The venue is a plain socket driven by the test, so that every byte on the wire is counted by somebody else. Time is virtual.
 */
#include "edge/net/net_support.h"

#include "edge/net/http_client.h"

typedef struct {
    bool done;
    int calls;
    http_outcome_t outcome;
    result_t why;
    unsigned status;
    uint32_t attempts;
    char body[256];
    char detail[256];
} answer_t;

typedef struct {
    loop_t *loop;
    http_client_t *client;
    int listening;
    uint16_t port;
    answer_t answer;
} fixture_t;

static void note_answer(const http_reply_t *reply, void *context)
{
    answer_t *answer = context;
    answer->done = true;
    answer->calls++;
    answer->outcome = reply->outcome;
    answer->why = reply->why;
    answer->attempts = reply->attempts;
    snprintf(answer->detail, sizeof answer->detail, "%s", reply->detail);
    if (reply->response != NULL) {
        answer->status = reply->response->status;
        snprintf(answer->body, sizeof answer->body, "%.*s", (int)reply->response->body.length, reply->response->body.bytes);
    }
}

static fixture_t fixture_open(http_client_options_t options)
{
    fixture_t fixture = {.loop = virtual_loop()};
    char origin[64];
    fixture.listening = raw_listen(&fixture.port);
    snprintf(origin, sizeof origin, "http://127.0.0.1:%u", fixture.port);
    options.loop = fixture.loop;
    options.origin = options.origin == NULL ? origin : options.origin;
    options.jitter_seed = 7;
    assert_int_equal(http_client_create(&options, &fixture.client), RESULT_OK);
    return fixture;
}

static void fixture_close(fixture_t *fixture)
{
    http_client_destroy(fixture->client);
    close(fixture->listening);
    loop_destroy(fixture->loop);
}

static http_call_t call_of(fixture_t *fixture, const char *method, const char *target)
{
    fixture->answer = (answer_t){0};
    return (http_call_t){.method = str_from(method), .target = str_from(target), .done = note_answer, .context = &fixture->answer};
}

static void once(fixture_t *fixture)
{
    http_call_t call = call_of(fixture, "POST", "/fapi/v1/order?symbol=ETHUSDT");
    assert_int_equal(http_request_once(fixture->client, &call), RESULT_OK);
    assert_false(fixture->answer.done); /* never inside the call */
}

static const char ok_reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/* The first request of a connection, answered: the connection is kept alive after it. */
static int warm_connection(fixture_t *fixture)
{
    char bytes[4096];
    once(fixture);
    int venue = raw_accept(fixture->loop, fixture->listening);
    raw_read_until(fixture->loop, venue, "\r\n\r\n", bytes, sizeof bytes);
    raw_send(venue, ok_reply, sizeof ok_reply - 1);
    turn_until(fixture->loop, &fixture->answer.done);
    assert_int_equal(fixture->answer.outcome, HTTP_ANSWERED);
    assert_int_equal(fixture->answer.status, 200);
    assert_string_equal(fixture->answer.body, "{}");
    return venue;
}

/* How many requests (by their first word) arrive anywhere in the next turns: on the old connection and on new ones. */
static int requests_seen(fixture_t *fixture, int venue)
{
    char bytes[8192];
    int seen = 0;
    for (int i = 0; i < 300; i++) {
        loop_turn(fixture->loop, LOOP_POLL);
        int other = accept(fixture->listening, NULL, NULL);
        if (other >= 0) {
            turn_some(fixture->loop, 20);
            ssize_t got = recv(other, bytes, sizeof bytes, MSG_DONTWAIT);
            seen += got > 0 ? 1 : 0;
            close(other);
        }
        if (venue >= 0) {
            ssize_t got = recv(venue, bytes, sizeof bytes - 1, MSG_DONTWAIT);
            bytes[got > 0 ? got : 0] = '\0';
            for (const char *at = bytes; (at = strstr(at, "POST ")) != NULL; at++) {
                seen++;
            }
        }
    }
    return seen;
}

/* OPS-16: the venue takes the request on a connection that was idle for so long, and hangs up without a word. */
static void once_on_a_dying_connection(int64_t idle_s, bool reset)
{
    fixture_t fixture = fixture_open((http_client_options_t){.idle_max_ns = -1, .total_timeout_ns = NS_PER_HOUR});
    int venue = warm_connection(&fixture);
    loop_clock_advance(fixture.loop, idle_s * NS_PER_S);
    turn_some(fixture.loop, 10);
    once(&fixture);
    char bytes[4096];
    raw_read_until(fixture.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
    if (reset) {
        struct linger now = {.l_onoff = 1, .l_linger = 0};
        setsockopt(venue, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(venue);
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.outcome, HTTP_UNKNOWN);
    assert_int_equal(fixture.answer.attempts, 1);
    loop_clock_advance(fixture.loop, NS_PER_HOUR); /* no back-off, no second thought */
    assert_int_equal(requests_seen(&fixture, -1), 0);
    assert_int_equal(fixture.answer.calls, 1);
    fixture_close(&fixture);
}

static void a_placement_is_never_sent_again(void **state)
{
    (void)state;
    static const int64_t idle_s[] = {0, 5, 60, 300};
    for (size_t i = 0; i < sizeof idle_s / sizeof idle_s[0]; i++) {
        once_on_a_dying_connection(idle_s[i], false);
        once_on_a_dying_connection(idle_s[i], true);
    }
}

/* The venue closed while the connection was idle: seen before the write; the request goes out once, on a new connection. */
static void a_stale_connection_is_seen_before_the_write(void **state)
{
    (void)state;
    static const int64_t idle_s[] = {0, 5, 60, 300};
    for (size_t i = 0; i < sizeof idle_s / sizeof idle_s[0]; i++) {
        fixture_t fixture = fixture_open((http_client_options_t){.idle_max_ns = -1});
        char bytes[4096];
        int venue = warm_connection(&fixture);
        loop_clock_advance(fixture.loop, idle_s[i] * NS_PER_S);
        close(venue);
        once(&fixture); /* no turn between: only the look before the write can know */
        assert_int_equal(http_client_stats(fixture.client).stale, 1);
        venue = raw_accept(fixture.loop, fixture.listening);
        raw_read_until(fixture.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
        raw_send(venue, ok_reply, sizeof ok_reply - 1);
        turn_until(fixture.loop, &fixture.answer.done);
        assert_int_equal(fixture.answer.outcome, HTTP_ANSWERED);
        assert_int_equal(fixture.answer.attempts, 1);
        close(venue);
        fixture_close(&fixture);
    }
}

static void silence_after_the_write_is_unknown(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.reply_timeout_ns = 2 * NS_PER_S});
    int venue = warm_connection(&fixture);
    once(&fixture);
    turn_some(fixture.loop, 10);
    loop_clock_advance(fixture.loop, 2 * NS_PER_S - 1);
    turn_some(fixture.loop, 10);
    assert_false(fixture.answer.done);
    loop_clock_advance(fixture.loop, 1);
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.outcome, HTTP_UNKNOWN);
    assert_int_equal(fixture.answer.why, RESULT_TIMEOUT);
    assert_int_equal(requests_seen(&fixture, venue), 1);
    close(venue);
    fixture_close(&fixture);
}

/* Every way in which an answer can be cut short or be no answer: UNKNOWN, once. */
static void an_unreadable_answer_is_unknown(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "<html>bad gateway</html>",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        fixture_t fixture = fixture_open((http_client_options_t){0});
        char bytes[4096];
        once(&fixture);
        int venue = raw_accept(fixture.loop, fixture.listening);
        raw_read_until(fixture.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
        raw_send(venue, answers[i], strlen(answers[i]));
        close(venue);
        turn_until(fixture.loop, &fixture.answer.done);
        assert_int_equal(fixture.answer.outcome, HTTP_UNKNOWN);
        assert_int_equal(fixture.answer.attempts, 1);
        loop_clock_advance(fixture.loop, NS_PER_MIN);
        assert_int_equal(requests_seen(&fixture, -1), 0);
        fixture_close(&fixture);
    }
}

/* An answer cut at every byte is UNKNOWN up to its last byte and ANSWERED with it. */
static void an_answer_cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < sizeof ok_reply; cut++) {
        fixture_t fixture = fixture_open((http_client_options_t){0});
        char bytes[4096];
        once(&fixture);
        int venue = raw_accept(fixture.loop, fixture.listening);
        raw_read_until(fixture.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
        if (cut > 0) {
            raw_send(venue, ok_reply, cut);
        }
        close(venue);
        turn_until(fixture.loop, &fixture.answer.done);
        assert_int_equal(fixture.answer.outcome, cut == sizeof ok_reply - 1 ? HTTP_ANSWERED : HTTP_UNKNOWN);
        fixture_close(&fixture);
    }
}

static void nobody_listens_is_not_sent(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.origin = "http://127.0.0.1:1"});
    once(&fixture);
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.outcome, HTTP_NOT_SENT);
    assert_int_equal(fixture.answer.why, RESULT_REFUSED);
    assert_int_equal(fixture.answer.attempts, 0);
    fixture_close(&fixture);
}

static void a_late_connection_is_not_sent(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.connections_max = 1, .reply_timeout_ns = NS_PER_MIN});
    int venue = warm_connection(&fixture);
    once(&fixture); /* takes the only connection */
    answer_t second = {0};
    http_call_t call = {
        .method = STR("POST"), .target = STR("/second"), .done = note_answer, .context = &second, .total_timeout_ns = NS_PER_S};
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_OK);
    turn_some(fixture.loop, 10);
    loop_clock_advance(fixture.loop, NS_PER_S);
    turn_until(fixture.loop, &second.done);
    assert_int_equal(second.outcome, HTTP_NOT_SENT);
    assert_int_equal(second.why, RESULT_TIMEOUT);
    assert_int_equal(requests_seen(&fixture, venue), 1); /* the first one only */
    close(venue);
    fixture_close(&fixture);
}

/* A whole request in one system call: it is there at once, without a turn of the loop. */
static void a_placement_leaves_within_the_call(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    int venue = warm_connection(&fixture);
    char bytes[4096];
    http_call_t call = call_of(&fixture, "POST", "/fapi/v1/order");
    call.body = STR("symbol=ETHUSDT&side=BUY");
    call.headers = &(http_header_t){STR("X-MBX-APIKEY"), STR("key")};
    call.headers_count = 1;
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_OK);
    ssize_t got = recv(venue, bytes, sizeof bytes - 1, MSG_DONTWAIT);
    assert_true(got > 0);
    bytes[got] = '\0';
    char expected[512];
    snprintf(
        expected, sizeof expected,
        "POST /fapi/v1/order HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAccept-Encoding: identity\r\nUser-Agent: patriot/" PATRIOT_VERSION
        "\r\nX-MBX-APIKEY: key\r\nContent-Length: 23\r\n\r\nsymbol=ETHUSDT&side=BUY",
        fixture.port);
    assert_string_equal(bytes, expected);
    close(venue);
    fixture_close(&fixture);
}

/* --- repeatable ------------------------------------------------------------------------------- */

static void repeatable(fixture_t *fixture)
{
    http_call_t call = call_of(fixture, "GET", "/fapi/v1/klines");
    assert_int_equal(http_request_repeatable(fixture->client, &call), RESULT_OK);
}

static void serve_one(fixture_t *fixture, const char *answer)
{
    char bytes[4096];
    int venue = raw_accept(fixture->loop, fixture->listening);
    raw_read_until(fixture->loop, venue, "\r\n\r\n", bytes, sizeof bytes);
    if (answer != NULL) {
        raw_send(venue, answer, strlen(answer));
    }
    close(venue);
    turn_some(fixture->loop, 20);
}

static const char busy_reply[] = "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

static void a_read_is_tried_four_times_in_all(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    repeatable(&fixture);
    serve_one(&fixture, NULL); /* dies without a word */
    loop_clock_advance(fixture.loop, NS_PER_S / 2 - 1);
    turn_some(fixture.loop, 10);
    assert_int_equal(http_client_stats(fixture.client).retried, 0); /* 1 s with jitter: at least half of it */
    loop_clock_advance(fixture.loop, NS_PER_S + 1);
    serve_one(&fixture, busy_reply);
    loop_clock_advance(fixture.loop, 3 * NS_PER_S);
    serve_one(&fixture, busy_reply);
    assert_false(fixture.answer.done);
    loop_clock_advance(fixture.loop, 6 * NS_PER_S);
    serve_one(&fixture, busy_reply);
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.outcome, HTTP_ANSWERED); /* the fourth 503 is handed over */
    assert_int_equal(fixture.answer.status, 503);
    assert_int_equal(fixture.answer.attempts, 4);
    fixture_close(&fixture);
}

static void the_venues_wait_wins(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.total_timeout_ns = NS_PER_MIN});
    repeatable(&fixture);
    serve_one(&fixture, "HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    loop_clock_advance(fixture.loop, 17 * NS_PER_S - 1);
    turn_some(fixture.loop, 10);
    assert_int_equal(http_client_stats(fixture.client).retried, 0);
    loop_clock_advance(fixture.loop, 1);
    serve_one(&fixture, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.status, 200);
    assert_string_equal(fixture.answer.body, "[]");
    fixture_close(&fixture);
}

static void a_wait_beyond_the_total_time_ends_it(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.total_timeout_ns = 10 * NS_PER_S});
    repeatable(&fixture);
    serve_one(&fixture, "HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.status, 503);
    assert_int_equal(fixture.answer.attempts, 1);
    fixture_close(&fixture);
}

static void too_many_requests_is_not_retried_here(void **state)
{
    (void)state;
    static const char *const answers[] = {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
                                          "HTTP/1.1 418 I'm a teapot\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
                                          "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"};
    for (size_t i = 0; i < 3; i++) {
        fixture_t fixture = fixture_open((http_client_options_t){0});
        repeatable(&fixture);
        serve_one(&fixture, answers[i]);
        turn_until(fixture.loop, &fixture.answer.done);
        assert_int_equal(fixture.answer.outcome, HTTP_ANSWERED);
        assert_int_equal(fixture.answer.attempts, 1);
        fixture_close(&fixture);
    }
}

static int rebuilds;

static result_t sign_again(http_call_t *call, uint32_t attempt, void *context)
{
    (void)context;
    rebuilds++;
    assert_int_equal(attempt, 2);
    call->method = STR("GET");
    call->target = STR("/signed?timestamp=2");
    return RESULT_OK;
}

static void a_signed_read_is_signed_again(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    http_call_t call = call_of(&fixture, "GET", "/signed?timestamp=1");
    call.rebuild = sign_again;
    rebuilds = 0;
    assert_int_equal(http_request_repeatable(fixture.client, &call), RESULT_OK);
    serve_one(&fixture, busy_reply);
    loop_clock_advance(fixture.loop, 2 * NS_PER_S);
    char bytes[4096];
    int venue = raw_accept(fixture.loop, fixture.listening);
    raw_read_until(fixture.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
    assert_non_null(strstr(bytes, "GET /signed?timestamp=2 HTTP/1.1\r\n"));
    assert_int_equal(rebuilds, 1);
    raw_send(venue, ok_reply, sizeof ok_reply - 1);
    turn_until(fixture.loop, &fixture.answer.done);
    close(venue);
    fixture_close(&fixture);
}

/* --- pool ------------------------------------------------------------------------------------- */

static void connections_are_reused(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    int venue = warm_connection(&fixture);
    char bytes[4096];
    for (int i = 0; i < 50; i++) {
        once(&fixture);
        raw_read_until(fixture.loop, venue, "\r\n\r\n", bytes, sizeof bytes);
        raw_send(venue, ok_reply, sizeof ok_reply - 1);
        turn_until(fixture.loop, &fixture.answer.done);
        assert_int_equal(fixture.answer.outcome, HTTP_ANSWERED);
    }
    assert_int_equal(http_client_stats(fixture.client).dialled, 1);
    assert_int_equal(http_client_stats(fixture.client).reused, 50);
    close(venue);
    fixture_close(&fixture);
}

static void an_idle_connection_is_closed_in_time(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.idle_max_ns = 50 * NS_PER_S});
    int venue = warm_connection(&fixture);
    loop_clock_advance(fixture.loop, 50 * NS_PER_S);
    assert_true(raw_is_closed(fixture.loop, venue));
    assert_int_equal(http_client_stats(fixture.client).open, 0);
    close(venue);
    fixture_close(&fixture);
}

static void bytes_that_nobody_asked_for_are_never_an_answer(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    int venue = warm_connection(&fixture);
    raw_send(venue, ok_reply, sizeof ok_reply - 1); /* a second answer to the first request */
    once(&fixture);
    close(venue);
    serve_one(&fixture, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.status, 400);
    fixture_close(&fixture);
}

static void warm_connections_wait_ready(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    http_client_keep_warm(fixture.client, 2);
    int first = raw_accept(fixture.loop, fixture.listening);
    int second = raw_accept(fixture.loop, fixture.listening);
    turn_some(fixture.loop, 10);
    assert_int_equal(http_client_stats(fixture.client).open, 2);
    close(first);
    int third = raw_accept(fixture.loop, fixture.listening); /* what was lost is replaced */
    turn_some(fixture.loop, 10);
    assert_int_equal(http_client_stats(fixture.client).open, 2);
    close(second);
    close(third);
    fixture_close(&fixture);
}

static void bounds_are_kept(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.queue_max = 2, .request_max = 512, .response_max = 1024});
    http_call_t call = call_of(&fixture, "GET", "/x");
    char long_target[600];
    memset(long_target, 'a', sizeof long_target);
    long_target[0] = '/';
    call.target = (str_t){long_target, sizeof long_target};
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_FULL);
    call.target = STR("/x\r\nEvil: yes");
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_TEXT_BAD_CHARACTER);
    call.target = STR("/x");
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_OK);
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_OK);
    assert_int_equal(http_request_once(fixture.client, &call), RESULT_FULL);
    char large[2048];
    int length = snprintf(large, sizeof large, "HTTP/1.1 200 OK\r\nContent-Length: 1500\r\n\r\n");
    memset(large + length, 'x', 1500);
    large[length + 1500] = '\0';
    serve_one(&fixture, large);
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.outcome, HTTP_UNKNOWN); /* larger than response_max: unreadable */
    fixture_close(&fixture);
}

static void closing_the_client_answers_everybody(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){.connections_max = 1});
    int venue = warm_connection(&fixture);
    once(&fixture);
    answer_t second = {0};
    http_call_t call = {.method = STR("GET"), .target = STR("/"), .done = note_answer, .context = &second};
    assert_int_equal(http_request_repeatable(fixture.client, &call), RESULT_OK);
    http_client_destroy(fixture.client);
    fixture.client = NULL;
    assert_int_equal(fixture.answer.outcome, HTTP_UNKNOWN);
    assert_int_equal(second.outcome, HTTP_NOT_SENT);
    assert_int_equal(second.why, RESULT_CLOSED);
    close(venue);
    fixture_close(&fixture);
}

static void head_and_interim_answers(void **state)
{
    (void)state;
    fixture_t fixture = fixture_open((http_client_options_t){0});
    http_call_t call = call_of(&fixture, "HEAD", "/");
    assert_int_equal(http_request_repeatable(fixture.client, &call), RESULT_OK);
    serve_one(&fixture, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    turn_until(fixture.loop, &fixture.answer.done);
    assert_int_equal(fixture.answer.outcome, HTTP_ANSWERED);
    assert_int_equal(fixture.answer.status, 200);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_placement_is_never_sent_again),      cmocka_unit_test(a_stale_connection_is_seen_before_the_write),
        cmocka_unit_test(silence_after_the_write_is_unknown),   cmocka_unit_test(an_unreadable_answer_is_unknown),
        cmocka_unit_test(an_answer_cut_at_every_byte),          cmocka_unit_test(nobody_listens_is_not_sent),
        cmocka_unit_test(a_late_connection_is_not_sent),        cmocka_unit_test(a_placement_leaves_within_the_call),
        cmocka_unit_test(a_read_is_tried_four_times_in_all),    cmocka_unit_test(the_venues_wait_wins),
        cmocka_unit_test(a_wait_beyond_the_total_time_ends_it), cmocka_unit_test(too_many_requests_is_not_retried_here),
        cmocka_unit_test(a_signed_read_is_signed_again),        cmocka_unit_test(connections_are_reused),
        cmocka_unit_test(an_idle_connection_is_closed_in_time), cmocka_unit_test(bytes_that_nobody_asked_for_are_never_an_answer),
        cmocka_unit_test(warm_connections_wait_ready),          cmocka_unit_test(bounds_are_kept),
        cmocka_unit_test(closing_the_client_answers_everybody), cmocka_unit_test(head_and_interim_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

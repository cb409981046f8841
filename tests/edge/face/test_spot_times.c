/* test_spot_times.c: times of the Binance spot face in the unit that was asked for: every reply, stream and user event in
 * microseconds is the same as in milliseconds but for the digits of its times, and none of these stays behind. shows: VEN-1, VEN-3
 */
#include <ctype.h>

#include "edge/face/spot_bench.h"

enum { MS_DIGITS = 13, US_DIGITS = 16, TEXT_MAX = 64 * 1024 };

#define BEGUN "17" /* what times of the test's world begin with */

static size_t digits_at(const char *text)
{
    size_t count = 0;
    while (isdigit((unsigned char)text[count]))
        count++;
    return count;
}

/* Returns how many times stand there; fails when the texts differ in anything else. *fine: some have parts of a millisecond. */
static unsigned compare(const char *what, const char *ms, const char *us, bool *fine)
{
    unsigned times = 0;
    while (*ms != '\0' || *us != '\0') {
        size_t digits = digits_at(ms), others = digits_at(us);
        bool is_time = digits == MS_DIGITS && strncmp(ms, BEGUN, 2) == 0 && (times == 0 || ms[-1] != '.');
        if (is_time && (others != US_DIGITS || strncmp(ms, us, MS_DIGITS) != 0))
            fail_msg("%s: %.60s in microseconds is %.60s", what, ms, us);
        if (is_time) {
            *fine = *fine || (strncmp(us + MS_DIGITS, "000", 3) != 0 && strncmp(us + MS_DIGITS, "999", 3) != 0);
            times++;
            ms += MS_DIGITS;
            us += US_DIGITS;
        } else if (*ms++ != *us++) {
            fail_msg("%s: %.60s became %.60s", what, ms - 1, us - 1);
        }
    }
    return times;
}

static const char *reply_text(const bench_t *bench, char *room)
{
    assert_true(bench->reply.body.length < TEXT_MAX);
    memcpy(room, bench->reply.body.bytes, bench->reply.body.length);
    room[bench->reply.body.length] = '\0';
    return room;
}

/* Orders of all kinds, so that the account has something to tell. */
static void trade_a_little(bench_t *bench)
{
    static const char *const orders[] = {MARKET "quantity=0.001", LIMIT "quantity=0.001&price=50000",
                                         STOP "stopPrice=50000&trailingDelta=200"};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        assert_int_equal(ask_signed(bench, "POST", ORDER, orders[i]), 200);
        pass(bench, 1234567 * (int64_t)(i + 1));
    }
    assert_int_equal(ask_signed(bench, "POST", OCO,
                                "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=70000&belowType=STOP_LOSS&"
                                "belowStopPrice=50000"),
                     200);
}

static void replies_are_the_same_but_for_their_times(void **state)
{
    bench_t *bench = *state;
    static const struct {
        const char *path, *query;
        bool is_signed;
    } rows[] = {
        {"/api/v3/time", "", false},
        {"/api/v3/exchangeInfo", "symbol=BTCUSDT", false},
        {"/api/v3/trades", "symbol=BTCUSDT&limit=50", false},
        {"/api/v3/aggTrades", "symbol=BTCUSDT&limit=50", false},
        {"/api/v3/klines", "symbol=BTCUSDT&interval=1m", false},
        {"/api/v3/klines", "symbol=BTCUSDT&interval=1s&limit=5", false},
        {"/api/v3/klines", "symbol=BTCUSDT&interval=1d&timeZone=8", false},
        {"/api/v3/uiKlines", "symbol=BTCUSDT&interval=1h", false},
        {"/api/v3/avgPrice", "symbol=BTCUSDT", false},
        {"/api/v3/ticker/24hr", "symbol=BTCUSDT", false},
        {"/api/v3/ticker", "symbol=BTCUSDT&windowSize=1h", false},
        {"/api/v3/ticker/tradingDay", "symbol=BTCUSDT", false},
        {"/api/v3/account", "", true},
        {"/api/v3/openOrders", "", true},
        {"/api/v3/allOrders", "symbol=BTCUSDT", true},
        {"/api/v3/myTrades", "symbol=BTCUSDT", true},
        {"/api/v3/openOrderList", "", true},
        {"/api/v3/allOrderList", "", true},
    };
    static char room[2][TEXT_MAX];
    bool fine = false;
    trade_a_little(bench);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *texts[2];
        for (int form = 0; form < 2; form++) {
            bench->time_unit = form == 0 ? "millisecond" : "MICROSECOND";
            unsigned status = rows[i].is_signed ? ask_signed(bench, "GET", rows[i].path, rows[i].query)
                                                : ask(bench, "GET", rows[i].path, rows[i].query, "", "");
            texts[form] = reply_text(bench, room[form]);
            if (status != 200)
                fail_msg("%s: %s", rows[i].path, texts[form]);
        }
        if (compare(rows[i].path, texts[0], texts[1], &fine) == 0)
            fail_msg("%s tells no time: %.200s", rows[i].path, texts[0]);
    }
    assert_true(fine);
}

static void what_an_order_is_answered_with(void **state)
{
    bench_t *bench = *state;
    bench->time_unit = "microsecond";
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.001"), 200);
    char wanted[64];
    long long now_us = (long long)(world_now_ns(bench->world) / NS_PER_US);
    snprintf(wanted, sizeof wanted, "\"transactTime\":%lld,", now_us);
    assert_says(bench, wanted);
    snprintf(wanted, sizeof wanted, "\"workingTime\":%lld,", now_us);
    assert_says(bench, wanted);
    assert_int_equal(ask_signed(bench, "POST", ORDER, STOP "stopPrice=50000&trailingDelta=200&newOrderRespType=RESULT"), 200);
    assert_says(bench, "\"workingTime\":-1,");
}

/* One socket of each unit, raw or combined, and one that came before the first of microseconds. */
static void streams_are_the_same_but_for_their_times(void **state)
{
    bench_t *bench = *state;
    static const char *const streams =
        "streams=btcusdt@trade/btcusdt@aggTrade/btcusdt@kline_1m/btcusdt@kline_1s/btcusdt@kline_1h@+08:00/btcusdt@depth/"
        "btcusdt@bookTicker/!miniTicker@arr/btcusdt@ticker/btcusdt@avgPrice/btcusdt@ticker_1h/!ticker_1h@arr";
    bool fine = false;
    for (int combined = 0; combined < 2; combined++) {
        fake_socket_t *sockets[2] = {sock(), sock()};
        face_session_t *sessions[2];
        for (int form = 0; form < 2; form++) {
            char query[512];
            snprintf(query, sizeof query, "%s%s", streams, form == 0 ? "" : "&timeUnit=MICROSECOND");
            assert_null(face_stream_refusal(bench->face, STR("/stream"), str_from(query)));
            sessions[form] = face_session_open(bench->face, sockets[form], str_from(combined ? "/stream" : "/ws"), str_from(query),
                                               STR("127.0.0.1"));
        }
        pass(bench, 2 * NS_PER_S + 345678);
        assert_true(compare("streams", sockets[0]->all, sockets[1]->all, &fine) > 20);
        face_session_close(bench->face, sessions[1]);
        uint32_t before = sockets[0]->count;
        pass(bench, 2 * NS_PER_S);
        assert_true(sockets[0]->count > before); /* whoever stays has milliseconds, and nothing but JSON */
        assert_null(strchr(sockets[0]->all, 1));
        face_session_close(bench->face, sessions[0]);
        free(sockets[0]);
        free(sockets[1]);
    }
    assert_true(fine);
}

static void user_data_is_the_same_but_for_its_times(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *sockets[2] = {sock(), sock()};
    face_session_t *sessions[2];
    bool fine = false;
    pass(bench, 345678);
    for (int form = 0; form < 2; form++) {
        str_t query = form == 0 ? STR("timeUnit=MILLISECOND") : STR("timeUnit=microsecond");
        sessions[form] = face_session_open(bench->face, sockets[form], STR("/ws-api/v3"), query, STR("127.0.0.1"));
        say(bench, sessions[form], "userDataStream.subscribe.signature", "", "");
    }
    trade_a_little(bench);
    give(bench, "USDT", 5);
    for (int form = 0; form < 2; form++) {
        face_session_text(bench->face, sessions[form],
                          STR("{\"id\":1,\"method\":\"time\",\"params\":{\"returnRateLimits\":false}}"), bench->wall_ns);
    }
    face_tell_shutdown(bench->face);
    const char *from[2];
    for (int form = 0; form < 2; form++)
        from[form] =
            strstr(sockets[form]->all, "{\"subscriptionId\":0,\"event\":"); /* behind the answers, which tell used weight */
    assert_true(compare("user data", from[0], from[1], &fine) > 20);
    assert_true(fine);
    for (int form = 0; form < 2; form++) {
        face_session_close(bench->face, sessions[form]);
        free(sockets[form]);
    }
}

static void another_unit_is_refused(void **state)
{
    bench_t *bench = *state;
    static const char *const bad[] = {"NANOSECOND", "Microsecond", "MS"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char query[64];
        bench->time_unit = bad[i];
        assert_int_equal(ask(bench, "GET", "/api/v3/time", "", "", ""), 400);
        assert_says(bench, "{\"code\":-1194,\"msg\":\"Invalid value for time unit; expected either MICROSECOND or MILLISECOND.\"}");
        snprintf(query, sizeof query, "streams=btcusdt@trade&timeUnit=%s", bad[i]);
        assert_non_null(face_stream_refusal(bench->face, STR("/stream"), str_from(query)));
    }
    uint64_t changes = venue_change_count(world_venue(bench->world));
    assert_int_equal(ask_signed(bench, "POST", ORDER, MARKET "quantity=0.001"), 400);
    assert_true(venue_change_count(world_venue(bench->world)) == changes);
}

/* startTime and its like may be in either unit; the last second there is, is a time like any other. */
static void times_of_requests_may_be_in_microseconds(void **state)
{
    bench_t *bench = *state;
    static char room[2][TEXT_MAX];
    const char *texts[2];
    long long from_ms = (long long)(world_now_ns(bench->world) / NS_PER_MS - 20000);
    for (int form = 0; form < 2; form++) {
        char query[96];
        snprintf(query, sizeof query, "symbol=BTCUSDT&startTime=%lld%s", from_ms, form == 0 ? "" : "000");
        assert_int_equal(ask(bench, "GET", "/api/v3/aggTrades", query, "", ""), 200);
        texts[form] = reply_text(bench, room[form]);
    }
    assert_string_equal(texts[0], texts[1]);
    assert_true(strlen(texts[0]) > 100);
    assert_int_equal(ask(bench, "GET", "/api/v3/aggTrades", "symbol=BTCUSDT&startTime=18446744073709551615", "", ""), 200);
    assert_says(bench, "[]");
    assert_int_equal(bench->reply.body.length, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replies_are_the_same_but_for_their_times, begin, end),
        cmocka_unit_test_setup_teardown(what_an_order_is_answered_with, begin, end),
        cmocka_unit_test_setup_teardown(streams_are_the_same_but_for_their_times, begin, end),
        cmocka_unit_test_setup_teardown(user_data_is_the_same_but_for_its_times, begin, end),
        cmocka_unit_test_setup_teardown(another_unit_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(times_of_requests_may_be_in_microseconds, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

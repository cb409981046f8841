/* test_spot_history.c: what spot accounts look back on (prevented matches, amendments), days of other time zones, and the endpoints
 * of what no symbol has here. shows: VEN-1, VEN-3
 */
#include "edge/face/spot_bench.h"

static void granted(bench_t *bench, const char *method, const char *path, const char *parameters)
{
    bench->wall_ns += NS_PER_MIN;
    if (ask_signed(bench, method, path, parameters) != 200)
        fail_msg("%s %s?%s: %.300s", method, path, parameters, bench->reply.body.bytes);
}

static void pass_to(bench_t *bench, int64_t time_ns)
{
    assert_int_equal(world_advance(bench->world, time_ns, WORLD_NEW_MOMENT), RESULT_OK);
    face_after_advance(bench->face);
}

/* Two makers of one account expire one after the other, as in the vendor's scenario B. */
static void prevented_matches_are_told_and_kept(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    quote_t quote;
    dec_t missed = DEC_ZERO;
    char first[DEC_TEXT_MAX], second[DEC_TEXT_MAX], missed_text[DEC_TEXT_MAX], text[500];
    say(bench, session, "userDataStream.subscribe.signature", "", "");
    assert_true(venue_quote(world_venue(bench->world), 0, &quote));
    (void)dec_format_places(quote.ask, 2, first);
    (void)dec_format_places(dec_plus(quote.ask, dec_from_scaled(1, 2)), 2, second);
    (void)dec_mul(quote.ask, dec_from_scaled(12, 2), DEC_ROUND_DOWN, &missed);
    (void)dec_format_places(missed, 8, missed_text);
    snprintf(text, sizeof text, "symbol=BTCUSDT&side=SELL&type=LIMIT_MAKER&quantity=0.12&price=%s",
             first);                     /* before the street's */
    granted(bench, "POST", ORDER, text); /* order 1 */
    snprintf(text, sizeof text, "symbol=BTCUSDT&side=SELL&type=LIMIT_MAKER&quantity=0.13&price=%s", second);
    granted(bench, "POST", ORDER, text); /* order 2 */
    socket->all[0] = '\0';
    snprintf(text, sizeof text, LIMIT "quantity=1.2&price=%s&selfTradePreventionMode=EXPIRE_MAKER&newOrderRespType=FULL", second);
    granted(bench, "POST", ORDER, text); /* order 3 */
    snprintf(text, sizeof text,
             "],\"preventedMatches\":[{\"preventedMatchId\":1,\"makerOrderId\":1,\"price\":\"%s000000\","
             "\"makerPreventedQuantity\":\"0.12000000\"},{\"preventedMatchId\":2,\"makerOrderId\":2,"
             "\"price\":\"%s000000\",\"makerPreventedQuantity\":\"0.13000000\"}]",
             first, second);
    assert_says(bench, text);
    assert_int_equal(count_of(bench, "preventedQuantity"), 0); /* the taker has lost nothing */
    const char *report = strstr(socket->all, "\"x\":\"TRADE_PREVENTION\",\"X\":\"EXPIRED_IN_MATCH\"");
    assert_non_null(report);
    snprintf(text, sizeof text,
             "\"v\":1,\"A\":\"0.12000000\",\"B\":\"0.12000000\",\"U\":3,\"Cs\":\"BTCUSDT\",\"pl\":\"0.12000000\","
             "\"pL\":\"%s000000\",\"pY\":\"%s\"",
             first, missed_text);
    assert_non_null(strstr(report, text));
    assert_null(strstr(socket->all, "\"x\":\"EXPIRED\""));
    granted(bench, "GET", ORDER, "symbol=BTCUSDT&orderId=1");
    assert_says(bench, "\"origQty\":\"0.12000000\",\"executedQty\":\"0.00000000\"");
    assert_says(bench, "\"status\":\"EXPIRED_IN_MATCH\"");
    assert_says(bench, "\"preventedMatchId\":1,\"preventedQuantity\":\"0.12000000\"");

    granted(bench, "GET", "/api/v3/myPreventedMatches", "symbol=BTCUSDT&preventedMatchId=1");
    snprintf(text, sizeof text,
             "[{\"symbol\":\"BTCUSDT\",\"preventedMatchId\":1,\"takerOrderId\":3,\"makerSymbol\":\"BTCUSDT\",\"makerOrderId\":1,"
             "\"tradeGroupId\":-1,\"selfTradePreventionMode\":\"EXPIRE_MAKER\",\"price\":\"%s000000\","
             "\"makerPreventedQuantity\":\"0.12000000\",\"transactTime\":",
             first);
    assert_says(bench, text);
    granted(bench, "GET", "/api/v3/myPreventedMatches", "symbol=BTCUSDT&orderId=3");
    assert_int_equal(count_of(bench, "preventedMatchId"), 2);
    granted(bench, "GET", "/api/v3/myPreventedMatches", "symbol=BTCUSDT&orderId=3&fromPreventedMatchId=2");
    assert_int_equal(count_of(bench, "preventedMatchId"), 1);
    granted(bench, "GET", "/api/v3/myPreventedMatches", "symbol=BTCUSDT&orderId=3&limit=1");
    assert_int_equal(count_of(bench, "\"makerOrderId\":1"), 1);
    static const char *const of_nothing[] = {"symbol=ETHUSDT&orderId=3", "symbol=BTCUSDT&orderId=0",
                                             "symbol=BTCUSDT&preventedMatchId=0"};
    for (size_t i = 0; i < 3; i++) {
        granted(bench, "GET", "/api/v3/myPreventedMatches", of_nothing[i]);
        assert_true(str_eq(bench->reply.body, STR("[]")));
    }
    say(bench, session, "myPreventedMatches", "&orderId=2&symbol=BTCUSDT", ",\"orderId\":2,\"symbol\":\"BTCUSDT\"");
    assert_non_null(strstr(socket->last, "\"result\":[{\"symbol\":\"BTCUSDT\",\"preventedMatchId\":2,"));
    face_session_close(bench->face, session);
    free(socket);
}

static void amendments_are_kept(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    say(bench, session, "userDataStream.subscribe.signature", "", "");
    granted(bench, "POST", ORDER, LIMIT "quantity=0.5&price=50000&newClientOrderId=one");
    granted(bench, "PUT", "/api/v3/order/amend/keepPriority", "symbol=BTCUSDT&orderId=1&newQty=0.4&newClientOrderId=two");
    const char *report = strstr(socket->all, "\"x\":\"REPLACED\"");
    assert_non_null(report);
    uint64_t execution = strtoull(strstr(report, "\"I\":") + 4, NULL, 10);
    char wanted[300];
    snprintf(wanted, sizeof wanted, "\"executionId\":%llu,\"amendedOrder\":", (unsigned long long)execution);
    assert_says(bench, wanted); /* the report's own */
    granted(bench, "PUT", "/api/v3/order/amend/keepPriority", "symbol=BTCUSDT&orderId=1&newQty=0.3&newClientOrderId=three");
    granted(bench, "GET", "/api/v3/order/amendments", "symbol=BTCUSDT&orderId=1");
    snprintf(
        wanted, sizeof wanted,
        "[{\"symbol\":\"BTCUSDT\",\"orderId\":1,\"executionId\":%llu,\"origClientOrderId\":\"one\",\"newClientOrderId\":\"two\","
        "\"origQty\":\"0.50000000\",\"newQty\":\"0.40000000\",\"time\":",
        (unsigned long long)execution);
    assert_says(bench, wanted);
    assert_int_equal(count_of(bench, "\"origClientOrderId\":\"two\""), 1);
    snprintf(wanted, sizeof wanted, "symbol=BTCUSDT&orderId=1&fromExecutionId=%llu", (unsigned long long)execution + 1);
    granted(bench, "GET", "/api/v3/order/amendments", wanted);
    assert_int_equal(count_of(bench, "\"executionId\""), 1);
    granted(bench, "GET", "/api/v3/order/amendments", "symbol=BTCUSDT&orderId=2");
    assert_says(bench, "[]");
    granted(bench, "GET", "/api/v3/order/amendments", "symbol=BTCUSDT&orderId=0");
    assert_true(str_eq(bench->reply.body, STR("[]")));
    say(bench, session, "order.amendments", "&limit=1&orderId=1&symbol=BTCUSDT",
        ",\"orderId\":1,\"limit\":1,\"symbol\":\"BTCUSDT\"");
    assert_non_null(strstr(socket->last, "\"newClientOrderId\":\"two\""));
    face_session_close(bench->face, session);
    free(socket);
}

/* The first bar of the reply: time, open, high, low, close, volume. */
typedef struct {
    long long open_ms, close_ms;
    char open[32];
    double high, low, close, volume;
    unsigned count;
} bars_t;

static bars_t bars_of(bench_t *bench, const char *query)
{
    bars_t bars = {0};
    bench->wall_ns += NS_PER_MIN;
    if (ask(bench, "GET", "/api/v3/klines", query, "", "") != 200)
        fail_msg("%s: %.200s", query, bench->reply.body.bytes);
    int read = sscanf(bench->reply.body.bytes, "[[%lld,\"%31[^\"]\",\"%lf\",\"%lf\",\"%lf\",\"%lf\",%lld", &bars.open_ms, bars.open,
                      &bars.high, &bars.low, &bars.close, &bars.volume, &bars.close_ms);
    assert_int_equal(read, 7);
    bars.count = 1 + count_of(bench, "],[");
    return bars;
}

/* Two and a half days; a day of +05:30 is the 48 half hours from 18:30 on. */
static void bars_of_other_time_zones(void **state)
{
    bench_t *bench = *state;
    const int64_t day = world_now_ns(bench->world) / NS_PER_DAY * NS_PER_DAY;
    for (int64_t hour = 1; hour <= 60; hour++)
        pass_to(bench, day + hour * NS_PER_HOUR);
    const int64_t open_ms = (day + NS_PER_DAY) / NS_PER_MS - 11 * 1800 * 1000; /* 18:30 */
    char query[200];
    snprintf(query, sizeof query, "symbol=BTCUSDT&interval=1d&timeZone=05:30&startTime=%lld", (long long)open_ms);
    bars_t day_bar = bars_of(bench, query);
    assert_int_equal(day_bar.count, 2);
    assert_true(day_bar.open_ms == open_ms && day_bar.close_ms == open_ms + 86400000 - 1);
    snprintf(query, sizeof query, "symbol=BTCUSDT&interval=30m&limit=48&startTime=%lld", (long long)open_ms);
    bars_t first = bars_of(bench, query);
    assert_string_equal(first.open, day_bar.open);
    double high = 0, low = 1e9, volume = 0, last = 0;
    for (int64_t i = 0; i < 48; i++) {
        snprintf(query, sizeof query, "symbol=BTCUSDT&interval=30m&limit=1&startTime=%lld", (long long)open_ms + i * 1800000);
        bars_t half = bars_of(bench, query);
        high = half.high > high ? half.high : high;
        low = half.low < low ? half.low : low;
        volume += half.volume;
        last = half.close;
    }
    assert_true(high == day_bar.high && low == day_bar.low && last == day_bar.close);
    assert_true(volume > day_bar.volume - 1e-6 && volume < day_bar.volume + 1e-6);
    bars_t newest = bars_of(bench, "symbol=BTCUSDT&interval=1d&timeZone=-1:00&limit=2"); /* begins at 01:00 */
    assert_true(newest.count == 2 && newest.open_ms == (day + NS_PER_DAY) / NS_PER_MS + 3600 * 1000);
    bars_t plain = bars_of(bench, "symbol=BTCUSDT&interval=1h&limit=1"),
           same = bars_of(bench, "symbol=BTCUSDT&interval=1h&timeZone=8&limit=1");
    assert_true(plain.open_ms == same.open_ms && plain.close == same.close); /* hours are the same everywhere in whole hours */
    bars_t four = bars_of(bench, "symbol=BTCUSDT&interval=4h&timeZone=14:00&limit=1");
    assert_int_equal(four.open_ms % (4 * 3600000), 2 * 3600000);
}

/* Later than any bar, in every zone and length: nothing, however late. */
static void bars_after_the_end_of_time(void **state)
{
    bench_t *bench = *state;
    static const char *const lengths[] = {"1m", "1h", "4h", "1d", "3d", "1w", "1M"};
    static const char *const zones[] = {"0", "05:45", "14:00", "-12:00"};
    static const char *const starts[] = {"9223372036854", "9223372036854775807"};
    char query[200];
    for (size_t i = 0; i < 7 * 4 * 2; i++) {
        bench->wall_ns += NS_PER_MIN;
        snprintf(query, sizeof query, "symbol=BTCUSDT&interval=%s&timeZone=%s&startTime=%s", lengths[i % 7], zones[i / 7 % 4],
                 starts[i / 28]);
        assert_int_equal(ask(bench, "GET", "/api/v3/klines", query, "", ""), 200);
        if (!str_eq(bench->reply.body, STR("[]")))
            fail_msg("%s: %.200s", query, bench->reply.body.bytes);
    }
}

static int begin_candles(void **state)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    const instrument_t rules = spot_rules_of("ETHUSDT", 3000);
    bench->create = spot_face_create;
    bench_source(bench, "candles:" PATRIOT_SOURCE_DIR "/market/BINANCE_ETHUSDT_1h.csv.gz", &rules);
    bench_open(bench);
    *state = bench;
    return 0;
}

/* Where the bound on what bars are made of is met, the newest are there still: 416 days are 19,968 half hours. */
static void the_newest_of_many_bars(void **state)
{
    bench_t *bench = *state;
    const int64_t day_ms = NS_PER_DAY / NS_PER_MS, ahead_ms = 11 * 1800 * 1000, now_ms = world_now_ns(bench->world) / NS_PER_MS;
    const int64_t today_ms = (now_ms + ahead_ms) / day_ms * day_ms - ahead_ms;
    bars_t bars = bars_of(bench, "symbol=ETHUSDT&interval=1d&timeZone=05:30");
    assert_int_equal(bars.count, 416);
    assert_int_equal(bars.open_ms, today_ms - 415 * day_ms);
    bars = bars_of(bench, "symbol=ETHUSDT&interval=1d&timeZone=05:30&limit=300");
    assert_int_equal(bars.count, 300);
    assert_int_equal(bars.open_ms, today_ms - 299 * day_ms);
}

/* Days of UTC+8 begin at 16:00; hours are those of everywhere. Each bar that ends is told once more, closed. */
static void streams_of_utc_plus_eight(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    const int64_t day = world_now_ns(bench->world) / NS_PER_DAY * NS_PER_DAY, open = day + 16 * NS_PER_HOUR;
    pass_to(bench, open - 3 * NS_PER_S);
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws/btcusdt@kline_1d@+08:00/btcusdt@kline_1h@+08:00"),
                                                (str_t){0}, STR("127.0.0.1"));
    for (int64_t at = 0; at < 60; at++)
        pass_to(bench, open - 3 * NS_PER_S + (at + 1) * 100 * NS_PER_MS);
    char running[120], next[120];
    snprintf(running, sizeof running, "\"k\":{\"t\":%lld,\"T\":%lld,\"s\":\"BTCUSDT\",\"i\":\"1d\"",
             (long long)((open - NS_PER_DAY) / NS_PER_MS), (long long)(open / NS_PER_MS - 1));
    snprintf(next, sizeof next, "\"k\":{\"t\":%lld,", (long long)(open / NS_PER_MS));
    unsigned frames = 0, ends = 0, fresh = 0, hours = 0;
    for (const char *at = socket->all; *at; at = strchr(at, '\n') + 1) {
        const char *end = strchr(at, '\n'), *bar = strstr(at, running);
        bool of_old = bar && bar < end;
        const char *x = strstr(at, "\"x\":true");
        frames += of_old;
        ends += of_old && x && x < end;
        const char *of_next = strstr(at, next), *hour = strstr(at, "\"i\":\"1h\"");
        fresh += of_next && of_next < end;
        hours += hour && hour < end;
    }
    assert_int_equal(frames, 3); /* at the beginning, 2 s before, and at the end */
    assert_int_equal(ends, 1);
    assert_int_equal(fresh, 2); /* the next day, and its first hour */
    assert_int_equal(hours, 3 + 1);
    face_session_close(bench->face, session);
    free(socket);
}

static void the_trading_day(void **state)
{
    bench_t *bench = *state;
    const int64_t day = world_now_ns(bench->world) / NS_PER_DAY * NS_PER_DAY;
    char wanted[200];
    pass_to(bench, day + 30 * NS_PER_HOUR);
    assert_int_equal(ask(bench, "GET", "/api/v3/ticker/tradingDay", "symbol=BTCUSDT", "", ""), 200);
    snprintf(wanted, sizeof wanted, "\"openTime\":%lld,\"closeTime\":%lld,", (long long)((day + NS_PER_DAY) / NS_PER_MS),
             (long long)((day + 2 * NS_PER_DAY) / NS_PER_MS - 1));
    assert_says(bench, wanted);
    assert_says(bench, "\"weightedAvgPrice\":");
    const char *opens = strstr(bench->reply.body.bytes, "\"openPrice\":\"") + strlen("\"openPrice\":\"");
    char open[32];
    snprintf(open, sizeof open, "%.*s", (int)strcspn(opens, "\""), opens);
    snprintf(wanted, sizeof wanted, "symbol=BTCUSDT&interval=1d&startTime=%lld", (long long)((day + NS_PER_DAY) / NS_PER_MS));
    assert_string_equal(bars_of(bench, wanted).open, open);
    assert_int_equal(
        ask(bench, "GET", "/api/v3/ticker/tradingDay", "symbols=%5B%22BTCUSDT%22,%22ETHUSDT%22%5D&timeZone=-8&type=MINI", "", ""),
        200);
    snprintf(wanted, sizeof wanted, "\"openTime\":%lld,", (long long)((day + 8 * NS_PER_HOUR) / NS_PER_MS)); /* 22 hours ago */
    assert_says(bench, wanted);
    assert_int_equal(count_of(bench, "weightedAvgPrice"), 0);
    assert_int_equal(count_of(bench, "\"symbol\""), 2);
}

static void what_no_symbol_has_is_said_so(void **state)
{
    bench_t *bench = *state;
    fake_socket_t *socket = sock();
    face_session_t *session = face_session_open(bench->face, socket, STR("/ws-api/v3"), (str_t){0}, STR("127.0.0.1"));
    assert_int_equal(ask(bench, "GET", "/api/v3/executionRules", "symbolStatus=TRADING", "", ""), 200);
    assert_says(bench, "{\"symbolRules\":[{\"symbol\":\"BTCUSDT\",\"rules\":[]},{\"symbol\":\"ETHUSDT\",\"rules\":[]}]}");
    assert_int_equal(ask(bench, "GET", "/api/v3/executionRules", "symbolStatus=HALT", "", ""), 200);
    assert_says(bench, "{\"symbolRules\":[]}");
    assert_int_equal(ask(bench, "GET", "/api/v3/historicalBlockTrades", "symbol=BTCUSDT&fromId=0", "", ""), 200);
    assert_says(bench, "[]");
    granted(bench, "GET", "/api/v3/myAllocations", "symbol=BTCUSDT");
    assert_says(bench, "[]");
    face_session_text(bench->face, session, STR("{\"id\":1,\"method\":\"referencePrice\",\"params\":{\"symbol\":\"BTCUSDT\"}}"), 0);
    assert_non_null(strstr(socket->last, "{\"code\":-2043,\"msg\":\"This symbol doesn't have a reference price.\"}"));
    say(bench, session, "sor.order.place", "&quantity=1&side=BUY&symbol=BTCUSDT",
        ",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"quantity\":\"1\"");
    assert_non_null(strstr(socket->last, "\"code\":-1102")); /* a whole order first */
    static const struct {
        const char *method;
        unsigned weight;
    } weights[] = {{"sor.order.place", 1}, {"sor.order.test", 20}, {"sor.order.place", 1}};
    for (unsigned i = 0, used = 0; i < 3; i++) {
        say(bench, session, weights[i].method, "&computeCommissionRates=true&symbol=BTCUSDT",
            ",\"symbol\":\"BTCUSDT\",\"computeCommissionRates\":true");
        const char *count = strstr(socket->last, "\"count\":");
        assert_non_null(count);
        unsigned now = (unsigned)strtoul(count + 8, NULL, 10);
        assert_true(i == 0 || now == used + weights[i].weight);
        used = now;
    }
    face_session_close(bench->face, session);
    free(socket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prevented_matches_are_told_and_kept, begin, end),
        cmocka_unit_test_setup_teardown(amendments_are_kept, begin, end),
        cmocka_unit_test_setup_teardown(bars_of_other_time_zones, begin, end),
        cmocka_unit_test_setup_teardown(bars_after_the_end_of_time, begin, end),
        cmocka_unit_test_setup_teardown(the_newest_of_many_bars, begin_candles, end),
        cmocka_unit_test_setup_teardown(streams_of_utc_plus_eight, begin, end),
        cmocka_unit_test_setup_teardown(the_trading_day, begin, end),
        cmocka_unit_test_setup_teardown(what_no_symbol_has_is_said_so, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

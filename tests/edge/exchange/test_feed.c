/* shows: MKT-2, I7, I10
 *
 * What a feed asks, how fast, what is proven, what happens on silence, loss, the 24 h cut, a broken depth chain and stamps that
 * cannot be.
 */
#include "edge/exchange/feed_fixture.h"

static void connections_by_route_and_proof_by_data(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_QUOTE | FEED_TRADE | FEED_MARK | FEED_BAR, 1U << TF_1H | 1U << TF_4H);
    assert_string_equal(url[0], "ws://venue/public/stream");
    assert_string_equal(url[2], "ws://venue/market/stream");
    assert_int_equal(sent_count, 0); /* nothing before it is open */
    feed_transport_opened(feed, 0);
    feed_transport_opened(feed, 2);
    assert_int_equal(sent_count, 2);
    assert_string_equal(sent[0].text, "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":1}");
    assert_non_null(strstr(sent[1].text, "\"btcusdt@aggTrade\""));
    assert_non_null(strstr(sent[1].text, "\"btcusdt@markPrice@1s\""));
    assert_non_null(strstr(sent[1].text, "\"btcusdt@kline_1h\",\"btcusdt@kline_4h\""));
    say(0, "{\"result\":null,\"id\":1}");
    assert_int_equal(notices[FEED_LIVE], 0); /* an acknowledgement proves nothing */
    assert_true(feed_age_ns(feed, 0, FEED_QUOTE) == INT64_MAX);
    say_quote(0, "BTCUSDT", 7);
    assert_int_equal(notices[FEED_LIVE], 1);
    assert_int_equal(given_count, 1);
    wait_ms(300);
    assert_true(feed_age_ns(feed, 0, FEED_QUOTE) == 300 * NS_PER_MS);
    say_quote(0, "ETHUSDT", 7); /* nobody asked for it */
    assert_int_equal(given_count, 1);
    feed_status_t status = feed_status(feed);
    assert_true(status.connections == 2 && status.live == 1 && status.names == 5 && status.proven == 1);
    teardown(NULL);
}

static void subscribing_is_batched_and_paced(void **state)
{
    (void)state;
    create(NULL, 1000);
    memset(&table, 0, sizeof table);
    for (int i = 0; i < 500; i++) {
        char symbol[16], base[8];
        snprintf(base, sizeof base, "C%d", i);
        snprintf(symbol, sizeof symbol, "%sUSDT", base);
        add_symbol(symbol, base);
    }
    static feed_want_t wishes[500];
    for (uint16_t i = 0; i < 500; i++) {
        wishes[i] = (feed_want_t){.instrument = i, .streams = FEED_QUOTE};
    }
    assert_ok(feed_want(feed, wishes, 500));
    wait_ms(1);
    feed_transport_opened(feed, 0);
    for (int i = 0; i < 20; i++) {
        wait_ms(100);
    }
    assert_int_equal(sent_count, 3);
    for (uint32_t i = 1; i < sent_count; i++) {
        assert_true(sent[i].at_ns - sent[i - 1].at_ns >= 200 * NS_PER_MS); /* at most five a second */
    }
    uint32_t names = 0;
    for (uint32_t i = 0; i < sent_count; i++) {
        uint32_t here = 0;
        for (const char *at = sent[i].text; (at = strstr(at, "@bookTicker")) != NULL; at++) {
            here++;
        }
        assert_true(here <= 200);
        names += here;
    }
    assert_int_equal(names, 500);
    teardown(NULL);
}

static void a_changed_wish_touches_only_what_changed(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_QUOTE, 0);
    feed_transport_opened(feed, 0);
    const feed_want_t both[] = {{.instrument = 0, .streams = FEED_QUOTE}, {.instrument = 1, .streams = FEED_QUOTE}};
    assert_ok(feed_want(feed, both, 2));
    wait_ms(400);
    assert_int_equal(sent_count, 2);
    assert_string_equal(sent[1].text, "{\"method\":\"SUBSCRIBE\",\"params\":[\"ethusdt@bookTicker\"],\"id\":2}");
    assert_ok(feed_want(feed, &both[1], 1));
    wait_ms(400);
    assert_int_equal(sent_count, 3);
    assert_string_equal(sent[2].text, "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":3}");
    say_quote(0, "BTCUSDT", 8); /* still on its way */
    assert_int_equal(given_count, 0);
    assert_int_equal(opens[0], 1);
    assert_ok(feed_want(feed, NULL, 0));
    wait_ms(1000);
    assert_int_equal(closes[0], 1); /* nothing wanted, nothing connected */
    const feed_want_t unknown = {.instrument = 77, .streams = FEED_QUOTE};
    assert_result(feed_want(feed, &unknown, 1), RESULT_NOT_FOUND);
    teardown(NULL);
}

static void a_lost_connection_comes_back_with_patience(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_QUOTE, 0);
    feed_transport_opened(feed, 0);
    feed_transport_closed(feed, 0, RESULT_CLOSED, "gone");
    assert_int_equal(notices[FEED_LOST], 1);
    wait_ms(400);
    assert_int_equal(opens[0], 2);
    int64_t waited_ms = 0;
    for (int i = 0; i < 12; i++) { /* it never stands: the waits grow, and are bounded */
        feed_transport_closed(feed, 0, RESULT_REFUSED, "refused");
        uint32_t before = opens[0];
        for (waited_ms = 0; opens[0] == before; waited_ms += 100) {
            wait_ms(100);
            assert_true(waited_ms < 31000);
        }
    }
    assert_true(waited_ms >= 14000);
    feed_transport_opened(feed, 0);
    assert_non_null(strstr(sent[sent_count - 1].text, "btcusdt@bookTicker")); /* asked for again */
    teardown(NULL);
}

static void silence_is_the_age_of_data(void **state)
{
    (void)state;
    create(NULL, 0);
    const feed_want_t both[] = {{.instrument = 0, .streams = FEED_QUOTE}, {.instrument = 1, .streams = FEED_QUOTE}};
    assert_ok(feed_want(feed, both, 2));
    wait_ms(1);
    feed_transport_opened(feed, 0);
    say_quote(0, "BTCUSDT", 1);
    say_quote(0, "ETHUSDT", 1);
    uint32_t asked = sent_count;
    for (int second = 0; second < 20; second++) { /* one goes on, the other falls silent */
        wait_ms(1000);
        say_quote(0, "BTCUSDT", 2 + (uint64_t)second);
    }
    assert_int_equal(notices[FEED_SILENT], 1);
    assert_int_equal(sent_count, asked + 1);
    assert_non_null(strstr(sent[asked].text, "[\"ethusdt@bookTicker\"]"));
    assert_int_equal(closes[0], 0);
    for (int second = 0; second < 40; second++) { /* now nothing at all */
        wait_ms(1000);
    }
    assert_int_equal(closes[0], 1);
    assert_true(opens[0] >= 2);
    teardown(NULL);
}

static void rotation_makes_before_it_breaks(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_QUOTE, 0);
    feed_transport_opened(feed, 0);
    say_quote(0, "BTCUSDT", 1);
    for (int hour = 0; hour < 24 && opens[1] == 0; hour++) {
        for (int minute = 0; minute < 60 && opens[1] == 0; minute++) {
            for (int tick = 0; tick < 6; tick++) {
                wait_ms(10000);
                say_quote(0, "BTCUSDT", 100);
                given_count = 0;
            }
        }
    }
    assert_int_equal(opens[1], 1); /* well before 24 h */
    given_count = 0;
    feed_transport_opened(feed, 1);
    say_quote(0, "BTCUSDT", 200);
    say_quote(1, "BTCUSDT", 200); /* the same on both: once */
    say_quote(1, "BTCUSDT", 201);
    say_quote(0, "BTCUSDT", 201);
    say_quote(0, "BTCUSDT", 202);
    assert_int_equal(given_count, 3);
    assert_int_equal(closes[0], 0);
    wait_ms(200);
    assert_int_equal(closes[0], 1); /* the successor is proven */
    assert_int_equal(notices[FEED_ROTATED], 1);
    assert_int_equal(notices[FEED_LOST], 0);
    say_quote(1, "BTCUSDT", 202); /* lags behind what has been given */
    say_quote(1, "BTCUSDT", 203);
    assert_int_equal(given_count, 4);
    teardown(NULL);
}

static void the_venue_says_goodbye(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_QUOTE, 0);
    feed_transport_opened(feed, 0);
    say_quote(0, "BTCUSDT", 1);
    say(0, "{\"e\":\"serverShutdown\",\"E\":1}");
    wait_ms(200);
    assert_int_equal(opens[1], 1);
    assert_int_equal(closes[0], 0);
    teardown(NULL);
}

static const char snapshot_20[] = "{\"lastUpdateId\":20,\"E\":5,\"T\":5,\"bids\":[[\"1\",\"5\"]],\"asks\":[[\"3\",\"5\"]]}";

static void depth_waits_for_its_snapshot_and_never_shows_a_gap(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_DEPTH, 0);
    feed_transport_opened(feed, 0);
    assert_non_null(strstr(sent[0].text, "btcusdt@depth@100ms"));
    say_depth(0, 10, 15, 9);
    assert_int_equal(fetches, 1);
    assert_true(feed_busy(feed));
    say_depth(0, 16, 22, 15);
    say_depth(0, 23, 25, 22);
    assert_int_equal(given_count, 0);
    feed_transport_depth(feed, 0, RESULT_OK, str_from(snapshot_20));
    assert_false(feed_busy(feed));
    assert_int_equal(given_count, 3); /* snapshot, 22, 25; 15 is older */
    assert_true(given[0].snapshot && given[0].id == 20 && given[1].id == 22 && given[2].id == 25);
    assert_int_equal(feed_book(feed, 0)->state, BOOK_LIVE);
    say_depth(0, 26, 30, 25);
    assert_int_equal(given_count, 4);
    say_depth(0, 40, 41, 39); /* 31..39 are missing */
    assert_int_equal(given_count, 4);
    assert_int_equal(notices[FEED_RESYNC], 1);
    wait_ms(2000);
    assert_int_equal(fetches, 2);
    feed_transport_depth(feed, 0, RESULT_OK, STR("{\"lastUpdateId\":35,\"bids\":[[\"1\",\"5\"]],\"asks\":[[\"3\",\"5\"]]}"));
    assert_int_equal(given_count, 4); /* older than the first difference: nothing is shown */
    wait_ms(4000);
    assert_int_equal(fetches, 3);
    feed_transport_depth(feed, 0, RESULT_OK, STR("{\"lastUpdateId\":41,\"bids\":[[\"1\",\"5\"]],\"asks\":[[\"3\",\"5\"]]}"));
    assert_int_equal(given_count, 6); /* the snapshot, and 41 that joins it */
    assert_true(given[4].snapshot && given[5].id == 41);
    teardown(NULL);
}

static void failed_snapshots_are_tried_again(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_DEPTH, 0);
    feed_transport_opened(feed, 0);
    say_depth(0, 10, 15, 9);
    feed_transport_depth(feed, 0, RESULT_TIMEOUT, (str_t){"", 0});
    wait_ms(3000);
    assert_int_equal(fetches, 2);
    feed_transport_depth(feed, 0, RESULT_OK, STR("<html>"));
    wait_ms(6000);
    assert_int_equal(fetches, 3);
    feed_transport_depth(feed, 0, RESULT_OK, STR("{\"lastUpdateId\":12,\"bids\":[[\"1\",\"5\"]],\"asks\":[[\"3\",\"5\"]]}"));
    assert_int_equal(given_count, 2);
    teardown(NULL);
}

static void what_cannot_be_read_or_is_not_known(void **state)
{
    (void)state;
    create(NULL, 0);
    want(FEED_QUOTE | FEED_BAR, 1U << TF_1H);
    feed_transport_opened(feed, 0);
    feed_transport_opened(feed, 2);
    for (int i = 0; i < 50; i++) {
        say(0, "{\"e\":\"bookTicker\",\"u\":1,");
    }
    assert_int_equal(notices[FEED_UNREADABLE], 1); /* counted, told once a second */
    assert_true(feed_status(feed).unreadable == 50);
    say(2, "{\"e\":\"kline\",\"E\":1,\"s\":\"BTCUSDT\",\"k\":{\"i\":\"9h\"}}");
    assert_int_equal(notices[FEED_FROZEN], 1);
    assert_true(given_count == 1 && given[0].kind == MARKET_STATUS && given[0].instrument == 0);
    say(0, "{\"error\":{\"code\":4,\"msg\":\"Too many subscriptions\"}}");
    assert_int_equal(notices[FEED_REFUSED], 1);
    say(0, "{\"e\":\"somethingNew\",\"s\":\"BTCUSDT\"}");
    assert_int_equal(given_count, 1);
    teardown(NULL);
}

static void say_stamped(uint32_t connection, uint64_t id, int64_t event_ms)
{
    char frame[256];
    snprintf(
        frame, sizeof frame,
        "{\"e\":\"bookTicker\",\"u\":%llu,\"s\":\"BTCUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":%lld,\"E\":%lld}",
        (unsigned long long)id, (long long)event_ms, (long long)event_ms);
    say(connection, frame);
}

static void say_quote_at(uint32_t connection, const char *symbol, uint64_t id, int64_t event_ms)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"bookTicker\",\"u\":%llu,\"s\":\"%s\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":%lld,\"E\":%lld}",
             (unsigned long long)id, symbol, (long long)event_ms, (long long)event_ms);
    say(connection, frame);
}

/* bookTicker speaks of changes only: other data of its connection show that the last quote stands, and nothing else does. */
static void an_unchanged_quote_stands_while_its_connection_brings_data(void **state)
{
    (void)state;
    create(NULL, 0);
    const feed_want_t both[] = {{.instrument = 0, .streams = FEED_QUOTE | FEED_MARK}, {.instrument = 1, .streams = FEED_QUOTE}};
    assert_ok(feed_want(feed, both, 2));
    wait_ms(1);
    feed_transport_opened(feed, 0);
    feed_transport_opened(feed, 2);
    say_quote_at(0, "BTCUSDT", 1, 1000);
    say_quote_at(0, "ETHUSDT", 1, 1000);
    wait_ms(5000);
    say(0, "{\"result\":null,\"id\":9}");
    say(2, "{\"e\":\"markPriceUpdate\",\"E\":9000,\"s\":\"BTCUSDT\",\"p\":\"1\",\"i\":\"1\",\"P\":\"1\",\"r\":\"0\",\"T\":0}");
    wait_ms(1000);
    assert_int_equal(stood_count, 0); /* replies, pongs and other connections prove nothing */
    say_quote_at(0, "ETHUSDT", 2, 9000);
    wait_ms(1000);
    assert_true(stood_count == 1 && stood_ns == 9000 * NS_PER_MS);
    wait_ms(1000);
    assert_int_equal(stood_count, 1);    /* nothing new is known */
    say_quote_at(0, "ETHUSDT", 3, 9900); /* less than a second more */
    wait_ms(1000);
    assert_int_equal(stood_count, 1);
    assert_true(feed_age_ns(feed, 0, FEED_QUOTE) == 9000 * NS_PER_MS); /* as the stream's own silence: still that old */
    /* Silent for longer than its patience: asked for again, and in doubt until it speaks. */
    for (int64_t ms = 11000; ms < 20000; ms += 1000) {
        say_quote_at(0, "ETHUSDT", (uint64_t)ms, ms);
        wait_ms(1000);
    }
    assert_int_equal(notices[FEED_SILENT], 1);
    const uint32_t before = stood_count;
    say_quote_at(0, "ETHUSDT", 50000, 30000);
    wait_ms(1000);
    assert_int_equal(stood_count, before);
    say_quote_at(0, "BTCUSDT", 2, 31000);
    say_quote_at(0, "ETHUSDT", 50001, 33000);
    wait_ms(200);
    assert_true(stood_count == before + 1 && stood_ns == 33000 * NS_PER_MS);
    /* A connection that was lost may have missed a change. */
    feed_transport_closed(feed, 0, RESULT_CLOSED, "gone");
    wait_ms(500);
    feed_transport_opened(feed, 0);
    say_quote_at(0, "ETHUSDT", 50002, 60000);
    wait_ms(1000);
    assert_int_equal(stood_count, before + 1);
    teardown(NULL);
}

static void say_bar(uint32_t connection, int64_t event_ms, int64_t open_ms, bool closed)
{
    char frame[512];
    snprintf(
        frame, sizeof frame,
        "{\"e\":\"kline\",\"E\":%lld,\"s\":\"BTCUSDT\",\"k\":{\"t\":%lld,\"T\":%lld,\"s\":\"BTCUSDT\",\"i\":\"1h\",\"f\":1,\"L\":2,"
        "\"o\":\"1\",\"c\":\"1\",\"h\":\"1\",\"l\":\"1\",\"v\":\"1\",\"n\":1,\"x\":%s,\"q\":\"1\",\"V\":\"1\",\"Q\":\"1\",\"B\":"
        "\"0\"}}",
        (long long)event_ms, (long long)open_ms, (long long)open_ms + 3599999, closed ? "true" : "false");
    say(connection, frame);
}

/* A stamp ahead of the venue's clock would look fresh long after the stream has died: named, counted, not believed; the next true
 * frame is. When the clock turns out to have been behind, the same stamp is believed. */
static void stamps_from_the_future(void **state)
{
    (void)state;
    const int64_t hour_ms = INT64_C(472222) * 3600000;
    const int64_t now = hour_ms + 1000;
    venue_clock_t clock;
    venue_clock_init(&clock);
    judge = &clock;
    create(NULL, 0);
    judge = NULL;
    want(FEED_QUOTE | FEED_BAR, 1U << TF_1H);
    feed_transport_opened(feed, 0);
    feed_transport_opened(feed, 2);
    say_stamped(0, 1, now + 3600000); /* nothing is known of the time yet */
    assert_int_equal(given_count, 1);
    const int64_t mono = loop_now_ns(loop);
    assert_ok(venue_clock_note(&clock, mono, mono, 0, now));
    say_stamped(0, 2, now + VENUE_CLOCK_ALARM_MS);
    assert_int_equal(given_count, 2);
    for (uint64_t id = 3; id < 13; id++) {
        say_stamped(0, id, now + VENUE_CLOCK_ALARM_MS + 1);
    }
    say_stamped(0, 13, INT64_MAX / NS_PER_MS);
    assert_int_equal(given_count, 2);
    assert_true(feed_status(feed).ahead == 11 && notices[FEED_AHEAD] == 1); /* counted, told once a second */
    say_bar(2, now, hour_ms, true);                                         /* "closed", an hour before its end */
    assert_int_equal(given_count, 2);
    say_bar(2, now, hour_ms, false);
    say_bar(2, now, hour_ms - 3600000, true);
    assert_int_equal(given_count, 4);
    const int64_t age_ns = feed_age_ns(feed, 0, FEED_QUOTE);
    wait_ms(2000);
    say_stamped(0, 14, now + 60000);
    assert_true(feed_age_ns(feed, 0, FEED_QUOTE) == age_ns + 2000 * NS_PER_MS); /* it proves nothing */
    assert_int_equal(notices[FEED_AHEAD], 2);
    say_stamped(0, 15, now + 2000);
    assert_int_equal(given_count, 5);
    for (int i = 0; i < VENUE_CLOCK_ODD_COUNT; i++) {
        (void)venue_clock_note(&clock, loop_now_ns(loop), loop_now_ns(loop), 0, now + 60000);
    }
    say_stamped(0, 16, now + 60000);
    assert_int_equal(given_count, 6);
    teardown(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_by_route_and_proof_by_data),
        cmocka_unit_test(subscribing_is_batched_and_paced),
        cmocka_unit_test(a_changed_wish_touches_only_what_changed),
        cmocka_unit_test(a_lost_connection_comes_back_with_patience),
        cmocka_unit_test(silence_is_the_age_of_data),
        cmocka_unit_test(rotation_makes_before_it_breaks),
        cmocka_unit_test(the_venue_says_goodbye),
        cmocka_unit_test(depth_waits_for_its_snapshot_and_never_shows_a_gap),
        cmocka_unit_test(failed_snapshots_are_tried_again),
        cmocka_unit_test(what_cannot_be_read_or_is_not_known),
        cmocka_unit_test(stamps_from_the_future),
        cmocka_unit_test(an_unchanged_quote_stands_while_its_connection_brings_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

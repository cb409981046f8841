/* shows: MKT-2, I7, I18
 *
 * A feed in lockstep: the order in which the frames of a moment come out, what its end says, and when it may be answered.
 */
#include "edge/exchange/feed_fixture.h"

static const char *last_done(uint32_t connection)
{
    for (uint32_t i = sent_count; i > 0; i--) {
        if (sent[i - 1].connection == connection && strstr(sent[i - 1].text, "LOCKSTEP") != NULL) {
            return strstr(sent[i - 1].text, "\"params\":");
        }
    }
    return "none";
}

static void lockstep_start(void)
{
    create("monitor", 0);
    wait_ms(1);
    want(FEED_QUOTE | FEED_TRADE, 0);
    wait_ms(1);
    feed_transport_opened(feed, 0);
    feed_transport_opened(feed, 2);
    assert_string_equal(sent[0].text,
                        "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\",\"!lockstep@monitor\"],\"id\":1}");
    assert_string_equal(sent[1].text,
                        "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@aggTrade\",\"!lockstep@monitor\"],\"id\":2}");
    say(0, "{\"result\":null,\"id\":1}");
    say(2, "{\"result\":null,\"id\":2}");
}

static void frames_of_a_moment_come_in_connection_order(void **state)
{
    (void)state;
    lockstep_start();
    say_trade(2, 1);
    say_moment(2, 1); /* the second connection is first */
    assert_int_equal(moments, 0);
    say_quote(0, "BTCUSDT", 1);
    assert_int_equal(given_count, 0);
    say_moment(0, 1);
    assert_int_equal(given_count, 2);
    assert_true(given[0].kind == MARKET_QUOTE && given[1].kind == MARKET_TRADE); /* the same order in every run */
    assert_true(moments == 1 && last_moment == 1);
    assert_string_equal(last_done(0), "none");
    feed_lockstep_done(feed, 0);
    assert_string_equal(last_done(0), "\"params\":[\"done\",1,3],\"id\":0}"); /* reply, quote, moment */
    assert_string_equal(last_done(2), "\"params\":[\"done\",1,3],\"id\":0}");
    uint32_t before = sent_count;
    say_quote(0, "BTCUSDT", 2); /* comes later in the same moment: counted at once, shown in the next */
    assert_int_equal(given_count, 2);
    assert_int_equal(sent_count, before + 1);
    assert_string_equal(last_done(0), "\"params\":[\"done\",1,4],\"id\":0}");
    done_in_moment = true;
    say_moment(0, 2);
    assert_int_equal(moments, 1);
    say_moment(2, 2);
    assert_int_equal(moments, 2);
    assert_int_equal(given_count, 3);
    assert_string_equal(last_done(2), "\"params\":[\"done\",2,4],\"id\":0}");
    assert_string_equal(last_done(0), "\"params\":[\"done\",2,5],\"id\":0}");
    teardown(NULL);
}

static void say_mark(uint32_t connection)
{
    say(connection,
        "{\"e\":\"markPriceUpdate\",\"E\":5,\"s\":\"BTCUSDT\",\"p\":\"1\",\"i\":\"1\",\"P\":\"1\",\"r\":\"0\",\"T\":0}");
}

static void a_moment_says_that_its_prices_stand(void **state)
{
    (void)state;
    create("watchdog", 0);
    wait_ms(1);
    want(FEED_QUOTE | FEED_MARK, 0);
    feed_transport_opened(feed, 0);
    feed_transport_opened(feed, 2);
    say_moment(0, 1);
    say_moment(2, 1);
    assert_true(given_count == 0 && stood_count == 0); /* none is known yet */
    say_quote(0, "BTCUSDT", 1);
    say_mark(2);
    say_moment(0, 2);
    say_moment(2, 2);
    assert_true(given_count == 2 && stood_count == 2 && stood_ns == INT64_C(1700000000000) * NS_PER_MS);
    feed_transport_closed(feed, 0, RESULT_CLOSED, "gone");
    wait_ms(500);
    feed_transport_opened(feed, 0);
    say(0, "{\"e\":\"moment\",\"n\":3,\"E\":1700000900000}");
    say(2, "{\"e\":\"moment\",\"n\":3,\"E\":1700000900000}");
    assert_true(moments == 3 && stood_count == 3); /* the mark; what the lost one missed meanwhile is not known */
    teardown(NULL);
}

static void long_work_is_told_as_it_gets_on(void **state)
{
    (void)state;
    lockstep_start();
    feed_lockstep_working(feed); /* no moment yet: nothing to say */
    assert_string_equal(last_done(0), "none");
    say_moment(0, 1);
    say_moment(2, 1);
    feed_lockstep_working(feed);
    assert_string_equal(last_done(0), "\"params\":[\"working\",1,2],\"id\":0}");
    assert_string_equal(last_done(2), "\"params\":[\"working\",1,2],\"id\":0}");
    uint32_t before = sent_count;
    feed_lockstep_working(feed); /* not for every step of it */
    assert_int_equal(sent_count, before);
    feed_lockstep_done(feed, 1234567);
    assert_string_equal(last_done(0), "\"params\":[\"done\",1,2,1234567],\"id\":0}");
    wait_ms(2000);
    before = sent_count;
    feed_lockstep_working(feed);
    assert_int_equal(sent_count, before); /* done is done */
    say_moment(0, 2);
    say_moment(2, 2);
    feed_lockstep_done(feed, 0);
    assert_string_equal(last_done(2), "\"params\":[\"done\",2,3],\"id\":0}");
    teardown(NULL);
}

static void a_lost_connection_does_not_hold_the_world(void **state)
{
    (void)state;
    lockstep_start();
    say_moment(0, 1);
    say_moment(2, 1);
    feed_lockstep_done(feed, 0);
    say_moment(0, 2);
    assert_int_equal(moments, 1);
    feed_transport_closed(feed, 2, RESULT_CLOSED, "cut");
    assert_int_equal(moments, 2); /* the other one goes on */
    feed_lockstep_done(feed, 0);
    wait_ms(500);
    assert_int_equal(opens[2], 2);
    feed_transport_opened(feed, 2);
    assert_non_null(strstr(sent[sent_count - 1].text, "!lockstep@monitor"));
    say_moment(2, 2); /* told the present moment when it has come back */
    assert_int_equal(moments, 2);
    assert_string_equal(last_done(2), "\"params\":[\"done\",2,1],\"id\":0}"); /* counted from the new connection's start */
    say_moment(0, 3);
    assert_int_equal(moments, 2);
    say_moment(2, 3);
    assert_int_equal(moments, 3);
    teardown(NULL);
}

static void the_first_moment_waits_for_all_but_not_for_ever(void **state)
{
    (void)state;
    create("monitor", 0);
    want(FEED_QUOTE | FEED_TRADE, 0);
    feed_transport_opened(feed, 0);
    say_moment(0, 5);
    wait_ms(500);
    assert_int_equal(moments, 0);
    wait_ms(700);
    assert_int_equal(moments, 1);
    teardown(NULL);
}

static void moments_come_without_a_single_name(void **state)
{
    (void)state;
    create("watchdog", 0);
    wait_ms(1);
    feed_transport_opened(feed, 0);
    assert_string_equal(sent[0].text, "{\"method\":\"SUBSCRIBE\",\"params\":[\"!lockstep@watchdog\"],\"id\":1}");
    done_in_moment = true;
    say_moment(0, 0);
    assert_int_equal(moments, 1);
    assert_string_equal(last_done(0), "\"params\":[\"done\",0,1],\"id\":0}");
    wait_ms(120000); /* a world that stands still is no silence */
    assert_int_equal(closes[0], 0);
    assert_int_equal(notices[FEED_SILENT], 0);
    teardown(NULL);
}

static void an_answer_waits_for_a_snapshot(void **state)
{
    (void)state;
    create("monitor", 0);
    wait_ms(1);
    want(FEED_DEPTH, 0);
    feed_transport_opened(feed, 0);
    say_depth(0, 10, 15, 9);
    done_in_moment = true;
    say_moment(0, 1);
    assert_int_equal(fetches, 1);
    assert_string_equal(last_done(0), "none");
    feed_transport_depth(feed, 0, RESULT_OK, STR("{\"lastUpdateId\":12,\"bids\":[[\"1\",\"5\"]],\"asks\":[[\"3\",\"5\"]]}"));
    assert_int_equal(given_count, 2);
    assert_string_equal(last_done(0), "\"params\":[\"done\",1,2],\"id\":0}");
    teardown(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_says_that_its_prices_stand),
        cmocka_unit_test(frames_of_a_moment_come_in_connection_order),
        cmocka_unit_test(long_work_is_told_as_it_gets_on),
        cmocka_unit_test(a_lost_connection_does_not_hold_the_world),
        cmocka_unit_test(the_first_moment_waits_for_all_but_not_for_ever),
        cmocka_unit_test(moments_come_without_a_single_name),
        cmocka_unit_test(an_answer_waits_for_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

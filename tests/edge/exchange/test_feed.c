/* shows: MKT-2, I7, I10
 *
 * The feed against a venue played by the test, on virtual time: what is asked, how fast, what is proven, what happens on silence,
 * loss, the 24 h cut, a broken depth chain, and the order in which the frames of a lockstep moment come out.
 */
#include "support/test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "edge/exchange/binance/feed.h"
#include "edge/json/json_reader.h"

enum { EVENTS_MAX = 4096, SENT_MAX = 256 };

typedef struct {
    market_kind_t kind;
    instrument_id_t instrument;
    uint64_t id;
    bool snapshot;
} given_t;

static loop_t *loop;
static feed_t *feed;
static instrument_table_t table;
static given_t given[EVENTS_MAX];
static uint32_t stood_count; /* quotes given again because they stand */
static int64_t stood_ns;     /* up to when, the last of them */
static uint32_t given_count, notices[11], moments, opens[FEED_CONNECTIONS_MAX], closes[FEED_CONNECTIONS_MAX], fetches;
static uint64_t last_moment;
static char url[FEED_CONNECTIONS_MAX][FEED_URL_MAX];
static struct {
    uint32_t connection;
    int64_t at_ns;
    char text[16384];
} sent[SENT_MAX];
static uint32_t sent_count;
static bool done_in_moment, refuse_open;
static const venue_clock_t *judge; /* of the next feed; NULL: stamps are not judged */

/* A price that was given before, with a later time. */
static bool is_again(const market_event_t *event)
{
    for (uint32_t i = 0; i < given_count; i++) {
        const bool same = given[i].kind == event->kind && given[i].instrument == event->instrument;
        if (same && event->kind == MARKET_QUOTE && given[i].id == event->quote.update_id) {
            assert_true(dec_eq(event->quote.bid, DEC_ONE) && dec_eq(event->quote.ask, dec_from_int(2)));
            return true;
        }
        if (same && event->kind == MARKET_MARK) {
            assert_true(dec_eq(event->mark.mark, DEC_ONE));
            return true;
        }
    }
    return false;
}

static void on_event(void *context, const market_event_t *event)
{
    (void)context;
    if (is_again(event)) {
        stood_count++;
        stood_ns = event->time_ns;
        return;
    }
    assert_true(given_count < EVENTS_MAX);
    given_t *one = &given[given_count++];
    *one = (given_t){.kind = event->kind, .instrument = event->instrument};
    if (event->kind == MARKET_QUOTE) {
        one->id = event->quote.update_id;
    } else if (event->kind == MARKET_TRADE) {
        one->id = event->trade.id;
    } else if (event->kind == MARKET_DEPTH) {
        one->id = event->depth.last_id;
        one->snapshot = event->depth.snapshot;
    }
}

static void on_notice(void *context, const feed_notice_t *notice)
{
    (void)context;
    assert_true(feed_notice_text(notice->kind)[0] != '\0');
    notices[notice->kind]++;
}

static void on_moment(void *context, uint64_t moment, int64_t venue_ms)
{
    (void)context;
    (void)venue_ms;
    moments++;
    last_moment = moment;
    if (done_in_moment) {
        feed_lockstep_done(feed, 0);
    }
}

static result_t t_open(void *context, uint32_t connection, const char *to)
{
    (void)context;
    snprintf(url[connection], sizeof url[connection], "%s", to);
    opens[connection]++;
    return refuse_open ? RESULT_REFUSED : RESULT_OK;
}

static result_t t_send(void *context, uint32_t connection, str_t text)
{
    (void)context;
    assert_true(sent_count < SENT_MAX && text.length < sizeof sent[0].text);
    sent[sent_count].connection = connection;
    sent[sent_count].at_ns = loop_now_ns(loop);
    memcpy(sent[sent_count].text, text.bytes, text.length);
    sent[sent_count].text[text.length] = '\0';
    sent_count++;
    return RESULT_OK;
}

static void t_close(void *context, uint32_t connection)
{
    (void)context;
    closes[connection]++;
}

static result_t t_fetch(void *context, instrument_id_t instrument, const char *symbol)
{
    (void)context;
    assert_int_equal(instrument, 0);
    assert_string_equal(symbol, "BTCUSDT");
    fetches++;
    return RESULT_OK;
}

static void add_symbol(const char *symbol, const char *base)
{
    instrument_t instrument;
    instrument_id_t id;
    memset(&instrument, 0, sizeof instrument);
    strcpy(instrument.venue, "BINANCE");
    strcpy(instrument.symbol, symbol);
    strcpy(instrument.base, base);
    strcpy(instrument.quote, "USDT");
    strcpy(instrument.settle, "USDT");
    instrument.kind = INSTRUMENT_PERPETUAL;
    instrument.status = INSTRUMENT_TRADING;
    instrument.tick_size = instrument.lot_step = instrument.market_step = test_dec("0.001");
    instrument.quantity_min = instrument.market_quantity_min = test_dec("0.001");
    instrument.quantity_max = instrument.market_quantity_max = test_dec("1000");
    instrument.contract_size = DEC_ONE;
    assert_ok(instrument_table_put(&table, &instrument, &id));
}

static void create(const char *role, uint32_t names_max)
{
    static const feed_events_t events = {.on_event = on_event, .on_notice = on_notice, .on_moment = on_moment};
    const feed_transport_t transport = {.open = t_open, .send = t_send, .close = t_close, .fetch_depth = t_fetch};
    const loop_options_t options = {.clock = LOOP_CLOCK_VIRTUAL, .virtual_wall_ns = INT64_C(1700000000) * NS_PER_S};
    assert_ok(loop_create(&options, &loop));
    memset(&table, 0, sizeof table);
    add_symbol("BTCUSDT", "BTC");
    add_symbol("ETHUSDT", "ETH");
    given_count = sent_count = moments = fetches = stood_count = 0;
    last_moment = 0;
    done_in_moment = refuse_open = false;
    memset(notices, 0, sizeof notices);
    memset(opens, 0, sizeof opens);
    memset(closes, 0, sizeof closes);
    const feed_options_t feed_options = {.loop = loop,
                                         .stream_url = "ws://venue",
                                         .instruments = &table,
                                         .venue = "BINANCE",
                                         .clock = judge,
                                         .lockstep_role = role,
                                         .events = &events,
                                         .transport = &transport,
                                         .names_max = names_max,
                                         .seed = 1};
    assert_ok(feed_create(&feed_options, &feed));
}

static int teardown(void **state)
{
    (void)state;
    feed_destroy(feed);
    loop_destroy(loop);
    return 0;
}

static void wait_ms(int64_t ms)
{
    loop_clock_advance(loop, ms * NS_PER_MS);
}

static void say(uint32_t connection, const char *frame)
{
    feed_transport_text(feed, connection, str_from(frame));
}

static void say_quote(uint32_t connection, const char *symbol, uint64_t id)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"bookTicker\",\"u\":%llu,\"s\":\"%s\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":5,\"E\":5}",
             (unsigned long long)id, symbol);
    say(connection, frame);
}

static void say_trade(uint32_t connection, uint64_t id)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"aggTrade\",\"E\":5,\"s\":\"BTCUSDT\",\"a\":%llu,\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":5,\"m\":true}",
             (unsigned long long)id);
    say(connection, frame);
}

static void say_depth(uint32_t connection, uint64_t first, uint64_t last, uint64_t previous)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"depthUpdate\",\"E\":5,\"T\":5,\"s\":\"BTCUSDT\",\"U\":%llu,\"u\":%llu,\"pu\":%llu,\"b\":[[\"1\",\"2\"]],"
             "\"a\":[[\"3\",\"4\"]]}",
             (unsigned long long)first, (unsigned long long)last, (unsigned long long)previous);
    say(connection, frame);
}

static void say_moment(uint32_t connection, uint64_t moment)
{
    char frame[96];
    snprintf(frame, sizeof frame, "{\"e\":\"moment\",\"n\":%llu,\"E\":1700000000000}", (unsigned long long)moment);
    say(connection, frame);
}

static void want(uint32_t streams, uint32_t timeframes)
{
    const feed_want_t wish = {.instrument = 0, .streams = streams, .timeframes = timeframes};
    assert_ok(feed_want(feed, &wish, 1));
    wait_ms(1);
}

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

/* --- lockstep --------------------------------------------------------------------------------- */

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

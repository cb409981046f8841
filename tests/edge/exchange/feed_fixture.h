/* feed_fixture.h: a feed against a venue played by the test, on virtual time: what was opened, sent, closed and asked for is noted,
 * and the test says the frames. */
#pragma once

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
static inline bool is_again(const market_event_t *event)
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

static inline void on_event(void *context, const market_event_t *event)
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

static inline void on_notice(void *context, const feed_notice_t *notice)
{
    (void)context;
    assert_true(feed_notice_text(notice->kind)[0] != '\0');
    notices[notice->kind]++;
}

static inline void on_moment(void *context, uint64_t moment, int64_t venue_ms)
{
    (void)context;
    (void)venue_ms;
    moments++;
    last_moment = moment;
    if (done_in_moment) {
        feed_lockstep_done(feed, 0);
    }
}

static inline result_t t_open(void *context, uint32_t connection, const char *to)
{
    (void)context;
    snprintf(url[connection], sizeof url[connection], "%s", to);
    opens[connection]++;
    return refuse_open ? RESULT_REFUSED : RESULT_OK;
}

static inline result_t t_send(void *context, uint32_t connection, str_t text)
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

static inline void t_close(void *context, uint32_t connection)
{
    (void)context;
    closes[connection]++;
}

static inline result_t t_fetch(void *context, instrument_id_t instrument, const char *symbol)
{
    (void)context;
    assert_int_equal(instrument, 0);
    assert_string_equal(symbol, "BTCUSDT");
    fetches++;
    return RESULT_OK;
}

static inline void add_symbol(const char *symbol, const char *base)
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

static inline void create(const char *role, uint32_t names_max)
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

static inline int teardown(void **state)
{
    (void)state;
    feed_destroy(feed);
    loop_destroy(loop);
    return 0;
}

static inline void wait_ms(int64_t ms)
{
    loop_clock_advance(loop, ms * NS_PER_MS);
}

static inline void say(uint32_t connection, const char *frame)
{
    feed_transport_text(feed, connection, str_from(frame));
}

static inline void say_quote(uint32_t connection, const char *symbol, uint64_t id)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"bookTicker\",\"u\":%llu,\"s\":\"%s\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":5,\"E\":5}",
             (unsigned long long)id, symbol);
    say(connection, frame);
}

static inline void say_trade(uint32_t connection, uint64_t id)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"aggTrade\",\"E\":5,\"s\":\"BTCUSDT\",\"a\":%llu,\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":5,\"m\":true}",
             (unsigned long long)id);
    say(connection, frame);
}

static inline void say_depth(uint32_t connection, uint64_t first, uint64_t last, uint64_t previous)
{
    char frame[256];
    snprintf(frame, sizeof frame,
             "{\"e\":\"depthUpdate\",\"E\":5,\"T\":5,\"s\":\"BTCUSDT\",\"U\":%llu,\"u\":%llu,\"pu\":%llu,\"b\":[[\"1\",\"2\"]],"
             "\"a\":[[\"3\",\"4\"]]}",
             (unsigned long long)first, (unsigned long long)last, (unsigned long long)previous);
    say(connection, frame);
}

static inline void say_moment(uint32_t connection, uint64_t moment)
{
    char frame[96];
    snprintf(frame, sizeof frame, "{\"e\":\"moment\",\"n\":%llu,\"E\":1700000000000}", (unsigned long long)moment);
    say(connection, frame);
}

static inline void want(uint32_t streams, uint32_t timeframes)
{
    const feed_want_t wish = {.instrument = 0, .streams = streams, .timeframes = timeframes};
    assert_ok(feed_want(feed, &wish, 1));
    wait_ms(1);
}

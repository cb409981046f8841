/* venue_fixture.h: a small exchange for the tests of this folder: one asset, one or more instruments with round rules, accounts
 * with money. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/hash.h"
#include "core/base/time.h"
#include "core/venue/venue.h"

#define FIXTURE_START_NS (INT64_C(1700006400) * NS_PER_S) /* 2023-11-15 00:00:00 UTC */

enum { FIXTURE_EVENTS_MAX = 4096 };

typedef struct {
    venue_t *venue;
    void *memory;
    venue_sink_t sink;
    venue_asset_t usdt;
    instrument_id_t btc;
    uint32_t event_count;
    venue_event_t events[FIXTURE_EVENTS_MAX]; /* the last ones; depth pointers are not kept */
    sha256_t sha;
} fixture_t;

static inline dec_t num(const char *text)
{
    dec_t value;
    assert_int_equal(dec_parse(text, strlen(text), &value), RESULT_OK);
    return value;
}

static inline void assert_dec(dec_t value, const char *expected)
{
    char text[DEC_TEXT_MAX];
    (void)dec_format(value, text);
    assert_string_equal(text, expected);
}

static inline void fixture_emit(void *context, const venue_event_t *event)
{
    fixture_t *fixture = context;
    venue_event_t *copy = &fixture->events[fixture->event_count % FIXTURE_EVENTS_MAX];
    *copy = *event;
    if (event->kind == VENUE_EVENT_DEPTH) {
        sha256_update(&fixture->sha, event->depth.bids, event->depth.bid_count * sizeof(level_t));
        sha256_update(&fixture->sha, event->depth.asks, event->depth.ask_count * sizeof(level_t));
        copy->depth.bids = copy->depth.asks = NULL;
    }
    sha256_update(&fixture->sha, copy, sizeof *copy);
    fixture->event_count++;
}

/* tick 0.1, step 0.001, notional 5, three brackets: 125x below 50,000 (0.4 %), 20x below 1,000,000 (1 %), 5x below 100,000,000 (5
 * %). */
static inline instrument_t fixture_rules(const char *symbol)
{
    instrument_t rules;
    memset(&rules, 0, sizeof rules);
    snprintf(rules.venue, sizeof rules.venue, "BINANCE");
    snprintf(rules.symbol, sizeof rules.symbol, "%s", symbol);
    snprintf(rules.base, sizeof rules.base, "BTC");
    snprintf(rules.quote, sizeof rules.quote, "USDT");
    snprintf(rules.settle, sizeof rules.settle, "USDT");
    rules.kind = INSTRUMENT_PERPETUAL;
    rules.status = INSTRUMENT_TRADING;
    rules.tick_size = num("0.1");
    rules.price_min = num("0.1");
    rules.price_max = num("4000000");
    rules.lot_step = rules.market_step = num("0.001");
    rules.quantity_min = rules.market_quantity_min = num("0.001");
    rules.quantity_max = num("1000");
    rules.market_quantity_max = num("120");
    rules.notional_min = num("5");
    rules.contract_size = DEC_ONE;
    rules.trigger_protect = num("0.05");
    rules.liquidation_fee = num("0.0125");
    rules.bracket_count = 3;
    rules.brackets[0] = (leverage_bracket_t){125, DEC_ZERO, num("50000"), num("0.004"), DEC_ZERO};
    rules.brackets[1] = (leverage_bracket_t){20, num("50000"), num("1000000"), num("0.01"), num("300")};
    rules.brackets[2] = (leverage_bracket_t){5, num("1000000"), num("100000000"), num("0.05"), num("40300")};
    return rules;
}

static inline fixture_t *fixture_new_fund(uint64_t seed, const venue_bounds_t *bounds, const char *insurance_fund)
{
    fixture_t *fixture = calloc(1, sizeof *fixture);
    venue_config_t config = venue_config_default();
    config.seed = seed;
    config.insurance_fund = num(insurance_fund);
    config.start_ns = FIXTURE_START_NS;
    fixture->memory = aligned_alloc(64, venue_size(bounds));
    assert_int_equal(venue_init(fixture->memory, bounds, &config, &fixture->venue), RESULT_OK);
    assert_int_equal(venue_asset_add(fixture->venue, STR("USDT"), &fixture->usdt), RESULT_OK);
    instrument_t rules = fixture_rules("BTCUSDT");
    assert_int_equal(venue_instrument_add(fixture->venue, &rules, &fixture->btc), RESULT_OK);
    fixture->sink = (venue_sink_t){.emit = fixture_emit, .context = fixture};
    sha256_init(&fixture->sha);
    return fixture;
}

static inline fixture_t *fixture_new_bounds(uint64_t seed, const venue_bounds_t *bounds)
{
    return fixture_new_fund(seed, bounds, "1000000");
}

static inline venue_bounds_t fixture_bounds(void)
{
    venue_bounds_t bounds = venue_bounds_default();
    bounds.orders = 512;
    bounds.algos = 512;
    bounds.order_history = 100;
    bounds.algo_history = 100;
    bounds.street_levels = 200;
    return bounds;
}

static inline fixture_t *fixture_new(void)
{
    venue_bounds_t bounds = fixture_bounds();
    return fixture_new_bounds(7, &bounds);
}

static inline void fixture_free(fixture_t *fixture)
{
    free(fixture->memory);
    free(fixture);
}

static inline venue_account_t fixture_account(fixture_t *fixture, const char *money)
{
    venue_account_t account;
    assert_int_equal(venue_account_open(fixture->venue, &account), RESULT_OK);
    assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, account, fixture->usdt, num(money)), VENUE_REJECT_NONE);
    return account;
}

static inline venue_place_t limit_order(const fixture_t *fixture, venue_account_t account, venue_side_t side, const char *quantity,
                                        const char *price)
{
    venue_place_t place;
    memset(&place, 0, sizeof place);
    place.account = account;
    place.instrument = fixture->btc;
    place.side = side;
    place.type = VENUE_LIMIT;
    place.tif = VENUE_GTC;
    place.quantity = num(quantity);
    place.price = num(price);
    return place;
}

static inline venue_place_t market_order(const fixture_t *fixture, venue_account_t account, venue_side_t side, const char *quantity)
{
    venue_place_t place = limit_order(fixture, account, side, quantity, "1");
    place.type = VENUE_MARKET;
    place.price = DEC_ZERO;
    return place;
}

static inline venue_order_t must_place(fixture_t *fixture, const venue_place_t *place)
{
    venue_order_t after;
    venue_reply_t reply = venue_place(fixture->venue, &fixture->sink, place, &after);
    assert_int_equal(venue_reject_code(reply.reject), 200);
    return after;
}

static inline void must_refuse(fixture_t *fixture, const venue_place_t *place, int code)
{
    uint32_t before = fixture->event_count;
    venue_reply_t reply = venue_place(fixture->venue, &fixture->sink, place, NULL);
    assert_int_equal(venue_reject_code(reply.reject), code);
    assert_int_equal(fixture->event_count, before);
}

static inline venue_algo_place_t algo_order(const fixture_t *fixture, venue_account_t account, venue_side_t side, venue_type_t type,
                                            const char *quantity, const char *trigger)
{
    venue_algo_place_t place;
    memset(&place, 0, sizeof place);
    place.account = account;
    place.instrument = fixture->btc;
    place.side = side;
    place.type = type;
    place.quantity = num(quantity);
    place.trigger_price = num(trigger);
    return place;
}

static inline uint64_t must_algo(fixture_t *fixture, const venue_algo_place_t *place)
{
    venue_reply_t reply = venue_algo_place(fixture->venue, &fixture->sink, place, NULL);
    assert_int_equal(venue_reject_code(reply.reject), 200);
    return reply.id;
}

static inline candle_t hour(int64_t open_ns, const char *open, const char *high, const char *low, const char *close,
                            const char *volume)
{
    candle_t bar;
    memset(&bar, 0, sizeof bar);
    bar.open_ns = open_ns;
    bar.open = num(open);
    bar.high = num(high);
    bar.low = num(low);
    bar.close = num(close);
    bar.volume = num(volume);
    bar.state = CANDLE_TRADED;
    bar.closed = true;
    return bar;
}

static inline void install(fixture_t *fixture, int64_t open_ns, const char *open, const char *high, const char *low,
                           const char *close)
{
    candle_t bar = hour(open_ns, open, high, low, close, "10000");
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_OK);
}

static inline void advance_to(fixture_t *fixture, int64_t to_ns)
{
    assert_int_equal(venue_advance(fixture->venue, &fixture->sink, to_ns), RESULT_OK);
}

static inline venue_position_t position(const fixture_t *fixture, venue_account_t account, venue_position_side_t side)
{
    venue_position_t out;
    assert_int_equal(venue_position(fixture->venue, account, fixture->btc, side, &out), RESULT_OK);
    return out;
}

static inline venue_balance_t balance(const fixture_t *fixture, venue_account_t account)
{
    venue_balance_t out;
    assert_int_equal(venue_balance(fixture->venue, account, fixture->usdt, &out), RESULT_OK);
    return out;
}

static inline venue_algo_t algo(const fixture_t *fixture, venue_account_t account, uint64_t id)
{
    venue_algo_t out;
    venue_ref_t ref = {.account = account, .instrument = INSTRUMENT_NONE, .id = id};
    assert_int_equal(venue_algo(fixture->venue, &ref, &out), RESULT_OK);
    return out;
}

static inline venue_order_t order_by_id(const fixture_t *fixture, venue_account_t account, uint64_t id)
{
    venue_order_t out;
    venue_ref_t ref = {.account = account, .instrument = fixture->btc, .id = id};
    assert_int_equal(venue_order(fixture->venue, &ref, &out), RESULT_OK);
    return out;
}

/* Money and every recount. */
static inline void assert_sound(const fixture_t *fixture)
{
    const char *what;
    venue_money_t money;
    if (venue_check_invariants(fixture->venue, &what) != RESULT_OK) {
        fail_msg("%s", what);
    }
    assert_int_equal(venue_check_money(fixture->venue, fixture->usdt, &money), RESULT_OK);
    assert_dec(money.difference, "0");
}

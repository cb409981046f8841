/* spot_fixture.h: a small spot exchange for the tests: BTC and BNB against USDT, round rules, no street: two accounts make the
 * market. */
#pragma once

#include "core/venue/spot.h"
#include "venue_fixture.h"

typedef struct {
    fixture_t *base;
    venue_t *venue;
    venue_sink_t *sink;
    instrument_id_t btc, bnb;
    venue_asset_t usdt_asset, btc_asset, bnb_asset;
    venue_account_t ann, bob;
} spot_fixture_t;

static inline instrument_t spot_fixture_rules(const char *base)
{
    char symbol[SYMBOL_TEXT_MAX];
    snprintf(symbol, sizeof symbol, "%.8sUSDT", base);
    instrument_t rules = fixture_rules(symbol);
    snprintf(rules.base, sizeof rules.base, "%s", base);
    rules.kind = INSTRUMENT_SPOT;
    rules.band_up = num("5");
    rules.band_down = num("0.2");
    rules.bracket_count = 0;
    return rules;
}

static inline void spot_fund_account(spot_fixture_t *spot, venue_account_t account, venue_asset_t asset, const char *amount)
{
    assert_int_equal(spot_transfer(spot->venue, spot->sink, account, asset, num(amount)), SPOT_REJECT_NONE);
}

static inline spot_fixture_t spot_fixture_new(void)
{
    venue_bounds_t bounds = venue_bounds_default();
    bounds.assets = 4;
    bounds.orders = 700;
    bounds.algos = 16;
    bounds.order_history = 100;
    bounds.street_levels = 200;
    bounds.order_lists = 32;
    bounds.change_history = 16;
    spot_fixture_t spot = {.base = fixture_new_bounds(7, &bounds)};
    spot.venue = spot.base->venue;
    spot.sink = &spot.base->sink;
    spot.usdt_asset = spot.base->usdt;
    assert_int_equal(venue_asset_add(spot.venue, STR("BTC"), &spot.btc_asset), RESULT_OK);
    assert_int_equal(venue_asset_add(spot.venue, STR("BNB"), &spot.bnb_asset), RESULT_OK);
    instrument_t rules = spot_fixture_rules("BTC");
    assert_int_equal(venue_instrument_add(spot.venue, &rules, &spot.btc), RESULT_OK);
    rules = spot_fixture_rules("BNB");
    assert_int_equal(venue_instrument_add(spot.venue, &rules, &spot.bnb), RESULT_OK);
    assert_int_equal(venue_account_open(spot.venue, &spot.ann), RESULT_OK);
    assert_int_equal(venue_account_open(spot.venue, &spot.bob), RESULT_OK);
    for (venue_account_t account = spot.ann; account <= spot.bob; account++) {
        spot_fund_account(&spot, account, spot.usdt_asset, "100000");
        spot_fund_account(&spot, account, spot.btc_asset, "10");
        spot_fund_account(&spot, account, spot.bnb_asset, "100");
    }
    return spot;
}

static inline void spot_fixture_check(const spot_fixture_t *spot)
{
    const char *what = NULL;
    if (venue_check_invariants(spot->venue, &what) != RESULT_OK) {
        fail_msg("%s", what);
    }
    for (uint32_t asset = 0; asset < venue_asset_count(spot->venue); asset++) {
        venue_money_t money;
        assert_int_equal(venue_check_money(spot->venue, (venue_asset_t)asset, &money), RESULT_OK);
        assert_dec(money.difference, "0");
    }
}

static inline void spot_fixture_free(spot_fixture_t *spot)
{
    spot_fixture_check(spot);
    free(spot->base->memory);
    free(spot->base);
}

static inline spot_place_t spot_order_of(const spot_fixture_t *spot, venue_account_t account, venue_side_t side, spot_type_t type,
                                         const char *quantity, const char *price)
{
    spot_place_t place;
    memset(&place, 0, sizeof place);
    place.account = account;
    place.instrument = spot->btc;
    place.side = side;
    place.type = type;
    place.quantity = quantity != NULL ? num(quantity) : DEC_ZERO;
    place.price = price != NULL ? num(price) : DEC_ZERO;
    return place;
}

static inline spot_order_t spot_accepted(spot_fixture_t *spot, const spot_place_t *place)
{
    spot_order_t after;
    memset(&after, 0, sizeof after);
    spot_reply_t reply = spot_place(spot->venue, spot->sink, place, &after);
    assert_string_equal(spot_reject_text(reply.reject), "success");
    spot_fixture_check(spot);
    return after;
}

static inline spot_order_t spot_limit(spot_fixture_t *spot, venue_account_t account, venue_side_t side, const char *quantity,
                                      const char *price)
{
    spot_place_t place = spot_order_of(spot, account, side, SPOT_LIMIT, quantity, price);
    return spot_accepted(spot, &place);
}

/* Refused, nothing changed, nothing told. */
static inline void spot_refused(spot_fixture_t *spot, const spot_place_t *place, spot_reject_t expected)
{
    uint8_t before[32], now[32];
    venue_digest(spot->venue, before);
    uint32_t events = spot->base->event_count;
    spot_reply_t reply = spot_place(spot->venue, spot->sink, place, NULL);
    assert_string_equal(spot_reject_text(reply.reject), spot_reject_text(expected));
    venue_digest(spot->venue, now);
    assert_memory_equal(before, now, sizeof now);
    assert_int_equal(spot->base->event_count, events);
}

/* The last price becomes `price`: bob sells a little to ann. */
static inline void spot_print(spot_fixture_t *spot, const char *price)
{
    (void)spot_limit(spot, spot->ann, VENUE_BUY, "0.001", price);
    (void)spot_limit(spot, spot->bob, VENUE_SELL, "0.001", price);
}

static inline spot_order_t spot_now(const spot_fixture_t *spot, venue_account_t account, uint64_t id)
{
    spot_ref_t ref = {.account = account, .instrument = spot->btc, .id = id};
    spot_order_t order;
    memset(&order, 0, sizeof order);
    assert_int_equal(spot_order(spot->venue, &ref, &order), RESULT_OK);
    return order;
}

static inline void assert_balance(const spot_fixture_t *spot, venue_account_t account, venue_asset_t asset, const char *free_amount,
                                  const char *locked)
{
    spot_balance_t balance;
    assert_int_equal(spot_balance(spot->venue, account, asset, &balance), RESULT_OK);
    assert_dec(balance.free, free_amount);
    assert_dec(balance.locked, locked);
}

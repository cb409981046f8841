/* test_collateral.c: multi-assets mode: one margin over all assets at index and buffer, its refusals, its liquidation price, the
 * exchange of one asset for what is owed in another; and money that stays the same in each asset. Figures by hand: docs/venue.md.
 * shows: VEN-3, I6, I18 */
#include "venue_fixture.h"

typedef struct {
    fixture_t *fixture;
    venue_account_t ann, bob, cid; /* bob and cid are rich and make the prices */
    venue_asset_t bnb;
    instrument_id_t bnb_usdt;
} joint_t;

/* A trade between the rich: the price, and with it the mark. */
static void trade_at(const joint_t *joint, instrument_id_t id, const char *quantity, const char *price)
{
    fixture_t *fixture = joint->fixture;
    venue_place_t sell = limit_order(fixture, joint->bob, VENUE_SELL, quantity, price);
    venue_place_t buy = limit_order(fixture, joint->cid, VENUE_BUY, quantity, price);
    sell.instrument = buy.instrument = id;
    (void)must_place(fixture, &sell);
    (void)must_place(fixture, &buy);
}

static joint_t joint_new(const char *usdt, const char *bnb)
{
    venue_bounds_t bounds = fixture_bounds();
    bounds.assets = 3;
    joint_t joint = {.fixture = fixture_new_bounds(7, &bounds)};
    fixture_t *fixture = joint.fixture;
    instrument_t rules = fixture_rules("BNBUSDT");
    snprintf(rules.base, sizeof rules.base, "BNB");
    assert_int_equal(venue_asset_add(fixture->venue, STR("BNB"), &joint.bnb), RESULT_OK);
    assert_int_equal(venue_instrument_add(fixture->venue, &rules, &joint.bnb_usdt), RESULT_OK);
    joint.ann = fixture_account(fixture, usdt);
    joint.bob = fixture_account(fixture, "10000000");
    joint.cid = fixture_account(fixture, "10000000");
    assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, joint.ann, joint.bnb, num(bnb)), VENUE_REJECT_NONE);
    trade_at(&joint, fixture->btc, "0.001", "50000");
    trade_at(&joint, joint.bnb_usdt, "0.1", "600");
    return joint;
}

static int switch_to(const joint_t *joint, bool multi)
{
    return venue_reject_code(venue_set_multi_assets(joint->fixture->venue, &joint->fixture->sink, joint->ann, multi).reject);
}

static venue_collateral_t worth(const joint_t *joint)
{
    venue_collateral_t out;
    assert_int_equal(venue_collateral(joint->fixture->venue, joint->ann, &out), RESULT_OK);
    return out;
}

static venue_balance_t bnb_of(const joint_t *joint)
{
    venue_balance_t out;
    assert_int_equal(venue_balance(joint->fixture->venue, joint->ann, joint->bnb, &out), RESULT_OK);
    return out;
}

static void assert_money(const joint_t *joint)
{
    for (venue_asset_t asset = 0; asset < 2; asset++) {
        venue_money_t money;
        assert_int_equal(venue_check_money(joint->fixture->venue, asset, &money), RESULT_OK);
        assert_dec(money.difference, "0");
    }
    assert_sound(joint->fixture);
}

static void buy_one(const joint_t *joint, const char *price)
{
    venue_place_t sell = limit_order(joint->fixture, joint->bob, VENUE_SELL, "1", price);
    venue_place_t buy = limit_order(joint->fixture, joint->ann, VENUE_BUY, "1", price);
    (void)must_place(joint->fixture, &sell);
    (void)must_place(joint->fixture, &buy);
}

/* In multi-assets mode with 1,000 USDT and these BNB, long one at 50,000. */
static joint_t joint_long(const char *bnb)
{
    joint_t joint = joint_new("1000", bnb);
    assert_int_equal(switch_to(&joint, true), 200);
    buy_one(&joint, "50000");
    return joint;
}

static void all_assets_are_one_margin(void **state)
{
    (void)state;
    joint_t joint = joint_new("1000", "10");
    fixture_t *fixture = joint.fixture;
    venue_asset_index_t index;
    assert_int_equal(venue_asset_index(fixture->venue, joint.bnb, &index), RESULT_OK);
    assert_dec(index.index, "600");
    assert_dec(index.bid_rate, "570");
    assert_dec(index.ask_rate, "630");
    assert_dec(index.exchange_bid_rate, "585");
    /* Alone the 1,000 USDT are too little for 1 BTC at 20x. */
    venue_place_t buy = limit_order(fixture, joint.ann, VENUE_BUY, "1", "50000");
    must_refuse(fixture, &buy, -2019);
    assert_int_equal(switch_to(&joint, true), 200);
    assert_dec(worth(&joint).margin_balance, "6699.9"); /* 1,000 * 0.9999 + 10 * 570 */
    buy_one(&joint, "50000");
    assert_dec(balance(fixture, joint.ann).wallet, "975"); /* fee 25 */
    assert_dec(worth(&joint).margin_balance, "6674.9025");
    assert_dec(worth(&joint).position_initial_margin, "2500.25"); /* 2,500 * 1.0001 */
    assert_dec(worth(&joint).available, "4174.6525");
    assert_dec(balance(fixture, joint.ann).available, "4174.23507649"); /* / 1.0001 */
    assert_dec(bnb_of(&joint).withdrawable_max, "6.62643253");          /* 4,174.6525 / 630 */
    /* 975 + 5,700 / 1.0001 = 6,674.43005699; (6,674.43005699 - 50,000) / (0.004 - 1). */
    assert_dec(position(fixture, joint.ann, VENUE_POSITION_BOTH).liquidation_price, "43499.56821587");
    /* A cheaper BNB is less margin. */
    trade_at(&joint, joint.bnb_usdt, "0.1", "500");
    assert_dec(worth(&joint).margin_balance, "5724.9025");
    assert_money(&joint);
    fixture_free(fixture);
}

static void what_stands_against_the_mode(void **state)
{
    (void)state;
    joint_t joint = joint_new("1000", "10");
    fixture_t *fixture = joint.fixture;
    venue_t *venue = fixture->venue;
    assert_int_equal(switch_to(&joint, false), -4171);
    assert_int_equal(venue_set_margin(venue, &fixture->sink, joint.ann, fixture->btc, VENUE_MARGIN_ISOLATED).reject,
                     VENUE_REJECT_NONE);
    assert_int_equal(switch_to(&joint, true), -4167);
    assert_int_equal(venue_set_margin(venue, &fixture->sink, joint.ann, fixture->btc, VENUE_MARGIN_CROSS).reject,
                     VENUE_REJECT_NONE);
    venue_place_t deep = limit_order(fixture, joint.ann, VENUE_BUY, "0.1", "40000");
    (void)must_place(fixture, &deep);
    assert_int_equal(switch_to(&joint, true), -4170);
    assert_int_equal(venue_cancel_all(venue, &fixture->sink, joint.ann, fixture->btc, NULL).reject, VENUE_REJECT_NONE);
    assert_int_equal(switch_to(&joint, true), 200);
    const venue_event_t *last = &fixture->events[(fixture->event_count - 1) % FIXTURE_EVENTS_MAX];
    assert_int_equal(last->kind, VENUE_EVENT_MULTI_ASSETS);
    assert_true(last->multi_assets);
    assert_int_equal(switch_to(&joint, true), -4171);
    assert_int_equal(
        venue_reject_code(venue_set_margin(venue, &fixture->sink, joint.ann, fixture->btc, VENUE_MARGIN_ISOLATED).reject), -4168);
    buy_one(&joint, "50000");
    uint32_t before = fixture->event_count;
    assert_int_equal(switch_to(&joint, false), -4169); /* USDT alone bears no 2,500 */
    assert_int_equal(fixture->event_count, before);
    assert_dec(worth(&joint).margin_balance, "6674.9025"); /* and the mode has stayed */
    /* Sold 2,000 lower: the wallet of USDT is in debt, the BNB stand against it. */
    venue_place_t bid = limit_order(fixture, joint.bob, VENUE_BUY, "1", "48000");
    venue_place_t sell = market_order(fixture, joint.ann, VENUE_SELL, "1");
    (void)must_place(fixture, &bid);
    (void)must_place(fixture, &sell);
    assert_dec(balance(fixture, joint.ann).wallet, "-1049"); /* 975 - 2,000 - 24 */
    assert_int_equal(switch_to(&joint, false), -4172);
    assert_int_equal(venue_transfer(venue, &fixture->sink, joint.ann, fixture->usdt, num("1049")), VENUE_REJECT_NONE);
    assert_int_equal(switch_to(&joint, false), 200);
    assert_money(&joint);
    fixture_free(fixture);
}

static void a_liquidation_sells_the_other_assets(void **state)
{
    (void)state;
    joint_t joint = joint_long("10");
    fixture_t *fixture = joint.fixture;
    trade_at(&joint, fixture->btc, "0.001", "43499.6");
    assert_dec(position(fixture, joint.ann, VENUE_POSITION_BOTH).amount, "1"); /* a tick above */
    trade_at(&joint, fixture->btc, "0.001", "43499.5");
    assert_dec(position(fixture, joint.ann, VENUE_POSITION_BOTH).amount, "0");
    /* Equity is 174.01 USD there; the fund takes the position over where it is used up: 43,499.5 - 173.99 = 43,325.51, up to the
     * tick 43,325.6. Wallet 975 - 6,674.4 = -5,699.4: for these the fund takes 5,699.4 * 1.0001 / 585 = 9.74353836 BNB. */
    assert_dec(balance(fixture, joint.ann).wallet, "0");
    assert_dec(bnb_of(&joint).wallet, "0.25646164");
    venue_money_t money;
    assert_int_equal(venue_check_money(fixture->venue, joint.bnb, &money), RESULT_OK);
    assert_dec(money.insurance, "1000009.74353836");
    venue_income_t rows[50];
    venue_select_t select = {.account = joint.ann, .instrument = INSTRUMENT_NONE, .newest = true};
    uint32_t count = venue_incomes(fixture->venue, &select, rows, 50);
    assert_int_equal(rows[count - 1].kind, VENUE_INCOME_AUTO_EXCHANGE);
    assert_dec(rows[count - 1].amount, "5699.4");
    assert_dec(rows[count - 2].amount, "-9.74353836");
    assert_money(&joint);
    fixture_free(fixture);
}

static void a_debt_beyond_ten_thousand_is_bought_back(void **state)
{
    (void)state;
    joint_t joint = joint_long("100");
    fixture_t *fixture = joint.fixture;
    venue_place_t bid = limit_order(fixture, joint.cid, VENUE_BUY, "1", "39100"),
                  sell = market_order(fixture, joint.ann, VENUE_SELL, "1");
    (void)must_place(fixture, &bid);
    (void)must_place(fixture, &sell);
    assert_dec(balance(fixture, joint.ann).wallet, "-9944.55"); /* 975 - 10,900 - 19.55: not yet */
    assert_dec(bnb_of(&joint).wallet, "100");
    trade_at(&joint, fixture->btc, "0.001", "39100");
    buy_one(&joint, "39100");
    bid = limit_order(fixture, joint.cid, VENUE_BUY, "1", "39000");
    (void)must_place(fixture, &bid);
    (void)must_place(fixture, &sell);
    /* -9,944.55 - 19.55 - 100 - 19.5 = -10,083.6, for which 10,083.6 * 1.0001 / 585 = 17.23864677 BNB go. */
    assert_dec(balance(fixture, joint.ann).wallet, "0");
    assert_dec(bnb_of(&joint).wallet, "82.76135323");
    assert_money(&joint);
    fixture_free(fixture);
}

/* Nothing that ann holds a position in moves: only what BNB is worth. */
static void collateral_that_falls_is_looked_at(void **state)
{
    (void)state;
    joint_t joint = joint_long("10");
    fixture_t *fixture = joint.fixture;
    trade_at(&joint, fixture->btc, "0.001", "47000");
    /* 975 - 3,000 = -2,025 USDT at 1.0001 are 2,025.2025 USD; maintenance 188 * 1.0001 = 188.0188. BNB must bear 2,213.2213:
     * 10 * p * 0.95 does down to 232.97. */
    uint32_t calls = fixture->event_count;
    trade_at(&joint, joint.bnb_usdt, "0.1", "233");
    assert_dec(position(fixture, joint.ann, VENUE_POSITION_BOTH).amount, "1");
    trade_at(&joint, joint.bnb_usdt, "0.1", "232.9");
    assert_dec(position(fixture, joint.ann, VENUE_POSITION_BOTH).amount, "0");
    bool called = false;
    for (; calls < fixture->event_count; calls++) {
        const venue_event_t *event = &fixture->events[calls % FIXTURE_EVENTS_MAX];
        called = called || (event->kind == VENUE_EVENT_MARGIN_CALL && event->account == joint.ann);
    }
    assert_true(called);
    assert_money(&joint);
    fixture_free(fixture);
}

/* Along the path of a candle: at the very price, not at the end of the bar. */
static void collateral_that_falls_inside_a_bar(void **state)
{
    (void)state;
    joint_t joint = joint_long("10");
    fixture_t *fixture = joint.fixture;
    trade_at(&joint, fixture->btc, "0.001", "47000");
    candle_t bar = hour(FIXTURE_START_NS, "600", "600", "100", "100", "1000");
    assert_int_equal(venue_market_bar(fixture->venue, joint.bnb_usdt, TF_1H, &bar), RESULT_OK);
    assert_int_equal(venue_advance_to_event(fixture->venue, &fixture->sink, bar.open_ns + NS_PER_HOUR), RESULT_OK);
    assert_dec(venue_last_price(fixture->venue, joint.bnb_usdt), "232.9");
    assert_dec(position(fixture, joint.ann, VENUE_POSITION_BOTH).amount, "0");
    assert_money(&joint);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_assets_are_one_margin),
        cmocka_unit_test(what_stands_against_the_mode),
        cmocka_unit_test(a_liquidation_sells_the_other_assets),
        cmocka_unit_test(collateral_that_falls_is_looked_at),
        cmocka_unit_test(collateral_that_falls_inside_a_bar),
        cmocka_unit_test(a_debt_beyond_ten_thousand_is_bought_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

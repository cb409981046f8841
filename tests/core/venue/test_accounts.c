/* test_accounts.c: figures worked by hand (docs/venue.md shows the same): fees, margin, liquidation price, funding, isolated
 * margin, hedge mode, liquidation. shows: VEN-3, ORD-10, ORD-14 */
#include "venue_fixture.h"

/* Flat hours at 50,000: the street quotes 49,999.9 / 50,000.1. */
static fixture_t *flat_market(void)
{
    fixture_t *fixture = fixture_new();
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    return fixture;
}

static void fee_and_margin_of_a_market_order(void **state)
{
    (void)state;
    fixture_t *fixture = flat_market();
    venue_account_t account = fixture_account(fixture, "10000");
    venue_place_t place = market_order(fixture, account, VENUE_BUY, "0.5");
    venue_order_t order = must_place(fixture, &place);
    assert_int_equal(order.status, VENUE_STATUS_FILLED);
    assert_dec(order.average_price, "50000.1");
    /* 0.5 * 50,000.1 * 0.0005 = 12.500025; wallet 10,000 - 12.500025 */
    assert_dec(balance(fixture, account).wallet, "9987.499975");
    venue_position_t held = position(fixture, account, VENUE_POSITION_BOTH);
    assert_dec(held.amount, "0.5");
    assert_dec(held.entry_price, "50000.1");
    assert_dec(held.unrealised_pnl, "-0.05");         /* 0.5 * (50,000 - 50,000.1) */
    assert_dec(held.position_initial_margin, "1250"); /* 25,000 / 20 */
    assert_dec(held.maintenance_margin, "100");       /* 25,000 * 0.4 % */
    assert_dec(balance(fixture, account).available, "8737.449975");
    /* LP = (9987.499975 - 0.5 * 50000.1) / (0.5 * 0.004 - 0.5) */
    assert_dec(held.liquidation_price, "30145.68278112");
    assert_dec(held.break_even_price, "50025.10005"); /* entry + 12.500025 / 0.5 */
    assert_sound(fixture);
    fixture_free(fixture);
}

static void liquidation_price_of_a_short_in_a_higher_bracket(void **state)
{
    (void)state;
    fixture_t *fixture = flat_market();
    venue_account_t account = fixture_account(fixture, "20000");
    venue_place_t place = market_order(fixture, account, VENUE_SELL, "2");
    (void)must_place(fixture, &place);
    venue_position_t held = position(fixture, account, VENUE_POSITION_BOTH);
    assert_dec(held.maintenance_margin, "700"); /* 100,000 * 1 % - 300 */
    /* wallet 20,000 - 2 * 49,999.9 * 0.0005 = 19,950.0001... minus the level impact; LP = (wallet + 300 + cost) / (2 * 0.01 + 2) */
    dec_t wallet = balance(fixture, account).wallet, cost, above, price;
    assert_int_equal(dec_mul(held.entry_price, num("2"), DEC_ROUND_DOWN, &cost), RESULT_OK);
    assert_int_equal(dec_add(wallet, dec_plus(num("300"), cost), &above), RESULT_OK);
    assert_int_equal(dec_div(above, num("2.02"), DEC_ROUND_DOWN, &price), RESULT_OK);
    assert_int_equal(dec_quantise(price, num("0.00000001"), DEC_ROUND_DOWN, &price), RESULT_OK);
    assert_true(dec_le(dec_abs(dec_minus(price, held.liquidation_price)), num("0.00000002")));
    fixture_free(fixture);
}

static void funding_is_paid_every_eight_hours(void **state)
{
    (void)state;
    fixture_t *fixture = flat_market();
    venue_account_t account = fixture_account(fixture, "10000"), other = fixture_account(fixture, "10000");
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.4"), sell = market_order(fixture, other, VENUE_SELL, "0.1");
    (void)must_place(fixture, &buy);
    (void)must_place(fixture, &sell);
    dec_t before = balance(fixture, account).wallet, other_before = balance(fixture, other).wallet;
    assert_true(venue_mark(fixture->venue, fixture->btc).funding_next_ns == FIXTURE_START_NS + 8 * NS_PER_HOUR);
    for (int i = 1; i <= 8; i++) {
        install(fixture, FIXTURE_START_NS + i * NS_PER_HOUR, "50000", "50000", "50000", "50000");
        advance_to(fixture, FIXTURE_START_NS + i * NS_PER_HOUR);
    }
    assert_dec(dec_minus(before, balance(fixture, account).wallet), "2");       /* 0.4 * 50,000 * 0.0001 */
    assert_dec(dec_minus(balance(fixture, other).wallet, other_before), "0.5"); /* the short receives */
    venue_income_t incomes[8];
    venue_select_t select = {.account = account, .instrument = INSTRUMENT_NONE, .newest = true};
    assert_int_equal(venue_incomes(fixture->venue, &select, incomes, 1), 1);
    assert_int_equal(incomes[0].kind, VENUE_INCOME_FUNDING_FEE);
    assert_dec(incomes[0].amount, "-2");
    assert_sound(fixture);
    fixture_free(fixture);
}

static void average_entry_and_realised_profit(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_account_t account = fixture_account(fixture, "100000"), other = fixture_account(fixture, "100000");
    assert_int_equal(venue_account_fees(fixture->venue, account, DEC_ZERO, DEC_ZERO), RESULT_OK);
    const char *prices[] = {"10000", "10001", "10005"};
    for (int i = 0; i < 3; i++) {
        venue_place_t sell = limit_order(fixture, other, VENUE_SELL, "0.001", prices[i]);
        venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.001", prices[i]);
        (void)must_place(fixture, &sell);
        (void)must_place(fixture, &buy);
    }
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).entry_price, "10002");
    venue_place_t bid = limit_order(fixture, other, VENUE_BUY, "0.005", "10012");
    venue_place_t out = limit_order(fixture, account, VENUE_SELL, "0.005", "10012"); /* closes 0.003, opens 0.002 short */
    (void)must_place(fixture, &bid);
    (void)must_place(fixture, &out);
    venue_position_t held = position(fixture, account, VENUE_POSITION_BOTH);
    assert_dec(held.amount, "-0.002");
    assert_dec(held.entry_price, "10012");
    assert_dec(held.realised_pnl, "0.03");
    assert_dec(balance(fixture, account).wallet, "100000.03");
    assert_sound(fixture);
    fixture_free(fixture);
}

static void isolated_margin_moves_and_is_released(void **state)
{
    (void)state;
    fixture_t *fixture = flat_market();
    venue_account_t account = fixture_account(fixture, "1000");
    assert_int_equal(venue_set_margin(fixture->venue, &fixture->sink, account, fixture->btc, VENUE_MARGIN_ISOLATED).reject,
                     VENUE_REJECT_NONE);
    assert_int_equal(
        venue_reject_code(venue_set_margin(fixture->venue, &fixture->sink, account, fixture->btc, VENUE_MARGIN_ISOLATED).reject),
        -4046);
    assert_int_equal(venue_set_leverage(fixture->venue, &fixture->sink, account, fixture->btc, 10, NULL).reject, VENUE_REJECT_NONE);
    venue_place_t buy = market_order(fixture, account, VENUE_BUY, "0.02");
    (void)must_place(fixture, &buy);
    venue_position_t held = position(fixture, account, VENUE_POSITION_BOTH);
    assert_dec(held.isolated_wallet, "100.0002"); /* 0.02 * 50,000.1 / 10 */
    /* LP = (100.0002 - 1000.002) / (0.02 * 0.004 - 0.02) */
    assert_dec(held.liquidation_price, "45180.81325301");
    assert_int_equal(
        venue_move_margin(fixture->venue, &fixture->sink, account, fixture->btc, VENUE_POSITION_BOTH, num("50")).reject,
        VENUE_REJECT_NONE);
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).isolated_wallet, "150.0002");
    assert_int_equal(
        venue_reject_code(
            venue_move_margin(fixture->venue, &fixture->sink, account, fixture->btc, VENUE_POSITION_BOTH, num("-60")).reject),
        -4051);
    assert_int_equal(venue_reject_code(venue_set_leverage(fixture->venue, &fixture->sink, account, fixture->btc, 5, NULL).reject),
                     -4161);
    venue_place_t sell = market_order(fixture, account, VENUE_SELL, "0.02");
    sell.reduce_only = sell.reduce_only_sent = true;
    (void)must_place(fixture, &sell);
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).isolated_wallet, "0");
    /* 1,000 - 0.004 (spread) - 0.500001 - 0.499999 */
    assert_dec(balance(fixture, account).cross_wallet, "998.996");
    assert_sound(fixture);
    fixture_free(fixture);
}

static void hedge_mode_keeps_two_legs(void **state)
{
    (void)state;
    fixture_t *fixture = flat_market();
    venue_account_t account = fixture_account(fixture, "10000");
    assert_int_equal(venue_set_mode(fixture->venue, &fixture->sink, account, VENUE_MODE_HEDGE).reject, VENUE_REJECT_NONE);
    venue_place_t place = market_order(fixture, account, VENUE_BUY, "0.1");
    must_refuse(fixture, &place, -4061);
    place.position_side = VENUE_POSITION_LONG;
    (void)must_place(fixture, &place);
    place.side = VENUE_SELL;
    place.position_side = VENUE_POSITION_SHORT;
    place.quantity = num("0.05");
    (void)must_place(fixture, &place);
    assert_dec(position(fixture, account, VENUE_POSITION_LONG).amount, "0.1");
    assert_dec(position(fixture, account, VENUE_POSITION_SHORT).amount, "-0.05");
    place.side = VENUE_BUY; /* closes the short; more than it holds is cut off */
    place.quantity = num("0.08");
    venue_order_t order = must_place(fixture, &place);
    assert_int_equal(order.status, VENUE_STATUS_EXPIRED);
    assert_int_equal(order.expiry, VENUE_EXPIRY_REDUCE_ONLY);
    assert_dec(order.filled, "0.05");
    must_refuse(fixture, &place, -2022);
    place.reduce_only = place.reduce_only_sent = true;
    must_refuse(fixture, &place, -1106);
    assert_int_equal(venue_reject_code(venue_set_mode(fixture->venue, &fixture->sink, account, VENUE_MODE_ONE_WAY).reject), -4068);
    assert_sound(fixture);
    fixture_free(fixture);
}

static void a_crash_liquidates_and_the_fund_takes_the_rest(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    candle_t bar = hour(FIXTURE_START_NS, "50000", "50000", "40000", "41000", "0.05"); /* a thin market: the street buys little */
    assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bar), RESULT_OK);
    venue_account_t account = fixture_account(fixture, "1000");
    venue_account_t maker = fixture_account(fixture, "100000");
    venue_place_t sell = limit_order(fixture, maker, VENUE_SELL, "0.3", "50000");
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.3", "50000");
    (void)must_place(fixture, &sell);
    (void)must_place(fixture, &buy);
    dec_t liquidation = position(fixture, account, VENUE_POSITION_BOTH).liquidation_price;
    assert_true(dec_gt(liquidation, num("46000")) && dec_lt(liquidation, num("47000")));
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    assert_dec(position(fixture, account, VENUE_POSITION_BOTH).amount, "0");
    assert_true(dec_sign(balance(fixture, account).wallet) >= 0);
    assert_true(dec_lt(balance(fixture, account).wallet, num("60")));
    bool seen = false, taken = false, called = false;
    for (uint32_t i = 0; i < fixture->event_count; i++) {
        const venue_event_t *event = &fixture->events[i];
        if (event->kind == VENUE_EVENT_LIQUIDATION) {
            seen = true;
            /* it happened on the first tick at or below the liquidation price */
            assert_true(event->time_ns > FIXTURE_START_NS);
        }
        taken = taken || (event->kind == VENUE_EVENT_ORDER && event->order.execution == VENUE_EXEC_CALCULATED);
        called = called || event->kind == VENUE_EVENT_MARGIN_CALL;
    }
    assert_true(seen && taken && called);
    assert_sound(fixture);
    fixture_free(fixture);
}

static void transfers_respect_what_is_in_use(void **state)
{
    (void)state;
    fixture_t *fixture = flat_market();
    venue_account_t account = fixture_account(fixture, "1000");
    assert_int_equal(venue_reject_code(venue_transfer(fixture->venue, &fixture->sink, account, fixture->usdt, num("-1000.01"))),
                     -2018);
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.3", "49000"); /* 14,700 / 20 = 735 */
    (void)must_place(fixture, &buy);
    assert_dec(balance(fixture, account).order_initial_margin, "735");
    assert_int_equal(venue_reject_code(venue_transfer(fixture->venue, &fixture->sink, account, fixture->usdt, num("-265.01"))),
                     -2018);
    assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, account, fixture->usdt, num("-265")), VENUE_REJECT_NONE);
    must_refuse(fixture, &buy, -2019);
    assert_int_equal(venue_reject_code(venue_transfer(fixture->venue, &fixture->sink, account, fixture->usdt, num("0.000000001"))),
                     -1111);
    assert_sound(fixture);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fee_and_margin_of_a_market_order),
        cmocka_unit_test(liquidation_price_of_a_short_in_a_higher_bracket),
        cmocka_unit_test(funding_is_paid_every_eight_hours),
        cmocka_unit_test(average_entry_and_realised_profit),
        cmocka_unit_test(isolated_margin_moves_and_is_released),
        cmocka_unit_test(hedge_mode_keeps_two_legs),
        cmocka_unit_test(a_crash_liquidates_and_the_fund_takes_the_rest),
        cmocka_unit_test(transfers_respect_what_is_in_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

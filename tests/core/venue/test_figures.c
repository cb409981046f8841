/* test_figures.c: premium from impact prices, funding from the premium, the median that is the mark, bars of the three, and who
 * holds what. Figures by hand: docs/venue.md. shows: VEN-3 */
#include "venue_fixture.h"

static fixture_t *figures_fixture(void)
{
    venue_bounds_t bounds = fixture_bounds();
    bounds.figure_history = 8;
    bounds.interest_history = 6;
    return fixture_new_bounds(7, &bounds);
}

static void make_synthetic(fixture_t *fixture, int64_t step_ns)
{
    venue_synthetic_t market = {.price = num("50000"), .volatility_day = 0.04, .volume_day = num("100000"), .step_ns = step_ns};
    assert_int_equal(venue_market_synthetic(fixture->venue, fixture->btc, &market), RESULT_OK);
}

static venue_figure_bar_t newest(const fixture_t *fixture, venue_figure_t figure, timeframe_t timeframe)
{
    venue_figure_bar_t bar;
    assert_int_equal(venue_figures(fixture->venue, fixture->btc, figure, timeframe, 0, 0, &bar, 1), 1);
    return bar;
}

/* Bids 0.3 at 50,100 and 1 at 50,050 over an index of 50,000; impact notional 200 * 125 = 25,000. */
static void the_premium_is_that_of_the_impact_prices(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    const level_t bids[] = {{num("50100"), num("0.3")}, {num("50050"), num("1")}}, asks[] = {{num("50110"), num("3")}};
    market_event_t event = {.kind = MARKET_DEPTH, .instrument = fixture->btc, .time_ns = FIXTURE_START_NS + 1};
    event.depth = (depth_t){.bids = bids, .bid_count = 2, .asks = asks, .ask_count = 1, .last_id = 5, .snapshot = true};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &event), RESULT_OK);
    market_event_t mark = {.kind = MARKET_MARK, .instrument = fixture->btc, .time_ns = FIXTURE_START_NS + 6 * NS_PER_S};
    mark.mark = (mark_t){.mark = num("50010"), .index = num("50000")};
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &mark), RESULT_OK);
    /* 15,030 at 50,100 and 9,970 at 50,050: 25,000 / 0.49920079920079 = 50,080.04803843; the ask is above the index. */
    assert_dec(newest(fixture, VENUE_FIGURE_PREMIUM, TF_1M).close, "0.00160096");
    assert_dec(newest(fixture, VENUE_FIGURE_MARK, TF_1H).close, "50010");
    assert_dec(newest(fixture, VENUE_FIGURE_INDEX, TF_1D).close, "50000");
    /* An index above the asks: 50,110 - 51,000 = -890. */
    mark.time_ns += 5 * NS_PER_S;
    mark.mark.index = num("51000");
    assert_int_equal(venue_market_event(fixture->venue, &fixture->sink, &mark), RESULT_OK);
    venue_figure_bar_t bar = newest(fixture, VENUE_FIGURE_PREMIUM, TF_1M);
    assert_dec(bar.close, "-0.01745098");
    assert_dec(bar.high, "0.00160096");
    assert_int_equal(bar.samples, 3); /* the first before there was a recorded mark: 0 */
    fixture_free(fixture);
}

/* Every premium of an interval is seen, and the n-th counts n times. */
static void funding_of(uint32_t hours)
{
    fixture_t *fixture = figures_fixture();
    instrument_t rules = *venue_instrument_at(fixture->venue, fixture->btc);
    rules.funding_hours = hours;
    const venue_street_t street = venue_street_default();
    assert_int_equal(venue_instrument_update(fixture->venue, &fixture->sink, fixture->btc, &rules), RESULT_OK);
    assert_int_equal(venue_street_set(fixture->venue, fixture->btc, &street), RESULT_OK);
    make_synthetic(fixture, 5 * NS_PER_S);
    int128_t sum = 0, weights = 0;
    for (int64_t n = 1; n <= hours * 720 - 1; n++) {
        advance_to(fixture, FIXTURE_START_NS + n * 5 * NS_PER_S);
        int64_t premium8 = (int64_t)(newest(fixture, VENUE_FIGURE_PREMIUM, TF_1M).close.units / 10000000000);
        sum += (int128_t)premium8 * n;
        weights += n;
    }
    int64_t average8 = (int64_t)(sum / weights), rest8 = 10000 - average8;
    int64_t rate8 = average8 + (rest8 > 50000 ? 50000 : rest8 < -50000 ? -50000 : rest8);
    mark_t mark = venue_mark(fixture->venue, fixture->btc);
    assert_int_equal((int64_t)(mark.funding_rate.units / 10000000000), rate8 * hours / 8); /* told while the interval runs */
    assert_true(average8 != 0);
    fixture_free(fixture);
}

static void funding_is_made_of_the_premium(void **state)
{
    (void)state;
    funding_of(8);
    funding_of(4);
}

static void far_premiums_move_the_rate(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    make_synthetic(fixture, NS_PER_MIN);
    for (uint32_t day = 1; day <= 60; day++) {
        advance_to(fixture, FIXTURE_START_NS + day * NS_PER_DAY);
    }
    venue_funding_t rows[180];
    uint32_t count = venue_fundings(fixture->venue, fixture->btc, rows, 180), usual = 0, higher = 0, lower = 0;
    for (uint32_t i = 0; i < count; i++) {
        usual += dec_eq(rows[i].rate, num("0.0001"));
        higher += dec_lt(num("0.0001"), rows[i].rate);
        lower += dec_lt(rows[i].rate, num("0.0001"));
    }
    assert_int_equal(count, 180);
    assert_true(usual > 90 && higher > 3 && lower > 3); /* within the band the rate is the interest */
    fixture_free(fixture);
}

/* Without a premium: (0 + clamp(I - 0)) / (8 / N), held to 0.75 * the lowest maintenance rate. */
static dec_t rate_with(uint32_t funding_hours, const char *maintenance_rate, const char *interest_rate)
{
    fixture_t *fixture = figures_fixture();
    instrument_t rules = *venue_instrument_at(fixture->venue, fixture->btc);
    rules.funding_hours = funding_hours;
    rules.brackets[0].maintenance_rate = num(maintenance_rate);
    assert_int_equal(venue_instrument_update(fixture->venue, &fixture->sink, fixture->btc, &rules), RESULT_OK);
    venue_street_t street = venue_street_default();
    street.interest_rate = num(interest_rate);
    assert_int_equal(venue_street_set(fixture->venue, fixture->btc, &street), RESULT_OK);
    mark_t mark = venue_mark(fixture->venue, fixture->btc);
    assert_int_equal(mark.funding_next_ns - FIXTURE_START_NS, (int64_t)(funding_hours == 0 ? 8 : funding_hours) * NS_PER_HOUR);
    fixture_free(fixture);
    return mark.funding_rate;
}

static void shorter_intervals_pay_their_share_and_rates_are_capped(void **state)
{
    (void)state;
    assert_dec(rate_with(0, "0.004", "0.0001"), "0.0001");
    assert_dec(rate_with(8, "0.004", "0.0001"), "0.0001");
    assert_dec(rate_with(4, "0.004", "0.0001"), "0.00005");
    assert_dec(rate_with(1, "0.004", "0.0001"), "0.0000125");
    assert_dec(rate_with(8, "0.0001", "0.0001"), "0.000075");
    assert_dec(rate_with(8, "0.0001", "-0.0001"), "-0.000075");
    assert_dec(rate_with(4, "0.0001", "0.0001"), "0.00005"); /* the cap is that of a payment, whatever its interval */
}

/* Rules that change while an interval runs hold from its payment on. */
static void a_new_interval_begins_with_a_payment(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    make_synthetic(fixture, NS_PER_MIN);
    instrument_t rules = *venue_instrument_at(fixture->venue, fixture->btc);
    rules.funding_hours = 4;
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    assert_int_equal(venue_instrument_update(fixture->venue, &fixture->sink, fixture->btc, &rules), RESULT_OK);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_DAY);
    venue_funding_t rows[8];
    static const int64_t hours[] = {8, 12, 16, 20, 24};
    assert_int_equal(venue_fundings(fixture->venue, fixture->btc, rows, 8), 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(rows[i].time_ns, FIXTURE_START_NS + hours[i] * NS_PER_HOUR);
    }
    rules.funding_hours = 5;
    assert_int_equal(venue_instrument_update(fixture->venue, &fixture->sink, fixture->btc, &rules), RESULT_BAD_ARGUMENT);
    fixture_free(fixture);
}

static int64_t units8(dec_t value)
{
    return (int64_t)(value.units / 10000000000);
}

static int64_t median8(int64_t a, int64_t b, int64_t c)
{
    return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}

static void the_mark_is_the_median_of_three(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    make_synthetic(fixture, NS_PER_S);
    int64_t basis8[30], by_basis = 0;
    uint32_t seen = 0;
    double rate = 0.0001;
    for (int64_t second = 1; second <= 3600; second++) {
        advance_to(fixture, FIXTURE_START_NS + second * NS_PER_S);
        mark_t mark = venue_mark(fixture->venue, fixture->btc);
        int64_t index8 = units8(mark.index), contract8 = units8(venue_last_price(fixture->venue, fixture->btc));
        basis8[seen++ % 30] = contract8 - index8;
        int128_t sum8 = 0;
        uint32_t count = seen < 30 ? seen : 30;
        for (uint32_t i = 0; i < count; i++) {
            sum8 += basis8[i];
        }
        double carry = (double)index8 * rate * (double)(28800 - second) / 28800.0;
        int64_t wanted8 = median8(index8 + (int64_t)carry, index8 + (int64_t)(sum8 / count), contract8);
        assert_true(llabs(units8(mark.mark) - wanted8) < 100000); /* doubles here, exact there: 0.001 */
        by_basis += units8(mark.mark) == index8 + (int64_t)(sum8 / count);
        rate = (double)units8(mark.funding_rate) / 1e8;
    }
    assert_true(by_basis > 300);
    fixture_free(fixture);
}

static void a_candle_market_has_none(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    install(fixture, FIXTURE_START_NS, "50000", "50500", "49500", "50100");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    assert_false(venue_has_figures(fixture->venue, fixture->btc));
    mark_t mark = venue_mark(fixture->venue, fixture->btc);
    assert_true(dec_eq(mark.mark, mark.index));
    assert_dec(mark.funding_rate, "0.0001");
    fixture_free(fixture);
}

/* --- who holds what --------------------------------------------------------------------------- */

static void contracts_are_counted_once_and_holders_by_side(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    venue_account_t rich = fixture_account(fixture, "100000"), poor = fixture_account(fixture, "50000");
    for (uint32_t i = 0; i < 4; i++) {
        (void)fixture_account(fixture, "10"); /* six accounts: the top fifth are two */
    }
    venue_account_t third = 2;
    assert_int_equal(venue_transfer(fixture->venue, &fixture->sink, third, fixture->usdt, num("20000")), VENUE_REJECT_NONE);
    install(fixture, FIXTURE_START_NS, "50000", "50000", "50000", "50000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);
    venue_place_t sell = limit_order(fixture, rich, VENUE_SELL, "1", "50000"),
                  buy = limit_order(fixture, poor, VENUE_BUY, "1", "50000");
    (void)must_place(fixture, &sell);
    (void)must_place(fixture, &buy);
    venue_place_t more = market_order(fixture, third, VENUE_BUY, "0.5"); /* from the street */
    advance_to(fixture, FIXTURE_START_NS + 12 * NS_PER_MIN);
    (void)must_place(fixture, &more);
    assert_dec(venue_open_interest(fixture->venue, fixture->btc), "1.5");
    advance_to(fixture, FIXTURE_START_NS + 16 * NS_PER_MIN);
    venue_interest_t rows[6];
    assert_int_equal(venue_interests(fixture->venue, fixture->btc, 5 * NS_PER_MIN, 0, 0, rows, 6), 3);
    assert_true(rows[1].time_ns == FIXTURE_START_NS + 10 * NS_PER_MIN);
    assert_dec(rows[1].interest, "1");
    assert_dec(rows[1].value, "50000");
    assert_int_equal(rows[1].longs, 1);
    assert_int_equal(rows[1].shorts, 1);
    assert_dec(rows[2].interest, "1.5");
    assert_int_equal(rows[2].longs, 2);
    assert_int_equal(rows[2].top_longs, 1);
    assert_dec(rows[2].top_long, "1"); /* the third is not among the top */
    assert_dec(rows[2].top_short, "1");
    /* Six rows are kept; asked by the quarter of an hour, each at its time. */
    advance_to(fixture, FIXTURE_START_NS + 50 * NS_PER_MIN);
    assert_int_equal(venue_interests(fixture->venue, fixture->btc, 5 * NS_PER_MIN, 0, 0, rows, 6), 6);
    assert_true(rows[0].time_ns == FIXTURE_START_NS + 25 * NS_PER_MIN);
    assert_int_equal(venue_interests(fixture->venue, fixture->btc, 15 * NS_PER_MIN, 0, 0, rows, 6), 2);
    assert_int_equal(venue_interests(fixture->venue, fixture->btc, 15 * NS_PER_MIN, 0, 0, rows, 1), 1);
    assert_true(rows[0].time_ns == FIXTURE_START_NS + 45 * NS_PER_MIN);
    fixture_free(fixture);
}

/* A trade right after the boundary does not reach back, however far the clock was moved at once. */
static void a_row_tells_how_it_was_at_its_instant(void **state)
{
    (void)state;
    fixture_t *fixture = figures_fixture();
    venue_account_t account = fixture_account(fixture, "100000");
    install(fixture, FIXTURE_START_NS, "50000", "51000", "50000", "51000");
    advance_to(fixture, FIXTURE_START_NS + NS_PER_MIN);
    venue_place_t buy = limit_order(fixture, account, VENUE_BUY, "0.1", "49999.9"),
                  sell = limit_order(fixture, account, VENUE_SELL, "0.1", "50900");
    buy.type = VENUE_MARKET;
    buy.price = DEC_ZERO;
    (void)must_place(fixture, &buy);
    (void)must_place(fixture, &sell);
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR);
    assert_true(dec_is_zero(position(fixture, account, VENUE_POSITION_BOTH).amount));
    venue_fill_t fills[4];
    venue_select_t select = {.account = account, .instrument = INSTRUMENT_NONE};
    assert_int_equal(venue_fills(fixture->venue, &select, fills, 4), 2);
    venue_interest_t rows[6];
    assert_int_equal(venue_interests(fixture->venue, fixture->btc, 5 * NS_PER_MIN, 0, 0, rows, 6), 6);
    for (uint32_t i = 0; i < 6; i++) {
        assert_dec(rows[i].interest, rows[i].time_ns <= fills[1].time_ns ? "0.1" : "0");
    }
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_premium_is_that_of_the_impact_prices),
        cmocka_unit_test(funding_is_made_of_the_premium),
        cmocka_unit_test(shorter_intervals_pay_their_share_and_rates_are_capped),
        cmocka_unit_test(a_new_interval_begins_with_a_payment),
        cmocka_unit_test(far_premiums_move_the_rate),
        cmocka_unit_test(the_mark_is_the_median_of_three),
        cmocka_unit_test(a_candle_market_has_none),
        cmocka_unit_test(contracts_are_counted_once_and_holders_by_side),
        cmocka_unit_test(a_row_tells_how_it_was_at_its_instant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

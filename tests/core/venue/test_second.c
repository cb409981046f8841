/* test_second.c: bars of one second: they add up to the longer ones, in a candle market and where the trades make them.
 * shows: VEN-3, MKT-7 */
#include "venue_fixture.h"

static const candle_t *bar_of_array(void *bars, uint32_t at)
{
    return (const candle_t *)bars + at;
}

static void assert_adds_up(const venue_kline_t *seconds, uint32_t count, const venue_kline_t *whole)
{
    dec_t volume = DEC_ZERO, quote = DEC_ZERO, high = DEC_ZERO, low = num("9000000");
    uint64_t trades = 0;
    for (uint32_t i = 0; i < count; i++) {
        volume = dec_plus(volume, seconds[i].candle.volume);
        quote = dec_plus(quote, seconds[i].candle.quote_volume);
        high = dec_max(high, seconds[i].candle.high);
        low = dec_min(low, seconds[i].candle.low);
        trades += seconds[i].candle.trades;
        assert_true(i == 0 || seconds[i].candle.open_ns == seconds[i - 1].candle.open_ns + NS_PER_S);
    }
    assert_true(dec_eq(volume, whole->candle.volume));
    assert_true(dec_eq(quote, whole->candle.quote_volume));
    assert_true(dec_eq(high, whole->candle.high) && dec_eq(low, whole->candle.low));
    assert_true(dec_eq(seconds[count - 1].candle.close, whole->candle.close));
    assert_int_equal(trades, whole->candle.trades);
}

static void seconds_of_a_candle_add_up(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    static venue_kline_t seconds[4000];
    venue_kline_t whole;
    candle_t bars[2];
    for (int i = 0; i < 2; i++) {
        bars[i] = hour(FIXTURE_START_NS + i * NS_PER_HOUR, "50000", "51000", "49000", "50500", "123.456");
        assert_int_equal(venue_market_bar(fixture->venue, fixture->btc, TF_1H, &bars[i]), RESULT_OK);
    }
    advance_to(fixture, FIXTURE_START_NS + NS_PER_HOUR + NS_PER_MIN + NS_PER_S / 2);
    venue_history_t history = {.timeframe = TF_1H, .count = 2, .bar = bar_of_array, .context = bars};
    uint32_t count =
        venue_seconds(fixture->venue, fixture->btc, &history, FIXTURE_START_NS, FIXTURE_START_NS + NS_PER_HOUR - 1, seconds, 4000);
    assert_int_equal(count, 3600);
    assert_int_equal(venue_klines(fixture->venue, fixture->btc, &history, TF_1H, FIXTURE_START_NS, FIXTURE_START_NS, &whole, 1), 1);
    assert_adds_up(seconds, count, &whole);
    for (uint32_t i = 1; i < count; i++) {
        assert_true(dec_eq(seconds[i].candle.open, seconds[i - 1].candle.close));
    }
    /* The newest of the second bar, over its beginning; the running one is not closed. */
    count = venue_seconds(fixture->venue, fixture->btc, &history, 0, 0, seconds, 100);
    assert_int_equal(count, 100);
    assert_true(seconds[99].candle.open_ns == FIXTURE_START_NS + NS_PER_HOUR + NS_PER_MIN && !seconds[99].candle.closed);
    assert_true(seconds[98].candle.closed);
    /* The oldest when the start is given. */
    count = venue_seconds(fixture->venue, fixture->btc, &history, FIXTURE_START_NS + 1, 0, seconds, 3);
    assert_int_equal(count, 3);
    assert_true(seconds[0].candle.open_ns == FIXTURE_START_NS + NS_PER_S);
    fixture_free(fixture);
}

static void seconds_are_made_of_trades(void **state)
{
    (void)state;
    fixture_t *fixture = fixture_new();
    venue_synthetic_t market = {
        .price = num("50000"), .volatility_day = 0.05, .volume_day = num("20000"), .step_ns = 1700 * NS_PER_MS};
    assert_int_equal(venue_market_synthetic(fixture->venue, fixture->btc, &market), RESULT_OK);
    advance_to(fixture, FIXTURE_START_NS + 10 * NS_PER_MIN);
    static venue_kline_t seconds[4000];
    venue_kline_t whole;
    int64_t from_ns = FIXTURE_START_NS + 4 * NS_PER_MIN;
    uint32_t count = venue_seconds(fixture->venue, fixture->btc, NULL, from_ns, from_ns + NS_PER_MIN - 1, seconds, 4000);
    assert_int_equal(count, 60);
    assert_int_equal(venue_klines(fixture->venue, fixture->btc, NULL, TF_1M, from_ns, from_ns, &whole, 1), 1);
    uint32_t quiet = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (seconds[i].candle.trades == 0) {
            quiet++;
            assert_true(dec_is_zero(seconds[i].candle.volume));
            assert_true(i == 0 || dec_eq(seconds[i].candle.close, seconds[i - 1].candle.close));
        }
    }
    assert_true(quiet > 15 && quiet < 30);
    uint32_t first = 0; /* a quiet second has the price before it, which is not of this minute */
    while (seconds[first].candle.trades == 0) {
        first++;
    }
    assert_adds_up(&seconds[first], count - first, &whole);
    /* Back to the first trade that is kept, and not beyond. */
    count = venue_seconds(fixture->venue, fixture->btc, NULL, 1, 0, seconds, 4000);
    assert_true(seconds[0].candle.open_ns >= FIXTURE_START_NS && seconds[0].candle.trades == 1);
    count = venue_seconds(fixture->venue, fixture->btc, NULL, 0, 0, seconds, 10);
    assert_int_equal(count, 10);
    assert_true(seconds[9].candle.open_ns == FIXTURE_START_NS + 10 * NS_PER_MIN - NS_PER_S);
    fixture_free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_of_a_candle_add_up),
        cmocka_unit_test(seconds_are_made_of_trades),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

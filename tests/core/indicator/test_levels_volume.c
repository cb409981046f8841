/* test_levels_volume.c: swings, levels, divergence, volume profile, session VWAP and the kin of ATR on series worked out by hand,
 * or against a plain second computation. shows: IND-1, IND-2, R065, R066, R070, R072
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/indicator/divergence.h"
#include "core/indicator/extreme.h"
#include "core/indicator/fibonacci.h"
#include "core/indicator/rolling.h"
#include "core/indicator/support_resistance.h"
#include "core/indicator/true_range.h"
#include "core/indicator/volume_profile.h"
#include "core/indicator/vwap.h"

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * (fabs(a) + fabs(b));
}

static void the_extreme_of_a_window_is_that_of_a_plain_search(void **state)
{
    (void)state;
    enum { N = 3000, PERIOD = 17 };
    static double values[N];
    extreme_slot_t high_slots[PERIOD], low_slots[PERIOD];
    extreme_t highs, lows;
    prng_t prng;
    prng_seed(&prng, 5);
    extreme_init(&highs, EXTREME_HIGHEST, PERIOD, high_slots);
    extreme_init(&lows, EXTREME_LOWEST, PERIOD, low_slots);
    for (uint32_t i = 0; i < N; i++) {
        values[i] = (double)prng_below(&prng, 9); /* many equals */
        const double high = extreme_next(&highs, values[i]), low = extreme_next(&lows, values[i]);
        uint32_t high_at = i, low_at = i;
        for (uint32_t k = 1; k < PERIOD && k <= i; k++) {
            high_at = values[i - k] > values[high_at] ? i - k : high_at;
            low_at = values[i - k] < values[low_at] ? i - k : low_at;
        }
        assert_true(high == values[high_at] && extreme_age(&highs) == i - high_at);
        assert_true(low == values[low_at] && extreme_age(&lows) == i - low_at);
    }
}

/* R065: highs ..., 10, 12, 11: the swing at 12 is known when its right side has closed, not before. */
static void a_swing_is_known_when_its_right_side_has_closed(void **state)
{
    (void)state;
    extreme_slot_t slots[2 * 4];
    swing_t swing;
    swing_init(&swing, 2, 1, slots);
    static const double highs[] = {8, 9, 10, 12, 11, 11.5, 11, 10};
    for (size_t i = 0; i < 8; i++) {
        swing_next(&swing, highs[i], highs[i] - 1);
        assert_int_equal(swing_points_are_warm(&swing.points), i >= 3);
        if (i == 3) { /* 12 is the highest so far, and no swing yet */
            assert_false(swing.points.high.confirmed);
            assert_true(swing.points.high.price == 12 && swing.points.high.age == 0);
        }
        if (i >= 4) { /* 11.5 is no swing: 12 stands among the two bars to its left */
            assert_true(swing.points.high.confirmed && swing.points.high.price == 12 && swing.points.high.age == i - 3);
            assert_int_equal(swing.points.high.is_new, i == 4);
        }
    }
    /* equal before is allowed, equal after is not: the later of two equals is the swing */
    static const double equals[] = {1, 5, 5, 2, 1};
    swing_init(&swing, 2, 1, slots);
    for (size_t i = 0; i < 5; i++) {
        swing_next(&swing, equals[i], 0);
        assert_int_equal(swing.points.high.is_new, i == 3);
    }
}

static void levels_of_a_leg_up_and_down(void **state)
{
    (void)state;
    extreme_slot_t slots[6];
    donchian_t range;
    donchian_init(&range, 3, slots);
    (void)donchian_next(&range, 101, 100);
    (void)donchian_next(&range, 150, 120);
    donchian_value_t value = donchian_next(&range, 200, 150);
    fibonacci_t fibonacci = fibonacci_of(&range, value.upper, value.lower);
    assert_true(fibonacci.up && near(fibonacci.levels[0], 176.4) && near(fibonacci.levels[2], 150) &&
                near(fibonacci.levels[3], 138.2));
    (void)donchian_next(&range, 160, 130);
    value = donchian_next(&range, 140, 100);
    fibonacci = fibonacci_of(&range, value.upper, value.lower);
    assert_true(!fibonacci.up && near(fibonacci.levels[0], 123.6) && near(fibonacci.levels[1], 138.2));
}

static void bounce_and_breakout_at_confirmed_levels(void **state)
{
    (void)state;
    extreme_slot_t slots[2 * 3];
    support_resistance_t levels;
    support_resistance_value_t value = {0};
    support_resistance_init(&levels, 1, 1.0, slots);
    /* open, high, low, close; a swing low 90 and a swing high 110 */
    static const double bars[][4] = {
        {100, 101, 99, 100},  {100, 110, 99, 105}, {105, 106, 95, 96},
        {96, 97, 90, 95},     {95, 100, 94, 99},   {92, 95, 90.5, 91}, /* at 91 > 90 x 1.01: not at the support; falling */
        {90, 91, 90.2, 90.8},                                          /* near, rising, low touches: bounce */
    };
    for (size_t i = 0; i < sizeof bars / sizeof bars[0]; i++) {
        const indicator_bar_t bar = {.open = bars[i][0], .high = bars[i][1], .low = bars[i][2], .close = bars[i][3]};
        const bool warm = support_resistance_next(&levels, &bar, &value);
        assert_int_equal(warm, i >= 2);
        if (i == 6) {
            assert_true(value.support == 90 && value.at_support && value.bounce_support && !value.breakout_down);
        } else if (i >= 2) {
            assert_false(value.bounce_support);
        }
        if (i == 5) {
            assert_false(value.at_support);
        }
    }
}

static void a_breakout_is_the_first_close_beyond(void **state)
{
    (void)state;
    extreme_slot_t slots[2 * 3];
    support_resistance_t levels;
    support_resistance_value_t value = {0};
    support_resistance_init(&levels, 1, 1.0, slots);
    static const double highs[] = {100, 110, 100, 110, 110.2, 111, 112};
    static const double closes[] = {99, 105, 99, 110, 110.1, 110.9, 108.8};
    for (size_t i = 0; i < 7; i++) {
        const indicator_bar_t bar = {.open = closes[i] + 0.5, .high = highs[i], .low = 95, .close = closes[i]};
        if (!support_resistance_next(&levels, &bar, &value)) {
            continue;
        }
        assert_true(value.resistance == 110);
        assert_int_equal(value.breakout_up, i == 4);
        assert_int_equal(value.bounce_resistance, i >= 3 && i <= 5); /* 108.8 lies 1.09 % away */
    }
}

static void a_lower_low_with_a_higher_oscillator_is_bullish(void **state)
{
    (void)state;
    double memory[64];
    assert_true(divergence_memory(2) <= sizeof memory);
    divergence_t divergence;
    divergence_value_t value = {0};
    divergence_init(&divergence, 2, memory);
    assert_false(divergence_next(&divergence, 12, 10, 30, &value));
    assert_false(divergence_next(&divergence, 12, 9, 25, &value));
    assert_false(divergence_next(&divergence, 12, 11, 40, &value));
    assert_true(divergence_next(&divergence, 12, 8, 28, &value)); /* low 8 < 9, oscillator 28 > 25 */
    assert_true(value.bullish && !value.bearish);
    assert_true(divergence_next(&divergence, 13, 8.5, 29, &value)); /* 8 < 9; 28 > 25; high 13 > 12 but 29 < 40 */
    assert_true(value.bullish && value.bearish);
}

/* The same profile by brute force: each bar's share of each row by intersection. */
static volume_profile_value_t plain_profile(const double (*bars)[3], size_t count, uint32_t rows)
{
    double top = bars[0][0], bottom = bars[0][1], volume[16] = {0}, total = 0;
    for (size_t i = 0; i < count; i++) {
        top = bars[i][0] > top ? bars[i][0] : top;
        bottom = bars[i][1] < bottom ? bars[i][1] : bottom;
    }
    const double height = (top - bottom) / rows;
    for (size_t i = 0; i < count; i++) {
        for (uint32_t row = 0; row < rows; row++) {
            const double from = fmax(bars[i][1], bottom + row * height), to = fmin(bars[i][0], bottom + (row + 1) * height);
            volume[row] += to > from ? bars[i][2] * (to - from) / (bars[i][0] - bars[i][1]) : 0.0;
        }
        total += bars[i][2];
    }
    uint32_t control = 0;
    for (uint32_t row = 1; row < rows; row++) {
        control = volume[row] > volume[control] ? row : control;
    }
    uint32_t low = control, high = control;
    for (double held = volume[control]; held < 0.7 * total;) {
        if (high + 1 < rows && (low == 0 || volume[high + 1] >= volume[low - 1])) {
            held += volume[++high];
        } else {
            held += volume[--low];
        }
    }
    return (volume_profile_value_t){bottom + (control + 0.5) * height, bottom + (high + 1) * height, bottom + low * height};
}

static void the_volume_profile_is_that_of_a_plain_count(void **state)
{
    (void)state;
    enum { PERIOD = 12, ROWS = 10 };
    static double memory[4096];
    assert_true(volume_profile_memory(PERIOD, ROWS) <= sizeof memory);
    volume_profile_t profile;
    volume_profile_init(&profile, PERIOD, ROWS, 70, memory);
    double bars[400][3];
    prng_t prng;
    prng_seed(&prng, 8);
    double price = 100;
    for (size_t i = 0; i < 400; i++) {
        price += prng_normal(&prng);
        bars[i][0] = price + 0.1 + prng_unit(&prng);
        bars[i][1] = price - 0.1 - prng_unit(&prng);
        bars[i][2] = 100 * prng_unit(&prng);
        const volume_profile_value_t mine = volume_profile_next(&profile, bars[i][0], bars[i][1], bars[i][2]);
        assert_int_equal(isnan(mine.control) != 0, i + 1 < PERIOD);
        if (i + 1 >= PERIOD) {
            const volume_profile_value_t other = plain_profile((const double(*)[3]) & bars[i + 1 - PERIOD], PERIOD, ROWS);
            assert_true(near(mine.control, other.control) && near(mine.area_high, other.area_high) &&
                        near(mine.area_low, other.area_low));
            assert_true(mine.area_low <= mine.control && mine.control <= mine.area_high);
        }
    }
    for (size_t i = 0; i < PERIOD; i++) { /* no volume: the whole range */
        const volume_profile_value_t empty = volume_profile_next(&profile, 11, 9, 0);
        if (i == PERIOD - 1) {
            assert_true(empty.control == 10 && empty.area_high == 11 && empty.area_low == 9);
        }
    }
}

static void the_session_begins_anew_and_forgets_what_was_loaded_before(void **state)
{
    (void)state;
    vwap_t whole, late;
    vwap_init(&whole, 0);
    vwap_init(&late, 0);
    const int64_t midnight = 19800 * NS_PER_DAY;
    vwap_value_t value = {0};
    for (int64_t hour = -30; hour < 30; hour++) {
        const double price = 100.0 + (double)(hour % 7), volume = (double)(hour % 5 + 5);
        value = vwap_next(&whole, midnight + hour * NS_PER_HOUR, price, volume);
        if (hour == 0) {
            assert_true(value.vwap == price && value.deviation == 0.0);
        }
        if (hour >= 0) { /* R066: history that begins at the session gives the same bits */
            const vwap_value_t other = vwap_next(&late, midnight + hour * NS_PER_HOUR, price, volume);
            assert_memory_equal(&value, &other, sizeof value);
        }
    }
    vwap_init(&whole, 0);
    (void)vwap_next(&whole, midnight, 100, 1);
    value = vwap_next(&whole, midnight + 1, 104, 3);
    assert_true(value.vwap == 103 && near(value.deviation, sqrt(3.0)));
    value = vwap_next(&whole, midnight + NS_PER_DAY, 50, 0); /* no volume yet: the price */
    assert_true(value.vwap == 50);
    vwap_init(&whole, 21 * 60); /* a session from 21:00 to 21:00 */
    (void)vwap_next(&whole, midnight + 20 * NS_PER_HOUR, 100, 1);
    assert_true(vwap_next(&whole, midnight + 21 * NS_PER_HOUR, 10, 1).vwap == 10);
    assert_true(vwap_next(&whole, midnight + 44 * NS_PER_HOUR, 20, 1).vwap == 15);
}

static void a_window_of_zeros_sums_to_zero_whatever_was_before(void **state)
{
    (void)state;
    double window[7];
    rolling_sum_t sum;
    rolling_sum_init(&sum, 7, window);
    double value = 1;
    for (size_t i = 0; i < 1000; i++) {
        value = rolling_sum_next(&sum, i % 50 < 40 ? 1e17 / (double)(i + 1) : 0.0);
        if (i % 50 >= 46) {
            assert_true(value == 0.0);
        }
    }
}

static void the_plain_mean_of_true_ranges(void **state)
{
    (void)state;
    double window[2];
    atr_simple_t atr;
    atr_simple_init(&atr, 2, window);
    assert_true(isnan(atr_simple_next(&atr, 10, 8, 9)));
    assert_true(isnan(atr_simple_next(&atr, 12, 9, 10))); /* 3 */
    assert_true(atr_simple_next(&atr, 15, 13, 14) == 4);  /* 5 */
    assert_true(atr_simple_next(&atr, 15, 14, 14) == 3);  /* 1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_extreme_of_a_window_is_that_of_a_plain_search),
        cmocka_unit_test(a_swing_is_known_when_its_right_side_has_closed),
        cmocka_unit_test(levels_of_a_leg_up_and_down),
        cmocka_unit_test(bounce_and_breakout_at_confirmed_levels),
        cmocka_unit_test(a_breakout_is_the_first_close_beyond),
        cmocka_unit_test(a_lower_low_with_a_higher_oscillator_is_bullish),
        cmocka_unit_test(the_volume_profile_is_that_of_a_plain_count),
        cmocka_unit_test(the_session_begins_anew_and_forgets_what_was_loaded_before),
        cmocka_unit_test(a_window_of_zeros_sums_to_zero_whatever_was_before),
        cmocka_unit_test(the_plain_mean_of_true_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_features.c: every state and input of a bar against its definition, computed anew from the whole series by plain loops.
 * shows: IND-3, R060, R061, R063, R064, R066, R067, R068, R072, I10
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/strategy/features.h"
#include "support/plain_indicators.h"

enum { BARS = 900 };

static indicator_bar_t bars[BARS];

static void market_make(uint64_t seed, double scale)
{
    prng_t prng;
    double price = 100.0, drift = 0.0;
    prng_seed(&prng, seed);
    for (int i = 0; i < BARS; i++) {
        drift = 0.7 * drift + 0.004 * prng_normal(&prng);
        const double open = price;
        price *= 1.0 + drift;
        const double high = (open > price ? open : price) * (1.0 + 0.003 * prng_unit(&prng));
        const double low = (open < price ? open : price) * (1.0 - 0.003 * prng_unit(&prng));
        bars[i] = (indicator_bar_t){open * scale,
                                    high * scale,
                                    low * scale,
                                    price * scale,
                                    prng_chance(&prng, 0.05) ? 4000 : 1000 * prng_unit(&prng),
                                    (19800 * 24 + i) * NS_PER_HOUR};
    }
}

/* --- definitions ------------------------------------------------------------------------------ */

static double ema(int at, double period, double (*value)(int))
{
    double mean = value(0);
    for (int i = 1; i <= at; i++) {
        mean += 2.0 / (period + 1.0) * (value(i) - mean);
    }
    return mean;
}

static double close_at(int i)
{
    return bars[i].close;
}

static double macd_cache[BARS];

static double macd_at(int i)
{
    return macd_cache[i];
}

static double rsi(int at, int period)
{
    return plain_rsi(bars, at, period);
}

static double highest(int at, int period)
{
    double high = bars[at].high;
    for (int i = at - period + 1; i <= at; i++) {
        high = bars[i].high > high ? bars[i].high : high;
    }
    return high;
}

static double lowest(int at, int period)
{
    double low = bars[at].low;
    for (int i = at - period + 1; i <= at; i++) {
        low = bars[i].low < low ? bars[i].low : low;
    }
    return low;
}

static double slow_k(int at)
{
    double sum = 0;
    for (int i = at - 2; i <= at; i++) {
        sum += 100 * (bars[i].close - lowest(i, 14)) / (highest(i, 14) - lowest(i, 14));
    }
    return sum / 3;
}

static double slow_d(int at)
{
    return (slow_k(at) + slow_k(at - 1) + slow_k(at - 2)) / 3;
}

static double vwap(int at)
{
    double flow = 0, volume = 0;
    for (int i = at / 24 * 24; i <= at; i++) { /* bar 0 opens at midnight */
        flow += bars[i].close * bars[i].volume;
        volume += bars[i].volume;
    }
    return at % 24 == 0 ? bars[at].close : flow / volume; /* without the rounding of the quotient */
}

static double lowest_of(double (*value)(int, int), int period, int at)
{
    double low = value(at, period);
    for (int i = at - 4; i < at; i++) {
        low = value(i, period) < low ? value(i, period) : low;
    }
    return low;
}

static double highest_of(double (*value)(int, int), int period, int at)
{
    double high = value(at, period);
    for (int i = at - 4; i < at; i++) {
        high = value(i, period) > high ? value(i, period) : high;
    }
    return high;
}

static double macd_of(int at, int period)
{
    (void)period;
    return macd_cache[at];
}

static double close_of(int at, int period)
{
    (void)period;
    return bars[at].close;
}

/* The last swing of 10 bars on each side that is known at a bar, looking back from it. */
static double swing(int at, bool is_high)
{
    for (int j = at - 10; j >= 10; j--) {
        bool is_swing = true;
        for (int i = j - 10; i <= j + 10 && is_swing; i++) {
            if (is_high) {
                is_swing = i <= j ? bars[i].high <= bars[j].high : bars[i].high < bars[j].high;
            } else {
                is_swing = i <= j ? bars[i].low >= bars[j].low : bars[i].low > bars[j].low;
            }
        }
        if (is_swing) {
            return is_high ? bars[j].high : bars[j].low;
        }
    }
    fail();
    return 0;
}

/* --- all states of a bar ---------------------------------------------------------------------- */

static uint64_t expected;

static void expect(feature_t feature, bool is_so)
{
    expected |= is_so ? (uint64_t)1 << feature : 0;
}

static void expect_averages(int at)
{
    const double fast = ema(at, 9, close_at), slow = ema(at, 21, close_at);
    const double fast_last = ema(at - 1, 9, close_at), slow_last = ema(at - 1, 21, close_at);
    const double middle = ema(at, 50, close_at), longest = ema(at, 200, close_at);
    expect(FEATURE_EMA_9_CROSS_21_UP, fast > slow && fast_last <= slow_last);
    expect(FEATURE_EMA_9_CROSS_21_DOWN, fast < slow && fast_last >= slow_last);
    expect(FEATURE_EMA_9_GT_21, fast > slow);
    expect(FEATURE_EMA_9_LT_21, fast < slow);
    expect(FEATURE_EMA_50_GT_200, middle > longest);
    expect(FEATURE_EMA_50_LT_200, middle < longest);
    const double signal = ema(at, 9, macd_at), signal_last = ema(at - 1, 9, macd_at);
    expect(FEATURE_MACD_CROSS_UP, macd_at(at) > signal && macd_at(at - 1) <= signal_last);
    expect(FEATURE_MACD_CROSS_DOWN, macd_at(at) < signal && macd_at(at - 1) >= signal_last);
    expect(FEATURE_MACD_GT_SIGNAL, macd_at(at) > signal);
    expect(FEATURE_MACD_LT_SIGNAL, macd_at(at) < signal);
}

static void expect_momentum(int at)
{
    static const int periods[] = {7, 14, 21};
    for (unsigned i = 0; i < 3; i++) {
        const double value = rsi(at, periods[i]);
        expect(FEATURE_RSI_7_OVERSOLD + 4 * i, value < 30);
        expect(FEATURE_RSI_7_OVERBOUGHT + 4 * i, value > 70);
        expect(FEATURE_RSI_7_GT_50 + 4 * i, value > 50);
        expect(FEATURE_RSI_7_LT_50 + 4 * i, value < 50);
    }
    const double k = slow_k(at), d = slow_d(at), k_last = slow_k(at - 1), d_last = slow_d(at - 1);
    expect(FEATURE_STOCH_OVERSOLD, k < 20);
    expect(FEATURE_STOCH_OVERBOUGHT, k > 80);
    expect(FEATURE_STOCH_K_CROSS_UP, k > d && k_last <= d_last);
    expect(FEATURE_STOCH_K_CROSS_DOWN, k < d && k_last >= d_last);
    const bool lower = lowest_of(close_of, 0, at)<lowest_of(close_of, 0, at - 5), higher = highest_of(close_of, 0, at)> highest_of(
        close_of, 0, at - 5);
    expect(FEATURE_RSI_BULLISH_DIV, lower && lowest_of(rsi, 14, at) > lowest_of(rsi, 14, at - 5));
    expect(FEATURE_RSI_BEARISH_DIV, higher && highest_of(rsi, 14, at) < highest_of(rsi, 14, at - 5));
    expect(FEATURE_MACD_BULLISH_DIV, lower && lowest_of(macd_of, 0, at) > lowest_of(macd_of, 0, at - 5));
    expect(FEATURE_MACD_BEARISH_DIV, higher && highest_of(macd_of, 0, at) < highest_of(macd_of, 0, at - 5));
}

static void expect_volatility(int at)
{
    double mean = 0, squares = 0, volume = 0, atr_mean = 0, plus, minus;
    for (int i = at - 19; i <= at; i++) {
        mean += bars[i].close / 20;
        volume += bars[i].volume / 20;
        atr_mean += plain_atr(bars, i) / 20;
    }
    for (int i = at - 19; i <= at; i++) {
        squares += (bars[i].close - mean) * (bars[i].close - mean);
    }
    const double deviation = sqrt(squares / 19); /* of a sample */
    expect(FEATURE_PRICE_LT_BB_LOW, bars[at].close < mean - 2 * deviation);
    expect(FEATURE_PRICE_GT_BB_UP, bars[at].close > mean + 2 * deviation);
    expect(FEATURE_VOL_SPIKE, bars[at].volume > 2 * volume);
    expect(FEATURE_HIGH_VOLATILITY, plain_atr(bars, at) > atr_mean);
    expect(FEATURE_LOW_VOLATILITY, plain_atr(bars, at) < atr_mean);
    plain_directional(bars, at, &plus, &minus);
    expect(FEATURE_ADX_STRONG, plain_adx(bars, at) > 25);
    expect(FEATURE_ADX_WEAK, plain_adx(bars, at) < 20);
    expect(FEATURE_DI_PLUS_ABOVE, plus > minus);
    expect(FEATURE_DI_MINUS_ABOVE, minus > plus);
}

static void expect_levels(int at)
{
    const indicator_bar_t *bar = &bars[at];
    const double last = bars[at - 1].close;
    const double tenkan = (highest(at, 9) + lowest(at, 9)) / 2, kijun = (highest(at, 26) + lowest(at, 26)) / 2;
    const double tenkan_last = (highest(at - 1, 9) + lowest(at - 1, 9)) / 2,
                 kijun_last = (highest(at - 1, 26) + lowest(at - 1, 26)) / 2;
    expect(FEATURE_ICHIMOKU_TK_CROSS_UP, tenkan > kijun);
    expect(FEATURE_ICHIMOKU_TK_CROSS_DOWN, tenkan < kijun);
    expect(FEATURE_ICHIMOKU_TK_CROSSED_UP, tenkan > kijun && tenkan_last <= kijun_last);
    expect(FEATURE_ICHIMOKU_TK_CROSSED_DOWN, tenkan < kijun && tenkan_last >= kijun_last);
    expect(FEATURE_PRICE_ABOVE_VWAP, bar->close > vwap(at));
    expect(FEATURE_PRICE_BELOW_VWAP, bar->close < vwap(at));
    const double high = highest(at, 50), low = lowest(at, 50);
    static const double ratios[] = {0.236, 0.382, 0.5, 0.618};
    bool any = false;
    for (unsigned i = 0; i < 4; i++) {
        const double level = high - ratios[i] * (high - low);
        const bool is_near = fabs(bar->close - level) <= 0.005 * level;
        expect(FEATURE_AT_FIBO_236 + i, is_near);
        any = any || is_near;
    }
    expect(FEATURE_AT_FIBO_KEY_LEVEL, any);
    const double support = swing(at, false), resistance = swing(at, true);
    const bool at_support = fabs(bar->close - support) <= 0.01 * support,
               at_resistance = fabs(bar->close - resistance) <= 0.01 * resistance;
    expect(FEATURE_AT_SUPPORT, at_support);
    expect(FEATURE_AT_RESISTANCE, at_resistance);
    expect(FEATURE_BOUNCE_FROM_SUPPORT, at_support && bar->close > bar->open && bar->low <= 1.01 * support);
    expect(FEATURE_BOUNCE_FROM_RESISTANCE, at_resistance && bar->close < bar->open && bar->high >= 0.99 * resistance);
    expect(FEATURE_BREAKOUT_ABOVE_RESISTANCE, bar->close > resistance && last <= resistance);
    expect(FEATURE_BREAKOUT_BELOW_SUPPORT, bar->close < support && last >= support);
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-9 * (1.0 + fabs(b)))) {
        fail_msg("%.17g, not %.17g", a, b);
    }
}

static void check_inputs(int at, const features_value_t *value)
{
    double macd_low = macd_cache[at], macd_high = macd_low, volume_low = log(1 + bars[at].volume), volume_high = volume_low;
    for (int i = at - 99; i <= at; i++) {
        macd_low = fmin(macd_low, macd_cache[i]);
        macd_high = fmax(macd_high, macd_cache[i]);
        volume_low = fmin(volume_low, log(1 + bars[i].volume));
        volume_high = fmax(volume_high, log(1 + bars[i].volume));
    }
    double mean = 0, squares = 0;
    for (int i = at - 19; i <= at; i++) {
        mean += bars[i].close / 20;
    }
    for (int i = at - 19; i <= at; i++) {
        squares += (bars[i].close - mean) * (bars[i].close - mean);
    }
    const double deviation = sqrt(squares / 19);
    const double inputs[FEATURE_INPUT_COUNT] = {
        rsi(at, 7) / 100,
        rsi(at, 14) / 100,
        rsi(at, 21) / 100,
        (macd_cache[at] - macd_low) / (macd_high - macd_low),
        4 * deviation / mean,
        (bars[at].close - mean + 2 * deviation) / (4 * deviation),
        (log(1 + bars[at].volume) - volume_low) / (volume_high - volume_low),
        plain_adx(bars, at) / 100,
        plain_atr(bars, at) / bars[at].close,
    };
    for (unsigned i = 0; i < FEATURE_INPUT_COUNT; i++) {
        assert_near(value->inputs[i], inputs[i]);
    }
    assert_near(value->atr / bars[at].close, plain_atr(bars, at) / bars[at].close);
}

static void every_state_and_input_is_that_of_its_definition(void **state)
{
    (void)state;
    static features_t features;
    uint32_t seen[FEATURE_COUNT] = {0};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed, seed == 2 ? 1e-6 : 1.0);
        for (int i = 0; i < BARS; i++) {
            macd_cache[i] = ema(i, 12, close_at) - ema(i, 26, close_at);
        }
        features_init(&features);
        for (int i = 0; i < BARS; i++) {
            features_value_t value;
            const bool warm = features_next(&features, &bars[i], &value);
            assert_int_equal(warm, i >= FEATURES_WARM_UP);
            if (!warm) {
                continue;
            }
            expected = 0;
            expect_averages(i);
            expect_momentum(i);
            expect_volatility(i);
            expect_levels(i);
            for (feature_t k = 0; k < FEATURE_COUNT; k++) {
                const bool wanted = (expected >> k & 1u) != 0;
                if (features_has(&value, k) != wanted) {
                    fail_msg("seed %d, bar %d: %s should be %d", (int)seed, i, feature_name(k), wanted);
                }
                seen[k] += wanted;
            }
            check_inputs(i, &value);
        }
    }
    for (feature_t k = 0; k < FEATURE_COUNT; k++) {
        if (seen[k] == 0) {
            fail_msg("%s never was", feature_name(k)); /* R063: crosses of the stochastic occur, too */
        }
    }
}

static void a_market_that_stands_still_has_no_direction_and_defined_inputs(void **state)
{
    (void)state;
    static features_t features;
    features_value_t value = {.states = 0};
    features_init(&features);
    for (int i = 0; i < 400; i++) {
        const indicator_bar_t bar = {0.1, 0.1, 0.1, 0.1, 0, i * NS_PER_HOUR};
        (void)features_next(&features, &bar, &value);
    }
    static const double inputs[FEATURE_INPUT_COUNT] = {0.5, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0, 0};
    assert_memory_equal(value.inputs, inputs, sizeof inputs);
    const uint64_t allowed = (uint64_t)1 << FEATURE_ADX_WEAK | (uint64_t)1 << FEATURE_AT_SUPPORT |
                             (uint64_t)1 << FEATURE_AT_RESISTANCE |
                             (uint64_t)0x1F << FEATURE_AT_FIBO_236; /* it stands at every level */
    assert_true(value.states == allowed);
    assert_true(value.atr == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_and_input_is_that_of_its_definition),
        cmocka_unit_test(a_market_that_stands_still_has_no_direction_and_defined_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

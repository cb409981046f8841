/* test_indicator.c: what every indicator of the registry promises, and what each one alone does.
 * shows: IND-2, R062, R067, R071, R072
 *
 * The properties run over all kinds of the registry, so a new indicator is under them the day it gets its row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/indicator/atr.h"
#include "core/indicator/bollinger.h"
#include "core/indicator/ema.h"
#include "core/indicator/macd.h"
#include "core/indicator/rsi.h"
#include "core/indicator/running_sum.h"
#include "core/indicator/sma.h"

enum { BARS = 700 };

typedef struct {
    double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS];
} market_t;

/* A random walk with gaps, flat stretches and odd volumes. */
static void market_make(market_t *market, uint64_t seed, double scale)
{
    prng_t prng;
    double price = 100.0;
    prng_seed(&prng, seed);
    for (size_t i = 0; i < BARS; i++) {
        const bool flat = i % 97 > 90;
        market->open[i] = price * scale;
        double low = price, high = price;
        if (!flat) {
            double next = price * (1.0 + 0.01 * prng_normal(&prng));
            low = (next < price ? next : price) * (1.0 - 0.004 * prng_unit(&prng));
            high = (next > price ? next : price) * (1.0 + 0.004 * prng_unit(&prng));
            price = next;
        }
        market->high[i] = high * scale;
        market->low[i] = low * scale;
        market->close[i] = price * scale;
        market->volume[i] = flat ? 0.0 : 1000.0 * prng_unit(&prng);
    }
}

/* Hourly bars from a midnight on. */
static const int64_t *hours(void)
{
    static int64_t open_ns[BARS];
    for (int64_t i = 0; i < BARS; i++) {
        open_ns[i] = (19800 * 24 + i) * NS_PER_HOUR;
    }
    return open_ns;
}

static indicator_columns_t columns_of(const market_t *market, size_t bars)
{
    return (indicator_columns_t){market->open, market->high, market->low, market->close, market->volume, bars, hours()};
}

/* Runs a kind with presets; outputs stand one after the other, BARS each. */
static double *run(const indicator_kind_t *kind, const market_t *market, size_t bars)
{
    double options[INDICATOR_OPTIONS_MAX];
    double *values = calloc(INDICATOR_OUTPUTS_MAX * BARS, sizeof *values);
    indicator_presets(kind, options);
    void *state = malloc(kind->state_size(options));
    const indicator_columns_t columns = columns_of(market, bars);
    double *outputs[INDICATOR_OUTPUTS_MAX];
    for (size_t i = 0; i < INDICATOR_OUTPUTS_MAX; i++) {
        outputs[i] = values + i * BARS;
    }
    assert_int_equal(indicator_series(kind, options, &columns, state, outputs), RESULT_OK);
    free(state);
    return values;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static double relative(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);
    return a == b ? 0.0 : fabs(a - b) / size;
}

static void nan_until_warm_and_never_after(void **state)
{
    (void)state;
    market_t market;
    market_make(&market, 1, 1.0);
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        double options[INDICATOR_OPTIONS_MAX];
        indicator_presets(kind, options);
        double *values = run(kind, &market, BARS);
        for (uint32_t output = 0; output < kind->output_count; output++) {
            const uint32_t warm_up = indicator_output_warm_up(kind, options, output);
            for (size_t i = 0; i < BARS; i++) {
                assert_int_equal(isnan(values[output * BARS + i]) != 0, i < warm_up);
            }
        }
        free(values);
    }
}

static void cutting_off_the_future_changes_no_past_value(void **state)
{
    (void)state;
    market_t market;
    market_make(&market, 2, 1.0);
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        double *whole = run(kind, &market, BARS);
        for (size_t cut = 1; cut < BARS; cut += 53) {
            double *part = run(kind, &market, cut);
            for (uint32_t output = 0; output < kind->output_count; output++) {
                for (size_t i = 0; i < cut; i++) {
                    assert_true(same_bits(whole[output * BARS + i], part[output * BARS + i]));
                }
            }
            free(part);
        }
        free(whole);
    }
}

/* Yes or no, or a pattern's hundred, at each bar: where two rounded numbers are compared, a scale that is no power of two may turn
 * a tie. */
static bool is_state(const double *values)
{
    for (size_t i = 0; i < BARS; i++) {
        if (!isnan(values[i]) && values[i] != 0.0 && values[i] != 1.0 && fabs(values[i]) != 80.0 && fabs(values[i]) != 100.0 &&
            fabs(values[i]) != 200.0) {
            return false;
        }
    }
    return true;
}

static double largest(const double *values, size_t count)
{
    double size = 0.0;
    for (size_t i = 0; i < count; i++) {
        size = fabs(values[i]) > size ? fabs(values[i]) : size; /* NaN compares false */
    }
    return size;
}

/* True when all values are those of the unscaled series times scale^power: exactly, or within 1e-9 of the largest of them; one
 * state in a hundred may turn then. */
static bool follows(const double *values, const double *other, double scale, int power, bool exact)
{
    const double factor = power == 0 ? 1.0 : power == 1 ? scale : scale * scale;
    const double slack = 1e-9 * factor * largest(values, BARS);
    const size_t may_turn = !exact && is_state(values) ? BARS / 100 : 0;
    size_t differ = 0;
    for (size_t i = 0; i < BARS; i++) {
        const double expected = values[i] * factor;
        differ += exact ? !same_bits(other[i], expected) : isnan(expected) != isnan(other[i]) || fabs(other[i] - expected) > slack;
    }
    return differ <= may_turn;
}

/* Outputs grow with the prices, with their square, or not at all; the angle of a line is of its slope in points, so it follows no
 * law, nor do correl_tv and rsi_tv, which take small covariances and averages for none as TradingView does. */
static void a_power_of_two_scales_the_values_exactly_and_any_scale_nearly(void **state)
{
    (void)state;
    static const double scales[] = {1.0 / 1048576.0, 1048576.0, 1e-8, 1e6};
    market_t market, scaled;
    market_make(&market, 3, 1.0);
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        double *values = run(kind, &market, BARS);
        int powers[INDICATOR_OUTPUTS_MAX] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
        for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
            const bool exact = s < 2;
            for (size_t i = 0; i < BARS; i++) {
                scaled.open[i] = market.open[i] * scales[s];
                scaled.high[i] = market.high[i] * scales[s];
                scaled.low[i] = market.low[i] * scales[s];
                scaled.close[i] = market.close[i] * scales[s];
                scaled.volume[i] = market.volume[i];
            }
            double *other = run(kind, &scaled, BARS);
            for (uint32_t output = 0; output < kind->output_count; output++) {
                const double *a = values + output * BARS, *b = other + output * BARS;
                for (int power = 0; power <= 2 && powers[output] < 0; power++) {
                    powers[output] = follows(a, b, scales[s], power, exact) ? power : -1;
                }
                const bool lawless = strcmp(kind->outputs[output], "angle") == 0 || strcmp(kind->name, "correl_tv") == 0 ||
                                     strcmp(kind->name, "rsi_tv") == 0;
                if (!lawless && !(powers[output] >= 0 && follows(a, b, scales[s], powers[output], exact))) {
                    fail_msg("%s.%s at scale %g", kind->name, kind->outputs[output], scales[s]);
                }
            }
            free(other);
        }
        free(values);
    }
}

static void one_bar_at_a_time_and_the_whole_series_give_the_same_bits(void **state)
{
    (void)state;
    market_t market;
    double window[BARS], a[BARS], b[BARS], c[BARS]; /* BARS > BOLLINGER_ROOM(20) */
    market_make(&market, 4, 1.0);
    ema_t ema;
    sma_t sma;
    rsi_t rsi;
    atr_t atr;
    macd_t macd;
    bollinger_t bands;
    double sma_window[50], bands_window[BOLLINGER_ROOM(20)];
    ema_init(&ema, 21);
    sma_init(&sma, 50, sma_window);
    rsi_init(&rsi, 14);
    atr_init(&atr, 14);
    macd_init(&macd, 12, 26, 9);
    bollinger_init(&bands, 20, 2.0, bands_window);

    ema_series(21, market.close, BARS, a);
    sma_series(50, market.close, BARS, window, b);
    for (size_t i = 0; i < BARS; i++) {
        assert_true(same_bits(ema_next(&ema, market.close[i]), a[i]));
        assert_true(same_bits(sma_next(&sma, market.close[i]), b[i]));
    }
    rsi_series(14, market.close, BARS, a);
    atr_series(14, market.high, market.low, market.close, BARS, b);
    for (size_t i = 0; i < BARS; i++) {
        assert_true(same_bits(rsi_next(&rsi, market.close[i]), a[i]));
        assert_true(same_bits(atr_next(&atr, market.high[i], market.low[i], market.close[i]), b[i]));
    }
    macd_series(12, 26, 9, market.close, BARS, a, b, c);
    for (size_t i = 0; i < BARS; i++) {
        macd_value_t value = macd_next(&macd, market.close[i]);
        assert_true(same_bits(value.macd, a[i]) && same_bits(value.signal, b[i]) && same_bits(value.histogram, c[i]));
    }
    bollinger_series(20, 2.0, market.close, BARS, window, a, b, c);
    for (size_t i = 0; i < BARS; i++) {
        bollinger_value_t value = bollinger_next(&bands, market.close[i]);
        assert_true(same_bits(value.upper, a[i]) && same_bits(value.middle, b[i]) && same_bits(value.lower, c[i]));
    }
}

static void a_series_may_be_written_over_its_input(void **state)
{
    (void)state;
    market_t market;
    double window[BOLLINGER_ROOM(20)], out[BARS], over[BARS], b[BARS], c[BARS];
    market_make(&market, 5, 1.0);
    memcpy(over, market.close, sizeof over);
    rsi_series(14, market.close, BARS, out);
    rsi_series(14, over, BARS, over);
    assert_memory_equal(out, over, sizeof out);
    memcpy(over, market.close, sizeof over);
    sma_series(20, market.close, BARS, window, out);
    sma_series(20, over, BARS, window, over);
    assert_memory_equal(out, over, sizeof out);
    memcpy(over, market.close, sizeof over);
    bollinger_series(20, 2.0, market.close, BARS, window, out, b, c);
    bollinger_series(20, 2.0, over, BARS, window, over, b, c);
    assert_memory_equal(out, over, sizeof out);
}

static void values_stay_in_their_bounds(void **state)
{
    (void)state;
    for (uint64_t seed = 10; seed < 20; seed++) {
        market_t market;
        double window[BOLLINGER_ROOM(20)], rsi[BARS], atr[BARS], up[BARS], mid[BARS], low[BARS], sma[BARS];
        market_make(&market, seed, seed % 2 == 0 ? 1e-6 : 1e5);
        rsi_series(14, market.close, BARS, rsi);
        atr_series(14, market.high, market.low, market.close, BARS, atr);
        bollinger_series(20, 2.0, market.close, BARS, window, up, mid, low);
        sma_series(20, market.close, BARS, window, sma);
        for (size_t i = 20; i < BARS; i++) {
            assert_true(rsi[i] >= 0.0 && rsi[i] <= 100.0);
            assert_true(atr[i] >= 0.0);
            assert_true(low[i] <= mid[i] && mid[i] <= up[i]);
            assert_true(relative(mid[i], sma[i]) < 1e-15);
        }
    }
}

static void a_flat_series_has_the_stated_values(void **state)
{
    (void)state;
    double window[BOLLINGER_ROOM(20)], sma_window[20];
    rsi_t rsi;
    atr_t atr;
    macd_t macd;
    bollinger_t bands;
    sma_t sma;
    const double price = 0.1; /* no double is exactly this */
    macd_value_t macd_value = {0};
    bollinger_value_t bands_value = {0};
    double rsi_value = 0, atr_value = 1, sma_value = 0;
    rsi_init(&rsi, 14);
    atr_init(&atr, 14);
    macd_init(&macd, 12, 26, 9);
    bollinger_init(&bands, 20, 2.0, window);
    sma_init(&sma, 20, sma_window);
    for (size_t i = 0; i < 500; i++) {
        const double now = i < 100 ? 5000.0 + (double)i : price; /* a past that must leave nothing behind */
        rsi_value = rsi_next(&rsi, i < 100 ? price : now);
        atr_value = atr_next(&atr, i < 100 ? price : now, i < 100 ? price : now, i < 100 ? price : now);
        macd_value = macd_next(&macd, price);
        bands_value = bollinger_next(&bands, now);
        sma_value = sma_next(&sma, now);
    }
    assert_true(rsi_value == 50.0);
    assert_true(atr_value == 0.0);
    assert_true(fabs(macd_value.macd) < 1e-15 && fabs(macd_value.histogram) < 1e-15);
    assert_true(bands_value.upper == price && bands_value.middle == price && bands_value.lower == price);
    assert_true(sma_value == price);
}

static void worked_values(void **state)
{
    (void)state;
    static const double closes[] = {1, 2, 3, 4, 5, 4, 3};
    double out[7], up[7], mid[7], low[7], window[BOLLINGER_ROOM(3)];
    ema_series(3, closes, 7, out);
    assert_true(isnan(out[1]) && out[2] == 2.0 && out[3] == 3.0 && out[4] == 4.0 && out[5] == 4.0 && out[6] == 3.5);
    rsi_series(2, closes, 7, out);
    assert_true(isnan(out[1]) && out[2] == 100.0 && out[4] == 100.0);
    assert_true(out[5] == 50.0); /* gains (1,1) -> .5; losses (0,1) -> .5 */
    assert_true(out[6] == 25.0); /* gain .25, loss .75 */
    bollinger_series(3, 1.0, closes, 7, window, up, mid, low);
    assert_true(mid[2] == 2.0 && relative(up[2] - 2.0, sqrt(2.0 / 3.0)) < 1e-15);
    static const double high[] = {10, 12, 15}, lows[] = {8, 9, 13}, close[] = {9, 10, 14};
    atr_series(2, high, lows, close, 3, out);
    assert_true(isnan(out[1]) && out[2] == 4.0); /* ranges 3 and 5 */
    static const double doubling[] = {1, 2, 4, 8};
    macd_series(2, 4, 1, doubling, 4, up, mid, low); /* both seed windows end on bar 3: (4 + 8) / 2 - 15 / 4 */
    assert_true(isnan(up[2]) && up[3] == 2.25 && mid[3] == 2.25 && low[3] == 0.0);
}

static void ten_million_bars_leave_no_drift(void **state)
{
    (void)state;
    enum { PERIOD = 50 };
    double window[PERIOD], bands_window[BOLLINGER_ROOM(PERIOD)], last[PERIOD];
    sma_t sma;
    bollinger_t bands;
    prng_t prng;
    prng_seed(&prng, 99);
    sma_init(&sma, PERIOD, window);
    bollinger_init(&bands, PERIOD, 2.0, bands_window);
    const uint32_t bars = 10000000;
    double average = 0;
    bollinger_value_t value = {0};
    for (uint32_t i = 0; i < bars; i++) {
        const double price = (i / 1000) % 2 == 0 ? 1e-5 * (1.0 + prng_unit(&prng)) : 1e5 * (1.0 + prng_unit(&prng));
        last[i % PERIOD] = price;
        average = sma_next(&sma, price);
        if (i % 16 == 0 || i + PERIOD * 2 > bars) { /* every 16th keeps the test short */
            value = bollinger_next(&bands, price);
        }
    }
    double sum = 0, squares = 0;
    for (size_t i = 0; i < PERIOD; i++) {
        sum += last[i];
    }
    for (size_t i = 0; i < PERIOD; i++) {
        squares += (last[i] - sum / PERIOD) * (last[i] - sum / PERIOD);
    }
    assert_true(relative(average, sum / PERIOD) < 1e-14);
    assert_true(relative(value.middle, sum / PERIOD) < 1e-14);
    assert_true(relative(value.upper - value.middle, 2.0 * sqrt(squares / PERIOD)) < 1e-9);
}

static void a_total_of_ten_million_steps_does_not_drift(void **state)
{
    (void)state;
    running_sum_t total = {0};
    exact_sum_t exact = {0};
    prng_t prng;
    prng_seed(&prng, 7);
    double last = 0.0;
    for (uint32_t i = 0; i < 10000000; i++) {
        const double step = (i / 1000 % 100 == 0 ? 1e9 : 1.0) * (prng_unit(&prng) - 0.4); /* large ones among small ones */
        last = running_sum_next(&total, step);
        exact = exact_add_double(exact, step);
    }
    assert_true(relative(last, exact.high) < 1e-13);
}

static void narrow_bands_on_a_high_price_keep_their_digits(void **state)
{
    (void)state;
    double window[BOLLINGER_ROOM(4)];
    bollinger_t bands;
    bollinger_value_t value = {0};
    bollinger_init(&bands, 4, 1.0, window);
    for (size_t i = 0; i < 40; i++) {
        value = bollinger_next(&bands, 1048576.0 + (i % 2 == 0 ? 0.0009765625 : -0.0009765625)); /* deviation exactly 2^-10 */
    }
    assert_true(value.middle == 1048576.0 && value.upper == 1048576.0009765625 && value.lower == 1048575.9990234375);
}

static void options_are_checked_with_the_one_to_blame(void **state)
{
    (void)state;
    const indicator_kind_t *nearest = NULL;
    assert_ptr_equal(indicator_find(STR("RSI"), NULL), &indicator_rsi);
    assert_null(indicator_find(STR("rsj"), &nearest));
    assert_ptr_equal(nearest, &indicator_rsi);
    assert_null(indicator_find(STR("something else"), &nearest));
    assert_null(nearest);
    assert_null(indicator_at(indicator_count()));

    static const double bad_periods[] = {1, 0, -1, 2.5, 5001, 1e300, NAN, INFINITY, 50};
    uint32_t wrong = 9;
    for (size_t i = 0; i + 1 < sizeof bad_periods / sizeof bad_periods[0]; i++) {
        assert_int_equal(indicator_check(&indicator_rsi, &bad_periods[i], &wrong), RESULT_NUMBER_OUT_OF_RANGE);
        assert_int_equal(wrong, 0);
    }
    const double crossed[] = {26, 12, 9}, bad_signal[] = {12, 26, 0}, good[] = {12, 26, 9};
    assert_int_equal(indicator_check(&indicator_macd, crossed, &wrong), RESULT_BAD_ARGUMENT);
    assert_int_equal(indicator_check(&indicator_macd, bad_signal, &wrong), RESULT_NUMBER_OUT_OF_RANGE);
    assert_int_equal(wrong, 2);
    assert_int_equal(indicator_check(&indicator_macd, good, &wrong), RESULT_OK);
}

static void a_series_with_bad_values_or_a_missing_column_is_refused(void **state)
{
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY, 1e200};
    const double options[] = {2, 50};
    rsi_t memory;
    double closes[5] = {1, 2, 3, 4, 5}, out[5] = {7, 7, 7, 7, 7};
    double *const outputs[] = {out};
    indicator_columns_t columns = {.close = closes, .bars = 5};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        closes[3] = bad[i];
        assert_int_equal(indicator_series(&indicator_rsi, options, &columns, &memory, outputs), RESULT_NUMBER_OUT_OF_RANGE);
        assert_true(isnan(out[0]) && isnan(out[4]));
    }
    out[0] = out[4] = 7;
    columns.close = NULL;
    assert_int_equal(indicator_series(&indicator_rsi, options, &columns, &memory, outputs), RESULT_BAD_ARGUMENT);
    assert_int_equal(indicator_series(&indicator_rsi, (double[]){1, 50}, &columns, &memory, outputs), RESULT_NUMBER_OUT_OF_RANGE);
    assert_true(out[0] == 7 && out[4] == 7); /* nothing has begun */
    /* in a later stretch: what had been written goes */
    enum { LONG = 5 * INDICATOR_CHUNK };
    static double many[LONG], values[LONG];
    double *const places[] = {values};
    const indicator_columns_t long_columns = {.close = many, .bars = LONG};
    for (size_t i = 0; i < LONG; i++) {
        many[i] = (double)(i % 7);
    }
    assert_int_equal(indicator_series(&indicator_rsi, options, &long_columns, &memory, places), RESULT_OK);
    assert_true(values[LONG - 1] > 0.0);
    many[LONG - 1] = NAN;
    assert_int_equal(indicator_series(&indicator_rsi, options, &long_columns, &memory, places), RESULT_NUMBER_OUT_OF_RANGE);
    for (size_t i = 0; i < LONG; i++) {
        assert_true(isnan(values[i]));
    }
}

static void each_row_is_complete_and_runs_at_the_ends_of_its_ranges(void **state)
{
    (void)state;
    market_t market;
    market_make(&market, 6, 1.0);
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        assert_true(strlen(kind->name) > 0 && strlen(kind->title) > 0 && strlen(kind->convention) > 0 && strlen(kind->source) > 0);
        assert_true(kind->inputs != 0 && kind->output_count >= 1 && kind->output_count <= INDICATOR_OUTPUTS_MAX);
        double presets[INDICATOR_OPTIONS_MAX];
        indicator_presets(kind, presets);
        for (uint32_t option = 0; option < kind->option_count; option++) {
            const double ends[] = {kind->options[option].minimum, kind->options[option].maximum};
            for (size_t end = 0; end < 2; end++) {
                double options[INDICATOR_OPTIONS_MAX];
                memcpy(options, presets, sizeof options);
                options[option] = ends[end];
                if (indicator_check(kind, options, NULL) != RESULT_OK) {
                    continue; /* it contradicts another option's preset */
                }
                void *memory = malloc(kind->state_size(options));
                double *values = calloc(INDICATOR_OUTPUTS_MAX * BARS, sizeof *values);
                const indicator_columns_t columns = columns_of(&market, BARS);
                double *outputs[INDICATOR_OUTPUTS_MAX];
                for (size_t i = 0; i < INDICATOR_OUTPUTS_MAX; i++) {
                    outputs[i] = values + i * BARS;
                }
                assert_int_equal(indicator_series(kind, options, &columns, memory, outputs), RESULT_OK);
                assert_int_equal(isnan(values[BARS - 1]) != 0, indicator_output_warm_up(kind, options, 0) >= BARS);
                free(values);
                free(memory);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nan_until_warm_and_never_after),
        cmocka_unit_test(cutting_off_the_future_changes_no_past_value),
        cmocka_unit_test(a_power_of_two_scales_the_values_exactly_and_any_scale_nearly),
        cmocka_unit_test(one_bar_at_a_time_and_the_whole_series_give_the_same_bits),
        cmocka_unit_test(a_series_may_be_written_over_its_input),
        cmocka_unit_test(values_stay_in_their_bounds),
        cmocka_unit_test(a_flat_series_has_the_stated_values),
        cmocka_unit_test(worked_values),
        cmocka_unit_test(ten_million_bars_leave_no_drift),
        cmocka_unit_test(a_total_of_ten_million_steps_does_not_drift),
        cmocka_unit_test(narrow_bands_on_a_high_price_keep_their_digits),
        cmocka_unit_test(options_are_checked_with_the_one_to_blame),
        cmocka_unit_test(a_series_with_bad_values_or_a_missing_column_is_refused),
        cmocka_unit_test(each_row_is_complete_and_runs_at_the_ends_of_its_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

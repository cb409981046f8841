/* test_named.c: the named strategies decide on exactly the bars on which their written rules hold, computed anew by plain loops;
 * names, aliases, option words; longer timeframes without a look ahead. shows: STR-3, RSK-4, R103, R104, R105, I10
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/indicator/rsi.h"
#include "core/indicator/volume_profile.h"
#include "core/strategy/higher_frame.h"
#include "core/strategy/strategy.h"

enum { BARS = 3000 };

static indicator_bar_t bars[BARS];
static strategy_view_t views[BARS];
static double column[BARS], longer[BARS];

static void market_make(uint64_t seed)
{
    prng_t prng;
    double price = 100.0, drift = 0.0;
    prng_seed(&prng, seed);
    for (int i = 0; i < BARS; i++) {
        drift = 0.8 * drift + 0.004 * prng_normal(&prng);
        const double open = price;
        price *= 1.0 + drift - 0.02 * (price / 100.0 - 1.0);
        const double high = (open > price ? open : price) * (1.0 + 0.003 * prng_unit(&prng));
        const double low = (open < price ? open : price) * (1.0 - 0.003 * prng_unit(&prng));
        bars[i] = (indicator_bar_t){
            open, high, low, price, prng_chance(&prng, 0.2) ? 3000 : 1000 * prng_unit(&prng), (19800 * 24 + i) * NS_PER_HOUR};
    }
}

static const strategy_kind_t *find(const char *name)
{
    const strategy_kind_t *kind = strategy_find(str_from(name), NULL);
    assert_non_null(kind);
    return kind;
}

static uint32_t option_of(const strategy_kind_t *kind, const char *name)
{
    for (uint32_t i = 0; i < kind->option_count; i++) {
        if (strcmp(kind->options[i].name, name) == 0) {
            return i;
        }
    }
    fail_msg("%s has no option %s", kind->name, name);
    return 0;
}

/* All bars through a kind; checks the warm-up and what every view must be. Returns how many decided. */
static uint32_t run(const strategy_kind_t *kind, const double *options)
{
    void *memory = malloc(kind->state_size(options));
    uint32_t decided = 0;
    kind->init(memory, options);
    for (int i = 0; i < BARS; i++) {
        views[i] = (strategy_view_t){.direction = DIRECTION_NONE};
        kind->next(memory, &bars[i], &views[i]);
        if (views[i].direction != DIRECTION_NONE) {
            decided++;
            assert_true((uint32_t)i + 1 >= kind->warm_up(options));
            assert_true(views[i].confidence > 0.0 && views[i].confidence <= 1.0 && views[i].atr > 0.0);
            assert_true(views[i].input_count <= STRATEGY_INPUTS_MAX);
        }
    }
    free(memory);
    return decided;
}

/* --- plain definitions ------------------------------------------------------------------------ */

static double mean_close(int at, int period)
{
    double sum = 0;
    for (int i = at - period + 1; i <= at; i++) {
        sum += bars[i].close;
    }
    return sum / period;
}

static double mean_volume(int at, int period)
{
    double sum = 0;
    for (int i = at - period + 1; i <= at; i++) {
        sum += bars[i].volume;
    }
    return sum / period;
}

static double highest(int at, int period)
{
    double high = bars[at].high;
    for (int i = at - period + 1; i <= at; i++) {
        high = fmax(high, bars[i].high);
    }
    return high;
}

static double lowest(int at, int period)
{
    double low = bars[at].low;
    for (int i = at - period + 1; i <= at; i++) {
        low = fmin(low, bars[i].low);
    }
    return low;
}

static double middle(int at, int period)
{
    return (highest(at, period) + lowest(at, period)) / 2;
}

/* EMA of values[from ..], seeded by the mean of its first `period`; NAN before. */
static double ema_from(const double *values, int from, int at, int period)
{
    double value = 0;
    if (at - from + 1 < period) {
        return NAN;
    }
    for (int i = from; i < from + period; i++) {
        value += values[i] / period;
    }
    for (int i = from + period; i <= at; i++) {
        value += 2.0 / (period + 1) * (values[i] - value);
    }
    return value;
}

/* MACD(12, 26, 9) histogram of a column by its definition; slow, but plain. line[] is scratch. */
static void histogram_of(const double *values, int count, double *out)
{
    static double line[BARS];
    for (int i = 0; i < count; i++) {
        line[i] = ema_from(values, 14, i, 12) - ema_from(values, 0, i, 26);
        out[i] = i >= 33 ? line[i] - ema_from(line, 25, i, 9) : NAN;
    }
}

static void expect(int bar, bool is_long, bool is_short)
{
    const direction_t wanted = is_long ? DIRECTION_LONG : is_short ? DIRECTION_SHORT : DIRECTION_NONE;
    if (views[bar].direction != wanted) {
        fail_msg("bar %d: decided %d, not %d", bar, (int)views[bar].direction, (int)wanted);
    }
}

/* --- the strategies --------------------------------------------------------------------------- */

static void moving_averages_cross(void **state)
{
    (void)state;
    const strategy_kind_t *kind = find("MovingAverageCrossover");
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        assert_true(run(kind, options) > 20);
        for (int i = 51; i < BARS; i++) {
            const double now = mean_close(i, 20) - mean_close(i, 50), last = mean_close(i - 1, 20) - mean_close(i - 1, 50);
            expect(i, now > 0 && last <= 0, now < 0 && last >= 0);
        }
    }
}

static void breakouts_are_first_closes_beyond_the_channel_with_volume(void **state)
{
    (void)state;
    const strategy_kind_t *kind = find("breakout");
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        assert_true(run(kind, options) > 20);
        for (int i = 22; i < BARS; i++) {
            const bool volume = bars[i].volume >= 1.5 * mean_volume(i - 1, 20);
            const bool above = bars[i].close > highest(i - 1, 20), above_last = bars[i - 1].close > highest(i - 2, 20);
            const bool below = bars[i].close < lowest(i - 1, 20), below_last = bars[i - 1].close < lowest(i - 2, 20);
            expect(i, volume && above && !above_last, volume && below && !below_last);
            if (views[i].direction != DIRECTION_NONE) {
                assert_true(views[i].stop_price == middle(i - 1, 20)); /* structure */
            }
        }
    }
    options[option_of(kind, "structure")] = 0;
    (void)run(kind, options);
    for (int i = 0; i < BARS; i++) {
        assert_true(views[i].stop_price == 0.0);
    }
}

static void bands_are_left_for_their_middle(void **state)
{
    (void)state;
    const strategy_kind_t *kind = find("BBANDS");
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    options[option_of(kind, "confidence_min")] = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        assert_true(run(kind, options) > 40);
        for (int i = 0; i < BARS; i++) {
            column[i] = bars[i].close;
        }
        static double rsi[BARS];
        rsi_series(14, column, BARS, rsi);
        double last = 0;
        for (int i = 20; i < BARS; i++) {
            const double mean = mean_close(i, 20);
            double squares = 0;
            for (int k = i - 19; k <= i; k++) {
                squares += (bars[k].close - mean) * (bars[k].close - mean);
            }
            const double reach = 2 * sqrt(squares / 20), place = (bars[i].close - mean + reach) / (2 * reach);
            if (i > 22) {
                expect(i, place <= 0.2 && last > 0.2, place >= 0.8 && last < 0.8);
            }
            if (i > 22 && views[i].direction != DIRECTION_NONE) {
                const bool is_long = views[i].direction == DIRECTION_LONG;
                const double edge = is_long ? place : 1 - place, volume = bars[i].volume / mean_volume(i, 20);
                double confidence = (edge <= 0.1 ? 0.8 : 0.6) * (volume > 1.5 ? 1.2 : volume < 0.5 ? 0.8 : 1.0);
                confidence *= (is_long ? rsi[i] < 50 : rsi[i] > 50) ? 1.0 : 0.5;
                assert_true(fabs(views[i].confidence - fmin(confidence, 1)) < 1e-12);
                assert_true(fabs(views[i].target_price - mean) < 1e-9);
                const double outer =
                    is_long ? fmin(bars[i].close, mean - reach) * 0.995 : fmax(bars[i].close, mean + reach) * 1.005;
                assert_true(fabs(views[i].stop_price - outer) < 1e-9);
            }
            last = place;
        }
    }
}

static void tenkan_crosses_kijun_outside_the_cloud(void **state)
{
    (void)state;
    const strategy_kind_t *kind = find("Ichimoku");
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t decided = 0;
    strategy_presets(kind, options);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        decided += run(kind, options);
        for (int i = 80; i < BARS; i++) {
            const double now = middle(i, 9) - middle(i, 26);
            int k = i - 1;
            while (middle(k, 9) == middle(k, 26)) { /* touching is no side */
                k--;
            }
            const double last = middle(k, 9) - middle(k, 26);
            const double a = (middle(i - 25, 9) + middle(i - 25, 26)) / 2, b = middle(i - 25, 52);
            expect(i, now > 0 && last < 0 && bars[i].close > fmax(a, b), now < 0 && last > 0 && bars[i].close < fmin(a, b));
            if (views[i].direction != DIRECTION_NONE) {
                const double sign = views[i].direction == DIRECTION_LONG ? 1 : -1;
                const double confidence =
                    0.5 + (sign * (a - b) > 0 ? 0.25 : 0) + (sign * (bars[i].close - bars[i - 26].close) > 0 ? 0.25 : 0);
                assert_true(views[i].confidence == confidence);
            }
        }
    }
    assert_true(decided > 20);
}

/* Longer bars that are closed when bar i closes; their closes go to longer[]. */
static int longer_closes(int at, int factor)
{
    int count = 0;
    for (int i = 0; i <= at; i++) {
        if ((bars[i].open_ns / NS_PER_HOUR + 1) % factor == 0 &&
            i >= factor) { /* the first one: its beginning may not have been seen */
            longer[count++] = bars[i].close;
        }
    }
    return count;
}

static void dual_macd_wants_rsi_and_the_longer_timeframe(void **state)
{
    (void)state;
    static double own[BARS], long_histogram[BARS], rsi[BARS];
    const strategy_kind_t *kind = find("DUAL_MACD");
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t decided = 0;
    strategy_presets(kind, options);
    options[option_of(kind, "rsi_bars")] = 6;
    options[option_of(kind, "rsi_low")] = 45;
    options[option_of(kind, "rsi_high")] = 55;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        market_make(seed);
        decided += run(kind, options);
        for (int i = 0; i < BARS; i++) {
            column[i] = bars[i].close;
        }
        rsi_series(14, column, BARS, rsi);
        histogram_of(column, BARS, own);
        histogram_of(longer, longer_closes(BARS - 1, 4), long_histogram);
        for (int i = 300; i < BARS; i++) {
            const double higher = long_histogram[longer_closes(i, 4) - 1];
            double low = 100, high = 0;
            for (int k = i - 5; k <= i; k++) {
                low = fmin(low, rsi[k]);
                high = fmax(high, rsi[k]);
            }
            expect(i, own[i] > 0 && own[i - 1] <= 0 && low < 45 && higher > 0,
                   own[i] < 0 && own[i - 1] >= 0 && high > 55 && higher < 0);
        }
    }
    assert_true(decided > 20);
}

static void the_trend_of_both_timeframes_passes_the_threshold(void **state)
{
    (void)state;
    const strategy_kind_t *kind = find("MultiTimeframe");
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    market_make(5);
    assert_true(run(kind, options) > 10);
    const int count = longer_closes(BARS - 1, 4);
    static double trends[BARS], scores[BARS];
    for (int k = 0; k < count; k++) {
        const double fast = ema_from(longer, 0, k, 21), slow = ema_from(longer, 0, k, 50);
        trends[k] = isnan(slow) ? NAN : 0.5 * ((longer[k] > slow) - (longer[k] < slow)) + 0.5 * ((fast > slow) - (fast < slow));
    }
    for (int i = 0; i < BARS; i++) {
        column[i] = bars[i].close;
    }
    for (int i = 260; i < BARS; i++) {
        const double fast = ema_from(column, 0, i, 21), slow = ema_from(column, 0, i, 50);
        const double own = 0.5 * ((column[i] > slow) - (column[i] < slow)) + 0.5 * ((fast > slow) - (fast < slow));
        scores[i] = 0.6 * own + 0.4 * trends[longer_closes(i, 4) - 1];
        if (i > 260) {
            expect(i, scores[i] > 0.5 && scores[i - 1] <= 0.5, scores[i] < -0.5 && scores[i - 1] >= -0.5);
        }
    }
}

static void frvp_is_sc02_beyond_the_point_of_control(void **state)
{
    (void)state;
    static strategy_view_t plain[BARS];
    static double memory[8192];
    const strategy_kind_t *kind = find("SC02+FRVP"), *sc02 = find("SC02");
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t agreed = 0, refused = 0;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        strategy_presets(sc02, options);
        (void)run(sc02, options);
        memcpy(plain, views, sizeof plain);
        strategy_presets(kind, options);
        (void)run(kind, options);
        volume_profile_t profile;
        assert_true(volume_profile_memory(100, 24) <= sizeof memory);
        volume_profile_init(&profile, 100, 24, 70, memory);
        for (int i = 0; i < BARS; i++) {
            const volume_profile_value_t at = volume_profile_next(&profile, bars[i].high, bars[i].low, bars[i].volume);
            const bool is_long = plain[i].direction == DIRECTION_LONG, is_short = plain[i].direction == DIRECTION_SHORT;
            expect(i, is_long && bars[i].close > at.control, is_short && bars[i].close < at.control);
            if (views[i].direction != DIRECTION_NONE) {
                const bool inside = bars[i].close >= at.area_low && bars[i].close <= at.area_high;
                assert_true(fabs(views[i].confidence - 0.8 * plain[i].confidence - (inside ? 0.2 : 0)) < 1e-12);
                agreed++;
            } else {
                refused += plain[i].direction != DIRECTION_NONE && i >= 99;
            }
        }
    }
    assert_true(agreed > 10 && refused > 10);
}

static void rsi_comes_back_from_its_zone(void **state)
{
    (void)state;
    static double rsi[BARS];
    const strategy_kind_t *kind = find("RSIReversion");
    double options[STRATEGY_OPTIONS_MAX];
    strategy_presets(kind, options);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        assert_true(run(kind, options) > 20);
        for (int i = 0; i < BARS; i++) {
            column[i] = bars[i].close;
        }
        rsi_series(14, column, BARS, rsi);
        for (int i = 16; i < BARS; i++) {
            expect(i, rsi[i] >= 30 && rsi[i - 1] < 30, rsi[i] <= 70 && rsi[i - 1] > 70);
            if (views[i].direction != DIRECTION_NONE) {
                double depth = 0;
                for (int k = i - 1; k > 0 && (rsi[k] < 30 || rsi[k] > 70); k--) {
                    depth = fmax(depth, fmax(30 - rsi[k], rsi[k] - 70));
                }
                assert_true(fabs(views[i].confidence - 0.5 - 0.5 * fmin(1, depth / 15)) < 1e-12);
            }
        }
    }
}

static direction_t vote(int i, const double *rsi, const double *histogram, int *votes)
{
    const double trend = ema_from(column, 0, i, 50), change = bars[i].close - bars[i - 5].close;
    const bool volume = bars[i].volume > mean_volume(i, 20);
    const int ups = (rsi[i] > 50) + (rsi[i] < 70) + 2 * (histogram[i] > 0) + (bars[i].close > trend) + volume + (change > 0);
    const int downs = (rsi[i] < 50) + (rsi[i] > 30) + 2 * (histogram[i] < 0) + (bars[i].close < trend) + volume + (change < 0);
    *votes = ups > downs ? ups : downs;
    return *votes < 5 || ups == downs ? DIRECTION_NONE : ups > downs ? DIRECTION_LONG : DIRECTION_SHORT;
}

static void five_of_seven_vote(void **state)
{
    (void)state;
    static double rsi[BARS], histogram[BARS];
    const strategy_kind_t *kind = find("MultiIndicator");
    double options[STRATEGY_OPTIONS_MAX];
    int votes = 0;
    strategy_presets(kind, options);
    market_make(4);
    assert_true(run(kind, options) > 50);
    for (int i = 0; i < BARS; i++) {
        column[i] = bars[i].close;
    }
    rsi_series(14, column, BARS, rsi);
    histogram_of(column, BARS, histogram);
    for (int i = 51; i < BARS; i++) {
        const direction_t last = vote(i - 1, rsi, histogram, &votes), now = vote(i, rsi, histogram, &votes);
        const bool is_new = now != last;
        expect(i, is_new && now == DIRECTION_LONG, is_new && now == DIRECTION_SHORT);
        assert_true(views[i].direction == DIRECTION_NONE || views[i].confidence == votes / 7.0);
    }
}

static void narrow_bands_are_left(void **state)
{
    (void)state;
    static double upper[BARS], lower[BARS], width[BARS];
    const strategy_kind_t *kind = find("SQUEEZE");
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t decided = 0;
    strategy_presets(kind, options);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        market_make(seed);
        decided += run(kind, options);
        for (int i = 19; i < BARS; i++) {
            const double mean = mean_close(i, 20);
            double squares = 0;
            for (int k = i - 19; k <= i; k++) {
                squares += (bars[k].close - mean) * (bars[k].close - mean);
            }
            const double reach = 2 * sqrt(squares / 20);
            upper[i] = mean + reach;
            lower[i] = mean - reach;
            width[i] = 2 * reach / mean;
        }
        int squeezed = -1000;
        for (int i = 19 + 125; i < BARS; i++) {
            bool narrowest = true;
            for (int k = i - 124; k < i; k++) {
                narrowest = narrowest && width[i] <= width[k];
            }
            squeezed = narrowest ? i : squeezed;
            const bool counts = i - squeezed<10, above = bars[i].close> upper[i], below = bars[i].close < lower[i];
            expect(i, counts && above, counts && below);
            if (views[i].direction != DIRECTION_NONE) {
                squeezed = -1000; /* used up */
            }
        }
    }
    assert_true(decided > 20);
}

static void a_longer_bar_is_whole_and_comes_with_the_bar_that_closes_it(void **state)
{
    (void)state;
    market_make(9);
    higher_frame_t frame;
    indicator_bar_t made;
    for (int start = 0; start < 5; start++) {
        int count = 0;
        higher_frame_init(&frame, 4);
        for (int i = start; i < 100; i++) {
            const bool closes = higher_frame_next(&frame, &bars[i], &made);
            if (closes) {
                const int first = i - 3;
                assert_int_equal(i % 4, 3); /* bar 0 opens at midnight */
                assert_true(first > start && made.open_ns == bars[first].open_ns && made.open == bars[first].open);
                assert_true(made.close == bars[i].close && made.high == highest(i, 4) && made.low == lowest(i, 4));
                assert_true(fabs(made.volume - 4 * mean_volume(i, 4)) < 1e-9);
                count++;
            }
        }
        assert_true(count >= 23);
    }
}

/* What every kind in the registry promises. */
static void each_kind_is_complete_and_never_looks_ahead(void **state)
{
    (void)state;
    static strategy_view_t whole[BARS];
    for (uint32_t k = 0; k < strategy_count(); k++) {
        const strategy_kind_t *kind = strategy_at(k);
        double options[STRATEGY_OPTIONS_MAX];
        strategy_presets(kind, options);
        assert_int_equal(strategy_check(kind, options, NULL), RESULT_OK);
        assert_true(strlen(kind->title) > 0 && strlen(kind->rule) > 0 && kind->option_words != NULL);
        for (uint32_t i = 0; i < kind->option_count; i++) {
            assert_true(strlen(kind->option_words[i]) > 0);
        }
        market_make(21);
        (void)run(kind, options);
        memcpy(whole, views, sizeof whole);
        for (int i = BARS / 2; i < BARS; i++) { /* another future */
            bars[i].close *= 1.5;
            bars[i].high *= 1.6;
        }
        (void)run(kind, options);
        assert_memory_equal(whole, views, BARS / 2 * sizeof whole[0]);
    }
}

static void names_of_the_old_systems_are_known(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        {"DualMACD_RSI", "DualMACD_RSI"},
        {"DUAL_MACD", "DualMACD_RSI"},
        {"movingaveragecrossover", "MovingAverageCrossover"},
        {"BBANDS", "BollingerReversion"},
        {"SC02+FRVP", "SC02+FRVP"},
        {"SC02_FRVP", "SC02+FRVP"},
        {"MACD_RSI", "SC02"},
        {"MULTI_TIMEFRAME", "TrendMTF"},
        {"WeightedScore", "WeightedScore"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(find(names[i][0])->name, names[i][1]);
    }
    const strategy_kind_t *nearest = NULL;
    assert_null(strategy_find(STR("BolingerReversion"), &nearest));
    assert_string_equal(nearest->name, "BollingerReversion");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moving_averages_cross),
        cmocka_unit_test(breakouts_are_first_closes_beyond_the_channel_with_volume),
        cmocka_unit_test(bands_are_left_for_their_middle),
        cmocka_unit_test(tenkan_crosses_kijun_outside_the_cloud),
        cmocka_unit_test(dual_macd_wants_rsi_and_the_longer_timeframe),
        cmocka_unit_test(the_trend_of_both_timeframes_passes_the_threshold),
        cmocka_unit_test(frvp_is_sc02_beyond_the_point_of_control),
        cmocka_unit_test(rsi_comes_back_from_its_zone),
        cmocka_unit_test(five_of_seven_vote),
        cmocka_unit_test(narrow_bands_are_left),
        cmocka_unit_test(a_longer_bar_is_whole_and_comes_with_the_bar_that_closes_it),
        cmocka_unit_test(each_kind_is_complete_and_never_looks_ahead),
        cmocka_unit_test(names_of_the_old_systems_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_registry_random.c: every indicator of the registry with options drawn from their ranges, over markets of every kind.
 * shows: IND-1, IND-2
 *
 * Quiet, flat, tiny, huge, jumping and negative prices, no volume, and the largest that is taken: nothing crashes (run it under the
 * sanitizers), values are NaN until warm and numbers ever after, one bar at a time gives the bits of the whole series, and the
 * future changes no past value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"
#include "support/test_support.h"

enum { BARS = 400, ROUNDS = 12 };

typedef enum { WALK, FLAT, TINY, HUGE_PRICES, AT_THE_BOUND, JUMPS, NEGATIVE, STEPS, SHAPES } shape_t;

/* What a market begins with: prices of one coin, and the most that the registry takes. */
static const double first_prices[SHAPES] = {100.0, 100.0, 1e-9, 1e9, 1e-2 * INDICATOR_VALUE_MAX, 100.0, 0.0, 100.0};

typedef struct {
    double open[BARS], high[BARS], low[BARS], close[BARS], volume[BARS];
    int64_t open_ns[BARS];
} market_t;

static double next_price(shape_t shape, double price, size_t bar, prng_t *prng)
{
    switch (shape) {
    case FLAT:
        return bar < 50 ? price * (1.0 + 0.01 * prng_normal(prng)) : price;
    case JUMPS:
        return bar % 40 == 39 ? (price > 1.0 ? price * 1e-9 : price * 1e9) : price * (1.0 + 0.001 * prng_normal(prng));
    case NEGATIVE:
        return price + prng_normal(prng);
    case STEPS:
        return (bar / 7) % 2 == 0 ? 100.0 : 100.1; /* equal values everywhere */
    case WALK:
    case TINY:
    case HUGE_PRICES:
    case AT_THE_BOUND:
    case SHAPES:
        break;
    }
    return price * (1.0 + 0.01 * prng_normal(prng));
}

static void market_make(market_t *market, shape_t shape, uint64_t seed)
{
    prng_t prng;
    prng_seed(&prng, seed);
    double price = first_prices[shape];
    const double most = shape == AT_THE_BOUND ? INDICATOR_VALUE_MAX : 1000.0;
    for (size_t i = 0; i < BARS; i++) {
        const double next = next_price(shape, price, i, &prng);
        const bool still = shape == FLAT && i >= 50;
        const double reach = still ? 0.0 : 0.003 * fabs(next) * prng_unit(&prng);
        market->open[i] = price;
        market->close[i] = next;
        market->high[i] = (next > price ? next : price) + reach;
        market->low[i] = (next < price ? next : price) - reach;
        market->volume[i] = still || i % 11 == 0 ? 0.0 : most * prng_unit(&prng);
        market->open_ns[i] = (int64_t)i * 3600 * INT64_C(1000000000);
        price = next;
    }
}

/* Mostly short periods, so that the series is longer than the warm-up; now and then anything that is allowed. */
static void draw_options(const indicator_kind_t *kind, prng_t *prng, double *options)
{
    indicator_presets(kind, options);
    for (uint32_t i = 0; i < kind->option_count; i++) {
        const indicator_option_t *option = &kind->options[i];
        const bool is_any = prng_unit(prng) < 0.1;
        const double top = is_any || option->maximum < 40.0 ? option->maximum : 40.0;
        const double bottom = option->minimum < -40.0 && !is_any ? -40.0 : option->minimum;
        const double drawn = bottom + (top - bottom) * prng_unit(prng);
        options[i] = option->kind == OPTION_WHOLE ? floor(drawn + 0.5) : drawn;
    }
    if (indicator_check(kind, options, NULL) != RESULT_OK) {
        indicator_presets(kind, options); /* they contradict each other */
    }
}

static double *run(const indicator_kind_t *kind, const double *options, const market_t *market, size_t bars)
{
    const indicator_columns_t columns = {market->open,   market->high, market->low,    market->close,
                                         market->volume, bars,         market->open_ns};
    double *values = malloc(INDICATOR_OUTPUTS_MAX * BARS * sizeof *values);
    double *outputs[INDICATOR_OUTPUTS_MAX];
    for (size_t i = 0; i < INDICATOR_OUTPUTS_MAX; i++) {
        outputs[i] = values + i * BARS;
    }
    void *state = malloc(kind->state_size(options)); /* exactly what it asked for: the sanitizers see a byte too far */
    assert_int_equal(indicator_series(kind, options, &columns, state, outputs), RESULT_OK);
    free(state);
    return values;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check_warm_up(const indicator_kind_t *kind, const double *options, const double *values, shape_t shape)
{
    for (uint32_t output = 0; output < kind->output_count; output++) {
        const uint32_t warm_up = indicator_output_warm_up(kind, options, output);
        assert_true(warm_up <= kind->warm_up(options));
        for (size_t i = 0; i < BARS; i++) {
            const double value = values[output * BARS + i];
            if ((i < warm_up) != (isnan(value) != 0) || isinf(value)) {
                fail_msg("%s.%s, first option %g, shape %d, bar %zu: %g", kind->name, kind->outputs[output], options[0], (int)shape,
                         i, value);
            }
        }
    }
}

static void check_streaming(const indicator_kind_t *kind, const double *options, const market_t *market, const double *values)
{
    void *state = malloc(kind->state_size(options));
    kind->init(state, options);
    for (size_t i = 0; i < BARS; i++) {
        const indicator_bar_t bar = {market->open[i],  market->high[i],   market->low[i],
                                     market->close[i], market->volume[i], market->open_ns[i]};
        double row[INDICATOR_OUTPUTS_MAX];
        kind->next(state, &bar, row);
        for (uint32_t output = 0; output < kind->output_count; output++) {
            if (!same_bits(row[output], values[output * BARS + i])) {
                fail_msg("%s.%s, first option %g, bar %zu: %.17g one bar at a time, %.17g as a series", kind->name,
                         kind->outputs[output], options[0], i, row[output], values[output * BARS + i]);
            }
        }
    }
    free(state);
}

static void check_past(const indicator_kind_t *kind, const double *options, const market_t *market, const double *values,
                       size_t cut)
{
    double *part = run(kind, options, market, cut);
    for (uint32_t output = 0; output < kind->output_count; output++) {
        for (size_t i = 0; i < cut; i++) {
            assert_true(same_bits(part[output * BARS + i], values[output * BARS + i]));
        }
    }
    free(part);
}

static void every_indicator_keeps_its_promises_with_any_options_on_any_market(void **state)
{
    (void)state;
    static market_t market;
    prng_t prng;
    prng_seed(&prng, 2026);
    for (int shape = 0; shape < SHAPES; shape++) {
        market_make(&market, (shape_t)shape, 100 + (uint64_t)shape);
        for (uint32_t k = 0; k < indicator_count(); k++) {
            const indicator_kind_t *kind = indicator_at(k);
            for (int round = 0; round < ROUNDS; round++) {
                double options[INDICATOR_OPTIONS_MAX];
                draw_options(kind, &prng, options);
                double *values = run(kind, options, &market, BARS);
                check_warm_up(kind, options, values, (shape_t)shape);
                check_streaming(kind, options, &market, values);
                check_past(kind, options, &market, values, 1 + prng_below(&prng, BARS - 1));
                free(values);
            }
        }
    }
}

/* A series is taken in stretches of INDICATOR_CHUNK bars: many of them, with windows shorter and longer than one. */
static void many_stretches_give_the_bits_of_their_bars(void **state)
{
    (void)state;
    enum { LONG = 9 * BARS };
    static double columns[5][LONG], outputs[INDICATOR_OUTPUTS_MAX][LONG];
    static int64_t open_ns[LONG];
    static market_t market;
    for (size_t i = 0; i < LONG; i++) {
        if (i % BARS == 0) { /* every shape after the other: where they meet, prices jump */
            market_make(&market, (shape_t)(i / BARS % SHAPES), 7 + i);
        }
        const double *const parts[] = {market.open, market.high, market.low, market.close, market.volume};
        for (size_t k = 0; k < 5; k++) {
            columns[k][i] = parts[k][i % BARS];
        }
        open_ns[i] = (int64_t)i * 3600 * INT64_C(1000000000);
    }
    const indicator_columns_t series = {columns[0], columns[1], columns[2], columns[3], columns[4], LONG, open_ns};
    double *places[INDICATOR_OUTPUTS_MAX], row[INDICATOR_OUTPUTS_MAX];
    for (size_t i = 0; i < INDICATOR_OUTPUTS_MAX; i++) {
        places[i] = outputs[i];
    }
    for (uint32_t k = 0; k < 2 * indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k / 2);
        double options[INDICATOR_OPTIONS_MAX];
        indicator_presets(kind, options);
        if (k % 2 == 1 && kind->option_count > 0 && kind->options[0].maximum >= 700 && kind->options[0].kind == OPTION_WHOLE) {
            options[0] = 700; /* longer than a stretch */
        }
        if (indicator_check(kind, options, NULL) != RESULT_OK) {
            continue; /* a slow period shorter than the fast one */
        }
        void *memory = malloc(kind->state_size(options));
        assert_int_equal(indicator_series(kind, options, &series, memory, places), RESULT_OK);
        kind->init(memory, options);
        for (size_t i = 0; i < LONG; i++) {
            const indicator_bar_t bar = {columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i], open_ns[i]};
            kind->next(memory, &bar, row);
            for (uint32_t output = 0; output < kind->output_count; output++) {
                if (!same_bits(row[output], outputs[output][i])) {
                    fail_msg("%s.%s, first option %g, bar %zu: %.17g one bar at a time, %.17g in the series", kind->name,
                             kind->outputs[output], options[0], i, row[output], outputs[output][i]);
                }
            }
        }
        free(memory);
    }
}

/* Totals since the first bar, and lines that stay where they are until they are crossed: a run that begins later has other ones. */
static bool is_total(const indicator_kind_t *kind)
{
    static const char *const totals[] = {"ad", "adosc", "nvi", "obv", "pvi", "pvt", "wad", "supertrend"};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        if (strcmp(kind->name, totals[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* TradingView's digits: E[x^2] - E[x]^2 is wrong by more than 1e-9 on a single bar already, and must be. */
static bool loses_digits(const indicator_kind_t *kind)
{
    return strstr(kind->convention, "loses digits where") != NULL || strcmp(kind->name, "correl_tv") == 0;
}

/* Bar number i of an endless market that swings around 100 and now and then, before bar `calm`, jumps to 1e5 times of it and back.
 */
static indicator_bar_t endless_bar(uint64_t i, uint64_t calm)
{
    prng_t prng;
    prng_seed(&prng, i / 16);
    const double level = i % 100000 < 300 && i < calm ? 1e7 : 100.0;
    const double open = level * (1.0 + 0.01 * prng_unit(&prng)),
                 close = level * (1.0 + 0.0007 * (double)(i * 7 % 16) * prng_unit(&prng));
    const double high = (open > close ? open : close) + level * 0.002, low = (open < close ? open : close) - level * 0.001;
    return (indicator_bar_t){open, high, low, close, 10.0 + (double)(i % 13), (int64_t)i * 3600 * INT64_C(1000000000)};
}

static void feed(const indicator_kind_t *kind, void *state, uint64_t from, uint64_t to, double *row)
{
    for (uint64_t i = from; i < to; i++) {
        const indicator_bar_t bar = endless_bar(i, to < 50000 ? 0 : to - 50000);
        kind->next(state, &bar, row);
    }
}

/* What a million bars (long: ten) leave behind, jumps to 1e5 times the price among them: nothing above 1e-9 of the value of a run
 * over the last ten thousand, which is far longer than any preset remembers. */
static void no_indicator_drifts(void **state)
{
    (void)state;
    const uint64_t bars = test_is_long() ? 10000000 : 1000000, fresh = 10000;
    double worst = 0.0;
    const char *worst_name = "";
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        if (is_total(kind) || loses_digits(kind) || strncmp(kind->name, "cdl_", 4) == 0) {
            continue; /* patterns hold five candles and sums of ten */
        }
        double options[INDICATOR_OPTIONS_MAX], whole[INDICATOR_OUTPUTS_MAX], part[INDICATOR_OUTPUTS_MAX];
        indicator_presets(kind, options);
        const bool is_slow = strcmp(kind->name, "hurst") == 0; /* a window measured anew at every bar: nothing that could drift */
        void *memory = malloc(kind->state_size(options));
        kind->init(memory, options);
        feed(kind, memory, is_slow ? bars - 2 * fresh : 0, bars, whole);
        kind->init(memory, options);
        feed(kind, memory, bars - fresh, bars, part);
        free(memory);
        for (uint32_t output = 0; output < kind->output_count; output++) {
            const double size = fabs(whole[output]) > fabs(part[output]) ? fabs(whole[output]) : fabs(part[output]);
            const double floor =
                strcmp(kind->outputs[output], "histogram") == 0 || strcmp(kind->outputs[output], "slope") == 0 ? 1.0 : 1e-3;
            const double difference = fabs(whole[output] - part[output]) / (size > floor ? size : floor);
            worst_name = difference > worst ? kind->name : worst_name;
            worst = difference > worst ? difference : worst;
            if (!(difference <= 1e-9)) { /* not a number is no value either */
                fail_msg("%s.%s: %.17g after %llu bars, %.17g after %llu", kind->name, kind->outputs[output], whole[output],
                         (unsigned long long)bars, part[output], (unsigned long long)fresh);
            }
        }
    }
    print_message("what %llu bars leave behind: at most %.1e of a value (%s)\n", (unsigned long long)bars, worst, worst_name);
}

/* What each bar adds to a total, from the bar and the one before it. */
static double ad_step(const indicator_bar_t *bar, const indicator_bar_t *last)
{
    (void)last;
    return ((bar->close - bar->low) - (bar->high - bar->close)) / (bar->high - bar->low) * bar->volume;
}

static double obv_step(const indicator_bar_t *bar, const indicator_bar_t *last)
{
    return bar->close > last->close ? bar->volume : bar->close < last->close ? -bar->volume : 0.0;
}

static double pvt_step(const indicator_bar_t *bar, const indicator_bar_t *last)
{
    return (bar->close - last->close) / last->close * bar->volume;
}

static double wad_step(const indicator_bar_t *bar, const indicator_bar_t *last)
{
    const double bottom = bar->low < last->close ? bar->low : last->close, top = bar->high > last->close ? bar->high : last->close;
    return bar->close > last->close ? bar->close - bottom : bar->close < last->close ? bar->close - top : 0.0;
}

/* Totals since the first bar, against the sum of the same steps in long doubles. */
static void no_total_drifts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double (*step)(const indicator_bar_t *bar, const indicator_bar_t *last);
        bool has_first; /* the first bar, too, is one to add */
    } totals[] = {{"ad", ad_step, true}, {"obv", obv_step, false}, {"pvt", pvt_step, false}, {"wad", wad_step, false}};
    const uint64_t bars = test_is_long() ? 10000000 : 1000000;
    for (size_t k = 0; k < sizeof totals / sizeof totals[0]; k++) {
        const indicator_kind_t *kind = indicator_find(str_from(totals[k].name), NULL);
        double options[INDICATOR_OPTIONS_MAX], row[INDICATOR_OUTPUTS_MAX], first = 0.0;
        indicator_presets(kind, options);
        void *memory = malloc(kind->state_size(options));
        kind->init(memory, options);
        indicator_bar_t last = {0};
        long double sum = 0.0L, size = 0.0L;
        for (uint64_t i = 0; i < bars; i++) {
            const indicator_bar_t bar = endless_bar(i, bars - 50000);
            const double step = i > 0 || totals[k].has_first ? totals[k].step(&bar, &last) : 0.0;
            kind->next(memory, &bar, row);
            first = i == 0 && !isnan(row[0]) ? row[0] - step : first; /* obv begins with the first volume */
            sum += step;
            last = bar;
            const long double now = fabsl(sum + first);
            size = now > size ? now : size; /* a total near 0 has the digits of what it came from */
            if (i % 4999 == 0 && i > 0 &&
                fabsl((long double)row[0] - first - sum) > 1e-9L * (now > 1e-3L * size ? now : 1e-3L * size)) {
                fail_msg("%s: %.17g after %llu bars, %.17Lg exactly", kind->name, row[0], (unsigned long long)i, sum + first);
            }
        }
        free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_indicator_keeps_its_promises_with_any_options_on_any_market),
                                       cmocka_unit_test(many_stretches_give_the_bits_of_their_bars),
                                       cmocka_unit_test(no_indicator_drifts), cmocka_unit_test(no_total_drifts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

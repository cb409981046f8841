/* test_series_bounds.c: every indicator of the registry over series that end exactly where their memory does.
 * shows: IND-1, IND-2
 *
 * Lengths around 1, the warm-up and the stretches, each column and output in memory of its own and of that size: the sanitizers see
 * a bar too many that is read or written. One bar at a time gives the same bits, and a bad value on any bar of a column that is
 * read is refused, wherever it stands, and leaves nothing behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

enum { COLUMNS = 5, LENGTH_MAX = 1500, ROUNDS = 4 };

typedef struct {
    size_t bars;
    double *columns[COLUMNS], *outputs[INDICATOR_OUTPUTS_MAX];
    int64_t *open_ns;
} series_t;

/* Walks, equal values, whole numbers with ties, and prices on both sides of 0. */
static double next_price(uint64_t shape, double price, prng_t *prng)
{
    const double walk[] = {price * (1.0 + 0.01 * prng_normal(prng)), price, (double)prng_below(prng, 10),
                           price + 50.0 * prng_normal(prng)};
    return walk[shape];
}

static series_t series_make(size_t bars, prng_t *prng)
{
    series_t series = {.bars = bars, .open_ns = malloc(bars * sizeof(int64_t))};
    for (size_t k = 0; k < COLUMNS; k++) {
        series.columns[k] = malloc(bars * sizeof(double));
    }
    for (size_t k = 0; k < INDICATOR_OUTPUTS_MAX; k++) {
        series.outputs[k] = malloc(bars * sizeof(double));
    }
    const uint64_t shape = prng_below(prng, 4);
    const double scale = prng_below(prng, 2) == 0 ? 1e-9 : 1e9;
    double price = 100.0;
    for (size_t i = 0; i < bars; i++) {
        const double next = next_price(shape, price, prng), reach = shape % 3 == 0 ? prng_unit(prng) : 0.0;
        const double row[COLUMNS] = {price, fmax(price, next) + reach, fmin(price, next) - reach, next,
                                     shape == 1 ? 0.0 : 1.0 / scale};
        for (size_t k = 0; k < COLUMNS; k++) {
            series.columns[k][i] = row[k] * scale;
        }
        series.open_ns[i] = (int64_t)i * 3600 * INT64_C(1000000000);
        price = next;
    }
    return series;
}

static void series_free(series_t *series)
{
    for (size_t k = 0; k < COLUMNS; k++) {
        free(series->columns[k]);
    }
    for (size_t k = 0; k < INDICATOR_OUTPUTS_MAX; k++) {
        free(series->outputs[k]);
    }
    free(series->open_ns);
}

static result_t run(const indicator_kind_t *kind, const double *options, const series_t *series, void *state)
{
    double *const *c = series->columns;
    const indicator_columns_t columns = {c[0], c[1], c[2], c[3], c[4], series->bars, series->open_ns};
    return indicator_series(kind, options, &columns, state, series->outputs);
}

static void check_bits(const indicator_kind_t *kind, const double *options, const series_t *series, void *state)
{
    double *const *c = series->columns, row[INDICATOR_OUTPUTS_MAX];
    memset(state, 0xaa, kind->state_size(options)); /* nothing of the run before is left to go on from */
    kind->init(state, options);
    for (size_t i = 0; i < series->bars; i++) {
        const indicator_bar_t bar = {c[0][i], c[1][i], c[2][i], c[3][i], c[4][i], series->open_ns[i]};
        kind->next(state, &bar, row);
        for (uint32_t k = 0; k < kind->output_count; k++) {
            const double found = series->outputs[k][i];
            if (memcmp(&row[k], &found, sizeof found) != 0 && !(isnan(row[k]) && isnan(found))) {
                fail_msg("%s.%s, first option %g, bar %zu of %zu: %.17g one bar at a time, %.17g as a series", kind->name,
                         kind->outputs[k], options[0], i, series->bars, row[k], found);
            }
        }
    }
}

/* In each column once: near the end, which is no part of what is looked at beforehand, or anywhere. */
static void check_refusals(const indicator_kind_t *kind, const double *options, const series_t *series, void *state, prng_t *prng)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY, 1.001 * INDICATOR_VALUE_MAX, -1e200};
    for (size_t column = 0; column < COLUMNS; column++) {
        const size_t among = prng_below(prng, 2) == 0 && series->bars > 30 ? 30 : series->bars;
        const size_t at = series->bars - 1 - (size_t)prng_below(prng, among);
        const bool is_read = (kind->inputs >> column & 1u) != 0;
        const double good = series->columns[column][at];
        series->columns[column][at] = bad[prng_below(prng, sizeof bad / sizeof bad[0])];
        const result_t result = run(kind, options, series, state);
        series->columns[column][at] = good;
        if (result != (is_read ? RESULT_NUMBER_OUT_OF_RANGE : RESULT_OK)) {
            fail_msg("%s: a bad value of column %zu, bar %zu of %zu: %s", kind->name, column, at, series->bars,
                     result_text(result));
        }
        for (uint32_t k = 0; k < kind->output_count && is_read; k++) {
            for (size_t i = 0; i < series->bars; i++) {
                assert_true(isnan(series->outputs[k][i]));
            }
        }
    }
}

/* The presets first, then short and now and then the shortest periods. */
static void draw_options(const indicator_kind_t *kind, int round, prng_t *prng, double *options)
{
    indicator_presets(kind, options);
    for (uint32_t i = 0; i < kind->option_count && round > 0; i++) {
        const indicator_option_t *option = &kind->options[i];
        const double least = option->minimum, width = fmin(option->maximum, 70.0) - least;
        const double drawn = option->kind == OPTION_WHOLE ? (double)prng_below(prng, (uint64_t)width + 1) : width * prng_unit(prng);
        options[i] = prng_below(prng, 3) == 0 ? least : least + drawn;
    }
    if (indicator_check(kind, options, NULL) != RESULT_OK) {
        indicator_presets(kind, options); /* they contradict each other */
    }
}

static void check_length(const indicator_kind_t *kind, const double *options, size_t bars, prng_t *prng)
{
    series_t series = series_make(bars, prng);
    void *state = malloc(kind->state_size(options));
    assert_int_equal(run(kind, options, &series, state), RESULT_OK);
    check_bits(kind, options, &series, state);
    check_refusals(kind, options, &series, state, prng);
    free(state);
    series_free(&series);
}

static void nothing_is_read_or_written_beyond_a_series(void **state)
{
    (void)state;
    prng_t prng;
    prng_seed(&prng, 7);
    for (uint32_t k = 0; k < indicator_count(); k++) {
        const indicator_kind_t *kind = indicator_at(k);
        for (int round = 0; round < ROUNDS; round++) {
            double options[INDICATOR_OPTIONS_MAX];
            draw_options(kind, round, &prng, options);
            const size_t warm = kind->warm_up(options), half = INDICATOR_CHUNK / 2, any = 1 + (size_t)prng_below(&prng, 700);
            const size_t lengths[] = {1,
                                      2,
                                      3,
                                      warm,
                                      warm + 1,
                                      warm + 2,
                                      warm + 3,
                                      warm + 7,
                                      half,
                                      half + 1,
                                      INDICATOR_CHUNK,
                                      INDICATOR_CHUNK + 1,
                                      3 * INDICATOR_CHUNK + 5,
                                      any};
            for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
                if (lengths[i] > 0 && lengths[i] <= LENGTH_MAX) {
                    check_length(kind, options, lengths[i], &prng);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_read_or_written_beyond_a_series)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_series_function.c: all-time extremes and the Rank Correlation Index, against definitions computed anew for every bar.
 * shows: IND-2
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/indicator/series_function.h"

enum { BARS = 300 };

static double values[BARS], found[BARS];

static void run(const char *name, double length, size_t bars)
{
    const double *sources[] = {values};
    series_function_find(name)->run(sources, &length, bars, found);
}

/* Few different values, so that windows have ties; na at the beginning, alone and in a row; one stretch without change. */
static void fill(void)
{
    uint32_t random = 7;
    for (size_t i = 0; i < BARS; i++) {
        random = random * 1664525u + 1013904223u;
        values[i] = 50.0 + (double)(random >> 28) * 0.25;
        if (i < 3 || i == 90 || i == 91 || i == 140) {
            values[i] = NAN;
        } else if (i >= 200 && i < 230) {
            values[i] = 51.0;
        }
    }
}

/* Pearson's correlation of the bars' numbers with the mean ranks of their values, each rank by counting. */
static double correlated(const double *window, size_t length)
{
    const double mean = ((double)length + 1.0) / 2.0;
    double product = 0.0, time_square = 0.0, rank_square = 0.0;
    for (size_t k = 0; k < length; k++) {
        double rank = 0.5;
        for (size_t j = 0; j < length; j++) {
            rank += window[j] < window[k] ? 1.0 : window[j] == window[k] ? 0.5 : isnan(window[j]) ? NAN : 0.0;
        }
        const double time = (double)k + 1.0 - mean;
        product += time * (rank - mean);
        time_square += time * time;
        rank_square += (rank - mean) * (rank - mean);
    }
    return 100.0 * product / (sqrt(time_square) * sqrt(rank_square)); /* 0 / 0 when all are equal */
}

static void rci_is_the_correlation_of_mean_ranks_with_time(void **state)
{
    (void)state;
    fill();
    static const size_t lengths[] = {2, 3, 9, 14, 40};
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        const size_t length = lengths[l];
        size_t known = 0;
        run("rci", (double)length, BARS);
        for (size_t i = 0; i < BARS; i++) {
            const double wanted = i >= length ? correlated(values + i + 1 - length, length) : NAN;
            known += isnan(wanted) ? 0 : 1;
            assert_int_equal(isnan(found[i]) != 0, isnan(wanted) != 0);
            assert_true(isnan(wanted) || (fabs(found[i] - wanted) < 1e-10 && fabs(found[i]) <= 100.0));
        }
        assert_true(known > 100);
    }
}

/* What TradingView exported for 14 closes with one tie whose sum of d^2 is 487.5; the formula without ties would give -7.142857. */
static void rci_takes_ties_as_tradingview_does(void **state)
{
    (void)state;
    static const double ranks[] = {0, 12, 1, 3, 9, 14, 2, 13, 11, 10, 6.5, 4, 8, 5, 6.5};
    memcpy(values, ranks, sizeof ranks);
    run("rci", 14, 15);
    assert_true(isnan(found[13])); /* a full window, but TradingView begins with the next bar */
    assert_true(fabs(found[14] - -7.260730466229202) < 1e-13);
}

static void rci_without_ties_is_the_published_formula(void **state)
{
    (void)state;
    for (size_t i = 0; i < BARS; i++) {
        values[i] = (double)(i * 37 % 307);
    }
    run("rci", 10, BARS);
    for (size_t i = 10; i < BARS; i++) {
        double squares = 0.0;
        for (size_t k = 0; k < 10; k++) {
            double rank = 1.0;
            for (size_t j = 0; j < 10; j++) {
                rank += values[i - j] < values[i - k] ? 1.0 : 0.0;
            }
            squares += (10.0 - (double)k - rank) * (10.0 - (double)k - rank);
        }
        assert_true(fabs(found[i] - 100.0 * (1.0 - 6.0 * squares / (10.0 * 99.0))) < 1e-12);
    }
    for (size_t i = 0; i < BARS; i++) {
        values[i] = i < 150 ? (double)i : -(double)i;
    }
    run("rci", 20, BARS);
    assert_true(found[20] == 100.0 && found[149] == 100.0 && found[170] == -100.0 && found[BARS - 1] == -100.0);
}

static void extremes_are_those_of_all_bars_so_far(void **state)
{
    (void)state;
    fill();
    for (int side = 0; side < 2; side++) {
        run(side == 0 ? "max" : "min", 0, BARS);
        for (size_t i = 0; i < BARS; i++) {
            double extreme = NAN;
            for (size_t k = 0; k <= i; k++) {
                extreme = side == 0 ? fmax(extreme, values[k]) : fmin(extreme, values[k]); /* NaN gives way */
            }
            assert_true(isnan(extreme) ? i < 3 && isnan(found[i]) : found[i] == extreme);
        }
        assert_true(found[90] == found[89]); /* on a bar with na the extreme stays */
    }
}

static void no_value_depends_on_a_later_bar(void **state)
{
    (void)state;
    static const char *const names[] = {"rci", "max", "min"};
    double whole[BARS];
    fill();
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        run(names[n], 9, BARS);
        memcpy(whole, found, sizeof whole);
        for (size_t bars = 1; bars < BARS; bars += 7) {
            run(names[n], 9, bars);
            assert_memory_equal(found, whole, bars * sizeof whole[0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rci_is_the_correlation_of_mean_ranks_with_time), cmocka_unit_test(rci_takes_ties_as_tradingview_does),
        cmocka_unit_test(rci_without_ties_is_the_published_formula), cmocka_unit_test(extremes_are_those_of_all_bars_so_far),
        cmocka_unit_test(no_value_depends_on_a_later_bar)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

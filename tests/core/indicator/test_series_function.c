/* test_series_function.c: Pine's functions of series that are na in between, against definitions computed anew for every bar.
 * shows: IND-2
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/indicator/series_function.h"

enum { BARS = 300 };

static double values[BARS], others[BARS], found[BARS], room[16 * BARS];

static void run_with(const char *name, double length, double number, size_t bars)
{
    const series_function_t *function = series_function_find(name);
    const double numbers[] = {length, number};
    const indicator_columns_t columns = {.bars = bars};
    assert_true(function->room == NULL || function->room(numbers, bars) <= sizeof room / sizeof room[0]);
    function->run(&(series_call_t){{values, others}, numbers, &columns, bars, room, found});
}

static void run(const char *name, double length, size_t bars)
{
    run_with(name, length, 0.0, bars);
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

/* hl2 of prices in whole ticks: 0.1 + 0.2 and 0.3 are one price. */
static void rci_takes_values_less_than_1e_10_apart_for_equal(void **state)
{
    (void)state;
    static const double ranks[] = {9, 1, 2, 3, 4, 5};
    memcpy(values, ranks, sizeof ranks);
    values[3] = 2.0 + 5e-11;
    run("rci", 5, 6);
    const double nearly = found[5];
    values[3] = 2.0;
    run("rci", 5, 6);
    assert_true(found[5] == nearly && nearly < 100.0);
    values[3] = 2.0 + 2e-10;
    run("rci", 5, 6);
    assert_true(found[5] == 100.0);
}

/* The window's values that are not na, ascending; returns how many. */
static size_t sorted_window(size_t end, size_t bars, bool counts_na, double *sorted)
{
    size_t count = 0;
    for (size_t i = end + 1, taken = 0; i > 0 && taken < bars; i--) {
        taken += counts_na || !isnan(values[i - 1]) ? 1 : 0;
        if (!isnan(values[i - 1])) {
            size_t at = count++;
            for (; at > 0 && sorted[at - 1] > values[i - 1]; at--) {
                sorted[at] = sorted[at - 1];
            }
            sorted[at] = values[i - 1];
        }
    }
    return count;
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static double most_frequent(const double *sorted, size_t count)
{
    size_t most = 0, times = 0;
    for (size_t k = count; k > 0; k--) {
        size_t same = 0;
        for (size_t j = 0; j < count; j++) {
            same += sorted[j] == sorted[k - 1] ? 1 : 0;
        }
        most = same >= times ? k - 1 : most; /* from the top, so the smallest of several stays */
        times = same > times ? same : times;
    }
    return sorted[most];
}

static void ranks_are_those_of_the_sorted_window(void **state)
{
    (void)state;
    double sorted[BARS];
    fill();
    for (size_t length = 1; length <= 21; length += 5) {
        run_with("percentile_nearest_rank", (double)length, 30.0, BARS);
        for (size_t i = 0; i < BARS; i++) {
            const size_t count = sorted_window(i, length, true, sorted);
            const size_t rank = (30 * length + 99) / 100; /* na stands behind all values */
            assert_true(is_same(found[i], i + 1 < length || isnan(values[i]) || rank > count ? NAN : sorted[rank - 1]));
        }
        run_with("percentile_linear_interpolation", (double)length, 30.0, BARS);
        for (size_t i = 0; i < BARS; i++) {
            const size_t count = sorted_window(i, length, true, sorted);
            const double place = 0.3 * (double)length - 0.5, below = floor(place), part = place - below; /* between two values */
            const double value = place <= 0.0     ? sorted[0]
                                 : count < length ? NAN /* na in the window */
                                                  : sorted[(size_t)below] * (1.0 - part) + sorted[(size_t)below + 1] * part;
            assert_true(part > 1e-6 || length == 1);
            const bool is_there = i + 1 >= length && !isnan(values[i]);
            assert_true(is_there && !isnan(value) ? fabs(found[i] - value) <= 1e-12 * fabs(value) : isnan(found[i]));
        }
        run("median", (double)length, BARS);
        for (size_t i = 0; i < BARS; i++) {
            const size_t count = sorted_window(i, length, false, sorted);
            assert_true(is_same(found[i],
                                count < length || isnan(values[i]) ? NAN : (sorted[(length - 1) / 2] + sorted[length / 2]) / 2.0));
        }
        run("mode", (double)length, BARS);
        for (size_t i = 0; i < BARS; i++) {
            const size_t count = sorted_window(i, length, true, sorted);
            assert_true(is_same(found[i], i + 1 < length || isnan(values[i]) ? NAN : most_frequent(sorted, count)));
        }
        run("percentrank", (double)length, BARS);
        for (size_t i = 0; i < BARS; i++) {
            size_t not_above = 0;
            for (size_t k = i < length ? 0 : i - length; k < i; k++) {
                not_above += values[k] <= values[i] ? 1 : 0; /* na is not */
            }
            const bool is_there = i >= length && !isnan(values[i]);
            assert_true(is_same(found[i], is_there ? 100.0 * (double)not_above / (double)length : NAN));
        }
    }
    values[0] = 1.0;
    values[1] = 1.0 - 5e-11; /* as good as equal */
    run("percentrank", 1, 2);
    assert_true(found[1] == 100.0);
}

static void a_cross_wants_a_side_to_come_from(void **state)
{
    (void)state;
    static const double first[] = {1, 2, 1, 1.00000000005, 0, NAN, 2, 1, 2};
    static const double crosses[] = {0, 0, 0, 0, 1, 0, 1, 0, 0}; /* it began equal: from no side; nearly equal keeps the side */
    static const double overs[] = {0, 1, 0, 1, 0, 0, 1, 0, 1};
    memcpy(values, first, sizeof first);
    for (size_t i = 0; i < 9; i++) {
        others[i] = 1.0;
    }
    run("cross", 0, 9);
    assert_memory_equal(found, crosses, sizeof crosses);
    run("crossover", 0, 9);
    assert_memory_equal(found, overs, sizeof overs);
}

static void correlation_is_pearsons_and_has_its_corners(void **state)
{
    (void)state;
    fill();
    for (size_t i = 0; i < BARS; i++) {
        values[i] = isnan(values[i]) ? 50.0 : values[i];
        others[i] = i < 20 ? NAN : 3.0 * (double)(i * 17 % 29);
    }
    run("correlation", 10, BARS);
    for (size_t i = 0; i < BARS; i++) {
        double x = 0.0, y = 0.0, xy = 0.0, xx = 0.0, yy = 0.0;
        for (size_t k = i + 1 - (i < 9 ? i + 1 : 10); k <= i; k++) {
            x += values[k] / 10.0;
            y += others[k] / 10.0;
        }
        for (size_t k = i + 1 - (i < 9 ? i + 1 : 10); k <= i; k++) {
            xy += (values[k] - x) * (others[k] - y);
            xx += (values[k] - x) * (values[k] - x);
            yy += (others[k] - y) * (others[k] - y);
        }
        if (i < 29) {
            assert_true(isnan(found[i]));
        } else if (xx == 0.0) {
            assert_true(found[i] == 0.0); /* no covariance either */
        } else {
            assert_true(fabs(found[i] - xy / sqrt(xx * yy)) < 1e-7);
        }
    }
    for (size_t i = 0; i < BARS; i++) { /* correlated by 1, but the covariance is below 1e-10 */
        values[i] = 5e-6 * (double)(i % 4);
        others[i] = 2.0 * values[i];
    }
    run("correlation", 4, BARS);
    assert_true(found[50] == 0.0);
    run("correlation", 1, BARS);
    assert_true(found[0] == 0.0 && found[50] == 0.0);
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
    static const char *const names[] = {"rci", "max", "min", "median", "mode", "percentrank", "cross", "correlation"};
    double whole[BARS];
    fill();
    memcpy(others, values + 1, sizeof others - sizeof others[0]);
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
        cmocka_unit_test(rci_is_the_correlation_of_mean_ranks_with_time),
        cmocka_unit_test(rci_takes_ties_as_tradingview_does),
        cmocka_unit_test(rci_without_ties_is_the_published_formula),
        cmocka_unit_test(rci_takes_values_less_than_1e_10_apart_for_equal),
        cmocka_unit_test(ranks_are_those_of_the_sorted_window),
        cmocka_unit_test(a_cross_wants_a_side_to_come_from),
        cmocka_unit_test(correlation_is_pearsons_and_has_its_corners),
        cmocka_unit_test(extremes_are_those_of_all_bars_so_far),
        cmocka_unit_test(no_value_depends_on_a_later_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

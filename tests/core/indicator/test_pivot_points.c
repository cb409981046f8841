/* test_pivot_points.c: pivot levels of every school against formulas written out here, from sessions, weeks and months of any bars.
 * shows: IND-1, IND-2
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/prng.h"
#include "core/base/time.h"
#include "core/indicator/calendar_period.h"
#include "core/indicator/expression.h"
#include "core/indicator/pivot_points.h"

enum { BARS = 900, LEVELS = PIVOT_LEVELS };

static const char *const schools[] = {"traditional", "fibonacci", "woodie", "classic", "dm", "camarilla"};
static double open_[BARS], high[BARS], low[BARS], close_[BARS], volume[BARS], values[LEVELS][BARS], wanted[LEVELS];
static int64_t open_ns[BARS];

/* Bars of 97 minutes with a gap of three days now and then: no session begins with a bar. */
static indicator_columns_t market(void)
{
    prng_t prng;
    prng_seed(&prng, 11);
    double price = 100.0;
    int64_t at = INT64_C(1735786800) * NS_PER_S; /* 2025-01-02 03:00 */
    for (size_t i = 0; i < BARS; i++) {
        open_[i] = price;
        close_[i] = price *= 1.0 + 0.01 * prng_normal(&prng);
        high[i] = fmax(open_[i], close_[i]) + 0.3 * prng_unit(&prng);
        low[i] = fmin(open_[i], close_[i]) - 0.3 * prng_unit(&prng);
        volume[i] = 1.0;
        open_ns[i] = at;
        at += (i % 61 == 60 ? 3 * 1440 + 11 : 97) * NS_PER_MIN;
    }
    return (indicator_columns_t){open_, high, low, close_, volume, BARS, open_ns};
}

/* The eleven levels, written out; NAN where there is none. */
static void levels_of(size_t school, double o, double h, double l, double c, double o_now)
{
    const double p = (h + l + c) / 3, r = h - l, w = (h + l + 2 * o_now) / 4;
    const double x = c < o ? h + 2 * l + c : c > o ? 2 * h + l + c : h + l + 2 * c;
    const double table[][LEVELS] = {
        {p, p * 2 - l, p * 2 - h, p + r, p - r, p * 2 + (h - 2 * l), p * 2 - (2 * h - l), p * 3 + (h - 3 * l), p * 3 - (3 * h - l),
         p * 4 + (h - 4 * l), p * 4 - (4 * h - l)},
        {p, p + 0.382 * r, p - 0.382 * r, p + 0.618 * r, p - 0.618 * r, p + r, p - r, NAN, NAN, NAN, NAN},
        {w, 2 * w - l, 2 * w - h, w + r, w - r, h + 2 * (w - l), l - 2 * (h - w), h + 2 * (w - l) + r, l - 2 * (h - w) - r, NAN,
         NAN},
        {p, 2 * p - l, 2 * p - h, p + r, p - r, p + 2 * r, p - 2 * r, p + 3 * r, p - 3 * r, NAN, NAN},
        {x / 4, x / 2 - l, x / 2 - h, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN},
        {p, c + 1.1 * r / 12, c - 1.1 * r / 12, c + 1.1 * r / 6, c - 1.1 * r / 6, c + 1.1 * r / 4, c - 1.1 * r / 4, c + 1.1 * r / 2,
         c - 1.1 * r / 2, h / l * c, c - (h / l * c - c)},
    };
    memcpy(wanted, table[school], sizeof wanted);
}

/* From bars [from, to) of the period before and the open of the new one. */
static void levels_after(size_t school, size_t from, size_t to, double open_now)
{
    double top = high[from], bottom = low[from];
    for (size_t i = from; i < to; i++) {
        top = fmax(top, high[i]);
        bottom = fmin(bottom, low[i]);
    }
    levels_of(school, open_[from], top, bottom, close_[to - 1], open_now);
}

static void assert_levels(size_t bar, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++) {
        assert_true(isnan(wanted[k]) ? isnan(values[k][bar]) : fabs(values[k][bar] - wanted[k]) <= 1e-12 * fabs(wanted[k]));
    }
}

static int64_t day_of(int64_t at, double session_start)
{
    return (at / NS_PER_MIN - (int64_t)session_start) / 1440;
}

static void each_school_has_the_levels_of_the_day_before(void **state)
{
    (void)state;
    const indicator_columns_t columns = market();
    static const double starts[] = {0, 1320};
    for (size_t s = 0; s < 2 * PIVOT_SCHOOLS; s++) {
        const size_t school = s / 2;
        const double options[] = {1440, starts[s % 2]};
        char name[32] = "pivot_";
        const indicator_kind_t *kind = indicator_find(str_from(strcat(name, schools[school])), NULL);
        double *outputs[INDICATOR_OUTPUTS_MAX], memory[64];
        for (uint32_t k = 0; k < LEVELS; k++) {
            outputs[k] = values[k];
        }
        assert_true(kind->state_size(options) <= sizeof memory);
        assert_int_equal(indicator_series(kind, options, &columns, memory, outputs), RESULT_OK);
        size_t before = 0, begin = 0, days = 0;
        for (size_t i = 0; i < BARS; i++) {
            if (i > 0 && day_of(open_ns[i], options[1]) != day_of(open_ns[i - 1], options[1])) {
                before = begin;
                begin = i;
                days++;
            }
            levels_after(school, before, days > 0 ? begin : i + 1, open_[begin]);
            assert_levels(i, kind->output_count);
        }
        assert_true(days > 40);
        for (uint32_t k = 0; k < LEVELS; k++) { /* the kind shows exactly the levels that its school has */
            assert_true((isnan(wanted[k]) != 0) == (k >= kind->output_count));
        }
    }
}

static double *computed(const char *text, expression_t *expression)
{
    const indicator_columns_t columns = market();
    expression_error_t error;
    assert_int_equal(expression_parse(str_from(text), expression, &error), RESULT_OK);
    double *workspace = malloc(expression_workspace(expression, BARS));
    assert_int_equal(expression_run(expression, &columns, workspace, &error), RESULT_OK);
    return workspace;
}

static void take_levels(const expression_t *expression, const double *workspace, uint32_t root, size_t bar)
{
    for (uint32_t k = 0; k < LEVELS; k++) {
        values[k][bar] = expression_values(expression, workspace, BARS, root, k)[bar];
    }
}

static void pines_levels_take_any_condition_and_may_develop(void **state)
{
    (void)state;
    static expression_t expression;
    double *workspace = computed("ta.crossover(close, ta.sma(close, 9)), "
                                 "ta.pivot_point_levels('Camarilla', ta.crossover(close, ta.sma(close, 9))), "
                                 "ta.pivot_point_levels('DM', ta.crossover(close, ta.sma(close, 9)), true)",
                                 &expression);
    const double *anchor = expression_values(&expression, workspace, BARS, 0, 0);
    size_t before = 0, begin = 0, anchors = 0;
    for (size_t i = 0; i < BARS; i++) {
        if (anchor[i] != 0.0) {
            before = begin;
            begin = i;
            anchors++;
        }
        take_levels(&expression, workspace, 1, i);
        if (anchors > 0) {
            levels_after(PIVOT_CAMARILLA, before, begin, open_[i]);
            assert_levels(i, LEVELS);
        } else {
            assert_true(isnan(values[0][i]));
        }
        take_levels(&expression, workspace, 2, i);
        levels_after(PIVOT_DM, begin, i + 1, open_[i]);
        assert_levels(i, LEVELS);
    }
    assert_true(anchors > 40);
    free(workspace);
}

static int64_t at(int year, unsigned month, unsigned day, int64_t minute)
{
    return time_days_from_civil(year, month, day) * NS_PER_DAY + minute * NS_PER_MIN;
}

static bool is_one_period(uint32_t minutes, uint32_t session_start, int64_t a, int64_t b)
{
    return calendar_period_of(a, minutes, session_start) == calendar_period_of(b, minutes, session_start);
}

static void periods_are_those_of_the_calendar(void **state)
{
    (void)state;
    assert_true(is_one_period(240, 0, at(2024, 2, 29, 0), at(2024, 2, 29, 239)));
    assert_true(!is_one_period(240, 0, at(2024, 2, 29, 239), at(2024, 2, 29, 240)));
    assert_true(!is_one_period(360, 1260, at(2024, 4, 1, 179), at(2024, 4, 1, 180))); /* 21:00, 03:00, 09:00 */
    assert_true(!is_one_period(1000, 0, at(2024, 4, 1, 1439), at(2024, 4, 2, 0)));    /* what does not divide the day begins anew */
    assert_true(is_one_period(PERIOD_DAY, 0, at(2024, 4, 1, 0), at(2024, 4, 1, 1439)));
    assert_true(is_one_period(PERIOD_WEEK, 0, at(2026, 11, 16, 0), at(2026, 11, 22, 1439))); /* Monday to Sunday */
    assert_true(!is_one_period(PERIOD_WEEK, 0, at(2026, 11, 22, 1439), at(2026, 11, 23, 0)));
    assert_true(!is_one_period(PERIOD_WEEK, 1260, at(2026, 11, 22, 1259), at(2026, 11, 22, 1260))); /* Sunday evening is Monday's */
    assert_true(!is_one_period(PERIOD_WEEK, 0, at(1969, 12, 28, 0), at(1969, 12, 29, 0)));          /* before 1970 */
    assert_true(is_one_period(PERIOD_MONTH, 0, at(2024, 2, 1, 0), at(2024, 2, 29, 1439)));
    assert_true(!is_one_period(PERIOD_MONTH, 0, at(2024, 2, 29, 1439), at(2024, 3, 1, 0)));
    assert_true(is_one_period(3 * PERIOD_MONTH, 0, at(2024, 4, 1, 0), at(2024, 6, 30, 1439)));
    assert_true(!is_one_period(3 * PERIOD_MONTH, 0, at(2024, 3, 31, 0), at(2024, 4, 1, 0)));
    assert_true(is_one_period(PERIOD_YEAR, 0, at(2024, 1, 1, 0), at(2024, 12, 31, 0)));
    assert_true(!is_one_period(PERIOD_YEAR, 0, at(2024, 12, 31, 0), at(2025, 1, 1, 0)));
    for (uint32_t minutes = 0; minutes <= 2 * PERIOD_YEAR; minutes += 180) {
        const bool months = minutes == 43200 || minutes == 129600 || minutes == 259200 || minutes == 518400;
        assert_int_equal(calendar_period_is_known(minutes), (minutes > 0 && minutes <= 1440) || minutes == 10080 || months);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_school_has_the_levels_of_the_day_before),
        cmocka_unit_test(pines_levels_take_any_condition_and_may_develop),
        cmocka_unit_test(periods_are_those_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

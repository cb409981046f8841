/* series_function.c: Pine's functions over any series; see series_function.h.
 *
 * rising and falling take a step below 1e-10 for none, as TradingView does (measured there by the PyneCore project); crossings
 * compare exactly and against the last bar on which both series stood.
 *
 * rci: equal values share the mean of their ranks, and the ranks are correlated as they then are (the formula with 6 x sum(d^2)
 * holds without ties only); the first value stands on bar `length`, one bar after the first full window. Both as TradingView
 * exports it: public captures have -7.260730466229202 for 14 closes with one tie, where the formula would give -7.142857.
 */
#include "core/indicator/series_function.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/str.h"

#define STEP_MINIMUM 1e-10

/* --- crossings and runs ----------------------------------------------------------------------- */

typedef enum { CROSS_OVER = 1, CROSS_UNDER = 2 } cross_side_t;

static void find_crossings(const double *const *sources, size_t bars, unsigned sides, double *out)
{
    bool was_below = false, was_above = false; /* or equal; on the last bar with both */
    for (size_t i = 0; i < bars; i++) {
        const double a = sources[0][i], b = sources[1][i];
        const bool over = a > b && was_below, under = a < b && was_above;
        out[i] = ((sides & CROSS_OVER) != 0 && over) || ((sides & CROSS_UNDER) != 0 && under) ? 1.0 : 0.0;
        if (!isnan(a) && !isnan(b)) {
            was_below = a <= b;
            was_above = a >= b;
        }
    }
}

static void cross(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    find_crossings(sources, bars, CROSS_OVER | CROSS_UNDER, out);
}

static void crossover(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    find_crossings(sources, bars, CROSS_OVER, out);
}

static void crossunder(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    find_crossings(sources, bars, CROSS_UNDER, out);
}

static void find_runs(const double *values, double direction, double length, size_t bars, double *out)
{
    double run = 0.0;
    for (size_t i = 0; i < bars; i++) {
        const bool steps = i > 0 && (values[i] - values[i - 1]) * direction > STEP_MINIMUM; /* false next to NaN */
        run = steps ? run + 1.0 : 0.0;
        out[i] = run >= length ? 1.0 : 0.0;
    }
}

static void rising(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    find_runs(sources[0], 1.0, numbers[0], bars, out);
}

static void falling(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    find_runs(sources[0], -1.0, numbers[0], bars, out);
}

/* --- conditions ------------------------------------------------------------------------------- */

static bool is_true(double condition)
{
    return condition != 0.0 && !isnan(condition);
}

static void barssince(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    double since = NAN;
    for (size_t i = 0; i < bars; i++) {
        since = is_true(sources[0][i]) ? 0.0 : since + 1.0; /* NaN stays NaN */
        out[i] = since;
    }
}

static void valuewhen(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    enum { OCCURRENCES = 128 }; /* pine.c allows no more */
    double values[OCCURRENCES];
    const size_t wanted = (size_t)numbers[0];
    size_t seen = 0;
    for (size_t i = 0; i < bars; i++) {
        if (is_true(sources[0][i])) {
            values[seen % OCCURRENCES] = sources[1][i];
            seen++;
        }
        out[i] = seen > wanted ? values[(seen - 1 - wanted) % OCCURRENCES] : NAN;
    }
}

static void cum(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    double sum = 0.0;
    for (size_t i = 0; i < bars; i++) {
        sum += isnan(sources[0][i]) ? 0.0 : sources[0][i];
        out[i] = isnan(sources[0][i]) ? NAN : sum;
    }
}

/* The largest value (direction 1) or the smallest (-1) since the beginning; na is passed over. */
static void find_extreme(const double *values, double direction, size_t bars, double *out)
{
    double extreme = NAN;
    for (size_t i = 0; i < bars; i++) {
        if (isnan(extreme) || (values[i] - extreme) * direction > 0.0) {
            extreme = values[i];
        }
        out[i] = extreme;
    }
}

static void all_time_max(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    find_extreme(sources[0], 1.0, bars, out);
}

static void all_time_min(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    (void)numbers;
    find_extreme(sources[0], -1.0, bars, out);
}

/* --- pivots ----------------------------------------------------------------------------------- */

/* The bar `right` bars ago stands above all of `left` bars before it and is not topped by those after it... among equals the last.
 */
static void find_pivots(const double *values, double direction, const double *numbers, size_t bars, double *out)
{
    const size_t left = (size_t)numbers[0], right = (size_t)numbers[1];
    for (size_t i = 0; i < bars; i++) {
        out[i] = NAN;
        if (i < left + right) {
            continue;
        }
        const size_t at = i - right;
        bool is_pivot = !isnan(values[at]);
        for (size_t k = at - left; k <= i && is_pivot; k++) {
            const double above = (values[k] - values[at]) * direction;
            is_pivot = k == at || (k < at ? above <= 0.0 : above < 0.0);
        }
        out[i] = is_pivot ? values[at] : NAN;
    }
}

static void pivothigh(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    find_pivots(sources[0], 1.0, numbers, bars, out);
}

static void pivotlow(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    find_pivots(sources[0], -1.0, numbers, bars, out);
}

/* --- ranks ------------------------------------------------------------------------------------ */

enum { RANK_WINDOW_MAX = 5000 };

/* The window's values ascending; kept from bar to bar: one goes, one comes. */
typedef struct {
    size_t length, count;
    double sorted[RANK_WINDOW_MAX];
} rank_window_t;

/* The place of the first value that is not below this one; after_equals: that is above it. */
static size_t place_of(const rank_window_t *window, double value, bool after_equals)
{
    size_t low = 0, high = window->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (window->sorted[middle] < value || (after_equals && window->sorted[middle] == value)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Bar i enters, bar i - length leaves; true when `length` values without NaN stand. */
static bool rank_window_move(rank_window_t *window, const double *values, size_t i)
{
    if (i >= window->length && !isnan(values[i - window->length])) {
        const size_t at = place_of(window, values[i - window->length], false);
        window->count--;
        memmove(window->sorted + at, window->sorted + at + 1, (window->count - at) * sizeof(double));
    }
    if (!isnan(values[i])) {
        const size_t at = place_of(window, values[i], false);
        memmove(window->sorted + at + 1, window->sorted + at, (window->count - at) * sizeof(double));
        window->sorted[at] = values[i];
        window->count++;
    }
    return window->count == window->length;
}

/* Each bar's window goes through `value_of`. */
static void each_window(const double *values, const double *numbers, size_t bars, double *out,
                        double (*value_of)(const rank_window_t *, double percentage))
{
    rank_window_t window;
    window.length = (size_t)numbers[0];
    window.count = 0;
    for (size_t i = 0; i < bars; i++) {
        out[i] = rank_window_move(&window, values, i) ? value_of(&window, numbers[1]) : NAN;
    }
}

/* The value at position length * percentage / 100 + 1/2, counted from 1, between its two neighbours. */
static double linear_interpolation(const rank_window_t *window, double percentage)
{
    const double length = (double)window->length;
    const double position = length * percentage / 100.0 - 0.5;
    if (position <= 0.0) {
        return window->sorted[0];
    }
    if (position >= length - 1.0) {
        return window->sorted[window->length - 1];
    }
    const size_t below = (size_t)position;
    const double part = position - (double)below;
    return window->sorted[below] + part * (window->sorted[below + 1] - window->sorted[below]);
}

static double nearest_rank(const rank_window_t *window, double percentage)
{
    const double exact = percentage * (double)window->length / 100.0;
    size_t rank = (size_t)exact;
    rank += (double)rank < exact;
    return window->sorted[rank == 0 ? 0 : rank - 1];
}

static double middle_value(const rank_window_t *window, double percentage)
{
    (void)percentage;
    const size_t half = window->length / 2;
    return window->length % 2 == 1 ? window->sorted[half] : (window->sorted[half - 1] + window->sorted[half]) / 2.0;
}

/* The most frequent value, the smallest of several. */
static double most_frequent(const rank_window_t *window, double percentage)
{
    (void)percentage;
    double best = NAN;
    size_t best_count = 0, count = 0;
    for (size_t i = 0; i < window->length; i++) {
        count = i > 0 && window->sorted[i] == window->sorted[i - 1] ? count + 1 : 1;
        if (count > best_count) {
            best_count = count;
            best = window->sorted[i];
        }
    }
    return best;
}

static void percentile_linear_interpolation(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    each_window(sources[0], numbers, bars, out, linear_interpolation);
}

static void percentile_nearest_rank(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    each_window(sources[0], numbers, bars, out, nearest_rank);
}

static void median(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    const double length_only[] = {numbers[0], 0.0};
    each_window(sources[0], length_only, bars, out, middle_value);
}

static void mode(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    const double length_only[] = {numbers[0], 0.0};
    each_window(sources[0], length_only, bars, out, most_frequent);
}

/* Share of the `length` values before this one that are not above it. */
static void percentrank(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    const size_t length = (size_t)numbers[0];
    const double *values = sources[0];
    for (size_t i = 0; i < bars; i++) {
        size_t not_above = 0, known = 0;
        for (size_t k = 1; k <= length && k <= i; k++) {
            known += isnan(values[i - k]) ? 0 : 1;
            not_above += values[i - k] <= values[i] ? 1 : 0;
        }
        out[i] = known == length && !isnan(values[i]) ? 100.0 * (double)not_above / (double)length : NAN;
    }
}

/* Spearman's correlation of the window's values with their time, from whole numbers: twice the ranks. The sums of squares of the
 * ranks around their mean are n (n^2 - 1) / 12 for the time and less by (t^3 - t) / 12 for every t equal values. */
static double rank_correlation(const rank_window_t *window, const double *values)
{
    const double n = (double)window->length;
    double distance = 0.0, ties = 0.0; /* sum of (2 d)^2, of t^3 - t */
    for (size_t k = 0; k < window->length; k++) {
        const double below = (double)place_of(window, values[k], false), up_to = (double)place_of(window, values[k], true);
        const double apart = 2.0 * (double)(k + 1) - (below + up_to + 1.0), equals = up_to - below;
        distance += apart * apart;
        ties += equals * equals - 1.0; /* t equal values come here t times */
    }
    const double time_squares = n * (n * n - 1.0), value_squares = time_squares - ties; /* 12 times each */
    if (value_squares == 0.0) {
        return NAN; /* all equal: 0 / 0 */
    }
    return 100.0 * (time_squares + value_squares - 3.0 * distance) / (2.0 * sqrt(time_squares * value_squares));
}

static void rci(const double *const *sources, const double *numbers, size_t bars, double *out)
{
    rank_window_t window;
    window.length = (size_t)numbers[0];
    window.count = 0;
    for (size_t i = 0; i < bars; i++) {
        const bool is_full = rank_window_move(&window, sources[0], i) && i >= window.length;
        out[i] = is_full ? rank_correlation(&window, sources[0] + i + 1 - window.length) : NAN;
    }
}

static const series_function_t functions[] = {
    {"barssince", 1, 0, "bars since the condition (not 0, not na) was true; na before", barssince},
    {"cross", 2, 0, "1 on a bar where the first goes above or below the second", cross},
    {"crossover", 2, 0, "1 where the first is above and was not on the last bar with both", crossover},
    {"crossunder", 2, 0, "1 where the first is below and was not on the last bar with both", crossunder},
    {"cum", 1, 0, "running total; na where the series is na", cum},
    {"falling", 1, 1, "1 after `length` falling steps in a row; a step below 1e-10 is none (TradingView)", falling},
    {"max", 1, 0, "the largest value since the beginning; na is passed over", all_time_max},
    {"median", 1, 1, "the middle value; the mean of two", median},
    {"min", 1, 0, "the smallest value since the beginning; na is passed over", all_time_min},
    {"mode", 1, 1, "the most frequent value, the smallest of several", mode},
    {"percentile_linear_interpolation", 1, 2, "position length x percentage / 100 + 1/2 among the sorted values",
     percentile_linear_interpolation},
    {"percentile_nearest_rank", 1, 2, "rank ceil(percentage x length / 100) among the sorted values", percentile_nearest_rank},
    {"percentrank", 1, 1, "percent of the `length` values before that are not above this one", percentrank},
    {"pivothigh", 1, 2, "the value `rightbars` ago when none of the bars around it is higher (of equals the last one), else na",
     pivothigh},
    {"pivotlow", 1, 2, "the value `rightbars` ago when none of the bars around it is lower (of equals the last one), else na",
     pivotlow},
    {"rci", 1, 1,
     "100 x Spearman's correlation of `length` values with time; equal values share their mean rank, from bar `length` on "
     "(TradingView); na where all are equal or one is na",
     rci},
    {"rising", 1, 1, "1 after `length` rising steps in a row; a step below 1e-10 is none (TradingView)", rising},
    {"valuewhen", 2, 1, "the series where the condition was true for the last time but `occurrence`", valuewhen},
};

const series_function_t *series_function_find(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (str_eq(str_from(name), str_from(functions[i].name))) {
            return &functions[i];
        }
    }
    return NULL;
}

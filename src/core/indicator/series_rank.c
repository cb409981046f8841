/* series_rank.c: Pine's functions of the order of a window's values; see series_function.h.
 *
 * rci: equal values share the mean of their ranks, and the ranks are correlated as they then are (the formula with 6 x sum(d^2)
 * holds without ties only); the first value stands on bar `length`, one bar after the first full window. Both as TradingView
 * exports it: public captures have -7.260730466229202 for 14 closes with one tie, where the formula would give -7.142857. Equal is,
 * as measured there by the PyneCore project, what lies less than 1e-10 above the smallest value of its group.
 */
#include <math.h>
#include <string.h>

#include "core/indicator/series_function_inside.h"

#define EQUAL_BELOW 1e-10
#define ROUNDING    1e-9 /* of a position */

/* --- ranks ------------------------------------------------------------------------------------ */

enum { RANK_WINDOW_MAX = 5000 };

/* The window's values ascending; kept from bar to bar: one goes, one comes. */
typedef struct {
    size_t length, count;
    double sorted[RANK_WINDOW_MAX];
} rank_window_t;

/* The place of the first value that is not below this one. */
static size_t place_of(const rank_window_t *window, double value)
{
    size_t low = 0, high = window->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (window->sorted[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Bar i enters, bar i - length leaves; NaN is in neither. */
static void rank_window_move(rank_window_t *window, const double *values, size_t i)
{
    if (i >= window->length && !isnan(values[i - window->length])) {
        const size_t at = place_of(window, values[i - window->length]);
        window->count--;
        memmove(window->sorted + at, window->sorted + at + 1, (window->count - at) * sizeof(double));
    }
    if (!isnan(values[i])) {
        const size_t at = place_of(window, values[i]);
        memmove(window->sorted + at + 1, window->sorted + at, (window->count - at) * sizeof(double));
        window->sorted[at] = values[i];
        window->count++;
    }
}

/* Each bar's window of `length` bars goes through `value_of`. */
static void each_window(const double *values, size_t length, size_t bars, double *out,
                        double (*value_of)(const rank_window_t *, double percentage), double percentage)
{
    rank_window_t window;
    window.length = length;
    window.count = 0;
    for (size_t i = 0; i < bars; i++) {
        rank_window_move(&window, values, i);
        out[i] = i + 1 >= length && !isnan(values[i]) ? value_of(&window, percentage) : NAN;
    }
}

/* Of the sorted values; na stands behind all of them (TradingView). */
static double value_at(const rank_window_t *window, size_t place)
{
    return place < window->count ? window->sorted[place] : NAN;
}

/* The value at position length * percentage / 100 + 1/2, counted from 1, between its two neighbours: na where na is in the window,
 * unless the position is that of a value (TradingView). */
static double linear_interpolation(const rank_window_t *window, double percentage)
{
    const double length = (double)window->length, exact = length * percentage / 100.0 - 0.5;
    const double whole = (double)(size_t)(exact + 0.5), position = fabs(exact - whole) < ROUNDING ? whole : exact;
    if (position <= 0.0) {
        return value_at(window, 0);
    }
    if (position >= length - 1.0) {
        return value_at(window, window->length - 1);
    }
    const size_t below = (size_t)position;
    const double part = position - (double)below;
    if (part == 0.0) {
        return value_at(window, below);
    }
    return window->count < window->length ? NAN : value_at(window, below) * (1.0 - part) + value_at(window, below + 1) * part;
}

static double nearest_rank(const rank_window_t *window, double percentage)
{
    const double exact = percentage * (double)window->length / 100.0;
    size_t rank = (size_t)exact;
    rank += (double)rank < exact;
    return value_at(window, rank == 0 ? 0 : rank - 1);
}

static double middle_value(const rank_window_t *window, double percentage)
{
    (void)percentage;
    const size_t half = window->length / 2;
    return window->length % 2 == 1 ? value_at(window, half) : (value_at(window, half - 1) + value_at(window, half)) / 2.0;
}

/* The most frequent value, the smallest of several. */
static double most_frequent(const rank_window_t *window, double percentage)
{
    (void)percentage;
    double best = NAN;
    size_t best_count = 0, count = 0;
    for (size_t i = 0; i < window->count; i++) {
        count = i > 0 && window->sorted[i] == window->sorted[i - 1] ? count + 1 : 1;
        if (count > best_count) {
            best_count = count;
            best = window->sorted[i];
        }
    }
    return best;
}

void series_percentile_linear_interpolation(const series_call_t *call)
{
    each_window(call->sources[0], (size_t)call->numbers[0], call->bars, call->out, linear_interpolation, call->numbers[1]);
}

void series_percentile_nearest_rank(const series_call_t *call)
{
    each_window(call->sources[0], (size_t)call->numbers[0], call->bars, call->out, nearest_rank, call->numbers[1]);
}

size_t series_standing_room(const double *numbers, size_t bars)
{
    (void)numbers;
    return bars;
}

/* Of the last `length` values that are not na: these are put side by side first, and what they give back to their bars. */
static void each_standing_window(const series_call_t *call, double (*value_of)(const rank_window_t *, double percentage))
{
    size_t count = 0;
    for (size_t i = 0; i < call->bars; i++) {
        call->room[count] = call->sources[0][i];
        count += isnan(call->sources[0][i]) ? 0 : 1;
    }
    each_window(call->room, (size_t)call->numbers[0], count, call->out, value_of, 0.0);
    for (size_t i = call->bars; i > 0; i--) { /* a value stands at its bar or before it, so none is lost */
        const bool is_na = isnan(call->sources[0][i - 1]);
        call->out[i - 1] = is_na ? NAN : call->out[count - 1];
        count -= is_na ? 0 : 1;
    }
}

void series_median(const series_call_t *call)
{
    each_standing_window(call, middle_value);
}

void series_mode(const series_call_t *call)
{
    each_window(call->sources[0], (size_t)call->numbers[0], call->bars, call->out, most_frequent, 0.0);
}

/* How many of the sorted values are not above this one; up to 1e-10 above is not (TradingView). */
static size_t count_not_above(const rank_window_t *window, double value)
{
    size_t low = 0, high = window->count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (window->sorted[middle] - value <= EQUAL_BELOW) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Share of the `length` values before this one that are not above it; na never is. */
void series_percentrank(const series_call_t *call)
{
    rank_window_t window;
    const double *values = call->sources[0];
    window.length = (size_t)call->numbers[0];
    window.count = 0;
    for (size_t i = 0; i < call->bars; i++) {
        const double not_above = (double)count_not_above(&window, values[i]);
        call->out[i] = i >= window.length && !isnan(values[i]) ? 100.0 * not_above / (double)window.length : NAN;
        rank_window_move(&window, values, i);
    }
}

/* For each place among the sorted values the group of equals around it, from `from` on and before `to`. */
typedef struct {
    uint16_t from[RANK_WINDOW_MAX], to[RANK_WINDOW_MAX];
} rank_groups_t;

static void find_groups(const rank_window_t *window, rank_groups_t *groups)
{
    for (size_t from = 0, to = 0; from < window->count; from = to) {
        while (to < window->count && (to == from || window->sorted[to] - window->sorted[from] < EQUAL_BELOW)) {
            to++;
        }
        for (size_t place = from; place < to; place++) {
            groups->from[place] = (uint16_t)from;
            groups->to[place] = (uint16_t)to;
        }
    }
}

/* Spearman's correlation of the window's values with their time, from whole numbers: twice the ranks. The sums of squares of the
 * ranks around their mean are n (n^2 - 1) / 12 for the time and less by (t^3 - t) / 12 for every t equal values. */
static double rank_correlation(const rank_window_t *window, rank_groups_t *groups, const double *values)
{
    const double n = (double)window->length;
    double distance = 0.0, ties = 0.0; /* sum of (2 d)^2, of t^3 - t */
    find_groups(window, groups);
    for (size_t k = 0; k < window->length; k++) {
        const size_t place = place_of(window, values[k]);
        const double below = (double)groups->from[place], up_to = (double)groups->to[place];
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

void series_rci(const series_call_t *call)
{
    rank_window_t window;
    rank_groups_t groups;
    window.length = (size_t)call->numbers[0];
    window.count = 0;
    for (size_t i = 0; i < call->bars; i++) {
        rank_window_move(&window, call->sources[0], i);
        const bool is_full = window.count == window.length && i >= window.length;
        call->out[i] = is_full ? rank_correlation(&window, &groups, call->sources[0] + i + 1 - window.length) : NAN;
    }
}

/* series_function.c: Pine's functions over any series; see series_function.h.
 *
 * As TradingView does (measured there by the PyneCore project): rising and falling take a step below 1e-10 for none; crossover and
 * crossunder compare exactly and against the last bar on which both series stood; cross remembers the side on which the first
 * series was last by more than 1e-10.
 */
#include <math.h>
#include <string.h>

#include "core/base/str.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series_function_inside.h"

#define STEP_MINIMUM 1e-10

/* --- crossings and runs ----------------------------------------------------------------------- */

static void cross(const series_call_t *call)
{
    const double *first = call->sources[0], *second = call->sources[1];
    int side = 0; /* -1 below, 1 above, 0 not yet on either */
    for (size_t i = 0; i < call->bars; i++) {
        const double apart = first[i] - second[i];
        call->out[i] = (side < 0 && apart > 0.0) || (side > 0 && apart < 0.0) ? 1.0 : 0.0;
        side = apart > STEP_MINIMUM ? 1 : apart < -STEP_MINIMUM ? -1 : side;
    }
}

/* Direction 1: the first goes above the second; -1: below. */
static void find_crossings(const series_call_t *call, double direction)
{
    bool was_not_beyond = false; /* on the last bar with both */
    for (size_t i = 0; i < call->bars; i++) {
        const double a = call->sources[0][i] * direction, b = call->sources[1][i] * direction;
        call->out[i] = a > b && was_not_beyond ? 1.0 : 0.0;
        was_not_beyond = isnan(a) || isnan(b) ? was_not_beyond : a <= b;
    }
}

static void crossover(const series_call_t *call)
{
    find_crossings(call, 1.0);
}

static void crossunder(const series_call_t *call)
{
    find_crossings(call, -1.0);
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

static void rising(const series_call_t *call)
{
    find_runs(call->sources[0], 1.0, call->numbers[0], call->bars, call->out);
}

static void falling(const series_call_t *call)
{
    find_runs(call->sources[0], -1.0, call->numbers[0], call->bars, call->out);
}

/* --- conditions ------------------------------------------------------------------------------- */

static bool is_true(double condition)
{
    return condition != 0.0 && !isnan(condition);
}

static void barssince(const series_call_t *call)
{
    double since = NAN;
    for (size_t i = 0; i < call->bars; i++) {
        since = is_true(call->sources[0][i]) ? 0.0 : since + 1.0; /* NaN stays NaN */
        call->out[i] = since;
    }
}

static void valuewhen(const series_call_t *call)
{
    enum { OCCURRENCES = 128 }; /* pine.c allows no more */
    double values[OCCURRENCES];
    const size_t wanted = (size_t)call->numbers[0];
    size_t seen = 0;
    for (size_t i = 0; i < call->bars; i++) {
        if (is_true(call->sources[0][i])) {
            values[seen % OCCURRENCES] = call->sources[1][i];
            seen++;
        }
        call->out[i] = seen > wanted ? values[(seen - 1 - wanted) % OCCURRENCES] : NAN;
    }
}

static void cum(const series_call_t *call)
{
    double sum = 0.0;
    for (size_t i = 0; i < call->bars; i++) {
        sum += isnan(call->sources[0][i]) ? 0.0 : call->sources[0][i];
        call->out[i] = isnan(call->sources[0][i]) ? NAN : sum;
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

static void all_time_max(const series_call_t *call)
{
    find_extreme(call->sources[0], 1.0, call->bars, call->out);
}

static void all_time_min(const series_call_t *call)
{
    find_extreme(call->sources[0], -1.0, call->bars, call->out);
}

/* --- pivots ----------------------------------------------------------------------------------- */

static size_t pivot_room(const double *numbers, size_t bars)
{
    (void)bars;
    return ROLLING_PLACE_ROOM(numbers[0] + numbers[1] + 1.0);
}

/* The bar `right` bars ago stands above all of `left` bars before it and is not topped by those after it... among equals the last:
 * it is the newest highest of the window, in which all must stand. */
static void find_pivots(const series_call_t *call, double direction)
{
    const size_t left = (size_t)call->numbers[0], right = (size_t)call->numbers[1], window = left + right + 1;
    const double *values = call->sources[0];
    size_t standing = 0; /* bars in a row */
    rolling_place_t place;
    rolling_place_init(&place, (uint32_t)window, ROLLING_NEWEST, call->room);
    for (size_t i = 0; i < call->bars; i++) {
        standing = isnan(values[i]) ? 0 : standing + 1;
        const uint32_t age = rolling_place_next(&place, isnan(values[i]) ? -INFINITY : values[i] * direction);
        call->out[i] = standing >= window && age == right ? values[i - right] : NAN;
    }
}

static void pivothigh(const series_call_t *call)
{
    find_pivots(call, 1.0);
}

static void pivotlow(const series_call_t *call)
{
    find_pivots(call, -1.0);
}

static const series_function_t functions[] = {
    {"barssince", 1, 0, 1, "bars since the condition (not 0, not na) was true; na before", barssince, NULL, false, NULL},
    {"correlation", 2, 1, 1,
     "Pearson's correlation of TradingView's digits: a covariance up to 1e-10 gives 0, a series without spread na; where one is na "
     "it waits in its own window",
     series_correlation, series_correlation_room, false, NULL},
    {"cross", 2, 0, 1, "1 where the first goes to the other side of the second; up to 1e-10 apart it is on no side (TradingView)",
     cross, NULL, false, NULL},
    {"crossover", 2, 0, 1, "1 where the first is above and was not on the last bar with both", crossover, NULL, false, NULL},
    {"crossunder", 2, 0, 1, "1 where the first is below and was not on the last bar with both", crossunder, NULL, false, NULL},
    {"cum", 1, 0, 1, "running total; na where the series is na", cum, NULL, false, NULL},
    {"falling", 1, 1, 1, "1 after `length` falling steps in a row; a step below 1e-10 is none (TradingView)", falling, NULL, false,
     NULL},
    {"kc", 1, 3, 3,
     "ema of the series, and as far from it `mult` times the ema of the bars' true ranges (with useTrueRange 0: high - low); the "
     "first bar has no true range. keltner, for any source",
     series_kc, NULL, false, NULL},
    {"kcw", 1, 3, 1, "(upper - lower) / middle of ta.kc; na for a middle of 0", series_kcw, NULL, false, NULL},
    {"max", 1, 0, 1, "the largest value since the beginning; na is passed over", all_time_max, NULL, false, NULL},
    {"median", 1, 1, 1, "the middle value of the last `length` that are not na; the mean of two", series_median,
     series_standing_room, false, NULL},
    {"min", 1, 0, 1, "the smallest value since the beginning; na is passed over", all_time_min, NULL, false, NULL},
    {"mode", 1, 1, 1, "the most frequent of those among the last `length` values that are not na, the smallest of several",
     series_mode, NULL, false, NULL},
    {"percentile_linear_interpolation", 1, 2, 1,
     "position length x percentage / 100 + 1/2 among the sorted values; na where na is in the window, unless that is a value's "
     "place",
     series_percentile_linear_interpolation, NULL, false, NULL},
    {"percentile_nearest_rank", 1, 2, 1,
     "rank ceil(percentage x length / 100) among the sorted values; na counts as larger than all", series_percentile_nearest_rank,
     NULL, false, NULL},
    {"percentrank", 1, 1, 1,
     "percent of the `length` values before that are not above this one by more than 1e-10 (TradingView); na is not one of them",
     series_percentrank, NULL, false, NULL},
    {"pivot_point_levels", 1, 2, 11,
     "levels of the bars between the last two anchors, na where the type has none; developing: of the bars since the last anchor. "
     "Formulas: the indicators pivot_traditional .. pivot_camarilla",
     series_pivot_point_levels, NULL, false, series_pivot_point_levels_refuses},
    {"pivothigh", 1, 2, 1, "the value `rightbars` ago when none of the bars around it is higher (of equals the last one), else na",
     pivothigh, pivot_room, false, NULL},
    {"pivotlow", 1, 2, 1, "the value `rightbars` ago when none of the bars around it is lower (of equals the last one), else na",
     pivotlow, pivot_room, false, NULL},
    {"rci", 1, 1, 1,
     "100 x Spearman's correlation of `length` values with time; values less than 1e-10 above the smallest of them share their "
     "mean rank, from bar `length` on (TradingView); na where all are equal or one is na",
     series_rci, NULL, false, NULL},
    {"rising", 1, 1, 1, "1 after `length` rising steps in a row; a step below 1e-10 is none (TradingView)", rising, NULL, false,
     NULL},
    {"timeframe_change", 0, 2, 1,
     "1 on the first bar of each new period: minutes, D, W, M, 3M, 6M or 12M, of days that begin session_start minutes after 00:00 "
     "UTC; 0 on the very first bar",
     series_timeframe_change, NULL, true, NULL},
    {"valuewhen", 2, 1, 1, "the series where the condition was true for the last time but `occurrence`", valuewhen, NULL, false,
     NULL},
    {"vwap", 2, 2, 3,
     "volume-weighted average since the anchor was last true, na before; without an anchor since the day began, session_start "
     "minutes after 00:00 UTC; with stdev_mult the bands too. Plain sums, as TradingView's; with all digits: vwap",
     series_vwap, NULL, true, NULL},
};

/* What stands in for indicators where a source is na (pine.h, PINE_GAP_OWN): sources in the order of the bar's columns. */
static const series_function_t gap_functions[] = {
    {"cmo", 1, 1, 1, "", series_cmo, series_gap_room, false, NULL},
    {"highest", 1, 1, 1, "", series_highest, series_gap_room, false, NULL},
    {"highestbars", 1, 1, 1, "", series_highestbars, series_gap_room, false, NULL},
    {"lowest", 1, 1, 1, "", series_lowest, series_gap_room, false, NULL},
    {"lowestbars", 1, 1, 1, "", series_lowestbars, series_gap_room, false, NULL},
    {"range", 1, 1, 1, "", series_range, series_gap_room, false, NULL},
    {"stoch", 3, 1, 1, "", series_stoch, series_gap_room, false, NULL},
    {"vwma", 2, 1, 1, "", series_vwma, series_gap_room, false, NULL},
};

const series_function_t *series_function_with_gaps(const char *name)
{
    for (size_t i = 0; i < sizeof gap_functions / sizeof gap_functions[0]; i++) {
        if (str_eq(str_from(name), str_from(gap_functions[i].name))) {
            return &gap_functions[i];
        }
    }
    return NULL;
}

const series_function_t *series_function_find(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (str_eq(str_from(name), str_from(functions[i].name))) {
            return &functions[i];
        }
    }
    return NULL;
}

/* series_anchor.c: Pine's functions that begin anew at an anchor, and the anchors of the calendar; see series_function.h. */
#include <math.h>

#include "core/indicator/calendar_period.h"
#include "core/indicator/pivot_points.h"
#include "core/indicator/series_function_inside.h"

static bool is_true(double condition)
{
    return condition != 0.0 && !isnan(condition);
}

/* numbers: minutes of the period, session_start. */
void series_timeframe_change(const series_call_t *call)
{
    int64_t last = 0;
    for (size_t i = 0; i < call->bars; i++) {
        const int64_t now = calendar_period_of(call->columns->open_ns[i], (uint32_t)call->numbers[0], (uint32_t)call->numbers[1]);
        call->out[i] = i > 0 && now != last ? 1.0 : 0.0;
        last = now;
    }
}

/* --- vwap ------------------------------------------------------------------------------------- */

typedef struct {
    bool has_begun;
    double volume, flow, squares; /* sums of volume, price x volume, price^2 x volume */
} flows_t;

static void write_bands(const flows_t *flows, double deviations, double *middle, double *upper, double *lower)
{
    const double mean = flows->flow / flows->volume, variance = flows->squares / flows->volume - mean * mean;
    const double width = deviations * sqrt(variance > 0.0 ? variance : 0.0);
    const bool is_there = flows->has_begun && isfinite(mean);
    *middle = is_there ? mean : NAN;
    *upper = is_there ? mean + width : NAN;
    *lower = is_there ? mean - width : NAN;
}

/* sources: price, anchor (or none); numbers: deviations of the bands (or NAN), session_start. A bar whose price is na counts for
 * nothing, its anchor neither. */
void series_vwap(const series_call_t *call)
{
    const double *price = call->sources[0], *anchor = call->sources[1], *volume = call->columns->volume;
    double *middle = call->out, *upper = middle + call->bars, *lower = upper + call->bars;
    flows_t flows = {0};
    int64_t last = 0;
    for (size_t i = 0; i < call->bars; i++) {
        const int64_t day = calendar_period_of(call->columns->open_ns[i], PERIOD_DAY, (uint32_t)call->numbers[1]);
        middle[i] = upper[i] = lower[i] = NAN;
        if (isnan(price[i])) {
            continue;
        }
        if (anchor != NULL ? is_true(anchor[i]) : !flows.has_begun || day != last) {
            flows = (flows_t){.has_begun = true};
        }
        last = day;
        flows.volume += volume[i];
        flows.flow += price[i] * volume[i];
        flows.squares += price[i] * price[i] * volume[i];
        write_bands(&flows, call->numbers[0], &middle[i], &upper[i], &lower[i]);
    }
}

/* --- pivot_point_levels ----------------------------------------------------------------------- */

static indicator_bar_t bar_of(const indicator_columns_t *columns, size_t i)
{
    return (indicator_bar_t){
        .open = columns->open[i], .high = columns->high[i], .low = columns->low[i], .close = columns->close[i]};
}

const char *series_pivot_point_levels_refuses(const double *numbers)
{
    return numbers[0] == PIVOT_WOODIE && numbers[1] != 0.0
               ? "Woodie's levels weigh the open of the period after, so they cannot be developing"
               : NULL;
}

/* sources: anchor; numbers: the school, whether developing. Developing levels begin with bar 0, the others with the first anchor.
 */
void series_pivot_point_levels(const series_call_t *call)
{
    const pivot_school_t school = (pivot_school_t)call->numbers[0];
    const bool is_developing = call->numbers[1] != 0.0;
    pivot_period_t now = {0};
    double levels[PIVOT_LEVELS];
    for (int k = 0; k < PIVOT_LEVELS; k++) {
        levels[k] = NAN;
    }
    for (size_t i = 0; i < call->bars; i++) {
        const indicator_bar_t bar = bar_of(call->columns, i);
        const bool is_anchor = is_true(call->sources[0][i]);
        if (is_anchor && i > 0 && !is_developing) {
            pivot_levels(school, &now, bar.open, levels);
        }
        if (is_anchor || i == 0) {
            now = pivot_period_begin(&bar);
        } else {
            pivot_period_add(&now, &bar);
        }
        if (is_developing) {
            pivot_levels(school, &now, now.open, levels);
        }
        for (size_t k = 0; k < PIVOT_LEVELS; k++) {
            call->out[k * call->bars + i] = levels[k];
        }
    }
}

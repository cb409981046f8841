/* series_gap.c: what indicators under Pine's names are where a source is na on some bars; see PINE_GAP_OWN in pine.h.
 *
 * highest, lowest, their bars, range, stoch: of the values that stand among the last `length` bars, from bar length - 1 of the
 * chart on; range and stoch are na on a bar whose source is. cmo: of the last `length` changes between neighbours that both stand;
 * na where there is no change. vwma: sma(source x volume) / sma(volume): each average of the last `length` values of its own, and a
 * bar with na repeats the first of them.
 */
#include <math.h>

#include "core/indicator/rolling.h"
#include "core/indicator/series_function_inside.h"

#define CHANGE_MINIMUM 1e-10 /* a fall by no more counts among the rises (TradingView) */

/* --- extremes --------------------------------------------------------------------------------- */

typedef struct {
    rolling_place_t place; /* of equals the oldest */
    const double *values;
    double sign; /* 1: the highest, -1: the lowest */
    size_t length;
    uint32_t age; /* bars since it stood */
} extreme_t;

static void extreme_next(extreme_t *extreme, size_t i)
{
    const double value = extreme->values[i];
    extreme->age = rolling_place_next(&extreme->place, isnan(value) ? -INFINITY : value * extreme->sign);
}

/* number: among the extremes of the call, 0 or 1. */
static extreme_t extreme_of(const series_call_t *call, uint32_t number, uint32_t source, double sign)
{
    extreme_t extreme = {.values = call->sources[source], .sign = sign, .length = (size_t)call->numbers[0]};
    rolling_place_init(&extreme.place, (uint32_t)extreme.length, ROLLING_OLDEST,
                       call->room + number * ROLLING_PLACE_ROOM(extreme.length));
    return extreme;
}

/* NAN before the first window of the chart, and where nothing stands in it. */
static double extreme_value(const extreme_t *extreme, size_t i)
{
    return extreme->place.value == -INFINITY || i + 1 < extreme->length ? NAN : extreme->values[i - extreme->age];
}

static void put_extremes(const series_call_t *call, double sign, bool wants_bars)
{
    extreme_t extreme = extreme_of(call, 0, 0, sign);
    for (size_t i = 0; i < call->bars; i++) {
        extreme_next(&extreme, i);
        const double value = extreme_value(&extreme, i);
        call->out[i] = isnan(value) || !wants_bars ? value : -(double)extreme.age;
    }
}

void series_highest(const series_call_t *call)
{
    put_extremes(call, 1.0, false);
}

void series_highestbars(const series_call_t *call)
{
    put_extremes(call, 1.0, true);
}

void series_lowest(const series_call_t *call)
{
    put_extremes(call, -1.0, false);
}

void series_lowestbars(const series_call_t *call)
{
    put_extremes(call, -1.0, true);
}

void series_range(const series_call_t *call)
{
    extreme_t highest = extreme_of(call, 0, 0, 1.0), lowest = extreme_of(call, 1, 0, -1.0);
    for (size_t i = 0; i < call->bars; i++) {
        extreme_next(&highest, i);
        extreme_next(&lowest, i);
        call->out[i] = isnan(call->sources[0][i]) ? NAN : extreme_value(&highest, i) - extreme_value(&lowest, i);
    }
}

/* Sources: highs, lows, the series itself. */
void series_stoch(const series_call_t *call)
{
    extreme_t highest = extreme_of(call, 0, 0, 1.0), lowest = extreme_of(call, 1, 1, -1.0);
    for (size_t i = 0; i < call->bars; i++) {
        extreme_next(&highest, i);
        extreme_next(&lowest, i);
        const double low = extreme_value(&lowest, i), range = extreme_value(&highest, i) - low;
        const bool stands = !isnan(call->sources[0][i]) && !isnan(call->sources[1][i]) && range != 0.0;
        call->out[i] = stands ? 100.0 * (call->sources[2][i] - low) / range : NAN;
    }
}

/* --- sums of what stands ---------------------------------------------------------------------- */

size_t series_gap_room(const double *numbers, size_t bars)
{
    (void)bars;
    return 2 * ROLLING_PLACE_ROOM(numbers[0]);
}

void series_cmo(const series_call_t *call)
{
    const double *values = call->sources[0];
    rolling_twin_t moves; /* rises and falls; na is none of them */
    rolling_twin_init(&moves, (uint32_t)call->numbers[0], (twin_t *)call->room);
    for (size_t i = 0; i < call->bars; i++) {
        const double change = i > 0 ? values[i] - values[i - 1] : NAN;
        call->out[i] = NAN;
        if (isnan(change)) {
            continue;
        }
        const bool rises = change >= -CHANGE_MINIMUM;
        const twin_t sums = rolling_twin_next(&moves, (twin_t){rises ? change : 0.0, rises ? 0.0 : -change});
        const double all = sums[0] + sums[1];
        call->out[i] = rolling_twin_is_warm(&moves) && all != 0.0 ? 100.0 * (sums[0] - sums[1]) / all : NAN;
    }
}

void series_vwma(const series_call_t *call)
{
    const uint32_t length = (uint32_t)call->numbers[0];
    rolling_sum_t money, volumes;
    double over = NAN, under = NAN;
    rolling_sum_init(&money, length, call->room);
    rolling_sum_init(&volumes, length, call->room + ROLLING_ROOM(length));
    for (size_t i = 0; i < call->bars; i++) {
        const double volume = call->sources[1][i], product = call->sources[0][i] * volume;
        over = isnan(product) ? over : rolling_sum_next(&money, product);
        under = isnan(volume) ? under : rolling_sum_next(&volumes, volume);
        const bool is_na = under == 0.0 || (length == 1 && isnan(product));
        call->out[i] = is_na ? NAN : over / under;
    }
}

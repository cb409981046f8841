/* series_gap.c: what indicators under Pine's names are where a source is na on some bars; see PINE_GAP_OWN in pine.h.
 *
 * highest, lowest, their bars, range, stoch: of the values that stand among the last `length` bars, from bar length - 1 of the
 * chart on; range and stoch are na on a bar whose source is. cmo: of the last `length` changes between neighbours that both stand;
 * na where there is no change. vwma: sma(source x volume) / sma(volume): each average of the last `length` values of its own, and a
 * bar with na repeats the first of them.
 */
#include <math.h>

#include "core/indicator/series_function_inside.h"

#define CHANGE_MINIMUM 1e-10 /* a fall by no more counts among the rises (TradingView) */

/* --- extremes --------------------------------------------------------------------------------- */

typedef struct {
    const double *values;
    double sign;   /* 1: the highest, -1: the lowest */
    size_t length; /* bars */
    size_t at;     /* of equals the oldest; SIZE_MAX: none stands */
} extreme_t;

static bool is_beyond(const extreme_t *extreme, size_t i)
{
    return !isnan(extreme->values[i]) &&
           (extreme->at == SIZE_MAX || (extreme->values[i] - extreme->values[extreme->at]) * extreme->sign > 0.0);
}

/* Takes bar i in; looks through the window again only where the extreme has left it. */
static void extreme_next(extreme_t *extreme, size_t i)
{
    size_t from = i;
    if (extreme->at != SIZE_MAX && i - extreme->at >= extreme->length) {
        extreme->at = SIZE_MAX;
        from = i + 1 - extreme->length;
    }
    for (size_t k = from; k <= i; k++) {
        extreme->at = is_beyond(extreme, k) ? k : extreme->at;
    }
}

static extreme_t extreme_of(const series_call_t *call, uint32_t source, double sign)
{
    return (extreme_t){call->sources[source], sign, (size_t)call->numbers[0], SIZE_MAX};
}

/* NAN before the first window of the chart, and where nothing stands in it. */
static double extreme_value(const extreme_t *extreme, size_t i)
{
    return extreme->at == SIZE_MAX || i + 1 < extreme->length ? NAN : extreme->values[extreme->at];
}

static void put_extremes(const series_call_t *call, double sign, bool wants_bars)
{
    extreme_t extreme = extreme_of(call, 0, sign);
    for (size_t i = 0; i < call->bars; i++) {
        extreme_next(&extreme, i);
        const double value = extreme_value(&extreme, i);
        call->out[i] = isnan(value) || !wants_bars ? value : -(double)(i - extreme.at);
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
    extreme_t highest = extreme_of(call, 0, 1.0), lowest = extreme_of(call, 0, -1.0);
    for (size_t i = 0; i < call->bars; i++) {
        extreme_next(&highest, i);
        extreme_next(&lowest, i);
        call->out[i] = isnan(call->sources[0][i]) ? NAN : extreme_value(&highest, i) - extreme_value(&lowest, i);
    }
}

/* Sources: highs, lows, the series itself. */
void series_stoch(const series_call_t *call)
{
    extreme_t highest = extreme_of(call, 0, 1.0), lowest = extreme_of(call, 1, -1.0);
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
    (void)numbers;
    return 2 * bars;
}

void series_cmo(const series_call_t *call)
{
    const size_t length = (size_t)call->numbers[0];
    const double *values = call->sources[0];
    double *changes = call->room; /* those that stand, side by side */
    size_t count = 0;
    for (size_t i = 0; i < call->bars; i++) {
        const double change = i > 0 ? values[i] - values[i - 1] : NAN;
        call->out[i] = NAN;
        if (isnan(change)) {
            continue;
        }
        changes[count++] = change;
        double up = 0.0, down = 0.0;
        for (size_t k = count < length ? count : count - length; k < count; k++) {
            up += changes[k] >= -CHANGE_MINIMUM ? changes[k] : 0.0;
            down += changes[k] >= -CHANGE_MINIMUM ? 0.0 : -changes[k];
        }
        call->out[i] = count >= length && up + down != 0.0 ? 100.0 * (up - down) / (up + down) : NAN;
    }
}

/* The sum of the last `length` of them; NAN while there are fewer. */
static double last_sum(const double *values, size_t count, size_t length)
{
    double sum = count < length ? NAN : 0.0;
    for (size_t k = count < length ? count : count - length; k < count; k++) {
        sum += values[k];
    }
    return sum;
}

void series_vwma(const series_call_t *call)
{
    const size_t length = (size_t)call->numbers[0];
    double *money = call->room, *volumes = call->room + call->bars;
    size_t money_count = 0, volume_count = 0;
    for (size_t i = 0; i < call->bars; i++) {
        const double volume = call->sources[1][i], product = call->sources[0][i] * volume;
        money[money_count] = product;
        money_count += isnan(product) ? 0 : 1;
        volumes[volume_count] = volume;
        volume_count += isnan(volume) ? 0 : 1;
        const double under = last_sum(volumes, volume_count, length);
        const bool is_na = under == 0.0 || (length == 1 && isnan(product));
        call->out[i] = is_na ? NAN : last_sum(money, money_count, length) / under;
    }
}

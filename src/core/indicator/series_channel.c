/* series_channel.c: Pine's ta.kc and ta.kcw; see series_function.h.
 *
 * The middle is an average of any source, the width one of the bars' own ranges, whatever the source is; where the source is na
 * (or beyond 1e100), so is the middle, and the average waits. With the close for a source these are the bits of the indicators
 * keltner and keltner_width.
 */
#include <math.h>

#include "core/indicator/ema.h"
#include "core/indicator/series_function_inside.h"
#include "core/indicator/true_range.h"

typedef struct {
    ema_t middle, range;
    true_range_t true_range;
    double multiplier;
    bool use_true_range;
} channel_t;

typedef struct {
    double middle, width;
} channel_value_t;

static channel_t channel_of(const double *numbers)
{
    channel_t channel = {.multiplier = numbers[1], .use_true_range = numbers[2] > 0.0};
    ema_init(&channel.middle, (uint32_t)numbers[0]);
    ema_init(&channel.range, (uint32_t)numbers[0]);
    return channel;
}

static channel_value_t channel_next(channel_t *channel, const series_call_t *call, size_t i)
{
    const double high = call->columns->high[i], low = call->columns->low[i], source = call->sources[0][i];
    const double true_range = true_range_next(&channel->true_range, high, low, call->columns->close[i]);
    const double range = channel->use_true_range ? true_range : high - low;
    const double width = isnan(range) ? NAN : ema_next(&channel->range, range) * channel->multiplier;
    return (channel_value_t){indicator_value_is_good(source) ? ema_next(&channel->middle, source) : NAN, width};
}

void series_kc(const series_call_t *call)
{
    channel_t channel = channel_of(call->numbers);
    double *middle = call->out, *upper = middle + call->bars, *lower = upper + call->bars;
    for (size_t i = 0; i < call->bars; i++) {
        const channel_value_t value = channel_next(&channel, call, i);
        middle[i] = value.middle;
        upper[i] = value.middle + value.width;
        lower[i] = value.middle - value.width;
    }
}

void series_kcw(const series_call_t *call)
{
    channel_t channel = channel_of(call->numbers);
    for (size_t i = 0; i < call->bars; i++) {
        const channel_value_t value = channel_next(&channel, call, i);
        const double upper = value.middle + value.width, lower = value.middle - value.width;
        call->out[i] = value.middle != 0.0 ? (upper - lower) / value.middle : NAN;
    }
}

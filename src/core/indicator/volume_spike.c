/* volume_spike.c: volume against its own mean; see volume_spike.h. */
#include "core/indicator/volume_spike.h"

typedef struct {
    rolling_sum_t sum;
    double period;
    double factor;
    double window[];
} volume_spike_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t state_size(const double *options)
{
    return sizeof(volume_spike_t) + (size_t)options[0] * sizeof(double);
}

static void init(void *state, const double *options)
{
    volume_spike_t *spike = state;
    spike->period = options[0];
    spike->factor = options[1];
    rolling_sum_init(&spike->sum, (uint32_t)options[0], spike->window);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    volume_spike_t *spike = state;
    const double mean = rolling_sum_next(&spike->sum, bar->volume) / spike->period;
    outputs[0] = outputs[1] = NAN;
    if (!isnan(mean)) {
        outputs[0] = mean > 0.0 ? bar->volume / mean : 0.0;
        outputs[1] = bar->volume > spike->factor * mean ? 1.0 : 0.0;
    }
}

const indicator_kind_t indicator_volume_spike = {
    .name = "volume_spike",
    .title = "volume spike",
    .inputs = INDICATOR_VOLUME,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"factor", OPTION_REAL, 2, 0, 1000}},
    .output_count = 2,
    .outputs = {"ratio", "spike"},
    .convention = "the mean includes the bar itself; 1 when volume > factor x mean",
    .source = "M: volume > 2 x mean of 20",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};

/* vwma.c: volume weighted moving average; see vwma.h. */
#include "core/indicator/vwma.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

typedef struct {
    rolling_sum_t turnover, volume, close;
    double room[];
} vwma_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(vwma_t) + 3 * ROLLING_ROOM(options[0]) * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    vwma_t *vwma = state;
    const uint32_t period = (uint32_t)options[0];
    rolling_sum_init(&vwma->turnover, period, vwma->room);
    rolling_sum_init(&vwma->volume, period, vwma->room + ROLLING_ROOM(period));
    rolling_sum_init(&vwma->close, period, vwma->room + 2 * ROLLING_ROOM(period));
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    vwma_t *vwma = state;
    const double turnover = rolling_sum_next(&vwma->turnover, bar->close * bar->volume);
    const double volume = rolling_sum_next(&vwma->volume, bar->volume);
    const double mean = rolling_mean_next(&vwma->close, bar->close);
    outputs[0] = isnan(mean) ? NAN : volume != 0.0 ? turnover / volume : mean;
}

INDICATOR_SERIES(kind_series, vwma_t, kind_next, INDICATOR_CLOSE | INDICATOR_VOLUME, 1)

const indicator_kind_t indicator_vwma = {
    .name = "vwma",
    .title = "volume weighted moving average",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"vwma"},
    .convention = "TradingView ta.vwma, Tulip vwma; a window without volume gives the plain mean (TradingView: na). Not in TA-Lib",
    .source = "sum of close x volume / sum of volume over the window",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
};

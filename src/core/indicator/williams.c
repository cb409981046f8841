/* williams.c: Williams' accumulation/distribution without and with volume; see williams.h. */
#include "core/indicator/williams.h"

#include "core/base/assert.h"
#include "core/indicator/running_sum.h"

typedef struct {
    running_sum_t sum;
    bool started;
    double close_last;
} wad_t;

static uint32_t warm_up(const double *options)
{
    (void)options;
    return 0;
}

static size_t wad_state_size(const double *options)
{
    (void)options;
    return sizeof(wad_t);
}

static void wad_init(void *state, const double *options)
{
    (void)options;
    *(wad_t *)state = (wad_t){0};
}

static inline double gain_of(double high, double low, double close, double last)
{
    const double rise = close - rolling_smaller(low, last), fall = close - rolling_larger(high, last);
    return close > last ? rise : close < last ? fall : 0.0;
}

static void wad_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    wad_t *wad = state;
    ASSERT(indicator_value_is_good(bar->high) && indicator_value_is_good(bar->low) && indicator_value_is_good(bar->close));
    const double gain = wad->started ? gain_of(bar->high, bar->low, bar->close, wad->close_last) : 0.0;
    wad->started = true;
    wad->close_last = bar->close;
    outputs[0] = running_sum_next(&wad->sum, gain);
}

INDICATOR_WIDE static void wad_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    wad_t *wad = state;
    const double *high = columns->high + from, *low = columns->low + from, *close = columns->close + from;
    const double *last = close - 1;
    double gains[INDICATOR_CHUNK];
    for (size_t i = 0; i < to - from; i++) {
        gains[i] = gain_of(high[i], low[i], close[i], last[i]);
    }
    wad->close_last = columns->close[to - 1];
    running_sum_run(&wad->sum, gains, to - from, outputs[0] + from);
}

static size_t wvad_state_size(const double *options)
{
    (void)options;
    return sizeof(char);
}

static void wvad_init(void *state, const double *options)
{
    (void)state;
    (void)options;
}

static void wvad_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    (void)state;
    const double range = bar->high - bar->low;
    outputs[0] = range > 0.0 ? bar->volume * ((bar->close - bar->open) / range) : 0.0;
}

const indicator_kind_t indicator_wad = {
    .name = "wad",
    .title = "Williams accumulation/distribution",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .output_count = 1,
    .outputs = {"wad"},
    .convention = "TradingView ta.wad: begins at 0; the sum does not drift",
    .source = "L. Williams, How I Made One Million Dollars (1973)",
    .warm_up = warm_up,
    .state_size = wad_state_size,
    .init = wad_init,
    .next = wad_next,
    .series = wad_series,
    .series_bears_all = true,
};

const indicator_kind_t indicator_wvad = {
    .name = "wvad",
    .title = "Williams variable accumulation/distribution",
    .inputs = INDICATOR_OPEN | INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .output_count = 1,
    .outputs = {"wvad"},
    .convention = "TradingView ta.wvad: one bar's value, not summed; 0 for a bar without a range",
    .source = "L. Williams: (close - open) / (high - low) x volume",
    .warm_up = warm_up,
    .state_size = wvad_state_size,
    .init = wvad_init,
    .next = wvad_next,
};

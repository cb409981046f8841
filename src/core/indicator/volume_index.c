/* volume_index.c: negative and positive volume index, price volume trend; see volume_index.h. */
#include "core/indicator/volume_index.h"
#include "core/indicator/series.h"

#include "core/base/assert.h"

typedef struct {
    exact_sum_t sum;
    bool started;
    double close_last, volume_last;
} volume_index_t;

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(volume_index_t);
}

static void init(void *state, const double *options)
{
    (void)options;
    *(volume_index_t *)state = (volume_index_t){.sum = {1.0, 0.0}};
}

static void init_at_zero(void *state, const double *options)
{
    (void)options;
    *(volume_index_t *)state = (volume_index_t){0};
}

/* Relative change of the close; the bar becomes the last one. */
static double change_of(volume_index_t *index, const indicator_bar_t *bar)
{
    ASSERT(indicator_value_is_good(bar->close) && indicator_value_is_good(bar->volume));
    const double last = index->close_last;
    const double change = index->started && last != 0.0 ? (bar->close - last) / last : 0.0;
    index->started = true;
    index->close_last = bar->close;
    index->volume_last = bar->volume;
    return change;
}

static uint32_t warm_up(const double *options)
{
    (void)options;
    return 0;
}

static void nvi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    volume_index_t *index = state;
    const bool counts = index->started && bar->volume < index->volume_last;
    const double change = change_of(index, bar);
    index->sum.high += counts ? change * index->sum.high : 0.0;
    outputs[0] = index->sum.high;
}

static void pvi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    volume_index_t *index = state;
    const bool counts = index->started && bar->volume > index->volume_last;
    const double change = change_of(index, bar);
    index->sum.high += counts ? change * index->sum.high : 0.0;
    outputs[0] = index->sum.high;
}

static uint32_t pvt_warm_up(const double *options)
{
    (void)options;
    return 1;
}

static void pvt_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    volume_index_t *index = state;
    const bool first = !index->started;
    index->sum = exact_add_double(index->sum, change_of(index, bar) * bar->volume);
    outputs[0] = first ? NAN : index->sum.high;
}

INDICATOR_SERIES(nvi_series, volume_index_t, nvi_next, INDICATOR_CLOSE | INDICATOR_VOLUME, 1)
INDICATOR_SERIES(pvi_series, volume_index_t, pvi_next, INDICATOR_CLOSE | INDICATOR_VOLUME, 1)
INDICATOR_SERIES(pvt_series, volume_index_t, pvt_next, INDICATOR_CLOSE | INDICATOR_VOLUME, 1)

const indicator_kind_t indicator_nvi = {
    .name = "nvi",
    .title = "negative volume index",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .output_count = 1,
    .outputs = {"nvi"},
    .convention = "TradingView ta.nvi: begins at 1",
    .source = "P. Dysart; N. Fosback, Stock Market Logic (1976)",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = nvi_next,
    .series = nvi_series,
};

const indicator_kind_t indicator_pvi = {
    .name = "pvi",
    .title = "positive volume index",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .output_count = 1,
    .outputs = {"pvi"},
    .convention = "TradingView ta.pvi: begins at 1",
    .source = "P. Dysart; N. Fosback, Stock Market Logic (1976)",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = pvi_next,
    .series = pvi_series,
};

const indicator_kind_t indicator_pvt = {
    .name = "pvt",
    .title = "price volume trend",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .output_count = 1,
    .outputs = {"pvt"},
    .convention = "TradingView ta.pvt; the running sum is exact, so it does not drift",
    .source = "sum of (close - last close) / last close x volume",
    .warm_up = pvt_warm_up,
    .state_size = state_size,
    .init = init_at_zero,
    .next = pvt_next,
    .series = pvt_series,
};

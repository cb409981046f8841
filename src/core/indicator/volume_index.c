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

static inline double change_from(double last, double close)
{
    const double change = (close - last) / last;
    return last != 0.0 ? change : 0.0;
}

/* Relative change of the close; the bar becomes the last one. */
static double change_of(volume_index_t *index, const indicator_bar_t *bar)
{
    ASSERT(indicator_value_is_good(bar->close) && indicator_value_is_good(bar->volume));
    const double change = index->started ? change_from(index->close_last, bar->close) : 0.0;
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

static inline bool nvi_counts(double volume, double volume_last)
{
    return volume < volume_last;
}

static inline bool pvi_counts(double volume, double volume_last)
{
    return volume > volume_last;
}

static inline double index_step(volume_index_t *index, double change)
{
    return index->sum.high += change * index->sum.high;
}

static inline double index_next(volume_index_t *index, const indicator_bar_t *bar, bool (*counts)(double, double))
{
    const bool does = counts(bar->volume, index->volume_last);
    const double change = change_of(index, bar);
    return index_step(index, does ? change : 0.0);
}

static void nvi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = index_next(state, bar, nvi_counts);
}

static void pvi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = index_next(state, bar, pvi_counts);
}

/* The changes first, as they wait for nothing. */
static inline void index_series(volume_index_t *index, const indicator_columns_t *columns, size_t from, size_t to,
                                bool (*counts)(double, double), double *restrict out)
{
    const double *close = columns->close + from, *volume = columns->volume + from;
    const double *close_last = close - 1, *volume_last = volume - 1;
    double changes[INDICATOR_CHUNK];
    for (size_t i = 0; i < to - from; i++) {
        const double change = change_from(close_last[i], close[i]);
        changes[i] = counts(volume[i], volume_last[i]) ? change : 0.0;
    }
    volume_index_t local = *index;
    for (size_t i = 0; i < to - from; i++) {
        out[i] = index_step(&local, changes[i]);
    }
    local.close_last = columns->close[to - 1];
    local.volume_last = columns->volume[to - 1];
    *index = local;
}

INDICATOR_WIDE static void nvi_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    index_series(state, columns, from, to, nvi_counts, outputs[0] + from);
}

INDICATOR_WIDE static void pvi_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    index_series(state, columns, from, to, pvi_counts, outputs[0] + from);
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
    .series_bears_all = true,
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
    .series_bears_all = true,
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

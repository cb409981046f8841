/* obv.c: on-balance volume; see obv.h. */
#include "core/indicator/obv.h"

#include "core/base/assert.h"
#include "core/indicator/running_sum.h"

typedef struct {
    running_sum_t sum;
    bool started, first_volume;
    double close_last;
} obv_t;

static uint32_t warm_up(const double *options)
{
    return options[0] > 0.0 ? 0U : 1U;
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(obv_t);
}

static void init(void *state, const double *options)
{
    *(obv_t *)state = (obv_t){.first_volume = options[0] > 0.0};
}

static inline double step_of(double close, double close_last, double volume)
{
    const twin_t now = {close, close_last}, before = {close_last, close};
    const twin_t moved = twin_where(now > before, (twin_t){volume, volume});
    return moved[0] - moved[1];
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    obv_t *obv = state;
    ASSERT(indicator_value_is_good(bar->close) && indicator_value_is_good(bar->volume));
    const bool first = !obv->started;
    const double step = first ? (obv->first_volume ? bar->volume : 0.0) : step_of(bar->close, obv->close_last, bar->volume);
    const double sum = running_sum_next(&obv->sum, step);
    obv->started = true;
    obv->close_last = bar->close;
    outputs[0] = first && !obv->first_volume ? NAN : sum;
}

INDICATOR_WIDE static void series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    obv_t *obv = state;
    const double *close = columns->close + from, *volume = columns->volume + from;
    const double *last = close - 1;
    double steps[INDICATOR_CHUNK];
    for (size_t i = 0; i < to - from; i++) {
        const double rise = close[i] > last[i] ? volume[i] : 0.0, fall = last[i] > close[i] ? volume[i] : 0.0;
        steps[i] = rise - fall;
    }
    obv->close_last = columns->close[to - 1];
    running_sum_run(&obv->sum, steps, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_obv = {
    .name = "obv",
    .title = "on-balance volume",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"first_volume", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"obv"},
    .convention = "TA-Lib OBV; first_volume 0 gives TradingView's ta.obv, which begins with 0 and the second bar; the sum does "
                  "not drift",
    .source = "J. Granville, New Key to Stock Market Profits (1963)",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .series = series,
    .series_bears_all = true,
};

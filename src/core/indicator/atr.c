/* atr.c: Wilder's average true range; see atr.h. */
#include "core/indicator/atr.h"

#include "core/base/assert.h"
#include "core/indicator/true_range.h"

void atr_init(atr_t *atr, uint32_t period)
{
    ASSERT(atr != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    *atr = (atr_t){0};
    smooth_init_wilder(&atr->range, period);
}

double atr_next(atr_t *atr, double high, double low, double close)
{
    ASSERT(atr->range.period != 0);
    ASSERT(indicator_value_is_good(high) && indicator_value_is_good(low) && indicator_value_is_good(close));
    const double range = true_range_of(high, low, atr->close_last);
    atr->close_last = close;
    if (!atr->started) {
        atr->started = true;
        return NAN;
    }
    return smooth_next(&atr->range, range);
}

void atr_series(uint32_t period, const double *high, const double *low, const double *close, size_t bars, double *out)
{
    atr_t atr;
    atr_init(&atr, period);
    for (size_t i = 0; i < bars; i++) {
        out[i] = atr_next(&atr, high[i], low[i], close[i]);
    }
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(atr_t);
}

static void kind_init(void *state, const double *options)
{
    atr_init(state, (uint32_t)options[0]);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = atr_next(state, bar->high, bar->low, bar->close);
}

void atr_run(atr_t *atr, const indicator_columns_t *columns, size_t from, size_t count, double *out)
{
    double ranges[INDICATOR_CHUNK];
    true_range_run(columns, from, count, ranges);
    smooth_run(&atr->range, ranges, count, out);
}

static void whole_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    atr_run(state, columns, from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_atr = {
    .name = "atr",
    .title = "average true range",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"atr"},
    .convention = "TA-Lib ATR (Wilder's smoothing, seeded with the plain average of ranges 1 .. period)",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 3",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = whole_series,
    .series_bears_all = true,
};

/* ema.c: exponential moving average; see ema.h. */
#include "core/indicator/ema.h"

#include "core/indicator/smooth.h"

void ema_series(uint32_t period, const double *values, size_t bars, double *out)
{
    ema_t ema;
    ema_init(&ema, period);
    for (size_t i = 0; i < bars; i++) {
        out[i] = ema_next(&ema, values[i]);
    }
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(smooth_t);
}

static void kind_init(void *state, const double *options)
{
    const double factor = 2.0 / (options[0] + 1.0);
    smooth_init(state, (uint32_t)options[0], factor, 1.0 - factor);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = smooth_next(state, bar->close);
}

INDICATOR_WIDE static void kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    smooth_t *const average = state;
    smooth_run(&average, (const double *const[]){columns->close + from}, 1, to - from, (double *const[]){outputs[0] + from});
}

const indicator_kind_t indicator_ema = {
    .name = "ema",
    .title = "exponential moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"ema"},
    .convention = "TA-Lib EMA: seeded with the plain average of the first period closes",
    .source = "factor 2 / (period + 1)",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
    .series_bears_all = true,
};

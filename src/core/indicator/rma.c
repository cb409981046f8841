/* rma.c: Wilder's smoothing as an indicator; see rma.h. */
#include "core/indicator/rma.h"

#include "core/indicator/smooth.h"

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
    smooth_init_wilder(state, (uint32_t)options[0]);
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

const indicator_kind_t indicator_rma = {
    .name = "rma",
    .title = "Wilder's moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rma"},
    .convention =
        "TradingView ta.rma: seeded with the plain mean of the first period closes. Tulip's wilders. Not in TA-Lib by itself",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 1: (last x (period - 1) + close) / period",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
    .series_bears_all = true,
};

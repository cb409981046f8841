/* momentum.c: the close against an earlier one; see momentum.h. */
#include "core/indicator/momentum.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

typedef struct {
    lag_t lag;
    double ring[];
} momentum_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    return sizeof(momentum_t) + (size_t)options[0] * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    momentum_t *momentum = state;
    lag_init(&momentum->lag, (uint32_t)options[0], momentum->ring);
}

static double then_of(void *state, double close)
{
    momentum_t *momentum = state;
    return lag_next(&momentum->lag, close);
}

static void mom_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = bar->close - then_of(state, bar->close); /* NAN while there is none */
}

static void roc_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const double then = then_of(state, bar->close);
    outputs[0] = then != 0.0 ? 100.0 * (bar->close - then) / then : 0.0;
}

static void rocp_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const double then = then_of(state, bar->close);
    outputs[0] = then != 0.0 ? (bar->close - then) / then : 0.0;
}

static void rocr_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const double then = then_of(state, bar->close);
    outputs[0] = then != 0.0 ? bar->close / then : 0.0;
}

static void rocr100_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const double then = then_of(state, bar->close);
    outputs[0] = then != 0.0 ? bar->close / then * 100.0 : 0.0;
}

INDICATOR_SERIES(mom_series, momentum_t, mom_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_mom = {
    .name = "mom",
    .title = "momentum",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"mom"},
    .convention = "TA-Lib MOM, TradingView ta.mom and ta.change",
    .source = "close - close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = mom_next,
    .series = mom_series,
};

INDICATOR_SERIES(roc_series, momentum_t, roc_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_roc = {
    .name = "roc",
    .title = "rate of change in percent",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"roc"},
    .convention = "TA-Lib ROC, TradingView ta.roc; 0 when the earlier close is 0 (TradingView: na)",
    .source = "100 x (close - close of period bars ago) / close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = roc_next,
    .series = roc_series,
};

INDICATOR_SERIES(rocp_series, momentum_t, rocp_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_rocp = {
    .name = "rocp",
    .title = "rate of change as a share",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rocp"},
    .convention = "TA-Lib ROCP; 0 when the earlier close is 0. Tulip calls it roc",
    .source = "(close - close of period bars ago) / close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = rocp_next,
    .series = rocp_series,
};

INDICATOR_SERIES(rocr_series, momentum_t, rocr_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_rocr = {
    .name = "rocr",
    .title = "rate of change as a ratio",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rocr"},
    .convention = "TA-Lib ROCR; 0 when the earlier close is 0",
    .source = "close / close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = rocr_next,
    .series = rocr_series,
};

INDICATOR_SERIES(rocr100_series, momentum_t, rocr100_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_rocr100 = {
    .name = "rocr100",
    .title = "rate of change as a ratio x 100",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rocr100"},
    .convention = "TA-Lib ROCR100; 0 when the earlier close is 0",
    .source = "close / close of period bars ago x 100",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = rocr100_next,
    .series = rocr100_series,
};

/* macd_tv.c: the other seeds of exponential averages; see macd_tv.h. */
#include "core/indicator/macd_tv.h"

#include "core/indicator/series.h"

/* --- macd_tv ---------------------------------------------------------------------------------- */

typedef struct {
    ema_t fast, slow, signal;
} macd_tv_t;

static uint32_t line_warm_up(const double *options)
{
    return (uint32_t)(options[0] > options[1] ? options[0] : options[1]) - 1;
}

static uint32_t macd_warm_up(const double *options)
{
    return line_warm_up(options) + (uint32_t)options[2] - 1;
}

static uint32_t macd_output_warm_up(const double *options, uint32_t output)
{
    return output == 0 ? line_warm_up(options) : macd_warm_up(options);
}

static size_t macd_state_size(const double *options)
{
    (void)options;
    return sizeof(macd_tv_t);
}

static void macd_init(void *state, const double *options)
{
    macd_tv_t *macd = state;
    ema_init(&macd->fast, (uint32_t)options[0]);
    ema_init(&macd->slow, (uint32_t)options[1]);
    ema_init(&macd->signal, (uint32_t)options[2]);
}

static void macd_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    macd_tv_t *macd = state;
    const double fast = ema_next(&macd->fast, bar->close);
    const double line = fast - ema_next(&macd->slow, bar->close);
    const double signal = isnan(line) ? NAN : ema_next(&macd->signal, line);
    outputs[0] = line;
    outputs[1] = signal;
    outputs[2] = line - signal;
}

INDICATOR_SERIES(macd_series, macd_tv_t, macd_next, INDICATOR_CLOSE, 3)

const indicator_kind_t indicator_macd_tv = {
    .name = "macd_tv",
    .title = "moving average convergence/divergence, TradingView's seed",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"fast", OPTION_WHOLE, 12, 1, INDICATOR_PERIOD_MAX},
                {"slow", OPTION_WHOLE, 26, 1, INDICATOR_PERIOD_MAX},
                {"signal", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"macd", "signal", "histogram"},
    .convention =
        "TradingView ta.macd: each average is seeded by the first bars of the series; macd shows before signal and histogram do. "
        "TA-Lib's is macd",
    .source = "G. Appel (1979): EMA(fast) - EMA(slow), EMA(signal) of it, and their difference",
    .warm_up = macd_warm_up,
    .state_size = macd_state_size,
    .init = macd_init,
    .next = macd_next,
    .series = macd_series,
    .output_warm_up = macd_output_warm_up,
};

/* --- ema_first -------------------------------------------------------------------------------- */

typedef struct {
    double factor, value; /* NAN before the first close */
} ema_first_t;

static uint32_t first_warm_up(const double *options)
{
    (void)options;
    return 0;
}

static size_t first_state_size(const double *options)
{
    (void)options;
    return sizeof(ema_first_t);
}

static void first_init(void *state, const double *options)
{
    *(ema_first_t *)state = (ema_first_t){2.0 / (options[0] + 1.0), NAN};
}

static void first_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    ema_first_t *ema = state;
    ema->value = isnan(ema->value) ? bar->close : (bar->close - ema->value) * ema->factor + ema->value;
    outputs[0] = ema->value;
}

INDICATOR_SERIES(first_series, ema_first_t, first_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_ema_first = {
    .name = "ema_first",
    .title = "exponential moving average from the first close",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"ema"},
    .convention =
        "seeded with the first close, no warm-up: Tulip's ema, pandas' ewm(adjust=False). TA-Lib's and TradingView's is ema",
    .source = "factor 2 / (period + 1)",
    .warm_up = first_warm_up,
    .state_size = first_state_size,
    .init = first_init,
    .next = first_next,
    .series = first_series,
};

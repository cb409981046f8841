/* linreg.c: least squares over a window; see linreg.h. */
#include "core/indicator/linreg.h"

#include "core/base/fmath.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

#define DEGREES_PER_RADIAN 57.295779513082320877

typedef struct {
    rolling_weighted_t window;
    double of_sum, of_weighted;  /* what both count in the value at lsma's place */
    double middle;               /* of x */
    double share, share_squares; /* 1 / period; 1 / sum((x - middle)^2) */
    double room[];
} linreg_t;

typedef struct {
    double slope, intercept; /* at the oldest bar */
} line_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(linreg_t) + ROLLING_WEIGHTED_ROOM(options[0]) * sizeof(double);
}

static void linreg_init(void *state, const double *options)
{
    linreg_t *linreg = state;
    rolling_weighted_init(&linreg->window, (uint32_t)options[0], linreg->room);
    const double n = options[0];
    linreg->middle = (n - 1.0) / 2.0;
    linreg->share = 1.0 / n;
    linreg->share_squares = n > 1.0 ? 12.0 / (n * (n * n - 1.0)) : 0.0; /* of one value the line is level */
}

static inline line_t line_of(const linreg_t *linreg, double sum, double weighted)
{
    const double middle = linreg->middle, slope = (weighted - (middle + 1.0) * sum) * linreg->share_squares;
    return (line_t){slope, sum * linreg->share - slope * middle};
}

/* False while warming up. The line over x = 0 (oldest) .. period - 1. */
static bool line_next(linreg_t *linreg, double value, line_t *line)
{
    const rolling_weighted_value_t now = rolling_weighted_next(&linreg->window, value);
    *line = line_of(linreg, now.sum, now.weighted);
    return linreg->window.seen == linreg->window.period;
}

static void linreg_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    linreg_t *linreg = state;
    line_t line;
    if (!line_next(linreg, bar->close, &line)) {
        for (int i = 0; i < 5; i++) {
            outputs[i] = NAN;
        }
        return;
    }
    const double n = (double)linreg->window.period;
    outputs[0] = line.intercept + line.slope * (n - 1.0);
    outputs[1] = line.slope;
    outputs[2] = line.intercept;
    outputs[3] = fmath_atan(line.slope) * DEGREES_PER_RADIAN;
    outputs[4] = line.intercept + line.slope * n;
}

INDICATOR_WIDE static void find_lines(linreg_t *linreg, const double *close, size_t from, size_t count, double *const *outputs)
{
    const double n = (double)linreg->window.period;
    double sums[INDICATOR_CHUNK], weighted[INDICATOR_CHUNK];
    double *restrict values = outputs[0] + from, *restrict slopes = outputs[1] + from, *restrict intercepts = outputs[2] + from,
                     *restrict forecasts = outputs[4] + from;
    rolling_weighted_run(&linreg->window, close + from, count, (rolling_weighted_out_t){sums, weighted, 1.0});
    for (size_t i = 0; i < count; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): the run has written all of them */
        const line_t line = line_of(linreg, sums[i], weighted[i]);
        values[i] = line.intercept + line.slope * (n - 1.0);
        slopes[i] = line.slope;
        intercepts[i] = line.intercept;
        forecasts[i] = line.intercept + line.slope * n;
    }
}

static void linreg_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    find_lines(state, columns->close, from, to - from, outputs);
    for (size_t i = from; i < to; i++) {
        outputs[3][i] = fmath_atan(outputs[1][i]) * DEGREES_PER_RADIAN;
    }
}

const indicator_kind_t indicator_linreg = {
    .name = "linreg",
    .title = "linear regression",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 5,
    .outputs = {"value", "slope", "intercept", "angle", "forecast"},
    .convention = "TA-Lib LINEARREG, LINEARREG_SLOPE, LINEARREG_INTERCEPT, LINEARREG_ANGLE, TSF. TradingView's ta.linreg: lsma",
    .source = "least squares over x = 0 (oldest) to period - 1",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = linreg_init,
    .next = linreg_next,
    .series = linreg_series,
};

/* --- lsma ------------------------------------------------------------------------------------- */

static void lsma_init(void *state, const double *options)
{
    linreg_t *linreg = state;
    linreg_init(state, options);
    /* mean + slope x (place - middle), the slope being (weighted - (middle + 1) x sum) x share_squares */
    linreg->of_weighted = linreg->share_squares * (options[0] - 1.0 - options[1] - linreg->middle);
    linreg->of_sum = linreg->share - linreg->of_weighted * (linreg->middle + 1.0);
}

static void lsma_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    linreg_t *linreg = state;
    const rolling_weighted_value_t now = rolling_weighted_next(&linreg->window, bar->close);
    const bool warm = linreg->window.seen == linreg->window.period;
    outputs[0] = warm ? now.sum * linreg->of_sum + now.weighted * linreg->of_weighted : NAN;
}

INDICATOR_WIDE static void lsma_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    linreg_t *linreg = state;
    const double of_sum = linreg->of_sum, of_weighted = linreg->of_weighted;
    double sums[INDICATOR_CHUNK], weighted[INDICATOR_CHUNK], *restrict out = outputs[0] + from;
    rolling_weighted_run(&linreg->window, columns->close + from, to - from, (rolling_weighted_out_t){sums, weighted, 1.0});
    for (size_t i = 0; i < to - from; i++) {
        /* The run has written all of them; its blocks are beyond the analyzer. */
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        out[i] = sums[i] * of_sum + weighted[i] * of_weighted;
    }
}

const indicator_kind_t indicator_lsma = {
    .name = "lsma",
    .title = "least squares moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 25, 1, INDICATOR_PERIOD_MAX},
                {"offset", OPTION_WHOLE, 0, -INDICATOR_PERIOD_MAX, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"lsma"},
    .convention = "TradingView ta.linreg, the value itself for a period of 1; with offset 0 TA-Lib LINEARREG, Tulip linreg",
    .source = "the least squares line, offset bars before the newest",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = lsma_init,
    .next = lsma_next,
    .series = lsma_series,
    .series_bears_all = true,
    .blocks_of = 1,
};

/* --- cog -------------------------------------------------------------------------------------- */

static void cog_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    linreg_t *linreg = state;
    const rolling_weighted_value_t now = rolling_weighted_next(&linreg->window, bar->close);
    const double n = (double)linreg->window.period;
    /* age + 1 = n + 1 - weight */
    outputs[0] = linreg->window.seen < linreg->window.period ? NAN : now.sum != 0.0 ? now.weighted / now.sum - (n + 1.0) : 0.0;
}

INDICATOR_SERIES(cog_series, linreg_t, cog_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_cog = {
    .name = "cog",
    .title = "centre of gravity",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"cog"},
    .convention = "TradingView ta.cog; closes that sum to 0 give 0 (TradingView: na). Not in TA-Lib",
    .source = "J. Ehlers, The Center of Gravity Oscillator, Stocks & Commodities 20:5 (2002)",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = linreg_init,
    .next = cog_next,
    .series = cog_series,
};

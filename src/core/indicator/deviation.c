/* deviation.c: variance, standard deviation, z-score; see deviation.h. */
#include "core/indicator/deviation.h"

#include "core/indicator/spread.h"

typedef struct {
    spread_t spread;
    double share, factor; /* of the squares: 1 / (period or period - 1); of the deviation */
    double room[];
} deviation_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(deviation_t) + SPREAD_ROOM(options[0]) * sizeof(double);
}

static void deviation_init(deviation_t *deviation, double period, bool is_biased, double factor)
{
    spread_init(&deviation->spread, (uint32_t)period, deviation->room);
    deviation->share = 1.0 / (is_biased ? period : period - 1.0);
    deviation->factor = factor;
}

/* --- kinds ------------------------------------------------------------------------------------ */

static void variance_init(void *state, const double *options)
{
    deviation_init(state, options[0], options[1] != 0.0, 1.0);
}

static void variance_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    deviation_t *deviation = state;
    outputs[0] = spread_next(&deviation->spread, bar->close).squares * deviation->share;
}

static bool variance_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    deviation_t *deviation = state;
    const spread_give_t give = {.share = deviation->share};
    return spread_run(&deviation->spread, columns->close + from, to - from, give, NULL, outputs[0] + from);
}

static void stddev_init(void *state, const double *options)
{
    deviation_init(state, options[0], options[2] != 0.0, options[1]);
}

static void stddev_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    deviation_t *deviation = state;
    outputs[0] = deviation->factor * sqrt(spread_next(&deviation->spread, bar->close).squares * deviation->share);
}

static bool stddev_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    deviation_t *deviation = state;
    const spread_give_t give = {.share = deviation->share, .factor = deviation->factor, .form = SPREAD_ROOT};
    return spread_run(&deviation->spread, columns->close + from, to - from, give, NULL, outputs[0] + from);
}

static inline double zscore_of(double close, double mean, double variance)
{
    const double deviation = sqrt(variance), score = (close - mean) / deviation;
    return deviation == 0.0 ? 0.0 : score; /* NAN while warming up */
}

static void zscore_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    deviation_t *deviation = state;
    const spread_value_t now = spread_next(&deviation->spread, bar->close);
    outputs[0] = zscore_of(bar->close, now.mean, now.squares * deviation->share);
}

INDICATOR_WIDE static bool zscore_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                         double *const *outputs)
{
    deviation_t *deviation = state;
    const double *close = columns->close + from;
    double means[INDICATOR_CHUNK], *restrict out = outputs[0] + from;
    const bool good = spread_run(&deviation->spread, close, to - from, (spread_give_t){.share = deviation->share}, means, out);
    for (size_t i = 0; i < to - from; i++) {
        out[i] = zscore_of(close[i], means[i], out[i]);
    }
    return good;
}

const indicator_kind_t indicator_variance = {
    .name = "variance",
    .title = "variance",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 5, 2, INDICATOR_PERIOD_MAX}, {"biased", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"variance"},
    .convention =
        "TA-Lib VAR, TradingView ta.variance; biased 0 divides by period - 1. TA-Lib loses digits where the values are close "
        "together (E[x^2] - E[x]^2) and takes a variance below 1e-14 for 0; ours does neither",
    .source = "mean squared distance from the mean",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = variance_init,
    .next = variance_next,
    .series_looking = variance_series,
    .blocks_of = 1,
};

const indicator_kind_t indicator_stddev = {
    .name = "stddev",
    .title = "standard deviation",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 5, 2, INDICATOR_PERIOD_MAX},
                {"deviations", OPTION_REAL, 1, 0, 100},
                {"biased", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"stddev"},
    .convention =
        "TA-Lib STDDEV, TradingView ta.stdev; biased 0 divides by period - 1. TA-Lib's lost digits are not copied: see variance",
    .source = "root of the variance, times deviations",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = stddev_init,
    .next = stddev_next,
    .series_looking = stddev_series,
    .blocks_of = 1,
};

const indicator_kind_t indicator_zscore = {
    .name = "zscore",
    .title = "distance from the mean in standard deviations",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"biased", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"zscore"},
    .convention = "population deviation; biased 0 takes a sample's. A flat window gives 0. Not in TA-Lib",
    .source = "(close - mean) / standard deviation of the window",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = variance_init,
    .next = zscore_next,
    .series_looking = zscore_series,
    .blocks_of = 1,
};

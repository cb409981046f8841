/* deviation.c: variance, standard deviation, z-score; see deviation.h. */
#include "core/indicator/deviation.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

/* Sums of the block's tails and head (rolling.h) of d = value - origin and of d^2. The origin changes when a block is complete; the
 * tails are then made from the values themselves. */
typedef struct {
    uint32_t period, at, seen;
    double divisor, factor; /* of the sum of squares; of the deviation */
    double origin, head, head_squares;
    double mean;
    double *values, *tails, *tails_squares; /* values: a ring of period; tails: ROLLING_ROOM(period) each */
    double room[];
} spread_t;

/* Below this share of the sum of squares what is left of it has lost digits. */
#define CANCELLED 1e-3

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(spread_t) + ((size_t)options[0] + 2 * ROLLING_ROOM(options[0])) * sizeof(double);
}

static void spread_init(spread_t *spread, double period, bool is_biased)
{
    *spread = (spread_t){.period = (uint32_t)period, .divisor = is_biased ? period : period - 1.0, .factor = 1.0};
    spread->values = spread->room;
    spread->tails = spread->values + spread->period;
    spread->tails_squares = spread->tails + ROLLING_ROOM(period);
    memset(spread->tails, 0, 2 * ROLLING_ROOM(period) * sizeof(double));
}

static void turn(spread_t *spread)
{
    double tail = 0.0, squares = 0.0;
    spread->origin = spread->values[spread->period - 1];
    for (uint32_t i = spread->period; i-- > 0;) {
        const double d = spread->values[i] - spread->origin;
        tail += d;
        squares += d * d;
        spread->tails[i] = tail;
        spread->tails_squares[i] = squares;
    }
    spread->at = 0;
    spread->head = spread->head_squares = 0.0;
}

/* The sum of squared distances from the mean, measured one by one. */
static double measured(const spread_t *spread, double mean)
{
    double sum = 0.0, rest = 0.0;
    for (uint32_t i = 0; i < spread->period; i++) {
        const double d = spread->values[i] - mean;
        sum += d * d;
        rest += d;
    }
    const double squares = sum - rest * rest / (double)spread->period; /* what the mean's own rounding adds */
    return squares > 0.0 ? squares : 0.0;
}

static bool is_flat(const spread_t *spread)
{
    for (uint32_t i = 1; i < spread->period; i++) {
        if (spread->values[i] != spread->values[0]) {
            return false;
        }
    }
    return true;
}

/* The sum of squared distances of the window, or NAN while warming up; spread->mean is then its mean. */
static double spread_next(spread_t *spread, double value)
{
    const uint32_t at = spread->at;
    const double n = (double)spread->period;
    spread->origin = spread->seen == 0 ? value : spread->origin;
    const double d = value - spread->origin;
    spread->head += d;
    spread->head_squares += d * d;
    spread->values[at] = value;
    const double sum = spread->tails[at + 1] + spread->head, squares = spread->tails_squares[at + 1] + spread->head_squares;
    spread->seen += spread->seen < spread->period ? 1 : 0;
    spread->at = at + 1;
    double left = squares - sum * sum / n;
    spread->mean = spread->origin + sum / n;
    if (spread->seen < spread->period) {
        left = NAN;
    } else if (!(left > CANCELLED * squares) && squares > 0.0) {
        left = is_flat(spread) ? 0.0 : measured(spread, spread->mean);
    }
    if (spread->at == spread->period) {
        turn(spread);
    }
    return left;
}

/* --- kinds ------------------------------------------------------------------------------------ */

static void variance_init(void *state, const double *options)
{
    spread_init(state, options[0], options[1] != 0.0);
}

static void variance_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    spread_t *spread = state;
    outputs[0] = spread_next(spread, bar->close) / spread->divisor;
}

static void stddev_init(void *state, const double *options)
{
    spread_t *spread = state;
    spread_init(spread, options[0], options[2] != 0.0);
    spread->factor = options[1];
}

static void stddev_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    spread_t *spread = state;
    outputs[0] = spread->factor * sqrt(spread_next(spread, bar->close) / spread->divisor);
}

static void zscore_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    spread_t *spread = state;
    const double deviation = sqrt(spread_next(spread, bar->close) / spread->divisor);
    outputs[0] = deviation == 0.0 ? 0.0 : (bar->close - spread->mean) / deviation; /* NAN while warming up */
}

INDICATOR_SERIES(variance_series, spread_t, variance_next, INDICATOR_CLOSE, 1)

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
    .series = variance_series,
};

INDICATOR_SERIES(stddev_series, spread_t, stddev_next, INDICATOR_CLOSE, 1)

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
    .series = stddev_series,
};

INDICATOR_SERIES(zscore_series, spread_t, zscore_next, INDICATOR_CLOSE, 1)

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
    .series = zscore_series,
};

/* correlation.c: two series against each other; see correlation.h. */
#include "core/indicator/correlation.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

/* --- correl ----------------------------------------------------------------------------------- */

typedef struct {
    rolling_sum_t first, second;
    uint32_t at;
    double *firsts, *seconds; /* rings of the last period values */
    double room[];
} correl_t;

static uint32_t correl_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t correl_state_size(const double *options)
{
    return sizeof(correl_t) + 2 * (ROLLING_ROOM(options[0]) + (size_t)options[0]) * sizeof(double);
}

static void correl_init(void *state, const double *options)
{
    correl_t *correl = state;
    const uint32_t period = (uint32_t)options[0];
    rolling_sum_init(&correl->first, period, correl->room);
    rolling_sum_init(&correl->second, period, correl->room + ROLLING_ROOM(period));
    correl->firsts = correl->room + 2 * ROLLING_ROOM(period);
    correl->seconds = correl->firsts + period;
    correl->at = 0;
}

static double correlation_of(const correl_t *correl, double mean_first, double mean_second)
{
    double xx = 0.0, yy = 0.0, xy = 0.0, x_rest = 0.0, y_rest = 0.0;
    const uint32_t period = correl->first.period;
    for (uint32_t i = 0; i < period; i++) {
        const double x = correl->firsts[i] - mean_first, y = correl->seconds[i] - mean_second;
        xx += x * x;
        yy += y * y;
        xy += x * y;
        x_rest += x;
        y_rest += y;
    }
    const double n = (double)period; /* what the means' own rounding adds goes */
    xx -= x_rest * x_rest / n;
    yy -= y_rest * y_rest / n;
    xy -= x_rest * y_rest / n;
    if (!(xx > 0.0 && yy > 0.0)) {
        return 0.0;
    }
    const double value = xy / (sqrt(xx) * sqrt(yy));
    return value > 1.0 ? 1.0 : value < -1.0 ? -1.0 : value;
}

/* Flat: all of the ring is one value. */
static bool is_flat(const double *ring, uint32_t period)
{
    for (uint32_t i = 1; i < period; i++) {
        if (ring[i] != ring[0]) {
            return false;
        }
    }
    return true;
}

static void correl_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    correl_t *correl = state;
    const uint32_t period = correl->first.period;
    const double mean_first = rolling_mean_next(&correl->first, bar->high);
    const double mean_second = rolling_mean_next(&correl->second, bar->low);
    correl->firsts[correl->at] = bar->high;
    correl->seconds[correl->at] = bar->low;
    correl->at = correl->at + 1 == period ? 0 : correl->at + 1;
    outputs[0] = NAN;
    if (rolling_sum_is_warm(&correl->first)) {
        const bool flat = is_flat(correl->firsts, period) || is_flat(correl->seconds, period);
        outputs[0] = flat ? 0.0 : correlation_of(correl, mean_first, mean_second);
    }
}

INDICATOR_SERIES(correl_series, correl_t, correl_next, INDICATOR_HIGH | INDICATOR_LOW, 1)

const indicator_kind_t indicator_correl = {
    .name = "correl",
    .title = "correlation of two series",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 30, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"correl"},
    .convention =
        "TA-Lib CORREL (high and low, unless two sources are given), TradingView ta.correlation; a flat series gives 0 as TA-Lib "
        "(TradingView: na, and 0 for a covariance below 1e-10). O(period) a bar",
    .source = "K. Pearson's coefficient over the window",
    .warm_up = correl_warm_up,
    .state_size = correl_state_size,
    .init = correl_init,
    .next = correl_next,
    .series = correl_series,
};

/* --- beta ------------------------------------------------------------------------------------- */

typedef struct {
    double first_last, second_last; /* NAN before the first bar */
    rolling_sum_t x, y, xx, xy;
    double room[];
} beta_t;

static uint32_t beta_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t beta_state_size(const double *options)
{
    return sizeof(beta_t) + 4 * ROLLING_ROOM(options[0]) * sizeof(double);
}

static void beta_init(void *state, const double *options)
{
    beta_t *beta = state;
    rolling_sum_t *const sums[] = {&beta->x, &beta->y, &beta->xx, &beta->xy};
    beta->first_last = beta->second_last = NAN;
    for (size_t i = 0; i < 4; i++) {
        rolling_sum_init(sums[i], (uint32_t)options[0], beta->room + i * ROLLING_ROOM(options[0]));
    }
}

static double return_of(double value, double last)
{
    return last != 0.0 ? (value - last) / last : 0.0;
}

static void beta_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    beta_t *beta = state;
    const double x = return_of(bar->high, beta->first_last), y = return_of(bar->low, beta->second_last);
    beta->first_last = bar->high;
    beta->second_last = bar->low;
    outputs[0] = NAN;
    if (isnan(x) || isnan(y)) {
        return; /* the first bar */
    }
    const double sum_x = rolling_sum_next(&beta->x, x), sum_y = rolling_sum_next(&beta->y, y);
    const double sum_xx = rolling_sum_next(&beta->xx, x * x), sum_xy = rolling_sum_next(&beta->xy, x * y);
    if (rolling_sum_is_warm(&beta->x)) {
        const double n = (double)beta->x.period, spread = n * sum_xx - sum_x * sum_x;
        outputs[0] = spread > 0.0 ? (n * sum_xy - sum_x * sum_y) / spread : 0.0;
    }
}

INDICATOR_SERIES(beta_series, beta_t, beta_next, INDICATOR_HIGH | INDICATOR_LOW, 1)

const indicator_kind_t indicator_beta = {
    .name = "beta",
    .title = "beta of two series",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 5, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"beta"},
    .convention = "TA-Lib BETA (high and low, unless two sources are given): slope of the second's returns over the first's; 0 "
                  "when the first "
                  "does not move",
    .source = "covariance of the returns over the variance of the first's",
    .warm_up = beta_warm_up,
    .state_size = beta_state_size,
    .init = beta_init,
    .next = beta_next,
    .series = beta_series,
};

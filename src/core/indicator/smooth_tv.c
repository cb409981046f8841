/* smooth_tv.c: see smooth_tv.h. */
#include "core/indicator/smooth_tv.h"

#include "core/indicator/series.h"
#include "core/indicator/spread_tv.h"

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

/* --- ema_tv, rma_tv --------------------------------------------------------------------------- */

typedef struct {
    tv_sum_t seed;
    double period, factor;
    double value; /* NAN while warming up */
    double room[];
} average_t;

static size_t average_state_size(const double *options)
{
    return sizeof(average_t) + TV_SUM_ROOM(options[0]) * sizeof(double);
}

static void average_init(void *state, const double *options)
{
    average_t *average = state;
    average->period = options[0];
    average->factor = 2.0 / (options[0] + 1.0);
    average->value = NAN;
    tv_sum_init(&average->seed, (uint32_t)options[0], average->room);
}

static void ema_next_bar(void *state, const indicator_bar_t *bar, double *outputs)
{
    average_t *average = state;
    average->value = isnan(average->value) ? tv_sum_next(&average->seed, bar->close) / average->period
                                           : average->value + average->factor * (bar->close - average->value);
    outputs[0] = average->value;
}

static double wilder_next(tv_sum_t *seed, double period, double last, double value)
{
    return isnan(last) ? tv_sum_next(seed, value) / period : (last * (period - 1.0) + value) / period;
}

static void rma_next_bar(void *state, const indicator_bar_t *bar, double *outputs)
{
    average_t *average = state;
    average->value = wilder_next(&average->seed, average->period, average->value, bar->close);
    outputs[0] = average->value;
}

INDICATOR_SERIES(ema_series_tv, average_t, ema_next_bar, INDICATOR_CLOSE, 1)
INDICATOR_SERIES(rma_series_tv, average_t, rma_next_bar, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_ema_tv = {
    .name = "ema_tv",
    .title = "exponential moving average, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"ema"},
    .convention = "TradingView ta.ema to the last digit; ema differs from it in that digit only",
    .source = "factor 2 / (period + 1)",
    .warm_up = kind_warm_up,
    .state_size = average_state_size,
    .init = average_init,
    .next = ema_next_bar,
    .series = ema_series_tv,
};

const indicator_kind_t indicator_rma_tv = {
    .name = "rma_tv",
    .title = "Wilder's moving average, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rma"},
    .convention = "TradingView ta.rma to the last digit; rma differs from it in that digit only",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 1: (last x (period - 1) + close) / period",
    .warm_up = kind_warm_up,
    .state_size = average_state_size,
    .init = average_init,
    .next = rma_next_bar,
    .series = rma_series_tv,
};

/* --- rsi_tv ----------------------------------------------------------------------------------- */

#define SIDE_MINIMUM 1e-10 /* TradingView takes less for none */

typedef struct {
    tv_sum_t gain_seed, loss_seed;
    double period, last, gains, losses; /* the last three: NAN before they are known */
    double room[];
} rsi_state_t;

static uint32_t rsi_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t rsi_state_size(const double *options)
{
    return sizeof(rsi_state_t) + 2 * TV_SUM_ROOM(options[0]) * sizeof(double);
}

static void rsi_init_state(void *state, const double *options)
{
    rsi_state_t *rsi = state;
    rsi->period = options[0];
    rsi->last = rsi->gains = rsi->losses = NAN;
    tv_sum_init(&rsi->gain_seed, (uint32_t)options[0], rsi->room);
    tv_sum_init(&rsi->loss_seed, (uint32_t)options[0], rsi->room + TV_SUM_ROOM(options[0]));
}

static void rsi_next_bar(void *state, const indicator_bar_t *bar, double *outputs)
{
    rsi_state_t *rsi = state;
    const double change = bar->close - rsi->last;
    outputs[0] = NAN;
    rsi->last = bar->close;
    if (isnan(change)) {
        return;
    }
    rsi->gains = wilder_next(&rsi->gain_seed, rsi->period, rsi->gains, change > 0.0 ? change : 0.0);
    rsi->losses = wilder_next(&rsi->loss_seed, rsi->period, rsi->losses, change < 0.0 ? -change : 0.0);
    if (!isnan(rsi->gains)) {
        outputs[0] = rsi->losses <= SIDE_MINIMUM  ? 100.0
                     : rsi->gains <= SIDE_MINIMUM ? 0.0
                                                  : 100.0 - 100.0 / (1.0 + rsi->gains / rsi->losses);
    }
}

INDICATOR_SERIES(rsi_series_tv, rsi_state_t, rsi_next_bar, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_rsi_tv = {
    .name = "rsi_tv",
    .title = "relative strength index, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rsi"},
    .convention = "TradingView ta.rsi to the last digit: an average loss of at most 1e-10, whatever the price, gives 100, else "
                  "such a gain 0. "
                  "At all scales: rsi",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978)",
    .warm_up = rsi_warm_up,
    .state_size = rsi_state_size,
    .init = rsi_init_state,
    .next = rsi_next_bar,
    .series = rsi_series_tv,
};

/* --- dev_tv, cci_tv ----------------------------------------------------------------------------------- */

typedef struct {
    tv_sum_t sum;
    double room[];
} cci_t;

static size_t cci_state_size(const double *options)
{
    return sizeof(cci_t) + TV_SUM_ROOM(options[0]) * sizeof(double);
}

static void cci_init(void *state, const double *options)
{
    cci_t *cci = state;
    tv_sum_init(&cci->sum, (uint32_t)options[0], cci->room);
}

/* Mean distance of the window's values from `mean`, newest first. */
static double mean_distance(const tv_sum_t *sum, double mean)
{
    double total = 0.0;
    for (uint32_t age = 1; age <= sum->period; age++) {
        total += fabs(sum->values[sum->at >= age ? sum->at - age : sum->at + sum->period - age] - mean);
    }
    return total / (double)sum->period;
}

static void cci_next_bar(void *state, const indicator_bar_t *bar, double *outputs)
{
    cci_t *cci = state;
    const double mean = tv_sum_next(&cci->sum, bar->close) / (double)cci->sum.period;
    outputs[0] = NAN;
    if (!isnan(mean)) {
        const double distance = mean_distance(&cci->sum, mean);
        outputs[0] = distance > 0.0 ? (bar->close - mean) / (0.015 * distance) : 0.0;
    }
}

INDICATOR_SERIES(cci_series_tv, cci_t, cci_next_bar, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_cci_tv = {
    .name = "cci_tv",
    .title = "commodity channel index, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"cci"},
    .convention = "TradingView ta.cci of one source (the close unless one is given); loses digits where values lie close together, "
                  "as TradingView "
                  "does. 0 where no value leaves the mean (TradingView: na). O(period) a bar. TA-Lib's, of the typical price: cci",
    .source = "D. Lambert (1980): (value - mean) / (0.015 x mean absolute deviation)",
    .warm_up = kind_warm_up,
    .state_size = cci_state_size,
    .init = cci_init,
    .next = cci_next_bar,
    .series = cci_series_tv,
};

static void dev_next_bar(void *state, const indicator_bar_t *bar, double *outputs)
{
    cci_t *window = state;
    const double mean = tv_sum_next(&window->sum, bar->close) / (double)window->sum.period;
    outputs[0] = isnan(mean) ? NAN : mean_distance(&window->sum, mean);
}

INDICATOR_SERIES(dev_series_tv, cci_t, dev_next_bar, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_dev_tv = {
    .name = "dev_tv",
    .title = "mean absolute deviation, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"dev"},
    .convention = "TradingView ta.dev; loses digits where values lie close together, as TradingView does; with all digits: dev. "
                  "O(period) a bar",
    .source = "mean distance from the mean of the window",
    .warm_up = kind_warm_up,
    .state_size = cci_state_size,
    .init = cci_init,
    .next = dev_next_bar,
    .series = dev_series_tv,
};

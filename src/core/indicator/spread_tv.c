/* spread_tv.c: means and spreads with TradingView's own digits; see spread_tv.h. */
#include "core/indicator/spread_tv.h"

#include <stdbool.h>

#include "core/indicator/series.h"
#include "core/indicator/series_function_inside.h"

/* --- the running sum -------------------------------------------------------------------------- */

void tv_sum_init(tv_sum_t *sum, uint32_t period, double *room)
{
    *sum = (tv_sum_t){.period = period, .entries = room, .values = room + period};
}

/* The sum is made anew where adding the compensation's size to the value rounds down. */
static bool must_begin_anew(double compensation, double value)
{
    const double size = fabs(compensation);
    const double moved = value + size;
    return compensation != 0.0 && value != 0.0 && moved != 0.0 && size - (moved - value) > 0.0;
}

static void begin_anew(tv_sum_t *sum, double value)
{
    const uint32_t count = sum->seen < sum->period ? sum->seen + 1 : sum->period;
    double whole = value;
    const uint32_t here = count - 1 < sum->at ? count - 1 : sum->at; /* newest first: before the present slot, then from the end */
    for (uint32_t age = 1; age <= here; age++) {
        whole += sum->values[sum->at - age];
    }
    for (uint32_t age = here + 1; age < count; age++) {
        whole += sum->values[sum->at + sum->period - age];
    }
    sum->sum = whole;
    sum->compensation = 0.0;
    sum->entries[sum->at] = value;
}

/* Kahan's step: what the addition lost is kept for the next one. */
static void add(tv_sum_t *sum, double value)
{
    const double whole = sum->sum + value;
    sum->compensation = (whole - sum->sum) - value;
    sum->sum = whole;
    sum->entries[sum->at] = value;
}

static void replace(tv_sum_t *sum, double value)
{
    const double leaving = -sum->entries[sum->at] - sum->compensation;
    const double rest = sum->sum + leaving;
    const double coming = value - ((rest - sum->sum) - leaving);
    sum->sum = rest;
    add(sum, coming);
}

double tv_sum_next(tv_sum_t *sum, double value)
{
    if (must_begin_anew(sum->compensation, value)) {
        begin_anew(sum, value);
    } else if (sum->seen < sum->period) {
        add(sum, value - sum->compensation);
    } else {
        replace(sum, value);
    }
    sum->values[sum->at] = value;
    sum->at = sum->at + 1 == sum->period ? 0 : sum->at + 1;
    sum->seen += sum->seen < sum->period ? 1 : 0;
    return sum->seen == sum->period ? sum->sum : NAN;
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

/* --- sma_tv ----------------------------------------------------------------------------------- */

typedef struct {
    tv_sum_t sum;
    double room[];
} sma_state_t;

static size_t sma_state_size(const double *options)
{
    return sizeof(sma_state_t) + TV_SUM_ROOM(options[0]) * sizeof(double);
}

static void sma_init_state(void *state, const double *options)
{
    sma_state_t *sma = state;
    tv_sum_init(&sma->sum, (uint32_t)options[0], sma->room);
}

static void sma_next_bar(void *state, const indicator_bar_t *bar, double *outputs)
{
    sma_state_t *sma = state;
    outputs[0] = tv_sum_next(&sma->sum, bar->close) / (double)sma->sum.period;
}

INDICATOR_SERIES(sma_series, sma_state_t, sma_next_bar, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_sma_tv = {
    .name = "sma_tv",
    .title = "simple moving average, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"sma"},
    .convention = "TradingView ta.sma to the last digit: its compensated running sum. TA-Lib's is sma",
    .source = "arithmetic mean of the last period closes",
    .warm_up = kind_warm_up,
    .state_size = sma_state_size,
    .init = sma_init_state,
    .next = sma_next_bar,
    .series = sma_series,
};

/* --- variance, deviation, bands --------------------------------------------------------------- */

typedef struct {
    tv_sum_t sum, squares;
    bool is_biased;
    double factor, mean;
    double room[];
} spread_t;

static size_t spread_state_size(const double *options)
{
    return sizeof(spread_t) + 2 * TV_SUM_ROOM(options[0]) * sizeof(double);
}

static void spread_init(spread_t *spread, double period, bool is_biased, double factor)
{
    tv_sum_init(&spread->sum, (uint32_t)period, spread->room);
    tv_sum_init(&spread->squares, (uint32_t)period, spread->room + TV_SUM_ROOM(period));
    spread->is_biased = is_biased;
    spread->factor = factor;
}

/* The variance, or NAN while warming up; spread->mean is then the mean. */
static double spread_next(spread_t *spread, double value)
{
    const double n = (double)spread->sum.period;
    const double sum = tv_sum_next(&spread->sum, value);
    const double squares = tv_sum_next(&spread->squares, value * value);
    spread->mean = sum / n;
    const double variance =
        spread->is_biased ? squares / n - spread->mean * spread->mean : squares / (n - 1.0) - sum * spread->mean / (n - 1.0);
    return variance < 0.0 ? 0.0 : variance;
}

/* One value has no unbiased variance. */
static result_t variance_check(const double *options)
{
    return options[0] == 1.0 && options[1] == 0.0 ? RESULT_BAD_ARGUMENT : RESULT_OK;
}

static void variance_init(void *state, const double *options)
{
    spread_init(state, options[0], options[1] != 0.0, 1.0);
}

static void bands_init(void *state, const double *options)
{
    spread_init(state, options[0], true, options[1]);
}

static void variance_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = spread_next(state, bar->close);
}

static void stddev_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = sqrt(spread_next(state, bar->close));
}

static void bands_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    spread_t *spread = state;
    const double reach = sqrt(spread_next(spread, bar->close)) * spread->factor;
    outputs[0] = spread->mean + reach;
    outputs[1] = spread->mean;
    outputs[2] = spread->mean - reach;
}

static void width_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double bands[3];
    bands_next(state, bar, bands);
    outputs[0] = bands[1] != 0.0 ? (bands[0] - bands[2]) / bands[1] * 100.0 : 0.0;
}

#define LOSES "loses digits where values lie close together, as TradingView does; with all digits: "

INDICATOR_SERIES(variance_series, spread_t, variance_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_variance_tv = {
    .name = "variance_tv",
    .title = "variance, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}, {"biased", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"variance"},
    .convention = "TradingView ta.variance; " LOSES "variance",
    .source = "E[x^2] - E[x]^2",
    .check = variance_check,
    .warm_up = kind_warm_up,
    .state_size = spread_state_size,
    .init = variance_init,
    .next = variance_next,
    .series = variance_series,
};

INDICATOR_SERIES(stddev_series, spread_t, stddev_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_stddev_tv = {
    .name = "stddev_tv",
    .title = "standard deviation, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}, {"biased", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"stddev"},
    .convention = "TradingView ta.stdev; " LOSES "stddev",
    .source = "root of E[x^2] - E[x]^2",
    .check = variance_check,
    .warm_up = kind_warm_up,
    .state_size = spread_state_size,
    .init = variance_init,
    .next = stddev_next,
    .series = stddev_series,
};

INDICATOR_SERIES(bands_series, spread_t, bands_next, INDICATOR_CLOSE, 3)

const indicator_kind_t indicator_bollinger_tv = {
    .name = "bollinger_tv",
    .title = "Bollinger bands, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention = "TradingView ta.bb; " LOSES "bollinger",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7",
    .warm_up = kind_warm_up,
    .state_size = spread_state_size,
    .init = bands_init,
    .next = bands_next,
    .series = bands_series,
};

INDICATOR_SERIES(width_series, spread_t, width_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_bollinger_width_tv = {
    .name = "bollinger_width_tv",
    .title = "Bollinger band width, TradingView's digits",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 1,
    .outputs = {"width"},
    .convention = "TradingView ta.bbw, in percent; " LOSES "bollinger_width. 0 for a middle of 0 (TradingView: na)",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 8",
    .warm_up = kind_warm_up,
    .state_size = spread_state_size,
    .init = bands_init,
    .next = width_next,
    .series = width_series,
};

/* --- correl_tv -------------------------------------------------------------------------------- */

enum { SUMS = 5 };

typedef struct {
    tv_sum_t sums[SUMS]; /* x, y, x y, x x, y y */
    double room[];
} correl_t;

#define COVARIANCE_MINIMUM 1e-10 /* TradingView takes less for none */

static size_t correl_state_size(const double *options)
{
    return sizeof(correl_t) + SUMS * TV_SUM_ROOM(options[0]) * sizeof(double);
}

static void correl_init(void *state, const double *options)
{
    correl_t *correl = state;
    for (size_t i = 0; i < SUMS; i++) {
        tv_sum_init(&correl->sums[i], (uint32_t)options[0], correl->room + i * TV_SUM_ROOM(options[0]));
    }
}

static double positive(double variance)
{
    return variance > 0.0 ? variance : 0.0;
}

static void correl_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    correl_t *correl = state;
    const double x = bar->high, y = bar->low, n = (double)correl->sums[0].period;
    const double values[SUMS] = {x, y, x * y, x * x, y * y};
    double means[SUMS];
    for (int i = 0; i < SUMS; i++) {
        means[i] = tv_sum_next(&correl->sums[i], values[i]) / n;
    }
    outputs[0] = NAN;
    if (!isnan(means[0])) {
        const double covariance = means[2] - means[0] * means[1];
        const double spread = positive(means[3] - means[0] * means[0]) * positive(means[4] - means[1] * means[1]);
        outputs[0] = fabs(covariance) <= COVARIANCE_MINIMUM || spread == 0.0 ? 0.0 : covariance / sqrt(spread);
    }
}

INDICATOR_SERIES(correl_series, correl_t, correl_next, INDICATOR_HIGH | INDICATOR_LOW, 1)

const indicator_kind_t indicator_correl_tv = {
    .name = "correl_tv",
    .title = "correlation of two series, TradingView's digits",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 30, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"correl"},
    .convention =
        "TradingView ta.correlation: a covariance below 1e-10 gives 0, whatever the price; a series without spread gives 0 "
        "(TradingView: na). With all digits at all scales: correl",
    .source = "K. Pearson's coefficient over the window",
    .warm_up = kind_warm_up,
    .state_size = correl_state_size,
    .init = correl_init,
    .next = correl_next,
    .series = correl_series,
};

/* --- ta.correlation --------------------------------------------------------------------------- */

size_t series_correlation_room(const double *numbers, size_t bars)
{
    (void)bars;
    return SUMS * TV_SUM_ROOM(numbers[0]);
}

/* A value that is not there leaves the window as it is. */
static double mean_of(tv_sum_t *sum, double value)
{
    const double n = (double)sum->period;
    return isnan(value) ? (sum->seen == sum->period ? sum->sum / n : NAN) : tv_sum_next(sum, value) / n;
}

/* Each of the five sums has a window of its own, which begins with the first of its values: what they have added up before all of
 * them stood is in TradingView's digits. */
void series_correlation(const series_call_t *call)
{
    tv_sum_t sums[SUMS];
    for (size_t i = 0; i < SUMS; i++) {
        tv_sum_init(&sums[i], (uint32_t)call->numbers[0], call->room + i * TV_SUM_ROOM(call->numbers[0]));
    }
    for (size_t bar = 0; bar < call->bars; bar++) {
        const double x = call->sources[0][bar], y = call->sources[1][bar];
        const double values[SUMS] = {x, y, x * y, x * x, y * y};
        double means[SUMS];
        for (int i = 0; i < SUMS; i++) {
            means[i] = mean_of(&sums[i], values[i]);
        }
        const double covariance = means[2] - means[0] * means[1];
        const double spread = positive(means[3] - means[0] * means[0]) * positive(means[4] - means[1] * means[1]);
        const double correlation = spread == 0.0 ? NAN : covariance / sqrt(spread);
        call->out[bar] = isnan(covariance + means[3] + means[4]) ? NAN : fabs(covariance) <= COVARIANCE_MINIMUM ? 0.0 : correlation;
    }
}

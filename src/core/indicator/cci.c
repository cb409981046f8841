/* cci.c: commodity channel index and mean absolute deviation; see cci.h. */
#include "core/indicator/cci.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

typedef struct {
    rolling_sum_t sum;
    uint32_t at;
    uint32_t same; /* how many of the last values are equal, counted up to period: a flat window is known, not guessed */
    double last, mean;
    double *ring; /* the last period values */
    double room[];
} window_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(window_t) + (ROLLING_ROOM(options[0]) + (size_t)options[0]) * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    window_t *window = state;
    rolling_sum_init(&window->sum, (uint32_t)options[0], window->room);
    window->ring = window->room + ROLLING_ROOM(options[0]);
    window->at = window->same = 0;
    window->last = NAN;
}

/* Four sums side by side: the processor adds them at once. */
static double sum_of_distances(const double *values, uint32_t count, double mean)
{
    double sums[4] = {0.0};
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) {
        sums[0] += fabs(values[i] - mean);
        sums[1] += fabs(values[i + 1] - mean);
        sums[2] += fabs(values[i + 2] - mean);
        sums[3] += fabs(values[i + 3] - mean);
    }
    for (; i < count; i++) {
        sums[0] += fabs(values[i] - mean);
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* The mean absolute deviation, 0 for a flat window, or NAN while warming up; window->mean is then the mean. */
static double window_next(window_t *window, double value)
{
    const uint32_t period = window->sum.period;
    window->same = value == window->last ? window->same : 0;
    window->same += window->same < period ? 1 : 0;
    window->last = value;
    window->mean = rolling_mean_next(&window->sum, value);
    window->ring[window->at] = value;
    window->at = window->at + 1 == period ? 0 : window->at + 1;
    if (isnan(window->mean)) {
        return NAN;
    }
    return window->same == period ? 0.0 : sum_of_distances(window->ring, period, window->mean) / (double)period;
}

static void cci_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    window_t *window = state;
    const double typical = (bar->high + bar->low + bar->close) / 3.0;
    const double deviation = window_next(window, typical);
    outputs[0] = deviation == 0.0 ? 0.0 : (typical - window->mean) / (0.015 * deviation);
}

static void dev_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = window_next(state, bar->close);
}

INDICATOR_SERIES(cci_series, window_t, cci_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_cci = {
    .name = "cci",
    .title = "commodity channel index",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"cci"},
    .convention = "TA-Lib CCI of the typical price; TradingView's ta.cci takes any source. A flat window gives 0 (TradingView: na; "
                  "TA-Lib 0, or "
                  "noise when its mean is not exact)",
    .source = "D. Lambert, Commodity Channel Index, Commodities (October 1980)",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = cci_next,
    .series = cci_series,
};

INDICATOR_SERIES(dev_series, window_t, dev_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_dev = {
    .name = "dev",
    .title = "mean absolute deviation",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"dev"},
    .convention = "TA-Lib AVGDEV, TradingView ta.dev",
    .source = "mean of |close - mean| over the window",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = dev_next,
    .series = dev_series,
};

/* cci.c: commodity channel index and mean absolute deviation; see cci.h. */
#include "core/indicator/cci.h"

#include "core/indicator/equal_run.h"
#include "core/indicator/rolling.h"

typedef struct {
    rolling_sum_t sum;
    uint32_t at;
    equal_run_t same;
    double *ring; /* the last period values, twice, so that they can be read without a seam */
    double room[];
} window_t;

typedef struct {
    double mean, deviation;
} window_value_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(window_t) + (ROLLING_ROOM(options[0]) + 2 * (size_t)options[0]) * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    window_t *window = state;
    rolling_mean_init(&window->sum, (uint32_t)options[0], window->room);
    window->ring = window->room + ROLLING_ROOM(options[0]);
    window->at = 0;
    window->same = (equal_run_t){0};
    for (size_t i = 0; i < 2 * (size_t)options[0]; i++) {
        window->ring[i] = NAN;
    }
}

/* Sums of |value - mean| over the windows of four bars, the first of which begins at `oldest`; four parts side by side, because the
 * processor adds them at once. */
static inline void distances_of(const double *oldest, uint32_t period, const double *means, double n, double *deviations)
{
    const four_t mean = *(const four_t *)means;
    four_t sums[4] = {{0.0}};
    uint32_t i = 0;
    for (; i + 4 <= period; i += 4) {
        for (uint32_t k = 0; k < 4; k++) {
            sums[k] += FOUR_SIZE(*(const four_t *)(oldest + i + k) - mean);
        }
    }
    for (; i < period; i++) {
        sums[0] += FOUR_SIZE(*(const four_t *)(oldest + i) - mean);
    }
    *(four_t *)deviations = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / n;
}

/* Of one bar: the same parts, two and two. The newest value has only just been stored: it is not read in one load with another. */
static inline double distance_of(const double *oldest, uint32_t period, double mean, double newest)
{
    const twin_t means = {mean, mean};
    twin_t first = {0.0, 0.0}, second = first;
    uint32_t i = 0;
    for (; i + 4 < period; i += 4) {
        first += twin_size(twin_at(oldest + i) - means);
        second += twin_size(twin_at(oldest + i + 2) - means);
    }
    if (i + 4 == period) {
        first += twin_size(twin_at(oldest + i) - means);
        second += twin_size((twin_t){oldest[i + 2], newest} - means);
        i = period;
    }
    for (; i < period; i++) {
        first[0] += fabs(oldest[i] - mean);
    }
    return (first[0] + first[1]) + (second[0] + second[1]);
}

/* Value number `number` equals the one before it. A flat window has itself for its mean. */
static inline bool is_flat(window_t *window, uint64_t number)
{
    const uint32_t period = window->sum.period;
    return equal_run_next(&window->same, number, period) == period;
}

/* The mean and the mean absolute deviation, 0 for a flat window; both NAN while warming up. */
static inline window_value_t window_next(window_t *window, double value)
{
    const uint32_t period = window->sum.period, at = window->at;
    double *const slot = window->ring + at;
    const double before = slot[period - 1], mean = rolling_sum_next(&window->sum, value);
    slot[0] = slot[period] = value;
    window->at = at + 1 == period ? 0 : at + 1;
    if (__builtin_expect(value == before, 0) && is_flat(window, rolling_sum_count(&window->sum))) {
        return (window_value_t){value, 0.0};
    }
    return (window_value_t){mean, distance_of(window->ring + window->at, period, mean, value) / (double)period};
}

/* The next `count` values at once, once warm; the last period values stand before `values`. */
static void window_run(window_t *window, const double *values, size_t count, double *restrict means, double *restrict deviations)
{
    const uint32_t period = window->sum.period;
    const double n = (double)period, *oldest = values + 1 - period;
    rolling_sum_run(&window->sum, values, count, means);
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        distances_of(oldest + i, period, means + i, n, deviations + i);
    }
    for (; i < count; i++) {
        deviations[i] = distance_of(oldest + i, period, means[i], values[i]) / n;
    }
    const uint64_t number = rolling_sum_count(&window->sum) - count + 1;
    const bool has_equals = neighbours_are_equal(values - 1, count + 1);
    for (i = 0; has_equals && i < count; i++) {
        const bool equals = values[i] == values[(ptrdiff_t)i - 1];
        deviations[i] = equals && is_flat(window, number + i) ? 0.0 : deviations[i];
    }
}

static inline double typical_of(double high, double low, double close)
{
    return (high + low + close) / 3.0;
}

static inline double cci_of(double typical, double mean, double deviation)
{
    const double value = (typical - mean) / (0.015 * deviation);
    return deviation == 0.0 ? 0.0 : value; /* NAN while warming up */
}

static void cci_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const double typical = typical_of(bar->high, bar->low, bar->close);
    const window_value_t now = window_next(state, typical);
    outputs[0] = cci_of(typical, now.mean, now.deviation);
}

INDICATOR_WIDE static void cci_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    window_t *window = state;
    const size_t before = window->sum.period, count = to - from;
    const double *high = columns->high + from - before, *low = columns->low + from - before,
                 *close = columns->close + from - before;
    double typicals[INDICATOR_PERIOD_MAX + INDICATOR_CHUNK], means[INDICATOR_CHUNK], deviations[INDICATOR_CHUNK];
    double *restrict out = outputs[0] + from;
    for (size_t i = 0; i < before + count; i++) {
        typicals[i] = typical_of(high[i], low[i], close[i]);
    }
    window_run(window, typicals + before, count, means, deviations);
    for (size_t i = 0; i < count; i++) {
        out[i] = cci_of(typicals[before + i], means[i], deviations[i]);
    }
}

static void dev_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = window_next(state, bar->close).deviation;
}

INDICATOR_WIDE static void dev_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    double means[INDICATOR_CHUNK];
    window_run(state, columns->close + from, to - from, means, outputs[0] + from);
}

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
    .series_bears_all = true,
};

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
    .series_bears_all = true,
};

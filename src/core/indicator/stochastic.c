/* stochastic.c: stochastic oscillators; see stochastic.h. */
#include "core/indicator/stochastic.h"

#include "core/base/assert.h"
#include "core/indicator/rsi.h"

#define STILL 1e-10 /* of an index from 0 to 100 */

void stochastic_init(stochastic_t *stochastic, uint32_t period, double *room)
{
    rolling_max_init(&stochastic->highest, period, room);
    rolling_min_init(&stochastic->lowest, period, room + ROLLING_ROOM(period));
}

static inline double raw_of(double close, double highest, double lowest)
{
    const double range = highest - lowest, value = 100.0 * (close - lowest) / range;
    return range != 0.0 ? value : 0.0;
}

double stochastic_next(stochastic_t *stochastic, double high, double low, double close)
{
    ASSERT(indicator_value_is_good(high) && indicator_value_is_good(low) && indicator_value_is_good(close));
    const double highest = rolling_max_next(&stochastic->highest, high);
    const double lowest = rolling_min_next(&stochastic->lowest, low);
    if (!rolling_max_is_warm(&stochastic->highest)) {
        return NAN;
    }
    return raw_of(close, highest, lowest);
}

/* %K of `count` bars at once, once warm: `of` the close and its window. */
static inline void stochastic_run(stochastic_t *stochastic, const double *high, const double *low, const double *close,
                                  size_t count, double (*of)(double, double, double), double *restrict out)
{
    double highest[INDICATOR_CHUNK], lowest[INDICATOR_CHUNK];
    rolling_max_run(&stochastic->highest, high, count, highest);
    rolling_min_run(&stochastic->lowest, low, count, lowest);
    for (size_t i = 0; i < count; i++) {
        /* The run has written all of them; its blocks are beyond the analyzer. */
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
        out[i] = of(close[i], highest[i], lowest[i]);
    }
}

/* A mean of values that begin later: NAN in, NAN out. */
static double mean_of(rolling_sum_t *sum, double value)
{
    return isnan(value) ? NAN : rolling_sum_next(sum, value);
}

/* --- stoch ------------------------------------------------------------------------------------ */

typedef struct {
    stochastic_t fast;
    rolling_sum_t slow_k, slow_d;
    double room[];
} stoch_t;

static uint32_t stoch_warm_up(const double *options)
{
    return (uint32_t)(options[0] + options[1] + options[2]) - 3;
}

static size_t stoch_state_size(const double *options)
{
    return sizeof(stoch_t) + (STOCHASTIC_ROOM(options[0]) + ROLLING_ROOM(options[1]) + ROLLING_ROOM(options[2])) * sizeof(double);
}

static void stoch_init(void *state, const double *options)
{
    stoch_t *stoch = state;
    double *room = stoch->room;
    stochastic_init(&stoch->fast, (uint32_t)options[0], room);
    rolling_mean_init(&stoch->slow_k, (uint32_t)options[1], room += STOCHASTIC_ROOM(options[0]));
    rolling_mean_init(&stoch->slow_d, (uint32_t)options[2], room + ROLLING_ROOM(options[1]));
}

static void stoch_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    stoch_t *stoch = state;
    const double slow_k = mean_of(&stoch->slow_k, stochastic_next(&stoch->fast, bar->high, bar->low, bar->close));
    const double slow_d = mean_of(&stoch->slow_d, slow_k);
    outputs[0] = isnan(slow_d) ? NAN : slow_k; /* both begin together */
    outputs[1] = slow_d;
}

INDICATOR_WIDE static void stoch_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                        double *const *outputs)
{
    stoch_t *stoch = state;
    double raw[INDICATOR_CHUNK];
    stochastic_run(&stoch->fast, columns->high + from, columns->low + from, columns->close + from, to - from, raw_of, raw);
    rolling_sum_run(&stoch->slow_k, raw, to - from, outputs[0] + from);
    rolling_sum_run(&stoch->slow_d, outputs[0] + from, to - from, outputs[1] + from);
}

const indicator_kind_t indicator_stoch = {
    .name = "stoch",
    .title = "slow stochastic oscillator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"fast_k", OPTION_WHOLE, 5, 1, INDICATOR_PERIOD_MAX},
                {"slow_k", OPTION_WHOLE, 3, 1, INDICATOR_PERIOD_MAX},
                {"slow_d", OPTION_WHOLE, 3, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"slow_k", "slow_d"},
    .convention =
        "TA-Lib STOCH with simple averages; a window without range gives 0 as there. Tulip's stoch. Pine's ta.stoch is the raw %K: "
        "see stochf",
    .source = "G. Lane (1957)",
    .warm_up = stoch_warm_up,
    .state_size = stoch_state_size,
    .init = stoch_init,
    .next = stoch_next,
    .series = stoch_series,
    .series_bears_all = true,
};

/* --- stochf ----------------------------------------------------------------------------------- */

typedef struct {
    stochastic_t fast;
    rolling_sum_t fast_d;
    double room[];
} stochf_t;

static uint32_t stochf_warm_up(const double *options)
{
    return (uint32_t)(options[0] + options[1]) - 2;
}

static size_t stochf_state_size(const double *options)
{
    return sizeof(stochf_t) + (STOCHASTIC_ROOM(options[0]) + ROLLING_ROOM(options[1])) * sizeof(double);
}

static void stochf_init(void *state, const double *options)
{
    stochf_t *stoch = state;
    stochastic_init(&stoch->fast, (uint32_t)options[0], stoch->room);
    rolling_mean_init(&stoch->fast_d, (uint32_t)options[1], stoch->room + STOCHASTIC_ROOM(options[0]));
}

static void stochf_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    stochf_t *stoch = state;
    const double fast_k = stochastic_next(&stoch->fast, bar->high, bar->low, bar->close);
    const double fast_d = mean_of(&stoch->fast_d, fast_k);
    outputs[0] = isnan(fast_d) ? NAN : fast_k;
    outputs[1] = fast_d;
}

INDICATOR_WIDE static void stochf_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                         double *const *outputs)
{
    stochf_t *stoch = state;
    stochastic_run(&stoch->fast, columns->high + from, columns->low + from, columns->close + from, to - from, raw_of,
                   outputs[0] + from);
    rolling_sum_run(&stoch->fast_d, outputs[0] + from, to - from, outputs[1] + from);
}

const indicator_kind_t indicator_stochf = {
    .name = "stochf",
    .title = "fast stochastic oscillator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"fast_k", OPTION_WHOLE, 5, 1, INDICATOR_PERIOD_MAX}, {"fast_d", OPTION_WHOLE, 3, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"fast_k", "fast_d"},
    .convention =
        "TA-Lib STOCHF with a simple average; a window without range gives 0 as there (TradingView: na). With fast_d 1 it begins "
        "where TradingView's ta.stoch does",
    .source = "G. Lane (1957)",
    .warm_up = stochf_warm_up,
    .state_size = stochf_state_size,
    .init = stochf_init,
    .next = stochf_next,
    .series = stochf_series,
    .series_bears_all = true,
};

/* --- stochrsi --------------------------------------------------------------------------------- */

typedef struct {
    rsi_t rsi;
    stochastic_t fast;
    rolling_sum_t fast_d;
    double room[];
} stochrsi_t;

static uint32_t stochrsi_warm_up(const double *options)
{
    return (uint32_t)(options[0] + options[1] + options[2]) - 2;
}

static size_t stochrsi_state_size(const double *options)
{
    return sizeof(stochrsi_t) + (STOCHASTIC_ROOM(options[1]) + ROLLING_ROOM(options[2])) * sizeof(double);
}

static void stochrsi_init(void *state, const double *options)
{
    stochrsi_t *stoch = state;
    rsi_init(&stoch->rsi, (uint32_t)options[0]);
    stochastic_init(&stoch->fast, (uint32_t)options[1], stoch->room);
    rolling_mean_init(&stoch->fast_d, (uint32_t)options[2], stoch->room + STOCHASTIC_ROOM(options[1]));
}

/* In a quiet market the index stands still but for its last digits: they are no range. */
static inline double rank_in(double rsi, double highest, double lowest)
{
    const double range = highest - lowest, value = 100.0 * (rsi - lowest) / range;
    return range > STILL ? value : 0.0;
}

static double rank_of(stochastic_t *stochastic, double rsi)
{
    const double highest = rolling_max_next(&stochastic->highest, rsi);
    const double lowest = rolling_min_next(&stochastic->lowest, rsi);
    if (!rolling_max_is_warm(&stochastic->highest)) {
        return NAN;
    }
    return rank_in(rsi, highest, lowest);
}

static void stochrsi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    stochrsi_t *stoch = state;
    const double rsi = rsi_next(&stoch->rsi, bar->close);
    const double fast_k = isnan(rsi) ? NAN : rank_of(&stoch->fast, rsi);
    const double fast_d = mean_of(&stoch->fast_d, fast_k);
    outputs[0] = isnan(fast_d) ? NAN : fast_k;
    outputs[1] = fast_d;
}

static void stochrsi_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    stochrsi_t *stoch = state;
    double rsi[INDICATOR_CHUNK];
    rsi_index_run(&stoch->rsi, columns->close + from, to - from, rsi);
    stochastic_run(&stoch->fast, rsi, rsi, rsi, to - from, rank_in, outputs[0] + from);
    rolling_sum_run(&stoch->fast_d, outputs[0] + from, to - from, outputs[1] + from);
}

const indicator_kind_t indicator_stochrsi = {
    .name = "stochrsi",
    .title = "stochastic of the relative strength index",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX},
                {"fast_k", OPTION_WHOLE, 5, 1, INDICATOR_PERIOD_MAX},
                {"fast_d", OPTION_WHOLE, 3, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"fast_k", "fast_d"},
    .convention = "TA-Lib STOCHRSI with a simple average; a range of the index below 1e-10 is none (TA-Lib ranks its last digits). "
                  "TradingView's Stoch RSI (3, 3, 14, 14) is "
                  "sma(stochf(rsi(14), rsi(14), rsi(14), 14, 1), 3)",
    .source = "T. Chande, S. Kroll, The New Technical Trader (1994)",
    .warm_up = stochrsi_warm_up,
    .state_size = stochrsi_state_size,
    .init = stochrsi_init,
    .next = stochrsi_next,
    .series = stochrsi_series,
    .series_bears_all = true,
};

/* --- willr ------------------------------------------------------------------------------------ */

typedef struct {
    stochastic_t window;
    double room[];
} willr_t;

static uint32_t willr_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t willr_state_size(const double *options)
{
    return sizeof(willr_t) + STOCHASTIC_ROOM(options[0]) * sizeof(double);
}

static void willr_init(void *state, const double *options)
{
    willr_t *willr = state;
    stochastic_init(&willr->window, (uint32_t)options[0], willr->room);
}

static inline double mirrored_of(double close, double highest, double lowest)
{
    const double range = highest - lowest, value = 100.0 * (close - highest) / range;
    return range != 0.0 ? value : 0.0;
}

static void willr_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    willr_t *willr = state;
    const double highest = rolling_max_next(&willr->window.highest, bar->high);
    const double lowest = rolling_min_next(&willr->window.lowest, bar->low);
    outputs[0] = rolling_max_is_warm(&willr->window.highest) ? mirrored_of(bar->close, highest, lowest) : NAN;
}

INDICATOR_WIDE static void willr_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                        double *const *outputs)
{
    willr_t *willr = state;
    stochastic_run(&willr->window, columns->high + from, columns->low + from, columns->close + from, to - from, mirrored_of,
                   outputs[0] + from);
}

const indicator_kind_t indicator_willr = {
    .name = "willr",
    .title = "Williams %R",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"willr"},
    .convention = "TA-Lib WILLR, TradingView ta.wpr; a window without range gives 0 as TA-Lib (TradingView: na)",
    .source = "L. Williams, How I Made One Million Dollars Last Year Trading Commodities (1973)",
    .warm_up = willr_warm_up,
    .state_size = willr_state_size,
    .init = willr_init,
    .next = willr_next,
    .series = willr_series,
    .series_bears_all = true,
};

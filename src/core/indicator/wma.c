/* wma.c: averages with weights in a straight line; see wma.h. */
#include "core/indicator/wma.h"

#include "core/base/assert.h"

void wma_init(wma_t *wma, uint32_t period, double *room)
{
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    rolling_weighted_init(&wma->line, period, room);
    wma->share = 2.0 / ((double)period * ((double)period + 1.0));
}

double wma_next(wma_t *wma, double value)
{
    ASSERT(indicator_value_is_good(value));
    const rolling_weighted_value_t now = rolling_weighted_next(&wma->line, value);
    return wma->line.seen == wma->line.period ? now.weighted * wma->share : NAN;
}

INDICATOR_WIDE void wma_run(wma_t *wma, const double *values, size_t count, double *out)
{
    rolling_weighted_run(&wma->line, values, count, (rolling_weighted_out_t){NULL, out, wma->share});
}

static uint32_t period_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

/* --- wma -------------------------------------------------------------------------------------- */

typedef struct {
    wma_t wma;
    double room[];
} wma_state_t;

static size_t wma_state_size(const double *options)
{
    return sizeof(wma_state_t) + WMA_ROOM(options[0]) * sizeof(double);
}

static void wma_kind_init(void *state, const double *options)
{
    wma_state_t *whole = state;
    wma_init(&whole->wma, (uint32_t)options[0], whole->room);
}

static void wma_kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    wma_state_t *whole = state;
    outputs[0] = wma_next(&whole->wma, bar->close);
}

INDICATOR_WIDE static void wma_kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                           double *const *outputs)
{
    wma_state_t *whole = state;
    wma_run(&whole->wma, columns->close + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_wma = {
    .name = "wma",
    .title = "weighted moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"wma"},
    .convention = "TA-Lib WMA, TradingView ta.wma; the sums do not drift",
    .source = "weights 1 (oldest) to period (newest), divided by their sum",
    .warm_up = period_warm_up,
    .state_size = wma_state_size,
    .init = wma_kind_init,
    .next = wma_kind_next,
    .series = wma_kind_series,
    .series_bears_all = true,
    .blocks_of = 1,
};

/* --- trima ------------------------------------------------------------------------------------ */

typedef struct {
    rolling_sum_t first, second;
    double room[];
} trima_state_t;

/* Odd: twice the same; even: the second is one longer. Together they span `period` values. */
static uint32_t trima_first(double period)
{
    return ((uint32_t)period + 1) / 2;
}

static uint32_t trima_second(double period)
{
    return (uint32_t)period / 2 + 1;
}

static size_t trima_state_size(const double *options)
{
    return sizeof(trima_state_t) +
           (ROLLING_ROOM(trima_first(options[0])) + ROLLING_ROOM(trima_second(options[0]))) * sizeof(double);
}

static void trima_init(void *state, const double *options)
{
    trima_state_t *whole = state;
    rolling_mean_init(&whole->first, trima_first(options[0]), whole->room);
    rolling_mean_init(&whole->second, trima_second(options[0]), whole->room + ROLLING_ROOM(trima_first(options[0])));
}

static void trima_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    trima_state_t *whole = state;
    const double mean = rolling_sum_next(&whole->first, bar->close);
    outputs[0] = rolling_sum_is_warm(&whole->first) ? rolling_sum_next(&whole->second, mean) : NAN;
}

INDICATOR_WIDE static void trima_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                        double *const *outputs)
{
    trima_state_t *whole = state;
    double means[INDICATOR_CHUNK];
    rolling_sum_run(&whole->first, columns->close + from, to - from, means);
    rolling_sum_run(&whole->second, means, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_trima = {
    .name = "trima",
    .title = "triangular moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"trima"},
    .convention = "TA-Lib TRIMA",
    .source = "mean of (period + 1) / 2 values, averaged over period / 2 + 1",
    .warm_up = period_warm_up,
    .state_size = trima_state_size,
    .init = trima_init,
    .next = trima_next,
    .series = trima_series,
    .series_bears_all = true,
};

/* --- hma -------------------------------------------------------------------------------------- */

typedef struct {
    wma_t half, whole, last;
    double room[];
} hma_state_t;

static uint32_t hma_root(double period)
{
    return (uint32_t)sqrt(period);
}

static uint32_t hma_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1 + hma_root(options[0]) - 1;
}

static size_t hma_state_size(const double *options)
{
    const uint32_t period = (uint32_t)options[0];
    return sizeof(hma_state_t) + (WMA_ROOM(period / 2) + WMA_ROOM(period) + WMA_ROOM(hma_root(options[0]))) * sizeof(double);
}

static void hma_init(void *state, const double *options)
{
    hma_state_t *hma = state;
    const uint32_t period = (uint32_t)options[0];
    wma_init(&hma->half, period / 2, hma->room);
    wma_init(&hma->whole, period, hma->room + WMA_ROOM(period / 2));
    wma_init(&hma->last, hma_root(options[0]), hma->room + WMA_ROOM(period / 2) + WMA_ROOM(period));
}

static void hma_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    hma_state_t *hma = state;
    const double half = wma_next(&hma->half, bar->close);
    const double whole = wma_next(&hma->whole, bar->close);
    outputs[0] = isnan(whole) ? NAN : wma_next(&hma->last, 2.0 * half - whole);
}

INDICATOR_WIDE static void hma_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    hma_state_t *hma = state;
    double half[INDICATOR_CHUNK], whole[INDICATOR_CHUNK];
    rolling_weighted_run(&hma->half.line, columns->close + from, to - from, (rolling_weighted_out_t){NULL, half, hma->half.share});
    rolling_weighted_run(&hma->whole.line, columns->close + from, to - from,
                         (rolling_weighted_out_t){NULL, whole, hma->whole.share});
    for (size_t i = 0; i < to - from; i++) {
        /* The run has written all of them; its blocks are beyond the analyzer. */
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        half[i] = 2.0 * half[i] - whole[i];
    }
    wma_run(&hma->last, half, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_hma = {
    .name = "hma",
    .title = "Hull moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"hma"},
    .convention = "TradingView ta.hma: half of the period and its root are rounded down. Not in TA-Lib",
    .source = "A. Hull (2005): WMA(2 x WMA(period / 2) - WMA(period), sqrt(period))",
    .warm_up = hma_warm_up,
    .state_size = hma_state_size,
    .init = hma_init,
    .next = hma_next,
    .series = hma_series,
    .series_bears_all = true,
    .blocks_of = 1,
};

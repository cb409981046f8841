/* true_range.c: true range and the averages of it that are not Wilder's; see true_range.h. */
#include "core/indicator/true_range.h"

#include "core/base/assert.h"

double true_range_next(true_range_t *range, double high, double low, double close)
{
    ASSERT(indicator_value_is_good(high) && indicator_value_is_good(low) && indicator_value_is_good(close));
    const double value = range->started ? true_range_of(high, low, range->close_last) : NAN;
    range->started = true;
    range->close_last = close;
    return value;
}

void atr_simple_init(atr_simple_t *atr, uint32_t period, double *window)
{
    *atr = (atr_simple_t){0};
    sma_init(&atr->sma, period, window);
}

double atr_simple_next(atr_simple_t *atr, double high, double low, double close)
{
    const double range = true_range_next(&atr->range, high, low, close);
    return isnan(range) ? NAN : sma_next(&atr->sma, range);
}

/* --- tr --------------------------------------------------------------------------------------- */

typedef struct {
    true_range_t range;
    bool first_bar;
} tr_state_t;

static uint32_t tr_warm_up(const double *options)
{
    return options[0] > 0.0 ? 0U : 1U;
}

static size_t tr_state_size(const double *options)
{
    (void)options;
    return sizeof(tr_state_t);
}

static void tr_init(void *state, const double *options)
{
    *(tr_state_t *)state = (tr_state_t){.first_bar = options[0] > 0.0};
}

static void tr_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    tr_state_t *tr = state;
    const double value = true_range_next(&tr->range, bar->high, bar->low, bar->close);
    outputs[0] = isnan(value) && tr->first_bar ? bar->high - bar->low : value;
}

/* Behind the first bar. */
INDICATOR_WIDE static void tr_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                     double *const *outputs)
{
    (void)state;
    const double *high = columns->high + from, *low = columns->low + from, *last = columns->close + from - 1;
    double *restrict out = outputs[0] + from;
    for (size_t i = 0; i < to - from; i++) {
        out[i] = true_range_of(high[i], low[i], last[i]);
    }
}

const indicator_kind_t indicator_tr = {
    .name = "tr",
    .title = "true range",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"first_bar", OPTION_WHOLE, 0, 0, 1}},
    .output_count = 1,
    .outputs = {"tr"},
    .convention = "TA-Lib TRANGE; first_bar 1 gives the first bar its high - low, as TradingView's ta.tr(true)",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 3",
    .warm_up = tr_warm_up,
    .state_size = tr_state_size,
    .init = tr_init,
    .next = tr_next,
    .series = tr_series,
    .series_bears_all = true,
};

/* --- natr ------------------------------------------------------------------------------------- */

static uint32_t natr_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t natr_state_size(const double *options)
{
    (void)options;
    return sizeof(atr_t);
}

static void natr_init(void *state, const double *options)
{
    atr_init(state, (uint32_t)options[0]);
}

static inline double share_of(double atr, double close)
{
    const double share = atr / close * 100.0;
    return close != 0.0 ? share : 0.0;
}

static void natr_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const double atr = atr_next(state, bar->high, bar->low, bar->close);
    outputs[0] = isnan(atr) ? NAN : share_of(atr, bar->close);
}

INDICATOR_WIDE static void find_shares(const double *ranges, const double *close, size_t count, double *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = share_of(ranges[i], close[i]);
    }
}

static bool natr_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    double averages[INDICATOR_CHUNK];
    const bool good = atr_run(state, columns, from, to - from, averages);
    find_shares(averages, columns->close + from, to - from, outputs[0] + from);
    return good;
}

const indicator_kind_t indicator_natr = {
    .name = "natr",
    .title = "normalised average true range",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"natr"},
    .convention = "TA-Lib NATR: atr / close x 100; 0 for a close of 0",
    .source = "J. Forman, Cross-Market Evaluations with Normalized Average True Range, Stocks & Commodities 24:5 (2006)",
    .warm_up = natr_warm_up,
    .state_size = natr_state_size,
    .init = natr_init,
    .next = natr_next,
    .series_looking = natr_series,
};

/* --- atr_rma ---------------------------------------------------------------------------------- */

typedef struct {
    true_range_t range;
    uint32_t period, seen;
    double value; /* while warming: the plain sum */
} atr_rma_t;

static uint32_t atr_rma_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t atr_rma_state_size(const double *options)
{
    (void)options;
    return sizeof(atr_rma_t);
}

static void atr_rma_init(void *state, const double *options)
{
    *(atr_rma_t *)state = (atr_rma_t){.period = (uint32_t)options[0]};
}

static void atr_rma_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    atr_rma_t *atr = state;
    const double first = bar->high - bar->low;
    const double known = true_range_next(&atr->range, bar->high, bar->low, bar->close);
    const double range = isnan(known) ? first : known;
    const double period = (double)atr->period;
    outputs[0] = NAN;
    if (atr->seen == atr->period) {
        outputs[0] = atr->value = (atr->value * (period - 1.0) + range) / period;
        return;
    }
    atr->value += range;
    atr->seen++;
    if (atr->seen == atr->period) {
        outputs[0] = atr->value /= period;
    }
}

const indicator_kind_t indicator_atr_rma = {
    .name = "atr_rma",
    .title = "average true range, TradingView's",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"atr"},
    .convention =
        "TradingView ta.atr: the first bar's high - low is a range too, so the first value comes one bar before atr (TA-Lib)",
    .source = "Pine Script reference, ta.atr: ta.rma(ta.tr(true), length)",
    .warm_up = atr_rma_warm_up,
    .state_size = atr_rma_state_size,
    .init = atr_rma_init,
    .next = atr_rma_next,
};

/* --- atr_simple ------------------------------------------------------------------------------- */

typedef struct {
    atr_simple_t atr;
    double window[];
} atr_simple_state_t;

static uint32_t atr_simple_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t atr_simple_state_size(const double *options)
{
    return sizeof(atr_simple_state_t) + (size_t)options[0] * sizeof(double);
}

static void atr_simple_kind_init(void *state, const double *options)
{
    atr_simple_state_t *whole = state;
    atr_simple_init(&whole->atr, (uint32_t)options[0], whole->window);
}

static void atr_simple_kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    atr_simple_state_t *whole = state;
    outputs[0] = atr_simple_next(&whole->atr, bar->high, bar->low, bar->close);
}

const indicator_kind_t indicator_atr_simple = {
    .name = "atr_simple",
    .title = "average true range, plain mean",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"atr"},
    .convention =
        "plain mean of the last period true ranges; the first bar has none (TA-Lib and TradingView smooth as Wilder does)",
    .source = "mean of tr",
    .warm_up = atr_simple_warm_up,
    .state_size = atr_simple_state_size,
    .init = atr_simple_kind_init,
    .next = atr_simple_kind_next,
};

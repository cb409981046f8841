/* mfi.c: the money flow index in two conventions; see mfi.h. */
#include "core/indicator/mfi.h"

#include "core/base/assert.h"

typedef struct {
    rolling_twin_t flows; /* of bars that rose, of bars that fell */
    bool started;
    double last;
    double windows[]; /* two of `period` */
} mfi_t;

static size_t state_size(const double *options)
{
    return sizeof(mfi_t) + ROLLING_TWIN_ROOM(options[0]) * sizeof(double);
}

static void init(void *state, const double *options)
{
    mfi_t *mfi = state;
    *mfi = (mfi_t){0};
    rolling_twin_init(&mfi->flows, (uint32_t)options[0], (twin_t *)mfi->windows);
}

/* Money that came in with rising and went out with falling prices in the window. */
static twin_t consume(mfi_t *mfi, double price, double volume, bool rose, bool fell)
{
    const double flow = price * volume;
    mfi->started = true;
    mfi->last = price;
    return rolling_twin_next(&mfi->flows, (twin_t){rose ? flow : 0.0, fell ? flow : 0.0});
}

/* --- mfi ------------------------------------------------------------------------------------- */

static uint32_t typical_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static inline double typical_of(double high, double low, double close)
{
    return (high + low + close) / 3.0;
}

static inline double index_of(double rose, double fell)
{
    const double all = rose + fell, share = 100.0 * (rose / all);
    return all > 0.0 ? share : 50.0;
}

static void typical_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    mfi_t *mfi = state;
    const double price = typical_of(bar->high, bar->low, bar->close);
    outputs[0] = NAN;
    if (!mfi->started) {
        mfi->started = true;
        mfi->last = price;
        return;
    }
    const twin_t flows = consume(mfi, price, bar->volume, price > mfi->last, price < mfi->last);
    outputs[0] = rolling_twin_is_warm(&mfi->flows) ? index_of(flows[0], flows[1]) : NAN;
}

INDICATOR_WIDE static void typical_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                          double *const *outputs)
{
    mfi_t *mfi = state;
    const double *high = columns->high + from, *low = columns->low + from, *close = columns->close + from;
    const double *volume = columns->volume + from;
    const size_t count = to - from;
    double prices[INDICATOR_CHUNK + 1], *restrict out = outputs[0] + from;
    twin_t steps[INDICATOR_CHUNK], flows[INDICATOR_CHUNK];
    prices[0] = mfi->last;
    for (size_t i = 0; i < count; i++) {
        prices[i + 1] = typical_of(high[i], low[i], close[i]);
    }
    mfi->last = prices[count];
    double *const moves = (double *)steps;
    for (size_t i = 0; i < count; i++) {
        const double flow = prices[i + 1] * volume[i];
        moves[2 * i] = prices[i + 1] > prices[i] ? flow : 0.0;
        moves[2 * i + 1] = prices[i + 1] < prices[i] ? flow : 0.0;
    }
    rolling_twin_run(&mfi->flows, steps, count, flows);
    const double *const pairs = twin_column(flows);
    for (size_t i = 0; i < count; i++) {
        out[i] = index_of(pairs[2 * i], pairs[2 * i + 1]);
    }
}

const indicator_kind_t indicator_mfi = {
    .name = "mfi",
    .title = "money flow index",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"mfi"},
    .convention = "TA-Lib MFI on the typical price; 50 when no money moved (TA-Lib gives 0, also when the flow sums to less than "
                  "1)",
    .source = "G. Quong, A. Soudack, Stocks & Commodities 7:3 (1989)",
    .warm_up = typical_warm_up,
    .state_size = state_size,
    .init = init,
    .next = typical_next,
    .series = typical_series,
    .series_bears_all = true,
};

/* --- mfi_close ------------------------------------------------------------------------------- */

static uint32_t close_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

#define NOISE 1e-12 /* of the price: a mean of high, low and close that did not move differs by rounding only */

static void close_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    mfi_t *mfi = state;
    const bool first = !mfi->started;
    const double margin = NOISE * fabs(bar->close), moved = bar->close - mfi->last;
    const twin_t flows = consume(mfi, bar->close, bar->volume, first || moved > margin, first || moved < -margin);
    outputs[0] = NAN;
    if (rolling_twin_is_warm(&mfi->flows)) {
        outputs[0] = flows[1] > 0.0 ? 100.0 - 100.0 / (1.0 + flows[0] / flows[1]) : 100.0;
    }
}

const indicator_kind_t indicator_mfi_close = {
    .name = "mfi_close",
    .title = "money flow index of the close, TradingView's",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"mfi"},
    .convention = "TradingView ta.mfi(close, period): the first bar counts on both sides; 100 when nothing fell; a move "
                  "below 1e-12 of the price is none",
    .source = "Pine Script reference, ta.mfi",
    .warm_up = close_warm_up,
    .state_size = state_size,
    .init = init,
    .next = close_next,
};

/* mfi.c: the money flow index in two conventions; see mfi.h. */
#include "core/indicator/mfi.h"

#include "core/base/assert.h"

typedef struct {
    window_sum_t up, down;
    bool started;
    double last;
    double windows[]; /* two of `period` */
} mfi_t;

static size_t state_size(const double *options)
{
    return sizeof(mfi_t) + 2 * (size_t)options[0] * sizeof(double);
}

static void init(void *state, const double *options)
{
    mfi_t *mfi = state;
    const uint32_t period = (uint32_t)options[0];
    *mfi = (mfi_t){0};
    window_sum_init(&mfi->up, period, mfi->windows);
    window_sum_init(&mfi->down, period, mfi->windows + period);
}

/* Money that came in with rising and went out with falling prices in the window; two NAN while warming up. */
typedef struct {
    double up, down;
} flows_t;

static flows_t consume(mfi_t *mfi, double price, double volume, bool rose, bool fell)
{
    const double flow = price * volume;
    mfi->started = true;
    mfi->last = price;
    return (flows_t){window_sum_next(&mfi->up, rose ? flow : 0.0), window_sum_next(&mfi->down, fell ? flow : 0.0)};
}

/* --- mfi ------------------------------------------------------------------------------------- */

static uint32_t typical_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static void typical_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    mfi_t *mfi = state;
    const double price = (bar->high + bar->low + bar->close) / 3.0;
    outputs[0] = NAN;
    if (!mfi->started) {
        mfi->started = true;
        mfi->last = price;
        return;
    }
    const flows_t flows = consume(mfi, price, bar->volume, price > mfi->last, price < mfi->last);
    if (!isnan(flows.up)) {
        const double all = flows.up + flows.down;
        outputs[0] = all > 0.0 ? 100.0 * (flows.up / all) : 50.0;
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
};

/* --- mfi_close ------------------------------------------------------------------------------- */

static uint32_t close_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static void close_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    mfi_t *mfi = state;
    const bool first = !mfi->started;
    const flows_t flows = consume(mfi, bar->close, bar->volume, first || bar->close > mfi->last, first || bar->close < mfi->last);
    outputs[0] = NAN;
    if (!isnan(flows.up)) {
        outputs[0] = flows.down > 0.0 ? 100.0 - 100.0 / (1.0 + flows.up / flows.down) : 100.0;
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
    .convention = "TradingView ta.mfi(close, period): the first bar counts on both sides; 100 when nothing fell",
    .source = "Pine Script reference, ta.mfi",
    .warm_up = close_warm_up,
    .state_size = state_size,
    .init = init,
    .next = close_next,
};

/* intraday.c: intraday intensity and balance of power; see intraday.h. */
#include "core/indicator/intraday.h"

static uint32_t warm_up(const double *options)
{
    (void)options;
    return 0;
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(char);
}

static void init(void *state, const double *options)
{
    (void)state;
    (void)options;
}

static void iii_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    (void)state;
    const double size = (bar->high - bar->low) * bar->volume;
    outputs[0] = size > 0.0 ? (2.0 * bar->close - bar->high - bar->low) / size : 0.0;
}

static inline double balance_of(double open, double high, double low, double close)
{
    const double range = high - low, balance = (close - open) / range;
    return range > 0.0 ? balance : 0.0;
}

static void bop_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    (void)state;
    outputs[0] = balance_of(bar->open, bar->high, bar->low, bar->close);
}

INDICATOR_WIDE static void bop_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    (void)state;
    const double *open = columns->open, *high = columns->high, *low = columns->low, *close = columns->close;
    double *restrict out = outputs[0];
    for (size_t i = from; i < to; i++) {
        out[i] = balance_of(open[i], high[i], low[i], close[i]);
    }
}

const indicator_kind_t indicator_iii = {
    .name = "iii",
    .title = "intraday intensity index",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .output_count = 1,
    .outputs = {"iii"},
    .convention = "TradingView ta.iii, which has no value (here 0) for a bar without range or volume",
    .source = "D. Bostian: (2 close - high - low) / ((high - low) x volume)",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = iii_next,
};

const indicator_kind_t indicator_bop = {
    .name = "bop",
    .title = "balance of power",
    .inputs = INDICATOR_OPEN | INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .output_count = 1,
    .outputs = {"bop"},
    .convention = "TA-Lib BOP, which takes ranges below 1e-14 for none",
    .source = "I. Livshin, Balance of Power, Stocks & Commodities 19:8 (2001)",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = bop_next,
    .series = bop_series,
    .series_bears_all = true,
};

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

static void bop_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    (void)state;
    const double range = bar->high - bar->low;
    outputs[0] = range > 0.0 ? (bar->close - bar->open) / range : 0.0;
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
};

/* force_index.c: Elder's force index; see force_index.h. */
#include "core/indicator/force_index.h"

typedef struct {
    ema_t ema;
    bool started;
    double close_last;
} force_index_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(force_index_t);
}

static void init(void *state, const double *options)
{
    force_index_t *force = state;
    *force = (force_index_t){0};
    ema_init(&force->ema, (uint32_t)options[0]);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    force_index_t *force = state;
    const double raw = (bar->close - force->close_last) * bar->volume;
    outputs[0] = force->started ? ema_next(&force->ema, raw) : NAN;
    force->started = true;
    force->close_last = bar->close;
}

const indicator_kind_t indicator_force_index = {
    .name = "force_index",
    .title = "Elder's force index",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 13, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"efi"},
    .convention = "as TradingView's built-in script: EMA seeded with the plain average of the first period forces; not in TA-Lib",
    .source = "A. Elder, Trading for a Living (1993), ch. 39",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};

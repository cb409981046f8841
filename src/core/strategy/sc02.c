/* sc02.c: SC02, the MACD crossover confirmed by RSI; see sc02.h. */
#include "core/strategy/sc02.h"

#include "core/indicator/rsi.h"

typedef struct {
    macd_cross_t cross;
    rsi_t rsi;
    double rsi_high, rsi_low;
    uint32_t confirm_bars;
    direction_t waiting;   /* a cross of this direction is not confirmed yet */
    uint32_t waiting_bars; /* bars left of its window, this one included */
} sc02_t;

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(sc02_t);
}

static void init(void *state, const double *options)
{
    sc02_t *sc02 = state;
    *sc02 = (sc02_t){
        .rsi_high = options[SC02_RSI_HIGH],
        .rsi_low = options[SC02_RSI_LOW],
        .confirm_bars = (uint32_t)options[SC02_CONFIRM_BARS],
    };
    macd_cross_init(&sc02->cross, options);
    rsi_init(&sc02->rsi, (uint32_t)options[SC02_RSI]);
}

static bool rsi_confirms(const sc02_t *sc02, double rsi)
{
    if (sc02->waiting == DIRECTION_LONG) {
        return rsi > 50.0 && rsi < sc02->rsi_high;
    }
    return rsi < 50.0 && rsi > sc02->rsi_low;
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    sc02_t *sc02 = state;
    const macd_cross_view_t cross = macd_cross_next(&sc02->cross, bar);
    const double rsi = rsi_next(&sc02->rsi, bar->close);
    if (!cross.warm || isnan(rsi)) {
        return;
    }
    if (cross.crossed != DIRECTION_NONE) {
        sc02->waiting = cross.crossed;
        sc02->waiting_bars = sc02->confirm_bars;
    }
    if (sc02->waiting == DIRECTION_NONE) {
        return;
    }
    const direction_t direction = sc02->waiting;
    const bool confirmed = rsi_confirms(sc02, rsi);
    sc02->waiting_bars--;
    if (confirmed || sc02->waiting_bars == 0) {
        sc02->waiting = DIRECTION_NONE;
    }
    if (!confirmed) {
        return;
    }
    const double away = (rsi > 50.0 ? rsi - 50.0 : 50.0 - rsi) / 20.0;
    *view = (strategy_view_t){
        .direction = direction,
        .confidence = 0.5 + 0.25 * cross.slope + 0.25 * (away < 1.0 ? away : 1.0),
        .atr = cross.atr,
        .input_count = 4,
        .inputs = {{"macd", cross.macd.macd}, {"macd.histogram", cross.macd.histogram}, {"rsi", rsi}, {"atr", cross.atr}},
    };
}

static uint32_t warm_up(const double *options)
{
    const uint32_t cross = macd_cross_warm_up(options);
    const uint32_t rsi = (uint32_t)options[SC02_RSI];
    return cross > rsi ? cross : rsi;
}

static const char *const words[] = {SC02_WORDS};

const strategy_kind_t strategy_sc02 = {
    .name = "SC02",
    .aliases = "MACD+RSI MACD_RSI RSI_MACD",
    .title = "MACD crossover confirmed by RSI",
    .rule = "MACD crosses its signal line and, within confirm_bars, RSI stands between 50 and its zone on that side; confidence = "
            "0.5 + "
            "0.25 x min(1, |histogram change| / (0.25 ATR)) + 0.25 x min(1, |RSI - 50| / 20)",
    .option_count = SC02_OPTION_COUNT,
    .options = {SC02_OPTIONS},
    .option_words = words,
    .check = macd_cross_check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = macd_cross_levels,
};

/* sc01.c: SC01, the MACD crossover; see sc01.h. */
#include "core/strategy/sc01.h"

#include "core/strategy/macd_cross.h"

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(macd_cross_t);
}

static void init(void *state, const double *options)
{
    macd_cross_init(state, options);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    const macd_cross_view_t cross = macd_cross_next(state, bar);
    if (!cross.warm || cross.crossed == DIRECTION_NONE) {
        return;
    }
    const bool early = cross.crossed == DIRECTION_LONG ? cross.macd.macd < 0.0 : cross.macd.macd > 0.0;
    *view = (strategy_view_t){
        .direction = cross.crossed,
        .confidence = 0.5 + 0.3 * cross.slope + (early ? 0.2 : 0.0),
        .atr = cross.atr,
        .input_count = 3,
        .inputs = {{"macd", cross.macd.macd}, {"macd.histogram", cross.macd.histogram}, {"atr", cross.atr}},
    };
}

static const char *const words[] = {CROSS_WORDS};

const strategy_kind_t strategy_sc01 = {
    .name = "SC01",
    .aliases = "MACD macd_crossover",
    .title = "MACD crossover",
    .rule = "MACD crosses its signal line; confidence = 0.5 + 0.3 x min(1, |histogram change| / (0.25 ATR)) + 0.2 x (MACD still "
            "beyond 0)",
    .option_count = CROSS_OPTION_COUNT,
    .options = {CROSS_OPTIONS},
    .option_words = words,
    .check = macd_cross_check,
    .warm_up = macd_cross_warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = macd_cross_levels,
};

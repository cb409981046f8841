/* ma_crossover.c: two moving averages; see ma_crossover.h. */
#include "core/strategy/ma_crossover.h"

#include "core/indicator/atr.h"
#include "core/indicator/ema.h"
#include "core/indicator/sma.h"
#include "core/strategy/crossing.h"
#include "core/strategy/level_options.h"
#include "core/strategy/option_order.h"

enum {
    OPTION_FAST,
    OPTION_SLOW,
    OPTION_EXPONENTIAL,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

typedef struct {
    bool exponential;
    ema_t ema_fast, ema_slow;
    sma_t sma_fast, sma_slow;
    atr_t atr;
    crossing_t crossing;
    double windows[]; /* fast, then slow */
} ma_crossover_t;

static result_t check(const double *options, uint32_t *wrong)
{
    if (!option_is_below(options, OPTION_FAST, OPTION_SLOW, wrong)) {
        return RESULT_BAD_ARGUMENT;
    }
    return level_options_check_at(options, OPTION_LEVELS, wrong);
}

static level_rules_t levels(const double *options)
{
    return level_options_rules(options + OPTION_LEVELS);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t warm_up(const double *options)
{
    return larger((uint32_t)options[OPTION_SLOW], (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]) + 1;
}

static size_t state_size(const double *options)
{
    return sizeof(ma_crossover_t) + (size_t)(options[OPTION_FAST] + options[OPTION_SLOW]) * sizeof(double);
}

static void init(void *state, const double *options)
{
    ma_crossover_t *own = state;
    const uint32_t fast = (uint32_t)options[OPTION_FAST], slow = (uint32_t)options[OPTION_SLOW];
    *own = (ma_crossover_t){.exponential = options[OPTION_EXPONENTIAL] > 0.0};
    ema_init(&own->ema_fast, fast);
    ema_init(&own->ema_slow, slow);
    sma_init(&own->sma_fast, fast, own->windows);
    sma_init(&own->sma_slow, slow, own->windows + fast);
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    ma_crossover_t *own = state;
    const double fast = own->exponential ? ema_next(&own->ema_fast, bar->close) : sma_next(&own->sma_fast, bar->close);
    const double slow = own->exponential ? ema_next(&own->ema_slow, bar->close) : sma_next(&own->sma_slow, bar->close);
    const double atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    if (isnan(slow) || isnan(atr)) {
        return;
    }
    const double last = own->crossing.last;
    const direction_t crossed = crossing_next(&own->crossing, fast - slow);
    if (crossed == DIRECTION_NONE) {
        return;
    }
    const bool is_long = crossed == DIRECTION_LONG;
    const bool beyond = is_long ? bar->close > fast && bar->close > slow : bar->close < fast && bar->close < slow;
    *view = (strategy_view_t){
        .direction = crossed,
        .confidence = 0.5 + 0.25 * share_of(fabs(fast - slow - last), 0.1 * atr) + (beyond ? 0.25 : 0.0),
        .atr = atr,
        .input_count = 3,
        .inputs = {{"average.fast", fast}, {"average.slow", slow}, {"atr", atr}},
    };
}

static const char *const words[] = {"fast average, bars", "slow average, bars", "1: exponential averages, 0: plain ones",
                                    LEVELS_WORDS};

const strategy_kind_t strategy_ma_crossover = {
    .name = "MovingAverageCrossover",
    .aliases = "MA_CROSSOVER MA_CROSS SMA_CROSS",
    .title = "moving-average crossover",
    .rule = "the fast average crosses the slow one; confidence = 0.5 + 0.25 x min(1, |change of the difference| / (0.1 "
            "ATR)) + 0.25 x (close beyond both averages)",
    .option_count = OPTION_COUNT,
    .options = {{"fast", OPTION_WHOLE, 20, 1, 2000},
                {"slow", OPTION_WHOLE, 50, 2, 5000},
                {"exponential", OPTION_WHOLE, 0, 0, 1},
                LEVELS_OPTIONS},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

/* rsi_reversion.c: RSI comes back from its zone; see rsi_reversion.h. */
#include "core/strategy/rsi_reversion.h"

#include "core/indicator/atr.h"
#include "core/indicator/rsi.h"
#include "core/strategy/crossing.h"
#include "core/strategy/level_options.h"
#include "core/strategy/option_order.h"

enum {
    OPTION_RSI,
    OPTION_RSI_LOW,
    OPTION_RSI_HIGH,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

typedef struct {
    rsi_t rsi;
    atr_t atr;
    double low, high;
    double depth_low, depth_high; /* the farthest beyond a limit of the stay that lasts; 0: not there */
} rsi_reversion_t;

static result_t check(const double *options, uint32_t *wrong)
{
    if (!option_is_below(options, OPTION_RSI_LOW, OPTION_RSI_HIGH, wrong)) {
        return RESULT_BAD_ARGUMENT;
    }
    return level_options_check_at(options, OPTION_LEVELS, wrong);
}

static level_rules_t levels(const double *options)
{
    return level_options_rules(options + OPTION_LEVELS);
}

static uint32_t warm_up(const double *options)
{
    const uint32_t rsi = (uint32_t)options[OPTION_RSI], atr = (uint32_t)options[OPTION_LEVELS + LEVELS_ATR];
    return (rsi > atr ? rsi : atr) + 1;
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(rsi_reversion_t);
}

static void init(void *state, const double *options)
{
    rsi_reversion_t *own = state;
    *own = (rsi_reversion_t){.low = options[OPTION_RSI_LOW], .high = options[OPTION_RSI_HIGH]};
    rsi_init(&own->rsi, (uint32_t)options[OPTION_RSI]);
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
}

/* The stay beyond a limit: grows while it lasts, is handed out on the bar that ends it. */
static double stay_next(double *depth, double beyond)
{
    const double was = *depth;
    *depth = beyond > 0.0 ? (beyond > was ? beyond : was) : 0.0;
    return beyond > 0.0 ? 0.0 : was;
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    rsi_reversion_t *own = state;
    const double rsi = rsi_next(&own->rsi, bar->close), atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    if (isnan(rsi)) {
        return;
    }
    const double from_low = stay_next(&own->depth_low, own->low - rsi), from_high = stay_next(&own->depth_high, rsi - own->high);
    const double depth = from_low > 0.0 ? from_low : from_high;
    if (isnan(atr) || !(depth > 0.0)) {
        return;
    }
    *view = (strategy_view_t){
        .direction = from_low > 0.0 ? DIRECTION_LONG : DIRECTION_SHORT,
        .confidence = 0.5 + 0.5 * share_of(depth, 15.0),
        .atr = atr,
        .input_count = 3,
        .inputs = {{"rsi", rsi}, {"rsi.depth", depth}, {"atr", atr}},
    };
}

static const char *const words[] = {"RSI period, bars", "LONG: the limit that RSI comes back to",
                                    "SHORT: the limit that RSI comes back to", LEVELS_WORDS};

const strategy_kind_t strategy_rsi_reversion = {
    .name = "RSIReversion",
    .aliases = "RSI_REVERSION RSI",
    .title = "RSI mean reversion",
    .rule = "RSI comes back from below rsi_low (LONG) or from above rsi_high (SHORT); confidence = 0.5 + 0.5 x min(1, "
            "points beyond the limit / 15)",
    .option_count = OPTION_COUNT,
    .options = {{"rsi", OPTION_WHOLE, 14, 2, 500},
                {"rsi_low", OPTION_REAL, 30, 0, 100},
                {"rsi_high", OPTION_REAL, 70, 0, 100},
                LEVELS_OPTIONS},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

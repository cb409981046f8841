/* ichimoku.c: tenkan and kijun outside the cloud; see ichimoku.h. */
#include "core/strategy/ichimoku.h"

#include "core/indicator/atr.h"
#include "core/indicator/donchian.h"
#include "core/strategy/crossing.h"
#include "core/strategy/level_options.h"
#include "core/strategy/option_order.h"

enum {
    OPTION_TENKAN,
    OPTION_KIJUN,
    OPTION_SPAN_B,
    OPTION_DISPLACEMENT,
    OPTION_STRUCTURE,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

/* What is looked at again `displacement` bars later. */
typedef struct {
    double span_a, span_b, close;
} ichimoku_past_t;

typedef struct {
    donchian_t tenkan, kijun, span_b;
    atr_t atr;
    crossing_t crossing;
    bool structure;
    uint32_t displacement, next; /* next: the oldest of past */
    ichimoku_past_t *past;       /* in memory, displacement of them, behind the slots */
    extreme_slot_t slots[];
} ichimoku_t;

static result_t check(const double *options, uint32_t *wrong)
{
    if (!option_is_below(options, OPTION_TENKAN, OPTION_KIJUN, wrong)) {
        return RESULT_BAD_ARGUMENT;
    }
    if (!option_is_below(options, OPTION_KIJUN, OPTION_SPAN_B, wrong)) {
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
    const uint32_t cloud = (uint32_t)(options[OPTION_SPAN_B] + options[OPTION_DISPLACEMENT]),
                   atr = (uint32_t)options[OPTION_LEVELS + LEVELS_ATR];
    return (cloud > atr ? cloud : atr) + 1;
}

static size_t slot_count(const double *options)
{
    return 2 * (size_t)(options[OPTION_TENKAN] + options[OPTION_KIJUN] + options[OPTION_SPAN_B]);
}

static size_t state_size(const double *options)
{
    return sizeof(ichimoku_t) + slot_count(options) * sizeof(extreme_slot_t) +
           (size_t)options[OPTION_DISPLACEMENT] * sizeof(ichimoku_past_t);
}

static void init(void *state, const double *options)
{
    ichimoku_t *own = state;
    const uint32_t tenkan = (uint32_t)options[OPTION_TENKAN], kijun = (uint32_t)options[OPTION_KIJUN];
    *own = (ichimoku_t){.structure = options[OPTION_STRUCTURE] > 0.0,
                        .displacement = (uint32_t)options[OPTION_DISPLACEMENT],
                        .past = (ichimoku_past_t *)(own->slots + slot_count(options))};
    donchian_init(&own->tenkan, tenkan, own->slots);
    donchian_init(&own->kijun, kijun, own->slots + 2 * (size_t)tenkan);
    donchian_init(&own->span_b, (uint32_t)options[OPTION_SPAN_B], own->slots + 2 * ((size_t)tenkan + kijun));
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
    for (uint32_t i = 0; i < own->displacement; i++) {
        own->past[i] = (ichimoku_past_t){NAN, NAN, NAN};
    }
}

/* The spans that stand over this bar are those of displacement - 1 bars before; the close is that of displacement bars before. */
static ichimoku_past_t past_of(ichimoku_t *own, ichimoku_past_t now)
{
    ichimoku_past_t old = own->past[own->next];
    own->past[own->next] = now;
    own->next = own->next + 1 < own->displacement ? own->next + 1 : 0;
    old.span_a = own->past[own->next].span_a;
    old.span_b = own->past[own->next].span_b;
    return old;
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    ichimoku_t *own = state;
    const double tenkan = donchian_next(&own->tenkan, bar->high, bar->low).middle;
    const double kijun = donchian_next(&own->kijun, bar->high, bar->low).middle;
    const double span_b = donchian_next(&own->span_b, bar->high, bar->low).middle;
    const double atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    const ichimoku_past_t past = past_of(own, (ichimoku_past_t){(tenkan + kijun) / 2.0, span_b, bar->close});
    if (isnan(kijun)) {
        return;
    }
    const direction_t crossed = crossing_next(&own->crossing, tenkan - kijun);
    if (crossed == DIRECTION_NONE || isnan(past.span_b) || isnan(past.close) || isnan(atr)) {
        return;
    }
    const bool is_long = crossed == DIRECTION_LONG;
    const double top = past.span_a > past.span_b ? past.span_a : past.span_b;
    const double bottom = past.span_a > past.span_b ? past.span_b : past.span_a;
    if (is_long ? bar->close <= top : bar->close >= bottom) {
        return;
    }
    const bool colour = is_long ? past.span_a > past.span_b : past.span_a < past.span_b;
    const bool lagging = is_long ? bar->close > past.close : bar->close < past.close;
    *view = (strategy_view_t){
        .direction = crossed,
        .confidence = 0.5 + (colour ? 0.25 : 0.0) + (lagging ? 0.25 : 0.0),
        .atr = atr,
        .stop_price = !own->structure ? 0.0
                      : is_long       ? bottom
                                      : top,
        .input_count = 5,
        .inputs = {{"tenkan", tenkan}, {"kijun", kijun}, {"cloud.a", past.span_a}, {"cloud.b", past.span_b}, {"atr", atr}},
    };
}

static const char *const words[] = {
    "tenkan, bars", "kijun, bars", "span B, bars", "bars by which the cloud is shifted", "1: the stop is the far edge of the cloud",
    LEVELS_WORDS};

const strategy_kind_t strategy_ichimoku = {
    .name = "Ichimoku",
    .aliases = "ICHIMOKU_CLOUD TK_CROSS",
    .title = "Ichimoku: tenkan and kijun outside the cloud",
    .rule = "tenkan crosses kijun and the close stands beyond the cloud on that side; confidence = 0.5 + 0.25 x (the cloud "
            "has the colour of the trade) + 0.25 x (the lagging span agrees)",
    .option_count = OPTION_COUNT,
    .options = {{"tenkan", OPTION_WHOLE, 9, 1, 500},
                {"kijun", OPTION_WHOLE, 26, 2, 1000},
                {"span_b", OPTION_WHOLE, 52, 3, 2000},
                {"displacement", OPTION_WHOLE, 26, 2, 500},
                {"structure", OPTION_WHOLE, 0, 0, 1},
                LEVELS_OPTIONS},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

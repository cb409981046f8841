/* support_resistance.c: swings as levels; see support_resistance.h. */
#include "core/indicator/support_resistance.h"

void swing_levels_init(swing_levels_t *levels, uint32_t side, double tolerance_percent)
{
    *levels = (swing_levels_t){.tolerance = tolerance_percent / 100.0};
    swing_points_init(&levels->swings, side, side);
}

bool swing_levels_next(swing_levels_t *levels, const indicator_bar_t *bar, const swing_extremes_t *extremes,
                       support_resistance_value_t *value)
{
    swing_points_next(&levels->swings, bar->high, bar->low, extremes);
    const double last = levels->started ? levels->close_last : bar->close;
    levels->started = true;
    levels->close_last = bar->close;
    if (!swing_points_are_warm(&levels->swings)) {
        return false;
    }
    const double support = levels->swings.low.price, resistance = levels->swings.high.price;
    const double near_support = levels->tolerance * fabs(support), near_resistance = levels->tolerance * fabs(resistance);
    *value = (support_resistance_value_t){
        .support = support,
        .resistance = resistance,
        .at_support = fabs(bar->close - support) <= near_support,
        .at_resistance = fabs(bar->close - resistance) <= near_resistance,
        .breakout_up = bar->close > resistance && last <= resistance,
        .breakout_down = bar->close < support && last >= support,
    };
    value->bounce_support = value->at_support && bar->close > bar->open && bar->low <= support + near_support;
    value->bounce_resistance = value->at_resistance && bar->close < bar->open && bar->high >= resistance - near_resistance;
    return true;
}

void support_resistance_init(support_resistance_t *levels, uint32_t side, double tolerance_percent, extreme_slot_t *slots)
{
    const uint32_t window = 2 * side + 1;
    swing_levels_init(&levels->levels, side, tolerance_percent);
    extreme_init(&levels->highs, EXTREME_HIGHEST, window, slots);
    extreme_init(&levels->lows, EXTREME_LOWEST, window, slots + window);
}

bool support_resistance_next(support_resistance_t *levels, const indicator_bar_t *bar, support_resistance_value_t *value)
{
    const swing_extremes_t extremes = swing_extremes_next(&levels->highs, &levels->lows, bar->high, bar->low);
    return swing_levels_next(&levels->levels, bar, &extremes, value);
}

typedef struct {
    support_resistance_t levels;
    extreme_slot_t slots[];
} support_resistance_state_t;

static uint32_t warm_up(const double *options)
{
    return 2 * (uint32_t)options[0];
}

static size_t state_size(const double *options)
{
    return sizeof(support_resistance_state_t) + 2 * (2 * (size_t)options[0] + 1) * sizeof(extreme_slot_t);
}

static void init(void *state, const double *options)
{
    support_resistance_state_t *whole = state;
    support_resistance_init(&whole->levels, (uint32_t)options[0], options[1], whole->slots);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    support_resistance_state_t *whole = state;
    support_resistance_value_t value;
    if (!support_resistance_next(&whole->levels, bar, &value)) {
        for (uint32_t i = 0; i < 8; i++) {
            outputs[i] = NAN;
        }
        return;
    }
    const bool states[] = {value.at_support,        value.at_resistance, value.bounce_support,
                           value.bounce_resistance, value.breakout_up,   value.breakout_down};
    outputs[0] = value.support;
    outputs[1] = value.resistance;
    for (uint32_t i = 0; i < 6; i++) {
        outputs[2 + i] = states[i] ? 1.0 : 0.0;
    }
}

const indicator_kind_t indicator_support_resistance = {
    .name = "support_resistance",
    .title = "support and resistance of confirmed swings",
    .inputs = INDICATOR_OPEN | INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"side", OPTION_WHOLE, 10, 1, 1000}, {"tolerance", OPTION_REAL, 1, 0, 50}},
    .output_count = 8,
    .outputs = {"support", "resistance", "at_support", "at_resistance", "bounce_support", "bounce_resistance", "breakout_up",
                "breakout_down"},
    .convention = "swings of `side` bars on each side, known when the right side has closed; tolerance in percent of the level",
    .source = "M's rules (20-bar swings, 1 %) without its look into the future",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};

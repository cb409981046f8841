/* donchian.c: Donchian channel; see donchian.h. */
#include "core/indicator/donchian.h"

void donchian_init(donchian_t *donchian, uint32_t period, extreme_slot_t *slots)
{
    extreme_init(&donchian->high, EXTREME_HIGHEST, period, slots);
    extreme_init(&donchian->low, EXTREME_LOWEST, period, slots + period);
}

donchian_value_t donchian_next(donchian_t *donchian, double high, double low)
{
    const double upper = extreme_next(&donchian->high, high);
    const double lower = extreme_next(&donchian->low, low);
    if (!extreme_is_warm(&donchian->high)) {
        return (donchian_value_t){NAN, NAN, NAN};
    }
    return (donchian_value_t){upper, (upper + lower) / 2.0, lower};
}

typedef struct {
    donchian_t donchian;
    extreme_slot_t slots[];
} donchian_state_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t state_size(const double *options)
{
    return sizeof(donchian_state_t) + 2 * (size_t)options[0] * sizeof(extreme_slot_t);
}

static void init(void *state, const double *options)
{
    donchian_state_t *whole = state;
    donchian_init(&whole->donchian, (uint32_t)options[0], whole->slots);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    donchian_state_t *whole = state;
    const donchian_value_t value = donchian_next(&whole->donchian, bar->high, bar->low);
    outputs[0] = value.upper;
    outputs[1] = value.middle;
    outputs[2] = value.lower;
}

const indicator_kind_t indicator_donchian = {
    .name = "donchian",
    .title = "Donchian channel",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention = "this bar included, as TradingView's built-in script and TA-Lib's MAX and MIN",
    .source = "R. Donchian, the four-week rule (1960)",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};

/* fibonacci.c: retracement levels of a range; see fibonacci.h. */
#include "core/indicator/fibonacci.h"

static const double ratios[FIBONACCI_LEVELS] = {0.236, 0.382, 0.5, 0.618, 0.786};

fibonacci_t fibonacci_leg(double high, double low, bool up)
{
    fibonacci_t value = {.high = high, .low = low, .up = up};
    const double end = value.up ? high : low;
    const double back = value.up ? low - high : high - low;
    for (uint32_t i = 0; i < FIBONACCI_LEVELS; i++) {
        value.levels[i] = end + ratios[i] * back;
    }
    return value;
}

fibonacci_t fibonacci_of(const donchian_t *range, double high, double low)
{
    return fibonacci_leg(high, low, extreme_age(&range->high) <= extreme_age(&range->low));
}

typedef struct {
    donchian_t range;
    extreme_slot_t slots[];
} fibonacci_state_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t state_size(const double *options)
{
    return sizeof(fibonacci_state_t) + 2 * (size_t)options[0] * sizeof(extreme_slot_t);
}

static void init(void *state, const double *options)
{
    fibonacci_state_t *whole = state;
    donchian_init(&whole->range, (uint32_t)options[0], whole->slots);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    fibonacci_state_t *whole = state;
    const donchian_value_t range = donchian_next(&whole->range, bar->high, bar->low);
    fibonacci_t value = {.high = NAN, .low = NAN, .levels = {NAN, NAN, NAN, NAN, NAN}};
    double up = NAN;
    if (!isnan(range.upper)) {
        value = fibonacci_of(&whole->range, range.upper, range.lower);
        up = value.up ? 1.0 : 0.0;
    }
    for (uint32_t i = 0; i < FIBONACCI_LEVELS; i++) {
        outputs[i] = value.levels[i];
    }
    outputs[FIBONACCI_LEVELS] = value.high;
    outputs[FIBONACCI_LEVELS + 1] = value.low;
    outputs[FIBONACCI_LEVELS + 2] = up;
}

const indicator_kind_t indicator_fibonacci = {
    .name = "fibonacci",
    .title = "Fibonacci retracement",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 50, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 8,
    .outputs = {"r236", "r382", "r500", "r618", "r786", "high", "low", "up"},
    .convention = "levels measured back from the newer end of the range; closed bars only",
    .source = "retracements of the leg between the highest high and the lowest low of the last period bars",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
};

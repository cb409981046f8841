/* atr.c: Wilder's average true range; see atr.h. */
#include "core/indicator/atr.h"

#include "core/base/assert.h"
#include "core/indicator/true_range.h"

void atr_init(atr_t *atr, uint32_t period)
{
    ASSERT(atr != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    *atr = (atr_t){0};
    smooth_init_wilder(&atr->range, period);
}

double atr_next(atr_t *atr, double high, double low, double close)
{
    ASSERT(atr->range.period != 0);
    ASSERT(indicator_value_is_good(high) && indicator_value_is_good(low) && indicator_value_is_good(close));
    const double range = true_range_of(high, low, atr->close_last);
    atr->close_last = close;
    if (!atr->started) {
        atr->started = true;
        return NAN;
    }
    return smooth_next(&atr->range, range);
}

void atr_series(uint32_t period, const double *high, const double *low, const double *close, size_t bars, double *out)
{
    atr_t atr;
    atr_init(&atr, period);
    for (size_t i = 0; i < bars; i++) {
        out[i] = atr_next(&atr, high[i], low[i], close[i]);
    }
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(atr_t);
}

static void kind_init(void *state, const double *options)
{
    atr_init(state, (uint32_t)options[0]);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = atr_next(state, bar->high, bar->low, bar->close);
}

enum { TURN = 16 }; /* bars; the average waits for itself, and the next ranges are found meanwhile */

__attribute__((always_inline)) static inline void atr_turn(smooth_pair_t *average, const double *high, const double *low,
                                                           const double *close, double *restrict out)
{
    double ranges[TURN] __attribute__((aligned(sizeof(four_t))));
#pragma GCC unroll 1 /* unrolled it would not become vectors */
    for (size_t i = 0; i < TURN; i++) {
        ranges[i] = true_range_of(high[i], low[i], close[(ptrdiff_t)i - 1]);
    }
    for (size_t i = 0; i < TURN; i += 2) {
        *(twin_t *)(out + i) = smooth_pair_step(average, twin_at(ranges + i));
    }
}

INDICATOR_WIDE bool atr_run(atr_t *atr, const indicator_columns_t *columns, size_t from, size_t count, double *restrict out)
{
    const double *high = columns->high + from, *low = columns->low + from, *close = columns->close + from;
    smooth_pair_t average = smooth_pair_enter(&atr->range);
    sizes_t sizes = {0};
    size_t at = 0;
    for (; at + TURN <= count; at += TURN) {
        for (size_t i = at; i < at + TURN; i += 4) {
            sizes.parts[0] += FOUR_SIZE(*four_at(high + i));
            sizes.parts[1] += FOUR_SIZE(*four_at(low + i));
            sizes.parts[2] += FOUR_SIZE(*four_at(close + i));
        }
        atr_turn(&average, high + at, low + at, close + at, out + at);
    }
    for (size_t i = at; i < count; i++) {
        out[i] = smooth_pair_one(&average, true_range_of(high[i], low[i], close[(ptrdiff_t)i - 1]));
        sizes.rest += (fabs(high[i]) + fabs(low[i])) + fabs(close[i]);
    }
    smooth_pair_leave(&atr->range, &average);
    atr->close_last = close[count - 1];
    return sizes_are_good(&sizes);
}

static bool whole_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    return atr_run(state, columns, from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_atr = {
    .name = "atr",
    .title = "average true range",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"atr"},
    .convention = "TA-Lib ATR (Wilder's smoothing, seeded with the plain average of ranges 1 .. period)",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 3",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series_looking = whole_series,
};

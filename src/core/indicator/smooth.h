/* smooth.h: the recursion inside of exponential and of Wilder's averages: value = rest x value before + factor x input.
 *
 * Written over two steps, value = rest^2 x the value of two bars ago + (factor x input + rest x factor x input before), so that a
 * bar waits for the one before the last only: twice as fast over a series, and equal but for the last digits. The first value is
 * the plain mean of the first `period` inputs. What stands under TradingView's names only (macd_tv, keltner, dmi, ...) takes
 * TradingView's own step, ema.h and rma.h, which gives its bits.
 */
#pragma once

#include "core/indicator/rolling.h"

typedef struct {
    uint32_t period, seen, at; /* seen: counted up to period */
    double factor, rest, rest_squared;
    double values[2]; /* the last two, [at] the older one; while warming up [0] is the plain sum */
    double step;      /* factor x the last input */
} smooth_t;

static inline void smooth_init(smooth_t *smooth, uint32_t period, double factor, double rest)
{
    *smooth = (smooth_t){.period = period, .factor = factor, .rest = rest, .rest_squared = rest * rest};
}

/* Wilder's: each input counts 1 / period. */
static inline void smooth_init_wilder(smooth_t *smooth, uint32_t period)
{
    smooth_init(smooth, period, 1.0 / (double)period, ((double)period - 1.0) / (double)period);
}

/* The next value follows from this one. */
static inline void smooth_seed(smooth_t *smooth, double value)
{
    smooth->seen = smooth->period;
    smooth->at = 0;
    smooth->values[0] = smooth->rest > 0.0 ? value / smooth->rest : 0.0;
    smooth->values[1] = value;
    smooth->step = 0.0;
}

/* Once seeded. */
static inline double smooth_step(smooth_t *smooth, double input)
{
    const double step = smooth->factor * input;
    const double value = smooth->rest_squared * smooth->values[smooth->at] + (step + smooth->rest * smooth->step);
    smooth->values[smooth->at] = value;
    smooth->at ^= 1;
    smooth->step = step;
    return value;
}

/* The newest value. */
static inline double smooth_value(const smooth_t *smooth)
{
    return smooth->values[smooth->at ^ 1];
}

/* The average, or NAN while warming up. */
static inline double smooth_next(smooth_t *smooth, double input)
{
    if (smooth->seen == smooth->period) {
        return smooth_step(smooth, input);
    }
    smooth->values[0] += input;
    smooth->seen++;
    if (smooth->seen < smooth->period) {
        return NAN;
    }
    smooth_seed(smooth, smooth->values[0] / (double)smooth->period);
    return smooth_value(smooth);
}

/* For sums instead of means: the first value is the plain sum of the first `period` inputs, or NAN before it. */
static inline double smooth_sum_next(smooth_t *smooth, double input)
{
    if (smooth->seen == smooth->period) {
        return smooth_step(smooth, input);
    }
    smooth->values[0] += input;
    smooth->seen++;
    if (smooth->seen < smooth->period) {
        return NAN;
    }
    smooth_seed(smooth, smooth->values[0]);
    return smooth_value(smooth);
}

/* Two neighbouring bars at once, for a stretch of a series: neither waits for the other. Taken out, stepped in registers, put back;
 * the bits of smooth_step. */
typedef struct {
    double factor, rest, rest_squared;
    twin_t values, steps; /* of the last two bars */
} smooth_pair_t;

static inline smooth_pair_t smooth_pair_enter(const smooth_t *smooth)
{
    return (smooth_pair_t){.factor = smooth->factor,
                           .rest = smooth->rest,
                           .rest_squared = smooth->rest_squared,
                           .values = {smooth->values[smooth->at], smooth_value(smooth)},
                           .steps = {0.0, smooth->step}};
}

static inline twin_t smooth_pair_step(smooth_pair_t *pair, twin_t inputs)
{
    const twin_t steps = pair->factor * inputs, before = __builtin_shufflevector(pair->steps, steps, 1, 2);
    pair->values = pair->rest_squared * pair->values + (steps + pair->rest * before);
    pair->steps = steps;
    return pair->values;
}

/* One bar alone, where their number is odd. */
static inline double smooth_pair_one(smooth_pair_t *pair, double input)
{
    const double before = pair->values[1], now = smooth_pair_step(pair, (twin_t){input, input})[0];
    pair->values = (twin_t){before, now};
    return now;
}

static inline void smooth_pair_leave(smooth_t *smooth, const smooth_pair_t *pair)
{
    smooth->values[smooth->at] = pair->values[0];
    smooth->values[smooth->at ^ 1] = pair->values[1];
    smooth->step = pair->steps[1];
}

/* The next `count` values of one average or of two; out may be the inputs. Two go by turns, because neither waits for the other. */
__attribute__((always_inline)) static inline void smooth_run(smooth_t *const *smooths, const double *const *inputs,
                                                             uint32_t averages, size_t count, double *const *out)
{
    enum { MOST = 2 };
    smooth_pair_t pairs[MOST];
    for (uint32_t k = 0; k < averages; k++) {
        pairs[k] = smooth_pair_enter(smooths[k]);
    }
    const size_t even = count - count % 2;
    for (size_t i = 0; i < even; i += 2) {
        for (uint32_t k = 0; k < averages; k++) {
            *(twin_t *)(out[k] + i) = smooth_pair_step(&pairs[k], twin_at(inputs[k] + i));
        }
    }
    for (uint32_t k = 0; k < averages; k++) {
        if (even < count) {
            out[k][even] = smooth_pair_one(&pairs[k], inputs[k][even]);
        }
        smooth_pair_leave(smooths[k], &pairs[k]);
    }
}

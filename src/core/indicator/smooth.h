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

/* Its form for a stretch of a series: taken out, stepped in registers, put back. The bits of smooth_step. */
typedef struct {
    double factor, rest, rest_squared, value, before, step;
} smooth_line_t;

static inline smooth_line_t smooth_enter(const smooth_t *smooth)
{
    return (smooth_line_t){.factor = smooth->factor,
                           .rest = smooth->rest,
                           .rest_squared = smooth->rest_squared,
                           .value = smooth_value(smooth),
                           .before = smooth->values[smooth->at],
                           .step = smooth->step};
}

static inline double smooth_line_step(smooth_line_t *line, double input)
{
    const double step = line->factor * input, now = line->rest_squared * line->before + (step + line->rest * line->step);
    line->before = line->value;
    line->value = now;
    line->step = step;
    return now;
}

static inline void smooth_leave(smooth_t *smooth, smooth_line_t line)
{
    smooth->values[smooth->at] = line.before;
    smooth->values[smooth->at ^ 1] = line.value;
    smooth->step = line.step;
}

/* Two averages of one input as the two lanes of a vector, for a stretch of a series. The bits of smooth_step. */
typedef struct {
    twin_t factor, rest, rest_squared, value, before, step;
} smooth_twin_t;

static inline smooth_twin_t smooth_twin_enter(const smooth_t *first, const smooth_t *second)
{
    const smooth_line_t a = smooth_enter(first), b = smooth_enter(second);
    return (smooth_twin_t){.factor = {a.factor, b.factor},
                           .rest = {a.rest, b.rest},
                           .rest_squared = {a.rest_squared, b.rest_squared},
                           .value = {a.value, b.value},
                           .before = {a.before, b.before},
                           .step = {a.step, b.step}};
}

/* The first average less the second. */
static inline double smooth_twin_step(smooth_twin_t *twin, double input)
{
    const twin_t step = twin->factor * input, now = twin->rest_squared * twin->before + (step + twin->rest * twin->step);
    twin->before = twin->value;
    twin->value = now;
    twin->step = step;
    return now[0] - now[1];
}

static inline void smooth_twin_leave(smooth_t *first, smooth_t *second, const smooth_twin_t *twin)
{
    smooth_leave(first, (smooth_line_t){.value = twin->value[0], .before = twin->before[0], .step = twin->step[0]});
    smooth_leave(second, (smooth_line_t){.value = twin->value[1], .before = twin->before[1], .step = twin->step[1]});
}

/* What `count` inputs add to their values: all of a step that waits for no value before, for a whole stretch at once. */
void smooth_feed(smooth_t *smooth, const double *inputs, size_t count, double *restrict feeds);

/* The other half of the step: `lines` hold what smooth_feed gave, and then the values. Several averages take their turns in one
 * loop, because none waits for another. The bits of smooth_step. */
static inline void smooth_follow(smooth_t *const *smooths, double *const *lines, uint32_t averages, size_t count)
{
    enum { MOST = 3 };
    double rest_squared[MOST], value[MOST], before[MOST];
    for (uint32_t k = 0; k < averages; k++) {
        rest_squared[k] = smooths[k]->rest_squared;
        value[k] = smooth_value(smooths[k]);
        before[k] = smooths[k]->values[smooths[k]->at];
    }
    for (size_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < averages; k++) {
            const double now = rest_squared[k] * before[k] + lines[k][i];
            before[k] = value[k];
            lines[k][i] = value[k] = now;
        }
    }
    for (uint32_t k = 0; k < averages; k++) {
        smooths[k]->values[smooths[k]->at] = before[k];
        smooths[k]->values[smooths[k]->at ^ 1] = value[k];
    }
}

/* `count` steps at once. One average alone leaves the processor the time for both halves: they go together. */
static inline void smooth_run(smooth_t *smooth, const double *inputs, size_t count, double *restrict out)
{
    smooth_line_t line = smooth_enter(smooth);
    for (size_t i = 0; i < count; i++) {
        out[i] = smooth_line_step(&line, inputs[i]);
    }
    smooth_leave(smooth, line);
}

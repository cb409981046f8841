/* ema.h: exponential moving average, factor 2 / (period + 1).
 *
 * Seeded with the plain average of the first `period` values, as TA-Lib does with an unstable period of 0; the first value appears
 * with the period-th input. A flat series gives that value.
 */
#pragma once

#include "core/base/assert.h"
#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

typedef struct {
    uint32_t period; /* >= 1 */
    uint32_t seen;   /* values consumed, counted up to period */
    double factor;
    double value; /* while warming: the plain sum */
} ema_t;

/* period outside [1, INDICATOR_PERIOD_MAX] asserts; options from users are checked by the registry. */
static inline void ema_init(ema_t *ema, uint32_t period)
{
    ASSERT(ema != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    *ema = (ema_t){.period = period, .factor = 2.0 / ((double)period + 1.0)};
}

/* ema_next once warm, unchecked: for a series that bears bad values until it is thrown away. */
static inline double ema_step(ema_t *ema, double value)
{
    ema->value = (value - ema->value) * ema->factor + ema->value;
    return ema->value;
}

/* Consumes one value; the average, or NAN while warming up. O(1). */
static inline double ema_next(ema_t *ema, double value)
{
    ASSERT(ema->period != 0);
    ASSERT(fabs(value) <= INDICATOR_DERIVED_MAX);
    if (ema->seen == ema->period) {
        return ema_step(ema, value);
    }
    ema->value += value;
    ema->seen++;
    if (ema->seen < ema->period) {
        return NAN;
    }
    ema->value /= (double)ema->period;
    return ema->value;
}

/* The step of ema_next once warm in the form that waits least for the value before, equal but for the last digit: for averages of
 * averages, whose bars wait for one another. */
static inline double ema_lean_step(ema_t *ema, double value)
{
    ema->value = ema->factor * value + (1.0 - ema->factor) * ema->value;
    return ema->value;
}

/* out[i] == the i-th ema_next, bit for bit. out may alias values. */
void ema_series(uint32_t period, const double *values, size_t bars, double *out);

extern const indicator_kind_t indicator_ema;

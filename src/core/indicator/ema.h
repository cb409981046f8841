/* ema.h: exponential moving average, factor 2 / (period + 1).
 *
 * Seeded with the plain average of the first `period` values, as TA-Lib does with an unstable period of 0; the first value appears
 * with the period-th input. A flat series gives that value.
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

typedef struct {
    uint32_t period; /* >= 1 */
    uint32_t seen;   /* values consumed, counted up to period */
    double factor;
    double value; /* while warming: the plain sum */
} ema_t;

/* period outside [1, INDICATOR_PERIOD_MAX] asserts; options from users are checked by the registry. */
void ema_init(ema_t *ema, uint32_t period);

/* Consumes one value; the average, or NAN while warming up. O(1). */
double ema_next(ema_t *ema, double value);

/* out[i] == the i-th ema_next, bit for bit. out may alias values. */
void ema_series(uint32_t period, const double *values, size_t bars, double *out);

extern const indicator_kind_t indicator_ema;

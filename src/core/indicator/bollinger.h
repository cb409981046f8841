/* bollinger.h: Bollinger bands: a simple moving average and `deviations` standard deviations above and below it.
 *
 * J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7. The deviation is the population's (divided by period), as TA-Lib's
 * BBANDS. TA-Lib takes E[x^2] - E[x]^2 in plain doubles and calls a variance below 1e-14 zero; here the distances are measured from
 * a near value (spread.h), so that a coin at 0.00001 has bands too. First value with the period-th input. A flat window gives three
 * equal lines. bollinger_sample: the same with the deviation of a sample (divided by period - 1), as pandas' std has it.
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/spread.h"

typedef struct {
    spread_t spread;
    double deviations;
} bollinger_t;

#define BOLLINGER_ROOM(period) SPREAD_ROOM(period)

typedef struct {
    double upper, middle, lower;
} bollinger_value_t;

/* So many deviations of a sample of `period` (>= 2) values, in deviations of the population: for bollinger_init. */
static inline double bollinger_of_sample(double deviations, double period)
{
    return deviations * sqrt(period / (period - 1.0));
}

/* window: BOLLINGER_ROOM(period) doubles, borrowed. Period outside [2, INDICATOR_PERIOD_MAX] or deviations outside [0, 142]
 * asserts. */
void bollinger_init(bollinger_t *bands, uint32_t period, double deviations, double *window);

/* Consumes one value; three NAN while warming up. O(1) amortised. */
bollinger_value_t bollinger_next(bollinger_t *bands, double value);

/* Three columns, bit for bit those of bollinger_next. One of them may alias values; window is scratch of BOLLINGER_ROOM(period)
 * doubles. */
void bollinger_series(uint32_t period, double deviations, const double *values, size_t bars, double *window, double *out_upper,
                      double *out_middle, double *out_lower);

extern const indicator_kind_t indicator_bollinger;
extern const indicator_kind_t indicator_bollinger_sample;

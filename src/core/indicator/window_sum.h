/* window_sum.h: the sum of the last `period` values, exact enough not to drift, and exactly 0 when all of them are 0.
 *
 * sma.h keeps the sum in two doubles and takes it anew once a turn; between two turns a rest of some 1e-30 of a large value may
 * stand where all that is left are zeros, and a quotient of two such rests is noise. Hence the count of zeros.
 */
#pragma once

#include "core/indicator/sma.h"

typedef struct {
    sma_t sma;
    uint32_t zeros; /* how many of the last values are 0, counted up to period */
} window_sum_t;

/* window: room for `period` doubles, borrowed. */
static inline void window_sum_init(window_sum_t *sum, uint32_t period, double *window)
{
    sum->zeros = 0;
    sma_init(&sum->sma, period, window);
}

/* Consumes one value; the sum of the last `period`, or NAN while warming up. */
static inline double window_sum_next(window_sum_t *sum, double value)
{
    sum->zeros = value == 0.0 ? sum->zeros + (sum->zeros < sum->sma.period) : 0;
    if (isnan(sma_next(&sum->sma, value))) {
        return NAN;
    }
    return sum->zeros == sum->sma.period ? 0.0 : sum->sma.sum.high;
}

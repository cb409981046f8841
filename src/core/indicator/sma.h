/* sma.h: simple moving average of the last `period` values.
 *
 * Its sum is a rolling one (rolling.h): values only come in, none is taken away, so it cannot drift, however long it runs. First
 * value with the period-th input. A flat window gives exactly that value.
 */
#pragma once

#include "core/indicator/equal_run.h"
#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

typedef struct {
    rolling_sum_t sum;
    double last;
    equal_run_t same;
} sma_t;

/* window: room for `period` doubles, kept by the caller as long as the indicator. Period outside [1, INDICATOR_PERIOD_MAX] asserts.
 */
void sma_init(sma_t *sma, uint32_t period, double *window);

/* Consumes one value; the average, or NAN while warming up. O(1) amortised. */
double sma_next(sma_t *sma, double value);

/* out[i] == the i-th sma_next, bit for bit. out may alias values; window is scratch of `period` doubles. */
void sma_series(uint32_t period, const double *values, size_t bars, double *window, double *out);

extern const indicator_kind_t indicator_sma;

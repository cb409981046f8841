/* sma.h: simple moving average of the last `period` values.
 *
 * The running sum is kept in two doubles and is made anew from the window each time the window has turned over, so that it cannot
 * drift, however long it runs. First value with the period-th input. A flat series gives that value.
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

typedef struct {
    uint32_t period; /* >= 1 */
    uint32_t seen;   /* values consumed, counted up to period */
    uint32_t next;   /* slot that the next value takes: the oldest */
    double *window;  /* borrowed: period doubles */
    exact_sum_t sum;
} sma_t;

/* window: room for `period` doubles, kept by the caller as long as the indicator. Period outside [1, INDICATOR_PERIOD_MAX] asserts.
 */
void sma_init(sma_t *sma, uint32_t period, double *window);

/* Consumes one value; the average, or NAN while warming up. O(1) amortised. */
double sma_next(sma_t *sma, double value);

/* out[i] == the i-th sma_next, bit for bit. out may alias values; window is scratch of `period` doubles. */
void sma_series(uint32_t period, const double *values, size_t bars, double *window, double *out);

extern const indicator_kind_t indicator_sma;

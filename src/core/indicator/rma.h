/* rma.h: Wilder's smoothing: each value counts 1 / period, the average before it the rest.
 *
 * Seeded with the plain mean of the first `period` values; the first average appears with the period-th. TradingView's ta.rma, the
 * smoothing inside of Wilder's RSI, ATR and ADX.
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

typedef struct {
    uint32_t period, seen; /* seen: counted up to period */
    double value;          /* while warming: the plain sum */
} rma_t;

/* period in [1, INDICATOR_PERIOD_MAX]. */
static inline void rma_init(rma_t *rma, uint32_t period)
{
    *rma = (rma_t){.period = period};
}

/* Consumes one value; the average, or NAN while warming up. O(1). */
static inline double rma_next(rma_t *rma, double value)
{
    const double period = (double)rma->period;
    if (rma->seen == rma->period) {
        rma->value = (rma->value * (period - 1.0) + value) / period;
        return rma->value;
    }
    rma->value += value;
    rma->seen++;
    if (rma->seen < rma->period) {
        return NAN;
    }
    rma->value /= period;
    return rma->value;
}

extern const indicator_kind_t indicator_rma;

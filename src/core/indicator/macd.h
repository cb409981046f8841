/* macd.h: moving average convergence/divergence (G. Appel, 1979): EMA(fast) - EMA(slow), its signal EMA, and the histogram between
 * them.
 *
 * Seeded as TA-Lib's MACD: the fast average starts late, so that its seed window ends on the same bar as the slow one's; the signal
 * average is seeded with the plain average of the first `signal` differences. All three outputs are NaN until the signal line is
 * warm: the first values appear with input number slow + signal - 1. A flat series gives 0, 0, 0.
 */
#pragma once

#include "core/indicator/ema.h"

typedef struct {
    uint32_t skip; /* closes that the fast average still has to pass over */
    ema_t fast, slow, signal;
} macd_t;

typedef struct {
    double macd, signal, histogram;
} macd_value_t;

/* 1 <= fast < slow <= INDICATOR_PERIOD_MAX and signal >= 1, or it asserts. */
void macd_init(macd_t *macd, uint32_t fast, uint32_t slow, uint32_t signal);

/* Consumes one close; three NAN while warming up. O(1). */
macd_value_t macd_next(macd_t *macd, double close);

/* Three columns; the i-th values are those of the i-th macd_next, bit for bit. One of them may alias close. */
void macd_series(uint32_t fast, uint32_t slow, uint32_t signal, const double *close, size_t bars, double *out_macd,
                 double *out_signal, double *out_histogram);

extern const indicator_kind_t indicator_macd;

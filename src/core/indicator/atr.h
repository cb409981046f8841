/* atr.h: Wilder's average true range.
 *
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 3. True range = the largest of high - low, |high - last
 * close|, |low - last close|; the first bar has none. Seeded with the plain average of the first `period` ranges, as TA-Lib; the
 * first value appears with bar number period + 1. Never negative; a flat series gives 0.
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/smooth.h"

typedef struct {
    bool started; /* the first bar has no close before it: no range */
    double close_last;
    smooth_t range;
} atr_t;

/* period outside [1, INDICATOR_PERIOD_MAX] asserts; options from users are checked by the registry. */
void atr_init(atr_t *atr, uint32_t period);

/* Consumes one bar; the value, or NAN while warming up. O(1). */
double atr_next(atr_t *atr, double high, double low, double close);

/* out[i] == the i-th atr_next, bit for bit. out may alias one of the inputs. */
void atr_series(uint32_t period, const double *high, const double *low, const double *close, size_t bars, double *out);

/* Bars [from, from + count) of a series, once warm: the bits of atr_next. */
bool atr_run(atr_t *atr, const indicator_columns_t *columns, size_t from, size_t count, double *restrict out);

extern const indicator_kind_t indicator_atr;

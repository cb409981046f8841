/* true_range.h: the true range, and what is made of it besides Wilder's average (atr.h).
 *
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 3: the largest of high - low, |high - last close| and
 * |low - last close|. Kinds:
 *   tr          TA-Lib TRANGE, Pine ta.tr(false): the first bar has none; with first_bar 1 it is high - low, as Pine ta.tr(true)
 *   natr        TA-Lib NATR: Wilder's average in percent of the close; 0 for a close of 0
 *   atr_rma     TradingView ta.atr: Wilder's smoothing too, but the first bar's high - low counts, so it begins one bar before atr
 *   atr_simple  plain mean of the last `period` ranges (M and W use it)
 */
#pragma once

#include "core/indicator/atr.h"
#include "core/indicator/sma.h"

static inline double true_range_of(double high, double low, double close_last)
{
    const double up = fabs(high - close_last), down = fabs(low - close_last);
    double range = high - low;
    range = up > range ? up : range;
    return down > range ? down : range;
}

typedef struct {
    bool started;
    double close_last;
} true_range_t;

/* Consumes one bar; NAN for the first. */
double true_range_next(true_range_t *range, double high, double low, double close);

typedef struct {
    true_range_t range;
    sma_t sma;
} atr_simple_t;

/* window: room for `period` doubles, borrowed. */
void atr_simple_init(atr_simple_t *atr, uint32_t period, double *window);

/* First value with bar period + 1. */
double atr_simple_next(atr_simple_t *atr, double high, double low, double close);

extern const indicator_kind_t indicator_tr;
extern const indicator_kind_t indicator_natr;
extern const indicator_kind_t indicator_atr_rma;
extern const indicator_kind_t indicator_atr_simple;

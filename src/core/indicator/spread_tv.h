/* spread_tv.h: means and spreads with TradingView's own digits.
 *
 * TradingView adds a window up in a compensated running sum and takes the variance as E[x^2] - E[x]^2, which loses digits where
 * values lie close together. Who wants the chart's numbers wants those digits too. The laws were measured on TradingView by the
 * PyneCore project; where bollinger, stddev, variance, correl (all digits right) and these differ, it is by what TradingView loses.
 *
 *   sma_tv, variance_tv, stddev_tv, bollinger_tv, bollinger_width_tv, correl_tv: Pine ta.sma, ta.variance, ta.stdev, ta.bb, ta.bbw,
 *   ta.correlation
 */
#pragma once

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

/* TradingView's running sum. */
typedef struct {
    uint32_t period, seen, at;
    double sum, compensation;
    double *entries, *values; /* borrowed: what each value added, and the values */
} tv_sum_t;

#define TV_SUM_ROOM(period) (2 * (size_t)(period))

/* room: TV_SUM_ROOM(period) doubles, borrowed. */
void tv_sum_init(tv_sum_t *sum, uint32_t period, double *room);

/* Consumes one value; the sum of the last `period`, or NAN while warming up. O(1), now and then O(period). */
double tv_sum_next(tv_sum_t *sum, double value);

extern const indicator_kind_t indicator_sma_tv;
extern const indicator_kind_t indicator_variance_tv;
extern const indicator_kind_t indicator_stddev_tv;
extern const indicator_kind_t indicator_bollinger_tv;
extern const indicator_kind_t indicator_bollinger_width_tv;
extern const indicator_kind_t indicator_correl_tv;

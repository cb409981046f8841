/* wma.h: averages whose weights fall in a straight line: the weighted, the triangular and Hull's.
 *
 *   wma    weights 1 (oldest) .. period (newest); TA-Lib WMA, Pine ta.wma
 *   trima  mean of means, so that the middle of the window weighs most; TA-Lib TRIMA
 *   hma    WMA(2 x WMA(period / 2) - WMA(period)) over floor(sqrt(period)) values; A. Hull (2005), Pine ta.hma
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

typedef struct {
    rolling_weighted_t line;
    double share; /* 1 / the sum of the weights */
} wma_t;

#define WMA_ROOM(period) ROLLING_WEIGHTED_ROOM(period)

/* room: WMA_ROOM(period) doubles, borrowed. */
void wma_init(wma_t *wma, uint32_t period, double *room);

/* Consumes one value; the average, or NAN while warming up. O(1) amortised. */
double wma_next(wma_t *wma, double value);

/* The next `count` values at once, once warm: the bits of wma_next. */
void wma_run(wma_t *wma, const double *values, size_t count, double *out);

extern const indicator_kind_t indicator_wma;
extern const indicator_kind_t indicator_trima;
extern const indicator_kind_t indicator_hma;

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
    double weights; /* their sum */
} wma_t;

#define WMA_ROOM(period) (2 * ROLLING_ROOM(period))

/* room: WMA_ROOM(period) doubles, borrowed. */
void wma_init(wma_t *wma, uint32_t period, double *room);

/* Consumes one value; the average, or NAN while warming up. O(1) amortised. */
double wma_next(wma_t *wma, double value);

extern const indicator_kind_t indicator_wma;
extern const indicator_kind_t indicator_trima;
extern const indicator_kind_t indicator_hma;

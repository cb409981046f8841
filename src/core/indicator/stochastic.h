/* stochastic.h: where a value stands between the lowest low and the highest high of its window.
 *
 *   stoch     slow %K and %D: TA-Lib STOCH with simple averages
 *   stochf    fast %K and its average %D: TA-Lib STOCHF; %K alone is Pine ta.stoch
 *   stochrsi  the same of the RSI: TA-Lib STOCHRSI
 *   willr     Williams %R, the mirror image in [-100, 0]: TA-Lib WILLR, Pine ta.wpr
 * A window without range gives 0, as in TA-Lib (TradingView: na).
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

/* The raw %K of a window. */
typedef struct {
    rolling_max_t highest;
    rolling_min_t lowest;
} stochastic_t;

#define STOCHASTIC_ROOM(period) (2 * ROLLING_ROOM(period))

/* room: STOCHASTIC_ROOM(period) doubles, borrowed. */
void stochastic_init(stochastic_t *stochastic, uint32_t period, double *room);

/* Consumes one bar; %K in percent, or NAN while warming up. O(1) amortised. */
double stochastic_next(stochastic_t *stochastic, double high, double low, double close);

extern const indicator_kind_t indicator_stoch;
extern const indicator_kind_t indicator_stochf;
extern const indicator_kind_t indicator_stochrsi;
extern const indicator_kind_t indicator_willr;

/* money_flow.h: volume weighted by where in its range a bar closed, and the three indicators made of it.
 *
 * M. Chaikin: multiplier = ((close - low) - (high - close)) / (high - low), in [-1, 1], and 0 for a bar without a range. Kinds:
 *   ad     accumulation/distribution line: the running sum of multiplier x volume (TA-Lib AD, TradingView ta.accdist)
 *   adosc  Chaikin oscillator: fast EMA - slow EMA of the line, both begun on the line's first value (TA-Lib ADOSC)
 *   adosc_tv  the same of TradingView's chart: each EMA seeded with the plain mean of its first values
 *   cmf    Chaikin money flow: sum(multiplier x volume) / sum(volume) over `period` bars; 0 without volume
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

static inline double money_flow_multiplier(double high, double low, double close)
{
    const double range = high - low, share = ((close - low) - (high - close)) / range;
    return range > 0.0 ? share : 0.0;
}

extern const indicator_kind_t indicator_ad;
extern const indicator_kind_t indicator_adosc;
extern const indicator_kind_t indicator_adosc_tv;
extern const indicator_kind_t indicator_cmf;

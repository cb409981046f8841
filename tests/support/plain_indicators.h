/* plain_indicators.h: indicators by their definitions, in plain loops over the whole window, to hold the strategies' own against.
 * Windows of 14 bars with plain means; `at` has a bar before its window. */
#pragma once

#include <math.h>

#include "core/indicator/indicator.h"

enum { PLAIN_WINDOW = 14 };

static inline double plain_true_range(const indicator_bar_t *bars, int at)
{
    const double close_before = bars[at - 1].close;
    return fmax(bars[at].high - bars[at].low, fmax(fabs(bars[at].high - close_before), fabs(bars[at].low - close_before)));
}

static inline double plain_atr(const indicator_bar_t *bars, int at)
{
    double sum = 0.0;
    for (int i = at - PLAIN_WINDOW + 1; i <= at; i++) {
        sum += plain_true_range(bars, i);
    }
    return sum / PLAIN_WINDOW;
}

static inline double plain_rsi(const indicator_bar_t *bars, int at, int period)
{
    double gain = 0.0, loss = 0.0;
    for (int i = at - period + 1; i <= at; i++) {
        gain += fmax(bars[i].close - bars[i - 1].close, 0.0);
        loss += fmax(bars[i - 1].close - bars[i].close, 0.0);
    }
    return 100.0 * gain / (gain + loss);
}

static inline void plain_directional(const indicator_bar_t *bars, int at, double *plus, double *minus)
{
    double up = 0.0, down = 0.0, range = 0.0;
    for (int i = at - PLAIN_WINDOW + 1; i <= at; i++) {
        const double rise = bars[i].high - bars[i - 1].high, fall = bars[i - 1].low - bars[i].low;
        up += rise > fall && rise > 0.0 ? rise : 0.0;
        down += fall > rise && fall > 0.0 ? fall : 0.0;
        range += plain_true_range(bars, i);
    }
    *plus = 100.0 * up / range;
    *minus = 100.0 * down / range;
}

static inline double plain_adx(const indicator_bar_t *bars, int at)
{
    double sum = 0.0, plus, minus;
    for (int i = at - PLAIN_WINDOW + 1; i <= at; i++) {
        plain_directional(bars, i, &plus, &minus);
        sum += 100.0 * fabs(plus - minus) / (plus + minus);
    }
    return sum / PLAIN_WINDOW;
}

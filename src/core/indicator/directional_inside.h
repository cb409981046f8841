/* directional_inside.h: movements and range of one bar, for directional.c (TA-Lib's smoothing) and dmi.c (TradingView's and plain).
 */
#pragma once

#include <math.h>
#include <stdbool.h>

#include "core/indicator/registry.h"
#include "core/indicator/rolling.h"

typedef struct {
    double high, low, close; /* of the bar before; high is NAN before the first */
} directional_last_t;

typedef struct {
    double plus, minus, range;
} directional_step_t;

static inline double directional_range(double high, double low, double close_last)
{
    const double top = high > close_last ? high : close_last, bottom = low < close_last ? low : close_last;
    return top - bottom;
}

/* False for the first bar, which has none before it. A difference of both movements below `noise` x high counts as none: highs and
 * lows that moved by the same number of ticks differ by rounding only. */
static inline bool directional_step(directional_last_t *last, const indicator_bar_t *bar, double noise, directional_step_t *step)
{
    const directional_last_t before = *last;
    *last = (directional_last_t){bar->high, bar->low, bar->close};
    if (isnan(before.high)) {
        return false;
    }
    const double up = bar->high - before.high, down = before.low - bar->low;
    const double margin = noise * fabs(bar->high);
    const twin_t moves = {up, down}, others = {down, up}, margins = {margin, margin};
    const twin_t kept = twin_where((moves > margins) & (moves - others > margins), moves);
    step->plus = kept[0];
    step->minus = kept[1];
    step->range = directional_range(bar->high, bar->low, before.close);
    return true;
}

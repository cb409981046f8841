/* smooth.c: the part of exponential averages that goes for many bars at once; see smooth.h. */
#include "core/indicator/smooth.h"

INDICATOR_WIDE void smooth_feed(smooth_t *smooth, const double *inputs, size_t count, double *restrict feeds)
{
    const double factor = smooth->factor, rest = smooth->rest;
    feeds[0] = factor * inputs[0] + rest * smooth->step;
    for (size_t i = 1; i < count; i++) {
        feeds[i] = factor * inputs[i] + rest * (factor * inputs[i - 1]);
    }
    smooth->step = factor * inputs[count - 1];
}

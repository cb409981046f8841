/* hilbert.h: the period of the cycle that a price swings in, by J. Ehlers' Hilbert transform, and the two parts of its wave.
 *
 * J. F. Ehlers, Rocket Science for Traders (2001), chapters 6 and 7, as TA-Lib takes them: the price is smoothed by a weighted mean
 * of four bars; a filter of seven values (0.0962, 0.5769; the gaps between are 0), its gain corrected by the last period, takes the
 * trend away; again, it gives the quadrature, and the value of three bars ago is the part in phase. Both are turned by 90 degrees
 * and smoothed, and the angle by which the wave has turned since the last bar tells the period: from 6 to 50 bars, at most half as
 * long again as the last one and at least 0.67 of it. The filters begin with bar number `begin`; before it stand zeros.
 */
#pragma once

#include "core/indicator/indicator.h"

enum {
    HILBERT_PRICES = 4,  /* of the weighted mean */
    HILBERT_VALUES = 8,  /* of a filter: seven of them, in a ring */
    HILBERT_FILTERS = 4, /* of the price, of that, and of its two parts */
    HILBERT_PERIOD_MAX = 50,
};

#define HILBERT_DEGREES (180.0 / 3.14159265358979323846) /* of a radian */

typedef struct {
    uint32_t seen; /* bars; counts on round its end, far behind `begin` */
    uint32_t begin;
    bool has_begun;
    double prices[HILBERT_PRICES]; /* newest first */
    double values[HILBERT_FILTERS][HILBERT_VALUES];
    double turned_in_phase, turned_quadrature; /* smoothed, of the last bar */
    double real, imaginary;
    double raw_period;
    /* What stands after each bar: */
    double smooth_price, in_phase, quadrature, period;
} hilbert_t;

void hilbert_init(hilbert_t *hilbert, uint32_t begin);

/* False before the filters have begun. */
bool hilbert_next(hilbert_t *hilbert, double price);

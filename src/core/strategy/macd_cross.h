/* macd_cross.h: what SC01 and SC02 share: the moment at which MACD crosses its signal line, and the options for it and for the
 * levels.
 *
 * A cross is a change of the histogram's sign. A histogram of exactly 0 belongs to the side it came from, so that touching the line
 * and turning back is no cross. The first warm bar only sets the side.
 */
#pragma once

#include "core/indicator/atr.h"
#include "core/indicator/macd.h"
#include "core/strategy/level_options.h"
#include "core/strategy/strategy.h"

/* Options 0 .. CROSS_OPTION_COUNT - 1 of both strategies. */
enum {
    CROSS_FAST,
    CROSS_SLOW,
    CROSS_SIGNAL,
    CROSS_LEVELS, /* level_options.h */
    CROSS_OPTION_COUNT = CROSS_LEVELS + LEVELS_OPTION_COUNT,
};

/* clang-format off */
#define CROSS_OPTIONS                                                                                                     \
    {"fast",            OPTION_WHOLE, 12,  1, 500},  /* MACD: fast average, bars */                                       \
    {"slow",            OPTION_WHOLE, 26,  2, 1000}, /* MACD: slow average, bars */                                       \
    {"signal",          OPTION_WHOLE, 9,   1, 500},  /* MACD: signal line, bars */                                        \
    LEVELS_OPTIONS

#define CROSS_WORDS "MACD: fast average, bars", "MACD: slow average, bars", "MACD: signal line, bars", LEVELS_WORDS
/* clang-format on */

typedef struct {
    macd_t macd;
    atr_t atr;
    int side; /* of the histogram: -1, +1; 0 before the first warm bar */
    double histogram_last;
} macd_cross_t;

typedef struct {
    bool warm;
    direction_t crossed; /* on this bar */
    int side;
    macd_value_t macd;
    double atr;
    double slope; /* |change of the histogram| in quarters of an ATR, cut at 1: how decided the cross is */
} macd_cross_view_t;

void macd_cross_init(macd_cross_t *cross, const double *options);

macd_cross_view_t macd_cross_next(macd_cross_t *cross, const indicator_bar_t *bar);

/* Bars before a cross can be seen. */
uint32_t macd_cross_warm_up(const double *options);

/* fast < slow; a reward that cannot reach the minimum (rounding takes a little from the target) is refused. */
result_t macd_cross_check(const double *options, uint32_t *wrong);

level_rules_t macd_cross_levels(const double *options);

/* sc02.h: SC02, the MACD crossover confirmed by RSI.
 *
 * A cross as in SC01 opens a window of `confirm_bars` (3) bars, the bar of the cross being the first. Within it the first bar on
 * which RSI(14) stands on the trade's side of 50 and not yet in the zone beyond (70 for LONG, 30 for SHORT) decides, if the
 * histogram still stands on the trade's side. An opposite cross closes the window and opens its own. One cross decides at most
 * once.
 *
 * confidence = 0.5 + 0.25 x slope + 0.25 x min(1, |RSI - 50| / 20), in [0.5, 1]; slope as in SC01, of the bar that decides.
 */
#pragma once

#include "core/strategy/macd_cross.h"

/* Options of SC02, which SC02+FRVP has, too. */
enum {
    SC02_RSI = CROSS_OPTION_COUNT,
    SC02_RSI_HIGH,
    SC02_RSI_LOW,
    SC02_CONFIRM_BARS,
    SC02_OPTION_COUNT,
};

/* clang-format off */
#define SC02_OPTIONS                                                                                                      \
    CROSS_OPTIONS,                                                                                                        \
    {"rsi",          OPTION_WHOLE, 14, 2, 500},                                                                           \
    {"rsi_high",     OPTION_REAL,  70, 50, 100},                                                                          \
    {"rsi_low",      OPTION_REAL,  30, 0, 50},                                                                            \
    {"confirm_bars", OPTION_WHOLE, 3,  1, 20}

#define SC02_WORDS                                                                                                        \
    CROSS_WORDS, "RSI period, bars", "a LONG wants RSI below this", "a SHORT wants RSI above this",                       \
    "bars that RSI has to confirm a cross, its own included"
/* clang-format on */

extern const strategy_kind_t strategy_sc02;

/* level_options.h: the options of stop and target that every strategy has, and the rules they make.
 *
 * They stand one after the other in a strategy's options, from LEVELS_ATR on counted from the first of them.
 */
#pragma once

#include "core/strategy/strategy.h"

enum {
    LEVELS_ATR,
    LEVELS_STOP_ATR,
    LEVELS_REWARD,
    LEVELS_STOP_PERCENT,
    LEVELS_TARGET_PERCENT,
    LEVELS_REWARD_RISK_MIN,
    LEVELS_OPTION_COUNT,
};

/* clang-format off */
#define LEVELS_OPTIONS                                                                                                    \
    {"atr",             OPTION_WHOLE, 14,  1, 500},                                                                       \
    {"stop_atr",        OPTION_REAL,  2.0, 0.1, 20},                                                                      \
    {"reward",          OPTION_REAL,  2.0, 0.1, 20},                                                                      \
    {"stop_percent",    OPTION_REAL,  0,   0, 50},                                                                        \
    {"target_percent",  OPTION_REAL,  0,   0, 500},                                                                       \
    {"reward_risk_min", OPTION_REAL,  1.5, 0, 20}

#define LEVELS_WORDS                                                                                                      \
    "ATR period, bars",                                                                                                   \
    "stop: multiples of the ATR away",                                                                                    \
    "target: multiples of the stop's distance",                                                                           \
    "above 0: stop in percent of the entry instead of stop_atr",                                                          \
    "above 0: target in percent of the entry instead of reward",                                                          \
    "no proposal below this reward / risk"
/* clang-format on */

/* levels: the first of the six values. */
level_rules_t level_options_rules(const double *levels);

/* Refuses a reward that cannot reach the minimum (rounding takes a little from the target). The six stand in options from `first`
 * on; *wrong (may be NULL) is the option to blame. */
result_t level_options_check_at(const double *options, uint32_t first, uint32_t *wrong);

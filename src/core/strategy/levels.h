/* levels.h: from a close and a distance to exact prices: entry, stop and target on the instrument's tick.
 *
 * Rounding goes to the safe side, so that the trade is never better on paper than at the venue:
 *   entry   LONG down, SHORT up     never worse than the close that decided
 *   stop    away from the entry     keeps the distance the rule asked for; the size follows from the rounded distance
 *   target  toward the entry        promises no more than the rule computed
 * Then reward / risk of the rounded prices must reach the minimum (RSK-4), or there is no trade.
 */
#pragma once

#include "core/base/dec.h"
#include "core/base/result.h"

typedef enum { DIRECTION_NONE = 0, DIRECTION_LONG = 1, DIRECTION_SHORT = 2 } direction_t;

typedef enum {
    LEVEL_PERCENT, /* percent of the entry */
    LEVEL_ATR,     /* multiple of the ATR */
    LEVEL_REWARD,  /* targets only: multiple of the stop's distance */
    LEVEL_PRICE,   /* a price: structure (a swing, a band, the other side of a channel) */
} level_kind_t;

typedef struct {
    level_kind_t stop_kind;
    double stop; /* > 0 */
    level_kind_t target_kind;
    double target;          /* > 0 */
    double reward_risk_min; /* 0: any */
    /* Bounds of the distances in percent of the entry; 0: none. The stop's are kept before a LEVEL_REWARD target is measured. */
    double stop_percent_min, stop_percent_max, target_percent_min, target_percent_max;
} level_rules_t;

typedef struct {
    dec_t entry, stop, target;
} levels_t;

/* close > 0 and tick > 0. RESULT_OK and *out; RESULT_BAD_ARGUMENT for rules that make no sense (a kind or a value out of place);
 * RESULT_NUMBER_OUT_OF_RANGE when a LEVEL_PRICE lies on the wrong side of the entry, when a distance is not a number, rounds to
 * nothing, or takes a price to zero; RESULT_UNSUPPORTED when reward / risk stays below the minimum. *out is untouched on failure.
 */
result_t levels_make(const level_rules_t *rules, direction_t direction, dec_t close, double atr, dec_t tick, levels_t *out);

/* RESULT_OK when prices are > 0, in the order that the direction asks for, and reward / risk >= minimum (compared exactly). */
result_t levels_check(const levels_t *levels, direction_t direction, double reward_risk_min);

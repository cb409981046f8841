/* sizing_methods.h: the ways to size a trade besides risk percent (sizing.h), and what scales the risk (RSK-1, R150-R152, R167).
 *
 *   fixed fraction  quantity = basis x fraction % / entry
 *   tiers           the confidence picks a row of cost and leverage; quantity = cost x leverage / entry, caps last
 *   Kelly           f = (w R - (1 - w)) / R, half of it, never below 0, at most the risk cap: a risk percent for sizing_compute
 *   ATR             stop = entry -+ multiple x ATR: a stop for sizing_compute
 * and drawdown scaling: above its limit the risk is multiplied by max(0.25, 1 - 2 (drawdown - limit)).
 *
 * Quantities are cut toward zero to the step and are 0 below the venue's minima; nothing is ever raised.
 */
#pragma once

#include <stdbool.h>

#include "core/market/instrument.h"

/* basis, fraction_pct (0, 100] and entry > 0, else RESULT_BAD_ARGUMENT. *quantity is untouched on failure. */
result_t sizing_fixed_fraction(dec_t basis, dec_t fraction_pct, dec_t entry, const instrument_t *instrument, dec_t *quantity);

typedef struct {
    dec_t confidence_min; /* 0.7: a score of 7 */
    dec_t cost;           /* of the settlement asset, > 0 */
    uint32_t leverage;    /* >= 1 */
} sizing_tier_t;

typedef struct {
    dec_t cost_max;        /* 0: none */
    uint32_t leverage_max; /* 0: none */
} sizing_caps_t;

enum { SIZING_TIERS = 3 };

typedef struct {
    dec_t quantity, cost;
    uint32_t leverage, tier; /* tier: row number */
} sizing_tiered_t;

/* The first tier whose confidence_min is reached; the last row is for all the rest. RESULT_BAD_ARGUMENT: entry, a cost or a
 * leverage is not above 0. */
result_t sizing_tiered(const sizing_tier_t tiers[SIZING_TIERS], const sizing_caps_t *caps, dec_t confidence, dec_t entry,
                       const instrument_t *instrument, sizing_tiered_t *out);

/* win_rate in [0, 1], reward_risk > 0, risk_pct_max > 0. *kelly: the full fraction (0.325 may be negative); *risk_pct: half of it
 * in percent, within 0 and the cap. */
result_t sizing_kelly(dec_t win_rate, dec_t reward_risk, dec_t risk_pct_max, dec_t *kelly, dec_t *risk_pct);

/* The stop at multiple x atr from the entry, on the tick away from it. RESULT_NUMBER_OUT_OF_RANGE when it would lie at or below 0.
 */
result_t sizing_atr_stop(dec_t entry, dec_t atr, dec_t multiple, bool is_long, dec_t tick, dec_t *stop);

/* drawdown and limit as fractions (0.25); the factor is 1 up to the limit. */
result_t sizing_drawdown_factor(dec_t drawdown, dec_t limit, dec_t *factor);

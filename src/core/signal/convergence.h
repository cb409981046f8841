/* convergence.h: several timeframes that say the same make one signal (requirements STR-2).
 *
 * Each timeframe holds its latest proposal while that lives: `life_bars` bars of its timeframe, or until the opposite one replaces
 * it. Proposals of one direction whose entries lie near each other, |a - b| <= tolerance of (a + b) / 2 for EVERY pair (no chain),
 * are merged: entry, stop, target and confidence are the plain means over those that have a value (0 means none). The largest such
 * set that holds something new wins; of two equally large ones the one with the longer timeframes. The merged prices are put on the
 * tick (as levels.h) and checked again: order of prices, reward / risk, and the market must stand between stop and target.
 *
 * Worked: entries 99.75 and 100.25 match at 0.5 %, 100 and 100.502 do not; entries 100 and 100.4, stops 98 and none, confidence .6
 * and .8 give 100.2, 98, .7.
 */
#pragma once

#include "core/signal/signal.h"
#include "core/strategy/strategy.h"

enum { CONVERGENCE_TIMEFRAMES_MAX = 4 };

typedef struct {
    dec_t tolerance_pct;    /* 0.5 */
    uint32_t matches_min;   /* timeframes that must agree: 2 */
    uint32_t life_bars;     /* 4 */
    double reward_risk_min; /* 1.5 */
} convergence_rules_t;

typedef struct {
    bool live;
    bool fresh; /* came since the last convergence_take */
    int64_t until_ns;
    proposal_t proposal;
} convergence_slot_t;

/* One symbol and one strategy. */
typedef struct {
    uint32_t count;
    timeframe_t timeframes[CONVERGENCE_TIMEFRAMES_MAX]; /* ascending */
    convergence_slot_t slots[CONVERGENCE_TIMEFRAMES_MAX];
    uint64_t taken; /* key of the last combination of bars handed out, 0: none */
} convergence_t;

typedef struct {
    direction_t direction;
    levels_t levels;
    double confidence;
    uint32_t members; /* bit i: slot i took part */
    uint64_t key;     /* of the combination: direction, timeframes and bar times */
} convergence_match_t;

/* True when |a - b| <= pct of their mean; exact. Both > 0. */
bool convergence_near(dec_t a, dec_t b, dec_t tolerance_pct);

/* Means over the members that have a value; on the tick if tick > 0. RESULT_OK, or what levels_check found wrong. */
result_t convergence_merge(const convergence_t *convergence, uint32_t members, dec_t tick, const convergence_rules_t *rules,
                           convergence_match_t *out);

void convergence_init(convergence_t *convergence, const timeframe_t *timeframes, uint32_t count);

/* A timeframe proposes. An opposite proposal replaces the old one like any newer one does. */
void convergence_propose(convergence_t *convergence, const convergence_rules_t *rules, uint32_t slot, const proposal_t *proposal);

/* What a timeframe has proposed no longer counts. */
void convergence_forget(convergence_t *convergence, uint32_t slot);

/* After all timeframes of this moment have spoken: drops what has expired and looks for a match that holds something new. `price`
 * is the market now. True and *out when there is one; the same combination of bars is never handed out twice. */
bool convergence_take(convergence_t *convergence, const convergence_rules_t *rules, int64_t now_ns, dec_t price, dec_t tick,
                      convergence_match_t *out);

/* size.h: the size of a trade by the method that the configuration names (RSK-1, R146-R152, R167).
 *
 * One rule stands above all methods: what is lost at the stop is never planned above risk_pct of the basis. So risk percent is the
 * ceiling, and fixed fraction and tiers only ever make a size smaller than it:
 *
 *   risk percent    the ceiling itself
 *   fixed fraction  basis x fraction % / entry
 *   tiers           cost x leverage / entry; the tier's leverage is the most that comes into force
 *   Kelly           half of Kelly's fraction of the recent results takes the place of risk_pct, at most risk_pct;
 *                   kelly_first_pct until enough trades are closed; nothing when the results leave no edge
 *   ATR             risk percent over the distance of the stop or of a multiple of the ATR, whichever is farther
 *
 * Drawdown and the market's state (scale) make each of them smaller. All is cut toward zero to the step.
 */
#pragma once

#include "core/risk/limits.h"
#include "core/risk/sizing.h"

/* Closed trades of the profile, the newest, within the window: profit after fees and funding. */
typedef struct {
    uint32_t trades, wins, losses; /* a profit of exactly 0 is neither */
    dec_t won, lost;               /* sums, both >= 0 */
} size_results_t;

typedef struct {
    const risk_config_t *config; /* checked */
    const instrument_t *instrument;
    dec_t basis;       /* > 0 */
    dec_t entry, stop; /* different, > 0 */
    dec_t atr;         /* 0: none */
    dec_t confidence;  /* 0..1 */
    dec_t drawdown;    /* fraction below the peak, [0, 1] */
    dec_t scale;       /* (0, 1]: what regime and market state leave of the size */
    size_results_t results;
} size_question_t;

typedef enum { SIZE_FOUND, SIZE_BELOW_MINIMUM, SIZE_NO_EDGE, SIZE_NO_ATR } size_end_t;

typedef struct {
    size_end_t end;
    dec_t quantity;        /* SIZE_FOUND: on the step, > 0 */
    dec_t risk_amount;     /* lost when the stop is hit as planned, rounded up */
    dec_t risk_pct;        /* the ceiling that held, after Kelly, drawdown and scale */
    dec_t risk_pct_needed; /* SIZE_BELOW_MINIMUM: what the smallest order would risk */
    dec_t kelly;           /* SIZE_NO_EDGE: Kelly's fraction, <= 0 */
    uint32_t leverage;     /* the most this trade may have: the tier's, or the configured */
} size_answer_t;

/* RESULT_OK and *answer, or RESULT_BAD_ARGUMENT, RESULT_NUMBER_OUT_OF_RANGE; *answer is untouched then. */
result_t size_find(const size_question_t *question, size_answer_t *answer);

/* sizing.h: how much to buy so that a hit stop costs what was asked, and never more (RSK-1, R146-R149).
 *
 * quantity = basis * risk % / (|entry - stop| + expected fees of both sides + expected slippage of the stop), cut toward zero to
 * the step. What the minimum would need is stated, never silently taken.
 */
#pragma once

#include "core/market/instrument.h"

typedef struct {
    dec_t basis;        /* wallet, equity or available: > 0 */
    dec_t risk_pct;     /* of the basis */
    dec_t entry, stop;  /* different, both > 0 */
    dec_t fee_pct;      /* one side; 0: not counted */
    dec_t slippage_pct; /* of the stop price; 0: not counted */
} sizing_request_t;

typedef struct {
    dec_t quantity;        /* a multiple of the step, within the maxima; 0 when below the minimum */
    dec_t risk_unit;       /* loss of one unit at the stop */
    dec_t risk_amount;     /* quantity * risk_unit, rounded up at 18 digits */
    dec_t risk_pct_needed; /* when below the minimum: what the smallest order would risk, rounded up */
} sizing_t;

/* RESULT_OK with quantity 0 and risk_pct_needed > 0: below the minimum. RESULT_BAD_ARGUMENT: basis, prices or percent senseless.
 * RESULT_NUMBER_OUT_OF_RANGE. *out untouched on failure. */
result_t sizing_compute(const sizing_request_t *request, const instrument_t *instrument, sizing_t *out);

/* What is lost when this quantity is stopped out as the request plans, rounded up. */
result_t sizing_risk(const sizing_request_t *request, dec_t quantity, dec_t *amount);

/* What the smallest order the venue takes would risk, in percent of the basis, rounded up. */
result_t sizing_percent_needed(const sizing_request_t *request, const instrument_t *instrument, dec_t *needed);

/* The step that both resting and market orders keep: the coarser of the two. */
dec_t sizing_step(const instrument_t *instrument);

/* The least quantity that can be entered and left: the larger of both minima. */
dec_t sizing_quantity_min(const instrument_t *instrument);

/* A wanted quantity made orderable at this price: not above the venue's maxima, cut toward zero to the step, 0 when below its
 * minima. RESULT_BAD_ARGUMENT: price or step not above 0. *fitted is untouched on failure. */
result_t sizing_fit(const instrument_t *instrument, dec_t price, dec_t quantity, dec_t *fitted);

/* rsi.h: Wilder's relative strength index.
 *
 * J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 6. The first value appears after `period` changes and is
 * seeded with their plain average, as TA-Lib does with an unstable period of 0. Values lie in [0, 100]; a flat series gives 50 here
 * (TA-Lib: 0; Pine: 100); the registry's option `flat` chooses.
 *   rsi_plain  Cutler's form: plain means of the last `period` gains and losses instead of Wilder's smoothing
 */
#pragma once

#include "core/indicator/registry.h"
#include "core/indicator/smooth.h"

typedef struct {
    bool started;
    double close_last;
    smooth_t gains, losses; /* averages of the changes up and down */
    double flat;            /* the value of a flat series */
} rsi_t;

/* period outside [2, INDICATOR_PERIOD_MAX] asserts; options from users are checked by the registry. */
void rsi_init(rsi_t *rsi, uint32_t period);

/* Consumes one close; the value, or NAN while warming up. O(1). */
double rsi_next(rsi_t *rsi, double close);

static inline double rsi_of(double gain, double loss, double flat)
{
    const double moved = gain + loss, share = gain / moved;
    return moved > 0.0 ? 100.0 * share : flat;
}

/* `count` closes at once, once warm: the averages that rsi_next leaves. */
void rsi_run(rsi_t *rsi, const double *close, size_t count, double *restrict gains, double *restrict losses);

/* The index itself. */
void rsi_index_run(rsi_t *rsi, const double *close, size_t count, double *restrict out);

/* out[i] == the i-th rsi_next, bit for bit. out may alias close. */
void rsi_series(uint32_t period, const double *close, size_t bars, double *out);

extern const indicator_kind_t indicator_rsi;
extern const indicator_kind_t indicator_rsi_plain;

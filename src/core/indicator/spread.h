/* spread.h: the mean of the last `period` values and their squared distances from it, exact, without drift, O(1) amortised.
 *
 * The block scheme of rolling.h over d = value - origin and d^2, the origin being the last value of the block before. What such
 * sums give is enough while the values lie as far apart as they lie from the origin; where they do not, the window is gone through
 * once more, value by value. A flat window gives exactly its value and 0.
 */
#pragma once

#include "core/indicator/rolling.h"

typedef struct {
    uint32_t period, at, seen; /* at: slot of the next value; seen is counted up to period */
    double share;              /* 1 / period */
    double origin;
    twin_t head;    /* sums of d and of d^2 */
    double *values; /* a ring of period */
    twin_t *tails;  /* a period of them */
} spread_t;

typedef struct {
    double mean, squares; /* sum of the squared distances */
} spread_value_t;

#define SPREAD_ROOM(period) (3 * (size_t)(period))

/* room: SPREAD_ROOM(period) doubles, borrowed. */
static inline void spread_init(spread_t *spread, uint32_t period, double *room)
{
    memset(room, 0, SPREAD_ROOM(period) * sizeof *room);
    *spread = (spread_t){.period = period, .share = 1.0 / (double)period, .values = room, .tails = (twin_t *)(room + period)};
}

#define SPREAD_ENOUGH 1e-3

/* What the sums give has lost digits: too little is left of the squares. */
static inline bool spread_is_lost(double left, double squares)
{
    return left <= SPREAD_ENOUGH * squares && squares > 0.0;
}

/* Value by value, in the order of the ring: the present block from its first, then what is left of the block before. */
spread_value_t spread_measured(const double *block, uint32_t block_count, const double *before, uint32_t before_count, double mean);

static inline twin_t spread_step(double value, double origin)
{
    const double d = value - origin;
    return (twin_t){d, d * d};
}

/* spread_next where there is more to do: while warming up, at the end of a block, and where digits are lost. */
spread_value_t spread_next_rarely(spread_t *spread, double value);

/* Both NAN while warming up. */
static inline spread_value_t spread_next(spread_t *spread, double value)
{
    const uint32_t at = spread->at, period = spread->period;
    if (__builtin_expect(spread->seen < period || at + 1 == period, 0)) {
        return spread_next_rarely(spread, value);
    }
    const double origin = spread->origin, share = spread->share;
    const twin_t head = spread->head + spread_step(value, origin), sums = head + spread->tails[at + 1];
    const spread_value_t now = {origin + sums[0] * share, sums[1] - sums[0] * sums[0] * share};
    if (__builtin_expect(spread_is_lost(now.squares, sums[1]), 0)) {
        return spread_next_rarely(spread, value);
    }
    spread->values[at] = value;
    spread->head = head;
    spread->at = at + 1;
    return now;
}

/* What is made of the squares: share x squares; or factor x the root of that; or the mean less that, and in `upper` the mean and
 * that (means are asked for then). */
typedef enum { SPREAD_SQUARES, SPREAD_ROOT, SPREAD_BANDS } spread_form_t;

typedef struct {
    double share, factor;
    spread_form_t form;
    double *upper;
} spread_give_t;

/* The next `count` values at once, once warm: the bits of spread_next. Reads the last period values before `values` too; what
 * spread_next reads is not kept. count <= INDICATOR_CHUNK; means may be NULL. False: the values may be bad. */
bool spread_run(spread_t *spread, const double *values, size_t count, spread_give_t give, double *restrict means,
                double *restrict out);

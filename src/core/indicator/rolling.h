/* rolling.h: sums, weighted sums, extremes, their places and lags of the last `period` values, O(1) amortised and without drift.
 *
 * One idea for all: the series is cut into blocks of `period` (M. van Herk, 1992; J. Gil and M. Werman, 1993). A window always is
 * the tail of the block before and the head of the present one. The head is kept as one running number; when a block is complete,
 * its slots are turned once, from the back, into the answers of all its tails. A window's answer is then tail (+) head: values only
 * ever come in, none is taken away again, so nothing is left behind however long it runs, and there is no branch on the data.
 *
 * Two forms with the same bits: x_next takes one value, x_run a stretch of them, block by block. The loops of one block do not wait
 * for those of the block before, so the processor works on several at once. A stretch is not written over its input.
 */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/indicator/indicator.h"
#include "core/indicator/lanes.h"

/* Doubles of a window that the caller lends. */
#define ROLLING_ROOM(period) ((size_t)(period))

/* How many of `count` values go into the present block. */
static inline size_t rolling_steps(uint32_t period, uint32_t at, size_t count)
{
    return count < period - at ? count : period - at;
}

static inline uint32_t rolling_seen(uint32_t period, uint32_t seen, size_t count)
{
    return count < period - seen ? seen + (uint32_t)count : period;
}

/* Shorter blocks than these do not pay for being turned into lanes. */
enum { ROLLING_LONG_LEAST = 5 };

/* --- the sum: NAN while warming up ------------------------------------------------------------- */

#define ROLLING(word)          rolling_sum_##word
#define ROLLING_VALUE          double
#define ROLLING_JOIN(a, b)     ((a) + (b))
#define ROLLING_NOTHING        0.0
#define ROLLING_BEFORE         NAN
#define ROLLING_GIVE(x, share) ((x) * (share))
#define ROLLING_LONG           lanes_window_sums
#include "core/indicator/rolling_block.h"

/* For means: what is given is the mean. */
static inline void rolling_mean_init(rolling_sum_t *sum, uint32_t period, double *room)
{
    rolling_sum_init(sum, period, room);
    sum->share = 1.0 / (double)period;
}

/* --- two sums at once: one step for both ------------------------------------------------------- */

typedef int64_t twin_mask_t __attribute__((vector_size(16), aligned(8)));

/* Values where the mask of a comparison is set, 0 elsewhere: no branch, which random prices make dear. */
static inline twin_t twin_where(twin_mask_t mask, twin_t values)
{
    return (twin_t)(mask & (twin_mask_t)values);
}

/* Twins as a column of doubles, first and second in turns, for loops over bars. */
static inline const double *twin_column(const twin_t *twins)
{
    return (const double *)twins;
}

/* Without their signs. */
static inline twin_t twin_size(twin_t values)
{
    return (twin_t)((twin_mask_t)values & (twin_mask_t){INT64_MAX, INT64_MAX});
}

#define ROLLING_TWIN_ROOM(period) (2 * (size_t)(period))

#define ROLLING(word)          rolling_twin_##word
#define ROLLING_VALUE          twin_t
#define ROLLING_JOIN(a, b)     ((a) + (b))
#define ROLLING_NOTHING        ((twin_t){0.0, 0.0})
#define ROLLING_BEFORE         ((twin_t){0.0, 0.0})
#define ROLLING_GIVE(x, share) ((void)(share), (x))
#include "core/indicator/rolling_block.h"

/* --- the weighted sum: 1 x oldest + ... + period x newest ------------------------------------- */

typedef struct {
    uint32_t period, at, seen;
    double head, heads;             /* the head's sum; all the sums that it had before */
    double *tails, *tails_weighted; /* borrowed: ROLLING_WEIGHTED_ROOM(period) doubles for both */
} rolling_weighted_t;

typedef struct {
    double sum, weighted;
} rolling_weighted_value_t;

#define ROLLING_WEIGHTED_ROOM(period) (2 * (size_t)(period))

static inline void rolling_weighted_init(rolling_weighted_t *line, uint32_t period, double *room)
{
    memset(room, 0, ROLLING_WEIGHTED_ROOM(period) * sizeof *room);
    *line = (rolling_weighted_t){.period = period, .tails = room, .tails_weighted = room + period};
}

static inline void rolling_weighted_turn(rolling_weighted_t *line, uint32_t count, double tail, double weighted)
{
    for (uint32_t i = count; i-- > 1;) {
        tail += line->tails[i];
        weighted += tail;
        line->tails[i] = tail;
        line->tails_weighted[i] = weighted;
    }
    line->at = 0;
    line->head = line->heads = 0.0;
}

/* The newest value weighs period, each older one 1 less for every step since: period x head - all heads before. */
static inline rolling_weighted_value_t rolling_weighted_next(rolling_weighted_t *line, double value)
{
    const uint32_t at = line->at;
    const double heads = line->heads + line->head, head = line->head + value;
    const rolling_weighted_value_t now = {head, (double)line->period * head - heads};
    line->tails[at] = value;
    line->seen += line->seen < line->period ? 1 : 0;
    if (at + 1 == line->period) {
        rolling_weighted_turn(line, line->period, 0.0, 0.0);
        return now;
    }
    line->head = head;
    line->heads = heads;
    line->at = at + 1;
    return (rolling_weighted_value_t){line->tails[at + 1] + now.sum, line->tails_weighted[at + 1] + now.weighted};
}

/* Where the answers of a run go; sums may be NULL where they are never asked for, then their tails are not kept. What is weighted
 * is given times share. */
typedef struct {
    double *sums, *weighted, share;
} rolling_weighted_out_t;

/* The weighted sums, times share, over `count` values, a whole number of four blocks of n that begins with one. tails: slots 1 .. n
 * - 1 of the block before; afterwards of the last block. */
void rolling_weighted_blocks(const double *values, size_t n, size_t count, double share, double *tails, double *restrict out);

/* The next `count` values at once: the bits of next. */
static inline void rolling_weighted_run(rolling_weighted_t *line, const double *values, size_t count, rolling_weighted_out_t out)
{
    double *restrict sums = out.sums, *restrict weighted = out.weighted;
    const double n = (double)line->period;
    const size_t four = 4 * (size_t)line->period;
    line->seen = rolling_seen(line->period, line->seen, count);
    while (count > 0) {
        const uint32_t at = line->at;
        if (at == 0 && count >= four) {
            const size_t taken = count / four * four;
            rolling_weighted_blocks(values, line->period, taken, out.share, line->tails_weighted, weighted);
            for (size_t i = 0; sums != NULL && i < taken; i += four) {
                lanes_window_sums(values + i, line->period, 1.0, line->tails, sums + i);
            }
            values += taken;
            weighted += taken;
            sums = sums != NULL ? sums + taken : NULL;
            count -= taken;
            continue;
        }
        const size_t steps = rolling_steps(line->period, at, count);
        const bool completes = at + steps == line->period;
        double head = line->head, heads = line->heads, tail = 0.0, tail_weighted = 0.0;
        double *tails = line->tails + at, *tails_weighted = line->tails_weighted + at;
        for (size_t k = 0; k + completes < steps; k++) {
            heads += head;
            head += values[k];
            weighted[k] = (tails_weighted[k + 1] + (n * head - heads)) * out.share;
            if (sums != NULL) {
                sums[k] = tails[k + 1] + head;
            }
        }
        if (completes) {
            const size_t last = steps - 1;
            heads += head;
            head += values[last];
            weighted[last] = (n * head - heads) * out.share;
            if (sums != NULL) {
                sums[last] = head;
            }
            for (size_t k = steps; k-- > 0;) {
                tail += values[k];
                tail_weighted += tail;
                tails_weighted[k] = tail_weighted;
                if (sums != NULL) {
                    tails[k] = tail;
                }
            }
            rolling_weighted_turn(line, at, tail, tail_weighted);
        } else {
            memcpy(tails, values, steps * sizeof *tails);
            line->head = head;
            line->heads = heads;
            line->at = at + (uint32_t)steps;
        }
        values += steps;
        weighted += steps;
        sums = sums != NULL ? sums + steps : NULL;
        count -= steps;
    }
}

/* --- the extreme ------------------------------------------------------------------------------ */

static inline double rolling_larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double rolling_smaller(double a, double b)
{
    return a < b ? a : b;
}

#define ROLLING(word)          rolling_max_##word
#define ROLLING_VALUE          double
#define ROLLING_JOIN(a, b)     rolling_larger(a, b)
#define ROLLING_NOTHING        -INFINITY
#define ROLLING_BEFORE         -INFINITY
#define ROLLING_GIVE(x, share) ((void)(share), (x))
#include "core/indicator/rolling_block.h"

#define ROLLING(word)          rolling_min_##word
#define ROLLING_VALUE          double
#define ROLLING_JOIN(a, b)     rolling_smaller(a, b)
#define ROLLING_NOTHING        INFINITY
#define ROLLING_BEFORE         INFINITY
#define ROLLING_GIVE(x, share) ((void)(share), (x))
#include "core/indicator/rolling_block.h"

/* --- how long ago the highest was ------------------------------------------------------------- */

typedef enum { ROLLING_NEWEST, ROLLING_OLDEST } rolling_tie_t; /* which of equal values counts */

typedef struct {
    uint32_t period, at, seen;
    rolling_tie_t tie;
    double value; /* the highest itself */
    double head;
    uint32_t head_at;
    double *tails;     /* borrowed: ROLLING_PLACE_ROOM(period) doubles for both */
    uint32_t *tail_at; /* slots of the tails' highest */
} rolling_place_t;

#define ROLLING_PLACE_ROOM(period) (2 * ROLLING_ROOM(period))

static inline void rolling_place_init(rolling_place_t *place, uint32_t period, rolling_tie_t tie, double *room)
{
    *place = (rolling_place_t){
        .period = period, .tie = tie, .head = -INFINITY, .tails = room, .tail_at = (uint32_t *)(room + ROLLING_ROOM(period))};
    for (uint32_t i = 0; i < period; i++) {
        place->tails[i] = -INFINITY;
        place->tail_at[i] = 0;
    }
}

/* One of two whole numbers, without a branch. */
static inline uint32_t rolling_chosen(bool first, uint32_t a, uint32_t b)
{
    const uint32_t mask = -(uint32_t)first;
    return (a & mask) | (b & ~mask);
}

static inline void rolling_place_turn(rolling_place_t *place)
{
    double tail = -INFINITY;
    uint32_t tail_at = 0;
    const bool oldest = place->tie == ROLLING_OLDEST;
    for (uint32_t i = place->period; i-- > 1;) {
        const double value = place->tails[i];
        tail_at = rolling_chosen(oldest ? value >= tail : value > tail, i, tail_at);
        tail = rolling_larger(tail, value);
        place->tails[i] = tail;
        place->tail_at[i] = tail_at;
    }
    place->at = 0;
    place->head = -INFINITY;
}

/* Bars since the highest of the last min(seen, period) values: 0 when it is this one. For the lowest, pass the values negated. */
static inline uint32_t rolling_place_next(rolling_place_t *place, double value)
{
    const uint32_t at = place->at, period = place->period;
    const bool newest = place->tie == ROLLING_NEWEST, completes = at + 1 == period;
    place->head_at = rolling_chosen(newest ? value >= place->head : value > place->head, at, place->head_at);
    place->head = rolling_larger(place->head, value);
    const double tail = completes ? -INFINITY : place->tails[at + 1];
    const uint32_t tail_at = completes ? 0 : place->tail_at[at + 1];
    const bool in_head = newest ? place->head >= tail : place->head > tail;
    const uint32_t age = rolling_chosen(in_head, at - place->head_at, at + period - tail_at);
    place->value = rolling_larger(tail, place->head);
    place->tails[at] = value;
    place->seen += place->seen < period ? 1 : 0;
    place->at = at + 1;
    if (completes) {
        rolling_place_turn(place);
    }
    return age;
}

/* --- the value some bars ago ------------------------------------------------------------------ */

/* Pointers and a foreseen branch: the place is all that one bar leaves for the next, so nothing else may stand in its way. */
typedef struct {
    double *ring, *end; /* borrowed: NAN before the first values */
    double *place;      /* the oldest, where the next value goes */
} lag_t;

static inline void lag_init(lag_t *lag, uint32_t period, double *room)
{
    *lag = (lag_t){.ring = room, .end = room + period, .place = room};
    for (uint32_t i = 0; i < period; i++) {
        room[i] = NAN;
    }
}

static inline size_t lag_period(const lag_t *lag)
{
    return (size_t)(lag->end - lag->ring);
}

/* Consumes one value; the one `period` bars before it, or NAN while there is none. */
static inline double lag_next(lag_t *lag, double value)
{
    double *place = lag->place;
    const double before = *place;
    *place++ = value;
    if (__builtin_expect(place == lag->end, 0)) {
        place = lag->ring;
    }
    lag->place = place;
    return before;
}

/* The next `count` values at once: before[i] is what lag_next gives for values[i]. */
static inline void lag_run(lag_t *lag, const double *values, size_t count, double *restrict before)
{
    const size_t period = lag_period(lag), kept = count < period ? count : period;
    for (size_t i = 0; i < kept; i++) {
        before[i] = lag_next(lag, values[count - kept + i]);
    }
    for (size_t i = period; i < count; i++) {
        before[i] = values[i - period];
    }
}

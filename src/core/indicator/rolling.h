/* rolling.h: sums, weighted sums, extremes and lags of the last `period` values, exact in O(1) amortised and without drift.
 *
 * One idea for all: the series is cut into blocks of `period`. A window always is the tail of the block before and the head of the
 * present one. The head is kept as one running number; when a block is complete, its slots are turned once, from the back, into the
 * answers of all its tails. A window's answer is then tail (+) head: values only ever come in, none is taken away again, so nothing
 * is left behind however long it runs, and there is no branch on the data.
 */
#pragma once

#include <stdbool.h>
#include <string.h>

#include "core/indicator/indicator.h"

/* --- the sum ---------------------------------------------------------------------------------- */

typedef struct {
    uint32_t period, at; /* at: slot of the next value */
    uint32_t seen;       /* counted up to period */
    double head;
    double *tails; /* borrowed: ROLLING_ROOM(period) doubles; slots before `at` hold raw values */
} rolling_sum_t;

#define ROLLING_ROOM(period) ((size_t)(period) + 1)

static inline void rolling_sum_init(rolling_sum_t *sum, uint32_t period, double *room)
{
    memset(room, 0, ROLLING_ROOM(period) * sizeof *room);
    *sum = (rolling_sum_t){.period = period, .tails = room};
}

/* Sum of the last min(seen, period) values, this one included. */
static inline double rolling_sum_next(rolling_sum_t *sum, double value)
{
    const uint32_t at = sum->at;
    sum->head += value;
    const double whole = sum->tails[at + 1] + sum->head;
    sum->tails[at] = value;
    sum->seen += sum->seen < sum->period ? 1 : 0;
    sum->at = at + 1;
    if (sum->at == sum->period) {
        double tail = 0.0;
        for (uint32_t i = sum->period; i-- > 0;) {
            tail += sum->tails[i];
            sum->tails[i] = tail;
        }
        sum->at = 0;
        sum->head = 0.0;
    }
    return whole;
}

static inline bool rolling_sum_is_warm(const rolling_sum_t *sum)
{
    return sum->seen == sum->period;
}

/* The mean, or NAN while warming up. */
static inline double rolling_mean_next(rolling_sum_t *sum, double value)
{
    const double whole = rolling_sum_next(sum, value);
    return sum->seen == sum->period ? whole / (double)sum->period : NAN;
}

/* --- the weighted sum: 1 x oldest + ... + period x newest ------------------------------------- */

typedef struct {
    uint32_t period, at, seen;
    double head, head_weighted;
    double *tails, *tails_weighted; /* borrowed: 2 * ROLLING_ROOM(period) doubles */
} rolling_weighted_t;

typedef struct {
    double sum, weighted;
} rolling_weighted_value_t;

static inline void rolling_weighted_init(rolling_weighted_t *line, uint32_t period, double *room)
{
    memset(room, 0, 2 * ROLLING_ROOM(period) * sizeof *room);
    *line = (rolling_weighted_t){.period = period, .tails = room, .tails_weighted = room + ROLLING_ROOM(period)};
}

static inline rolling_weighted_value_t rolling_weighted_next(rolling_weighted_t *line, double value)
{
    const uint32_t at = line->at;
    line->head += value;
    line->head_weighted += (double)(at + 1) * value;
    const double lift = (double)(line->period - 1 - at); /* the head's weights begin behind the tail's */
    const rolling_weighted_value_t whole = {line->tails[at + 1] + line->head,
                                            line->tails_weighted[at + 1] + (line->head_weighted + lift * line->head)};
    line->tails[at] = value;
    line->seen += line->seen < line->period ? 1 : 0;
    line->at = at + 1;
    if (line->at == line->period) {
        double tail = 0.0, weighted = 0.0;
        for (uint32_t i = line->period; i-- > 0;) {
            tail += line->tails[i];
            weighted += tail;
            line->tails[i] = tail;
            line->tails_weighted[i] = weighted;
        }
        line->at = 0;
        line->head = line->head_weighted = 0.0;
    }
    return whole;
}

/* --- the extreme ------------------------------------------------------------------------------ */

typedef struct {
    uint32_t period, at, seen;
    double head;
    double *tails; /* borrowed: ROLLING_ROOM(period) doubles */
} rolling_extreme_t;

static inline void rolling_extreme_init(rolling_extreme_t *extreme, uint32_t period, double *room, double nothing)
{
    for (size_t i = 0; i < ROLLING_ROOM(period); i++) {
        room[i] = nothing;
    }
    *extreme = (rolling_extreme_t){.period = period, .head = nothing, .tails = room};
}

static inline double rolling_larger(double a, double b)
{
    return a > b ? a : b;
}

static inline double rolling_smaller(double a, double b)
{
    return a < b ? a : b;
}

static inline double rolling_extreme_next(rolling_extreme_t *extreme, double value, double nothing,
                                          double (*better)(double, double))
{
    const uint32_t at = extreme->at;
    extreme->head = better(extreme->head, value);
    const double best = better(extreme->tails[at + 1], extreme->head);
    extreme->tails[at] = value;
    extreme->seen += extreme->seen < extreme->period ? 1 : 0;
    extreme->at = at + 1;
    if (extreme->at == extreme->period) {
        double tail = nothing;
        for (uint32_t i = extreme->period; i-- > 0;) {
            tail = better(tail, extreme->tails[i]);
            extreme->tails[i] = tail;
        }
        extreme->at = 0;
        extreme->head = nothing;
    }
    return best;
}

/* room: ROLLING_ROOM(period) doubles. next: the extreme of the last min(seen, period) values. */
static inline void rolling_max_init(rolling_extreme_t *extreme, uint32_t period, double *room)
{
    rolling_extreme_init(extreme, period, room, -INFINITY);
}

static inline double rolling_max_next(rolling_extreme_t *extreme, double value)
{
    return rolling_extreme_next(extreme, value, -INFINITY, rolling_larger);
}

static inline void rolling_min_init(rolling_extreme_t *extreme, uint32_t period, double *room)
{
    rolling_extreme_init(extreme, period, room, INFINITY);
}

static inline double rolling_min_next(rolling_extreme_t *extreme, double value)
{
    return rolling_extreme_next(extreme, value, INFINITY, rolling_smaller);
}

static inline bool rolling_extreme_is_warm(const rolling_extreme_t *extreme)
{
    return extreme->seen == extreme->period;
}

/* --- how long ago the highest was ------------------------------------------------------------- */

typedef enum { ROLLING_NEWEST, ROLLING_OLDEST } rolling_tie_t; /* which of equal values counts */

typedef struct {
    uint32_t period, at, seen;
    rolling_tie_t tie;
    double head;
    uint32_t head_at;
    double *tails;   /* borrowed: ROLLING_PLACE_ROOM(period) doubles for both */
    double *tail_at; /* slots of the tails' highest, whole numbers */
} rolling_place_t;

#define ROLLING_PLACE_ROOM(period) (2 * ROLLING_ROOM(period))

static inline void rolling_place_init(rolling_place_t *place, uint32_t period, rolling_tie_t tie, double *room)
{
    *place =
        (rolling_place_t){.period = period, .tie = tie, .head = -INFINITY, .tails = room, .tail_at = room + ROLLING_ROOM(period)};
    for (size_t i = 0; i < ROLLING_ROOM(period); i++) {
        place->tails[i] = -INFINITY;
        place->tail_at[i] = 0.0;
    }
}

static inline void rolling_place_turn(rolling_place_t *place)
{
    double tail = -INFINITY, tail_at = 0.0;
    for (uint32_t i = place->period; i-- > 0;) {
        const double value = place->tails[i];
        if (value > tail || (value == tail && place->tie == ROLLING_OLDEST)) {
            tail = value;
            tail_at = (double)i;
        }
        place->tails[i] = tail;
        place->tail_at[i] = tail_at;
    }
    place->at = 0;
    place->head = -INFINITY;
}

/* Bars since the highest of the last min(seen, period) values: 0 when it is this one. For the lowest, pass the values negated. */
static inline uint32_t rolling_place_next(rolling_place_t *place, double value)
{
    const uint32_t at = place->at;
    if (value > place->head || (value == place->head && place->tie == ROLLING_NEWEST)) {
        place->head = value;
        place->head_at = at;
    }
    const double tail = place->tails[at + 1];
    const bool in_head = place->head > tail || (place->head == tail && place->tie == ROLLING_NEWEST);
    const uint32_t age = in_head ? at - place->head_at : at + place->period - (uint32_t)place->tail_at[at + 1];
    place->tails[at] = value;
    place->seen += place->seen < place->period ? 1 : 0;
    place->at = at + 1;
    if (place->at == place->period) {
        rolling_place_turn(place);
    }
    return age;
}

/* --- the value some bars ago ------------------------------------------------------------------ */

typedef struct {
    uint32_t period, at, seen;
    double *ring; /* borrowed: period doubles */
} lag_t;

static inline void lag_init(lag_t *lag, uint32_t period, double *room)
{
    *lag = (lag_t){.period = period, .ring = room};
}

/* Consumes one value; the one `period` bars before it, or NAN while there is none. */
static inline double lag_next(lag_t *lag, double value)
{
    const double before = lag->seen == lag->period ? lag->ring[lag->at] : NAN;
    lag->seen += lag->seen < lag->period ? 1 : 0;
    lag->ring[lag->at] = value;
    lag->at = lag->at + 1 == lag->period ? 0 : lag->at + 1;
    return before;
}

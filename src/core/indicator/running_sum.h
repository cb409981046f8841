/* running_sum.h: a sum without end, without drift: added plainly in blocks, and block by block in two doubles.
 *
 * A bar waits for the one before it for a single addition, and the blocks of a series do not wait for each other at all: only what
 * stands before them does. Two forms with the same bits: running_sum_next takes one value, running_sum_run a stretch of them.
 */
#pragma once

#include "core/indicator/rolling.h"

enum { RUNNING_BLOCK = 30, RUNNING_SIDES = 4 };

typedef struct {
    exact_sum_t base; /* of the blocks that are complete: what their additions rounded away stands in low */
    double start;     /* base as one double */
    double head;      /* of the present block */
    uint32_t at;
} running_sum_t;

static inline void running_sum_turn(running_sum_t *sum, double block)
{
    const exact_sum_t now = exact_two_sum(sum->base.high, block);
    sum->base = (exact_sum_t){now.high, sum->base.low + now.low};
    sum->start = sum->base.high + sum->base.low;
    sum->head = 0.0;
    sum->at = 0;
}

static inline double running_sum_next(running_sum_t *sum, double value)
{
    sum->head += value;
    const double whole = sum->start + sum->head;
    sum->at++;
    if (sum->at == RUNNING_BLOCK) {
        running_sum_turn(sum, sum->head);
    }
    return whole;
}

/* Four whole blocks side by side, two neighbours a step, then what stands before them. */
static inline void running_sum_four(running_sum_t *sum, const double *values, double *restrict out)
{
    double heads[RUNNING_SIDES] = {0.0};
    for (size_t k = 0; k < RUNNING_BLOCK; k += 2) {
        for (size_t b = 0; b < RUNNING_SIDES; b++) {
            const double *const two = values + b * RUNNING_BLOCK + k, first = heads[b] + two[0];
            heads[b] = first + two[1];
            twin_put(out + b * RUNNING_BLOCK + k, first, heads[b]);
        }
    }
    for (size_t b = 0; b < RUNNING_SIDES; b++, out += RUNNING_BLOCK) {
        const double start = sum->start;
        for (size_t k = 0; k < RUNNING_BLOCK; k++) {
            out[k] = start + out[k];
        }
        running_sum_turn(sum, heads[b]);
    }
}

/* The next `count` values at once: the bits of running_sum_next. */
static inline void running_sum_run(running_sum_t *sum, const double *values, size_t count, double *restrict out)
{
    while (count > 0) {
        const bool whole = sum->at == 0 && count >= (size_t)RUNNING_SIDES * RUNNING_BLOCK;
        const size_t steps = whole ? (size_t)RUNNING_SIDES * RUNNING_BLOCK : 1;
        if (whole) {
            running_sum_four(sum, values, out);
        } else {
            out[0] = running_sum_next(sum, values[0]);
        }
        values += steps;
        out += steps;
        count -= steps;
    }
}

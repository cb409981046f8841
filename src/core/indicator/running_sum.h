/* running_sum.h: a sum without end, without drift: added plainly in blocks, and block by block in two doubles.
 *
 * A bar waits for the one before it for a single addition, and the blocks of a series do not wait for each other at all: only what
 * stands before them does. Two forms with the same bits: running_sum_next takes one value, running_sum_run a stretch of them.
 */
#pragma once

#include "core/indicator/rolling.h"

enum { RUNNING_BLOCK = 30 };

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

/* A whole block. */
static inline void running_sum_block(running_sum_t *sum, const double *values, double *restrict out)
{
    const double start = sum->start;
    double head = 0.0;
    for (size_t k = 0; k < RUNNING_BLOCK; k++) {
        head += values[k];
        out[k] = start + head;
    }
    running_sum_turn(sum, head);
}

/* The next `count` values at once: the bits of running_sum_next. */
static inline void running_sum_run(running_sum_t *sum, const double *values, size_t count, double *restrict out)
{
    for (size_t i = 0; i < count;) {
        if (sum->at == 0 && count - i >= RUNNING_BLOCK) {
            running_sum_block(sum, values + i, out + i);
            i += RUNNING_BLOCK;
        } else {
            out[i] = running_sum_next(sum, values[i]);
            i++;
        }
    }
}

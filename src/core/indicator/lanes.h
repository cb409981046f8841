/* lanes.h: four blocks of a series as the four lanes of vectors, for work that runs along each block but not across them.
 *
 * lanes[k] holds slot k of four blocks of n bars that stand one behind the other. They go in and out two slots a step.
 */
#pragma once

#include "core/indicator/rolling.h"

enum { LANES = 4, LANES_SLOTS_MAX = INDICATOR_CHUNK / LANES };

#define LANES_EVEN(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define LANES_ODD(a, b)  __builtin_shufflevector(a, b, 1, 5, 3, 7)

/* What the block before each lane's has: `before` for the first, the lanes themselves for the others. */
#define LANES_BEFORE(lanes, before) __builtin_shufflevector(lanes, (four_t){before, 0.0, 0.0, 0.0}, 4, 0, 1, 2)

static inline void lanes_in(const double *values, size_t n, four_t *restrict lanes)
{
    size_t k = 0;
    for (; k + 2 <= n; k += 2) {
        const double *const v = values + k;
        const four_t a = __builtin_shufflevector(twin_at(v), twin_at(v + 2 * n), 0, 1, 2, 3);
        const four_t b = __builtin_shufflevector(twin_at(v + n), twin_at(v + 3 * n), 0, 1, 2, 3);
        lanes[k] = LANES_EVEN(a, b);
        lanes[k + 1] = LANES_ODD(a, b);
    }
    if (k < n) {
        lanes[k] = (four_t){values[k], values[n + k], values[2 * n + k], values[3 * n + k]};
    }
}

static inline void lanes_out(const four_t *lanes, size_t n, double *restrict values)
{
    size_t k = 0;
    for (; k + 2 <= n; k += 2) {
        double *const v = values + k;
        const four_t a = LANES_EVEN(lanes[k], lanes[k + 1]), b = LANES_ODD(lanes[k], lanes[k + 1]);
        *(twin_t *)v = __builtin_shufflevector(a, a, 0, 1);
        *(twin_t *)(v + n) = __builtin_shufflevector(b, b, 0, 1);
        *(twin_t *)(v + 2 * n) = __builtin_shufflevector(a, a, 2, 3);
        *(twin_t *)(v + 3 * n) = __builtin_shufflevector(b, b, 2, 3);
    }
    for (size_t b = 0; k < n && b < LANES; b++) {
        values[b * n + k] = lanes[k][b];
    }
}

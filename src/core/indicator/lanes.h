/* lanes.h: vectors of two and of four doubles; and four blocks of a series as the four lanes of vectors, for work that runs along
 * each block but not across them.
 *
 * lanes[k] holds slot k of four blocks of n bars that stand one behind the other. They go in and out two slots a step.
 */
#pragma once

#include "core/indicator/indicator.h"

/* Two neighbours at once. */
typedef double twin_t __attribute__((vector_size(16), aligned(8)));

static inline twin_t twin_at(const double *two)
{
    return *(const twin_t *)two;
}

/* Four neighbours, for loops over bars: one AVX register, or two of every x86-64 processor. */
typedef double four_t __attribute__((vector_size(32), aligned(8)));

typedef int64_t four_mask_t __attribute__((vector_size(32), aligned(8)));

#define FOUR_SIZE(values) ((four_t)((four_mask_t)(values) & (four_mask_t){INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX}))

static inline four_t *four_at(const double *values)
{
    return (four_t *)values;
}

/* Of two vectors what a mask says, and one of them or 0. Written out: of a choice between two loaded values the compiler may make
 * loads under a mask, lane by lane. */
#define FOUR_CHOSEN(mask, a, b)  ((four_t)(((four_mask_t)(a) & (mask)) | ((four_mask_t)(b) & ~(mask))))
#define FOUR_WHERE(mask, values) ((four_t)((four_mask_t)(values) & (mask)))

/* Sizes of values, added up: a sum below the bound has no part above it, and NaN stays in it. */
typedef struct {
    four_t parts[4];
    double rest;
} sizes_t;

static inline bool sizes_are_good(const sizes_t *sizes)
{
    const four_t all = (sizes->parts[0] + sizes->parts[1]) + (sizes->parts[2] + sizes->parts[3]);
    return indicator_value_is_good((all[0] + all[1]) + (all[2] + all[3]) + sizes->rest);
}

enum { LANES = 4, LANES_SLOTS_MAX = INDICATOR_CHUNK / LANES };

/* Room for the slots of four blocks; none lies across two lines of the cache, as every second would where they are laid anyhow. */
typedef four_t lanes_t[LANES_SLOTS_MAX + 1] __attribute__((aligned(sizeof(four_t))));

#define LANES_EVEN(a, b) __builtin_shufflevector(a, b, 0, 4, 2, 6)
#define LANES_ODD(a, b)  __builtin_shufflevector(a, b, 1, 5, 3, 7)

/* What the block before each lane's has: `before` for the first, the lanes themselves for the others. */
#define LANES_BEFORE(lanes, before) __builtin_shufflevector(lanes, (four_t){before, 0.0, 0.0, 0.0}, 4, 0, 1, 2)

/* Two slots of four blocks of n. */
static inline void lanes_in_two(const double *values, size_t n, four_t *first, four_t *second)
{
    const four_t a = __builtin_shufflevector(twin_at(values), twin_at(values + 2 * n), 0, 1, 2, 3);
    const four_t b = __builtin_shufflevector(twin_at(values + n), twin_at(values + 3 * n), 0, 1, 2, 3);
    *first = LANES_EVEN(a, b);
    *second = LANES_ODD(a, b);
}

static inline void lanes_out_two(const four_t *first, const four_t *second, size_t n, double *restrict values)
{
    const four_t a = LANES_EVEN(*first, *second), b = LANES_ODD(*first, *second);
    *(twin_t *)values = __builtin_shufflevector(a, a, 0, 1);
    *(twin_t *)(values + n) = __builtin_shufflevector(b, b, 0, 1);
    *(twin_t *)(values + 2 * n) = __builtin_shufflevector(a, a, 2, 3);
    *(twin_t *)(values + 3 * n) = __builtin_shufflevector(b, b, 2, 3);
}

/* The last slot, where n is odd. */
static inline void lanes_in_last(const double *values, size_t n, four_t *last)
{
    const twin_t a = {values[n - 1], values[2 * n - 1]}, b = {values[3 * n - 1], values[4 * n - 1]};
    *last = __builtin_shufflevector(a, b, 0, 1, 2, 3);
}

static inline void lanes_out_last(const four_t *last, size_t n, double *restrict values)
{
    for (size_t b = 0; b < LANES; b++) {
        values[b * n + n - 1] = (*last)[b];
    }
}

static inline void lanes_in(const double *values, size_t n, four_t *restrict lanes)
{
    for (size_t k = 0; k + 1 < n; k += 2) {
        lanes_in_two(values + k, n, &lanes[k], &lanes[k + 1]);
    }
    if (n % 2 != 0) {
        lanes_in_last(values, n, &lanes[n - 1]);
    }
}

static inline void lanes_out(const four_t *lanes, size_t n, double *restrict values)
{
    for (size_t k = 0; k + 1 < n; k += 2) {
        lanes_out_two(&lanes[k], &lanes[k + 1], n, values + k);
    }
    if (n % 2 != 0) {
        lanes_out_last(&lanes[n - 1], n, values);
    }
}

/* Sums of windows of n values, times share, in the block scheme of rolling.h: the tails from the back, then the heads and what both
 * make. tails: slots 1 .. n - 1 of the block before the first; afterwards of the last block. */
static inline void lanes_window_sums(const double *values, size_t n, double share, double *tails, double *restrict out)
{
    lanes_t in, behind;
    four_t sum = {0.0};
    size_t k = n;
    if (n % 2 != 0) {
        k--;
        lanes_in_last(values, n, &in[k]);
        behind[k] = sum = in[k];
    }
    for (; k > 0; k -= 2) {
        lanes_in_two(values + k - 2, n, &in[k - 2], &in[k - 1]);
        behind[k - 1] = sum += in[k - 1];
        behind[k - 2] = sum += in[k - 2];
    }
    sum = (four_t){0.0};
    for (; k + 2 < n; k += 2) {
        sum += in[k];
        const four_t first = (LANES_BEFORE(behind[k + 1], tails[k + 1]) + sum) * share;
        sum += in[k + 1];
        const four_t second = (LANES_BEFORE(behind[k + 2], tails[k + 2]) + sum) * share;
        tails[k + 1] = behind[k + 1][LANES - 1];
        tails[k + 2] = behind[k + 2][LANES - 1];
        lanes_out_two(&first, &second, n, out + k);
    }
    four_t last = sum + in[k];
    if (k + 2 == n) {
        const four_t first = (LANES_BEFORE(behind[k + 1], tails[k + 1]) + last) * share;
        tails[k + 1] = behind[k + 1][LANES - 1];
        last = (last + in[k + 1]) * share;
        lanes_out_two(&first, &last, n, out + k);
    } else {
        last *= share;
        lanes_out_last(&last, n, out);
    }
}

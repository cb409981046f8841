/* indicator.h: what all indicators share: their conventions, their limits, and exact sums that do not drift.
 *
 * An indicator is one file: a struct, x_init, x_next (one bar, O(1) amortised, no allocation) and x_series (the whole series, the
 * same bits), and a row for the registry (registry.h). Conventions for all of them:
 *   - values equal TA-Lib's with default settings and an unstable period of 0; a difference is named in the registry;
 *   - NaN until warm, and never after; the number of leading NaN is known from the options;
 *   - inputs are finite and |x| <= INDICATOR_VALUE_MAX (prices come from dec_t, so they are); the functions assert it, the registry
 * checks it;
 *   - no absolute epsilon: a coin at 0.00000001 gets the same answers as one at 100,000.
 *
 * double is right here: indicators are statistics. Money never is one.
 */
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    INDICATOR_PERIOD_MAX = 5000,
    INDICATOR_CHUNK = 320, /* most bars that a series takes at once: what is made of them on the way stays in the nearest cache */
};

#define INDICATOR_VALUE_MAX 1e100
/* Of what indicators make of inputs on the way and average again: a price times a volume, summed over all bars. */
#define INDICATOR_DERIVED_MAX 1e250

/* A function over a stretch of a series, built twice: for every x86-64 processor, and for those with AVX2, four values a step. The
 * loader takes the one that fits. The bits are the same: each lane is plain IEEE arithmetic, and AVX2 alone contracts nothing.
 * flatten: what it calls is built for the same processor. clang (14) gives the choosers of static functions global names, so it
 * builds them once. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__)
#define INDICATOR_WIDE __attribute__((target_clones("avx2", "default"), flatten))
#else
#define INDICATOR_WIDE
#endif

/* A sum kept in two doubles (about 106 bits), so that adding and taking away a million values leaves nothing behind. */
typedef struct {
    double high, low;
} exact_sum_t;

/* Knuth's two-sum: a + b == sum + rest exactly. */
static inline exact_sum_t exact_two_sum(double a, double b)
{
    double sum = a + b;
    double b_seen = sum - a;
    return (exact_sum_t){sum, (a - (sum - b_seen)) + (b - b_seen)};
}

/* Dekker's two-product by splitting: a * b == high + low exactly (no fused multiply-add: the same bits on every machine). */
static inline exact_sum_t exact_two_product(double a, double b)
{
    const double splitter = 134217729.0; /* 2^27 + 1 */
    double product = a * b;
    double a_wide = splitter * a, b_wide = splitter * b;
    double a_high = a_wide - (a_wide - a), b_high = b_wide - (b_wide - b);
    double a_low = a - a_high, b_low = b - b_high;
    return (exact_sum_t){product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

static inline exact_sum_t exact_add(exact_sum_t a, exact_sum_t b)
{
    exact_sum_t high = exact_two_sum(a.high, b.high);
    exact_sum_t low = exact_two_sum(a.low, b.low);
    exact_sum_t once = exact_two_sum(high.high, high.low + low.high);
    return exact_two_sum(once.high, once.low + low.low);
}

/* exact_add of a sum and a plain double, without the steps that add zeros: the same bits in half the time. */
static inline exact_sum_t exact_add_double(exact_sum_t a, double b)
{
    const exact_sum_t high = exact_two_sum(a.high, b);
    return exact_two_sum(high.high, a.low + high.low);
}

static inline exact_sum_t exact_negate(exact_sum_t a)
{
    return (exact_sum_t){-a.high, -a.low};
}

static inline exact_sum_t exact_multiply(exact_sum_t a, exact_sum_t b)
{
    exact_sum_t product = exact_two_product(a.high, b.high);
    return exact_two_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

/* x above 0, else 0; exact, and without a branch, which random prices make dear. */
static inline double positive_part(double x)
{
    return 0.5 * (fabs(x) + x);
}

/* True when a value equals the one before it, or may: where only the signs differ it says so too. No branch on the data. */
static inline bool neighbours_are_equal(const double *values, size_t count)
{
    uint64_t found = 0;
    for (size_t i = 1; i < count; i++) {
        uint64_t now, before;
        memcpy(&now, &values[i], sizeof now);
        memcpy(&before, &values[i - 1], sizeof before);
        const uint64_t difference = (now ^ before) << 1;
        found |= (difference - 1) & ~difference; /* the top bit is set for a difference of 0 only */
    }
    return found >> 63 != 0;
}

/* True for what an indicator may consume. NaN and infinity fail the comparison. */
static inline int indicator_value_is_good(double x)
{
    return fabs(x) <= INDICATOR_VALUE_MAX;
}

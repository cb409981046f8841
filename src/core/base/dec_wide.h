/* dec_wide.h: 256-bit products and exact division of them, private to dec.
 *
 * A product of two dec_t has up to 253 bits. Dividing it costs one hardware division (for the reciprocal of the divisor) and a few
 * multiplications: N. Moeller, T. Granlund, "Improved division by invariant integers", IEEE Transactions on Computers 60 (2011),
 * algorithms 4 (2 by 1), 5 (3 by 2) and 6 (reciprocal). For the divisor 10^18 the reciprocal is a constant. Every division is
 * exact: the quotient, and how what is left compares with half the divisor; no rounding here.
 */
#pragma once

#include "core/base/dec.h"

#define WIDE_LIMIT ((uint128_t)10000000000U * 10000000000U * 1000000000000000000U) /* 10^38: |units| stays below it */

extern const uint64_t wide_powers_of_ten[DEC_PLACES + 1];

typedef struct {
    uint128_t high, low;
} wide_t;

typedef struct {
    uint128_t quotient;
    bool inexact;
    uint64_t halves; /* twice what was cut off, against the divisor: 0 below, 1 the same, 2 above */
} wide_ratio_t;

static inline uint64_t wide_upper(uint128_t x)
{
    return (uint64_t)(x >> 64);
}
static inline uint64_t wide_lower(uint128_t x)
{
    return (uint64_t)x;
}
static inline uint128_t wide_join(uint64_t upper, uint64_t lower)
{
    return (uint128_t)upper << 64 | lower;
}

/* For a remainder < divisor. No branches: nothing predicts a remainder. */
static inline wide_ratio_t wide_ratio(uint128_t quotient, uint128_t remainder, uint128_t divisor)
{
    uint128_t rest = divisor - remainder; /* distance to the next quotient */
    return (wide_ratio_t){
        .quotient = quotient,
        .inexact = remainder != 0,
        .halves = (uint64_t)(remainder > rest) + (uint64_t)(remainder >= rest),
    };
}

static inline uint128_t wide_magnitude(int128_t x)
{
    return x < 0 ? (uint128_t)0 - (uint128_t)x : (uint128_t)x;
}

/* For a and b up to 2^127, as every |units| is: with upper halves up to 2^63 the middle sum is at most 2^128 - 1. */
static inline wide_t wide_multiply(uint128_t a, uint128_t b)
{
    uint128_t low = (uint128_t)wide_lower(a) * wide_lower(b);
    uint128_t middle = (uint128_t)wide_upper(a) * wide_lower(b) + (uint128_t)wide_lower(a) * wide_upper(b) + wide_upper(low);
    return (wide_t){
        .high = (uint128_t)wide_upper(a) * wide_upper(b) + wide_upper(middle),
        .low = wide_join(wide_lower(middle), wide_lower(low)),
    };
}

/* The upper half of (upper, lower) << shift, for shift < 64: the mask lets the compiler use the double shift of the processor. */
static inline uint64_t wide_shift_in(uint64_t upper, uint64_t lower, unsigned shift)
{
    return wide_upper(wide_join(upper, lower) << (shift & 63));
}

/* 10^18 shifted so that its top bit is bit 63, and floor((2^128 - 1) / that) - 2^64. */
#define WIDE_ONE_SHIFT      4
#define WIDE_ONE_DIVISOR    UINT64_C(0xDE0B6B3A76400000)
#define WIDE_ONE_RECIPROCAL UINT64_C(0x2725DD1D243ABA0E)

/* (upper, lower) / divisor for upper < divisor, but for the second correction of algorithm 4: the quotient may be one too low, and
 * the remainder so much too high. */
static inline uint64_t wide_word_estimate(uint64_t upper, uint64_t lower, uint64_t divisor, uint64_t reciprocal,
                                          uint64_t *remainder)
{
    uint128_t estimate = (uint128_t)reciprocal * upper + wide_join(upper, lower);
    uint64_t quotient = wide_upper(estimate) + 1;
    uint64_t rest = lower - quotient * divisor;
    /* The estimate is one too high about half of the time: a mask, not a branch that no predictor learns. */
    uint64_t over = (uint64_t)0 - (uint64_t)(rest > wide_lower(estimate));
    *remainder = rest + (over & divisor);
    return quotient + over;
}

static inline uint64_t wide_word_step(uint64_t upper, uint64_t lower, uint64_t divisor, uint64_t reciprocal, uint64_t *remainder)
{
    uint64_t quotient = wide_word_estimate(upper, lower, divisor, reciprocal, remainder);
    if (*remainder >= divisor) { /* rare */
        quotient++;
        *remainder -= divisor;
    }
    return quotient;
}

/* (upper, lower) / WIDE_ONE_DIVISOR for upper < WIDE_ONE_DIVISOR. With d the divisor, v the reciprocal and B = 2^64, the paper
 * bounds the remainder before its second correction by (upper * k + lower * (B - d) + low half of the estimate * d) / B - d, where
 * k = B^2 - (B + v) * d = 0.461 d here: at most 0.56 d, so that the second correction (remainder >= d) never happens for this
 * divisor. */
static inline uint64_t wide_one_step(uint64_t upper, uint64_t lower, uint64_t *remainder)
{
    return wide_word_estimate(upper, lower, WIDE_ONE_DIVISOR, WIDE_ONE_RECIPROCAL, remainder);
}

/* x / 10^18 and x % 10^18, for any x < 2^124 * 10^18 / 2^60, that is every |units|. */
static inline uint128_t wide_split_one(uint128_t x, uint64_t *remainder)
{
    uint64_t upper = wide_upper(x) >> (64 - WIDE_ONE_SHIFT);
    uint64_t middle = wide_upper(x << WIDE_ONE_SHIFT);
    uint64_t quotient_upper = 0;
    if (upper != 0 || middle >= WIDE_ONE_DIVISOR) {
        quotient_upper = wide_one_step(upper, middle, &middle);
    }
    uint64_t rest;
    uint64_t quotient_lower = wide_one_step(middle, wide_lower(x << WIDE_ONE_SHIFT), &rest);
    *remainder = rest >> WIDE_ONE_SHIFT;
    return wide_join(quotient_upper, quotient_lower);
}

/* product / 10^18; false when the quotient would be 2^127 or more, far beyond the range: what is left can be rounded up without a
 * wrap. */
static inline bool wide_divide_by_one(wide_t product, wide_ratio_t *ratio)
{
    if (product.high >= (uint128_t)DEC_UNITS_PER_ONE / 2) {
        return false;
    }
    uint64_t upper = wide_lower(product.high << WIDE_ONE_SHIFT) | wide_upper(product.low) >> (64 - WIDE_ONE_SHIFT);
    uint128_t low = product.low << WIDE_ONE_SHIFT;
    uint64_t rest;
    uint64_t quotient_upper = wide_one_step(upper, wide_upper(low), &rest);
    uint64_t quotient_lower = wide_one_step(rest, wide_lower(low), &rest);
    uint64_t rest_up = WIDE_ONE_DIVISOR - rest;
    *ratio = (wide_ratio_t){
        .quotient = wide_join(quotient_upper, quotient_lower),
        .inexact = rest != 0,
        .halves = (uint64_t)(rest > rest_up) + (uint64_t)(rest >= rest_up),
    };
    return true;
}

/* floor((2^192 - 1) / divisor) - 2^64 for a divisor whose top bit is set (algorithm 6), from v = floor((2^128 - 1) / upper half) -
 * 2^64. Its corrections are as likely as not, so they are sums of comparisons instead of branches. */
static inline uint64_t wide_reciprocal(uint128_t divisor, uint64_t v)
{
    uint64_t upper = wide_upper(divisor);
    uint64_t lower = wide_lower(divisor);
    uint64_t p = upper * v + lower;
    uint64_t over = p < lower;
    uint64_t twice = over & (uint64_t)(p >= upper);
    v -= over + twice;
    p -= upper & ((uint64_t)0 - over);
    p -= upper & ((uint64_t)0 - twice);
    uint128_t t = (uint128_t)v * lower;
    p += wide_upper(t);
    over = p < wide_upper(t);
    twice = over & (uint64_t)(wide_join(p, wide_lower(t)) >= divisor);
    return v - over - twice;
}

/* (*rest, lower) / divisor for *rest < divisor (algorithm 5); the remainder replaces *rest. */
static inline uint64_t wide_step(uint128_t *rest, uint64_t lower, uint128_t divisor, uint64_t reciprocal)
{
    uint128_t estimate = (uint128_t)reciprocal * wide_upper(*rest) + *rest;
    uint64_t quotient = wide_upper(estimate);
    uint64_t rest_upper = wide_lower(*rest) - quotient * wide_upper(divisor);
    uint128_t r = wide_join(rest_upper, lower) - divisor - (uint128_t)wide_lower(divisor) * quotient;
    /* The true quotient is the estimate or one more, with even chances: again no branch. */
    uint64_t over = (uint64_t)0 - (uint64_t)(wide_upper(r) >= wide_lower(estimate));
    quotient += 1 + over;
    r += wide_join(wide_upper(divisor) & over, wide_lower(divisor) & over);
    if (r >= divisor) { /* rare */
        quotient++;
        r -= divisor;
    }
    *rest = r;
    return quotient;
}

/* product / divisor (> 0); false when the quotient would be 2^127 or more, as above. (A divisor of 1 leaves nothing to round.)
 * Inlined for certain: handing the product over through memory costs as much as a third of the division. */
__attribute__((always_inline)) static inline bool wide_divide(wide_t product, uint128_t divisor, wide_ratio_t *ratio)
{
    if (product.high > (divisor - 1) / 2) {
        return false;
    }
    uint64_t divisor_upper = wide_upper(divisor), divisor_lower = wide_lower(divisor);
    uint64_t n3 = wide_upper(product.high), n2 = wide_lower(product.high);
    uint64_t n1 = wide_upper(product.low), n0 = wide_lower(product.low);
    if (divisor_upper == 0) { /* a whole limb at once; what product.high < divisor < 2^64 loses is zero */
        divisor_upper = divisor_lower, divisor_lower = 0;
        n3 = n2, n2 = n1, n1 = n0, n0 = 0;
    }
    unsigned shift = (unsigned)__builtin_clzll(divisor_upper);
    divisor = wide_join(wide_shift_in(divisor_upper, divisor_lower, shift), divisor_lower << shift);
    n3 = wide_shift_in(n3, n2, shift);
    n2 = wide_shift_in(n2, n1, shift);
    n1 = wide_shift_in(n1, n0, shift);
    n0 <<= shift;

    divisor_upper = wide_upper(divisor);
    uint64_t reciprocal = (uint64_t)(wide_join(~divisor_upper, UINT64_MAX) / divisor_upper);
    uint64_t quotient_upper, quotient_lower;
    uint128_t rest;
    if (wide_lower(divisor) == 0) { /* a price or a quantity: few digits, and as many factors of two as it has places to spare */
        uint64_t rest_upper;
        quotient_upper = wide_word_step(n3, n2, divisor_upper, reciprocal, &rest_upper);
        quotient_lower = wide_word_step(rest_upper, n1, divisor_upper, reciprocal, &rest_upper);
        rest = wide_join(rest_upper, n0);
    } else {
        reciprocal = wide_reciprocal(divisor, reciprocal);
        rest = wide_join(n3, n2);
        quotient_upper = wide_step(&rest, n1, divisor, reciprocal);
        quotient_lower = wide_step(&rest, n0, divisor, reciprocal);
    }
    *ratio = wide_ratio(wide_join(quotient_upper, quotient_lower), rest, divisor);
    return true;
}

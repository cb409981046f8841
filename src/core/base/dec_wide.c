/* dec_wide.c: the general 256 by 128 bit division of dec_wide.h. */
#include "core/base/dec_wide.h"

const uint64_t wide_powers_of_ten[DEC_PLACES + 1] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
};


/* Leading zero bits of x > 0, by halving; no compiler builtin. */
static unsigned leading_zeros_u64(uint64_t x)
{
    unsigned zeros = 0;
    for (unsigned half = 32; half > 0; half /= 2) {
        if (x >> (64 - half) == 0) {
            zeros += half;
            x <<= half;
        }
    }
    return zeros;
}

/* floor((2^192 - 1) / divisor) - 2^64 for a divisor whose top bit is set (algorithm 6). */
static uint64_t reciprocal(uint128_t divisor)
{
    uint64_t upper = wide_upper(divisor);
    uint64_t lower = wide_lower(divisor);
    uint64_t v = (uint64_t)(wide_join(~upper, UINT64_MAX) / upper);
    uint64_t p = upper * v + lower;
    if (p < lower) {
        v--;
        if (p >= upper) {
            v--;
            p -= upper;
        }
        p -= upper;
    }
    uint128_t t = (uint128_t)v * lower;
    p += wide_upper(t);
    if (p < wide_upper(t)) {
        v--;
        if (wide_join(p, wide_lower(t)) >= divisor) {
            v--;
        }
    }
    return v;
}

/* (upper, lower) / divisor for upper < divisor (algorithm 5); the remainder replaces *rest, which holds upper. */
static uint64_t divide_step(uint128_t *rest, uint64_t lower, uint128_t divisor, uint64_t v)
{
    uint128_t estimate = (uint128_t)v * wide_upper(*rest) + *rest;
    uint64_t  quotient = wide_upper(estimate);
    uint64_t  rest_upper = wide_lower(*rest) - quotient * wide_upper(divisor);
    uint128_t r = wide_join(rest_upper, lower) - (uint128_t)wide_lower(divisor) * quotient - divisor;
    quotient++;
    if (wide_upper(r) >= wide_lower(estimate)) {
        quotient--;
        r += divisor;
    }
    if (r >= divisor) {
        quotient++;
        r -= divisor;
    }
    *rest = r;
    return quotient;
}

bool wide_divide(wide_t product, uint128_t divisor, wide_ratio_t *ratio)
{
    if (product.high >= divisor) {
        return false;
    }
    unsigned shift = wide_upper(divisor) != 0 ? leading_zeros_u64(wide_upper(divisor)) : 64 + leading_zeros_u64(wide_lower(divisor));
    if (shift != 0) {
        divisor <<= shift;
        product.high = product.high << shift | product.low >> (128 - shift);
        product.low <<= shift;
    }
    uint64_t  v = reciprocal(divisor);
    uint128_t rest = product.high;
    uint64_t  quotient_upper = divide_step(&rest, wide_upper(product.low), divisor, v);
    uint64_t  quotient_lower = divide_step(&rest, wide_lower(product.low), divisor, v);
    *ratio = (wide_ratio_t){
        .quotient = wide_join(quotient_upper, quotient_lower),
        .remainder = rest,
        .divisor = divisor,
    };
    return true;
}

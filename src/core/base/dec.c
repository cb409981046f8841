/* dec.c: arithmetic of the exact decimal type. Signs are taken off first; everything inside works on magnitudes. */
#include "core/base/dec.h"

#include "core/base/assert.h"
#include "core/base/dec_wide.h"

/* 1 for one more unit of magnitude, else 0. `ratio` tells what was cut off. */
static inline uint64_t rounds_away(const wide_ratio_t *ratio, dec_round_t round, bool negative)
{
    if (round == DEC_ROUND_HALF_EVEN) { /* asked first, which saves products and quotients the jump through a table */
        return (ratio->halves + (wide_lower(ratio->quotient) & 1)) >> 1;
    }
    switch (round) {
    case DEC_ROUND_DOWN:
        return 0;
    case DEC_ROUND_UP:
        return ratio->inexact;
    case DEC_ROUND_FLOOR:
        return negative ? ratio->inexact : 0;
    case DEC_ROUND_CEILING:
        return negative ? 0 : ratio->inexact;
    case DEC_ROUND_HALF_UP:
        return (ratio->halves + 1) >> 1;
    case DEC_ROUND_HALF_EVEN:
        break;
    }
    base_assert_failed("a rounding of dec_round_t", __FILE__, __LINE__);
}

static inline result_t store_magnitude(uint128_t magnitude, bool negative, dec_t *out)
{
    if (magnitude >= WIDE_LIMIT) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    out->units = negative ? -(int128_t)magnitude : (int128_t)magnitude;
    return RESULT_OK;
}

static inline result_t store_rounded(const wide_ratio_t *ratio, dec_round_t round, bool negative, dec_t *out)
{
    return store_magnitude(ratio->quotient + rounds_away(ratio, round, negative), negative, out);
}

/* Both summands lie within +-(10^38 - 1), so the sum moved up by that bound lies in [-bound, 3 * bound] and cannot meet itself
 * modulo 2^128: one unsigned comparison tells whether it is in range. */
static result_t store_sum(uint128_t sum, dec_t *out)
{
    if (sum + (WIDE_LIMIT - 1) > 2 * (WIDE_LIMIT - 1)) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    out->units = (int128_t)sum;
    return RESULT_OK;
}

result_t dec_add(dec_t a, dec_t b, dec_t *out)
{
    return store_sum((uint128_t)a.units + (uint128_t)b.units, out);
}

result_t dec_sub(dec_t a, dec_t b, dec_t *out)
{
    return store_sum((uint128_t)a.units - (uint128_t)b.units, out);
}

dec_t dec_plus(dec_t a, dec_t b)
{
    dec_t sum;
    ASSERT(dec_add(a, b, &sum) == RESULT_OK);
    return sum;
}

dec_t dec_minus(dec_t a, dec_t b)
{
    dec_t difference;
    ASSERT(dec_sub(a, b, &difference) == RESULT_OK);
    return difference;
}

result_t dec_mul(dec_t a, dec_t b, dec_round_t round, dec_t *out)
{
    wide_ratio_t ratio;
    if (!wide_divide_by_one(wide_multiply(wide_magnitude(a.units), wide_magnitude(b.units)), &ratio)) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return store_rounded(&ratio, round, (a.units < 0) != (b.units < 0), out);
}

__attribute__((always_inline)) static inline result_t divide(wide_t product, bool negative, dec_t divisor, dec_round_t round,
                                                             dec_t *out)
{
    if (divisor.units == 0) {
        return RESULT_DIVISION_BY_ZERO;
    }
    wide_ratio_t ratio;
    if (!wide_divide(product, wide_magnitude(divisor.units), &ratio)) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return store_rounded(&ratio, round, negative != (divisor.units < 0), out);
}

result_t dec_mul_div(dec_t a, dec_t b, dec_t c, dec_round_t round, dec_t *out)
{
    return divide(wide_multiply(wide_magnitude(a.units), wide_magnitude(b.units)), (a.units < 0) != (b.units < 0), c, round, out);
}

result_t dec_div(dec_t a, dec_t b, dec_round_t round, dec_t *out)
{
    return divide(wide_multiply(wide_magnitude(a.units), (uint128_t)DEC_UNITS_PER_ONE), a.units < 0, b, round, out);
}

result_t dec_quantise(dec_t value, dec_t step, dec_round_t round, dec_t *out)
{
    if (step.units <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    uint128_t magnitude = wide_magnitude(value.units);
    uint128_t width = (uint128_t)step.units;
    uint128_t steps = magnitude / width;
    uint128_t cut = steps * width;
    if (round == DEC_ROUND_DOWN) { /* the way of quantities: nothing to compare */
        return store_magnitude(cut, value.units < 0, out);
    }
    wide_ratio_t ratio = wide_ratio(steps, magnitude - cut, width);
    return store_magnitude(cut + (rounds_away(&ratio, round, value.units < 0) != 0 ? width : 0), value.units < 0, out);
}

bool dec_is_multiple(dec_t value, dec_t step)
{
    ASSERT(step.units > 0);
    return value.units % step.units == 0;
}

dec_t dec_from_scaled(int64_t mantissa, unsigned places)
{
    ASSERT(places <= DEC_PLACES);
    return (dec_t){(int128_t)mantissa * (int128_t)wide_powers_of_ten[DEC_PLACES - places]};
}

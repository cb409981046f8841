/* dec_double.c: the two crossings between dec_t and double, both exact up to one rounding to nearest (ties to even). For
 * statistics. */
#include "core/base/assert.h"
#include "core/base/dec.h"
#include "core/base/dec_wide.h"

#include <string.h>

enum {
    DOUBLE_FRACTION_BITS = 52,
    DOUBLE_EXPONENT_BIAS = 1023,
    DOUBLE_EXPONENT_SPECIAL = 0x7FF, /* infinities and NaN */
};

static double power_of_two(int exponent)
{
    uint64_t bits = (uint64_t)(DOUBLE_EXPONENT_BIAS + exponent) << DOUBLE_FRACTION_BITS;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* The quotient is made to carry 63 or 64 bits, its last bit saying "and something more"; the one rounding happens when it becomes a
 * double. Scaling by a power of two afterwards is exact: no dec_t is near the subnormal numbers. */
double dec_to_double(dec_t value)
{
    uint128_t magnitude = wide_magnitude(value.units);
    if (magnitude == 0) {
        return 0.0;
    }
    int exponent = 0;
    uint64_t sticky = 0;
    /* Bring the top bit to place 122: the quotient by 10^18 then lies in [2^62, 2^64). */
    while (magnitude >> 123 != 0) {
        sticky |= (uint64_t)(magnitude & 1);
        magnitude >>= 1;
        exponent++;
    }
    for (int step = 64; step > 0; step /= 2) {
        if (magnitude >> (123 - step) == 0) {
            magnitude <<= step;
            exponent -= step;
        }
    }
    magnitude <<= WIDE_ONE_SHIFT;
    uint64_t rest;
    uint64_t quotient = wide_one_step(wide_upper(magnitude), wide_lower(magnitude), &rest);
    sticky |= (uint64_t)(rest != 0);
    double result = (double)(quotient | sticky) * power_of_two(exponent);
    return value.units < 0 ? -result : result;
}

/* magnitude / 2^shift to the nearest, ties to even. */
static uint128_t shift_right_rounded(uint128_t magnitude, int shift)
{
    if (shift >= 128) {
        return 0; /* magnitude has at most 113 bits: less than a half */
    }
    uint128_t kept = magnitude >> shift;
    uint128_t cut = magnitude - (kept << shift);
    uint128_t half = (uint128_t)1 << (shift - 1);
    return kept + (cut > half || (cut == half && (kept & 1) != 0) ? 1 : 0);
}

result_t dec_from_double(double value, unsigned places, dec_t *out)
{
    ASSERT(places <= DEC_PLACES);
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int biased = (int)(bits >> DOUBLE_FRACTION_BITS & DOUBLE_EXPONENT_SPECIAL);
    uint64_t fraction = bits & ((UINT64_C(1) << DOUBLE_FRACTION_BITS) - 1);
    if (biased == DOUBLE_EXPONENT_SPECIAL) {
        return fraction != 0 ? RESULT_NUMBER_MALFORMED : RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (!(value < 1e20 && value > -1e20)) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    /* value = mantissa * 2^exponent, exponent <= 14 as |value| < 10^20 < 2^67. */
    uint64_t mantissa = biased == 0 ? fraction : fraction | UINT64_C(1) << DOUBLE_FRACTION_BITS;
    int exponent = (biased == 0 ? 1 : biased) - DOUBLE_EXPONENT_BIAS - DOUBLE_FRACTION_BITS;
    int128_t scale = dec_from_scaled(1, places).units; /* units in one last place */
    uint128_t scaled = (uint128_t)mantissa * (uint128_t)(DEC_UNITS_PER_ONE / scale);
    scaled = exponent >= 0 ? scaled << exponent : shift_right_rounded(scaled, -exponent);
    /* The largest double below 10^20 is an integer, 16384 less: rounding cannot carry a smaller one to 10^20. */
    uint128_t magnitude = scaled * (uint128_t)scale;
    out->units = (bits >> 63) != 0 ? -(int128_t)magnitude : (int128_t)magnitude;
    return RESULT_OK;
}

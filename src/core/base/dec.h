/* dec.h: the one exact decimal type for prices, quantities and money.
 *
 * A dec_t is a count of 10^-18 in 128 bits, |value| < 10^20 (as decimal(38,18) of PostgreSQL and Arrow). Nothing wraps: an
 * operation whose result leaves the range returns RESULT_NUMBER_OUT_OF_RANGE and writes nothing. No double stands between text and
 * value. Where a result is not exact the caller names the rounding. O(1), no allocation.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

__extension__ typedef __int128 int128_t;
__extension__ typedef unsigned __int128 uint128_t;

typedef struct {
    int128_t units; /* value * 10^18 */
} dec_t;

typedef enum {
    DEC_ROUND_DOWN,      /* toward zero */
    DEC_ROUND_UP,        /* away from zero */
    DEC_ROUND_FLOOR,     /* toward -infinity */
    DEC_ROUND_CEILING,   /* toward +infinity */
    DEC_ROUND_HALF_EVEN, /* nearest, ties to even */
    DEC_ROUND_HALF_UP,   /* nearest, ties away from zero */
} dec_round_t;

enum {
    DEC_PLACES = 18,
    DEC_TEXT_MAX = 41, /* sign, 20 digits, point, 18 digits, NUL */
};

#define DEC_ZERO          ((dec_t){0})
#define DEC_UNITS_PER_ONE ((int128_t)1000000000000000000)
#define DEC_ONE           ((dec_t){DEC_UNITS_PER_ONE})

/* Text -> value. Accepts [-]digits[.digits] with at least one digit on each side of a point; refuses exponents, "+1", ".5", "1.",
 * spaces, NaN, a 19th digit after the point (RESULT_NUMBER_TOO_PRECISE, also when it is 0) and |value| >= 10^20. "-0" gives zero.
 */
result_t dec_parse(const char *text, size_t length, dec_t *out);

/* Shortest exact text ("0.1", "-25", "0"); never an exponent. Returns its length; the buffer is NUL-terminated. */
size_t dec_format(dec_t value, char buffer[DEC_TEXT_MAX]);

/* Exactly `places` (0..18) digits after the point; digits beyond are cut toward zero. Returns the length. */
size_t dec_format_places(dec_t value, unsigned places, char buffer[DEC_TEXT_MAX]);

/* At least `places` (0..18) digits after the point, and as many more as the exact value needs. Returns the length. */
size_t dec_format_least(dec_t value, unsigned places, char buffer[DEC_TEXT_MAX]);

static inline dec_t dec_from_int(int64_t value)
{
    return (dec_t){(int128_t)value * DEC_UNITS_PER_ONE};
}

/* mantissa * 10^-places, places 0..18; exact for every int64 mantissa. */
dec_t dec_from_scaled(int64_t mantissa, unsigned places);

result_t dec_add(dec_t a, dec_t b, dec_t *out);
result_t dec_sub(dec_t a, dec_t b, dec_t *out);
result_t dec_mul(dec_t a, dec_t b, dec_round_t round, dec_t *out);
result_t dec_div(dec_t a, dec_t b, dec_round_t round, dec_t *out); /* b == 0: RESULT_DIVISION_BY_ZERO */

/* a * b / c with an exact intermediate product, rounded once. */
result_t dec_mul_div(dec_t a, dec_t b, dec_t c, dec_round_t round, dec_t *out);

/* The multiple of `step` (> 0) next to value in the named direction. DEC_ROUND_DOWN is what quantities use. */
result_t dec_quantise(dec_t value, dec_t step, dec_round_t round, dec_t *out);

/* True when value is an exact multiple of step (> 0). */
bool dec_is_multiple(dec_t value, dec_t step);

static inline int dec_cmp(dec_t a, dec_t b)
{
    return (a.units > b.units) - (a.units < b.units);
}

static inline bool dec_eq(dec_t a, dec_t b)
{
    return a.units == b.units;
}
static inline bool dec_lt(dec_t a, dec_t b)
{
    return a.units < b.units;
}
static inline bool dec_le(dec_t a, dec_t b)
{
    return a.units <= b.units;
}
static inline bool dec_gt(dec_t a, dec_t b)
{
    return a.units > b.units;
}
static inline bool dec_ge(dec_t a, dec_t b)
{
    return a.units >= b.units;
}
static inline int dec_sign(dec_t a)
{
    return (a.units > 0) - (a.units < 0);
}
static inline bool dec_is_zero(dec_t a)
{
    return a.units == 0;
}
static inline dec_t dec_neg(dec_t a)
{
    return (dec_t){-a.units};
} /* the range is symmetric */
static inline dec_t dec_abs(dec_t a)
{
    return a.units < 0 ? dec_neg(a) : a;
}
static inline dec_t dec_min(dec_t a, dec_t b)
{
    return dec_lt(b, a) ? b : a;
}
static inline dec_t dec_max(dec_t a, dec_t b)
{
    return dec_lt(a, b) ? b : a;
}

/* Sum and difference where the caller has proven by earlier bounds that the result stays in range; asserts it. */
dec_t dec_plus(dec_t a, dec_t b);
dec_t dec_minus(dec_t a, dec_t b);

/* Nearest double, correctly rounded: for indicators and statistics only, never for money. */
double dec_to_double(dec_t value);

/* The decimal nearest to a double at `places` digits (0..18). NaN, infinity and |value| >= 10^20 are refused. */
result_t dec_from_double(double value, unsigned places, dec_t *out);

/* Digits after the point that an exact value needs (a tick of 0.0010 -> 3). */
unsigned dec_places(dec_t value);

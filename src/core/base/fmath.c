/* fmath.c: exp, log, pow, tanh out of additions and multiplications in a fixed order.
 *
 * Derivation. A "pair" (high, low) below is an unevaluated sum of two doubles, about 106 bits.
 *
 * exp: x = n * ln2/32 + r with an integer n, so |r| <= ln2/64 < 0.0109. Then e^x = 2^(n div 32) * T * e^r, T = 2^((n mod 32)/32)
 * from a table of pairs, and e^r - 1 is its Taylor sum to r^7 (the next term is below 2^-67). ln2/32 is split into a multiple of
 * 2^-42, whose product with n (|n| < 2^16) is exact, and the rest. Everything but T.high is a small correction (<= 0.011), so its
 *   roundings weigh 2^-6: the error stays below 0.53 ulp; 0.78 where the result is subnormal and rounded once more.
 *
 * log: x = 2^k * m, m in [0.7, 1.42). c, a short number near 1/m out of a table of 128, makes z = m * c - 1 small (|z| < 2^-7), and
 * exact as a pair: m is cut into two halves of at most 27 bits whose products with c are exact. ln x = k ln2 - ln c + ln(1 + z).
 * ln2 and -ln c have high parts on the grid of 2^-42, so k ln2 - ln c is exact up to its small low part. ln(1 + z) is the Taylor
 * sum to z^11: z and z^2/2 as pairs, the rest as doubles. Near x = 1 c is 1 and k is 0, so nothing cancels. The pair is good to
 * 2^-67.
 *
 * pow: e^(y ln x) with ln x as a pair and y times it as a pair: |y ln x| < 746 leaves 2^-57 for the exponent.
 *
 * tanh: below 0.1875 the Taylor sum to x^23; above, E / (E + 2) with E = e^(2x) - 1 as a pair and one Newton correction of the
 * quotient.
 *
 * Products are made exact by T. Dekker's splitting (Numerische Mathematik 18, 1971) and sums by D. Knuth's two-sum; no fused
 * multiply-add, so machines with and without it agree. The tables and every constant are derived in
 * tests/core/base/test_fmath_table.py.
 */
#include "core/base/fmath.h"

#include "core/base/assert.h"
#include "core/base/fmath_table.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { FRACTION_BITS = 52, EXPONENT_BIAS = 1023 };

#define EXPONENT_MASK UINT64_C(0x7FF0000000000000)
#define FRACTION_MASK UINT64_C(0x000FFFFFFFFFFFFF)
#define SIGN_MASK     UINT64_C(0x8000000000000000)

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double magnitude_of(double x)
{
    return from_bits(bits_of(x) & ~SIGN_MASK);
}

static bool is_negative(double x)
{
    return bits_of(x) >> 63 != 0;
}

static bool is_nan(double x)
{
    return (bits_of(x) & ~SIGN_MASK) > EXPONENT_MASK;
}

static bool is_infinite(double x)
{
    return (bits_of(x) & ~SIGN_MASK) == EXPONENT_MASK;
}

/* exponent within the normal range */
static double power_of_two(int exponent)
{
    return from_bits((uint64_t)(exponent + EXPONENT_BIAS) << FRACTION_BITS);
}

/* --- pairs ------------------------------------------------------------------------------------ */

typedef struct {
    double high, low;
} pair_t;

/* a + b without error, whichever is larger. */
static pair_t sum_of(double a, double b)
{
    double high = a + b;
    double b_part = high - a;
    double a_part = high - b_part;
    return (pair_t){high, (a - a_part) + (b - b_part)};
}

/* The same for |a| >= |b| or a == 0. */
static pair_t sum_ordered(double a, double b)
{
    double high = a + b;
    return (pair_t){high, b - (high - a)};
}

/* a * b without error; |a|, |b| far from overflow and underflow. */
static pair_t product_of(double a, double b)
{
    double a_scaled = a * 0x1.0000002p27; /* 2^27 + 1 */
    double b_scaled = b * 0x1.0000002p27;
    double a_high = a_scaled - (a_scaled - a);
    double b_high = b_scaled - (b_scaled - b);
    double a_low = a - a_high;
    double b_low = b - b_high;
    double high = a * b;
    return (pair_t){high, ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/* --- exp -------------------------------------------------------------------------------------- */

#define EXP_OVERFLOW  0x1.62e42fefa39efp+9  /* the last x with a finite e^x */
#define EXP_UNDERFLOW -0x1.74910d52d3051p+9 /* the last x with e^x > 0 */

/* e^(x.high + x.low) = 2^exponent * (row.high + rest), |rest| < 0.022; x.high within [-750, 750]. */
typedef struct {
    int exponent;
    double high, rest;
} exp_parts_t;

static exp_parts_t exp_split(pair_t x)
{
    /* Adding 1.5 * 2^52 leaves no room for a fraction: the sum is rounded to an integer. */
    double steps = x.high * fmath_exp_step_inverse + 0x1.8p52 - 0x1.8p52;
    int32_t n = (int32_t)steps;
    int32_t row = n & 31;
    double r = ((x.high - steps * fmath_exp_step_high) - steps * fmath_exp_step_low) + x.low;
    double r2 = r * r;
    double tail = 1.0 / 6 + r * (1.0 / 24) + r2 * (1.0 / 120 + r * (1.0 / 720) + r2 * (1.0 / 5040));
    double p = r + (r2 * 0.5 + r2 * r * tail);
    const fmath_exp_row_t *t = &fmath_exp_rows[row];
    return (exp_parts_t){.exponent = (n - row) / 32, .high = t->high, .rest = t->low + t->high * p};
}

static double exp_of_pair(pair_t x)
{
    exp_parts_t parts = exp_split(x);
    double y = parts.high + parts.rest;
    if (parts.exponent > 1000) {
        return y * 0x1p1000 * power_of_two(parts.exponent - 1000);
    }
    if (parts.exponent < -1000) {
        return y * power_of_two(parts.exponent + 100) * 0x1p-100; /* only the last product may round */
    }
    return y * power_of_two(parts.exponent);
}

double fmath_exp(double x)
{
    if (is_nan(x)) {
        return (double)NAN;
    }
    if (x > EXP_OVERFLOW) {
        return (double)INFINITY;
    }
    if (x < EXP_UNDERFLOW) {
        return 0.0;
    }
    return exp_of_pair((pair_t){x, 0.0});
}

/* --- log -------------------------------------------------------------------------------------- */

/* ln x for finite x > 0. */
static pair_t log_pair(double x)
{
    int k = 0;
    if (bits_of(x) < (UINT64_C(1) << FRACTION_BITS)) {
        x *= 0x1p54; /* subnormal */
        k = -54;
    }
    uint64_t bits = bits_of(x);
    unsigned row = (unsigned)(bits >> (FRACTION_BITS - 7)) & 127;
    bool lower_half = row < 53; /* 1 + 53/128 is the first above the root of 2 */
    k += (int)(bits >> FRACTION_BITS) - (lower_half ? EXPONENT_BIAS : EXPONENT_BIAS - 1);
    uint64_t scale = (uint64_t)(lower_half ? EXPONENT_BIAS : EXPONENT_BIAS - 1) << FRACTION_BITS;
    double m = from_bits((bits & FRACTION_MASK) | scale);
    double m_high = from_bits((bits & FRACTION_MASK & ~UINT64_C(0x3FFFFFF)) | scale);

    const fmath_log_row_t *t = &fmath_log_rows[row];
    pair_t z = sum_of(m_high * t->inverse - 1.0, (m - m_high) * t->inverse);

    /* ln(1 + z) = z - z^2/2 + z^3/3 - ... */
    double h = z.high;
    pair_t square = product_of(h, h);
    double s = square.high;
    double tail = h * s *
                  (1.0 / 3 - h * (1.0 / 4) +
                   s * (1.0 / 5 - h * (1.0 / 6) + s * (1.0 / 7 - h * (1.0 / 8) + s * (1.0 / 9 - h * (1.0 / 10) + s * (1.0 / 11)))));
    pair_t base = sum_of((double)k * fmath_ln2_high + t->high, h);
    pair_t sum = sum_of(base.high, -0.5 * s);
    double low = ((double)k * fmath_ln2_low + t->low) + (z.low - h * z.low) - 0.5 * square.low + base.low;
    return sum_ordered(sum.high, sum.low + (low + tail));
}

double fmath_log(double x)
{
    if (is_nan(x) || x < 0.0) {
        return (double)NAN;
    }
    if (x == 0.0) {
        return -(double)INFINITY;
    }
    return is_infinite(x) ? x : log_pair(x).high;
}

/* --- pow -------------------------------------------------------------------------------------- */

typedef enum { NOT_WHOLE, EVEN, ODD } parity_t;

static parity_t parity_of(double y)
{
    double size = magnitude_of(y);
    if (size >= 0x1p53) {
        return EVEN;
    }
    int64_t whole = (int64_t)size;
    if ((double)whole != size) {
        return NOT_WHOLE;
    }
    return (whole & 1) != 0 ? ODD : EVEN;
}

/* The cases in which x or y is zero or infinite (neither is NaN), C17 F.10.4.4. */
static double pow_at_edge(double x, double y, parity_t parity)
{
    if (is_infinite(y)) {
        double size = magnitude_of(x);
        if (size == 1.0) {
            return 1.0;
        }
        return (size > 1.0) == (y > 0.0) ? (double)INFINITY : 0.0;
    }
    double result = (x == 0.0) == (y > 0.0) ? 0.0 : (double)INFINITY;
    return parity == ODD && is_negative(x) ? -result : result;
}

double fmath_pow(double x, double y)
{
    if (x == 1.0 || y == 0.0) {
        return 1.0;
    }
    if (is_nan(x) || is_nan(y)) {
        return (double)NAN;
    }
    parity_t parity = parity_of(y);
    if (x == 0.0 || is_infinite(x) || is_infinite(y)) {
        return pow_at_edge(x, y, parity);
    }
    if (x < 0.0 && parity == NOT_WHOLE) {
        return (double)NAN;
    }
    pair_t log_x = log_pair(magnitude_of(x));
    double sign = x < 0.0 && parity == ODD ? -1.0 : 1.0;
    /* Outside of [-750, 750] nothing of the product matters but its sign; a tiny product, where splitting would underflow, gives 1.
     */
    double rough = y * log_x.high;
    if (rough > 750.0) {
        return sign * (double)INFINITY;
    }
    if (rough < -750.0) {
        return sign * 0.0;
    }
    if (magnitude_of(rough) < 0x1p-60) {
        return sign;
    }
    /* |ln x| >= 2^-53 and |y ln x| <= 750 bound y; |ln x| < 745 and |y ln x| >= 2^-60 keep it from zero: Dekker's splitting is
     * exact. */
    pair_t exponent = product_of(y, log_x.high);
    exponent = sum_ordered(exponent.high, exponent.low + y * log_x.low);
    return sign * exp_of_pair(exponent);
}

/* --- tanh ------------------------------------------------------------------------------------- */

static double tanh_series(double x)
{
    double square = x * x;
    double sum = 0.0;
    for (int i = 10; i >= 0; i--) {
        sum = sum * square + fmath_tanh_terms[i];
    }
    return x + x * square * sum;
}

/* E / (E + 2), E = e^(2x) - 1, for x in [0.1875, 20]. */
static double tanh_quotient(double x)
{
    exp_parts_t parts = exp_split((pair_t){2.0 * x, 0.0});
    double scale = power_of_two(parts.exponent);
    pair_t less_one = sum_of(scale * parts.high, -1.0);
    pair_t e = sum_of(less_one.high, scale * parts.rest + less_one.low);
    pair_t below = sum_of(e.high, 2.0);
    below.low += e.low;
    double quotient = e.high / below.high;
    pair_t back = product_of(quotient, below.high);
    double rest = ((e.high - back.high) - back.low) + (e.low - quotient * below.low);
    return quotient + rest / below.high;
}

double fmath_tanh(double x)
{
    if (is_nan(x)) {
        return (double)NAN;
    }
    double size = magnitude_of(x);
    double result;
    if (size < 0x1p-28) {
        return x; /* the next term is below x^3/3; zero keeps its sign */
    }
    if (size < 0.1875) {
        result = tanh_series(size);
    } else {
        result = size < 20.0 ? tanh_quotient(size) : 1.0;
    }
    return is_negative(x) ? -result : result;
}

double fmath_billionths(double x)
{
    ASSERT(is_nan(x) || magnitude_of(x) <= 1e6);
    if (is_nan(x)) {
        return (double)NAN;
    }
    return (double)(int64_t)(x * 1e9 + (is_negative(x) ? -0.5 : 0.5)) / 1e9;
}

/* fmath_sine.c: sine and cosine, the same bits everywhere; see fmath.h.
 *
 * x = n * pi/2 + r with an integer n, |n| < 2^20, and |r| <= pi/4 as a pair. pi/2 is split into a multiple of 2^-32, one of 2^-65
 * and the rest: the products of n with the first two are exact, and so is x less the first. Of r, the Taylor sums to the 17th
 * (sine) and the 18th power (cosine) leave 2^-62; the quarter that n stands in says which of the two it is and its sign. The
 * constants are derived in tests/core/base/test_fmath_table.py.
 */
#include "core/base/fmath.h"

#include <math.h>
#include <stdint.h>

#define HALF_PI_HIGH    0x1.921fb54400000p+0
#define HALF_PI_MIDDLE  0x1.0b4611a600000p-34
#define HALF_PI_LOW     0x1.3198a2e037073p-69
#define HALF_PI_INVERSE 0x1.45f306dc9c883p-1

typedef struct {
    double high, low;
    uint32_t quarter; /* n modulo 4 */
} angle_t;

/* |x| <= FMATH_ANGLE_MAX */
static angle_t reduced(double x)
{
    /* Adding 1.5 * 2^52 leaves no room for a fraction: the sum is rounded to an integer. */
    const double n = x * HALF_PI_INVERSE + 0x1.8p52 - 0x1.8p52;
    const double rough = x - n * HALF_PI_HIGH, step = n * HALF_PI_MIDDLE;
    const double near = rough - step, step_seen = rough - near;
    const double rest = ((rough - (near + step_seen)) + (step_seen - step)) - n * HALF_PI_LOW;
    const double high = near + rest;
    return (angle_t){high, (near - high) + rest, (uint32_t)(int32_t)n & 3};
}

static double sine_of(const angle_t *r)
{
    const double x = r->high, s = x * x;
    const double tail = 1.0 / 39916800 - s * (1.0 / 6227020800 - s * (1.0 / 1307674368000 - s * (1.0 / 355687428096000)));
    const double cubic = x * s * (1.0 / 6 - s * (1.0 / 120 - s * (1.0 / 5040 - s * (1.0 / 362880 - s * tail))));
    return x + ((r->low - 0.5 * s * r->low) - cubic);
}

static double cosine_of(const angle_t *r)
{
    const double x = r->high, s = x * x, half = 0.5 * s, rough = 1.0 - half;
    const double tail = 1.0 / 479001600 - s * (1.0 / 87178291200 - s * (1.0 / 20922789888000 - s * (1.0 / 6402373705728000)));
    const double fourth = s * s * (1.0 / 24 - s * (1.0 / 720 - s * (1.0 / 40320 - s * (1.0 / 3628800 - s * tail))));
    return rough + (((1.0 - rough) - half) + (fourth - x * r->low));
}

/* The sine, a number of quarters farther. */
static double sine_at(double x, uint32_t quarters)
{
    if (!(x >= -FMATH_ANGLE_MAX && x <= FMATH_ANGLE_MAX)) {
        return NAN;
    }
    const angle_t r = reduced(x);
    const uint32_t quarter = (r.quarter + quarters) & 3;
    const double value = quarter % 2 == 0 ? sine_of(&r) : cosine_of(&r);
    return quarter < 2 ? value : -value;
}

double fmath_sin(double x)
{
    return x == 0.0 ? x : sine_at(x, 0); /* keeps the sign of 0 */
}

double fmath_cos(double x)
{
    return sine_at(x, 1);
}

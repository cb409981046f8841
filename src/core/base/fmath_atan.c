/* fmath_atan.c: the arc tangent, the same bits everywhere; see fmath.h.
 *
 * atan(x) = atan(c) + atan((x - c) / (1 + x c)) with c the multiple of 1/8 nearest to x, so that what is left is at most 1/16 and
 * its Taylor sum to the 17th power leaves 2^-72. Above 1: pi/2 - atan(1/x). atan(c) and pi/2 are pairs of doubles; the constants
 * are derived in tests/core/base/test_fmath_table.py.
 */
#include "core/base/fmath.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    double high, low;
} constant_t;

static const constant_t eighths[] = {
    {0x0.0p+0, 0x0.0p+0},
    {0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
};

static const constant_t half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};

static double taylor(double t)
{
    const double s = t * t;
    const double tail = 1.0 / 9 - s * (1.0 / 11 - s * (1.0 / 13 - s * (1.0 / 15 - s * (1.0 / 17))));
    return t * s * (1.0 / 3 - s * (1.0 / 5 - s * (1.0 / 7 - s * tail)));
}

/* x in [0, 1] */
static constant_t reduced(double x)
{
    const unsigned k = (unsigned)(x * 8.0 + 0.5);
    const double c = (double)k / 8.0;
    const double t = (x - c) / (1.0 + x * c);
    return (constant_t){eighths[k].high, eighths[k].low + (t - taylor(t))};
}

double fmath_atan(double x)
{
    if (x != x) {
        return x;
    }
    const bool is_negative = x < 0.0;
    const double size = is_negative ? -x : x;
    if (size == 0.0) {
        return x; /* keeps the sign */
    }
    const bool is_large = size > 1.0;
    const constant_t part = reduced(is_large ? 1.0 / size : size);
    double value = part.high + part.low;
    if (is_large) {
        value = half_pi.high - (part.high + (part.low - half_pi.low));
    }
    return is_negative ? -value : value;
}

/* prng.c: xoshiro256** 1.0 and splitmix64, written from their papers (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number
 * generators", 2018; G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014). */
#include "core/base/prng.h"

#include "core/base/assert.h"
#include "core/base/fmath.h"

#include <math.h>

static uint64_t rotate_left(uint64_t x, unsigned by)
{
    return x << by | x >> (64 - by);
}

void prng_seed(prng_t *prng, uint64_t seed)
{
    for (unsigned i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = seed;
        z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
        prng->state[i] = z ^ z >> 31;
    }
}

uint64_t prng_next(prng_t *prng)
{
    uint64_t *s = prng->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t prng_below(prng_t *prng, uint64_t bound)
{
    ASSERT(bound > 0);
    /* The lowest 2^64 mod bound values would make the first remainders likelier: they are drawn again. */
    uint64_t refused = (0 - bound) % bound;
    uint64_t value = prng_next(prng);
    while (value < refused) {
        value = prng_next(prng);
    }
    return value % bound;
}

double prng_unit(prng_t *prng)
{
    return (double)(prng_next(prng) >> 11) * 0x1p-53;
}

double prng_normal(prng_t *prng)
{
    double x, square;
    do {
        double y = 2.0 * prng_unit(prng) - 1.0;
        x = 2.0 * prng_unit(prng) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    return x * sqrt(-2.0 * fmath_log(square) / square);
}

bool prng_chance(prng_t *prng, double probability)
{
    return prng_unit(prng) < probability;
}

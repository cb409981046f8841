/* prng.h: seeded random numbers (xoshiro256**, seeded by splitmix64; D. Blackman, S. Vigna 2018). The same seed gives the same
 * numbers everywhere; no other source of chance exists in the core. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t state[4];
} prng_t;

void prng_seed(prng_t *prng, uint64_t seed);
uint64_t prng_next(prng_t *prng);
uint64_t prng_below(prng_t *prng, uint64_t bound); /* uniform in [0, bound), bound > 0, unbiased */
double prng_unit(prng_t *prng);                    /* uniform in [0, 1) with 53 bits */
double prng_normal(prng_t *prng);                  /* mean 0, deviation 1 (polar method on fmath's log) */
bool prng_chance(prng_t *prng, double probability);

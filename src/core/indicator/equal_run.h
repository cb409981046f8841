/* equal_run.h: how many of the last values are equal, for windows that are to be known as flat, not guessed.
 *
 * Values that differ from the one before them, which are nearly all, leave nothing behind: a run is known by the number of the
 * value that it has reached.
 */
#pragma once

#include <stdint.h>

typedef struct {
    uint64_t until; /* the number of the last value that equalled the one before it */
    uint32_t count; /* of equal values up to there, at most those asked for */
} equal_run_t;

/* Value number `number` (the first is 1) equals the one before it: how many do, itself included, counted up to `most`. */
static inline uint32_t equal_run_next(equal_run_t *run, uint64_t number, uint32_t most)
{
    const uint32_t count = run->until + 1 == number ? run->count : 1;
    *run = (equal_run_t){number, count + (count < most ? 1 : 0)};
    return run->count;
}

/* candidates.h: which of the last values may yet be the highest (or the lowest), as places in a ring that somebody else keeps.
 *
 * The places stand in order of time; their values fall (or rise), so the first is the extreme of them all, and the first that is
 * younger than n bars is that of the last n: one ring and one list serve windows of every length. Among equals the newest stands. A
 * place is one byte, where a window of its own would take 32 bytes a value.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint8_t front, count;
} candidates_t;

/* Place number n, from the oldest. `places` has `size` bytes, as the ring has values. */
static inline uint32_t candidates_at(const candidates_t *candidates, const uint8_t *places, uint32_t size, uint32_t n)
{
    const uint32_t at = candidates->front + n;
    return places[at < size ? at : at - size];
}

/* `value` is about to be put into the ring at `next`, where the oldest stood: it drives out the candidates that it beats. */
static inline void candidates_next(candidates_t *candidates, uint8_t *places, uint32_t size, const double *ring, uint32_t next,
                                   double value, bool highest)
{
    if (candidates->count > 0 && candidates_at(candidates, places, size, 0) == next) {
        candidates->front = (uint8_t)(candidates->front + 1U < size ? candidates->front + 1U : 0);
        candidates->count--;
    }
    while (candidates->count > 0) {
        const double last = ring[candidates_at(candidates, places, size, candidates->count - 1U)];
        if (highest ? last > value : last < value) {
            break;
        }
        candidates->count--;
    }
    const uint32_t end = candidates->front + candidates->count;
    places[end < size ? end : end - size] = (uint8_t)next;
    candidates->count++;
}

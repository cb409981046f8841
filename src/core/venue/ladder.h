/* ladder.h: an ordered set of price levels: a skip list over the venue's level pool (W. Pugh, 1990), heights drawn from a counter's
 * hash, and a hash table from key to level.
 *
 * The best level and the next one are O(1), and so is finding a level or that there is none. A new level beside others is O(1), one
 * far from all others O(log n); one that goes is O(1). Keys ascend from best to worst.
 */
#pragma once

#include "core/venue/venue_state.h"

/* `step`: the distance of neighbouring keys (the tick); keys between are allowed. */
void ladder_init(ladder_t *ladder, int64_t step);

/* Where a key's chain begins: for whole steps their number, as the step's odd part has an inverse modulo 2^64. */
static inline uint32_t ladder_slot(const ladder_t *ladder, int64_t key)
{
    return (uint32_t)((uint64_t)(key >> ladder->shift) * ladder->steps % VENUE_NEAR_LEVELS);
}

/* VENUE_NIL when there is none. */
static inline uint32_t ladder_find(const venue_t *venue, const ladder_t *ladder, int64_t key)
{
    uint32_t at = ladder->near[ladder_slot(ladder, key)];
    while (at != VENUE_NIL && level_of(venue, at)->key != key) {
        at = level_of(venue, at)->near_next;
    }
    return at;
}

/* Asks for the memory of the level, without waiting. */
static inline void ladder_touch(const venue_t *venue, const ladder_t *ladder, int64_t key)
{
    uint32_t index = ladder->near[ladder_slot(ladder, key)];
    if (index != VENUE_NIL) {
        lines_wanted(level_of(venue, index), 1);
    }
}

/* Makes a level of a key that has none. VENUE_NIL: the pool is empty. */
uint32_t ladder_add(venue_t *venue, ladder_t *ladder, int64_t key);

/* Finds or makes. */
static inline uint32_t ladder_put(venue_t *venue, ladder_t *ladder, int64_t key)
{
    uint32_t index = ladder_find(venue, ladder, key);
    return index != VENUE_NIL ? index : ladder_add(venue, ladder, key);
}

/* Takes an empty level out and frees it. */
void ladder_remove(venue_t *venue, ladder_t *ladder, uint32_t index);

/* ladder.h: an ordered set of price levels: a skip list over the venue's level pool (W. Pugh, 1990), heights drawn from a counter's
 * hash.
 *
 * Insert and remove are O(log n); the best level and the next one are O(1), and so is finding a level that stands within
 * VENUE_NEAR_LEVELS steps of all others: most of what a busy book is asked. Keys ascend from best to worst.
 */
#pragma once

#include "core/venue/venue_state.h"

/* `step`: the distance of neighbouring keys (the tick); keys between are allowed and only slower to find. */
void ladder_init(ladder_t *ladder, int64_t step);

/* VENUE_NIL when there is none. */
uint32_t ladder_find(const venue_t *venue, const ladder_t *ladder, int64_t key);

/* Finds or makes. VENUE_NIL: the pool is empty. */
uint32_t ladder_put(venue_t *venue, ladder_t *ladder, int64_t key);

/* Takes an empty level out and frees it. */
void ladder_remove(venue_t *venue, ladder_t *ladder, uint32_t index);

/* The level if it is found without a search, else VENUE_NIL; and the same, only asking for its memory. */
uint32_t ladder_near(const venue_t *venue, const ladder_t *ladder, int64_t key);
void ladder_touch(const venue_t *venue, const ladder_t *ladder, int64_t key);

/* ladder.h: an ordered set of price levels: a skip list over the venue's level pool (W. Pugh, 1990), heights drawn from a counter's
 * hash.
 *
 * Find, insert and remove are O(log n); the best level and the next one are O(1). Keys ascend from best to worst.
 */
#pragma once

#include "core/venue/venue_state.h"

void ladder_init(ladder_t *ladder);

/* VENUE_NIL when there is none. */
uint32_t ladder_find(const venue_t *venue, const ladder_t *ladder, int64_t key);

/* Finds or makes. VENUE_NIL: the pool is empty. */
uint32_t ladder_put(venue_t *venue, ladder_t *ladder, int64_t key);

/* Takes an empty level out and frees it. */
void ladder_remove(venue_t *venue, ladder_t *ladder, uint32_t index);

/* First level with key >= `key`; VENUE_NIL past the end. */
uint32_t ladder_seek(const venue_t *venue, const ladder_t *ladder, int64_t key);

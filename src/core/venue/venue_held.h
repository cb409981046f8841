/* venue_held.h: which slots of an instrument have something open: a bit each, so that a move of the mark visits these alone.
 *
 * A slot is noted when it gets an order, and forgotten by the next move of the mark that finds neither order nor position. The walk
 * is from the newest slot to the oldest, whoever was noted when, so it does not matter how often the mark was looked at. A second
 * row of bits tells which words of the first are not empty.
 */
#pragma once

#include "core/venue/venue_state.h"

static inline uint64_t held_words(const venue_bounds_t *bounds)
{
    return ((uint64_t)bounds->positions + 63) / 64;
}

/* Of one instrument: the words, then those that tell of them. */
static inline uint64_t held_stride(const venue_bounds_t *bounds)
{
    return held_words(bounds) + (held_words(bounds) + 63) / 64;
}

static inline uint64_t *held_of(const venue_t *venue, uint32_t instrument)
{
    return held_table(venue) + instrument * held_stride(&venue->bounds);
}

static inline void held_note(venue_t *venue, slot_t *slot, uint32_t index)
{
    if (slot->held) {
        return;
    }
    uint64_t *bits = held_of(venue, slot->instrument);
    slot->held = 1;
    bits[index / 64] |= UINT64_C(1) << index % 64;
    bits[held_words(&venue->bounds) + index / 4096] |= UINT64_C(1) << index / 64 % 64;
}

static inline void held_forget(venue_t *venue, slot_t *slot, uint32_t index)
{
    uint64_t *bits = held_of(venue, slot->instrument);
    slot->held = 0;
    bits[index / 64] &= ~(UINT64_C(1) << index % 64);
    if (bits[index / 64] == 0) {
        bits[held_words(&venue->bounds) + index / 4096] &= ~(UINT64_C(1) << index / 64 % 64);
    }
}

/* The highest bit below `before` (a count of bits) in a row of words; UINT64_MAX: none. */
static inline uint64_t held_below(const uint64_t *words, uint64_t before)
{
    for (uint64_t at = (before + 63) / 64; at-- > 0;) {
        uint64_t word = words[at];
        if (before - at * 64 < 64) {
            word &= (UINT64_C(1) << (before - at * 64)) - 1;
        }
        if (word != 0) {
            return at * 64 + 63 - (uint64_t)__builtin_clzll(word);
        }
    }
    return UINT64_MAX;
}

/* From the newest slot to the oldest. Slots may be noted and forgotten on the way. */
typedef struct {
    const uint64_t *bits, *filled;
    uint64_t at, word; /* word: what is left of that one */
} held_walk_t;

static inline held_walk_t held_walk(const venue_t *venue, uint32_t instrument)
{
    const uint64_t *bits = held_of(venue, instrument);
    return (held_walk_t){.bits = bits, .filled = bits + held_words(&venue->bounds), .at = held_words(&venue->bounds)};
}

/* VENUE_NIL: there is no more. */
static inline uint32_t held_step(held_walk_t *walk)
{
    if (walk->word == 0) {
        uint64_t at = held_below(walk->filled, walk->at);
        if (at == UINT64_MAX) {
            return VENUE_NIL;
        }
        walk->at = at;
        walk->word = walk->bits[at];
    }
    uint64_t bit = 63 - (uint64_t)__builtin_clzll(walk->word);
    walk->word ^= UINT64_C(1) << bit;
    return (uint32_t)(walk->at * 64 + bit);
}

static inline bool held_has(const venue_t *venue, uint32_t instrument, uint32_t index)
{
    const uint64_t *bits = held_of(venue, instrument);
    return (bits[index / 64] >> index % 64 & 1) != 0 &&
           (bits[held_words(&venue->bounds) + index / 4096] >> index / 64 % 64 & 1) != 0;
}

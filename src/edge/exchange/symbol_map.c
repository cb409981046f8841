/* symbol_map.c: open addressing with linear probing; names are compared as zero-padded 64-bit words. */
#include "edge/exchange/symbol_map.h"

#include "core/base/assert.h"

#include <string.h>

_Static_assert((SYMBOL_MAP_SLOTS & (SYMBOL_MAP_SLOTS - 1)) == 0, "the slot of a hash is a mask");
_Static_assert(SYMBOL_MAP_SLOTS >= 4 * INSTRUMENT_MAX, "short chains");

enum { WORDS = SYMBOL_TEXT_MAX / 8 };
_Static_assert(WORDS == 4, "written out in slot_of and words_equal");

static void words_of(str_t symbol, uint64_t words[WORDS])
{
    memset(words, 0, WORDS * sizeof words[0]);
    memcpy(words, symbol.bytes, symbol.length);
}

/* Symbols share long beginnings and ends (1000..., ...USDT): every word is multiplied before it is mixed in. */
static uint32_t slot_of(const uint64_t words[WORDS])
{
    uint64_t hash = words[0] * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ (hash >> 29) ^ words[1]) * UINT64_C(0xBF58476D1CE4E5B9);
    if ((words[2] | words[3]) != 0) {
        hash = (hash ^ (hash >> 32) ^ words[2]) * UINT64_C(0x94D049BB133111EB);
        hash = (hash ^ (hash >> 31) ^ words[3]) * UINT64_C(0x9E3779B97F4A7C15);
    }
    return (uint32_t)(hash >> 40) & (SYMBOL_MAP_SLOTS - 1);
}

void symbol_map_init(symbol_map_t *map)
{
    map->count = 0;
    for (uint32_t i = 0; i < SYMBOL_MAP_SLOTS; i++) {
        map->slots[i] = (symbol_slot_t){.id = INSTRUMENT_NONE};
    }
}

static bool words_equal(const uint64_t a[WORDS], const uint64_t b[WORDS])
{
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
}

/* The slot that holds the name, or the free one where it would stand. */
static const symbol_slot_t *slot_find(const symbol_map_t *map, const uint64_t words[WORDS])
{
    uint32_t at = slot_of(words);
    for (;;) {
        const symbol_slot_t *slot = &map->slots[at];
        if (slot->id == INSTRUMENT_NONE || words_equal(slot->words, words)) {
            return slot;
        }
        at = (at + 1) & (SYMBOL_MAP_SLOTS - 1);
    }
}

result_t symbol_map_put(symbol_map_t *map, str_t symbol, instrument_id_t id)
{
    ASSERT(id != INSTRUMENT_NONE);
    if (symbol.length == 0) {
        return RESULT_TEXT_EMPTY;
    }
    if (symbol.length >= SYMBOL_TEXT_MAX) {
        return RESULT_TEXT_TOO_LONG;
    }
    if (map->count == INSTRUMENT_MAX) {
        return RESULT_FULL;
    }
    uint64_t words[WORDS];
    words_of(symbol, words);
    size_t at = (size_t)(slot_find(map, words) - map->slots);
    if (map->slots[at].id != INSTRUMENT_NONE) {
        return RESULT_DUPLICATE;
    }
    memcpy(map->slots[at].words, words, sizeof words);
    map->slots[at].id = id;
    map->slots[at].length = (uint8_t)symbol.length;
    map->count++;
    return RESULT_OK;
}

void symbol_map_fill(symbol_map_t *map, const instrument_table_t *table, const char *venue)
{
    symbol_map_init(map);
    for (uint32_t i = 0; i < table->count; i++) {
        const instrument_t *instrument = &table->items[i];
        if (strcmp(instrument->venue, venue) == 0) {
            /* A spot and a perpetual of one name cannot both be fed by one connection: the first one stands. */
            (void)symbol_map_put(map, str_from(instrument->symbol), (instrument_id_t)i);
        }
    }
}

instrument_id_t symbol_map_find(const symbol_map_t *map, str_t symbol)
{
    if (symbol.length == 0 || symbol.length >= SYMBOL_TEXT_MAX) {
        return INSTRUMENT_NONE;
    }
    uint64_t words[WORDS];
    words_of(symbol, words);
    return slot_find(map, words)->id;
}

instrument_id_t symbol_map_find_words(const symbol_map_t *map, const uint64_t words[SYMBOL_TEXT_MAX / 8])
{
    return slot_find(map, words)->id;
}

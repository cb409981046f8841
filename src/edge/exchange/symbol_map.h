/* symbol_map.h: venue symbol -> instrument number, for decoders that meet one in every message.
 *
 * Open addressing over at most INSTRUMENT_MAX names, case-sensitive (streams write upper case). Filled from an instrument_table_t;
 * made again when the table grows. A look-up is one hash of at most 31 bytes and, nearly always, one comparison.
 */
#pragma once

#include "core/base/str.h"
#include "core/market/instrument.h"

enum { SYMBOL_MAP_SLOTS = 4096 }; /* a power of two, 4 x INSTRUMENT_MAX: short chains */

typedef struct {
    uint64_t words[SYMBOL_TEXT_MAX / 8]; /* the name, zero-padded: compared as words */
    instrument_id_t id;                  /* INSTRUMENT_NONE: the slot is free */
    uint8_t length;
} symbol_slot_t;

typedef struct {
    uint32_t count;
    symbol_slot_t slots[SYMBOL_MAP_SLOTS];
} symbol_map_t;

void symbol_map_init(symbol_map_t *map);

/* Empties the map and takes every instrument of `venue` from the table. */
void symbol_map_fill(symbol_map_t *map, const instrument_table_t *table, const char *venue);

/* RESULT_DUPLICATE, RESULT_FULL, RESULT_TEXT_EMPTY, RESULT_TEXT_TOO_LONG. */
result_t symbol_map_put(symbol_map_t *map, str_t symbol, instrument_id_t id);

/* INSTRUMENT_NONE when it is not there. */
instrument_id_t symbol_map_find(const symbol_map_t *map, str_t symbol);

/* The same for a name that is already in words (little-endian bytes, zero-padded, not empty): what the fast decoder has at hand. */
instrument_id_t symbol_map_find_words(const symbol_map_t *map, const uint64_t words[SYMBOL_TEXT_MAX / 8]);

/* record_text.h: a record as one line of canonical JSON, for `patriot journal export` and `patriot why`.
 *
 * Fields stand in a fixed order, decimals are strings, times ISO 8601 with nanoseconds, enumerations their names; text is escaped.
 * The same record gives the same bytes everywhere.
 */
#pragma once

#include <stddef.h>

#include "core/order/record.h"

enum { RECORD_JSON_MAX = 4096 };

/* Writes the JSON object and a NUL (no newline); returns its length, 0 when capacity is too small (RECORD_JSON_MAX always
 * suffices). `table` may be NULL: then the instrument appears by number only. */
size_t record_json(const order_record_t *record, const instrument_table_t *table, char *text, size_t capacity);

/* One sentence for people: "refused: PRICE_QUALITY, not a better price than the entries that exist (new entry 98, best existing
 * entry 98)". At most RECORD_JSON_MAX. */
size_t record_sentence(const order_record_t *record, const instrument_table_t *table, char *text, size_t capacity);

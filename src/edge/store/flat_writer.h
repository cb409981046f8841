/* flat_writer.h: a small FlatBuffers writer, as much of it as Arrow's metadata needs. Pure.
 *
 * As every FlatBuffers builder it grows from the end of its buffer toward the front, so that all offsets point forward. A place is
 * named by its distance from the end. Overflow sets `full` and writes nothing more: look at it once at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLAT_CAPACITY = 4096, FLAT_FIELDS_MAX = 8 };

typedef uint32_t flat_place_t; /* 0: nothing */

typedef struct {
    uint8_t bytes[FLAT_CAPACITY];
    uint32_t used;
    bool full;
    flat_place_t table_start;
    flat_place_t fields[FLAT_FIELDS_MAX]; /* of the table being written */
} flat_writer_t;

void flat_begin(flat_writer_t *writer);
flat_place_t flat_string(flat_writer_t *writer, const char *text);

/* A vector of places (tables, strings), in order. */
flat_place_t flat_places(flat_writer_t *writer, const flat_place_t *places, uint32_t count);

/* A vector of structs of int64 words, in order. */
flat_place_t flat_words(flat_writer_t *writer, const int64_t *words, uint32_t count, uint32_t words_each);

/* Tables are written one at a time: what they point to comes before. */
void flat_table_begin(flat_writer_t *writer);
void flat_field(flat_writer_t *writer, uint32_t field, uint64_t value, uint32_t size); /* a scalar of 1, 2, 4 or 8 bytes */
void flat_field_place(flat_writer_t *writer, uint32_t field, flat_place_t place);
flat_place_t flat_table_end(flat_writer_t *writer, uint32_t field_count);

/* Sets the root and pads; the buffer then is *out .. *out + the returned length, a multiple of 8. 0 when it did not fit. */
size_t flat_finish(flat_writer_t *writer, flat_place_t root, const uint8_t **out);

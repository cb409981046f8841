/* flat_writer.c: FlatBuffers from the end to the front; see flat_writer.h. */
#include "edge/store/flat_writer.h"

#include <string.h>

#include "core/base/assert.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are copied as they stand in memory");

void flat_begin(flat_writer_t *writer)
{
    memset(writer, 0, sizeof *writer);
}

static void push(flat_writer_t *writer, const void *bytes, uint32_t size)
{
    if (writer->full || size > FLAT_CAPACITY - writer->used) {
        writer->full = true;
        return;
    }
    writer->used += size;
    if (size == 0) {
        return; /* also for an empty vector, whose words stand nowhere */
    }
    memcpy(writer->bytes + FLAT_CAPACITY - writer->used, bytes, size);
}

/* Zeros so that, after `before` more bytes, the place is a multiple of `align`. */
static void pad(flat_writer_t *writer, uint32_t align, uint32_t before)
{
    static const uint8_t zeros[8] = {0};
    push(writer, zeros, (align - (writer->used + before) % align) % align);
}

static void push_place(flat_writer_t *writer, flat_place_t place)
{
    pad(writer, 4, 0);
    const uint32_t distance = writer->used + 4 - place;
    push(writer, &distance, 4);
}

flat_place_t flat_string(flat_writer_t *writer, const char *text)
{
    const uint32_t length = (uint32_t)strlen(text);
    pad(writer, 4, length + 1);
    push(writer, text, length + 1);
    push(writer, &length, 4);
    return writer->used;
}

flat_place_t flat_places(flat_writer_t *writer, const flat_place_t *places, uint32_t count)
{
    pad(writer, 4, 0);
    for (uint32_t i = count; i > 0; i--) {
        push_place(writer, places[i - 1]);
    }
    push(writer, &count, 4);
    return writer->used;
}

flat_place_t flat_words(flat_writer_t *writer, const int64_t *words, uint32_t count, uint32_t words_each)
{
    const uint32_t size = count * words_each * 8;
    pad(writer, 8, 0);
    push(writer, words, size);
    push(writer, &count, 4);
    return writer->used;
}

void flat_table_begin(flat_writer_t *writer)
{
    memset(writer->fields, 0, sizeof writer->fields);
    writer->table_start = writer->used;
}

void flat_field(flat_writer_t *writer, uint32_t field, uint64_t value, uint32_t size)
{
    ASSERT(field < FLAT_FIELDS_MAX && (size == 1 || size == 2 || size == 4 || size == 8));
    pad(writer, size, 0);
    push(writer, &value, size);
    writer->fields[field] = writer->used;
}

void flat_field_place(flat_writer_t *writer, uint32_t field, flat_place_t place)
{
    ASSERT(field < FLAT_FIELDS_MAX);
    push_place(writer, place);
    writer->fields[field] = writer->used;
}

flat_place_t flat_table_end(flat_writer_t *writer, uint32_t field_count)
{
    ASSERT(field_count <= FLAT_FIELDS_MAX);
    const int32_t unknown = 0;
    pad(writer, 4, 0);
    push(writer, &unknown, 4); /* will tell where the table of fields stands */
    const flat_place_t table = writer->used;
    for (uint32_t i = field_count; i > 0; i--) {
        const uint16_t offset = writer->fields[i - 1] != 0 ? (uint16_t)(table - writer->fields[i - 1]) : 0;
        push(writer, &offset, 2);
    }
    const uint16_t sizes[2] = {(uint16_t)(4 + 2 * field_count), (uint16_t)(table - writer->table_start)};
    push(writer, sizes, 4);
    if (!writer->full) {
        const int32_t back = (int32_t)(writer->used - table);
        memcpy(writer->bytes + FLAT_CAPACITY - table, &back, 4);
    }
    return table;
}

size_t flat_finish(flat_writer_t *writer, flat_place_t root, const uint8_t **out)
{
    pad(writer, 8, 4);
    push_place(writer, root);
    *out = writer->bytes + FLAT_CAPACITY - writer->used;
    return writer->full ? 0 : writer->used;
}

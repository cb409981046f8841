/* fuzz_json.c: rooms: edge/json
 *
 * Any bytes: the reader never reads outside them, skipping and reading agree on what is JSON, and what the writer makes of any text
 * is JSON that reads back as the same text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/assert.h"
#include "edge/json/json_reader.h"
#include "edge/json/json_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a value of any kind with the typed readers, containers recursively through the pull interface. */
static void walk(json_reader_t *reader)
{
    str_t key, raw;
    switch (json_peek(reader)) {
    case JSON_OBJECT:
        json_enter_object(reader);
        while (json_next_key(reader, &key)) {
            walk(reader);
        }
        break;
    case JSON_ARRAY:
        json_enter_array(reader);
        while (json_next_item(reader)) {
            walk(reader);
        }
        break;
    case JSON_STRING:
        json_read_string(reader, &raw);
        break;
    case JSON_NUMBER:
        json_read_number(reader, &raw);
        break;
    case JSON_TRUE:
    case JSON_FALSE: {
        bool flag;
        json_read_bool(reader, &flag);
        break;
    }
    case JSON_NULL:
        json_read_null(reader);
        break;
    case JSON_NONE:
        json_skip(reader); /* words the error */
        break;
    }
}

static void numbers(const char *bytes, size_t size)
{
    json_reader_t reader;
    dec_t dec = DEC_ONE;
    int64_t i = 7;
    uint64_t u = 7;
    json_reader_init(&reader, bytes, size);
    if (json_read_dec(&reader, &dec) != RESULT_OK) {
        ASSERT(dec_eq(dec, DEC_ONE));
    }
    json_reader_init(&reader, bytes, size);
    if (json_read_i64(&reader, &i) != RESULT_OK) {
        ASSERT(i == 7);
    }
    json_reader_init(&reader, bytes, size);
    if (json_read_u64(&reader, &u) != RESULT_OK) {
        ASSERT(u == 7);
    }
}

static void round_trip(str_t text)
{
    static char buffer[1 << 16], back[1 << 16];
    if (text.length > 4096) {
        return;
    }
    json_writer_t writer;
    str_t json;
    json_writer_init(&writer, buffer, sizeof buffer);
    json_write_text(&writer, text);
    ASSERT(json_writer_finish(&writer, &json) == RESULT_OK);
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    str_t raw;
    ASSERT(json_read_string(&reader, &raw) == RESULT_OK && json_finish(&reader) == RESULT_OK);
    size_t length;
    result_t result = json_unescape(raw, back, sizeof back, &length);
    ASSERT(result == RESULT_OK || (result == RESULT_TEXT_BAD_CHARACTER && memchr(text.bytes, 0, text.length) != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size > 0 ? size : 1); /* exactly so many: the sanitizer sees any step beyond */
    if (bytes == NULL) {
        return 0;
    }
    if (size > 0) {
        memcpy(bytes, data, size);
    }
    json_reader_t skipped, walked;
    json_reader_init(&skipped, bytes, size);
    json_skip(&skipped);
    json_reader_init(&walked, bytes, size);
    walk(&walked);
    ASSERT(json_finish(&skipped) == json_finish(&walked));
    ASSERT(skipped.error_at == walked.error_at);
    numbers(bytes, size);
    round_trip((str_t){bytes, size});
    free(bytes);
    return 0;
}

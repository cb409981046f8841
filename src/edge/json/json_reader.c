/* json_reader.c: the walk over JSON text: containers, keys, items, and skipping. Strings and numbers are in json_scan.c, typed
 * values in json_value.c.
 *
 * State is the place in the text and two bits a level: is the container an object, and has it had an item (then a comma must come
 * before the next). Skipping a value is a loop over the same steps, not a recursion: the stack never grows with the input.
 */
#include "edge/json/json_reader.h"

#include "core/base/assert.h"
#include "edge/json/json_scan.h"

#include <string.h>

void json_reader_init(json_reader_t *reader, const char *bytes, size_t length)
{
    ASSERT(bytes != NULL || length == 0);
    *reader = (json_reader_t){.bytes = bytes, .length = length};
}

result_t json_scan_fail(json_reader_t *reader, result_t error, size_t at, const char *what)
{
    if (reader->error == RESULT_OK) {
        reader->error = error;
        reader->error_at = at;
        reader->error_what = what;
    }
    return reader->error;
}

result_t json_fail(json_reader_t *reader, result_t error, const char *what_static)
{
    ASSERT(error != RESULT_OK && what_static != NULL);
    return json_scan_fail(reader, error, reader->at, what_static);
}

static void blanks_skip(json_reader_t *reader)
{
    while (reader->at < reader->length) {
        char c = reader->bytes[reader->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            return;
        }
        reader->at++;
    }
}

json_kind_t json_peek(json_reader_t *reader)
{
    if (reader->error != RESULT_OK) {
        return JSON_NONE;
    }
    blanks_skip(reader);
    if (reader->at >= reader->length) {
        return JSON_NONE;
    }
    switch (reader->bytes[reader->at]) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case 'n':
        return JSON_NULL;
    case '-':
        return JSON_NUMBER;
    default:
        return reader->bytes[reader->at] >= '0' && reader->bytes[reader->at] <= '9' ? JSON_NUMBER : JSON_NONE;
    }
}

result_t json_scan_expect(json_reader_t *reader, json_kind_t kind)
{
    if (reader->error != RESULT_OK) {
        return reader->error;
    }
    json_kind_t found = json_peek(reader);
    if (found == kind) {
        return RESULT_OK;
    }
    if (reader->at >= reader->length) {
        return json_scan_fail(reader, RESULT_TRUNCATED, reader->at, "the text ends where a value must stand");
    }
    if (found == JSON_NONE) {
        return json_scan_fail(reader, RESULT_MALFORMED, reader->at, "no value can begin with this character");
    }
    static const char *const wanted[] = {
        [JSON_NONE] = "another value is expected here",  [JSON_OBJECT] = "an object is expected here",
        [JSON_ARRAY] = "an array is expected here",      [JSON_STRING] = "a string is expected here",
        [JSON_NUMBER] = "a number is expected here",     [JSON_TRUE] = "true or false is expected here",
        [JSON_FALSE] = "true or false is expected here", [JSON_NULL] = "null is expected here",
    };
    return json_scan_fail(reader, RESULT_FIELD_WRONG_TYPE, reader->at, wanted[kind]);
}

static result_t container_enter(json_reader_t *reader, json_kind_t kind)
{
    if (json_scan_expect(reader, kind) != RESULT_OK) {
        return reader->error;
    }
    if (reader->depth == JSON_DEPTH_MAX) {
        return json_scan_fail(reader, RESULT_FULL, reader->at, "objects and arrays are nested too deeply");
    }
    uint64_t bit = UINT64_C(1) << reader->depth;
    reader->in_object = kind == JSON_OBJECT ? reader->in_object | bit : reader->in_object & ~bit;
    reader->has_item &= ~bit;
    reader->depth++;
    reader->at++;
    return RESULT_OK;
}

result_t json_enter_object(json_reader_t *reader)
{
    return container_enter(reader, JSON_OBJECT);
}

result_t json_enter_array(json_reader_t *reader)
{
    return container_enter(reader, JSON_ARRAY);
}

/* Up to the next item of the innermost container: true when one follows; false when the container has ended (and is left) or on
 * error. */
static bool item_begin(json_reader_t *reader, bool object)
{
    if (reader->error != RESULT_OK) {
        return false;
    }
    ASSERT(reader->depth > 0);
    uint64_t bit = UINT64_C(1) << (reader->depth - 1);
    ASSERT(((reader->in_object & bit) != 0) == object);
    blanks_skip(reader);
    if (reader->at >= reader->length) {
        json_scan_fail(reader, RESULT_TRUNCATED, reader->at, object ? "an object is not closed" : "an array is not closed");
        return false;
    }
    char c = reader->bytes[reader->at];
    if (c == (object ? '}' : ']')) {
        reader->at++;
        reader->depth--;
        return false;
    }
    if ((reader->has_item & bit) == 0) {
        reader->has_item |= bit;
        return true;
    }
    if (c != ',') {
        json_scan_fail(reader, RESULT_MALFORMED, reader->at, "a comma or the end of the object or array is expected here");
        return false;
    }
    reader->at++;
    return true;
}

bool json_next_key(json_reader_t *reader, str_t *key)
{
    if (!item_begin(reader, true)) {
        return false;
    }
    blanks_skip(reader);
    if (reader->at >= reader->length) {
        json_scan_fail(reader, RESULT_TRUNCATED, reader->at, "the text ends where a key must stand");
        return false;
    }
    if (reader->bytes[reader->at] != '"') {
        json_scan_fail(reader, RESULT_MALFORMED, reader->at, "a key must be a string");
        return false;
    }
    str_t raw;
    if (json_scan_string(reader, &raw) != RESULT_OK) {
        return false;
    }
    blanks_skip(reader);
    if (reader->at >= reader->length) {
        json_scan_fail(reader, RESULT_TRUNCATED, reader->at, "the text ends after a key");
        return false;
    }
    if (reader->bytes[reader->at] != ':') {
        json_scan_fail(reader, RESULT_MALFORMED, reader->at, "a colon must follow a key");
        return false;
    }
    reader->at++;
    *key = raw;
    return true;
}

bool json_next_item(json_reader_t *reader)
{
    return item_begin(reader, false);
}

/* One value that is no container. */
static result_t scalar_skip(json_reader_t *reader, json_kind_t kind)
{
    str_t ignored;
    switch (kind) {
    case JSON_STRING:
        return json_scan_string(reader, &ignored);
    case JSON_NUMBER:
        return json_scan_number(reader, &ignored);
    case JSON_TRUE:
        return json_scan_word(reader, STR("true"));
    case JSON_FALSE:
        return json_scan_word(reader, STR("false"));
    case JSON_NULL:
        return json_scan_word(reader, STR("null"));
    case JSON_NONE:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return json_scan_expect(reader, JSON_NONE); /* words the error */
}

/* Begins one value: a scalar is read whole, of a container only the opening. */
static result_t value_begin(json_reader_t *reader)
{
    json_kind_t kind = json_peek(reader);
    if (reader->error != RESULT_OK) {
        return reader->error;
    }
    if (kind == JSON_OBJECT || kind == JSON_ARRAY) {
        return container_enter(reader, kind);
    }
    if (kind == JSON_NONE) {
        bool ended = reader->at >= reader->length;
        return json_scan_fail(reader, ended ? RESULT_TRUNCATED : RESULT_MALFORMED, reader->at,
                              ended ? "the text ends where a value must stand" : "no value can begin with this character");
    }
    return scalar_skip(reader, kind);
}

result_t json_skip(json_reader_t *reader)
{
    uint32_t depth = reader->depth;
    value_begin(reader);
    while (reader->error == RESULT_OK && reader->depth > depth) {
        bool object = (reader->in_object >> (reader->depth - 1)) & 1;
        str_t key;
        if (object ? json_next_key(reader, &key) : json_next_item(reader)) {
            value_begin(reader);
        }
    }
    return reader->error;
}

result_t json_read_raw(json_reader_t *reader, str_t *raw)
{
    if (reader->error != RESULT_OK) {
        return reader->error;
    }
    blanks_skip(reader);
    size_t start = reader->at;
    if (json_skip(reader) == RESULT_OK) {
        *raw = (str_t){reader->bytes + start, reader->at - start};
    }
    return reader->error;
}

result_t json_finish(json_reader_t *reader)
{
    if (reader->error != RESULT_OK) {
        return reader->error;
    }
    ASSERT(reader->depth == 0); /* whoever entered a container reads it to its end */
    if (reader->at == 0) {
        return json_scan_fail(reader, RESULT_TRUNCATED, 0, "no value was read");
    }
    blanks_skip(reader);
    if (reader->at < reader->length) {
        return json_scan_fail(reader, RESULT_MALFORMED, reader->at, "something follows the value");
    }
    return RESULT_OK;
}

size_t json_error_text(const json_reader_t *reader, char buffer[JSON_ERROR_MAX])
{
    buffer[0] = '\0';
    if (reader->error == RESULT_OK) {
        return 0;
    }
    char digits[24];
    size_t length = 0;
    str_t parts[] = {STR("byte "), {digits, str_from_u64(reader->error_at, digits)}, STR(": "), str_from(reader->error_what)};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t room = JSON_ERROR_MAX - 1 - length;
        size_t take = parts[i].length < room ? parts[i].length : room;
        memcpy(buffer + length, parts[i].bytes, take);
        length += take;
    }
    buffer[length] = '\0';
    return length;
}

result_t json_note_seen(json_reader_t *reader, uint64_t *seen, unsigned field)
{
    ASSERT(field < 64);
    uint64_t bit = UINT64_C(1) << field;
    if (*seen & bit) {
        return json_fail(reader, RESULT_DUPLICATE, "a field comes twice");
    }
    *seen |= bit;
    return reader->error;
}

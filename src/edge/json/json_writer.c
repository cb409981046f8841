/* json_writer.c: the bounded writer. Every piece goes through put(), which writes the whole piece or notes the overflow and writes
 * nothing from then on: the buffer never holds half an escape.
 */
#include "edge/json/json_writer.h"

#include "core/base/assert.h"
#include "edge/json/json_reader.h"
#include "edge/json/json_scan.h"

#include <math.h>
#include <string.h>

void json_writer_init(json_writer_t *writer, char *buffer, size_t capacity)
{
    ASSERT(buffer != NULL || capacity == 0);
    *writer = (json_writer_t){.buffer = buffer, .capacity = capacity};
}

/* Most pieces are a few bytes: cheaper moved by hand than by a call. */
static inline void copy(char *to, const char *from, size_t length)
{
    if (length > 16) {
        memcpy(to, from, length);
    } else if (length >= 8) {
        memcpy(to, from, 8);
        memcpy(to + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, from, 4);
        memcpy(to + length - 4, from + length - 4, 4);
    } else {
        for (size_t i = 0; i < length; i++) {
            to[i] = from[i];
        }
    }
}

/* Where a piece of so many bytes goes; NULL: it does not fit. */
static inline char *reserve(json_writer_t *writer, size_t length)
{
    if (writer->overflow || length > writer->capacity - writer->length) {
        writer->overflow = true;
        return NULL;
    }
    char *at = writer->buffer + writer->length;
    writer->length += length;
    return at;
}

static inline void put(json_writer_t *writer, const char *bytes, size_t length)
{
    char *at = reserve(writer, length);
    if (at != NULL) {
        copy(at, bytes, length);
    }
}

static inline void put_char(json_writer_t *writer, char c)
{
    char *at = reserve(writer, 1);
    if (at != NULL) {
        *at = c;
    }
}

/* Does a comma stand before the next item of this container? From now on one does. */
static inline size_t comma_due(json_writer_t *writer)
{
    bool due = (writer->has_item & writer->here) != 0;
    writer->has_item |= writer->here;
    return due;
}

/* The same before a value, and the belief that a value may stand here. */
static inline size_t item_begins(json_writer_t *writer)
{
    if (writer->key_written) {
        writer->key_written = false;
        return 0;
    }
    if (writer->depth == 0) {
        ASSERT(writer->length == 0 || writer->overflow); /* one document, one value */
        return 0;
    }
    ASSERT((writer->in_object & writer->here) == 0); /* in an object a key comes first */
    return comma_due(writer);
}

static void item_begin(json_writer_t *writer)
{
    if (item_begins(writer) > 0) {
        put_char(writer, ',');
    }
}

/* [,]"bytes" */
static inline void put_quoted(json_writer_t *writer, const char *bytes, size_t length)
{
    size_t comma = item_begins(writer);
    char *at = reserve(writer, length + 2 + comma);
    if (at != NULL) {
        at[0] = ','; /* or the quote over it */
        at += comma;
        at[0] = '"';
        copy(at + 1, bytes, length);
        at[length + 1] = '"';
    }
}

/* [,]"key": */
static inline void put_key(json_writer_t *writer, const char *key, size_t length)
{
    size_t comma = comma_due(writer);
    char *at = reserve(writer, length + 3 + comma);
    if (at != NULL) {
        at[0] = ',';
        at += comma;
        at[0] = '"';
        copy(at + 1, key, length);
        at[length + 1] = '"';
        at[length + 2] = ':';
    }
}

static void container_begin(json_writer_t *writer, bool object)
{
    item_begin(writer);
    ASSERT(writer->depth < JSON_DEPTH_MAX);
    writer->depth++;
    writer->here = UINT64_C(1) << (writer->depth - 1);
    writer->has_item &= ~writer->here;
    writer->in_object = object ? writer->in_object | writer->here : writer->in_object & ~writer->here;
    put_char(writer, object ? '{' : '[');
}

static void container_end(json_writer_t *writer, bool object)
{
    ASSERT(writer->depth > 0 && !writer->key_written);
    ASSERT(((writer->in_object & writer->here) != 0) == object);
    writer->depth--;
    writer->here >>= 1;
    put_char(writer, object ? '}' : ']');
}

void json_begin_object(json_writer_t *writer)
{
    container_begin(writer, true);
}
void json_end_object(json_writer_t *writer)
{
    container_end(writer, true);
}
void json_begin_array(json_writer_t *writer)
{
    container_begin(writer, false);
}
void json_end_array(json_writer_t *writer)
{
    container_end(writer, false);
}

/* One character that may not stand in a string as it is. */
static void put_escaped(json_writer_t *writer, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    const char *found = memchr(plain, c, sizeof plain - 1);
    if (found != NULL) {
        char pair[2] = {'\\', letter[found - plain]};
        put(writer, pair, sizeof pair);
        return;
    }
    char code[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    put(writer, code, sizeof code);
}

/* Bytes that stand in a string as they are, whatever is around them: ASCII without controls, quote and backslash. */
static inline bool is_plain(unsigned char c)
{
    static const uint64_t plain[4] = {UINT64_C(0xFFFFFFFB00000000), UINT64_C(0x7FFFFFFFEFFFFFFF)};
    return plain[c / 64] >> (c % 64) & 1;
}

static bool all_plain(str_t text)
{
    size_t plain = 0;
    while (plain < text.length && is_plain((unsigned char)text.bytes[plain])) {
        plain++;
    }
    return plain == text.length;
}

static void put_escaped_string(json_writer_t *writer, str_t text)
{
    put_char(writer, '"');
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    size_t plain = 0; /* start of the run that needs no change */
    for (size_t at = 0; at < text.length;) {
        size_t step = bytes[at] < 0x80 ? 1 : json_scan_utf8(bytes + at, text.length - at);
        if (is_plain(bytes[at]) || step > 1) {
            at += step;
            continue;
        }
        put(writer, text.bytes + plain, at - plain);
        if (step == 0) {
            put(writer, "\xEF\xBF\xBD", 3); /* U+FFFD stands for a byte that is not UTF-8 */
        } else {
            put_escaped(writer, bytes[at]);
        }
        plain = ++at;
    }
    if (text.length > plain) {
        put(writer, text.bytes + plain, text.length - plain);
    }
    put_char(writer, '"');
}

static inline void key_begin(json_writer_t *writer)
{
    ASSERT(!writer->key_written && (writer->in_object & writer->here) != 0);
    writer->key_written = true;
}

void json_write_key_text(json_writer_t *writer, str_t key)
{
    key_begin(writer);
    if (all_plain(key)) {
        put_key(writer, key.bytes, key.length);
        return;
    }
    if (comma_due(writer) > 0) {
        put_char(writer, ',');
    }
    put_escaped_string(writer, key);
    put_char(writer, ':');
}

void json_write_key_plain(json_writer_t *writer, str_t key)
{
    key_begin(writer);
    put_key(writer, key.bytes, key.length);
}

void json_write_text_plain(json_writer_t *writer, str_t text)
{
    put_quoted(writer, text.bytes, text.length);
}

void json_write_text(json_writer_t *writer, str_t text)
{
    if (all_plain(text)) {
        put_quoted(writer, text.bytes, text.length);
        return;
    }
    item_begin(writer);
    put_escaped_string(writer, text);
}

void json_write_string(json_writer_t *writer, const char *text)
{
    if (text == NULL) {
        json_write_null(writer);
    } else {
        json_write_text(writer, str_from(text));
    }
}

void json_write_dec(json_writer_t *writer, dec_t value)
{
    char text[DEC_TEXT_MAX];
    put_quoted(writer, text, dec_format(value, text));
}

void json_write_dec_places(json_writer_t *writer, dec_t value, unsigned places)
{
    char text[DEC_TEXT_MAX];
    put_quoted(writer, text, dec_format_places(value, places, text));
}

void json_write_dec_least(json_writer_t *writer, dec_t value, unsigned places)
{
    char text[DEC_TEXT_MAX];
    put_quoted(writer, text, dec_format_least(value, places, text));
}

void json_write_dec_number(json_writer_t *writer, dec_t value)
{
    char text[DEC_TEXT_MAX];
    item_begin(writer);
    put(writer, text, dec_format(value, text));
}

void json_write_i64(json_writer_t *writer, int64_t value)
{
    char text[24];
    item_begin(writer);
    put(writer, text, str_from_i64(value, text));
}

void json_write_u64(json_writer_t *writer, uint64_t value)
{
    char text[24];
    item_begin(writer);
    put(writer, text, str_from_u64(value, text));
}

void json_write_double(json_writer_t *writer, double value, unsigned places)
{
    dec_t exact;
    if (!isfinite(value) || dec_from_double(value, places, &exact) != RESULT_OK) {
        json_write_null(writer);
        return;
    }
    json_write_dec_number(writer, exact);
}

void json_write_bool(json_writer_t *writer, bool value)
{
    item_begin(writer);
    put(writer, value ? "true" : "false", value ? 4 : 5);
}

void json_write_null(json_writer_t *writer)
{
    item_begin(writer);
    put(writer, "null", 4);
}

void json_write_raw(json_writer_t *writer, str_t json)
{
    ASSERT(json.length > 0);
    item_begin(writer);
    put(writer, json.bytes, json.length);
}

result_t json_writer_finish(json_writer_t *writer, str_t *text)
{
    ASSERT(writer->depth == 0 && !writer->key_written);
    if (writer->overflow) {
        return RESULT_FULL;
    }
    *text = (str_t){writer->buffer, writer->length};
    return RESULT_OK;
}

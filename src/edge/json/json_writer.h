/* json_writer.h: writes JSON into a bounded buffer. Commas and quotes are the writer's business, overflow is noted once at the end.
 *
 * What it writes is always valid JSON: text is escaped, bytes that are not UTF-8 become U+FFFD, numbers are exact decimals without
 * an exponent. Misuse (a value where a key must stand, an end without a begin) is a programming error and asserts. No allocation.
 *
 *     json_writer_t writer;
 *     json_writer_init(&writer, buffer, sizeof buffer);
 *     json_begin_object(&writer);
 *     json_field_text(&writer, "symbol", STR("BTCUSDT"));
 *     json_field_dec(&writer, "price", price);          // "price":"61800.2"
 *     json_end_object(&writer);
 *     str_t text;
 *     result_t result = json_writer_finish(&writer, &text);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/base/str.h"

typedef struct {
    char *buffer; /* borrowed */
    size_t capacity;
    size_t length;      /* bytes written; stays at the last whole piece after an overflow */
    uint64_t in_object; /* bit d: container at depth d is an object */
    uint64_t has_item;  /* bit d: a comma is needed before the next item */
    uint64_t here;      /* the bit of the depth we are at; 0: outside */
    uint32_t depth;
    bool key_written;  /* a value must follow */
    bool overflow;     /* the buffer was too small: nothing more is written */
    uint8_t time_form; /* of the user, who writes times by it; the writer does not look at it */
} json_writer_t;

void json_writer_init(json_writer_t *writer, char *buffer, size_t capacity);

void json_begin_object(json_writer_t *writer);
void json_end_object(json_writer_t *writer);
void json_begin_array(json_writer_t *writer);
void json_end_array(json_writer_t *writer);

/* A key must be followed by exactly one value. */
void json_write_key_text(json_writer_t *writer, str_t key);
void json_write_key_plain(json_writer_t *writer, str_t key); /* of which nothing is to be escaped */

/* A literal of our own code of which nothing is to be escaped: that, and its length, is known when it is compiled. */
#define JSON_PLAIN_LITERAL(text) (__builtin_constant_p(strlen(text)) && strcspn(text, "\"\\\b\f\n\r\t") == strlen(text))

static inline void json_write_key(json_writer_t *writer, const char *key)
{
    if (JSON_PLAIN_LITERAL(key)) {
        json_write_key_plain(writer, (str_t){key, strlen(key)});
    } else {
        json_write_key_text(writer, (str_t){key, strlen(key)});
    }
}

void json_write_text(json_writer_t *writer, str_t text);
void json_write_text_plain(json_writer_t *writer, str_t text);   /* of which nothing is to be escaped */
void json_write_string(json_writer_t *writer, const char *text); /* NUL-terminated; NULL writes null */
void json_write_dec(json_writer_t *writer, dec_t value);         /* "61800.2": as a string, the way venues write money */
void json_write_dec_places(json_writer_t *writer, dec_t value, unsigned places); /* "61800.20"; cut toward zero */
void json_write_dec_least(json_writer_t *writer, dec_t value, unsigned places);  /* "61800.20", and what more it needs */
void json_write_dec_number(json_writer_t *writer, dec_t value);                  /* 61800.2: as a bare number */
void json_write_i64(json_writer_t *writer, int64_t value);
void json_write_u64(json_writer_t *writer, uint64_t value);
void json_write_double(json_writer_t *writer, double value, unsigned places); /* statistics only; NaN and infinity become null */
void json_write_bool(json_writer_t *writer, bool value);
void json_write_null(json_writer_t *writer);

/* Text that is JSON already (one value); copied as it is. */
void json_write_raw(json_writer_t *writer, str_t json);

/* Key and value in one call. */
static inline void json_field_text(json_writer_t *writer, const char *key, str_t text)
{
    json_write_key(writer, key);
    json_write_text(writer, text);
}
/* NUL-terminated; NULL writes null */
static inline void json_field_string(json_writer_t *writer, const char *key, const char *text)
{
    json_write_key(writer, key);
    if (text != NULL && JSON_PLAIN_LITERAL(text)) {
        json_write_text_plain(writer, (str_t){text, strlen(text)});
    } else {
        json_write_string(writer, text);
    }
}
static inline void json_field_dec(json_writer_t *writer, const char *key, dec_t value)
{
    json_write_key(writer, key);
    json_write_dec(writer, value);
}
static inline void json_field_dec_places(json_writer_t *writer, const char *key, dec_t value, unsigned places)
{
    json_write_key(writer, key);
    json_write_dec_places(writer, value, places);
}
static inline void json_field_dec_least(json_writer_t *writer, const char *key, dec_t value, unsigned places)
{
    json_write_key(writer, key);
    json_write_dec_least(writer, value, places);
}
static inline void json_field_i64(json_writer_t *writer, const char *key, int64_t value)
{
    json_write_key(writer, key);
    json_write_i64(writer, value);
}
static inline void json_field_u64(json_writer_t *writer, const char *key, uint64_t value)
{
    json_write_key(writer, key);
    json_write_u64(writer, value);
}
static inline void json_field_bool(json_writer_t *writer, const char *key, bool value)
{
    json_write_key(writer, key);
    json_write_bool(writer, value);
}
static inline void json_field_null(json_writer_t *writer, const char *key)
{
    json_write_key(writer, key);
    json_write_null(writer);
}

/* RESULT_OK: *text is the whole document (borrowed from the buffer). RESULT_FULL: it did not fit. Open containers assert. */
result_t json_writer_finish(json_writer_t *writer, str_t *text);

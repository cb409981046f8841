/* json_reader.h: a strict (RFC 8259), allocation-free reader that walks over JSON text where it lies.
 *
 * No tree is built: the caller enters objects and arrays, asks for the next key or item, and reads or skips each value. Nothing is
 * copied; slices point into the text and live as long as it does. The first error sticks: every later call fails with it and leaves
 * its out-parameter as it was, so a decoder may read on and look at the end (json_finish). Strings must be UTF-8, numbers are
 * never turned into a double, nesting is bounded, and nothing may follow the value. Keys that appear twice are the caller's
 * business: json_note_seen refuses them.
 *
 *     json_reader_t reader;
 *     json_reader_init(&reader, bytes, length);
 *     json_enter_object(&reader);
 *     for (str_t key; json_next_key(&reader, &key);) {
 *         if (str_eq(key, STR("p"))) {
 *             json_read_dec(&reader, &price);
 *         } else {
 *             json_skip(&reader);
 *         }
 *     }
 *     result_t result = json_finish(&reader);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/base/str.h"

enum {
    JSON_DEPTH_MAX = 64,  /* objects and arrays inside each other */
    JSON_ERROR_MAX = 160, /* json_error_text with NUL */
};

typedef enum { JSON_NONE, JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL } json_kind_t;

typedef struct {
    const char *bytes; /* borrowed */
    size_t length;
    size_t at;              /* next byte to look at */
    uint64_t in_object;     /* bit d: container at depth d is an object */
    uint64_t has_item;      /* bit d: the container at depth d has had an item */
    uint32_t depth;         /* open containers */
    result_t error;         /* RESULT_OK, or the first error */
    size_t error_at;        /* byte offset of the first error */
    const char *error_what; /* static text: what was wrong there; NULL without an error */
} json_reader_t;

void json_reader_init(json_reader_t *reader, const char *bytes, size_t length);

/* What the next value is; JSON_NONE at the end of the text, after an error, or where no value may stand. Reads nothing but blanks.
 */
json_kind_t json_peek(json_reader_t *reader);

/* '{' or '['. RESULT_FIELD_WRONG_TYPE when another value stands there, RESULT_FULL when too deep. */
result_t json_enter_object(json_reader_t *reader);
result_t json_enter_array(json_reader_t *reader);

/* The next key of the object entered last, raw (escapes are not resolved; json_unescape does that); its value must then be read or
 * skipped. False at the object's end, which is thereby left, and on error. */
bool json_next_key(json_reader_t *reader, str_t *key);

/* True when another item follows in the array entered last. False at its end, which is thereby left, and on error. */
bool json_next_item(json_reader_t *reader);

/* Readers of one value. Each leaves *out untouched on failure; a value of another kind gives RESULT_FIELD_WRONG_TYPE. */
result_t json_read_string(json_reader_t *reader, str_t *raw); /* between the quotes, escapes unresolved */
result_t json_read_text(json_reader_t *reader, char *buffer, size_t capacity,
                        size_t *length); /* unescaped, with NUL; length may be NULL */
result_t json_read_bool(json_reader_t *reader, bool *out);
result_t json_read_null(json_reader_t *reader);

/* From a number or from a string of the same form. A number may carry an exponent (1.0E-3), a string may not. Exact or refused. */
result_t json_read_dec(json_reader_t *reader, dec_t *out);
result_t json_read_i64(json_reader_t *reader, int64_t *out); /* digits only, with '-' */
result_t json_read_u64(json_reader_t *reader, uint64_t *out);

/* The number's own text ("1.50e3"). */
result_t json_read_number(json_reader_t *reader, str_t *raw);

/* Any value, checked as strictly as if it were read. */
result_t json_skip(json_reader_t *reader);

/* As json_skip; *raw is the whole value as it stands in the text. */
result_t json_read_raw(json_reader_t *reader, str_t *raw);

/* Marks the reader as failed by a decoder's own rule (a missing field, an unknown word) at the present place; the first error
 * stays. Returns the error. */
result_t json_fail(json_reader_t *reader, result_t error, const char *what_static);

/* The whole text was one value and nothing but blanks follows: RESULT_OK, or the first error. */
result_t json_finish(json_reader_t *reader);

/* Words for people: "byte 17: a string is not closed". Empty without an error. Returns the length. */
size_t json_error_text(const json_reader_t *reader, char buffer[JSON_ERROR_MAX]);

/* Resolves the escapes of a raw string into a bounded buffer, with NUL. RESULT_TEXT_TOO_LONG; RESULT_MALFORMED for a lone surrogate
 * or an escape that JSON does not know; RESULT_TEXT_BAD_CHARACTER for \u0000, which no text of ours may hold. `length` may be NULL.
 */
result_t json_unescape(str_t raw, char *buffer, size_t capacity, size_t *length);

/* A decoder's guard against a key that comes twice: one bit a field of a uint64_t mask. RESULT_DUPLICATE when the bit was set. */
result_t json_note_seen(json_reader_t *reader, uint64_t *seen, unsigned field);

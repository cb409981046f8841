/* str.h: borrowed slices of text and bounded copies. Nothing here allocates or reads past a length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

/* A borrowed piece of text, not NUL-terminated; lives as long as what it points into. */
typedef struct {
    const char *bytes;
    size_t length;
} str_t;

#define STR(literal) ((str_t){"" literal "", sizeof(literal) - 1})

str_t str_from(const char *text); /* NULL gives an empty slice */
bool str_eq(str_t a, str_t b);
bool str_eq_nocase(str_t a, str_t b); /* ASCII only */
bool str_starts_with(str_t text, str_t prefix);
bool str_ends_with(str_t text, str_t suffix);
str_t str_trim(str_t text); /* blanks, tabs, CR, LF at both ends */

/* Cuts `text` at the first `separator`: returns what stands before it and leaves the rest (without it) in *text. */
str_t str_cut(str_t *text, char separator);

/* Copies with a NUL. RESULT_TEXT_TOO_LONG and an untouched buffer when it does not fit. */
result_t str_copy(str_t text, char *buffer, size_t capacity);

/* Unsigned decimal digits only; refuses signs, blanks, overflow. */
result_t str_to_u64(str_t text, uint64_t *out);
result_t str_to_i64(str_t text, int64_t *out); /* one leading '-' allowed */

/* Writes digits (and '-') and a NUL; returns the length. Buffer of 21 bytes is enough. */
size_t str_from_u64(uint64_t value, char *buffer);
size_t str_from_i64(int64_t value, char *buffer);

/* Damerau-Levenshtein distance bounded by 8 (longer differences give 9): "did you mean". Texts up to 64 bytes are compared. */
unsigned str_distance(str_t a, str_t b);

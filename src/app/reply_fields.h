/* reply_fields.h: the members of a role's JSON answer that somebody wants, as a table: key, kind, and where the value goes.
 *
 * Money stays text as the owner wrote it: this side only shows it. What is not in the table is passed over; what is not in the
 * answer stays as it was.
 */
#pragma once

#include "edge/json/json_reader.h"

typedef enum { REPLY_TEXT, REPLY_I64, REPLY_U64, REPLY_BOOL } reply_kind_t;

typedef struct {
    const char *key;
    reply_kind_t kind;
    void *to;
    size_t capacity; /* REPLY_TEXT: of the array */
} reply_field_t;

/* Rows of a table. A text may be a string, a number or a truth in the answer; one that does not fit fails the reader. */
#define REPLY_TEXT_FIELD(key, array)                                                                                               \
    {                                                                                                                              \
        key, REPLY_TEXT, array, sizeof(array)                                                                                      \
    }
#define REPLY_I64_FIELD(key, number)                                                                                               \
    {                                                                                                                              \
        key, REPLY_I64, &(number), 0                                                                                               \
    }
#define REPLY_U64_FIELD(key, number)                                                                                               \
    {                                                                                                                              \
        key, REPLY_U64, &(number), 0                                                                                               \
    }
#define REPLY_BOOL_FIELD(key, flag)                                                                                                \
    {                                                                                                                              \
        key, REPLY_BOOL, &(flag), 0                                                                                                \
    }
#define REPLY_FIELDS(table) (table), sizeof(table) / sizeof((table)[0])

/* The value of `key`, when the table has it; false: not read. */
bool reply_read_field(json_reader_t *reader, str_t key, const reply_field_t *fields, size_t count);

/* The object under the reader, to its end. */
void reply_read_object(json_reader_t *reader, const reply_field_t *fields, size_t count);

/* A whole document that is one object: RESULT_OK, or what json_finish says. Read into what may be thrown away on failure. */
result_t reply_read(str_t json, const reply_field_t *fields, size_t count);

/* decode_json.h: inside of the REST and private decoders only: objects described by tables of fields.
 *
 * A message is a table: the field's name, how it is read, where it goes, whether it must be there. One loop reads them all, refuses
 * fields that come twice, skips unknown ones, and names what is missing. Words go into a word_slot_t as raw slices and are judged
 * afterwards.
 */
#pragma once

#include <stddef.h>

#include "core/base/time.h"
#include "edge/exchange/binance/decode_private.h"
#include "edge/json/json_reader.h"

typedef enum {
    TAKE_DEC, /* dec_t; in an optional field "" reads as 0 (the venue writes it for "none") */
    TAKE_U64, /* uint64_t; in an optional field "" and null read as 0 */
    TAKE_U32,
    TAKE_MS,   /* int64_t in ns, from milliseconds; -1, and in an optional field "" and null, read as 0 */
    TAKE_BOOL, /* bool; also "true" and "false" */
    TAKE_WORD, /* str_t, raw */
    TAKE_TEXT, /* char[size], unescaped and cut to fit */
    TAKE_NAME, /* char[size], unescaped; too long is an error */
    TAKE_RAW,  /* str_t: the whole value */
} take_t;

typedef enum { FIELD_REQUIRED, FIELD_OPTIONAL } need_t;

typedef struct {
    const char *name;
    take_t take;
    need_t need;
    size_t offset, size;
} field_t;

#define FIELD(type, name, member, take, need)                                                                                      \
    {                                                                                                                              \
        name, take, need, offsetof(type, member), sizeof(((type *)NULL)->member)                                                   \
    }

enum { FIELDS_MAX = 48 };

/* A text being decoded, and the field at which it failed. */
typedef struct {
    json_reader_t reader;
    const char *field; /* static; NULL: not at a field */
} decode_t;

void decode_init(decode_t *decode, str_t text);

/* Reads one object into *into (with the fields that are not there left as they are). On failure decode->reader holds the error and
 * *into may be half written: give it a scratch struct. */
void decode_object(decode_t *decode, const field_t *fields, size_t count, void *into);
#define DECODE_OBJECT(decode, fields, into) decode_object((decode), (fields), sizeof(fields) / sizeof((fields)[0]), (into))

/* A decoder's own refusal. */
result_t decode_fail(decode_t *decode, result_t result, const char *field, const char *what);

/* Ends it: the text was one value and nothing else. Words the error into *detail (may be NULL). */
result_t decode_finish(decode_t *decode, binance_detail_t *detail);

/* All of these in one, for a text that is one object. RESULT_OK, or *into half written. */
result_t decode_document(str_t text, const field_t *fields, size_t count, void *into, binance_detail_t *detail);
#define DECODE_DOCUMENT(text, fields, into, detail)                                                                                \
    decode_document((text), (fields), sizeof(fields) / sizeof((fields)[0]), (into), (detail))

/* An executed quantity as raw text: "", null and absence say nothing. `field` is its name, for the error. */
void decode_filled(decode_t *decode, const char *field, str_t raw, private_order_t *order);

/* Symbol -> instrument; INSTRUMENT_NONE when it is not followed. */
instrument_id_t decode_symbol(const symbol_map_t *symbols, const char *symbol);

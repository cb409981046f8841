/* decode_json.h: inside of the REST and private decoders only: objects described by tables of fields.
 *
 * A message is a table: the field's name, how it is read, where it goes, whether it must be there. One loop reads them all, refuses fields that
 * come twice, skips unknown ones, and names what is missing. Words go into a word_slot_t as raw slices and are judged afterwards.
 */
#pragma once

#include <stddef.h>

#include "core/base/time.h"
#include "edge/exchange/binance/decode_private.h"
#include "edge/json/json_reader.h"

typedef enum {
    TAKE_DEC,         /* dec_t; "" reads as 0 (the venue writes it for "none") */
    TAKE_U64,         /* uint64_t; "" reads as 0, and so does null */
    TAKE_U32,
    TAKE_MS,          /* int64_t in ns, from milliseconds; null and -1 read as 0 */
    TAKE_BOOL,        /* bool; also "true" and "false" */
    TAKE_WORD,        /* str_t, raw */
    TAKE_TEXT,        /* char[size], unescaped and cut to fit */
    TAKE_NAME,        /* char[size], unescaped; too long is an error */
    TAKE_RAW,         /* str_t: the whole value */
} take_t;

typedef enum { FIELD_REQUIRED, FIELD_OPTIONAL } need_t;

typedef struct {
    const char *name;
    take_t      take;
    need_t      need;
    size_t      offset, size;
} field_t;

#define FIELD(type, name, member, take, need) {name, take, need, offsetof(type, member), sizeof(((type *)NULL)->member)}

enum { FIELDS_MAX = 48 };

/* Reads one object at the reader into *into. On failure the reader holds the error (with a field's name in detail_note) and *into may be half
 * written: give it a scratch struct. */
void object_read(json_reader_t *reader, const field_t *fields, size_t count, void *into);

/* The name of the field at which the last object_read on this thread of calls failed is kept in the reader's error_what when static; this
 * words it for people. Returns reader->error. */
result_t detail_give(const json_reader_t *reader, binance_detail_t *detail);

/* fields.h: plain structs to protobuf bytes and back by a table of their members.
 *
 * The wire form is protobuf (proto/record.proto is the contract and any protobuf library reads it); nanopb's primitives write it.
 * One table serves the codec and the JSON text, so that no member can be in one and be forgotten in the other. Zero values are not
 * written, as proto3 has it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

typedef enum {
    FIELD_U64,
    FIELD_U32,
    FIELD_I64,  /* sint64 */
    FIELD_TIME, /* sint64 on the wire, ISO 8601 in text */
    FIELD_I32,  /* sint32 */
    FIELD_BOOL,
    FIELD_ENUM, /* a C enum; uint32 on the wire, its name in text */
    FIELD_DEC,  /* exact text */
    FIELD_TEXT, /* char array with NUL */
    FIELD_DOUBLE,
    FIELD_BYTES,  /* fixed length */
    FIELD_INPUTS, /* repeated SignalInput: a uint32 count stands at `size` bytes of offset in the struct, the array at `offset` */
} field_type_t;

typedef struct {
    uint32_t tag;
    const char *name;
    field_type_t type;
    size_t offset, size;
    const char *(*word)(unsigned value); /* FIELD_ENUM: its name; "?" marks a value that does not exist. 0 is always allowed */
} field_t;

/* Up to the row with tag 0. RESULT_FULL: the bytes do not fit. */
result_t fields_encode(const field_t *fields, const void *object, uint8_t *bytes, size_t capacity, size_t *length);

/* *object is zeroed first. Unknown tags are skipped. RESULT_MALFORMED, RESULT_UNKNOWN_VALUE, RESULT_TEXT_TOO_LONG, RESULT_NUMBER_*.
 */
result_t fields_decode(const field_t *fields, const uint8_t *bytes, size_t length, void *object, size_t object_size);

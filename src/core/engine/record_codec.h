/* record_codec.h: order_record_t <-> protobuf bytes (proto/record.proto: Record): what the journal file stores.
 *
 * Decimals are stored as exact text; enumerations by number, which never changes meaning. Unknown fields are skipped, unknown kinds
 * refused with RESULT_VERSION. decode(encode(r)) == r, byte for byte, for every record the half makes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/order/record.h"

enum { RECORD_BYTES_MAX = 1024 };

/* RESULT_BAD_ARGUMENT: no record kind; RESULT_FULL: capacity below what this record needs (RECORD_BYTES_MAX is always enough). */
result_t record_encode(const order_record_t *record, uint8_t *bytes, size_t capacity, size_t *length);

/* RESULT_MALFORMED, RESULT_VERSION, RESULT_FIELD_MISSING, RESULT_UNKNOWN_VALUE, RESULT_NUMBER_*; *out untouched then. */
result_t record_decode(const uint8_t *bytes, size_t length, order_record_t *out);

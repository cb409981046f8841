/* seam.h: how a signal, and what became of it, cross between the two halves: always as bytes, also when both stand in one process.
 *
 * Protobuf (proto/record.proto: Signal, Outcome). Instruments cross by venue and symbol, because each side numbers its own table.
 * Bytes come from outside: a message that is cut, too large, of an unknown enumeration or with a malformed number is refused and
 * *out stays untouched.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/order/record.h"

enum { SEAM_SIGNAL_MAX = 1536, SEAM_OUTCOME_MAX = 512 };

/* RESULT_NOT_FOUND: the instrument is not in the table. RESULT_FULL: capacity is too small (SEAM_SIGNAL_MAX never is). */
result_t seam_signal_encode(const signal_t *signal, const instrument_table_t *table, uint8_t *bytes, size_t capacity,
                            size_t *length);

/* RESULT_MALFORMED, RESULT_FIELD_MISSING, RESULT_UNKNOWN_VALUE, RESULT_NUMBER_*; RESULT_NOT_FOUND: the symbol is not in this side's
 * table. */
result_t seam_signal_decode(const uint8_t *bytes, size_t length, const instrument_table_t *table, signal_t *out);

result_t seam_outcome_encode(const request_outcome_t *outcome, uint8_t *bytes, size_t capacity, size_t *length);
result_t seam_outcome_decode(const uint8_t *bytes, size_t length, request_outcome_t *out);

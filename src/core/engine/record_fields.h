/* record_fields.h: which members each kind of record has, by their tags in proto/record.proto and their names in JSON. Inside
 * core/engine only. */
#pragma once

#include "core/engine/fields.h"
#include "core/order/record.h"

/* Members of the record's head; instrument and kind are handled apart. */
extern const field_t record_head_fields[];

/* Members of a kind's body, relative to its struct; NULL for an unknown kind. `size` is the size of the body. */
const field_t *record_body_fields(record_kind_t kind, size_t *size);

/* Members of what crosses the seam. */
extern const field_t request_outcome_fields[];
extern const field_t seam_signal_fields[];

/* A signal with its instrument by name, as it crosses. */
typedef struct {
    signal_t signal;
    char venue[ASSET_TEXT_MAX];
    char symbol[SYMBOL_TEXT_MAX];
    uint32_t kind_plus_one; /* instrument_kind_t + 1 */
} seam_signal_t;

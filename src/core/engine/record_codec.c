/* record_codec.c: a record's head, then its body as the member of the oneof whose number is 16 + kind. */
#include "core/engine/record_codec.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/engine/record_fields.h"

enum { TAG_INSTRUMENT = 5, TAG_BODY = 16 };

/* The body's union begins at the same place for every kind. */
static unsigned char *body_of(order_record_t *record)
{
    return (unsigned char *)record + offsetof(order_record_t, session);
}

result_t record_encode(const order_record_t *record, uint8_t *bytes, size_t capacity, size_t *length)
{
    ASSERT(record != NULL && bytes != NULL && length != NULL);
    size_t body_size = 0, head_length = 0, body_length = 0;
    const field_t *fields = record_body_fields((record_kind_t)record->kind, &body_size);
    if (fields == NULL) {
        return RESULT_BAD_ARGUMENT;
    }
    uint8_t body[RECORD_BYTES_MAX];
    result_t result =
        fields_encode(fields, (const unsigned char *)record + offsetof(order_record_t, session), body, sizeof body, &body_length);
    if (result == RESULT_OK) {
        result = fields_encode(record_head_fields, record, bytes, capacity, &head_length);
    }
    if (result != RESULT_OK) {
        return result;
    }
    pb_ostream_t stream = pb_ostream_from_buffer(bytes + head_length, capacity - head_length);
    const bool named = record->instrument != INSTRUMENT_NONE;
    if ((named &&
         (!pb_encode_tag(&stream, PB_WT_VARINT, TAG_INSTRUMENT) || !pb_encode_varint(&stream, (uint64_t)record->instrument + 1))) ||
        !pb_encode_tag(&stream, PB_WT_STRING, TAG_BODY + (uint32_t)record->kind) || !pb_encode_string(&stream, body, body_length)) {
        return RESULT_FULL;
    }
    *length = head_length + stream.bytes_written;
    return RESULT_OK;
}

typedef struct {
    uint32_t instrument_plus_one;
    uint32_t kind; /* 0: no body seen */
    size_t body_at, body_length;
} outline_t;

/* Finds the instrument and the body; the head's other members are left to their table. */
static result_t outline(const uint8_t *bytes, size_t length, outline_t *found)
{
    pb_istream_t stream = pb_istream_from_buffer(bytes, length);
    while (stream.bytes_left > 0) {
        pb_wire_type_t type = PB_WT_VARINT;
        uint32_t tag = 0;
        bool end = false;
        if (!pb_decode_tag(&stream, &type, &tag, &end) || end) {
            return RESULT_MALFORMED;
        }
        if (tag == TAG_INSTRUMENT && type == PB_WT_VARINT) {
            if (!pb_decode_varint32(&stream, &found->instrument_plus_one) || found->instrument_plus_one > INSTRUMENT_MAX) {
                return RESULT_MALFORMED;
            }
        } else if (tag > TAG_BODY && type == PB_WT_STRING) {
            uint32_t announced = 0;
            if (found->kind != 0 || !pb_decode_varint32(&stream, &announced) || announced > stream.bytes_left) {
                return RESULT_MALFORMED;
            }
            found->kind = tag - TAG_BODY;
            found->body_at = length - stream.bytes_left;
            found->body_length = announced;
            if (!pb_read(&stream, NULL, announced)) {
                return RESULT_MALFORMED;
            }
        } else if (!pb_skip_field(&stream, type)) {
            return RESULT_MALFORMED;
        }
    }
    return found->kind != 0 ? RESULT_OK : RESULT_FIELD_MISSING;
}

/* Members that repeat the head's instrument are not written twice. */
static void restore_instrument(order_record_t *record)
{
    if (record->kind == RECORD_INTENT) {
        record->intent.spec.instrument = record->instrument;
    } else if (record->kind == RECORD_INCOME) {
        record->income.income.instrument = record->instrument;
    }
}

result_t record_decode(const uint8_t *bytes, size_t length, order_record_t *out)
{
    ASSERT((bytes != NULL || length == 0) && out != NULL);
    outline_t found = {0};
    result_t result = outline(bytes, length, &found);
    if (result != RESULT_OK) {
        return result;
    }
    size_t body_size = 0;
    const field_t *fields = found.kind < RECORD_KIND_COUNT ? record_body_fields((record_kind_t)found.kind, &body_size) : NULL;
    if (fields == NULL) {
        return RESULT_VERSION; /* written by a newer version: not something to skip */
    }
    order_record_t record;
    result = fields_decode(record_head_fields, bytes, length, &record, sizeof record);
    if (result == RESULT_OK) {
        result = fields_decode(fields, bytes + found.body_at, found.body_length, body_of(&record), body_size);
    }
    if (result == RESULT_OK) {
        record.kind = (uint16_t)found.kind;
        record.instrument = found.instrument_plus_one == 0 ? INSTRUMENT_NONE : (instrument_id_t)(found.instrument_plus_one - 1);
        restore_instrument(&record);
        *out = record;
    }
    return result;
}

/* fields.c: a table-driven protobuf codec over nanopb's stream primitives. */
#include "core/engine/fields.h"

#include <pb_decode.h>
#include <pb_encode.h>
#include <string.h>

#include "core/base/assert.h"
#include "core/base/dec.h"
#include "core/base/str.h"
#include "core/signal/signal.h"

/* --- out -------------------------------------------------------------------------------------- */

static bool put_varint(pb_ostream_t *stream, uint32_t tag, uint64_t value)
{
    return value == 0 || (pb_encode_tag(stream, PB_WT_VARINT, tag) && pb_encode_varint(stream, value));
}

static bool put_string(pb_ostream_t *stream, uint32_t tag, const char *text, size_t length)
{
    return length == 0 || (pb_encode_tag(stream, PB_WT_STRING, tag) && pb_encode_string(stream, (const pb_byte_t *)text, length));
}

static uint64_t zigzag(int64_t value)
{
    return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

static bool put_double(pb_ostream_t *stream, uint32_t tag, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits == 0 || (pb_encode_tag(stream, PB_WT_64BIT, tag) && pb_encode_fixed64(stream, &bits));
}

static bool put_inputs(pb_ostream_t *stream, uint32_t tag, const signal_input_t *inputs, uint32_t count)
{
    for (uint32_t i = 0; i < count && i < SIGNAL_INPUTS_MAX; i++) {
        uint8_t bytes[64];
        pb_ostream_t inner = pb_ostream_from_buffer(bytes, sizeof bytes);
        if (!put_string(&inner, 1, inputs[i].name, str_from(inputs[i].name).length) || !put_double(&inner, 2, inputs[i].value) ||
            !pb_encode_tag(stream, PB_WT_STRING, tag) || !pb_encode_string(stream, bytes, inner.bytes_written)) {
            return false;
        }
    }
    return true;
}

static uint32_t read_u32(const unsigned char *at)
{
    uint32_t value = 0;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t read_u64(const unsigned char *at)
{
    uint64_t value = 0;
    memcpy(&value, at, sizeof value);
    return value;
}

static bool put_field(pb_ostream_t *stream, const field_t *field, const unsigned char *object)
{
    const unsigned char *at = object + field->offset;
    switch (field->type) {
    case FIELD_U64:
        return put_varint(stream, field->tag, read_u64(at));
    case FIELD_U32:
    case FIELD_ENUM:
        return put_varint(stream, field->tag, read_u32(at));
    case FIELD_I64:
    case FIELD_TIME:
        return put_varint(stream, field->tag, zigzag((int64_t)read_u64(at)));
    case FIELD_I32:
        return put_varint(stream, field->tag, zigzag((int32_t)read_u32(at)));
    case FIELD_BOOL:
        return put_varint(stream, field->tag, *(const bool *)at ? 1 : 0);
    case FIELD_DEC: {
        dec_t value = DEC_ZERO;
        char text[DEC_TEXT_MAX];
        memcpy(&value, at, sizeof value);
        return dec_is_zero(value) || put_string(stream, field->tag, text, dec_format(value, text));
    }
    case FIELD_TEXT:
        return put_string(stream, field->tag, (const char *)at, str_from((const char *)at).length);
    case FIELD_DOUBLE: {
        double value = 0;
        memcpy(&value, at, sizeof value);
        return put_double(stream, field->tag, value);
    }
    case FIELD_BYTES:
        return put_string(stream, field->tag, (const char *)at, field->size);
    case FIELD_INPUTS:
        return put_inputs(stream, field->tag, (const signal_input_t *)(const void *)at, read_u32(object + field->size));
    }
    return false;
}

result_t fields_encode(const field_t *fields, const void *object, uint8_t *bytes, size_t capacity, size_t *length)
{
    ASSERT(fields != NULL && object != NULL && length != NULL);
    pb_ostream_t stream = pb_ostream_from_buffer(bytes, capacity);
    for (const field_t *field = fields; field->tag != 0; field++) {
        if (!put_field(&stream, field, object)) {
            return RESULT_FULL;
        }
    }
    *length = stream.bytes_written;
    return RESULT_OK;
}

/* --- in --------------------------------------------------------------------------------------- */

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)((value >> 1) ^ (0 - (value & 1)));
}

/* A length-delimited value, borrowed into a bounded buffer. */
static result_t take_string(pb_istream_t *stream, char *buffer, size_t capacity, size_t *length)
{
    uint32_t announced = 0;
    if (!pb_decode_varint32(stream, &announced) || announced > stream->bytes_left) {
        return RESULT_MALFORMED;
    }
    if (announced > capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    *length = announced;
    return pb_read(stream, (pb_byte_t *)buffer, announced) ? RESULT_OK : RESULT_MALFORMED;
}

static result_t take_text(pb_istream_t *stream, char *at, size_t size)
{
    size_t length = 0;
    memset(at, 0, size);
    result_t result = take_string(stream, at, size - 1, &length);
    if (result == RESULT_OK && memchr(at, '\0', length) != NULL) {
        result = RESULT_TEXT_BAD_CHARACTER;
    }
    if (result == RESULT_OK) {
        at[length] = '\0';
    }
    return result;
}

static result_t take_dec(pb_istream_t *stream, void *at)
{
    char text[DEC_TEXT_MAX];
    size_t length = 0;
    dec_t value = DEC_ZERO;
    result_t result = take_string(stream, text, sizeof text, &length);
    if (result == RESULT_OK) {
        result = dec_parse(text, length, &value);
    }
    if (result == RESULT_OK) {
        memcpy(at, &value, sizeof value);
    }
    return result;
}

static result_t take_double(pb_istream_t *stream, void *at)
{
    uint64_t bits = 0;
    if (!pb_decode_fixed64(stream, &bits)) {
        return RESULT_MALFORMED;
    }
    memcpy(at, &bits, sizeof bits);
    return RESULT_OK;
}

static const field_t input_fields[] = {
    {1, "name", FIELD_TEXT, offsetof(signal_input_t, name), SIGNAL_INPUT_NAME_MAX, NULL},
    {2, "value", FIELD_DOUBLE, offsetof(signal_input_t, value), sizeof(double), NULL},
    {0, NULL, FIELD_U64, 0, 0, NULL},
};

static result_t take_input(pb_istream_t *stream, unsigned char *object, const field_t *field)
{
    uint8_t bytes[64];
    size_t length = 0;
    uint32_t count = read_u32(object + field->size);
    if (count >= SIGNAL_INPUTS_MAX) {
        return RESULT_FULL;
    }
    result_t result = take_string(stream, (char *)bytes, sizeof bytes, &length);
    signal_input_t input;
    if (result == RESULT_OK) {
        result = fields_decode(input_fields, bytes, length, &input, sizeof input);
    }
    if (result == RESULT_OK) {
        memcpy(object + field->offset + count * sizeof input, &input, sizeof input);
        count++;
        memcpy(object + field->size, &count, sizeof count);
    }
    return result;
}

static result_t take_varint(pb_istream_t *stream, const field_t *field, unsigned char *at)
{
    uint64_t value = 0;
    if (!pb_decode_varint(stream, &value)) {
        return RESULT_MALFORMED;
    }
    const bool narrow = field->type == FIELD_U32 || field->type == FIELD_ENUM || field->type == FIELD_I32;
    if (narrow && value > UINT32_MAX) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (field->type == FIELD_ENUM && value != 0 && str_eq(str_from(field->word((unsigned)value)), STR("?"))) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (field->type == FIELD_BOOL) {
        if (value > 1) {
            return RESULT_UNKNOWN_VALUE;
        }
        *(bool *)at = value == 1;
    } else if (field->type == FIELD_I32) {
        const int32_t small = (int32_t)unzigzag(value);
        memcpy(at, &small, sizeof small);
    } else if (narrow) {
        const uint32_t small = (uint32_t)value;
        memcpy(at, &small, sizeof small);
    } else {
        const uint64_t wide = field->type == FIELD_U64 ? value : (uint64_t)unzigzag(value);
        memcpy(at, &wide, sizeof wide);
    }
    return RESULT_OK;
}

static pb_wire_type_t wire_type(field_type_t type)
{
    switch (type) {
    case FIELD_U64:
    case FIELD_U32:
    case FIELD_I64:
    case FIELD_TIME:
    case FIELD_I32:
    case FIELD_BOOL:
    case FIELD_ENUM:
        return PB_WT_VARINT;
    case FIELD_DOUBLE:
        return PB_WT_64BIT;
    case FIELD_DEC:
    case FIELD_TEXT:
    case FIELD_BYTES:
    case FIELD_INPUTS:
        return PB_WT_STRING;
    }
    return PB_WT_STRING;
}

static result_t take_field(pb_istream_t *stream, const field_t *field, unsigned char *object)
{
    unsigned char *at = object + field->offset;
    size_t length = 0;
    result_t result = RESULT_OK;
    switch (field->type) {
    case FIELD_U64:
    case FIELD_U32:
    case FIELD_I64:
    case FIELD_TIME:
    case FIELD_I32:
    case FIELD_BOOL:
    case FIELD_ENUM:
        return take_varint(stream, field, at);
    case FIELD_DEC:
        return take_dec(stream, at);
    case FIELD_TEXT:
        return take_text(stream, (char *)at, field->size);
    case FIELD_DOUBLE:
        return take_double(stream, at);
    case FIELD_BYTES:
        result = take_string(stream, (char *)at, field->size, &length);
        return result == RESULT_OK && length != field->size ? RESULT_MALFORMED : result;
    case FIELD_INPUTS:
        return take_input(stream, object, field);
    }
    return RESULT_MALFORMED;
}

result_t fields_decode(const field_t *fields, const uint8_t *bytes, size_t length, void *object, size_t object_size)
{
    ASSERT(fields != NULL && object != NULL && (bytes != NULL || length == 0));
    memset(object, 0, object_size);
    pb_istream_t stream = pb_istream_from_buffer(bytes, length);
    while (stream.bytes_left > 0) {
        pb_wire_type_t type = PB_WT_VARINT;
        uint32_t tag = 0;
        bool end = false;
        if (!pb_decode_tag(&stream, &type, &tag, &end) || end || tag == 0) {
            return RESULT_MALFORMED;
        }
        const field_t *field = fields;
        while (field->tag != 0 && field->tag != tag) {
            field++;
        }
        if (field->tag == 0) {
            if (!pb_skip_field(&stream, type)) {
                return RESULT_MALFORMED;
            }
            continue;
        }
        if (type != wire_type(field->type)) {
            return RESULT_MALFORMED;
        }
        result_t result = take_field(&stream, field, object);
        if (result != RESULT_OK) {
            return result;
        }
    }
    return RESULT_OK;
}

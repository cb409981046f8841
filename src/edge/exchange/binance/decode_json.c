/* decode_json.c: one loop that reads an object by its table of fields. */
#include "edge/exchange/binance/decode_json.h"

#include "core/base/assert.h"

#include <string.h>

void decode_init(decode_t *decode, str_t text)
{
    decode->field = NULL;
    json_reader_init(&decode->reader, text.bytes, text.length);
}

result_t decode_fail(decode_t *decode, result_t result, const char *field, const char *what)
{
    if (decode->reader.error == RESULT_OK) {
        decode->field = field;
        json_fail(&decode->reader, result, what);
    }
    return decode->reader.error;
}

/* Is the next value an empty string? Then it is read. */
static bool empty_string_take(json_reader_t *reader)
{
    if (json_peek(reader) != JSON_STRING || reader->length - reader->at < 2 || reader->bytes[reader->at + 1] != '"') {
        return false;
    }
    str_t ignored;
    return json_read_string(reader, &ignored) == RESULT_OK;
}

static void take_dec(json_reader_t *reader, need_t need, void *into)
{
    dec_t value = DEC_ZERO;
    if (need == FIELD_REQUIRED || !empty_string_take(reader)) {
        json_read_dec(reader, &value);
    }
    memcpy(into, &value, sizeof value);
}

/* null and "" stand for "none" where a field need not be there. */
static bool none_take(json_reader_t *reader, need_t need)
{
    if (need == FIELD_REQUIRED) {
        return false;
    }
    return json_peek(reader) == JSON_NULL ? json_read_null(reader) == RESULT_OK : empty_string_take(reader);
}

static uint64_t take_number(json_reader_t *reader, need_t need)
{
    uint64_t value = 0;
    if (!none_take(reader, need)) {
        json_read_u64(reader, &value);
    }
    return value;
}

static void take_u32(json_reader_t *reader, need_t need, void *into)
{
    uint64_t value = take_number(reader, need);
    uint32_t narrow = (uint32_t)value;
    if (value > UINT32_MAX) {
        json_fail(reader, RESULT_NUMBER_OUT_OF_RANGE, "a number above 32 bits");
        return;
    }
    memcpy(into, &narrow, sizeof narrow);
}

static void take_ms(json_reader_t *reader, need_t need, void *into)
{
    int64_t ms = 0;
    if (!none_take(reader, need)) {
        json_read_i64(reader, &ms);
    }
    if (ms < -1 || ms > INT64_MAX / NS_PER_MS) {
        json_fail(reader, RESULT_NUMBER_OUT_OF_RANGE, "no time in milliseconds");
        return;
    }
    ms = ms < 0 ? 0 : ms * NS_PER_MS;
    memcpy(into, &ms, sizeof ms);
}

static void take_bool(json_reader_t *reader, void *into)
{
    bool value = false;
    str_t word;
    if (json_peek(reader) != JSON_STRING) {
        json_read_bool(reader, &value);
    } else if (json_read_string(reader, &word) == RESULT_OK) {
        value = str_eq_nocase(word, STR("true"));
        if (!value && !str_eq_nocase(word, STR("false"))) {
            json_fail(reader, RESULT_UNKNOWN_VALUE, "true or false is expected here");
        }
    }
    memcpy(into, &value, sizeof value);
}

/* Cuts at a whole character when it does not fit. */
static void take_text(json_reader_t *reader, char *into, size_t size)
{
    char buffer[512];
    str_t raw;
    if (json_read_string(reader, &raw) != RESULT_OK) {
        return;
    }
    size_t length = 0;
    if (json_unescape(raw, buffer, sizeof buffer, &length) != RESULT_OK) {
        length = raw.length < sizeof buffer - 1 ? raw.length : sizeof buffer - 1; /* for people: better raw than not at all */
        memcpy(buffer, raw.bytes, length);
    }
    length = length < size - 1 ? length : size - 1;
    while (length > 0 && ((unsigned char)buffer[length] & 0xC0) == 0x80) {
        length--;
    }
    memcpy(into, buffer, length);
    into[length] = '\0';
}

static void take_value(json_reader_t *reader, const field_t *field, char *into)
{
    str_t raw = {0};
    uint64_t number;
    switch (field->take) {
    case TAKE_DEC:
        take_dec(reader, field->need, into);
        break;
    case TAKE_U64:
        number = take_number(reader, field->need);
        memcpy(into, &number, sizeof number);
        break;
    case TAKE_U32:
        take_u32(reader, field->need, into);
        break;
    case TAKE_MS:
        take_ms(reader, field->need, into);
        break;
    case TAKE_BOOL:
        take_bool(reader, into);
        break;
    case TAKE_WORD:
        json_read_string(reader, &raw);
        memcpy(into, &raw, sizeof raw);
        break;
    case TAKE_RAW:
        json_read_raw(reader, &raw);
        memcpy(into, &raw, sizeof raw);
        break;
    case TAKE_TEXT:
        take_text(reader, into, field->size);
        break;
    case TAKE_NAME:
        json_read_text(reader, into, field->size, NULL);
        break;
    }
}

static const field_t *field_find(const field_t *fields, size_t count, str_t key, unsigned *index)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(fields[i].name, key.bytes, key.length) == 0 && fields[i].name[key.length] == '\0') {
            *index = (unsigned)i;
            return &fields[i];
        }
    }
    return NULL;
}

void decode_object(decode_t *decode, const field_t *fields, size_t count, void *into)
{
    ASSERT(count <= FIELDS_MAX);
    json_reader_t *reader = &decode->reader;
    uint64_t seen = 0;
    json_enter_object(reader);
    for (str_t key; reader->error == RESULT_OK && json_next_key(reader, &key);) {
        unsigned index;
        const field_t *field = field_find(fields, count, key, &index);
        if (field == NULL) {
            json_skip(reader);
            continue;
        }
        json_note_seen(reader, &seen, index);
        take_value(reader, field, (char *)into + field->offset);
        if (reader->error != RESULT_OK && decode->field == NULL) {
            decode->field = field->name;
        }
    }
    for (size_t i = 0; i < count && reader->error == RESULT_OK; i++) {
        if (fields[i].need == FIELD_REQUIRED && (seen >> i & 1) == 0) {
            decode_fail(decode, RESULT_FIELD_MISSING, fields[i].name, "it is missing");
        }
    }
}

static void append(binance_detail_t *detail, size_t *length, const char *text)
{
    size_t add = strlen(text), room = sizeof detail->text - 1 - *length;
    add = add < room ? add : room;
    memcpy(detail->text + *length, text, add);
    *length += add;
    detail->text[*length] = '\0';
}

result_t decode_finish(decode_t *decode, binance_detail_t *detail)
{
    json_reader_t *reader = &decode->reader;
    if (json_finish(reader) == RESULT_OK) {
        return RESULT_OK;
    }
    if (detail != NULL) {
        char digits[24];
        size_t length = 0;
        (void)str_from_u64(reader->error_at, digits);
        append(detail, &length, "byte ");
        append(detail, &length, digits);
        if (decode->field != NULL) {
            append(detail, &length, ", field ");
            append(detail, &length, decode->field);
        }
        append(detail, &length, ": ");
        append(detail, &length, reader->error_what);
    }
    return reader->error;
}

void decode_filled(decode_t *decode, const char *field, str_t raw, private_order_t *order)
{
    json_reader_t reader;
    if (raw.bytes == NULL || str_eq(raw, STR("\"\"")) || str_eq(raw, STR("null"))) {
        return;
    }
    json_reader_init(&reader, raw.bytes, raw.length);
    if (json_read_dec(&reader, &order->filled) != RESULT_OK) {
        decode_fail(decode, reader.error, field, reader.error_what);
        return;
    }
    order->filled_known = true;
}

instrument_id_t decode_symbol(const symbol_map_t *symbols, const char *symbol)
{
    return symbol_map_find(symbols, str_from(symbol));
}

result_t decode_document(str_t text, const field_t *fields, size_t count, void *into, binance_detail_t *detail)
{
    decode_t decode;
    decode_init(&decode, text);
    decode_object(&decode, fields, count, into);
    return decode_finish(&decode, detail);
}

/* reply_fields.c: see reply_fields.h. */
#include "app/reply_fields.h"

static void read_text(json_reader_t *reader, char *out, size_t capacity)
{
    str_t raw = {0};
    switch (json_peek(reader)) {
    case JSON_STRING:
        json_read_text(reader, out, capacity, NULL);
        break;
    case JSON_NUMBER:
    case JSON_TRUE:
    case JSON_FALSE:
        if (json_read_raw(reader, &raw) == RESULT_OK && str_copy(raw, out, capacity) != RESULT_OK)
            json_fail(reader, RESULT_TEXT_TOO_LONG, "a value is longer than its room");
        break;
    case JSON_NONE:
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL:
        json_skip(reader);
        break;
    }
}

bool reply_read_field(json_reader_t *reader, str_t key, const reply_field_t *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(key, str_from(fields[i].key)))
            continue;
        switch (fields[i].kind) {
        case REPLY_TEXT:
            read_text(reader, fields[i].to, fields[i].capacity);
            break;
        case REPLY_I64:
            json_read_i64(reader, fields[i].to);
            break;
        case REPLY_U64:
            json_read_u64(reader, fields[i].to);
            break;
        case REPLY_BOOL:
            json_read_bool(reader, fields[i].to);
            break;
        }
        return true;
    }
    return false;
}

void reply_read_object(json_reader_t *reader, const reply_field_t *fields, size_t count)
{
    json_enter_object(reader);
    for (str_t key; json_next_key(reader, &key);) {
        if (!reply_read_field(reader, key, fields, count))
            json_skip(reader);
    }
}

result_t reply_read(str_t json, const reply_field_t *fields, size_t count)
{
    json_reader_t reader;
    json_reader_init(&reader, json.bytes, json.length);
    reply_read_object(&reader, fields, count);
    return json_finish(&reader);
}

/* decode_fields.c: gathers the fields of one JSON object by name. Binance names them with one letter each, case-sensitive, so the
 * place of a letter in a small table is its name; a handful of longer names have places behind the letters.
 */
#include "edge/exchange/binance/decode_general.h"

#include "core/base/assert.h"

#include <string.h>

static int field_of(str_t key)
{
    if (key.length == 1) {
        char c = key.bytes[0];
        return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? 26 + c - 'a' : -1;
    }
    static const struct {
        str_t name;
        int field;
    } longer[] = {
        {{"data", 4}, FIELD_DATA}, {{"stream", 6}, FIELD_STREAM}, {{"pu", 2}, FIELD_PU},
        {{"cs", 2}, FIELD_CS},     {{"ap", 2}, FIELD_AP},
    };
    for (size_t i = 0; i < sizeof longer / sizeof longer[0]; i++) {
        if (str_eq(key, longer[i].name)) {
            return longer[i].field;
        }
    }
    return -1;
}

static int place_of(int field)
{
    return field >= 'A' && field <= 'Z' ? field - 'A' : field >= 'a' && field <= 'z' ? 26 + field - 'a' : field;
}

static void text_append(char *buffer, size_t capacity, size_t *length, str_t text)
{
    size_t room = capacity - 1 - *length;
    size_t take = text.length < room ? text.length : room;
    memcpy(buffer + *length, text.bytes, take);
    *length += take;
    buffer[*length] = '\0';
}

result_t fields_problem(const fields_t *fields, int field, result_t result, size_t at, const char *what)
{
    static const char *const longer[] = {"data", "stream", "pu", "cs", "ap"};
    binance_decoder_t *decoder = fields->decoder;
    char letter[2] = {(char)field, '\0'};
    size_t length = 0;
    if (field >= 0) {
        text_append(decoder->problem.what, sizeof decoder->problem.what, &length, STR("field "));
        bool is_letter = (field >= 'A' && field <= 'Z') || (field >= 'a' && field <= 'z');
        /* FIELD_* stand below 'A' */
        text_append(decoder->problem.what, sizeof decoder->problem.what, &length,
                    str_from(is_letter ? letter : longer[field - FIELD_DATA]));
        text_append(decoder->problem.what, sizeof decoder->problem.what, &length, STR(": "));
    }
    text_append(decoder->problem.what, sizeof decoder->problem.what, &length, str_from(what));
    decoder->problem.at = at;
    return result;
}

/* The reader's own error; its offsets count from the start of `text`. */
static result_t reader_problem(const fields_t *fields, int field, const json_reader_t *reader)
{
    return fields_problem(fields, field, reader->error, (size_t)(reader->bytes - fields->frame) + reader->error_at,
                          reader->error_what);
}

result_t fields_gather(fields_t *fields, binance_decoder_t *decoder, const char *frame, str_t text)
{
    *fields = (fields_t){.decoder = decoder, .frame = frame};
    json_reader_t reader;
    json_reader_init(&reader, text.bytes, text.length);
    json_enter_object(&reader);
    for (str_t key; reader.error == RESULT_OK && json_next_key(&reader, &key);) {
        int field = field_of(key);
        if (field < 0) {
            json_skip(&reader);
        } else if (fields->values[field].bytes != NULL) {
            json_fail(&reader, RESULT_DUPLICATE, "a field comes twice");
        } else {
            json_read_raw(&reader, &fields->values[field]);
        }
    }
    if (json_finish(&reader) != RESULT_OK) {
        return reader_problem(fields, -1, &reader);
    }
    return RESULT_OK;
}

bool fields_has(const fields_t *fields, int field)
{
    return fields->values[place_of(field)].bytes != NULL;
}

/* A reader over the field's value. */
static result_t field_open(const fields_t *fields, int field, json_reader_t *reader)
{
    str_t value = fields->values[place_of(field)];
    if (value.bytes == NULL) {
        return fields_problem(fields, field, RESULT_FIELD_MISSING, 0, "it is missing");
    }
    json_reader_init(reader, value.bytes, value.length);
    return RESULT_OK;
}

static result_t field_close(const fields_t *fields, int field, json_reader_t *reader)
{
    return reader->error == RESULT_OK ? RESULT_OK : reader_problem(fields, field, reader);
}

result_t fields_dec(const fields_t *fields, int field, dec_t *out)
{
    json_reader_t reader;
    result_t result = field_open(fields, field, &reader);
    if (result == RESULT_OK) {
        json_read_dec(&reader, out);
        result = field_close(fields, field, &reader);
    }
    return result;
}

result_t fields_u64(const fields_t *fields, int field, uint64_t *out)
{
    json_reader_t reader;
    result_t result = field_open(fields, field, &reader);
    if (result == RESULT_OK) {
        json_read_u64(&reader, out);
        result = field_close(fields, field, &reader);
    }
    return result;
}

result_t fields_time(const fields_t *fields, int field, int64_t *out_ns)
{
    uint64_t ms = 0;
    result_t result = fields_u64(fields, field, &ms);
    if (result != RESULT_OK) {
        return result;
    }
    if (ms > (uint64_t)(INT64_MAX / 1000000)) {
        return fields_problem(fields, field, RESULT_NUMBER_OUT_OF_RANGE, 0, "no time in milliseconds");
    }
    *out_ns = (int64_t)ms * 1000000;
    return RESULT_OK;
}

result_t fields_bool(const fields_t *fields, int field, bool *out)
{
    json_reader_t reader;
    result_t result = field_open(fields, field, &reader);
    if (result == RESULT_OK) {
        json_read_bool(&reader, out);
        result = field_close(fields, field, &reader);
    }
    return result;
}

result_t fields_word(const fields_t *fields, int field, str_t *raw)
{
    json_reader_t reader;
    result_t result = field_open(fields, field, &reader);
    if (result == RESULT_OK) {
        json_read_string(&reader, raw);
        result = field_close(fields, field, &reader);
    }
    return result;
}

result_t fields_object(const fields_t *fields, int field, fields_t *inner)
{
    json_reader_t reader;
    result_t result = field_open(fields, field, &reader);
    if (result != RESULT_OK) {
        return result;
    }
    return fields_gather(inner, fields->decoder, fields->frame, fields->values[place_of(field)]);
}

result_t levels_read(json_reader_t *reader, level_t *levels, uint32_t *count)
{
    uint32_t taken = 0;
    json_enter_array(reader);
    while (json_next_item(reader)) {
        if (taken == DEPTH_LEVELS_MAX) {
            return json_fail(reader, RESULT_FULL, "more levels than one message may have");
        }
        int parts = 0;
        json_enter_array(reader);
        while (reader->error == RESULT_OK && json_next_item(reader)) {
            if (parts < 2) {
                json_read_dec(reader, parts == 0 ? &levels[taken].price : &levels[taken].quantity);
            } else {
                json_skip(reader); /* very old forms had a third, empty part */
            }
            parts++;
        }
        if (reader->error == RESULT_OK && parts < 2) {
            return json_fail(reader, RESULT_FIELD_MISSING, "a level needs a price and a quantity");
        }
        taken += reader->error == RESULT_OK;
    }
    if (reader->error == RESULT_OK) {
        *count = taken;
    }
    return reader->error;
}

result_t fields_levels(const fields_t *fields, int field, level_t *levels, uint32_t *count)
{
    json_reader_t reader;
    result_t result = field_open(fields, field, &reader);
    if (result == RESULT_OK) {
        levels_read(&reader, levels, count);
        result = field_close(fields, field, &reader);
    }
    return result;
}

/* Does a stream's name say @depth5, @depth10 or @depth20 (with or without a speed behind)? */
bool binance_stream_is_partial_depth(str_t name)
{
    (void)str_cut(&name, '@'); /* the symbol */
    str_t kind = str_cut(&name, '@');
    return str_eq(kind, STR("depth5")) || str_eq(kind, STR("depth10")) || str_eq(kind, STR("depth20"));
}

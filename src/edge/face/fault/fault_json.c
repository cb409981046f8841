/* fault_json.c: see fault_json.h. One walk over fields; what to do with each is the caller's. */
#include "edge/face/fault/fault_json.h"

#include <string.h>

#include "edge/json/json_reader.h"

/* --- writing ---------------------------------------------------------------------------------- */

typedef struct {
    char *out;
    size_t capacity, length;
    bool full, changed;
} sink_t;

static void put(sink_t *sink, str_t text)
{
    if (text.length > sink->capacity - sink->length) {
        sink->full = true;
        return;
    }
    if (text.length > 0)
        memcpy(sink->out + sink->length, text.bytes, text.length);
    sink->length += text.length;
}

static bool done(const sink_t *sink, size_t *length)
{
    *length = sink->length;
    return sink->changed && !sink->full;
}

/* --- the walk --------------------------------------------------------------------------------- */

/* One field: its name, and where its value stands. */
typedef struct {
    size_t name_from;  /* the opening quote of the name */
    str_t name, value; /* value with its quotes */
    size_t value_from, value_to;
} field_t;

static size_t string_end(str_t json, size_t at) /* at: the opening quote; behind the closing one */
{
    for (at++; at < json.length && json.bytes[at] != '"'; at++)
        at += json.bytes[at] == '\\';
    return at < json.length ? at + 1 : json.length;
}

static size_t value_end(str_t json, size_t at)
{
    size_t depth = 0;
    while (at < json.length) {
        char c = json.bytes[at];
        if (c == '"') {
            at = string_end(json, at);
            if (depth == 0)
                return at;
            continue;
        }
        if ((c == ',' || c == '}' || c == ']') && depth == 0)
            return at;
        depth += c == '{' || c == '[';
        if (c == '}' || c == ']') {
            if (--depth == 0)
                return at + 1;
        }
        at++;
    }
    return json.length;
}

/* The next field at or behind *at; *at is moved to its value, so that fields inside it come next. */
static bool next_field(str_t json, size_t *at, field_t *field)
{
    while (*at < json.length) {
        if (json.bytes[*at] != '"') {
            (*at)++;
            continue;
        }
        size_t from = *at, end = string_end(json, from);
        *at = end;
        if (end < json.length && json.bytes[end] == ':') {
            *at = end + 1;
            field->name_from = from;
            field->name = (str_t){json.bytes + from + 1, end - from - 2};
            field->value_from = end + 1;
            field->value_to = value_end(json, end + 1);
            field->value = (str_t){json.bytes + field->value_from, field->value_to - field->value_from};
            return true;
        }
    }
    return false;
}

/* New text for a value; empty: as it is. */
typedef str_t replace_fn(void *context, const field_t *field);

static bool replace_all(str_t json, replace_fn *replace, void *context, char *out, size_t capacity, size_t *length)
{
    sink_t sink = {.out = out, .capacity = capacity};
    size_t at = 0, copied = 0;
    field_t field;
    while (next_field(json, &at, &field)) {
        str_t text = replace(context, &field);
        if (text.length == 0)
            continue;
        put(&sink, (str_t){json.bytes + copied, field.value_from - copied});
        put(&sink, text);
        copied = at = field.value_to;
        sink.changed = true;
    }
    put(&sink, (str_t){json.bytes + copied, json.length - copied});
    return done(&sink, length);
}

static bool is_decimal_text(str_t value)
{
    dec_t number;
    return value.length > 2 && value.bytes[0] == '"' && dec_parse(value.bytes + 1, value.length - 2, &number) == RESULT_OK;
}

/* --- fields ----------------------------------------------------------------------------------- */

str_t fault_json_find(str_t json, const char *name)
{
    size_t at = 0;
    field_t field;
    while (next_field(json, &at, &field)) {
        if (!str_eq(field.name, str_from(name)))
            continue;
        bool quoted = field.value.length >= 2 && field.value.bytes[0] == '"';
        return quoted ? (str_t){field.value.bytes + 1, field.value.length - 2} : field.value;
    }
    return (str_t){0};
}

bool fault_json_add(str_t json, const char *name, char *out, size_t capacity, size_t *length)
{
    sink_t sink = {.out = out, .capacity = capacity, .changed = json.length > 2 && json.bytes[0] == '{'};
    put(&sink, STR("{\""));
    put(&sink, str_from(name));
    put(&sink, STR("\":{\"new\":[1,\"two\",null]},"));
    if (sink.changed)
        put(&sink, (str_t){json.bytes + 1, json.length - 1});
    return done(&sink, length);
}

bool fault_json_remove(str_t json, const char *name, char *out, size_t capacity, size_t *length)
{
    sink_t sink = {.out = out, .capacity = capacity};
    size_t at = 0, copied = 0;
    field_t field;
    while (next_field(json, &at, &field)) {
        if (!str_eq(field.name, str_from(name)))
            continue;
        size_t from = field.name_from, to = field.value_to;
        if (to < json.length && json.bytes[to] == ',')
            to++;
        else if (from > copied && json.bytes[from - 1] == ',')
            from--;
        put(&sink, (str_t){json.bytes + copied, from - copied});
        copied = at = to;
        sink.changed = true;
    }
    put(&sink, (str_t){json.bytes + copied, json.length - copied});
    return done(&sink, length);
}

typedef struct {
    str_t name, raw;
} set_t;

static str_t set_named(void *context, const field_t *field)
{
    const set_t *set = context;
    return str_eq(field->name, set->name) ? set->raw : (str_t){0};
}

bool fault_json_set(str_t json, const char *name, str_t raw, char *out, size_t capacity, size_t *length)
{
    set_t set = {str_from(name), raw};
    return replace_all(json, set_named, &set, out, capacity, length);
}

/* --- prices ----------------------------------------------------------------------------------- */

static bool is_one_of(str_t name, const char *const *names)
{
    for (; *names; names++) {
        if (str_eq(name, str_from(*names)))
            return true;
    }
    return false;
}

static str_t bad_price(void *context, const field_t *field)
{
    static const char *const names[] = {"b", "a",        "p",        "o",     "h",         "l",          "c",         "i",
                                        "P", "bidPrice", "askPrice", "price", "markPrice", "indexPrice", "lastPrice", NULL};
    return is_one_of(field->name, names) && is_decimal_text(field->value) ? *(const str_t *)context : (str_t){0};
}

static str_t old_time(void *context, const field_t *field)
{
    static const char *const names[] = {"E", "T", "time", NULL};
    enum { BACK_MS = 600000 };
    char *text = context;
    int64_t time_ms = 0;
    if (!is_one_of(field->name, names) || str_to_i64(field->value, &time_ms) != RESULT_OK || time_ms < BACK_MS)
        return (str_t){0};
    return (str_t){text, str_from_i64(time_ms - BACK_MS, text)};
}

typedef struct {
    str_t bid, ask;
} sides_t;

static str_t other_side(void *context, const field_t *field)
{
    const sides_t *sides = context;
    return field->value.bytes == sides->bid.bytes ? sides->ask : field->value.bytes == sides->ask.bytes ? sides->bid : (str_t){0};
}

static bool cross(str_t json, char *out, size_t capacity, size_t *length)
{
    sides_t sides = {0};
    size_t at = 0;
    field_t field;
    while (next_field(json, &at, &field) && (sides.bid.length == 0 || sides.ask.length == 0)) {
        if (!is_decimal_text(field.value))
            continue;
        if (str_eq(field.name, STR("b")) || str_eq(field.name, STR("bidPrice")))
            sides.bid = field.value;
        if (str_eq(field.name, STR("a")) || str_eq(field.name, STR("askPrice")))
            sides.ask = field.value;
    }
    return sides.bid.length > 0 && sides.ask.length > 0 && replace_all(json, other_side, &sides, out, capacity, length);
}

bool fault_json_prices(str_t json, fault_price_t kind, char *out, size_t capacity, size_t *length)
{
    char time[24];
    str_t price = STR("\"0.00\"");
    switch (kind) {
    case FAULT_PRICE_CROSSED:
        return cross(json, out, capacity, length);
    case FAULT_PRICE_STALE:
        return replace_all(json, old_time, time, out, capacity, length);
    case FAULT_PRICE_NEGATIVE:
        price = STR("\"-1.00\"");
        break;
    case FAULT_PRICE_NAN:
        price = STR("\"NaN\"");
        break;
    case FAULT_PRICE_ZERO:
        break;
    }
    return replace_all(json, bad_price, &price, out, capacity, length);
}

static str_t zero(void *context, const field_t *field)
{
    (void)context;
    return is_decimal_text(field->value) ? STR("\"0.00000000\"") : (str_t){0};
}

bool fault_json_zero(str_t json, char *out, size_t capacity, size_t *length)
{
    return replace_all(json, zero, NULL, out, capacity, length);
}

/* --- rows ------------------------------------------------------------------------------------- */

bool fault_json_rows(str_t json, bool (*keep)(void *context, uint32_t row, str_t text), void *context, char *out, size_t capacity,
                     size_t *length)
{
    sink_t sink = {.out = out, .capacity = capacity};
    json_reader_t reader;
    str_t text;
    uint32_t row = 0, kept = 0;
    json_reader_init(&reader, json.bytes, json.length);
    if (json_enter_array(&reader) != RESULT_OK)
        return false;
    put(&sink, STR("["));
    while (json_next_item(&reader) && json_read_raw(&reader, &text) == RESULT_OK) {
        if (!keep(context, row++, text)) {
            sink.changed = true;
            continue;
        }
        if (kept++ > 0)
            put(&sink, STR(","));
        put(&sink, text);
    }
    put(&sink, STR("]"));
    return json_finish(&reader) == RESULT_OK && done(&sink, length);
}

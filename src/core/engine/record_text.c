/* record_text.c: records as canonical JSON and as sentences, from the same tables as the codec. */
#include "core/engine/record_text.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "core/engine/record_fields.h"
#include "core/strategy/features.h"

typedef struct {
    char *text;
    size_t capacity, length;
    bool full;
} writer_t;

static void put(writer_t *writer, const char *bytes, size_t length)
{
    if (writer->full || writer->length + length >= writer->capacity) {
        writer->full = true;
        return;
    }
    memcpy(writer->text + writer->length, bytes, length);
    writer->length += length;
}

static void put_text(writer_t *writer, const char *text)
{
    put(writer, text, str_from(text).length);
}

static void put_u64(writer_t *writer, uint64_t value)
{
    char digits[21];
    put(writer, digits, str_from_u64(value, digits));
}

static void put_i64(writer_t *writer, int64_t value)
{
    char digits[21];
    put(writer, digits, str_from_i64(value, digits));
}

static void put_dec(writer_t *writer, dec_t value)
{
    char text[DEC_TEXT_MAX];
    put(writer, text, dec_format(value, text));
}

static void put_time(writer_t *writer, int64_t time_ns)
{
    char text[TIME_TEXT_MAX];
    put(writer, text, time_format(time_ns, 9, text));
}

/* Length of the UTF-8 sequence at `text`, 0 when it is none: venues' words come from outside. */
static size_t utf8_length(const unsigned char *text)
{
    const size_t length = text[0] < 0x80                      ? 1
                          : text[0] >= 0xC2 && text[0] < 0xE0 ? 2
                          : (text[0] & 0xF0) == 0xE0          ? 3
                          : text[0] >= 0xF0 && text[0] < 0xF5 ? 4
                                                              : 0;
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
    const bool outside = (text[0] == 0xED && text[1] > 0x9F) || (text[0] == 0xF4 && text[1] > 0x8F);
    return overlong || outside ? 0 : length;
}

static void put_string(writer_t *writer, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    put(writer, "\"", 1);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        const size_t length = utf8_length(at);
        if (*at == '"' || *at == '\\') {
            const char escaped[] = {'\\', (char)*at};
            put(writer, escaped, sizeof escaped);
        } else if (*at < 0x20 || *at == 0x7F) {
            const char escaped[] = {'\\', 'u', '0', '0', hex[*at >> 4], hex[*at & 15]};
            put(writer, escaped, sizeof escaped);
        } else if (length == 0) {
            put_text(writer, "\\ufffd");
        } else {
            put(writer, (const char *)at, length);
        }
        at += length == 0 ? 1 : length;
    }
    put(writer, "\"", 1);
}

static void put_quoted_dec(writer_t *writer, dec_t value)
{
    put(writer, "\"", 1);
    put_dec(writer, value);
    put(writer, "\"", 1);
}

/* A figure of statistics: nine digits are plenty, and the decimal form is the same everywhere. Zeros behind the point are none of
 * the nine: an ATR may be 4e-12. */
static void put_double(writer_t *writer, double value)
{
    dec_t decimal = DEC_ZERO;
    unsigned places = 9;
    for (double size = value < 0.0 ? -value : value; size > 0.0 && size < 0.1 && places < DEC_PLACES; size *= 10.0) {
        places++;
    }
    if (dec_from_double(value, places, &decimal) == RESULT_OK) {
        put_dec(writer, decimal);
    } else {
        put_text(writer, "null");
    }
}

static void put_bytes(writer_t *writer, const unsigned char *bytes, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    put(writer, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        const char pair[] = {hex[bytes[i] >> 4], hex[bytes[i] & 15]};
        put(writer, pair, sizeof pair);
    }
    put(writer, "\"", 1);
}

static void put_inputs(writer_t *writer, const signal_input_t *inputs, uint32_t count)
{
    put(writer, "{", 1);
    for (uint32_t i = 0; i < count && i < SIGNAL_INPUTS_MAX; i++) {
        put(writer, ",", i > 0 ? 1 : 0);
        put_string(writer, inputs[i].name);
        put(writer, ":", 1);
        put_double(writer, inputs[i].value);
    }
    put(writer, "}", 1);
}

static void put_value(writer_t *writer, const field_t *field, const unsigned char *object)
{
    const unsigned char *at = object + field->offset;
    uint64_t wide = 0;
    uint32_t narrow = 0;
    dec_t decimal = DEC_ZERO;
    double real = 0;
    switch (field->type) {
    case FIELD_U64:
        memcpy(&wide, at, sizeof wide);
        put_u64(writer, wide);
        break;
    case FIELD_I64:
        memcpy(&wide, at, sizeof wide);
        put_i64(writer, (int64_t)wide);
        break;
    case FIELD_TIME:
        memcpy(&wide, at, sizeof wide);
        put(writer, "\"", 1);
        put_time(writer, (int64_t)wide);
        put(writer, "\"", 1);
        break;
    case FIELD_U32:
        memcpy(&narrow, at, sizeof narrow);
        put_u64(writer, narrow);
        break;
    case FIELD_I32:
        memcpy(&narrow, at, sizeof narrow);
        put_i64(writer, (int32_t)narrow);
        break;
    case FIELD_BOOL:
        put_text(writer, *(const bool *)at ? "true" : "false");
        break;
    case FIELD_ENUM:
        memcpy(&narrow, at, sizeof narrow);
        put_string(writer, field->word(narrow));
        break;
    case FIELD_DEC:
        memcpy(&decimal, at, sizeof decimal);
        put_quoted_dec(writer, decimal);
        break;
    case FIELD_TEXT:
        put_string(writer, (const char *)at);
        break;
    case FIELD_DOUBLE:
        memcpy(&real, at, sizeof real);
        put_double(writer, real);
        break;
    case FIELD_BYTES:
        put_bytes(writer, at, field->size);
        break;
    case FIELD_INPUTS:
        memcpy(&narrow, object + field->size, sizeof narrow);
        put_inputs(writer, (const signal_input_t *)(const void *)at, narrow);
        break;
    }
}

static void put_members(writer_t *writer, const field_t *fields, const unsigned char *object)
{
    for (const field_t *field = fields; field->tag != 0; field++) {
        put(writer, ",", field == fields ? 0 : 1);
        put_string(writer, field->name);
        put(writer, ":", 1);
        put_value(writer, field, object);
    }
}

static size_t finish(writer_t *writer)
{
    if (writer->full || writer->capacity == 0) {
        return 0;
    }
    writer->text[writer->length] = '\0';
    return writer->length;
}

static const instrument_t *known(const order_record_t *record, const instrument_table_t *table)
{
    return table != NULL && record->instrument != INSTRUMENT_NONE ? instrument_table_at(table, record->instrument) : NULL;
}

size_t record_json(const order_record_t *record, const instrument_table_t *table, char *text, size_t capacity)
{
    ASSERT(record != NULL && text != NULL);
    size_t size = 0;
    const field_t *fields = record_body_fields((record_kind_t)record->kind, &size);
    writer_t writer = {.text = text, .capacity = capacity};
    put(&writer, "{", 1);
    put_members(&writer, record_head_fields, (const unsigned char *)record);
    put_text(&writer, ",\"kind\":");
    put_string(&writer, record_kind_name((record_kind_t)record->kind));
    if (record->instrument != INSTRUMENT_NONE) {
        put_text(&writer, ",\"instrument\":");
        put_u64(&writer, record->instrument);
    }
    if (known(record, table) != NULL) {
        char name[UNIFIED_TEXT_MAX];
        instrument_unified(table, record->instrument, name);
        put_text(&writer, ",\"symbol\":");
        put_string(&writer, name);
    }
    put_text(&writer, ",\"body\":{");
    if (fields != NULL) {
        put_members(&writer, fields, (const unsigned char *)record + offsetof(order_record_t, session));
    }
    put_text(&writer, "}}");
    return finish(&writer);
}

/* --- sentences -------------------------------------------------------------------------------- */

static void say_signal(writer_t *writer, const order_record_t *record)
{
    const record_signal_t *signal = &record->signal;
    const bool accepted = signal->reason == DOOR_ACCEPTED;
    if (signal->exit_of != 0) {
        put_text(writer, signal->strategy);
        put_text(writer, " leaves the trade of signal ");
        put_u64(writer, signal->exit_of);
        put_text(writer, ": ");
    }
    if (signal->exit_of != 0 && accepted) {
        put_text(writer, "accepted");
        return;
    }
    put_text(writer, accepted ? "accepted" : "refused: ");
    if (!accepted) {
        put_text(writer, door_reason_name(signal->reason));
        put_text(writer, ", ");
        put_text(writer, door_reason_text(signal->reason));
    }
    for (unsigned i = 0; i < 2 && door_figure_name(signal->reason, i)[0] != '\0'; i++) {
        put_text(writer, i == 0 ? " (" : ", ");
        put_text(writer, door_figure_name(signal->reason, i));
        put(writer, " ", 1);
        put_dec(writer, signal->figure[i]);
        if (i == 1 || door_figure_name(signal->reason, 1)[0] == '\0') {
            put(writer, ")", 1);
        }
    }
}

/* The figures, and by name the states that spoke for it. */
static void say_inputs(writer_t *writer, const record_inputs_t *inputs)
{
    put_text(writer, "rests on ");
    put_inputs(writer, inputs->inputs, inputs->count);
    if (!dec_is_zero(inputs->size_cut)) {
        put_text(writer, ", size cut by ");
        put_dec(writer, inputs->size_cut);
    }
    for (unsigned i = 0, said = 0; i < FEATURE_COUNT; i++) {
        if ((inputs->states >> i & 1u) != 0) {
            put_text(writer, said++ == 0 ? "; spoke for it: " : ", ");
            put_text(writer, feature_name((feature_t)i));
        }
    }
}

static void say_spec(writer_t *writer, const order_spec_t *spec)
{
    put_text(writer, leg_text(spec->leg));
    put_text(writer, " order ");
    put_text(writer, spec->client_id.text);
    put_text(writer, ": ");
    put_text(writer, order_side_text(spec->side));
    put(writer, " ", 1);
    put_text(writer, order_type_text(spec->type));
    put_text(writer, " quantity ");
    put_dec(writer, spec->quantity);
    if (!dec_is_zero(spec->price)) {
        put_text(writer, " at ");
        put_dec(writer, spec->price);
    }
    if (!dec_is_zero(spec->trigger)) {
        put_text(writer, " when ");
        put_dec(writer, spec->trigger);
    }
}

static void say_order(writer_t *writer, const record_order_t *order)
{
    put_text(writer, order->client_id.text);
    put_text(writer, " ");
    put_text(writer, order_state_name(order->from));
    put_text(writer, " -> ");
    put_text(writer, order_state_name(order->to));
    if (order->code != 0 || order->text[0] != '\0') {
        put_text(writer, " (");
        put_i64(writer, order->code);
        put_text(writer, " ");
        put_text(writer, order->text);
        put_text(writer, ")");
    }
}

static void say_fill(writer_t *writer, const record_fill_t *fill)
{
    put_text(writer, fill->ours ? "fill of " : "fill of a foreign order ");
    put_text(writer, fill->client_id);
    put_text(writer, ": ");
    put_text(writer, order_side_text(fill->side));
    put_text(writer, " ");
    put_dec(writer, fill->fill.quantity);
    put_text(writer, " at ");
    put_dec(writer, fill->fill.price);
    put_text(writer, ", fee ");
    put_dec(writer, fill->fill.fee);
    put_text(writer, " ");
    put_text(writer, fill->fill.fee_asset);
}

static void say_closed(writer_t *writer, const record_trade_closed_t *closed)
{
    put_text(writer, "closed: ");
    put_text(writer, outcome_name(closed->outcome));
    if (closed->reason != EXIT_NONE) {
        put_text(writer, " because ");
        put_text(writer, exit_reason_name(closed->reason));
    }
    put_text(writer, ", realised ");
    put_dec(writer, closed->realised);
    put_text(writer, ", fees ");
    put_dec(writer, closed->fees);
    put_text(writer, ", funding ");
    put_dec(writer, closed->funding);
}

size_t record_sentence(const order_record_t *record, const instrument_table_t *table, char *text, size_t capacity)
{
    ASSERT(record != NULL && text != NULL);
    writer_t writer = {.text = text, .capacity = capacity};
    const instrument_t *instrument = known(record, table);
    if (instrument != NULL) {
        put_text(&writer, instrument->symbol);
        put_text(&writer, " ");
    }
    if (record->kind == RECORD_SIGNAL) {
        say_signal(&writer, record);
    } else if (record->kind == RECORD_SIGNAL_INPUTS) {
        say_inputs(&writer, &record->inputs);
    } else if (record->kind == RECORD_INTENT) {
        say_spec(&writer, &record->intent.spec);
    } else if (record->kind == RECORD_ORDER) {
        say_order(&writer, &record->order);
    } else if (record->kind == RECORD_FILL) {
        say_fill(&writer, &record->fill);
    } else if (record->kind == RECORD_TRADE_CLOSED) {
        say_closed(&writer, &record->trade_closed);
    } else {
        size_t size = 0;
        const field_t *fields = record_body_fields((record_kind_t)record->kind, &size);
        put_text(&writer, record_kind_name((record_kind_t)record->kind));
        for (const field_t *field = fields; field != NULL && field->tag != 0; field++) {
            put_text(&writer, " ");
            put_text(&writer, field->name);
            put_text(&writer, "=");
            put_value(&writer, field, (const unsigned char *)record + offsetof(order_record_t, session));
        }
    }
    return finish(&writer);
}

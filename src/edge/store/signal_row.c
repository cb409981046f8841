/* signal_row.c: rows of the table signals; see signal_row.h.
 *
 * Figures of the inputs are written with 17 significant digits, which give the same double back. The C locale is put on for that
 * moment: a terminal's locale may write a comma for the point.
 */
#include "edge/store/signal_row.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/json/json_reader.h"
#include "edge/json/json_writer.h"

enum { TIMEFRAMES_TEXT_MAX = 64, INPUTS_TEXT_MAX = SIGNAL_INPUTS_MAX * (SIGNAL_INPUT_NAME_MAX * 6 + 32) + 8 };

/* --- doubles as text -------------------------------------------------------------------------- */

static result_t double_to_text(double value, char *text, size_t capacity)
{
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0) {
        return RESULT_FULL;
    }
    locale_t before = uselocale(plain);
    snprintf(text, capacity, "%.17g", value);
    uselocale(before);
    freelocale(plain);
    return RESULT_OK;
}

static result_t text_to_double(str_t text, double *out)
{
    char copy[64], *end;
    result_t result = str_copy(text, copy, sizeof copy);
    locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    if (plain == (locale_t)0) {
        return RESULT_FULL;
    }
    if (result == RESULT_OK) {
        locale_t before = uselocale(plain);
        const double value = strtod(copy, &end);
        uselocale(before);
        if (*end != '\0' || !(value - value == 0.0)) {
            result = RESULT_NUMBER_MALFORMED;
        } else {
            *out = value;
        }
    }
    freelocale(plain);
    return result;
}

/* --- inputs and timeframes -------------------------------------------------------------------- */

static result_t inputs_to_json(const signal_t *signal, char *buffer, size_t capacity, str_t *out)
{
    json_writer_t writer;
    json_writer_init(&writer, buffer, capacity);
    json_begin_object(&writer);
    for (uint32_t i = 0; i < signal->input_count; i++) {
        char number[40];
        result_t result = double_to_text(signal->inputs[i].value, number, sizeof number);
        if (result != RESULT_OK) {
            return result;
        }
        json_write_key_text(&writer, str_from(signal->inputs[i].name));
        json_write_raw(&writer, str_from(number));
    }
    json_end_object(&writer);
    return json_writer_finish(&writer, out);
}

static result_t inputs_from_json(str_t json, signal_t *signal)
{
    json_reader_t reader;
    str_t key, number;
    json_reader_init(&reader, json.bytes, json.length);
    json_enter_object(&reader);
    while (json_next_key(&reader, &key)) {
        if (signal->input_count == SIGNAL_INPUTS_MAX) {
            return RESULT_FULL;
        }
        signal_input_t *input = &signal->inputs[signal->input_count];
        result_t result = json_unescape(key, input->name, sizeof input->name, NULL);
        result = result == RESULT_OK ? json_read_number(&reader, &number) : result;
        result = result == RESULT_OK ? text_to_double(number, &input->value) : result;
        if (result != RESULT_OK) {
            return result;
        }
        signal->input_count++;
    }
    return json_finish(&reader);
}

static void timeframes_to_text(uint32_t timeframes, char text[TIMEFRAMES_TEXT_MAX])
{
    size_t at = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < TF_COUNT && at < TIMEFRAMES_TEXT_MAX; i++) {
        if ((timeframes & (1u << i)) != 0) {
            at += (size_t)snprintf(text + at, TIMEFRAMES_TEXT_MAX - at, "%s%s", at > 0 ? "," : "", timeframe_text((timeframe_t)i));
        }
    }
}

static result_t timeframes_from_text(str_t text, uint32_t *out)
{
    uint32_t timeframes = 0;
    while (text.length > 0) {
        timeframe_t timeframe;
        result_t result = timeframe_parse(str_cut(&text, ','), &timeframe);
        if (result != RESULT_OK) {
            return RESULT_UNKNOWN_VALUE;
        }
        timeframes |= 1u << timeframe;
    }
    *out = timeframes;
    return RESULT_OK;
}

/* --- rows ------------------------------------------------------------------------------------- */

static int bind_text(sqlite3_stmt *statement, int column, const char *text)
{
    return sqlite3_bind_text(statement, column + 1, text, -1, SQLITE_TRANSIENT);
}

static int bind_dec(sqlite3_stmt *statement, int column, dec_t value)
{
    char text[DEC_TEXT_MAX];
    dec_format(value, text);
    return bind_text(statement, column, text);
}

result_t signal_row_bind(sqlite3_stmt *statement, const instrument_table_t *table, const signal_t *signal)
{
    char symbol[UNIFIED_TEXT_MAX], timeframes[TIMEFRAMES_TEXT_MAX], inputs[INPUTS_TEXT_MAX];
    str_t json;
    if (instrument_table_at(table, signal->instrument) == NULL) {
        return RESULT_UNKNOWN_VALUE;
    }
    instrument_unified(table, signal->instrument, symbol);
    timeframes_to_text(signal->timeframes, timeframes);
    result_t result = inputs_to_json(signal, inputs, sizeof inputs, &json);
    if (result != RESULT_OK) {
        return result;
    }
    int failed = sqlite3_bind_int64(statement, SIGNAL_COLUMN_NUMBER + 1, (sqlite3_int64)signal->number);
    failed |= bind_text(statement, SIGNAL_COLUMN_ID, signal->id);
    failed |= bind_text(statement, SIGNAL_COLUMN_SYMBOL, symbol);
    failed |= bind_text(statement, SIGNAL_COLUMN_DIRECTION, signal->side == SIDE_LONG ? "LONG" : "SHORT");
    failed |= bind_dec(statement, SIGNAL_COLUMN_ENTRY, signal->entry);
    failed |= bind_dec(statement, SIGNAL_COLUMN_STOP, signal->stop);
    failed |= bind_dec(statement, SIGNAL_COLUMN_TARGET, signal->target);
    failed |= sqlite3_bind_double(statement, SIGNAL_COLUMN_CONFIDENCE + 1, signal->confidence);
    failed |= bind_text(statement, SIGNAL_COLUMN_TIMEFRAMES, timeframes);
    failed |= bind_text(statement, SIGNAL_COLUMN_TIMEFRAME_SOURCE, timeframe_text(signal->timeframe_source));
    failed |= bind_text(statement, SIGNAL_COLUMN_STRATEGY, signal->strategy);
    failed |= bind_text(statement, SIGNAL_COLUMN_SOURCE, signal->source);
    failed |= sqlite3_bind_int64(statement, SIGNAL_COLUMN_MADE + 1, signal->made_ns);
    failed |= sqlite3_bind_int64(statement, SIGNAL_COLUMN_EXPIRES + 1, signal->expires_ns);
    failed |= sqlite3_bind_text(statement, SIGNAL_COLUMN_INPUTS + 1, json.bytes, (int)json.length, SQLITE_TRANSIENT);
    failed |= sqlite3_bind_int64(statement, SIGNAL_COLUMN_STATES + 1, (sqlite3_int64)signal->states);
    failed |= bind_dec(statement, SIGNAL_COLUMN_SIZE_CUT, signal->size_cut);
    failed |= sqlite3_bind_int64(statement, SIGNAL_COLUMN_VETO + 1, (sqlite3_int64)signal->veto);
    failed |= sqlite3_bind_double(statement, SIGNAL_COLUMN_VETO_FIRST + 1, signal->veto_figure[0]);
    failed |= sqlite3_bind_double(statement, SIGNAL_COLUMN_VETO_SECOND + 1, signal->veto_figure[1]);
    failed |= sqlite3_bind_int64(statement, SIGNAL_COLUMN_EXIT_OF + 1, (sqlite3_int64)signal->exit_of);
    return failed == SQLITE_OK ? RESULT_OK : RESULT_FULL;
}

static str_t column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return (str_t){text != NULL ? (const char *)text : "", text != NULL ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

static result_t column_dec(sqlite3_stmt *statement, int column, dec_t *out)
{
    const str_t text = column_text(statement, column);
    return dec_parse(text.bytes, text.length, out) == RESULT_OK ? RESULT_OK : RESULT_MALFORMED;
}

static result_t read_words(sqlite3_stmt *statement, const instrument_table_t *table, signal_t *signal)
{
    const str_t direction = column_text(statement, SIGNAL_COLUMN_DIRECTION);
    signal->side = str_eq(direction, STR("LONG")) ? SIDE_LONG : SIDE_SHORT;
    if (signal->side == SIDE_SHORT && !str_eq(direction, STR("SHORT"))) {
        return RESULT_UNKNOWN_VALUE;
    }
    signal->instrument = instrument_find(table, column_text(statement, SIGNAL_COLUMN_SYMBOL));
    if (signal->instrument == INSTRUMENT_NONE) {
        return RESULT_UNKNOWN_VALUE;
    }
    result_t result = timeframes_from_text(column_text(statement, SIGNAL_COLUMN_TIMEFRAMES), &signal->timeframes);
    if (result == RESULT_OK &&
        timeframe_parse(column_text(statement, SIGNAL_COLUMN_TIMEFRAME_SOURCE), &signal->timeframe_source) != RESULT_OK) {
        result = RESULT_UNKNOWN_VALUE;
    }
    return result;
}

static result_t read_texts(sqlite3_stmt *statement, signal_t *signal)
{
    const bool fits =
        str_copy(column_text(statement, SIGNAL_COLUMN_ID), signal->id, sizeof signal->id) == RESULT_OK &&
        str_copy(column_text(statement, SIGNAL_COLUMN_STRATEGY), signal->strategy, sizeof signal->strategy) == RESULT_OK &&
        str_copy(column_text(statement, SIGNAL_COLUMN_SOURCE), signal->source, sizeof signal->source) == RESULT_OK;
    return fits && inputs_from_json(column_text(statement, SIGNAL_COLUMN_INPUTS), signal) == RESULT_OK ? RESULT_OK
                                                                                                       : RESULT_MALFORMED;
}

result_t signal_row_read(sqlite3_stmt *statement, const instrument_table_t *table, signal_t *out)
{
    signal_t signal = {
        .number = (uint64_t)sqlite3_column_int64(statement, SIGNAL_COLUMN_NUMBER),
        .confidence = sqlite3_column_double(statement, SIGNAL_COLUMN_CONFIDENCE),
        .made_ns = sqlite3_column_int64(statement, SIGNAL_COLUMN_MADE),
        .expires_ns = sqlite3_column_int64(statement, SIGNAL_COLUMN_EXPIRES),
        .states = (uint64_t)sqlite3_column_int64(statement, SIGNAL_COLUMN_STATES),
        .veto = (signal_veto_t)sqlite3_column_int(statement, SIGNAL_COLUMN_VETO),
        .veto_figure = {sqlite3_column_double(statement, SIGNAL_COLUMN_VETO_FIRST),
                        sqlite3_column_double(statement, SIGNAL_COLUMN_VETO_SECOND)},
        .exit_of = (uint64_t)sqlite3_column_int64(statement, SIGNAL_COLUMN_EXIT_OF),
    };
    result_t result = read_words(statement, table, &signal);
    result = result == RESULT_OK ? read_texts(statement, &signal) : result;
    result = result == RESULT_OK ? column_dec(statement, SIGNAL_COLUMN_ENTRY, &signal.entry) : result;
    result = result == RESULT_OK ? column_dec(statement, SIGNAL_COLUMN_STOP, &signal.stop) : result;
    result = result == RESULT_OK ? column_dec(statement, SIGNAL_COLUMN_TARGET, &signal.target) : result;
    result = result == RESULT_OK ? column_dec(statement, SIGNAL_COLUMN_SIZE_CUT, &signal.size_cut) : result;
    if (result == RESULT_OK && signal_check(&signal) != RESULT_OK) {
        result = RESULT_MALFORMED;
    }
    if (result == RESULT_OK) {
        *out = signal;
    }
    return result;
}

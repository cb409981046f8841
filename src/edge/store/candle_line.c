/* candle_line.c: text of candles; see candle_line.h. */
#include "edge/store/candle_line.h"

#include <string.h>

#include "core/base/time.h"

enum { FIELDS_MAX = 64 };

static const char *const column_texts[CANDLE_COLUMN_COUNT + 1] = {
    [CANDLE_COLUMN_TIME] = "time",
    [CANDLE_COLUMN_OPEN] = "open",
    [CANDLE_COLUMN_HIGH] = "high",
    [CANDLE_COLUMN_LOW] = "low",
    [CANDLE_COLUMN_CLOSE] = "close",
    [CANDLE_COLUMN_VOLUME] = "volume",
    [CANDLE_COLUMN_QUOTE_VOLUME] = "quote_volume",
    [CANDLE_COLUMN_TRADES] = "trades",
    [CANDLE_COLUMN_STATE] = "state",
    [CANDLE_COLUMN_COUNT] = "number of fields",
};

/* Names that mean the open time. A text time beside it ("datetime", "date") is passed over. */
static const char *const time_names[] = {"time", "timestamp", "time_ms", "open_time", "opentime", "open_ns"};

static const char *const state_texts[] = {
    [CANDLE_TRADED] = "traded",
    [CANDLE_QUIET] = "quiet",
    [CANDLE_MISSING] = "missing",
};

const char *candle_column_text(candle_column_t column)
{
    return (unsigned)column <= CANDLE_COLUMN_COUNT ? column_texts[column] : "?";
}

static candle_column_t column_named(str_t name)
{
    for (size_t i = 0; i < sizeof time_names / sizeof time_names[0]; i++) {
        if (str_eq_nocase(name, str_from(time_names[i]))) {
            return CANDLE_COLUMN_TIME;
        }
    }
    for (unsigned i = CANDLE_COLUMN_OPEN; i < CANDLE_COLUMN_COUNT; i++) {
        if (str_eq_nocase(name, str_from(column_texts[i]))) {
            return (candle_column_t)i;
        }
    }
    return CANDLE_COLUMN_COUNT;
}

static bool column_is_optional(unsigned column)
{
    return column >= CANDLE_COLUMN_QUOTE_VOLUME;
}

/* The next field; *more tells whether a comma followed it. */
static str_t next_field(str_t *line, bool *more)
{
    *more = memchr(line->bytes, ',', line->length) != NULL;
    return str_cut(line, ',');
}

result_t candle_columns_read(str_t header, candle_columns_t *out, candle_column_t *column)
{
    candle_columns_t columns = {.fields = 0};
    for (unsigned i = 0; i < CANDLE_COLUMN_COUNT; i++) {
        columns.place[i] = -1;
    }
    for (bool more = true; more;) {
        if (columns.fields == FIELDS_MAX) {
            return RESULT_FULL;
        }
        const candle_column_t found = column_named(str_trim(next_field(&header, &more)));
        if (found != CANDLE_COLUMN_COUNT) {
            if (columns.place[found] >= 0) {
                *column = found;
                return RESULT_DUPLICATE;
            }
            columns.place[found] = (int)columns.fields;
        }
        columns.fields++;
    }
    for (unsigned i = 0; i < CANDLE_COLUMN_COUNT; i++) {
        if (columns.place[i] < 0 && !column_is_optional(i)) {
            *column = (candle_column_t)i;
            return RESULT_FIELD_MISSING;
        }
    }
    *out = columns;
    return RESULT_OK;
}

/* Seconds, milliseconds, microseconds or nanoseconds: told by the size; the borders lie in the years 1973 and 5138. */
static result_t parse_time(str_t text, int64_t *out_ns)
{
    static const struct {
        int64_t below, unit_ns;
    } units[] = {{INT64_C(100000000000), NS_PER_S},
                 {INT64_C(100000000000000), NS_PER_MS},
                 {INT64_C(100000000000000000), NS_PER_US},
                 {INT64_MAX, 1}};
    int64_t value;
    result_t result = str_to_i64(text, &value);
    if (result != RESULT_OK) {
        return result;
    }
    if (value < 0) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    unsigned i = 0;
    while (value >= units[i].below && i < 3) {
        i++;
    }
    if (value > INT64_MAX / units[i].unit_ns) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    *out_ns = value * units[i].unit_ns;
    return RESULT_OK;
}

static result_t parse_state(str_t text, candle_state_t *out)
{
    for (unsigned i = 0; i < sizeof state_texts / sizeof state_texts[0]; i++) {
        if (str_eq(text, str_from(state_texts[i]))) {
            *out = (candle_state_t)i;
            return RESULT_OK;
        }
    }
    return RESULT_UNKNOWN_VALUE;
}

static result_t parse_trades(str_t text, uint32_t *out)
{
    uint64_t value;
    result_t result = str_to_u64(text, &value);
    if (result == RESULT_OK && value > UINT32_MAX) {
        result = RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (result == RESULT_OK) {
        *out = (uint32_t)value;
    }
    return result;
}

static result_t parse_field(candle_column_t column, str_t text, candle_t *candle)
{
    switch (column) {
    case CANDLE_COLUMN_TIME:
        return parse_time(text, &candle->open_ns);
    case CANDLE_COLUMN_OPEN:
        return dec_parse(text.bytes, text.length, &candle->open);
    case CANDLE_COLUMN_HIGH:
        return dec_parse(text.bytes, text.length, &candle->high);
    case CANDLE_COLUMN_LOW:
        return dec_parse(text.bytes, text.length, &candle->low);
    case CANDLE_COLUMN_CLOSE:
        return dec_parse(text.bytes, text.length, &candle->close);
    case CANDLE_COLUMN_VOLUME:
        return dec_parse(text.bytes, text.length, &candle->volume);
    case CANDLE_COLUMN_QUOTE_VOLUME:
        return dec_parse(text.bytes, text.length, &candle->quote_volume);
    case CANDLE_COLUMN_TRADES:
        return parse_trades(text, &candle->trades);
    case CANDLE_COLUMN_STATE:
        return parse_state(text, &candle->state);
    case CANDLE_COLUMN_COUNT:
        break;
    }
    return RESULT_BAD_ARGUMENT;
}

result_t candle_line_parse(const candle_columns_t *columns, str_t line, candle_t *out, candle_column_t *column)
{
    str_t fields[FIELDS_MAX];
    unsigned count = 0;
    for (bool more = true; more; count++) {
        if (count == columns->fields) {
            *column = CANDLE_COLUMN_COUNT;
            return RESULT_FIELD_MISSING;
        }
        fields[count] = next_field(&line, &more);
    }
    if (count != columns->fields) {
        *column = CANDLE_COLUMN_COUNT;
        return RESULT_FIELD_MISSING;
    }
    candle_t candle = {.state = CANDLE_TRADED, .closed = true};
    for (unsigned i = 0; i < CANDLE_COLUMN_COUNT; i++) {
        if (columns->place[i] < 0) {
            continue;
        }
        result_t result = parse_field((candle_column_t)i, fields[columns->place[i]], &candle);
        if (result != RESULT_OK) {
            *column = (candle_column_t)i;
            return result;
        }
    }
    *out = candle;
    return RESULT_OK;
}

static size_t put_dec(char *buffer, size_t at, dec_t value)
{
    at += dec_format(value, buffer + at);
    buffer[at++] = ',';
    return at;
}

size_t candle_line_format(const candle_t *candle, char buffer[CANDLE_LINE_MAX])
{
    _Static_assert(21 + 6 * DEC_TEXT_MAX + 21 + 10 <= CANDLE_LINE_MAX, "a line fits");
    const dec_t numbers[] = {candle->open, candle->high, candle->low, candle->close, candle->volume, candle->quote_volume};
    size_t at = str_from_i64(candle->open_ns / NS_PER_MS, buffer);
    buffer[at++] = ',';
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        at = put_dec(buffer, at, numbers[i]);
    }
    at += str_from_u64(candle->trades, buffer + at);
    buffer[at++] = ',';
    const char *state = state_texts[candle->state];
    memcpy(buffer + at, state, strlen(state));
    at += strlen(state);
    buffer[at++] = '\n';
    buffer[at] = '\0';
    return at;
}

/* bar_table_csv.c: a table of bars out of a CSV file; see bar_table.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "app/bar_table.h"
#include "app/bar_table_inside.h"
#include "core/base/str.h"
#include "core/base/time.h"
#include "core/indicator/indicator.h"
#include "edge/store/file.h"

enum { LINE_MAX_BYTES = 65536, FIELDS_MAX = 256 };

#define BYTE_ORDER_MARK "\xef\xbb\xbf" /* of UTF-8, as spreadsheets write it */

static const char *const column_names[BAR_COLUMNS] = {"open", "high", "low", "close", "volume"};

typedef struct {
    const char *path;
    uint64_t line;
    int place[BAR_COLUMNS]; /* which field of a line */
    int time_place;
    size_t fields;
    char separator[2]; /* as text: what the first line has between its names */
    char *error;
} csv_t;

static result_t csv_fail(const csv_t *csv, result_t result, const char *what, const char *detail)
{
    (void)snprintf(csv->error, BAR_TABLE_ERROR_MAX, "%.600s:%llu: %s%s", csv->path, (unsigned long long)csv->line, what, detail);
    return result;
}

/* Takes what stands between the quotes around a field to `into`, where two quotes stand for one; returns what follows the last. */
static char *unquote(char *at, char *into)
{
    while (*at != '\0' && (*at != '"' || at[1] == '"')) {
        at += *at == '"' ? 1 : 0;
        *into++ = *at++;
    }
    at += *at == '"' ? 1 : 0;
    *into = '\0';
    return at;
}

/* Cuts a line at its separators; quotes around a field go away, a separator between quotes stays. False: more than FIELDS_MAX. */
static bool split(const csv_t *csv, char *line, char **fields, size_t *count)
{
    *count = 0;
    for (char *at = line;; at++) {
        if (*count == FIELDS_MAX) {
            return false;
        }
        const bool quoted = *at == '"';
        fields[(*count)++] = at;
        at = quoted ? unquote(at + 1, at) : at;
        at += strcspn(at, csv->separator);
        if (*at == '\0') {
            return true;
        }
        *at = '\0';
    }
}

static str_t field_text(const char *field)
{
    return str_trim(str_from(field));
}

/* Commas, or semicolons or tabs where the names have these between them. */
static char separator_of(const char *header)
{
    return strchr(header, ',') != NULL ? ',' : strchr(header, ';') != NULL ? ';' : strchr(header, '\t') != NULL ? '\t' : ',';
}

/* What exchanges and data services call the time, where neither "time" nor "timestamp" stands. */
static int other_time_place(char *const *fields, size_t count)
{
    static const char *const names[] = {"open_time", "open time", "opentime", "unix", "datetime", "date"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t f = 0; f < count; f++) {
            if (str_eq_nocase(field_text(fields[f]), str_from(names[i]))) {
                return (int)f;
            }
        }
    }
    return -1;
}

static result_t check_header(const csv_t *csv, const char *first)
{
    bool any = csv->time_place >= 0;
    for (int i = 0; i < BAR_COLUMNS; i++) {
        any = any || csv->place[i] >= 0;
    }
    if (!any && first[0] >= '0' && first[0] <= '9') {
        return csv_fail(csv, RESULT_FIELD_MISSING,
                        "the first line holds values, not the names of the columns: put time,open,high,low,close,volume and a name "
                        "for each further column above it",
                        "");
    }
    for (int i = 0; i < BAR_COLUMNS; i++) {
        if (csv->place[i] < 0) {
            return csv_fail(csv, RESULT_FIELD_MISSING, "the first line names no column ", column_names[i]);
        }
    }
    return csv->time_place >= 0
               ? RESULT_OK
               : csv_fail(csv, RESULT_FIELD_MISSING,
                          "the first line names no column time or timestamp (nor open_time, unix, datetime, date)", "");
}

static result_t read_header(csv_t *csv, char *line)
{
    char *fields[FIELDS_MAX];
    csv->separator[0] = separator_of(line);
    csv->time_place = -1;
    for (int i = 0; i < BAR_COLUMNS; i++) {
        csv->place[i] = -1;
    }
    if (!split(csv, line, fields, &csv->fields)) {
        return csv_fail(csv, RESULT_FULL, "more than 256 columns", "");
    }
    for (size_t f = 0; f < csv->fields; f++) {
        str_t name = field_text(fields[f]);
        int *place = str_eq_nocase(name, STR("time")) || str_eq_nocase(name, STR("timestamp")) ? &csv->time_place : NULL;
        for (int i = 0; i < BAR_COLUMNS; i++) {
            place = str_eq_nocase(name, str_from(column_names[i])) ? &csv->place[i] : place;
        }
        if (place != NULL && *place >= 0) {
            return csv_fail(csv, RESULT_DUPLICATE, "two columns of the name ", fields[f]);
        }
        if (place != NULL) {
            *place = (int)f;
        }
    }
    csv->time_place = csv->time_place >= 0 ? csv->time_place : other_time_place(fields, csv->fields);
    return check_header(csv, fields[0]);
}

/* Cuts "Z", "+02:00", "-0530" or "+02" off a time of the day; false when what stands there is no offset. */
static bool cut_offset(str_t *text, int64_t *offset_ns)
{
    const size_t day = STR("2026-01-31T").length;
    size_t at = day;
    *offset_ns = 0;
    if (str_ends_with(*text, STR("Z"))) {
        text->length--;
        return true;
    }
    while (at < text->length && text->bytes[at] != '+' && text->bytes[at] != '-') {
        at++;
    }
    if (at >= text->length) {
        return true;
    }
    const int sign = text->bytes[at] == '-' ? -1 : 1;
    str_t hours = {text->bytes + at + 1, text->length - at - 1}, minutes = STR("0");
    if (hours.length > 2) {
        const size_t colon = hours.bytes[2] == ':' ? 1 : 0;
        minutes = (str_t){hours.bytes + 2 + colon, hours.length - 2 - colon};
        hours.length = 2;
    }
    uint64_t hour = 0, minute = 0;
    if (hours.length != 2 || str_to_u64(hours, &hour) != RESULT_OK || str_to_u64(minutes, &minute) != RESULT_OK || hour > 23 ||
        minute > 59) {
        return false;
    }
    text->length = at;
    *offset_ns = sign * ((int64_t)hour * NS_PER_HOUR + (int64_t)minute * NS_PER_MIN);
    return true;
}

/* Text in the forms that programs write: 2026-01-31T23:59:59Z, 2026-01-31 23:59:59 (UTC), 2026-01-31T23:59, with a fraction of the
 * second, with +02:00, 2026-01-31. */
static bool text_time_of(str_t text, int64_t *out_ns)
{
    char whole[BAR_TIME_MAX + sizeof "T00:00:00Z"];
    const bool is_day = text.length == STR("2026-01-31").length;
    int64_t offset_ns = 0;
    if (text.length >= BAR_TIME_MAX || (!is_day && !cut_offset(&text, &offset_ns)) ||
        str_copy(text, whole, sizeof whole) != RESULT_OK) {
        return false;
    }
    const char *ending = is_day ? "T00:00:00Z" : text.length == STR("2026-01-31T23:59").length ? ":00Z" : "Z";
    memcpy(whole + text.length, ending, strlen(ending) + 1);
    if (!is_day && text.length > 10 && whole[10] == ' ') {
        whole[10] = 'T';
    }
    const bool is_good = time_parse(whole, strlen(whole), out_ns) == RESULT_OK;
    *out_ns -= is_good ? offset_ns : 0;
    return is_good;
}

/* Seconds, milliseconds, microseconds or nanoseconds: the years 1973 to 2286 decide by the number of digits. */
static bool time_of(str_t text, int64_t *out_ns)
{
    int64_t number = 0;
    if (str_to_i64(text, &number) != RESULT_OK) {
        return text_time_of(text, out_ns);
    }
    int64_t scale = NS_PER_S;
    for (int64_t limit = 10000000000; number >= limit && scale > 1; limit *= 1000) {
        scale /= 1000;
    }
    if (number < 0 || number > INT64_MAX / scale) {
        return false;
    }
    *out_ns = number * scale;
    return true;
}

/* Eight digits that begin with a year: 20260131. As seconds they would stand between August and September of 1970. */
static bool is_day_number(str_t text)
{
    uint64_t number = 0;
    return text.length == STR("20260131").length && str_to_u64(text, &number) == RESULT_OK && number >= 19700101 &&
           number < 22620412; /* after that day int64 nanoseconds end */
}

static bool day_number_of(str_t text, int64_t *out_ns)
{
    char day[sizeof "2026-01-31"];
    if (!is_day_number(text)) {
        return false;
    }
    (void)snprintf(day, sizeof day, "%.4s-%.2s-%.2s", text.bytes, text.bytes + 4, text.bytes + 6);
    return text_time_of(str_from(day), out_ns);
}

/* The first time of a file decides whether its times are such days, so that seconds that run into their range stay seconds. */
static result_t read_time(const csv_t *csv, const char *field, bar_table_t *table)
{
    str_t text = field_text(field);
    const size_t at = table->bars;
    const bool is_days = is_day_number(at == 0 ? text : str_from(table->times));
    if (text.length == 0 || text.length >= BAR_TIME_MAX ||
        !(is_days ? day_number_of(text, &table->open_ns[at]) : time_of(text, &table->open_ns[at]))) {
        return csv_fail(csv, RESULT_TIME_MALFORMED,
                        is_days ? "not a day, as the first time of the file is (20260131): "
                                : "not a time (whole seconds, milli-, micro- or nanoseconds since 1970, or "
                                  "2026-01-31T23:59:59Z, also with +02:00): ",
                        field);
    }
    if (at > 0 && table->open_ns[at] <= table->open_ns[at - 1]) {
        const bool same = table->open_ns[at] == table->open_ns[at - 1];
        return csv_fail(csv, same ? RESULT_DUPLICATE : RESULT_OUT_OF_ORDER,
                        same ? "the same time as the line before: " : "older than the line before: ", field);
    }
    return str_copy(text, table->times + at * BAR_TIME_MAX, BAR_TIME_MAX);
}

static result_t read_value(const csv_t *csv, const char *field, int column, double *out)
{
    char *end = NULL;
    const double value = strtod(field, &end);
    const bool is_decimal = strspn(field, "0123456789+-.eE \t") == strlen(field); /* strtod takes 0x10 and nan too */
    if (!is_decimal || end == field || field_text(end).length != 0 || !indicator_value_is_good(value)) {
        char what[64];
        (void)snprintf(what, sizeof what, "%s is not a number (or beyond 1e100): ", column_names[column]);
        return csv_fail(csv, RESULT_NUMBER_MALFORMED, what, field);
    }
    *out = value;
    return RESULT_OK;
}

static result_t check_bar(const csv_t *csv, const bar_table_t *table)
{
    const size_t at = table->bars;
    const double open = table->columns[BAR_OPEN][at], high = table->columns[BAR_HIGH][at], low = table->columns[BAR_LOW][at],
                 close = table->columns[BAR_CLOSE][at];
    if (high < low || open > high || close > high || open < low || close < low) {
        return csv_fail(csv, RESULT_BAD_ARGUMENT, "open, high, low and close contradict each other", "");
    }
    return table->columns[BAR_VOLUME][at] < 0 ? csv_fail(csv, RESULT_BAD_ARGUMENT, "negative volume", "") : RESULT_OK;
}

static result_t read_bar(const csv_t *csv, char *line, bar_table_t *table)
{
    char *fields[FIELDS_MAX];
    size_t count = 0;
    if (!split(csv, line, fields, &count) || count != csv->fields) {
        return csv_fail(csv, RESULT_MALFORMED, "not as many fields as the first line has", "");
    }
    result_t result = bar_table_make_room(table);
    if (result != RESULT_OK) {
        return csv_fail(csv, result, "more bars than there is room for (20,000,000)", "");
    }
    result = read_time(csv, fields[csv->time_place], table);
    for (int i = 0; i < BAR_COLUMNS && result == RESULT_OK; i++) {
        result = read_value(csv, fields[csv->place[i]], i, &table->columns[i][table->bars]);
    }
    if (result == RESULT_OK) {
        result = check_bar(csv, table);
    }
    table->bars += result == RESULT_OK;
    return result;
}

static bool is_whole(gzFile file)
{
    int code;
    (void)gzerror(file, &code);
    return code == Z_OK || code == Z_STREAM_END;
}

/* What stopped the reading, or nothing: the end of the file. */
static result_t check_end(csv_t *csv, gzFile file, const bar_table_t *table)
{
    int code;
    (void)gzerror(file, &code);
    csv->line = csv->line == 0 ? 1 : csv->line;
    switch (code) {
    case Z_OK:
    case Z_STREAM_END:
        break;
    case Z_BUF_ERROR:
        return csv_fail(csv, RESULT_TRUNCATED, "the gzip file was cut: it ends before it is complete; get it again", "");
    case Z_DATA_ERROR:
        return csv_fail(csv, RESULT_CHECKSUM, "the gzip file is damaged; get it again", "");
    default:
        return csv_fail(csv, RESULT_IO, "cannot be read", "");
    }
    return table->bars > 0 ? RESULT_OK : csv_fail(csv, RESULT_EMPTY, "the file ends here, without a bar", "");
}

static result_t read_lines(csv_t *csv, gzFile file, bar_table_t *table)
{
    char line[LINE_MAX_BYTES];
    result_t result = RESULT_OK;
    z_off_t before = 0;
    while (result == RESULT_OK && gzgets(file, line, sizeof line) != NULL) {
        csv->line++;
        size_t length = strlen(line);
        const z_off_t now = gztell(file);
        if (now - before != (z_off_t)length) {
            const bool is_zip = csv->line == 1 && strncmp(line, "PK\x03\x04", 4) == 0;
            return csv_fail(csv, RESULT_TEXT_BAD_CHARACTER,
                            is_zip ? "a zip archive: unpack it and show the file in it" : "a NUL byte: this is no text", "");
        }
        before = now;
        if (line[length - 1] != '\n' && length + 1 == sizeof line) {
            return csv_fail(csv, RESULT_TEXT_TOO_LONG, "a line of more than 65534 bytes", "");
        }
        if (line[length - 1] != '\n' && !is_whole(file)) {
            break; /* a gzip file that was cut may have lost digits here */
        }
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
            line[--length] = '\0';
        }
        if (csv->line == 1) {
            const bool is_marked = str_starts_with(str_from(line), STR(BYTE_ORDER_MARK));
            result = read_header(csv, line + (is_marked ? STR(BYTE_ORDER_MARK).length : 0));
        } else if (length > 0) {
            result = read_bar(csv, line, table);
        }
    }
    return result == RESULT_OK ? check_end(csv, file, table) : result;
}

/* Reads plain files as they are. */
static gzFile open_text(const char *path, bool is_stdin)
{
    const int handle = is_stdin ? dup(STDIN_FILENO) : -1;
    gzFile file = !is_stdin ? gzopen(path, "rb") : handle >= 0 ? gzdopen(handle, "rb") : NULL;
    if (file == NULL && handle >= 0) {
        (void)close(handle);
    }
    return file;
}

result_t bar_table_read_csv(const char *path, bar_table_t *table, char error[BAR_TABLE_ERROR_MAX])
{
    const bool is_stdin = strcmp(path, "-") == 0;
    csv_t csv = {.path = is_stdin ? "standard input" : path, .error = error};
    *table = (bar_table_t){0};
    errno = 0;
    gzFile file = open_text(path, is_stdin);
    if (file == NULL) {
        const int reason = errno != 0 ? errno : ENOMEM; /* zlib says nothing when it has no memory */
        (void)snprintf(error, BAR_TABLE_ERROR_MAX, "%.600s: %s", path, strerror(reason));
        return file_result_from_errno(reason);
    }
    result_t result = read_lines(&csv, file, table);
    (void)gzclose(file);
    if (result != RESULT_OK) {
        bar_table_free(table);
    }
    return result;
}

/* candle_reader.c: bars out of CSV files of others, plain or gzip; see candle_reader.h. */
#include "edge/store/candle_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "edge/store/candle_line.h"
#include "edge/store/file.h"

struct candle_reader {
    gzFile file; /* reads plain files as they are */
    timeframe_t timeframe;
    candle_columns_t columns;
    uint64_t line;
    int64_t last_open_ns; /* -1 before the first bar */
    result_t failed;      /* RESULT_OK while all is well */
    char path[FILE_PATH_MAX];
    char error[CANDLE_TEXT_MAX];
    char text[CANDLE_READ_LINE_MAX];
};

static result_t fail(candle_reader_t *reader, result_t result, const char *what)
{
    reader->failed = result;
    snprintf(reader->error, sizeof reader->error, "%.300s:%llu: %.40s: %s", reader->path, (unsigned long long)reader->line, what,
             result_text(result));
    return result;
}

/* For what is wrong with the file as a whole: what and how to put it right. */
static result_t fail_saying(candle_reader_t *reader, result_t result, const char *sentence)
{
    reader->failed = result;
    snprintf(reader->error, sizeof reader->error, "%.300s:%llu: %.180s", reader->path, (unsigned long long)reader->line, sentence);
    return result;
}

static result_t fail_reading(candle_reader_t *reader)
{
    int code;
    (void)gzerror(reader->file, &code);
    switch (code) {
    case Z_BUF_ERROR:
        return fail_saying(reader, RESULT_TRUNCATED, "the gzip file was cut: it ends before it is complete; get it again");
    case Z_DATA_ERROR:
        return fail_saying(reader, RESULT_CHECKSUM, "the gzip file is damaged: its checksum does not match; get it again");
    default:
        return fail(reader, RESULT_IO, "reading");
    }
}

/* The next line without its end. RESULT_EMPTY at the end of the file. */
static result_t next_line(candle_reader_t *reader, str_t *out)
{
    const z_off_t before = gztell(reader->file);
    reader->line++;
    if (gzgets(reader->file, reader->text, sizeof reader->text) == NULL) {
        int code;
        (void)gzerror(reader->file, &code);
        return code == Z_OK || code == Z_STREAM_END ? RESULT_EMPTY : fail_reading(reader);
    }
    const size_t length = strlen(reader->text);
    if (gztell(reader->file) - before != (z_off_t)length) {
        return fail(reader, RESULT_TEXT_BAD_CHARACTER, "line"); /* a NUL byte hides the rest */
    }
    if (length > 0 && reader->text[length - 1] != '\n') {
        if (length == sizeof reader->text - 1) {
            return fail(reader, RESULT_TEXT_TOO_LONG, "line");
        }
        /* The last line may lack its end, but a gzip file that was cut inside it may have lost digits. */
        int code;
        (void)gzerror(reader->file, &code);
        if (code != Z_OK && code != Z_STREAM_END) {
            return fail_reading(reader);
        }
    }
    *out = str_trim((str_t){reader->text, length});
    return RESULT_OK;
}

static result_t read_header(candle_reader_t *reader)
{
    str_t header;
    result_t result = next_line(reader, &header);
    if (result == RESULT_EMPTY) {
        return fail_saying(reader, RESULT_EMPTY,
                           "the file is empty; its first line names the columns (timestamp,open,high,low,close,volume), each "
                           "further line is a bar");
    }
    if (result != RESULT_OK) {
        return result;
    }
    if (str_starts_with(header, STR("\xEF\xBB\xBF"))) { /* the mark that some programs put before UTF-8 */
        header = (str_t){header.bytes + 3, header.length - 3};
    }
    candle_column_t column = CANDLE_COLUMN_COUNT;
    result = candle_columns_read(header, &reader->columns, &column);
    if (result == RESULT_FIELD_MISSING) {
        char sentence[160];
        snprintf(sentence, sizeof sentence,
                 "%.20s: the first line names no such column; it wants timestamp,open,high,low,close,volume in any order",
                 candle_column_text(column));
        return fail_saying(reader, result, sentence);
    }
    return result == RESULT_OK ? RESULT_OK : fail(reader, result, candle_column_text(column));
}

result_t candle_reader_open(const char *path, timeframe_t timeframe, candle_reader_t **out, char error[CANDLE_TEXT_MAX])
{
    const char *what = NULL;
    result_t result = file_check_ordinary(path, &what);
    candle_reader_t *reader = result == RESULT_OK ? calloc(1, sizeof *reader) : NULL;
    if (result == RESULT_OK) {
        what = NULL;
        result = reader == NULL ? RESULT_FULL : str_copy(str_from(path), reader->path, sizeof reader->path);
    }
    if (result == RESULT_OK) {
        reader->timeframe = timeframe;
        reader->last_open_ns = -1;
        errno = 0;
        reader->file = gzopen(path, "rbe");
        result = reader->file != NULL ? RESULT_OK : errno != 0 ? file_result_from_errno(errno) : RESULT_FULL;
    }
    if (result != RESULT_OK) {
        if (error != NULL) {
            snprintf(error, CANDLE_TEXT_MAX, "%.300s: %s", path, what != NULL ? what : result_text(result));
        }
        free(reader);
        return result;
    }
    result = read_header(reader);
    if (result != RESULT_OK) {
        if (error != NULL) {
            memcpy(error, reader->error, CANDLE_TEXT_MAX);
        }
        candle_reader_close(reader);
        return result;
    }
    *out = reader;
    return RESULT_OK;
}

void candle_reader_close(candle_reader_t *reader)
{
    if (reader != NULL) {
        gzclose(reader->file);
        free(reader);
    }
}

static uint64_t bars_between(timeframe_t timeframe, int64_t last_open_ns, int64_t open_ns)
{
    const int64_t expected = timeframe_next(timeframe, last_open_ns);
    return open_ns > expected
               ? (uint64_t)((open_ns - expected + timeframe_length_ns(timeframe) - 1) / timeframe_length_ns(timeframe))
               : 0;
}

result_t candle_reader_next(candle_reader_t *reader, candle_t *out, uint64_t *gap)
{
    str_t line;
    do {
        if (reader->failed != RESULT_OK) {
            return reader->failed;
        }
        result_t result = next_line(reader, &line);
        if (result != RESULT_OK) {
            reader->failed = result;
            return result;
        }
    } while (line.length == 0); /* an empty line, as at the end of many files */

    candle_t candle;
    candle_column_t column = CANDLE_COLUMN_COUNT;
    result_t result = candle_line_parse(&reader->columns, line, &candle, &column);
    if (result != RESULT_OK) {
        return fail(reader, result, candle_column_text(column));
    }
    result = candle_check(&candle, reader->timeframe);
    if (result != RESULT_OK) {
        return fail(reader, result, result == RESULT_TIME_MALFORMED ? "time is not on the grid" : "prices or volume");
    }
    if (candle.open_ns <= reader->last_open_ns) {
        return fail(reader, candle.open_ns == reader->last_open_ns ? RESULT_DUPLICATE : RESULT_OUT_OF_ORDER, "time");
    }
    if (gap != NULL) {
        *gap = reader->last_open_ns >= 0 ? bars_between(reader->timeframe, reader->last_open_ns, candle.open_ns) : 0;
    }
    reader->last_open_ns = candle.open_ns;
    *out = candle;
    return RESULT_OK;
}

const char *candle_reader_error(const candle_reader_t *reader)
{
    return reader->error;
}

uint64_t candle_reader_line(const candle_reader_t *reader)
{
    return reader->line;
}

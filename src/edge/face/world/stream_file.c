/* stream_file.c: a recorded stream as market events, one line at a time (market_source.h): checked, opened, held back until there
 * is a snapshot, counted. What a line says is read in stream_decode.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "edge/face/world/market_source.h"
#include "edge/face/world/stream_decode.h"
#include "edge/face/world/stream_lines.h"
#include "edge/json/json_reader.h"
#include "edge/store/file.h"

/* Changes of the book that were recorded before the snapshot they belong to: a snapshot is asked for when they flow already. */
enum { HELD_MAX = 512 };

typedef struct {
    char *text;
    size_t length;
} held_line_t;

struct stream_file {
    char path[MARKET_PATH_MAX];
    uint64_t lines;
    bool ready; /* event holds the next one */
    bool ended;
    bool begun;     /* a whole snapshot was read, or too many changes came without one */
    bool pictured;  /* pictures of the best levels were: the book is theirs as long as there is no whole snapshot */
    bool from_held; /* event is one of the held lines: its line was counted when it was read */
    stream_left_out_t left_out;
    uint32_t held_count, held_next;
    held_line_t held[HELD_MAX];
    market_event_t event;
    stream_decoder_t decoder;
    stream_lines_t unread;
};

static gzFile open_recording(const char *path, char error[MARKET_ERROR_MAX])
{
    const char *what = "cannot be opened";
    result_t result = file_check_ordinary(path, &what);
    gzFile file = result == RESULT_OK ? gzopen(path, "rbe") : NULL;
    if (!file)
        snprintf(error, MARKET_ERROR_MAX, "%.400s: cannot be opened%s%s", path, what[0] ? ": " : "", what);
    return file;
}

static void drop_held(stream_file_t *file)
{
    for (uint32_t i = 0; i < file->held_count; i++)
        free(file->held[i].text);
    file->left_out.without_snapshot += file->held_count - file->held_next;
    file->held_count = file->held_next = 0;
}

/* True: nothing comes of the event now. A change waits for its snapshot; a picture says nothing where a whole book is known. */
static bool hold(stream_file_t *file, const char *line, size_t length)
{
    const market_event_t *event = &file->event;
    if (event->kind == MARKET_DEPTH && file->decoder.partial) {
        file->pictured = true;
        return file->begun;
    }
    if (file->begun || event->kind != MARKET_DEPTH)
        return false;
    if (file->pictured && file->held_count == HELD_MAX)
        drop_held(file); /* they would break the pictures: only a whole snapshot helps them */
    char *copy = event->depth.snapshot || file->held_count == HELD_MAX ? NULL : malloc(length);
    file->begun = copy == NULL;
    if (!copy) {
        if (!event->depth.snapshot)
            drop_held(file); /* a recording without a snapshot: nobody can use them */
        return false;
    }
    memcpy(copy, line, length);
    file->held[file->held_count++] = (held_line_t){copy, length};
    return true;
}

/* The next held line, once there is a snapshot for it to be applied to. */
static bool take_held(stream_file_t *file)
{
    while (file->begun && file->held_next < file->held_count) {
        const held_line_t *line = &file->held[file->held_next++];
        if (stream_decode(&file->decoder, line->text, line->length, &file->event))
            return true;
    }
    if (file->begun)
        drop_held(file);
    return false;
}

/* "local-ns message": a whole number, a space and one whole JSON value. NULL, or what is wrong. */
static const char *line_flaw(const char *line, size_t length)
{
    int64_t local_ns = 0;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length == 0)
        return NULL;
    const char *space = memchr(line, ' ', length);
    if (!space || str_to_i64((str_t){line, (size_t)(space - line)}, &local_ns) != RESULT_OK)
        return "a line begins with the local time in nanoseconds and a space";
    json_reader_t reader;
    json_reader_init(&reader, space + 1, length - (size_t)(space + 1 - line));
    json_skip(&reader);
    return json_finish(&reader) == RESULT_OK ? NULL : "what follows the time is not one whole JSON message";
}

static result_t check_lines(stream_lines_t *lines, const char *path, uint64_t *number, char error[MARKET_ERROR_MAX])
{
    char *line = NULL;
    size_t length = 0;
    for (*number = 1; stream_lines_next(lines, &line, &length); (*number)++) {
        length -= line[length - 1] == '\n';
        const char *flaw = lines->cut ? "the line is longer than any message" : line_flaw(line, length);
        if (!flaw)
            continue;
        snprintf(error, MARKET_ERROR_MAX, "%.380s:%llu: %s; record it again, or cut the line out", path,
                 (unsigned long long)*number, flaw);
        while (stream_lines_next(lines, &line, &length)) {} /* is the flaw perhaps that of a damaged file? */
        return RESULT_MALFORMED;
    }
    return RESULT_OK;
}

result_t stream_file_check(const char *path, char error[MARKET_ERROR_MAX])
{
    uint64_t line = 1;
    stream_lines_t *lines = calloc(1, sizeof *lines);
    if (!lines)
        return RESULT_FULL;
    lines->file = open_recording(path, error);
    if (!lines->file) {
        free(lines);
        return RESULT_NOT_FOUND;
    }
    result_t result = check_lines(lines, path, &line, error);
    int code = Z_OK;
    (void)gzerror(lines->file, &code);
    gzclose(lines->file);
    free(lines);
    /* A damaged file ends anywhere in a line: the reason is the damage. */
    if (code == Z_OK || code == Z_STREAM_END)
        return result;
    result = code == Z_BUF_ERROR ? RESULT_TRUNCATED : code == Z_DATA_ERROR ? RESULT_CHECKSUM : RESULT_IO;
    snprintf(error, MARKET_ERROR_MAX, "%.380s:%llu: %s%s%s", path, (unsigned long long)line,
             result == RESULT_IO ? "" : "the gzip file: ", result_text(result), result == RESULT_IO ? "" : "; get it again");
    return result;
}

result_t stream_file_open(const char *path, const stream_symbol_t *played, uint64_t skip, stream_file_t **out,
                          char error[MARKET_ERROR_MAX])
{
    stream_file_t *file = calloc(1, sizeof *file);
    if (!file)
        return RESULT_FULL;
    file->unread.file = open_recording(path, error);
    if (!file->unread.file) {
        free(file);
        return RESULT_NOT_FOUND;
    }
    snprintf(file->path, sizeof file->path, "%s", path);
    stream_decoder_init(&file->decoder, played);
    char *line = NULL;
    size_t length = 0;
    while (file->lines < skip && stream_lines_next(&file->unread, &line, &length)) {
        if (stream_decode(&file->decoder, line, length, &file->event)) /* for the clocks, and for what waits for a snapshot */
            (void)hold(file, line, length);
        if (file->begun)
            drop_held(file);
        file->lines++;
    }
    if (file->lines < skip) {
        snprintf(error, MARKET_ERROR_MAX, "%.380s: is shorter than the stored state says (%llu lines)", path,
                 (unsigned long long)skip);
        stream_file_close(file);
        return RESULT_TRUNCATED;
    }
    *out = file;
    return RESULT_OK;
}

void stream_file_close(stream_file_t *file)
{
    if (!file)
        return;
    gzclose(file->unread.file);
    drop_held(file);
    free(file);
}

/* Counts what a line had to be left out for, and remembers the first of them. */
static void note_left_out(stream_file_t *file)
{
    stream_left_out_t *left_out = &file->left_out;
    if (file->decoder.doubtful && left_out->doubtful++ == 0)
        left_out->first_doubtful = file->lines + 1;
    if (file->decoder.cut && left_out->cut++ == 0)
        left_out->first_cut = file->lines + 1;
}

/* The next line of the file, read. False: nothing comes of it now; it is no event, or one that is held until later lines decide. */
static bool read_line(stream_file_t *file, char *line, size_t length)
{
    bool good = stream_decode(&file->decoder, line, length, &file->event);
    if (file->decoder.doubtful || file->decoder.cut)
        note_left_out(file);
    return good && !hold(file, line, length);
}

market_event_t *stream_file_peek(stream_file_t *file)
{
    char *line = NULL;
    size_t length = 0;
    while (!file->ready && !file->ended) {
        file->from_held = take_held(file);
        if (!file->from_held && !stream_lines_next(&file->unread, &line, &length)) {
            file->ended = true;
        } else if (file->from_held || read_line(file, line, length)) {
            file->ready = true;
        } else {
            file->lines++;
        }
    }
    return file->ready ? &file->event : NULL;
}

void stream_file_take(stream_file_t *file)
{
    if (file->ready) {
        file->ready = false;
        file->lines += !file->from_held;
    }
}

uint64_t stream_file_lines(const stream_file_t *file)
{
    return file->lines;
}

stream_left_out_t stream_file_left_out(const stream_file_t *file)
{
    stream_left_out_t left_out = file->left_out;
    left_out.without_snapshot += file->ended ? file->held_count - file->held_next : 0;
    return left_out;
}

/* candle_store_check.c: every line of a candle file weighed at open; see candle_store_inside.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/store/candle_store_inside.h"

/* --- flaws ------------------------------------------------------------------------------------ */

static const char *const flaw_texts[CANDLE_FLAW_COUNT] = {
    [CANDLE_FLAW_TORN] = "the last line was not finished; it is cut off and kept in the file *.torn",
    [CANDLE_FLAW_LINE] = "not a line of a candle file",
    [CANDLE_FLAW_VALUE] = "values that cannot be",
    [CANDLE_FLAW_DUPLICATE] = "the same bar again",
    [CANDLE_FLAW_REVISED] = "the same bar again with other values; the first one counts until the file is repaired",
    [CANDLE_FLAW_DISORDER] = "older than the bar before it",
    [CANDLE_FLAW_GAP] = "bars are missing before this line",
};

static void flaw(candle_store_t *store, candle_flaw_kind_t kind, result_t why, uint64_t line, int64_t open_ns, uint64_t bars)
{
    store->flaws[kind]++;
    if (store->on_flaw == NULL) {
        return;
    }
    candle_flaw_t found = {.kind = kind, .why = why, .line = line, .open_ns = open_ns, .bars = bars};
    int length = snprintf(found.text, sizeof found.text, "%.300s:%" PRIu64 ": %s", store->path, line, flaw_texts[kind]);
    if (why != RESULT_OK && length > 0 && (size_t)length < sizeof found.text) {
        snprintf(found.text + length, sizeof found.text - (size_t)length, " (%s)", result_text(why));
    }
    store->on_flaw(store->context, &found);
}

static bool same_values(const candle_t *a, const candle_t *b)
{
    return dec_eq(a->open, b->open) && dec_eq(a->high, b->high) && dec_eq(a->low, b->low) && dec_eq(a->close, b->close) &&
           dec_eq(a->volume, b->volume) && dec_eq(a->quote_volume, b->quote_volume) && a->trades == b->trades &&
           a->state == b->state;
}

/* --- lines ------------------------------------------------------------------------------------ */

result_t candle_store_line(FILE *file, char buffer[CANDLE_READ_LINE_MAX], str_t *line, size_t *consumed)
{
    size_t length = 0;
    result_t result = RESULT_OK;
    *consumed = 0;
    for (int c = getc(file); c != EOF; c = getc(file)) {
        ++*consumed;
        if (c == '\n') {
            *line = str_trim((str_t){buffer, length});
            return result;
        }
        if (c == '\0') {
            result = RESULT_TEXT_BAD_CHARACTER;
        }
        if (length == CANDLE_READ_LINE_MAX) {
            result = RESULT_TEXT_TOO_LONG;
        } else {
            buffer[length++] = (char)c;
        }
    }
    return ferror(file) ? RESULT_IO : RESULT_EMPTY;
}

line_class_t candle_store_classify(const candle_store_t *store, str_t line, bool has_last, int64_t last_open_ns, candle_t *out,
                                   result_t *why)
{
    candle_column_t column;
    *why = candle_line_parse(&store->columns, line, out, &column);
    if (*why != RESULT_OK) {
        return LINE_MALFORMED;
    }
    *why = candle_check(out, store->timeframe);
    if (*why != RESULT_OK) {
        return LINE_BAD_VALUE;
    }
    if (!has_last || out->open_ns > last_open_ns) {
        return LINE_GOOD;
    }
    return out->open_ns == last_open_ns ? LINE_SAME : LINE_OLDER;
}

/* --- the check -------------------------------------------------------------------------------- */

static result_t index_add(candle_store_t *store, int64_t open_ns, off_t offset)
{
    if (store->index_count == store->index_capacity) {
        const size_t capacity = store->index_capacity == 0 ? 64 : store->index_capacity * 2;
        index_entry_t *grown = realloc(store->index, capacity * sizeof *grown);
        if (grown == NULL) {
            return RESULT_FULL;
        }
        store->index = grown;
        store->index_capacity = capacity;
    }
    store->index[store->index_count++] = (index_entry_t){open_ns, offset};
    return RESULT_OK;
}

static uint64_t missing_before(const candle_store_t *store, int64_t open_ns)
{
    const int64_t expected = timeframe_next(store->timeframe, store->last.open_ns);
    const int64_t length = timeframe_length_ns(store->timeframe);
    return store->bars > 0 && open_ns > expected ? (uint64_t)((open_ns - expected + length - 1) / length) : 0;
}

result_t candle_store_take(candle_store_t *store, const candle_t *candle, off_t offset, uint64_t line)
{
    const uint64_t missing = missing_before(store, candle->open_ns);
    if (missing > 0) {
        store->gap_bars += missing;
        if (line > 0) {
            flaw(store, CANDLE_FLAW_GAP, RESULT_OK, line, timeframe_next(store->timeframe, store->last.open_ns), missing);
        } else {
            store->flaws[CANDLE_FLAW_GAP]++;
        }
    }
    if (store->bars % INDEX_STEP == 0) {
        result_t result = index_add(store, candle->open_ns, offset);
        if (result != RESULT_OK) {
            return result;
        }
    }
    store->bars++;
    store->known += candle->state != CANDLE_MISSING;
    store->last = *candle;
    return RESULT_OK;
}

static result_t check_line(candle_store_t *store, str_t text, off_t offset, uint64_t line)
{
    candle_t candle;
    result_t why;
    switch (candle_store_classify(store, text, store->bars > 0, store->last.open_ns, &candle, &why)) {
    case LINE_GOOD:
        return candle_store_take(store, &candle, offset, line);
    case LINE_MALFORMED:
        flaw(store, CANDLE_FLAW_LINE, why, line, 0, 1);
        break;
    case LINE_BAD_VALUE:
        flaw(store, CANDLE_FLAW_VALUE, why, line, candle.open_ns, 1);
        break;
    case LINE_SAME:
        flaw(store, same_values(&candle, &store->last) ? CANDLE_FLAW_DUPLICATE : CANDLE_FLAW_REVISED, RESULT_OK, line,
             candle.open_ns, 1);
        break;
    case LINE_OLDER:
        flaw(store, CANDLE_FLAW_DISORDER, RESULT_OK, line, candle.open_ns, 1);
        break;
    }
    return RESULT_OK;
}

/* Bytes after the last line end: kept aside, then cut off. */
static result_t cut_torn(candle_store_t *store, off_t whole, uint64_t line)
{
    char torn_path[FILE_PATH_MAX + 8], piece[4096];
    int torn;
    ssize_t got;
    off_t at = whole;
    snprintf(torn_path, sizeof torn_path, "%s.torn", store->path);
    torn = open(torn_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    while (torn >= 0 && (got = pread(fileno(store->reading), piece, sizeof piece, at)) > 0) {
        if (write(torn, piece, (size_t)got) != got) {
            break; /* a full disk: the bytes are worth less than the file */
        }
        at += got;
    }
    if (torn >= 0) {
        close(torn);
    }
    if (ftruncate(store->descriptor, whole) != 0 || fdatasync(store->descriptor) != 0) {
        return file_result_from_errno(errno);
    }
    flaw(store, CANDLE_FLAW_TORN, RESULT_OK, line, 0, 1);
    store->size = whole;
    return RESULT_OK;
}

static result_t write_header(candle_store_t *store)
{
    static const char header[] = CANDLE_LINE_HEADER "\n";
    const ssize_t length = (ssize_t)sizeof header - 1;
    errno = 0;
    if (ftruncate(store->descriptor, 0) != 0 || write(store->descriptor, header, (size_t)length) != length ||
        fdatasync(store->descriptor) != 0) {
        return errno != 0 ? file_result_from_errno(errno) : RESULT_DISK_FULL;
    }
    store->size = length;
    return candle_columns_read(STR(CANDLE_LINE_HEADER), &store->columns, &(candle_column_t){CANDLE_COLUMN_COUNT});
}

/* The header line: ours, or a torn piece of ours (then it is written again). Anything else is somebody's file, which stays as it
 * is. */
static result_t check_header(candle_store_t *store, off_t *offset)
{
    char buffer[CANDLE_READ_LINE_MAX];
    str_t header = {buffer, 0};
    size_t consumed;
    result_t result = candle_store_line(store->reading, buffer, &header, &consumed);
    if (result == RESULT_EMPTY) {
        const bool is_ours = consumed < sizeof CANDLE_LINE_HEADER && memcmp(buffer, CANDLE_LINE_HEADER, consumed) == 0;
        *offset = (off_t)sizeof CANDLE_LINE_HEADER;
        return is_ours ? write_header(store) : RESULT_MALFORMED;
    }
    *offset = (off_t)consumed;
    if (result != RESULT_OK || !str_eq(header, STR(CANDLE_LINE_HEADER))) {
        return result == RESULT_IO ? RESULT_IO : RESULT_MALFORMED;
    }
    return candle_columns_read(header, &store->columns, &(candle_column_t){CANDLE_COLUMN_COUNT});
}

result_t candle_store_check(candle_store_t *store)
{
    char buffer[CANDLE_READ_LINE_MAX];
    off_t offset;
    result_t result = check_header(store, &offset);
    if (result != RESULT_OK) {
        return result;
    }
    for (uint64_t line = 2;; line++) {
        str_t text = {buffer, 0};
        size_t consumed;
        result = candle_store_line(store->reading, buffer, &text, &consumed);
        if (result == RESULT_EMPTY) {
            store->size = offset + (off_t)consumed;
            return consumed > 0 ? cut_torn(store, offset, line) : RESULT_OK;
        }
        if (result == RESULT_IO) {
            return result;
        }
        if (result != RESULT_OK) {
            flaw(store, CANDLE_FLAW_LINE, result, line, 0, 1);
        } else if ((result = check_line(store, text, offset, line)) != RESULT_OK) {
            return result;
        }
        offset += (off_t)consumed;
    }
}

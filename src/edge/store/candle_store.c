/* candle_store.c: bars on disk: the check at open, reading, appending and repair; see candle_store.h.
 *
 * In memory stands only a sparse index (every INDEX_STEP-th good line: its bar, place and number). One rule decides which lines are good, at the
 * check and at each later reading alike: a line that parses, passes candle_check and is newer than the good line before it.
 */
#include "edge/store/candle_store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/store/candle_line.h"
#include "edge/store/file.h"

enum { INDEX_STEP = 256, APPEND_LINES = 64 };

typedef struct {
    int64_t open_ns;
    off_t   offset;
} index_entry_t;

struct candle_store {
    char             path[FILE_PATH_MAX];
    char             folder[FILE_PATH_MAX];
    timeframe_t      timeframe;
    candle_flaw_fn   on_flaw;
    void            *context;
    int              descriptor; /* O_APPEND, for writing */
    FILE            *reading;
    candle_columns_t columns;
    off_t            size;
    uint64_t         bars, known; /* good lines; those of them that are not missing */
    uint64_t         gap_bars;
    uint64_t         flaws[CANDLE_FLAW_COUNT];
    candle_t         last; /* the newest good bar, when bars > 0 */
    index_entry_t   *index;
    size_t           index_count, index_capacity;
    char             buffer[APPEND_LINES * CANDLE_LINE_MAX];
};

/* --- flaws --------------------------------------------------------------------------------------------------------------------- */

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
    int           length = snprintf(found.text, sizeof found.text, "%.300s:%" PRIu64 ": %s", store->path, line, flaw_texts[kind]);
    if (why != RESULT_OK && length > 0 && (size_t)length < sizeof found.text) {
        snprintf(found.text + length, sizeof found.text - (size_t)length, " (%s)", result_text(why));
    }
    store->on_flaw(store->context, &found);
}

static bool same_values(const candle_t *a, const candle_t *b)
{
    return dec_eq(a->open, b->open) && dec_eq(a->high, b->high) && dec_eq(a->low, b->low) && dec_eq(a->close, b->close) &&
           dec_eq(a->volume, b->volume) && dec_eq(a->quote_volume, b->quote_volume) && a->trades == b->trades && a->state == b->state;
}

/* --- reading lines --------------------------------------------------------------------------------------------------------------- */

/* One line without its end. RESULT_EMPTY at the end of the file; RESULT_TEXT_TOO_LONG or RESULT_TEXT_BAD_CHARACTER for a line to pass over. */
static result_t read_line(FILE *file, char buffer[CANDLE_READ_LINE_MAX], str_t *line, size_t *consumed)
{
    size_t   length = 0;
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

/* What one line is worth. */
typedef enum { LINE_GOOD, LINE_MALFORMED, LINE_BAD_VALUE, LINE_SAME, LINE_OLDER } line_class_t;

static line_class_t classify(const candle_store_t *store, str_t line, bool has_last, int64_t last_open_ns, candle_t *out, result_t *why)
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

/* --- the check at open ------------------------------------------------------------------------------------------------------------ */

static result_t index_add(candle_store_t *store, int64_t open_ns, off_t offset)
{
    if (store->index_count == store->index_capacity) {
        const size_t   capacity = store->index_capacity == 0 ? 64 : store->index_capacity * 2;
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

/* A good bar stands at `offset`; gaps before it are counted and, during the check, told. line 0: being appended, tell nobody. */
static result_t take_good(candle_store_t *store, const candle_t *candle, off_t offset, uint64_t line)
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
    switch (classify(store, text, store->bars > 0, store->last.open_ns, &candle, &why)) {
    case LINE_GOOD:
        return take_good(store, &candle, offset, line);
    case LINE_MALFORMED:
        flaw(store, CANDLE_FLAW_LINE, why, line, 0, 1);
        break;
    case LINE_BAD_VALUE:
        flaw(store, CANDLE_FLAW_VALUE, why, line, candle.open_ns, 1);
        break;
    case LINE_SAME:
        flaw(store, same_values(&candle, &store->last) ? CANDLE_FLAW_DUPLICATE : CANDLE_FLAW_REVISED, RESULT_OK, line, candle.open_ns, 1);
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
    char    torn_path[FILE_PATH_MAX + 8], piece[4096];
    int     torn;
    ssize_t got;
    off_t   at = whole;
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
    const ssize_t     length = (ssize_t)sizeof header - 1;
    errno = 0;
    if (ftruncate(store->descriptor, 0) != 0 || write(store->descriptor, header, (size_t)length) != length ||
        fdatasync(store->descriptor) != 0) {
        return errno != 0 ? file_result_from_errno(errno) : RESULT_DISK_FULL;
    }
    store->size = length;
    return candle_columns_read(STR(CANDLE_LINE_HEADER), &store->columns, &(candle_column_t){CANDLE_COLUMN_COUNT});
}

/* The header line: ours, or a torn piece of ours (then it is written again). Anything else is somebody's file, which stays as it is. */
static result_t check_header(candle_store_t *store, off_t *offset)
{
    char     buffer[CANDLE_READ_LINE_MAX];
    str_t    header = {buffer, 0};
    size_t   consumed;
    result_t result = read_line(store->reading, buffer, &header, &consumed);
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

static result_t check_file(candle_store_t *store)
{
    char     buffer[CANDLE_READ_LINE_MAX];
    off_t    offset;
    result_t result = check_header(store, &offset);
    if (result != RESULT_OK) {
        return result;
    }
    for (uint64_t line = 2;; line++) {
        str_t  text = {buffer, 0};
        size_t consumed;
        result = read_line(store->reading, buffer, &text, &consumed);
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

/* --- opening and closing ------------------------------------------------------------------------------------------------------------ */

static void close_files(candle_store_t *store)
{
    if (store->reading != NULL) {
        fclose(store->reading);
    }
    if (store->descriptor >= 0) {
        close(store->descriptor);
    }
    store->reading = NULL;
    store->descriptor = -1;
}

/* Opens the file and counts everything anew. */
static result_t open_files(candle_store_t *store)
{
    store->bars = store->known = store->gap_bars = 0;
    store->index_count = 0;
    store->size = 0;
    memset(store->flaws, 0, sizeof store->flaws);
    store->descriptor = open(store->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0644);
    struct stat info;
    if (store->descriptor >= 0 && (fstat(store->descriptor, &info) != 0 || !S_ISREG(info.st_mode))) {
        return RESULT_MALFORMED; /* a device or a pipe may never end */
    }
    store->reading = store->descriptor >= 0 ? fopen(store->path, "re") : NULL;
    if (store->reading == NULL) {
        return file_result_from_errno(errno);
    }
    return check_file(store);
}

static result_t make_path(candle_store_t *store, const candle_store_options_t *options)
{
    char name[128];
    int  length = snprintf(name, sizeof name, "%s_%s.csv", options->symbol, timeframe_text(options->timeframe));
    if (length < 0 || (size_t)length >= sizeof name || strchr(options->symbol, '/') != NULL || options->symbol[0] == '\0') {
        return RESULT_BAD_ARGUMENT;
    }
    result_t result = file_path_join(options->directory, name, store->path, sizeof store->path);
    return result == RESULT_OK ? str_copy(str_from(options->directory), store->folder, sizeof store->folder) : result;
}

result_t candle_store_open(const candle_store_options_t *options, candle_store_t **out, char error[CANDLE_TEXT_MAX])
{
    candle_store_t *store = calloc(1, sizeof *store);
    result_t        result = store == NULL ? RESULT_FULL : RESULT_OK;
    if (store != NULL) {
        store->descriptor = -1;
        store->timeframe = options->timeframe;
        store->on_flaw = options->on_flaw;
        store->context = options->context;
        result = make_path(store, options);
        result = result == RESULT_OK ? open_files(store) : result;
    }
    if (result == RESULT_OK) {
        *out = store;
        return RESULT_OK;
    }
    if (error != NULL) {
        snprintf(error, CANDLE_TEXT_MAX, "%.300s: %s%s", store != NULL && store->path[0] != '\0' ? store->path : options->symbol,
                 result_text(result),
                 result == RESULT_MALFORMED ? ": its first line is not that of a candle file; move it away, it is left as it is" : "");
    }
    candle_store_close(store);
    return result;
}

void candle_store_close(candle_store_t *store)
{
    if (store != NULL) {
        close_files(store);
        free(store->index);
        free(store);
    }
}

const char *candle_store_path(const candle_store_t *store)
{
    return store->path;
}

uint64_t candle_store_bars(const candle_store_t *store)
{
    return store->bars;
}

uint64_t candle_store_flaws(const candle_store_t *store, candle_flaw_kind_t kind)
{
    return (unsigned)kind < CANDLE_FLAW_COUNT ? store->flaws[kind] : 0;
}

int64_t candle_store_last_open(const candle_store_t *store)
{
    return store->bars > 0 ? store->last.open_ns : 0;
}

double candle_store_score(const candle_store_t *store)
{
    return store->bars > 0 ? (double)store->known / (double)(store->bars + store->gap_bars) : 1.0;
}

/* --- appending ------------------------------------------------------------------------------------------------------------------------ */

static result_t check_append(const candle_store_t *store, const candle_t *candles, size_t count)
{
    int64_t last = store->bars > 0 ? store->last.open_ns : -1;
    for (size_t i = 0; i < count; i++) {
        if (!candles[i].closed) {
            return RESULT_BAD_STATE;
        }
        result_t result = candle_check(&candles[i], store->timeframe);
        if (result != RESULT_OK) {
            return result;
        }
        if (candles[i].open_ns <= last) {
            return RESULT_OUT_OF_ORDER;
        }
        last = candles[i].open_ns;
    }
    return RESULT_OK;
}

static result_t write_lines(candle_store_t *store, const candle_t *candles, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        length += candle_line_format(&candles[i], store->buffer + length);
    }
    errno = 0;
    const ssize_t written = write(store->descriptor, store->buffer, length);
    if (written == (ssize_t)length) {
        return RESULT_OK;
    }
    return written < 0 ? file_result_from_errno(errno) : RESULT_DISK_FULL;
}

result_t candle_store_append(candle_store_t *store, const candle_t *candles, size_t count)
{
    result_t result = check_append(store, candles, count);
    for (size_t done = 0; done < count && result == RESULT_OK; done += APPEND_LINES) {
        result = write_lines(store, candles + done, count - done < APPEND_LINES ? count - done : APPEND_LINES);
    }
    if (result != RESULT_OK) {
        /* all or nothing; if even this fails, the torn line is found at the next open */
        return ftruncate(store->descriptor, store->size) == 0 ? result : RESULT_IO;
    }
    for (size_t i = 0; i < count && result == RESULT_OK; i++) {
        char line[CANDLE_LINE_MAX];
        result = take_good(store, &candles[i], store->size, 0);
        store->size += (off_t)candle_line_format(&candles[i], line);
    }
    return result;
}

result_t candle_store_sync(candle_store_t *store)
{
    return fdatasync(store->descriptor) == 0 ? RESULT_OK : file_result_from_errno(errno);
}

/* --- reading -------------------------------------------------------------------------------------------------------------------------- */

/* Walks over the good bars from the index entry `from` on. */
typedef struct {
    off_t   offset;
    int64_t last_open_ns;
    bool    has_last;
} walk_t;

static result_t walk_start(candle_store_t *store, size_t entry, walk_t *walk)
{
    clearerr(store->reading);
    if (fseeko(store->reading, store->index[entry].offset, SEEK_SET) != 0) {
        return file_result_from_errno(errno);
    }
    *walk = (walk_t){.offset = store->index[entry].offset, .has_last = true, .last_open_ns = store->index[entry].open_ns - 1};
    return RESULT_OK;
}

/* The next good bar; RESULT_EMPTY at the end of what the store knows. */
static result_t walk_next(candle_store_t *store, walk_t *walk, candle_t *out)
{
    char buffer[CANDLE_READ_LINE_MAX];
    while (walk->offset < store->size) {
        str_t    text = {buffer, 0};
        size_t   consumed;
        result_t result = read_line(store->reading, buffer, &text, &consumed);
        if (result == RESULT_IO || result == RESULT_EMPTY) {
            return RESULT_IO; /* the file has become shorter than we left it */
        }
        walk->offset += (off_t)consumed;
        candle_t candle;
        result_t why;
        if (result == RESULT_OK && classify(store, text, walk->has_last, walk->last_open_ns, &candle, &why) == LINE_GOOD) {
            walk->last_open_ns = candle.open_ns;
            *out = candle;
            return RESULT_OK;
        }
    }
    return RESULT_EMPTY;
}

/* The last index entry that is not newer than open_ns. */
static size_t index_find(const candle_store_t *store, int64_t open_ns)
{
    size_t low = 0, high = store->index_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (store->index[middle].open_ns <= open_ns) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

result_t candle_store_read(candle_store_t *store, int64_t from_ns, int64_t to_ns, candle_t *out, size_t capacity, size_t *count)
{
    *count = 0;
    if (store->bars == 0) {
        return RESULT_OK;
    }
    walk_t   walk;
    candle_t candle;
    result_t result = walk_start(store, index_find(store, from_ns), &walk);
    while (result == RESULT_OK && *count < capacity) {
        result = walk_next(store, &walk, &candle);
        if (result != RESULT_OK || candle.open_ns >= to_ns) {
            break;
        }
        if (candle.open_ns >= from_ns) {
            out[(*count)++] = candle;
        }
    }
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

result_t candle_store_tail(candle_store_t *store, candle_t *out, size_t capacity, size_t *count)
{
    *count = 0;
    if (store->bars == 0 || capacity == 0) {
        return RESULT_OK;
    }
    const uint64_t first = store->bars > capacity ? store->bars - capacity : 0;
    walk_t         walk;
    candle_t       candle;
    result_t       result = walk_start(store, (size_t)(first / INDEX_STEP), &walk);
    for (uint64_t number = first / INDEX_STEP * INDEX_STEP; result == RESULT_OK && number < store->bars; number++) {
        result = walk_next(store, &walk, &candle);
        if (result == RESULT_OK && number >= first) {
            out[(*count)++] = candle;
        }
    }
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

/* --- repair --------------------------------------------------------------------------------------------------------------------------- */

static result_t put_line(FILE *file, const candle_t *candle)
{
    char         line[CANDLE_LINE_MAX];
    const size_t length = candle_line_format(candle, line);
    return fwrite(line, 1, length, file) == length ? RESULT_OK : file_result_from_errno(errno);
}

/* Old good bars and the given ones, in order; the given one is right where both have a bar. */
static result_t write_merged(candle_store_t *store, const candle_t *candles, size_t count, FILE *file)
{
    walk_t   walk = {0};
    candle_t old;
    size_t   at = 0;
    result_t result = RESULT_OK;
    bool     has_old = store->bars > 0;
    if (fputs(CANDLE_LINE_HEADER "\n", file) == EOF) {
        return file_result_from_errno(errno);
    }
    result = has_old ? walk_start(store, 0, &walk) : RESULT_OK;
    result = result == RESULT_OK && has_old ? walk_next(store, &walk, &old) : result;
    while (result == RESULT_OK && (has_old || at < count)) {
        const bool take_new = at < count && (!has_old || candles[at].open_ns <= old.open_ns);
        const bool both = take_new && has_old && candles[at].open_ns == old.open_ns;
        result = put_line(file, take_new ? &candles[at] : &old);
        at += take_new;
        if (result == RESULT_OK && has_old && (!take_new || both)) {
            result = walk_next(store, &walk, &old);
            if (result == RESULT_EMPTY) {
                has_old = false;
                result = RESULT_OK;
            }
        }
    }
    if (result == RESULT_OK && (fflush(file) != 0 || fsync(fileno(file)) != 0)) {
        result = file_result_from_errno(errno);
    }
    return result;
}

static result_t check_given(const candle_store_t *store, const candle_t *candles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        result_t result = candles[i].closed ? candle_check(&candles[i], store->timeframe) : RESULT_BAD_STATE;
        if (result == RESULT_OK && i > 0 && candles[i].open_ns <= candles[i - 1].open_ns) {
            result = RESULT_OUT_OF_ORDER;
        }
        if (result != RESULT_OK) {
            return result;
        }
    }
    return RESULT_OK;
}

result_t candle_store_repair(candle_store_t *store, const candle_t *candles, size_t count)
{
    char     aside[FILE_PATH_MAX + 8];
    result_t result = check_given(store, candles, count);
    if (result != RESULT_OK) {
        return result;
    }
    snprintf(aside, sizeof aside, "%s.new", store->path);
    FILE *file = fopen(aside, "we");
    if (file == NULL) {
        return file_result_from_errno(errno);
    }
    result = write_merged(store, candles, count, file);
    if (fclose(file) != 0 && result == RESULT_OK) {
        result = file_result_from_errno(errno);
    }
    if (result == RESULT_OK && rename(aside, store->path) != 0) {
        result = file_result_from_errno(errno);
    }
    if (result != RESULT_OK) {
        unlink(aside);
        return result;
    }
    result = file_folder_sync(store->folder);
    close_files(store);
    const result_t opened = open_files(store);
    return opened != RESULT_OK ? opened : result;
}

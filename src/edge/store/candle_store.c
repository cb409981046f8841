/* candle_store.c: bars on disk: opening, closing, appending; see candle_store.h. How it works inside stands in
 * candle_store_inside.h. */
#include "edge/store/candle_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/store/candle_store_inside.h"

void candle_store_files_close(candle_store_t *store)
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

result_t candle_store_files_open(candle_store_t *store)
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
    return candle_store_check(store);
}

static result_t make_path(candle_store_t *store, const candle_store_options_t *options)
{
    char name[128];
    int length = snprintf(name, sizeof name, "%s_%s.csv", options->symbol, timeframe_text(options->timeframe));
    if (length < 0 || (size_t)length >= sizeof name || strchr(options->symbol, '/') != NULL || options->symbol[0] == '\0') {
        return RESULT_BAD_ARGUMENT;
    }
    result_t result = file_path_join(options->directory, name, store->path, sizeof store->path);
    return result == RESULT_OK ? str_copy(str_from(options->directory), store->folder, sizeof store->folder) : result;
}

result_t candle_store_open(const candle_store_options_t *options, candle_store_t **out, char error[CANDLE_TEXT_MAX])
{
    candle_store_t *store = calloc(1, sizeof *store);
    result_t result = store == NULL ? RESULT_FULL : RESULT_OK;
    if (store != NULL) {
        store->descriptor = -1;
        store->timeframe = options->timeframe;
        store->on_flaw = options->on_flaw;
        store->context = options->context;
        result = make_path(store, options);
        result = result == RESULT_OK ? candle_store_files_open(store) : result;
    }
    if (result == RESULT_OK) {
        *out = store;
        return RESULT_OK;
    }
    if (error != NULL) {
        snprintf(error, CANDLE_TEXT_MAX, "%.300s: %s%s", store != NULL && store->path[0] != '\0' ? store->path : options->symbol,
                 result_text(result),
                 result == RESULT_MALFORMED ? ": its first line is not that of a candle file; move it away, it is left as it is"
                                            : "");
    }
    candle_store_close(store);
    return result;
}

void candle_store_close(candle_store_t *store)
{
    if (store != NULL) {
        candle_store_files_close(store);
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

/* --- appending -------------------------------------------------------------------------------- */

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
        result = candle_store_take(store, &candles[i], store->size, 0);
        store->size += (off_t)candle_line_format(&candles[i], line);
    }
    return result;
}

result_t candle_store_sync(candle_store_t *store)
{
    return fdatasync(store->descriptor) == 0 ? RESULT_OK : file_result_from_errno(errno);
}

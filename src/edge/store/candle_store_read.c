/* candle_store_read.c: reading bars back, and repair; see candle_store_inside.h. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "edge/store/candle_store_inside.h"

/* Walks over the good bars from the index entry `from` on. */
typedef struct {
    off_t offset;
    int64_t last_open_ns;
    bool has_last;
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
        str_t text = {buffer, 0};
        size_t consumed;
        result_t result = candle_store_line(store->reading, buffer, &text, &consumed);
        if (result == RESULT_IO || result == RESULT_EMPTY) {
            return RESULT_IO; /* the file has become shorter than we left it */
        }
        walk->offset += (off_t)consumed;
        candle_t candle;
        result_t why;
        if (result == RESULT_OK &&
            candle_store_classify(store, text, walk->has_last, walk->last_open_ns, &candle, &why) == LINE_GOOD) {
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
    walk_t walk;
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
    walk_t walk;
    candle_t candle;
    result_t result = walk_start(store, (size_t)(first / INDEX_STEP), &walk);
    for (uint64_t number = first / INDEX_STEP * INDEX_STEP; result == RESULT_OK && number < store->bars; number++) {
        result = walk_next(store, &walk, &candle);
        if (result == RESULT_OK && number >= first) {
            out[(*count)++] = candle;
        }
    }
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

/* --- repair ----------------------------------------------------------------------------------- */

static result_t put_line(FILE *file, const candle_t *candle)
{
    char line[CANDLE_LINE_MAX];
    const size_t length = candle_line_format(candle, line);
    return fwrite(line, 1, length, file) == length ? RESULT_OK : file_result_from_errno(errno);
}

/* Old good bars and the given ones, in order; the given one is right where both have a bar. */
static result_t write_merged(candle_store_t *store, const candle_t *candles, size_t count, FILE *file)
{
    walk_t walk = {0};
    candle_t old;
    size_t at = 0;
    result_t result = RESULT_OK;
    bool has_old = store->bars > 0;
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
    char aside[FILE_PATH_MAX + 8];
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
    candle_store_files_close(store);
    const result_t opened = candle_store_files_open(store);
    return opened != RESULT_OK ? opened : result;
}

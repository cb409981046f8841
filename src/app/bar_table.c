/* bar_table.c: the table itself and the data folder's candles; see bar_table.h. */
#include "app/bar_table.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/bar_table_inside.h"
#include "core/base/str.h"
#include "core/base/time.h"
#include "edge/store/candle_reader.h"
#include "edge/store/file.h"

/* --- the table -------------------------------------------------------------------------------- */

void bar_table_free(bar_table_t *table)
{
    for (int i = 0; i < BAR_COLUMNS; i++) {
        free(table->columns[i]);
    }
    free(table->open_ns);
    free(table->times);
    *table = (bar_table_t){0};
}

static bool grow_one(void **memory, size_t count, size_t size)
{
    void *grown = realloc(*memory, count * size);
    if (grown == NULL) {
        return false;
    }
    *memory = grown;
    return true;
}

result_t bar_table_make_room(bar_table_t *table)
{
    if (table->bars < table->capacity) {
        return RESULT_OK;
    }
    const size_t capacity = table->capacity == 0 ? 4096 : table->capacity * 2;
    bool good = table->bars < BAR_TABLE_BARS_MAX;
    for (int i = 0; i < BAR_COLUMNS && good; i++) {
        good = grow_one((void **)&table->columns[i], capacity, sizeof(double));
    }
    good = good && grow_one((void **)&table->open_ns, capacity, sizeof(int64_t));
    good = good && grow_one((void **)&table->times, capacity, BAR_TIME_MAX);
    table->capacity = good ? capacity : table->capacity;
    return good ? RESULT_OK : RESULT_FULL;
}

indicator_columns_t bar_table_columns(const bar_table_t *table)
{
    return (indicator_columns_t){.open = table->columns[BAR_OPEN],
                                 .high = table->columns[BAR_HIGH],
                                 .low = table->columns[BAR_LOW],
                                 .close = table->columns[BAR_CLOSE],
                                 .volume = table->columns[BAR_VOLUME],
                                 .bars = table->bars,
                                 .open_ns = table->open_ns};
}

/* --- the data folder's candles ---------------------------------------------------------------- */

/* "BINANCE_ETH_USDT" is the file of ETHUSDT: the words behind the exchange's, put together. */
static bool names_symbol(str_t unified, str_t symbol)
{
    char joined[128];
    size_t length = 0;
    str_t rest = unified;
    if (str_eq_nocase(unified, symbol)) {
        return true;
    }
    (void)str_cut(&rest, '_');
    for (size_t i = 0; i < rest.length && length < sizeof joined; i++) {
        if (rest.bytes[i] != '_') {
            joined[length++] = rest.bytes[i];
        }
    }
    return str_eq_nocase((str_t){joined, length}, symbol);
}

/* The one file of that symbol and timeframe; more than one is an error that names them. */
static result_t find_candles(const char *folder, const char *symbol, const char *timeframe, char *name, size_t capacity,
                             char *error)
{
    char ending[32], known[512] = "";
    unsigned found = 0;
    (void)snprintf(ending, sizeof ending, "_%s.csv", timeframe);
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        (void)snprintf(error, BAR_TABLE_ERROR_MAX, "%.600s: %s", folder, strerror(errno));
        return file_result_from_errno(errno);
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        str_t file = str_from(entry->d_name);
        if (!str_ends_with(file, str_from(ending))) {
            continue;
        }
        str_t unified = {file.bytes, file.length - str_from(ending).length};
        const size_t length = strlen(known);
        if (length + file.length + 3 < sizeof known) {
            (void)snprintf(known + length, sizeof known - length, "%s%.*s", length > 0 ? ", " : "", (int)unified.length,
                           unified.bytes);
        }
        if (names_symbol(unified, str_from(symbol)) && str_copy(file, name, capacity) == RESULT_OK) {
            found++;
        }
    }
    (void)closedir(directory);
    if (found == 1) {
        return RESULT_OK;
    }
    (void)snprintf(error, BAR_TABLE_ERROR_MAX, "%.300s: %s %.40s %.8s; there: %s", folder,
                   found == 0 ? "no candles of" : "several files stand for", symbol, timeframe,
                   known[0] != '\0' ? known : "none of that timeframe");
    return found == 0 ? RESULT_NOT_FOUND : RESULT_DUPLICATE;
}

static result_t take_candle(bar_table_t *table, const candle_t *candle)
{
    const dec_t values[BAR_COLUMNS] = {candle->open, candle->high, candle->low, candle->close, candle->volume};
    result_t result = bar_table_make_room(table);
    if (result != RESULT_OK) {
        return result;
    }
    for (int i = 0; i < BAR_COLUMNS; i++) {
        table->columns[i][table->bars] = dec_to_double(values[i]);
    }
    table->open_ns[table->bars] = candle->open_ns;
    (void)snprintf(table->times + table->bars * BAR_TIME_MAX, BAR_TIME_MAX, "%lld", (long long)(candle->open_ns / NS_PER_MS));
    table->bars++;
    return RESULT_OK;
}

result_t bar_table_read_store(const char *folder, const char *symbol, const char *timeframe, bar_table_t *table,
                              char error[BAR_TABLE_ERROR_MAX])
{
    char name[256], path[FILE_PATH_MAX], reader_error[CANDLE_TEXT_MAX] = "";
    timeframe_t parsed;
    candle_reader_t *reader = NULL;
    candle_t candle;
    *table = (bar_table_t){0};
    if (timeframe_parse(str_from(timeframe), &parsed) != RESULT_OK) {
        (void)snprintf(error, BAR_TABLE_ERROR_MAX, "no timeframe \"%.40s\"; 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M",
                       timeframe);
        return RESULT_UNKNOWN_VALUE;
    }
    result_t result = find_candles(folder, symbol, timeframe_text(parsed), name, sizeof name, error);
    if (result != RESULT_OK) {
        return result;
    }
    result = file_path_join(folder, name, path, sizeof path);
    if (result == RESULT_OK) {
        result = candle_reader_open(path, parsed, &reader, reader_error);
    }
    while (result == RESULT_OK && (result = candle_reader_next(reader, &candle, NULL)) == RESULT_OK) {
        result = candle.state == CANDLE_MISSING ? RESULT_OK : take_candle(table, &candle);
    }
    if (result != RESULT_EMPTY) {
        const char *told = reader != NULL ? candle_reader_error(reader) : reader_error;
        (void)snprintf(error, BAR_TABLE_ERROR_MAX, "%.900s", told[0] != '\0' ? told : result_text(result));
        bar_table_free(table);
    }
    candle_reader_close(reader);
    return result == RESULT_EMPTY ? RESULT_OK : result;
}

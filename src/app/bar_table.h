/* bar_table.h: bars as columns of doubles, for indicators: out of the data folder's candles or any CSV file.
 *
 * A CSV file, plain or gzip, names its columns in the first line, in any order and case: time or timestamp (where neither stands
 * open_time, unix, datetime or date), open, high, low, close, volume; others are passed over. Semicolons or tabs may stand for the
 * commas; numbers have a point. Times are whole seconds, milliseconds, microseconds or nanoseconds since 1970 (their size tells),
 * days (20260131, where the first time is one) or text (2026-01-31T23:59:59Z; UTC unless an offset follows), ascending. Values are
 * doubles, so any scale keeps its digits. The first wrong line ends the reading with its file and line; nothing is handed out then.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/indicator/registry.h"

enum { BAR_TABLE_ERROR_MAX = 1024, BAR_TABLE_BARS_MAX = 20000000 };

enum { BAR_OPEN, BAR_HIGH, BAR_LOW, BAR_CLOSE, BAR_VOLUME, BAR_COLUMNS };

typedef struct {
    size_t bars, capacity;
    double *columns[BAR_COLUMNS];
    int64_t *open_ns;
    char *times; /* BAR_TIME_MAX bytes a bar: the time as the file wrote it */
} bar_table_t;

enum { BAR_TIME_MAX = 40 };

/* Reads a CSV file ("-": standard input). error: a sentence with file and line. */
result_t bar_table_read_csv(const char *path, bar_table_t *table, char error[BAR_TABLE_ERROR_MAX]);

/* Reads the candles of a symbol ("ETHUSDT" or unified "BINANCE_ETH_USDT") and timeframe ("1h") from a data folder, while a monitor
 * may be writing them. Bars that are missing in the store are missing here. */
result_t bar_table_read_store(const char *folder, const char *symbol, const char *timeframe, bar_table_t *table,
                              char error[BAR_TABLE_ERROR_MAX]);

void bar_table_free(bar_table_t *table);

/* The columns in the registry's form; they live as long as the table. */
indicator_columns_t bar_table_columns(const bar_table_t *table);

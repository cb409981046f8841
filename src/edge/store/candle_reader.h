/* candle_reader.h: bars from a CSV file of others (and ours): streamed, plain or gzip, columns found by their names.
 *
 * The first line names the columns, in any order and case: timestamp (or time_ms, time, open_time, open_ns), open, high, low,
 * close, volume; and if there: quote_volume, trades, state. Others (a text time) are passed over. Times are whole seconds,
 * milliseconds, microseconds or nanoseconds since 1970; which one is told by their size. Every line is checked (candle_check,
 * ascending); the first wrong one ends the reading with its file, line and column. Lines up to 1023 bytes, CR LF allowed. Numbers
 * are read exactly; no double.
 */
#pragma once

#include "edge/store/candle_store.h"

typedef struct candle_reader candle_reader_t;

/* RESULT_NOT_FOUND, RESULT_PERMISSION, RESULT_IO, RESULT_BAD_ARGUMENT (a folder, a pipe, a device), RESULT_FIELD_MISSING (a
 * column), RESULT_DUPLICATE (a column twice), RESULT_EMPTY. `error` (may be NULL): a sentence. */
result_t candle_reader_open(const char *path, timeframe_t timeframe, candle_reader_t **out, char error[CANDLE_TEXT_MAX]);
void candle_reader_close(candle_reader_t *reader); /* NULL is fine */

/* The next bar (closed). RESULT_EMPTY at the end; else what is wrong: then candle_reader_error tells it and every later call
 * repeats it. A bar not newer than the one before is RESULT_OUT_OF_ORDER or RESULT_DUPLICATE. Gaps are no error: see *gap (may be
 * NULL), the bars missing before this one. */
result_t candle_reader_next(candle_reader_t *reader, candle_t *out, uint64_t *gap);

/* "file:line: what is wrong" of the last failure; "" before one. */
const char *candle_reader_error(const candle_reader_t *reader);
uint64_t candle_reader_line(const candle_reader_t *reader);

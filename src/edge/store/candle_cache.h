/* candle_cache.h: the column cache beside a candle file: an Arrow IPC file that pandas, polars and DuckDB open as it is.
 *
 * X.csv -> X.arrow: one record batch with the columns
 *   open_ns int64; open, high, low, close, volume, quote_volume decimal128(38, 18): exact; trades int64; state int8 (0 traded, 1
 * quiet, 2 missing) and in the schema's metadata the size, modification time and CRC-32C of the CSV it was made from. dec_t is
 * 10^-18 in 128 bits, so a decimal128(38, 18) column is our own memory, byte for byte.
 *
 * It is never trusted: a load compares size, time and CRC of the CSV with the stamp, everything around the columns byte for byte
 * with what this program would write, and the CRC of the columns; on any mismatch it says so, and the caller makes it again from
 * the CSV.
 */
#pragma once

#include "edge/store/candle_store.h"

/* Path of the cache of a candle file: ".csv" becomes ".arrow". RESULT_TEXT_TOO_LONG. */
result_t candle_cache_path(const char *csv_path, char *path, size_t capacity);

/* RESULT_OK: *out is a malloc'd array of *count bars, the caller frees it. RESULT_NOT_FOUND: no cache; RESULT_STALE: the CSV has
 * changed; RESULT_CHECKSUM, RESULT_MALFORMED, RESULT_VERSION: not to be believed. */
result_t candle_cache_load(const char *csv_path, timeframe_t timeframe, candle_t **out, size_t *count);

/* All bars of a store, from the cache when it may be believed, else from the CSV, and then the cache is made anew. *out is
 * malloc'd. */
result_t candle_cache_read(candle_store_t *store, timeframe_t timeframe, candle_t **out, size_t *count);

/* market_bars.h: the bars of one market, kept in a file without a name; two short stretches of it stand in memory.
 *
 * A history of years is megabytes, and the exchange needs the bar at which the market stands and now and then a page of the past.
 * The file is made when the candle file is read, has no name from the start (it goes with the process) and is never synced: it can
 * be made again. Bars are appended, then market_bars_finish, then read in any order.
 */
#pragma once

#include <stdint.h>

#include "core/market/candle.h"

enum { MARKET_BARS_SCALES_MAX = 64 };

typedef struct market_bars market_bars_t;

/* folder NULL: $TMPDIR or /tmp. RESULT_PERMISSION, RESULT_NOT_FOUND, RESULT_DISK_FULL, RESULT_FULL (memory), RESULT_IO. */
result_t market_bars_create(const char *folder, market_bars_t **out);
void market_bars_close(market_bars_t *bars); /* NULL is fine */

result_t market_bars_append(market_bars_t *bars, const candle_t *bar); /* RESULT_DISK_FULL, RESULT_IO; at most UINT32_MAX: FULL */
result_t market_bars_finish(market_bars_t *bars);

uint32_t market_bars_count(const market_bars_t *bars);

/* The bar number `at` < count, borrowed until the call after the next one. NULL: the file cannot be read. */
const candle_t *market_bars_at(market_bars_t *bars, uint32_t at);

/* Bars that open at from_ns or later stand at `factor` (> 0) times their price, on the grid of `tick`, from now on; several
 * multiply. RESULT_FULL: MARKET_BARS_SCALES_MAX. */
result_t market_bars_scale(market_bars_t *bars, int64_t from_ns, dec_t factor, dec_t tick);

/* Forgets the first `count` bars: the next one becomes number 0. Their room on the disk is given back. */
void market_bars_forget(market_bars_t *bars, uint32_t count);

/* candle_store.h: the bars of one symbol and timeframe on disk, once for all processes (MKT-3).
 *
 * DIR/{EXCHANGE_SYMBOL}_{TF}.csv, e.g. BINANCE_ETH_USDT_1h.csv: plain text that anything reads, ascending, one line a bar:
 *   time_ms,open,high,low,close,volume,quote_volume,trades,state       state = traded | quiet | missing
 * Only closed bars. The monitor is the only writer. Appending is one write(2); a line torn by a crash or a full disk is found at
 * the next open and cut off (the bytes are kept beside the file as *.torn). At open the whole file is checked: gaps, duplicates,
 * disorder and bad values are reported with file:line and flagged; lines that are wrong are never handed out. candle_store_repair
 * rewrites the file in order with the bars it is given (write aside, fsync, rename, fsync of the folder).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/market/candle.h"

enum { CANDLE_TEXT_MAX = 512 };

typedef enum {
    CANDLE_FLAW_TORN,      /* last line without an end: cut off */
    CANDLE_FLAW_LINE,      /* not a line of this form */
    CANDLE_FLAW_VALUE,     /* prices that contradict each other, off the grid, ... */
    CANDLE_FLAW_DUPLICATE, /* the same bar again, same values */
    CANDLE_FLAW_REVISED,   /* the same bar again, other values */
    CANDLE_FLAW_DISORDER,  /* older than the line before */
    CANDLE_FLAW_GAP,       /* bars missing before this line */
    CANDLE_FLAW_COUNT
} candle_flaw_kind_t;

typedef struct {
    candle_flaw_kind_t kind;
    result_t why;
    uint64_t line;              /* from 1, the header being line 1 */
    int64_t open_ns;            /* of the bar at that line, 0 when unknown; of the first missing bar for a gap */
    uint64_t bars;              /* how many are missing for a gap; else 1 */
    char text[CANDLE_TEXT_MAX]; /* "file:line: what is wrong" */
} candle_flaw_t;

/* Called for each flaw during open; may be NULL. */
typedef void (*candle_flaw_fn)(void *context, const candle_flaw_t *flaw);

typedef struct {
    const char *directory;
    const char *symbol; /* unified: "BINANCE_ETH_USDT" */
    timeframe_t timeframe;
    candle_flaw_fn on_flaw;
    void *context;
} candle_store_options_t;

typedef struct candle_store candle_store_t;

/* Opens or creates. RESULT_OK also with flaws (see candle_store_flaws); RESULT_MALFORMED: the header is not ours (the file is left
 * as it is); RESULT_IO, RESULT_DISK_FULL, RESULT_PERMISSION. `error` (may be NULL) gets a sentence with the file's name. */
result_t candle_store_open(const candle_store_options_t *options, candle_store_t **out, char error[CANDLE_TEXT_MAX]);
void candle_store_close(candle_store_t *store); /* NULL is fine */

const char *candle_store_path(const candle_store_t *store);
uint64_t candle_store_bars(const candle_store_t *store); /* good ones */
uint64_t candle_store_flaws(const candle_store_t *store, candle_flaw_kind_t kind);
int64_t candle_store_last_open(const candle_store_t *store); /* 0 when empty: where fetching goes on */

/* Share of the bars between first and last that are there and good, 0..1; 1 when empty. */
double candle_store_score(const candle_store_t *store);

/* Appends closed bars, ascending and newer than the last (a gap is allowed and is flagged at the next open). All or nothing:
 * RESULT_BAD_STATE (an open bar), RESULT_OUT_OF_ORDER, what candle_check says; RESULT_DISK_FULL, RESULT_IO (the file is cut back to
 * its former length). */
result_t candle_store_append(candle_store_t *store, const candle_t *candles, size_t count);

/* Makes appended bars durable (fdatasync). */
result_t candle_store_sync(candle_store_t *store);

/* Bars with from_ns <= open_ns < to_ns, ascending, at most capacity (the first ones). *count is how many were written. */
result_t candle_store_read(candle_store_t *store, int64_t from_ns, int64_t to_ns, candle_t *out, size_t capacity, size_t *count);

/* The newest `capacity` bars, ascending. */
result_t candle_store_tail(candle_store_t *store, candle_t *out, size_t capacity, size_t *count);

/* Rewrites the file: its good bars and these (ascending, closed, checked) merged in order; where both have a bar, the given one is
 * right. Flaws are counted anew. */
result_t candle_store_repair(candle_store_t *store, const candle_t *candles, size_t count);

/* tickers.h: which symbols to follow (MKT-1): tickers.txt, one symbol a line.
 *
 *     # comments and blank lines are fine
 *     BTCUSDT
 *     eth/usdt          # any spelling that instrument_find knows; letters in either case
 *
 * The old form of that file, Python source `COIN_SYMBOLS = ['BTCUSDT', "ETHUSDT"]`, is parsed, never run. A bad line is reported with its
 * number and skipped; a symbol that comes twice is kept once, with a note. The file is read again cheaply: tickers_changed looks at its
 * time, size and inode only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/str.h"
#include "core/market/instrument.h"

enum { TICKERS_FILE_MAX = 1 << 20 };

typedef struct {
    uint32_t count;
    char     symbols[INSTRUMENT_MAX][UNIFIED_TEXT_MAX]; /* upper case, in file order, no duplicates; any spelling */
    /* what tickers_changed compares; zero when parsed from memory */
    int64_t  changed_ns;
    int64_t  size;
    uint64_t inode;
} tickers_t;

typedef enum {
    TICKERS_BAD_LINE,  /* not a symbol: skipped */
    TICKERS_DUPLICATE, /* stood there before: skipped */
    TICKERS_OLD_FORM,  /* the file is COIN_SYMBOLS=[...]: read, but please write one symbol a line */
    TICKERS_TOO_MANY,  /* more than INSTRUMENT_MAX: the rest is skipped */
} tickers_notice_t;

/* `line` counts from 1; `text` is the offending piece (bounded, borrowed for the call). */
typedef void tickers_notice_fn(void *context, tickers_notice_t notice, uint32_t line, str_t text);

/* Never fails on content: what can be read is taken, the rest is noticed. `notice` may be NULL. */
void tickers_parse(str_t text, tickers_t *out, tickers_notice_fn *notice, void *context);

/* RESULT_NOT_FOUND, RESULT_PERMISSION, RESULT_IO, RESULT_TEXT_TOO_LONG (over TICKERS_FILE_MAX): *out stays as it was. */
result_t tickers_load(const char *path, tickers_t *out, tickers_notice_fn *notice, void *context);

/* Has the file changed since *tickers was loaded from it? One stat. False also when it cannot be seen now (an editor may be replacing it). */
bool tickers_changed(const tickers_t *tickers, const char *path);

const char *tickers_notice_text(tickers_notice_t notice);

/* market_source.h: where the prices of one instrument come from: bars of a file, a recorded stream, or chance.
 *
 * A candle file is read whole at start, rounded to the instrument's tick and kept on the disk (market_bars.h). Any timeframe of
 * ours: the file name says which, or else the distance of its bars does. Gaps are allowed: the market then stands still, and
 * market_source_gaps tells of them. A recorded stream is read line by line: "<local ns> <message>", the message as Binance sends it
 * (combined envelope or bare) or a REST depth snapshot; its gzip sums are checked before anything starts. Of several symbols in it
 * one is played (stream_symbol.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/market/event.h"
#include "core/venue/venue.h"
#include "edge/face/world/market_bars.h"
#include "edge/face/world/stream_symbol.h"

enum { MARKET_SOURCE_MAX = 64, MARKET_ERROR_MAX = 512, MARKET_PATH_MAX = 1024, STREAM_LINE_MAX = 256 * 1024 };

/* More units than this in one bar the venue does not count. */
#define MARKET_BAR_VOLUME_MAX INT64_C(80000000000)

typedef enum { MARKET_FROM_CANDLES, MARKET_FROM_STREAM, MARKET_FROM_CHANCE } market_source_kind_t;

typedef struct stream_file stream_file_t;

/* Bars that a candle file does not have between its first and its last. */
typedef struct {
    uint64_t gaps, bars;
    int64_t longest_ns, longest_from_ns, longest_to_ns; /* of the longest: from the end of the bar before it to the next bar */
} market_gaps_t;

typedef struct {
    market_source_kind_t kind;
    char symbol[SYMBOL_TEXT_MAX];
    char path[MARKET_PATH_MAX];
    /* candles */
    const char *folder;      /* borrowed: where market_bars may make its file; NULL: the system's place for such files */
    venue_history_t history; /* as the venue asks for it: reads `bars` */
    market_bars_t *bars;     /* owned (market_source_release) */
    uint32_t next;           /* the bar that is installed next */
    market_gaps_t gaps;
    uint64_t volumes_cut; /* bars that said more than the venue counts, MARKET_BAR_VOLUME_MAX */
    /* stream */
    stream_symbol_t recorded; /* the one that is played; its name may differ from `symbol` */
    stream_file_t *stream;
    int64_t first_ns, last_ns; /* of a candle history (end of the last bar); of a stream the first event, 0 */
    /* chance */
    venue_synthetic_t synthetic;
    uint64_t digest; /* of bars or file, so that a stored world notices another market */
} market_source_t;

/* Symbol out of a file name: BINANCE_ETHUSDT_1h.csv.gz, BINANCE_ETH_USDT_1h.csv, binance-usdm-ethusdt-1h-2020.csv.
 * RESULT_NOT_FOUND. */
result_t market_symbol_from_path(const char *path, char symbol[SYMBOL_TEXT_MAX]);
timeframe_t market_timeframe_from_path(const char *path); /* TF_COUNT when the name does not say */

/* One market as the command line names it: candles:[SYMBOL=]FILE, stream:[SYMBOL=]FILE, synthetic:SYMBOL[=PRICE]. A recording's
 * first lines are looked at for its symbol; nothing else is read yet. RESULT_MALFORMED. */
result_t market_source_parse(const char *text, market_source_t *source, char error[MARKET_ERROR_MAX]);

/* The first price of bars, recording or chance, by which made-up rules are chosen; 100 when there is none (loading then says why).
 */
dec_t market_source_first_price(const market_source_t *source);

/* The grid of a recording's prices, told by its first quotes and trades: 0.01 for 61823.99. Zero for other markets. */
dec_t market_source_price_step(const market_source_t *source);

/* Reads and checks the file. `error` is a sentence with file and line. */
result_t market_source_load(market_source_t *source, const instrument_t *rules, char error[MARKET_ERROR_MAX]);

/* Number of the first bar that opens at from_ns or later; the count when there is none, or when the bars cannot be read. */
uint32_t market_source_from(const market_source_t *source, int64_t from_ns);

/* The first moment from from_ns on at which a bar of the history opens; INT64_MAX after the last. */
int64_t market_source_opening(const market_source_t *source, int64_t from_ns);

/* Forgets bars that opened before from_ns (room). */
void market_source_trim(market_source_t *source, int64_t from_ns);
void market_source_release(market_source_t *source);

/* --- recorded streams ------------------------------------------------------------------------- */

/* Reads all of a recording once: a gzip file that was cut or damaged is told before anything starts, with file and line. */
result_t stream_file_check(const char *path, char error[MARKET_ERROR_MAX]);

/* What a recording says about the market and yet is not played; lines count from 1. */
typedef struct {
    uint64_t doubtful,
        first_doubtful; /* messages that cannot be believed: a crossed quote, a negative quantity, no sane time, or far ahead */
    uint64_t cut, first_cut;   /* messages with more levels on a side than DEPTH_LEVELS_MAX: the rest of them */
    uint64_t without_snapshot; /* changes of the book that were kept for a snapshot which never came */
} stream_left_out_t;

/* Opens at line `skip` (events already consumed). What other symbols than `played` say is passed over. */
result_t stream_file_open(const char *path, const stream_symbol_t *played, uint64_t skip, stream_file_t **out,
                          char error[MARKET_ERROR_MAX]);
void stream_file_close(stream_file_t *file);

/* The event at the front, without taking it; NULL at the end of the file. Lines that are no market event are passed over. Valid
 * until stream_file_take; its instrument is 0 until the caller puts in his own. */
market_event_t *stream_file_peek(stream_file_t *file);
void stream_file_take(stream_file_t *file);
uint64_t stream_file_lines(const stream_file_t *file);             /* lines consumed, for going on later */
stream_left_out_t stream_file_left_out(const stream_file_t *file); /* so far, since it was opened */

/* decode_market.h: market frames of Binance USD-M -> market_event_t, fast and strict.
 *
 * Takes one text frame as received, raw ({"e":"bookTicker",...}) or in the combined envelope ({"stream":"..","data":{..}}):
 * aggTrade, trade, bookTicker, depthUpdate, kline, markPriceUpdate, forceOrder, contractInfo. There are two ways to the same
 * values: a fast one that knows the order of fields in which the venue writes, and a general one over edge/json for any other
 * order, blanks, unknown fields. The fast one gives up at the first byte that it did not expect, and the general one alone words
 * errors; a test feeds both with the same bytes. On any error the event is untouched. Nothing is allocated; depth levels lie in the
 * decoder until its next call.
 *
 * Times: time_ns of the event is the moment it happened at the venue: T of trades, quotes, depth and forced orders, E of bars and
 * marks.
 */
#pragma once

#include <stdint.h>

#include "core/base/str.h"
#include "core/market/event.h"
#include "edge/exchange/symbol_map.h"

enum { BINANCE_PROBLEM_MAX = 96 };

typedef struct {
    const symbol_map_t *symbols; /* borrowed; may be filled again between calls */

    /* What was wrong in the last call that failed, for logs. */
    struct {
        char what[BINANCE_PROBLEM_MAX]; /* "field p: not a plain decimal number"; never empty after a failure */
        size_t at;                      /* byte offset in the frame */
        instrument_id_t instrument;     /* which symbol it was about; INSTRUMENT_NONE when not known */
    } problem;

    uint64_t fast, general; /* frames decoded each way: a live feed that stops being fast shows here */
    level_t bids[DEPTH_LEVELS_MAX], asks[DEPTH_LEVELS_MAX];
} binance_decoder_t;

void binance_decoder_init(binance_decoder_t *decoder, const symbol_map_t *symbols);

/* One market frame. Results beside RESULT_OK:
 *   RESULT_UNSUPPORTED     well-formed, but no market event: an event type we do not know, a reply to a request, an array
 *   RESULT_NOT_FOUND       about a symbol that is not in the map
 *   RESULT_UNKNOWN_VALUE   an enumeration word we do not know: the caller freezes problem.instrument (a contract status that we do
 * not know is no error: it gives MARKET_STATUS with INSTRUMENT_UNKNOWN) RESULT_FIELD_MISSING, RESULT_FIELD_WRONG_TYPE,
 * RESULT_MALFORMED, RESULT_TRUNCATED, RESULT_NUMBER_*, RESULT_DUPLICATE, RESULT_FULL (more than DEPTH_LEVELS_MAX levels, nesting)
 * Values are checked with market_event_check: RESULT_NUMBER_OUT_OF_RANGE and kin for prices that may not be believed. */
result_t binance_decode_market(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns,
                               market_event_t *event);

/* The two ways by themselves, for the differential test and the bench. The fast one gives RESULT_UNSUPPORTED for every frame that
 * it leaves to the general one (also broken ones). */
result_t binance_decode_market_fast(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns,
                                    market_event_t *event);
result_t binance_decode_market_general(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns,
                                       market_event_t *event);

/* Reply of GET /fapi/v1/depth: {"lastUpdateId","E","T","bids","asks"}; the symbol is the caller's knowledge. Gives MARKET_DEPTH
 * with snapshot = true. Spot's form without E and T takes received_ns for its time. */
result_t binance_decode_depth_snapshot(binance_decoder_t *decoder, instrument_id_t instrument, const char *bytes, size_t length,
                                       int64_t received_ns, market_event_t *event);

/* A frame of a recording: as binance_decode_market, and a bare REST depth snapshot is taken for `instrument`. */
result_t binance_decode_recorded(binance_decoder_t *decoder, instrument_id_t instrument, const char *bytes, size_t length,
                                 int64_t received_ns, market_event_t *event);

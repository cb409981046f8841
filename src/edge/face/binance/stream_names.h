/* stream_names.h: the names of market streams and what they mean, as one table.
 *
 * "<symbol>@<suffix>" and "!<suffix>" for all symbols. Each row is a stream kind of its own, because a combined frame repeats the
 * name it was subscribed by. The route says on which path of the 2026 split (/public, /market) the live exchange delivers it; an
 * unrouted connection delivers what /public delivers. Spot has no split (ROUTE_ALL) and not every stream.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/str.h"

typedef enum { ROUTE_LEGACY, ROUTE_PUBLIC, ROUTE_MARKET, ROUTE_PRIVATE, ROUTE_ALL } stream_route_t;

typedef enum {
    STREAM_AGG_TRADE,
    STREAM_TRADE,
    STREAM_BOOK_TICKER,
    STREAM_DEPTH,
    STREAM_DEPTH_100,
    STREAM_DEPTH_500,
    STREAM_DEPTH_0,
    STREAM_DEPTH5,
    STREAM_DEPTH5_100,
    STREAM_DEPTH5_500,
    STREAM_DEPTH10,
    STREAM_DEPTH10_100,
    STREAM_DEPTH10_500,
    STREAM_DEPTH20,
    STREAM_DEPTH20_100,
    STREAM_DEPTH20_500,
    STREAM_MARK,
    STREAM_MARK_1S,
    STREAM_TICKER,
    STREAM_MINI,
    STREAM_FORCE,
    STREAM_AVG_PRICE,
    STREAM_TICKER_1H,
    STREAM_TICKER_4H,
    STREAM_TICKER_1D,
    STREAM_KLINE_1S, /* spot */
    STREAM_KLINE,    /* + timeframe_t */
    STREAM_KLINE_LAST = STREAM_KLINE + 14,
    STREAM_CONTINUOUS, /* + timeframe_t: "<pair>_perpetual@continuousKline_1m" */
    STREAM_CONTINUOUS_LAST = STREAM_CONTINUOUS + 14,
    STREAM_ALL_BOOK,
    STREAM_ALL_MARK,
    STREAM_ALL_MARK_1S,
    STREAM_ALL_TICKER,
    STREAM_ALL_MINI,
    STREAM_ALL_FORCE,
    STREAM_ALL_CONTRACTS,
    STREAM_ALL_TICKER_1H, /* spot */
    STREAM_ALL_TICKER_4H,
    STREAM_ALL_TICKER_1D,
    STREAM_KIND_COUNT
} stream_kind_t;

/* One subscription: which instrument (or all) and which kind. */
typedef struct {
    uint16_t place; /* instrument, or STREAM_PLACE_ALL, or STREAM_PLACE_UNKNOWN for names that stay silent */
    uint16_t kind;
} stream_id_t;

enum { STREAM_PLACE_ALL = 64, STREAM_PLACE_UNKNOWN = 0xFFFF, STREAM_NAME_MAX = 96 };

const char *stream_suffix(stream_kind_t kind); /* "aggTrade", "!bookTicker" */

/* What stands behind the symbol: "_perpetual" for the bars of a pair's contract, else "". */
const char *stream_contract(stream_kind_t kind);

/* The kind that stands after the '@' (or with its '!' for all-market names); false: none of ours. */
bool stream_kind_parse(str_t suffix, stream_kind_t *kind);

/* True when a connection of `route` delivers streams of `kind`. */
bool stream_is_routed(stream_route_t route, stream_kind_t kind);

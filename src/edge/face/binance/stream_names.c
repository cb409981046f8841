/* stream_names.c: see stream_names.h. */
#include "edge/face/binance/stream_names.h"

#include "core/market/timeframe.h"

typedef struct {
    const char *suffix;
    stream_route_t route;
} stream_row_t;

static const stream_row_t rows[STREAM_KIND_COUNT] = {
    [STREAM_AGG_TRADE] = {"aggTrade", ROUTE_MARKET},
    [STREAM_TRADE] = {"trade", ROUTE_PUBLIC},
    [STREAM_BOOK_TICKER] = {"bookTicker", ROUTE_PUBLIC},
    [STREAM_DEPTH] = {"depth", ROUTE_PUBLIC},
    [STREAM_DEPTH_100] = {"depth@100ms", ROUTE_PUBLIC},
    [STREAM_DEPTH_500] = {"depth@500ms", ROUTE_PUBLIC},
    [STREAM_DEPTH_0] = {"depth@0ms", ROUTE_PUBLIC},
    [STREAM_DEPTH5] = {"depth5", ROUTE_PUBLIC},
    [STREAM_DEPTH5_100] = {"depth5@100ms", ROUTE_PUBLIC},
    [STREAM_DEPTH5_500] = {"depth5@500ms", ROUTE_PUBLIC},
    [STREAM_DEPTH10] = {"depth10", ROUTE_PUBLIC},
    [STREAM_DEPTH10_100] = {"depth10@100ms", ROUTE_PUBLIC},
    [STREAM_DEPTH10_500] = {"depth10@500ms", ROUTE_PUBLIC},
    [STREAM_DEPTH20] = {"depth20", ROUTE_PUBLIC},
    [STREAM_DEPTH20_100] = {"depth20@100ms", ROUTE_PUBLIC},
    [STREAM_DEPTH20_500] = {"depth20@500ms", ROUTE_PUBLIC},
    [STREAM_MARK] = {"markPrice", ROUTE_MARKET},
    [STREAM_MARK_1S] = {"markPrice@1s", ROUTE_MARKET},
    [STREAM_TICKER] = {"ticker", ROUTE_MARKET},
    [STREAM_MINI] = {"miniTicker", ROUTE_MARKET},
    [STREAM_FORCE] = {"forceOrder", ROUTE_MARKET},
    [STREAM_AVG_PRICE] = {"avgPrice", ROUTE_ALL},
    [STREAM_TICKER_1H] = {"ticker_1h", ROUTE_ALL},
    [STREAM_TICKER_4H] = {"ticker_4h", ROUTE_ALL},
    [STREAM_TICKER_1D] = {"ticker_1d", ROUTE_ALL},
    [STREAM_KLINE_1S] = {"kline_1s", ROUTE_ALL},
    [STREAM_KLINE + TF_1M] = {"kline_1m", ROUTE_MARKET},
    [STREAM_KLINE + TF_3M] = {"kline_3m", ROUTE_MARKET},
    [STREAM_KLINE + TF_5M] = {"kline_5m", ROUTE_MARKET},
    [STREAM_KLINE + TF_15M] = {"kline_15m", ROUTE_MARKET},
    [STREAM_KLINE + TF_30M] = {"kline_30m", ROUTE_MARKET},
    [STREAM_KLINE + TF_1H] = {"kline_1h", ROUTE_MARKET},
    [STREAM_KLINE + TF_2H] = {"kline_2h", ROUTE_MARKET},
    [STREAM_KLINE + TF_4H] = {"kline_4h", ROUTE_MARKET},
    [STREAM_KLINE + TF_6H] = {"kline_6h", ROUTE_MARKET},
    [STREAM_KLINE + TF_8H] = {"kline_8h", ROUTE_MARKET},
    [STREAM_KLINE + TF_12H] = {"kline_12h", ROUTE_MARKET},
    [STREAM_KLINE + TF_1D] = {"kline_1d", ROUTE_MARKET},
    [STREAM_KLINE + TF_3D] = {"kline_3d", ROUTE_MARKET},
    [STREAM_KLINE + TF_1W] = {"kline_1w", ROUTE_MARKET},
    [STREAM_KLINE + TF_1MO] = {"kline_1M", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_1M] = {"continuousKline_1m", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_3M] = {"continuousKline_3m", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_5M] = {"continuousKline_5m", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_15M] = {"continuousKline_15m", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_30M] = {"continuousKline_30m", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_1H] = {"continuousKline_1h", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_2H] = {"continuousKline_2h", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_4H] = {"continuousKline_4h", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_6H] = {"continuousKline_6h", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_8H] = {"continuousKline_8h", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_12H] = {"continuousKline_12h", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_1D] = {"continuousKline_1d", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_3D] = {"continuousKline_3d", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_1W] = {"continuousKline_1w", ROUTE_MARKET},
    [STREAM_CONTINUOUS + TF_1MO] = {"continuousKline_1M", ROUTE_MARKET},
    [STREAM_KLINE_1S_8] = {"kline_1s@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_1M] = {"kline_1m@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_3M] = {"kline_3m@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_5M] = {"kline_5m@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_15M] = {"kline_15m@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_30M] = {"kline_30m@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_1H] = {"kline_1h@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_2H] = {"kline_2h@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_4H] = {"kline_4h@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_6H] = {"kline_6h@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_8H] = {"kline_8h@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_12H] = {"kline_12h@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_1D] = {"kline_1d@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_3D] = {"kline_3d@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_1W] = {"kline_1w@+08:00", ROUTE_ALL},
    [STREAM_KLINE_8 + TF_1MO] = {"kline_1M@+08:00", ROUTE_ALL},
    [STREAM_ALL_BOOK] = {"!bookTicker", ROUTE_PUBLIC},
    [STREAM_ALL_MARK] = {"!markPrice@arr", ROUTE_MARKET},
    [STREAM_ALL_MARK_1S] = {"!markPrice@arr@1s", ROUTE_MARKET},
    [STREAM_ALL_TICKER] = {"!ticker@arr", ROUTE_MARKET},
    [STREAM_ALL_MINI] = {"!miniTicker@arr", ROUTE_MARKET},
    [STREAM_ALL_FORCE] = {"!forceOrder@arr", ROUTE_MARKET},
    [STREAM_ALL_CONTRACTS] = {"!contractInfo", ROUTE_MARKET},
    [STREAM_ALL_TICKER_1H] = {"!ticker_1h@arr", ROUTE_ALL},
    [STREAM_ALL_TICKER_4H] = {"!ticker_4h@arr", ROUTE_ALL},
    [STREAM_ALL_TICKER_1D] = {"!ticker_1d@arr", ROUTE_ALL},
};

_Static_assert(STREAM_KLINE_LAST - STREAM_KLINE + 1 == TF_COUNT && STREAM_KLINE_8_LAST - STREAM_KLINE_8 + 1 == TF_COUNT &&
                   STREAM_CONTINUOUS_LAST - STREAM_CONTINUOUS + 1 == TF_COUNT,
               "a kline stream a timeframe");

const char *stream_contract(stream_kind_t kind)
{
    return kind >= STREAM_CONTINUOUS && kind <= STREAM_CONTINUOUS_LAST ? "_perpetual" : "";
}

const char *stream_suffix(stream_kind_t kind)
{
    return rows[kind].suffix;
}

bool stream_kind_parse(str_t suffix, stream_kind_t *kind)
{
    for (unsigned i = 0; i < STREAM_KIND_COUNT; i++) {
        if (str_eq(suffix, str_from(rows[i].suffix))) {
            *kind = (stream_kind_t)i;
            return true;
        }
    }
    return false;
}

bool stream_is_routed(stream_route_t route, stream_kind_t kind)
{
    return rows[kind].route == route || route == ROUTE_ALL || (route == ROUTE_LEGACY && rows[kind].route == ROUTE_PUBLIC);
}

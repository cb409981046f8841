/* ticker.h: the last twenty-four hours of an instrument, for REST and streams. */
#pragma once

#include "edge/face/binance/face.h"

typedef struct {
    dec_t open, high, low, last, last_quantity, volume, quote_volume;
    uint64_t first_trade_id, last_trade_id, trades;
    int64_t open_ns, close_ns;
} ticker_t;

/* From hourly bars of the last 24 hours (the oldest one whole). False before the first price. `klines` is scratch for 26 rows. */
bool ticker_make(const world_t *world, instrument_id_t instrument, venue_kline_t *klines, ticker_t *out);

/* The same over another stretch of at most seven days: from bars of a minute up to eight hours, of three minutes below a day, of an
 * hour from there on. `klines`: 500 rows. */
bool ticker_make_window(const world_t *world, instrument_id_t instrument, int64_t window_ns, venue_kline_t *klines, ticker_t *out);

/* The same since an instant of the last 24 hours, from the longest bars that begin there. `klines`: 1,441 rows. */
bool ticker_make_since(const world_t *world, instrument_id_t instrument, int64_t open_ns, venue_kline_t *klines, ticker_t *out);

/* last - open, the same in per cent (3 digits), quote volume over volume. */
dec_t ticker_change(const ticker_t *ticker);
dec_t ticker_change_pct(const ticker_t *ticker);
dec_t ticker_average(const ticker_t *ticker);

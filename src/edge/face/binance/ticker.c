/* ticker.c: see ticker.h. */
#include "edge/face/binance/ticker.h"

#include "core/base/time.h"
#include "core/market/timeframe.h"

enum { TICKER_BARS_MAX = 1441 };

static bool make(const world_t *world, instrument_id_t instrument, timeframe_t timeframe, int64_t open_ns, venue_kline_t *klines,
                 ticker_t *out)
{
    const venue_t *venue = world_venue(world);
    int64_t now = venue_now(venue), start = time_floor(open_ns, timeframe_length_ns(timeframe));
    uint32_t count =
        venue_klines(venue, instrument, world_history(world, instrument), timeframe, start, now, klines, TICKER_BARS_MAX);
    dec_t last = venue_last_price(venue, instrument);
    if (dec_is_zero(last))
        return false;
    ticker_t ticker = {.open = last, .high = last, .low = last, .last = last, .open_ns = open_ns, .close_ns = now};
    for (uint32_t i = 0; i < count; i++) {
        const candle_t *bar = &klines[i].candle;
        if (i == 0)
            ticker.open = bar->open;
        ticker.high = dec_max(ticker.high, bar->high);
        ticker.low = dec_min(ticker.low, bar->low);
        (void)dec_add(ticker.volume, bar->volume, &ticker.volume);
        dec_t quote = bar->quote_volume;
        if (dec_is_zero(quote))
            (void)dec_mul(bar->volume, bar->close, DEC_ROUND_DOWN, &quote);
        (void)dec_add(ticker.quote_volume, quote, &ticker.quote_volume);
        ticker.trades += bar->trades;
    }
    venue_trade_t newest;
    if (venue_trades(venue, instrument, 0, &newest, 1) == 1) {
        ticker.last_quantity = newest.quantity;
        ticker.last_trade_id = newest.id;
        ticker.first_trade_id = newest.id > ticker.trades ? newest.id - ticker.trades : 1;
    }
    *out = ticker;
    return true;
}

bool ticker_make_window(const world_t *world, instrument_id_t instrument, int64_t window_ns, venue_kline_t *klines, ticker_t *out)
{
    const timeframe_t timeframe = window_ns <= 8 * NS_PER_HOUR ? TF_1M : window_ns < NS_PER_DAY ? TF_3M : TF_1H;
    return make(world, instrument, timeframe, venue_now(world_venue(world)) - window_ns, klines, out);
}

bool ticker_make_since(const world_t *world, instrument_id_t instrument, int64_t open_ns, venue_kline_t *klines, ticker_t *out)
{
    timeframe_t timeframe = TF_1M;
    for (unsigned at = TF_1M; at <= TF_1H; at++)
        timeframe = open_ns % timeframe_length_ns((timeframe_t)at) == 0 ? (timeframe_t)at : timeframe;
    return make(world, instrument, timeframe, open_ns, klines, out);
}

bool ticker_make(const world_t *world, instrument_id_t instrument, venue_kline_t *klines, ticker_t *out)
{
    return ticker_make_window(world, instrument, NS_PER_DAY, klines, out);
}

dec_t ticker_change(const ticker_t *ticker)
{
    return dec_minus(ticker->last, ticker->open);
}

dec_t ticker_change_pct(const ticker_t *ticker)
{
    dec_t pct = DEC_ZERO;
    (void)dec_mul_div(ticker_change(ticker), dec_from_int(100), ticker->open, DEC_ROUND_HALF_EVEN, &pct);
    (void)dec_quantise(pct, dec_from_scaled(1, 3), DEC_ROUND_HALF_EVEN, &pct);
    return pct;
}

dec_t ticker_average(const ticker_t *ticker)
{
    dec_t average = ticker->last;
    if (dec_sign(ticker->volume) > 0)
        (void)dec_div(ticker->quote_volume, ticker->volume, DEC_ROUND_HALF_EVEN, &average);
    return average;
}

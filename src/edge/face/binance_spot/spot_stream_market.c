/* spot_stream_market.c: public events as the exchange words them; keys in the live order (protocols/binance-spot.md, section 8). */
#include <string.h>

#include "edge/face/binance_spot/spot_face_parts.h"
#include "edge/face/binance_spot/spot_zone.h"

typedef struct {
    json_writer_t writer;
    const instrument_t *rules;
} frame_t;

typedef enum { FRAME_EVENT, FRAME_BARE } frame_kind_t; /* bare: without e, E and s */

static frame_t begin(face_t *face, instrument_id_t instrument, frame_kind_t kind, const char *event, int64_t time_ns)
{
    frame_t frame = {.rules = venue_instrument_at(world_venue(face->world), instrument)};
    stream_write_to(face, &frame.writer);
    json_begin_object(&frame.writer);
    if (kind == FRAME_EVENT) {
        json_field_string(&frame.writer, "e", event);
        write_ms(&frame.writer, "E", time_ns);
        json_field_string(&frame.writer, "s", frame.rules->symbol);
    }
    return frame;
}

static str_t finish(frame_t *frame)
{
    str_t text = {0};
    json_end_object(&frame->writer);
    (void)json_writer_finish(&frame->writer, &text);
    return text;
}

/* --- trades, quotes, depth -------------------------------------------------------------------- */

static void write_trade_rest(json_writer_t *writer, const venue_event_t *event)
{
    write_ms(writer, "T", event->time_ns);
    json_field_bool(writer, "m", event->trade.buyer_is_maker);
    json_field_bool(writer, "M", true);
}

static void send_trade(face_t *face, const venue_event_t *event)
{
    const venue_trade_event_t *trade = &event->trade;
    if (stream_wanted(face, event->instrument, STREAM_AGG_TRADE)) {
        frame_t frame = begin(face, event->instrument, FRAME_EVENT, "aggTrade", event->time_ns);
        json_field_u64(&frame.writer, "a", trade->id);
        write_money(&frame.writer, "p", trade->price);
        write_money(&frame.writer, "q", trade->quantity);
        json_field_u64(&frame.writer, "f", trade->first_trade_id);
        json_field_u64(&frame.writer, "l", trade->last_trade_id);
        write_trade_rest(&frame.writer, event);
        stream_publish(face, event->instrument, STREAM_AGG_TRADE, finish(&frame), false);
    }
    if (stream_wanted(face, event->instrument, STREAM_TRADE)) {
        frame_t frame = begin(face, event->instrument, FRAME_EVENT, "trade", event->time_ns);
        json_field_u64(&frame.writer, "t", trade->last_trade_id);
        write_money(&frame.writer, "p", trade->price);
        write_money(&frame.writer, "q", trade->quantity);
        write_trade_rest(&frame.writer, event);
        stream_publish(face, event->instrument, STREAM_TRADE, finish(&frame), false);
    }
}

static void send_quote(face_t *face, const venue_event_t *event)
{
    frame_t frame = begin(face, event->instrument, FRAME_BARE, NULL, 0);
    json_field_u64(&frame.writer, "u", event->quote.update_id);
    json_field_string(&frame.writer, "s", frame.rules->symbol);
    write_money(&frame.writer, "b", event->quote.bid);
    write_money(&frame.writer, "B", event->quote.bid_quantity);
    write_money(&frame.writer, "a", event->quote.ask);
    write_money(&frame.writer, "A", event->quote.ask_quantity);
    stream_publish(face, event->instrument, STREAM_BOOK_TICKER, finish(&frame), true);
}

static void write_levels(json_writer_t *writer, const char *key, const level_t *levels, uint32_t count)
{
    json_write_key(writer, key);
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        json_begin_array(writer);
        json_write_dec_places(writer, levels[i].price, 8);
        json_write_dec_places(writer, levels[i].quantity, 8);
        json_end_array(writer);
    }
    json_end_array(writer);
}

static void send_depth(face_t *face, const venue_event_t *event)
{
    frame_t frame = begin(face, event->instrument, FRAME_EVENT, "depthUpdate", event->time_ns);
    json_field_u64(&frame.writer, "U", event->depth.first_id);
    json_field_u64(&frame.writer, "u", event->depth.last_id);
    write_levels(&frame.writer, "b", event->depth.bids, event->depth.bid_count);
    write_levels(&frame.writer, "a", event->depth.asks, event->depth.ask_count);
    str_t text = finish(&frame);
    if (text.length == 0)
        return;
    stream_publish(face, event->instrument, STREAM_DEPTH, text, false);
    stream_publish(face, event->instrument, STREAM_DEPTH_100, text, false);
}

/* Whole pictures of the top levels, every second or 100 ms; only the stream's name tells the symbol. */
static void send_partial_depth(face_t *face, instrument_id_t instrument)
{
    static const struct {
        stream_kind_t slow, fast;
        uint32_t levels;
    } sizes[] = {
        {STREAM_DEPTH5, STREAM_DEPTH5_100, 5}, {STREAM_DEPTH10, STREAM_DEPTH10_100, 10}, {STREAM_DEPTH20, STREAM_DEPTH20_100, 20}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bool slow = stream_due(face, instrument, sizes[i].slow, NS_PER_S);
        bool fast = stream_due(face, instrument, sizes[i].fast, 100 * NS_PER_MS);
        if (!slow && !fast)
            continue;
        level_t *bids = face->rows.depth.bids, *asks = face->rows.depth.asks;
        uint32_t bid_count = 0, ask_count = 0;
        uint64_t last_id = venue_depth(world_venue(face->world), instrument, sizes[i].levels, bids, &bid_count, asks, &ask_count);
        frame_t frame = begin(face, instrument, FRAME_BARE, NULL, 0);
        json_field_u64(&frame.writer, "lastUpdateId", last_id);
        write_levels(&frame.writer, "bids", bids, bid_count);
        write_levels(&frame.writer, "asks", asks, ask_count);
        str_t text = finish(&frame);
        if (slow)
            stream_publish(face, instrument, sizes[i].slow, text, true);
        if (fast)
            stream_publish(face, instrument, sizes[i].fast, text, true);
    }
}

/* --- klines ----------------------------------------------------------------------------------- */

str_t spot_kline_text(face_t *face, instrument_id_t instrument, int64_t time_ns, const venue_kline_t *kline, const char *interval,
                      int64_t end_ns)
{
    const candle_t *bar = &kline->candle;
    frame_t frame = begin(face, instrument, FRAME_EVENT, "kline", time_ns);
    json_writer_t *writer = &frame.writer;
    json_write_key(writer, "k");
    json_begin_object(writer);
    write_ms(writer, "t", bar->open_ns);
    write_ms(writer, "T", end_ns - 1);
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_string(writer, "i", interval);
    json_field_u64(writer, "f", kline->first_trade_id);
    json_field_u64(writer, "L", kline->last_trade_id);
    write_money(writer, "o", bar->open);
    write_money(writer, "c", bar->close);
    write_money(writer, "h", bar->high);
    write_money(writer, "l", bar->low);
    write_money(writer, "v", bar->volume);
    json_field_u64(writer, "n", bar->trades);
    json_field_bool(writer, "x", bar->closed);
    write_money(writer, "q", bar->quote_volume);
    write_money(writer, "V", kline->taker_base);
    write_money(writer, "Q", kline->taker_quote);
    json_field_string(writer, "B", "0");
    json_end_object(writer);
    return finish(&frame);
}

static void send_kline(face_t *face, const venue_event_t *event)
{
    const venue_kline_t *kline = &event->kline;
    stream_kind_t kind = (stream_kind_t)(STREAM_KLINE + kline->timeframe);
    if (stream_wanted(face, event->instrument, kind)) {
        int64_t end_ns = timeframe_next(kline->timeframe, kline->candle.open_ns);
        str_t text = spot_kline_text(face, event->instrument, event->time_ns, kline, timeframe_text(kline->timeframe), end_ns);
        stream_publish(face, event->instrument, kind, text, false);
    }
}

/* Each second that has ended since the last moment, once; from the one on in which somebody asked first. */
static void send_seconds(face_t *face, instrument_id_t instrument)
{
    const venue_t *venue = world_venue(face->world);
    const venue_history_t *history = world_history(face->world, instrument);
    venue_kline_t *rows = face->rows.klines;
    int64_t *due_ns = &face->second_due_ns[instrument], now_ns = venue_now(venue);
    if (!stream_wanted(face, instrument, STREAM_KLINE_1S) && !stream_wanted(face, instrument, STREAM_KLINE_1S_8)) {
        *due_ns = 0;
        return;
    }
    if (*due_ns == 0)
        *due_ns = time_floor(now_ns, NS_PER_S);
    for (uint32_t count = ROWS_MAX; count == ROWS_MAX && *due_ns + NS_PER_S <= now_ns;) {
        count = venue_seconds(venue, instrument, history, *due_ns, time_floor(now_ns, NS_PER_S) - 1, rows, ROWS_MAX);
        for (uint32_t i = 0; i < count; i++) {
            int64_t end_ns = rows[i].candle.open_ns + NS_PER_S;
            str_t text = spot_kline_text(face, instrument, end_ns, &rows[i], "1s", end_ns);
            stream_publish(face, instrument, STREAM_KLINE_1S, text, false);
            stream_publish(face, instrument, STREAM_KLINE_1S_8, text, false);
            *due_ns = end_ns;
        }
    }
}

void spot_market_event(face_t *face, const venue_event_t *event)
{
    switch (event->kind) {
    case VENUE_EVENT_TRADE:
        send_trade(face, event);
        break;
    case VENUE_EVENT_QUOTE:
        send_quote(face, event);
        break;
    case VENUE_EVENT_DEPTH:
        send_depth(face, event);
        break;
    case VENUE_EVENT_KLINE:
        send_kline(face, event);
        break;
    case VENUE_EVENT_MARK: /* spot has no mark price */
    case VENUE_EVENT_STATUS:
    case VENUE_EVENT_RULES:
    case VENUE_EVENT_LIQUIDATION:
    case VENUE_EVENT_ORDER:
    case VENUE_EVENT_ACCOUNT:
    case VENUE_EVENT_ALGO:
    case VENUE_EVENT_MARGIN_CALL:
    case VENUE_EVENT_LEVERAGE:
    case VENUE_EVENT_MODE:
    case VENUE_EVENT_MULTI_ASSETS:
    case VENUE_EVENT_SPOT:
        break;
    }
}

/* --- once a second: tickers, average price ---------------------------------------------------- */

static void write_prices(json_writer_t *writer, const ticker_t *ticker)
{
    write_money(writer, "o", ticker->open);
    write_money(writer, "h", ticker->high);
    write_money(writer, "l", ticker->low);
}

static str_t mini_text(face_t *face, instrument_id_t instrument)
{
    ticker_t ticker;
    if (!ticker_make(face->world, instrument, face->rows.klines, &ticker))
        return (str_t){0};
    frame_t frame = begin(face, instrument, FRAME_EVENT, "24hrMiniTicker", ticker.close_ns);
    write_money(&frame.writer, "c", ticker.last);
    write_prices(&frame.writer, &ticker);
    write_money(&frame.writer, "v", ticker.volume);
    write_money(&frame.writer, "q", ticker.quote_volume);
    return finish(&frame);
}

static void write_ticker_rest(json_writer_t *writer, const ticker_t *ticker)
{
    write_prices(writer, ticker);
    write_money(writer, "v", ticker->volume);
    write_money(writer, "q", ticker->quote_volume);
    write_ms(writer, "O", ticker->open_ns);
    write_ms(writer, "C", ticker->close_ns);
    json_field_u64(writer, "F", ticker->first_trade_id);
    json_field_u64(writer, "L", ticker->last_trade_id);
    json_field_u64(writer, "n", ticker->trades);
}

static void write_change(json_writer_t *writer, const ticker_t *ticker)
{
    write_money(writer, "p", ticker_change(ticker));
    json_field_dec_places(writer, "P", dec_is_zero(ticker->open) ? DEC_ZERO : ticker_change_pct(ticker), 3);
    write_money(writer, "w", ticker_average(ticker));
}

static str_t ticker_text(face_t *face, instrument_id_t instrument, const ticker_t *ticker)
{
    quote_t quote = {0};
    frame_t frame = begin(face, instrument, FRAME_EVENT, "24hrTicker", ticker->close_ns);
    (void)venue_quote(world_venue(face->world), instrument, &quote);
    write_change(&frame.writer, ticker);
    write_money(&frame.writer, "x", ticker->open);
    write_money(&frame.writer, "c", ticker->last);
    write_money(&frame.writer, "Q", ticker->last_quantity);
    write_money(&frame.writer, "b", quote.bid);
    write_money(&frame.writer, "B", quote.bid_quantity);
    write_money(&frame.writer, "a", quote.ask);
    write_money(&frame.writer, "A", quote.ask_quantity);
    write_ticker_rest(&frame.writer, ticker);
    return finish(&frame);
}

static void send_ticker(face_t *face, instrument_id_t instrument)
{
    ticker_t ticker;
    if (stream_due(face, instrument, STREAM_TICKER, NS_PER_S) && ticker_make(face->world, instrument, face->rows.klines, &ticker))
        stream_publish(face, instrument, STREAM_TICKER, ticker_text(face, instrument, &ticker), true);
}

static str_t window_text(face_t *face, instrument_id_t instrument, const char *event, int64_t window_ns)
{
    ticker_t ticker;
    if (!ticker_make_window(face->world, instrument, window_ns, face->rows.klines, &ticker))
        return (str_t){0};
    frame_t frame = begin(face, instrument, FRAME_EVENT, event, ticker.close_ns);
    write_change(&frame.writer, &ticker);
    write_money(&frame.writer, "c", ticker.last);
    write_ticker_rest(&frame.writer, &ticker);
    return finish(&frame);
}

static str_t hour_text(face_t *face, instrument_id_t instrument)
{
    return window_text(face, instrument, "1hTicker", NS_PER_HOUR);
}

static str_t four_hours_text(face_t *face, instrument_id_t instrument)
{
    return window_text(face, instrument, "4hTicker", 4 * NS_PER_HOUR);
}

static str_t day_text(face_t *face, instrument_id_t instrument)
{
    return window_text(face, instrument, "1dTicker", NS_PER_DAY);
}

static void send_average(face_t *face, instrument_id_t instrument)
{
    if (!stream_due(face, instrument, STREAM_AVG_PRICE, NS_PER_S))
        return;
    const venue_t *venue = world_venue(face->world);
    frame_t frame = begin(face, instrument, FRAME_EVENT, "avgPrice", venue_now(venue));
    json_field_string(&frame.writer, "i", "5m");
    write_money(&frame.writer, "w", spot_average_price(venue, instrument));
    write_ms(&frame.writer, "T", venue_now(venue));
    stream_publish(face, instrument, STREAM_AVG_PRICE, finish(&frame), true);
}

static const timed_stream_t timed_mini = {STREAM_MINI, STREAM_ALL_MINI, NS_PER_S, NS_PER_S, mini_text};
static const timed_stream_t timed_windows[] = {{STREAM_TICKER_1H, STREAM_ALL_TICKER_1H, NS_PER_S, NS_PER_S, hour_text},
                                               {STREAM_TICKER_4H, STREAM_ALL_TICKER_4H, NS_PER_S, NS_PER_S, four_hours_text},
                                               {STREAM_TICKER_1D, STREAM_ALL_TICKER_1D, NS_PER_S, NS_PER_S, day_text}};

void spot_after_advance(face_t *face)
{
    uint32_t count = venue_instrument_count(world_venue(face->world));
    stream_send_timed(face, &timed_mini, 1);
    for (uint32_t i = 0; i < count; i++) {
        if (!face_trades(face, (instrument_id_t)i))
            continue;
        send_ticker(face, (instrument_id_t)i);
        send_average(face, (instrument_id_t)i);
        send_seconds(face, (instrument_id_t)i);
        spot_send_zone_klines(face, (instrument_id_t)i);
        send_partial_depth(face, (instrument_id_t)i);
    }
    stream_send_timed(face, timed_windows, sizeof timed_windows / sizeof timed_windows[0]);
}

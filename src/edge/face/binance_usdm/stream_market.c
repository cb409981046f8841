/* stream_market.c: public events as the exchange words them; keys in the live order (protocols/binance-usdm.md, section 9). */
#include <string.h>

#include "edge/face/binance/ticker.h"
#include "edge/face/binance_usdm/usdm_parts.h"

typedef struct {
    json_writer_t writer;
    const instrument_t *rules;
} frame_t;

static inline frame_t begin(face_t *face, instrument_id_t instrument, const char *event, int64_t time_ns)
{
    frame_t frame = {.rules = venue_instrument_at(world_venue(face->world), instrument)};
    json_writer_init(&frame.writer, face->event, sizeof face->event);
    json_begin_object(&frame.writer);
    json_field_string(&frame.writer, "e", event);
    write_ms(&frame.writer, "E", time_ns);
    return frame;
}

static str_t finish(frame_t *frame)
{
    str_t text = {0};
    json_end_object(&frame->writer);
    (void)json_writer_finish(&frame->writer, &text);
    return text;
}

/* --- trades ----------------------------------------------------------------------------------- */

static void send_agg_trade(face_t *face, const venue_event_t *event)
{
    const venue_trade_event_t *trade = &event->trade;
    frame_t frame = begin(face, event->instrument, "aggTrade", event->time_ns);
    json_writer_t *writer = &frame.writer;
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_u64(writer, "a", trade->id);
    write_price(writer, "p", frame.rules, trade->price);
    write_quantity(writer, "q", frame.rules, trade->quantity);
    write_quantity(writer, "nq", frame.rules, trade->quantity);
    json_field_u64(writer, "f", trade->first_trade_id);
    json_field_u64(writer, "l", trade->last_trade_id);
    write_ms(writer, "T", event->time_ns);
    json_field_bool(writer, "m", trade->buyer_is_maker);
    json_field_i64(writer, "st", 1);
    stream_publish(face, event->instrument, STREAM_AGG_TRADE, finish(&frame), false);
}

static void send_trade(face_t *face, const venue_event_t *event)
{
    const venue_trade_event_t *trade = &event->trade;
    frame_t frame = begin(face, event->instrument, "trade", event->time_ns);
    json_writer_t *writer = &frame.writer;
    write_ms(writer, "T", event->time_ns);
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_u64(writer, "t", trade->last_trade_id);
    write_price(writer, "p", frame.rules, trade->price);
    write_quantity(writer, "q", frame.rules, trade->quantity);
    json_field_string(writer, "X", "MARKET");
    json_field_bool(writer, "m", trade->buyer_is_maker);
    stream_publish(face, event->instrument, STREAM_TRADE, finish(&frame), false);
}

/* --- quotes and depth ------------------------------------------------------------------------- */

static void send_quote(face_t *face, const venue_event_t *event)
{
    stream_publish(face, event->instrument, STREAM_BOOK_TICKER, quote_text(face, event), true);
}

/* Of all symbols: every 5 s those whose book has moved since they were told last. */
static void send_all_quotes(face_t *face)
{
    const venue_t *venue = world_venue(face->world);
    if (!stream_due(face, STREAM_PLACE_ALL, STREAM_ALL_BOOK, 5 * NS_PER_S))
        return;
    for (uint32_t i = 0; i < venue_instrument_count(venue); i++) {
        venue_event_t event = {.kind = VENUE_EVENT_QUOTE, .instrument = (instrument_id_t)i, .time_ns = venue_now(venue)};
        if (!face_trades(face, event.instrument) || !venue_quote(venue, event.instrument, &event.quote) ||
            event.quote.update_id == face->book_told[i])
            continue;
        face->book_told[i] = event.quote.update_id;
        stream_publish(face, STREAM_PLACE_ALL, STREAM_ALL_BOOK, quote_text(face, &event), false);
    }
}

static void write_levels(json_writer_t *writer, const char *key, const instrument_t *rules, const level_t *levels, uint32_t count)
{
    unsigned price_places = dec_places(rules->tick_size), quantity_places = dec_places(rules->lot_step);
    json_write_key(writer, key);
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        json_begin_array(writer);
        json_write_dec_places(writer, levels[i].price, price_places);
        json_write_dec_places(writer, levels[i].quantity, quantity_places);
        json_end_array(writer);
    }
    json_end_array(writer);
}

static str_t depth_text(face_t *face, instrument_id_t instrument, int64_t time_ns, const venue_depth_event_t *depth)
{
    frame_t frame = begin(face, instrument, "depthUpdate", time_ns);
    json_writer_t *writer = &frame.writer;
    write_ms(writer, "T", time_ns);
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_string(writer, "ps", frame.rules->symbol);
    json_field_u64(writer, "U", depth->first_id);
    json_field_u64(writer, "u", depth->last_id);
    json_field_u64(writer, "pu", depth->previous_id);
    write_levels(writer, "b", frame.rules, depth->bids, depth->bid_count);
    write_levels(writer, "a", frame.rules, depth->asks, depth->ask_count);
    json_field_i64(writer, "st", 1);
    return finish(&frame);
}

static void send_depth(face_t *face, const venue_event_t *event)
{
    str_t text = depth_text(face, event->instrument, event->time_ns, &event->depth);
    for (unsigned kind = STREAM_DEPTH; text.length > 0 && kind <= STREAM_DEPTH_0; kind++)
        stream_publish(face, event->instrument, (stream_kind_t)kind, text, false);
}

/* Partial books are whole pictures of the top levels. */
static void send_partial_depth(face_t *face, instrument_id_t instrument)
{
    static const struct {
        stream_kind_t first;
        uint32_t levels;
    } sizes[] = {{STREAM_DEPTH5, 5}, {STREAM_DEPTH10, 10}, {STREAM_DEPTH20, 20}};
    static const int64_t periods_ns[] = {250 * NS_PER_MS, 100 * NS_PER_MS, 500 * NS_PER_MS};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bool due[3];
        for (unsigned speed = 0; speed < 3; speed++)
            due[speed] = stream_due(face, instrument, (stream_kind_t)(sizes[i].first + speed), periods_ns[speed]);
        if (!due[0] && !due[1] && !due[2])
            continue;
        venue_depth_event_t depth = {.bids = face->rows.depth.bids, .asks = face->rows.depth.asks};
        depth.last_id = venue_depth(world_venue(face->world), instrument, sizes[i].levels, face->rows.depth.bids, &depth.bid_count,
                                    face->rows.depth.asks, &depth.ask_count);
        depth.first_id = depth.previous_id = depth.last_id;
        str_t text = depth_text(face, instrument, world_now_ns(face->world), &depth);
        for (unsigned speed = 0; speed < 3; speed++) {
            if (due[speed])
                stream_publish(face, instrument, (stream_kind_t)(sizes[i].first + speed), text, true);
        }
    }
}

/* --- marks and klines ------------------------------------------------------------------------- */

static void write_mark(json_writer_t *writer, const instrument_t *rules, const mark_t *mark)
{
    json_field_string(writer, "s", rules->symbol);
    write_money(writer, "p", mark->mark);
    write_money(writer, "i", mark->index);
    write_money(writer, "P", mark->index);
    write_money(writer, "r", mark->funding_rate);
    write_money(writer, "ap", mark->mark);
    write_ms(writer, "T", mark->funding_next_ns);
    json_field_i64(writer, "st", 1);
}

static str_t mark_text(face_t *face, instrument_id_t instrument, int64_t time_ns, const mark_t *mark)
{
    frame_t frame = begin(face, instrument, "markPriceUpdate", time_ns);
    write_mark(&frame.writer, frame.rules, mark);
    return finish(&frame);
}

/* Marks are told by the clock (timed_marks); at once only what a process in lockstep missed. */
static void note_mark(face_t *face, const venue_event_t *event)
{
    if (!face->only) {
        face->marks[event->instrument] = event->mark;
        return;
    }
    str_t text = mark_text(face, event->instrument, event->time_ns, &event->mark);
    stream_publish(face, event->instrument, STREAM_MARK, text, true);
    stream_publish(face, event->instrument, STREAM_MARK_1S, text, true);
}

/* As it changed last, so that it belongs to the quote that was told with it; the funding as it stands. */
static mark_t mark_to_tell(const face_t *face, instrument_id_t instrument)
{
    mark_t mark = venue_mark(world_venue(face->world), instrument);
    const mark_t *last = &face->marks[instrument];
    if (dec_sign(last->mark) > 0) {
        mark.mark = last->mark;
        mark.index = last->index;
    }
    return mark;
}

/* Whether it has changed or not; nothing before the first price. */
static str_t mark_now_text(face_t *face, instrument_id_t instrument)
{
    const mark_t mark = mark_to_tell(face, instrument);
    return dec_sign(mark.mark) > 0 ? mark_text(face, instrument, world_now_ns(face->world), &mark) : (str_t){0};
}

/* The bar; only the frame of the symbol's own stream repeats the symbol in it. */
static void write_kline(json_writer_t *writer, const instrument_t *rules, const venue_kline_t *kline, bool symbol)
{
    const candle_t *bar = &kline->candle;
    json_write_key(writer, "k");
    json_begin_object(writer);
    write_ms(writer, "t", bar->open_ns);
    json_field_i64(writer, "T", timeframe_next(kline->timeframe, bar->open_ns) / NS_PER_MS - 1);
    if (symbol)
        json_field_string(writer, "s", rules->symbol);
    json_field_string(writer, "i", timeframe_text(kline->timeframe));
    json_field_u64(writer, "f", kline->first_trade_id);
    json_field_u64(writer, "L", kline->last_trade_id);
    write_price(writer, "o", rules, bar->open);
    write_price(writer, "c", rules, bar->close);
    write_price(writer, "h", rules, bar->high);
    write_price(writer, "l", rules, bar->low);
    json_field_dec(writer, "v", bar->volume);
    json_field_u64(writer, "n", bar->trades);
    json_field_bool(writer, "x", bar->closed);
    json_field_dec_places(writer, "q", bar->quote_volume, 8);
    json_field_dec(writer, "V", kline->taker_base);
    json_field_dec_places(writer, "Q", kline->taker_quote, 8);
    json_field_string(writer, "B", "0");
    json_end_object(writer);
}

static void send_kline(face_t *face, const venue_event_t *event)
{
    stream_kind_t kind = (stream_kind_t)(STREAM_KLINE + event->kline.timeframe);
    if (!stream_wanted(face, event->instrument, kind))
        return;
    frame_t frame = begin(face, event->instrument, "kline", event->time_ns);
    json_field_string(&frame.writer, "s", frame.rules->symbol);
    write_kline(&frame.writer, frame.rules, &event->kline, true);
    stream_publish(face, event->instrument, kind, finish(&frame), false);
}

static void send_continuous_kline(face_t *face, const venue_event_t *event)
{
    stream_kind_t kind = (stream_kind_t)(STREAM_CONTINUOUS + event->kline.timeframe);
    if (!stream_wanted(face, event->instrument, kind))
        return;
    frame_t frame = begin(face, event->instrument, "continuous_kline", event->time_ns);
    json_field_string(&frame.writer, "ps", frame.rules->symbol);
    json_field_string(&frame.writer, "ct", "PERPETUAL");
    write_kline(&frame.writer, frame.rules, &event->kline, false);
    stream_publish(face, event->instrument, kind, finish(&frame), false);
}

/* --- what changes about a symbol -------------------------------------------------------------- */

static void write_brackets(json_writer_t *writer, const instrument_t *rules)
{
    json_write_key(writer, "bks");
    json_begin_array(writer);
    for (uint32_t i = 0; i < rules->bracket_count; i++) {
        const leverage_bracket_t *row = &rules->brackets[i];
        json_begin_object(writer);
        json_field_u64(writer, "bs", i + 1);
        json_write_key(writer, "bnf");
        json_write_dec_number(writer, row->notional_floor);
        json_write_key(writer, "bnc");
        json_write_dec_number(writer, row->notional_cap);
        json_write_key(writer, "mmr");
        json_write_dec_number(writer, row->maintenance_rate);
        json_write_key(writer, "cf");
        json_write_dec_number(writer, row->maintenance_cum);
        json_field_u64(writer, "mi", i + 1 < rules->bracket_count ? rules->brackets[i + 1].leverage_max + 1 : 1);
        json_field_u64(writer, "ma", row->leverage_max);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* Its brackets only when it is these that changed. */
static void send_contract(face_t *face, const venue_event_t *event)
{
    if (!stream_wanted(face, STREAM_PLACE_ALL, STREAM_ALL_CONTRACTS))
        return;
    frame_t frame = begin(face, event->instrument, "contractInfo", event->time_ns);
    json_writer_t *writer = &frame.writer;
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_string(writer, "ps", frame.rules->symbol);
    json_field_string(writer, "ct", "PERPETUAL");
    json_field_i64(writer, "dt", NO_DELIVERY_MS);
    write_ms(writer, "ot", world_first_ns(face->world, event->instrument));
    json_field_string(writer, "cs", usdm_symbol_status(world_venue(face->world), event->instrument));
    if (event->kind == VENUE_EVENT_RULES && event->brackets)
        write_brackets(writer, frame.rules);
    stream_publish(face, STREAM_PLACE_ALL, STREAM_ALL_CONTRACTS, finish(&frame), false);
}

static void send_liquidation(face_t *face, const venue_event_t *event)
{
    const venue_order_t *order = &event->liquidation.order;
    frame_t frame = begin(face, event->instrument, "forceOrder", event->time_ns);
    json_writer_t *writer = &frame.writer;
    json_write_key(writer, "o");
    json_begin_object(writer);
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_string(writer, "S", word_side(order->side));
    json_field_string(writer, "o", "LIMIT");
    json_field_string(writer, "f", "IOC");
    write_quantity(writer, "q", frame.rules, order->quantity);
    write_price(writer, "p", frame.rules, order->price);
    write_price(writer, "ap", frame.rules, event->liquidation.average_price);
    json_field_string(writer, "X", word_status(order->status));
    write_quantity(writer, "l", frame.rules, event->liquidation.last_quantity);
    write_quantity(writer, "z", frame.rules, event->liquidation.filled);
    write_ms(writer, "T", event->time_ns);
    json_end_object(writer);
    json_field_string(writer, "ps", frame.rules->symbol);
    json_field_i64(writer, "st", 1);
    str_t text = finish(&frame);
    stream_publish(face, event->instrument, STREAM_FORCE, text, false);
    stream_publish(face, STREAM_PLACE_ALL, STREAM_ALL_FORCE, text, false);
}

void stream_market_event(face_t *face, const venue_event_t *event)
{
    switch (event->kind) {
    case VENUE_EVENT_TRADE:
        if (stream_wanted(face, event->instrument, STREAM_AGG_TRADE))
            send_agg_trade(face, event);
        if (stream_wanted(face, event->instrument, STREAM_TRADE))
            send_trade(face, event);
        break;
    case VENUE_EVENT_QUOTE:
        send_quote(face, event);
        break;
    case VENUE_EVENT_DEPTH:
        send_depth(face, event);
        break;
    case VENUE_EVENT_MARK:
        note_mark(face, event);
        break;
    case VENUE_EVENT_KLINE:
        send_kline(face, event);
        send_continuous_kline(face, event);
        break;
    case VENUE_EVENT_LIQUIDATION:
        send_liquidation(face, event);
        break;
    case VENUE_EVENT_STATUS:
    case VENUE_EVENT_RULES:
        send_contract(face, event);
        break;
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

/* --- tickers ---------------------------------------------------------------------------------- */

static str_t mini_text(face_t *face, instrument_id_t instrument)
{
    ticker_t ticker;
    if (!ticker_make(face->world, instrument, face->rows.klines, &ticker))
        return (str_t){0};
    frame_t frame = begin(face, instrument, "24hrMiniTicker", ticker.close_ns);
    json_writer_t *writer = &frame.writer;
    json_field_string(writer, "s", frame.rules->symbol);
    write_price(writer, "c", frame.rules, ticker.last);
    write_price(writer, "o", frame.rules, ticker.open);
    write_price(writer, "h", frame.rules, ticker.high);
    write_price(writer, "l", frame.rules, ticker.low);
    json_field_dec(writer, "v", ticker.volume);
    json_field_dec_places(writer, "q", ticker.quote_volume, 2);
    json_field_string(writer, "ps", frame.rules->symbol);
    json_field_i64(writer, "st", 1);
    return finish(&frame);
}

static str_t ticker_text(face_t *face, instrument_id_t instrument)
{
    ticker_t ticker;
    if (!ticker_make(face->world, instrument, face->rows.klines, &ticker))
        return (str_t){0};
    frame_t frame = begin(face, instrument, "24hrTicker", ticker.close_ns);
    json_writer_t *writer = &frame.writer;
    json_field_string(writer, "s", frame.rules->symbol);
    json_field_string(writer, "ps", frame.rules->symbol);
    write_price(writer, "p", frame.rules, ticker_change(&ticker));
    json_field_dec_places(writer, "P", ticker_change_pct(&ticker), 3);
    json_field_dec_places(writer, "w", ticker_average(&ticker), dec_places(frame.rules->tick_size));
    write_price(writer, "c", frame.rules, ticker.last);
    write_quantity(writer, "Q", frame.rules, ticker.last_quantity);
    write_price(writer, "o", frame.rules, ticker.open);
    write_price(writer, "h", frame.rules, ticker.high);
    write_price(writer, "l", frame.rules, ticker.low);
    json_field_dec(writer, "v", ticker.volume);
    json_field_dec_places(writer, "q", ticker.quote_volume, 2);
    write_ms(writer, "O", ticker.open_ns);
    write_ms(writer, "C", ticker.close_ns);
    json_field_u64(writer, "F", ticker.first_trade_id);
    json_field_u64(writer, "L", ticker.last_trade_id);
    json_field_u64(writer, "n", ticker.trades);
    json_field_i64(writer, "st", 1);
    return finish(&frame);
}

/* --- what the clock tells --------------------------------------------------------------------- */

static const timed_stream_t timed_marks[] = {{STREAM_MARK_1S, STREAM_ALL_MARK_1S, NS_PER_S, NS_PER_S, mark_now_text},
                                             {STREAM_MARK, STREAM_ALL_MARK, 3 * NS_PER_S, 3 * NS_PER_S, mark_now_text}};
static const timed_stream_t timed_tickers[] = {{STREAM_MINI, STREAM_ALL_MINI, 2 * NS_PER_S, NS_PER_S, mini_text},
                                               {STREAM_TICKER, STREAM_ALL_TICKER, 2 * NS_PER_S, NS_PER_S, ticker_text}};

void stream_after_advance(face_t *face)
{
    uint32_t count = venue_instrument_count(world_venue(face->world));
    stream_send_timed(face, timed_marks, sizeof timed_marks / sizeof timed_marks[0]);
    send_all_quotes(face);
    stream_send_timed(face, timed_tickers, sizeof timed_tickers / sizeof timed_tickers[0]);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(face, (instrument_id_t)i))
            send_partial_depth(face, (instrument_id_t)i);
    }
}

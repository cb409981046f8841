/* ticker.c: the ticker endpoints. */
#include "edge/face/binance/ticker.h"

#include "edge/face/binance_usdm/usdm_parts.h"

/* Calls `write` for the named symbol as an object, or for all as an array. */
static void for_symbols(call_t *call, void (*write)(call_t *call, instrument_id_t instrument))
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_OPTIONAL, &instrument))
        return;
    if (instrument != INSTRUMENT_NONE) {
        write(call, instrument);
        return;
    }
    uint32_t count = venue_instrument_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(call->face, (instrument_id_t)i))
            write(call, (instrument_id_t)i);
    }
    json_end_array(&call->writer);
}

static void write_24h(call_t *call, instrument_id_t instrument)
{
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    json_writer_t *writer = &call->writer;
    ticker_t ticker = {0};
    (void)ticker_make(call->world, instrument, call->face->rows.klines, &ticker);
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    write_price(writer, "priceChange", rules, ticker_change(&ticker));
    json_field_dec_places(writer, "priceChangePercent", dec_is_zero(ticker.open) ? DEC_ZERO : ticker_change_pct(&ticker), 3);
    json_field_dec_places(writer, "weightedAvgPrice", ticker_average(&ticker), dec_places(rules->tick_size));
    write_price(writer, "lastPrice", rules, ticker.last);
    write_quantity(writer, "lastQty", rules, ticker.last_quantity);
    write_price(writer, "openPrice", rules, ticker.open);
    write_price(writer, "highPrice", rules, ticker.high);
    write_price(writer, "lowPrice", rules, ticker.low);
    json_field_dec(writer, "volume", ticker.volume);
    json_field_dec_places(writer, "quoteVolume", ticker.quote_volume, 2);
    write_ms(writer, "openTime", ticker.open_ns);
    write_ms(writer, "closeTime", ticker.close_ns);
    json_field_u64(writer, "firstId", ticker.first_trade_id);
    json_field_u64(writer, "lastId", ticker.last_trade_id);
    json_field_u64(writer, "count", ticker.trades);
    json_end_object(writer);
}

void handle_ticker_24h(call_t *call)
{
    for_symbols(call, write_24h);
}

static void write_last(call_t *call, instrument_id_t instrument)
{
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", rules->symbol);
    write_price(&call->writer, "price", rules, venue_last_price(call->venue, instrument));
    write_ms(&call->writer, "time", venue_now(call->venue));
    json_end_object(&call->writer);
}

void handle_ticker_price(call_t *call)
{
    for_symbols(call, write_last);
}

void handle_ticker_price_v2(call_t *call)
{
    for_symbols(call, write_last);
}

static void write_book(call_t *call, instrument_id_t instrument)
{
    const instrument_t *rules = venue_instrument_at(call->venue, instrument);
    quote_t quote = {0};
    (void)venue_quote(call->venue, instrument, &quote);
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", rules->symbol);
    write_price(&call->writer, "bidPrice", rules, quote.bid);
    write_quantity(&call->writer, "bidQty", rules, quote.bid_quantity);
    write_price(&call->writer, "askPrice", rules, quote.ask);
    write_quantity(&call->writer, "askQty", rules, quote.ask_quantity);
    write_ms(&call->writer, "time", venue_now(call->venue));
    json_field_u64(&call->writer, "lastUpdateId", quote.update_id);
    json_end_object(&call->writer);
}

void handle_ticker_book(call_t *call)
{
    for_symbols(call, write_book);
}

/* spot_ticker.c: the ticker endpoints. */
#include "edge/face/binance_spot/spot_face_parts.h"
#include "edge/face/binance_spot/spot_zone.h"

uint32_t weigh_spot_ticker_24h(const call_t *call)
{
    uint32_t count = spot_symbols_asked(call, 1000);
    return count <= 20 ? 2 : count <= 100 ? 40 : 80;
}

uint32_t weigh_spot_2_4(const call_t *call)
{
    return call_has(call, "symbol") ? 2 : 4;
}

uint32_t weigh_spot_window(const call_t *call)
{
    uint32_t count = spot_symbols_asked(call, 1);
    return count < 50 ? 4 * count : 200;
}

static void write_mini(call_t *call, const ticker_t *ticker)
{
    json_writer_t *writer = &call->writer;
    write_money(writer, "openPrice", ticker->open);
    write_money(writer, "highPrice", ticker->high);
    write_money(writer, "lowPrice", ticker->low);
    write_money(writer, "lastPrice", ticker->last);
    write_money(writer, "volume", ticker->volume);
    write_money(writer, "quoteVolume", ticker->quote_volume);
    write_ms(writer, "openTime", ticker->open_ns);
    write_ms(writer, "closeTime", ticker->close_ns);
    json_field_u64(writer, "firstId", ticker->first_trade_id);
    json_field_u64(writer, "lastId", ticker->last_trade_id);
    json_field_u64(writer, "count", ticker->trades);
}

static void write_change(call_t *call, const ticker_t *ticker)
{
    json_writer_t *writer = &call->writer;
    write_money(writer, "priceChange", ticker_change(ticker));
    json_field_dec_places(writer, "priceChangePercent", dec_is_zero(ticker->open) ? DEC_ZERO : ticker_change_pct(ticker), 3);
    write_money(writer, "weightedAvgPrice", ticker_average(ticker));
}

typedef enum { TICKER_DAY, TICKER_WINDOW } ticker_form_t;

static void write_ticker(call_t *call, instrument_id_t instrument, const ticker_t *ticker, ticker_form_t form, bool full)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, instrument)->symbol);
    if (full)
        write_change(call, ticker);
    if (full && form == TICKER_DAY) {
        quote_t quote = {0};
        (void)venue_quote(call->venue, instrument, &quote);
        write_money(writer, "prevClosePrice", ticker->open);
        write_money(writer, "lastQty", ticker->last_quantity);
        write_money(writer, "bidPrice", quote.bid);
        write_money(writer, "bidQty", quote.bid_quantity);
        write_money(writer, "askPrice", quote.ask);
        write_money(writer, "askQty", quote.ask_quantity);
    }
    write_mini(call, ticker);
    json_end_object(writer);
}

static bool read_type(call_t *call, bool *full)
{
    str_t word = {0};
    if (!call_text(call, "type", PARAM_OPTIONAL, &word))
        return false;
    *full = !str_eq(word, STR("MINI"));
    return word.length == 0 || !*full || str_eq(word, STR("FULL")) || call_fail(call, 400, -1139, "Invalid ticker type.");
}

static void write_tickers(call_t *call, const spot_symbols_t *symbols, int64_t window_ns, ticker_form_t form, bool full)
{
    if (!symbols->one)
        json_begin_array(&call->writer);
    for (uint32_t i = 0; i < symbols->count; i++) {
        ticker_t ticker = {0};
        (void)ticker_make_window(call->world, symbols->ids[i], window_ns, call->face->rows.klines, &ticker);
        write_ticker(call, symbols->ids[i], &ticker, form, full);
    }
    if (!symbols->one)
        json_end_array(&call->writer);
}

void handle_spot_ticker_24h(call_t *call)
{
    spot_symbols_t symbols;
    bool full = true;
    if (spot_read_symbols(call, &symbols) && spot_keep_status(call, &symbols) && read_type(call, &full))
        write_tickers(call, &symbols, NS_PER_DAY, TICKER_DAY, full);
}

/* 1m..59m, 1h..23h, 1d..7d */
static bool read_window(call_t *call, int64_t *window_ns)
{
    str_t word = {0};
    uint64_t number = 0;
    *window_ns = NS_PER_DAY;
    if (!call_text(call, "windowSize", PARAM_OPTIONAL, &word))
        return false;
    if (word.length == 0)
        return true;
    char unit = word.bytes[word.length - 1];
    bool read = str_to_u64((str_t){word.bytes, word.length - 1}, &number) == RESULT_OK;
    uint64_t most = unit == 'm' ? 59 : unit == 'h' ? 23 : unit == 'd' ? 7 : 0;
    if (!read || number == 0 || number > most)
        return call_fail(call, 400, -1130, "Data sent for parameter 'windowSize' is not valid.");
    *window_ns = (int64_t)number * (unit == 'm' ? NS_PER_MIN : unit == 'h' ? NS_PER_HOUR : NS_PER_DAY);
    return true;
}

static bool read_named_symbols(call_t *call, spot_symbols_t *symbols)
{
    if (!call_has(call, "symbol") && !call_has(call, "symbols"))
        return call_fail(call, 400, -1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!");
    return spot_read_symbols(call, symbols) && spot_keep_status(call, symbols);
}

/* The day that runs, in its zone; it closes when it will be over. */
void handle_spot_trading_day(call_t *call)
{
    spot_symbols_t symbols;
    int64_t ahead_ns = 0;
    bool full = true;
    if (!read_named_symbols(call, &symbols) || !spot_read_zone(call, &ahead_ns) || !read_type(call, &full))
        return;
    const int64_t open_ns = spot_zone_open(TF_1D, ahead_ns, venue_now(call->venue));
    if (!symbols.one)
        json_begin_array(&call->writer);
    for (uint32_t i = 0; i < symbols.count; i++) {
        ticker_t ticker = {0};
        (void)ticker_make_since(call->world, symbols.ids[i], open_ns, call->face->rows.klines, &ticker);
        ticker.open_ns = open_ns;
        ticker.close_ns = open_ns + NS_PER_DAY - 1;
        write_ticker(call, symbols.ids[i], &ticker, TICKER_WINDOW, full);
    }
    if (!symbols.one)
        json_end_array(&call->writer);
}

void handle_spot_ticker(call_t *call)
{
    spot_symbols_t symbols;
    int64_t window_ns = 0;
    bool full = true;
    if (read_named_symbols(call, &symbols) && read_window(call, &window_ns) && read_type(call, &full))
        write_tickers(call, &symbols, window_ns, TICKER_WINDOW, full);
}

static void for_each(call_t *call, void (*write)(call_t *call, instrument_id_t instrument))
{
    spot_symbols_t symbols;
    if (!spot_read_symbols(call, &symbols) || !spot_keep_status(call, &symbols))
        return;
    if (!symbols.one)
        json_begin_array(&call->writer);
    for (uint32_t i = 0; i < symbols.count; i++)
        write(call, symbols.ids[i]);
    if (!symbols.one)
        json_end_array(&call->writer);
}

static void write_last(call_t *call, instrument_id_t instrument)
{
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", spot_rules(call, instrument)->symbol);
    write_money(&call->writer, "price", venue_last_price(call->venue, instrument));
    json_end_object(&call->writer);
}

void handle_spot_ticker_price(call_t *call)
{
    for_each(call, write_last);
}

static void write_book(call_t *call, instrument_id_t instrument)
{
    quote_t quote = {0};
    (void)venue_quote(call->venue, instrument, &quote);
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", spot_rules(call, instrument)->symbol);
    write_money(&call->writer, "bidPrice", quote.bid);
    write_money(&call->writer, "bidQty", quote.bid_quantity);
    write_money(&call->writer, "askPrice", quote.ask);
    write_money(&call->writer, "askQty", quote.ask_quantity);
    json_end_object(&call->writer);
}

void handle_spot_ticker_book(call_t *call)
{
    for_each(call, write_book);
}

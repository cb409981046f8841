/* spot_market.c: depth, trades, klines, average price. */
#include "edge/face/binance_spot/spot_face_parts.h"
#include "edge/face/binance_spot/spot_zone.h"

/* Raw value of a parameter as a number, for weights: they are counted before anything is checked. */
uint32_t weigh_spot_depth(const call_t *call)
{
    uint64_t limit = 100;
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (str_eq(call->params[i].name, STR("limit")))
            (void)str_to_u64(call->params[i].value, &limit);
    }
    return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
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

void handle_spot_depth(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 100;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_u64(call, "limit", PARAM_OPTIONAL, &limit))
        return;
    if (limit == 0) {
        call_fail(call, 400, -1130, "Data sent for parameter 'limit' is not valid.");
        return;
    }
    level_t *bids = call->face->rows.depth.bids, *asks = call->face->rows.depth.asks;
    uint32_t bid_count = 0, ask_count = 0;
    uint64_t last_id = venue_depth(call->venue, instrument, limit > DEPTH_REPLY_MAX ? DEPTH_REPLY_MAX : (uint32_t)limit, bids,
                                   &bid_count, asks, &ask_count);
    json_begin_object(&call->writer);
    json_field_u64(&call->writer, "lastUpdateId", last_id);
    write_levels(&call->writer, "bids", bids, bid_count);
    write_levels(&call->writer, "asks", asks, ask_count);
    json_end_object(&call->writer);
}

void handle_spot_trades(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 500, from = 0;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_limit(call, 1000, &limit) ||
        !call_u64(call, "fromId", PARAM_OPTIONAL, &from))
        return;
    venue_trade_t *rows = call->face->rows.trades;
    uint32_t count = venue_trades(call->venue, instrument, from, rows, (uint32_t)limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        dec_t quote = DEC_ZERO;
        (void)dec_mul(rows[i].price, rows[i].quantity, DEC_ROUND_DOWN, &quote);
        json_begin_object(&call->writer);
        json_field_u64(&call->writer, "id", rows[i].id);
        write_money(&call->writer, "price", rows[i].price);
        write_money(&call->writer, "qty", rows[i].quantity);
        write_money(&call->writer, "quoteQty", quote);
        write_ms(&call->writer, "time", rows[i].time_ns);
        json_field_bool(&call->writer, "isBuyerMaker", rows[i].buyer_is_maker);
        json_field_bool(&call->writer, "isBestMatch", true);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

static void write_agg_trade(json_writer_t *writer, const venue_trade_t *trade)
{
    json_begin_object(writer);
    json_field_u64(writer, "a", trade->id);
    write_money(writer, "p", trade->price);
    write_money(writer, "q", trade->quantity);
    json_field_u64(writer, "f", trade->id);
    json_field_u64(writer, "l", trade->id);
    write_ms(writer, "T", trade->time_ns);
    json_field_bool(writer, "m", trade->buyer_is_maker);
    json_field_bool(writer, "M", true);
    json_end_object(writer);
}

/* Each trade of the venue's ring is its own aggregate. */
void handle_spot_agg_trades(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 500, from = 0, written = 0;
    int64_t start_ns = 0, end_ns = INT64_MAX;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_limit(call, 1000, &limit) ||
        !call_u64(call, "fromId", PARAM_OPTIONAL, &from) || !call_time(call, "startTime", PARAM_OPTIONAL, &start_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &end_ns))
        return;
    bool by_time = start_ns != 0 || end_ns != INT64_MAX;
    if (by_time && call_has(call, "fromId")) {
        call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
        return;
    }
    venue_trade_t *rows = call->face->rows.trades;
    uint32_t count = venue_trades(call->venue, instrument, from, rows, by_time ? ROWS_MAX : (uint32_t)limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count && written < limit; i++) {
        if (rows[i].time_ns < start_ns || rows[i].time_ns > end_ns)
            continue;
        write_agg_trade(&call->writer, &rows[i]);
        written++;
    }
    json_end_array(&call->writer);
}

static void write_kline(void *context, const venue_kline_t *kline, int64_t end_ns)
{
    json_writer_t *writer = context;
    const candle_t *bar = &kline->candle;
    json_begin_array(writer);
    time_form_write(writer, bar->open_ns);
    json_write_dec_places(writer, bar->open, 8);
    json_write_dec_places(writer, bar->high, 8);
    json_write_dec_places(writer, bar->low, 8);
    json_write_dec_places(writer, bar->close, 8);
    json_write_dec_places(writer, bar->volume, 8);
    time_form_write(writer, end_ns - 1);
    json_write_dec_places(writer, bar->quote_volume, 8);
    json_write_u64(writer, bar->trades);
    json_write_dec_places(writer, kline->taker_base, 8);
    json_write_dec_places(writer, kline->taker_quote, 8);
    json_write_text(writer, STR("0"));
    json_end_array(writer);
}

/* "1s" is of this product alone. */
static bool is_second(const call_t *call)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (str_eq(call->params[i].name, STR("interval")))
            return str_eq(call->params[i].value, STR("1s"));
    }
    return false;
}

/* uiKlines are the same bars: they differ at the exchange in nothing that is documented. */
void handle_spot_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    timeframe_t timeframe = TF_1H;
    uint64_t limit = 500;
    int64_t start_ns = 0, end_ns = venue_now(call->venue), ahead_ns = 0;
    str_t second = {0};
    bool seconds = is_second(call);
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) ||
        !(seconds ? call_text(call, "interval", PARAM_MANDATORY, &second) : call_timeframe(call, "interval", &timeframe)) ||
        !call_limit(call, 1000, &limit) || !call_time(call, "startTime", PARAM_OPTIONAL, &start_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &end_ns) || !spot_read_zone(call, &ahead_ns))
        return;
    if (!seconds && !spot_zone_is_utc(timeframe, ahead_ns)) {
        spot_zone_bars_t wanted = {instrument, timeframe, ahead_ns, start_ns, end_ns, (uint32_t)limit};
        json_begin_array(&call->writer);
        spot_zone_klines(call->world, call->face->rows.klines, &wanted, write_kline, &call->writer);
        json_end_array(&call->writer);
        return;
    }
    venue_kline_t *rows = call->face->rows.klines;
    const venue_history_t *history = world_history(call->world, instrument);
    uint32_t count = seconds ? venue_seconds(call->venue, instrument, history, start_ns, end_ns, rows, (uint32_t)limit)
                             : venue_klines(call->venue, instrument, history, timeframe, start_ns, end_ns, rows, (uint32_t)limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        int64_t open_ns = rows[i].candle.open_ns;
        write_kline(&call->writer, &rows[i], seconds ? open_ns + NS_PER_S : timeframe_next(rows[i].timeframe, open_ns));
    }
    json_end_array(&call->writer);
}

void handle_spot_average(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    json_begin_object(&call->writer);
    json_field_i64(&call->writer, "mins", SPOT_AVERAGE_MINUTES);
    write_money(&call->writer, "price", spot_average_price(call->venue, instrument));
    write_ms(&call->writer, "closeTime", venue_now(call->venue));
    json_end_object(&call->writer);
}

/* market.c: depth, trades, klines, mark price and funding. */
#include "edge/face/binance_usdm/usdm_parts.h"

static const instrument_t *rules_of(const call_t *call, instrument_id_t instrument)
{
    return venue_instrument_at(call->venue, instrument);
}

/* Raw value of a parameter as a number, for weights: they are counted before anything is checked. */
static uint64_t peek_limit(const call_t *call, uint64_t absent)
{
    uint64_t value = absent;
    for (uint32_t i = 0; i < call->param_count; i++) {
        if (str_eq(call->params[i].name, STR("limit")))
            (void)str_to_u64(call->params[i].value, &value);
    }
    return value;
}

/* Measured on the live host: without a limit the depth costs 1, the klines cost 5. */
uint32_t weigh_depth(const call_t *call)
{
    uint64_t limit = peek_limit(call, 0);
    if (limit == 0)
        return 1;
    return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}

uint32_t weigh_klines(const call_t *call)
{
    uint64_t limit = peek_limit(call, 500);
    return limit <= 100 ? 1 : limit <= 500 ? 2 + 3 * (uint32_t)!call_has(call, "limit") : limit <= 1000 ? 5 : 10;
}

uint32_t weigh_symbol_1_40(const call_t *call)
{
    return call_has(call, "symbol") ? 1 : 40;
}

uint32_t weigh_symbol_1_10(const call_t *call)
{
    return call_has(call, "symbol") ? 1 : 10;
}

uint32_t weigh_symbol_20_50(const call_t *call)
{
    return call_has(call, "symbol") ? 20 : 50;
}

uint32_t weigh_symbol_1_2(const call_t *call)
{
    return call_has(call, "symbol") ? 1 : 2;
}

uint32_t weigh_symbol_2_5(const call_t *call)
{
    return call_has(call, "symbol") ? 2 : 5;
}

static void write_levels(json_writer_t *writer, const char *key, const instrument_t *rules, const level_t *levels, uint32_t count)
{
    json_write_key(writer, key);
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        json_begin_array(writer);
        json_write_dec_places(writer, levels[i].price, dec_places(rules->tick_size));
        json_write_dec_places(writer, levels[i].quantity, dec_places(rules->lot_step));
        json_end_array(writer);
    }
    json_end_array(writer);
}

void handle_depth(call_t *call)
{
    static const uint64_t allowed[] = {5, 10, 20, 50, 100, 500, 1000};
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 500;
    bool valid = false;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_u64(call, "limit", PARAM_OPTIONAL, &limit))
        return;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        valid = valid || allowed[i] == limit;
    if (!valid) {
        char text[64] = "", number[24];
        str_from_u64(limit, number);
        (void)str_copy(str_from(number), text, sizeof text);
        size_t length = str_from(text).length;
        (void)str_copy(STR(" is not valid depth limit"), text + length, sizeof text - length);
        call_fail(call, 400, -4021, text);
        return;
    }
    level_t *bids = call->face->rows.depth.bids, *asks = call->face->rows.depth.asks;
    uint32_t bid_count = 0, ask_count = 0;
    uint64_t last_id = venue_depth(call->venue, instrument, (uint32_t)limit, bids, &bid_count, asks, &ask_count);
    const instrument_t *rules = rules_of(call, instrument);
    json_begin_object(&call->writer);
    json_field_u64(&call->writer, "lastUpdateId", last_id);
    write_ms(&call->writer, "E", venue_now(call->venue));
    write_ms(&call->writer, "T", venue_now(call->venue));
    write_levels(&call->writer, "bids", rules, bids, bid_count);
    write_levels(&call->writer, "asks", rules, asks, ask_count);
    json_end_object(&call->writer);
}

void handle_trades(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 500, from = 0;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_limit(call, 1000, &limit) ||
        !call_u64(call, "fromId", PARAM_OPTIONAL, &from))
        return;
    venue_trade_t *rows = call->face->rows.trades;
    const instrument_t *rules = rules_of(call, instrument);
    uint32_t count = venue_trades(call->venue, instrument, from, rows, (uint32_t)limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        dec_t quote = DEC_ZERO;
        (void)dec_mul(rows[i].price, rows[i].quantity, DEC_ROUND_DOWN, &quote);
        json_begin_object(&call->writer);
        json_field_u64(&call->writer, "id", rows[i].id);
        write_price(&call->writer, "price", rules, rows[i].price);
        write_quantity(&call->writer, "qty", rules, rows[i].quantity);
        json_field_dec(&call->writer, "quoteQty", quote);
        write_ms(&call->writer, "time", rows[i].time_ns);
        json_field_bool(&call->writer, "isBuyerMaker", rows[i].buyer_is_maker);
        json_field_bool(&call->writer, "isRPITrade", false);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

/* Each trade of the venue's ring is its own aggregate. */
void handle_agg_trades(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 500, from = 0;
    int64_t start_ns = 0, end_ns = INT64_MAX;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_limit(call, 1000, &limit) ||
        !call_u64(call, "fromId", PARAM_OPTIONAL, &from) || !call_time(call, "startTime", PARAM_OPTIONAL, &start_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &end_ns))
        return;
    if (start_ns != 0 && venue_now(call->venue) - start_ns > 48 * NS_PER_HOUR) {
        call_fail(call, 400, -4166, "Search window is restricted to recent 2 days");
        return;
    }
    venue_trade_t *rows = call->face->rows.trades;
    const instrument_t *rules = rules_of(call, instrument);
    uint32_t count = venue_trades(call->venue, instrument, from, rows, start_ns != 0 ? ROWS_MAX : (uint32_t)limit);
    uint64_t written = 0;
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count && written < limit; i++) {
        if (rows[i].time_ns < start_ns || rows[i].time_ns > end_ns)
            continue;
        written++;
        json_begin_object(&call->writer);
        json_field_u64(&call->writer, "a", rows[i].id);
        write_price(&call->writer, "p", rules, rows[i].price);
        write_quantity(&call->writer, "q", rules, rows[i].quantity);
        write_quantity(&call->writer, "nq", rules, rows[i].quantity);
        json_field_u64(&call->writer, "f", rows[i].id);
        json_field_u64(&call->writer, "l", rows[i].id);
        write_ms(&call->writer, "T", rows[i].time_ns);
        json_field_bool(&call->writer, "m", rows[i].buyer_is_maker);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

static void write_kline(call_t *call, const instrument_t *rules, const venue_kline_t *kline)
{
    json_writer_t *writer = &call->writer;
    const candle_t *bar = &kline->candle;
    unsigned places = dec_places(rules->tick_size);
    json_begin_array(writer);
    json_write_i64(writer, bar->open_ns / NS_PER_MS);
    json_write_dec_places(writer, bar->open, places);
    json_write_dec_places(writer, bar->high, places);
    json_write_dec_places(writer, bar->low, places);
    json_write_dec_places(writer, bar->close, places);
    json_write_dec(writer, bar->volume);
    json_write_i64(writer, timeframe_next(kline->timeframe, bar->open_ns) / NS_PER_MS - 1);
    json_write_dec_places(writer, bar->quote_volume, 8);
    json_write_u64(writer, bar->trades);
    json_write_dec(writer, kline->taker_base);
    json_write_dec_places(writer, kline->taker_quote, 8);
    json_write_text(writer, STR("0"));
    json_end_array(writer);
}

static void write_klines(call_t *call, instrument_id_t instrument)
{
    uint32_t count = read_klines(call, instrument, "interval", ROWS_MAX, KLINES_USUAL);
    if (count == UINT32_MAX)
        return;
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++)
        write_kline(call, rules_of(call, instrument), &call->face->rows.klines[i]);
    json_end_array(&call->writer);
}

void handle_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (call_symbol(call, PARAM_MANDATORY, &instrument))
        write_klines(call, instrument);
}

/* Every contract here is perpetual, so its own bars are the continuous ones. */
void handle_continuous_klines(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    str_t type = {0};
    if (!call_pair(call, &instrument) || !call_text(call, "contractType", PARAM_MANDATORY, &type))
        return;
    if (str_eq(type, STR("PERPETUAL")))
        write_klines(call, instrument);
    else
        call_fail(call, 400, -4104, "Invalid contract type");
}

/* The fund of each asset and the symbols it stands behind. */
void handle_insurance(call_t *call)
{
    uint32_t assets = venue_asset_count(call->venue), count = venue_instrument_count(call->venue);
    json_writer_t *writer = &call->writer;
    json_begin_array(writer);
    for (uint32_t asset = 0; asset < assets; asset++) {
        venue_money_t money;
        const char *name = venue_asset_name(call->venue, (venue_asset_t)asset);
        if (venue_check_money(call->venue, (venue_asset_t)asset, &money) != RESULT_OK)
            continue;
        json_begin_object(writer);
        json_write_key(writer, "symbols");
        json_begin_array(writer);
        for (uint32_t i = 0; i < count; i++) {
            const instrument_t *rules = rules_of(call, (instrument_id_t)i);
            if (face_trades(call->face, (instrument_id_t)i) && str_eq(str_from(rules->settle), str_from(name)))
                json_write_text(writer, str_from(rules->symbol));
        }
        json_end_array(writer);
        json_write_key(writer, "assets");
        json_begin_array(writer);
        json_begin_object(writer);
        json_field_string(writer, "asset", name);
        write_money(writer, "marginBalance", money.insurance);
        write_ms(writer, "updateTime", venue_now(call->venue));
        json_end_object(writer);
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_premium(call_t *call, instrument_id_t instrument)
{
    mark_t mark = venue_mark(call->venue, instrument);
    const instrument_t *rules = rules_of(call, instrument);
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    write_money(writer, "markPrice", mark.mark);
    write_money(writer, "indexPrice", mark.index);
    write_money(writer, "estimatedSettlePrice", mark.index);
    write_money(writer, "lastFundingRate", mark.funding_rate);
    write_money(writer, "interestRate", dec_from_scaled(1, 4));
    write_ms(writer, "nextFundingTime", mark.funding_next_ns);
    write_ms(writer, "time", venue_now(call->venue));
    json_end_object(writer);
}

void handle_premium_index(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_OPTIONAL, &instrument))
        return;
    if (instrument != INSTRUMENT_NONE) {
        write_premium(call, instrument);
        return;
    }
    uint32_t count = venue_instrument_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(call->face, (instrument_id_t)i))
            write_premium(call, (instrument_id_t)i);
    }
    json_end_array(&call->writer);
}

static uint64_t write_fundings(call_t *call, instrument_id_t instrument, int64_t start_ns, int64_t end_ns, uint64_t limit)
{
    venue_funding_t *rows = call->face->rows.fundings;
    uint32_t count = venue_fundings(call->venue, instrument, rows, ROWS_MAX);
    uint64_t written = 0;
    /* With a start the oldest come first; without one the newest are wanted, still ascending. */
    for (uint32_t i = start_ns == 0 && count > limit ? count - (uint32_t)limit : 0; i < count && written < limit; i++) {
        if (rows[i].time_ns < start_ns || rows[i].time_ns > end_ns)
            continue;
        json_begin_object(&call->writer);
        json_field_string(&call->writer, "symbol", rules_of(call, instrument)->symbol);
        write_ms(&call->writer, "fundingTime", rows[i].time_ns);
        write_money(&call->writer, "fundingRate", rows[i].rate);
        write_money(&call->writer, "markPrice", rows[i].mark_price);
        json_field_string(&call->writer, "rateType", "NORMAL");
        json_end_object(&call->writer);
        written++;
    }
    return written;
}

void handle_funding_rate(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t limit = 200;
    int64_t start_ns = 0, end_ns = INT64_MAX;
    if (!call_symbol(call, PARAM_OPTIONAL, &instrument) || !call_limit(call, 1000, &limit) ||
        !call_time(call, "startTime", PARAM_OPTIONAL, &start_ns) || !call_time(call, "endTime", PARAM_OPTIONAL, &end_ns))
        return;
    uint32_t first = instrument != INSTRUMENT_NONE ? instrument : 0;
    uint32_t last = instrument != INSTRUMENT_NONE ? instrument + 1U : venue_instrument_count(call->venue);
    json_begin_array(&call->writer);
    for (uint32_t i = first; i < last && limit > 0; i++)
        limit -= write_fundings(call, (instrument_id_t)i, start_ns, end_ns, limit);
    json_end_array(&call->writer);
}

/* Only symbols with an unusual interval stand there. */
void handle_funding_info(call_t *call)
{
    enum { USUAL_HOURS = 8 };
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < venue_instrument_count(call->venue); i++) {
        const instrument_t *rules = rules_of(call, (instrument_id_t)i);
        dec_t cap = venue_funding_cap(call->venue, (instrument_id_t)i);
        if (rules->kind == INSTRUMENT_SPOT || rules->funding_hours == 0 || rules->funding_hours == USUAL_HOURS)
            continue;
        json_begin_object(&call->writer);
        json_field_string(&call->writer, "symbol", rules->symbol);
        write_money(&call->writer, "adjustedFundingRateCap", cap);
        write_money(&call->writer, "adjustedFundingRateFloor", dec_neg(cap));
        json_field_u64(&call->writer, "fundingIntervalHours", rules->funding_hours);
        json_field_bool(&call->writer, "disclaimer", false);
        json_field_null(&call->writer, "updateTime");
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

void handle_open_interest(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    json_begin_object(&call->writer);
    write_quantity(&call->writer, "openInterest", rules_of(call, instrument), venue_open_interest(call->venue, instrument));
    json_field_string(&call->writer, "symbol", rules_of(call, instrument)->symbol);
    write_ms(&call->writer, "time", venue_now(call->venue));
    json_end_object(&call->writer);
}

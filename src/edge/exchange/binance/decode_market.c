/* decode_market.c: the general way from a market frame to an event: any order of fields, blanks, unknown fields, and every error in
 * words. */
#include "edge/exchange/binance/decode_market.h"

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/exchange/binance/decode_general.h"
#include "edge/exchange/binance/words.h"

#include <string.h>

void binance_decoder_init(binance_decoder_t *decoder, const symbol_map_t *symbols)
{
    ASSERT(symbols != NULL);
    decoder->symbols = symbols;
    decoder->problem.what[0] = '\0';
    decoder->problem.at = 0;
    decoder->problem.instrument = INSTRUMENT_NONE;
    decoder->fast = decoder->general = 0;
}

/* RESULT_OK, or the first result of a row that is not; the calls after it are not made (&&-like, but keeping the result). */
#define FIRST_OF(result, call) ((result) == RESULT_OK ? (call) : (result))

static result_t general_symbol(const fields_t *fields, market_event_t *event)
{
    str_t raw;
    result_t result = fields_word(fields, 's', &raw);
    if (result != RESULT_OK) {
        return result;
    }
    char symbol[SYMBOL_TEXT_MAX];
    size_t length;
    if (json_unescape(raw, symbol, sizeof symbol, &length) != RESULT_OK) {
        return fields_problem(fields, 's', RESULT_NOT_FOUND, (size_t)(raw.bytes - fields->frame), "not a symbol");
    }
    event->instrument = symbol_map_find(fields->decoder->symbols, (str_t){symbol, length});
    fields->decoder->problem.instrument = event->instrument;
    if (event->instrument == INSTRUMENT_NONE) {
        return fields_problem(fields, 's', RESULT_NOT_FOUND, (size_t)(raw.bytes - fields->frame), "a symbol that is not followed");
    }
    return RESULT_OK;
}

static result_t general_quote(const fields_t *fields, market_event_t *event)
{
    event->kind = MARKET_QUOTE;
    result_t result = general_symbol(fields, event);
    result = FIRST_OF(result, fields_u64(fields, 'u', &event->quote.update_id));
    result = FIRST_OF(result, fields_dec(fields, 'b', &event->quote.bid));
    result = FIRST_OF(result, fields_dec(fields, 'B', &event->quote.bid_quantity));
    result = FIRST_OF(result, fields_dec(fields, 'a', &event->quote.ask));
    result = FIRST_OF(result, fields_dec(fields, 'A', &event->quote.ask_quantity));
    return FIRST_OF(result, fields_time(fields, 'T', &event->time_ns));
}

/* X of a trade: who stood behind it. Trades of the insurance fund and ADL are not made in the market. */
static result_t general_trade_kind(const fields_t *fields)
{
    static const str_t outside[] = {{"INSURANCE_FUND", 14}, {"ADL", 3}, {"NA", 2}};
    str_t word;
    if (!fields_has(fields, 'X')) {
        return RESULT_OK;
    }
    result_t result = fields_word(fields, 'X', &word);
    if (result != RESULT_OK || str_eq(word, STR("MARKET"))) {
        return result;
    }
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        if (str_eq(word, outside[i])) {
            return fields_problem(fields, 'X', RESULT_UNSUPPORTED, (size_t)(word.bytes - fields->frame),
                                  "a trade that was not made in the market");
        }
    }
    return fields_problem(fields, 'X', RESULT_UNKNOWN_VALUE, (size_t)(word.bytes - fields->frame),
                          "a kind of trade that is not known");
}

static result_t general_trade(const fields_t *fields, market_event_t *event, int id_field)
{
    event->kind = MARKET_TRADE;
    result_t result = general_symbol(fields, event);
    result = FIRST_OF(result, fields_u64(fields, id_field, &event->trade.id));
    result = FIRST_OF(result, fields_dec(fields, 'p', &event->trade.price));
    result = FIRST_OF(result, fields_dec(fields, 'q', &event->trade.quantity));
    result = FIRST_OF(result, fields_bool(fields, 'm', &event->trade.buyer_is_maker));
    result = FIRST_OF(result, fields_time(fields, 'T', &event->time_ns));
    return FIRST_OF(result, general_trade_kind(fields));
}

static result_t general_depth(const fields_t *fields, market_event_t *event)
{
    binance_decoder_t *decoder = fields->decoder;
    depth_t *depth = &event->depth;
    event->kind = MARKET_DEPTH;
    *depth = (depth_t){.bids = decoder->bids, .asks = decoder->asks, .snapshot = depth->snapshot};
    result_t result = general_symbol(fields, event);
    result = FIRST_OF(result, fields_u64(fields, 'U', &depth->first_id));
    result = FIRST_OF(result, fields_u64(fields, 'u', &depth->last_id));
    result = FIRST_OF(result, fields_u64(fields, FIELD_PU, &depth->previous_id));
    result = FIRST_OF(result, fields_levels(fields, 'b', decoder->bids, &depth->bid_count));
    result = FIRST_OF(result, fields_levels(fields, 'a', decoder->asks, &depth->ask_count));
    return FIRST_OF(result, fields_time(fields, 'T', &event->time_ns));
}

static result_t general_timeframe(const fields_t *bar, timeframe_t *timeframe)
{
    str_t word;
    result_t result = fields_word(bar, 'i', &word);
    if (result == RESULT_OK && timeframe_parse(word, timeframe) != RESULT_OK) {
        return fields_problem(bar, 'i', RESULT_UNKNOWN_VALUE, (size_t)(word.bytes - bar->frame), "an interval that is not known");
    }
    return result;
}

static result_t general_bar(const fields_t *fields, market_event_t *event)
{
    fields_t inner;
    candle_t *candle = &event->bar.candle;
    uint64_t trades = 0;
    event->kind = MARKET_BAR;
    *candle = (candle_t){0};
    result_t result = general_symbol(fields, event);
    result = FIRST_OF(result, fields_time(fields, 'E', &event->time_ns));
    result = FIRST_OF(result, fields_object(fields, 'k', &inner));
    result = FIRST_OF(result, general_timeframe(&inner, &event->bar.timeframe));
    result = FIRST_OF(result, fields_time(&inner, 't', &candle->open_ns));
    result = FIRST_OF(result, fields_dec(&inner, 'o', &candle->open));
    result = FIRST_OF(result, fields_dec(&inner, 'h', &candle->high));
    result = FIRST_OF(result, fields_dec(&inner, 'l', &candle->low));
    result = FIRST_OF(result, fields_dec(&inner, 'c', &candle->close));
    result = FIRST_OF(result, fields_dec(&inner, 'v', &candle->volume));
    result = FIRST_OF(result, fields_dec(&inner, 'q', &candle->quote_volume));
    result = FIRST_OF(result, fields_u64(&inner, 'n', &trades));
    result = FIRST_OF(result, fields_bool(&inner, 'x', &candle->closed));
    if (result != RESULT_OK) {
        return result;
    }
    candle->trades = trades > UINT32_MAX ? UINT32_MAX : (uint32_t)trades;
    candle->state = dec_is_zero(candle->volume) ? CANDLE_QUIET : CANDLE_TRADED;
    return RESULT_OK;
}

/* A contract without funding writes "r":"". */
static result_t general_funding_rate(const fields_t *fields, dec_t *rate)
{
    str_t word;
    *rate = DEC_ZERO;
    if (fields_word(fields, 'r', &word) == RESULT_OK && word.length == 0) {
        return RESULT_OK;
    }
    return fields_dec(fields, 'r', rate);
}

static result_t general_mark(const fields_t *fields, market_event_t *event)
{
    event->kind = MARKET_MARK;
    result_t result = general_symbol(fields, event);
    result = FIRST_OF(result, fields_time(fields, 'E', &event->time_ns));
    result = FIRST_OF(result, fields_dec(fields, 'p', &event->mark.mark));
    result = FIRST_OF(result, fields_dec(fields, 'i', &event->mark.index));
    result = FIRST_OF(result, general_funding_rate(fields, &event->mark.funding_rate));
    return FIRST_OF(result, fields_time(fields, 'T', &event->mark.funding_next_ns));
}

/* o: the average price and the filled quantity when they are told, else what was asked. */
static result_t general_liquidation(const fields_t *fields, market_event_t *event)
{
    fields_t order;
    str_t side = {0};
    liquidation_t *liquidation = &event->liquidation;
    dec_t average = DEC_ZERO, filled = DEC_ZERO;
    event->kind = MARKET_LIQUIDATION;
    result_t result = fields_object(fields, 'o', &order);
    result = FIRST_OF(result, general_symbol(&order, event));
    result = FIRST_OF(result, fields_time(&order, 'T', &event->time_ns));
    result = FIRST_OF(result, fields_dec(&order, 'p', &liquidation->price));
    result = FIRST_OF(result, fields_dec(&order, 'q', &liquidation->quantity));
    result = FIRST_OF(result, fields_dec(&order, FIELD_AP, &average));
    result = FIRST_OF(result, fields_dec(&order, 'z', &filled));
    result = FIRST_OF(result, fields_word(&order, 'S', &side));
    if (result != RESULT_OK) {
        return result;
    }
    if (binance_side(side) == 0) {
        return fields_problem(&order, 'S', RESULT_UNKNOWN_VALUE, (size_t)(side.bytes - order.frame), "a side that is not known");
    }
    liquidation->is_sell = binance_side(side) == ORDER_SELL;
    liquidation->price = dec_sign(average) > 0 ? average : liquidation->price;
    liquidation->quantity = dec_sign(filled) > 0 ? filled : liquidation->quantity;
    return RESULT_OK;
}

static result_t general_status(const fields_t *fields, market_event_t *event)
{
    str_t word = {0};
    event->kind = MARKET_STATUS;
    result_t result = general_symbol(fields, event);
    result = FIRST_OF(result, fields_time(fields, 'E', &event->time_ns));
    result = FIRST_OF(result, fields_word(fields, FIELD_CS, &word));
    if (result == RESULT_OK) {
        event->status = binance_contract_status(word);
    }
    return result;
}

static result_t general_event(const fields_t *fields, market_event_t *event)
{
    str_t type = {0};
    result_t result = fields_has(fields, 'e') ? fields_word(fields, 'e', &type)
                                              : fields_problem(fields, 'e', RESULT_UNSUPPORTED, 0, "no event: it is missing");
    if (result != RESULT_OK) {
        return result;
    }
    if (str_eq(type, STR("bookTicker"))) {
        return general_quote(fields, event);
    }
    if (str_eq(type, STR("aggTrade"))) {
        return general_trade(fields, event, 'a');
    }
    if (str_eq(type, STR("trade"))) {
        return general_trade(fields, event, 't');
    }
    if (str_eq(type, STR("depthUpdate"))) {
        return general_depth(fields, event);
    }
    if (str_eq(type, STR("kline"))) {
        return general_bar(fields, event);
    }
    if (str_eq(type, STR("markPriceUpdate"))) {
        return general_mark(fields, event);
    }
    if (str_eq(type, STR("forceOrder"))) {
        return general_liquidation(fields, event);
    }
    if (str_eq(type, STR("contractInfo"))) {
        return general_status(fields, event);
    }
    return fields_problem(fields, 'e', RESULT_UNSUPPORTED, (size_t)(type.bytes - fields->frame),
                          "an event type that is not market data here");
}

static void problem_clear(binance_decoder_t *decoder)
{
    decoder->problem.what[0] = '\0';
    decoder->problem.at = 0;
    decoder->problem.instrument = INSTRUMENT_NONE;
}

/* Prices may only be believed when market_event_check says so. */
static result_t general_check(const fields_t *fields, const market_event_t *event)
{
    result_t result = market_event_check(event);
    return result == RESULT_OK ? RESULT_OK : fields_problem(fields, -1, result, 0, result_text(result));
}

static char first_character(str_t text)
{
    str_t trimmed = str_trim(text);
    return trimmed.length > 0 ? trimmed.bytes[0] : '\0';
}

/* The all-market streams (!markPrice@arr) send arrays; they are JSON, but nothing we ask for. */
static result_t array_refuse(binance_decoder_t *decoder, const char *bytes, size_t length)
{
    fields_t place = {.decoder = decoder, .frame = bytes};
    json_reader_t reader;
    json_reader_init(&reader, bytes, length);
    if (json_peek(&reader) != JSON_ARRAY) {
        return RESULT_OK;
    }
    json_skip(&reader);
    if (json_finish(&reader) != RESULT_OK) {
        return fields_problem(&place, -1, reader.error, reader.error_at, reader.error_what);
    }
    return fields_problem(&place, -1, RESULT_UNSUPPORTED, 0, "an array of events: subscribe to single symbols");
}

result_t binance_decode_market_general(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns,
                                       market_event_t *event)
{
    problem_clear(decoder);
    fields_t fields;
    market_event_t made = {.instrument = INSTRUMENT_NONE, .received_ns = received_ns};
    bool partial = false;
    result_t result = array_refuse(decoder, bytes, length);
    result = FIRST_OF(result, fields_gather(&fields, decoder, bytes, (str_t){bytes, length}));
    if (result == RESULT_OK && fields_has(&fields, FIELD_DATA) && !fields_has(&fields, 'e')) {
        str_t name;
        result = fields_word(&fields, FIELD_STREAM, &name);
        partial = result == RESULT_OK && binance_stream_is_partial_depth(name);
        str_t data = fields.values[FIELD_DATA];
        if (result == RESULT_OK && first_character(data) == '[') {
            result = fields_problem(&fields, FIELD_DATA, RESULT_UNSUPPORTED, 0, "an array of events: subscribe to single symbols");
        }
        result = FIRST_OF(result, fields_gather(&fields, decoder, bytes, data));
    }
    made.depth.snapshot = partial;
    result = FIRST_OF(result, general_event(&fields, &made));
    result = FIRST_OF(result, general_check(&fields, &made));
    if (result == RESULT_OK) {
        *event = made;
    }
    return result;
}

result_t binance_decode_market(binance_decoder_t *decoder, const char *bytes, size_t length, int64_t received_ns,
                               market_event_t *event)
{
    if (binance_decode_market_fast(decoder, bytes, length, received_ns, event) == RESULT_OK) {
        decoder->fast++;
        return RESULT_OK;
    }
    result_t result = binance_decode_market_general(decoder, bytes, length, received_ns, event);
    decoder->general += result == RESULT_OK;
    return result;
}

/* One field of a REST snapshot. */
static void snapshot_field(binance_decoder_t *decoder, json_reader_t *reader, str_t key, uint64_t *seen, depth_t *depth,
                           int64_t *time_ms)
{
    if (str_eq(key, STR("lastUpdateId"))) {
        json_note_seen(reader, seen, 0);
        json_read_u64(reader, &depth->last_id);
    } else if (str_eq(key, STR("T"))) {
        json_note_seen(reader, seen, 1);
        json_read_i64(reader, time_ms);
    } else if (str_eq(key, STR("bids"))) {
        json_note_seen(reader, seen, 2);
        levels_read(reader, decoder->bids, &depth->bid_count);
    } else if (str_eq(key, STR("asks"))) {
        json_note_seen(reader, seen, 3);
        levels_read(reader, decoder->asks, &depth->ask_count);
    } else {
        json_skip(reader);
    }
}

result_t binance_decode_depth_snapshot(binance_decoder_t *decoder, instrument_id_t instrument, const char *bytes, size_t length,
                                       int64_t received_ns, market_event_t *event)
{
    problem_clear(decoder);
    decoder->problem.instrument = instrument;
    depth_t depth = {.snapshot = true, .bids = decoder->bids, .asks = decoder->asks};
    fields_t place = {.decoder = decoder, .frame = bytes};
    uint64_t seen = 0;
    int64_t time_ms = received_ns / NS_PER_MS;
    json_reader_t reader;
    json_reader_init(&reader, bytes, length);
    json_enter_object(&reader);
    for (str_t key; reader.error == RESULT_OK && json_next_key(&reader, &key);) {
        snapshot_field(decoder, &reader, key, &seen, &depth, &time_ms);
    }
    if (reader.error == RESULT_OK && (seen & 13) != 13) {
        json_fail(&reader, RESULT_FIELD_MISSING, "lastUpdateId, bids and asks are needed");
    }
    if (reader.error == RESULT_OK && (time_ms <= 0 || time_ms > INT64_MAX / NS_PER_MS)) {
        json_fail(&reader, RESULT_NUMBER_OUT_OF_RANGE, "no time in milliseconds");
    }
    if (json_finish(&reader) != RESULT_OK) {
        return fields_problem(&place, -1, reader.error, reader.error_at, reader.error_what);
    }
    market_event_t made = {
        .kind = MARKET_DEPTH, .instrument = instrument, .time_ns = time_ms * NS_PER_MS, .received_ns = received_ns, .depth = depth};
    result_t result = general_check(&place, &made);
    if (result == RESULT_OK) {
        *event = made;
    }
    return result;
}

result_t binance_decode_recorded(binance_decoder_t *decoder, instrument_id_t instrument, const char *bytes, size_t length,
                                 int64_t received_ns, market_event_t *event)
{
    result_t result = binance_decode_market(decoder, bytes, length, received_ns, event);
    if (result == RESULT_UNSUPPORTED && str_starts_with((str_t){bytes, length}, STR("{\"lastUpdateId\""))) {
        return binance_decode_depth_snapshot(decoder, instrument, bytes, length, received_ns, event);
    }
    return result;
}

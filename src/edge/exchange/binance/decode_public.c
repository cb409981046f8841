/* decode_public.c: small REST replies about the market: time, mark price, bars, leverage brackets. */
#include "edge/exchange/binance/decode_public.h"

#include "edge/exchange/binance/decode_json.h"

#include <string.h>

typedef struct {
    int64_t time_ns, next_ns;
    dec_t mark, index, rate;
} rest_mark_t;

result_t binance_decode_time(str_t body, int64_t *venue_ms, binance_detail_t *detail)
{
    static const field_t fields[] = {FIELD(rest_mark_t, "serverTime", time_ns, TAKE_MS, FIELD_REQUIRED)};
    rest_mark_t rest = {0};
    decode_t decode;
    decode_init(&decode, body);
    DECODE_OBJECT(&decode, fields, &rest);
    if (decode.reader.error == RESULT_OK && rest.time_ns <= 0) {
        decode_fail(&decode, RESULT_NUMBER_OUT_OF_RANGE, "serverTime", "no time");
    }
    result_t result = decode_finish(&decode, detail);
    if (result == RESULT_OK) {
        *venue_ms = rest.time_ns / NS_PER_MS;
    }
    return result;
}

result_t binance_decode_premium_index(str_t body, mark_t *mark, int64_t *time_ms, binance_detail_t *detail)
{
    static const field_t fields[] = {
        FIELD(rest_mark_t, "markPrice", mark, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_mark_t, "indexPrice", index, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_mark_t, "lastFundingRate", rate, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_mark_t, "nextFundingTime", next_ns, TAKE_MS, FIELD_OPTIONAL),
        FIELD(rest_mark_t, "time", time_ns, TAKE_MS, FIELD_REQUIRED),
    };
    rest_mark_t rest = {0};
    decode_t decode;
    decode_init(&decode, body);
    DECODE_OBJECT(&decode, fields, &rest);
    if (decode.reader.error == RESULT_OK && (dec_sign(rest.mark) <= 0 || dec_sign(rest.index) < 0)) {
        decode_fail(&decode, RESULT_NUMBER_OUT_OF_RANGE, "markPrice", "a price that cannot be");
    }
    result_t result = decode_finish(&decode, detail);
    if (result == RESULT_OK) {
        *mark = (mark_t){.mark = rest.mark, .index = rest.index, .funding_rate = rest.rate, .funding_next_ns = rest.next_ns};
        *time_ms = rest.time_ns / NS_PER_MS;
    }
    return result;
}

/* --- bars ------------------------------------------------------------------------------------- */

static int64_t kline_time(json_reader_t *reader)
{
    int64_t ms = 0;
    json_read_i64(reader, &ms);
    if (ms < 0 || ms > INT64_MAX / NS_PER_MS) {
        json_fail(reader, RESULT_NUMBER_OUT_OF_RANGE, "no time in milliseconds");
        return 0;
    }
    return ms * NS_PER_MS;
}

/* [openT,"o","h","l","c","v",closeT,"quoteV",n,"takerBase","takerQuote","0"] */
static void kline_read(json_reader_t *reader, int64_t venue_ms, candle_t *candle)
{
    dec_t *const numbers[] = {&candle->open, &candle->high, &candle->low, &candle->close, &candle->volume};
    uint64_t trades = 0;
    int64_t close_ns = 0;
    size_t place = 0;
    *candle = (candle_t){0};
    json_enter_array(reader);
    for (; reader->error == RESULT_OK && json_next_item(reader); place++) {
        if (place == 0) {
            candle->open_ns = kline_time(reader);
        } else if (place <= 5) {
            json_read_dec(reader, numbers[place - 1]);
        } else if (place == 6) {
            close_ns = kline_time(reader);
        } else if (place == 7) {
            json_read_dec(reader, &candle->quote_volume);
        } else if (place == 8) {
            json_read_u64(reader, &trades);
        } else {
            json_skip(reader);
        }
    }
    if (reader->error == RESULT_OK && place < 9) {
        json_fail(reader, RESULT_FIELD_MISSING, "a bar has at least nine parts");
    }
    candle->trades = trades > UINT32_MAX ? UINT32_MAX : (uint32_t)trades;
    candle->state = dec_is_zero(candle->volume) ? CANDLE_QUIET : CANDLE_TRADED;
    candle->closed = close_ns < venue_ms * NS_PER_MS;
}

result_t binance_decode_klines(str_t body, timeframe_t timeframe, int64_t venue_ms, binance_candle_fn *each, void *context,
                               binance_detail_t *detail)
{
    decode_t decode;
    int64_t last_ns = -1;
    decode_init(&decode, body);
    json_enter_array(&decode.reader);
    while (decode.reader.error == RESULT_OK && json_next_item(&decode.reader)) {
        candle_t candle;
        kline_read(&decode.reader, venue_ms, &candle);
        if (decode.reader.error != RESULT_OK) {
            break;
        }
        result_t check = candle_check(&candle, timeframe);
        if (check != RESULT_OK) {
            decode_fail(&decode, check, NULL, "a bar that cannot be");
        } else if (candle.open_ns <= last_ns) {
            decode_fail(&decode, RESULT_OUT_OF_ORDER, NULL, "bars whose open times do not rise");
        } else {
            last_ns = candle.open_ns;
            each(context, &candle);
        }
    }
    return decode_finish(&decode, detail);
}

/* --- brackets --------------------------------------------------------------------------------- */

typedef struct {
    uint32_t leverage;
    dec_t cap, floor, rate, cum;
} rest_bracket_t;

typedef struct {
    char symbol[SYMBOL_TEXT_MAX];
    str_t brackets;
} rest_brackets_t;

/* The list of one symbol into `instrument`; ascending floors that join. */
static void brackets_read(decode_t *decode, instrument_t *instrument)
{
    static const field_t fields[] = {
        FIELD(rest_bracket_t, "initialLeverage", leverage, TAKE_U32, FIELD_REQUIRED),
        FIELD(rest_bracket_t, "notionalCap", cap, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_bracket_t, "notionalFloor", floor, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_bracket_t, "maintMarginRatio", rate, TAKE_DEC, FIELD_REQUIRED),
        FIELD(rest_bracket_t, "cum", cum, TAKE_DEC, FIELD_REQUIRED),
    };
    dec_t last_cap = DEC_ZERO;
    uint32_t count = 0;
    json_enter_array(&decode->reader);
    while (decode->reader.error == RESULT_OK && json_next_item(&decode->reader)) {
        rest_bracket_t rest = {0};
        DECODE_OBJECT(decode, fields, &rest);
        if (decode->reader.error != RESULT_OK) {
            return;
        }
        if (count == INSTRUMENT_BRACKETS_MAX) {
            decode_fail(decode, RESULT_FULL, "brackets", "more brackets than a symbol may have");
            return;
        }
        if (!dec_eq(rest.floor, last_cap) || dec_le(rest.cap, rest.floor) || rest.leverage == 0 || dec_sign(rest.rate) <= 0) {
            decode_fail(decode, RESULT_OUT_OF_ORDER, "brackets", "brackets that do not join or make no sense");
            return;
        }
        last_cap = rest.cap;
        instrument->brackets[count++] = (leverage_bracket_t){.leverage_max = rest.leverage,
                                                             .notional_floor = rest.floor,
                                                             .notional_cap = rest.cap,
                                                             .maintenance_rate = rest.rate,
                                                             .maintenance_cum = rest.cum};
    }
    if (decode->reader.error == RESULT_OK && count == 0) {
        decode_fail(decode, RESULT_FIELD_MISSING, "brackets", "an empty list of brackets");
    }
    instrument->bracket_count = count;
}

/* One symbol of the list; applied when `apply` is true, only checked otherwise. */
static void brackets_element(decode_t *decode, instrument_table_t *table, bool apply, uint32_t *taken)
{
    static const field_t fields[] = {
        FIELD(rest_brackets_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_brackets_t, "brackets", brackets, TAKE_RAW, FIELD_REQUIRED),
    };
    rest_brackets_t rest = {0};
    DECODE_OBJECT(decode, fields, &rest);
    if (decode->reader.error != RESULT_OK) {
        return;
    }
    instrument_id_t id = instrument_find_symbol(table, str_from(rest.symbol));
    const instrument_t *known = id == INSTRUMENT_NONE ? NULL : instrument_table_at(table, id);
    instrument_t changed;
    decode_t inner;
    if (known != NULL) {
        changed = *known;
    } else {
        memset(&changed, 0, sizeof changed);
    }
    decode_init(&inner, rest.brackets);
    brackets_read(&inner, &changed);
    if (decode_finish(&inner, NULL) != RESULT_OK) {
        decode->reader.at = (size_t)(rest.brackets.bytes - decode->reader.bytes) + inner.reader.error_at;
        decode_fail(decode, inner.reader.error, inner.field, inner.reader.error_what);
    } else if (apply && known != NULL && instrument_table_put(table, &changed, &id) == RESULT_OK) {
        (*taken)++;
    }
}

static result_t brackets_pass(str_t body, instrument_table_t *table, bool apply, uint32_t *taken, binance_detail_t *detail)
{
    decode_t decode;
    decode_init(&decode, body);
    if (json_peek(&decode.reader) == JSON_OBJECT) {
        brackets_element(&decode, table, apply, taken);
    } else {
        json_enter_array(&decode.reader);
        while (decode.reader.error == RESULT_OK && json_next_item(&decode.reader)) {
            brackets_element(&decode, table, apply, taken);
        }
    }
    return decode_finish(&decode, detail);
}

result_t binance_decode_leverage_brackets(str_t body, instrument_table_t *table, uint32_t *taken, binance_detail_t *detail)
{
    uint32_t count = 0;
    result_t result = brackets_pass(body, table, false, &count, detail); /* whole or not at all */
    if (result == RESULT_OK) {
        result = brackets_pass(body, table, true, &count, detail);
        *taken = count;
    }
    return result;
}

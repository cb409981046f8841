/* decode_rules.c: /exchangeInfo -> instruments with their rules.
 *
 * Rules come from the filters alone; pricePrecision, requiredMarginPercent and their like are decoration. A symbol whose filters
 * lack one that an order needs is left out and counted: rules are never guessed.
 */
#include "edge/exchange/binance/decode_json.h"
#include "edge/exchange/binance/decode_public.h"
#include "edge/exchange/binance/words.h"

#include <string.h>

typedef struct {
    int64_t server_ns;
    str_t limits, symbols;
} rest_info_t;

typedef struct {
    str_t type, interval;
    uint32_t interval_count, limit;
} rest_limit_t;

typedef struct {
    char symbol[SYMBOL_TEXT_MAX], base[ASSET_TEXT_MAX], quote[ASSET_TEXT_MAX], margin[ASSET_TEXT_MAX];
    str_t contract, status, contract_status, filters;
    dec_t trigger_protect, liquidation_fee;
} rest_symbol_t;

typedef struct {
    str_t type;
    dec_t price_min, price_max, tick, quantity_min, quantity_max, step, notional, up, down;
} rest_filter_t;

static void limit_take(const rest_limit_t *rest, budget_limits_t *limits)
{
    bool minute = str_eq(rest->interval, STR("MINUTE")) && rest->interval_count == 1;
    bool ten_s = str_eq(rest->interval, STR("SECOND")) && rest->interval_count == 10;
    if (str_eq(rest->type, STR("REQUEST_WEIGHT")) && minute) {
        limits->weight_minute = rest->limit;
    } else if (str_eq(rest->type, STR("ORDERS")) && minute) {
        limits->orders_minute = rest->limit;
    } else if (str_eq(rest->type, STR("ORDERS")) && ten_s) {
        limits->orders_10s = rest->limit;
    }
}

static void limits_read(decode_t *decode, budget_limits_t *limits)
{
    static const field_t fields[] = {
        FIELD(rest_limit_t, "rateLimitType", type, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_limit_t, "interval", interval, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_limit_t, "intervalNum", interval_count, TAKE_U32, FIELD_REQUIRED),
        FIELD(rest_limit_t, "limit", limit, TAKE_U32, FIELD_REQUIRED),
    };
    json_enter_array(&decode->reader);
    while (decode->reader.error == RESULT_OK && json_next_item(&decode->reader)) {
        rest_limit_t rest = {0};
        DECODE_OBJECT(decode, fields, &rest);
        if (decode->reader.error == RESULT_OK) {
            limit_take(&rest, limits);
        }
    }
}

/* Which filters have been met. */
enum { MET_PRICE = 1, MET_LOT = 2, MET_MARKET = 4, MET_NOTIONAL = 8, MET_NEEDED = 15 };

static unsigned filter_take(const rest_filter_t *rest, instrument_t *instrument)
{
    if (str_eq(rest->type, STR("PRICE_FILTER"))) {
        instrument->price_min = rest->price_min;
        instrument->price_max = rest->price_max;
        instrument->tick_size = rest->tick;
        return MET_PRICE;
    }
    if (str_eq(rest->type, STR("LOT_SIZE"))) {
        instrument->quantity_min = rest->quantity_min;
        instrument->quantity_max = rest->quantity_max;
        instrument->lot_step = rest->step;
        return MET_LOT;
    }
    if (str_eq(rest->type, STR("MARKET_LOT_SIZE"))) {
        instrument->market_quantity_min = rest->quantity_min;
        instrument->market_quantity_max = rest->quantity_max;
        instrument->market_step = rest->step;
        return MET_MARKET;
    }
    if (str_eq(rest->type, STR("MIN_NOTIONAL"))) {
        instrument->notional_min = rest->notional;
        return MET_NOTIONAL;
    }
    if (str_eq(rest->type, STR("PERCENT_PRICE"))) {
        instrument->band_up = rest->up;
        instrument->band_down = rest->down;
    }
    return 0;
}

/* False when something is missing; form errors stay in decode. */
static bool filters_read(decode_t *decode, instrument_t *instrument)
{
    static const field_t fields[] = {
        FIELD(rest_filter_t, "filterType", type, TAKE_WORD, FIELD_REQUIRED),
        FIELD(rest_filter_t, "minPrice", price_min, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "maxPrice", price_max, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "tickSize", tick, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "minQty", quantity_min, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "maxQty", quantity_max, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "stepSize", step, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "notional", notional, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "multiplierUp", up, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_filter_t, "multiplierDown", down, TAKE_DEC, FIELD_OPTIONAL),
    };
    unsigned met = 0;
    json_enter_array(&decode->reader);
    while (decode->reader.error == RESULT_OK && json_next_item(&decode->reader)) {
        rest_filter_t rest = {0};
        DECODE_OBJECT(decode, fields, &rest);
        if (decode->reader.error == RESULT_OK) {
            met |= filter_take(&rest, instrument);
        }
    }
    return (met & MET_NEEDED) == MET_NEEDED;
}

static bool contract_kind(str_t word, instrument_kind_t *kind)
{
    bool perpetual = str_eq(word, STR("PERPETUAL")) || str_eq(word, STR("TRADIFI_PERPETUAL"));
    bool quarter = str_eq(word, STR("CURRENT_QUARTER")) || str_eq(word, STR("NEXT_QUARTER"));
    *kind = perpetual ? INSTRUMENT_PERPETUAL : INSTRUMENT_DELIVERY;
    return perpetual || quarter;
}

static bool rules_are_sane(const instrument_t *instrument)
{
    return dec_sign(instrument->tick_size) > 0 && dec_sign(instrument->lot_step) > 0 && dec_sign(instrument->market_step) > 0 &&
           dec_sign(instrument->notional_min) >= 0 && dec_le(instrument->quantity_min, instrument->quantity_max) &&
           dec_le(instrument->market_quantity_min, instrument->market_quantity_max) && instrument->base[0] != '\0' &&
           instrument->quote[0] != '\0' && instrument->settle[0] != '\0';
}

static void instrument_name(const rest_symbol_t *rest, instrument_t *instrument)
{
    memcpy(instrument->venue, "BINANCE", 8);
    memcpy(instrument->symbol, rest->symbol, sizeof rest->symbol);
    memcpy(instrument->base, rest->base, sizeof rest->base);
    memcpy(instrument->quote, rest->quote, sizeof rest->quote);
    memcpy(instrument->settle, rest->margin, sizeof rest->margin);
}

static void symbol_refuse(binance_exchange_info_t *out, const char *symbol)
{
    if (out->refused++ == 0) {
        size_t length = strlen(symbol);
        memcpy(out->first_refused, symbol, length + 1); /* as long as a symbol at most */
    }
}

/* One symbol, by itself: a sick one never keeps the others out. */
static void symbol_read(str_t raw, binance_exchange_info_t *out, binance_instrument_fn *each, void *context)
{
    static const field_t fields[] = {
        FIELD(rest_symbol_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_symbol_t, "contractType", contract, TAKE_WORD, FIELD_OPTIONAL),
        FIELD(rest_symbol_t, "status", status, TAKE_WORD, FIELD_OPTIONAL),
        FIELD(rest_symbol_t, "contractStatus", contract_status, TAKE_WORD, FIELD_OPTIONAL),
        FIELD(rest_symbol_t, "baseAsset", base, TAKE_TEXT,
              FIELD_REQUIRED), /* names may be longer than ours: the symbol is the identity */
        FIELD(rest_symbol_t, "quoteAsset", quote, TAKE_TEXT, FIELD_REQUIRED),
        FIELD(rest_symbol_t, "marginAsset", margin, TAKE_TEXT, FIELD_REQUIRED),
        FIELD(rest_symbol_t, "triggerProtect", trigger_protect, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_symbol_t, "liquidationFee", liquidation_fee, TAKE_DEC, FIELD_OPTIONAL),
        FIELD(rest_symbol_t, "filters", filters, TAKE_RAW, FIELD_REQUIRED),
    };
    rest_symbol_t rest;
    instrument_t instrument;
    memset(&rest, 0, sizeof rest);
    memset(&instrument, 0, sizeof instrument);
    decode_t decode, filters;
    decode_init(&decode, raw);
    DECODE_OBJECT(&decode, fields, &rest);
    if (decode_finish(&decode, NULL) != RESULT_OK) {
        symbol_refuse(out, rest.symbol);
        return;
    }
    if (!contract_kind(rest.contract, &instrument.kind)) {
        return; /* a kind of contract that we do not trade */
    }
    decode_init(&filters, rest.filters);
    instrument_name(&rest, &instrument);
    bool complete = filters_read(&filters, &instrument);
    complete = decode_finish(&filters, NULL) == RESULT_OK && complete && rules_are_sane(&instrument);
    if (!complete) {
        symbol_refuse(out, rest.symbol);
        return;
    }
    str_t status = rest.status.bytes != NULL ? rest.status : rest.contract_status;
    instrument.status = binance_contract_status(status);
    instrument.trigger_protect = rest.trigger_protect;
    instrument.liquidation_fee = rest.liquidation_fee;
    instrument.contract_size = DEC_ONE;
    out->taken++;
    each(context, &instrument);
}

result_t binance_decode_exchange_info(str_t body, binance_exchange_info_t *out, binance_instrument_fn *each, void *context,
                                      binance_detail_t *detail)
{
    static const field_t fields[] = {
        FIELD(rest_info_t, "serverTime", server_ns, TAKE_MS, FIELD_REQUIRED),
        FIELD(rest_info_t, "rateLimits", limits, TAKE_RAW, FIELD_REQUIRED),
        FIELD(rest_info_t, "symbols", symbols, TAKE_RAW, FIELD_REQUIRED),
    };
    rest_info_t rest;
    decode_t inner;
    binance_exchange_info_t info;
    memset(&rest, 0, sizeof rest);
    memset(&info, 0, sizeof info);
    result_t result = DECODE_DOCUMENT(body, fields, &rest, detail);
    if (result != RESULT_OK) {
        return result;
    }
    info.server_ms = rest.server_ns / NS_PER_MS;
    decode_init(&inner, rest.limits);
    limits_read(&inner, &info.limits);
    result = decode_finish(&inner, detail);
    if (result != RESULT_OK) {
        return result;
    }
    decode_init(&inner, rest.symbols);
    json_enter_array(&inner.reader);
    while (inner.reader.error == RESULT_OK && json_next_item(&inner.reader)) {
        str_t raw;
        if (json_read_raw(&inner.reader, &raw) == RESULT_OK) {
            symbol_read(raw, &info, each, context);
        }
    }
    result = decode_finish(&inner, detail);
    if (result == RESULT_OK) {
        *out = info;
    }
    return result;
}

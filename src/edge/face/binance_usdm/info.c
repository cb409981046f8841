/* info.c: exchangeInfo. */
#include "edge/face/binance_usdm/usdm_parts.h"

static void begin_filter(json_writer_t *writer, const char *type)
{
    json_begin_object(writer);
    json_field_string(writer, "filterType", type);
}

static void write_filters(json_writer_t *writer, const instrument_t *rules)
{
    json_write_key(writer, "filters");
    json_begin_array(writer);
    begin_filter(writer, "PRICE_FILTER");
    json_field_dec(writer, "minPrice", rules->price_min);
    json_field_dec(writer, "maxPrice", rules->price_max);
    write_price(writer, "tickSize", rules, rules->tick_size);
    json_end_object(writer);
    begin_filter(writer, "LOT_SIZE");
    json_field_dec(writer, "minQty", rules->quantity_min);
    json_field_dec(writer, "maxQty", rules->quantity_max);
    json_field_dec(writer, "stepSize", rules->lot_step);
    json_end_object(writer);
    begin_filter(writer, "MARKET_LOT_SIZE");
    json_field_dec(writer, "minQty", rules->market_quantity_min);
    json_field_dec(writer, "maxQty", rules->market_quantity_max);
    json_field_dec(writer, "stepSize", rules->market_step);
    json_end_object(writer);
    begin_filter(writer, "MAX_NUM_ORDERS");
    json_field_i64(writer, "limit", 200);
    json_end_object(writer);
    begin_filter(writer, "MIN_NOTIONAL");
    json_field_dec(writer, "notional", rules->notional_min);
    json_end_object(writer);
    begin_filter(writer, "PERCENT_PRICE");
    json_field_dec_places(writer, "multiplierUp", rules->band_up, 4);
    json_field_dec_places(writer, "multiplierDown", rules->band_down, 4);
    json_field_string(writer, "multiplierDecimal", "4");
    json_end_object(writer);
    begin_filter(writer, "POSITION_RISK_CONTROL");
    json_field_string(writer, "positionControlSide", "NONE");
    json_end_object(writer);
    json_end_array(writer);
}

const char *usdm_symbol_status(const venue_t *venue, instrument_id_t id)
{
    const instrument_t *rules = venue_instrument_at(venue, id);
    return venue_instrument_is_only_reduce(venue, id) && rules->status == INSTRUMENT_TRADING
               ? "PRE_SETTLE"
               : word_instrument_status(rules->status);
}

static void write_symbol(call_t *call, instrument_id_t id)
{
    static const char *const types[] = {
        "LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"};
    static const char *const tifs[] = {"GTC", "IOC", "FOK", "GTX", "GTD"};
    static const char *const sets[] = {"GRID", "COPY"};
    json_writer_t *writer = &call->writer;
    const instrument_t *rules = venue_instrument_at(call->venue, id);
    int64_t onboard_ns = world_first_ns(call->world, id);
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "pair", rules->symbol);
    json_field_string(writer, "contractType", "PERPETUAL");
    json_field_i64(writer, "deliveryDate", NO_DELIVERY_MS);
    write_ms(writer, "onboardDate", onboard_ns);
    json_field_string(writer, "status", usdm_symbol_status(call->venue, id));
    json_field_string(writer, "maintMarginPercent", "2.5000");
    json_field_string(writer, "requiredMarginPercent", "5.0000");
    json_field_string(writer, "baseAsset", rules->base);
    json_field_string(writer, "quoteAsset", rules->quote);
    json_field_string(writer, "marginAsset", rules->settle);
    json_field_u64(writer, "pricePrecision", dec_places(rules->tick_size));
    json_field_u64(writer, "quantityPrecision", dec_places(rules->lot_step));
    json_field_i64(writer, "baseAssetPrecision", 8);
    json_field_i64(writer, "quotePrecision", 8);
    json_field_string(writer, "underlyingType", "COIN");
    write_words(writer, "underlyingSubType", NULL, 0);
    json_field_dec_places(writer, "triggerProtect", rules->trigger_protect, 4);
    json_field_dec_places(writer, "liquidationFee", rules->liquidation_fee, 6);
    json_field_string(writer, "marketTakeBound", "0.05");
    json_field_i64(writer, "maxMoveOrderLimit", 10000);
    write_filters(writer, rules);
    write_words(writer, "orderTypes", types, sizeof types / sizeof types[0]);
    write_words(writer, "timeInForce", tifs, sizeof tifs / sizeof tifs[0]);
    write_words(writer, "permissionSets", sets, sizeof sets / sizeof sets[0]);
    json_end_object(writer);
}

static void write_assets(call_t *call)
{
    json_writer_t *writer = &call->writer;
    uint32_t count = venue_asset_count(call->venue);
    json_write_key(writer, "assets");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        json_begin_object(writer);
        json_field_string(writer, "asset", venue_asset_name(call->venue, (venue_asset_t)i));
        json_field_bool(writer, "marginAvailable", true);
        json_field_string(writer, "autoAssetExchange", "-10000");
        json_end_object(writer);
    }
    json_end_array(writer);
}

void handle_exchange_info(call_t *call)
{
    json_writer_t *writer = &call->writer;
    uint32_t count = venue_instrument_count(call->venue);
    json_begin_object(writer);
    json_field_string(writer, "timezone", "UTC");
    write_ms(writer, "serverTime", venue_now(call->venue));
    json_field_string(writer, "futuresType", "U_MARGINED");
    write_rate_limits(call);
    write_words(writer, "exchangeFilters", NULL, 0);
    write_assets(call);
    json_write_key(writer, "symbols");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        if (face_trades(call->face, (instrument_id_t)i))
            write_symbol(call, (instrument_id_t)i);
    }
    json_end_array(writer);
    json_end_object(writer);
}

/* spot_info.c: exchangeInfo, and the answers of /sapi that clients ask for beside it. */
#include <string.h>

#include "edge/face/binance_spot/spot_face_parts.h"

static void begin_filter(json_writer_t *writer, const char *type)
{
    json_begin_object(writer);
    json_field_string(writer, "filterType", type);
}

static void write_lot(json_writer_t *writer, const char *type, dec_t least, dec_t most, dec_t step)
{
    begin_filter(writer, type);
    write_money(writer, "minQty", least);
    write_money(writer, "maxQty", most);
    write_money(writer, "stepSize", step);
    json_end_object(writer);
}

static void write_count(json_writer_t *writer, const char *type, const char *key, int64_t most)
{
    begin_filter(writer, type);
    json_field_i64(writer, key, most);
    json_end_object(writer);
}

static void write_price_filters(json_writer_t *writer, const instrument_t *rules)
{
    begin_filter(writer, "PRICE_FILTER");
    write_money(writer, "minPrice", rules->price_min);
    write_money(writer, "maxPrice", rules->price_max);
    write_money(writer, "tickSize", rules->tick_size);
    json_end_object(writer);
    begin_filter(writer, "PERCENT_PRICE_BY_SIDE");
    json_field_dec(writer, "bidMultiplierUp", rules->band_up);
    json_field_dec(writer, "bidMultiplierDown", rules->band_down);
    json_field_dec(writer, "askMultiplierUp", rules->band_up);
    json_field_dec(writer, "askMultiplierDown", rules->band_down);
    json_field_i64(writer, "avgPriceMins", SPOT_AVERAGE_MINUTES);
    json_end_object(writer);
}

static void write_filters(json_writer_t *writer, const char *key, const instrument_t *rules)
{
    json_write_key(writer, key);
    json_begin_array(writer);
    write_price_filters(writer, rules);
    write_lot(writer, "LOT_SIZE", rules->quantity_min, rules->quantity_max, rules->lot_step);
    write_lot(writer, "MARKET_LOT_SIZE", rules->market_quantity_min, rules->market_quantity_max, rules->market_step);
    begin_filter(writer, "NOTIONAL");
    write_money(writer, "minNotional", rules->notional_min);
    json_field_bool(writer, "applyMinToMarket", true);
    write_money(writer, "maxNotional", dec_from_int(SPOT_NOTIONAL_MAX));
    json_field_bool(writer, "applyMaxToMarket", false);
    json_field_i64(writer, "avgPriceMins", SPOT_AVERAGE_MINUTES);
    json_end_object(writer);
    write_count(writer, "ICEBERG_PARTS", "limit", SPOT_ICEBERG_PARTS_MAX);
    begin_filter(writer, "TRAILING_DELTA");
    json_field_i64(writer, "minTrailingAboveDelta", SPOT_TRAILING_DELTA_MIN);
    json_field_i64(writer, "maxTrailingAboveDelta", SPOT_TRAILING_DELTA_MAX);
    json_field_i64(writer, "minTrailingBelowDelta", SPOT_TRAILING_DELTA_MIN);
    json_field_i64(writer, "maxTrailingBelowDelta", SPOT_TRAILING_DELTA_MAX);
    json_end_object(writer);
    write_count(writer, "MAX_NUM_ORDERS", "maxNumOrders", SPOT_ORDERS_MAX);
    write_count(writer, "MAX_NUM_ORDER_LISTS", "maxNumOrderLists", SPOT_ORDER_LISTS_MAX);
    write_count(writer, "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", SPOT_ALGO_ORDERS_MAX);
    write_count(writer, "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders", SPOT_ICEBERG_ORDERS_MAX);
    write_count(writer, "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends", SPOT_AMENDS_MAX);
    json_end_array(writer);
}

static void write_abilities(json_writer_t *writer)
{
    static const char *const types[] = {"LIMIT",           "LIMIT_MAKER", "MARKET",           "STOP_LOSS",
                                        "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"};
    write_words(writer, "orderTypes", types, sizeof types / sizeof types[0]);
    json_field_bool(writer, "icebergAllowed", true);
    json_field_bool(writer, "ocoAllowed", true);
    json_field_bool(writer, "otoAllowed", true);
    json_field_bool(writer, "opoAllowed", true);
    json_field_bool(writer, "quoteOrderQtyMarketAllowed", true);
    json_field_bool(writer, "allowTrailingStop", true);
    json_field_bool(writer, "cancelReplaceAllowed", true);
    json_field_bool(writer, "amendAllowed", true);
    json_field_bool(writer, "pegInstructionsAllowed", true);
    json_field_bool(writer, "isSpotTradingAllowed", true);
    json_field_bool(writer, "isMarginTradingAllowed", false);
}

static void write_symbol(call_t *call, const instrument_t *rules, bool permission_sets)
{
    static const char *const modes[] = {"NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"};
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "status", spot_word_symbol_status(rules->status));
    json_field_string(writer, "baseAsset", rules->base);
    json_field_i64(writer, "baseAssetPrecision", 8);
    json_field_string(writer, "quoteAsset", rules->quote);
    json_field_i64(writer, "quotePrecision", 8);
    json_field_i64(writer, "quoteAssetPrecision", 8);
    json_field_i64(writer, "baseCommissionPrecision", 8);
    json_field_i64(writer, "quoteCommissionPrecision", 8);
    write_abilities(writer);
    write_filters(writer, "filters", rules);
    write_words(writer, "permissions", NULL, 0);
    json_write_key(writer, "permissionSets");
    json_begin_array(writer);
    if (permission_sets) {
        json_begin_array(writer);
        json_write_text(writer, STR("SPOT"));
        json_end_array(writer);
    }
    json_end_array(writer);
    json_field_string(writer, "defaultSelfTradePreventionMode", "EXPIRE_MAKER");
    write_words(writer, "allowedSelfTradePreventionModes", modes, sizeof modes / sizeof modes[0]);
    json_end_object(writer);
}

void handle_spot_info(call_t *call)
{
    spot_symbols_t symbols;
    str_t status = {0};
    bool permission_sets = true;
    if (!spot_read_symbols(call, &symbols) || !call_bool(call, "showPermissionSets", PARAM_OPTIONAL, &permission_sets) ||
        !call_text(call, "symbolStatus", PARAM_OPTIONAL, &status))
        return;
    bool known =
        status.length == 0 || str_eq(status, STR("TRADING")) || str_eq(status, STR("HALT")) || str_eq(status, STR("BREAK"));
    bool chosen = status.length > 0 || call_has(call, "permissions");
    if (!known || (chosen && (call_has(call, "symbol") || call_has(call, "symbols")))) {
        call_fail(call, 400, known ? -1128 : -1122,
                  known ? "Combination of optional parameters invalid." : "Invalid symbolStatus.");
        return;
    }
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "timezone", "UTC");
    write_ms(writer, "serverTime", venue_now(call->venue));
    write_rate_limits(call);
    write_words(writer, "exchangeFilters", NULL, 0);
    json_write_key(writer, "symbols");
    json_begin_array(writer);
    for (uint32_t i = 0; i < symbols.count; i++) {
        const instrument_t *rules = spot_rules(call, symbols.ids[i]);
        if (status.length == 0 || str_eq(status, str_from(spot_word_symbol_status(rules->status))))
            write_symbol(call, rules, permission_sets);
    }
    json_end_array(writer);
    json_end_object(writer);
}

/* --- /sapi ------------------------------------------------------------------------------------ */

/* capital/config/getall: what currencies there are, with what the account holds of them. */
/* Nobody has filters of his own here: those of the symbol hold for all. */
void handle_spot_my_filters(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    json_writer_t *writer = &call->writer;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument))
        return;
    json_begin_object(writer);
    json_write_key(writer, "exchangeFilters");
    json_begin_array(writer);
    json_end_array(writer);
    write_filters(writer, "symbolFilters", venue_instrument_at(call->venue, instrument));
    json_write_key(writer, "assetFilters");
    json_begin_array(writer);
    json_end_array(writer);
    json_end_object(writer);
}

void handle_spot_coins(call_t *call)
{
    json_writer_t *writer = &call->writer;
    uint32_t count = venue_asset_count(call->venue);
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        spot_balance_t balance;
        memset(&balance, 0, sizeof balance);
        (void)spot_balance(call->venue, call->account->account, (venue_asset_t)i, &balance);
        const char *name = venue_asset_name(call->venue, (venue_asset_t)i);
        json_begin_object(writer);
        json_field_string(writer, "coin", name);
        json_field_string(writer, "name", name);
        json_field_bool(writer, "depositAllEnable", true);
        json_field_bool(writer, "withdrawAllEnable", true);
        json_field_bool(writer, "trading", true);
        json_field_bool(writer, "isLegalMoney", false);
        json_field_dec(writer, "free", balance.free);
        json_field_dec(writer, "locked", balance.locked);
        json_write_key(writer, "networkList");
        json_begin_array(writer);
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void handle_spot_trade_fee(call_t *call)
{
    spot_symbols_t symbols;
    spot_account_t account;
    memset(&account, 0, sizeof account);
    if (!spot_read_symbols(call, &symbols))
        return;
    (void)spot_account_view(call->venue, call->account->account, &account);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < symbols.count; i++) {
        json_begin_object(&call->writer);
        json_field_string(&call->writer, "symbol", spot_rules(call, symbols.ids[i])->symbol);
        json_field_dec(&call->writer, "makerCommission", account.maker_rate);
        json_field_dec(&call->writer, "takerCommission", account.taker_rate);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

/* exchangeInfo of the futures: clients of all products ask for it although they only trade spot. */
void handle_spot_no_symbols(call_t *call)
{
    json_begin_object(&call->writer);
    write_words(&call->writer, "symbols", NULL, 0);
    json_end_object(&call->writer);
}

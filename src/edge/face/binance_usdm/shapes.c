/* shapes.c: the parameters USD-M knows, and orders as its replies show them. */
#include <stdio.h>

#include "edge/face/binance_usdm/usdm_parts.h"

/* Every name that the USD-M API documents for orders, cancels and settings, and the spellings that clients are known to send. */
#define NAME(text)                                                                                                                 \
    {                                                                                                                              \
        (text), sizeof(text) - 1                                                                                                   \
    }
static const str_t known_names[] = {
    NAME("activatePrice"),
    NAME("activationPrice"),
    NAME("algoId"),
    NAME("algoid"),
    NAME("algoType"),
    NAME("amount"),
    NAME("apiKey"),
    NAME("batchOrders"),
    NAME("callbackRate"),
    NAME("clientAlgoId"),
    NAME("clientalgoid"),
    NAME("closePosition"),
    NAME("countdownTime"),
    NAME("dualSidePosition"),
    NAME("feeBurn"),
    NAME("goodTillDate"),
    NAME("icebergQty"),
    NAME("leverage"),
    NAME("limit"),
    NAME("listenKey"),
    NAME("marginType"),
    NAME("modifyId"),
    NAME("multiAssetsMargin"),
    NAME("newClientOrderId"),
    NAME("newOrderRespType"),
    NAME("orderId"),
    NAME("orderIdList"),
    NAME("orderidlist"),
    NAME("origClientOrderId"),
    NAME("origClientOrderIdList"),
    NAME("origclientorderidlist"),
    NAME("positionSide"),
    NAME("price"),
    NAME("priceMatch"),
    NAME("priceProtect"),
    NAME("quantity"),
    NAME("recvWindow"),
    NAME("reduceOnly"),
    NAME("returnRateLimits"),
    NAME("selfTradePreventionMode"),
    NAME("side"),
    NAME("signature"),
    NAME("stopPrice"),
    NAME("symbol"),
    NAME("timeInForce"),
    NAME("timestamp"),
    NAME("triggerPrice"),
    NAME("type"),
    NAME("workingType"),
};

/* What an order could be told elsewhere, and would be another order without. */
static const str_t foreign_names[] = {NAME("quoteOrderQty"), NAME("trailingAmount"), NAME("trailingDelta")};

static bool is_one_of(str_t name, const str_t *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, names[i]))
            return true;
    }
    return false;
}

static bool is_misspelt(str_t name)
{
    for (size_t i = 0; i < sizeof known_names / sizeof known_names[0]; i++) {
        if (str_eq_nocase(name, known_names[i]))
            return true;
    }
    return false;
}

/* Clients send strays (ccxt: stopLossPrice), which are passed over as the exchange does. But a reduceonly that is passed over opens
 * a position, and a trailingAmount that is trades at once: those are refused. */
bool call_refuse_unknown(call_t *call)
{
    for (uint32_t i = 0; i < call->param_count; i++) {
        str_t name = call->params[i].name;
        bool known = is_one_of(name, known_names, sizeof known_names / sizeof known_names[0]);
        if (!known && (is_misspelt(name) || is_one_of(name, foreign_names, sizeof foreign_names / sizeof foreign_names[0])))
            return call_fail(call, 400, -1103, "An unknown parameter was sent.");
    }
    return true;
}

bool call_refuse_closing(call_t *call, venue_type_t type)
{
    bool close = false;
    if (!call_bool(call, "closePosition", PARAM_OPTIONAL, &close))
        return false;
    if (!close || type == VENUE_STOP_MARKET || type == VENUE_TAKE_PROFIT_MARKET)
        return true;
    char text[CALL_ERROR_MAX];
    snprintf(text, sizeof text, "Target strategy invalid for orderType '%s',closePosition 'true'", word_type(type));
    return call_fail(call, 400, -4136, text);
}

static bool has_tif(venue_type_t type)
{
    return type != VENUE_MARKET;
}

static void write_order_terms(json_writer_t *writer, const instrument_t *rules, const venue_order_t *order)
{
    write_quantity(writer, "origQty", rules, order->quantity);
    write_price(writer, "price", rules, order->price);
    json_field_bool(writer, "reduceOnly", order->reduce_only);
    json_field_string(writer, "side", word_side(order->side));
    json_field_string(writer, "positionSide", word_position_side(order->position_side));
    json_field_string(writer, "status", word_status(order->status));
    write_price(writer, "stopPrice", rules, order->stop_price);
    json_field_bool(writer, "closePosition", order->close_position);
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "timeInForce", has_tif(order->type) ? word_tif(order->tif) : "GTC");
    json_field_string(writer, "type", word_type(order->type));
    json_field_string(writer, "origType", word_type(order->orig_type));
    write_ms(writer, "updateTime", order->update_ns);
    json_field_string(writer, "workingType", word_working(order->working));
    json_field_bool(writer, "priceProtect", order->price_protect);
    json_field_string(writer, "priceMatch", word_match(order->match));
    json_field_string(writer, "selfTradePreventionMode", word_stp(order->stp));
    write_ms(writer, "goodTillDate", order->good_till_ns);
}

void write_order_reply(json_writer_t *writer, const instrument_t *rules, const venue_order_t *order)
{
    json_field_string(writer, "clientOrderId", order->client_id.text);
    write_quantity(writer, "cumQty", rules, order->filled);
    write_quantity(writer, "executedQty", rules, order->filled);
    json_field_u64(writer, "orderId", order->id);
    write_order_terms(writer, rules, order);
}

void write_order(json_writer_t *writer, const instrument_t *rules, const venue_order_t *order)
{
    json_begin_object(writer);
    write_price(writer, "avgPrice", rules, order->average_price);
    json_field_string(writer, "clientOrderId", order->client_id.text);
    json_field_dec(writer, "cumQuote", order->filled_quote);
    write_quantity(writer, "executedQty", rules, order->filled);
    json_field_u64(writer, "orderId", order->id);
    write_order_terms(writer, rules, order);
    write_ms(writer, "time", order->time_ns);
    json_field_dec(writer, "cumBase", order->filled);
    json_field_string(writer, "pair", rules->symbol);
    json_end_object(writer);
}

static void write_algo_terms(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo)
{
    json_field_u64(writer, "algoId", algo->id);
    json_field_string(writer, "clientAlgoId", algo->client_id.text);
    json_field_string(writer, "algoType", "CONDITIONAL");
    json_field_string(writer, "orderType", word_type(algo->type));
    json_field_string(writer, "symbol", rules->symbol);
    json_field_string(writer, "side", word_side(algo->side));
    json_field_string(writer, "positionSide", word_position_side(algo->position_side));
    json_field_string(writer, "timeInForce", word_tif(algo->tif));
    write_quantity(writer, "quantity", rules, algo->quantity);
    json_field_string(writer, "algoStatus", word_algo_status(algo->status));
}

static void write_algo_rest(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo)
{
    write_price(writer, "triggerPrice", rules, algo->trigger_price);
    write_price(writer, "price", rules, algo->price);
    json_field_null(writer, "icebergQuantity");
    json_field_string(writer, "selfTradePreventionMode", word_stp(algo->stp));
    json_field_string(writer, "workingType", word_working(algo->working));
    json_field_string(writer, "priceMatch", word_match(algo->match));
    json_field_bool(writer, "closePosition", algo->close_position);
    json_field_bool(writer, "priceProtect", algo->price_protect);
    json_field_bool(writer, "reduceOnly", algo->reduce_only);
    if (algo->type == VENUE_TRAILING_STOP_MARKET) {
        write_price(writer, "activatePrice", rules, algo->activate_price);
        json_field_dec(writer, "callbackRate", algo->callback_pct);
    } else {
        json_field_string(writer, "activatePrice", "");
        json_field_string(writer, "callbackRate", "");
    }
    write_ms(writer, "createTime", algo->time_ns);
    write_ms(writer, "updateTime", algo->update_ns);
    write_ms(writer, "triggerTime", algo->trigger_ns);
    write_ms(writer, "goodTillDate", algo->good_till_ns);
}

void write_algo_reply(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo)
{
    json_begin_object(writer);
    write_algo_terms(writer, rules, algo);
    write_algo_rest(writer, rules, algo);
    json_end_object(writer);
}

void write_algo(json_writer_t *writer, const instrument_t *rules, const venue_algo_t *algo)
{
    char id[24] = "";
    if (algo->actual_id != 0)
        str_from_u64(algo->actual_id, id);
    json_begin_object(writer);
    write_algo_terms(writer, rules, algo);
    json_field_string(writer, "actualOrderId", id);
    write_price(writer, "actualPrice", rules, algo->actual_price);
    write_quantity(writer, "actualQty", rules, algo->actual_quantity);
    json_field_string(writer, "actualType", algo->actual_id != 0 ? word_type(algo->actual_type) : "");
    json_field_string(writer, "tpOrderType", "");
    write_algo_rest(writer, rules, algo);
    json_end_object(writer);
}

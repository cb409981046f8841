/* encode_order.c: requests about orders. A spec that the venue would have to interpret is refused here. */
#include "core/base/assert.h"
#include "edge/exchange/binance/encode_params.h"
#include "edge/exchange/binance/words.h"

static budget_priority_t priority_of_leg(leg_t leg)
{
    switch (leg) {
    case LEG_STOP:
        return BUDGET_STOP;
    case LEG_TARGET:
    case LEG_LADDER:
    case LEG_CLOSE:
        return BUDGET_EXIT;
    case LEG_ENTRY:
    case LEG_CANARY:
        return BUDGET_ENTRY;
    }
    return BUDGET_ENTRY;
}

static bool is_limit(order_type_t type)
{
    return type == ORDER_LIMIT || type == ORDER_STOP_LIMIT || type == ORDER_TAKE_PROFIT_LIMIT;
}

static void encode_side(builder_t *builder, const order_spec_t *spec, position_mode_t mode)
{
    builder_text(builder, "side", spec->side == ORDER_BUY ? "BUY" : "SELL");
    if (mode == POSITION_MODE_ONE_WAY) {
        if (spec->position != POSITION_BOTH) {
            builder_fail(builder, RESULT_BAD_ARGUMENT);
        }
        return;
    }
    switch (spec->position) {
    case POSITION_LONG:
        builder_text(builder, "positionSide", "LONG");
        break;
    case POSITION_SHORT:
        builder_text(builder, "positionSide", "SHORT");
        break;
    case POSITION_BOTH:
        builder_fail(builder, RESULT_BAD_ARGUMENT); /* the venue would refuse it: -4061 */
        break;
    }
}

static void encode_quantity(builder_t *builder, const instrument_t *instrument, const order_spec_t *spec, position_mode_t mode)
{
    bool conditional_market = spec->type == ORDER_STOP_MARKET || spec->type == ORDER_TAKE_PROFIT_MARKET;
    if (spec->reduce == CLOSE_POSITION) {
        if (!conditional_market || !dec_is_zero(spec->quantity)) {
            builder_fail(builder, RESULT_BAD_ARGUMENT);
        }
        builder_text(builder, "closePosition", "true");
        return;
    }
    bool market = spec->type == ORDER_MARKET || conditional_market;
    builder_dec(builder, "quantity", spec->quantity, market ? instrument->market_step : instrument->lot_step);
    if (spec->reduce == REDUCE_ONLY && mode == POSITION_MODE_ONE_WAY) {
        builder_text(builder, "reduceOnly", "true");
    }
}

static void encode_prices(builder_t *builder, const instrument_t *instrument, const order_spec_t *spec)
{
    if (is_limit(spec->type)) {
        builder_dec(builder, "price", spec->price, instrument->tick_size);
        builder_text(builder, "timeInForce", binance_tif_word(spec->tif));
    } else if (!dec_is_zero(spec->price)) {
        builder_fail(builder, RESULT_BAD_ARGUMENT);
    }
    if (order_type_is_algo(spec->type)) {
        builder_dec(builder, "triggerPrice", spec->trigger, instrument->tick_size);
        builder_text(builder, "workingType", spec->trigger_by == TRIGGER_BY_MARK ? "MARK_PRICE" : "CONTRACT_PRICE");
    } else if (!dec_is_zero(spec->trigger)) {
        builder_fail(builder, RESULT_BAD_ARGUMENT);
    }
}

result_t binance_encode_place(binance_request_t *request, const instrument_t *instrument, const order_spec_t *spec,
                              position_mode_t mode)
{
    bool algo = order_type_is_algo(spec->type);
    builder_t builder = builder_begin(BINANCE_POST, algo ? "/fapi/v1/algoOrder" : "/fapi/v1/order", BINANCE_SIGNED,
                                      BINANCE_ASK_PLACE, priority_of_leg(spec->leg), 0);
    builder.request.orders_10s = builder.request.orders_minute = 1;
    if (algo) {
        builder_text(&builder, "algoType", "CONDITIONAL");
    }
    builder_text(&builder, "symbol", instrument->symbol);
    encode_side(&builder, spec, mode);
    builder_text(&builder, "type", binance_order_type_word(spec->type));
    encode_quantity(&builder, instrument, spec, mode);
    encode_prices(&builder, instrument, spec);
    builder_text(&builder, algo ? "clientAlgoId" : "newClientOrderId", spec->client_id.text);
    builder_text(&builder, "newOrderRespType", "RESULT");
    return builder_end(&builder, request);
}

/* Either id names it; the other is not sent. */
static result_t encode_by_id(binance_request_t *request, const instrument_t *instrument, order_type_t type, const char *client_id,
                             uint64_t id, binance_method_t method)
{
    bool algo = order_type_is_algo(type), cancel = method == BINANCE_DELETE;
    builder_t builder = builder_begin(method, algo ? "/fapi/v1/algoOrder" : "/fapi/v1/order", BINANCE_SIGNED,
                                      cancel ? BINANCE_ASK_CANCEL : BINANCE_ASK_READ, cancel ? BUDGET_EXIT : BUDGET_QUERY, 1);
    if (!algo) { /* an algo id is unique over all symbols, and a parameter that is not read is an error at this venue (-1104) */
        builder_text(&builder, "symbol", instrument->symbol);
    }
    if (client_id != NULL) {
        builder_text(&builder, algo ? "clientAlgoId" : "origClientOrderId", client_id);
    } else if (id == 0) {
        builder_fail(&builder, RESULT_BAD_ARGUMENT);
    } else {
        builder_u64(&builder, algo ? "algoId" : "orderId", id);
    }
    return builder_end(&builder, request);
}

result_t binance_encode_cancel(binance_request_t *request, const instrument_t *instrument, order_type_t type,
                               const client_id_t *client_id)
{
    return encode_by_id(request, instrument, type, client_id->text, 0, BINANCE_DELETE);
}

result_t binance_encode_query(binance_request_t *request, const instrument_t *instrument, order_type_t type,
                              const client_id_t *client_id)
{
    return encode_by_id(request, instrument, type, client_id->text, 0, BINANCE_GET);
}

result_t binance_encode_cancel_id(binance_request_t *request, const instrument_t *instrument, order_type_t type, uint64_t id)
{
    return encode_by_id(request, instrument, type, NULL, id, BINANCE_DELETE);
}

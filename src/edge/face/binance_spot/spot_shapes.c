/* spot_shapes.c: orders and lists as replies show them. All amounts have 8 digits. */
#include <string.h>

#include "edge/face/binance_spot/spot_face_parts.h"

static void write_list_id(json_writer_t *writer, uint64_t list_id)
{
    json_field_i64(writer, "orderListId", list_id == 0 ? -1 : (int64_t)list_id);
}

static void write_ms_or_never(json_writer_t *writer, const char *key, int64_t time_ns)
{
    if (time_ns == 0)
        json_field_i64(writer, key, -1);
    else
        write_ms(writer, key, time_ns);
}

/* Fields that stand there only when they mean something. */
static void write_conditions(json_writer_t *writer, const spot_order_t *order)
{
    if (!dec_is_zero(order->iceberg_quantity))
        write_money(writer, "icebergQty", order->iceberg_quantity);
    if (!dec_is_zero(order->stop_price))
        write_money(writer, "stopPrice", order->stop_price);
}

static void write_extras(json_writer_t *writer, const spot_order_t *order)
{
    if (order->trailing_delta > 0) {
        json_field_u64(writer, "trailingDelta", order->trailing_delta);
        write_ms_or_never(writer, "trailingTime", order->trailing_ns);
    }
    if (order->has_strategy_id)
        json_field_u64(writer, "strategyId", order->strategy_id);
    if (order->has_strategy_type)
        json_field_u64(writer, "strategyType", order->strategy_type);
    if (order->prevented_match_id != 0) {
        json_field_u64(writer, "preventedMatchId", order->prevented_match_id);
        write_money(writer, "preventedQuantity", order->prevented_quantity);
    }
    if (order->reason != SPOT_REASON_NONE)
        json_field_string(writer, "expiryReason", spot_word_reason(order->reason));
}

static void write_amounts(json_writer_t *writer, const spot_order_t *order)
{
    write_money(writer, "price", order->price);
    if (order->peg != SPOT_PEG_NONE) {
        json_field_string(writer, "pegPriceType", spot_word_peg(order->peg));
        if (order->peg_offset > 0) {
            json_field_string(writer, "pegOffsetType", "PRICE_LEVEL");
            json_field_u64(writer, "pegOffsetValue", order->peg_offset);
        }
        if (!dec_is_zero(order->pegged_price))
            write_money(writer, "peggedPrice", order->pegged_price);
    }
    if (!dec_is_zero(order->quantity)) /* not known yet of a leg that sells what another order will receive */
        write_money(writer, "origQty", order->quantity);
    write_money(writer, "executedQty", order->filled);
    write_money(writer, "origQuoteOrderQty", order->quote_quantity);
    write_money(writer, "cummulativeQuoteQty", order->filled_quote);
    json_field_string(writer, "status", spot_word_status(order->status));
    json_field_string(writer, "timeInForce", spot_word_tif(order->tif));
    json_field_string(writer, "type", spot_word_type(order->type));
    json_field_string(writer, "side", spot_word_side(order->side));
}

void spot_write_order(call_t *call, const spot_order_t *order)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, order->instrument)->symbol);
    json_field_u64(writer, "orderId", order->id);
    write_list_id(writer, order->list_id);
    json_field_string(writer, "clientOrderId", order->client_id.text);
    write_amounts(writer, order);
    write_money(writer, "stopPrice", order->stop_price);
    write_money(writer, "icebergQty", order->iceberg_quantity);
    write_ms(writer, "time", order->time_ns);
    write_ms(writer, "updateTime", order->update_ns);
    json_field_bool(writer, "isWorking", order->working);
    write_ms_or_never(writer, "workingTime", order->working_ns);
    json_field_string(writer, "selfTradePreventionMode", spot_word_stp(order->stp));
    write_extras(writer, order);
    json_end_object(writer);
}

/* --- placements ------------------------------------------------------------------------------- */

static void write_fills(call_t *call, const spot_order_t *order)
{
    json_writer_t *writer = &call->writer;
    venue_select_t select = {.account = order->account, .instrument = order->instrument, .from_ns = order->time_ns, .newest = true};
    venue_fill_t *rows = call->face->rows.fills;
    uint32_t count = venue_fills(call->venue, &select, rows, ROWS_MAX);
    json_write_key(writer, "fills");
    json_begin_array(writer);
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].order_id != order->id)
            continue;
        json_begin_object(writer);
        write_money(writer, "price", rows[i].price);
        write_money(writer, "qty", rows[i].quantity);
        write_money(writer, "commission", rows[i].commission);
        json_field_string(writer, "commissionAsset", venue_asset_name(call->venue, rows[i].commission_asset));
        json_field_u64(writer, "tradeId", rows[i].id);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_result(call_t *call, const spot_order_t *order)
{
    json_writer_t *writer = &call->writer;
    write_amounts(writer, order);
    write_conditions(writer, order);
    write_ms_or_never(writer, "workingTime", order->working_ns);
    json_field_string(writer, "selfTradePreventionMode", spot_word_stp(order->stp));
    write_extras(writer, order);
}

void spot_write_placed(call_t *call, const spot_order_t *order, spot_response_t response)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, order->instrument)->symbol);
    json_field_u64(writer, "orderId", order->id);
    write_list_id(writer, order->list_id);
    json_field_string(writer, "clientOrderId", order->client_id.text);
    write_ms(writer, "transactTime", order->update_ns);
    if (response != SPOT_ACK)
        write_result(call, order);
    if (response == SPOT_FULL) {
        write_fills(call, order);
        spot_write_prevented(call, order->id);
    }
    json_end_object(writer);
}

void spot_write_cancelled(call_t *call, const spot_order_t *order, const client_id_t *request_id)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, order->instrument)->symbol);
    json_field_string(writer, "origClientOrderId", order->client_id.text);
    json_field_u64(writer, "orderId", order->id);
    write_list_id(writer, order->list_id);
    json_field_string(writer, "clientOrderId", request_id->text);
    write_ms(writer, "transactTime", order->update_ns);
    write_amounts(writer, order);
    write_conditions(writer, order);
    json_field_string(writer, "selfTradePreventionMode", spot_word_stp(order->stp));
    write_extras(writer, order);
    json_end_object(writer);
}

void spot_write_error(call_t *call, spot_reject_t reject)
{
    json_begin_object(&call->writer);
    json_field_i64(&call->writer, "code", spot_reject_code(reject));
    json_field_string(&call->writer, "msg", spot_reject_text(reject));
    json_end_object(&call->writer);
}

/* --- lists ------------------------------------------------------------------------------------ */

static void write_list_head(call_t *call, const spot_list_t *list, int64_t time_ns)
{
    json_writer_t *writer = &call->writer;
    json_field_u64(writer, "orderListId", list->id);
    json_field_string(writer, "contingencyType", spot_word_list(list->kind));
    json_field_string(writer, "listStatusType", list->done ? "ALL_DONE" : "EXEC_STARTED");
    json_field_string(writer, "listOrderStatus", list->done ? "ALL_DONE" : "EXECUTING");
    json_field_string(writer, "listClientOrderId", list->client_id.text);
    write_ms(writer, "transactionTime", time_ns);
    json_field_string(writer, "symbol", spot_rules(call, list->instrument)->symbol);
    json_write_key(writer, "orders");
    json_begin_array(writer);
    for (uint32_t i = 0; i < list->leg_count; i++) {
        json_begin_object(writer);
        json_field_string(writer, "symbol", spot_rules(call, list->instrument)->symbol);
        json_field_u64(writer, "orderId", list->order_ids[i]);
        json_field_string(writer, "clientOrderId", list->client_ids[i].text);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void spot_write_list(call_t *call, const spot_list_t *list)
{
    json_begin_object(&call->writer);
    write_list_head(call, list, list->time_ns);
    json_end_object(&call->writer);
}

/* Pending legs are reported as they were placed, also when the working order filled at once. */
static void show_as_pending(const spot_list_t *list, spot_order_t *order)
{
    order->pegged_price = DEC_ZERO;
    if (list->pays_other)
        order->quantity = DEC_ZERO;
    order->status = SPOT_PENDING_NEW;
    order->reason = SPOT_REASON_NONE;
    order->working_ns = 0;
    order->filled = order->filled_quote = DEC_ZERO;
}

void spot_write_list_reply(call_t *call, const spot_list_t *list, spot_list_moment_t moment, const client_id_t *request_id)
{
    json_begin_object(&call->writer);
    write_list_head(call, list, moment == SPOT_LIST_PLACED ? list->time_ns : venue_now(call->venue));
    json_write_key(&call->writer, "orderReports");
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < list->leg_count; i++) {
        spot_ref_t ref = {.account = list->account, .instrument = list->instrument, .id = list->order_ids[i]};
        spot_order_t order;
        memset(&order, 0, sizeof order);
        if (spot_order(call->venue, &ref, &order) != RESULT_OK)
            continue;
        if (moment == SPOT_LIST_PLACED && list->kind != SPOT_LIST_OCO && i > 0)
            show_as_pending(list, &order);
        if (moment == SPOT_LIST_PLACED)
            spot_write_placed(call, &order, SPOT_RESULT);
        else
            spot_write_cancelled(call, &order, request_id);
    }
    json_end_array(&call->writer);
    json_end_object(&call->writer);
}

/* decode_order.c: orders, plain and algo, from REST replies and lists. */
#include "edge/exchange/binance/decode_json.h"
#include "edge/exchange/binance/words.h"

#include <string.h>

/* Both kinds read into one shape. */
typedef struct {
    char symbol[SYMBOL_TEXT_MAX];
    char client_id[PRIVATE_CLIENT_ID_MAX];
    char reason[PRIVATE_TEXT_MAX];
    uint64_t id, actual_id;
    str_t side, position, type, original_type, status;
    bool reduce_only, close_position;
    dec_t quantity, price, trigger, filled;
    str_t filled_raw;
    int64_t update_ns;
} rest_order_t;

static const field_t order_fields[] = {
    FIELD(rest_order_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
    FIELD(rest_order_t, "orderId", id, TAKE_U64, FIELD_REQUIRED),
    FIELD(rest_order_t, "clientOrderId", client_id, TAKE_NAME, FIELD_REQUIRED),
    FIELD(rest_order_t, "status", status, TAKE_WORD, FIELD_REQUIRED),
    FIELD(rest_order_t, "side", side, TAKE_WORD, FIELD_REQUIRED),
    FIELD(rest_order_t, "positionSide", position, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(rest_order_t, "type", type, TAKE_WORD, FIELD_REQUIRED),
    FIELD(rest_order_t, "origType", original_type, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(rest_order_t, "origQty", quantity, TAKE_DEC, FIELD_REQUIRED),
    FIELD(rest_order_t, "executedQty", filled, TAKE_DEC, FIELD_REQUIRED),
    FIELD(rest_order_t, "price", price, TAKE_DEC, FIELD_REQUIRED),
    FIELD(rest_order_t, "stopPrice", trigger, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(rest_order_t, "reduceOnly", reduce_only, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(rest_order_t, "closePosition", close_position, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(rest_order_t, "updateTime", update_ns, TAKE_MS, FIELD_OPTIONAL),
};

static const field_t algo_fields[] = {
    FIELD(rest_order_t, "symbol", symbol, TAKE_NAME, FIELD_REQUIRED),
    FIELD(rest_order_t, "algoId", id, TAKE_U64, FIELD_REQUIRED),
    FIELD(rest_order_t, "clientAlgoId", client_id, TAKE_NAME, FIELD_REQUIRED),
    FIELD(rest_order_t, "algoStatus", status, TAKE_WORD, FIELD_REQUIRED),
    FIELD(rest_order_t, "side", side, TAKE_WORD, FIELD_REQUIRED),
    FIELD(rest_order_t, "positionSide", position, TAKE_WORD, FIELD_OPTIONAL),
    FIELD(rest_order_t, "orderType", type, TAKE_WORD, FIELD_REQUIRED),
    FIELD(rest_order_t, "quantity", quantity, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(rest_order_t, "triggerPrice", trigger, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(rest_order_t, "price", price, TAKE_DEC, FIELD_OPTIONAL),
    FIELD(rest_order_t, "reduceOnly", reduce_only, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(rest_order_t, "closePosition", close_position, TAKE_BOOL, FIELD_OPTIONAL),
    FIELD(rest_order_t, "actualOrderId", actual_id, TAKE_U64, FIELD_OPTIONAL),
    FIELD(rest_order_t, "actualQty", filled_raw, TAKE_RAW, FIELD_OPTIONAL),
    FIELD(rest_order_t, "rejectReason", reason, TAKE_TEXT, FIELD_OPTIONAL),
    FIELD(rest_order_t, "updateTime", update_ns, TAKE_MS, FIELD_OPTIONAL),
};

static void order_make(decode_t *decode, const symbol_map_t *symbols, bool algo, const rest_order_t *rest, private_order_t *order)
{
    *order = (private_order_t){
        .instrument = decode_symbol(symbols, rest->symbol),
        .algo = algo,
        .venue_order_id = rest->id,
        .engine_order_id = rest->actual_id,
        .status = binance_order_status(rest->status),
        .owner = binance_owner(str_from(rest->client_id)),
        .side = binance_side(rest->side),
        .position = rest->position.bytes != NULL ? binance_position_key(rest->position) : POSITION_BOTH,
        .type = binance_order_type(rest->type),
        .reduce = binance_reduce(rest->close_position, rest->reduce_only),
        .quantity = rest->quantity,
        .price = rest->price,
        .trigger = rest->trigger,
        .filled_known = !algo,
        .filled = rest->filled,
    };
    memcpy(order->client_id, rest->client_id, sizeof order->client_id);
    memcpy(order->reason, rest->reason, sizeof order->reason);
    if (algo) {
        decode_filled(decode, "actualQty", rest->filled_raw, order);
    }
    if (order->side == 0 || order->position == 0) {
        decode_fail(decode, RESULT_UNKNOWN_VALUE, order->side == 0 ? "side" : "positionSide", "a word that is not known");
    }
}

/* One object. */
static void order_read(decode_t *decode, const symbol_map_t *symbols, bool algo, private_order_t *order, int64_t *time_ns)
{
    rest_order_t rest;
    memset(&rest, 0, sizeof rest);
    if (algo) {
        DECODE_OBJECT(decode, algo_fields, &rest);
    } else {
        DECODE_OBJECT(decode, order_fields, &rest);
    }
    if (decode->reader.error == RESULT_OK) {
        order_make(decode, symbols, algo, &rest, order);
        *time_ns = rest.update_ns;
    }
}

/* A body that is the venue's error is no order. */
static bool body_is_error(str_t body)
{
    int64_t code;
    char message[8];
    return binance_decode_error(body, &code, message, sizeof message) == RESULT_OK;
}

static result_t one_decode(const symbol_map_t *symbols, str_t body, bool algo, private_order_t *out, int64_t *time_ns,
                           binance_detail_t *detail)
{
    if (body_is_error(body)) {
        return RESULT_UNSUPPORTED;
    }
    decode_t decode;
    private_order_t order = {.instrument = INSTRUMENT_NONE};
    int64_t update_ns = 0;
    decode_init(&decode, body);
    order_read(&decode, symbols, algo, &order, &update_ns);
    result_t result = decode_finish(&decode, detail);
    if (result != RESULT_OK) {
        return result;
    }
    if (order.instrument == INSTRUMENT_NONE) {
        return RESULT_NOT_FOUND;
    }
    *out = order;
    if (time_ns != NULL) {
        *time_ns = update_ns;
    }
    return RESULT_OK;
}

result_t binance_decode_order(const symbol_map_t *symbols, str_t body, private_order_t *out, int64_t *time_ns,
                              binance_detail_t *detail)
{
    return one_decode(symbols, body, false, out, time_ns, detail);
}

result_t binance_decode_algo_order(const symbol_map_t *symbols, str_t body, private_order_t *out, int64_t *time_ns,
                                   binance_detail_t *detail)
{
    return one_decode(symbols, body, true, out, time_ns, detail);
}

static result_t list_decode(binance_list_t *list, str_t body, bool algo, binance_detail_t *detail)
{
    decode_t decode;
    decode_init(&decode, body);
    json_enter_array(&decode.reader);
    while (decode.reader.error == RESULT_OK && json_next_item(&decode.reader)) {
        private_event_t event = {.kind = PRIVATE_ORDER};
        order_read(&decode, list->symbols, algo, &event.order, &event.time_ns);
        if (decode.reader.error != RESULT_OK) {
            break;
        }
        list->seen++;
        if (event.order.instrument == INSTRUMENT_NONE) {
            list->left_out++;
        } else {
            list->each(list->context, &event);
        }
    }
    return decode_finish(&decode, detail);
}

result_t binance_decode_orders(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, false, detail);
}

result_t binance_decode_algo_orders(binance_list_t *list, str_t body, binance_detail_t *detail)
{
    return list_decode(list, body, true, detail);
}

result_t binance_decode_algo_cancel(str_t body, private_order_t *out, binance_detail_t *detail)
{
    static const field_t fields[] = {
        FIELD(rest_order_t, "algoId", id, TAKE_U64, FIELD_REQUIRED),
        FIELD(rest_order_t, "clientAlgoId", client_id, TAKE_NAME, FIELD_REQUIRED),
        FIELD(rest_order_t, "code", filled, TAKE_DEC, FIELD_REQUIRED), /* "200" or 200 */
    };
    rest_order_t rest;
    decode_t decode;
    memset(&rest, 0, sizeof rest);
    decode_init(&decode, body);
    DECODE_OBJECT(&decode, fields, &rest);
    if (decode.reader.error == RESULT_OK && !dec_eq(rest.filled, dec_from_int(200))) {
        decode_fail(&decode, RESULT_UNKNOWN_VALUE, "code", "not 200");
    }
    result_t result = decode_finish(&decode, detail);
    if (result == RESULT_OK) {
        *out = (private_order_t){
            .instrument = INSTRUMENT_NONE, .algo = true, .venue_order_id = rest.id, .status = PRIVATE_STATUS_CANCELLED};
        memcpy(out->client_id, rest.client_id, sizeof out->client_id);
    }
    return result;
}

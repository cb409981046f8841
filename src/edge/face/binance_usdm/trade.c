/* trade.c: limit and market orders: place, test, modify, cancel, ask. */
#include <stdio.h>
#include <string.h>

#include "edge/face/binance_usdm/usdm_parts.h"

static const instrument_t *rules_of(const call_t *call, instrument_id_t instrument)
{
    return venue_instrument_at(call->venue, instrument);
}

/* One word of a closed list: fails with `code` and `text` when it is not in it. */
#define READ_WORD(call, name, need, parse, out, code, text)                                                                        \
    do {                                                                                                                           \
        str_t word_ = {0};                                                                                                         \
        if (!call_text(call, name, need, &word_))                                                                                  \
            return false;                                                                                                          \
        if (word_.length > 0 && !parse(word_, out))                                                                                \
            return call_fail(call, 400, code, text);                                                                               \
    } while (0)

static bool read_options(call_t *call, venue_place_t *place)
{
    READ_WORD(call, "positionSide", PARAM_OPTIONAL, word_to_position_side, &place->position_side, -4060, "Invalid position side.");
    READ_WORD(call, "timeInForce", PARAM_OPTIONAL, word_to_tif, &place->tif, -1115, "Invalid timeInForce.");
    READ_WORD(call, "selfTradePreventionMode", PARAM_OPTIONAL, word_to_stp, &place->stp, -5039,
              "Invalid self trade prevention mode");
    READ_WORD(call, "priceMatch", PARAM_OPTIONAL, word_to_match, &place->match, -5037, "Invalid price match");
    place->reduce_only_sent = call_has(call, "reduceOnly");
    return call_bool(call, "reduceOnly", PARAM_OPTIONAL, &place->reduce_only) &&
           call_client_id(call, "newClientOrderId", &place->client_id) &&
           call_time(call, "goodTillDate", PARAM_OPTIONAL, &place->good_till_ns);
}

/* What a market order has no use for. */
static bool refuse_limit_terms(call_t *call)
{
    static const char *const names[] = {"price", "stopPrice", "goodTillDate", "activationPrice", "callbackRate"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (call_has(call, names[i])) {
            char text[CALL_ERROR_MAX];
            snprintf(text, sizeof text, "Parameter '%s' sent when not required.", names[i]);
            return call_fail(call, 400, -1106, text);
        }
    }
    return true;
}

static bool read_place(call_t *call, venue_place_t *place)
{
    if (!call_symbol(call, PARAM_MANDATORY, &place->instrument))
        return false;
    READ_WORD(call, "side", PARAM_MANDATORY, word_to_side, &place->side, -1117, "Invalid side.");
    READ_WORD(call, "type", PARAM_MANDATORY, word_to_type, &place->type, -1116, "Invalid orderType.");
    if (place->type != VENUE_LIMIT && place->type != VENUE_MARKET)
        return call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_USE_ALGO});
    if (!read_options(call, place) || !call_dec(call, "quantity", PARAM_MANDATORY, &place->quantity))
        return false;
    if (!call_refuse_closing(call, place->type) || (place->type == VENUE_MARKET && !refuse_limit_terms(call)))
        return false;
    if (place->type == VENUE_MARKET)
        return !call_has(call, "timeInForce") || call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_TIF_NOT_REQUIRED});
    if (!call_has(call, "timeInForce"))
        return call_fail(call, 400, -1102, "Mandatory parameter 'timeinforce' was not sent, was empty/null, or malformed.");
    if (place->tif == VENUE_GTD && !call_has(call, "goodTillDate"))
        return call_fail(call, 400, -1102, "Mandatory parameter 'goodtilldate' was not sent, was empty/null, or malformed.");
    return call_dec(call, "price", place->match == VENUE_MATCH_NONE ? PARAM_MANDATORY : PARAM_OPTIONAL, &place->price);
}

/* An ACK says that the order is in, not what became of it. */
static void show_as_new(venue_order_t *order)
{
    order->status = VENUE_STATUS_NEW;
    order->filled = order->filled_quote = order->average_price = DEC_ZERO;
}

/* go-binance sends it always, empty when nobody chose. */
static bool read_response_type(call_t *call, bool *result)
{
    str_t word = STR("ACK");
    if (!call_text(call, "newOrderRespType", PARAM_MAY_BE_EMPTY, &word))
        return false;
    *result = str_eq(word, STR("RESULT"));
    return *result || str_eq(word, STR("ACK")) || call_fail(call, 400, -1136, "Invalid newOrderRespType.");
}

/* A test makes no order: what answers it has the shape of one and nothing in it. [seen at the exchange] */
static void write_blank_reply(json_writer_t *writer)
{
    static const char *const numbers[] = {"orderId", "updateTime", "goodTillDate"};
    static const char *const flags[] = {"reduceOnly", "closePosition", "priceProtect"};
    static const char *const texts[] = {
        "clientOrderId", "cumQty", "cumQuote", "executedQty", "avgPrice",     "origQty",
        "price",         "side",   "status",   "symbol",      "positionSide", "stopPrice",
        "timeInForce",   "type",   "origType", "workingType", "priceMatch",   "selfTradePreventionMode"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        json_field_i64(writer, numbers[i], 0);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        json_field_bool(writer, flags[i], false);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        json_field_string(writer, texts[i], "");
}

void trade_place(call_t *call, trade_mode_t mode)
{
    venue_place_t place = {.account = call->account->account, .stp = VENUE_STP_EXPIRE_MAKER, .test = mode == TRADE_TEST};
    venue_order_t after;
    bool result = false;
    memset(&after, 0, sizeof after);
    if (!read_place(call, &place) || !read_response_type(call, &result) ||
        !call_accept(call, world_place(call->world, &place, &after)))
        return;
    call->orders_placed++;
    json_begin_object(&call->writer);
    if (mode == TRADE_TEST)
        write_blank_reply(&call->writer);
    else {
        if (!result)
            show_as_new(&after);
        write_order_reply(&call->writer, rules_of(call, place.instrument), &after);
    }
    json_end_object(&call->writer);
}

void handle_order_place(call_t *call)
{
    trade_place(call, TRADE_REAL);
}

void handle_order_test(call_t *call)
{
    trade_place(call, TRADE_TEST);
}

/* By id or by client id: one of them must be there. */
static bool read_ref(call_t *call, venue_ref_t *ref)
{
    ref->account = call->account->account;
    if (!call_symbol(call, PARAM_MANDATORY, &ref->instrument) || !call_u64(call, "orderId", PARAM_OPTIONAL, &ref->id) ||
        !call_client_id(call, "origClientOrderId", &ref->client_id))
        return false;
    if (ref->id == 0 && ref->client_id.text[0] == '\0')
        return call_fail(call, 400, -1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
    return true;
}

static bool read_amend(call_t *call, venue_amend_t *amend)
{
    if (!read_ref(call, &amend->ref))
        return false;
    READ_WORD(call, "side", PARAM_MANDATORY, word_to_side, &amend->side, -1117, "Invalid side.");
    READ_WORD(call, "priceMatch", PARAM_OPTIONAL, word_to_match, &amend->match, -5037, "Invalid price match");
    amend->reduce_only_sent = call_has(call, "reduceOnly");
    return call_bool(call, "reduceOnly", PARAM_OPTIONAL, &amend->reduce_only) &&
           call_u64(call, "modifyId", PARAM_OPTIONAL, &amend->modify_id) &&
           call_dec(call, "quantity", PARAM_MANDATORY, &amend->quantity) &&
           call_dec(call, "price", amend->match == VENUE_MATCH_NONE ? PARAM_MANDATORY : PARAM_OPTIONAL, &amend->price);
}

void trade_amend(call_t *call)
{
    venue_amend_t amend;
    venue_order_t after;
    memset(&amend, 0, sizeof amend);
    memset(&after, 0, sizeof after);
    if (!read_amend(call, &amend))
        return;
    if (!call_accept(call, world_amend(call->world, &amend, &after)))
        return;
    call->orders_placed++;
    const instrument_t *rules = rules_of(call, amend.ref.instrument);
    json_begin_object(&call->writer);
    write_order_reply(&call->writer, rules, &after);
    json_field_string(&call->writer, "pair", rules->symbol);
    if (amend.modify_id != 0)
        json_field_u64(&call->writer, "modifyId", amend.modify_id);
    json_end_object(&call->writer);
}

void handle_order_amend(call_t *call)
{
    trade_amend(call);
}

void trade_cancel(call_t *call)
{
    venue_ref_t ref;
    venue_order_t after;
    memset(&ref, 0, sizeof ref);
    memset(&after, 0, sizeof after);
    if (!read_ref(call, &ref) || !call_accept(call, world_cancel(call->world, &ref, &after)))
        return;
    json_begin_object(&call->writer);
    write_order_reply(&call->writer, rules_of(call, ref.instrument), &after);
    json_end_object(&call->writer);
}

void handle_order_cancel(call_t *call)
{
    trade_cancel(call);
}

static bool find_order(call_t *call, venue_order_t *order)
{
    venue_ref_t ref;
    memset(&ref, 0, sizeof ref);
    if (!read_ref(call, &ref))
        return false;
    return venue_order(call->venue, &ref, order) == RESULT_OK ||
           call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_NO_SUCH_ORDER});
}

void handle_order_get(call_t *call)
{
    venue_order_t order;
    if (find_order(call, &order))
        write_order(&call->writer, rules_of(call, order.instrument), &order);
}

static bool is_open(const venue_order_t *order)
{
    return order->status == VENUE_STATUS_NEW || order->status == VENUE_STATUS_PARTIALLY_FILLED;
}

void handle_open_order(call_t *call)
{
    venue_order_t order;
    if (!find_order(call, &order))
        return;
    if (is_open(&order))
        write_order(&call->writer, rules_of(call, order.instrument), &order);
    else
        call_accept(call, (venue_reply_t){.reject = VENUE_REJECT_NO_SUCH_ORDER});
}

static void write_orders(call_t *call, const venue_select_t *select, uint32_t limit)
{
    venue_order_t *rows = call->face->rows.orders;
    uint32_t count = venue_orders(call->venue, select, rows, limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++)
        write_order(&call->writer, rules_of(call, rows[i].instrument), &rows[i]);
    json_end_array(&call->writer);
}

void handle_open_orders(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE, .open_only = true, .newest = true};
    if (call_symbol(call, PARAM_OPTIONAL, &select.instrument))
        write_orders(call, &select, ROWS_MAX);
}

bool trade_read_history(call_t *call, const char *id_name, venue_select_t *select, uint32_t *limit)
{
    uint64_t most = 500;
    *select = (venue_select_t){.account = call->account->account, .instrument = INSTRUMENT_NONE};
    if (!call_symbol(call, PARAM_MANDATORY, &select->instrument) || !call_u64(call, id_name, PARAM_OPTIONAL, &select->from_id) ||
        !call_time(call, "startTime", PARAM_OPTIONAL, &select->from_ns) ||
        !call_time(call, "endTime", PARAM_OPTIONAL, &select->to_ns) || !call_limit(call, 1000, &most) ||
        !call_span(call, select->from_ns, select->to_ns))
        return false;
    select->newest = select->from_id == 0 && select->from_ns == 0;
    *limit = (uint32_t)most;
    return true;
}

void handle_all_orders(call_t *call)
{
    venue_select_t select;
    uint32_t limit;
    if (trade_read_history(call, "orderId", &select, &limit))
        write_orders(call, &select, limit);
}

void trade_write_all_cancelled(call_t *call)
{
    json_begin_object(&call->writer);
    json_field_i64(&call->writer, "code", 200);
    json_field_string(&call->writer, "msg", "The operation of cancel all open order is done.");
    json_end_object(&call->writer);
}

void handle_cancel_all(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) ||
        !call_accept(call, world_cancel_all(call->world, call->account->account, instrument, NULL)))
        return;
    trade_write_all_cancelled(call);
}

void handle_countdown(call_t *call)
{
    instrument_id_t instrument = INSTRUMENT_NONE;
    uint64_t ms = 0;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !call_u64(call, "countdownTime", PARAM_MANDATORY, &ms))
        return;
    if (ms > (uint64_t)(INT64_MAX / NS_PER_MS / 4)) {
        call_fail(call, 400, -1130, "Data sent for parameter 'countdownTime' is not valid.");
        return;
    }
    if (!call_accept(call, world_countdown(call->world, call->account->account, instrument, (int64_t)ms * NS_PER_MS)))
        return;
    char text[24];
    str_from_u64(ms, text);
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", rules_of(call, instrument)->symbol);
    json_field_string(&call->writer, "countdownTime", text);
    json_end_object(&call->writer);
}

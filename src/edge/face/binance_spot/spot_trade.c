/* spot_trade.c: orders: place, test, ask, cancel, amend, replace. */
#include <string.h>

#include "edge/face/binance_spot/spot_face_parts.h"

uint32_t weigh_spot_test(const call_t *call)
{
    return call_has(call, "computeCommissionRates") ? 20 : 1;
}

uint32_t weigh_spot_6_80(const call_t *call)
{
    return call_has(call, "symbol") ? 6 : 80;
}

/* FULL for the two plain types, an acknowledgement for the others. */
static spot_response_t usual_response(const spot_place_t *place)
{
    return place->type == SPOT_LIMIT || place->type == SPOT_MARKET ? SPOT_FULL : SPOT_ACK;
}

void handle_spot_order(call_t *call)
{
    spot_place_t place;
    spot_order_t after;
    spot_response_t response = SPOT_ACK;
    memset(&place, 0, sizeof place);
    memset(&after, 0, sizeof after);
    if (!spot_read_order(call, &place) || !spot_read_response(call, usual_response(&place), &response) ||
        !call_accept_spot(call, world_spot_place(call->world, &place, &after).reject))
        return;
    call->orders_placed++;
    spot_write_placed(call, &after, response);
}

static void write_rates(json_writer_t *writer, const char *key, dec_t maker, dec_t taker)
{
    json_write_key(writer, key);
    json_begin_object(writer);
    write_money(writer, "maker", maker);
    write_money(writer, "taker", taker);
    json_end_object(writer);
}

void handle_spot_test(call_t *call)
{
    spot_place_t place;
    bool rates = false;
    spot_account_t account;
    memset(&place, 0, sizeof place);
    memset(&account, 0, sizeof account);
    if (!call_bool(call, "computeCommissionRates", PARAM_OPTIONAL, &rates) || !spot_read_order(call, &place))
        return;
    place.test = true;
    if (!call_accept_spot(call, world_spot_place(call->world, &place, NULL).reject))
        return;
    (void)spot_account_view(call->venue, call->account->account, &account);
    json_begin_object(&call->writer);
    if (rates) {
        write_rates(&call->writer, "standardCommissionForOrder", account.maker_rate, account.taker_rate);
        write_rates(&call->writer, "specialCommissionForOrder", DEC_ZERO, DEC_ZERO);
        write_rates(&call->writer, "taxCommissionForOrder", DEC_ZERO, DEC_ZERO);
        spot_write_discount(&call->writer, &account);
    }
    json_end_object(&call->writer);
}

/* --- asking ----------------------------------------------------------------------------------- */

void handle_spot_get(call_t *call)
{
    spot_ref_t ref;
    spot_order_t order;
    memset(&ref, 0, sizeof ref);
    if (!spot_read_ref(call, "orderId", "origClientOrderId", &ref))
        return;
    if (spot_order(call->venue, &ref, &order) == RESULT_OK)
        spot_write_order(call, &order);
    else
        call_accept_spot(call, SPOT_REJECT_NO_SUCH_ORDER);
}

static void write_orders(call_t *call, const venue_select_t *select, uint32_t limit)
{
    spot_order_t *rows = call->face->rows.spot_orders;
    uint32_t count = spot_orders(call->venue, select, rows, limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++)
        spot_write_order(call, &rows[i]);
    json_end_array(&call->writer);
}

void handle_spot_open(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE, .open_only = true};
    if (call_symbol(call, PARAM_OPTIONAL, &select.instrument))
        write_orders(call, &select, ROWS_MAX);
}

void handle_spot_all(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t limit = 500;
    if (!call_symbol(call, PARAM_MANDATORY, &select.instrument) || !call_u64(call, "orderId", PARAM_OPTIONAL, &select.from_id) ||
        !spot_read_span(call, &select) || !call_limit(call, 1000, &limit))
        return;
    select.newest = select.from_id == 0 && select.from_ns == 0;
    write_orders(call, &select, (uint32_t)limit);
}

/* --- taking back ------------------------------------------------------------------------------ */

static bool read_restriction(call_t *call, spot_ref_t *ref)
{
    str_t word = {0};
    if (!call_text(call, "cancelRestrictions", PARAM_OPTIONAL, &word))
        return false;
    return word.length == 0 || spot_word_to_restriction(word, &ref->restriction) ||
           call_accept_spot(call, SPOT_REJECT_CANCEL_RESTRICTIONS);
}

static bool read_cancel(call_t *call, const char *id_name, const char *client_name, const char *request_name, spot_ref_t *ref)
{
    if (!spot_read_ref(call, id_name, client_name, ref) || !read_restriction(call, ref) ||
        !spot_read_client_id(call, request_name, &ref->request_id))
        return false;
    if (ref->request_id.text[0] == '\0')
        spot_make_request_id(call, &ref->request_id);
    return true;
}

/* A leg takes its list with it: then the list is the answer. */
static void write_cancel(call_t *call, const spot_order_t *order, const client_id_t *request_id)
{
    spot_ref_t ref = {.account = order->account, .id = order->list_id};
    spot_list_t list;
    if (order->list_id != 0 && spot_list(call->venue, &ref, &list) == RESULT_OK)
        spot_write_list_reply(call, &list, SPOT_LIST_CANCELLED, request_id);
    else
        spot_write_cancelled(call, order, request_id);
}

void handle_spot_cancel(call_t *call)
{
    spot_ref_t ref;
    spot_order_t after;
    memset(&ref, 0, sizeof ref);
    memset(&after, 0, sizeof after);
    if (read_cancel(call, "orderId", "origClientOrderId", "newClientOrderId", &ref) &&
        call_accept_spot(call, world_spot_cancel(call->world, &ref, &after).reject))
        write_cancel(call, &after, &ref.request_id);
}

void handle_spot_cancel_open(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE, .open_only = true};
    if (!call_symbol(call, PARAM_MANDATORY, &select.instrument))
        return;
    spot_order_t *rows = call->face->rows.spot_orders;
    uint32_t count = spot_orders(call->venue, &select, rows, ROWS_MAX);
    if (count == 0) {
        call_accept_spot(call, SPOT_REJECT_UNKNOWN_ORDER);
        return;
    }
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++) {
        spot_ref_t ref = {.account = select.account, .instrument = select.instrument, .id = rows[i].id};
        spot_order_t after;
        spot_make_request_id(call, &ref.request_id);
        /* Later legs of a list that is gone already are no longer there. */
        if (world_spot_cancel(call->world, &ref, &after).reject == SPOT_REJECT_NONE)
            write_cancel(call, &after, &ref.request_id);
    }
    json_end_array(&call->writer);
}

void handle_spot_amend(call_t *call)
{
    spot_amend_t amend;
    spot_order_t before, after;
    memset(&amend, 0, sizeof amend);
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    if (!spot_read_ref(call, "orderId", "origClientOrderId", &amend.ref) ||
        !spot_read_client_id(call, "newClientOrderId", &amend.ref.request_id) ||
        !call_dec(call, "newQty", PARAM_MANDATORY, &amend.quantity))
        return;
    if (amend.ref.request_id.text[0] == '\0')
        spot_make_request_id(call, &amend.ref.request_id);
    (void)spot_order(call->venue, &amend.ref, &before);
    if (!call_accept_spot(call, world_spot_amend(call->world, &amend, &after).reject))
        return;
    json_begin_object(&call->writer);
    write_ms(&call->writer, "transactTime", after.update_ns);
    json_field_u64(&call->writer, "executionId", spot_amendment_event(call, after.id));
    json_write_key(&call->writer, "amendedOrder");
    json_begin_object(&call->writer);
    json_field_string(&call->writer, "symbol", spot_rules(call, after.instrument)->symbol);
    json_field_u64(&call->writer, "orderId", after.id);
    json_field_i64(&call->writer, "orderListId", after.list_id == 0 ? -1 : (int64_t)after.list_id);
    json_field_string(&call->writer, "origClientOrderId", before.client_id.text);
    json_field_string(&call->writer, "clientOrderId", after.client_id.text);
    write_money(&call->writer, "price", after.price);
    write_money(&call->writer, "qty", after.quantity);
    write_money(&call->writer, "executedQty", after.filled);
    write_money(&call->writer, "preventedQty", after.prevented_quantity);
    write_money(&call->writer, "quoteOrderQty", after.quote_quantity);
    write_money(&call->writer, "cumulativeQuoteQty", after.filled_quote);
    json_field_string(&call->writer, "status", spot_word_status(after.status));
    json_field_string(&call->writer, "timeInForce", spot_word_tif(after.tif));
    json_field_string(&call->writer, "type", spot_word_type(after.type));
    json_field_string(&call->writer, "side", spot_word_side(after.side));
    write_ms(&call->writer, "workingTime", after.working_ns);
    json_field_string(&call->writer, "selfTradePreventionMode", spot_word_stp(after.stp));
    json_end_object(&call->writer);
    json_end_object(&call->writer);
}

/* --- cancel and replace ----------------------------------------------------------------------- */

typedef struct {
    spot_ref_t ref;
    spot_place_t place;
    spot_response_t response;
    bool stop_on_failure, attempted;
    bool over_limit; /* the new order may not be: too many */
    char refusal[CALL_ERROR_MAX];
    spot_reject_t cancel_reject, place_reject;
    spot_order_t cancelled, placed;
} replace_t;

bool spot_goes_on_over_limit(call_t *call, handler_fn *handle)
{
    str_t mode = {0};
    return handle == handle_spot_replace && call_text(call, "orderRateLimitExceededMode", PARAM_OPTIONAL, &mode) &&
           str_eq(mode, STR("CANCEL_ONLY"));
}

static bool read_replace(call_t *call, replace_t *replace)
{
    str_t mode = {0}, exceeded = STR("DO_NOTHING");
    replace->over_limit = call->over_limit;
    (void)str_copy(str_from(call->over_limit ? call->error_text : ""), replace->refusal, sizeof replace->refusal);
    if (!call_text(call, "orderRateLimitExceededMode", PARAM_OPTIONAL, &exceeded))
        return false;
    if (!str_eq(exceeded, STR("DO_NOTHING")) && !str_eq(exceeded, STR("CANCEL_ONLY")))
        return call_fail(call, 400, -1130, "Data sent for parameter 'orderRateLimitExceededMode' is not valid.");
    if (!call_text(call, "cancelReplaceMode", PARAM_MANDATORY, &mode))
        return false;
    replace->stop_on_failure = str_eq(mode, STR("STOP_ON_FAILURE"));
    if (!replace->stop_on_failure && !str_eq(mode, STR("ALLOW_FAILURE")))
        return call_fail(call, 400, -1130, "Data sent for parameter 'cancelReplaceMode' is not valid.");
    return spot_read_order(call, &replace->place) &&
           spot_read_response(call, usual_response(&replace->place), &replace->response) &&
           read_cancel(call, "cancelOrderId", "cancelOrigClientOrderId", "cancelNewClientOrderId", &replace->ref);
}

static const char *outcome_word(spot_reject_t reject)
{
    return reject == SPOT_REJECT_NONE ? "SUCCESS" : "FAILURE";
}

static void write_replace(call_t *call, const replace_t *replace)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "cancelResult", outcome_word(replace->cancel_reject));
    const char *placed = replace->over_limit ? "FAILURE" : outcome_word(replace->place_reject);
    json_field_string(writer, "newOrderResult", replace->attempted ? placed : "NOT_ATTEMPTED");
    json_write_key(writer, "cancelResponse");
    if (replace->cancel_reject == SPOT_REJECT_NONE)
        write_cancel(call, &replace->cancelled, &replace->ref.request_id);
    else
        spot_write_error(call, replace->cancel_reject);
    json_write_key(writer, "newOrderResponse");
    if (!replace->attempted)
        json_write_null(writer);
    else if (replace->over_limit)
        spot_write_error_text(call, -1015, replace->refusal);
    else if (replace->place_reject == SPOT_REJECT_NONE)
        spot_write_placed(call, &replace->placed, replace->response);
    else
        spot_write_error(call, replace->place_reject);
    json_end_object(writer);
}

/* What came of both stands in the error's data. */
static void fail_replace(call_t *call, const replace_t *replace)
{
    bool none = !replace->attempted || replace->over_limit || replace->place_reject != SPOT_REJECT_NONE;
    bool all = replace->cancel_reject != SPOT_REJECT_NONE && none;
    unsigned status = all ? 400 : 409;
    face_t *face = call->face;
    call_write_to(call, face->event, sizeof face->event);
    write_replace(call, replace);
    if (json_writer_finish(&call->writer, &call->error_data) != RESULT_OK)
        call->error_data = (str_t){0};
    if (replace->over_limit && replace->stop_on_failure)
        status = 429;
    call_fail(call, status, all ? -2022 : -2021, all ? "Order cancel-replace failed." : "Order cancel-replace partially failed.");
}

void handle_spot_replace(call_t *call)
{
    replace_t replace;
    memset(&replace, 0, sizeof replace);
    if (!read_replace(call, &replace))
        return;
    replace.cancel_reject = world_spot_cancel(call->world, &replace.ref, &replace.cancelled).reject;
    replace.attempted = replace.cancel_reject == SPOT_REJECT_NONE || !replace.stop_on_failure;
    if (replace.attempted && !replace.over_limit)
        replace.place_reject = world_spot_place(call->world, &replace.place, &replace.placed).reject;
    if (replace.attempted && !replace.over_limit && replace.cancel_reject == SPOT_REJECT_NONE &&
        replace.place_reject == SPOT_REJECT_NONE)
        write_replace(call, &replace);
    else
        fail_replace(call, &replace);
}

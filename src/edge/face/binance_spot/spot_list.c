/* spot_list.c: order lists: OCO in its present and its older form, OTO, OTOCO, OPO, OPOCO. */
#include <string.h>

#include "edge/face/binance_spot/spot_face_parts.h"

static bool begin(call_t *call, spot_list_kind_t kind, spot_list_place_t *list)
{
    spot_stp_t stp = SPOT_STP_NONE;
    instrument_id_t instrument = INSTRUMENT_NONE;
    memset(list, 0, sizeof *list);
    list->kind = kind;
    if (!call_symbol(call, PARAM_MANDATORY, &instrument) || !spot_read_client_id(call, "listClientOrderId", &list->client_id) ||
        !spot_read_stp(call, &stp))
        return false;
    for (uint32_t i = 0; i < SPOT_LEGS_MAX; i++) {
        list->legs[i].account = call->account->account;
        list->legs[i].instrument = instrument;
        list->legs[i].stp = stp;
    }
    return true;
}

static void place(call_t *call, const spot_list_place_t *list)
{
    spot_list_t after;
    spot_response_t response = SPOT_RESULT;
    memset(&after, 0, sizeof after);
    if (!spot_read_response(call, SPOT_RESULT, &response) ||
        !call_accept_spot(call, world_spot_list_place(call->world, list, &after).reject))
        return;
    spot_write_list_reply(call, &after, SPOT_LIST_PLACED, NULL);
}

/* Both legs of a pair: same side, same quantity (NULL: what the working order will receive). */
static bool read_pair(call_t *call, const spot_names_t names[2], const char *side, const char *quantity, spot_place_t legs[2])
{
    for (uint32_t i = 0; i < 2; i++) {
        if (!spot_read_word_side(call, side, &legs[i].side) ||
            (quantity && !call_dec(call, quantity, PARAM_MANDATORY, &legs[i].quantity)) ||
            !spot_read_conditions(call, &names[i], &legs[i]))
            return false;
    }
    return true;
}

void handle_spot_oco(call_t *call)
{
    static const spot_names_t names[2] = {{"above", "aboveClientOrderId"}, {"below", "belowClientOrderId"}};
    spot_list_place_t list;
    if (begin(call, SPOT_LIST_OCO, &list) && read_pair(call, names, "side", "quantity", list.legs))
        place(call, &list);
}

static bool read_working(call_t *call, spot_place_t *leg)
{
    static const spot_names_t names = {"working", "workingClientOrderId"};
    return spot_read_word_side(call, "workingSide", &leg->side) &&
           call_dec(call, "workingQuantity", PARAM_MANDATORY, &leg->quantity) && spot_read_conditions(call, &names, leg);
}

/* One pays the other: the pending legs have no quantity of their own. */
static bool read_pays_other(call_t *call, spot_list_place_t *list)
{
    list->pays_other = true;
    return !call_has(call, "pendingQuantity") ||
           call_fail(call, 400, -1225, "Pending orders should not include the 'pendingQuantity' tag.");
}

static bool read_one_pending(call_t *call, const char *quantity, spot_place_t *pending)
{
    static const spot_names_t names = {"pending", "pendingClientOrderId"};
    return spot_read_word_side(call, "pendingSide", &pending->side) &&
           (!quantity || call_dec(call, quantity, PARAM_MANDATORY, &pending->quantity)) &&
           spot_read_conditions(call, &names, pending);
}

static bool read_pending_pair(call_t *call, const char *quantity, spot_place_t legs[2])
{
    static const spot_names_t names[2] = {{"pendingAbove", "pendingAboveClientOrderId"},
                                          {"pendingBelow", "pendingBelowClientOrderId"}};
    return read_pair(call, names, "pendingSide", quantity, legs);
}

void handle_spot_oto(call_t *call)
{
    spot_list_place_t list;
    if (begin(call, SPOT_LIST_OTO, &list) && read_working(call, &list.legs[0]) &&
        read_one_pending(call, "pendingQuantity", &list.legs[1]))
        place(call, &list);
}

void handle_spot_opo(call_t *call)
{
    spot_list_place_t list;
    if (begin(call, SPOT_LIST_OTO, &list) && read_pays_other(call, &list) && read_working(call, &list.legs[0]) &&
        read_one_pending(call, NULL, &list.legs[1]))
        place(call, &list);
}

void handle_spot_otoco(call_t *call)
{
    spot_list_place_t list;
    if (begin(call, SPOT_LIST_OTOCO, &list) && read_working(call, &list.legs[0]) &&
        read_pending_pair(call, "pendingQuantity", &list.legs[1]))
        place(call, &list);
}

void handle_spot_opoco(call_t *call)
{
    spot_list_place_t list;
    if (begin(call, SPOT_LIST_OTOCO, &list) && read_pays_other(call, &list) && read_working(call, &list.legs[0]) &&
        read_pending_pair(call, NULL, &list.legs[1]))
        place(call, &list);
}

/* POST /order/oco: a maker order at `price` and a stop at `stopPrice`, a limit order when stopLimitPrice is there. */
void handle_spot_old_oco(call_t *call)
{
    spot_list_place_t list;
    spot_place_t limit, stop;
    str_t tif = {0};
    if (!begin(call, SPOT_LIST_OCO, &list))
        return;
    limit = stop = list.legs[0];
    if (!spot_read_word_side(call, "side", &limit.side) || !call_dec(call, "quantity", PARAM_MANDATORY, &limit.quantity) ||
        !call_dec(call, "price", PARAM_MANDATORY, &limit.price) ||
        !call_dec(call, "stopPrice", PARAM_MANDATORY, &stop.stop_price) ||
        !call_dec(call, "stopLimitPrice", PARAM_OPTIONAL, &stop.price) ||
        !spot_read_client_id(call, "limitClientOrderId", &limit.client_id) ||
        !spot_read_client_id(call, "stopClientOrderId", &stop.client_id) ||
        !call_dec(call, "limitIcebergQty", PARAM_OPTIONAL, &limit.iceberg_quantity) ||
        !call_text(call, "stopLimitTimeInForce", call_has(call, "stopLimitPrice") ? PARAM_MANDATORY : PARAM_OPTIONAL, &tif))
        return;
    if (tif.length > 0 && !spot_word_to_tif(tif, &stop.tif)) {
        call_fail(call, 400, -1115, "Invalid timeInForce.");
        return;
    }
    limit.type = SPOT_LIMIT_MAKER;
    stop.type = call_has(call, "stopLimitPrice") ? SPOT_STOP_LOSS_LIMIT : SPOT_STOP_LOSS;
    stop.side = limit.side;
    stop.quantity = limit.quantity;
    bool sells = limit.side == VENUE_SELL;
    list.legs[0] = sells ? limit : stop;
    list.legs[1] = sells ? stop : limit;
    place(call, &list);
}

/* --- taking back, asking ---------------------------------------------------------------------- */

static bool read_list_ref(call_t *call, const char *client_name, spot_ref_t *ref)
{
    memset(ref, 0, sizeof *ref);
    ref->account = call->account->account;
    ref->instrument = INSTRUMENT_NONE;
    if (!call_u64(call, "orderListId", PARAM_OPTIONAL, &ref->id) || !spot_read_client_id(call, client_name, &ref->client_id))
        return false;
    return ref->id != 0 || ref->client_id.text[0] != '\0' ||
           call_fail(call, 400, -1102, "Param 'orderListId' or 'listClientOrderId' must be sent, but both were empty/null!");
}

void handle_spot_list_cancel(call_t *call)
{
    spot_ref_t ref;
    spot_list_t after;
    memset(&after, 0, sizeof after);
    if (!read_list_ref(call, "listClientOrderId", &ref) || !call_symbol(call, PARAM_MANDATORY, &ref.instrument) ||
        !spot_read_client_id(call, "newClientOrderId", &ref.request_id))
        return;
    if (ref.request_id.text[0] == '\0')
        spot_make_request_id(call, &ref.request_id);
    if (call_accept_spot(call, world_spot_list_cancel(call->world, &ref, &after).reject))
        spot_write_list_reply(call, &after, SPOT_LIST_CANCELLED, &ref.request_id);
}

void handle_spot_list_get(call_t *call)
{
    spot_ref_t ref;
    spot_list_t list;
    if (!read_list_ref(call, "origClientOrderId", &ref))
        return;
    if (spot_list(call->venue, &ref, &list) == RESULT_OK)
        spot_write_list(call, &list);
    else
        call_accept_spot(call, SPOT_REJECT_NO_SUCH_LIST);
}

static void write_lists(call_t *call, const venue_select_t *select, uint32_t limit)
{
    spot_list_t *rows = call->face->rows.spot_lists;
    uint32_t count = spot_lists(call->venue, select, rows, limit);
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < count; i++)
        spot_write_list(call, &rows[i]);
    json_end_array(&call->writer);
}

void handle_spot_list_all(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE};
    uint64_t limit = 500;
    if (!call_u64(call, "fromId", PARAM_OPTIONAL, &select.from_id) || !spot_read_span(call, &select) ||
        !call_limit(call, 1000, &limit))
        return;
    if (select.from_id != 0 && (select.from_ns != 0 || select.to_ns != 0)) {
        call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
        return;
    }
    select.newest = select.from_id == 0 && select.from_ns == 0;
    write_lists(call, &select, (uint32_t)limit);
}

void handle_spot_list_open(call_t *call)
{
    venue_select_t select = {.account = call->account->account, .instrument = INSTRUMENT_NONE, .open_only = true};
    write_lists(call, &select, ROWS_MAX);
}

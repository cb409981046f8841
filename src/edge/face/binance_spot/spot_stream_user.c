/* spot_stream_user.c: private events as the exchange words them, and subscriptions to them on WS API sockets. */
#include <string.h>

#include "edge/face/binance_spot/spot_face_parts.h"

static void begin(face_t *face, json_writer_t *writer, const char *event, int64_t time_ns)
{
    stream_write_to(face, writer);
    json_begin_object(writer);
    json_field_string(writer, "e", event);
    write_ms(writer, "E", time_ns);
}

static void finish(face_t *face, json_writer_t *writer, venue_account_t account)
{
    str_t text;
    json_end_object(writer);
    if (json_writer_finish(writer, &text) == RESULT_OK)
        stream_send_private(face, account, text);
}

/* --- executionReport -------------------------------------------------------------------------- */

/* c is the id of the last request: a cancel's own, and then C holds the order's. */
static void write_names(json_writer_t *writer, const spot_order_event_t *event, const char *symbol)
{
    const spot_order_t *order = &event->order;
    bool cancelled = event->request_id.text[0] != '\0';
    json_field_string(writer, "s", symbol);
    json_field_string(writer, "c", cancelled ? event->request_id.text : order->client_id.text);
    json_field_string(writer, "S", spot_word_side(order->side));
    json_field_string(writer, "o", spot_word_type(order->type));
    json_field_string(writer, "f", spot_word_tif(order->tif));
    write_money(writer, "q", order->quantity);
    write_money(writer, "p", order->price);
    write_money(writer, "P", order->stop_price);
    write_money(writer, "F", order->iceberg_quantity);
    json_field_i64(writer, "g", order->list_id == 0 ? -1 : (int64_t)order->list_id);
    json_field_string(writer, "C", cancelled ? order->client_id.text : event->original_id.text);
}

static void write_execution(face_t *face, json_writer_t *writer, const spot_order_event_t *event, int64_t time_ns)
{
    const spot_order_t *order = &event->order;
    bool traded = event->trade_id != 0;
    json_field_string(writer, "x", spot_word_exec(event->execution));
    json_field_string(writer, "X", spot_word_status(order->status));
    json_field_string(writer, "r", "NONE");
    json_field_u64(writer, "i", order->id);
    write_money(writer, "l", event->last_quantity);
    write_money(writer, "z", order->filled);
    write_money(writer, "L", event->last_price);
    write_money(writer, "n", event->commission);
    json_field_string(writer, "N", traded ? venue_asset_name(world_venue(face->world), event->commission_asset) : NULL);
    write_ms(writer, "T", time_ns);
    json_field_i64(writer, "t", traded ? (int64_t)event->trade_id : -1);
    json_field_u64(writer, "I", event->execution_id);
    json_field_bool(writer, "w", order->working && (order->status == SPOT_NEW || order->status == SPOT_PARTIALLY_FILLED));
    json_field_bool(writer, "m", event->maker);
    json_field_bool(writer, "M", traded);
    write_ms(writer, "O", order->time_ns);
    write_money(writer, "Z", order->filled_quote);
    write_money(writer, "Y", event->last_quote);
    write_money(writer, "Q", order->quote_quantity);
    if (order->working)
        write_ms(writer, "W", order->working_ns);
    json_field_string(writer, "V", spot_word_stp(order->stp));
    if (order->peg == SPOT_PEG_NONE)
        return;
    json_field_string(writer, "gP", spot_word_peg(order->peg));
    if (order->peg_offset > 0) {
        json_field_string(writer, "gOT", "PRICE_LEVEL");
        json_field_u64(writer, "gOV", order->peg_offset);
    }
    if (!dec_is_zero(order->pegged_price))
        write_money(writer, "gp", order->pegged_price);
}

static void write_conditional(json_writer_t *writer, const spot_order_event_t *event, const char *symbol)
{
    const spot_order_t *order = &event->order;
    if (order->trailing_delta > 0) {
        json_field_u64(writer, "d", order->trailing_delta);
        if (order->trailing_ns > 0)
            write_ms(writer, "D", order->trailing_ns);
    }
    if (order->has_strategy_id)
        json_field_u64(writer, "j", order->strategy_id);
    if (order->has_strategy_type)
        json_field_u64(writer, "J", order->strategy_type);
    if (order->prevented_match_id != 0)
        json_field_u64(writer, "v", order->prevented_match_id);
    if (event->execution == SPOT_EXEC_TRADE_PREVENTION) {
        write_money(writer, "A", order->prevented_quantity);
        write_money(writer, "B", event->prevented_last);
        json_field_u64(writer, "U", event->counter_order_id);
        json_field_string(writer, "Cs", symbol);
        write_money(writer, "pl", event->missed_quantity);
        write_money(writer, "pL", event->missed_price);
        write_money(writer, "pY", event->missed_quote);
    }
    if (order->reason != SPOT_REASON_NONE)
        json_field_string(writer, "eR", spot_word_reason(order->reason));
}

static void send_order(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    const spot_order_event_t *order = &event->spot.order;
    const char *symbol = venue_instrument_at(world_venue(face->world), event->instrument)->symbol;
    begin(face, &writer, "executionReport", event->time_ns);
    write_names(&writer, order, symbol);
    write_execution(face, &writer, order, event->time_ns);
    write_conditional(&writer, order, symbol);
    finish(face, &writer, event->account);
}

/* --- lists and balances ----------------------------------------------------------------------- */

static void send_list(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    const spot_list_t *list = &event->spot.list;
    const char *symbol = venue_instrument_at(world_venue(face->world), event->instrument)->symbol;
    begin(face, &writer, "listStatus", event->time_ns);
    json_field_string(&writer, "s", symbol);
    json_field_u64(&writer, "g", list->id);
    json_field_string(&writer, "c", spot_word_list(list->kind));
    json_field_string(&writer, "l", list->done ? "ALL_DONE" : "EXEC_STARTED");
    json_field_string(&writer, "L", list->done ? "ALL_DONE" : "EXECUTING");
    json_field_string(&writer, "r", "NONE");
    json_field_string(&writer, "C", list->client_id.text);
    write_ms(&writer, "T", event->time_ns);
    json_write_key(&writer, "O");
    json_begin_array(&writer);
    for (uint32_t i = 0; i < list->leg_count; i++) {
        json_begin_object(&writer);
        json_field_string(&writer, "s", symbol);
        json_field_u64(&writer, "i", list->order_ids[i]);
        json_field_string(&writer, "c", list->client_ids[i].text);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    finish(face, &writer, event->account);
}

static void send_position(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    begin(face, &writer, "outboundAccountPosition", event->time_ns);
    write_ms(&writer, "u", event->time_ns);
    json_write_key(&writer, "B");
    json_begin_array(&writer);
    for (uint32_t i = 0; i < event->spot.position.count; i++) {
        const spot_balance_t *balance = &event->spot.position.balances[i];
        json_begin_object(&writer);
        json_field_string(&writer, "a", venue_asset_name(world_venue(face->world), balance->asset));
        write_money(&writer, "f", balance->free);
        write_money(&writer, "l", balance->locked);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    finish(face, &writer, event->account);
}

static void send_balance(face_t *face, const venue_event_t *event)
{
    json_writer_t writer;
    begin(face, &writer, "balanceUpdate", event->time_ns);
    json_field_string(&writer, "a", venue_asset_name(world_venue(face->world), event->spot.balance.asset));
    write_money(&writer, "d", event->spot.balance.change);
    write_ms(&writer, "T", event->time_ns);
    finish(face, &writer, event->account);
}

/* An order that is filled gives its place in the count of orders back. */
static void give_back(face_t *face, const venue_event_t *event)
{
    const world_account_t *account = world_account_of(face->world, event->account);
    if (account && event->spot.order.execution == SPOT_EXEC_TRADE && event->spot.order.order.status == SPOT_FILLED)
        gate_order_filled(face, account);
}

void spot_private_event(face_t *face, const venue_event_t *event)
{
    if (event->kind != VENUE_EVENT_SPOT)
        return;
    switch (event->spot.kind) {
    case SPOT_EVENT_ORDER:
        give_back(face, event);
        send_order(face, event);
        break;
    case SPOT_EVENT_LIST:
        send_list(face, event);
        break;
    case SPOT_EVENT_POSITION:
        send_position(face, event);
        break;
    case SPOT_EVENT_BALANCE:
        send_balance(face, event);
        break;
    }
}

/* --- subscriptions on a WS API socket --------------------------------------------------------- */

static void subscribe(call_t *call, face_session_t *session, const world_account_t *account)
{
    for (uint32_t i = 0; i < session->account_count; i++) {
        if (session->accounts[i] == account->account) {
            call_fail(call, 400, -2035, "User Data Stream subscription already active.");
            return;
        }
    }
    if (session->account_count == SESSION_ACCOUNTS_MAX) {
        call_fail(call, 400, -2042, "Maximum subscription ID reached for this connection.");
        return;
    }
    session->subscriptions[session->account_count] = session->user_streams++;
    session->accounts[session->account_count++] = account->account;
    set_add(&call->face->listening, session->index);
    set_remove(&call->face->strangers, session->index);
    json_begin_object(&call->writer);
    json_field_u64(&call->writer, "subscriptionId", session->subscriptions[session->account_count - 1]);
    json_end_object(&call->writer);
}

void spot_subscribe(call_t *call, face_session_t *session)
{
    const world_account_t *account =
        session->logon ? world_account_by_key(call->world, str_from(session->logon->account_key)) : NULL;
    if (account)
        subscribe(call, session, account);
    else
        call_fail(call, 401, -2015, "Invalid API-key, IP, or permissions for action.");
}

void spot_subscribe_signature(call_t *call, face_session_t *session)
{
    subscribe(call, session, call->account);
}

/* One subscription, or all when none is named. */
void spot_unsubscribe(call_t *call, face_session_t *session)
{
    uint64_t wanted = UINT64_MAX;
    uint32_t kept = 0, before = session->account_count;
    if (!call_u64(call, "subscriptionId", PARAM_OPTIONAL, &wanted))
        return;
    for (uint32_t i = 0; i < before; i++) {
        if (wanted != UINT64_MAX && session->subscriptions[i] != wanted) {
            session->accounts[kept] = session->accounts[i];
            session->subscriptions[kept++] = session->subscriptions[i];
        }
    }
    if (kept == before) {
        call_fail(call, 400, -2036, "User Data Stream subscription not active.");
        return;
    }
    session->account_count = kept;
    json_begin_object(&call->writer);
    json_end_object(&call->writer);
}

void spot_subscriptions(call_t *call, face_session_t *session)
{
    json_begin_array(&call->writer);
    for (uint32_t i = 0; i < session->account_count; i++) {
        json_begin_object(&call->writer);
        json_field_u64(&call->writer, "subscriptionId", session->subscriptions[i]);
        json_end_object(&call->writer);
    }
    json_end_array(&call->writer);
}

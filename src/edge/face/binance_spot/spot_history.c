/* spot_history.c: what accounts look back on: amendments of an order, and trades with themselves that were prevented. The venue
 * keeps the newest of all accounts (docs/venue.md). */
#include "edge/face/binance_spot/spot_face_parts.h"

#define ANY UINT64_MAX

typedef struct {
    venue_change_kind_t kind;
    instrument_id_t instrument;
    uint64_t order_id, match_id; /* ANY, unless one was named */
    uint64_t from_id;            /* execution, or prevented match */
    uint64_t limit;
} wanted_t;

static bool is_wanted(const call_t *call, const venue_change_t *change, const wanted_t *wanted)
{
    const bool match = wanted->kind == VENUE_CHANGE_PREVENTED;
    return change->kind == wanted->kind && change->account == call->account->account && change->instrument == wanted->instrument &&
           (wanted->order_id == ANY || change->order_id == wanted->order_id || (match && change->maker_id == wanted->order_id)) &&
           (wanted->match_id == ANY || change->match_id == wanted->match_id) &&
           (match ? change->match_id : change->execution_id) >= wanted->from_id;
}

static void write_amendment(call_t *call, const venue_change_t *change)
{
    json_writer_t *writer = &call->writer;
    json_begin_object(writer);
    json_field_string(writer, "symbol", spot_rules(call, change->instrument)->symbol);
    json_field_u64(writer, "orderId", change->order_id);
    json_field_u64(writer, "executionId", change->execution_id);
    json_field_string(writer, "origClientOrderId", change->original_id.text);
    json_field_string(writer, "newClientOrderId", change->client_id.text);
    write_money(writer, "origQty", change->quantity_before);
    write_money(writer, "newQty", change->quantity_after);
    write_ms(writer, "time", change->time_ns);
    json_end_object(writer);
}

static void write_lost(json_writer_t *writer, const venue_change_t *change)
{
    write_money(writer, "price", change->price);
    if (!dec_is_zero(change->taker_prevented))
        write_money(writer, "takerPreventedQuantity", change->taker_prevented);
    if (!dec_is_zero(change->maker_prevented))
        write_money(writer, "makerPreventedQuantity", change->maker_prevented);
}

/* There are no trade groups: only orders of one account are kept from trading. */
static void write_match(call_t *call, const venue_change_t *change)
{
    json_writer_t *writer = &call->writer;
    const char *symbol = spot_rules(call, change->instrument)->symbol;
    json_begin_object(writer);
    json_field_string(writer, "symbol", symbol);
    json_field_u64(writer, "preventedMatchId", change->match_id);
    json_field_u64(writer, "takerOrderId", change->order_id);
    json_field_string(writer, "makerSymbol", symbol);
    json_field_u64(writer, "makerOrderId", change->maker_id);
    json_field_i64(writer, "tradeGroupId", -1);
    json_field_string(writer, "selfTradePreventionMode", spot_word_stp((spot_stp_t)change->stp));
    write_lost(writer, change);
    write_ms(writer, "transactTime", change->time_ns);
    json_end_object(writer);
}

static void write_wanted(call_t *call, const wanted_t *wanted)
{
    venue_change_t change = {.number = 0};
    uint64_t written = 0;
    json_begin_array(&call->writer);
    while (written < wanted->limit && venue_changes(call->venue, change.number + 1, &change, 1) == 1) {
        if (!is_wanted(call, &change, wanted))
            continue;
        if (wanted->kind == VENUE_CHANGE_PREVENTED)
            write_match(call, &change);
        else
            write_amendment(call, &change);
        written++;
    }
    json_end_array(&call->writer);
}

void handle_spot_amendments(call_t *call)
{
    wanted_t wanted = {.kind = VENUE_CHANGE_SPOT_AMENDMENT, .order_id = ANY, .match_id = ANY, .limit = 500};
    if (call_symbol(call, PARAM_MANDATORY, &wanted.instrument) && call_u64(call, "orderId", PARAM_MANDATORY, &wanted.order_id) &&
        call_u64(call, "fromExecutionId", PARAM_OPTIONAL, &wanted.from_id) && call_limit(call, 1000, &wanted.limit))
        write_wanted(call, &wanted);
}

uint32_t weigh_spot_prevented(const call_t *call)
{
    return call_has(call, "orderId") ? 20 : 2;
}

/* By the match, or by the order; one of both. */
void handle_spot_prevented(call_t *call)
{
    wanted_t wanted = {.kind = VENUE_CHANGE_PREVENTED, .order_id = ANY, .match_id = ANY, .limit = 500};
    if (!call_symbol(call, PARAM_MANDATORY, &wanted.instrument) ||
        !call_u64(call, "preventedMatchId", PARAM_OPTIONAL, &wanted.match_id) ||
        !call_u64(call, "orderId", PARAM_OPTIONAL, &wanted.order_id) ||
        !call_u64(call, "fromPreventedMatchId", PARAM_OPTIONAL, &wanted.from_id) || !call_limit(call, 1000, &wanted.limit))
        return;
    const bool by_match = call_has(call, "preventedMatchId"), by_order = call_has(call, "orderId");
    if (!by_match && !by_order)
        call_fail(call, 400, -1102, "Param 'preventedMatchId' or 'orderId' must be sent, but both were empty/null!");
    else if (by_match && (by_order || call_has(call, "fromPreventedMatchId") || call_has(call, "limit")))
        call_fail(call, 400, -1128, "Combination of optional parameters invalid.");
    else
        write_wanted(call, &wanted);
}

/* Of a placement's answer: the matches that this order would have made, in this call. */
void spot_write_prevented(call_t *call, uint64_t taker_id)
{
    json_writer_t *writer = &call->writer;
    venue_change_t change = {.number = call->changes_before};
    bool begun = false;
    while (venue_changes(call->venue, change.number + 1, &change, 1) == 1) {
        if (change.kind != VENUE_CHANGE_PREVENTED || change.order_id != taker_id)
            continue;
        if (!begun)
            json_write_key(writer, "preventedMatches");
        if (!begun)
            json_begin_array(writer);
        begun = true;
        json_begin_object(writer);
        json_field_u64(writer, "preventedMatchId", change.match_id);
        json_field_u64(writer, "makerOrderId", change.maker_id);
        write_lost(writer, &change);
        json_end_object(writer);
    }
    if (begun)
        json_end_array(writer);
}

/* The event that told the order's newest amendment. */
uint64_t spot_amendment_event(const call_t *call, uint64_t order_id)
{
    venue_change_t change = {.number = call->changes_before};
    uint64_t event = 0;
    while (venue_changes(call->venue, change.number + 1, &change, 1) == 1) {
        if (change.kind == VENUE_CHANGE_SPOT_AMENDMENT && change.order_id == order_id)
            event = change.execution_id;
    }
    return event;
}

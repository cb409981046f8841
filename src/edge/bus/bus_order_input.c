/* bus_order_input.c: inputs of the order half <-> messages, field by field. */
#include "edge/bus/bus_order_parts.h"

#include <string.h>

static result_t reply_encode(const order_reply_t *reply, const instrument_table_t *table, patriot_bus_OrderReply *out)
{
    out->action = reply->action;
    out->kind = (uint32_t)reply->kind;
    out->reject = (uint32_t)reply->reject;
    out->code = reply->code;
    bus_put_text(out->text, sizeof out->text, reply->text);
    out->leverage = reply->leverage;
    out->has_order =
        reply->order.status != PRIVATE_STATUS_NONE || reply->order.client_id[0] != '\0'; /* else the reply told nothing of it */
    return out->has_order ? bus_order_encode(&reply->order, table, &out->order) : RESULT_OK;
}

static result_t reply_decode(const patriot_bus_OrderReply *in, const instrument_table_t *table, order_reply_t *out)
{
    if (!bus_within(in->kind, REPLY_ACCEPTED, REPLY_NEVER_SENT) || !bus_within(in->reject, REJECT_OTHER, REJECT_FENCED)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (in->action == 0) {
        return RESULT_FIELD_MISSING;
    }
    out->action = in->action;
    out->kind = (reply_kind_t)in->kind;
    out->reject = (reject_class_t)in->reject;
    out->code = in->code;
    out->leverage = in->leverage;
    result_t result = bus_get_text(in->text, out->text, sizeof out->text);
    return result != RESULT_OK || !in->has_order ? result : bus_order_decode(&in->order, table, &out->order);
}

static result_t query_decode(const patriot_bus_QueryResult *in, const instrument_table_t *table, query_result_t *out)
{
    if (in->action == 0 || in->has_order != in->found) {
        return RESULT_FIELD_MISSING;
    }
    if (in->endpoints > (ENDPOINTS_NORMAL | ENDPOINTS_ALGO)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->action = in->action;
    out->endpoints = in->endpoints;
    out->found = in->found;
    out->never_sent = in->never_sent && !in->found;
    return in->found ? bus_order_decode(&in->order, table, &out->order) : RESULT_OK;
}

static result_t piece_decode(const patriot_bus_SnapshotPiece *in, const instrument_table_t *table, snapshot_piece_t *out)
{
    if (!bus_within(in->section, 0, SECTION_INCOME) || !bus_within(in->phase, SNAPSHOT_ITEM, SNAPSHOT_END)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (in->action == 0 || (in->phase == SNAPSHOT_ITEM && !in->has_item)) {
        return RESULT_FIELD_MISSING;
    }
    out->action = in->action;
    out->section = (snapshot_section_t)in->section;
    out->phase = (snapshot_phase_t)in->phase;
    return in->phase == SNAPSHOT_ITEM ? bus_event_decode(&in->item, table, &out->item) : RESULT_OK;
}

/* The decimals of an instrument in the order of the message, so that both directions walk one list. */
#define RULES_DECIMALS(X)                                                                                                          \
    X(tick_size)                                                                                                                   \
    X(price_min)                                                                                                                   \
    X(price_max)                                                                                                                   \
    X(lot_step)                                                                                                                    \
    X(quantity_min)                                                                                                                \
    X(quantity_max)                                                                                                                \
    X(market_step)                                                                                                                 \
    X(market_quantity_min) X(market_quantity_max) X(notional_min) X(band_up) X(band_down) X(contract_size) X(trigger_protect)      \
        X(liquidation_fee)

static result_t rules_encode(const instrument_t *rules, patriot_bus_Rules *out)
{
    if (rules->bracket_count > INSTRUMENT_BRACKETS_MAX) {
        return RESULT_BAD_ARGUMENT;
    }
    out->has_symbol = true;
    bus_put_text(out->symbol.venue, sizeof out->symbol.venue, rules->venue);
    bus_put_text(out->symbol.name, sizeof out->symbol.name, rules->symbol);
    out->symbol.kind = (uint32_t)rules->kind;
    bus_put_text(out->base, sizeof out->base, rules->base);
    bus_put_text(out->quote, sizeof out->quote, rules->quote);
    bus_put_text(out->settle, sizeof out->settle, rules->settle);
    out->status = (uint32_t)rules->status;
#define RULES_PUT(name) bus_put_dec(rules->name, out->name);
    RULES_DECIMALS(RULES_PUT)
#undef RULES_PUT
    out->brackets_count = (pb_size_t)rules->bracket_count;
    for (uint32_t i = 0; i < rules->bracket_count; i++) {
        out->brackets[i].leverage_max = rules->brackets[i].leverage_max;
        bus_put_dec(rules->brackets[i].notional_floor, out->brackets[i].notional_floor);
        bus_put_dec(rules->brackets[i].notional_cap, out->brackets[i].notional_cap);
        bus_put_dec(rules->brackets[i].maintenance_rate, out->brackets[i].maintenance_rate);
        bus_put_dec(rules->brackets[i].maintenance_cum, out->brackets[i].maintenance_cum);
    }
    return RESULT_OK;
}

static result_t bracket_decode(const patriot_bus_Bracket *in, leverage_bracket_t *out)
{
    out->leverage_max = in->leverage_max;
    result_t result = bus_get_dec(in->notional_floor, &out->notional_floor);
    result = result != RESULT_OK ? result : bus_get_dec(in->notional_cap, &out->notional_cap);
    result = result != RESULT_OK ? result : bus_get_dec(in->maintenance_rate, &out->maintenance_rate);
    return result != RESULT_OK ? result : bus_get_dec(in->maintenance_cum, &out->maintenance_cum);
}

static result_t rules_decode(const patriot_bus_Rules *in, instrument_t *out)
{
    if (!bus_within(in->status, INSTRUMENT_PENDING, INSTRUMENT_UNKNOWN) ||
        !bus_within(in->symbol.kind, INSTRUMENT_SPOT, INSTRUMENT_DELIVERY)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (!in->has_symbol) {
        return RESULT_FIELD_MISSING;
    }
    out->kind = (instrument_kind_t)in->symbol.kind;
    out->status = (instrument_status_t)in->status;
    result_t result = bus_get_text(in->symbol.venue, out->venue, sizeof out->venue);
    result = result != RESULT_OK ? result : bus_get_text(in->symbol.name, out->symbol, sizeof out->symbol);
    result = result != RESULT_OK ? result : bus_get_text(in->base, out->base, sizeof out->base);
    result = result != RESULT_OK ? result : bus_get_text(in->quote, out->quote, sizeof out->quote);
    result = result != RESULT_OK ? result : bus_get_text(in->settle, out->settle, sizeof out->settle);
#define RULES_GET(name) result = result != RESULT_OK ? result : bus_get_dec(in->name, &out->name);
    RULES_DECIMALS(RULES_GET)
#undef RULES_GET
    out->bracket_count = in->brackets_count;
    for (uint32_t i = 0; result == RESULT_OK && i < out->bracket_count; i++) {
        result = bracket_decode(&in->brackets[i], &out->brackets[i]);
    }
    return result;
}

result_t bus_order_input_encode(const order_input_t *input, const instrument_table_t *table, patriot_bus_Envelope *message)
{
    switch (input->kind) {
    case ORDER_INPUT_REPLY:
        message->which_body = patriot_bus_Envelope_order_reply_tag;
        return reply_encode(&input->reply, table, &message->body.order_reply);
    case ORDER_INPUT_PRIVATE:
        message->which_body = patriot_bus_Envelope_private_event_tag;
        return bus_event_encode(&input->event, table, &message->body.private_event);
    case ORDER_INPUT_QUERY_RESULT:
        message->which_body = patriot_bus_Envelope_query_result_tag;
        message->body.query_result.action = input->query.action;
        message->body.query_result.endpoints = input->query.endpoints;
        message->body.query_result.found = input->query.found;
        message->body.query_result.never_sent = input->query.never_sent;
        message->body.query_result.has_order = input->query.found;
        return input->query.found ? bus_order_encode(&input->query.order, table, &message->body.query_result.order) : RESULT_OK;
    case ORDER_INPUT_SNAPSHOT:
        message->which_body = patriot_bus_Envelope_snapshot_piece_tag;
        message->body.snapshot_piece.action = input->snapshot.action;
        message->body.snapshot_piece.section = (uint32_t)input->snapshot.section;
        message->body.snapshot_piece.phase = (uint32_t)input->snapshot.phase;
        message->body.snapshot_piece.has_item = input->snapshot.phase == SNAPSHOT_ITEM;
        return input->snapshot.phase == SNAPSHOT_ITEM
                   ? bus_event_encode(&input->snapshot.item, table, &message->body.snapshot_piece.item)
                   : RESULT_OK;
    case ORDER_INPUT_RULES:
        message->which_body = patriot_bus_Envelope_rules_tag;
        return rules_encode(&input->rules, &message->body.rules);
    case ORDER_INPUT_TIME:
    case ORDER_INPUT_SIGNAL:
    case ORDER_INPUT_MARKET:
    case ORDER_INPUT_COMMAND:
    case ORDER_INPUT_RISK:
    case ORDER_INPUT_STANDSTILL:
        return RESULT_UNSUPPORTED;
    }
    return RESULT_UNSUPPORTED;
}

result_t bus_order_input_decode(const patriot_bus_Envelope *message, const instrument_table_t *table, order_input_t *input)
{
    order_input_t made;
    result_t result;
    memset(&made, 0, sizeof made);
    switch (message->which_body) {
    case patriot_bus_Envelope_order_reply_tag:
        made.kind = ORDER_INPUT_REPLY;
        result = reply_decode(&message->body.order_reply, table, &made.reply);
        break;
    case patriot_bus_Envelope_private_event_tag:
        made.kind = ORDER_INPUT_PRIVATE;
        result = bus_event_decode(&message->body.private_event, table, &made.event);
        break;
    case patriot_bus_Envelope_query_result_tag:
        made.kind = ORDER_INPUT_QUERY_RESULT;
        result = query_decode(&message->body.query_result, table, &made.query);
        break;
    case patriot_bus_Envelope_snapshot_piece_tag:
        made.kind = ORDER_INPUT_SNAPSHOT;
        result = piece_decode(&message->body.snapshot_piece, table, &made.snapshot);
        break;
    case patriot_bus_Envelope_rules_tag:
        made.kind = ORDER_INPUT_RULES;
        result = rules_decode(&message->body.rules, &made.rules);
        break;
    default:
        return RESULT_UNSUPPORTED;
    }
    if (result == RESULT_OK) {
        *input = made;
    }
    return result;
}

/* bus_order_action.c: order actions <-> messages, field by field. Written out, so that a reader sees what crosses. */
#include "edge/bus/bus_order_parts.h"

#include <string.h>

static bool is_leg(uint32_t value)
{
    switch (value) {
    case LEG_ENTRY:
    case LEG_STOP:
    case LEG_TARGET:
    case LEG_LADDER:
    case LEG_CLOSE:
    case LEG_CANARY:
        return true;
    default:
        return false;
    }
}

static result_t spec_encode(const order_spec_t *spec, const instrument_table_t *table, patriot_bus_OrderSpec *out)
{
    bus_put_text(out->client_id, sizeof out->client_id, spec->client_id.text);
    out->leg = (uint32_t)spec->leg;
    out->side = (uint32_t)spec->side;
    out->position = (uint32_t)spec->position;
    out->type = (uint32_t)spec->type;
    out->tif = (uint32_t)spec->tif;
    out->trigger_by = (uint32_t)spec->trigger_by;
    out->reduce = (uint32_t)spec->reduce;
    bus_put_dec(spec->quantity, out->quantity);
    bus_put_dec(spec->price, out->price);
    bus_put_dec(spec->trigger, out->trigger);
    return bus_put_symbol(spec->instrument, table, &out->has_symbol, &out->symbol);
}

static result_t spec_decode(const patriot_bus_OrderSpec *in, const instrument_table_t *table, order_spec_t *out)
{
    uint32_t epoch;
    uint64_t intent;
    leg_t leg;
    order_spec_t spec;
    memset(&spec, 0, sizeof spec);
    if (!is_leg(in->leg) || !bus_within(in->side, ORDER_BUY, ORDER_SELL) ||
        !bus_within(in->position, POSITION_BOTH, POSITION_SHORT) || !bus_within(in->type, ORDER_LIMIT, ORDER_TAKE_PROFIT_LIMIT) ||
        !bus_within(in->tif, 0, TIF_POST_ONLY) || !bus_within(in->trigger_by, 0, TRIGGER_BY_MARK) ||
        !bus_within(in->reduce, REDUCE_NO, CLOSE_POSITION)) {
        return RESULT_UNKNOWN_VALUE;
    }
    result_t result = client_id_parse(str_from(in->client_id), &epoch, &intent, &leg);
    if (result == RESULT_OK && (uint32_t)leg != in->leg) {
        result = RESULT_MALFORMED;
    }
    if (result == RESULT_OK) {
        result = bus_get_text(in->client_id, spec.client_id.text, sizeof spec.client_id.text);
    }
    if (result == RESULT_OK) {
        result = bus_get_symbol(in->has_symbol, &in->symbol, table, &spec.instrument);
    }
    if (result == RESULT_OK) {
        result = bus_get_dec(in->quantity, &spec.quantity);
    }
    if (result == RESULT_OK) {
        result = bus_get_dec(in->price, &spec.price);
    }
    if (result == RESULT_OK) {
        result = bus_get_dec(in->trigger, &spec.trigger);
    }
    if (result == RESULT_OK && (dec_sign(spec.quantity) < 0 || dec_sign(spec.price) < 0 || dec_sign(spec.trigger) < 0)) {
        result = RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (result != RESULT_OK) {
        return result;
    }
    spec.leg = leg;
    spec.side = (order_side_t)in->side;
    spec.position = (position_key_t)in->position;
    spec.type = (order_type_t)in->type;
    spec.tif = (time_in_force_t)in->tif;
    spec.trigger_by = (trigger_by_t)in->trigger_by;
    spec.reduce = (reduce_t)in->reduce;
    *out = spec;
    return RESULT_OK;
}

static result_t snapshot_encode(const order_action_t *action, const instrument_table_t *table, patriot_bus_SnapshotRequest *out)
{
    if (action->snapshot.count > ORDER_HALF_SNAPSHOT_SYMBOLS_MAX) {
        return RESULT_BAD_ARGUMENT;
    }
    out->since_ns = action->snapshot.since_ns;
    out->symbols_count = (pb_size_t)action->snapshot.count;
    for (uint32_t i = 0; i < action->snapshot.count; i++) {
        bool has = false;
        result_t result = bus_put_symbol(action->snapshot.symbols[i], table, &has, &out->symbols[i]);
        if (result != RESULT_OK || !has) {
            return RESULT_NOT_FOUND;
        }
    }
    return RESULT_OK;
}

static result_t snapshot_decode(const patriot_bus_SnapshotRequest *in, const instrument_table_t *table, order_action_t *action)
{
    if (in->symbols_count > ORDER_HALF_SNAPSHOT_SYMBOLS_MAX) {
        return RESULT_MALFORMED;
    }
    action->snapshot.since_ns = in->since_ns;
    action->snapshot.count = in->symbols_count;
    for (uint32_t i = 0; i < in->symbols_count; i++) {
        result_t result = bus_get_symbol(true, &in->symbols[i], table, &action->snapshot.symbols[i]);
        if (result != RESULT_OK) {
            return result;
        }
    }
    return RESULT_OK;
}

result_t bus_order_action_encode(const order_action_t *action, const instrument_table_t *table, patriot_bus_Envelope *message)
{
    message->which_body = patriot_bus_Envelope_order_command_tag;
    patriot_bus_OrderCommand *out = &message->body.order_command;
    out->action = action->number;
    out->kind = (uint32_t)action->kind;
    out->priority = (uint32_t)action->priority;
    out->record = action->record;
    out->trade = action->trade;
    result_t result = bus_put_symbol(action->instrument, table, &out->has_symbol, &out->symbol);
    if (result != RESULT_OK) {
        return result;
    }
    switch (action->kind) {
    case ACTION_PLACE:
        out->which_what = patriot_bus_OrderCommand_place_tag;
        bus_put_dec(action->reference, out->reference);
        return spec_encode(&action->place, table, &out->what.place);
    case ACTION_CANCEL:
    case ACTION_QUERY_ORDER:
        out->which_what = patriot_bus_OrderCommand_order_tag;
        bus_put_text(out->what.order.client_id, sizeof out->what.order.client_id, action->order.client_id.text);
        out->what.order.algo = action->order.algo;
        out->what.order.venue_order_id = action->order.venue_order_id;
        out->what.order.since_ns = action->order.since_ns;
        return RESULT_OK;
    case ACTION_QUERY_FILLS:
        out->which_what = patriot_bus_OrderCommand_fills_since_ns_tag;
        out->what.fills_since_ns = action->fills.since_ns;
        return RESULT_OK;
    case ACTION_SNAPSHOT:
        out->which_what = patriot_bus_OrderCommand_snapshot_tag;
        return snapshot_encode(action, table, &out->what.snapshot);
    case ACTION_SET_LEVERAGE:
        out->which_what = patriot_bus_OrderCommand_leverage_tag;
        out->what.leverage = action->leverage;
        return RESULT_OK;
    case ACTION_SET_MARGIN_TYPE:
        out->which_what = patriot_bus_OrderCommand_margin_type_tag;
        out->what.margin_type = (uint32_t)action->margin_type;
        return RESULT_OK;
    case ACTION_SET_POSITION_MODE:
        out->which_what = patriot_bus_OrderCommand_mode_tag;
        out->what.mode = (uint32_t)action->mode;
        return RESULT_OK;
    case ACTION_NOTIFY:
        out->which_what = patriot_bus_OrderCommand_notice_tag;
        out->what.notice = (uint32_t)action->notice;
        return RESULT_OK;
    case ACTION_READ_RULES:
        out->which_what = 0;
        return RESULT_OK;
    }
    return RESULT_BAD_ARGUMENT;
}

/* The part of a command that its kind names; RESULT_MALFORMED when another part is there. */
static result_t command_part_decode(const patriot_bus_OrderCommand *command, const instrument_table_t *table,
                                    order_action_t *action)
{
    static const pb_size_t parts[] = {
        [ACTION_PLACE] = patriot_bus_OrderCommand_place_tag,
        [ACTION_CANCEL] = patriot_bus_OrderCommand_order_tag,
        [ACTION_QUERY_ORDER] = patriot_bus_OrderCommand_order_tag,
        [ACTION_QUERY_FILLS] = patriot_bus_OrderCommand_fills_since_ns_tag,
        [ACTION_SNAPSHOT] = patriot_bus_OrderCommand_snapshot_tag,
        [ACTION_SET_LEVERAGE] = patriot_bus_OrderCommand_leverage_tag,
        [ACTION_SET_MARGIN_TYPE] = patriot_bus_OrderCommand_margin_type_tag,
        [ACTION_SET_POSITION_MODE] = patriot_bus_OrderCommand_mode_tag,
        [ACTION_READ_RULES] = 0,
        [ACTION_NOTIFY] = patriot_bus_OrderCommand_notice_tag,
    };
    if (parts[command->kind] != command->which_what) {
        return RESULT_MALFORMED;
    }
    switch (action->kind) {
    case ACTION_PLACE:
        return spec_decode(&command->what.place, table, &action->place);
    case ACTION_CANCEL:
    case ACTION_QUERY_ORDER:
        action->order.algo = command->what.order.algo;
        action->order.venue_order_id = command->what.order.venue_order_id;
        action->order.since_ns = command->what.order.since_ns;
        return bus_get_text(command->what.order.client_id, action->order.client_id.text, sizeof action->order.client_id.text);
    case ACTION_QUERY_FILLS:
        action->fills.since_ns = command->what.fills_since_ns;
        return RESULT_OK;
    case ACTION_SNAPSHOT:
        return snapshot_decode(&command->what.snapshot, table, action);
    case ACTION_SET_LEVERAGE:
        action->leverage = command->what.leverage;
        return bus_within(action->leverage, 1, 1000) ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
    case ACTION_SET_MARGIN_TYPE:
        action->margin_type = (margin_type_t)command->what.margin_type;
        return bus_within(command->what.margin_type, MARGIN_ISOLATED, MARGIN_CROSSED) ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    case ACTION_SET_POSITION_MODE:
        action->mode = (position_mode_t)command->what.mode;
        return bus_within(command->what.mode, POSITION_MODE_ONE_WAY, POSITION_MODE_HEDGE) ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    case ACTION_NOTIFY:
        action->notice = (notice_t)command->what.notice;
        return command->what.notice < NOTICE_COUNT ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    case ACTION_READ_RULES:
        return RESULT_OK;
    }
    return RESULT_UNKNOWN_VALUE;
}

result_t bus_order_action_decode(const patriot_bus_OrderCommand *command, const instrument_table_t *table, order_action_t *action)
{
    order_action_t made;
    memset(&made, 0, sizeof made);
    if (!bus_within(command->kind, ACTION_PLACE, ACTION_NOTIFY) || !bus_within(command->priority, 0, PRIORITY_HISTORY)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (command->action == 0) {
        return RESULT_FIELD_MISSING;
    }
    made.kind = (action_kind_t)command->kind;
    made.priority = (action_priority_t)command->priority;
    made.number = command->action;
    made.record = command->record;
    made.trade = command->trade;
    result_t result = bus_get_symbol(command->has_symbol, &command->symbol, table, &made.instrument);
    if (result == RESULT_OK) {
        result = bus_get_dec(command->reference, &made.reference);
    }
    if (result == RESULT_OK && dec_sign(made.reference) < 0) {
        result = RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (result == RESULT_OK) {
        result = command_part_decode(command, table, &made);
    }
    if (result == RESULT_OK) {
        *action = made;
    }
    return result;
}

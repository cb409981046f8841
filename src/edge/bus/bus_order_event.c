/* bus_order_event.c: what the venue said <-> messages, field by field. */
#include "edge/bus/bus_order_parts.h"

#include <string.h>

result_t bus_order_encode(const private_order_t *order, const instrument_table_t *table, patriot_bus_VenueOrder *out)
{
    bus_put_text(out->client_id, sizeof out->client_id, order->client_id);
    out->algo = order->algo;
    out->venue_order_id = order->venue_order_id;
    out->engine_order_id = order->engine_order_id;
    out->status = (uint32_t)order->status;
    out->owner = (uint32_t)order->owner;
    out->side = (uint32_t)order->side;
    out->position = (uint32_t)order->position;
    out->type = (uint32_t)order->type;
    out->reduce = (uint32_t)order->reduce;
    bus_put_dec(order->quantity, out->quantity);
    bus_put_dec(order->price, out->price);
    bus_put_dec(order->trigger, out->trigger);
    out->filled_known = order->filled_known;
    bus_put_dec(order->filled, out->filled);
    bus_put_text(out->reason, sizeof out->reason, order->reason);
    return bus_put_symbol(order->instrument, table, &out->has_symbol, &out->symbol);
}

result_t bus_order_decode(const patriot_bus_VenueOrder *in, const instrument_table_t *table, private_order_t *out)
{
    if (!bus_within(in->status, PRIVATE_STATUS_NONE, PRIVATE_STATUS_UNKNOWN) ||
        !bus_within(in->owner, OWNER_CLIENT, OWNER_SETTLEMENT) || !bus_within(in->side, 0, ORDER_SELL) ||
        !bus_within(in->position, 0, POSITION_SHORT) || !bus_within(in->type, 0, ORDER_TAKE_PROFIT_LIMIT) ||
        !bus_within(in->reduce, 0, CLOSE_POSITION)) {
        return RESULT_UNKNOWN_VALUE;
    }
    private_order_t order;
    memset(&order, 0, sizeof order);
    result_t result = bus_get_text(in->client_id, order.client_id, sizeof order.client_id);
    result = result != RESULT_OK ? result : bus_get_text(in->reason, order.reason, sizeof order.reason);
    result = result != RESULT_OK ? result : bus_get_symbol(in->has_symbol, &in->symbol, table, &order.instrument);
    result = result != RESULT_OK ? result : bus_get_dec(in->quantity, &order.quantity);
    result = result != RESULT_OK ? result : bus_get_dec(in->price, &order.price);
    result = result != RESULT_OK ? result : bus_get_dec(in->trigger, &order.trigger);
    result = result != RESULT_OK ? result : bus_get_dec(in->filled, &order.filled);
    if (result != RESULT_OK) {
        return result;
    }
    order.algo = in->algo;
    order.venue_order_id = in->venue_order_id;
    order.engine_order_id = in->engine_order_id;
    order.status = (private_status_t)in->status;
    order.owner = (order_owner_t)in->owner;
    order.side = (order_side_t)in->side;
    order.position = (position_key_t)in->position;
    order.type = (order_type_t)in->type;
    order.reduce = (reduce_t)in->reduce;
    order.filled_known = in->filled_known;
    *out = order;
    return RESULT_OK;
}

static void fill_encode(const private_fill_t *fill, patriot_bus_VenueFill *out)
{
    out->trade_id = fill->trade_id;
    bus_put_dec(fill->price, out->price);
    bus_put_dec(fill->quantity, out->quantity);
    bus_put_dec(fill->fee, out->fee);
    bus_put_text(out->fee_asset, sizeof out->fee_asset, fill->fee_asset);
    bus_put_dec(fill->realised, out->realised);
    out->time_ns = fill->time_ns;
    out->maker = fill->maker;
}

static result_t fill_decode(const patriot_bus_VenueFill *in, private_fill_t *out)
{
    private_fill_t fill;
    memset(&fill, 0, sizeof fill);
    result_t result = bus_get_dec(in->price, &fill.price);
    result = result != RESULT_OK ? result : bus_get_dec(in->quantity, &fill.quantity);
    result = result != RESULT_OK ? result : bus_get_dec(in->fee, &fill.fee);
    result = result != RESULT_OK ? result : bus_get_text(in->fee_asset, fill.fee_asset, sizeof fill.fee_asset);
    result = result != RESULT_OK ? result : bus_get_dec(in->realised, &fill.realised);
    if (result == RESULT_OK && (dec_sign(fill.price) <= 0 || dec_sign(fill.quantity) <= 0)) {
        result = RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (result != RESULT_OK) {
        return result;
    }
    fill.trade_id = in->trade_id;
    fill.time_ns = in->time_ns;
    fill.maker = in->maker;
    *out = fill;
    return RESULT_OK;
}

result_t bus_event_encode(const private_event_t *event, const instrument_table_t *table, patriot_bus_PrivateEvent *out)
{
    result_t result;
    out->kind = (uint32_t)event->kind;
    out->time_ns = event->time_ns;
    switch (event->kind) {
    case PRIVATE_ORDER:
        out->which_what = patriot_bus_PrivateEvent_order_tag;
        return bus_order_encode(&event->order, table, &out->what.order);
    case PRIVATE_FILL:
        out->which_what = patriot_bus_PrivateEvent_fill_tag;
        out->what.fill.has_order = true;
        out->what.fill.has_fill = true;
        fill_encode(&event->fill.fill, &out->what.fill.fill);
        return bus_order_encode(&event->fill.order, table, &out->what.fill.order);
    case PRIVATE_BALANCE:
        out->which_what = patriot_bus_PrivateEvent_balance_tag;
        bus_put_text(out->what.balance.asset, sizeof out->what.balance.asset, event->balance.asset);
        bus_put_dec(event->balance.wallet, out->what.balance.wallet);
        out->what.balance.available_known = event->balance.available_known;
        bus_put_dec(event->balance.available, out->what.balance.available);
        return RESULT_OK;
    case PRIVATE_POSITION:
        out->which_what = patriot_bus_PrivateEvent_position_tag;
        out->what.position.position = (uint32_t)event->position.position;
        bus_put_dec(event->position.amount, out->what.position.amount);
        bus_put_dec(event->position.entry, out->what.position.entry);
        return bus_put_symbol(event->position.instrument, table, &out->what.position.has_symbol, &out->what.position.symbol);
    case PRIVATE_INCOME:
        out->which_what = patriot_bus_PrivateEvent_income_tag;
        out->what.income.kind = (uint32_t)event->income.kind;
        bus_put_text(out->what.income.asset, sizeof out->what.income.asset, event->income.asset);
        bus_put_dec(event->income.amount, out->what.income.amount);
        out->what.income.time_ns = event->income.time_ns;
        out->what.income.venue_id = event->income.venue_id;
        return bus_put_symbol(event->income.instrument, table, &out->what.income.has_symbol, &out->what.income.symbol);
    case PRIVATE_SETTINGS:
        out->which_what = patriot_bus_PrivateEvent_settings_tag;
        result = bus_put_symbol(event->settings.instrument, table, &out->what.settings.has_symbol, &out->what.settings.symbol);
        out->what.settings.leverage = event->settings.leverage;
        out->what.settings.margin_type = (uint32_t)event->settings.margin_type;
        return result;
    case PRIVATE_MODE:
        out->which_what = patriot_bus_PrivateEvent_mode_tag;
        out->what.mode = (uint32_t)event->mode;
        return RESULT_OK;
    case PRIVATE_GAP:
        out->which_what = 0;
        return RESULT_OK;
    }
    return RESULT_BAD_ARGUMENT;
}

static result_t balance_decode(const patriot_bus_VenueBalance *in, private_balance_t *out)
{
    out->available_known = in->available_known;
    result_t result = bus_get_text(in->asset, out->asset, sizeof out->asset);
    result = result != RESULT_OK ? result : bus_get_dec(in->wallet, &out->wallet);
    return result != RESULT_OK ? result : bus_get_dec(in->available, &out->available);
}

static result_t position_decode(const patriot_bus_VenuePosition *in, const instrument_table_t *table, private_position_t *out)
{
    if (!bus_within(in->position, POSITION_BOTH, POSITION_SHORT)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->position = (position_key_t)in->position;
    result_t result = bus_get_symbol(in->has_symbol, &in->symbol, table, &out->instrument);
    result = result != RESULT_OK ? result : bus_get_dec(in->amount, &out->amount);
    return result != RESULT_OK ? result : bus_get_dec(in->entry, &out->entry);
}

static result_t income_decode(const patriot_bus_VenueIncome *in, const instrument_table_t *table, private_income_t *out)
{
    if (!bus_within(in->kind, INCOME_FUNDING, INCOME_OTHER)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->kind = (income_kind_t)in->kind;
    out->time_ns = in->time_ns;
    out->venue_id = in->venue_id;
    result_t result = bus_get_symbol(in->has_symbol, &in->symbol, table, &out->instrument);
    result = result != RESULT_OK ? result : bus_get_text(in->asset, out->asset, sizeof out->asset);
    return result != RESULT_OK ? result : bus_get_dec(in->amount, &out->amount);
}

static result_t settings_decode(const patriot_bus_VenueSettings *in, const instrument_table_t *table, private_settings_t *out)
{
    if (!bus_within(in->margin_type, 0, MARGIN_CROSSED)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->leverage = in->leverage;
    out->margin_type = (margin_type_t)in->margin_type;
    return bus_get_symbol(in->has_symbol, &in->symbol, table, &out->instrument);
}

static result_t event_part_decode(const patriot_bus_PrivateEvent *in, const instrument_table_t *table, private_event_t *event)
{
    result_t result;
    switch (event->kind) {
    case PRIVATE_ORDER:
        return bus_order_decode(&in->what.order, table, &event->order);
    case PRIVATE_FILL:
        if (!in->what.fill.has_order || !in->what.fill.has_fill) {
            return RESULT_FIELD_MISSING;
        }
        result = bus_order_decode(&in->what.fill.order, table, &event->fill.order);
        return result != RESULT_OK ? result : fill_decode(&in->what.fill.fill, &event->fill.fill);
    case PRIVATE_BALANCE:
        return balance_decode(&in->what.balance, &event->balance);
    case PRIVATE_POSITION:
        return position_decode(&in->what.position, table, &event->position);
    case PRIVATE_INCOME:
        return income_decode(&in->what.income, table, &event->income);
    case PRIVATE_SETTINGS:
        return settings_decode(&in->what.settings, table, &event->settings);
    case PRIVATE_MODE:
        event->mode = (position_mode_t)in->what.mode;
        return bus_within(in->what.mode, POSITION_MODE_ONE_WAY, POSITION_MODE_HEDGE) ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    case PRIVATE_GAP:
        return RESULT_OK;
    }
    return RESULT_UNKNOWN_VALUE;
}

result_t bus_event_decode(const patriot_bus_PrivateEvent *in, const instrument_table_t *table, private_event_t *out)
{
    static const pb_size_t parts[] = {
        [PRIVATE_ORDER] = patriot_bus_PrivateEvent_order_tag,     [PRIVATE_FILL] = patriot_bus_PrivateEvent_fill_tag,
        [PRIVATE_BALANCE] = patriot_bus_PrivateEvent_balance_tag, [PRIVATE_POSITION] = patriot_bus_PrivateEvent_position_tag,
        [PRIVATE_INCOME] = patriot_bus_PrivateEvent_income_tag,   [PRIVATE_SETTINGS] = patriot_bus_PrivateEvent_settings_tag,
        [PRIVATE_MODE] = patriot_bus_PrivateEvent_mode_tag,       [PRIVATE_GAP] = 0,
    };
    private_event_t event;
    memset(&event, 0, sizeof event);
    if (!bus_within(in->kind, PRIVATE_ORDER, PRIVATE_GAP)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (parts[in->kind] != in->which_what) {
        return RESULT_MALFORMED;
    }
    event.kind = (private_kind_t)in->kind;
    event.time_ns = in->time_ns;
    result_t result = event_part_decode(in, table, &event);
    if (result == RESULT_OK) {
        *out = event;
    }
    return result;
}

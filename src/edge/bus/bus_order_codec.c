/* bus_order_codec.c: order actions and inputs <-> messages, field by field. Written out, so that a reader sees what crosses. */
#include "edge/bus/bus_order_codec.h"

#include <string.h>

#include "core/base/assert.h"

/* --- pieces ----------------------------------------------------------------------------------- */

static void put_dec(dec_t value, char *text)
{
    if (dec_is_zero(value)) {
        text[0] = '\0'; /* an absent text is 0 */
        return;
    }
    (void)dec_format(value, text);
}

static result_t get_dec(const char *text, dec_t *value)
{
    if (text[0] == '\0') {
        *value = DEC_ZERO;
        return RESULT_OK;
    }
    return dec_parse(text, strlen(text), value);
}

/* Texts of the core are NUL-terminated within their arrays; those of the messages have at least the same room. */
static void put_text(char *to, size_t capacity, const char *from)
{
    size_t length = strlen(from);
    ASSERT(length < capacity);
    memcpy(to, from, length + 1);
}

static result_t get_text(const char *from, char *to, size_t capacity)
{
    size_t length = strlen(from);
    if (length >= capacity) {
        return RESULT_TEXT_TOO_LONG;
    }
    memset(to, 0, capacity);
    memcpy(to, from, length);
    return RESULT_OK;
}

static result_t put_symbol(instrument_id_t id, const instrument_table_t *table, bool *has, patriot_bus_Symbol *symbol)
{
    if (id == INSTRUMENT_NONE) {
        *has = false;
        return RESULT_OK;
    }
    const instrument_t *instrument = instrument_table_at(table, id);
    if (instrument == NULL) {
        return RESULT_NOT_FOUND;
    }
    *has = true;
    put_text(symbol->venue, sizeof symbol->venue, instrument->venue);
    put_text(symbol->name, sizeof symbol->name, instrument->symbol);
    symbol->kind = (uint32_t)instrument->kind;
    return RESULT_OK;
}

static result_t get_symbol(bool has, const patriot_bus_Symbol *symbol, const instrument_table_t *table, instrument_id_t *id)
{
    if (!has) {
        *id = INSTRUMENT_NONE;
        return RESULT_OK;
    }
    for (uint32_t i = 0; i < table->count; i++) {
        const instrument_t *instrument = &table->items[i];
        if (strcmp(instrument->symbol, symbol->name) == 0 && strcmp(instrument->venue, symbol->venue) == 0 &&
            (uint32_t)instrument->kind == symbol->kind) {
            *id = (instrument_id_t)i;
            return RESULT_OK;
        }
    }
    return RESULT_NOT_FOUND;
}

/* A number within [low, high], both of an enumeration without holes. */
static bool within(uint32_t value, unsigned low, unsigned high)
{
    return value >= low && value <= high;
}

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

/* --- actions ---------------------------------------------------------------------------------- */

static result_t spec_encode(const order_spec_t *spec, const instrument_table_t *table, patriot_bus_OrderSpec *out)
{
    put_text(out->client_id, sizeof out->client_id, spec->client_id.text);
    out->leg = (uint32_t)spec->leg;
    out->side = (uint32_t)spec->side;
    out->position = (uint32_t)spec->position;
    out->type = (uint32_t)spec->type;
    out->tif = (uint32_t)spec->tif;
    out->trigger_by = (uint32_t)spec->trigger_by;
    out->reduce = (uint32_t)spec->reduce;
    put_dec(spec->quantity, out->quantity);
    put_dec(spec->price, out->price);
    put_dec(spec->trigger, out->trigger);
    return put_symbol(spec->instrument, table, &out->has_symbol, &out->symbol);
}

static result_t spec_decode(const patriot_bus_OrderSpec *in, const instrument_table_t *table, order_spec_t *out)
{
    uint32_t epoch;
    uint64_t intent;
    leg_t leg;
    order_spec_t spec;
    memset(&spec, 0, sizeof spec);
    if (!is_leg(in->leg) || !within(in->side, ORDER_BUY, ORDER_SELL) || !within(in->position, POSITION_BOTH, POSITION_SHORT) ||
        !within(in->type, ORDER_LIMIT, ORDER_TAKE_PROFIT_LIMIT) || !within(in->tif, 0, TIF_POST_ONLY) ||
        !within(in->trigger_by, 0, TRIGGER_BY_MARK) || !within(in->reduce, REDUCE_NO, CLOSE_POSITION)) {
        return RESULT_UNKNOWN_VALUE;
    }
    result_t result = client_id_parse(str_from(in->client_id), &epoch, &intent, &leg);
    if (result == RESULT_OK && (uint32_t)leg != in->leg) {
        result = RESULT_MALFORMED;
    }
    if (result == RESULT_OK) {
        result = get_text(in->client_id, spec.client_id.text, sizeof spec.client_id.text);
    }
    if (result == RESULT_OK) {
        result = get_symbol(in->has_symbol, &in->symbol, table, &spec.instrument);
    }
    if (result == RESULT_OK) {
        result = get_dec(in->quantity, &spec.quantity);
    }
    if (result == RESULT_OK) {
        result = get_dec(in->price, &spec.price);
    }
    if (result == RESULT_OK) {
        result = get_dec(in->trigger, &spec.trigger);
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
        result_t result = put_symbol(action->snapshot.symbols[i], table, &has, &out->symbols[i]);
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
        result_t result = get_symbol(true, &in->symbols[i], table, &action->snapshot.symbols[i]);
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
    result_t result = put_symbol(action->instrument, table, &out->has_symbol, &out->symbol);
    if (result != RESULT_OK) {
        return result;
    }
    switch (action->kind) {
    case ACTION_PLACE:
        out->which_what = patriot_bus_OrderCommand_place_tag;
        put_dec(action->reference, out->reference);
        return spec_encode(&action->place, table, &out->what.place);
    case ACTION_CANCEL:
    case ACTION_QUERY_ORDER:
        out->which_what = patriot_bus_OrderCommand_order_tag;
        put_text(out->what.order.client_id, sizeof out->what.order.client_id, action->order.client_id.text);
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
        return get_text(command->what.order.client_id, action->order.client_id.text, sizeof action->order.client_id.text);
    case ACTION_QUERY_FILLS:
        action->fills.since_ns = command->what.fills_since_ns;
        return RESULT_OK;
    case ACTION_SNAPSHOT:
        return snapshot_decode(&command->what.snapshot, table, action);
    case ACTION_SET_LEVERAGE:
        action->leverage = command->what.leverage;
        return within(action->leverage, 1, 1000) ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
    case ACTION_SET_MARGIN_TYPE:
        action->margin_type = (margin_type_t)command->what.margin_type;
        return within(command->what.margin_type, MARGIN_ISOLATED, MARGIN_CROSSED) ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    case ACTION_SET_POSITION_MODE:
        action->mode = (position_mode_t)command->what.mode;
        return within(command->what.mode, POSITION_MODE_ONE_WAY, POSITION_MODE_HEDGE) ? RESULT_OK : RESULT_UNKNOWN_VALUE;
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
    if (!within(command->kind, ACTION_PLACE, ACTION_NOTIFY) || !within(command->priority, 0, PRIORITY_HISTORY)) {
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
    result_t result = get_symbol(command->has_symbol, &command->symbol, table, &made.instrument);
    if (result == RESULT_OK) {
        result = get_dec(command->reference, &made.reference);
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

/* --- what the venue said ---------------------------------------------------------------------- */

static result_t order_encode(const private_order_t *order, const instrument_table_t *table, patriot_bus_VenueOrder *out)
{
    put_text(out->client_id, sizeof out->client_id, order->client_id);
    out->algo = order->algo;
    out->venue_order_id = order->venue_order_id;
    out->engine_order_id = order->engine_order_id;
    out->status = (uint32_t)order->status;
    out->owner = (uint32_t)order->owner;
    out->side = (uint32_t)order->side;
    out->position = (uint32_t)order->position;
    out->type = (uint32_t)order->type;
    out->reduce = (uint32_t)order->reduce;
    put_dec(order->quantity, out->quantity);
    put_dec(order->price, out->price);
    put_dec(order->trigger, out->trigger);
    out->filled_known = order->filled_known;
    put_dec(order->filled, out->filled);
    put_text(out->reason, sizeof out->reason, order->reason);
    return put_symbol(order->instrument, table, &out->has_symbol, &out->symbol);
}

static result_t order_decode(const patriot_bus_VenueOrder *in, const instrument_table_t *table, private_order_t *out)
{
    if (!within(in->status, PRIVATE_STATUS_NONE, PRIVATE_STATUS_UNKNOWN) || !within(in->owner, OWNER_CLIENT, OWNER_SETTLEMENT) ||
        !within(in->side, 0, ORDER_SELL) || !within(in->position, 0, POSITION_SHORT) ||
        !within(in->type, 0, ORDER_TAKE_PROFIT_LIMIT) || !within(in->reduce, 0, CLOSE_POSITION)) {
        return RESULT_UNKNOWN_VALUE;
    }
    private_order_t order;
    memset(&order, 0, sizeof order);
    result_t result = get_text(in->client_id, order.client_id, sizeof order.client_id);
    result = result != RESULT_OK ? result : get_text(in->reason, order.reason, sizeof order.reason);
    result = result != RESULT_OK ? result : get_symbol(in->has_symbol, &in->symbol, table, &order.instrument);
    result = result != RESULT_OK ? result : get_dec(in->quantity, &order.quantity);
    result = result != RESULT_OK ? result : get_dec(in->price, &order.price);
    result = result != RESULT_OK ? result : get_dec(in->trigger, &order.trigger);
    result = result != RESULT_OK ? result : get_dec(in->filled, &order.filled);
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
    put_dec(fill->price, out->price);
    put_dec(fill->quantity, out->quantity);
    put_dec(fill->fee, out->fee);
    put_text(out->fee_asset, sizeof out->fee_asset, fill->fee_asset);
    put_dec(fill->realised, out->realised);
    out->time_ns = fill->time_ns;
    out->maker = fill->maker;
}

static result_t fill_decode(const patriot_bus_VenueFill *in, private_fill_t *out)
{
    private_fill_t fill;
    memset(&fill, 0, sizeof fill);
    result_t result = get_dec(in->price, &fill.price);
    result = result != RESULT_OK ? result : get_dec(in->quantity, &fill.quantity);
    result = result != RESULT_OK ? result : get_dec(in->fee, &fill.fee);
    result = result != RESULT_OK ? result : get_text(in->fee_asset, fill.fee_asset, sizeof fill.fee_asset);
    result = result != RESULT_OK ? result : get_dec(in->realised, &fill.realised);
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

static result_t event_encode(const private_event_t *event, const instrument_table_t *table, patriot_bus_PrivateEvent *out)
{
    result_t result;
    out->kind = (uint32_t)event->kind;
    out->time_ns = event->time_ns;
    switch (event->kind) {
    case PRIVATE_ORDER:
        out->which_what = patriot_bus_PrivateEvent_order_tag;
        return order_encode(&event->order, table, &out->what.order);
    case PRIVATE_FILL:
        out->which_what = patriot_bus_PrivateEvent_fill_tag;
        out->what.fill.has_order = true;
        out->what.fill.has_fill = true;
        fill_encode(&event->fill.fill, &out->what.fill.fill);
        return order_encode(&event->fill.order, table, &out->what.fill.order);
    case PRIVATE_BALANCE:
        out->which_what = patriot_bus_PrivateEvent_balance_tag;
        put_text(out->what.balance.asset, sizeof out->what.balance.asset, event->balance.asset);
        put_dec(event->balance.wallet, out->what.balance.wallet);
        out->what.balance.available_known = event->balance.available_known;
        put_dec(event->balance.available, out->what.balance.available);
        return RESULT_OK;
    case PRIVATE_POSITION:
        out->which_what = patriot_bus_PrivateEvent_position_tag;
        out->what.position.position = (uint32_t)event->position.position;
        put_dec(event->position.amount, out->what.position.amount);
        put_dec(event->position.entry, out->what.position.entry);
        return put_symbol(event->position.instrument, table, &out->what.position.has_symbol, &out->what.position.symbol);
    case PRIVATE_INCOME:
        out->which_what = patriot_bus_PrivateEvent_income_tag;
        out->what.income.kind = (uint32_t)event->income.kind;
        put_text(out->what.income.asset, sizeof out->what.income.asset, event->income.asset);
        put_dec(event->income.amount, out->what.income.amount);
        out->what.income.time_ns = event->income.time_ns;
        out->what.income.venue_id = event->income.venue_id;
        return put_symbol(event->income.instrument, table, &out->what.income.has_symbol, &out->what.income.symbol);
    case PRIVATE_SETTINGS:
        out->which_what = patriot_bus_PrivateEvent_settings_tag;
        result = put_symbol(event->settings.instrument, table, &out->what.settings.has_symbol, &out->what.settings.symbol);
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
    result_t result = get_text(in->asset, out->asset, sizeof out->asset);
    result = result != RESULT_OK ? result : get_dec(in->wallet, &out->wallet);
    return result != RESULT_OK ? result : get_dec(in->available, &out->available);
}

static result_t position_decode(const patriot_bus_VenuePosition *in, const instrument_table_t *table, private_position_t *out)
{
    if (!within(in->position, POSITION_BOTH, POSITION_SHORT)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->position = (position_key_t)in->position;
    result_t result = get_symbol(in->has_symbol, &in->symbol, table, &out->instrument);
    result = result != RESULT_OK ? result : get_dec(in->amount, &out->amount);
    return result != RESULT_OK ? result : get_dec(in->entry, &out->entry);
}

static result_t income_decode(const patriot_bus_VenueIncome *in, const instrument_table_t *table, private_income_t *out)
{
    if (!within(in->kind, INCOME_FUNDING, INCOME_OTHER)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->kind = (income_kind_t)in->kind;
    out->time_ns = in->time_ns;
    out->venue_id = in->venue_id;
    result_t result = get_symbol(in->has_symbol, &in->symbol, table, &out->instrument);
    result = result != RESULT_OK ? result : get_text(in->asset, out->asset, sizeof out->asset);
    return result != RESULT_OK ? result : get_dec(in->amount, &out->amount);
}

static result_t settings_decode(const patriot_bus_VenueSettings *in, const instrument_table_t *table, private_settings_t *out)
{
    if (!within(in->margin_type, 0, MARGIN_CROSSED)) {
        return RESULT_UNKNOWN_VALUE;
    }
    out->leverage = in->leverage;
    out->margin_type = (margin_type_t)in->margin_type;
    return get_symbol(in->has_symbol, &in->symbol, table, &out->instrument);
}

static result_t event_part_decode(const patriot_bus_PrivateEvent *in, const instrument_table_t *table, private_event_t *event)
{
    result_t result;
    switch (event->kind) {
    case PRIVATE_ORDER:
        return order_decode(&in->what.order, table, &event->order);
    case PRIVATE_FILL:
        if (!in->what.fill.has_order || !in->what.fill.has_fill) {
            return RESULT_FIELD_MISSING;
        }
        result = order_decode(&in->what.fill.order, table, &event->fill.order);
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
        return within(in->what.mode, POSITION_MODE_ONE_WAY, POSITION_MODE_HEDGE) ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    case PRIVATE_GAP:
        return RESULT_OK;
    }
    return RESULT_UNKNOWN_VALUE;
}

static result_t event_decode(const patriot_bus_PrivateEvent *in, const instrument_table_t *table, private_event_t *out)
{
    static const pb_size_t parts[] = {
        [PRIVATE_ORDER] = patriot_bus_PrivateEvent_order_tag,     [PRIVATE_FILL] = patriot_bus_PrivateEvent_fill_tag,
        [PRIVATE_BALANCE] = patriot_bus_PrivateEvent_balance_tag, [PRIVATE_POSITION] = patriot_bus_PrivateEvent_position_tag,
        [PRIVATE_INCOME] = patriot_bus_PrivateEvent_income_tag,   [PRIVATE_SETTINGS] = patriot_bus_PrivateEvent_settings_tag,
        [PRIVATE_MODE] = patriot_bus_PrivateEvent_mode_tag,       [PRIVATE_GAP] = 0,
    };
    private_event_t event;
    memset(&event, 0, sizeof event);
    if (!within(in->kind, PRIVATE_ORDER, PRIVATE_GAP)) {
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

/* --- inputs ----------------------------------------------------------------------------------- */

static result_t reply_encode(const order_reply_t *reply, const instrument_table_t *table, patriot_bus_OrderReply *out)
{
    out->action = reply->action;
    out->kind = (uint32_t)reply->kind;
    out->reject = (uint32_t)reply->reject;
    out->code = reply->code;
    put_text(out->text, sizeof out->text, reply->text);
    out->leverage = reply->leverage;
    out->has_order =
        reply->order.status != PRIVATE_STATUS_NONE || reply->order.client_id[0] != '\0'; /* else the reply told nothing of it */
    return out->has_order ? order_encode(&reply->order, table, &out->order) : RESULT_OK;
}

static result_t reply_decode(const patriot_bus_OrderReply *in, const instrument_table_t *table, order_reply_t *out)
{
    if (!within(in->kind, REPLY_ACCEPTED, REPLY_NEVER_SENT) || !within(in->reject, REJECT_OTHER, REJECT_FENCED)) {
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
    result_t result = get_text(in->text, out->text, sizeof out->text);
    return result != RESULT_OK || !in->has_order ? result : order_decode(&in->order, table, &out->order);
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
    return in->found ? order_decode(&in->order, table, &out->order) : RESULT_OK;
}

static result_t piece_decode(const patriot_bus_SnapshotPiece *in, const instrument_table_t *table, snapshot_piece_t *out)
{
    if (!within(in->section, 0, SECTION_INCOME) || !within(in->phase, SNAPSHOT_ITEM, SNAPSHOT_END)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (in->action == 0 || (in->phase == SNAPSHOT_ITEM && !in->has_item)) {
        return RESULT_FIELD_MISSING;
    }
    out->action = in->action;
    out->section = (snapshot_section_t)in->section;
    out->phase = (snapshot_phase_t)in->phase;
    return in->phase == SNAPSHOT_ITEM ? event_decode(&in->item, table, &out->item) : RESULT_OK;
}

/* The decimals of an instrument in the order of the message, so that both directions walk one list. */
#define RULES_DECIMALS(X)                                                                                                          \
    X(tick_size)                                                                                                                   \
    X(price_min)                                                                                                                   \
    X(price_max)                                                                                                                   \
    X(lot_step)                                                                                                                    \
    X(quantity_min)                                                                                                                \
    X(quantity_max) X(market_step) X(market_quantity_min) X(market_quantity_max) X(notional_min) X(band_up) X(band_down)           \
        X(contract_size) X(trigger_protect) X(liquidation_fee)

static result_t rules_encode(const instrument_t *rules, patriot_bus_Rules *out)
{
    if (rules->bracket_count > INSTRUMENT_BRACKETS_MAX) {
        return RESULT_BAD_ARGUMENT;
    }
    out->has_symbol = true;
    put_text(out->symbol.venue, sizeof out->symbol.venue, rules->venue);
    put_text(out->symbol.name, sizeof out->symbol.name, rules->symbol);
    out->symbol.kind = (uint32_t)rules->kind;
    put_text(out->base, sizeof out->base, rules->base);
    put_text(out->quote, sizeof out->quote, rules->quote);
    put_text(out->settle, sizeof out->settle, rules->settle);
    out->status = (uint32_t)rules->status;
#define RULES_PUT(name) put_dec(rules->name, out->name);
    RULES_DECIMALS(RULES_PUT)
#undef RULES_PUT
    out->brackets_count = (pb_size_t)rules->bracket_count;
    for (uint32_t i = 0; i < rules->bracket_count; i++) {
        out->brackets[i].leverage_max = rules->brackets[i].leverage_max;
        put_dec(rules->brackets[i].notional_floor, out->brackets[i].notional_floor);
        put_dec(rules->brackets[i].notional_cap, out->brackets[i].notional_cap);
        put_dec(rules->brackets[i].maintenance_rate, out->brackets[i].maintenance_rate);
        put_dec(rules->brackets[i].maintenance_cum, out->brackets[i].maintenance_cum);
    }
    return RESULT_OK;
}

static result_t bracket_decode(const patriot_bus_Bracket *in, leverage_bracket_t *out)
{
    out->leverage_max = in->leverage_max;
    result_t result = get_dec(in->notional_floor, &out->notional_floor);
    result = result != RESULT_OK ? result : get_dec(in->notional_cap, &out->notional_cap);
    result = result != RESULT_OK ? result : get_dec(in->maintenance_rate, &out->maintenance_rate);
    return result != RESULT_OK ? result : get_dec(in->maintenance_cum, &out->maintenance_cum);
}

static result_t rules_decode(const patriot_bus_Rules *in, instrument_t *out)
{
    if (!within(in->status, INSTRUMENT_PENDING, INSTRUMENT_UNKNOWN) ||
        !within(in->symbol.kind, INSTRUMENT_SPOT, INSTRUMENT_DELIVERY)) {
        return RESULT_UNKNOWN_VALUE;
    }
    if (!in->has_symbol) {
        return RESULT_FIELD_MISSING;
    }
    out->kind = (instrument_kind_t)in->symbol.kind;
    out->status = (instrument_status_t)in->status;
    result_t result = get_text(in->symbol.venue, out->venue, sizeof out->venue);
    result = result != RESULT_OK ? result : get_text(in->symbol.name, out->symbol, sizeof out->symbol);
    result = result != RESULT_OK ? result : get_text(in->base, out->base, sizeof out->base);
    result = result != RESULT_OK ? result : get_text(in->quote, out->quote, sizeof out->quote);
    result = result != RESULT_OK ? result : get_text(in->settle, out->settle, sizeof out->settle);
#define RULES_GET(name) result = result != RESULT_OK ? result : get_dec(in->name, &out->name);
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
        return event_encode(&input->event, table, &message->body.private_event);
    case ORDER_INPUT_QUERY_RESULT:
        message->which_body = patriot_bus_Envelope_query_result_tag;
        message->body.query_result.action = input->query.action;
        message->body.query_result.endpoints = input->query.endpoints;
        message->body.query_result.found = input->query.found;
        message->body.query_result.never_sent = input->query.never_sent;
        message->body.query_result.has_order = input->query.found;
        return input->query.found ? order_encode(&input->query.order, table, &message->body.query_result.order) : RESULT_OK;
    case ORDER_INPUT_SNAPSHOT:
        message->which_body = patriot_bus_Envelope_snapshot_piece_tag;
        message->body.snapshot_piece.action = input->snapshot.action;
        message->body.snapshot_piece.section = (uint32_t)input->snapshot.section;
        message->body.snapshot_piece.phase = (uint32_t)input->snapshot.phase;
        message->body.snapshot_piece.has_item = input->snapshot.phase == SNAPSHOT_ITEM;
        return input->snapshot.phase == SNAPSHOT_ITEM
                   ? event_encode(&input->snapshot.item, table, &message->body.snapshot_piece.item)
                   : RESULT_OK;
    case ORDER_INPUT_RULES:
        message->which_body = patriot_bus_Envelope_rules_tag;
        return rules_encode(&input->rules, &message->body.rules);
    case ORDER_INPUT_TIME:
    case ORDER_INPUT_SIGNAL:
    case ORDER_INPUT_MARKET:
    case ORDER_INPUT_COMMAND:
    case ORDER_INPUT_RISK:
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
        result = event_decode(&message->body.private_event, table, &made.event);
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

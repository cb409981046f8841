/* spot_query.c: spot records as the outside sees them: questions, views, events. */
#include "core/venue/spot_parts.h"

/* --- views ------------------------------------------------------------------------------------ */

void spot_view(const venue_t *venue, uint32_t index, spot_order_t *out)
{
    const order_rec_t *order = order_of(venue, index);
    const spot_rec_t *spot = spot_of(venue, index);
    memset(out, 0, sizeof *out);
    out->id = order->id;
    out->list_id = spot->list == VENUE_NIL ? 0 : list_of(venue, spot->list)->id;
    client_id_load(order->client_id, &out->client_id);
    out->account = order->account;
    out->instrument = order->instrument;
    out->side = order->side;
    out->type = (spot_type_t)spot->type;
    out->tif = (spot_tif_t)spot->tif;
    out->stp = (spot_stp_t)spot->stp;
    out->status = (spot_status_t)spot->status;
    out->reason = (spot_reason_t)spot->reason;
    out->price = dec_of8(spot->peg == SPOT_PEG_NONE ? order->price8 : spot->asked8);
    out->peg = (spot_peg_t)spot->peg;
    out->peg_offset = spot->peg_offset;
    out->pegged_price = spot->peg == SPOT_PEG_NONE ? DEC_ZERO : dec_of8(order->price8);
    out->quantity = dec_of8(order->quantity8 + spot->prevented8);
    out->quote_quantity = dec_of8(spot->quote8);
    out->filled = dec_of8(order->filled8);
    out->filled_quote = dec_of16(order->quote16);
    out->stop_price = dec_of8(order_rare(venue, order)->trigger8);
    out->iceberg_quantity = dec_of8(spot->iceberg8);
    out->prevented_quantity = dec_of8(spot->prevented8);
    out->prevented_match_id = spot->prevented_id;
    out->trailing_delta = spot->trailing_delta;
    out->strategy_id = spot->strategy_id;
    out->strategy_type = spot->strategy_type;
    out->has_strategy_id = spot->has_strategy_id;
    out->has_strategy_type = spot->has_strategy_type;
    out->time_ns = order->time_ns;
    out->update_ns = order->update_ns;
    out->working_ns = spot->working_ns;
    out->trailing_ns = spot->trailing_ns;
    out->working = spot->worked;
}

void spot_emit_order(venue_t *venue, const venue_sink_t *sink, uint32_t index, spot_exec_t execution, const spot_note_t *note)
{
    const order_rec_t *order = order_of(venue, index);
    spot_event_t event;
    memset(&event, 0, sizeof event);
    event.kind = SPOT_EVENT_ORDER;
    spot_order_event_t *out = &event.order;
    spot_view(venue, index, &out->order);
    out->execution = execution;
    out->execution_id = venue->events + 1;
    out->commission_asset = instrument_of(venue, order->instrument)->asset;
    if (note != NULL) {
        out->last_price = dec_of8(note->price8);
        out->last_quantity = dec_of8(note->quantity8);
        out->last_quote = dec_of8(cut8(cost_of(note->price8, note->quantity8)));
        out->commission = dec_of8(note->commission8);
        out->commission_asset = note->trade_id != 0 ? (uint8_t)note->commission_asset : out->commission_asset;
        out->trade_id = note->trade_id;
        out->maker = note->maker;
        out->prevented_last = dec_of8(note->prevented8);
        out->counter_order_id = note->counter_id;
        out->missed_price = dec_of8(note->missed_price8);
        out->missed_quantity = dec_of8(note->missed8);
        out->missed_quote = dec_of8(cut8(cost_of(note->missed_price8, note->missed8)));
        if (note->request_id != NULL) {
            memcpy(out->request_id.text, note->request_id->text, CLIENT_ID_MAX);
        }
        if (note->original_id != NULL) {
            memcpy(out->original_id.text, note->original_id, CLIENT_ID_MAX);
        }
    }
    emit_spot(venue, sink, order->account, order->instrument, &event);
}

/* --- questions -------------------------------------------------------------------------------- */

result_t spot_account_view(const venue_t *venue, venue_account_t account, spot_account_t *out)
{
    if (account >= venue->account_count) {
        return RESULT_NOT_FOUND;
    }
    const account_rec_t *record = account_of(venue, account);
    memset(out, 0, sizeof *out);
    out->maker_rate = dec_of8(record->spot_maker8);
    out->taker_rate = dec_of8(record->spot_taker8);
    out->burns_bnb = record->burns_bnb;
    out->can_trade = record->restriction == VENUE_FREE;
    out->update_ns = record->spot_update_ns;
    return RESULT_OK;
}

result_t spot_balance(const venue_t *venue, venue_account_t account, venue_asset_t asset, spot_balance_t *out)
{
    if (account >= venue->account_count || asset >= venue->asset_count) {
        return RESULT_NOT_FOUND;
    }
    const balance_rec_t *balance = balance_of(venue, account, asset);
    memset(out, 0, sizeof *out);
    out->asset = asset;
    out->free = dec_of8(balance->free8);
    out->locked = dec_of8(balance->locked8);
    return RESULT_OK;
}

uint32_t spot_find(const venue_t *venue, const spot_ref_t *ref, spot_reject_t *why)
{
    *why = SPOT_REJECT_NO_SUCH_ORDER;
    if (ref->account >= venue->account_count) {
        return VENUE_NIL;
    }
    uint32_t index = ref->id != 0 ? order_find_id(venue, ref->account, ref->id)
                                  : order_find_client(venue, ref->account, ref->instrument, ref->client_id.text);
    bool own = index != VENUE_NIL && order_of(venue, index)->account == ref->account &&
               order_of(venue, index)->instrument == ref->instrument && is_spot(instrument_of(venue, ref->instrument));
    if (own && ref->id != 0 && ref->client_id.text[0] != '\0' &&
        !str_eq(str_from(order_of(venue, index)->client_id), str_from(ref->client_id.text))) {
        *why = SPOT_REJECT_OTHER_CLIENT_ID;
        own = false;
    }
    return own ? index : VENUE_NIL;
}

result_t spot_order(const venue_t *venue, const spot_ref_t *ref, spot_order_t *out)
{
    spot_reject_t why;
    uint32_t index = spot_find(venue, ref, &why);
    if (index == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    spot_view(venue, index, out);
    return RESULT_OK;
}

static bool selected(const venue_t *venue, const venue_select_t *select, const order_rec_t *order)
{
    return is_spot(instrument_of(venue, order->instrument)) &&
           (select->instrument == INSTRUMENT_NONE || select->instrument == order->instrument) && order->id >= select->from_id &&
           (select->from_ns == 0 || order->time_ns >= select->from_ns) && (select->to_ns == 0 || order->time_ns <= select->to_ns) &&
           (order->open || !select->open_only);
}

uint32_t spot_orders(const venue_t *venue, const venue_select_t *select, spot_order_t *out, uint32_t capacity)
{
    if (select->account >= venue->account_count || venue->bounds.order_lists == 0) {
        return 0;
    }
    order_pick_t *picks = (order_pick_t *)(void *)out;
    uint32_t count = orders_pick(venue, select, selected, picks, capacity);
    for (uint32_t i = count; i-- > 0;) { /* backwards: no row reaches the picks of those before it */
        uint32_t index = picks[i].index;
        spot_view(venue, index, &out[i]);
    }
    return count;
}

/* --- average price ---------------------------------------------------------------------------- */

void spot_note_trade(const venue_t *venue, instrument_rec_t *instrument, int64_t price8, int64_t quantity8)
{
    int64_t minute = venue->event_ns / NS_PER_MIN;
    uint32_t at = (uint32_t)(minute % SPOT_AVERAGE_MINUTES);
    if (instrument->average_minute[at] != minute) {
        instrument->average_minute[at] = minute;
        instrument->average_volume8[at] = 0;
        instrument->average_quote16[at] = 0;
    }
    instrument->average_volume8[at] += quantity8;
    instrument->average_quote16[at] += cost_of(price8, quantity8);
}

dec_t spot_average_price(const venue_t *venue, instrument_id_t id)
{
    if (id >= venue->instrument_count) {
        return DEC_ZERO;
    }
    const instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t minute = max8(venue->event_ns, venue->now_ns) / NS_PER_MIN;
    int128_t volume8 = 0;
    cost16_t quote16 = 0;
    for (uint32_t at = 0; at < SPOT_AVERAGE_MINUTES; at++) {
        if (instrument->average_minute[at] > minute - SPOT_AVERAGE_MINUTES) {
            volume8 += instrument->average_volume8[at];
            quote16 += instrument->average_quote16[at];
        }
    }
    return dec_of8(volume8 > 0 ? (int64_t)(quote16 / volume8) : instrument->price8);
}

/* venue_amend.c: taking orders back and changing them. */
#include "core/venue/venue_parts.h"

static void command_begins(venue_t *venue)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
}

static uint32_t order_by_ref(const venue_t *venue, const venue_ref_t *ref)
{
    if (ref->account >= venue->account_count) {
        return VENUE_NIL;
    }
    uint32_t index = ref->id != 0 ? order_find_id(venue, ref->account, ref->id)
                                  : order_find_client(venue, ref->account, ref->instrument, ref->client_id.text);
    bool own = index != VENUE_NIL && order_of(venue, index)->account == ref->account &&
               !is_spot(instrument_of(venue, order_of(venue, index)->instrument)) &&
               (ref->instrument == INSTRUMENT_NONE || order_of(venue, index)->instrument == ref->instrument);
    return own ? index : VENUE_NIL;
}

static void cancel_one(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    order_unrest(venue, index);
    order_finish(venue, sink, index, VENUE_STATUS_CANCELED, VENUE_EXPIRY_NONE, VENUE_EXEC_CANCELED);
}

venue_reply_t venue_cancel(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref, venue_order_t *after)
{
    command_begins(venue);
    order_touch_id(venue, ref->id);
    if (ref->account < venue->account_count && ref->instrument < venue->instrument_count) {
        touch_slot(venue, ref->account, ref->instrument);
        touch_leaving(venue, ref->account); /* while the order is on its way */
    }
    uint32_t index = order_by_ref(venue, ref);
    if (index == VENUE_NIL || !order_of(venue, index)->open) {
        return (venue_reply_t){.reject = VENUE_REJECT_UNKNOWN_ORDER};
    }
    touch_ending(venue, index);
    order_rec_t *order = order_of(venue, index);
    venue_reply_t reply = {.id = order->id};
    cancel_one(venue, sink, index);
    if (after != NULL) {
        memset(after, 0, sizeof *after);
        view_order(venue, order, after);
    }
    market_settle(venue, sink, order->instrument);
    return reply;
}

void cancel_slot_orders(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, uint32_t *count)
{
    slot_t *slot = slot_of(venue, slot_index);
    for (uint32_t at = slot->order_head, next; at != VENUE_NIL; at = next) {
        next = links_of(venue, at)->slot_next;
        if (order_of(venue, at)->level != VENUE_NIL) {
            cancel_one(venue, sink, at);
            if (count != NULL) {
                (*count)++;
            }
        }
    }
}

venue_reply_t venue_cancel_all(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                               uint32_t *count)
{
    command_begins(venue);
    if (account >= venue->account_count || instrument >= venue->instrument_count || is_spot(instrument_of(venue, instrument))) {
        return (venue_reply_t){.reject = VENUE_REJECT_INVALID_SYMBOL};
    }
    uint32_t cancelled = 0;
    uint32_t slot = slot_find(venue, account, instrument);
    if (slot != VENUE_NIL) {
        cancel_slot_orders(venue, sink, slot, &cancelled);
        market_settle(venue, sink, instrument);
    }
    if (count != NULL) {
        *count = cancelled;
    }
    return (venue_reply_t){.reject = VENUE_REJECT_NONE};
}

venue_reply_t venue_countdown(venue_t *venue, venue_account_t account, instrument_id_t instrument, int64_t after_ns)
{
    if (account >= venue->account_count || instrument >= venue->instrument_count) {
        return (venue_reply_t){.reject = VENUE_REJECT_INVALID_SYMBOL};
    }
    uint32_t index = slot_put(venue, account, instrument);
    if (index == VENUE_NIL) {
        return (venue_reply_t){.reject = VENUE_REJECT_TOO_MANY_ORDERS_HERE};
    }
    if (after_ns < 0 || after_ns > 100 * NS_PER_DAY) {
        return (venue_reply_t){.reject = VENUE_REJECT_INVALID_COMBINATION};
    }
    slot_t *slot = slot_of(venue, index);
    expiry_remove(venue, EXPIRY_COUNTDOWN, index);
    slot->countdown_ns = 0;
    if (after_ns > 0) {
        slot->countdown_ns = venue->now_ns + after_ns;
        expiry_add(venue, EXPIRY_COUNTDOWN, index, slot->countdown_ns);
    }
    return (venue_reply_t){.reject = VENUE_REJECT_NONE};
}

/* --- amend ------------------------------------------------------------------------------------ */

static venue_reject_t amend_state(const venue_t *venue, const venue_amend_t *amend, const order_rec_t *order)
{
    enum { AMENDMENTS_MAX = 10000 };
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    if (instrument->rules.status != INSTRUMENT_TRADING) {
        return VENUE_REJECT_AMEND_STATUS;
    }
    if (order->type != VENUE_LIMIT) {
        return VENUE_REJECT_AMEND_NOT_LIMIT;
    }
    if (amend->side != (venue_side_t)order->side) {
        return VENUE_REJECT_INVALID_SIDE;
    }
    if (links_of(venue, (uint32_t)(order - order_of(venue, 0)))->amendments >= AMENDMENTS_MAX) {
        return VENUE_REJECT_AMEND_LIMIT;
    }
    if (amend->reduce_only_sent && amend->reduce_only && !order->reduce_only) {
        return VENUE_REJECT_AMEND_REDUCE_ONLY;
    }
    if ((unsigned)amend->match > VENUE_MATCH_QUEUE_20 || (amend->match != VENUE_MATCH_NONE && !dec_is_zero(amend->price))) {
        return VENUE_REJECT_PRICE_MATCH;
    }
    return VENUE_REJECT_NONE;
}

static venue_reject_t amend_numbers(venue_t *venue, const venue_amend_t *amend, const order_rec_t *order, int64_t *price8,
                                    int64_t *quantity8, dec_t *limit)
{
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    venue_reject_t reject = rules_quantity(instrument, amend->quantity, false, quantity8);
    if (reject != VENUE_REJECT_NONE) {
        return reject;
    }
    if (amend->match != VENUE_MATCH_NONE) {
        if (!place_price_match(venue, order->instrument, amend->side, amend->match, price8)) {
            return VENUE_REJECT_PRICE_MATCH_DEPTH;
        }
    } else if ((reject = rules_price(instrument, amend->price, price8)) != VENUE_REJECT_NONE) {
        return reject;
    }
    if (*price8 == order->price8 && *quantity8 == order->quantity8) {
        return VENUE_REJECT_AMEND_SAME;
    }
    if (!order->closing && cost_of(*price8, *quantity8) < (cost16_t)instrument->notional_min8 * VENUE_E8) {
        *limit = dec_of8(instrument->notional_min8);
        return VENUE_REJECT_NOTIONAL;
    }
    reject = place_band(instrument, amend->side, *price8, limit);
    if (reject != VENUE_REJECT_NONE || order->closing || *quantity8 <= order->filled8) {
        return reject;
    }
    int64_t open8 = *quantity8 - order->filled8;
    margin_ask_t ask = {
        .account = order->account,
        .slot = order->slot,
        .side = order->side,
        .leg = leg_of(order),
        .change16 = cost_of(*price8, open8) - cost_of(order->price8, order_open8(order)),
        .price8 = *price8,
        .quantity8 = open8,
    };
    return margin_check(venue, &ask);
}

venue_reply_t venue_amend(venue_t *venue, const venue_sink_t *sink, const venue_amend_t *amend, venue_order_t *after)
{
    command_begins(venue);
    venue_reply_t reply = {.reject = VENUE_REJECT_NONE};
    if (amend->ref.account < venue->account_count && amend->ref.instrument < venue->instrument_count) {
        touch_slot(venue, amend->ref.account, amend->ref.instrument);
    }
    uint32_t index = order_by_ref(venue, &amend->ref);
    if (index == VENUE_NIL || !order_of(venue, index)->open) {
        reply.reject = VENUE_REJECT_NO_SUCH_ORDER;
        return reply;
    }
    order_rec_t *order = order_of(venue, index);
    touch_ending(venue, index);
    int64_t price8 = 0, quantity8 = 0;
    reply.reject = amend_state(venue, amend, order);
    if (reply.reject == VENUE_REJECT_NONE) {
        reply.reject = amend_numbers(venue, amend, order, &price8, &quantity8, &reply.limit);
    }
    if (reply.reject != VENUE_REJECT_NONE) {
        return reply;
    }
    reply.id = order->id;
    order_unrest(venue, index);
    bool gone = quantity8 <= order->filled8 ||
                (order->tif == VENUE_GTX && place_would_take(venue, order->instrument, (venue_side_t)order->side, price8));
    if (gone) {
        order_finish(venue, sink, index, VENUE_STATUS_CANCELED, VENUE_EXPIRY_NONE, VENUE_EXEC_CANCELED);
    } else {
        int64_t price_before8 = order->price8, quantity_before8 = order->quantity8;
        order->price8 = price8;
        order->quantity8 = quantity8;
        order->match = (uint8_t)amend->match;
        links_of(venue, index)->amendments++;
        if (amend->modify_id != order_rare(venue, order)->modify_id) {
            order_rare_make(venue, order)->modify_id = amend->modify_id;
        }
        order->update_ns = venue->event_ns;
        if (venue->bounds.change_history > 0) {
            change_note_amendment(venue, order, price_before8, quantity_before8);
        }
        expiry_remove(venue, EXPIRY_ORDER, index);
        emit_order(venue, sink, order, VENUE_EXEC_AMENDMENT);
        place_outcome(venue, sink, index, match_take(venue, sink, index, price8));
    }
    if (after != NULL) {
        memset(after, 0, sizeof *after);
        view_order(venue, order, after);
    }
    market_settle(venue, sink, order->instrument);
    return reply;
}

result_t venue_order(const venue_t *venue, const venue_ref_t *ref, venue_order_t *out)
{
    uint32_t index = order_by_ref(venue, ref);
    if (index == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    memset(out, 0, sizeof *out);
    view_order(venue, order_of(venue, index), out);
    return RESULT_OK;
}

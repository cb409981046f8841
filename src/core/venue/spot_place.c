/* spot_place.c: a spot order from the gate to its end: placed, matched, taken back, made smaller. */
#include "core/venue/spot_parts.h"

static void command_begins(venue_t *venue)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
}

static spot_reply_t refused(spot_reject_t reject)
{
    return (spot_reply_t){.reject = reject};
}

/* --- records ---------------------------------------------------------------------------------- */

static void describe(spot_rec_t *spot, const spot_place_t *place, const spot_checked_t *checked)
{
    memset(spot, 0, sizeof *spot);
    spot->type = (uint8_t)place->type;
    spot->tif = (uint8_t)(spot_is_market(place->type) || place->type == SPOT_LIMIT_MAKER ? SPOT_GTC : place->tif);
    spot->stp = (uint8_t)place->stp;
    spot->quote8 = checked->quote8;
    spot->iceberg8 = checked->iceberg8;
    spot->asked8 = checked->asked8;
    spot->peg = (uint8_t)place->peg;
    spot->peg_offset = (uint8_t)place->peg_offset;
    spot->trailing_delta = place->trailing_delta;
    spot->strategy_id = place->strategy_id;
    spot->strategy_type = place->strategy_type;
    spot->has_strategy_id = place->has_strategy_id;
    spot->has_strategy_type = place->has_strategy_type;
    spot->list = spot->trail_prev = spot->trail_next = VENUE_NIL;
    spot->status = SPOT_NEW;
}

uint32_t spot_make(venue_t *venue, const spot_place_t *place, const spot_checked_t *checked)
{
    uint32_t slot = slot_put(venue, place->account, place->instrument);
    ASSERT(slot != VENUE_NIL); /* the counts were checked */
    uint32_t index = order_new(venue, place->account, slot, ORDER_CLAIM_NORMAL);
    ASSERT(index != VENUE_NIL);
    order_rec_t *order = order_of(venue, index);
    describe(spot_of(venue, index), place, checked);
    spot_of(venue, index)->pays = (uint8_t)spot_pays(instrument_of(venue, place->instrument), place->side);
    order->side = (uint8_t)place->side;
    order->type = order->orig_type = spot_is_market(place->type) ? VENUE_MARKET : VENUE_LIMIT;
    order->price8 = checked->price8;
    order->quantity8 = checked->quantity8;
    order->iceberg = checked->iceberg8 > 0;
    if (checked->stop8 != 0) {
        order_rare_make(venue, order)->trigger8 = checked->stop8;
    }
    if (place->client_id.text[0] != '\0') {
        memcpy(order->client_id, place->client_id.text, str_from(place->client_id.text).length);
    } else {
        client_id_own(order->client_id, "v-", order->id);
    }
    order_index_put(venue, index, client_id_hash(order->client_id, order->account, order->instrument));
    return index;
}

void spot_finished(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    spot_unlock(venue, index, spot_of(venue, index)->reserve8);
    spot_list_left(venue, sink, index);
}

static void leave(venue_t *venue, uint32_t index)
{
    if (spot_of(venue, index)->phase == SPOT_PHASE_WAITS) {
        spot_disarm(venue, index);
    } else if (order_of(venue, index)->level != VENUE_NIL) {
        order_unrest(venue, index);
    }
}

static void close_as(venue_t *venue, const venue_sink_t *sink, uint32_t index, spot_status_t status, spot_exec_t execution,
                     const spot_note_t *note)
{
    spot_rec_t *spot = spot_of(venue, index);
    bool cancelled = status == SPOT_CANCELED;
    spot->phase = SPOT_PHASE_BOOK;
    spot->status = (uint8_t)status;
    order_of(venue, index)->update_ns = venue->event_ns;
    spot_emit_order(venue, sink, index, execution, note);
    order_finish(venue, sink, index, cancelled ? VENUE_STATUS_CANCELED : VENUE_STATUS_EXPIRED, VENUE_EXPIRY_NONE,
                 cancelled ? VENUE_EXEC_CANCELED : VENUE_EXEC_EXPIRED);
}

void spot_end(venue_t *venue, const venue_sink_t *sink, uint32_t index, spot_status_t status, spot_reason_t reason,
              const client_id_t *request_id)
{
    const spot_note_t note = {.request_id = request_id};
    leave(venue, index);
    spot_of(venue, index)->reason = (uint8_t)reason;
    close_as(venue, sink, index, status, status == SPOT_CANCELED ? SPOT_EXEC_CANCELED : SPOT_EXEC_EXPIRED, &note);
}

void spot_end_prevented(venue_t *venue, const venue_sink_t *sink, uint32_t index, spot_note_t *note)
{
    order_rec_t *order = order_of(venue, index);
    leave(venue, index);
    note->prevented8 += order_open8(order);
    spot_of(venue, index)->prevented8 += order_open8(order);
    order->quantity8 = order->filled8;
    close_as(venue, sink, index, SPOT_EXPIRED_IN_MATCH, SPOT_EXEC_TRADE_PREVENTION, note);
}

/* --- matching --------------------------------------------------------------------------------- */

static bool fills_whole(venue_t *venue, uint32_t index)
{
    return match_fillable8(venue, order_of(venue, index), order_of(venue, index)->price8) >= order_open8(order_of(venue, index));
}

static void outcome(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    const spot_rec_t *spot = spot_of(venue, index);
    bool market = order->type == VENUE_MARKET;
    if (!order->open) {
        return; /* self-trade prevention has ended it */
    }
    if (order_open8(order) == 0) {
        order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_NONE, VENUE_EXEC_TRADE);
    } else if (!market && spot->tif == SPOT_GTC) {
        order_rest(venue, index);
    } else {
        spot_reason_t reason = market                  ? SPOT_REASON_INSUFFICIENT_LIQUIDITY
                               : spot->tif == SPOT_FOK ? SPOT_REASON_UNFILLED_FOK
                                                       : SPOT_REASON_UNFILLED_IOC;
        spot_end(venue, sink, index, SPOT_EXPIRED, reason, NULL);
    }
}

void spot_go(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    bool maker = spot->type == SPOT_LIMIT_MAKER;
    spot->phase = SPOT_PHASE_BOOK;
    spot->status = SPOT_NEW;
    spot->worked = 1;
    spot->working_ns = venue->event_ns;
    if (maker && place_would_take(venue, order->instrument, (venue_side_t)order->side, order->price8)) {
        spot_end(venue, sink, index, SPOT_EXPIRED, SPOT_REASON_REJECTED, NULL);
    } else if (spot->tif == SPOT_FOK && !fills_whole(venue, index)) {
        spot_end(venue, sink, index, SPOT_EXPIRED, SPOT_REASON_UNFILLED_FOK, NULL);
    } else {
        (void)match_take(venue, sink, index, order->price8);
        outcome(venue, sink, index);
    }
}

bool spot_fund(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    const spot_rec_t *spot = spot_of(venue, index);
    int64_t need8 = spot_need8(venue, index);
    if (order->side == VENUE_BUY && order->price8 == 0) {
        spot_place_t asks = {.account = order->account, .instrument = order->instrument, .side = order->side};
        asks.stp = (spot_stp_t)spot->stp;
        need8 = spot_walk(venue, &asks, order_open8(order), 0).quote8;
    }
    int64_t more8 = need8 - spot->reserve8;
    if (more8 > 0 && !spot_enough(venue, order->account, spot->pays, more8)) {
        spot_end(venue, sink, index, SPOT_EXPIRED, SPOT_REASON_REJECTED, NULL);
        return false;
    }
    if (more8 > 0) {
        spot_lock(venue, index, more8);
    }
    return true;
}

spot_reply_t spot_place(venue_t *venue, const venue_sink_t *sink, const spot_place_t *place, spot_order_t *after)
{
    spot_checked_t checked;
    command_begins(venue);
    spot_reject_t reject = spot_check(venue, place, SPOT_ALONE, &checked);
    if (reject != SPOT_REJECT_NONE || place->test) {
        return refused(reject);
    }
    uint32_t index = spot_make(venue, place, &checked);
    spot_reply_t reply = {.id = order_of(venue, index)->id};
    spot_lock(venue, index, checked.reserve8);
    if (spot_is_conditional(place->type)) {
        spot_arm(venue, index);
        spot_emit_order(venue, sink, index, SPOT_EXEC_NEW, NULL);
    } else {
        spot_of(venue, index)->worked = 1;
        spot_of(venue, index)->working_ns = venue->event_ns;
        spot_emit_order(venue, sink, index, SPOT_EXEC_NEW, NULL);
        spot_go(venue, sink, index);
    }
    if (after != NULL) {
        spot_view(venue, index, after);
    }
    market_settle(venue, sink, place->instrument);
    return reply;
}

/* --- taking back, making smaller -------------------------------------------------------------- */

spot_reply_t spot_cancel(venue_t *venue, const venue_sink_t *sink, const spot_ref_t *ref, spot_order_t *after)
{
    spot_reject_t why;
    command_begins(venue);
    uint32_t index = spot_find(venue, ref, &why);
    if (index == VENUE_NIL) {
        return refused(why == SPOT_REJECT_OTHER_CLIENT_ID ? why : SPOT_REJECT_UNKNOWN_ORDER);
    }
    const order_rec_t *order = order_of(venue, index);
    if (!order->open) {
        return refused(SPOT_REJECT_UNKNOWN_ORDER);
    }
    bool part = order->filled8 > 0;
    if ((ref->restriction == SPOT_CANCEL_ONLY_NEW && part) || (ref->restriction == SPOT_CANCEL_ONLY_PARTIALLY_FILLED && !part)) {
        return refused(SPOT_REJECT_RESTRICTED);
    }
    spot_reply_t reply = {.id = order->id};
    uint32_t list = spot_of(venue, index)->list;
    if (list != VENUE_NIL) {
        spot_list_cancel_all(venue, sink, list, &ref->request_id);
    } else {
        spot_end(venue, sink, index, SPOT_CANCELED, SPOT_REASON_NONE, &ref->request_id);
    }
    if (after != NULL) {
        spot_view(venue, index, after);
    }
    market_settle(venue, sink, order->instrument);
    return reply;
}

static spot_reject_t check_amend(const venue_t *venue, uint32_t index, const spot_amend_t *amend, int64_t *quantity8)
{
    const order_rec_t *order = order_of(venue, index);
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    if (instrument->rules.status != INSTRUMENT_TRADING) {
        return SPOT_REJECT_MARKET_CLOSED;
    }
    if (spot_of(venue, index)->phase != SPOT_PHASE_BOOK) {
        return SPOT_REJECT_AMEND_CONDITIONAL;
    }
    spot_reject_t reject = spot_quantity(instrument, amend->quantity, false, quantity8);
    if (reject != SPOT_REJECT_NONE) {
        return reject;
    }
    if (*quantity8 >= order->quantity8) {
        return *quantity8 == order->quantity8 ? SPOT_REJECT_AMEND_SAME : SPOT_REJECT_AMEND_INCREASE;
    }
    if (*quantity8 <= order->filled8) {
        return SPOT_REJECT_AMEND_FILLED;
    }
    if (cost_of(order->price8, *quantity8) < (cost16_t)instrument->notional_min8 * VENUE_E8) {
        return SPOT_REJECT_NOTIONAL;
    }
    return links_of(venue, index)->amendments >= SPOT_AMENDS_MAX ? SPOT_REJECT_MAX_NUM_ORDER_AMENDS : SPOT_REJECT_NONE;
}

static void rename_order(venue_t *venue, uint32_t index, const client_id_t *client_id)
{
    order_rec_t *order = order_of(venue, index);
    order_index_drop(venue, index);
    memset(order->client_id, 0, sizeof order->client_id);
    if (client_id->text[0] != '\0') {
        memcpy(order->client_id, client_id->text, str_from(client_id->text).length);
    } else {
        client_id_own(order->client_id, "va-", venue->events);
    }
    order_index_put(venue, index, client_id_hash(order->client_id, order->account, order->instrument));
}

spot_reply_t spot_amend(venue_t *venue, const venue_sink_t *sink, const spot_amend_t *amend, spot_order_t *after)
{
    spot_reject_t why;
    int64_t quantity8 = 0;
    command_begins(venue);
    uint32_t index = spot_find(venue, &amend->ref, &why);
    if (index == VENUE_NIL || !order_of(venue, index)->open) {
        return refused(index == VENUE_NIL ? why : SPOT_REJECT_NO_SUCH_ORDER);
    }
    order_rec_t *order = order_of(venue, index);
    spot_reject_t reject = check_amend(venue, index, amend, &quantity8);
    const char *wanted = amend->ref.request_id.text;
    uint32_t same = wanted[0] != '\0' ? order_find_open(venue, order->account, order->instrument, wanted) : VENUE_NIL;
    if (reject == SPOT_REJECT_NONE && same != VENUE_NIL && same != index && order_of(venue, same)->open) {
        reject = SPOT_REJECT_DUPLICATE;
    }
    if (reject != SPOT_REJECT_NONE) {
        return refused(reject);
    }
    char original[CLIENT_ID_MAX];
    memcpy(original, order->client_id, sizeof original);
    int64_t before8 = order->quantity8, less8 = before8 - quantity8;
    order->quantity8 = quantity8;
    links_of(venue, index)->amendments++;
    order->update_ns = venue->event_ns;
    order_shrink(venue, index, less8);
    spot_unlock(venue, index, spot_of(venue, index)->reserve8 - min8(spot_of(venue, index)->reserve8, spot_need8(venue, index)));
    rename_order(venue, index, &amend->ref.request_id);
    if (venue->bounds.change_history > 0) {
        change_note_spot_amendment(venue, order, original, before8);
    }
    spot_note_t note = {.original_id = original};
    spot_emit_order(venue, sink, index, SPOT_EXEC_REPLACED, &note);
    if (after != NULL) {
        spot_view(venue, index, after);
    }
    market_settle(venue, sink, order->instrument);
    return (spot_reply_t){.id = order->id};
}

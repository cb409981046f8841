/* venue_deliver.c: the end of a symbol: from when only closing orders are taken, and its settlement.
 *
 * Settlement: open orders and conditional orders expire (reason 7), every position is closed at the settlement price without a fee
 * (execution CALCULATED, client id "settlement_autoclose-..."), the street's too, and the symbol is closed.
 */
#include "core/venue/venue_parts.h"

result_t venue_instrument_only_reduce(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, bool only_reduce)
{
    if (id >= venue->instrument_count) {
        return RESULT_NOT_FOUND;
    }
    if (instrument_of(venue, id)->only_reduce != only_reduce) {
        venue->event_ns = max8(venue->event_ns, venue->now_ns);
        instrument_of(venue, id)->only_reduce = only_reduce;
        emit_rules(venue, sink, id, false);
    }
    return RESULT_OK;
}

bool venue_instrument_is_only_reduce(const venue_t *venue, instrument_id_t id)
{
    return id < venue->instrument_count && instrument_of(venue, id)->only_reduce != 0;
}

static void expire_all(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index)
{
    slot_t *slot = slot_of(venue, slot_index);
    while (slot->order_head != VENUE_NIL) {
        uint32_t index = slot->order_head;
        order_unrest(venue, index);
        order_finish(venue, sink, index, VENUE_STATUS_EXPIRED, VENUE_EXPIRY_DELISTED, VENUE_EXEC_EXPIRED);
    }
    while (slot->algo_head != VENUE_NIL) {
        uint32_t index = slot->algo_head;
        algo_disarm(venue, index);
        algo_finish(venue, sink, index, VENUE_ALGO_EXPIRED);
    }
}

static void settle_leg(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, uint32_t side, int64_t price8)
{
    int64_t quantity8 = abs8(slot_of(venue, slot_index)->legs[side].amount8);
    if (quantity8 == 0) {
        return;
    }
    uint32_t index = order_new(venue, slot_of(venue, slot_index)->account, slot_index, ORDER_CLAIM_LIQUIDATION);
    order_describe_closing(venue, index, side, price8, quantity8, "settlement_autoclose-");
    emit_order(venue, sink, order_of(venue, index), VENUE_EXEC_NEW);
    fill_t fill = {.price8 = price8, .quantity8 = quantity8, .execution = VENUE_EXEC_CALCULATED};
    fill.trade_id = ++instrument_of(venue, order_of(venue, index)->instrument)->trade_id;
    (void)fill_apply(venue, sink, index, &fill);
    order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_DELISTED, VENUE_EXEC_TRADE);
}

result_t venue_instrument_deliver(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, dec_t price)
{
    int64_t price8 = 0;
    if (id >= venue->instrument_count || !to8(price, &price8) || price8 < 0) {
        return RESULT_BAD_ARGUMENT;
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    price8 = price8 > 0 ? price8 : instrument->index8;
    if (instrument->rules.status == INSTRUMENT_CLOSED || price8 == 0) {
        return RESULT_BAD_STATE;
    }
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    for (uint32_t at = instrument->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->instrument_next) {
        expire_all(venue, sink, at);
    }
    for (uint32_t at = instrument->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->instrument_next) {
        for (uint32_t side = 0; side < 3; side++) {
            settle_leg(venue, sink, at, side, price8);
        }
    }
    figures_table(venue)[id].delivered8 = price8;
    figures_table(venue)[id].delivered_ns = venue->event_ns;
    instrument->street_cost16 -= (cost16_t)price8 * instrument->street_amount8;
    instrument->street_amount8 = 0;
    result_t result = venue_instrument_status(venue, sink, id, INSTRUMENT_CLOSED);
    market_settle(venue, sink, id);
    return result;
}

bool venue_delivery(const venue_t *venue, instrument_id_t id, dec_t *price, int64_t *time_ns)
{
    if (id >= venue->instrument_count || figures_table(venue)[id].delivered_ns == 0) {
        return false;
    }
    *price = dec_of8(figures_table(venue)[id].delivered8);
    *time_ns = figures_table(venue)[id].delivered_ns;
    return true;
}

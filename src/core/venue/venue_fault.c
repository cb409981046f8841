/* venue_fault.c: see venue_fault.h. */
#include "core/venue/venue_fault.h"

#include "core/base/fmath.h"
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

static void act_begins(venue_t *venue)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
}

/* --- prices ----------------------------------------------------------------------------------- */

/* A market comes to a price through every better one: who rests before it is filled at his own price, the nearest first. */
static void fill_before(venue_t *venue, const venue_sink_t *sink, const instrument_rec_t *instrument, int64_t price8)
{
    const venue_side_t side = price8 < instrument->price8 ? VENUE_BUY : VENUE_SELL;
    for (;;) {
        uint32_t level = VENUE_NIL;
        const int64_t at8 = street_users_best8(venue, instrument, side, &level);
        if (at8 == 0 || (side == VENUE_BUY ? at8 <= price8 : at8 >= price8)) {
            break;
        }
        match_from_street(venue, sink, level_of(venue, level)->head, INT64_MAX);
    }
    spot_settle_if_due(venue, sink);
}

result_t venue_price_jump(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, dec_t price)
{
    int64_t price8 = 0;
    if (id >= venue->instrument_count || !to8(price, &price8) || price8 <= 0 || instrument_of(venue, id)->price8 == 0) {
        return RESULT_BAD_ARGUMENT;
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    price8 = max8(price8 / instrument->tick8, 1) * instrument->tick8;
    act_begins(venue);
    if (instrument->rules.status == INSTRUMENT_TRADING) {
        fill_before(venue, sink, instrument, price8);
    }
    (void)match_public_trade(venue, sink, id, price8, instrument->step8, price8 < instrument->price8);
    market_jump(venue, sink, id, price8, price8, price8);
    market_publish(venue, sink, id);
    return RESULT_OK;
}

result_t venue_price_scale(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, dec_t factor)
{
    if (id >= venue->instrument_count || instrument_of(venue, id)->market != VENUE_MARKET_SYNTHETIC) {
        return RESULT_UNSUPPORTED;
    }
    synthetic_rec_t *market = &instrument_of(venue, id)->synthetic;
    double moved = market->log_price + (dec_sign(factor) > 0 ? fmath_log(dec_to_double(factor)) : 0);
    if (dec_sign(factor) <= 0 || moved > 20 || moved < -16) {
        return RESULT_BAD_ARGUMENT;
    }
    result_t result = venue_price_jump(venue, sink, id, dec_of8((int64_t)(fmath_exp(moved) * 1e8)));
    if (result == RESULT_OK) {
        market->log_price = moved;
    }
    return result;
}

/* --- orders ----------------------------------------------------------------------------------- */

static int64_t share_of8(int64_t whole8, dec_t share, int64_t step8)
{
    int64_t rate8 = 0;
    if (!to8(share, &rate8) || rate8 <= 0 || rate8 >= VENUE_E8) {
        return whole8;
    }
    int64_t part8 = (int64_t)((int128_t)whole8 * rate8 / VENUE_E8) / step8 * step8;
    return max8(part8, min8(step8, whole8));
}

result_t venue_fill_now(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref, dec_t share)
{
    uint32_t index = ref->id != 0 ? order_find_id(venue, ref->account, ref->id)
                                  : order_find_client(venue, ref->account, ref->instrument, ref->client_id.text);
    if (index == VENUE_NIL || !order_of(venue, index)->open || order_of(venue, index)->account != ref->account ||
        order_of(venue, index)->level == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    const order_rec_t *order = order_of(venue, index);
    uint32_t id = order->instrument;
    act_begins(venue);
    int64_t left8 = share_of8(order_open8(order), share, instrument_of(venue, id)->step8);
    do { /* an iceberg in its parts */
        int64_t part8 = min8(left8, order_shown8(venue, index));
        match_from_street(venue, sink, index, part8);
        left8 -= part8;
    } while (left8 > 0 && order->iceberg && order->open);
    market_settle(venue, sink, id);
    return RESULT_OK;
}

result_t venue_algo_now(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref)
{
    uint32_t index = ref->id != 0 ? algo_find_id(venue, ref->id) : algo_find_client(venue, ref->account, ref->client_id.text);
    if (index == VENUE_NIL || !algo_of(venue, index)->open || algo_of(venue, index)->account != ref->account) {
        return RESULT_NOT_FOUND;
    }
    uint32_t id = algo_of(venue, index)->instrument;
    act_begins(venue);
    algo_fire(venue, sink, index);
    market_settle(venue, sink, id);
    return RESULT_OK;
}

/* False: this fate cannot befall it. */
static bool stop_strike(venue_t *venue, const venue_sink_t *sink, uint32_t index, venue_stop_fate_t fate)
{
    algo_rec_t *algo = algo_of(venue, index);
    bool stuck = algo->status == VENUE_ALGO_TRIGGERING;
    switch (fate) {
    case VENUE_STOP_STUCKS:
        if (stuck || algo->type == VENUE_TRAILING_STOP_MARKET) {
            return false;
        }
        algo_hold(venue, index);
        algo->status = VENUE_ALGO_TRIGGERING;
        algo->trigger_ns = algo->update_ns = venue->event_ns;
        emit_algo(venue, sink, algo);
        return true;
    case VENUE_STOP_FREED:
        if (!stuck) {
            return false;
        }
        algo->status = VENUE_ALGO_NEW;
        algo->trigger_ns = 0;
        algo->update_ns = venue->event_ns;
        algo_arm(venue, index);
        emit_algo(venue, sink, algo);
        return true;
    case VENUE_STOP_REJECTED:
        algo_disarm(venue, index);
        algo->trigger_ns = venue->event_ns;
        algo->reason = VENUE_REJECT_MARGIN;
        algo_finish(venue, sink, index, VENUE_ALGO_REJECTED);
        return true;
    case VENUE_STOP_VANISHES:
        algo_disarm(venue, index);
        algo_finish(venue, sink, index, VENUE_ALGO_EXPIRED);
        return true;
    }
    return false;
}

uint32_t venue_stops_strike(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t id,
                            venue_stop_fate_t fate)
{
    static const venue_sink_t nobody = {0};
    uint32_t slot = account < venue->account_count && id < venue->instrument_count ? slot_find(venue, account, id) : VENUE_NIL;
    uint32_t struck = 0;
    act_begins(venue);
    for (uint32_t at = slot == VENUE_NIL ? VENUE_NIL : slot_of(venue, slot)->algo_head, next; at != VENUE_NIL; at = next) {
        next = algo_of(venue, at)->slot_next;
        struck += stop_strike(venue, sink != NULL ? sink : &nobody, at, fate);
    }
    if (struck > 0) {
        market_settle(venue, sink != NULL ? sink : &nobody, id);
    }
    return struck;
}

/* --- positions -------------------------------------------------------------------------------- */

result_t venue_liquidate(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t id)
{
    uint32_t slot = account < venue->account_count && id < venue->instrument_count ? slot_find(venue, account, id) : VENUE_NIL;
    bool holds = false, due = false;
    for (uint32_t side = 0; slot != VENUE_NIL && side < 3; side++) {
        const leg_rec_t *leg = &slot_of(venue, slot)->legs[side];
        instrument_rec_t *instrument = instrument_of(venue, id);
        if (leg->amount8 == 0) {
            continue;
        }
        holds = true;
        int64_t at8 = margin_liquidation8(venue, slot_of(venue, slot), side), mark8 = instrument->mark8;
        if (at8 <= 0 || mark8 <= 0) {
            continue;
        }
        due = true;
        act_begins(venue);
        market_price_set(venue, id, instrument->price8, instrument->index8,
                         leg->amount8 > 0 ? max8(at8 - instrument->tick8, 1) : at8 + instrument->tick8);
        liquidation_run(venue, sink, id);
        market_price_set(venue, id, instrument->price8, instrument->index8, mark8);
        market_settle(venue, sink, id);
    }
    return due ? RESULT_OK : holds ? RESULT_BAD_STATE : RESULT_NOT_FOUND;
}

static void leg_deleverage(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, uint32_t side, dec_t share)
{
    slot_t *slot = slot_of(venue, slot_index);
    instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    int64_t amount8 = slot->legs[side].amount8;
    uint32_t index = order_new(venue, slot_of(venue, slot_index)->account, slot_index, ORDER_CLAIM_LIQUIDATION);
    order_rec_t *order = order_of(venue, index);
    order->side = amount8 > 0 ? VENUE_SELL : VENUE_BUY;
    order->position_side = (uint8_t)side;
    order->type = order->orig_type = VENUE_LIQUIDATION;
    order->tif = VENUE_IOC;
    order->price8 = instrument->mark8;
    order->quantity8 = share_of8(abs8(amount8), share, instrument->step8);
    order_set_closing(venue, order);
    memcpy(order->client_id, "adl_autoclose", sizeof "adl_autoclose");
    order_index_put(venue, index, client_id_hash(order->client_id, order->account, order->instrument));
    emit_order(venue, sink, order, VENUE_EXEC_NEW);
    fill_t fill = {.price8 = instrument->mark8,
                   .quantity8 = order->quantity8,
                   .trade_id = ++instrument->trade_id,
                   .execution = VENUE_EXEC_CALCULATED};
    street_trade(venue, slot->instrument, amount8 > 0 ? VENUE_BUY : VENUE_SELL, fill.price8, fill.quantity8);
    bool lost_side = fill_apply(venue, sink, index, &fill);
    order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_LIQUIDATION, VENUE_EXEC_TRADE);
    if (lost_side) {
        fill_sweep_closing(venue, sink, slot_index, side);
    }
}

result_t venue_deleverage(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t id, dec_t share)
{
    uint32_t slot = account < venue->account_count && id < venue->instrument_count ? slot_find(venue, account, id) : VENUE_NIL;
    bool holds = false;
    for (uint32_t side = 0; slot != VENUE_NIL && side < 3; side++) {
        if (slot_of(venue, slot)->legs[side].amount8 != 0 && instrument_of(venue, id)->mark8 > 0) {
            act_begins(venue);
            leg_deleverage(venue, sink, slot, side, share);
            holds = true;
        }
    }
    if (holds) {
        market_settle(venue, sink, id);
    }
    return holds ? RESULT_OK : RESULT_NOT_FOUND;
}

/* --- names ------------------------------------------------------------------------------------ */

result_t venue_instrument_rename(venue_t *venue, instrument_id_t id, str_t symbol)
{
    char text[SYMBOL_TEXT_MAX] = "";
    result_t result = id < venue->instrument_count ? str_copy(symbol, text, sizeof text) : RESULT_NOT_FOUND;
    if (result != RESULT_OK || symbol.length == 0) {
        return result != RESULT_OK ? result : RESULT_TEXT_EMPTY;
    }
    for (uint32_t i = 0; i < venue->instrument_count; i++) {
        if (str_eq_nocase(str_from(instrument_of(venue, i)->rules.symbol), symbol)) {
            return RESULT_DUPLICATE;
        }
    }
    memcpy(instrument_of(venue, id)->rules.symbol, text, sizeof text);
    return RESULT_OK;
}

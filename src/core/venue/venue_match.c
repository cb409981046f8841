/* venue_match.c: price first, then time. A taker meets the best opposite level; at one price account orders come before the made
 * street, and in a stream market behind the recorded quantity that was there before them. */
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

uint64_t match_public_trade(venue_t *venue, const venue_sink_t *sink, uint32_t id, int64_t price8, int64_t quantity8,
                            bool buyer_is_maker)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    uint64_t trade_id = ++instrument->trade_id;
    uint32_t capacity = venue->bounds.trade_history;
    trade_row_t *row = &trades_table(venue)[(size_t)id * capacity + instrument->trade_count % capacity];
    instrument->trade_count++;
    row->id = trade_id;
    row->price8 = price8;
    row->quantity8 = quantity8;
    row->buyer_is_maker = buyer_is_maker;
    row->time_ns = venue->event_ns;
    instrument->trade_last8 = price8;
    if (is_spot(instrument)) {
        spot_note_trade(venue, instrument, price8, quantity8);
    }
    emit_trade(venue, sink, id, price8, quantity8, buyer_is_maker, trade_id);
    if (instrument->market != VENUE_MARKET_CANDLES) {
        kline_trade(venue, sink, id, price8, quantity8, buyer_is_maker, trade_id);
    }
    return trade_id;
}

static int64_t fee_rate8(const venue_t *venue, const order_rec_t *order, bool maker)
{
    const account_rec_t *account = account_of(venue, order->account);
    if (order->type == VENUE_LIQUIDATION) {
        return instrument_of(venue, order->instrument)->liquidation_fee8;
    }
    return maker ? account->maker8 : account->taker8;
}

static bool fill_one(venue_t *venue, const venue_sink_t *sink, uint32_t index, int64_t price8, int64_t quantity8, uint64_t trade_id,
                     bool maker)
{
    tiers_keep(venue);
    const order_rec_t *order = order_of(venue, index);
    fill_t fill = {
        .price8 = price8,
        .quantity8 = quantity8,
        .trade_id = trade_id,
        .maker = maker,
        .fee_rate8 = fee_rate8(venue, order, maker),
        .to_insurance = order->type == VENUE_LIQUIDATION,
        .execution = VENUE_EXEC_TRADE,
    };
    return fill_apply(venue, sink, index, &fill);
}

/* A resting order that has just been filled in part or whole. */
static void maker_after(venue_t *venue, const venue_sink_t *sink, uint32_t index, bool lost_side)
{
    const order_rec_t *order = order_of(venue, index);
    uint32_t slot = order->slot, leg = leg_of(order);
    if (order_open8(order) == 0) {
        order_unrest(venue, index);
        order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_NONE, VENUE_EXEC_TRADE);
    } else if (order->iceberg) {
        order_renew(venue, index);
    }
    if (lost_side) {
        fill_sweep_closing(venue, sink, slot, leg);
    }
}

static void expire_resting(venue_t *venue, const venue_sink_t *sink, uint32_t index, venue_status_t status, venue_expiry_t expiry)
{
    order_unrest(venue, index);
    order_finish(venue, sink, index, status, expiry, VENUE_EXEC_EXPIRED);
}

void match_from_street(venue_t *venue, const venue_sink_t *sink, uint32_t index, int64_t quantity8)
{
    order_rec_t *order = order_of(venue, index);
    quantity8 = min8(quantity8, order_shown8(venue, index));
    quantity8 = order->closing ? min8(quantity8, fill_closable8(venue, order)) : quantity8;
    if (quantity8 == 0) {
        expire_resting(venue, sink, index, VENUE_STATUS_EXPIRED, VENUE_EXPIRY_REDUCE_ONLY);
        return;
    }
    bool buys = order->side == VENUE_BUY;
    uint64_t trade_id = match_public_trade(venue, sink, order->instrument, order->price8, quantity8, buys);
    street_trade(venue, order->instrument, buys ? VENUE_SELL : VENUE_BUY, order->price8, quantity8);
    bool lost_side = fill_one(venue, sink, index, order->price8, quantity8, trade_id, true);
    maker_after(venue, sink, index, lost_side);
}

/* --- taking ----------------------------------------------------------------------------------- */

bool match_crosses(venue_side_t side, int64_t price8, int64_t limit8)
{
    return limit8 == 0 || (side == VENUE_BUY ? price8 <= limit8 : price8 >= limit8);
}

int64_t match_slipped8(const instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t limit8)
{
    if (instrument->street.slippage8 == 0) {
        return price8;
    }
    int64_t slip8 = rate_of16((cost16_t)price8 * VENUE_E8, instrument->street.slippage8);
    slip8 = (slip8 + instrument->tick8 - 1) / instrument->tick8 * instrument->tick8;
    int64_t worse8 = side == VENUE_BUY ? price8 + slip8 : max8(price8 - slip8, instrument->tick8);
    if (limit8 == 0) {
        return worse8;
    }
    return side == VENUE_BUY ? min8(worse8, limit8) : max8(worse8, limit8);
}

static void take_street(venue_t *venue, const venue_sink_t *sink, uint32_t taker, uint32_t level_index, int64_t wanted8,
                        int64_t limit8)
{
    const order_rec_t *order = order_of(venue, taker);
    instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    level_node_t *level = level_of(venue, level_index);
    venue_side_t side = (venue_side_t)order->side, street_side = other_side(side);
    uint32_t instrument_id = order->instrument, slot = order->slot, leg = leg_of(order);
    int64_t level_price8 = street_side == VENUE_BUY ? -level->key : level->key;
    int64_t quantity8 = min8(wanted8, level->street8);
    for (uint32_t at = level->head; at != VENUE_NIL; at = links_of(venue, at)->queue_next) {
        order_rec_t *behind = order_of(venue, at);
        order_ahead_set(venue, behind, max8(0, order_rare(venue, behind)->ahead8 - quantity8));
    }
    instrument->street_taken8[street_side] += quantity8;
    street_show(venue, instrument, street_side, level_index, level->street8 - quantity8);
    int64_t price8 = match_slipped8(instrument, side, level_price8, limit8);
    uint64_t trade_id = match_public_trade(venue, sink, instrument_id, price8, quantity8, side == VENUE_SELL);
    street_trade(venue, instrument_id, street_side, price8, quantity8);
    if (fill_one(venue, sink, taker, price8, quantity8, trade_id, false)) {
        fill_sweep_closing(venue, sink, slot, leg);
    }
}

/* Same account on both sides, and the taker minds: true when the taker has to stop. */
static bool prevent_self_trade(venue_t *venue, const venue_sink_t *sink, venue_stp_t mode, uint32_t maker)
{
    if (mode == VENUE_STP_EXPIRE_MAKER || mode == VENUE_STP_EXPIRE_BOTH) {
        expire_resting(venue, sink, maker, VENUE_STATUS_EXPIRED_IN_MATCH, VENUE_EXPIRY_STP);
    }
    return mode != VENUE_STP_EXPIRE_MAKER;
}

static void take_order(venue_t *venue, const venue_sink_t *sink, uint32_t taker, uint32_t maker, int64_t wanted8)
{
    const order_rec_t *resting = order_of(venue, maker);
    int64_t quantity8 = min8(wanted8, order_shown8(venue, maker));
    if (resting->closing) {
        quantity8 = min8(quantity8, fill_closable8(venue, resting));
        if (quantity8 == 0) {
            expire_resting(venue, sink, maker, VENUE_STATUS_EXPIRED, VENUE_EXPIRY_REDUCE_ONLY);
            return;
        }
    }
    const order_rec_t *order = order_of(venue, taker);
    uint32_t slot = order->slot, leg = leg_of(order);
    int64_t price8 = resting->price8;
    uint64_t trade_id = match_public_trade(venue, sink, order->instrument, price8, quantity8, order->side == VENUE_SELL);
    bool maker_lost = fill_one(venue, sink, maker, price8, quantity8, trade_id, true);
    bool taker_lost = fill_one(venue, sink, taker, price8, quantity8, trade_id, false);
    maker_after(venue, sink, maker, maker_lost);
    if (taker_lost) {
        fill_sweep_closing(venue, sink, slot, leg);
    }
}

match_end_t match_take(venue_t *venue, const venue_sink_t *sink, uint32_t taker, int64_t limit8)
{
    order_rec_t *order = order_of(venue, taker);
    venue_side_t side = (venue_side_t)order->side;
    instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    street_refresh(venue, order->instrument);
    while (order_open8(order) > 0) {
        uint32_t level_index = instrument->books[other_side(side)].head[0].to;
        if (level_index == VENUE_NIL) {
            return MATCH_EMPTY;
        }
        const level_node_t *level = level_of(venue, level_index);
        int64_t price8 = side == VENUE_BUY ? level->key : -level->key;
        if (!match_crosses(side, price8, limit8)) {
            return MATCH_REST;
        }
        int64_t wanted8 = order_open8(order);
        wanted8 = order->closing ? min8(wanted8, fill_closable8(venue, order)) : wanted8;
        if (wanted8 == 0) {
            return MATCH_CLOSED;
        }
        uint32_t maker = level->head;
        if (maker != VENUE_NIL) {
            touch_maker(venue, maker);
        }
        int64_t ahead8 =
            maker == VENUE_NIL ? level->street8 : min8(order_rare(venue, order_of(venue, maker))->ahead8, level->street8);
        if (ahead8 > 0) {
            take_street(venue, sink, taker, level_index, min8(wanted8, ahead8), limit8);
        } else if (is_spot(instrument) && spot_prevents(venue, taker, maker)) {
            if (spot_prevent(venue, sink, taker, maker)) {
                return MATCH_STP_TAKER;
            }
        } else if (order->stp != VENUE_STP_NONE && order->tif != VENUE_FOK && order_of(venue, maker)->account == order->account) {
            if (prevent_self_trade(venue, sink, (venue_stp_t)order->stp, maker)) {
                return MATCH_STP_TAKER;
            }
        } else {
            take_order(venue, sink, taker, maker, wanted8);
        }
    }
    return MATCH_DONE;
}

/* What a fill-or-kill order could get: reduce-only orders count only as far as their position reaches, each position once. */
int64_t match_fillable8(venue_t *venue, const order_rec_t *order, int64_t limit8)
{
    venue_side_t side = (venue_side_t)order->side;
    street_refresh(venue, order->instrument);
    uint64_t round = ++venue->fok_rounds;
    int64_t sum8 = 0, wanted8 = order_open8(order);
    if (order->closing) {
        wanted8 = min8(wanted8, fill_closable8(venue, order));
    }
    uint32_t level_index = instrument_of(venue, order->instrument)->books[other_side(side)].head[0].to;
    for (; level_index != VENUE_NIL && sum8 < wanted8; level_index = level_of(venue, level_index)->next.to) {
        const level_node_t *level = level_of(venue, level_index);
        if (!match_crosses(side, side == VENUE_BUY ? level->key : -level->key, limit8)) {
            break;
        }
        sum8 += level->street8;
        for (uint32_t at = level->head; at != VENUE_NIL && sum8 < wanted8; at = links_of(venue, at)->queue_next) {
            const order_rec_t *resting = order_of(venue, at);
            int64_t open8 = order_open8(resting);
            if (resting->closing) {
                slot_t *slot = slot_of(venue, resting->slot);
                slot->fok_used8 = slot->fok_round == round ? slot->fok_used8 : 0;
                slot->fok_round = round;
                open8 = min8(open8, max8(0, fill_closable8(venue, resting) - slot->fok_used8));
                slot->fok_used8 += open8;
            }
            sum8 += open8;
        }
    }
    return min8(sum8, wanted8);
}

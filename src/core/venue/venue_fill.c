/* venue_fill.c: a trade booked on one account: position, realised profit, isolated margin, fee, history, events.
 *
 * A position is (amount, cost), both exact. What is closed takes its share of the cost with it (cut at 10^-16, so the rest keeps
 * its average); profit = proceeds - that share, cut to 10^-8 toward zero, and the cut-off part goes to the asset's dust. So the sum
 * of wallets, costs, fees and dust never changes. A trade through zero closes first and then opens.
 */
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

typedef struct {
    uint32_t account, leg;                       /* the slot's account, which has it on a line that nothing else here needs */
    int64_t opened8, closed8, realised8, moved8; /* moved8: from the cross wallet to the isolated one */
} booking_t;

/* cost16 * part / whole without leaving 128 bits. */
static cost16_t share16(cost16_t cost16, int64_t part8, int64_t whole8)
{
    if (part8 == whole8) {
        return cost16;
    }
    cost16_t limit = (cost16_t)1 << 86;
    if (part8 < (INT64_C(1) << 40) && cost16 < limit && cost16 > -limit) {
        return cost16 * part8 / whole8;
    }
    dec_t share;
    result_t result = dec_mul_div((dec_t){cost16}, (dec_t){part8}, (dec_t){whole8}, DEC_ROUND_DOWN, &share);
    ASSERT(result == RESULT_OK);
    return share.units;
}

/* From the cross wallet to the isolated one. */
static void wallet_move(balance_rec_t *balance, int64_t *wallet8, booking_t *booking, int64_t amount8)
{
    *wallet8 += amount8;
    balance->isolated8 += amount8;
    balance->cross8 -= amount8;
    booking->moved8 += amount8;
}

static void book_closing(venue_t *venue, slot_t *slot, leg_rec_t *leg, int64_t price8, int64_t signed8, booking_t *booking)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    balance_rec_t *balance = balance_of(venue, booking->account, instrument->asset);
    asset_rec_t *asset = asset_of(venue, instrument->asset);
    int64_t before8 = abs8(leg->amount8);
    int64_t closed8 = abs8(signed8);
    cost16_t out16 = share16(leg->cost16, closed8, before8);
    cost16_t profit16 = -cost_of(price8, signed8) - out16;
    int64_t profit8 = cut8(profit16);
    asset->dust16 += profit16 - (cost16_t)profit8 * VENUE_E8;
    leg->cost16 -= out16;
    leg->amount8 += signed8;
    leg->realised8 += profit8;
    leg->fees8 -= (int64_t)share16(leg->fees8, closed8, before8);
    balance->cross8 += profit8;
    booking->closed8 = closed8;
    booking->realised8 = profit8;
    if (slot->margin == VENUE_MARGIN_ISOLATED) {
        int64_t *wallet8 = &slot->wallets8[booking->leg];
        wallet_move(balance, wallet8, booking, -(int64_t)share16(*wallet8, closed8, before8));
    }
}

static void book_opening(venue_t *venue, slot_t *slot, leg_rec_t *leg, int64_t price8, int64_t signed8, booking_t *booking)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    leg->cost16 += cost_of(price8, signed8);
    leg->amount8 += signed8;
    booking->opened8 = abs8(signed8);
    if (slot->margin == VENUE_MARGIN_ISOLATED) {
        balance_rec_t *balance = balance_of(venue, booking->account, instrument->asset);
        int64_t margin8 = cut8(cost_of(price8, abs8(signed8)) / slot->leverage);
        wallet_move(balance, &slot->wallets8[booking->leg], booking, margin8);
    }
}

/* What was paid, and in what. */
typedef struct {
    int64_t paid8;
    uint32_t asset;
} paid_fee_t;

static paid_fee_t book_fee(venue_t *venue, const slot_t *slot, leg_rec_t *leg, const fill_t *fill, const booking_t *booking)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    balance_rec_t *balance = balance_of(venue, booking->account, instrument->asset);
    asset_rec_t *asset = asset_of(venue, instrument->asset);
    int64_t fee8 = rate_of16(cost_of(fill->price8, fill->quantity8), fill->fee_rate8);
    if (fill->to_insurance) {
        /* The clearance fee never takes more than is left of what secured the position. */
        bool isolated = slot->margin == VENUE_MARGIN_ISOLATED;
        int64_t left8 =
            isolated ? booking->realised8 - booking->moved8 : margin_balance8(venue, booking->account, instrument->asset);
        fee8 = max8(0, min8(fee8, left8));
        asset->insurance8 += fee8;
    } else {
        int64_t other8 = standing_fee_asset8(venue, booking->account, instrument->asset, fee8);
        if (other8 > 0) {
            balance_of(venue, booking->account, venue->fee_asset)->cross8 -= other8;
            asset_of(venue, venue->fee_asset)->fees8 += other8;
            int64_t worth8 = (int64_t)((int128_t)fee8 * venue->fee_keep8 / VENUE_E8);
            leg->fees8 += (int64_t)share16(worth8, booking->opened8, fill->quantity8);
            return (paid_fee_t){other8, venue->fee_asset};
        }
        asset->fees8 += fee8;
    }
    balance->cross8 -= fee8;
    leg->fees8 += (int64_t)share16(fee8, booking->opened8, fill->quantity8);
    return (paid_fee_t){fee8, instrument->asset};
}

void fill_history_add(venue_t *venue, const order_rec_t *order, const fill_t *fill, uint32_t fee_asset, int64_t fee8,
                      int64_t realised8)
{
    account_rec_t *account = account_of(venue, order->account);
    uint32_t capacity = venue->bounds.fill_history;
    fill_row_t *row = &fills_table(venue)[(size_t)order->account * capacity + account->fill_count % capacity];
    account->fill_count++;
    row->id = fill->trade_id;
    row->order_id = order->id;
    row->instrument = order->instrument;
    row->side = order->side;
    row->position_side = order->position_side;
    row->price8 = fill->price8;
    row->quantity8 = fill->quantity8;
    row->commission8 = fee8;
    row->realised8 = realised8;
    row->commission_asset = (uint8_t)fee_asset;
    row->maker = fill->maker;
    row->time_ns = venue->event_ns;
}

static int sign_of(int64_t amount8)
{
    return (amount8 > 0) - (amount8 < 0);
}

bool fill_apply(venue_t *venue, const venue_sink_t *sink, uint32_t order_index, const fill_t *fill)
{
    order_rec_t *order = order_of(venue, order_index);
    if (is_spot(instrument_of(venue, order->instrument))) {
        spot_fill(venue, sink, order_index, fill);
        return false;
    }
    interest_keep(venue);
    slot_t *slot = slot_of(venue, order->slot);
    leg_rec_t *leg = &slot->legs[leg_of(order)];
    int64_t sign = order->side == VENUE_BUY ? 1 : -1;
    int before = sign_of(leg->amount8);
    booking_t booking = {.account = order->account, .leg = leg_of(order)};
    int64_t closing8 = before * sign < 0 ? min8(abs8(leg->amount8), fill->quantity8) : 0;
    if (closing8 > 0) {
        book_closing(venue, slot, leg, fill->price8, sign * closing8, &booking);
    }
    if (closing8 < fill->quantity8) {
        book_opening(venue, slot, leg, fill->price8, sign * (fill->quantity8 - closing8), &booking);
    }
    margin_refresh_position(venue, order);
    paid_fee_t fee = book_fee(venue, slot, leg, fill, &booking);
    leg->update_ns = venue->event_ns;
    order->filled8 += fill->quantity8;
    order->quote16 += cost_of(fill->price8, fill->quantity8);
    order->status = order_open8(order) == 0 ? VENUE_STATUS_FILLED : VENUE_STATUS_PARTIALLY_FILLED;
    order->update_ns = venue->event_ns;
    ASSERT(order_open8(order) >= 0);
    if (order->level != VENUE_NIL) {
        order_reduce_open(venue, order_index, fill->quantity8);
    }
    margin_refresh_orders(venue, order);

    uint32_t asset = instrument_of(venue, order->instrument)->asset;
    if (account_of(venue, order->account)->tier_earned) {
        tier_note(venue, order->account, asset, cost_of(fill->price8, fill->quantity8));
    }
    fill_history_add(venue, order, fill, fee.asset, fee.paid8, booking.realised8);
    if (booking.realised8 != 0) {
        income_add(venue, order->account, VENUE_INCOME_REALIZED_PNL, order->instrument, asset, booking.realised8, fill->trade_id);
    }
    if (fee.paid8 != 0) {
        income_add(venue, order->account, fill->to_insurance ? VENUE_INCOME_INSURANCE_CLEAR : VENUE_INCOME_COMMISSION,
                   order->instrument, fee.asset, -fee.paid8, fill->trade_id);
    }
    fill_note_t note = {fill->price8, fill->quantity8, fee.paid8, booking.realised8, fill->trade_id, fee.asset, fill->maker};
    emit_fill(venue, sink, order, fill->execution, &note);
    emit_account_paid(venue, sink, order->account, asset, fee.asset, order->slot, 1u << leg_of(order), VENUE_REASON_ORDER);
    if (account_of(venue, order->account)->multi_assets && !account_of(venue, order->account)->liquidating) {
        collateral_keep(venue, sink, order->account);
    }
    return before != 0 && sign_of(leg->amount8) != before;
}

int64_t fill_closable8(const venue_t *venue, const order_rec_t *order)
{
    int64_t amount8 = slot_of(venue, order->slot)->legs[leg_of(order)].amount8;
    return order->side == VENUE_BUY ? max8(0, -amount8) : max8(0, amount8);
}

void fill_sweep_closing(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, uint32_t leg)
{
    slot_t *slot = slot_of(venue, slot_index);
    for (uint32_t at = slot->closing_count > 0 ? slot->order_head : VENUE_NIL, next; at != VENUE_NIL; at = next) {
        order_rec_t *order = order_of(venue, at);
        next = links_of(venue, at)->slot_next;
        if (order->closing && leg_of(order) == leg && order->level != VENUE_NIL && fill_closable8(venue, order) == 0) {
            order_unrest(venue, at);
            order_finish(venue, sink, at, VENUE_STATUS_EXPIRED, VENUE_EXPIRY_REDUCE_ONLY, VENUE_EXEC_EXPIRED);
        }
    }
    for (uint32_t at = slot->algo_head, next; at != VENUE_NIL; at = next) {
        algo_rec_t *algo = algo_of(venue, at);
        next = algo->slot_next;
        if (algo->close_position && algo->position_side == leg) {
            algo_disarm(venue, at);
            algo_finish(venue, sink, at, VENUE_ALGO_EXPIRED);
        }
    }
}

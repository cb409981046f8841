/* venue_adl.c: auto-deleveraging: who gives up his position when the insurance fund cannot bear a bankrupt one.
 *
 * Rank of a position: profit / cost, times effective leverage when it is positive, divided by it when it is negative (the
 * exchange's published ranking); effective leverage = notional / what secures it (cross: the wallet and profit of the asset;
 * isolated: the leg's own). The highest rank on the other side goes first, ties by account; the owner's open orders in the symbol
 * are cancelled and his position is closed at the bankruptcy price, without a fee.
 */
#include "core/venue/venue_parts.h"

static int64_t rank8(const venue_t *venue, const slot_t *slot, uint32_t side)
{
    enum { LEVERAGE8_MIN = 1000 }; /* 0.00001: nothing is divided by 0 */
    const leg_rec_t *leg = &slot->legs[side];
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    bool isolated = slot->margin == VENUE_MARGIN_ISOLATED;
    int64_t secured8 = isolated ? slot->wallets8[side] + leg->pnl8 : margin_balance8(venue, slot->account, instrument->asset);
    int64_t cost8 = max8(1, cut8(abs16(leg->cost16)));
    int128_t profit8 = (int128_t)leg->pnl8 * VENUE_E8 / cost8;
    int128_t leverage8 = abs16(cost_of(instrument->mark8, leg->amount8)) / max8(1, secured8);
    leverage8 = leverage8 < LEVERAGE8_MIN ? LEVERAGE8_MIN : leverage8 > 1000 * VENUE_E8 ? 1000 * VENUE_E8 : leverage8;
    int128_t rank = profit8 > 0 ? profit8 * leverage8 / VENUE_E8 : profit8 * VENUE_E8 / leverage8;
    return rank > VENUE_MONEY8_MAX ? VENUE_MONEY8_MAX : rank < -VENUE_MONEY8_MAX ? -VENUE_MONEY8_MAX : (int64_t)rank;
}

uint32_t adl_quantile(const venue_t *venue, const slot_t *slot, uint32_t side)
{
    int64_t own8 = slot->legs[side].amount8, own_rank8 = rank8(venue, slot, side);
    uint32_t holders = 0, lower = 0;
    held_walk_t walk = held_walk(venue, slot->instrument);
    for (uint32_t at = held_step(&walk); own8 != 0 && at != VENUE_NIL; at = held_step(&walk)) {
        for (uint32_t leg = 0; leg < 3; leg++) {
            int64_t amount8 = slot_of(venue, at)->legs[leg].amount8;
            if (amount8 != 0 && (amount8 > 0) == (own8 > 0)) {
                holders++;
                lower += rank8(venue, slot_of(venue, at), leg) < own_rank8;
            }
        }
    }
    return holders == 0 ? 0 : lower * 5 / holders; /* fifths: 4 is next in line */
}

/* The first in line on the other side of `order`; VENUE_NIL: nobody. */
static uint32_t first_in_line(const venue_t *venue, const order_rec_t *order, uint32_t *side)
{
    uint32_t found = VENUE_NIL;
    int64_t best8 = 0;
    bool wants_short = order->side == VENUE_SELL; /* a long is closed: a short gives way */
    held_walk_t walk = held_walk(venue, order->instrument);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
        const slot_t *slot = slot_of(venue, at);
        for (uint32_t leg = 0; slot->account != order->account && leg < 3; leg++) {
            int64_t amount8 = slot->legs[leg].amount8;
            if (amount8 == 0 || (amount8 < 0) != wants_short) {
                continue;
            }
            int64_t here8 = rank8(venue, slot, leg);
            bool first = found == VENUE_NIL || here8 > best8 || (here8 == best8 && slot->account < slot_of(venue, found)->account);
            if (first) {
                found = at;
                best8 = here8;
                *side = leg;
            }
        }
    }
    return found;
}

/* Closes up to `quantity8` of the leg against the liquidated order at `price8`. */
static void deleverage(venue_t *venue, const venue_sink_t *sink, uint32_t liquidated, uint32_t slot_index, uint32_t side,
                       int64_t price8)
{
    cancel_slot_orders(venue, sink, slot_index, NULL);
    int64_t amount8 = slot_of(venue, slot_index)->legs[side].amount8;
    int64_t quantity8 = min8(abs8(amount8), order_open8(order_of(venue, liquidated)));
    uint32_t index = order_new(venue, slot_of(venue, slot_index)->account, slot_index, ORDER_CLAIM_LIQUIDATION);
    order_rec_t *order = order_of(venue, index);
    order_describe_closing(venue, index, side, price8, quantity8, "adl_autoclose");
    emit_order(venue, sink, order, VENUE_EXEC_NEW);
    fill_t fill = {.price8 = price8, .quantity8 = quantity8, .execution = VENUE_EXEC_CALCULATED};
    fill.trade_id = ++instrument_of(venue, order->instrument)->trade_id;
    (void)fill_apply(venue, sink, liquidated, &fill);
    (void)fill_apply(venue, sink, index, &fill);
    order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_NONE, VENUE_EXEC_TRADE);
    fill_sweep_closing(venue, sink, slot_index, side);
}

void adl_run(venue_t *venue, const venue_sink_t *sink, uint32_t liquidated, int64_t price8)
{
    uint32_t side = 0;
    while (order_open8(order_of(venue, liquidated)) > 0) {
        uint32_t slot = first_in_line(venue, order_of(venue, liquidated), &side);
        if (slot == VENUE_NIL) {
            return;
        }
        deleverage(venue, sink, liquidated, slot, side, price8);
    }
}

/* Whether the fund could bear the largest position of an account, taken over a gap of 5 % beyond its bankruptcy: twice, once, or
 * not at all. */
venue_adl_risk_t venue_adl_risk(const venue_t *venue, instrument_id_t id)
{
    enum { GAP_PARTS = 20 };
    if (id >= venue->instrument_count || is_spot(instrument_of(venue, id))) {
        return VENUE_ADL_LOW;
    }
    const instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t largest8 = 0;
    held_walk_t walk = held_walk(venue, id);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
        for (uint32_t leg = 0; leg < 3; leg++) {
            largest8 = max8(largest8, abs8(slot_of(venue, at)->legs[leg].amount8));
        }
    }
    int64_t loss8 = cut8(cost_of(instrument->mark8, largest8)) / GAP_PARTS;
    int64_t fund8 = asset_of(venue, instrument->asset)->insurance8;
    return fund8 / 2 >= loss8 ? VENUE_ADL_LOW : fund8 >= loss8 ? VENUE_ADL_MEDIUM : VENUE_ADL_HIGH;
}

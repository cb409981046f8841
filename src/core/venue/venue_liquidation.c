/* venue_liquidation.c: when margin no longer covers maintenance (protocols/binance-usdm.md, section 13).
 *
 * Cross: the account's cross wallet and unrealised profit in the asset against the maintenance of all cross positions; isolated:
 * the leg's own. Then: open orders in that asset are cancelled, each position is offered as an IOC order at its bankruptcy price
 * (where margin is used up), paying the clearance fee into the insurance fund; what is left is taken over by the fund at the
 * bankruptcy price and passed on to the street at mark, or, when the fund cannot bear that, auto-deleveraged (venue_adl.c). A
 * wallet below zero is made whole by the fund (INSURANCE_CLEAR).
 */
#include "core/venue/venue_parts.h"

/* Margin and maintenance of a leg, were the mark at `mark8`. */
static void leg_at(const instrument_rec_t *instrument, const leg_rec_t *leg, int64_t mark8, int64_t *pnl8, int64_t *maintenance8)
{
    *pnl8 = margin_leg_pnl8(leg, mark8);
    *maintenance8 = leg->amount8 == 0 ? 0 : cut8(rules_maintenance(instrument, abs16(cost_of(mark8, leg->amount8))) + VENUE_E8 - 1);
}

static bool isolated_due(const instrument_rec_t *instrument, const slot_t *slot, uint32_t side, int64_t mark8)
{
    const leg_rec_t *leg = &slot->legs[side];
    int64_t pnl8, maintenance8;
    if (leg->amount8 == 0) {
        return false;
    }
    leg_at(instrument, leg, mark8, &pnl8, &maintenance8);
    return slot->wallets8[side] + pnl8 <= maintenance8;
}

/* The slot's instrument being at `mark8`. */
static bool slot_due(const venue_t *venue, const slot_t *slot, int64_t mark8)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    if (slot->margin == VENUE_MARGIN_ISOLATED) {
        return isolated_due(instrument, slot, 0, mark8) || isolated_due(instrument, slot, 1, mark8) ||
               isolated_due(instrument, slot, 2, mark8);
    }
    const balance_rec_t *balance = balance_of(venue, slot->account, instrument->asset);
    int64_t more8 = 0, needed8 = 0; /* than at the present mark */
    bool holds = false;
    for (uint32_t side = 0; side < 3; side++) {
        const leg_rec_t *leg = &slot->legs[side];
        int64_t pnl8, maintenance8;
        if (leg->amount8 != 0) {
            leg_at(instrument, leg, mark8, &pnl8, &maintenance8);
            more8 += pnl8 - leg->pnl8;
            needed8 += maintenance8 - leg->maintenance8;
            holds = true;
        }
    }
    if (holds && account_of(venue, slot->account)->multi_assets) {
        return collateral_due(venue, slot->account, (collateral_if_t){slot->instrument, mark8}, instrument->asset, more8, needed8);
    }
    needed8 += balance->cross_maintenance8;
    return holds && needed8 > 0 && balance->cross8 + balance->cross_pnl8 + more8 <= needed8;
}

/* The instrument prices collateral: whoever rests on it is due, whatever he holds positions in. Those with positions in this very
 * instrument are found by their slots. */
static bool backer_due(const venue_t *venue, uint32_t account, uint32_t asset, uint32_t id, int64_t mark8)
{
    return collateral_rests_on(venue, account, asset) &&
           collateral_due(venue, account, (collateral_if_t){id, mark8}, VENUE_NIL, 0, 0);
}

static bool has_position(const venue_t *venue, uint32_t account, uint32_t id)
{
    uint32_t slot = slot_find(venue, account, id);
    const leg_rec_t *legs = slot == VENUE_NIL ? NULL : slot_of(venue, slot)->legs;
    return legs != NULL && (legs[0].amount8 | legs[1].amount8 | legs[2].amount8) != 0;
}

static bool any_backer_due(const venue_t *venue, uint32_t id, int64_t mark8)
{
    uint32_t asset = collateral_priced_by(venue, id);
    for (uint32_t at = asset == VENUE_NIL ? VENUE_NIL : venue->joint_head; at != VENUE_NIL;
         at = account_of(venue, at)->joint_next) {
        if (!has_position(venue, at, id) && backer_due(venue, at, asset, id, mark8)) {
            return true;
        }
    }
    return false;
}

bool liquidation_due(const venue_t *venue, uint32_t id, int64_t mark8)
{
    held_walk_t walk = held_walk(venue, id);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL && mark8 > 0; at = held_step(&walk)) {
        if (slot_due(venue, slot_of(venue, at), mark8)) {
            return true;
        }
    }
    return mark8 > 0 && any_backer_due(venue, id, mark8);
}

/* --- taking a position away ------------------------------------------------------------------- */

/* Price at which `margin8` (wallet and profit now) is used up, on the tick that favours the fund. */
static int64_t bankruptcy8(const instrument_rec_t *instrument, const leg_rec_t *leg, int64_t margin8)
{
    int64_t tick8 = instrument->tick8;
    int128_t away8 = (int128_t)margin8 * VENUE_E8 / leg->amount8; /* signed: below the mark for a long */
    int128_t price8 = instrument->mark8 - away8;
    if (price8 < tick8) {
        return tick8;
    }
    price8 = price8 > 9000000000000000000 ? 9000000000000000000 : price8;
    int64_t whole8 = (int64_t)price8 / tick8 * tick8;
    return leg->amount8 > 0 && whole8 < price8 ? whole8 + tick8 : whole8;
}

static void street_gives_way(venue_t *venue, const venue_sink_t *sink, uint32_t index, int64_t price8)
{
    const order_rec_t *order = order_of(venue, index);
    fill_t fill = {.price8 = price8, .quantity8 = order_open8(order), .execution = VENUE_EXEC_CALCULATED};
    fill.trade_id = ++instrument_of(venue, order->instrument)->trade_id;
    (void)fill_apply(venue, sink, index, &fill);
    street_trade(venue, order->instrument, other_side((venue_side_t)order->side), price8, fill.quantity8);
}

static void insurance_takes(venue_t *venue, const venue_sink_t *sink, uint32_t index, int64_t price8)
{
    order_rec_t *order = order_of(venue, index);
    instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    asset_rec_t *asset = asset_of(venue, instrument->asset);
    int64_t quantity8 = order_open8(order);
    int64_t signed8 = order->side == VENUE_BUY ? -quantity8 : quantity8; /* what the fund gets */
    fill_t fill = {.price8 = price8, .quantity8 = quantity8, .execution = VENUE_EXEC_CALCULATED};
    fill.trade_id = ++instrument->trade_id;
    (void)fill_apply(venue, sink, index, &fill);
    /* Passed on to the street at mark; the fund keeps the difference, win or lose. */
    cost16_t profit16 = cost_of(instrument->mark8, signed8) - cost_of(price8, signed8);
    int64_t profit8 = cut8(profit16);
    asset->insurance8 += profit8;
    asset->dust16 += profit16 - (cost16_t)profit8 * VENUE_E8;
    instrument->street_amount8 += signed8;
    instrument->street_cost16 += cost_of(instrument->mark8, signed8);
}

/* By the insurance fund when it can bear the loss at mark; else positions on the other side give way at the bankruptcy price, and
 * what no account holds there the street does. */
static void take_over(venue_t *venue, const venue_sink_t *sink, uint32_t index, int64_t price8)
{
    const order_rec_t *order = order_of(venue, index);
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    int64_t quantity8 = order_open8(order);
    int64_t signed8 = order->side == VENUE_BUY ? -quantity8 : quantity8;
    int64_t profit8 = cut8(cost_of(instrument->mark8, signed8) - cost_of(price8, signed8));
    if (profit8 >= 0 || asset_of(venue, instrument->asset)->insurance8 + profit8 >= 0) {
        insurance_takes(venue, sink, index, price8);
        return;
    }
    adl_run(venue, sink, index, price8);
    if (order_open8(order) > 0) {
        street_gives_way(venue, sink, index, price8);
    }
}

static void leg_liquidate(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, uint32_t side, int64_t price8)
{
    slot_t *slot = slot_of(venue, slot_index);
    int64_t amount8 = slot->legs[side].amount8;
    uint32_t index = order_new(venue, slot_of(venue, slot_index)->account, slot_index, ORDER_CLAIM_LIQUIDATION);
    order_rec_t *order = order_of(venue, index);
    order_describe_closing(venue, index, side, price8, abs8(amount8), "autoclose-");
    emit_order(venue, sink, order, VENUE_EXEC_NEW);
    (void)match_take(venue, sink, index, price8);
    int64_t market8 = order->filled8;
    if (order_open8(order) > 0 && slot->legs[side].amount8 != 0) {
        take_over(venue, sink, index, price8);
    }
    int64_t average8 = order->filled8 > 0 ? (int64_t)(order->quote16 / order->filled8) : 0;
    emit_liquidation(venue, sink, order, average8, market8 > 0 ? market8 : order->filled8, order->filled8);
    if (order_open8(order) == 0) {
        order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_LIQUIDATION, VENUE_EXEC_TRADE);
    } else {
        order_finish(venue, sink, index, VENUE_STATUS_EXPIRED, VENUE_EXPIRY_LIQUIDATION, VENUE_EXEC_EXPIRED);
    }
    fill_sweep_closing(venue, sink, slot_index, side);
}

static void make_whole(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset)
{
    balance_rec_t *balance = balance_of(venue, account, asset);
    if (balance->cross8 >= 0) {
        return;
    }
    int64_t missing8 = -balance->cross8;
    asset_of(venue, asset)->insurance8 -= missing8;
    balance->cross8 = 0;
    income_add(venue, account, VENUE_INCOME_INSURANCE_CLEAR, INSTRUMENT_NONE, asset, missing8, 0);
    emit_account(venue, sink, account, asset, VENUE_NIL, 0, VENUE_REASON_INSURANCE_CLEAR, missing8);
}

/* In multi-assets mode all assets are one margin, so all their positions go. */
static bool is_joined(const venue_t *venue, const slot_t *slot, uint32_t asset)
{
    return account_of(venue, slot->account)->multi_assets || instrument_of(venue, slot->instrument)->asset == asset;
}

static void settle_debts(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset)
{
    if (!account_of(venue, account)->multi_assets) {
        make_whole(venue, sink, account, asset);
        return;
    }
    collateral_exchange(venue, sink, account, 0);
    for (uint32_t at = 0; at < venue->asset_count; at++) {
        make_whole(venue, sink, account, at);
    }
}

static void cross_liquidate(venue_t *venue, const venue_sink_t *sink, uint32_t account_id, uint32_t asset)
{
    account_rec_t *account = account_of(venue, account_id);
    account->liquidating = 1;
    for (uint32_t at = account->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->account_next) {
        if (!is_spot(instrument_of(venue, slot_of(venue, at)->instrument)) && is_joined(venue, slot_of(venue, at), asset)) {
            cancel_slot_orders(venue, sink, at, NULL);
        }
    }
    for (uint32_t at = account->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->account_next) {
        const slot_t *slot = slot_of(venue, at);
        const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
        if (!is_joined(venue, slot, asset) || slot->margin != VENUE_MARGIN_CROSS) {
            continue;
        }
        for (uint32_t side = 0; side < 3; side++) {
            if (slot->legs[side].amount8 != 0) {
                int64_t price8 = bankruptcy8(instrument, &slot->legs[side], margin_balance8(venue, account_id, instrument->asset));
                leg_liquidate(venue, sink, at, side, price8);
            }
        }
    }
    account->liquidating = 0;
    settle_debts(venue, sink, account_id, asset);
}

static void isolated_liquidate(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, int64_t mark8)
{
    const slot_t *slot = slot_of(venue, slot_index);
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    cancel_slot_orders(venue, sink, slot_index, NULL);
    for (uint32_t side = 0; side < 3; side++) {
        const leg_rec_t *leg = &slot->legs[side];
        if (isolated_due(instrument, slot, side, mark8)) {
            leg_liquidate(venue, sink, slot_index, side, bankruptcy8(instrument, leg, slot->wallets8[side] + leg->pnl8));
        }
    }
    make_whole(venue, sink, slot->account, instrument->asset);
}

static void margin_call(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index)
{
    for (uint32_t side = 0; side < 3; side++) {
        if (slot_of(venue, slot_index)->legs[side].amount8 != 0) {
            emit_margin_call(venue, sink, slot_index, side);
        }
    }
}

static void backers_run(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    uint32_t asset = collateral_priced_by(venue, id);
    for (uint32_t at = asset == VENUE_NIL ? VENUE_NIL : venue->joint_head; at != VENUE_NIL;
         at = account_of(venue, at)->joint_next) {
        if (!backer_due(venue, at, asset, id, collateral_index8(venue, asset))) {
            continue;
        }
        for (uint32_t slot = account_of(venue, at)->slot_head; slot != VENUE_NIL; slot = slot_of(venue, slot)->account_next) {
            margin_call(venue, sink, slot);
        }
        cross_liquidate(venue, sink, at, asset);
    }
}

void liquidation_run(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    held_walk_t walk = held_walk(venue, id);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
        const slot_t *slot = slot_of(venue, at);
        if (!slot_due(venue, slot, instrument->mark8)) {
            continue;
        }
        margin_call(venue, sink, at);
        if (slot->margin == VENUE_MARGIN_ISOLATED) {
            isolated_liquidate(venue, sink, at, instrument->mark8);
        } else {
            cross_liquidate(venue, sink, slot->account, instrument->asset);
        }
    }
    backers_run(venue, sink, id);
}

/* venue_margin.c: initial and maintenance margin, kept as sums so that a check costs O(1) (protocols/binance-usdm.md, section 13).
 *
 * Every leg remembers what it has added to its balance's sums; a refresh takes that out and puts the present figures in. Position
 * margin = notional at mark / leverage; open orders reserve the larger of what bids or asks would make of the position, less what
 * it is already. All figures are cut to 10^-8; maintenance margin is rounded up, so that liquidation never comes late.
 */
#include "core/venue/venue_parts.h"

int64_t margin_leg_pnl8(const leg_rec_t *leg, int64_t mark8)
{
    return leg->amount8 == 0 ? 0 : cut8(cost_of(mark8, leg->amount8) - leg->cost16);
}

static int64_t maintenance8(const instrument_rec_t *instrument, const leg_rec_t *leg, int64_t mark8)
{
    if (leg->amount8 == 0) {
        return 0;
    }
    cost16_t margin16 = rules_maintenance(instrument, abs16(cost_of(mark8, leg->amount8)));
    return cut8(margin16 + VENUE_E8 - 1);
}

/* What the leg stands for now goes into the sums of its balance in place of what stood there. */
static void refresh_position(const instrument_rec_t *instrument, balance_rec_t *balance, const slot_t *slot, leg_rec_t *leg)
{
    int64_t pnl8 = margin_leg_pnl8(leg, instrument->mark8);
    int64_t margin8 = cut8(abs16(cost_of(instrument->mark8, leg->amount8))) / slot->leverage;
    int64_t needed8 = maintenance8(instrument, leg, instrument->mark8);
    balance->pnl8 += pnl8 - leg->pnl8;
    balance->margin8 += margin8 - leg->margin8;
    balance->maintenance8 += needed8 - leg->maintenance8;
    if (slot->margin == VENUE_MARGIN_CROSS) {
        balance->cross_pnl8 += pnl8 - leg->pnl8;
        balance->cross_margin8 += margin8 - leg->margin8;
        balance->cross_maintenance8 += needed8 - leg->maintenance8;
    }
    leg->pnl8 = pnl8;
    leg->margin8 = margin8;
    leg->maintenance8 = needed8;
}

static void refresh_orders(const instrument_rec_t *instrument, balance_rec_t *balance, slot_t *slot, uint32_t side)
{
    leg_rec_t *leg = &slot->legs[side];
    int64_t now8 = margin_order8(slot, side, instrument->mark8, leg->open16[VENUE_BUY], leg->open16[VENUE_SELL]);
    balance->order_margin8 += now8 - leg->order_margin8;
    leg->order_margin8 = now8;
}

void margin_refresh_orders(venue_t *venue, const order_rec_t *order)
{
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    if (!is_spot(instrument)) {
        refresh_orders(instrument, balance_of(venue, order->account, instrument->asset), slot_of(venue, order->slot),
                       leg_of(order));
    }
}

void margin_refresh_position(venue_t *venue, const order_rec_t *order)
{
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    slot_t *slot = slot_of(venue, order->slot);
    refresh_position(instrument, balance_of(venue, order->account, instrument->asset), slot, &slot->legs[leg_of(order)]);
}

void margin_refresh(venue_t *venue, uint32_t index)
{
    slot_t *slot = slot_of(venue, index);
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    if (is_spot(instrument)) {
        return; /* no margin */
    }
    balance_rec_t *balance = balance_of(venue, slot->account, instrument->asset);
    for (uint32_t side = 0; side < 3; side++) {
        const leg_rec_t *leg = &slot->legs[side];
        if (leg->amount8 != 0 || leg->open16[VENUE_BUY] != 0 || leg->open16[VENUE_SELL] != 0) {
            refresh_position(instrument, balance, slot, &slot->legs[side]);
            refresh_orders(instrument, balance, slot, side);
        }
    }
}

static bool is_idle(const slot_t *slot)
{
    return slot->order_count == 0 && slot->legs[0].amount8 == 0 && slot->legs[1].amount8 == 0 && slot->legs[2].amount8 == 0;
}

void margin_refresh_instrument(venue_t *venue, uint32_t instrument)
{
    if (is_spot(instrument_of(venue, instrument))) {
        return; /* no margin */
    }
    held_walk_t walk = held_walk(venue, instrument);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
        margin_refresh(venue, at);
        if (is_idle(slot_of(venue, at))) {
            held_forget(venue, slot_of(venue, at), at);
        }
    }
}

int64_t margin_balance8(const venue_t *venue, uint32_t account, uint32_t asset)
{
    const balance_rec_t *balance = balance_of(venue, account, asset);
    return account_of(venue, account)->multi_assets ? collateral_margin8(venue, account, asset)
                                                    : balance->cross8 + balance->cross_pnl8;
}

int64_t margin_available8(const venue_t *venue, uint32_t account, uint32_t asset)
{
    if (account_of(venue, account)->multi_assets) {
        return collateral_available8(venue, account, asset);
    }
    const balance_rec_t *balance = balance_of(venue, account, asset);
    return balance->cross8 + balance->cross_pnl8 - balance->cross_margin8 - balance->order_margin8;
}

/* --- liquidation price ------------------------------------------------------------------------ */

/* One round of the published formula with the brackets that hold at `at8`; 0: no positive price. */
static int64_t liquidation_at(const instrument_rec_t *instrument, const leg_rec_t *legs, uint32_t count, cost16_t wallet16,
                              int64_t at8)
{
    cost16_t above16 = wallet16;
    int128_t below16 = 0;
    for (uint32_t i = 0; i < count; i++) {
        int64_t amount8 = legs[i].amount8;
        if (amount8 == 0) {
            continue;
        }
        const bracket_rec_t *bracket = rules_bracket(instrument, abs16(cost_of(at8, amount8)));
        int64_t rate8 = bracket == NULL ? 0 : bracket->rate8;
        above16 += (bracket == NULL ? 0 : bracket->cum16) - legs[i].cost16;
        below16 += (int128_t)abs8(amount8) * rate8 - (int128_t)amount8 * VENUE_E8;
    }
    if (below16 == 0) {
        return 0;
    }
    int128_t price8 = above16 * VENUE_E8 / below16;
    return price8 > 0 && price8 < VENUE_MONEY8_MAX ? (int64_t)price8 : 0;
}

int64_t margin_liquidation8(const venue_t *venue, const slot_t *slot, uint32_t side)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    if (slot->legs[side].amount8 == 0) {
        return 0;
    }
    const leg_rec_t *legs = &slot->legs[side];
    uint32_t count = 1;
    cost16_t wallet16 = (cost16_t)slot->wallets8[side] * VENUE_E8;
    if (slot->margin == VENUE_MARGIN_CROSS) {
        const balance_rec_t *balance = balance_of(venue, slot->account, instrument->asset);
        int64_t own_pnl8 = 0, own_maintenance8 = 0;
        for (uint32_t i = 0; i < 3; i++) {
            own_pnl8 += slot->legs[i].pnl8;
            own_maintenance8 += slot->legs[i].maintenance8;
        }
        legs = slot->legs;
        count = 3;
        wallet16 =
            (cost16_t)(balance->cross8 - (balance->cross_maintenance8 - own_maintenance8) + (balance->cross_pnl8 - own_pnl8)) *
            VENUE_E8;
        if (account_of(venue, slot->account)->multi_assets) {
            wallet16 += (cost16_t)collateral_beside8(venue, slot->account, instrument->asset) * VENUE_E8;
        }
    }
    int64_t price8 = instrument->mark8;
    for (uint32_t round = 0; round < INSTRUMENT_BRACKETS_MAX; round++) {
        int64_t next8 = liquidation_at(instrument, legs, count, wallet16, price8);
        if (next8 == price8 || next8 == 0) {
            return next8;
        }
        price8 = next8;
    }
    return price8;
}

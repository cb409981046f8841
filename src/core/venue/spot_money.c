/* spot_money.c: free and locked, money in and out, and a trade booked on one account.
 *
 * A trade moves quantity of base one way and price * quantity of quote, cut to 10^-8, the other way: buyer and seller see the same
 * figure, so nothing is lost to rounding. Each side books against the street's account of the asset; where both sides are accounts
 * that cancels out, else it is what the street got or gave. The fee is cut to 10^-8 toward zero.
 */
#include "core/venue/spot_parts.h"

void spot_touch(venue_t *venue, uint32_t account_id, uint32_t asset)
{
    account_rec_t *account = account_of(venue, account_id);
    account->changed |= UINT64_C(1) << asset;
    account->spot_update_ns = venue->event_ns;
    if (!account->dirty) {
        account->dirty = 1;
        account->dirty_next = venue->dirty_head;
        venue->dirty_head = account_id;
    }
}

static void tell_account(venue_t *venue, const venue_sink_t *sink, uint32_t account_id)
{
    account_rec_t *account = account_of(venue, account_id);
    while (account->changed != 0) {
        spot_event_t event;
        memset(&event, 0, sizeof event);
        event.kind = SPOT_EVENT_POSITION;
        for (uint32_t asset = 0; asset < venue->asset_count && event.position.count < SPOT_EVENT_ASSETS_MAX; asset++) {
            if ((account->changed >> asset & 1) != 0) {
                account->changed &= ~(UINT64_C(1) << asset);
                (void)spot_balance(venue, account_id, (venue_asset_t)asset, &event.position.balances[event.position.count++]);
            }
        }
        emit_spot(venue, sink, account_id, INSTRUMENT_NONE, &event);
    }
    account->dirty = 0;
    account->dirty_next = VENUE_NIL;
}

void spot_tell_balances(venue_t *venue, const venue_sink_t *sink)
{
    while (venue->dirty_head != VENUE_NIL) {
        uint32_t account = venue->dirty_head;
        venue->dirty_head = account_of(venue, account)->dirty_next;
        tell_account(venue, sink, account);
    }
}

/* --- locking ---------------------------------------------------------------------------------- */

bool spot_enough(const venue_t *venue, uint32_t account, uint32_t asset, int64_t amount8)
{
    return balance_of(venue, account, asset)->free8 >= amount8;
}

void spot_lock(venue_t *venue, uint32_t index, int64_t amount8)
{
    order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    balance_rec_t *balance = balance_of(venue, order->account, spot->pays);
    ASSERT(amount8 >= 0 && balance->free8 >= amount8);
    balance->free8 -= amount8;
    balance->locked8 += amount8;
    spot->reserve8 += amount8;
    spot_touch(venue, order->account, spot->pays);
}

void spot_unlock(venue_t *venue, uint32_t index, int64_t amount8)
{
    order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    balance_rec_t *balance = balance_of(venue, order->account, spot->pays);
    ASSERT(amount8 >= 0 && spot->reserve8 >= amount8 && balance->locked8 >= amount8);
    spot->reserve8 -= amount8;
    balance->locked8 -= amount8;
    balance->free8 += amount8;
    spot_touch(venue, order->account, spot->pays);
}

int64_t spot_need8(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    if (order->side == VENUE_SELL) {
        return order_open8(order);
    }
    return order->price8 > 0 ? cut8(cost_of(order->price8, order_open8(order))) : spot_of(venue, index)->reserve8;
}

/* --- fees ------------------------------------------------------------------------------------- */

/* The spot market of BNB against an asset; VENUE_NIL: none, or it has no price. */
static uint32_t bnb_market(const venue_t *venue, uint32_t asset)
{
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        const instrument_rec_t *instrument = instrument_of(venue, id);
        if (is_spot(instrument) && instrument->asset == asset && instrument->price8 > 0 &&
            str_eq(str_from(asset_of(venue, instrument->base)->name), STR("BNB"))) {
            return id;
        }
    }
    return VENUE_NIL;
}

/* The fee of a trade worth quote8, in BNB less the discount; false: the account does not burn, or cannot. */
static bool fee_in_bnb(const venue_t *venue, uint32_t account, uint32_t quote_asset, int64_t quote8, int64_t rate8, uint32_t *asset,
                       int64_t *fee8)
{
    uint32_t market = account_of(venue, account)->burns_bnb ? bnb_market(venue, quote_asset) : VENUE_NIL;
    if (market == VENUE_NIL) {
        return false;
    }
    const instrument_rec_t *instrument = instrument_of(venue, market);
    int64_t full8 = rate_of16((cost16_t)quote8 * VENUE_E8, rate8);
    *asset = instrument->base;
    *fee8 = (int64_t)((cost16_t)full8 * (100 - SPOT_BNB_DISCOUNT_PCT) / 100 * VENUE_E8 / instrument->price8);
    return balance_of(venue, account, *asset)->free8 >= *fee8;
}

static int64_t take_fee(venue_t *venue, const order_rec_t *order, const fill_t *fill, int64_t quote8, uint32_t *asset)
{
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    const account_rec_t *account = account_of(venue, order->account);
    int64_t rate8 = fill->maker ? account->spot_maker8 : account->spot_taker8;
    int64_t fee8 = 0;
    if (!fee_in_bnb(venue, order->account, instrument->asset, quote8, rate8, asset, &fee8)) {
        bool buys = order->side == VENUE_BUY;
        *asset = buys ? instrument->base : instrument->asset;
        fee8 = rate_of16((cost16_t)(buys ? fill->quantity8 : quote8) * VENUE_E8, rate8);
    }
    balance_of(venue, order->account, *asset)->free8 -= fee8;
    asset_of(venue, *asset)->fees8 += fee8;
    spot_touch(venue, order->account, *asset);
    return fee8;
}

/* --- one side of a trade ---------------------------------------------------------------------- */

static void move(venue_t *venue, uint32_t index, const instrument_rec_t *instrument, int64_t quantity8, int64_t quote8)
{
    const order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    bool buys = order->side == VENUE_BUY;
    uint32_t gets = buys ? instrument->base : instrument->asset;
    int64_t paid8 = buys ? quote8 : quantity8, got8 = buys ? quantity8 : quote8;
    if (spot->reserve8 < paid8) {
        spot_lock(venue, index, paid8 - spot->reserve8);
    }
    spot->reserve8 -= paid8;
    balance_of(venue, order->account, spot->pays)->locked8 -= paid8;
    balance_of(venue, order->account, gets)->free8 += got8;
    asset_of(venue, spot->pays)->spot_street8 += paid8;
    asset_of(venue, gets)->spot_street8 -= got8;
    spot_touch(venue, order->account, spot->pays);
    spot_touch(venue, order->account, gets);
}

void spot_fill(venue_t *venue, const venue_sink_t *sink, uint32_t index, const fill_t *fill)
{
    order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    int64_t quote8 = cut8(cost_of(fill->price8, fill->quantity8));
    spot_list_acts(venue, sink, index);
    move(venue, index, instrument, fill->quantity8, quote8);
    uint32_t fee_asset = 0;
    int64_t fee8 = take_fee(venue, order, fill, quote8, &fee_asset);
    spot_opo_received(venue, index, fill->quantity8, fee_asset == instrument->base ? fee8 : 0);
    order->filled8 += fill->quantity8;
    order->quote16 += (cost16_t)quote8 * VENUE_E8;
    order->update_ns = venue->event_ns;
    ASSERT(order_open8(order) >= 0);
    spot->status = order_open8(order) == 0 ? SPOT_FILLED : SPOT_PARTIALLY_FILLED;
    if (order->level != VENUE_NIL) {
        order_reduce_open(venue, index, fill->quantity8);
    }
    int64_t need8 = spot_need8(venue, index);
    if (spot->reserve8 > need8) {
        spot_unlock(venue, index, spot->reserve8 - need8); /* a price better than the limit */
    }
    fill_history_add(venue, order, fill, fee_asset, fee8, 0);
    spot_note_t note = {.price8 = fill->price8,
                        .quantity8 = fill->quantity8,
                        .commission8 = fee8,
                        .commission_asset = fee_asset,
                        .trade_id = fill->trade_id,
                        .maker = fill->maker};
    spot_emit_order(venue, sink, index, SPOT_EXEC_TRADE, &note);
}

/* --- money in and out, settings --------------------------------------------------------------- */

spot_reject_t spot_transfer(venue_t *venue, const venue_sink_t *sink, venue_account_t account, venue_asset_t asset, dec_t amount)
{
    int64_t amount8;
    if (account >= venue->account_count || asset >= venue->asset_count || venue->bounds.order_lists == 0) {
        return SPOT_REJECT_COMBINATION;
    }
    if (!to8(amount, &amount8)) {
        return SPOT_REJECT_QUANTITY_PRECISION;
    }
    balance_rec_t *balance = balance_of(venue, account, asset);
    if (amount8 > VENUE_MONEY8_MAX - balance->free8 - balance->locked8 ||
        amount8 > 4 * VENUE_MONEY8_MAX - asset_of(venue, asset)->deposits8 || balance->free8 + amount8 < 0) {
        return SPOT_REJECT_BALANCE;
    }
    if (amount8 == 0) {
        return SPOT_REJECT_NONE;
    }
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    balance->free8 += amount8;
    asset_of(venue, asset)->deposits8 += amount8;
    spot_event_t event;
    memset(&event, 0, sizeof event);
    event.kind = SPOT_EVENT_BALANCE;
    event.balance.asset = asset;
    event.balance.change = amount;
    emit_spot(venue, sink, account, INSTRUMENT_NONE, &event);
    spot_touch(venue, account, asset);
    spot_tell_balances(venue, sink);
    return SPOT_REJECT_NONE;
}

result_t spot_fees(venue_t *venue, venue_account_t account, dec_t maker_rate, dec_t taker_rate)
{
    int64_t maker8, taker8;
    if (account >= venue->account_count || !to8(maker_rate, &maker8) || !to8(taker_rate, &taker8) || maker8 < 0 || taker8 < 0 ||
        maker8 > VENUE_E8 / 10 || taker8 > VENUE_E8 / 10) {
        return RESULT_BAD_ARGUMENT;
    }
    account_of(venue, account)->spot_maker8 = maker8;
    account_of(venue, account)->spot_taker8 = taker8;
    return RESULT_OK;
}

result_t spot_burn_bnb(venue_t *venue, venue_account_t account, bool burn)
{
    if (account >= venue->account_count) {
        return RESULT_NOT_FOUND;
    }
    account_of(venue, account)->burns_bnb = burn;
    return RESULT_OK;
}

/* --- recounts --------------------------------------------------------------------------------- */

static void add_reserve(const venue_t *venue, uint32_t order, int128_t locked8[VENUE_ASSETS_MAX])
{
    if (is_spot(instrument_of(venue, order_of(venue, order)->instrument))) {
        locked8[spot_of(venue, order)->pays] += spot_of(venue, order)->reserve8;
    }
}

const char *spot_check_balances(const venue_t *venue)
{
    if (venue->bounds.order_lists == 0) {
        return NULL;
    }
    for (uint32_t id = 0; id < venue->account_count; id++) {
        int128_t locked8[VENUE_ASSETS_MAX] = {0};
        for (uint32_t slot = account_of(venue, id)->slot_head; slot != VENUE_NIL; slot = slot_of(venue, slot)->account_next) {
            for (uint32_t at = slot_of(venue, slot)->order_head; at != VENUE_NIL; at = links_of(venue, at)->slot_next) {
                add_reserve(venue, at, locked8);
            }
        }
        for (uint32_t row = 0; row < account_of(venue, id)->order_history_count; row++) {
            add_reserve(venue, ended_of(venue, id, row)->index, locked8); /* nothing, or it was forgotten there */
        }
        for (uint32_t asset = 0; asset < venue->asset_count; asset++) {
            const balance_rec_t *balance = balance_of(venue, id, asset);
            if (balance->free8 < 0 || balance->locked8 < 0) {
                return "a spot balance is negative";
            }
            if (locked8[asset] != balance->locked8) {
                return "what is locked is not the sum of what orders hold";
            }
        }
    }
    return NULL;
}

/* venue_check.c: what must hold after every command, recounted from scratch. */
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

result_t venue_check_money(const venue_t *venue, venue_asset_t asset_id, venue_money_t *out)
{
    if (asset_id >= venue->asset_count) {
        return RESULT_NOT_FOUND;
    }
    const asset_rec_t *asset = asset_of(venue, asset_id);
    cost16_t wallets16 = 0, costs16 = 0, street16 = 0;
    int128_t held8 = 0;
    for (uint32_t account = 0; account < venue->account_count; account++) {
        const balance_rec_t *balance = balance_of(venue, account, asset_id);
        wallets16 += (cost16_t)(balance->cross8 + balance->isolated8) * VENUE_E8;
        held8 += (int128_t)balance->free8 + balance->locked8;
    }
    for (uint32_t i = 0; i < venue->slot_used; i++) {
        const slot_t *slot = slot_of(venue, i);
        if (instrument_of(venue, slot->instrument)->asset == asset_id) {
            costs16 += slot->legs[0].cost16 + slot->legs[1].cost16 + slot->legs[2].cost16;
        }
    }
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        if (instrument_of(venue, id)->asset == asset_id && !is_spot(instrument_of(venue, id))) {
            street16 += instrument_of(venue, id)->street_cost16;
        }
    }
    cost16_t own16 = (cost16_t)(asset->fees8 + asset->insurance8 + asset->funding8 - asset->deposits8) * VENUE_E8 + asset->dust16;
    memset(out, 0, sizeof *out);
    out->wallets = dec_of16(wallets16);
    out->position_costs = dec_of16(costs16);
    out->street_cost = dec_of16(street16);
    out->fees = dec_of8(asset->fees8);
    out->funding = dec_of8(asset->funding8);
    out->insurance = dec_of8(asset->insurance8);
    out->dust = dec_of16(asset->dust16);
    out->deposits = dec_of8(asset->deposits8);
    out->spot_held = dec_of16(held8 * VENUE_E8);
    out->spot_street = dec_of16(asset->spot_street8 * VENUE_E8);
    out->difference = dec_of16(wallets16 - costs16 - street16 + own16 + (held8 + asset->spot_street8) * VENUE_E8);
    return RESULT_OK;
}

/* --- recounts: each gives NULL or what is wrong ----------------------------------------------- */

static const char *check_level(const venue_t *venue, uint32_t id, uint32_t side, uint32_t index)
{
    const level_node_t *level = level_of(venue, index);
    int64_t open8 = 0;
    uint32_t count = 0, previous = VENUE_NIL;
    if (level->street8 < 0) {
        return "a street level is negative";
    }
    for (uint32_t at = level->head; at != VENUE_NIL; previous = at, at = links_of(venue, at)->queue_next) {
        const order_rec_t *order = order_of(venue, at);
        if (order->level != index || links_of(venue, at)->queue_prev != previous || !order->open || order->instrument != id ||
            order->side != side) {
            return "an order stands in a queue that is not its own";
        }
        if (order_open8(order) <= 0 || order->filled8 < 0) {
            return "an open order has nothing open";
        }
        if (book_key((venue_side_t)side, order->price8) != level->key) {
            return "an order stands at another price";
        }
        if (order_shown8(venue, at) <= 0 || order_shown8(venue, at) > order_open8(order)) {
            return "an iceberg shows nothing, or more than it has";
        }
        open8 += order_shown8(venue, at);
        count++;
    }
    if (count != level->count || open8 != level->users8 || level->tail != previous) {
        return "a level's sum is not the sum of its orders";
    }
    return count == 0 && level->street8 == 0 ? "an empty level stands in the book" : NULL;
}

static const char *check_book(const venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    uint32_t street_levels = 0;
    for (uint32_t side = 0; side < 2; side++) {
        const ladder_t *book = &instrument->books[side];
        int64_t last = INT64_MIN;
        uint32_t count = 0, resting = 0;
        for (uint32_t at = book->head[0].to; at != VENUE_NIL; at = level_of(venue, at)->next.to) {
            if (level_of(venue, at)->key <= last) {
                return "the book is out of order";
            }
            last = level_of(venue, at)->key;
            const char *what = check_level(venue, id, side, at);
            if (what != NULL) {
                return what;
            }
            street_levels += level_of(venue, at)->street8 > 0;
            resting += level_of(venue, at)->count;
            count++;
        }
        if (resting != instrument->resting[side]) {
            return "the count of resting orders is wrong";
        }
        if (count != book->count) {
            return "the book's level count is wrong";
        }
    }
    int64_t bid8 = street_users_best8(venue, instrument, VENUE_BUY, NULL),
            ask8 = street_users_best8(venue, instrument, VENUE_SELL, NULL);
    if (bid8 > 0 && ask8 > 0 && bid8 >= ask8) {
        return "orders of accounts cross";
    }
    return street_levels != instrument->street_level_count ? "the street's level count is wrong" : NULL;
}

static const char *check_triggers(const venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    for (uint32_t kind = 0; kind < 4; kind++) {
        const ladder_t *ladder = &instrument->triggers[kind / 2][kind % 2];
        int64_t last = INT64_MIN;
        for (uint32_t at = ladder->head[0].to; at != VENUE_NIL; at = level_of(venue, at)->next.to) {
            const level_node_t *level = level_of(venue, at);
            uint32_t count = 0;
            for (uint32_t algo = level->head; algo != VENUE_NIL; algo = algo_of(venue, algo)->queue_next, count++) {
                if (!algo_of(venue, algo)->open || algo_of(venue, algo)->level != at || algo_of(venue, algo)->ladder != kind + 1) {
                    return "an algo order stands on a ladder that is not its own";
                }
            }
            if (level->key <= last || count != level->count || count == 0) {
                return "a trigger ladder is out of order";
            }
            last = level->key;
        }
    }
    return NULL;
}

static const char *check_slot(const venue_t *venue, const slot_t *slot)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    cost16_t bid16[3] = {0}, ask16[3] = {0};
    uint32_t count = 0, closing = 0;
    for (uint32_t at = slot->order_head; at != VENUE_NIL; at = links_of(venue, at)->slot_next, count++) {
        const order_rec_t *order = order_of(venue, at);
        if (!order->open || order->level == VENUE_NIL) {
            return "an open order rests nowhere";
        }
        if (order->closing && fill_closable8(venue, order) == 0) {
            return "a reduce-only order rests without a position";
        }
        closing += order->closing;
        if (!order->closing) {
            *(order->side == VENUE_BUY ? &bid16[leg_of(order)] : &ask16[leg_of(order)]) +=
                cost_of(order->price8, order_open8(order));
        }
        if (order_find_id(venue, order->account, order->id) != at ||
            order_find_open(venue, order->account, order->instrument, order->client_id) != at) {
            return "an open order is not found by its ids";
        }
    }
    if (count != slot->order_count || closing != slot->closing_count) {
        return "a slot's order count is wrong";
    }
    uint32_t index = (uint32_t)(slot - slot_of(venue, 0));
    if ((slot->order_count > 0 || slot->legs[0].amount8 != 0 || slot->legs[1].amount8 != 0 || slot->legs[2].amount8 != 0) &&
        (!slot->held || !held_has(venue, slot->instrument, index))) {
        return "a slot with something open is not among the held ones";
    }
    for (uint32_t side = 0; side < 3; side++) {
        const leg_rec_t *leg = &slot->legs[side];
        if (leg->open16[VENUE_BUY] != bid16[side] || leg->open16[VENUE_SELL] != ask16[side]) {
            return "a leg's open notional is not the sum of its orders";
        }
        if (leg->amount8 == 0 && leg->cost16 != 0) {
            return "a closed position has a cost";
        }
        if ((leg->amount8 == 0 || slot->margin == VENUE_MARGIN_CROSS) && slot->wallets8[side] != 0) {
            return "margin stands in an isolated wallet without an isolated position";
        }
        if ((side == VENUE_POSITION_LONG && leg->amount8 < 0) || (side == VENUE_POSITION_SHORT && leg->amount8 > 0)) {
            return "a hedge leg has the wrong sign";
        }
        if (leg->pnl8 != margin_leg_pnl8(leg, instrument->mark8) ||
            leg->margin8 != cut8(abs16(cost_of(instrument->mark8, leg->amount8)) / slot->leverage) ||
            leg->order_margin8 != margin_order8(slot, side, instrument->mark8, leg->open16[VENUE_BUY], leg->open16[VENUE_SELL])) {
            return "a leg's margin is not that of the present mark";
        }
    }
    return NULL;
}

static const char *check_balances(const venue_t *venue)
{
    for (uint32_t account = 0; account < venue->account_count; account++) {
        for (uint32_t asset = 0; asset < venue->asset_count; asset++) {
            balance_rec_t sum;
            memset(&sum, 0, sizeof sum);
            for (uint32_t at = account_of(venue, account)->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->account_next) {
                const slot_t *slot = slot_of(venue, at);
                for (uint32_t side = 0; side < 3 && instrument_of(venue, slot->instrument)->asset == asset; side++) {
                    const leg_rec_t *leg = &slot->legs[side];
                    int64_t cross = slot->margin == VENUE_MARGIN_CROSS;
                    sum.pnl8 += leg->pnl8;
                    sum.margin8 += leg->margin8;
                    sum.order_margin8 += leg->order_margin8;
                    sum.maintenance8 += leg->maintenance8;
                    sum.isolated8 += slot->wallets8[side];
                    sum.cross_pnl8 += cross * leg->pnl8;
                    sum.cross_margin8 += cross * leg->margin8;
                    sum.cross_maintenance8 += cross * leg->maintenance8;
                }
            }
            const balance_rec_t *balance = balance_of(venue, account, asset);
            if (sum.pnl8 != balance->pnl8 || sum.margin8 != balance->margin8 || sum.order_margin8 != balance->order_margin8 ||
                sum.maintenance8 != balance->maintenance8 || sum.isolated8 != balance->isolated8 ||
                sum.cross_pnl8 != balance->cross_pnl8 || sum.cross_margin8 != balance->cross_margin8 ||
                sum.cross_maintenance8 != balance->cross_maintenance8) {
                return "a balance's sums are not those of its positions";
            }
        }
    }
    return NULL;
}

static const char *check_amounts(const venue_t *venue)
{
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        if (is_spot(instrument_of(venue, id))) {
            continue; /* spot trades move assets, which venue_check_money sums up */
        }
        int128_t sum8 = instrument_of(venue, id)->street_amount8;
        for (uint32_t at = instrument_of(venue, id)->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->instrument_next) {
            for (uint32_t side = 0; side < 3; side++) {
                sum8 += slot_of(venue, at)->legs[side].amount8;
            }
        }
        if (sum8 != 0) {
            return "the positions of an instrument do not sum to zero";
        }
    }
    return NULL;
}

static const char *check_joint(const venue_t *venue)
{
    uint32_t flagged = 0, listed = 0;
    for (uint32_t id = 0; id < venue->account_count; id++) {
        flagged += account_of(venue, id)->multi_assets;
    }
    for (uint32_t at = venue->joint_head; at != VENUE_NIL && listed <= flagged; at = account_of(venue, at)->joint_next, listed++) {
        if (!account_of(venue, at)->multi_assets) {
            return "an account of one asset stands in the list of those in multi-assets mode";
        }
    }
    return flagged == listed ? NULL : "the list of accounts in multi-assets mode is not complete";
}

result_t venue_check_invariants(const venue_t *venue, const char **what)
{
    *what = check_amounts(venue);
    *what = *what == NULL ? check_joint(venue) : *what;
    for (uint32_t id = 0; id < venue->instrument_count && *what == NULL; id++) {
        bool spot = is_spot(instrument_of(venue, id));
        *what = check_book(venue, id);
        *what = *what != NULL ? *what : spot ? spot_check_triggers(venue, id) : check_triggers(venue, id);
    }
    for (uint32_t i = 0; i < venue->slot_used && *what == NULL; i++) {
        const slot_t *slot = slot_of(venue, i);
        *what = is_spot(instrument_of(venue, slot->instrument)) ? spot_check_slot(venue, slot) : check_slot(venue, slot);
    }
    *what = *what == NULL ? spot_check_balances(venue) : *what;
    *what = *what == NULL ? check_balances(venue) : *what;
    return *what == NULL ? RESULT_OK : RESULT_BAD_STATE;
}

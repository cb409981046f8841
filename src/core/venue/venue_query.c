/* venue_query.c: questions. Nothing changes here; where the street's levels would be stale they are brought up to date first, which
 * is not a change that anybody could see (they are a function of the present price). */
#include "core/venue/venue_parts.h"

result_t venue_account_view(const venue_t *venue, venue_account_t account, venue_account_view_t *out)
{
    if (account >= venue->account_count) {
        return RESULT_NOT_FOUND;
    }
    const account_rec_t *record = account_of(venue, account);
    memset(out, 0, sizeof *out);
    out->account = account;
    out->mode = (venue_mode_t)record->mode;
    out->restriction = (venue_restriction_t)record->restriction;
    out->can_trade = record->restriction == VENUE_FREE;
    out->fee_burn = record->fee_burn;
    out->fee_tier = record->fee_tier;
    out->multi_assets = record->multi_assets;
    out->in_liquidation = record->liquidating;
    out->maker_rate = dec_of8(record->maker8);
    out->taker_rate = dec_of8(record->taker8);
    out->update_ns = record->update_ns;
    return RESULT_OK;
}

result_t venue_balance(const venue_t *venue, venue_account_t account, venue_asset_t asset, venue_balance_t *out)
{
    if (account >= venue->account_count || asset >= venue->asset_count) {
        return RESULT_NOT_FOUND;
    }
    const balance_rec_t *balance = balance_of(venue, account, asset);
    int64_t available8 = max8(0, margin_available8(venue, account, asset));
    memset(out, 0, sizeof *out);
    out->asset = asset;
    memcpy(out->name, asset_of(venue, asset)->name, sizeof out->name);
    out->wallet = dec_of8(balance->cross8 + balance->isolated8);
    out->cross_wallet = dec_of8(balance->cross8);
    out->unrealised_pnl = dec_of8(balance->pnl8);
    out->cross_pnl = dec_of8(balance->cross_pnl8);
    out->margin_balance = dec_of8(balance->cross8 + balance->isolated8 + balance->pnl8);
    out->position_initial_margin = dec_of8(balance->margin8);
    out->order_initial_margin = dec_of8(balance->order_margin8);
    out->initial_margin = dec_of8(balance->margin8 + balance->order_margin8);
    out->maintenance_margin = dec_of8(balance->maintenance8);
    out->available = dec_of8(available8);
    out->withdrawable_max = dec_of8(max8(0, min8(available8, balance->cross8)));
    out->update_ns = balance->update_ns;
    return RESULT_OK;
}

static void position_fill(const venue_t *venue, const slot_t *slot, uint32_t side, venue_position_t *out)
{
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    const leg_rec_t *leg = &slot->legs[side];
    out->margin = (venue_margin_t)slot->margin;
    out->leverage = slot->leverage;
    out->amount = dec_of8(leg->amount8);
    out->entry_price = dec_of8(leg_entry8(leg));
    out->break_even_price = dec_of8(leg_break_even8(leg));
    out->liquidation_price = dec_of8(margin_liquidation8(venue, slot, side));
    out->unrealised_pnl = dec_of8(leg->pnl8);
    out->realised_pnl = dec_of8(leg->realised8);
    out->notional = dec_of8(cut8(cost_of(instrument->mark8, leg->amount8)));
    out->isolated_wallet = dec_of8(slot->wallets8[side]);
    out->isolated_margin =
        dec_of8(slot->margin == VENUE_MARGIN_ISOLATED && leg->amount8 != 0 ? slot->wallets8[side] + leg->pnl8 : 0);
    out->position_initial_margin = dec_of8(leg->margin8);
    out->order_initial_margin = dec_of8(leg->order_margin8);
    out->initial_margin = dec_of8(leg->margin8 + leg->order_margin8);
    out->maintenance_margin = dec_of8(leg->maintenance8);
    out->bid_notional = dec_of16(leg->open16[VENUE_BUY]);
    out->ask_notional = dec_of16(leg->open16[VENUE_SELL]);
    out->adl_quantile = adl_quantile(venue, slot, side);
    out->update_ns = leg->update_ns;
}

result_t venue_position(const venue_t *venue, venue_account_t account, instrument_id_t id, venue_position_side_t side,
                        venue_position_t *out)
{
    if (account >= venue->account_count || id >= venue->instrument_count || (unsigned)side > VENUE_POSITION_SHORT) {
        return RESULT_NOT_FOUND;
    }
    const instrument_rec_t *instrument = instrument_of(venue, id);
    memset(out, 0, sizeof *out);
    out->account = account;
    out->instrument = id;
    out->side = side;
    out->mark_price = dec_of8(instrument->mark8);
    uint32_t highest = rules_leverage_max(instrument);
    out->leverage = venue->leverage < highest ? venue->leverage : highest;
    uint32_t slot = slot_find(venue, account, id);
    if (slot != VENUE_NIL) {
        position_fill(venue, slot_of(venue, slot), side, out);
    }
    out->notional_max = dec_of16(rules_notional_max(instrument, out->leverage));
    return RESULT_OK;
}

uint32_t venue_positions(const venue_t *venue, venue_account_t account, venue_position_t *out, uint32_t capacity)
{
    uint32_t count = 0;
    if (account >= venue->account_count) {
        return 0;
    }
    bool hedge = account_of(venue, account)->mode == VENUE_MODE_HEDGE;
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        uint32_t index = slot_find(venue, account, id);
        if (index == VENUE_NIL || is_spot(instrument_of(venue, id))) {
            continue;
        }
        const slot_t *slot = slot_of(venue, index);
        for (uint32_t side = hedge ? 1 : 0; side < (hedge ? 3u : 1u) && count < capacity; side++) {
            const leg_rec_t *leg = &slot->legs[side];
            if (leg->amount8 != 0 || leg->open16[VENUE_BUY] != 0 || leg->open16[VENUE_SELL] != 0) {
                (void)venue_position(venue, account, (instrument_id_t)id, (venue_position_side_t)side, &out[count++]);
            }
        }
    }
    return count;
}

/* --- lists ------------------------------------------------------------------------------------ */

static bool selected(const venue_select_t *select, uint32_t instrument, uint64_t id, int64_t time_ns, bool open)
{
    return (select->instrument == INSTRUMENT_NONE || select->instrument == instrument) && id >= select->from_id &&
           (select->from_ns == 0 || time_ns >= select->from_ns) && (select->to_ns == 0 || time_ns <= select->to_ns) &&
           (open || !select->open_only);
}

/* Where to begin so that the newest `capacity` of `matching` come. */
static uint32_t skip_of(const venue_select_t *select, uint32_t matching, uint32_t capacity)
{
    return select->newest && matching > capacity ? matching - capacity : 0;
}

static bool order_selected(const venue_t *venue, const venue_select_t *select, const order_rec_t *order)
{
    return !is_spot(instrument_of(venue, order->instrument)) &&
           selected(select, order->instrument, order->id, order->time_ns, order->open);
}

uint32_t venue_orders(const venue_t *venue, const venue_select_t *select, venue_order_t *out, uint32_t capacity)
{
    if (select->account >= venue->account_count) {
        return 0;
    }
    order_pick_t *picks = (order_pick_t *)(void *)out;
    uint32_t count = orders_pick(venue, select, order_selected, picks, capacity);
    for (uint32_t i = count; i-- > 0;) { /* backwards: no row reaches the picks of those before it */
        uint32_t index = picks[i].index;
        memset(&out[i], 0, sizeof out[i]);
        view_order(venue, order_of(venue, index), &out[i]);
    }
    return count;
}

static bool algo_selected(const venue_select_t *select, const algo_rec_t *algo)
{
    return selected(select, algo->instrument, algo->id, algo->time_ns, algo->open);
}

uint32_t venue_algos(const venue_t *venue, const venue_select_t *select, venue_algo_t *out, uint32_t capacity)
{
    if (select->account >= venue->account_count) {
        return 0;
    }
    uint32_t head = account_of(venue, select->account)->algo_head, matching = 0, count = 0;
    for (uint32_t at = head; at != VENUE_NIL && select->newest; at = algo_of(venue, at)->account_next) {
        matching += algo_selected(select, algo_of(venue, at));
    }
    uint32_t skip = skip_of(select, matching, capacity);
    for (uint32_t at = head; at != VENUE_NIL && count < capacity; at = algo_of(venue, at)->account_next) {
        if (!algo_selected(select, algo_of(venue, at))) {
            continue;
        }
        if (skip > 0) {
            skip--;
            continue;
        }
        memset(&out[count], 0, sizeof out[count]);
        view_algo(venue, algo_of(venue, at), &out[count++]);
    }
    return count;
}

static void view_fill(const fill_row_t *row, venue_fill_t *out)
{
    memset(out, 0, sizeof *out);
    out->id = row->id;
    out->order_id = row->order_id;
    out->instrument = row->instrument;
    out->side = (venue_side_t)row->side;
    out->position_side = (venue_position_side_t)row->position_side;
    out->price = dec_of8(row->price8);
    out->quantity = dec_of8(row->quantity8);
    out->quote = dec_of16(cost_of(row->price8, row->quantity8));
    out->commission = dec_of8(row->commission8);
    out->realised_pnl = dec_of8(row->realised8);
    out->commission_asset = row->commission_asset;
    out->maker = row->maker;
    out->time_ns = row->time_ns;
}

static void view_income(const income_row_t *row, venue_income_t *out)
{
    memset(out, 0, sizeof *out);
    out->id = row->id;
    out->kind = (venue_income_kind_t)row->kind;
    out->instrument = row->instrument;
    out->asset = row->asset;
    out->amount = dec_of8(row->amount8);
    out->trade_id = row->trade_id;
    out->time_ns = row->time_ns;
}

static void view_trade(const trade_row_t *row, venue_trade_t *out)
{
    memset(out, 0, sizeof *out);
    out->id = row->id;
    out->price = dec_of8(row->price8);
    out->quantity = dec_of8(row->quantity8);
    out->buyer_is_maker = row->buyer_is_maker;
    out->time_ns = row->time_ns;
}

uint32_t venue_fills(const venue_t *venue, const venue_select_t *select, venue_fill_t *out, uint32_t capacity)
{
    if (select->account >= venue->account_count) {
        return 0;
    }
    uint32_t ring = venue->bounds.fill_history, matching = 0, count = 0;
    uint64_t written = account_of(venue, select->account)->fill_count;
    uint64_t first = written > ring ? written - ring : 0;
    const fill_row_t *rows = &fills_table(venue)[(size_t)select->account * ring];
    for (uint64_t at = first; at < written && select->newest; at++) {
        matching += selected(select, rows[at % ring].instrument, rows[at % ring].id, rows[at % ring].time_ns, true);
    }
    uint32_t skip = skip_of(select, matching, capacity);
    for (uint64_t at = first; at < written && count < capacity; at++) {
        const fill_row_t *row = &rows[at % ring];
        if (!selected(select, row->instrument, row->id, row->time_ns, true)) {
            continue;
        }
        if (skip > 0) {
            skip--;
            continue;
        }
        view_fill(row, &out[count++]);
    }
    return count;
}

uint32_t venue_incomes(const venue_t *venue, const venue_select_t *select, venue_income_t *out, uint32_t capacity)
{
    if (select->account >= venue->account_count) {
        return 0;
    }
    uint32_t ring = venue->bounds.income_history, matching = 0, count = 0;
    uint64_t written = account_of(venue, select->account)->income_count;
    uint64_t first = written > ring ? written - ring : 0;
    const income_row_t *rows = &incomes_table(venue)[(size_t)select->account * ring];
    for (uint64_t at = first; at < written && select->newest; at++) {
        matching += selected(select, rows[at % ring].instrument, rows[at % ring].id, rows[at % ring].time_ns, true);
    }
    uint32_t skip = skip_of(select, matching, capacity);
    for (uint64_t at = first; at < written && count < capacity; at++) {
        const income_row_t *row = &rows[at % ring];
        if (!selected(select, row->instrument, row->id, row->time_ns, true)) {
            continue;
        }
        if (skip > 0) {
            skip--;
            continue;
        }
        view_income(row, &out[count++]);
    }
    return count;
}

uint32_t venue_trades(const venue_t *venue, instrument_id_t id, uint64_t from_id, venue_trade_t *out, uint32_t capacity)
{
    if (id >= venue->instrument_count) {
        return 0;
    }
    uint32_t ring = venue->bounds.trade_history, count = 0;
    uint64_t written = instrument_of(venue, id)->trade_count;
    uint64_t first = written > ring ? written - ring : 0;
    if (from_id == 0 && written - first > capacity) {
        first = written - capacity;
    }
    const trade_row_t *rows = &trades_table(venue)[(size_t)id * ring];
    for (uint64_t at = first; at < written && count < capacity; at++) {
        if (rows[at % ring].id >= from_id) {
            view_trade(&rows[at % ring], &out[count++]);
        }
    }
    return count;
}

uint32_t venue_fundings(const venue_t *venue, instrument_id_t id, venue_funding_t *out, uint32_t capacity)
{
    if (id >= venue->instrument_count) {
        return 0;
    }
    uint32_t ring = venue->bounds.funding_history, count = 0;
    uint64_t written = instrument_of(venue, id)->funding_count;
    uint64_t first = written > ring ? written - ring : 0;
    first = written - first > capacity ? written - capacity : first;
    for (uint64_t at = first; at < written; at++) {
        out[count++] = fundings_table(venue)[(size_t)id * ring + at % ring];
    }
    return count;
}

/* --- the book --------------------------------------------------------------------------------- */

static uint32_t side_levels(const venue_t *venue, const instrument_rec_t *instrument, venue_side_t side, uint32_t limit,
                            level_t *out)
{
    uint32_t count = 0;
    uint32_t at = instrument->books[side].head[0].to;
    for (; at != VENUE_NIL && count < limit; at = level_of(venue, at)->next.to) {
        const level_node_t *level = level_of(venue, at);
        if (level->street8 + level->users8 > 0) {
            out[count].price = dec_of8(side == VENUE_BUY ? -level->key : level->key);
            out[count++].quantity = dec_of8(level->street8 + level->users8);
        }
    }
    return count;
}

uint64_t venue_depth(const venue_t *venue, instrument_id_t id, uint32_t limit, level_t *bids, uint32_t *bid_count, level_t *asks,
                     uint32_t *ask_count)
{
    *bid_count = *ask_count = 0;
    if (id >= venue->instrument_count) {
        return 0;
    }
    street_refresh((venue_t *)(uintptr_t)venue, id);
    const instrument_rec_t *instrument = instrument_of(venue, id);
    *bid_count = side_levels(venue, instrument, VENUE_BUY, limit, bids);
    *ask_count = side_levels(venue, instrument, VENUE_SELL, limit, asks);
    return instrument->update_id;
}

bool venue_quote(const venue_t *venue, instrument_id_t id, quote_t *quote)
{
    level_t bid, ask;
    uint32_t bids, asks;
    uint64_t update_id = venue_depth(venue, id, 1, &bid, &bids, &ask, &asks);
    if (bids == 0 || asks == 0) {
        return false;
    }
    memset(quote, 0, sizeof *quote);
    quote->bid = bid.price;
    quote->bid_quantity = bid.quantity;
    quote->ask = ask.price;
    quote->ask_quantity = ask.quantity;
    quote->update_id = update_id;
    return true;
}

mark_t venue_mark(const venue_t *venue, instrument_id_t id)
{
    mark_t mark = {0};
    if (id < venue->instrument_count) {
        const instrument_rec_t *instrument = instrument_of(venue, id);
        mark.mark = dec_of8(instrument->mark8);
        mark.index = dec_of8(instrument->index8);
        mark.funding_rate = dec_of8(instrument->funding_rate8);
        mark.funding_next_ns = instrument->funding_next_ns;
    }
    return mark;
}

dec_t venue_last_price(const venue_t *venue, instrument_id_t id)
{
    return id < venue->instrument_count ? dec_of8(instrument_of(venue, id)->price8) : DEC_ZERO;
}

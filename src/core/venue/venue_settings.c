/* venue_settings.c: assets, instruments, accounts, money in and out, leverage, margin type, position mode, isolated margin. */
#include "core/venue/venue_parts.h"

static venue_reply_t refused(venue_reject_t reject)
{
    return (venue_reply_t){.reject = reject};
}
static void command_begins(venue_t *venue)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
}

/* --- assets, instruments ---------------------------------------------------------------------- */

result_t venue_asset_add(venue_t *venue, str_t name, venue_asset_t *asset)
{
    if (venue->asset_count == venue->bounds.assets) {
        return RESULT_FULL;
    }
    if (asset_find(venue, name) != VENUE_NIL) {
        return RESULT_DUPLICATE;
    }
    asset_rec_t *record = asset_of(venue, venue->asset_count);
    result_t result = str_copy(name, record->name, sizeof record->name);
    if (result != RESULT_OK || name.length == 0) {
        return result == RESULT_OK ? RESULT_TEXT_EMPTY : result;
    }
    record->insurance8 = record->deposits8 = venue->insurance_start8;
    *asset = (venue_asset_t)venue->asset_count++;
    collateral_markets_find(venue);
    return RESULT_OK;
}

uint32_t asset_find(const venue_t *venue, str_t name)
{
    for (uint32_t asset = 0; asset < venue->asset_count; asset++) {
        if (str_eq(str_from(asset_of(venue, asset)->name), name)) {
            return asset;
        }
    }
    return VENUE_NIL;
}

uint32_t venue_asset_count(const venue_t *venue)
{
    return venue->asset_count;
}

const char *venue_asset_name(const venue_t *venue, venue_asset_t asset)
{
    return asset < venue->asset_count ? asset_of(venue, asset)->name : "";
}

venue_street_t venue_street_default(void)
{
    return (venue_street_t){
        .half_spread_ticks = 1,
        .levels = 20,
        .level_gap_rate = dec_from_scaled(2, 5),
        .level_share = dec_from_scaled(5, 4),
        .slippage_rate = DEC_ZERO,
        .participation = dec_from_scaled(25, 2),
        .queue_cancel_pct = 50,
        .interest_rate = dec_from_scaled(1, 4),
    };
}

result_t venue_street_set(venue_t *venue, instrument_id_t id, const venue_street_t *street)
{
    int64_t gap8, share8, slippage8, participation8, interest8;
    if (id >= venue->instrument_count || street->half_spread_ticks == 0 || street->half_spread_ticks > 1000000 ||
        street->levels == 0 || street->levels > VENUE_STREET_LEVELS_MAX || !to8(street->level_gap_rate, &gap8) ||
        !to8(street->level_share, &share8) || !to8(street->slippage_rate, &slippage8) ||
        !to8(street->participation, &participation8) || !to8(street->interest_rate, &interest8) || gap8 < 0 || gap8 > VENUE_E8 ||
        share8 < 0 || share8 > VENUE_E8 || slippage8 < 0 || slippage8 > VENUE_E8 / 2 || participation8 < 0 ||
        participation8 > VENUE_E8 || street->queue_cancel_pct > 100 || abs8(interest8) > VENUE_E8 / 10) {
        return RESULT_BAD_ARGUMENT;
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    street_rec_t *record = &instrument->street;
    record->half_spread = street->half_spread_ticks;
    record->levels = street->levels;
    record->gap8 = gap8;
    record->share8 = share8;
    record->slippage8 = slippage8;
    record->participation8 = participation8;
    record->cancel_pct = street->queue_cancel_pct;
    record->interest8 = interest8;
    instrument->street_dirty = 1;
    funding_begin(venue, id);
    return RESULT_OK;
}

result_t venue_instrument_add(venue_t *venue, const instrument_t *rules, instrument_id_t *id)
{
    if (venue->instrument_count == venue->bounds.instruments) {
        return RESULT_FULL;
    }
    uint32_t asset = asset_find(venue, str_from(rules->settle));
    if (asset == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    for (uint32_t i = 0; i < venue->instrument_count; i++) {
        const instrument_t *other = &instrument_of(venue, i)->rules;
        if (str_eq_nocase(str_from(other->symbol), str_from(rules->symbol)) &&
            (other->kind == INSTRUMENT_SPOT) == (rules->kind == INSTRUMENT_SPOT)) {
            return RESULT_DUPLICATE;
        }
    }
    uint32_t base = rules->kind == INSTRUMENT_SPOT ? asset_find(venue, str_from(rules->base)) : asset;
    if (rules->kind == INSTRUMENT_SPOT && (venue->bounds.order_lists == 0 || base == asset)) {
        return RESULT_BAD_ARGUMENT;
    }
    if (base == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    uint32_t index = venue->instrument_count;
    instrument_rec_t *instrument = instrument_of(venue, index);
    result_t result = rules_load(instrument, rules);
    if (result != RESULT_OK) {
        return result;
    }
    instrument->asset = (uint8_t)asset;
    instrument->base = (uint8_t)base;
    instrument->slot_head = instrument->trail_head = VENUE_NIL;
    instrument->budget_knot_ns = -1;
    for (uint32_t i = 0; i < 2; i++) {
        ladder_init(&instrument->books[i], instrument->tick8);
        ladder_init(&instrument->triggers[i][0], instrument->tick8);
        ladder_init(&instrument->triggers[i][1], instrument->tick8);
    }
    venue->instrument_count++;
    collateral_markets_find(venue);
    venue_street_t street = venue_street_default();
    (void)venue_street_set(venue, (instrument_id_t)index, &street);
    *id = (instrument_id_t)index;
    return RESULT_OK;
}

uint32_t venue_instrument_count(const venue_t *venue)
{
    return venue->instrument_count;
}

const instrument_t *venue_instrument_at(const venue_t *venue, instrument_id_t id)
{
    return id < venue->instrument_count ? &instrument_of(venue, id)->rules : NULL;
}

result_t venue_instrument_update(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, const instrument_t *rules)
{
    if (id >= venue->instrument_count) {
        return RESULT_NOT_FOUND;
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    const instrument_t *old = &instrument->rules;
    if (!str_eq(str_from(old->symbol), str_from(rules->symbol)) || !str_eq(str_from(old->settle), str_from(rules->settle)) ||
        !str_eq(str_from(old->base), str_from(rules->base)) || !str_eq(str_from(old->quote), str_from(rules->quote))) {
        return RESULT_BAD_ARGUMENT;
    }
    bool brackets = old->bracket_count != rules->bracket_count || memcmp(old->brackets, rules->brackets, sizeof old->brackets) != 0;
    result_t result = rules_load(instrument, rules);
    if (result == RESULT_OK) {
        command_begins(venue);
        instrument->street_dirty = 1;
        margin_refresh_instrument(venue, id);
        emit_rules(venue, sink, id, brackets);
    }
    return result;
}

result_t venue_instrument_status(venue_t *venue, const venue_sink_t *sink, instrument_id_t id, instrument_status_t status)
{
    if (id >= venue->instrument_count || (unsigned)status > INSTRUMENT_UNKNOWN) {
        return RESULT_BAD_ARGUMENT;
    }
    command_begins(venue);
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (instrument->rules.status != status) {
        instrument->rules.status = status;
        emit_status(venue, sink, id, status);
    }
    return RESULT_OK;
}

void venue_follow(venue_t *venue, instrument_id_t id, uint32_t streams, uint32_t kline_timeframes)
{
    if (id < venue->instrument_count) {
        instrument_rec_t *instrument = instrument_of(venue, id);
        if ((streams & VENUE_FOLLOW_DEPTH) == 0) {
            memset(instrument->changes, 0, sizeof instrument->changes);
            instrument->change_count[0] = instrument->change_count[1] = 0;
            instrument->depth_sent_id = instrument->update_id;
        }
        uint32_t fresh = kline_timeframes & ~instrument->kline_follow;
        for (uint32_t timeframe = 0; timeframe < TF_COUNT; timeframe++) {
            if ((fresh & 1u << timeframe) != 0) {
                instrument->kline_sent_ns[timeframe] = timeframe_open((timeframe_t)timeframe, venue->now_ns);
            }
        }
        instrument->follow = streams;
        instrument->kline_follow = kline_timeframes;
    }
}

/* --- accounts --------------------------------------------------------------------------------- */

result_t venue_account_open(venue_t *venue, venue_account_t *account)
{
    if (venue->account_count == venue->bounds.accounts) {
        return RESULT_FULL;
    }
    account_rec_t *record = account_of(venue, venue->account_count);
    record->maker8 = venue->maker8;
    record->taker8 = venue->taker8;
    record->slot_head = record->slot_tail = VENUE_NIL;
    record->algo_head = record->algo_tail = record->algo_history_head = record->algo_history_tail = VENUE_NIL;
    record->spot_maker8 = record->spot_taker8 = VENUE_E8 / 1000; /* 0.1 %, VIP 0 */
    record->dirty_next = record->joint_next = VENUE_NIL;
    record->update_ns = venue->now_ns;
    *account = venue->account_count++;
    return RESULT_OK;
}

uint32_t venue_account_count(const venue_t *venue)
{
    return venue->account_count;
}

static int64_t withdrawable8(const venue_t *venue, uint32_t account, uint32_t asset)
{
    const balance_rec_t *balance = balance_of(venue, account, asset);
    return max8(0, min8(balance->cross8, margin_available8(venue, account, asset)));
}

venue_reject_t venue_transfer(venue_t *venue, const venue_sink_t *sink, venue_account_t account, venue_asset_t asset, dec_t amount)
{
    int64_t amount8;
    if (account >= venue->account_count || asset >= venue->asset_count) {
        return VENUE_REJECT_INVALID_COMBINATION;
    }
    if (!to8(amount, &amount8)) {
        return VENUE_REJECT_PRECISION;
    }
    balance_rec_t *balance = balance_of(venue, account, asset);
    if (amount8 < 0 && -amount8 > withdrawable8(venue, account, asset)) {
        return VENUE_REJECT_BALANCE;
    }
    if (amount8 > VENUE_MONEY8_MAX - max8(0, balance->cross8) ||
        amount8 > 4 * VENUE_MONEY8_MAX - asset_of(venue, asset)->deposits8) {
        return VENUE_REJECT_BALANCE;
    }
    command_begins(venue);
    balance->cross8 += amount8;
    asset_of(venue, asset)->deposits8 += amount8;
    if (amount8 != 0) {
        income_add(venue, account, VENUE_INCOME_TRANSFER, INSTRUMENT_NONE, asset, amount8, 0);
        emit_account(venue, sink, account, asset, VENUE_NIL, 0, amount8 > 0 ? VENUE_REASON_DEPOSIT : VENUE_REASON_WITHDRAW,
                     amount8);
    }
    return VENUE_REJECT_NONE;
}

venue_reply_t venue_set_leverage(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t id,
                                 uint32_t leverage, dec_t *notional_max)
{
    if (account >= venue->account_count || id >= venue->instrument_count) {
        return refused(VENUE_REJECT_INVALID_SYMBOL);
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (leverage == 0 || leverage > 125 || leverage > rules_leverage_max(instrument)) {
        return (venue_reply_t){.reject = VENUE_REJECT_INVALID_LEVERAGE, .limit = dec_from_int(leverage)};
    }
    venue_reply_t standing = standing_leverage(account_of(venue, account), leverage);
    if (standing.reject != VENUE_REJECT_NONE) {
        return standing;
    }
    uint32_t index = slot_put(venue, account, id);
    if (index == VENUE_NIL) {
        return refused(VENUE_REJECT_TOO_MANY_ORDERS_HERE);
    }
    slot_t *slot = slot_of(venue, index);
    uint32_t before = slot->leverage;
    bool holds = slot->legs[0].amount8 != 0 || slot->legs[1].amount8 != 0 || slot->legs[2].amount8 != 0;
    cost16_t most16 = rules_notional_max(instrument, leverage);
    if (slot->margin == VENUE_MARGIN_ISOLATED && holds && leverage < before) {
        return refused(VENUE_REJECT_LEVERAGE_CUT_ISOLATED);
    }
    for (uint32_t side = 0; side < 3; side++) {
        const leg_rec_t *leg = &slot->legs[side];
        cost16_t position16 = cost_of(instrument->mark8, leg->amount8);
        if (abs16(position16 + leg->open16[VENUE_BUY]) > most16 || abs16(position16 - leg->open16[VENUE_SELL]) > most16) {
            return refused(VENUE_REJECT_MAX_POSITION);
        }
    }
    slot->leverage = (uint8_t)leverage;
    margin_refresh(venue, index);
    if (leverage < before && margin_available8(venue, account, instrument->asset) < 0) {
        slot->leverage = (uint8_t)before;
        margin_refresh(venue, index);
        return refused(VENUE_REJECT_LEVERAGE_MARGIN);
    }
    if (notional_max != NULL) {
        *notional_max = dec_of16(most16);
    }
    command_begins(venue);
    emit_leverage(venue, sink, account, id, leverage);
    return refused(VENUE_REJECT_NONE);
}

venue_reply_t venue_set_margin(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t id,
                               venue_margin_t margin)
{
    (void)sink; /* the exchange sends no event while nothing is open */
    if (account >= venue->account_count || id >= venue->instrument_count) {
        return refused(VENUE_REJECT_INVALID_SYMBOL);
    }
    if ((unsigned)margin > VENUE_MARGIN_ISOLATED) {
        return refused(VENUE_REJECT_INVALID_COMBINATION);
    }
    uint32_t index = slot_put(venue, account, id);
    if (index == VENUE_NIL) {
        return refused(VENUE_REJECT_TOO_MANY_ORDERS_HERE);
    }
    slot_t *slot = slot_of(venue, index);
    if (slot->margin == (uint8_t)margin) {
        return refused(VENUE_REJECT_MARGIN_TYPE_SAME);
    }
    if (margin == VENUE_MARGIN_ISOLATED && account_of(venue, account)->multi_assets) {
        return refused(VENUE_REJECT_ISOLATED_JOINT);
    }
    if (slot->order_count > 0 || slot->algo_count > 0) {
        return refused(VENUE_REJECT_MARGIN_TYPE_ORDERS);
    }
    if (slot->legs[0].amount8 != 0 || slot->legs[1].amount8 != 0 || slot->legs[2].amount8 != 0) {
        return refused(VENUE_REJECT_MARGIN_TYPE_POSITION);
    }
    slot->margin = margin == VENUE_MARGIN_ISOLATED;
    return refused(VENUE_REJECT_NONE);
}

venue_reply_t venue_set_mode(venue_t *venue, const venue_sink_t *sink, venue_account_t account, venue_mode_t mode)
{
    if (account >= venue->account_count || (unsigned)mode > VENUE_MODE_HEDGE) {
        return refused(VENUE_REJECT_INVALID_COMBINATION);
    }
    account_rec_t *record = account_of(venue, account);
    if (record->mode == (uint8_t)mode) {
        return refused(VENUE_REJECT_POSITION_MODE_SAME);
    }
    if (record->order_open > 0 || record->algo_open > 0) {
        return refused(VENUE_REJECT_POSITION_MODE_ORDERS);
    }
    for (uint32_t at = record->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->account_next) {
        for (uint32_t side = 0; side < 3; side++) {
            if (slot_of(venue, at)->legs[side].amount8 != 0) {
                return refused(VENUE_REJECT_POSITION_MODE_POSITION);
            }
        }
    }
    record->mode = (uint8_t)mode;
    command_begins(venue);
    emit_mode(venue, sink, account, mode);
    return refused(VENUE_REJECT_NONE);
}

/* What may be taken from an isolated wallet: the rest must cover initial margin, also with an unrealised loss. */
static int64_t removable8(const slot_t *slot, uint32_t side)
{
    const leg_rec_t *leg = &slot->legs[side];
    return slot->wallets8[side] + min8(0, leg->pnl8) - leg->margin8;
}

venue_reply_t venue_move_margin(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t id,
                                venue_position_side_t side, dec_t amount)
{
    int64_t amount8;
    if (account >= venue->account_count || id >= venue->instrument_count) {
        return refused(VENUE_REJECT_INVALID_SYMBOL);
    }
    if ((unsigned)side > VENUE_POSITION_SHORT ||
        (side == VENUE_POSITION_BOTH) != (account_of(venue, account)->mode == VENUE_MODE_ONE_WAY)) {
        return refused(VENUE_REJECT_POSITION_SIDE_MISMATCH);
    }
    if (!to8(amount, &amount8)) {
        return refused(VENUE_REJECT_PRECISION);
    }
    uint32_t index = slot_find(venue, account, id);
    if (index == VENUE_NIL || slot_of(venue, index)->margin != VENUE_MARGIN_ISOLATED) {
        return refused(VENUE_REJECT_NOT_ISOLATED);
    }
    slot_t *slot = slot_of(venue, index);
    uint32_t asset = instrument_of(venue, id)->asset;
    balance_rec_t *balance = balance_of(venue, account, asset);
    if (slot->legs[side].amount8 == 0) {
        return refused(VENUE_REJECT_NO_POSITION_FOR_MARGIN);
    }
    if (amount8 == 0) {
        return refused(VENUE_REJECT_AMOUNT_NOT_POSITIVE);
    }
    if (amount8 > 0 && amount8 > withdrawable8(venue, account, asset)) {
        return refused(VENUE_REJECT_CROSS_BALANCE);
    }
    if (amount8 < 0 && -amount8 > removable8(slot, side)) {
        return refused(VENUE_REJECT_ISOLATED_BALANCE);
    }
    slot->wallets8[side] += amount8;
    balance->isolated8 += amount8;
    balance->cross8 -= amount8;
    command_begins(venue);
    if (venue->bounds.change_history > 0) {
        change_note_margin(venue, account, id, side, amount8);
    }
    emit_account(venue, sink, account, asset, index, 1u << side, VENUE_REASON_MARGIN_TRANSFER, -amount8);
    return refused(VENUE_REJECT_NONE);
}

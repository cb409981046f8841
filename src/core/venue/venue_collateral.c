/* venue_collateral.c: several assets as one margin (multi-assets mode).
 *
 * An account in that mode has one margin over all its assets, in USD. What it has of an asset (cross wallet and unrealised profit)
 * counts at the asset's index less a buffer, what it owes at the index plus the buffer, and so does what positions and orders need.
 * Margin is cross only. A loss may leave the wallet of one asset negative while others stand against it; when it is deeper than
 * the exchange's threshold, and at the end of a liquidation, other assets are sold for it to the insurance fund, which has both, at
 * a smaller buffer. So in each asset what one side gives the other gets.
 */
#include "core/venue/venue_parts.h"

enum { DOLLAR_BUFFER8 = 10000, COIN_BUFFER8 = 5000000 }; /* 0.01 %, 5 % */
enum { DOLLAR_EXCHANGE8 = 10000, COIN_EXCHANGE8 = 2500000 };
#define OWED_MOST8 (10000 * VENUE_E8) /* USD in one asset, before others are sold for it */

/* --- what an asset is worth ------------------------------------------------------------------- */

/* Whatever has USD in its name (USDT, USDC, FDUSD, USD1) is worth one. */
static bool is_dollar(const char *name)
{
    for (; *name != '\0'; name++) {
        if (name[0] == 'U' && name[1] == 'S' && name[2] == 'D') {
            return true;
        }
    }
    return false;
}

/* A contract's mark before a spot market's price; VENUE_NIL: nothing trades it against a dollar. */
static uint32_t market_of(const venue_t *venue, uint32_t asset)
{
    uint32_t found = VENUE_NIL;
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        const instrument_rec_t *instrument = instrument_of(venue, id);
        bool fits = is_dollar(asset_of(venue, instrument->asset)->name) &&
                    str_eq(str_from(instrument->rules.base), str_from(asset_of(venue, asset)->name));
        if (fits && (found == VENUE_NIL || (is_spot(instrument_of(venue, found)) && !is_spot(instrument)))) {
            found = id;
        }
    }
    return found;
}

void collateral_markets_find(venue_t *venue)
{
    for (uint32_t asset = 0; asset < venue->asset_count; asset++) {
        asset_of(venue, asset)->dollar = is_dollar(asset_of(venue, asset)->name);
        asset_of(venue, asset)->market = market_of(venue, asset);
    }
}

int64_t collateral_index8(const venue_t *venue, uint32_t asset)
{
    const asset_rec_t *record = asset_of(venue, asset);
    if (record->dollar) {
        return VENUE_E8;
    }
    if (record->market == VENUE_NIL) {
        return 0;
    }
    const instrument_rec_t *instrument = instrument_of(venue, record->market);
    return is_spot(instrument) ? instrument->price8 : instrument->mark8;
}

typedef enum { RATE_BID, RATE_ASK } rate_t;

static int64_t rate8(int64_t index8, rate_t rate, int64_t buffer8)
{
    return (int64_t)((int128_t)index8 * (rate == RATE_BID ? VENUE_E8 - buffer8 : VENUE_E8 + buffer8) / VENUE_E8);
}

static int64_t margin_rate_at8(const venue_t *venue, uint32_t asset, rate_t rate, int64_t index8)
{
    return rate8(index8, rate, asset_of(venue, asset)->dollar ? DOLLAR_BUFFER8 : COIN_BUFFER8);
}

static int64_t margin_rate8(const venue_t *venue, uint32_t asset, rate_t rate)
{
    return margin_rate_at8(venue, asset, rate, collateral_index8(venue, asset));
}

static int64_t exchange_rate8(const venue_t *venue, uint32_t asset, rate_t rate)
{
    return rate8(collateral_index8(venue, asset), rate, asset_of(venue, asset)->dollar ? DOLLAR_EXCHANGE8 : COIN_EXCHANGE8);
}

result_t venue_asset_index(const venue_t *venue, venue_asset_t asset, venue_asset_index_t *out)
{
    memset(out, 0, sizeof *out);
    if (asset >= venue->asset_count || collateral_index8(venue, asset) <= 0) {
        return RESULT_NOT_FOUND;
    }
    bool dollar = asset_of(venue, asset)->dollar;
    out->index = dec_of8(collateral_index8(venue, asset));
    out->buffer = dec_of8(dollar ? DOLLAR_BUFFER8 : COIN_BUFFER8);
    out->bid_rate = dec_of8(margin_rate8(venue, asset, RATE_BID));
    out->ask_rate = dec_of8(margin_rate8(venue, asset, RATE_ASK));
    out->exchange_buffer = dec_of8(dollar ? DOLLAR_EXCHANGE8 : COIN_EXCHANGE8);
    out->exchange_bid_rate = dec_of8(exchange_rate8(venue, asset, RATE_BID));
    out->exchange_ask_rate = dec_of8(exchange_rate8(venue, asset, RATE_ASK));
    return RESULT_OK;
}

/* --- what an account is worth ----------------------------------------------------------------- */

/* What is had is rounded down, what is owed or needed up. */
static int128_t worth_at8(const venue_t *venue, uint32_t asset, int128_t value8, int64_t index8)
{
    return value8 >= 0 ? value8 * margin_rate_at8(venue, asset, RATE_BID, index8) / VENUE_E8
                       : (value8 * margin_rate_at8(venue, asset, RATE_ASK, index8) - (VENUE_E8 - 1)) / VENUE_E8;
}

static int128_t worth8(const venue_t *venue, uint32_t asset, int128_t value8)
{
    return worth_at8(venue, asset, value8, collateral_index8(venue, asset));
}

static int128_t need8(const venue_t *venue, uint32_t asset, int128_t value8)
{
    return -worth8(venue, asset, -value8);
}

static bool is_used(const balance_rec_t *balance)
{
    return (balance->cross8 | balance->cross_pnl8 | balance->cross_margin8 | balance->order_margin8 |
            balance->cross_maintenance8) != 0;
}

/* As if profit and maintenance of positions settled in `asset` were those much more. */
static collateral_t sum_with(const venue_t *venue, uint32_t account, collateral_if_t then, uint32_t asset, int64_t pnl8,
                             int64_t maintenance8)
{
    collateral_t sum = {0, 0, 0};
    for (uint32_t at = 0; at < venue->asset_count; at++) {
        const balance_rec_t *balance = balance_of(venue, account, at);
        if (!is_used(balance) && at != asset) {
            continue;
        }
        bool moved = then.instrument != VENUE_NIL && !asset_of(venue, at)->dollar && asset_of(venue, at)->market == then.instrument;
        int64_t index8 = moved ? then.mark8 : collateral_index8(venue, at);
        int64_t more8 = at == asset ? pnl8 : 0, needed8 = at == asset ? maintenance8 : 0;
        sum.equity8 += worth_at8(venue, at, (int128_t)balance->cross8 + balance->cross_pnl8 + more8, index8);
        sum.initial8 -= worth_at8(venue, at, -((int128_t)balance->cross_margin8 + balance->order_margin8), index8);
        sum.maintenance8 -= worth_at8(venue, at, -((int128_t)balance->cross_maintenance8 + needed8), index8);
    }
    return sum;
}

static collateral_t collateral_sum(const venue_t *venue, uint32_t account)
{
    return sum_with(venue, account, (collateral_if_t){VENUE_NIL, 0}, VENUE_NIL, 0, 0);
}

bool collateral_due(const venue_t *venue, uint32_t account, collateral_if_t then, uint32_t asset, int64_t pnl8,
                    int64_t maintenance8)
{
    collateral_t sum = sum_with(venue, account, then, asset, pnl8, maintenance8);
    return sum.maintenance8 > 0 && sum.equity8 <= sum.maintenance8;
}

uint32_t collateral_priced_by(const venue_t *venue, uint32_t instrument)
{
    uint32_t asset = venue->joint_head == VENUE_NIL ? venue->asset_count : 0;
    while (asset < venue->asset_count && (asset_of(venue, asset)->dollar || asset_of(venue, asset)->market != instrument)) {
        asset++;
    }
    return asset < venue->asset_count ? asset : VENUE_NIL;
}

bool collateral_rests_on(const venue_t *venue, uint32_t account, uint32_t asset)
{
    bool holds = false;
    for (uint32_t at = 0; at < venue->asset_count && !holds; at++) {
        holds = balance_of(venue, account, at)->cross_maintenance8 > 0;
    }
    return holds && is_used(balance_of(venue, account, asset));
}

/* USD in units of an asset: had at the ask rate, owed at the bid rate, so never more than there is. */
static int64_t in_asset8(const venue_t *venue, uint32_t asset, int128_t usd8)
{
    int64_t at8 = margin_rate8(venue, asset, usd8 >= 0 ? RATE_ASK : RATE_BID);
    int128_t units8 = at8 <= 0 ? 0 : usd8 * VENUE_E8 / at8;
    return units8 > VENUE_MONEY8_MAX ? VENUE_MONEY8_MAX : units8 < -VENUE_MONEY8_MAX ? -VENUE_MONEY8_MAX : (int64_t)units8;
}

int64_t collateral_margin8(const venue_t *venue, uint32_t account, uint32_t asset)
{
    return in_asset8(venue, asset, collateral_sum(venue, account).equity8);
}

int64_t collateral_available8(const venue_t *venue, uint32_t account, uint32_t asset)
{
    collateral_t sum = collateral_sum(venue, account);
    return in_asset8(venue, asset, sum.equity8 - sum.initial8);
}

int64_t collateral_beside8(const venue_t *venue, uint32_t account, uint32_t asset)
{
    int128_t usd8 = 0;
    for (uint32_t at = 0; at < venue->asset_count; at++) {
        const balance_rec_t *balance = balance_of(venue, account, at);
        if (at != asset && is_used(balance)) {
            usd8 +=
                worth8(venue, at, (int128_t)balance->cross8 + balance->cross_pnl8) - need8(venue, at, balance->cross_maintenance8);
        }
    }
    return in_asset8(venue, asset, usd8);
}

result_t venue_collateral(const venue_t *venue, venue_account_t account, venue_collateral_t *out)
{
    memset(out, 0, sizeof *out);
    if (account >= venue->account_count) {
        return RESULT_NOT_FOUND;
    }
    int128_t wallet8 = 0, pnl8 = 0, position8 = 0, order8 = 0, most8 = 0;
    for (uint32_t at = 0; at < venue->asset_count; at++) {
        const balance_rec_t *balance = balance_of(venue, account, at);
        if (is_used(balance)) {
            wallet8 += worth8(venue, at, balance->cross8);
            pnl8 += worth8(venue, at, balance->cross_pnl8);
            position8 += need8(venue, at, balance->cross_margin8);
            order8 += need8(venue, at, balance->order_margin8);
            most8 += worth8(venue, at, max8(0, balance->cross8));
        }
    }
    collateral_t sum = collateral_sum(venue, account);
    int128_t free8 = sum.equity8 > sum.initial8 ? sum.equity8 - sum.initial8 : 0;
    out->wallet = dec_of16(wallet8 * VENUE_E8);
    out->unrealised_pnl = dec_of16(pnl8 * VENUE_E8);
    out->margin_balance = dec_of16(sum.equity8 * VENUE_E8);
    out->position_initial_margin = dec_of16(position8 * VENUE_E8);
    out->order_initial_margin = dec_of16(order8 * VENUE_E8);
    out->initial_margin = dec_of16(sum.initial8 * VENUE_E8);
    out->maintenance_margin = dec_of16(sum.maintenance8 * VENUE_E8);
    out->available = dec_of16(free8 * VENUE_E8);
    out->withdrawable_max = dec_of16((free8 < most8 ? free8 : most8) * VENUE_E8);
    return RESULT_OK;
}

/* --- one asset for another -------------------------------------------------------------------- */

static void hand_over(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t asset, int64_t amount8)
{
    balance_of(venue, account, asset)->cross8 += amount8;
    asset_of(venue, asset)->insurance8 -= amount8;
    income_add(venue, account, VENUE_INCOME_AUTO_EXCHANGE, INSTRUMENT_NONE, asset, amount8, 0);
    emit_account(venue, sink, account, asset, VENUE_NIL, 0, VENUE_REASON_AUTO_EXCHANGE, amount8);
}

/* Sells of `from` what it takes, or all there is, for what is owed in `owed`. */
static void exchange(venue_t *venue, const venue_sink_t *sink, uint32_t account, uint32_t from, uint32_t owed)
{
    int64_t bid8 = exchange_rate8(venue, from, RATE_BID), ask8 = exchange_rate8(venue, owed, RATE_ASK);
    int64_t have8 = balance_of(venue, account, from)->cross8, want8 = -balance_of(venue, account, owed)->cross8;
    if (have8 <= 0 || want8 <= 0 || bid8 <= 0 || ask8 <= 0) {
        return;
    }
    int128_t sold8 = ((int128_t)want8 * ask8 + bid8 - 1) / bid8;
    if (sold8 > have8) {
        sold8 = have8;
        want8 = (int64_t)((int128_t)have8 * bid8 / ask8);
    }
    if (want8 > 0) {
        hand_over(venue, sink, account, from, -(int64_t)sold8);
        hand_over(venue, sink, account, owed, want8);
    }
}

void collateral_exchange(venue_t *venue, const venue_sink_t *sink, uint32_t account, int64_t beyond8)
{
    for (uint32_t owed = 0; owed < venue->asset_count; owed++) {
        int64_t cross8 = balance_of(venue, account, owed)->cross8;
        if (cross8 >= 0 || (int128_t)-cross8 * collateral_index8(venue, owed) / VENUE_E8 < beyond8) {
            continue;
        }
        for (uint32_t from = 0; from < venue->asset_count && balance_of(venue, account, owed)->cross8 < 0; from++) {
            exchange(venue, sink, account, from, owed);
        }
    }
}

void collateral_keep(venue_t *venue, const venue_sink_t *sink, uint32_t account)
{
    collateral_exchange(venue, sink, account, OWED_MOST8);
}

/* --- the mode --------------------------------------------------------------------------------- */

static venue_reject_t against(const venue_t *venue, uint32_t account_id)
{
    const account_rec_t *account = account_of(venue, account_id);
    for (uint32_t at = account->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->account_next) {
        if (slot_of(venue, at)->margin == VENUE_MARGIN_ISOLATED) {
            return VENUE_REJECT_JOINT_ISOLATED;
        }
    }
    for (uint32_t at = account->slot_head; at != VENUE_NIL; at = slot_of(venue, at)->account_next) {
        const slot_t *slot = slot_of(venue, at);
        if (!is_spot(instrument_of(venue, slot->instrument)) && slot->order_count + slot->algo_count > 0) {
            return VENUE_REJECT_JOINT_ORDERS;
        }
    }
    for (uint32_t asset = 0; asset < venue->asset_count; asset++) {
        if (balance_of(venue, account_id, asset)->cross8 < 0) {
            return VENUE_REJECT_JOINT_NEGATIVE;
        }
    }
    return VENUE_REJECT_NONE;
}

static void join(venue_t *venue, uint32_t id, bool multi)
{
    account_rec_t *account = account_of(venue, id);
    uint32_t *link = &venue->joint_head;
    account->multi_assets = multi & 1;
    if (multi) {
        account->joint_next = *link;
        *link = id;
        return;
    }
    while (*link != id) {
        link = &account_of(venue, *link)->joint_next;
    }
    *link = account->joint_next;
    account->joint_next = VENUE_NIL;
}

/* Margin as it is counted now covers what stands in each asset. */
static bool is_covered(const venue_t *venue, uint32_t account)
{
    for (uint32_t asset = 0; asset < venue->asset_count; asset++) {
        if (is_used(balance_of(venue, account, asset)) && margin_available8(venue, account, asset) < 0) {
            return false;
        }
    }
    return true;
}

venue_reply_t venue_set_multi_assets(venue_t *venue, const venue_sink_t *sink, venue_account_t account, bool multi)
{
    if (account >= venue->account_count) {
        return (venue_reply_t){.reject = VENUE_REJECT_INVALID_COMBINATION};
    }
    account_rec_t *record = account_of(venue, account);
    if (record->multi_assets == multi) {
        return (venue_reply_t){.reject = VENUE_REJECT_JOINT_SAME};
    }
    venue_reject_t reject = against(venue, account);
    if (reject != VENUE_REJECT_NONE) {
        return (venue_reply_t){.reject = reject};
    }
    join(venue, account, multi);
    if (!is_covered(venue, account)) {
        join(venue, account, !multi);
        return (venue_reply_t){.reject = VENUE_REJECT_JOINT_MARGIN};
    }
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    emit_multi_assets(venue, sink, account, multi);
    return (venue_reply_t){.reject = VENUE_REJECT_NONE};
}

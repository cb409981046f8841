/* venue_tier.c: which fees an account pays: rates by hand, or those of a tier; a tier is set, or earned by what the account trades.
 *
 * The table is the exchange's published one (USD-M futures, USDT symbols). When a day (UTC) ends, an account that earns its tier
 * gets the highest one of which it has traded the volume in the thirty days before, and holds the BNB. Volumes are in USD at the
 * asset's index. Nothing has to happen at midnight itself: the day's volumes stand apart, so whoever comes first afterwards (a
 * trade, the clock) finds the same.
 */
#include "core/venue/venue_parts.h"

typedef struct {
    int64_t maker8, taker8; /* rates * 10^8 */
    int64_t volume, bnb;    /* USD in thirty days, and BNB: at least */
} tier_terms_t;

static const tier_terms_t tiers[VENUE_FEE_TIERS] = {
    {20000, 50000, 0, 0},
    {16000, 40000, 15 * INT64_C(1000000), 25},
    {14000, 35000, 50 * INT64_C(1000000), 100},
    {12000, 32000, 100 * INT64_C(1000000), 250},
    {10000, 30000, 600 * INT64_C(1000000), 500},
    {8000, 27000, 1000 * INT64_C(1000000), 1000},
    {6000, 25000, 2500 * INT64_C(1000000), 1750},
    {4000, 22000, 5000 * INT64_C(1000000), 3000},
    {2000, 20000, 12500 * INT64_C(1000000), 4500},
    {0, 17000, 25000 * INT64_C(1000000), 5500},
};

static tier_rec_t *tier_of(const venue_t *venue, uint32_t account)
{
    return &tiers_table(venue)[account];
}

static bool known(const venue_t *venue, venue_account_t account)
{
    return account < venue->account_count;
}

static void tier_set(account_rec_t *account, uint32_t tier)
{
    account->fee_tier = (uint8_t)tier;
    account->maker8 = tiers[tier].maker8;
    account->taker8 = tiers[tier].taker8;
}

result_t venue_account_fees(venue_t *venue, venue_account_t account, dec_t maker_rate, dec_t taker_rate)
{
    int64_t maker8, taker8;
    if (!known(venue, account) || !to8(maker_rate, &maker8) || !to8(taker_rate, &taker8) || abs8(maker8) > VENUE_E8 / 10 ||
        abs8(taker8) > VENUE_E8 / 10) {
        return RESULT_BAD_ARGUMENT;
    }
    account_rec_t *record = account_of(venue, account);
    record->tier_earned = 0;
    record->maker8 = maker8;
    record->taker8 = taker8;
    return RESULT_OK;
}

result_t venue_account_tier(venue_t *venue, venue_account_t account, uint32_t tier)
{
    if (!known(venue, account) || tier >= VENUE_FEE_TIERS) {
        return RESULT_BAD_ARGUMENT;
    }
    account_of(venue, account)->tier_earned = 0;
    tier_set(account_of(venue, account), tier);
    return RESULT_OK;
}

/* --- earned ----------------------------------------------------------------------------------- */

static int64_t day_of(int64_t time_ns)
{
    return time_floor(time_ns, NS_PER_DAY) / NS_PER_DAY;
}

result_t venue_account_tier_earn(venue_t *venue, venue_account_t account)
{
    if (!known(venue, account)) {
        return RESULT_BAD_ARGUMENT;
    }
    account_rec_t *record = account_of(venue, account);
    if (record->tier_earned) {
        return RESULT_OK; /* what was traded so far counts on */
    }
    record->tier_earned = 1;
    memset(tier_of(venue, account), 0, sizeof(tier_rec_t));
    tier_set(record, 0);
    venue->tiers_due_ns = min8(venue->tiers_due_ns, (day_of(max8(venue->now_ns, venue->event_ns)) + 1) * NS_PER_DAY);
    return RESULT_OK;
}

void tier_note(venue_t *venue, uint32_t account, uint32_t asset, cost16_t quote16)
{
    tiers_keep(venue);
    int64_t day = day_of(venue->event_ns);
    tier_of(venue, account)->traded8[day % TIER_DAYS] += (int128_t)cut8(quote16) * collateral_index8(venue, asset) / VENUE_E8;
}

/* Of the thirty days before the running one. */
static int128_t traded8(const venue_t *venue, uint32_t account, int64_t today)
{
    int128_t sum8 = 0;
    for (int64_t day = 0; day < TIER_DAYS; day++) {
        sum8 += day == today % TIER_DAYS ? 0 : tier_of(venue, account)->traded8[day];
    }
    return sum8;
}

/* BNB of the account in both wallets; true without a number where the venue has no BNB: then the volume alone decides. */
static bool holds_bnb(const venue_t *venue, uint32_t account, int64_t wanted)
{
    uint32_t asset = asset_find(venue, STR("BNB"));
    if (asset == VENUE_NIL) {
        return true;
    }
    const balance_rec_t *balance = balance_of(venue, account, asset);
    return (int128_t)balance->cross8 + balance->isolated8 + balance->free8 + balance->locked8 >= (int128_t)wanted * VENUE_E8;
}

static uint32_t tier_earned(const venue_t *venue, uint32_t account, int64_t today)
{
    int128_t volume8 = traded8(venue, account, today);
    uint32_t tier = VENUE_FEE_TIERS - 1;
    while (tier > 0 && (volume8 < (int128_t)tiers[tier].volume * VENUE_E8 || !holds_bnb(venue, account, tiers[tier].bnb))) {
        tier--;
    }
    return tier;
}

void tiers_run(venue_t *venue)
{
    int64_t today = day_of(venue->event_ns), first = venue->tiers_due_ns / NS_PER_DAY;
    for (uint32_t account = 0; account < venue->account_count; account++) {
        if (!account_of(venue, account)->tier_earned) {
            continue;
        }
        for (int64_t day = first; day <= today && day < first + TIER_DAYS; day++) {
            tier_of(venue, account)->traded8[day % TIER_DAYS] = 0; /* it was of a day more than thirty days ago */
        }
        tier_set(account_of(venue, account), tier_earned(venue, account, today));
    }
    venue->tiers_due_ns = (today + 1) * NS_PER_DAY;
}

dec_t venue_account_traded(const venue_t *venue, venue_account_t account)
{
    if (!known(venue, account) || !account_of(venue, account)->tier_earned) {
        return DEC_ZERO;
    }
    return dec_of16(traded8(venue, account, day_of(max8(venue->now_ns, venue->event_ns))) * VENUE_E8);
}

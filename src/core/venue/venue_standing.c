/* venue_standing.c: how an account stands with the exchange: what it is kept from, how much leverage it may set, and in what it
 * pays its fees.
 *
 * Restrictions concern new orders of the account's owner; conditional orders that stand already fire as they would have.
 */
#include "core/venue/venue_parts.h"

static bool known(const venue_t *venue, venue_account_t account)
{
    return account < venue->account_count;
}

/* --- what an account may do ------------------------------------------------------------------- */

result_t venue_account_restrict(venue_t *venue, venue_account_t account, venue_restriction_t restriction)
{
    if (!known(venue, account) || (unsigned)restriction > VENUE_REGION_CLOSED) {
        return RESULT_BAD_ARGUMENT;
    }
    account_of(venue, account)->restriction = (uint8_t)restriction;
    return RESULT_OK;
}

venue_reject_t standing_check(const account_rec_t *account, bool closing)
{
    switch ((venue_restriction_t)account->restriction) {
    case VENUE_FREE:
        break;
    case VENUE_ONLY_REDUCE:
        return closing ? VENUE_REJECT_NONE : VENUE_REJECT_REDUCE_ONLY_ACCOUNT;
    case VENUE_QUANTITATIVE_RULES:
        return closing ? VENUE_REJECT_NONE : VENUE_REJECT_QUANTITATIVE_RULE;
    case VENUE_LARGE_POSITION:
        return closing ? VENUE_REJECT_NONE : VENUE_REJECT_LARGE_POSITION;
    case VENUE_NO_ORDERS:
        return VENUE_REJECT_NO_TRADING_ACCOUNT;
    case VENUE_KEYS_LOCKED:
        return VENUE_REJECT_KEYS_LOCKED;
    case VENUE_COOLING_OFF:
        return VENUE_REJECT_COOLING_OFF;
    case VENUE_REGION_CLOSED:
        return VENUE_REJECT_REGION;
    }
    return VENUE_REJECT_NONE;
}

result_t venue_account_leverage_bar(venue_t *venue, venue_account_t account, venue_leverage_bar_t bar)
{
    if (!known(venue, account) || (unsigned)bar > VENUE_LEVERAGE_REGION) {
        return RESULT_BAD_ARGUMENT;
    }
    account_of(venue, account)->leverage_bar = (uint8_t)bar;
    return RESULT_OK;
}

venue_reply_t standing_leverage(const account_rec_t *account, uint32_t leverage)
{
    static const struct {
        venue_reject_t reject;
        uint32_t most, said; /* said: the number in the text */
    } bars[] = {
        [VENUE_LEVERAGE_FREE] = {VENUE_REJECT_NONE, UINT32_MAX, 0},
        [VENUE_LEVERAGE_UNVERIFIED] = {VENUE_REJECT_LEVERAGE_VERIFICATION, 20, 20},
        [VENUE_LEVERAGE_FIRST_MONTH] = {VENUE_REJECT_LEVERAGE_FIRST_MONTH, 20, 20},
        [VENUE_LEVERAGE_FIRST_DAYS] = {VENUE_REJECT_LEVERAGE_FIRST_DAYS, 20, 60},
        [VENUE_LEVERAGE_COUNTRY] = {VENUE_REJECT_LEVERAGE_COUNTRY, 20, 20},
        [VENUE_LEVERAGE_POSITION_SERVICE] = {VENUE_REJECT_LEVERAGE_POSITION_SERVICE, 20, 20},
        [VENUE_LEVERAGE_SYMBOL] = {VENUE_REJECT_LEVERAGE_SYMBOL, 20, 20},
        [VENUE_LEVERAGE_REGION] = {VENUE_REJECT_LEVERAGE_REGION, 10, 10},
    };
    if (leverage <= bars[account->leverage_bar].most) {
        return (venue_reply_t){.reject = VENUE_REJECT_NONE};
    }
    return (venue_reply_t){.reject = bars[account->leverage_bar].reject, .limit = dec_from_int(bars[account->leverage_bar].said)};
}

/* --- fees in a third asset -------------------------------------------------------------------- */

result_t venue_fee_asset_set(venue_t *venue, venue_asset_t asset, dec_t discount)
{
    int64_t discount8;
    if (asset >= venue->asset_count || !to8(discount, &discount8) || discount8 < 0 || discount8 >= VENUE_E8) {
        return RESULT_BAD_ARGUMENT;
    }
    venue->fee_asset = asset;
    venue->fee_keep8 = VENUE_E8 - discount8;
    return RESULT_OK;
}

result_t venue_account_fee_burn(venue_t *venue, venue_account_t account, bool burn)
{
    if (!known(venue, account)) {
        return RESULT_NOT_FOUND;
    }
    account_of(venue, account)->fee_burn = burn & 1;
    return RESULT_OK;
}

/* Mark price of the symbol that trades the fee asset against the one the fee is due in; 0: there is none. */
static int64_t fee_asset_price8(const venue_t *venue, uint32_t due_asset)
{
    str_t name = str_from(asset_of(venue, venue->fee_asset)->name);
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        const instrument_rec_t *instrument = instrument_of(venue, id);
        if (instrument->asset == due_asset && str_eq(str_from(instrument->rules.base), name)) {
            return instrument->mark8;
        }
    }
    return 0;
}

int64_t standing_fee_asset8(const venue_t *venue, uint32_t account, uint32_t due_asset, int64_t fee8)
{
    if (fee8 <= 0 || venue->fee_asset == VENUE_NIL || venue->fee_asset == due_asset || !account_of(venue, account)->fee_burn) {
        return 0;
    }
    int64_t price8 = fee_asset_price8(venue, due_asset);
    if (price8 <= 0) {
        return 0;
    }
    int64_t paid8 = (int64_t)((int128_t)fee8 * venue->fee_keep8 / price8);
    int64_t have8 = min8(balance_of(venue, account, venue->fee_asset)->cross8, margin_available8(venue, account, venue->fee_asset));
    return paid8 > 0 && paid8 <= have8 ? paid8 : 0;
}

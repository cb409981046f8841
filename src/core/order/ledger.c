/* ledger.c: double entry. */
#include "core/order/ledger.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/str.h"

static const char *const names[LEDGER_ACCOUNT_COUNT] = {
#define ACCOUNT_NAME(name) [LEDGER_##name] = #name,
    LEDGER_ACCOUNT_TABLE(ACCOUNT_NAME)
#undef ACCOUNT_NAME
};

const char *ledger_account_name(ledger_account_t account)
{
    return (unsigned)account < LEDGER_ACCOUNT_COUNT ? names[account] : "?";
}

bool ledger_account_of(income_kind_t kind, ledger_account_t *account)
{
    static const ledger_account_t accounts[] = {[INCOME_FUNDING] = LEDGER_FUNDING,
                                                [INCOME_TRANSFER] = LEDGER_TRANSFER,
                                                [INCOME_LIQUIDATION] = LEDGER_LIQUIDATION,
                                                [INCOME_OTHER] = LEDGER_OTHER};
    if (kind < INCOME_FUNDING || kind > INCOME_OTHER) {
        return false;
    }
    *account = accounts[kind];
    return true;
}

void ledger_init(ledger_t *ledger)
{
    ASSERT(ledger != NULL);
    memset(ledger, 0, sizeof *ledger);
}

const ledger_asset_t *ledger_asset(const ledger_t *ledger, const char *asset)
{
    ASSERT(ledger != NULL && asset != NULL);
    for (uint32_t i = 0; i < ledger->count; i++) {
        if (str_eq(str_from(ledger->assets[i].asset), str_from(asset))) {
            return &ledger->assets[i];
        }
    }
    return NULL;
}

result_t ledger_post(ledger_t *ledger, const char *asset, ledger_account_t account, dec_t amount)
{
    ASSERT(ledger != NULL && asset != NULL);
    if (asset[0] == '\0' || account == LEDGER_WALLET || (unsigned)account >= LEDGER_ACCOUNT_COUNT) {
        return RESULT_BAD_ARGUMENT;
    }
    const ledger_asset_t *known = ledger_asset(ledger, asset);
    if (known == NULL && ledger->count == LEDGER_ASSETS_MAX) {
        return RESULT_FULL;
    }
    ledger_asset_t next;
    memset(&next, 0, sizeof next);
    if (known != NULL) {
        next = *known;
    } else if (str_copy(str_from(asset), next.asset, sizeof next.asset) != RESULT_OK) {
        return RESULT_BAD_ARGUMENT;
    }
    result_t result = dec_add(next.balances[LEDGER_WALLET], amount, &next.balances[LEDGER_WALLET]);
    if (result == RESULT_OK) {
        result = dec_sub(next.balances[account], amount, &next.balances[account]);
    }
    if (result != RESULT_OK) {
        return result;
    }
    /* What is brought, taken or merely found is no profit: the peak moves along with it. */
    const bool is_ours = account != LEDGER_OPENING && account != LEDGER_TRANSFER && account != LEDGER_UNEXPLAINED;
    result = is_ours ? RESULT_OK : dec_add(next.peak, amount, &next.peak);
    if (result != RESULT_OK) {
        return result;
    }
    next.peak = dec_max(next.peak, next.balances[LEDGER_WALLET]);
    next.postings++;
    next.opened = next.opened || account == LEDGER_OPENING;
    const uint32_t at = known != NULL ? (uint32_t)(known - ledger->assets) : ledger->count++;
    ledger->assets[at] = next;
    return RESULT_OK;
}

dec_t ledger_wallet(const ledger_t *ledger, const char *asset)
{
    const ledger_asset_t *known = ledger_asset(ledger, asset);
    return known != NULL ? known->balances[LEDGER_WALLET] : DEC_ZERO;
}

dec_t ledger_difference(const ledger_t *ledger, const char *asset, dec_t venue)
{
    dec_t difference = DEC_ZERO;
    result_t result = dec_sub(venue, ledger_wallet(ledger, asset), &difference);
    ASSERT(result == RESULT_OK); /* |a|, |b| < 10^20 and wallets are far below half of it */
    return difference;
}

bool ledger_balanced(const ledger_t *ledger)
{
    ASSERT(ledger != NULL);
    for (uint32_t i = 0; i < ledger->count; i++) {
        int128_t sum = 0;
        for (unsigned account = 0; account < LEDGER_ACCOUNT_COUNT; account++) {
            sum += ledger->assets[i].balances[account].units;
        }
        if (sum != 0) {
            return false;
        }
    }
    return true;
}

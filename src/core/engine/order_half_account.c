/* order_half_account.c: balances, income, settings, positions, frozen symbols: facts about the account that are not orders. */
#include "core/base/assert.h"
#include "core/engine/order_half_parts.h"

/* --- account ---------------------------------------------------------------------------------- */

/* No account has this much of anything. A number beyond it is a fault of the venue's or of the way here, and sums of such numbers
 * would leave our range. */
bool half_plausible(dec_t value)
{
    return dec_lt(dec_abs(value), dec_from_int(INT64_C(1000000000000000)));
}

void half_learn_balance(order_half_t *half, const private_balance_t *balance, int64_t time_ns)
{
    half_balance_t *known = NULL;
    if (!half_plausible(balance->wallet) || !half_plausible(balance->available)) {
        return;
    }
    if (time_ns <= 0 || time_ns > half->now_ns) {
        time_ns = half->now_ns; /* a stamp ahead of the time must not keep out what follows */
    }
    for (uint32_t i = 0; i < half->balance_count && known == NULL; i++) {
        if (str_eq(str_from(half->balances[i].asset), str_from(balance->asset))) {
            known = &half->balances[i];
        }
    }
    if (known == NULL) {
        if (half->balance_count == LEDGER_ASSETS_MAX || balance->asset[0] == '\0') {
            return;
        }
        known = &half->balances[half->balance_count++];
        half_text(known->asset, sizeof known->asset, balance->asset);
    }
    if (time_ns < known->time_ns) {
        return; /* told late: a newer wallet is known */
    }
    known->wallet = balance->wallet;
    known->time_ns = time_ns;
    if (balance->available_known) {
        known->available = balance->available;
        known->available_known = true;
    }
}

static uint64_t funded_trade(const order_half_t *half, const private_income_t *income)
{
    uint64_t funded = 0;
    for (uint32_t i = 0; income->kind == INCOME_FUNDING && i < half->books.trade_count; i++) {
        const book_trade_t *trade = &half->books.trades[i];
        if (trade->instrument != income->instrument || dec_is_zero(trade->position.quantity) || trade->opened_ns == 0 ||
            trade->opened_ns > income->time_ns) {
            continue;
        }
        if (funded != 0) {
            return 0; /* one payment for two positions: the ledger has it, no trade does */
        }
        funded = trade->id;
    }
    return funded;
}

void half_learn_income(order_half_t *half, const private_income_t *income)
{
    if (dec_is_zero(income->amount) || income->asset[0] == '\0' || income->time_ns < half->books.first_ns ||
        !half_plausible(income->amount) || income->kind < INCOME_FUNDING || income->kind > INCOME_OTHER ||
        books_income_seen(&half->books, income)) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_INCOME, funded_trade(half, income), income->instrument);
    record->income.income = *income;
    (void)half_commit(half, record); /* a 33rd asset is left to the comparison, which reports it */
}

void half_learn_settings(order_half_t *half, const private_settings_t *settings)
{
    if (settings->instrument >= half->instruments.count) {
        return;
    }
    const book_symbol_t *known = &half->books.symbols[settings->instrument];
    const uint32_t leverage = settings->leverage != 0 ? settings->leverage : known->leverage;
    const margin_type_t margin_type = settings->margin_type != 0 ? settings->margin_type : known->margin_type;
    if (leverage == known->leverage && margin_type == known->margin_type) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_SETTINGS, 0, settings->instrument);
    record->settings = (record_settings_t){.leverage = leverage, .margin_type = margin_type};
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

void half_learn_mode(order_half_t *half, position_mode_t mode)
{
    if (mode == half->books.mode || mode < POSITION_MODE_ONE_WAY || mode > POSITION_MODE_HEDGE) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_MODE, 0, INSTRUMENT_NONE);
    record->mode.mode = mode;
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    half->mode_told = false;
}

void half_learn_position(order_half_t *half, const private_position_t *position)
{
    if (position->instrument >= half->instruments.count || position->position < POSITION_BOTH ||
        position->position > POSITION_SHORT || !half_plausible(position->amount)) {
        return;
    }
    half_symbol_t *symbol = &half->symbols[position->instrument];
    symbol->venue_amount[position->position] = position->amount;
    symbol->venue_known[position->position] = true;
}

void half_freeze(order_half_t *half, instrument_id_t instrument, bool frozen, const char *cause)
{
    if (instrument >= half->instruments.count || half->books.symbols[instrument].frozen == frozen) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_FREEZE, 0, instrument);
    record->freeze.frozen = frozen;
    half_text(record->freeze.cause, sizeof record->freeze.cause, cause);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    half_notify(half, frozen ? NOTICE_SYMBOL_FROZEN : NOTICE_SYMBOL_RELEASED, 0, instrument);
}

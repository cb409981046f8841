/* order_half_compare.c: our books against what the venue has shown: positions and balances, one round of the comparison
 * (order_half_sync.c reads what is compared here). What does not fit and holds still is frozen or made explicit, never overwritten.
 */
#include "core/base/assert.h"
#include "core/engine/order_half_parts.h"

bool half_concerns_us(order_half_t *half, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        if (half->books.trades[i].instrument == instrument) {
            return true;
        }
    }
    return half->books.symbols[instrument].frozen;
}

bool half_position_differs(const order_half_t *half, instrument_id_t instrument)
{
    for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
        if (half->symbols[instrument].venue_known[key] &&
            !dec_eq(half->symbols[instrument].venue_amount[key], books_expected(&half->books, instrument, (position_key_t)key))) {
            return true;
        }
    }
    return false;
}

/* The part of a position that is not ours is whatever the venue shows beyond ours, as long as nothing of ours is concerned. */
static void take_over_position(order_half_t *half, instrument_id_t instrument, position_key_t key)
{
    const dec_t venue = half->symbols[instrument].venue_amount[key];
    const dec_t ours = dec_minus(books_expected(&half->books, instrument, key), half->books.symbols[instrument].foreign[key]);
    order_record_t *record = half_record(half, RECORD_POSITION, 0, instrument);
    record->position = (record_position_t){.position = key, .ours = ours, .venue = venue, .foreign = dec_minus(venue, ours)};
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

static bool holds_ours(const order_half_t *half, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        if (half->books.trades[i].instrument == instrument && !dec_is_zero(half->books.trades[i].position.quantity)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->spec.instrument == instrument && (!book_order_is_settled(order) || half_fills_missing(order))) {
            return true;
        }
    }
    return false;
}

/* Both sides as they were a round ago? Then nothing is on its way that could explain the difference. */
static bool holds_still(dec_t *last_ours, dec_t *last_venue, dec_t ours, dec_t venue)
{
    const bool same = dec_eq(*last_ours, ours) && dec_eq(*last_venue, venue);
    *last_ours = ours;
    *last_venue = venue;
    return same;
}

static bool position_holds_still(order_half_t *half, instrument_id_t instrument)
{
    half_symbol_t *symbol = &half->symbols[instrument];
    bool still = true;
    for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
        const dec_t ours = books_expected(&half->books, instrument, (position_key_t)key);
        still = holds_still(&symbol->last_ours[key], &symbol->last_venue[key], ours, symbol->venue_amount[key]) && still;
    }
    return still;
}

half_found_t half_compare_positions(order_half_t *half, bool last)
{
    half_found_t found = {0, 0};
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        if (!half_position_differs(half, i)) {
            if (half->books.symbols[i].frozen && half_concerns_us(half, i)) {
                half_freeze(half, i, false, "the position is explained");
            }
            continue;
        }
        if (!position_holds_still(half, i) || !half_has_room(half)) {
            found.moving++;
            continue;
        }
        if (!holds_ours(half, i)) {
            for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
                if (half->symbols[i].venue_known[key] &&
                    !dec_eq(half->symbols[i].venue_amount[key], books_expected(&half->books, i, (position_key_t)key))) {
                    take_over_position(half, i, (position_key_t)key);
                }
            }
            half_freeze(half, i, false, "nothing of ours there");
            continue;
        }
        found.still++;
        if (last) {
            half_freeze(half, i, true, "position without a fill that explains it");
        }
    }
    return found;
}

static void open_asset(order_half_t *half, const half_balance_t *balance)
{
    order_record_t *record = half_record(half, RECORD_OPENING, 0, INSTRUMENT_NONE);
    half_text(record->opening.asset, sizeof record->opening.asset, balance->asset);
    /* What the wallet held before the first posting: fees of it may have been booked already. */
    record->opening.wallet = ledger_difference(&half->books.ledger, balance->asset, balance->wallet);
    (void)half_commit(half, record);
}

static void explain_balance(order_half_t *half, const half_balance_t *balance, dec_t difference)
{
    order_record_t *record = half_record(half, RECORD_ADJUSTMENT, 0, INSTRUMENT_NONE);
    half_text(record->adjustment.asset, sizeof record->adjustment.asset, balance->asset);
    record->adjustment.ours = ledger_wallet(&half->books.ledger, balance->asset);
    record->adjustment.venue = balance->wallet;
    record->adjustment.difference = difference;
    half_text(record->adjustment.cause, sizeof record->adjustment.cause, half->sync.cause);
    if (half_commit(half, record) == RESULT_OK) {
        half_notify(half, NOTICE_UNEXPLAINED, 0, INSTRUMENT_NONE);
    }
}

half_found_t half_compare_balances(order_half_t *half, bool last)
{
    half_found_t found = {0, 0};
    for (uint32_t i = 0; i < half->balance_count; i++) {
        half_balance_t *balance = &half->balances[i];
        const ledger_asset_t *asset = ledger_asset(&half->books.ledger, balance->asset);
        if (asset == NULL || !asset->opened) {
            open_asset(half, balance);
            continue;
        }
        const dec_t difference = ledger_difference(&half->books.ledger, balance->asset, balance->wallet);
        const dec_t ours = ledger_wallet(&half->books.ledger, balance->asset);
        const bool still = holds_still(&balance->last_ours, &balance->last_venue, ours, balance->wallet);
        if (dec_is_zero(difference)) {
            continue;
        }
        found.still += still ? 1 : 0;
        found.moving += still ? 0 : 1;
        if (still && last) {
            explain_balance(half, balance, difference);
        }
    }
    return found;
}

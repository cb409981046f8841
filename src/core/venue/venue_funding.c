/* venue_funding.c: funding payments and the income history.
 *
 * rate = (P + clamp(I - P, -0.05 %, +0.05 %)) / (8 / N), held to 0.75 * the lowest maintenance rate both ways: P the weighted
 * average premium of the interval (venue_figures.c), I the interest rate of 8 hours, N the hours of the interval; a supplied rate
 * replaces it once. Payment = amount * mark * rate, cut to 10^-8; longs pay when the rate is positive. Paid from the wallet (cross)
 * or the isolated wallet.
 */
#include "core/venue/venue_parts.h"

void income_add(venue_t *venue, uint32_t account_id, venue_income_kind_t kind, uint32_t instrument, uint32_t asset, int64_t amount8,
                uint64_t trade_id)
{
    account_rec_t *account = account_of(venue, account_id);
    uint32_t capacity = venue->bounds.income_history;
    income_row_t *row = &incomes_table(venue)[(size_t)account_id * capacity + account->income_count % capacity];
    account->income_count++;
    row->id = ++venue->income_ids;
    row->kind = (uint8_t)kind;
    row->instrument = (instrument_id_t)instrument;
    row->asset = (uint8_t)asset;
    row->amount8 = amount8;
    row->trade_id = trade_id;
    row->time_ns = venue->event_ns;
}

static void pay(venue_t *venue, const venue_sink_t *sink, uint32_t slot_index, int64_t rate8)
{
    slot_t *slot = slot_of(venue, slot_index);
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    balance_rec_t *balance = balance_of(venue, slot->account, instrument->asset);
    for (uint32_t side = 0; side < 3; side++) {
        const leg_rec_t *leg = &slot->legs[side];
        int64_t paid8 = rate_of16(cost_of(instrument->mark8, leg->amount8), rate8);
        if (paid8 == 0) {
            continue;
        }
        bool isolated = slot->margin == VENUE_MARGIN_ISOLATED;
        if (isolated) {
            slot->wallets8[side] -= paid8;
            balance->isolated8 -= paid8;
        } else {
            balance->cross8 -= paid8;
        }
        asset_of(venue, instrument->asset)->funding8 += paid8;
        income_add(venue, slot->account, VENUE_INCOME_FUNDING_FEE, slot->instrument, instrument->asset, -paid8, 0);
        emit_account(venue, sink, slot->account, instrument->asset, slot_index, isolated ? 1u << side : 0, VENUE_REASON_FUNDING_FEE,
                     -paid8);
    }
    if (account_of(venue, slot->account)->multi_assets) {
        collateral_keep(venue, sink, slot->account);
    }
}

/* By the rules as they are now; 0: no funding. */
static int64_t funding_interval_ns(const instrument_rec_t *instrument)
{
    uint32_t hours = instrument->rules.funding_hours;
    return is_spot(instrument) ? 0 : (hours == 0 ? FUNDING_HOURS_USUAL : hours) * NS_PER_HOUR;
}

/* On the grid of whole intervals, counted from midnight UTC. */
static void next_payment(const venue_t *venue, instrument_rec_t *instrument)
{
    street_rec_t *street = &instrument->street;
    street->funding_ns = funding_interval_ns(instrument);
    instrument->funding_next_ns = street->funding_ns == 0 ? 0 : time_floor(venue->now_ns, street->funding_ns) + street->funding_ns;
}

void funding_begin(venue_t *venue, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    next_payment(venue, instrument);
    if (!instrument->funding_supplied) {
        instrument->funding_rate8 = figures_funding8(instrument);
    }
}

void funding_run(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t rate8 = instrument->funding_supplied ? instrument->funding_rate8 : figures_funding8(instrument);
    if (instrument->mark8 > 0 && instrument->rules.status == INSTRUMENT_TRADING) {
        held_walk_t walk = held_walk(venue, id);
        for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
            pay(venue, sink, at, rate8);
        }
        uint32_t capacity = venue->bounds.funding_history;
        venue_funding_t *row = &fundings_table(venue)[(size_t)id * capacity + instrument->funding_count % capacity];
        row->id = ++instrument->funding_count;
        row->rate = dec_of8(rate8);
        row->mark_price = dec_of8(instrument->mark8);
        row->time_ns = instrument->funding_next_ns;
        instrument->funding_last8 = rate8;
    }
    instrument->premium_sum8 = instrument->premium_count = 0;
    instrument->funding_supplied = 0;
    next_payment(venue, instrument); /* by the rules of now: a new interval holds from a payment on */
    instrument->funding_rate8 = figures_funding8(instrument);
    if (liquidation_due(venue, id, instrument->mark8)) {
        liquidation_run(venue, sink, id);
    }
}

dec_t venue_funding_cap(const venue_t *venue, instrument_id_t id)
{
    return id < venue->instrument_count ? dec_of8(funding_bound8(instrument_of(venue, id))) : DEC_ZERO;
}

result_t venue_funding_set(venue_t *venue, instrument_id_t id, dec_t rate)
{
    int64_t rate8;
    if (id >= venue->instrument_count || !to8(rate, &rate8) || abs8(rate8) > VENUE_E8 / 10) {
        return RESULT_BAD_ARGUMENT;
    }
    instrument_of(venue, id)->funding_rate8 = rate8;
    instrument_of(venue, id)->funding_supplied = 1;
    return RESULT_OK;
}

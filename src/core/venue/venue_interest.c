/* venue_interest.c: who holds what: open interest, and how accounts are divided into long and short, every five minutes.
 *
 * A row tells how it was at its instant: it is written by what comes first afterwards, before that changes anything. Contracts are
 * counted once: what accounts are long and what the street is. Rows are of accounts alone; "top" are the fifth of them with the
 * highest margin balance.
 */
#include "core/venue/venue_parts.h"

#define INTEREST_NS (5 * NS_PER_MIN)

static int64_t open_interest8(const venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    int128_t longs8 = instrument->street_amount8 > 0 ? instrument->street_amount8 : 0;
    held_walk_t walk = held_walk(venue, id);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
        for (uint32_t side = 0; side < 3; side++) {
            longs8 += max8(0, slot_of(venue, at)->legs[side].amount8);
        }
    }
    return (int64_t)longs8;
}

dec_t venue_open_interest(const venue_t *venue, instrument_id_t id)
{
    return id < venue->instrument_count && !is_spot(instrument_of(venue, id)) ? dec_of8(open_interest8(venue, id)) : DEC_ZERO;
}

/* Of the fifth of all accounts with the highest margin balance; of equal ones the older account comes first. */
static bool is_top(const venue_t *venue, uint32_t account, uint32_t asset)
{
    uint32_t places = (venue->account_count + 4) / 5, before = 0;
    int64_t own8 = margin_balance8(venue, account, asset);
    for (uint32_t other = 0; other < venue->account_count && before < places; other++) {
        int64_t theirs8 = margin_balance8(venue, other, asset);
        before += theirs8 > own8 || (theirs8 == own8 && other < account);
    }
    return before < places;
}

static void count_slot(const venue_t *venue, const slot_t *slot, interest_rec_t *row)
{
    int64_t long8 = 0, short8 = 0;
    for (uint32_t side = 0; side < 3; side++) {
        long8 += max8(0, slot->legs[side].amount8);
        short8 += max8(0, -slot->legs[side].amount8);
    }
    if (long8 == 0 && short8 == 0) {
        return;
    }
    row->longs += long8 > short8;
    row->shorts += short8 > long8;
    if (is_top(venue, slot->account, instrument_of(venue, slot->instrument)->asset)) {
        row->top_longs += long8 > short8;
        row->top_shorts += short8 > long8;
        row->top_long8 += long8;
        row->top_short8 += short8;
    }
}

/* Mark at an instant that the present bar has passed; else the last one that is known. */
static int64_t mark_at8(const instrument_rec_t *instrument, int64_t time_ns)
{
    const bar_path_t *path = &instrument->bars[0];
    bool inside = instrument->bar_count > 0 && time_ns >= path->open_ns && time_ns < path->end_ns;
    return inside ? path_price8(path, instrument->tick8, time_ns) : instrument->mark8;
}

static void row_add(venue_t *venue, uint32_t id, int64_t time_ns)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    figures_rec_t *figures = &figures_table(venue)[id];
    uint32_t capacity = venue->bounds.interest_history;
    interest_rec_t *row = &interests_table(venue)[(size_t)id * capacity + figures->interest_count++ % capacity];
    *row = (interest_rec_t){.time_ns = time_ns, .interest8 = open_interest8(venue, id), .mark8 = mark_at8(instrument, time_ns)};
    held_walk_t walk = held_walk(venue, id);
    for (uint32_t at = held_step(&walk); at != VENUE_NIL; at = held_step(&walk)) {
        count_slot(venue, slot_of(venue, at), row);
    }
}

void interest_run(venue_t *venue)
{
    int64_t last_ns = time_floor(venue->event_ns, INTEREST_NS);
    int64_t kept_ns = last_ns - (int64_t)(venue->bounds.interest_history - 1) * INTEREST_NS;
    for (int64_t at_ns = max8(venue->interest_due_ns, kept_ns); at_ns <= last_ns; at_ns += INTEREST_NS) {
        for (uint32_t id = 0; id < venue->instrument_count; id++) {
            if (!is_spot(instrument_of(venue, id)) && instrument_of(venue, id)->mark8 > 0) {
                row_add(venue, id, at_ns);
            }
        }
    }
    venue->interest_due_ns = last_ns + INTEREST_NS;
}

uint32_t venue_interests(const venue_t *venue, instrument_id_t id, int64_t period_ns, int64_t start_ns, int64_t end_ns,
                         venue_interest_t *out, uint32_t capacity)
{
    if (id >= venue->instrument_count || venue->bounds.interest_history == 0 || period_ns < INTEREST_NS) {
        return 0;
    }
    uint32_t kept = venue->bounds.interest_history, written = 0;
    uint64_t ever = figures_table(venue)[id].interest_count;
    const interest_rec_t *ring = &interests_table(venue)[(size_t)id * kept];
    uint64_t first = ever > kept ? ever - kept : 0;
    uint32_t found = 0;
    for (uint64_t at = ever; start_ns == 0 && at > first; at--) { /* the newest */
        const interest_rec_t *row = &ring[(at - 1) % kept];
        found += row->time_ns % period_ns == 0 && (end_ns == 0 || row->time_ns <= end_ns);
        if (found == capacity) {
            first = at - 1;
        }
    }
    for (uint64_t at = first; at < ever && written < capacity; at++) {
        const interest_rec_t *row = &ring[at % kept];
        if (row->time_ns % period_ns != 0 || row->time_ns < start_ns || (end_ns != 0 && row->time_ns > end_ns)) {
            continue;
        }
        out[written++] = (venue_interest_t){.time_ns = row->time_ns,
                                            .interest = dec_of8(row->interest8),
                                            .value = dec_of16(cost_of(row->mark8, row->interest8)),
                                            .longs = row->longs,
                                            .shorts = row->shorts,
                                            .top_longs = row->top_longs,
                                            .top_shorts = row->top_shorts,
                                            .top_long = dec_of8(row->top_long8),
                                            .top_short = dec_of8(row->top_short8)};
    }
    return written;
}

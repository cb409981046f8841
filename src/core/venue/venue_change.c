/* venue_change.c: what accounts have changed by hand: orders amended, margin moved; and the trades with themselves that were
 * prevented. A ring over all accounts, part of the block, so it survives with it. Called only where one is kept
 * (bounds.change_history). */
#include "core/venue/venue_parts.h"

static venue_change_t *next_change(venue_t *venue, venue_change_kind_t kind, uint32_t account, uint32_t instrument)
{
    venue_change_t *change = &changes_table(venue)[venue->change_count++ % venue->bounds.change_history];
    memset(change, 0, sizeof *change);
    change->number = venue->change_count;
    change->kind = kind;
    change->account = account;
    change->instrument = (instrument_id_t)instrument;
    change->time_ns = venue->event_ns;
    return change;
}

void change_note_amendment(venue_t *venue, const order_rec_t *order, int64_t price_before8, int64_t quantity_before8)
{
    venue_change_t *change = next_change(venue, VENUE_CHANGE_AMENDMENT, order->account, order->instrument);
    change->order_id = order->id;
    change->modify_id = order_rare(venue, order)->modify_id;
    memcpy(change->client_id.text, order->client_id, sizeof change->client_id.text);
    change->price_before = dec_of8(price_before8);
    change->price_after = dec_of8(order->price8);
    change->quantity_before = dec_of8(quantity_before8);
    change->quantity_after = dec_of8(order->quantity8);
    change->amendments = links_of(venue, (uint32_t)(order - order_of(venue, 0)))->amendments;
}

void change_note_margin(venue_t *venue, uint32_t account, uint32_t instrument, uint32_t side, int64_t amount8)
{
    venue_change_t *change = next_change(venue, VENUE_CHANGE_MARGIN, account, instrument);
    change->side = (venue_position_side_t)side;
    change->amount = dec_of8(amount8);
}

/* Told as the event that goes out next. */
void change_note_spot_amendment(venue_t *venue, const order_rec_t *order, const char *original_id, int64_t quantity_before8)
{
    venue_change_t *change = next_change(venue, VENUE_CHANGE_SPOT_AMENDMENT, order->account, order->instrument);
    change->order_id = order->id;
    change->execution_id = venue->events + 1;
    memcpy(change->original_id.text, original_id, str_from(original_id).length);
    memcpy(change->client_id.text, order->client_id, str_from(order->client_id).length);
    change->quantity_before = dec_of8(quantity_before8);
    change->quantity_after = dec_of8(order->quantity8);
}

void change_note_prevented(venue_t *venue, const prevented_t *match)
{
    const order_rec_t *taker = order_of(venue, match->taker);
    venue_change_t *change = next_change(venue, VENUE_CHANGE_PREVENTED, taker->account, taker->instrument);
    change->match_id = match->id;
    change->order_id = taker->id;
    change->maker_id = order_of(venue, match->maker)->id;
    change->stp = match->stp;
    change->price = dec_of8(match->price8);
    change->taker_prevented = dec_of8(match->taker_lost8);
    change->maker_prevented = dec_of8(match->maker_lost8);
}

uint64_t venue_change_count(const venue_t *venue)
{
    return venue->change_count;
}

uint32_t venue_changes(const venue_t *venue, uint64_t from, venue_change_t *out, uint32_t capacity)
{
    uint32_t kept = venue->bounds.change_history, count = 0;
    uint64_t first = venue->change_count > kept ? venue->change_count - kept : 0;
    first = from > first + 1 ? from - 1 : first;
    for (uint64_t at = first; at < venue->change_count && count < capacity; at++) {
        out[count++] = changes_table(venue)[at % kept];
    }
    return count;
}

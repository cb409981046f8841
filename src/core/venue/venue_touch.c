/* venue_touch.c: asks for the memory a command is about to use, so that the waits for it overlap.
 *
 * A busy venue's records are spread over far more memory than the near caches hold: what costs is not the work but the lines it
 * waits for one after the other. So each command says what it will need as soon as it can know: first what its words name, then
 * what those records point to. Nothing here changes anything.
 */
#include "core/venue/venue_parts.h"

static void links_wanted(const venue_t *venue, uint32_t index)
{
    if (index != VENUE_NIL) {
        lines_wanted(order_of(venue, index), 1);
    }
}

/* All of an order that is used without its rare part. */
static void record_wanted(const venue_t *venue, uint32_t index)
{
    lines_wanted(order_of(venue, index), offsetof(order_rec_t, rare));
}

static uint32_t leaving(const venue_t *venue, uint32_t account_id)
{
    const account_rec_t *account = account_of(venue, account_id);
    return account->order_history_count == venue->bounds.order_history ? account->order_history_head : VENUE_NIL;
}

void touch_account(const venue_t *venue, uint32_t account)
{
    links_wanted(venue, leaving(venue, account));
    links_wanted(venue, account_of(venue, account)->order_tail);
}

/* The record that leaves the history for the next one that ends: its neighbours and hash chains. */
void touch_leaving(const venue_t *venue, uint32_t account)
{
    uint32_t index = leaving(venue, account);
    if (index != VENUE_NIL) {
        const order_rec_t *order = order_of(venue, index);
        links_wanted(venue, order->account_prev);
        links_wanted(venue, order->account_next);
        order_index_touch(venue, order->id, order->client_hash);
    }
}

void touch_ending(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    lines_wanted(&order->price8, 128);
    lines_wanted(slot_of(venue, order->slot), 1);
    if (order->level != VENUE_NIL) {
        lines_wanted(level_of(venue, order->level), 1);
    }
    links_wanted(venue, order->queue_prev);
    links_wanted(venue, order->queue_next);
    links_wanted(venue, order->slot_prev);
    links_wanted(venue, order->slot_next);
}

/* Position, balance and the next rows of the account's rings. */
static void booking_wanted(const venue_t *venue, uint32_t account_id, uint32_t slot, uint32_t asset)
{
    const account_rec_t *account = account_of(venue, account_id);
    const venue_bounds_t *bounds = &venue->bounds;
    lines_wanted(slot_of(venue, slot), 192);
    lines_wanted(balance_of(venue, account_id, asset), 64);
    lines_wanted(&fills_table(venue)[(size_t)account_id * bounds->fill_history + account->fill_count % bounds->fill_history],
                 sizeof(fill_row_t));
    lines_wanted(
        &incomes_table(venue)[(size_t)account_id * bounds->income_history + account->income_count % bounds->income_history],
        sizeof(income_row_t));
}

void touch_maker(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    uint32_t next = order->queue_next;
    if (next == VENUE_NIL && order->level != VENUE_NIL) {
        uint32_t level = level_of(venue, order->level)->next.to;
        next = level != VENUE_NIL ? level_of(venue, level)->head : VENUE_NIL;
    }
    if (next != VENUE_NIL) {
        record_wanted(venue, next);
    }
    touch_ending(venue, index);
    links_wanted(venue, leaving(venue, order->account));
    booking_wanted(venue, order->account, order->slot, instrument_of(venue, order->instrument)->asset);
}

void touch_place(const venue_t *venue, const venue_place_t *place)
{
    if (venue->order_free != VENUE_NIL) {
        record_wanted(venue, venue->order_free);
    }
    uint32_t slot = slot_find(venue, place->account, place->instrument);
    if (slot != VENUE_NIL) {
        lines_wanted(slot_of(venue, slot), 1);
    }
    touch_account(venue, place->account);
}

/* Once its price is known: the first it will meet, or the level it will rest on. */
void touch_priced(const venue_t *venue, const venue_place_t *place, int64_t price8)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    uint32_t level = instrument->books[other_side(place->side)].head[0].to;
    int64_t key = level != VENUE_NIL ? instrument->books[other_side(place->side)].head[0].key : 0;
    if (level != VENUE_NIL && match_crosses(place->side, place->side == VENUE_BUY ? key : -key, price8)) {
        uint32_t first = level_of(venue, level)->head;
        if (first != VENUE_NIL) {
            record_wanted(venue, first);
        }
    } else {
        ladder_touch(venue, &instrument->books[place->side], book_key(place->side, price8));
    }
}

/* Once it is taken: its neighbours in the lists, and what ends with it when it does not rest. */
void touch_accepted(const venue_t *venue, const venue_place_t *place, uint32_t slot, int64_t price8)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    links_wanted(venue, slot_of(venue, slot)->order_tail);
    uint32_t level = ladder_find(venue, &instrument->books[place->side], book_key(place->side, price8));
    if (level != VENUE_NIL) {
        links_wanted(venue, level_of(venue, level)->tail);
    }
    if (place->type == VENUE_MARKET || place->tif == VENUE_IOC || place->tif == VENUE_FOK) {
        booking_wanted(venue, place->account, slot, instrument->asset);
        touch_leaving(venue, place->account);
    }
}

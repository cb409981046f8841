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
        lines_wanted(links_of(venue, index), 1);
    }
}

void touch_order(const venue_t *venue, uint32_t index)
{
    lines_wanted(order_of(venue, index), sizeof(order_rec_t));
    links_wanted(venue, index);
}

/* The order that leaves an account's history when its next one ends: the next new order will be it. */
void touch_leaving(const venue_t *venue, uint32_t account_id)
{
    const account_rec_t *account = account_of(venue, account_id);
    if (account->order_history_count == venue->bounds.order_history) {
        touch_order(venue, ended_of(venue, account_id, account->order_history_at)->index);
    }
}

/* The one that the next new order will be. */
void touch_free(const venue_t *venue)
{
    if (venue->order_free != VENUE_NIL) {
        touch_order(venue, venue->order_free);
    }
}

/* What an order of the account can be known to change before it is found. */
void touch_slot(const venue_t *venue, uint32_t account, uint32_t instrument)
{
    uint32_t slot = slot_find(venue, account, instrument);
    if (slot != VENUE_NIL) {
        lines_wanted(slot_of(venue, slot), 1);
    }
}

void touch_ending(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    const order_links_t *links = links_of(venue, index);
    lines_wanted(slot_of(venue, order->slot), 1);
    if (order->level != VENUE_NIL) {
        lines_wanted(level_of(venue, order->level), 1);
    }
    links_wanted(venue, links->queue_prev);
    links_wanted(venue, links->queue_next);
    links_wanted(venue, links->slot_prev);
    links_wanted(venue, links->slot_next);
    order_index_touch(venue, (uint32_t)order->id, links->client_hash);
}

/* Position, balance and the next rows of the account's rings. */
static void booking_wanted(const venue_t *venue, uint32_t account_id, uint32_t slot, uint32_t asset)
{
    const account_rec_t *account = account_of(venue, account_id);
    const venue_bounds_t *bounds = &venue->bounds;
    lines_wanted(slot_of(venue, slot), 128);
    lines_wanted(balance_of(venue, account_id, asset), 64);
    lines_wanted(&fills_table(venue)[(size_t)account_id * bounds->fill_history + account->fill_count % bounds->fill_history],
                 sizeof(fill_row_t));
    lines_wanted(
        &incomes_table(venue)[(size_t)account_id * bounds->income_history + account->income_count % bounds->income_history],
        2 * sizeof(income_row_t)); /* profit and fee */
}

/* What a trade writes down of its instrument. */
static void trade_wanted(const venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    uint32_t rows = venue->bounds.trade_history;
    lines_wanted(&trades_table(venue)[(size_t)id * rows + instrument->trade_count % rows], sizeof(trade_row_t));
    lines_wanted(&instrument->kline_fresh, sizeof instrument->kline_fresh);
}

void touch_maker(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    uint32_t next = links_of(venue, index)->queue_next;
    if (next == VENUE_NIL && order->level != VENUE_NIL) {
        uint32_t level = level_of(venue, order->level)->next.to;
        next = level != VENUE_NIL ? level_of(venue, level)->head : VENUE_NIL;
    }
    if (next != VENUE_NIL) {
        touch_order(venue, next);
    }
    touch_ending(venue, index);
    booking_wanted(venue, order->account, order->slot, instrument_of(venue, order->instrument)->asset);
}

/* Before anything is checked: its slot, and the first it will meet or the level it will rest on. */
void touch_place(const venue_t *venue, const venue_place_t *place)
{
    int64_t price8 = 0;
    touch_slot(venue, place->account, place->instrument);
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    if ((unsigned)place->side > VENUE_SELL || (place->type == VENUE_LIMIT && !to8(place->price, &price8))) {
        return;
    }
    uint32_t level = instrument->books[other_side(place->side)].head[0].to;
    int64_t key = level != VENUE_NIL ? instrument->books[other_side(place->side)].head[0].key : 0;
    if (level != VENUE_NIL && match_crosses(place->side, place->side == VENUE_BUY ? key : -key, price8)) {
        uint32_t first = level_of(venue, level)->head;
        if (first != VENUE_NIL) {
            touch_order(venue, first);
        }
    } else {
        ladder_touch(venue, &instrument->books[place->side], book_key(place->side, price8));
    }
}

/* Once it is taken: the one before it in its slot's list, and what ends with it when it does not rest. */
void touch_accepted(const venue_t *venue, const venue_place_t *place, uint32_t slot)
{
    links_wanted(venue, slot_of(venue, slot)->order_tail);
    if (place->type == VENUE_MARKET || place->tif == VENUE_IOC || place->tif == VENUE_FOK) {
        booking_wanted(venue, place->account, slot, instrument_of(venue, place->instrument)->asset);
        trade_wanted(venue, place->instrument);
    }
}

/* Before it is told: the one it will stand behind. Its level has been asked for a while ago. */
void touch_queue(const venue_t *venue, const order_rec_t *order)
{
    uint32_t level = ladder_find(venue, &instrument_of(venue, order->instrument)->books[order->side],
                                 book_key((venue_side_t)order->side, order->price8));
    if (level != VENUE_NIL) {
        links_wanted(venue, level_of(venue, level)->tail);
    }
}

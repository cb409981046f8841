/* venue_orders.c: order and algo records from birth to the end of their history.
 *
 * A record is in the slot's list while open; in a price level while it rests; in the account's history when finished, until newer
 * ones push it out; an algo order also in its account's list (by id) all its life. Order margin stands in the leg's bid and ask
 * sums exactly while the order rests.
 */
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

/* --- orders ----------------------------------------------------------------------------------- */

order_rare_t *order_rare_make(const venue_t *venue, order_rec_t *order)
{
    order_rare_t *rare = &order_rares_table(venue)[order - orders_table(venue)];
    if (!order->has_rare) {
        memset(rare, 0, sizeof *rare);
        rare->gtd_at = VENUE_NIL;
        order->has_rare = 1;
    }
    return rare;
}

void order_ahead_set(const venue_t *venue, order_rec_t *order, int64_t ahead8)
{
    if (ahead8 != order_rare(venue, order)->ahead8) {
        order_rare_make(venue, order)->ahead8 = ahead8;
    }
}

uint32_t order_new(venue_t *venue, uint32_t account_id, uint32_t slot_index, order_claim_t claim)
{
    if (venue->order_open >= venue->bounds.orders && claim == ORDER_CLAIM_NORMAL) {
        return VENUE_NIL;
    }
    uint32_t index = venue->order_free;
    if (index != VENUE_NIL) {
        venue->order_free = links_of(venue, index)->queue_next;
        touch_free(venue);
    } else {
        ASSERT(venue->order_used < venue->order_capacity);
        index = venue->order_used++;
    }
    order_rec_t *order = order_of(venue, index);
    order_links_t *links = links_of(venue, index);
    memset(order, 0, sizeof *order / 2); /* a line at a time: for both together it is a string instruction, which starts slowly */
    memset(&order->time_ns, 0, sizeof *order / 2);
    slot_t *slot = slot_of(venue, slot_index);
    account_rec_t *account = account_of(venue, account_id);
    held_note(venue, slot, slot_index);
    order->id = ++venue->order_ids;
    order->account = account_id;
    order->instrument = slot->instrument;
    order->slot = slot_index;
    order->level = links->queue_prev = links->queue_next = VENUE_NIL;
    links->amendments = 0;
    order->time_ns = order->update_ns = venue->event_ns;
    order->open = 1;

    links->slot_prev = slot->order_tail;
    links->slot_next = VENUE_NIL;
    *link_place(slot->order_tail, &slot->order_head, &links_of(venue, slot->order_tail)->slot_next) = index;
    slot->order_tail = index;
    slot->order_count++;

    account->order_open++;
    venue->order_open++;
    return index;
}

void order_describe_closing(venue_t *venue, uint32_t index, uint32_t leg, int64_t price8, int64_t quantity8, const char *prefix)
{
    order_rec_t *order = order_of(venue, index);
    order->side = slot_of(venue, order->slot)->legs[leg].amount8 > 0 ? VENUE_SELL : VENUE_BUY;
    order->position_side = (uint8_t)leg;
    order->type = order->orig_type = VENUE_LIQUIDATION;
    order->tif = VENUE_IOC;
    order->price8 = price8;
    order->quantity8 = quantity8;
    order_set_closing(venue, order);
    client_id_own(order->client_id, prefix, order->id);
    order_index_put(venue, index, client_id_hash(order->client_id, order->account, order->instrument));
}

void order_set_closing(venue_t *venue, order_rec_t *order)
{
    ASSERT(order->open && !order->closing);
    order->closing = 1;
    slot_of(venue, order->slot)->closing_count++;
}

/* The order itself is not looked at: nobody has for long. */
static void order_free(venue_t *venue, uint32_t index)
{
    links_of(venue, index)->queue_next = venue->order_free; /* zeroed when it is taken */
    venue->order_free = index;
    touch_free(venue);
}

static void order_margin_add(venue_t *venue, const order_rec_t *order, int64_t quantity8)
{
    if (!order->closing) {
        leg_rec_t *leg = &slot_of(venue, order->slot)->legs[leg_of(order)];
        leg->open16[order->side] += cost_of(order->price8, quantity8);
    }
}

void order_rest(venue_t *venue, uint32_t index)
{
    order_rec_t *order = order_of(venue, index);
    instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    uint32_t level_index = ladder_put(venue, &instrument->books[order->side], book_key((venue_side_t)order->side, order->price8));
    ASSERT(level_index != VENUE_NIL); /* the pool holds one level for every order beside the street's */
    level_node_t *level = level_of(venue, level_index);
    order->level = level_index;
    if (order->iceberg) {
        spot_of(venue, index)->shown8 = min8(spot_of(venue, index)->iceberg8, order_open8(order));
    }
    order_ahead_set(venue, order, instrument->market == VENUE_MARKET_STREAM ? level->street8 : 0);
    links_of(venue, index)->queue_prev = level->tail;
    links_of(venue, index)->queue_next = VENUE_NIL;
    *link_place(level->tail, &level->head, &links_of(venue, level->tail)->queue_next) = index;
    level->tail = index;
    level->count++;
    level->users8 += order_shown8(venue, index);
    instrument->resting[order->side]++;
    order_margin_add(venue, order, order_open8(order));
    margin_refresh_orders(venue, order);
    street_note_change(instrument, (venue_side_t)order->side, level);
    instrument->street_dirty = 1; /* the street does not cross what rests */
}

void order_unrest(venue_t *venue, uint32_t index)
{
    order_rec_t *order = order_of(venue, index);
    if (order->level == VENUE_NIL) {
        return; /* accepted and doomed (venue_place_t): it never came into the book */
    }
    instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    level_node_t *level = level_of(venue, order->level);
    order_links_t *links = links_of(venue, index);
    *link_place(links->queue_prev, &level->head, &links_of(venue, links->queue_prev)->queue_next) = links->queue_next;
    *link_place(links->queue_next, &level->tail, &links_of(venue, links->queue_next)->queue_prev) = links->queue_prev;
    level->count--;
    instrument->resting[order->side]--;
    level->users8 -= order_shown8(venue, index);
    ASSERT(level->users8 >= 0);
    order_margin_add(venue, order, -order_open8(order));
    street_note_change(instrument, (venue_side_t)order->side, level);
    if (level->count == 0 && level->street8 == 0) {
        ladder_remove(venue, &instrument->books[order->side], order->level);
    }
    order->level = links->queue_prev = links->queue_next = VENUE_NIL;
    if (order_open8(order) > 0) { /* else its last fill has done it */
        margin_refresh_orders(venue, order);
    }
    instrument->street_dirty = 1;
}

/* The caller has already added the quantity to `filled8`. */
void order_reduce_open(venue_t *venue, uint32_t index, int64_t quantity8)
{
    order_rec_t *order = order_of(venue, index);
    level_node_t *level = level_of(venue, order->level);
    level->users8 -= quantity8;
    ASSERT(level->users8 >= 0);
    if (order->iceberg) {
        spot_of(venue, index)->shown8 -= quantity8;
    }
    order_margin_add(venue, order, -quantity8);
    street_note_change(instrument_of(venue, order->instrument), (venue_side_t)order->side, level);
}

void order_shrink(venue_t *venue, uint32_t index, int64_t quantity8)
{
    order_rec_t *order = order_of(venue, index);
    level_node_t *level = level_of(venue, order->level);
    int64_t gone8 = quantity8;
    if (order->iceberg) {
        spot_rec_t *spot = spot_of(venue, index);
        gone8 = max8(0, spot->shown8 - order_open8(order));
        spot->shown8 -= gone8;
    }
    level->users8 -= gone8;
    order_margin_add(venue, order, -quantity8);
    street_note_change(instrument_of(venue, order->instrument), (venue_side_t)order->side, level);
}

void order_renew(venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    if (order->iceberg && order->level != VENUE_NIL && order_open8(order) > 0 && spot_of(venue, index)->shown8 == 0) {
        order_unrest(venue, index);
        order_rest(venue, index);
    }
}

static void history_push_order(venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    account_rec_t *account = account_of(venue, order->account);
    ended_row_t *row = ended_of(venue, order->account, account->order_history_at);
    if (account->order_history_count == venue->bounds.order_history) {
        order_free(venue, row->index);
    } else {
        account->order_history_count++;
    }
    order_index_drop(venue, index);
    *row = (ended_row_t){.index = index, .id_low = (uint32_t)order->id, .client_hash = links_of(venue, index)->client_hash};
    account->order_history_at = account->order_history_at + 1 == venue->bounds.order_history ? 0 : account->order_history_at + 1;
}

void order_finish(venue_t *venue, const venue_sink_t *sink, uint32_t index, venue_status_t status, venue_expiry_t expiry,
                  venue_exec_t execution)
{
    order_rec_t *order = order_of(venue, index);
    ASSERT(order->open && order->level == VENUE_NIL);
    slot_t *slot = slot_of(venue, order->slot);
    order->status = (uint8_t)status;
    order->expiry = (uint8_t)expiry;
    order->update_ns = venue->event_ns;
    order->open = 0;
    if (order->has_rare) { /* else it stands in no heap */
        expiry_remove(venue, EXPIRY_ORDER, index);
    }
    order_links_t *links = links_of(venue, index);
    *link_place(links->slot_prev, &slot->order_head, &links_of(venue, links->slot_prev)->slot_next) = links->slot_next;
    *link_place(links->slot_next, &slot->order_tail, &links_of(venue, links->slot_next)->slot_prev) = links->slot_prev;
    links->slot_prev = links->slot_next = VENUE_NIL;
    slot->order_count--;
    if (order->closing) {
        slot->closing_count--; /* on a line of the slot that nothing else here touches */
    }
    account_of(venue, order->account)->order_open--;
    venue->order_open--;
    if (is_spot(instrument_of(venue, order->instrument))) {
        spot_finished(venue, sink, index);
    } else if (execution != VENUE_EXEC_TRADE) {
        emit_order(venue, sink, order, execution);
    }
    if (order->has_rare && order_rare(venue, order)->algo != 0) {
        uint32_t algo = order_rare(venue, order)->algo - 1;
        algo_of(venue, algo)->actual_filled8 = order->filled8;
        algo_of(venue, algo)->actual_quote16 = order->quote16;
        order_rare_make(venue, order)->algo = 0;
        algo_finish(venue, sink, algo, VENUE_ALGO_FINISHED);
    }
    history_push_order(venue, index);
}

/* --- algo orders ------------------------------------------------------------------------------ */

uint32_t algo_new(venue_t *venue, uint32_t slot_index)
{
    if (venue->algo_open == venue->bounds.algos) {
        return VENUE_NIL;
    }
    uint32_t index = venue->algo_free;
    if (index != VENUE_NIL) {
        venue->algo_free = algo_of(venue, index)->queue_next;
    } else {
        ASSERT(venue->algo_used < venue->algo_capacity);
        index = venue->algo_used++;
    }
    algo_rec_t *algo = algo_of(venue, index);
    memset(algo, 0, sizeof *algo);
    slot_t *slot = slot_of(venue, slot_index);
    account_rec_t *account = account_of(venue, slot->account);
    algo->id = VENUE_ALGO_IDS + ++venue->algo_ids;
    algo->account = slot->account;
    algo->instrument = slot->instrument;
    algo->slot = slot_index;
    algo->level = algo->queue_prev = algo->queue_next = algo->history_next = algo->gtd_at = VENUE_NIL;
    algo->trail_prev = algo->trail_next = VENUE_NIL;
    algo->time_ns = algo->update_ns = venue->event_ns;

    algo->account_prev = account->algo_tail;
    algo->account_next = VENUE_NIL;
    *(account->algo_tail == VENUE_NIL ? &account->algo_head : &algo_of(venue, account->algo_tail)->account_next) = index;
    account->algo_tail = index;
    venue->algo_open++;
    return index;
}

static void algo_free(venue_t *venue, uint32_t index)
{
    algo_rec_t *algo = algo_of(venue, index);
    account_rec_t *account = account_of(venue, algo->account);
    algo_index_drop(venue, index);
    *(algo->account_prev == VENUE_NIL ? &account->algo_head : &algo_of(venue, algo->account_prev)->account_next) =
        algo->account_next;
    *(algo->account_next == VENUE_NIL ? &account->algo_tail : &algo_of(venue, algo->account_next)->account_prev) =
        algo->account_prev;
    memset(algo, 0, sizeof *algo);
    algo->queue_next = venue->algo_free;
    venue->algo_free = index;
}

/* Puts the algo order on its ladder at its trigger price (trailing orders: also on the instrument's list) and into the slot's open
 * list. */
void algo_arm(venue_t *venue, uint32_t index)
{
    algo_rec_t *algo = algo_of(venue, index);
    instrument_rec_t *instrument = instrument_of(venue, algo->instrument);
    if (!algo->open) {
        slot_t *slot = slot_of(venue, algo->slot);
        algo->open = 1;
        algo->slot_prev = slot->algo_tail;
        algo->slot_next = VENUE_NIL;
        *(slot->algo_tail == VENUE_NIL ? &slot->algo_head : &algo_of(venue, slot->algo_tail)->slot_next) = index;
        slot->algo_tail = index;
        slot->algo_count++;
        account_of(venue, algo->account)->algo_open++;
        if (algo->type == VENUE_TRAILING_STOP_MARKET) {
            algo->trail_next = instrument->trail_head;
            if (algo->trail_next != VENUE_NIL) {
                algo_of(venue, algo->trail_next)->trail_prev = index;
            }
            instrument->trail_head = index;
        }
    }
    if (algo->trigger8 == 0) {
        return; /* a trailing order that is not active yet */
    }
    bool stop = algo->type == VENUE_STOP || algo->type == VENUE_STOP_MARKET || algo->type == VENUE_TRAILING_STOP_MARKET;
    bool rising = stop == (algo->side == VENUE_BUY);
    ladder_t *ladder = &instrument->triggers[algo->working][rising ? 0 : 1];
    algo->ladder = (uint8_t)(1 + algo->working * 2 + (rising ? 0 : 1));
    algo->level = ladder_put(venue, ladder, rising ? algo->trigger8 : -algo->trigger8);
    ASSERT(algo->level != VENUE_NIL); /* the pool holds one level for every algo order */
    level_node_t *level = level_of(venue, algo->level);
    algo->queue_prev = level->tail;
    algo->queue_next = VENUE_NIL;
    *(level->tail == VENUE_NIL ? &level->head : &algo_of(venue, level->tail)->queue_next) = index;
    level->tail = index;
    level->count++;
}

static void algo_leave_ladder(venue_t *venue, algo_rec_t *algo)
{
    if (algo->level == VENUE_NIL) {
        return;
    }
    instrument_rec_t *instrument = instrument_of(venue, algo->instrument);
    level_node_t *level = level_of(venue, algo->level);
    *(algo->queue_prev == VENUE_NIL ? &level->head : &algo_of(venue, algo->queue_prev)->queue_next) = algo->queue_next;
    *(algo->queue_next == VENUE_NIL ? &level->tail : &algo_of(venue, algo->queue_next)->queue_prev) = algo->queue_prev;
    if (--level->count == 0) {
        ladder_remove(venue, &instrument->triggers[(algo->ladder - 1) / 2][(algo->ladder - 1) % 2], algo->level);
    }
    algo->level = algo->queue_prev = algo->queue_next = VENUE_NIL;
    algo->ladder = 0;
}

static void algo_leave_lists(venue_t *venue, uint32_t index)
{
    algo_rec_t *algo = algo_of(venue, index);
    slot_t *slot = slot_of(venue, algo->slot);
    *(algo->slot_prev == VENUE_NIL ? &slot->algo_head : &algo_of(venue, algo->slot_prev)->slot_next) = algo->slot_next;
    *(algo->slot_next == VENUE_NIL ? &slot->algo_tail : &algo_of(venue, algo->slot_next)->slot_prev) = algo->slot_prev;
    algo->slot_prev = algo->slot_next = VENUE_NIL;
    slot->algo_count--;
    account_of(venue, algo->account)->algo_open--;
    if (algo->type == VENUE_TRAILING_STOP_MARKET) {
        instrument_rec_t *instrument = instrument_of(venue, algo->instrument);
        *(algo->trail_prev == VENUE_NIL ? &instrument->trail_head : &algo_of(venue, algo->trail_prev)->trail_next) =
            algo->trail_next;
        if (algo->trail_next != VENUE_NIL) {
            algo_of(venue, algo->trail_next)->trail_prev = algo->trail_prev;
        }
        algo->trail_prev = algo->trail_next = VENUE_NIL;
    }
    algo->open = 0;
}

void algo_disarm(venue_t *venue, uint32_t index)
{
    algo_leave_ladder(venue, algo_of(venue, index));
    algo_leave_lists(venue, index);
    expiry_remove(venue, EXPIRY_ALGO, index);
}

void algo_hold(venue_t *venue, uint32_t index)
{
    algo_leave_ladder(venue, algo_of(venue, index));
}

/* Moves a trailing order's trigger. */
void algo_rearm(venue_t *venue, uint32_t index, int64_t trigger8)
{
    algo_rec_t *algo = algo_of(venue, index);
    algo_leave_ladder(venue, algo);
    algo->trigger8 = trigger8;
    algo_arm(venue, index);
}

void algo_finish(venue_t *venue, const venue_sink_t *sink, uint32_t index, venue_algo_status_t status)
{
    algo_rec_t *algo = algo_of(venue, index);
    ASSERT(!algo->open);
    account_rec_t *account = account_of(venue, algo->account);
    algo->status = (uint8_t)status;
    algo->update_ns = venue->event_ns;
    emit_algo(venue, sink, algo);
    venue->algo_open--;
    *(account->algo_history_tail == VENUE_NIL ? &account->algo_history_head
                                              : &algo_of(venue, account->algo_history_tail)->history_next) = index;
    account->algo_history_tail = index;
    if (++account->algo_history_count > venue->bounds.algo_history) {
        uint32_t oldest = account->algo_history_head;
        account->algo_history_head = algo_of(venue, oldest)->history_next;
        account->algo_history_count--;
        algo_free(venue, oldest);
    }
}

/* spot_trigger.c: orders that wait for the last price: stops, take-profits, trailing ones.
 *
 * A waiting order stands on one of the instrument's two trigger ladders, rising or falling. With a trailing delta it first waits
 * for its stop price (when it has one), then follows the best price since and fires when the price has come back by delta / 10,000:
 * a sell from the highest, a buy from the lowest.
 */
#include "core/venue/spot_parts.h"

static bool waits_rising(const order_rec_t *order, const spot_rec_t *spot)
{
    return spot->activated ? order->side == VENUE_BUY : spot_rises((spot_type_t)spot->type, order->side);
}

static int64_t trailing8(const instrument_rec_t *instrument, const order_rec_t *order, const spot_rec_t *spot)
{
    int64_t tick8 = instrument->tick8;
    int64_t distance8 = (int64_t)((cost16_t)spot->extreme8 * spot->trailing_delta / 10000);
    if (order->side == VENUE_SELL) {
        return max8((spot->extreme8 - distance8) / tick8 * tick8, tick8);
    }
    return (spot->extreme8 + distance8 + tick8 - 1) / tick8 * tick8;
}

static void activate(venue_t *venue, uint32_t index)
{
    spot_rec_t *spot = spot_of(venue, index);
    spot->activated = 1;
    spot->extreme8 = instrument_of(venue, order_of(venue, index)->instrument)->price8;
    spot->trailing_ns = venue->event_ns;
}

/* --- on and off the ladder -------------------------------------------------------------------- */

static void join(venue_t *venue, uint32_t index, int64_t at8)
{
    order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    bool rising = waits_rising(order, spot);
    ladder_t *ladder = &instrument_of(venue, order->instrument)->triggers[VENUE_CONTRACT_PRICE][rising ? 0 : 1];
    spot->ladder = rising ? 1 : 2;
    order->level = ladder_put(venue, ladder, rising ? at8 : -at8);
    ASSERT(order->level != VENUE_NIL); /* the pool holds one level for every order */
    level_node_t *level = level_of(venue, order->level);
    links_of(venue, index)->queue_prev = level->tail;
    links_of(venue, index)->queue_next = VENUE_NIL;
    *(level->tail == VENUE_NIL ? &level->head : &links_of(venue, level->tail)->queue_next) = index;
    level->tail = index;
    level->count++;
}

static void leave(venue_t *venue, uint32_t index)
{
    order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    if (order->level == VENUE_NIL) {
        return;
    }
    level_node_t *level = level_of(venue, order->level);
    order_links_t *links = links_of(venue, index);
    *(links->queue_prev == VENUE_NIL ? &level->head : &links_of(venue, links->queue_prev)->queue_next) = links->queue_next;
    *(links->queue_next == VENUE_NIL ? &level->tail : &links_of(venue, links->queue_next)->queue_prev) = links->queue_prev;
    if (--level->count == 0) {
        ladder_t *ladders = instrument_of(venue, order->instrument)->triggers[VENUE_CONTRACT_PRICE];
        ladder_remove(venue, &ladders[spot->ladder - 1], order->level);
    }
    order->level = links->queue_prev = links->queue_next = VENUE_NIL;
    spot->ladder = 0;
}

static void stand(venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    const spot_rec_t *spot = spot_of(venue, index);
    join(venue, index,
         spot->activated ? trailing8(instrument_of(venue, order->instrument), order, spot) : order_rare(venue, order)->trigger8);
}

void spot_arm(venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    spot->phase = SPOT_PHASE_WAITS;
    spot->status = SPOT_NEW;
    if (spot->trailing_delta > 0) {
        spot->trail_next = instrument->trail_head;
        if (spot->trail_next != VENUE_NIL) {
            spot_of(venue, spot->trail_next)->trail_prev = index;
        }
        instrument->trail_head = index;
        if (order_rare(venue, order)->trigger8 == 0 && instrument->price8 > 0) {
            activate(venue, index);
        }
    }
    if (spot->activated || order_rare(venue, order)->trigger8 > 0) {
        stand(venue, index);
    }
}

void spot_disarm(venue_t *venue, uint32_t index)
{
    spot_rec_t *spot = spot_of(venue, index);
    leave(venue, index);
    if (spot->trailing_delta > 0) {
        instrument_rec_t *instrument = instrument_of(venue, order_of(venue, index)->instrument);
        *(spot->trail_prev == VENUE_NIL ? &instrument->trail_head : &spot_of(venue, spot->trail_prev)->trail_next) =
            spot->trail_next;
        if (spot->trail_next != VENUE_NIL) {
            spot_of(venue, spot->trail_next)->trail_prev = spot->trail_prev;
        }
        spot->trail_prev = spot->trail_next = VENUE_NIL;
    }
    spot->phase = SPOT_PHASE_BOOK;
}

/* --- what a moving price does ----------------------------------------------------------------- */

void spot_follow_price(venue_t *venue, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    for (uint32_t at = instrument->trail_head, next; at != VENUE_NIL; at = next) {
        spot_rec_t *spot = spot_of(venue, at);
        const order_rec_t *order = order_of(venue, at);
        next = spot->trail_next;
        bool sells = order->side == VENUE_SELL;
        if (!spot->activated && order_rare(venue, order)->trigger8 == 0 && instrument->price8 > 0) {
            activate(venue, at);
        } else if (!spot->activated || (sells ? instrument->price8 <= spot->extreme8 : instrument->price8 >= spot->extreme8)) {
            continue;
        }
        spot->extreme8 = instrument->price8;
        leave(venue, at);
        stand(venue, at);
    }
}

void spot_fire(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    spot_rec_t *spot = spot_of(venue, index);
    if (spot->trailing_delta > 0 && !spot->activated) {
        leave(venue, index);
        activate(venue, index);
        stand(venue, index);
        return;
    }
    spot_disarm(venue, index);
    spot_list_acts(venue, sink, index);
    spot->worked = 1;
    spot->working_ns = order_of(venue, index)->update_ns = venue->event_ns;
    bool priced = spot->peg == SPOT_PEG_NONE || spot_peg(venue, index);
    spot_emit_order(venue, sink, index, SPOT_EXEC_NEW, NULL);
    if (!priced) {
        spot_end(venue, sink, index, SPOT_EXPIRED, SPOT_REASON_REJECTED, NULL);
    } else if (spot_fund(venue, sink, index)) {
        spot_go(venue, sink, index);
    }
}

/* --- recounts --------------------------------------------------------------------------------- */

const char *spot_check_triggers(const venue_t *venue, uint32_t id)
{
    for (uint32_t falling = 0; falling < 2; falling++) {
        const ladder_t *ladder = &instrument_of(venue, id)->triggers[VENUE_CONTRACT_PRICE][falling];
        int64_t last = INT64_MIN;
        for (uint32_t at = ladder->head[0].to; at != VENUE_NIL; at = level_of(venue, at)->next.to) {
            const level_node_t *level = level_of(venue, at);
            uint32_t count = 0;
            for (uint32_t order = level->head; order != VENUE_NIL; order = links_of(venue, order)->queue_next, count++) {
                if (!order_of(venue, order)->open || order_of(venue, order)->level != at ||
                    spot_of(venue, order)->phase != SPOT_PHASE_WAITS || spot_of(venue, order)->ladder != falling + 1) {
                    return "a waiting order stands on a ladder that is not its own";
                }
            }
            if (level->key <= last || count != level->count || count == 0) {
                return "a trigger ladder is out of order";
            }
            last = level->key;
        }
    }
    return NULL;
}

const char *spot_check_slot(const venue_t *venue, const slot_t *slot)
{
    uint32_t count = 0;
    for (uint32_t at = slot->order_head; at != VENUE_NIL; at = links_of(venue, at)->slot_next, count++) {
        const order_rec_t *order = order_of(venue, at);
        const spot_rec_t *spot = spot_of(venue, at);
        bool nowhere = order->level == VENUE_NIL;
        bool may = spot->phase == SPOT_PHASE_PENDING || (spot->phase == SPOT_PHASE_WAITS && spot->trailing_delta > 0);
        if (!order->open || (nowhere && !may)) {
            return "an open spot order rests nowhere";
        }
        if (order_find_id(venue, order->account, order->id) != at ||
            order_find_open(venue, order->account, order->instrument, order->client_id) != at) {
            return "an open spot order is not found by its ids";
        }
        if (spot->list == VENUE_NIL && spot->reserve8 < spot_need8(venue, at) && spot->phase == SPOT_PHASE_BOOK) {
            return "less is locked than an order on the book may cost";
        }
    }
    return count == slot->order_count ? NULL : "a slot's order count is wrong";
}

/* spot_prevent.c: self-trade prevention: an order that would trade with another one of its account, what each of them loses, and
 * the record of the match that was prevented. */
#include "core/venue/spot_parts.h"

bool spot_prevents(const venue_t *venue, uint32_t taker, uint32_t maker)
{
    return maker != VENUE_NIL && spot_of(venue, taker)->stp != SPOT_STP_NONE &&
           order_of(venue, taker)->account == order_of(venue, maker)->account;
}

/* TRANSFER only when both want it; between orders of one account it does what DECREMENT does. */
static spot_stp_t mode_of(const venue_t *venue, uint32_t taker, uint32_t maker)
{
    spot_stp_t mode = (spot_stp_t)spot_of(venue, taker)->stp;
    return mode == SPOT_STP_TRANSFER && spot_of(venue, maker)->stp != SPOT_STP_TRANSFER ? SPOT_STP_DECREMENT : mode;
}

static spot_note_t note_of(const venue_t *venue, const prevented_t *match, uint32_t index)
{
    return (spot_note_t){.counter_id = order_of(venue, index == match->taker ? match->maker : match->taker)->id,
                         .missed_price8 = match->price8,
                         .missed8 = match->quantity8};
}

static void expire(venue_t *venue, const venue_sink_t *sink, const prevented_t *match, uint32_t index)
{
    spot_note_t note = note_of(venue, match, index);
    spot_of(venue, index)->prevented_id = match->id;
    spot_end_prevented(venue, sink, index, &note);
}

/* Loses what would have traded, and ends when that was all. */
static void decrement(venue_t *venue, const venue_sink_t *sink, const prevented_t *match, uint32_t index)
{
    order_rec_t *order = order_of(venue, index);
    spot_rec_t *spot = spot_of(venue, index);
    if (order_open8(order) == match->quantity8) {
        expire(venue, sink, match, index);
        return;
    }
    spot->prevented8 += match->quantity8;
    spot->prevented_id = match->id;
    order->quantity8 -= match->quantity8;
    order->update_ns = venue->event_ns;
    if (order->level != VENUE_NIL) {
        order_reduce_open(venue, index, match->quantity8);
    }
    int64_t need8 = spot_need8(venue, index);
    if (spot->reserve8 > need8) {
        spot_unlock(venue, index, spot->reserve8 - need8);
    }
    spot_note_t note = note_of(venue, match, index);
    note.prevented8 = match->quantity8;
    spot_emit_order(venue, sink, index, SPOT_EXEC_TRADE_PREVENTION, &note);
    order_renew(venue, index);
}

bool spot_prevent(venue_t *venue, const venue_sink_t *sink, uint32_t taker, uint32_t maker)
{
    const spot_stp_t mode = mode_of(venue, taker, maker);
    const bool both_lose = mode == SPOT_STP_DECREMENT || mode == SPOT_STP_TRANSFER;
    const bool maker_goes = mode == SPOT_STP_EXPIRE_MAKER || mode == SPOT_STP_EXPIRE_BOTH;
    const bool taker_goes = mode == SPOT_STP_EXPIRE_TAKER || mode == SPOT_STP_EXPIRE_BOTH;
    const int64_t taker_open8 = order_open8(order_of(venue, taker)), maker_open8 = order_open8(order_of(venue, maker));
    prevented_t match = {.id = ++venue->prevented_ids, .taker = taker, .maker = maker, .stp = mode};
    match.price8 = order_of(venue, maker)->price8;
    match.quantity8 = min8(taker_open8, order_shown8(venue, maker));
    match.maker_lost8 = both_lose ? match.quantity8 : maker_goes ? maker_open8 : 0;
    match.taker_lost8 = both_lose ? match.quantity8 : taker_goes ? taker_open8 : 0;
    if (venue->bounds.change_history > 0) {
        change_note_prevented(venue, &match);
    }
    if (both_lose) {
        decrement(venue, sink, &match, maker);
        decrement(venue, sink, &match, taker);
    }
    if (maker_goes) {
        expire(venue, sink, &match, maker);
    }
    if (taker_goes) {
        expire(venue, sink, &match, taker);
    }
    return taker_goes; /* a taker that has lost all ends the matching by itself */
}

/* venue_stream.c: a recorded stream as the street.
 *
 * Quotes and depth set the street's displayed quantities. The two are recorded apart, each late by its own: what is older than the
 * other's last word says nothing about the best prices (its ids tell). Our orders join behind what is displayed at their price
 * (`ahead`). A recorded trade against our side first fills our better prices, then eats what stands ahead of us, then us. A
 * displayed decrease that no trade explains is a cancel: queue_cancel_pct of it was ahead of us, and never more stands ahead than
 * is displayed. A recorded quote through our price fills us with what it shows. Without recorded mark prices, mark and index are
 * the middle of the best quote, else the last trade.
 */
#include "core/venue/venue_parts.h"

typedef enum { CHAIN_NONE, CHAIN_SNAPSHOT, CHAIN_LIVE } stream_chain_t;

/* The orders of a level move up by their share of what was cancelled. */
static void queue_moves(venue_t *venue, const instrument_rec_t *instrument, const level_node_t *level, int64_t quantity8)
{
    int64_t cancelled8 = max8(0, level->street8 - quantity8 - level->traded8);
    int64_t ahead8 = (int64_t)((int128_t)cancelled8 * instrument->street.cancel_pct / 100);
    for (uint32_t at = level->head; at != VENUE_NIL; at = links_of(venue, at)->queue_next) {
        order_rec_t *order = order_of(venue, at);
        order_ahead_set(venue, order, min8(max8(0, order_rare(venue, order)->ahead8 - ahead8), quantity8));
    }
}

/* Inline for the levels of a change, of which there are dozens: most of them stand already, hold nothing but the street's quantity
 * and get another one. */
static inline void level_said(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t quantity8)
{
    uint32_t index = ladder_find(venue, &instrument->books[side], book_key(side, price8));
    if (index == VENUE_NIL) {
        street_add(venue, instrument, side, price8, quantity8);
        return;
    }
    level_node_t *level = level_of(venue, index);
    if (level->head != VENUE_NIL) {
        queue_moves(venue, instrument, level, quantity8);
    }
    level->traded8 = 0;
    if (quantity8 == 0 || level->street8 == 0) {
        street_show(venue, instrument, side, index, quantity8);
    } else if (level->street8 != quantity8) {
        level->street8 = quantity8;
        street_note_change(instrument, side, level);
    }
}

/* Street levels that are better than the best quote are gone. */
static void drop_better(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, int64_t best8)
{
    const link_t *first = &instrument->books[side].head[0];
    uint32_t at = first->to;
    for (int64_t key = first->key; at != VENUE_NIL && key < book_key(side, best8);) {
        const link_t next = level_of(venue, at)->next;
        level_said(venue, instrument, side, side == VENUE_BUY ? -key : key, 0);
        at = next.to;
        key = next.key;
    }
}

static void best_said(venue_t *venue, instrument_rec_t *instrument)
{
    const int64_t *quote8 = instrument->stream_quote8;
    drop_better(venue, instrument, VENUE_BUY, quote8[0]);
    drop_better(venue, instrument, VENUE_SELL, quote8[2]);
    level_said(venue, instrument, VENUE_BUY, quote8[0], quote8[1]);
    level_said(venue, instrument, VENUE_SELL, quote8[2], quote8[3]);
}

static result_t quote_said(venue_t *venue, uint32_t id, const quote_t *quote)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t quote8[4];
    if (!to8(quote->bid, &quote8[0]) || !to8(quote->bid_quantity, &quote8[1]) || !to8(quote->ask, &quote8[2]) ||
        !to8(quote->ask_quantity, &quote8[3])) {
        return RESULT_BAD_ARGUMENT;
    }
    if (quote->update_id != 0 && instrument->stream_chain != CHAIN_NONE && quote->update_id < instrument->stream_last_id) {
        return RESULT_STALE; /* the book knows more already */
    }
    memcpy(instrument->stream_quote8, quote8, sizeof quote8);
    instrument->stream_quote_id = quote->update_id;
    best_said(venue, instrument);
    return RESULT_OK;
}

/* A change that is older than the last quote does not know the best prices, nor what stood beyond them. */
static bool quote_knows_better(const instrument_rec_t *instrument, venue_side_t side, int64_t price8)
{
    return side == VENUE_BUY ? price8 >= instrument->stream_quote8[0] : price8 <= instrument->stream_quote8[2];
}

static void levels_said(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, const level_t *levels, uint32_t count,
                        bool behind)
{
    for (uint32_t i = 0; i < count; i++) {
        int64_t price8, quantity8;
        if (to8(levels[i].price, &price8) && to8(levels[i].quantity, &quantity8) && price8 > 0 && quantity8 >= 0 &&
            !(behind && quote_knows_better(instrument, side, price8))) {
            level_said(venue, instrument, side, price8, quantity8);
        }
    }
}

static result_t depth_said(venue_t *venue, uint32_t id, const depth_t *depth)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (depth->snapshot && instrument->stream_chain == CHAIN_LIVE && depth->last_id <= instrument->stream_last_id) {
        return RESULT_STALE; /* the changes since then are known */
    }
    if (depth->snapshot) {
        street_clear(venue, id);
        instrument->stream_chain = CHAIN_SNAPSHOT;
    } else if (instrument->stream_chain == CHAIN_NONE) {
        return RESULT_GAP;
    } else if (depth->last_id < instrument->stream_last_id ||
               (instrument->stream_chain == CHAIN_LIVE && depth->last_id == instrument->stream_last_id)) {
        return RESULT_STALE; /* known already: recordings of two connections have each change twice */
    } else {
        bool joins = instrument->stream_chain == CHAIN_LIVE ? depth->previous_id == instrument->stream_last_id
                                                            : depth->first_id <= instrument->stream_last_id + 1;
        if (!joins) {
            street_clear(venue, id);
            instrument->stream_chain = CHAIN_NONE;
            return RESULT_GAP;
        }
        instrument->stream_chain = CHAIN_LIVE;
    }
    instrument->stream_last_id = depth->last_id;
    bool behind = depth->last_id < instrument->stream_quote_id;
    levels_said(venue, instrument, VENUE_BUY, depth->bids, depth->bid_count, behind);
    levels_said(venue, instrument, VENUE_SELL, depth->asks, depth->ask_count, behind);
    if (behind && depth->snapshot) {
        best_said(venue, instrument);
    }
    return RESULT_OK;
}

/* --- our orders and a recorded trade ---------------------------------------------------------- */

static int64_t fill_resting(venue_t *venue, const venue_sink_t *sink, uint32_t index, int64_t most8)
{
    const order_rec_t *order = order_of(venue, index);
    uint64_t order_id = order->id;
    int64_t before8 = order->filled8;
    match_from_street(venue, sink, index, most8);
    return order_of(venue, index)->id == order_id ? order_of(venue, index)->filled8 - before8 : most8;
}

static void queue_trade(venue_t *venue, const venue_sink_t *sink, uint32_t id, venue_side_t side, int64_t price8, int64_t rest8)
{
    uint32_t index = ladder_find(venue, &instrument_of(venue, id)->books[side], book_key(side, price8));
    if (index == VENUE_NIL) {
        return;
    }
    level_of(venue, index)->traded8 += rest8;
    int64_t street8 = 0; /* of the street's queue, eaten so far */
    uint32_t at = level_of(venue, index)->head;
    while (at != VENUE_NIL && rest8 > 0) {
        order_rec_t *order = order_of(venue, at);
        uint32_t next = links_of(venue, at)->queue_next;
        int64_t between8 = min8(rest8, max8(0, order_rare(venue, order)->ahead8 - street8));
        street8 += between8;
        rest8 -= between8;
        if (rest8 > 0) {
            rest8 -= fill_resting(venue, sink, at, rest8);
        }
        at = next != VENUE_NIL && order_of(venue, next)->open && order_of(venue, next)->level == index ? next : VENUE_NIL;
    }
    index = ladder_find(venue, &instrument_of(venue, id)->books[side], book_key(side, price8));
    street8 += rest8; /* the rest went to those behind */
    for (at = index == VENUE_NIL ? VENUE_NIL : level_of(venue, index)->head; at != VENUE_NIL;
         at = links_of(venue, at)->queue_next) {
        order_rec_t *order = order_of(venue, at);
        order_ahead_set(venue, order, max8(0, order_rare(venue, order)->ahead8 - street8));
    }
}

static void trade_said(venue_t *venue, const venue_sink_t *sink, uint32_t id, const trade_t *trade)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t price8, rest8;
    if (!to8(trade->price, &price8) || !to8(trade->quantity, &rest8)) {
        return;
    }
    (void)match_public_trade(venue, sink, id, price8, rest8, trade->buyer_is_maker);
    venue_side_t side = trade->buyer_is_maker ? VENUE_BUY : VENUE_SELL; /* of the resting orders that it met */
    while (rest8 > 0) {
        uint32_t level;
        int64_t best8 = street_users_best8(venue, instrument, side, &level);
        if (best8 == 0 || (side == VENUE_BUY ? best8 <= price8 : best8 >= price8)) {
            break;
        }
        rest8 -= fill_resting(venue, sink, level_of(venue, level)->head, rest8);
    }
    if (rest8 > 0) {
        queue_trade(venue, sink, id, side, price8, rest8);
    }
    int64_t mark8 = instrument->mark8 > 0 ? instrument->mark8 : price8;
    market_price_set(venue, id, price8, instrument->index8 > 0 ? instrument->index8 : price8, mark8);
}

/* The street shows a price through ours: it trades with us for what it shows. */
static void cross_fill(venue_t *venue, const venue_sink_t *sink, uint32_t id, venue_side_t side)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    while (instrument->resting[side] > 0) {
        uint32_t ours, theirs = instrument->books[other_side(side)].head[0].to;
        int64_t our8 = street_users_best8(venue, instrument, side, &ours);
        while (theirs != VENUE_NIL && level_of(venue, theirs)->street8 == 0) {
            theirs = level_of(venue, theirs)->next.to;
        }
        if (our8 == 0 || theirs == VENUE_NIL) {
            return;
        }
        int64_t key = level_of(venue, theirs)->key;
        int64_t their8 = side == VENUE_BUY ? key : -key;
        if (side == VENUE_BUY ? their8 > our8 : their8 < our8) {
            return;
        }
        int64_t shown8 = level_of(venue, theirs)->street8;
        int64_t filled8 = fill_resting(venue, sink, level_of(venue, ours)->head, shown8);
        level_said(venue, instrument, other_side(side), their8, shown8 - filled8);
    }
}

static void marks_without_record(venue_t *venue, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t bid8 = best_price8(venue, instrument, VENUE_BUY), ask8 = best_price8(venue, instrument, VENUE_SELL);
    if (!instrument->stream_marks && bid8 > 0 && ask8 > 0) {
        int64_t middle8 = bid8 + (ask8 - bid8) / 2;
        market_price_set(venue, id, instrument->price8 > 0 ? instrument->price8 : middle8 / instrument->tick8 * instrument->tick8,
                         middle8, middle8);
    }
}

static void mark_said(venue_t *venue, uint32_t id, const mark_t *mark)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t mark8, index8, rate8;
    dec_t cut;
    if (dec_quantise(mark->mark, dec_of8(1), DEC_ROUND_DOWN, &cut) != RESULT_OK || !to8(cut, &mark8) ||
        dec_quantise(mark->index, dec_of8(1), DEC_ROUND_DOWN, &cut) != RESULT_OK || !to8(cut, &index8) || mark8 <= 0) {
        return;
    }
    instrument->stream_marks = 1;
    if (to8(mark->funding_rate, &rate8)) {
        instrument->funding_rate8 = rate8;
        instrument->funding_supplied = 1;
    }
    if (mark->funding_next_ns > venue->now_ns) {
        instrument->funding_next_ns = mark->funding_next_ns;
    }
    market_price_set(venue, id, instrument->price8, index8 > 0 ? index8 : mark8, mark8);
}

result_t venue_market_event(venue_t *venue, const venue_sink_t *sink, const market_event_t *event)
{
    if (event->instrument >= venue->instrument_count || market_event_check(event) != RESULT_OK) {
        return RESULT_BAD_ARGUMENT;
    }
    uint32_t id = event->instrument;
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (instrument->market != VENUE_MARKET_NONE && instrument->market != VENUE_MARKET_STREAM) {
        return RESULT_BAD_STATE;
    }
    if (event->time_ns > venue->now_ns) {
        (void)venue_advance(venue, sink, event->time_ns);
    }
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    instrument->market = VENUE_MARKET_STREAM;
    result_t result = RESULT_OK;
    switch (event->kind) {
    case MARKET_QUOTE:
        result = quote_said(venue, id, &event->quote);
        break;
    case MARKET_TRADE:
        trade_said(venue, sink, id, &event->trade);
        break;
    case MARKET_MARK:
        mark_said(venue, id, &event->mark);
        break;
    case MARKET_DEPTH:
        result = depth_said(venue, id, &event->depth);
        break;
    case MARKET_STATUS:
        result = venue_instrument_status(venue, sink, event->instrument, event->status);
        break;
    case MARKET_BAR:
    case MARKET_LIQUIDATION:
        break; /* told by the venue itself from what it sees */
    }
    cross_fill(venue, sink, id, VENUE_BUY);
    cross_fill(venue, sink, id, VENUE_SELL);
    marks_without_record(venue, id);
    figures_take(venue, id);
    market_react(venue, sink, id);
    if (instrument->mark_sent8 != instrument->mark8) {
        instrument->mark_sent8 = instrument->mark8;
        emit_mark(venue, sink, id);
    }
    market_settle(venue, sink, id);
    return result;
}

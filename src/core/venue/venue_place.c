/* venue_place.c: the gate of a new order: the exchange's checks in its order, then matching, then what becomes of the rest.
 *
 * Order of checks: symbol and account state, shape of the request, precision, price and quantity filters, position side,
 * reduce-only, notional, price band, order count, leverage bracket, margin, fill-or-kill, post-only.
 */
#include "core/venue/venue_parts.h"

/* --- filters ---------------------------------------------------------------------------------- */

venue_reject_t rules_price(const instrument_rec_t *instrument, dec_t price, int64_t *price8)
{
    if (dec_sign(price) <= 0) {
        return VENUE_REJECT_PRICE_NOT_POSITIVE;
    }
    int64_t value8 = 0;
    bool fits = to8(price, &value8), whole = fits && value8 % instrument->tick8 == 0; /* a whole tick has no digit too many */
    if (!whole && dec_places(price) > instrument->tick_places) {
        return VENUE_REJECT_PRECISION;
    }
    if (!fits || (instrument->price_max8 > 0 && value8 > instrument->price_max8)) {
        return VENUE_REJECT_PRICE_ABOVE_MAX;
    }
    if (value8 < instrument->price_min8) {
        return VENUE_REJECT_PRICE_BELOW_MIN;
    }
    *price8 = value8;
    return whole ? VENUE_REJECT_NONE : VENUE_REJECT_TICK;
}

venue_reject_t rules_quantity(const instrument_rec_t *instrument, dec_t quantity, bool market, int64_t *quantity8)
{
    if (dec_sign(quantity) <= 0) {
        return VENUE_REJECT_QUANTITY_NOT_POSITIVE;
    }
    int64_t value8 = 0;
    bool fits = to8(quantity, &value8), whole = fits && value8 % instrument->step8 == 0;
    if (!whole && dec_places(quantity) > instrument->step_places) {
        return VENUE_REJECT_PRECISION;
    }
    int64_t most8 = market ? instrument->market_max8 : instrument->quantity_max8;
    if (!fits || value8 > most8) {
        return VENUE_REJECT_QUANTITY_ABOVE_MAX;
    }
    if (value8 < (market ? instrument->market_min8 : instrument->quantity_min8)) {
        return VENUE_REJECT_QUANTITY_BELOW_MIN;
    }
    if (market ? value8 % instrument->market_step8 != 0 : !whole) {
        return VENUE_REJECT_STEP;
    }
    *quantity8 = value8;
    return VENUE_REJECT_NONE;
}

venue_reject_t place_band(const instrument_rec_t *instrument, venue_side_t side, int64_t price8, dec_t *limit)
{
    int64_t edge8 = instrument->band_edge8[side];
    if (edge8 == 0 || (side == VENUE_BUY ? price8 <= edge8 : price8 >= edge8)) {
        return VENUE_REJECT_NONE;
    }
    *limit = dec_of8(edge8);
    return side == VENUE_BUY ? VENUE_REJECT_PRICE_BAND_UP : VENUE_REJECT_PRICE_BAND_DOWN;
}

bool place_price_match(venue_t *venue, uint32_t id, venue_side_t side, venue_match_t match, int64_t *price8)
{
    static const uint32_t depths[] = {0, 1, 5, 10, 20, 1, 5, 10, 20};
    street_refresh(venue, id);
    venue_side_t book = match >= VENUE_MATCH_QUEUE ? side : other_side(side);
    uint32_t at = instrument_of(venue, id)->books[book].head[0].to;
    for (uint32_t k = 1; k < depths[match] && at != VENUE_NIL; k++) {
        at = level_of(venue, at)->next.to;
    }
    if (at == VENUE_NIL) {
        return false;
    }
    *price8 = book == VENUE_BUY ? -level_of(venue, at)->key : level_of(venue, at)->key;
    return true;
}

bool place_would_take(venue_t *venue, uint32_t id, venue_side_t side, int64_t price8)
{
    street_refresh(venue, id);
    int64_t best8 = best_price8(venue, instrument_of(venue, id), other_side(side));
    return best8 > 0 && (side == VENUE_BUY ? best8 <= price8 : best8 >= price8);
}

/* --- margin ----------------------------------------------------------------------------------- */

/* What position and orders of a leg could come to together. */
static cost16_t exposure16(const slot_t *slot, uint32_t leg, int64_t mark8, cost16_t bid16, cost16_t ask16)
{
    return abs16(cost_of(mark8, slot->legs[leg].amount8)) + margin_extra16(slot, leg, mark8, bid16, ask16);
}

/* Is the bracket wide enough? First by a bound that most orders pass: what is open on either side, all of it at once, against the
 * first bracket, which every leverage up to its own reaches. */
static bool bracket_holds(const instrument_rec_t *instrument, const slot_t *slot, const margin_ask_t *ask)
{
    const leg_rec_t *leg = &slot->legs[ask->leg];
    cost16_t most16 = cost_of(instrument->mark8, abs8(leg->amount8)) + leg->open16[VENUE_BUY] + leg->open16[VENUE_SELL];
    if (slot->leverage <= instrument->first_leverage && most16 + ask->change16 <= instrument->first_cap16) {
        return true;
    }
    cost16_t bid16 = leg->open16[VENUE_BUY] + (ask->side == VENUE_BUY ? ask->change16 : 0);
    cost16_t ask16 = leg->open16[VENUE_SELL] + (ask->side == VENUE_SELL ? ask->change16 : 0);
    cost16_t after16 = exposure16(slot, ask->leg, instrument->mark8, bid16, ask16);
    return after16 <= rules_notional_max(instrument, slot->leverage) ||
           after16 <= exposure16(slot, ask->leg, instrument->mark8, leg->open16[VENUE_BUY], leg->open16[VENUE_SELL]);
}

/* What the order would open with as a loss. */
static int64_t opening_loss8(const instrument_rec_t *instrument, const margin_ask_t *ask)
{
    int64_t worse8 = ask->side == VENUE_BUY ? ask->price8 - instrument->mark8 : instrument->mark8 - ask->price8;
    return worse8 > 0 && instrument->mark8 > 0 ? cut8(cost_of(worse8, ask->quantity8)) : 0;
}

venue_reject_t margin_check(const venue_t *venue, const margin_ask_t *ask)
{
    const slot_t *slot = slot_of(venue, ask->slot);
    const instrument_rec_t *instrument = instrument_of(venue, slot->instrument);
    const leg_rec_t *leg = &slot->legs[ask->leg];
    if (ask->change16 <= 0) {
        return VENUE_REJECT_NONE; /* less open on its side is never exposed more, nor does it reserve more */
    }
    if (!bracket_holds(instrument, slot, ask)) {
        return VENUE_REJECT_MAX_POSITION;
    }
    /* Who could pay for it in full can reserve for it: what it reserves is at most its notional, and 2 of what is cut off. */
    int64_t loss8 = opening_loss8(instrument, ask);
    int64_t available8 = margin_available8(venue, ask->account, instrument->asset);
    if (available8 >= cut8(ask->change16) + 2 + loss8) {
        return VENUE_REJECT_NONE;
    }
    cost16_t bid16 = leg->open16[VENUE_BUY] + (ask->side == VENUE_BUY ? ask->change16 : 0);
    cost16_t ask16 = leg->open16[VENUE_SELL] + (ask->side == VENUE_SELL ? ask->change16 : 0);
    int64_t need8 = margin_order8(slot, ask->leg, instrument->mark8, bid16, ask16) - leg->order_margin8;
    return need8 <= 0 || available8 >= need8 + loss8 ? VENUE_REJECT_NONE : VENUE_REJECT_MARGIN;
}

/* --- the checks of a placement ---------------------------------------------------------------- */

typedef struct {
    int64_t price8, quantity8, limit8; /* limit8: where matching stops; 0: nowhere */
    uint32_t slot;
    bool closing;
    uint32_t client_hash;
    client_text_t client_id; /* the one that was sent; length 0: none */
} checked_t;

static venue_reject_t check_state(const venue_t *venue, const venue_place_t *place)
{
    if (place->account >= venue->account_count || place->instrument >= venue->instrument_count) {
        return VENUE_REJECT_INVALID_SYMBOL;
    }
    if (is_spot(instrument_of(venue, place->instrument))) {
        return VENUE_REJECT_INVALID_SYMBOL;
    }
    switch (instrument_of(venue, place->instrument)->rules.status) {
    case INSTRUMENT_TRADING:
        break;
    case INSTRUMENT_CLOSED:
        return VENUE_REJECT_SYMBOL_CLOSED;
    case INSTRUMENT_HALTED:
        return VENUE_REJECT_MARKET_CLOSED;
    case INSTRUMENT_PENDING:
    case INSTRUMENT_UNKNOWN:
        return VENUE_REJECT_SYMBOL_STATUS;
    }
    return account_of(venue, place->account)->liquidating ? VENUE_REJECT_IN_LIQUIDATION : VENUE_REJECT_NONE;
}

/* A conditional order that fires was taken when its owner was free to place it. */
static venue_reject_t check_standing(const venue_t *venue, const venue_place_t *place, bool closing, bool fired)
{
    if (instrument_of(venue, place->instrument)->only_reduce && !closing) {
        return VENUE_REJECT_SYMBOL_NOT_OPEN;
    }
    return fired ? VENUE_REJECT_NONE : standing_check(account_of(venue, place->account), closing);
}

static venue_reject_t check_shape(const venue_t *venue, const venue_place_t *place, const client_text_t *client_id)
{
    if ((unsigned)place->side > VENUE_SELL) {
        return VENUE_REJECT_INVALID_SIDE;
    }
    if ((unsigned)place->type > VENUE_TRAILING_STOP_MARKET) {
        return VENUE_REJECT_INVALID_TYPE;
    }
    if (place->type != VENUE_LIMIT && place->type != VENUE_MARKET) {
        return VENUE_REJECT_USE_ALGO;
    }
    if (place->type == VENUE_LIMIT && (unsigned)place->tif > VENUE_GTD) {
        return VENUE_REJECT_INVALID_TIF;
    }
    if ((unsigned)place->stp > VENUE_STP_EXPIRE_BOTH) {
        return VENUE_REJECT_STP_MODE;
    }
    if ((unsigned)place->match > VENUE_MATCH_QUEUE_20) {
        return VENUE_REJECT_PRICE_MATCH;
    }
    if (place->match != VENUE_MATCH_NONE && place->type != VENUE_LIMIT) {
        return VENUE_REJECT_PRICE_MATCH_TYPE;
    }
    if (place->match != VENUE_MATCH_NONE && !dec_is_zero(place->price)) {
        return VENUE_REJECT_PRICE_MATCH;
    }
    if (place->type == VENUE_LIMIT && place->tif == VENUE_GTD &&
        (place->good_till_ns <= venue->now_ns + 600 * NS_PER_S || place->good_till_ns / NS_PER_MS >= INT64_C(253402300799000))) {
        return VENUE_REJECT_GOOD_TILL_DATE;
    }
    if (client_id->length > 0 && !client_id->valid) {
        return VENUE_REJECT_CLIENT_ID;
    }
    return VENUE_REJECT_NONE;
}

static venue_reject_t check_position_side(const venue_t *venue, const venue_place_t *place, bool *closing)
{
    if ((unsigned)place->position_side > VENUE_POSITION_SHORT) {
        return VENUE_REJECT_INVALID_POSITION_SIDE;
    }
    bool hedge = account_of(venue, place->account)->mode == VENUE_MODE_HEDGE;
    if (hedge == (place->position_side == VENUE_POSITION_BOTH)) {
        return VENUE_REJECT_POSITION_SIDE_MISMATCH;
    }
    if (hedge && place->reduce_only_sent) {
        return VENUE_REJECT_REDUCE_ONLY_NOT_REQUIRED;
    }
    bool opens = place->position_side == VENUE_POSITION_LONG ? place->side == VENUE_BUY : place->side == VENUE_SELL;
    *closing = place->reduce_only || (hedge && !opens);
    return VENUE_REJECT_NONE;
}

static venue_reject_t check_numbers(venue_t *venue, const venue_place_t *place, checked_t *checked)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    venue_reject_t reject = place->close_all && to8(place->quantity, &checked->quantity8)
                                ? VENUE_REJECT_NONE
                                : rules_quantity(instrument, place->quantity, place->type == VENUE_MARKET, &checked->quantity8);
    if (reject != VENUE_REJECT_NONE) {
        return reject;
    }
    if (place->type == VENUE_MARKET) {
        checked->limit8 = instrument->band_edge8[place->side];
        street_refresh(venue, place->instrument);
        int64_t best8 = best_price8(venue, instrument, other_side(place->side));
        dec_t ignored;
        if (best8 > 0 && place_band(instrument, place->side, best8, &ignored) != VENUE_REJECT_NONE) {
            return VENUE_REJECT_MARKET_BAND;
        }
        checked->price8 = best8 > 0 ? best8 : instrument->mark8;
        return VENUE_REJECT_NONE;
    }
    if (place->match != VENUE_MATCH_NONE) {
        reject = place_price_match(venue, place->instrument, place->side, place->match, &checked->price8)
                     ? VENUE_REJECT_NONE
                     : VENUE_REJECT_PRICE_MATCH_DEPTH;
    } else {
        reject = rules_price(instrument, place->price, &checked->price8);
    }
    checked->limit8 = checked->price8;
    return reject;
}

/* A reduce-only order beside an open one on its side: together they could turn the position, and that needs margin. */
static venue_reject_t check_closing_margin(const venue_t *venue, const venue_place_t *place, const checked_t *checked)
{
    const slot_t *slot = slot_of(venue, checked->slot);
    const leg_rec_t *leg = &slot->legs[place->position_side];
    cost16_t beside16 = place->side == VENUE_BUY ? leg->open16[VENUE_BUY] : leg->open16[VENUE_SELL];
    if (place->position_side != VENUE_POSITION_BOTH || beside16 == 0) {
        return VENUE_REJECT_NONE;
    }
    cost16_t own16 = cost_of(checked->price8, checked->quantity8);
    cost16_t bid16 = leg->open16[VENUE_BUY] + (place->side == VENUE_BUY ? own16 : 0);
    cost16_t ask16 = leg->open16[VENUE_SELL] + (place->side == VENUE_SELL ? own16 : 0);
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    int64_t need8 = margin_order8(slot, place->position_side, instrument->mark8, bid16, ask16) - leg->order_margin8;
    bool enough = need8 <= 0 || margin_available8(venue, place->account, instrument->asset) >= need8;
    return enough ? VENUE_REJECT_NONE : VENUE_REJECT_REDUCE_ONLY_MARGIN;
}

static venue_reject_t check_rules(venue_t *venue, const venue_place_t *place, checked_t *checked, dec_t *limit)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    const slot_t *slot = slot_of(venue, checked->slot);
    int64_t amount8 = slot->legs[place->position_side].amount8;
    if (checked->closing && (place->side == VENUE_BUY ? amount8 >= 0 : amount8 <= 0)) {
        return VENUE_REJECT_REDUCE_ONLY;
    }
    int64_t value_price8 = place->type == VENUE_MARKET && instrument->mark8 > 0 ? instrument->mark8 : checked->price8;
    if (!checked->closing && cost_of(value_price8, checked->quantity8) < (cost16_t)instrument->notional_min8 * VENUE_E8) {
        *limit = dec_of8(instrument->notional_min8);
        return VENUE_REJECT_NOTIONAL;
    }
    if (place->type == VENUE_LIMIT) {
        venue_reject_t reject = place_band(instrument, place->side, checked->price8, limit);
        if (reject != VENUE_REJECT_NONE) {
            return reject;
        }
    }
    if (slot->order_count >= venue->orders_max) {
        return VENUE_REJECT_MAX_OPEN_ORDERS;
    }
    if (checked->closing) {
        return check_closing_margin(venue, place, checked);
    }
    margin_ask_t ask = {
        .account = place->account,
        .slot = checked->slot,
        .side = place->side,
        .leg = place->position_side,
        .change16 = cost_of(checked->price8, checked->quantity8),
        .price8 = checked->price8,
        .quantity8 = checked->quantity8,
    };
    return margin_check(venue, &ask);
}

static venue_reject_t check_at_once(venue_t *venue, const venue_place_t *place, const checked_t *checked)
{
    if (place->type != VENUE_LIMIT) {
        return VENUE_REJECT_NONE;
    }
    if (place->tif == VENUE_GTX && place_would_take(venue, place->instrument, place->side, checked->price8)) {
        return VENUE_REJECT_POST_ONLY;
    }
    if (place->tif == VENUE_FOK) {
        order_rec_t probe = {.quantity8 = checked->quantity8, .slot = checked->slot, .instrument = place->instrument};
        probe.side = (uint8_t)place->side;
        probe.position_side = (uint8_t)place->position_side;
        probe.closing = checked->closing;
        if (match_fillable8(venue, &probe, checked->limit8) < checked->quantity8) {
            return VENUE_REJECT_FOK;
        }
    }
    return VENUE_REJECT_NONE;
}

static bool is_doubled(const venue_t *venue, const venue_place_t *place, const checked_t *checked)
{
    uint32_t same = checked->client_id.length == 0
                        ? VENUE_NIL
                        : order_find_hashed(venue, checked->client_hash, place->account, place->instrument, place->client_id.text);
    return same != VENUE_NIL && order_of(venue, same)->open;
}

static venue_reject_t check_all(venue_t *venue, const venue_place_t *place, bool fired, checked_t *checked, dec_t *limit)
{
    venue_reject_t reject = check_state(venue, place);
    reject = reject == VENUE_REJECT_NONE ? check_shape(venue, place, &checked->client_id) : reject;
    reject = reject == VENUE_REJECT_NONE ? check_position_side(venue, place, &checked->closing) : reject;
    reject = reject == VENUE_REJECT_NONE ? check_standing(venue, place, checked->closing, fired) : reject;
    reject = reject == VENUE_REJECT_NONE ? check_numbers(venue, place, checked) : reject;
    if (reject != VENUE_REJECT_NONE) {
        return reject;
    }
    /* A doubled client id comes before what the rules say, but its search waits for memory, so it is looked for after them. Both
     * can be: who has such an order open has a slot already. */
    dec_t rules_limit = DEC_ZERO;
    checked->slot = slot_put(venue, place->account, place->instrument);
    reject = checked->slot == VENUE_NIL || venue->order_open >= venue->bounds.orders
                 ? VENUE_REJECT_TOO_MANY_ORDERS_HERE
                 : check_rules(venue, place, checked, &rules_limit);
    if (is_doubled(venue, place, checked)) {
        return VENUE_REJECT_DUPLICATE_CLIENT_ID;
    }
    *limit = rules_limit;
    return reject == VENUE_REJECT_NONE ? check_at_once(venue, place, checked) : reject;
}

/* --- placing ---------------------------------------------------------------------------------- */

static void order_describe(venue_t *venue, uint32_t index, const venue_place_t *place, const checked_t *checked,
                           uint32_t algo_index)
{
    order_rec_t *order = order_of(venue, index);
    order->side = (uint8_t)place->side;
    order->position_side = (uint8_t)place->position_side;
    order->type = order->orig_type = (uint8_t)place->type;
    order->tif = (uint8_t)(place->type == VENUE_LIMIT ? place->tif : VENUE_GTC);
    order->stp = (uint8_t)place->stp;
    order->match = (uint8_t)place->match;
    order->price8 = place->type == VENUE_LIMIT ? checked->price8 : 0;
    order->quantity8 = checked->quantity8;
    order->reduce_only = place->reduce_only;
    if (checked->closing) {
        order_set_closing(venue, order);
    }
    if (order->tif == VENUE_GTD) {
        order_rare_make(venue, order)->good_till_ns = time_floor(place->good_till_ns, NS_PER_S);
    }
    if (checked->client_id.length > 0) {
        client_text_store(&checked->client_id, order->client_id);
        order_index_put(venue, index, checked->client_hash);
    } else {
        client_id_own(order->client_id, "v-", order->id);
        order_index_put(venue, index, client_id_hash(order->client_id, order->account, order->instrument));
    }
    if (algo_index != VENUE_NIL) {
        algo_rec_t *algo = algo_of(venue, algo_index);
        order_rare_t *rare = order_rare_make(venue, order);
        rare->algo = 1 + algo_index;
        rare->algo_id = algo->id;
        rare->trigger8 = algo->trigger8;
        rare->activate8 = algo->activate8;
        rare->callback8 = algo->callback8;
        order->orig_type = algo->type;
        order->working = algo->working == VENUE_MARK_PRICE;
        order->close_position = algo->close_position != 0;
        order->price_protect = algo->price_protect != 0;
        algo->actual_id = order->id;
        algo->status = VENUE_ALGO_TRIGGERED;
    }
}

void place_outcome(venue_t *venue, const venue_sink_t *sink, uint32_t index, match_end_t end)
{
    order_rec_t *order = order_of(venue, index);
    bool rests = order->type == VENUE_LIMIT && (order->tif == VENUE_GTC || order->tif == VENUE_GTX || order->tif == VENUE_GTD);
    if (order_open8(order) == 0) {
        order_finish(venue, sink, index, VENUE_STATUS_FILLED, VENUE_EXPIRY_NONE, VENUE_EXEC_TRADE);
    } else if (end == MATCH_STP_TAKER) {
        order_finish(venue, sink, index, VENUE_STATUS_EXPIRED_IN_MATCH,
                     order->tif == VENUE_IOC ? VENUE_EXPIRY_IOC_STP : VENUE_EXPIRY_STP, VENUE_EXEC_EXPIRED);
    } else if (end == MATCH_CLOSED || (order->closing && fill_closable8(venue, order) == 0)) {
        /* Also when the side of the book ended with the very fill that closed the position: nothing is left to reduce. */
        order_finish(venue, sink, index, VENUE_STATUS_EXPIRED, VENUE_EXPIRY_REDUCE_ONLY, VENUE_EXEC_EXPIRED);
    } else if (rests) {
        order_rest(venue, index);
        if (order->tif == VENUE_GTD) {
            expiry_add(venue, EXPIRY_ORDER, index, order_rare(venue, order)->good_till_ns);
        }
    } else {
        venue_expiry_t why = order->type == VENUE_MARKET ? VENUE_EXPIRY_MARKET
                             : order->tif == VENUE_FOK   ? VENUE_EXPIRY_FOK
                                                         : VENUE_EXPIRY_IOC;
        order_finish(venue, sink, index, VENUE_STATUS_EXPIRED, why, VENUE_EXEC_EXPIRED);
    }
}

venue_reply_t place_checked(venue_t *venue, const venue_sink_t *sink, const venue_place_t *place, uint32_t algo, uint32_t *index)
{
    venue_reply_t reply = {.reject = VENUE_REJECT_NONE};
    checked_t checked = {.slot = VENUE_NIL};
    client_text_read(&checked.client_id, place->client_id.text);
    checked.client_hash = client_text_hash(&checked.client_id, place->account, place->instrument);
    order_index_touch(venue, (uint32_t)venue->order_ids + 1, checked.client_hash);
    reply.reject = check_all(venue, place, algo != VENUE_NIL, &checked, &reply.limit);
    if (reply.reject != VENUE_REJECT_NONE || place->test) {
        return reply;
    }
    touch_accepted(venue, place, checked.slot);
    *index = order_new(venue, place->account, checked.slot, ORDER_CLAIM_NORMAL);
    ASSERT(*index != VENUE_NIL);
    order_describe(venue, *index, place, &checked, algo);
    touch_queue(venue, order_of(venue, *index));
    reply.id = order_of(venue, *index)->id;
    if (algo != VENUE_NIL) {
        emit_algo(venue, sink, algo_of(venue, algo));
    }
    emit_order(venue, sink, order_of(venue, *index), VENUE_EXEC_NEW);
    if (place->doomed) {
        expiry_add(venue, EXPIRY_ORDER, *index, venue->now_ns + NS_PER_MS);
        return reply;
    }
    match_end_t end = match_take(venue, sink, *index, checked.limit8);
    place_outcome(venue, sink, *index, end);
    return reply;
}

venue_reply_t venue_place(venue_t *venue, const venue_sink_t *sink, const venue_place_t *place, venue_order_t *after)
{
    uint32_t index = VENUE_NIL;
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    if (place->account < venue->account_count && place->instrument < venue->instrument_count) {
        touch_place(venue, place);
    }
    venue_reply_t reply = place_checked(venue, sink, place, VENUE_NIL, &index);
    if (index == VENUE_NIL) {
        return reply;
    }
    if (after != NULL) {
        memset(after, 0, sizeof *after);
        view_order(venue, order_of(venue, index), after);
    }
    market_settle(venue, sink, place->instrument);
    return reply;
}

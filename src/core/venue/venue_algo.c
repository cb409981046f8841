/* venue_algo.c: conditional orders with ids of their own (protocols/binance-usdm.md, sections 7, 8): NEW -> TRIGGERING -> TRIGGERED
 * (a matching engine order with a new id) -> FINISHED, or CANCELED / EXPIRED / REJECTED.
 *
 * A stop fires when the price comes to its trigger from the bad side, a take-profit from the good side; contract or mark price.
 * Margin and reduce-only are checked when it fires, not when it is placed.
 */
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

static bool is_stop(venue_type_t type)
{
    return type == VENUE_STOP || type == VENUE_STOP_MARKET;
}
static bool is_market(venue_type_t type)
{
    return type != VENUE_STOP && type != VENUE_TAKE_PROFIT;
}

static int64_t working_price8(const instrument_rec_t *instrument, uint32_t working)
{
    return working == VENUE_MARK_PRICE ? instrument->mark8 : instrument->price8;
}

/* --- checks ----------------------------------------------------------------------------------- */

static venue_reject_t check_kind(const venue_t *venue, const venue_algo_place_t *place)
{
    if (place->account >= venue->account_count || place->instrument >= venue->instrument_count ||
        is_spot(instrument_of(venue, place->instrument))) {
        return VENUE_REJECT_INVALID_SYMBOL;
    }
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    const account_rec_t *account = account_of(venue, place->account);
    if (instrument->rules.status != INSTRUMENT_TRADING) {
        return instrument->rules.status == INSTRUMENT_CLOSED ? VENUE_REJECT_SYMBOL_CLOSED : VENUE_REJECT_SYMBOL_STATUS;
    }
    if (account->liquidating) {
        return VENUE_REJECT_IN_LIQUIDATION;
    }
    if (place->type < VENUE_STOP || place->type > VENUE_TRAILING_STOP_MARKET) {
        return VENUE_REJECT_INVALID_TYPE;
    }
    if ((unsigned)place->side > VENUE_SELL) {
        return VENUE_REJECT_INVALID_SIDE;
    }
    if ((unsigned)place->working > VENUE_MARK_PRICE) {
        return VENUE_REJECT_INVALID_WORKING_TYPE;
    }
    if (!is_market(place->type) && (unsigned)place->tif > VENUE_GTD) {
        return VENUE_REJECT_INVALID_TIF;
    }
    if ((unsigned)place->stp > VENUE_STP_EXPIRE_BOTH) {
        return VENUE_REJECT_STP_MODE;
    }
    if ((unsigned)place->match > VENUE_MATCH_QUEUE_20) {
        return VENUE_REJECT_PRICE_MATCH;
    }
    if (place->match != VENUE_MATCH_NONE && is_market(place->type)) {
        return VENUE_REJECT_PRICE_MATCH_TYPE;
    }
    if (place->client_id.text[0] != '\0' && !client_id_valid(place->client_id.text)) {
        return VENUE_REJECT_CLIENT_ID;
    }
    if (!is_market(place->type) && place->tif == VENUE_GTD &&
        (place->good_till_ns <= venue->now_ns + 600 * NS_PER_S || place->good_till_ns / NS_PER_MS >= INT64_C(253402300799000))) {
        return VENUE_REJECT_GOOD_TILL_DATE;
    }
    return VENUE_REJECT_NONE;
}

static bool opens_leg(const venue_algo_place_t *place)
{
    return (place->position_side == VENUE_POSITION_LONG && place->side == VENUE_BUY) ||
           (place->position_side == VENUE_POSITION_SHORT && place->side == VENUE_SELL);
}

static venue_reject_t check_side(const venue_t *venue, const venue_algo_place_t *place)
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
    bool closing = place->close_position || place->reduce_only || (hedge && !opens_leg(place));
    if (instrument_of(venue, place->instrument)->only_reduce && !closing) {
        return VENUE_REJECT_SYMBOL_NOT_OPEN;
    }
    venue_reject_t standing = standing_check(account_of(venue, place->account), closing);
    if (standing != VENUE_REJECT_NONE || !place->close_position) {
        return standing;
    }
    if (place->type != VENUE_STOP_MARKET && place->type != VENUE_TAKE_PROFIT_MARKET) {
        return VENUE_REJECT_CLOSE_POSITION_TYPE;
    }
    if (!dec_is_zero(place->quantity)) {
        return VENUE_REJECT_CLOSE_POSITION_QUANTITY;
    }
    if (place->reduce_only_sent) {
        return place->reduce_only ? VENUE_REJECT_REDUCE_ONLY_NOT_REQUIRED : VENUE_REJECT_REDUCE_ONLY_MUST_BE_TRUE;
    }
    return opens_leg(place) ? VENUE_REJECT_REDUCE_ONLY_CONFLICT : VENUE_REJECT_NONE;
}

static venue_reject_t check_trailing(const instrument_rec_t *instrument, const venue_algo_place_t *place, algo_rec_t *algo)
{
    if (!dec_is_zero(place->trigger_price)) {
        return VENUE_REJECT_WOULD_TRIGGER; /* as the exchange answers */
    }
    bool exact = to8(place->callback_pct, &algo->callback8) && algo->callback8 % (VENUE_E8 / 100) == 0;
    if (!exact || algo->callback8 < VENUE_E8 / 10 || algo->callback8 > 10 * VENUE_E8) {
        return VENUE_REJECT_INVALID_CALLBACK_RATE;
    }
    if (dec_is_zero(place->activate_price)) {
        return VENUE_REJECT_NONE;
    }
    if (rules_price(instrument, place->activate_price, &algo->activate8) != VENUE_REJECT_NONE) {
        return VENUE_REJECT_ACTIVATION_PRICE;
    }
    int64_t now8 = working_price8(instrument, place->working);
    bool right = now8 == 0 || (place->side == VENUE_BUY ? algo->activate8 < now8 : algo->activate8 > now8);
    return right ? VENUE_REJECT_NONE : VENUE_REJECT_WOULD_TRIGGER;
}

static venue_reject_t check_trigger(const instrument_rec_t *instrument, const venue_algo_place_t *place, algo_rec_t *algo)
{
    if (dec_sign(place->trigger_price) <= 0) {
        return VENUE_REJECT_STOP_NOT_POSITIVE;
    }
    venue_reject_t reject = rules_price(instrument, place->trigger_price, &algo->trigger8);
    if (reject == VENUE_REJECT_PRICE_ABOVE_MAX) {
        return VENUE_REJECT_STOP_ABOVE_MAX;
    }
    if (reject != VENUE_REJECT_NONE) {
        return reject;
    }
    int64_t now8 = working_price8(instrument, place->working);
    bool rising = is_stop(place->type) == (place->side == VENUE_BUY);
    bool met = now8 > 0 && (rising ? now8 >= algo->trigger8 : now8 <= algo->trigger8);
    return met ? VENUE_REJECT_WOULD_TRIGGER : VENUE_REJECT_NONE;
}

/* The limit of a conditional order is held to the band around its own trigger. */
static venue_reject_t check_stop_band(const instrument_rec_t *instrument, const venue_algo_place_t *place, const algo_rec_t *algo,
                                      dec_t *limit)
{
    int64_t rate8 = place->side == VENUE_BUY ? instrument->band_up8 : instrument->band_down8;
    int64_t edge8 = rate_of16((cost16_t)algo->trigger8 * VENUE_E8, rate8);
    if (rate8 == 0 || (place->side == VENUE_BUY ? algo->price8 <= edge8 : algo->price8 >= edge8)) {
        return VENUE_REJECT_NONE;
    }
    *limit = dec_of8(edge8);
    return place->side == VENUE_BUY ? VENUE_REJECT_STOP_BAND_UP : VENUE_REJECT_STOP_BAND_DOWN;
}

static venue_reject_t check_numbers(const venue_t *venue, const venue_algo_place_t *place, algo_rec_t *algo, dec_t *limit)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    venue_reject_t reject = VENUE_REJECT_NONE;
    if (!place->close_position) {
        reject = rules_quantity(instrument, place->quantity, is_market(place->type), &algo->quantity8);
    }
    if (reject == VENUE_REJECT_NONE && !is_market(place->type) && place->match == VENUE_MATCH_NONE) {
        reject = rules_price(instrument, place->price, &algo->price8);
    }
    if (reject == VENUE_REJECT_NONE) {
        reject = place->type == VENUE_TRAILING_STOP_MARKET ? check_trailing(instrument, place, algo)
                                                           : check_trigger(instrument, place, algo);
    }
    if (reject == VENUE_REJECT_NONE && algo->price8 != 0) {
        reject = check_stop_band(instrument, place, algo, limit);
    }
    return reject;
}

static venue_reject_t check_counts(const venue_t *venue, const venue_algo_place_t *place)
{
    const account_rec_t *account = account_of(venue, place->account);
    if (account->algo_open >= venue->algos_max) {
        return VENUE_REJECT_MAX_ALGO_ORDERS;
    }
    if (place->client_id.text[0] != '\0') {
        uint32_t same = algo_find_client(venue, place->account, place->client_id.text);
        if (same != VENUE_NIL && algo_of(venue, same)->open) {
            return VENUE_REJECT_DUPLICATE_CLIENT_ID;
        }
    }
    uint32_t slot = slot_find(venue, place->account, place->instrument);
    if (place->close_position && slot != VENUE_NIL) {
        for (uint32_t at = slot_of(venue, slot)->algo_head; at != VENUE_NIL; at = algo_of(venue, at)->slot_next) {
            const algo_rec_t *algo = algo_of(venue, at);
            if (algo->close_position && algo->type == place->type && algo->side == place->side &&
                algo->position_side == place->position_side) {
                return VENUE_REJECT_CLOSE_POSITION_EXISTS;
            }
        }
    }
    return VENUE_REJECT_NONE;
}

/* --- placing, cancelling ---------------------------------------------------------------------- */

static int64_t trailing_trigger8(const instrument_rec_t *instrument, const algo_rec_t *algo)
{
    int64_t distance8 = rate_of16((cost16_t)algo->extreme8 * VENUE_E8, algo->callback8) / 100;
    int64_t tick8 = instrument->tick8;
    if (algo->side == VENUE_SELL) {
        return max8((algo->extreme8 - distance8) / tick8 * tick8, tick8);
    }
    return (algo->extreme8 + distance8 + tick8 - 1) / tick8 * tick8;
}

static void describe(algo_rec_t *algo, const venue_algo_place_t *place)
{
    algo->side = (uint8_t)place->side;
    algo->position_side = (uint8_t)place->position_side;
    algo->type = (uint8_t)place->type;
    algo->tif = (uint8_t)place->tif;
    algo->stp = (uint8_t)place->stp;
    algo->match = (uint8_t)place->match;
    algo->working = (uint8_t)place->working;
    algo->reduce_only = place->reduce_only;
    algo->close_position = place->close_position;
    algo->price_protect = place->price_protect;
    algo->good_till_ns = place->tif == VENUE_GTD && !is_market(place->type) ? time_floor(place->good_till_ns, NS_PER_S) : 0;
    if (place->client_id.text[0] != '\0') {
        memcpy(algo->client_id, place->client_id.text, str_from(place->client_id.text).length);
    } else {
        client_id_own(algo->client_id, "va-", algo->id);
    }
}

venue_reply_t venue_algo_place(venue_t *venue, const venue_sink_t *sink, const venue_algo_place_t *place, venue_algo_t *after)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    algo_rec_t numbers = {0};
    venue_reply_t reply = {.reject = check_kind(venue, place)};
    reply.reject = reply.reject == VENUE_REJECT_NONE ? check_side(venue, place) : reply.reject;
    reply.reject = reply.reject == VENUE_REJECT_NONE ? check_numbers(venue, place, &numbers, &reply.limit) : reply.reject;
    reply.reject = reply.reject == VENUE_REJECT_NONE ? check_counts(venue, place) : reply.reject;
    if (reply.reject != VENUE_REJECT_NONE) {
        return reply;
    }
    uint32_t slot = slot_put(venue, place->account, place->instrument);
    uint32_t index = slot == VENUE_NIL ? VENUE_NIL : algo_new(venue, slot);
    if (index == VENUE_NIL) {
        reply.reject = VENUE_REJECT_TOO_MANY_ORDERS_HERE;
        return reply;
    }
    algo_rec_t *algo = algo_of(venue, index);
    describe(algo, place);
    algo->quantity8 = numbers.quantity8;
    algo->price8 = numbers.price8;
    algo->trigger8 = numbers.trigger8;
    algo->activate8 = numbers.activate8;
    algo->callback8 = numbers.callback8;
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    if (algo->type == VENUE_TRAILING_STOP_MARKET && algo->activate8 == 0 && working_price8(instrument, algo->working) > 0) {
        algo->activated = 1;
        algo->extreme8 = working_price8(instrument, algo->working);
        algo->trigger8 = trailing_trigger8(instrument, algo);
    }
    algo_index_put(venue, index);
    algo_arm(venue, index);
    if (algo->good_till_ns > 0) {
        expiry_add(venue, EXPIRY_ALGO, index, algo->good_till_ns);
    }
    emit_algo(venue, sink, algo);
    reply.id = algo->id;
    if (after != NULL) {
        memset(after, 0, sizeof *after);
        view_algo(venue, algo, after);
    }
    return reply;
}

static uint32_t algo_by_ref(const venue_t *venue, const venue_ref_t *ref)
{
    if (ref->account >= venue->account_count) {
        return VENUE_NIL;
    }
    uint32_t index = ref->id != 0 ? algo_find_id(venue, ref->id) : algo_find_client(venue, ref->account, ref->client_id.text);
    bool own = index != VENUE_NIL && algo_of(venue, index)->account == ref->account &&
               (ref->instrument == INSTRUMENT_NONE || algo_of(venue, index)->instrument == ref->instrument);
    return own ? index : VENUE_NIL;
}

/* One that hangs between its trigger and the order that should come of it is out of its owner's hands (the fault prot.stuck). */
static bool is_stuck(const algo_rec_t *algo)
{
    return algo->status == VENUE_ALGO_TRIGGERING;
}

venue_reply_t venue_algo_cancel(venue_t *venue, const venue_sink_t *sink, const venue_ref_t *ref, venue_algo_t *after)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    uint32_t index = algo_by_ref(venue, ref);
    if (index == VENUE_NIL || !algo_of(venue, index)->open || is_stuck(algo_of(venue, index))) {
        return (venue_reply_t){.reject = VENUE_REJECT_UNKNOWN_ORDER};
    }
    venue_reply_t reply = {.id = algo_of(venue, index)->id};
    algo_disarm(venue, index);
    algo_finish(venue, sink, index, VENUE_ALGO_CANCELED);
    if (after != NULL) {
        memset(after, 0, sizeof *after);
        view_algo(venue, algo_of(venue, index), after);
    }
    return reply;
}

venue_reply_t venue_algo_cancel_all(venue_t *venue, const venue_sink_t *sink, venue_account_t account, instrument_id_t instrument,
                                    uint32_t *count)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    if (account >= venue->account_count || instrument >= venue->instrument_count) {
        return (venue_reply_t){.reject = VENUE_REJECT_INVALID_SYMBOL};
    }
    uint32_t cancelled = 0;
    uint32_t slot = slot_find(venue, account, instrument);
    for (uint32_t index = slot == VENUE_NIL ? VENUE_NIL : slot_of(venue, slot)->algo_head, next; index != VENUE_NIL; index = next) {
        next = algo_of(venue, index)->slot_next;
        if (is_stuck(algo_of(venue, index))) {
            continue;
        }
        algo_disarm(venue, index);
        algo_finish(venue, sink, index, VENUE_ALGO_CANCELED);
        cancelled++;
    }
    if (count != NULL) {
        *count = cancelled;
    }
    return (venue_reply_t){.reject = VENUE_REJECT_NONE};
}

result_t venue_algo(const venue_t *venue, const venue_ref_t *ref, venue_algo_t *out)
{
    uint32_t index = algo_by_ref(venue, ref);
    if (index == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    memset(out, 0, sizeof *out);
    view_algo(venue, algo_of(venue, index), out);
    return RESULT_OK;
}

/* --- firing ----------------------------------------------------------------------------------- */

/* The first trigger that a price moving up (or down) meets, over both working prices. In markets where mark and contract price
 * differ, each ladder is asked with its own price by the caller; here the nearest of the contract ladder and the mark ladder is
 * given. */
bool algo_next_trigger(const venue_t *venue, const instrument_rec_t *instrument, bool rising, int64_t *price8, uint32_t *index)
{
    bool found = false;
    for (uint32_t working = 0; working < 2; working++) {
        uint32_t level = instrument->triggers[working][rising ? 0 : 1].head[0].to;
        if (level == VENUE_NIL) {
            continue;
        }
        int64_t at8 = rising ? level_of(venue, level)->key : -level_of(venue, level)->key;
        if (!found || (rising ? at8 < *price8 : at8 > *price8)) {
            found = true;
            *price8 = at8;
            *index = level_of(venue, level)->head;
        }
    }
    return found;
}

static bool protected_away(const instrument_rec_t *instrument, const algo_rec_t *algo)
{
    if (!algo->price_protect || instrument->protect8 == 0 || instrument->mark8 == 0) {
        return false;
    }
    int64_t apart8 = abs8(instrument->mark8 - instrument->price8);
    return (cost16_t)apart8 * VENUE_E8 > (cost16_t)instrument->mark8 * instrument->protect8;
}

/* The order it becomes; false: there is nothing to close. */
static bool order_from_algo(venue_t *venue, const algo_rec_t *algo, venue_place_t *place)
{
    const instrument_rec_t *instrument = instrument_of(venue, algo->instrument);
    int64_t quantity8 = algo->quantity8;
    if (algo->close_position) {
        order_rec_t probe = {.slot = algo->slot};
        probe.side = algo->side;
        probe.position_side = algo->position_side;
        quantity8 = min8(fill_closable8(venue, &probe), instrument->market_max8);
        if (quantity8 == 0) {
            return false;
        }
    }
    place->account = algo->account;
    place->instrument = algo->instrument;
    place->side = (venue_side_t)algo->side;
    place->position_side = (venue_position_side_t)algo->position_side;
    place->type = is_market((venue_type_t)algo->type) ? VENUE_MARKET : VENUE_LIMIT;
    place->tif = (venue_tif_t)algo->tif;
    place->stp = (venue_stp_t)algo->stp;
    place->match = (venue_match_t)algo->match;
    place->quantity = dec_of8(quantity8);
    place->price = dec_of8(algo->price8);
    place->reduce_only = (algo->reduce_only || algo->close_position) && algo->position_side == VENUE_POSITION_BOTH;
    place->good_till_ns = algo->good_till_ns;
    place->close_all = algo->close_position;
    uint32_t same = order_find_open(venue, algo->account, algo->instrument, algo->client_id);
    if (same == VENUE_NIL || !order_of(venue, same)->open) {
        memcpy(place->client_id.text, algo->client_id, sizeof algo->client_id);
    }
    return true;
}

void algo_fire(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    algo_rec_t *algo = algo_of(venue, index);
    instrument_rec_t *instrument = instrument_of(venue, algo->instrument);
    algo_disarm(venue, index);
    algo->status = VENUE_ALGO_TRIGGERING;
    algo->trigger_ns = algo->update_ns = venue->event_ns;
    emit_algo(venue, sink, algo);
    if (protected_away(instrument, algo)) {
        algo->reason = VENUE_REJECT_PRICE_PROTECT;
        algo_finish(venue, sink, index, VENUE_ALGO_REJECTED);
        return;
    }
    venue_place_t place;
    memset(&place, 0, sizeof place);
    if (!order_from_algo(venue, algo, &place)) {
        algo->reason = VENUE_REJECT_REDUCE_ONLY;
        algo_finish(venue, sink, index, VENUE_ALGO_EXPIRED);
        return;
    }
    uint32_t order = VENUE_NIL;
    venue_reply_t reply = place_checked(venue, sink, &place, index, &order);
    if (reply.reject != VENUE_REJECT_NONE) {
        algo->reason = (uint8_t)reply.reject;
        algo_finish(venue, sink, index, VENUE_ALGO_REJECTED);
    }
}

void algo_follow_price(venue_t *venue, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (is_spot(instrument)) {
        spot_follow_price(venue, id);
        return;
    }
    for (uint32_t at = instrument->trail_head, next; at != VENUE_NIL; at = next) {
        algo_rec_t *algo = algo_of(venue, at);
        next = algo->trail_next;
        int64_t now8 = working_price8(instrument, algo->working);
        bool sells = algo->side == VENUE_SELL;
        if (!algo->activated) {
            if (algo->activate8 != 0 && (sells ? now8 < algo->activate8 : now8 > algo->activate8)) {
                continue;
            }
            algo->activated = 1;
        } else if (sells ? now8 <= algo->extreme8 : now8 >= algo->extreme8) {
            continue;
        }
        algo->extreme8 = now8;
        algo_rearm(venue, at, trailing_trigger8(instrument, algo));
    }
}

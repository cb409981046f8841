/* spot_list.c: order lists: OCO (one cancels the other), OTO (one triggers the other), OTOCO (one triggers a pair); an OTO or OTOCO
 * whose pending legs sell what the working order receives is an OPO or OPOCO (spot_opo.c).
 *
 * The two legs of a pair are covered by one amount, locked for the first of them: whichever acts, by a fill or by its trigger,
 * takes it over, and the other one expires. Pending legs wait without funds; when the working order is filled in full they are
 * funded and come to the market after the trade that filled it has been dealt with. When it ends otherwise they end with it.
 */
#include "core/venue/spot_parts.h"

typedef enum { LIST_OPEN = 1, LIST_CLOSING } list_state_t; /* CLOSING: cancelled as a whole, legs do not look at each other */

static bool leg_open(const venue_t *venue, const list_rec_t *list, uint32_t leg)
{
    const order_rec_t *order = order_of(venue, list->orders[leg]);
    return order->open && order->id == list->order_ids[leg];
}

/* First leg of the pair; leg_count when there is none. */
static uint32_t pair_of(const list_rec_t *list)
{
    return list->kind == SPOT_LIST_OCO ? 0 : list->kind == SPOT_LIST_OTOCO ? 1 : list->leg_count;
}

static uint32_t leg_of_order(const venue_t *venue, const list_rec_t *list, uint32_t order)
{
    uint32_t leg = 0;
    while (leg < list->leg_count && list->order_ids[leg] != order_of(venue, order)->id) {
        leg++;
    }
    return leg;
}

/* The other leg of a pair while it is open; VENUE_NIL: none. */
static uint32_t sibling_of(const venue_t *venue, const list_rec_t *list, uint32_t order)
{
    uint32_t leg = leg_of_order(venue, list, order), pair = pair_of(list);
    if (leg < pair || leg >= list->leg_count) {
        return VENUE_NIL;
    }
    uint32_t other = leg == pair ? pair + 1 : pair;
    return leg_open(venue, list, other) ? list->orders[other] : VENUE_NIL;
}

void spot_list_acts(venue_t *venue, const venue_sink_t *sink, uint32_t order)
{
    spot_rec_t *spot = spot_of(venue, order);
    if (spot->list == VENUE_NIL) {
        return;
    }
    uint32_t other = sibling_of(venue, list_of(venue, spot->list), order);
    if (other != VENUE_NIL) {
        spot->reserve8 += spot_of(venue, other)->reserve8; /* the legs of a pair pay the same asset */
        spot_of(venue, other)->reserve8 = 0;
        spot_end(venue, sink, other, SPOT_EXPIRED, SPOT_REASON_OCO_TRIGGER, NULL);
    }
}

static void end_pending(venue_t *venue, const venue_sink_t *sink, list_rec_t *list)
{
    for (uint32_t leg = 1; leg < list->leg_count; leg++) {
        if (leg_open(venue, list, leg)) {
            spot_end(venue, sink, list->orders[leg], SPOT_EXPIRED, SPOT_REASON_OTO_PHASE_ONE_EXPIRED, NULL);
        }
    }
}

static void close_when_done(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    list_rec_t *list = list_of(venue, index);
    for (uint32_t leg = 0; leg < list->leg_count; leg++) {
        if (leg_open(venue, list, leg)) {
            return;
        }
    }
    if (list->open) {
        list->open = 0;
        spot_emit_list(venue, sink, index);
    }
}

void spot_list_left(venue_t *venue, const venue_sink_t *sink, uint32_t order)
{
    const spot_rec_t *spot = spot_of(venue, order);
    uint32_t index = spot->list;
    if (index == VENUE_NIL) {
        return;
    }
    list_rec_t *list = list_of(venue, index);
    bool triggers = list->kind != SPOT_LIST_OCO && leg_of_order(venue, list, order) == 0;
    if (list->open == LIST_OPEN && triggers && spot->status == SPOT_FILLED) {
        list->due = 1;
        list->due_next = venue->due_head;
        venue->due_head = index;
    } else if (list->open == LIST_OPEN && triggers) {
        end_pending(venue, sink, list);
    } else if (list->open == LIST_OPEN && spot->reason != SPOT_REASON_OCO_TRIGGER) {
        spot_list_acts(venue, sink, order);
        spot_unlock(venue, order, spot->reserve8); /* what was locked for both came to this one, which is over */
    }
    close_when_done(venue, sink, index);
}

void spot_list_cancel_all(venue_t *venue, const venue_sink_t *sink, uint32_t index, const client_id_t *request_id)
{
    list_rec_t *list = list_of(venue, index);
    list->open = LIST_CLOSING;
    for (uint32_t leg = 0; leg < list->leg_count; leg++) {
        if (leg_open(venue, list, leg)) {
            spot_end(venue, sink, list->orders[leg], SPOT_CANCELED, SPOT_REASON_NONE, request_id);
        }
    }
}

/* --- coming to the market --------------------------------------------------------------------- */

static void bring(venue_t *venue, const venue_sink_t *sink, uint32_t order)
{
    spot_rec_t *spot = spot_of(venue, order);
    if (spot_is_conditional((spot_type_t)spot->type)) {
        spot_arm(venue, order);
        spot_emit_order(venue, sink, order, SPOT_EXEC_NEW, NULL);
        return;
    }
    spot->phase = SPOT_PHASE_BOOK;
    spot->status = SPOT_NEW;
    spot->worked = 1;
    spot->working_ns = venue->event_ns;
    spot_emit_order(venue, sink, order, SPOT_EXEC_NEW, NULL);
    spot_go(venue, sink, order);
}

/* What a leg needs when it comes to the market: a waiting market order is measured at its stop price. */
static int64_t leg_need8(const venue_t *venue, uint32_t index)
{
    const order_rec_t *order = order_of(venue, index);
    if (order->side == VENUE_SELL || order->price8 > 0) {
        return spot_need8(venue, index);
    }
    int64_t at8 = order_rare(venue, order)->trigger8 > 0 ? order_rare(venue, order)->trigger8
                                                         : instrument_of(venue, order->instrument)->price8;
    return cut8(cost_of(at8, order_open8(order)));
}

/* Pegged legs that come onto the book at once have their price from now on. */
static bool peg_pending(venue_t *venue, const list_rec_t *list)
{
    bool priced = true;
    for (uint32_t leg = 1; leg < list->leg_count; leg++) {
        const spot_rec_t *spot = spot_of(venue, list->orders[leg]);
        bool now = spot->peg != SPOT_PEG_NONE && !spot_is_conditional((spot_type_t)spot->type);
        priced = (!now || spot_peg(venue, list->orders[leg])) && priced;
    }
    return priced;
}

/* One amount for all pending legs, held for the first of them; false: it is not there. */
static bool fund_pending(venue_t *venue, const list_rec_t *list)
{
    uint32_t first = list->orders[1];
    int64_t need8 = 0, held8 = spot_of(venue, first)->reserve8;
    for (uint32_t leg = 1; leg < list->leg_count; leg++) {
        need8 = max8(need8, leg_need8(venue, list->orders[leg]));
    }
    if (need8 > held8 && !spot_enough(venue, list->account, spot_of(venue, first)->pays, need8 - held8)) {
        return false;
    }
    if (need8 >= held8) {
        spot_lock(venue, first, need8 - held8);
    } else {
        spot_unlock(venue, first, held8 - need8);
    }
    return true;
}

static void release_pending(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    list_rec_t *list = list_of(venue, index);
    bool measured = !list->pays_other || spot_opo_measure(venue, list);
    if (!measured || !peg_pending(venue, list) || !fund_pending(venue, list)) {
        for (uint32_t leg = 1; leg < list->leg_count; leg++) {
            if (leg_open(venue, list, leg)) {
                spot_end(venue, sink, list->orders[leg], SPOT_EXPIRED, SPOT_REASON_REJECTED, NULL);
            }
        }
        return;
    }
    for (uint32_t leg = list->leg_count - 1; leg >= 1; leg--) {
        uint32_t order = list->orders[leg];
        bool funded = leg_open(venue, list, leg) &&
                      (spot_of(venue, order)->type != SPOT_MARKET || spot_fund(venue, sink, order)); /* measured on the book */
        if (funded) {
            bring(venue, sink, order);
        }
    }
}

void spot_lists_due(venue_t *venue, const venue_sink_t *sink)
{
    while (venue->due_head != VENUE_NIL) {
        uint32_t index = venue->due_head;
        list_rec_t *list = list_of(venue, index);
        venue->due_head = list->due_next;
        list->due = 0;
        release_pending(venue, sink, index);
    }
}

void spot_settle(venue_t *venue, const venue_sink_t *sink)
{
    spot_lists_due(venue, sink);
    spot_tell_balances(venue, sink);
}

/* --- the gate --------------------------------------------------------------------------------- */

static bool is_stop(spot_type_t type)
{
    return type == SPOT_STOP_LOSS || type == SPOT_STOP_LOSS_LIMIT;
}
static bool is_profit(spot_type_t type)
{
    return type == SPOT_TAKE_PROFIT || type == SPOT_TAKE_PROFIT_LIMIT;
}

static spot_reject_t check_pair_types(const spot_place_t *above, const spot_place_t *below)
{
    bool sells = above->side == VENUE_SELL;
    const spot_place_t *profit = sells ? above : below, *stop = sells ? below : above;
    for (uint32_t i = 0; i < 2; i++) {
        spot_type_t type = (i == 0 ? above : below)->type;
        if (!is_stop(type) && !is_profit(type) && type != SPOT_LIMIT_MAKER) {
            return SPOT_REJECT_OCO_TYPES;
        }
    }
    if (above->type == SPOT_LIMIT_MAKER && below->type == SPOT_LIMIT_MAKER) {
        return SPOT_REJECT_OCO_TWO_LIMITS;
    }
    if (stop->type == SPOT_LIMIT_MAKER) {
        return sells ? SPOT_REJECT_OCO_SELL_LIMIT_BELOW : SPOT_REJECT_OCO_BUY_LIMIT_ABOVE;
    }
    if (is_profit(stop->type)) {
        return sells ? SPOT_REJECT_OCO_SELL_PROFIT_BELOW : SPOT_REJECT_OCO_BUY_PROFIT_ABOVE;
    }
    if (is_stop(profit->type)) {
        return sells ? SPOT_REJECT_OCO_SELL_STOP_ABOVE : SPOT_REJECT_OCO_BUY_STOP_BELOW;
    }
    return SPOT_REJECT_NONE;
}

/* Where the leg comes into play: the price of a maker order, the stop price of the others; 0: it trails. */
static int64_t level8(const spot_place_t *place, const spot_checked_t *checked)
{
    return place->type == SPOT_LIMIT_MAKER ? checked->price8 : checked->stop8;
}

typedef enum { PAIR_NOW, PAIR_LATER } pair_time_t;

static spot_reject_t check_pair(const venue_t *venue, const spot_place_t *legs, const spot_checked_t *checked, pair_time_t time)
{
    spot_reject_t reject = check_pair_types(&legs[0], &legs[1]);
    if (reject != SPOT_REJECT_NONE) {
        return reject;
    }
    int64_t above8 = level8(&legs[0], &checked[0]), below8 = level8(&legs[1], &checked[1]);
    int64_t last8 = instrument_of(venue, legs[0].instrument)->price8;
    bool apart = above8 == 0 || below8 == 0 || above8 > below8;
    bool around = time == PAIR_LATER || last8 == 0 || ((above8 == 0 || above8 > last8) && (below8 == 0 || below8 < last8));
    return apart && around ? SPOT_REJECT_NONE : SPOT_REJECT_OCO_PRICES;
}

static spot_reject_t check_ids(const venue_t *venue, const spot_list_place_t *place, uint32_t legs)
{
    for (uint32_t a = 0; a < legs; a++) {
        const char *id = place->legs[a].client_id.text;
        for (uint32_t b = a + 1; b < legs && id[0] != '\0'; b++) {
            if (str_eq(str_from(id), str_from(place->legs[b].client_id.text))) {
                return SPOT_REJECT_DUPLICATE;
            }
        }
    }
    spot_ref_t ref = {.account = place->legs[0].account, .client_id = place->client_id};
    uint32_t same = place->client_id.text[0] != '\0' ? spot_list_find(venue, &ref) : VENUE_NIL;
    return same != VENUE_NIL && list_of(venue, same)->open ? SPOT_REJECT_DUPLICATE : SPOT_REJECT_NONE;
}

static uint32_t next_list(const venue_t *venue, uint32_t account)
{
    uint32_t ring = venue->bounds.order_lists;
    return account * ring + (uint32_t)(account_of(venue, account)->list_count % ring);
}

static spot_reject_t check_list(venue_t *venue, const spot_list_place_t *place, uint32_t legs, spot_checked_t *checked)
{
    const spot_place_t *all[SPOT_LEGS_MAX];
    bool pair_now = place->kind == SPOT_LIST_OCO;
    spot_reject_t reject = spot_opo_sides(place, legs);
    for (uint32_t i = 0; i < legs && reject == SPOT_REJECT_NONE; i++) {
        all[i] = &place->legs[i];
        bool same = all[i]->account == all[0]->account && all[i]->instrument == all[0]->instrument;
        spot_setting_t setting = pair_now || i == 0 ? SPOT_LEG : place->pays_other ? SPOT_UNMEASURED_LEG : SPOT_PENDING_LEG;
        reject =
            same && dec_is_zero(all[i]->quote_quantity) ? spot_check(venue, all[i], setting, &checked[i]) : SPOT_REJECT_COMBINATION;
    }
    if (reject != SPOT_REJECT_NONE) {
        return reject;
    }
    if (!pair_now && all[0]->type != SPOT_LIMIT && all[0]->type != SPOT_LIMIT_MAKER) {
        return SPOT_REJECT_INVALID_TYPE;
    }
    uint32_t pair = pair_now ? 0 : 1;
    if (place->kind != SPOT_LIST_OTO) {
        reject = all[pair]->side == all[pair + 1]->side
                     ? check_pair(venue, &place->legs[pair], &checked[pair], pair_now ? PAIR_NOW : PAIR_LATER)
                     : SPOT_REJECT_COMBINATION;
    }
    for (uint32_t i = 0; i < (pair_now ? 2u : 1u) && reject == SPOT_REJECT_NONE; i++) {
        if (all[i]->type == SPOT_LIMIT_MAKER &&
            place_would_take(venue, all[i]->instrument, (venue_side_t)all[i]->side, checked[i].price8)) {
            reject = SPOT_REJECT_WOULD_TAKE;
        }
    }
    reject = reject == SPOT_REJECT_NONE ? check_ids(venue, place, legs) : reject;
    return reject == SPOT_REJECT_NONE ? spot_check_counts(venue, all, legs) : reject;
}

static uint32_t make_list(venue_t *venue, const spot_list_place_t *place, uint32_t legs, const spot_checked_t *checked)
{
    uint32_t index = next_list(venue, place->legs[0].account);
    account_of(venue, place->legs[0].account)->list_count++;
    list_rec_t *list = list_of(venue, index);
    memset(list, 0, sizeof *list);
    list->id = ++venue->list_ids;
    list->kind = (uint8_t)place->kind;
    list->pays_other = place->pays_other;
    list->account = place->legs[0].account;
    list->instrument = place->legs[0].instrument;
    list->leg_count = legs;
    list->open = LIST_OPEN;
    list->time_ns = venue->event_ns;
    list->due_next = VENUE_NIL;
    if (place->client_id.text[0] != '\0') {
        memcpy(list->client_id, place->client_id.text, str_from(place->client_id.text).length);
    } else {
        client_id_own(list->client_id, "vl-", list->id);
    }
    for (uint32_t i = 0; i < legs; i++) {
        uint32_t order = spot_make(venue, &place->legs[i], &checked[i]);
        spot_of(venue, order)->list = index;
        list->orders[i] = order;
        list->order_ids[i] = order_of(venue, order)->id;
        memcpy(list->client_ids[i], order_of(venue, order)->client_id, CLIENT_ID_MAX);
        if (place->kind != SPOT_LIST_OCO && i > 0) {
            spot_of(venue, order)->phase = SPOT_PHASE_PENDING;
            spot_of(venue, order)->status = SPOT_PENDING_NEW;
        }
    }
    return index;
}

static void start_list(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    list_rec_t *list = list_of(venue, index);
    spot_emit_list(venue, sink, index);
    if (list->kind == SPOT_LIST_OCO) {
        bring(venue, sink, list->orders[0]);
        if (leg_open(venue, list, 1)) {
            bring(venue, sink, list->orders[1]);
        }
        return;
    }
    for (uint32_t leg = 1; leg < list->leg_count; leg++) {
        spot_emit_order(venue, sink, list->orders[leg], SPOT_EXEC_NEW, NULL);
    }
    bring(venue, sink, list->orders[0]);
}

static void view_list(const list_rec_t *list, spot_list_t *out)
{
    memset(out, 0, sizeof *out);
    out->id = list->id;
    out->kind = (spot_list_kind_t)list->kind;
    out->pays_other = list->pays_other;
    memcpy(out->client_id.text, list->client_id, CLIENT_ID_MAX);
    out->account = list->account;
    out->instrument = list->instrument;
    out->done = !list->open;
    out->time_ns = list->time_ns;
    out->leg_count = list->leg_count;
    for (uint32_t i = 0; i < list->leg_count; i++) {
        out->order_ids[i] = list->order_ids[i];
        memcpy(out->client_ids[i].text, list->client_ids[i], CLIENT_ID_MAX);
    }
}

spot_reply_t spot_list_place(venue_t *venue, const venue_sink_t *sink, const spot_list_place_t *place, spot_list_t *after)
{
    spot_checked_t checked[SPOT_LEGS_MAX];
    uint32_t legs = place->kind == SPOT_LIST_OTOCO ? 3 : 2;
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    spot_reject_t reject =
        (unsigned)place->kind > SPOT_LIST_OTOCO ? SPOT_REJECT_COMBINATION : check_list(venue, place, legs, checked);
    if (reject == SPOT_REJECT_NONE && list_of(venue, next_list(venue, place->legs[0].account))->open) {
        reject = SPOT_REJECT_OVERLOADED;
    }
    if (reject != SPOT_REJECT_NONE) {
        return (spot_reply_t){.reject = reject};
    }
    int64_t need8 = place->kind == SPOT_LIST_OCO ? max8(checked[0].reserve8, checked[1].reserve8) : checked[0].reserve8;
    uint32_t pays = spot_pays(instrument_of(venue, place->legs[0].instrument), place->legs[0].side);
    if (!spot_enough(venue, place->legs[0].account, pays, need8)) {
        return (spot_reply_t){.reject = SPOT_REJECT_BALANCE};
    }
    uint32_t index = make_list(venue, place, legs, checked);
    spot_lock(venue, list_of(venue, index)->orders[0], need8);
    start_list(venue, sink, index);
    spot_reply_t reply = {.id = list_of(venue, index)->id};
    if (after != NULL) {
        view_list(list_of(venue, index), after);
    }
    market_settle(venue, sink, place->legs[0].instrument);
    return reply;
}

spot_reply_t spot_list_cancel(venue_t *venue, const venue_sink_t *sink, const spot_ref_t *ref, spot_list_t *after)
{
    venue->event_ns = max8(venue->event_ns, venue->now_ns);
    uint32_t index = spot_list_find(venue, ref);
    if (index == VENUE_NIL || !list_of(venue, index)->open ||
        (ref->instrument != INSTRUMENT_NONE && list_of(venue, index)->instrument != ref->instrument)) {
        return (spot_reply_t){.reject = SPOT_REJECT_UNKNOWN_LIST};
    }
    spot_list_cancel_all(venue, sink, index, &ref->request_id);
    if (after != NULL) {
        view_list(list_of(venue, index), after);
    }
    spot_reply_t reply = {.id = list_of(venue, index)->id};
    market_settle(venue, sink, list_of(venue, index)->instrument);
    return reply;
}

/* --- questions -------------------------------------------------------------------------------- */

uint32_t spot_list_find(const venue_t *venue, const spot_ref_t *ref)
{
    uint32_t ring = venue->bounds.order_lists;
    uint32_t found = VENUE_NIL;
    for (uint32_t i = 0; ref->account < venue->account_count && i < ring; i++) {
        const list_rec_t *list = list_of(venue, ref->account * ring + i);
        bool same = ref->id != 0 ? list->id == ref->id : str_eq(str_from(list->client_id), str_from(ref->client_id.text));
        if (list->id != 0 && same && (found == VENUE_NIL || list_of(venue, found)->id < list->id)) {
            found = ref->account * ring + i;
        }
    }
    return found;
}

result_t spot_list(const venue_t *venue, const spot_ref_t *ref, spot_list_t *out)
{
    uint32_t index = spot_list_find(venue, ref);
    if (index == VENUE_NIL) {
        return RESULT_NOT_FOUND;
    }
    view_list(list_of(venue, index), out);
    return RESULT_OK;
}

static bool list_selected(const venue_select_t *select, const list_rec_t *list)
{
    return (select->instrument == INSTRUMENT_NONE || select->instrument == list->instrument) && list->id >= select->from_id &&
           (select->from_ns == 0 || list->time_ns >= select->from_ns) && (select->to_ns == 0 || list->time_ns <= select->to_ns) &&
           (list->open || !select->open_only);
}

uint32_t spot_lists(const venue_t *venue, const venue_select_t *select, spot_list_t *out, uint32_t capacity)
{
    uint32_t ring = venue->bounds.order_lists, matching = 0, count = 0;
    if (select->account >= venue->account_count || ring == 0) {
        return 0;
    }
    uint64_t written = account_of(venue, select->account)->list_count, first = written > ring ? written - ring : 0;
    const list_rec_t *rows = list_of(venue, select->account * ring);
    for (uint64_t at = first; at < written && select->newest; at++) {
        matching += list_selected(select, &rows[at % ring]);
    }
    uint32_t skip = select->newest && matching > capacity ? matching - capacity : 0;
    for (uint64_t at = first; at < written && count < capacity; at++) {
        if (list_selected(select, &rows[at % ring]) && skip-- == 0) {
            skip = 0;
            view_list(&rows[at % ring], &out[count++]);
        }
    }
    return count;
}

void spot_emit_list(venue_t *venue, const venue_sink_t *sink, uint32_t index)
{
    spot_event_t event;
    memset(&event, 0, sizeof event);
    event.kind = SPOT_EVENT_LIST;
    view_list(list_of(venue, index), &event.list);
    emit_spot(venue, sink, list_of(venue, index)->account, list_of(venue, index)->instrument, &event);
}

/* order_half_protect.c: a position is protected or it is leaving (architecture 4.3-4.5).
 *
 * Nothing here remembers a step of a sequence. Each turn compares what is wanted (a stop at this price for this quantity) with what
 * is known to stand at the venue and sends the one thing that is missing. So a crash between any two steps continues with the
 * missing one only, a stop that vanished comes back, a partial fill grows the stop, and moving one means: place the new, then
 * cancel the old.
 *
 * All exits only reduce: a stop beside another, or a late fill, can never take the position through zero.
 */
#include "core/engine/order_half_parts.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

/* --- what stands ------------------------------------------------------------------------------ */

static dec_t order_rest(const book_order_t *order)
{
    return dec_max(dec_minus(order->spec.quantity, order->filled), DEC_ZERO);
}

/* A stop covers while it is known to stand: placed and acknowledged, or triggered so lately that its fill may still be on the way.
 */
static bool stop_stands(const order_half_t *half, const book_order_t *order)
{
    if (order->state != ORDER_NEW && order->state != ORDER_PARTIALLY_FILLED) {
        return false;
    }
    const bool in_flight = order->algo != PRIVATE_STATUS_NONE;
    return !in_flight || half->now_ns - order->algo_ns <= half->risk.triggering_max_ns;
}

dec_t half_covered(const order_half_t *half, const book_trade_t *trade)
{
    dec_t covered = DEC_ZERO;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->trade == trade->id && order->spec.leg == LEG_STOP && stop_stands(half, order)) {
            const dec_t part = order->spec.reduce == CLOSE_POSITION ? trade->position.quantity : order_rest(order);
            covered = dec_min(dec_plus(covered, part), trade->position.quantity);
        }
    }
    return covered;
}

/* --- one leg: stop or target ------------------------------------------------------------------ */

typedef struct {
    book_order_t *good;   /* stands as wanted */
    book_order_t *larger; /* stands for more than is wanted, and harms nothing */
    bool waiting;         /* one is on its way: let it arrive */
    uint32_t lost;        /* UNKNOWN ones */
    bool unasked;         /* of one of these the venue has not answered yet whether it knows it */
    uint32_t unanswered;  /* handed over, and no word of them for longer than a reply takes */
    bool others;          /* some stand that are not wanted */
} standing_t;

static bool is_close_form(const book_order_t *order)
{
    return order->spec.reduce == CLOSE_POSITION;
}

static bool at_price(const book_order_t *order, const half_wanted_t *wanted)
{
    return dec_eq(order->spec.trigger, wanted->level) || dec_eq(order->spec.trigger, wanted->price);
}

static bool is_larger(const book_order_t *order, const half_wanted_t *wanted)
{
    return at_price(order, wanted) && !is_close_form(order) && wanted->may_exceed && !wanted->off_step &&
           dec_gt(order_rest(order), wanted->least);
}

static bool fits(const book_order_t *order, const half_wanted_t *wanted)
{
    if (is_close_form(order)) {
        return at_price(order, wanted) && wanted->without_quantity;
    }
    const dec_t rest = order_rest(order);
    const bool part = dec_lt(wanted->quantity, wanted->least) && dec_eq(rest, wanted->quantity); /* as far as the step reaches */
    const bool exact = dec_eq(rest, wanted->least) && !wanted->off_step;
    return at_price(order, wanted) && (exact || part || (wanted->moves && is_larger(order, wanted)));
}

static void look_at(const order_half_t *half, const half_wanted_t *wanted, book_order_t *order, standing_t *standing)
{
    const int64_t doubt_ns = half->now_ns - order->desk.since_ns;
    if (order->state == ORDER_SENT) {
        standing->unanswered += doubt_ns >= half->risk.unknown_protect_ns ? 1 : 0;
        standing->waiting |= doubt_ns < half->risk.unknown_protect_ns;
    } else if (order->state == ORDER_UNKNOWN) {
        standing->lost++;
        standing->unasked |= order->not_found_ns == 0;
        /* A second stop beside it waits for what may still be on its way: at a standstill nothing is, and the venue denies it. */
        standing->waiting |= doubt_ns < half->risk.unknown_protect_ns && !(half->standstill && order->not_found_ns != 0);
    } else if (stop_stands(half, order) && standing->good == NULL && fits(order, wanted)) {
        standing->good = order;
    } else {
        standing->others = true;
        standing->larger = stop_stands(half, order) && is_larger(order, wanted) ? order : standing->larger;
    }
}

static standing_t look(order_half_t *half, const book_trade_t *trade, const half_wanted_t *wanted)
{
    standing_t standing = {.good = NULL};
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (order->trade == trade->id && order->spec.leg == wanted->leg && order_state_is_live(order->state)) {
            look_at(half, wanted, order, &standing);
        }
    }
    return standing;
}

static bool place_leg(order_half_t *half, book_trade_t *trade, const half_wanted_t *wanted)
{
    const order_spec_t spec = {.leg = wanted->leg,
                               .side = order_side_leaving(trade->side),
                               .tif = TIF_GTC,
                               .trigger_by = half->risk.trigger_by,
                               .type = wanted->leg == LEG_STOP ? ORDER_STOP_MARKET : ORDER_TAKE_PROFIT_MARKET,
                               .reduce = dec_is_zero(wanted->quantity) ? CLOSE_POSITION : REDUCE_ONLY,
                               .quantity = wanted->quantity,
                               .trigger = wanted->price};
    return half_place(half, trade, &spec, 0);
}

/* Everything of the leg that is not the good one goes. */
void half_cancel_leg(order_half_t *half, const book_trade_t *trade, leg_t leg, const book_order_t *good)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (order->trade == trade->id && order->spec.leg == leg && order != good && order_state_is_live(order->state)) {
            half_cancel(half, order);
        }
    }
}

/* The market is beyond this stop already: it would be refused, or sell at once anyway. */
bool half_stop_crossed(const order_half_t *half, const book_trade_t *trade, dec_t stop)
{
    dec_t price = DEC_ZERO;
    if (!half_price(half, trade->instrument, trade->side, &price)) {
        return false; /* no fresh price: the venue will say */
    }
    return trade->side == SIDE_LONG ? dec_le(price, stop) : dec_ge(price, stop);
}

/* Refused again and again while others cover the whole position: only the price or the size is not as wanted, and that is asked
 * for ever more rarely. */
static bool rests_while_covered(const order_half_t *half, const book_trade_t *trade)
{
    const uint32_t tries = trade->desk.stop_tries;
    return tries > 0 && half->now_ns < trade->desk.stop_failed_ns + half_backoff(tries - 1, HALF_RETRY_RARE_NS) &&
           dec_ge(half_covered(half, trade), trade->position.quantity);
}

static void plan_stop(order_half_t *half, book_trade_t *trade)
{
    const half_wanted_t wanted = half_want(half, trade, LEG_STOP);
    if (dec_sign(wanted.least) <= 0 || dec_sign(wanted.price) <= 0) {
        return;
    }
    const standing_t standing = look(half, trade, &wanted);
    if (standing.good != NULL) {
        if (!trade->desk.stop_was_placed) {
            half_notify(half, NOTICE_PROTECTED, trade->id, trade->instrument);
        }
        trade->desk.stop_was_placed = true;
        trade->desk.stop_tries = 0;
        const bool whole = is_close_form(standing.good) || dec_ge(order_rest(standing.good), trade->position.quantity);
        if (whole) {
            half_cancel_leg(half, trade, LEG_STOP, standing.good);
        }
        return;
    }
    if (standing.waiting || half->now_ns < trade->desk.next_stop_ns || rests_while_covered(half, trade)) {
        return;
    }
    const bool crossed = half_stop_crossed(half, trade, wanted.price);
    if (standing.larger != NULL && (crossed || trade->stops_refused > 0)) {
        return; /* all is covered: one for less is not worth a fight */
    }
    if (crossed) {
        half_exit(half, trade, EXIT_STOP_CROSSED, "price beyond the stop");
        return;
    }
    trade->desk.stops_busy = trade->desk.stops_busy < trade->stops_refused ? trade->desk.stops_busy : trade->stops_refused;
    if (trade->stops_refused - trade->desk.stops_busy >= half->risk.protect_tries_max ||
        standing.lost >= half->risk.protect_tries_max) {
        half_exit(half, trade, EXIT_STOP_REFUSED, "no stop can be placed");
        if (standing.lost >= half->risk.protect_tries_max) {
            return; /* enough of them may stand already */
        }
    }
    if (standing.lost + standing.unanswered >= half->risk.protect_tries_max) {
        return; /* these too; the time without cover decides */
    }
    if ((standing.unasked || standing.unanswered > 0) && !half_holds_alone(half, trade)) {
        return; /* two stops that both stand would take what is not this trade's: the answer comes first, the exit if it does not */
    }
    if (trade->desk.stop_was_placed && !standing.others) {
        half_notify(half, NOTICE_STOP_MISSING, trade->id, trade->instrument);
    }
    (void)place_leg(half, trade, &wanted);
}

static void plan_target(order_half_t *half, book_trade_t *trade)
{
    const half_wanted_t wanted = half_want(half, trade, LEG_TARGET);
    if (dec_sign(wanted.least) <= 0 || dec_sign(wanted.price) <= 0) {
        return;
    }
    const standing_t standing = look(half, trade, &wanted);
    if (standing.good != NULL) {
        trade->desk.target_tries = 0;
        half_cancel_leg(half, trade, LEG_TARGET, standing.good);
        return;
    }
    if (standing.waiting || standing.lost > 0 || half->now_ns < trade->desk.next_target_ns) {
        return; /* a lost target is waited for: the stop protects, and a second target adds nothing */
    }
    if (trade->desk.target_tries == half->risk.protect_tries_max) {
        half_notify(half, NOTICE_TARGET_MISSING, trade->id, trade->instrument);
    }
    if (place_leg(half, trade, &wanted) && trade->desk.target_tries > 0) {
        trade->desk.next_target_ns = half->now_ns + half_backoff(trade->desk.target_tries, HALF_RETRY_RARE_NS);
    }
}

void half_plan_protection(order_half_t *half, book_trade_t *trade)
{
    const bool held = dec_sign(trade->position.quantity) > 0;
    if (!held || trade->purpose == TRADE_PURPOSE_CANARY || trade->purpose == TRADE_PURPOSE_ORPHAN) {
        return;
    }
    plan_stop(half, trade); /* also while leaving: the stop goes last, when flat is proven (fault 77) */
    if (trade->exit == EXIT_NONE) {
        plan_target(half, trade);
    }
}

/* --- cover: measured and recorded ------------------------------------------------------------- */

static dec_t notional_seconds(const book_trade_t *trade, int64_t now_ns)
{
    dec_t more = DEC_ZERO, sum = trade->uncovered_notional_seconds;
    const dec_t seconds = dec_from_scaled(now_ns - trade->uncovered_changed_ns, 9);
    if (dec_mul(trade->uncovered_notional, seconds, DEC_ROUND_UP, &more) != RESULT_OK || dec_add(sum, more, &sum) != RESULT_OK) {
        return trade->uncovered_notional_seconds;
    }
    return sum;
}

static void record_cover(order_half_t *half, book_trade_t *trade, dec_t uncovered)
{
    const bool running = trade->uncovered_began_ns != 0;
    order_record_t *record = half_record(half, RECORD_COVER, trade->id, trade->instrument);
    record_cover_t *cover = &record->cover;
    cover->phase = !running ? COVER_BEGIN : dec_is_zero(uncovered) ? COVER_END : COVER_CHANGE;
    cover->began_ns = running ? trade->uncovered_began_ns : half->now_ns;
    cover->quantity = uncovered;
    (void)dec_mul(uncovered, position_average(&trade->position), DEC_ROUND_UP,
                  &cover->notional); /* 0 when out of range: quantity says it */
    cover->duration_ns = half->now_ns - cover->began_ns;
    cover->notional_seconds = running ? notional_seconds(trade, half->now_ns) : DEC_ZERO;
    const cover_phase_t phase = cover->phase;
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    if (phase == COVER_END && trade->desk.uncovered_told && !dec_is_zero(trade->position.quantity)) {
        half_notify(half, NOTICE_STOP_RESTORED, trade->id, trade->instrument);
    }
    trade->desk.uncovered_told = trade->desk.uncovered_told && phase != COVER_END;
}

/* A fill is without cover until its stop stands, a moment later: that is recorded, and no alarm. One is due when the cover does not
 * stand within the time that a request to the venue may take. */
static void tell_uncovered(order_half_t *half, book_trade_t *trade)
{
    if (trade->uncovered_began_ns != 0 && !trade->desk.uncovered_told &&
        half->now_ns - trade->uncovered_began_ns >= half->risk.unknown_protect_ns) {
        trade->desk.uncovered_told = true;
        half_notify(half, NOTICE_UNCOVERED, trade->id, trade->instrument);
    }
}

void half_plan_cover(order_half_t *half, book_trade_t *trade)
{
    const dec_t uncovered = dec_minus(trade->position.quantity, half_covered(half, trade));
    const bool changed = trade->uncovered_began_ns != 0 ? !dec_eq(uncovered, trade->uncovered) : !dec_is_zero(uncovered);
    if (changed) {
        record_cover(half, trade, uncovered);
    }
    tell_uncovered(half, trade);
    if (dec_sign(trade->position.quantity) > 0 && trade->purpose == TRADE_PURPOSE_SIGNAL) {
        /* The state follows from what is known; a step that was cut off between cause and move is made good here. */
        if (trade->state == TRADE_WAITING) {
            half_move_trade(half, trade, TRADE_EVENT_OPENED, "fill");
        }
        if (trade->rows_fired != 0 && trade->state != TRADE_LADDERED) {
            half_move_trade(half, trade, TRADE_EVENT_LADDER, "row fired");
        }
        half_move_trade(half, trade, dec_is_zero(uncovered) ? TRADE_EVENT_COVERED : TRADE_EVENT_UNCOVERED, "cover");
    }
}

/* --- the end ---------------------------------------------------------------------------------- */

static bool all_settled(order_half_t *half, const book_trade_t *trade)
{
    bool settled = true;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (order->trade != trade->id) {
            continue;
        }
        const bool ended = book_order_is_settled(order) && !half_fills_missing(order);
        settled = settled && ended && order->desk.place_action == 0;
        if (!ended && order_state_is_live(order->state)) {
            half_cancel(half, order); /* the position is gone, proven by its fills: what is left of ours rests for nothing */
        }
    }
    return settled;
}

static void record_closed(order_half_t *half, book_trade_t *trade)
{
    const position_t *position = &trade->position;
    const uint64_t id = trade->id;
    const instrument_id_t instrument = trade->instrument;
    const trade_purpose_t purpose = trade->purpose;
    order_record_t *record = half_record(half, RECORD_TRADE_CLOSED, id, instrument);
    record_trade_closed_t *closed = &record->trade_closed;
    const bool filled = dec_sign(position->entered_quantity) > 0;
    closed->outcome = !filled ? OUTCOME_NOT_FILLED : trade->closing;
    if (purpose == TRADE_PURPOSE_CANARY) {
        closed->outcome = OUTCOME_CANARY;
    }
    closed->reason = filled ? trade->exit : trade->entry_end;
    closed->signal_number = trade->signal_number;
    closed->closing_order = trade->closing_order;
    closed->quantity = position->entered_quantity;
    if (filled) {
        (void)dec_div(position->entered_cost, position->entered_quantity, DEC_ROUND_HALF_EVEN, &closed->entry_average);
        (void)dec_div(position->left_proceeds, position->left_quantity, DEC_ROUND_HALF_EVEN, &closed->exit_average);
    }
    closed->realised = trade->realised;
    closed->realised_own = position->realised;
    closed->fees = trade->fees;
    closed->funding = trade->funding;
    closed->opened_ns = trade->opened_ns;
    closed->uncovered_ns = trade->uncovered_total_ns;
    closed->uncovered_notional_seconds = trade->uncovered_total_notional_seconds;
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    if (purpose != TRADE_PURPOSE_CANARY && filled) {
        half_notify(half, NOTICE_TRADE_CLOSED, id, instrument);
    }
}

bool half_plan_finish(order_half_t *half, book_trade_t *trade)
{
    if (!dec_is_zero(trade->position.quantity)) {
        return false;
    }
    const bool ever_filled = !dec_is_zero(trade->position.entered_quantity);
    const book_order_t *entry = half_entry_of(half, trade);
    const bool entry_over = entry != NULL ? book_order_is_settled(entry) && !half_fills_missing(entry)
                                          : trade->entry_end != EXIT_NONE || trade->purpose != TRADE_PURPOSE_SIGNAL;
    if ((!ever_filled && !entry_over) || !all_settled(half, trade)) {
        return false;
    }
    half_move_trade(half, trade, TRADE_EVENT_COMPLETE, ever_filled ? "flat" : "entry ended");
    record_closed(half, trade);
    return true;
}

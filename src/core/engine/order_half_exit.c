/* order_half_exit.c: leaving a position: in parts by the ladder, or whole, in slices if the venue wants it, until flat is proven by
 * fills.
 *
 * The stop stays while the close is on its way (fault 77); targets go first, so that nothing else takes what is to be closed (fault
 * 74).
 */
#include "core/base/assert.h"
#include "core/engine/order_half_parts.h"
#include "core/order/ladder.h"

/* --- leaving ---------------------------------------------------------------------------------- */

void half_exit(order_half_t *half, book_trade_t *trade, exit_reason_t reason, const char *cause)
{
    if (trade->exit != EXIT_NONE) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_EXIT, trade->id, trade->instrument);
    record->exit.reason = reason;
    half_text(record->exit.cause, sizeof record->exit.cause, cause);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    half_notify(half, NOTICE_EXIT_BEGUN, trade->id, trade->instrument);
}

/* A closing order is under way: wait for it, unless it is lost and nothing else protects the position. */
static bool close_under_way(order_half_t *half, const book_trade_t *trade, leg_t leg)
{
    const bool covered = dec_ge(half_covered(half, trade), trade->position.quantity);
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->trade != trade->id || order->spec.leg != leg || !order_state_is_live(order->state)) {
            if (order->trade == trade->id && order->spec.leg == leg && half_fills_missing(order)) {
                return true; /* it traded; the fills are on their way */
            }
            continue;
        }
        const bool lost = order->state == ORDER_UNKNOWN && half->now_ns - order->desk.since_ns >= half->risk.unknown_protect_ns;
        if (!lost || covered) {
            return true;
        }
    }
    return false;
}

/* After the price band refused a market order: a limit at the band's edge, or at the collar where the venue names none, that takes
 * at once. */
static bool collared_price(const order_half_t *half, const book_trade_t *trade, const instrument_t *instrument, dec_t *price)
{
    const bool selling = trade->side == SIDE_LONG;
    const half_price_t *known = &half->prices[trade->instrument];
    dec_t factor = selling ? instrument->band_down : instrument->band_up;
    if (known->mark_ns == 0) {
        return false;
    }
    if (dec_sign(factor) <= 0) {
        dec_t collar = DEC_ZERO;
        if (dec_div(half->risk.price_collar_pct, dec_from_int(100), DEC_ROUND_DOWN, &collar) != RESULT_OK) {
            return false;
        }
        factor = selling ? dec_minus(DEC_ONE, collar) : dec_plus(DEC_ONE, collar);
    }
    return dec_mul(known->mark, factor, selling ? DEC_ROUND_UP : DEC_ROUND_DOWN, price) == RESULT_OK &&
           dec_quantise(*price, instrument->tick_size, selling ? DEC_ROUND_CEILING : DEC_ROUND_FLOOR, price) == RESULT_OK &&
           dec_sign(*price) > 0;
}

static bool place_close(order_half_t *half, book_trade_t *trade, leg_t leg, dec_t quantity, uint32_t row)
{
    const instrument_t *instrument = half_instrument(half, trade->instrument);
    order_spec_t spec = {.leg = leg,
                         .side = order_side_leaving(trade->side),
                         .type = ORDER_MARKET,
                         .tif = TIF_GTC,
                         .trigger_by = half->risk.trigger_by,
                         .reduce = REDUCE_ONLY,
                         .quantity = quantity};
    if (instrument != NULL && dec_sign(instrument->market_quantity_max) > 0) {
        spec.quantity = dec_min(spec.quantity, instrument->market_quantity_max); /* in slices */
    }
    const dec_t orderable = half_orderable(half, trade->instrument, spec.quantity);
    if (dec_sign(orderable) > 0) {
        spec.quantity = orderable; /* as far as the step reaches; what is below the least the venue refuses itself */
    }
    if (trade->desk.exit_limited && instrument != NULL && collared_price(half, trade, instrument, &spec.price)) {
        spec.type = ORDER_LIMIT;
        spec.tif = TIF_IOC;
        trade->desk.exit_limited = false;
    }
    return half_place(half, trade, &spec, row);
}

/* Closing orders of the trade that ended without doing all they were for, and until when to pause after the last of them. */
static uint32_t failed_closes(const order_half_t *half, const book_trade_t *trade, int64_t *pause_until_ns)
{
    uint32_t failed = 0;
    /* The position is leaving: the pause stays short until a person has been called. What is too small for an order leaves by its
     * stop; it is asked for ever more rarely. */
    const bool too_small = dec_is_zero(half_orderable(half, trade->instrument, trade->position.quantity));
    const uint32_t patient_from = too_small ? 0 : half->risk.protect_tries_max * 2;
    const int64_t patience_ns =
        too_small && dec_ge(half_covered(half, trade), trade->position.quantity) ? HALF_RETRY_RARE_NS : HALF_RETRY_MAX_NS;
    *pause_until_ns = 0;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        /* One that a dead session left behind unsent was never tried. */
        const bool tried = !order->never_left || order->epoch == half->books.epoch;
        const bool closing = tried && (order->spec.leg == LEG_CLOSE || order->spec.leg == LEG_LADDER);
        if (order->trade == trade->id && closing && order_state_is_terminal(order->state) && order->state != ORDER_FILLED) {
            /* One that traded a part has emptied the book: the next follows as soon as there may be something in it again. */
            const bool helped = dec_sign(order->filled) > 0;
            const int64_t most_ns = failed < patient_from ? 2 * HALF_SECOND : patience_ns;
            *pause_until_ns = order->state_ns + (helped ? HALF_RETRY_NS : half_backoff(failed, most_ns));
            failed += helped ? 0 : 1;
        }
    }
    return failed;
}

/* The kill switch closes what is there, and right after a cut that is not known: the signer may have closed it already, and a close
 * for nothing is refused. The comparison comes first, but not for ever. */
static bool looks_first(const order_half_t *half, const book_trade_t *trade)
{
    return trade->exit == EXIT_KILL && half_sync_blind(half) && half->now_ns - half->blind_ns < HALF_LOOK_FIRST_NS;
}

static void plan_leaving(order_half_t *half, book_trade_t *trade)
{
    if (looks_first(half, trade)) {
        return;
    }
    int64_t pause_until_ns = 0;
    const uint32_t failed = failed_closes(half, trade, &pause_until_ns);
    half_cancel_leg(half, trade, LEG_TARGET, NULL);
    if (close_under_way(half, trade, LEG_CLOSE) || close_under_way(half, trade, LEG_LADDER) || half->now_ns < pause_until_ns) {
        return;
    }
    if (failed >= half->risk.protect_tries_max * 2 && trade->state != TRADE_ERROR) {
        half_move_trade(half, trade, TRADE_EVENT_FAIL, "cannot leave");
        half_notify(half, NOTICE_TRADE_ERROR, trade->id, trade->instrument); /* a person is called; the tries go on */
    }
    (void)place_close(half, trade, LEG_CLOSE, trade->position.quantity, 0);
}

/* The close of a ladder row is what the position has above the rest. It cannot be done twice: once done, nothing is above. */
static void plan_ladder_close(order_half_t *half, book_trade_t *trade)
{
    const dec_t above = dec_minus(trade->position.quantity, trade->rest);
    int64_t pause_until_ns = 0;
    (void)failed_closes(half, trade, &pause_until_ns);
    if (dec_sign(above) <= 0 || close_under_way(half, trade, LEG_LADDER) || half->now_ns < pause_until_ns) {
        return;
    }
    (void)place_close(half, trade, LEG_LADDER, above, trade->row);
}

void half_plan_exit(order_half_t *half, book_trade_t *trade)
{
    if (dec_is_zero(trade->position.quantity)) {
        return;
    }
    if (trade->exit == EXIT_NONE && half->books.kill_level == KILL_FLATTEN) {
        half_exit(half, trade, EXIT_KILL, "kill level");
    }
    if (trade->exit == EXIT_NONE && trade->purpose == TRADE_PURPOSE_CANARY) {
        half_exit(half, trade, EXIT_CANARY, "the test stop filled");
    }
    if (trade->exit == EXIT_NONE && trade->uncovered_began_ns != 0) {
        /* After a restart the clock of the decision begins anew: first look whether the stop stands. */
        const int64_t since = trade->uncovered_began_ns > half->session_ns ? trade->uncovered_began_ns : half->session_ns;
        if (half->now_ns - since >= half->risk.exit_uncovered_ns) {
            half_exit(half, trade, EXIT_UNCOVERED, "no stop could be restored in time");
        }
    }
    if (trade->exit != EXIT_NONE) {
        plan_leaving(half, trade);
    } else if (trade->laddering) {
        plan_ladder_close(half, trade);
    }
}

/* --- ladder ----------------------------------------------------------------------------------- */

static bool reached(const order_half_t *half, const book_trade_t *trade, dec_t trigger, dec_t *price)
{
    const half_price_t *known = &half->prices[trade->instrument];
    const bool is_long = trade->side == SIDE_LONG;
    const struct {
        int64_t time_ns;
        dec_t price;
    } seen[] = {{known->quote_ns, is_long ? known->bid : known->ask}, {known->last_ns, known->last}, {known->mark_ns, known->mark}};
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        const bool usable = seen[i].time_ns >= trade->opened_ns && seen[i].time_ns > 0 &&
                            half->now_ns - seen[i].time_ns <= half->risk.price_age_max_ns;
        if (usable && (is_long ? dec_ge(seen[i].price, trigger) : dec_le(seen[i].price, trigger))) {
            *price = seen[i].price;
            return true;
        }
    }
    return false;
}

static void fire_row(order_half_t *half, book_trade_t *trade, uint32_t row, const ladder_position_t *position, dec_t price)
{
    const instrument_t *instrument = half_instrument(half, trade->instrument);
    ladder_step_t step;
    if (instrument == NULL || ladder_step(position, &half->risk.ladder[row], instrument, &step) != RESULT_OK) {
        return;
    }
    if (half_stop_crossed(half, trade, step.stop)) {
        return; /* one source is far ahead of the other: the new stop would sell the rest at once; wait until they agree */
    }
    order_record_t *record = half_record(half, RECORD_LADDER, trade->id, trade->instrument);
    record->ladder = (record_ladder_t){
        .row = row, .price = price, .position = position->position, .close = step.close, .rest = step.rest, .stop = step.stop};
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    half_move_trade(half, trade, TRADE_EVENT_LADDER, "row fired");
    half_notify(half, NOTICE_LADDER_FIRED, trade->id, trade->instrument);
    if (dec_is_zero(step.rest)) {
        half_exit(half, trade, EXIT_LADDER_REST, "the rest would be below the minimum");
    }
}

void half_plan_ladder(order_half_t *half, book_trade_t *trade)
{
    if (trade->purpose != TRADE_PURPOSE_SIGNAL || trade->exit != EXIT_NONE || trade->laddering ||
        dec_is_zero(trade->position.quantity)) {
        return;
    }
    const ladder_position_t position = {.side = trade->side,
                                        .entry = position_average(&trade->position),
                                        .target = trade->target_original,
                                        .position = trade->position.quantity,
                                        .stop = trade->stop};
    for (uint32_t row = 0; row < half->risk.ladder_rows && !trade->laddering && trade->exit == EXIT_NONE; row++) {
        dec_t trigger = DEC_ZERO, price = DEC_ZERO;
        if ((trade->rows_fired & (1U << row)) == 0 && ladder_trigger(&position, &half->risk.ladder[row], &trigger) == RESULT_OK &&
            reached(half, trade, trigger, &price)) {
            fire_row(half, trade, row, &position, price);
            return; /* a further row waits for this one's close */
        }
    }
}

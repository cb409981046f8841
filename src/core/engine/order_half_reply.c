/* order_half_reply.c: what became of our own requests. A reply is one of four: yes, no, nobody knows, never left. */
#include "core/engine/order_half_parts.h"

#include "core/base/assert.h"

static void sync_soon(order_half_t *half, const char *cause)
{
    half_sync_begin(half, cause, false);
}

/* --- placing ---------------------------------------------------------------------------------- */

/* The venue itself has shown that it has the order, by its stream, a list or a fill. */
static bool known_at_venue(const book_order_t *order)
{
    return order_state_is_working(order->state) || order_state_is_terminal(order->state) || order->venue_order_id != 0 ||
           dec_sign(order->filled) > 0;
}

/* The first in a row is told; the pause before the next doubles. */
static void stop_failed(order_half_t *half, book_trade_t *trade)
{
    if (trade->desk.stop_tries == 0) {
        half_notify(half, NOTICE_STOP_REFUSED, trade->id, trade->instrument);
    }
    trade->desk.stop_failed_ns = half->now_ns;
    trade->desk.next_stop_ns = half->now_ns + half_backoff(trade->desk.stop_tries++, HALF_RETRY_MAX_NS);
}

/* It was made for more than is held, and that may be what the venue minds: from now on each is as large as the position. */
static void note_larger_refused(book_trade_t *trade, const book_order_t *order, reject_class_t reject)
{
    const bool for_protection = order->spec.leg == LEG_STOP || order->spec.leg == LEG_TARGET;
    const bool for_other_cause = reject == REJECT_WOULD_TRIGGER || reject == REJECT_BUSY || reject == REJECT_FENCED;
    if (for_protection && !for_other_cause && dec_gt(order->spec.quantity, trade->position.quantity)) {
        trade->desk.exact_only = true;
    }
}

/* A definite no. The order is over, unless the venue has shown it alive: that is proof, a refusal on the way back is a word (a
 * proxy or a limiter may have said it). Then the venue is asked who is right, and what is proven stays. What the order was for
 * decides what comes next. */
static void refused(order_half_t *half, book_order_t *order, const order_reply_t *reply)
{
    if (known_at_venue(order)) {
        order->desk.next_query_ns = half->now_ns;
        order->desk.ask = true;
        return;
    }
    book_trade_t *trade = books_trade(&half->books, order->trade);
    ASSERT(trade != NULL);
    const leg_t leg = order->spec.leg;
    const bool held = !dec_is_zero(trade->position.quantity);
    const bool told = half_move_order(
        half, order,
        &(half_move_t){.event = ORDER_EVENT_REJECT, .evidence = EVIDENCE_REPLY, .code = reply->code, .text = reply->text});
    ASSERT(told); /* SENT and UNKNOWN both know it */
    if (reply->reject == REJECT_FILTER && half->now_ns >= half->symbols[trade->instrument].next_rules_ns) {
        half_action(half, ACTION_READ_RULES, PRIORITY_QUERY, trade->id, trade->instrument);
        half->symbols[trade->instrument].next_rules_ns = half->now_ns + HALF_SECOND;
    }
    note_larger_refused(trade, order, reply->reject);
    if (leg == LEG_STOP) {
        stop_failed(half, trade);
        trade->desk.stops_busy += reply->reject == REJECT_BUSY ? 1 : 0;
        if (reply->reject == REJECT_WOULD_TRIGGER && held) {
            half_exit(half, trade, EXIT_STOP_CROSSED, reply->text);
        } else if (reply->reject != REJECT_BUSY && dec_eq(order->spec.trigger, trade->stop)) {
            (void)half_level_back(half, trade, reply->text); /* a moved stop that the venue does not take: the old one holds */
        }
    } else if (leg == LEG_TARGET) {
        trade->desk.next_target_ns = half->now_ns + half_backoff(trade->desk.target_tries++, HALF_RETRY_RARE_NS);
        if (reply->reject == REJECT_WOULD_TRIGGER && held) {
            half_exit(half, trade, EXIT_TARGET_CROSSED, reply->text);
        }
    } else if (leg == LEG_CLOSE || leg == LEG_LADDER) {
        trade->desk.exit_limited = reply->reject == REJECT_PRICE_BAND;
    }
    if (reply->reject == REJECT_REDUCE_ONLY) {
        sync_soon(half, "nothing to reduce"); /* the venue sees another position than we do */
    }
}

/* The way out is closed, or the signer cannot say such an order: a pause for every leg, a growing one for this. */
static void never_left(order_half_t *half, book_trade_t *trade, leg_t leg)
{
    const int64_t next = half->now_ns + half_backoff(trade->desk.stop_tries, HALF_RETRY_MAX_NS);
    trade->desk.next_entry_ns = next;
    trade->desk.next_stop_ns = next;
    trade->desk.next_target_ns = next;
    if (leg == LEG_STOP) {
        stop_failed(half, trade);
    } else if (leg == LEG_TARGET) {
        trade->desk.next_target_ns = half->now_ns + half_backoff(trade->desk.target_tries++, HALF_RETRY_RARE_NS);
    }
}

static void place_reply(order_half_t *half, book_order_t *order, const order_reply_t *reply)
{
    order->desk.place_action = 0;
    order->desk.late_action = 0;
    switch (reply->kind) {
    case REPLY_ACCEPTED:
        half_move_order(
            half, order,
            &(half_move_t){.event = ORDER_EVENT_ACK, .evidence = EVIDENCE_REPLY, .venue_order_id = reply->order.venue_order_id});
        if (reply->order.status != PRIVATE_STATUS_NONE) {
            private_order_t report = reply->order;
            report.instrument = order->spec.instrument;
            half_text(report.client_id, sizeof report.client_id, order->spec.client_id.text);
            half_learn_order(half, &report, EVIDENCE_REPLY);
        }
        break;
    case REPLY_REJECTED:
        if (reply->reject == REJECT_DUPLICATE_ID) {
            /* Our own id is taken: the order exists. Who has it is a question, not a failure (fault 8). */
            half_move_order(
                half, order,
                &(half_move_t){.event = ORDER_EVENT_LOSE, .evidence = EVIDENCE_REPLY, .code = reply->code, .text = reply->text});
        } else {
            refused(half, order, reply);
        }
        break;
    case REPLY_UNKNOWN:
        if (order->state == ORDER_SENT) {
            half_move_order(
                half, order,
                &(half_move_t){.event = ORDER_EVENT_LOSE, .evidence = EVIDENCE_SILENCE, .code = reply->code, .text = reply->text});
        }
        break;
    case REPLY_NEVER_SENT: {
        book_trade_t *trade = books_trade(&half->books, order->trade);
        half_move_order(
            half, order,
            &(half_move_t){.event = ORDER_EVENT_NEVER_SENT, .evidence = EVIDENCE_SIGNER, .code = reply->code, .text = reply->text});
        if (trade != NULL && reply->reject == REJECT_FENCED && order->spec.leg == LEG_ENTRY) {
            half_end_entry(half, trade, EXIT_KILL, reply->text);
        }
        if (trade != NULL) {
            never_left(half, trade, order->spec.leg);
        }
        break;
    }
    }
    if (reply->reject == REJECT_FENCED) {
        half_notify(half, NOTICE_FENCED, order->trade, order->spec.instrument);
    }
}

/* --- the test stop ---------------------------------------------------------------------------- */

static void canary_judged(order_half_t *half, const book_order_t *order, const order_reply_t *reply)
{
    if (reply->kind != REPLY_REJECTED || reply->reject == REJECT_DUPLICATE_ID || reply->reject == REJECT_BUSY ||
        known_at_venue(order)) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_CAPABILITY, order->trade, order->spec.instrument);
    record->capability.code = reply->code;
    half_text(record->capability.text, sizeof record->capability.text, reply->text);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    half->capability_lost = true;
    half->next_canary_ns = half->now_ns + half_backoff(8 + half->canaries_refused++, HALF_RETRY_RARE_NS); /* from a minute on */
    half_notify(half, NOTICE_CAPABILITY_LOST, order->trade, order->spec.instrument);
}

/* --- cancelling ------------------------------------------------------------------------------- */

static void cancel_reply(order_half_t *half, book_order_t *order, const order_reply_t *reply)
{
    order->desk.cancel_action = 0;
    switch (reply->kind) {
    case REPLY_ACCEPTED: {
        private_order_t report = reply->order;
        report.instrument = order->spec.instrument;
        report.algo = order_type_is_algo(order->spec.type) != order->desk.cancel_other;
        half_text(report.client_id, sizeof report.client_id, order->spec.client_id.text);
        report.status = report.status == PRIVATE_STATUS_NONE ? PRIVATE_STATUS_CANCELLED : report.status;
        half_learn_order(half, &report, EVIDENCE_REPLY);
        break;
    }
    case REPLY_REJECTED:
        if (reply->reject == REJECT_UNKNOWN_ORDER || reply->reject == REJECT_WRONG_ENDPOINT) {
            /* Not known at this endpoint: the other one next (ORD-11); meanwhile ask what it is (fault 26). */
            order->desk.cancel_other = !order->desk.cancel_other;
            order->desk.next_cancel_ns = order->desk.cancel_tries <= 1 ? half->now_ns : order->desk.next_cancel_ns;
            order->desk.ask = true;
            order->desk.next_query_ns = order->desk.cancel_tries <= 1 ? half->now_ns + HALF_RETRY_NS : half->now_ns;
        }
        break;
    case REPLY_UNKNOWN:
    case REPLY_NEVER_SENT:
        break; /* cancelling twice is harmless; the plan tries again after a pause */
    }
}

/* --- settings --------------------------------------------------------------------------------- */

/* A definite no: every entry that waits for just this setting ends. */
static void settings_refused(order_half_t *half, instrument_id_t instrument, const char *text)
{
    const uint32_t leverage = half->symbols[instrument].asked_leverage;
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        book_trade_t *trade = &half->books.trades[i];
        if (trade->instrument == instrument && trade->purpose == TRADE_PURPOSE_SIGNAL && half_entry_of(half, trade) == NULL &&
            (leverage == 0 || trade->leverage == leverage)) {
            half_end_entry(half, trade, EXIT_SETTINGS, text);
        }
    }
}

/* The trade that wanted the setting may be over by now; what the venue has in force is known all the same. */
static bool settings_reply(order_half_t *half, const order_reply_t *reply)
{
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        half_symbol_t *symbol = &half->symbols[i];
        if (symbol->settings_action != reply->action) {
            continue;
        }
        symbol->settings_action = 0;
        const bool done = reply->kind == REPLY_ACCEPTED || (reply->kind == REPLY_REJECTED && reply->reject == REJECT_NOT_CHANGED);
        if (done) {
            private_settings_t settings = {.instrument = i};
            if (symbol->asked_leverage == 0) {
                settings.margin_type = symbol->asked_margin;
            } else {
                settings.leverage = reply->leverage != 0 ? reply->leverage : symbol->asked_leverage;
            }
            half_learn_settings(half, &settings);
        } else if (reply->kind == REPLY_REJECTED && reply->reject != REJECT_BUSY) {
            settings_refused(half, i, reply->text);
        } else {
            symbol->next_settings_ns = half->now_ns + HALF_SECOND;
        }
        return true;
    }
    return false;
}

static bool mode_reply(order_half_t *half, const order_reply_t *reply)
{
    if (half->mode_action == 0 || half->mode_action != reply->action) {
        return false;
    }
    half->mode_action = 0;
    half->next_mode_ns = half->now_ns + HALF_SECOND;
    if (reply->kind == REPLY_ACCEPTED || (reply->kind == REPLY_REJECTED && reply->reject == REJECT_NOT_CHANGED)) {
        half_learn_mode(half, half->risk.position_mode);
    } else if (reply->kind == REPLY_REJECTED) {
        half->next_mode_ns = half->now_ns + 60 * HALF_SECOND;
        half_notify(half, NOTICE_MODE_MISMATCH, 0, INSTRUMENT_NONE);
    }
    return true;
}

void half_on_reply(order_half_t *half, const order_reply_t *reply)
{
    if (reply->action == 0 || mode_reply(half, reply) || settings_reply(half, reply)) {
        return;
    }
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (order->desk.place_action == reply->action || order->desk.late_action == reply->action) {
            if (order->spec.leg == LEG_CANARY) {
                canary_judged(half, order, reply);
            }
            place_reply(half, order, reply);
            return;
        }
        if (order->desk.cancel_action == reply->action) {
            cancel_reply(half, order, reply);
            return;
        }
    }
}

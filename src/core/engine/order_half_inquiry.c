/* order_half_inquiry.c: orders whose fate is not known, and fills that the venue has spoken of but not yet told.
 *
 * UNKNOWN leaves on evidence only (I3): found alive, a fill, a definite end, the signer's proof that it never left, or denied by
 * every endpoint for forget_ns while the position shows nothing that our books do not explain. A transport error proves nothing and
 * counts for nothing.
 */
#include "core/engine/order_half_parts.h"

#include "core/base/assert.h"

bool half_fills_missing(const book_order_t *order)
{
    return dec_gt(order->desk.venue_filled, order->filled) ||
           (order->venue_filled_known && dec_gt(order->venue_filled, order->filled));
}

bool half_query_fills(order_half_t *half, instrument_id_t instrument, int64_t since_ns)
{
    half_symbol_t *symbol = &half->symbols[instrument];
    if (symbol->fills_action != 0 && half->now_ns - symbol->fills_asked_ns < HALF_QUERY_LIFE_NS) {
        return false;
    }
    order_action_t *action = half_action(half, ACTION_QUERY_FILLS, PRIORITY_QUERY, 0, instrument);
    action->fills.since_ns = since_ns > 0 ? since_ns : 0;
    symbol->fills_action = action->number;
    symbol->fills_asked_ns = half->now_ns;
    return true;
}

static bool is_stuck(const order_half_t *half, const book_order_t *order)
{
    const bool triggered = order->algo != PRIVATE_STATUS_NONE && order_state_is_working(order->state);
    const bool cancelling = order->state == ORDER_CANCEL_PENDING && order->desk.cancel_action == 0 && order->desk.cancel_tries > 1;
    return (triggered && half->now_ns - order->algo_ns >= half->risk.triggering_max_ns) || cancelling;
}

static void query_order(order_half_t *half, book_order_t *order)
{
    if (order->desk.query_action != 0 && half->now_ns < order->desk.next_query_ns + HALF_QUERY_LIFE_NS) {
        return;
    }
    order_action_t *action = half_action(half, ACTION_QUERY_ORDER, PRIORITY_QUERY, order->trade, order->spec.instrument);
    action->order.client_id = order->spec.client_id;
    action->order.algo = order_type_is_algo(order->spec.type);
    action->order.venue_order_id = order->venue_order_id;
    action->order.since_ns = order->made_ns - 60 * HALF_SECOND;
    order->desk.query_action = action->number;
}

/* Doubles the pause up to its bound; a query in flight is not asked again. */
static void pause_queries(order_half_t *half, book_order_t *order)
{
    int64_t delay = order->desk.query_delay_ns == 0 ? half->risk.inquiry_first_ns : 2 * order->desk.query_delay_ns;
    delay = delay < half->risk.inquiry_max_ns ? delay : half->risk.inquiry_max_ns;
    order->desk.query_delay_ns = delay;
    order->desk.next_query_ns = half->now_ns + delay;
}

static void inquire(order_half_t *half, book_order_t *order)
{
    if (order->state == ORDER_SENT && half->now_ns - order->desk.since_ns >= HALF_REPLY_MAX_NS) {
        half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_LOSE, .evidence = EVIDENCE_SILENCE, .text = "no reply"});
        order->desk.late_action = order->desk.place_action;
        order->desk.place_action = 0;
    }
    const bool ask = order->state == ORDER_UNKNOWN || order->desk.ask || is_stuck(half, order);
    const bool fills = half_fills_missing(order) || (order->desk.venue_done && !order_state_is_terminal(order->state));
    if ((!ask && !fills) || half->now_ns < order->desk.next_query_ns) {
        return;
    }
    if (fills) {
        order->desk.fills_asked =
            half_query_fills(half, order->spec.instrument, order->made_ns - 60 * HALF_SECOND) || order->desk.fills_asked;
    }
    if (ask || order->desk.venue_done) {
        query_order(half, order);
    }
    pause_queries(half, order);
}

void half_plan_inquiry(order_half_t *half)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        if (!half_has_room(half)) {
            half->output->again = true;
            return;
        }
        inquire(half, &half->books.orders[i]);
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

static bool position_explained(const order_half_t *half, const book_order_t *order)
{
    const half_symbol_t *symbol = &half->symbols[order->spec.instrument];
    const position_key_t key = order->spec.position;
    return !half->books.symbols[order->spec.instrument].frozen && symbol->venue_known[key] &&
           dec_eq(symbol->venue_amount[key], books_expected(&half->books, order->spec.instrument, key));
}

static void denied(order_half_t *half, book_order_t *order)
{
    if (order_state_is_working(order->state)) {
        /* We knew it, and now nobody does. That is doubt, not death. */
        half_move_order(half, order,
                        &(half_move_t){.event = ORDER_EVENT_LOSE, .evidence = EVIDENCE_QUERY, .text = "denied by every endpoint"});
        pause_queries(half, order);
    }
    if (order->state != ORDER_UNKNOWN) {
        return;
    }
    if (order->not_found_ns == 0) {
        half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_NOT_FIND, .evidence = EVIDENCE_QUERY});
    } else if (half->now_ns - order->not_found_ns >= half->risk.forget_ns && position_explained(half, order)) {
        half_move_order(half, order,
                        &(half_move_t){.event = ORDER_EVENT_PROVE_DEAD,
                                       .evidence = EVIDENCE_QUERY,
                                       .text = "denied by every endpoint for the whole time, position explained"});
        half_notify(half, NOTICE_ORDER_RESOLVED, order->trade, order->spec.instrument);
    }
}

static void order_answered(order_half_t *half, book_order_t *order, const query_result_t *result)
{
    const uint32_t all = order_type_is_algo(order->spec.type) ? ENDPOINTS_ALGO : ENDPOINTS_NORMAL;
    order->desk.query_action = 0;
    if (result->found) {
        private_order_t report = result->order;
        report.instrument = order->spec.instrument;
        half_text(report.client_id, sizeof report.client_id, order->spec.client_id.text);
        order->desk.ask = false;
        const bool untraded = report.filled_known && dec_is_zero(report.filled);
        const bool triggered = report.engine_order_id != 0 || report.status == PRIVATE_STATUS_TRIGGERING ||
                               report.status == PRIVATE_STATUS_TRIGGERED || report.status == PRIVATE_STATUS_FINISHED;
        if (report.status == PRIVATE_STATUS_REJECTED || (untraded && !triggered)) {
            order->desk.confirmed_ns = half->now_ns;
        }
        half_learn_order(half, &report, EVIDENCE_QUERY);
        if (order->desk.cancel_tries > 0 && order->state == ORDER_UNKNOWN) {
            order->desk.next_cancel_ns = half->now_ns;
        }
    } else if (result->never_sent &&
               half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_NEVER_SENT, .evidence = EVIDENCE_SIGNER})) {
        order->desk.ask = false;
        half_notify(half, NOTICE_ORDER_RESOLVED, order->trade, order->spec.instrument);
    } else if ((result->endpoints & all) == all) {
        order->desk.ask = false;
        order->desk.confirmed_ns = half->now_ns;
        denied(half, order);
    }
}

/* The trade list was read: a conditional order that is finished and has no more fills than we know is over. */
static void fills_answered(order_half_t *half, instrument_id_t instrument, const query_result_t *result)
{
    if ((result->endpoints & ENDPOINT_TRADES) == 0) {
        return;
    }
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (order->spec.instrument != instrument || !order->desk.fills_asked || half_fills_missing(order)) {
            continue;
        }
        order->desk.fills_asked = false;
        if (order->algo == PRIVATE_STATUS_FINISHED && order_state_is_working(order->state)) {
            half_move_order(half, order,
                            &(half_move_t){.event = ORDER_EVENT_EXPIRE, .evidence = EVIDENCE_QUERY, .text = "finished"});
        }
    }
}

void half_on_query_result(order_half_t *half, const query_result_t *result)
{
    if (result->action == 0) {
        return;
    }
    for (instrument_id_t i = 0; i < half->instruments.count; i++) {
        if (half->symbols[i].fills_action == result->action) {
            half->symbols[i].fills_action = 0;
            half->symbols[i].wants_fills = half->symbols[i].wants_fills && (result->endpoints & ENDPOINT_TRADES) == 0;
            fills_answered(half, i, result);
            return;
        }
    }
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        if (half->books.orders[i].desk.query_action == result->action) {
            order_answered(half, &half->books.orders[i], result);
            return;
        }
    }
}

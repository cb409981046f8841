/* order_half_learn.c: what the venue says of an order, turned into records. Every fact may come twice, late, or before its cause;
 * states merge by rank, so that no order of arrival changes the end (I7). Fills: order_half_fill.c.
 */
#include "core/engine/order_half_parts.h"

#include <string.h>

bool half_parse_ours(const char *text, client_id_t *id, leg_t *leg)
{
    uint32_t epoch = 0;
    uint64_t intent = 0;
    memset(id, 0, sizeof *id);
    return client_id_parse(str_from(text), &epoch, &intent, leg) == RESULT_OK &&
           str_copy(str_from(text), id->text, sizeof id->text) == RESULT_OK;
}

book_order_t *half_match(order_half_t *half, const private_order_t *report)
{
    client_id_t id;
    leg_t leg = LEG_ENTRY;
    book_order_t *order = NULL;
    if (half_parse_ours(report->client_id, &id, &leg)) {
        order = books_order(&half->books, &id);
    }
    if (order == NULL) {
        order = books_order_by_venue_id(&half->books, report->instrument, report->algo, report->venue_order_id);
    }
    return order != NULL && order->spec.instrument == report->instrument ? order : NULL;
}

/* The venue shows the order alive. Words from the stream or a reply may be old; only a query or a list brings an ended order back.
 */
static void learn_alive(order_half_t *half, book_order_t *order, const private_order_t *report, evidence_t evidence)
{
    const bool asked = evidence == EVIDENCE_QUERY || evidence == EVIDENCE_LIST;
    if (asked && report->status == PRIVATE_STATUS_NEW) {
        order->desk.confirmed_ns = half->now_ns;
    }
    const uint64_t own_id = report->algo == order_type_is_algo(order->spec.type) ? report->venue_order_id : 0;
    half_move_t move = {.event = asked ? ORDER_EVENT_FIND : ORDER_EVENT_ACK, .evidence = evidence, .venue_order_id = own_id};
    switch (order->state) {
    case ORDER_SENT:
    case ORDER_UNKNOWN:
        if (order->state == ORDER_UNKNOWN) {
            half_notify(half, NOTICE_ORDER_RESOLVED, order->trade, order->spec.instrument);
        }
        half_move_order(half, order, &move);
        break;
    case ORDER_CANCEL_PENDING:
        if (evidence == EVIDENCE_QUERY && order->desk.cancel_action == 0) {
            move.event = dec_sign(order->filled) > 0 ? ORDER_EVENT_REMAIN_PARTIAL : ORDER_EVENT_REMAIN;
            half_move_order(half, order, &move);
        }
        break;
    case ORDER_REJECTED:
    case ORDER_DEAD:
        if (evidence == EVIDENCE_QUERY) {
            half_move_order(half, order, &move);
        } else {
            order->desk.next_query_ns = half->now_ns;
            order->desk.ask = true; /* over here, alive there: a query decides */
        }
        break;
    case ORDER_PARKED:
    case ORDER_ARMED:
    case ORDER_INTENT:
    case ORDER_NEW:
    case ORDER_PARTIALLY_FILLED:
    case ORDER_FILLED:
    case ORDER_CANCELLED:
    case ORDER_EXPIRED:
    case ORDER_STATE_COUNT:
        break;
    }
}

static void learn_end(order_half_t *half, book_order_t *order, const private_order_t *report, evidence_t evidence,
                      order_event_t event)
{
    if (order_state_is_terminal(order->state)) {
        return;
    }
    if (order->state == ORDER_UNKNOWN) {
        half_notify(half, NOTICE_ORDER_RESOLVED, order->trade, order->spec.instrument);
    }
    const bool own = report->algo == order_type_is_algo(order->spec.type);
    half_move_order(half, order,
                    &(half_move_t){.event = event,
                                   .evidence = evidence,
                                   .venue_order_id = own ? report->venue_order_id : 0,
                                   .filled_known = report->filled_known,
                                   .filled = report->filled,
                                   .text = report->reason});
}

static unsigned algo_rank(private_status_t status)
{
    return status == PRIVATE_STATUS_TRIGGERING  ? 1
           : status == PRIVATE_STATUS_TRIGGERED ? 2
           : status == PRIVATE_STATUS_FINISHED  ? 3
                                                : 0;
}

void half_learn_algo(order_half_t *half, book_order_t *order, private_status_t status, uint64_t engine_id, const char *reason)
{
    const bool later = algo_rank(status) > algo_rank(order->algo);
    const bool new_id = engine_id != 0 && engine_id != order->engine_order_id;
    if (order_state_is_terminal(order->state) || (!later && !new_id)) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_ALGO, order->trade, order->spec.instrument);
    record->algo =
        (record_algo_t){.client_id = order->spec.client_id, .status = later ? status : order->algo, .engine_order_id = engine_id};
    half_text(record->algo.reason, sizeof record->algo.reason, reason);
    if (half_commit(half, record) == RESULT_OK && later) {
        order->desk.since_ns = half->now_ns;
        order->desk.next_query_ns = half->now_ns + half->risk.triggering_max_ns;
        order->desk.query_delay_ns = 0;
    }
}

/* The conditional order's story is over; if the venue also says how much of it traded and we have all of that, so is the order's.
 */
static void learn_finished(order_half_t *half, book_order_t *order, const private_order_t *report, evidence_t evidence)
{
    half_learn_algo(half, order, PRIVATE_STATUS_FINISHED, report->engine_order_id, report->reason);
    order->desk.venue_done = true;
    order->desk.next_query_ns = half->now_ns + HALF_FILL_GRACE_NS;
    if (report->filled_known && dec_le(report->filled, order->filled)) {
        learn_end(half, order, report, evidence, ORDER_EVENT_EXPIRE);
    }
}

static void learn_foreign(order_half_t *half, const private_order_t *report)
{
    client_id_t id;
    leg_t leg = LEG_ENTRY;
    if (half_parse_ours(report->client_id, &id, &leg)) {
        return; /* one of ours whose trade is over; the comparison sweeps what still rests */
    }
    if (report->status == PRIVATE_STATUS_UNKNOWN) {
        half_freeze(half, report->instrument, true, "unknown order status");
    }
}

static void learn_status(order_half_t *half, book_order_t *order, const private_order_t *report, evidence_t evidence)
{
    const bool engine = order_type_is_algo(order->spec.type) && !report->algo;
    switch (report->status) {
    case PRIVATE_STATUS_NONE:
        break;
    case PRIVATE_STATUS_NEW:
    case PRIVATE_STATUS_PARTIALLY_FILLED:
        learn_alive(half, order, report, evidence);
        if (engine) {
            half_learn_algo(half, order, PRIVATE_STATUS_TRIGGERED, report->venue_order_id, "");
        }
        break;
    case PRIVATE_STATUS_FILLED:
        learn_alive(half, order, report, evidence);
        order->desk.venue_done = true;
        break;
    case PRIVATE_STATUS_CANCELLED:
        learn_end(half, order, report, evidence, engine ? ORDER_EVENT_EXPIRE : ORDER_EVENT_CANCEL);
        break;
    case PRIVATE_STATUS_EXPIRED:
        learn_end(half, order, report, evidence, ORDER_EVENT_EXPIRE);
        break;
    case PRIVATE_STATUS_REJECTED:
        learn_end(half, order, report, evidence, ORDER_EVENT_REJECT);
        break;
    case PRIVATE_STATUS_TRIGGERING:
    case PRIVATE_STATUS_TRIGGERED:
        learn_alive(half, order, report, evidence);
        half_learn_algo(half, order, report->status, report->engine_order_id, report->reason);
        break;
    case PRIVATE_STATUS_FINISHED:
        learn_alive(half, order, report, evidence);
        learn_finished(half, order, report, evidence);
        break;
    case PRIVATE_STATUS_UNKNOWN:
        half_freeze(half, order->spec.instrument, true, "unknown order status");
        order->desk.next_query_ns = half->now_ns + HALF_SECOND;
        break;
    }
}

book_order_t *half_learn_order(order_half_t *half, const private_order_t *report, evidence_t evidence)
{
    if (report->instrument >= half->instruments.count) {
        return NULL;
    }
    book_order_t *order = half_match(half, report);
    if (order == NULL) {
        learn_foreign(half, report);
        return NULL;
    }
    learn_status(half, order, report, evidence);
    if (report->filled_known && dec_gt(report->filled, order->filled)) {
        if (!half_fills_missing(order)) {
            order->desk.next_query_ns = half->now_ns + HALF_FILL_GRACE_NS;
        }
        order->desk.venue_filled = dec_max(order->desk.venue_filled, report->filled);
    }
    return order;
}

void half_on_private(order_half_t *half, const private_event_t *event)
{
    switch (event->kind) {
    case PRIVATE_ORDER:
        half_learn_order(half, &event->order, EVIDENCE_STREAM);
        break;
    case PRIVATE_FILL:
        /* Fills of a trade list bear no status word; those of the stream do. */
        half_learn_fill(half, event, event->fill.order.status == PRIVATE_STATUS_NONE ? EVIDENCE_QUERY : EVIDENCE_STREAM);
        break;
    case PRIVATE_BALANCE:
        half_learn_balance(half, &event->balance, event->time_ns);
        break;
    case PRIVATE_POSITION:
        half_learn_position(half, &event->position);
        break;
    case PRIVATE_INCOME:
        half_learn_income(half, &event->income);
        break;
    case PRIVATE_SETTINGS:
        half_learn_settings(half, &event->settings);
        break;
    case PRIVATE_MODE:
        half_learn_mode(half, event->mode);
        break;
    case PRIVATE_GAP:
        half->blind_ns = half_sync_blind(half) ? half->blind_ns : half->now_ns;
        half->sync.blind = true;
        half_sync_begin(half, "stream gap", true);
        break;
    }
}

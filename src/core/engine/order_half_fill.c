/* order_half_fill.c: what the venue says of a fill, turned into records: whose it is, and what it takes from trades of ours. Each
 * is applied once for its venue trade id, in whatever order they come (I7).
 */
#include <string.h>

#include "core/base/assert.h"
#include "core/engine/last_gate.h"
#include "core/engine/order_half_parts.h"

static bool plausible(const private_event_t *event)
{
    const private_fill_t *fill = &event->fill.fill;
    const private_order_t *order = &event->fill.order;
    return half_plausible(fill->price) && half_plausible(fill->quantity) && half_plausible(fill->fee) &&
           half_plausible(fill->realised) && fill->trade_id != 0 && dec_sign(fill->price) > 0 && dec_sign(fill->quantity) > 0 &&
           (order->side == ORDER_BUY || order->side == ORDER_SELL) && order->position >= POSITION_BOTH &&
           order->position <= POSITION_SHORT;
}

static order_record_t *fill_record(order_half_t *half, const private_event_t *event, uint64_t trade)
{
    const private_order_t *order = &event->fill.order;
    order_record_t *record = half_record(half, RECORD_FILL, trade, order->instrument);
    record_fill_t *body = &record->fill;
    half_text(body->client_id, sizeof body->client_id, order->client_id);
    body->venue_order_id = order->venue_order_id;
    body->owner = order->owner;
    body->side = order->side;
    body->position = order->position;
    body->event = ORDER_EVENT_PARTIAL;
    body->fill = event->fill.fill;
    return record;
}

/* `quantity` of a trade on this side of the book that is no trade's own: trades of ours that it reduces shrink, oldest first; what
 * is left belongs to others. A position of others takes it first, when `others_first`. */
static void spread_reduction(order_half_t *half, const private_event_t *event, dec_t quantity, dec_t others_before,
                             uint64_t not_trade, bool sibling)
{
    const private_order_t *order = &event->fill.order;
    const position_side_t reduced = order->side == ORDER_SELL ? SIDE_LONG : SIDE_SHORT;
    const dec_t others = reduced == SIDE_LONG ? others_before : dec_neg(others_before);
    dec_t left = quantity;
    if (!sibling && dec_sign(others) > 0) {
        left = dec_minus(left, dec_min(left, others)); /* the user's own position gives way to the user's own order */
    }
    for (uint32_t i = 0; i < half->books.trade_count && dec_sign(left) > 0; i++) {
        book_trade_t *trade = &half->books.trades[i];
        const dec_t part = dec_min(left, trade->position.quantity);
        if (trade->instrument != order->instrument || trade->key != order->position || trade->side != reduced ||
            trade->id == not_trade || dec_sign(part) <= 0) {
            continue;
        }
        order_record_t *record = half_record(half, RECORD_REDUCTION, trade->id, trade->instrument);
        record->reduction = (record_reduction_t){.quantity = part,
                                                 .price = event->fill.fill.price,
                                                 .owner = order->owner,
                                                 .sibling = sibling,
                                                 .trade_id = event->fill.fill.trade_id};
        if (half_commit(half, record) == RESULT_OK) {
            trade->desk.moved_ns = half->now_ns;
            half_notify(half, dec_is_zero(trade->position.quantity) ? NOTICE_CLOSED_OUTSIDE : NOTICE_REDUCED_OUTSIDE, trade->id,
                        trade->instrument);
            left = dec_minus(left, part);
        } else {
            half_freeze(half, order->instrument, true, "reduction out of range");
            return;
        }
    }
}

/* A trade of ours and a position of others never stand against each other under one key: what reduces, reduces ours. They do when
 * the step that booked a fill was cut off before its REDUCTION, or when an exit of ours that was made for all the entry might bring
 * is told before the entry's last piece. */
static void settle_against_others(order_half_t *half, book_trade_t *trade, dec_t price)
{
    const book_symbol_t *symbol = &half->books.symbols[trade->instrument];
    const dec_t against = dec_neg(books_signed(trade->side, symbol->foreign[trade->key]));
    const dec_t part = dec_min(against, trade->position.quantity);
    if (dec_sign(part) <= 0 || dec_sign(price) <= 0) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_REDUCTION, trade->id, trade->instrument);
    record->reduction = (record_reduction_t){.quantity = part, .price = price, .owner = OWNER_CLIENT};
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    trade->desk.moved_ns = half->now_ns;
}

static void learn_own_fill(order_half_t *half, const private_event_t *event, book_order_t *order)
{
    book_trade_t *trade = books_trade(&half->books, order->trade);
    ASSERT(trade != NULL);
    const private_fill_t *fill = &event->fill.fill;
    const dec_t others_before = half->books.symbols[trade->instrument].foreign[event->fill.order.position];
    const dec_t price_before = half->books.symbols[trade->instrument].fill_price;
    const bool entering = event->fill.order.side == order_side_entering(trade->side);
    order_record_t *record = fill_record(half, event, trade->id);
    memcpy(record->fill.client_id, order->spec.client_id.text, sizeof order->spec.client_id.text);
    record->fill.ours = true;
    record->fill.attributed = entering ? fill->quantity : dec_min(fill->quantity, trade->position.quantity);
    dec_t filled = DEC_ZERO;
    const bool complete = dec_sign(order->spec.quantity) > 0 && dec_add(order->filled, fill->quantity, &filled) == RESULT_OK &&
                          dec_ge(filled, order->spec.quantity);
    const bool closed_all = order->spec.reduce == CLOSE_POSITION && dec_eq(record->fill.attributed, trade->position.quantity);
    record->fill.event = complete || closed_all ? ORDER_EVENT_FILL : ORDER_EVENT_PARTIAL;
    const dec_t excess = dec_minus(fill->quantity, record->fill.attributed);
    const bool first_entry = entering && dec_is_zero(trade->position.entered_quantity);
    const instrument_id_t instrument = trade->instrument;
    if (half_commit(half, record) != RESULT_OK) {
        half_freeze(half, instrument, true, "fill could not be booked");
        return;
    }
    order->desk.next_query_ns = half->now_ns + HALF_FILL_GRACE_NS;
    trade->desk.moved_ns = half->now_ns;
    if (entering) {
        settle_against_others(half, trade, price_before);
    }
    if (first_entry) {
        half_move_trade(half, trade, TRADE_EVENT_OPENED, "fill");
        half_notify(half, NOTICE_ENTRY_FILLED, trade->id, instrument);
    }
    if (dec_sign(excess) > 0) {
        spread_reduction(half, event, excess, others_before, trade->id, true);
    }
}

static void learn_foreign_fill(order_half_t *half, const private_event_t *event)
{
    const instrument_id_t instrument = event->fill.order.instrument;
    const dec_t others_before = half->books.symbols[instrument].foreign[event->fill.order.position];
    order_record_t *record = fill_record(half, event, 0);
    const dec_t quantity = event->fill.fill.quantity;
    if (half_commit(half, record) != RESULT_OK) {
        half_freeze(half, instrument, true, "fill could not be booked");
        return;
    }
    spread_reduction(half, event, quantity, others_before, 0, false);
}

/* A fill of an entry of ours whose trade is gone: it opens a position that nobody watches. It gets a trade, and the trade leaves.
 */
static book_order_t *adopt_orphan(order_half_t *half, const private_event_t *event, const client_id_t *id, leg_t leg,
                                  uint64_t intent)
{
    const private_order_t *report = &event->fill.order;
    const position_side_t side = report->side == ORDER_BUY ? SIDE_LONG : SIDE_SHORT;
    order_record_t *record = half_record(half, RECORD_TRADE_OPENED, half->books.next_trade, report->instrument);
    record->trade_opened = (record_trade_opened_t){.purpose = TRADE_PURPOSE_ORPHAN,
                                                   .side = side,
                                                   .position = report->position,
                                                   .entry_type = ENTRY_LIMIT,
                                                   .quantity = report->quantity,
                                                   .expires_ns = half->now_ns};
    if (half_commit(half, record) != RESULT_OK) {
        return NULL;
    }
    book_trade_t *trade = &half->books.trades[half->books.trade_count - 1];
    record = half_record(half, RECORD_INTENT, trade->id, trade->instrument);
    record->intent.intent = intent;
    record->intent.spec = (order_spec_t){.client_id = *id,
                                         .instrument = report->instrument,
                                         .leg = leg,
                                         .side = report->side,
                                         .position = report->position,
                                         .type = report->type != 0 ? report->type : ORDER_LIMIT,
                                         .tif = TIF_GTC,
                                         .trigger_by = TRIGGER_BY_CONTRACT,
                                         .reduce = REDUCE_NO,
                                         .quantity = report->quantity,
                                         .price = report->price,
                                         .trigger = report->trigger};
    if (half_commit(half, record) != RESULT_OK) {
        return NULL;
    }
    book_order_t *order = &half->books.orders[half->books.order_count - 1];
    half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_SEND, .evidence = EVIDENCE_FILL, .text = "orphan"});
    half_exit(half, trade, EXIT_ORPHAN, "fill without a trade");
    return order;
}

/* The holder of the keys has closed by itself (last_gate.h): its order is an exit of the oldest trade that it reduces. */
static book_order_t *adopt_signer_close(order_half_t *half, const private_event_t *event, const client_id_t *id)
{
    const private_order_t *report = &event->fill.order;
    book_trade_t *trade = NULL;
    for (uint32_t i = 0; i < half->books.trade_count && trade == NULL; i++) {
        book_trade_t *candidate = &half->books.trades[i];
        if (candidate->instrument == report->instrument && candidate->key == report->position &&
            order_side_leaving(candidate->side) == report->side && dec_sign(candidate->position.quantity) > 0) {
            trade = candidate;
        }
    }
    if (trade == NULL) {
        return NULL;
    }
    half_exit(half, trade, EXIT_KILL, "closed by the signer");
    order_record_t *record = half_record(half, RECORD_INTENT, trade->id, trade->instrument);
    record->intent.spec = (order_spec_t){.client_id = *id,
                                         .instrument = report->instrument,
                                         .leg = LEG_CLOSE,
                                         .side = report->side,
                                         .position = report->position,
                                         .type = ORDER_MARKET,
                                         .tif = TIF_GTC,
                                         .trigger_by = TRIGGER_BY_CONTRACT,
                                         .reduce = REDUCE_ONLY,
                                         .quantity = report->quantity};
    if (half_commit(half, record) != RESULT_OK) {
        return NULL;
    }
    book_order_t *order = &half->books.orders[half->books.order_count - 1];
    half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_SEND, .evidence = EVIDENCE_FILL, .text = "by the signer"});
    return order;
}

/* Could a fill without a client id be this order's, under a number that we have not been told yet? */
static bool may_be_of(const order_half_t *half, const private_event_t *event, const book_order_t *order)
{
    const private_order_t *report = &event->fill.order;
    const uint64_t number = order_type_is_algo(order->spec.type) ? order->engine_order_id : order->venue_order_id;
    const bool ended_in_doubt = order->state == ORDER_DEAD || order->state == ORDER_REJECTED;
    if (order->spec.instrument != report->instrument || order->spec.position != report->position ||
        order->spec.side != report->side || number != 0 || order->never_left ||
        (book_order_is_settled(order) && !half_fills_missing(order) && !ended_in_doubt)) {
        return false;
    }
    if (order->state == ORDER_UNKNOWN || order->state == ORDER_SENT) { /* denial is no evidence before its time (I3) */
        return order->not_found_ns == 0 || half->now_ns - order->not_found_ns < half->risk.forget_ns;
    }
    return order->desk.confirmed_ns <= event->fill.fill.time_ns + 2 * HALF_SECOND;
}

/* A row of a trade list bears no client id. While an order of ours could be its maker, the row is nobody's: the order is asked for,
 * and the row is told again. */
static bool ask_candidates(order_half_t *half, const private_event_t *event)
{
    bool any = false;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        if (!may_be_of(half, event, order)) {
            continue;
        }
        any = true;
        if (!order->desk.ask && order->state != ORDER_UNKNOWN) {
            order->desk.ask = true;
            order->desk.next_query_ns = half->now_ns;
        }
    }
    return any;
}

void half_learn_fill(order_half_t *half, const private_event_t *event, evidence_t evidence)
{
    const private_order_t *report = &event->fill.order;
    if (report->instrument >= half->instruments.count || !plausible(event)) {
        return;
    }
    book_order_t *order = half_match(half, report);
    if (!books_fill_seen(&half->books, report->instrument, event->fill.fill.trade_id, report->side) &&
        event->fill.fill.time_ns >= half->books.first_ns) {
        client_id_t id;
        leg_t leg = LEG_ENTRY;
        uint32_t epoch = 0;
        uint64_t intent = 0;
        const bool ours = half_parse_ours(report->client_id, &id, &leg) &&
                          client_id_parse(str_from(report->client_id), &epoch, &intent, &leg) == RESULT_OK &&
                          epoch <= half->books.epoch &&
                          intent < half->books.next_intent; /* made by this journal; else a stranger's */
        if (order == NULL && ours && (leg == LEG_ENTRY || leg == LEG_CANARY)) {
            order = adopt_orphan(half, event, &id, leg, intent);
        } else if (order == NULL && leg == LEG_CLOSE && intent >= LAST_GATE_INTENTS_FROM && epoch <= half->books.epoch) {
            order = adopt_signer_close(half, event, &id);
        }
        /* Of the very moment of the last comparison: it did not see it, when the money says so. */
        const int64_t seen_ns = half->books.reconciled_ns - (half->sync.everywhere ? 1 : 0);
        const bool long_ago = evidence == EVIDENCE_QUERY && event->fill.fill.time_ns <= seen_ns;
        if (order != NULL) {
            if (order_type_is_algo(order->spec.type) && !report->algo) {
                half_learn_algo(half, order, PRIVATE_STATUS_TRIGGERED, report->venue_order_id, "");
            }
            learn_own_fill(half, event, order);
        } else if (!long_ago && !(evidence == EVIDENCE_QUERY && report->client_id[0] == '\0' && ask_candidates(half, event))) {
            learn_foreign_fill(half, event); /* those before the last comparison are in its balances already */
        }
    }
    if (order != NULL && report->status != PRIVATE_STATUS_NONE) {
        half_learn_order(half, report, evidence);
    }
}

void half_repair_reductions(order_half_t *half)
{
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        book_trade_t *trade = &half->books.trades[i];
        settle_against_others(half, trade, half->books.symbols[trade->instrument].fill_price);
    }
}

/* books_fill.c: what a fill does to the durable state: money into the ledger, quantity into its trade or to others, the order one
 * move on. */
#include <string.h>

#include "core/base/assert.h"
#include "core/order/books_parts.h"

/* --- fills ------------------------------------------------------------------------------------ */

static outcome_t outcome_of_leg(leg_t leg)
{
    switch (leg) {
    case LEG_STOP:
        return OUTCOME_STOP;
    case LEG_TARGET:
        return OUTCOME_TARGET;
    case LEG_LADDER:
        return OUTCOME_LADDER;
    case LEG_CLOSE:
        return OUTCOME_CLOSE;
    case LEG_ENTRY:
    case LEG_CANARY:
        return OUTCOME_NONE;
    }
    return OUTCOME_NONE;
}

static void remember_fill(books_t *books, instrument_id_t instrument, uint64_t trade_id, order_side_t side)
{
    book_fill_t *slot = &books->fills[books->fill_count % BOOKS_FILLS_MAX];
    if (books->fill_count >= BOOKS_FILLS_MAX) {
        book_symbol_t *symbol = &books->symbols[slot->instrument];
        symbol->fill_floor = slot->trade_id > symbol->fill_floor ? slot->trade_id : symbol->fill_floor;
    }
    *slot = (book_fill_t){.instrument = instrument, .side = side, .trade_id = trade_id};
    books->fill_count++;
}

static result_t post_fill(const books_t *books, const order_record_t *record, ledger_t *ledger)
{
    const private_fill_t *fill = &record->fill.fill;
    result_t result = RESULT_OK;
    if (!dec_is_zero(fill->realised)) {
        result = ledger_post(ledger, books->names[record->instrument].settle, LEDGER_REALISED, fill->realised);
    }
    if (result == RESULT_OK && !dec_is_zero(fill->fee)) {
        result = ledger_post(ledger, fill->fee_asset, LEDGER_FEE, dec_neg(fill->fee));
    }
    return result;
}

/* Moves the trade's position by the part of the fill that is its own. */
static result_t move_trade(const books_t *books, const order_record_t *record, const book_order_t *order, book_trade_t *trade)
{
    const record_fill_t *body = &record->fill;
    result_t result = RESULT_OK;
    if (dec_sign(body->attributed) > 0) {
        if (body->side == order_side_entering(trade->side)) {
            result = position_enter(&trade->position, body->attributed, body->fill.price);
        } else {
            result = position_leave(&trade->position, body->attributed, body->fill.price);
            trade->closing = outcome_of_leg(order->spec.leg);
            trade->closing_order = order->spec.client_id;
        }
    }
    if (result == RESULT_OK) {
        result = dec_add(trade->realised, body->fill.realised, &trade->realised);
    }
    if (result == RESULT_OK && str_eq(str_from(body->fill.fee_asset), str_from(books->names[record->instrument].settle))) {
        result = dec_add(trade->fees, body->fill.fee, &trade->fees);
    }
    trade->laddering = trade->laddering && dec_gt(trade->position.quantity, trade->rest);
    return result;
}

result_t books_apply_fill(books_t *books, const order_record_t *record)
{
    const record_fill_t *body = &record->fill;
    if (record->instrument >= books->instrument_count ||
        books_fill_seen(books, record->instrument, body->fill.trade_id, body->side)) {
        return RESULT_BAD_STATE;
    }
    ledger_t ledger = books->ledger;
    result_t result = post_fill(books, record, &ledger);
    if (result != RESULT_OK) {
        return result;
    }
    book_order_t *order = NULL;
    if (body->ours) {
        client_id_t id;
        memset(&id, 0, sizeof id);
        if (str_copy(str_from(body->client_id), id.text, sizeof id.text) != RESULT_OK) {
            return RESULT_BAD_STATE;
        }
        order = books_order(books, &id);
        book_trade_t *trade = books_trade(books, record->trade);
        order_state_t to = ORDER_PARKED;
        if (order == NULL || trade == NULL || order_state_next(order->state, body->event, &to) != RESULT_OK) {
            return RESULT_BAD_STATE;
        }
        book_trade_t moved = *trade;
        dec_t filled = DEC_ZERO;
        result = dec_add(order->filled, body->fill.quantity, &filled);
        if (result == RESULT_OK) {
            result = move_trade(books, record, order, &moved);
        }
        if (result != RESULT_OK) {
            return result;
        }
        *trade = moved;
        order->filled = filled;
        /* A fill may be the first word of an order: its number is then known from here. Fills are those of normal orders, also
         * when a conditional order made it. */
        uint64_t *number = order_type_is_algo(order->spec.type) ? &order->engine_order_id : &order->venue_order_id;
        *number = *number != 0 ? *number : body->venue_order_id;
        order->state = to;
        order->state_ns = record->time_ns;
        order->not_found_ns = 0;
    }
    books->ledger = ledger;
    /* What did not move a trade moved the position of others; REDUCTION records move it on to trades of ours. */
    const dec_t others = dec_minus(body->fill.quantity, body->attributed);
    dec_t *foreign = &books->symbols[record->instrument].foreign[body->position];
    *foreign = dec_plus(*foreign, body->side == ORDER_BUY ? others : dec_neg(others));
    books->symbols[record->instrument].fill_price = body->fill.price;
    remember_fill(books, record->instrument, body->fill.trade_id, body->side);
    return RESULT_OK;
}

result_t books_apply_reduction(books_t *books, const order_record_t *record)
{
    static const outcome_t outcomes[] = {[OWNER_CLIENT] = OUTCOME_EXTERNAL,
                                         [OWNER_LIQUIDATION] = OUTCOME_LIQUIDATION,
                                         [OWNER_ADL] = OUTCOME_ADL,
                                         [OWNER_SETTLEMENT] = OUTCOME_SETTLEMENT};
    const record_reduction_t *reduction = &record->reduction;
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade == NULL || (unsigned)reduction->owner > OWNER_SETTLEMENT) {
        return RESULT_BAD_STATE;
    }
    position_t next = trade->position;
    result_t result = position_leave(&next, reduction->quantity, reduction->price);
    if (result != RESULT_OK) {
        return result;
    }
    trade->position = next;
    trade->closing = outcomes[reduction->owner];
    memset(&trade->closing_order, 0, sizeof trade->closing_order);
    trade->laddering = trade->laddering && dec_gt(trade->position.quantity, trade->rest);
    dec_t *foreign = &books->symbols[trade->instrument].foreign[trade->key];
    *foreign = dec_plus(*foreign, books_signed(trade->side, reduction->quantity));
    return RESULT_OK;
}

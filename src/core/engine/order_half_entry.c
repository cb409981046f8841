/* order_half_entry.c: from a signal through the one door to an entry at the venue, and the end of entries that wait too long.
 *
 * Before the first entry of a symbol its margin type and leverage are set and read back, and in each session one far stop is placed
 * and cancelled, so that an entry never leaves for a venue that would refuse its protection (faults 60, 61, 72).
 */
#include "core/engine/order_half_parts.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

/* --- the entry -------------------------------------------------------------------------------- */

void half_end_entry(order_half_t *half, book_trade_t *trade, exit_reason_t reason, const char *cause)
{
    if (trade->entry_end != EXIT_NONE) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_ENTRY_END, trade->id, trade->instrument);
    record->exit.reason = reason;
    half_text(record->exit.cause, sizeof record->exit.cause, cause);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    if (trade->purpose == TRADE_PURPOSE_SIGNAL) {
        half_notify(half, NOTICE_ENTRY_ENDED, trade->id, trade->instrument);
    }
}

static order_spec_t entry_spec(const book_trade_t *trade, trigger_by_t trigger_by)
{
    order_spec_t spec = {.leg = LEG_ENTRY,
                         .side = order_side_entering(trade->side),
                         .type = ORDER_LIMIT,
                         .tif = TIF_GTC,
                         .trigger_by = trigger_by,
                         .reduce = REDUCE_NO,
                         .quantity = trade->planned,
                         .price = trade->entry};
    switch (trade->entry_type) {
    case ENTRY_LIMIT:
        break;
    case ENTRY_MARKET:
        spec.type = ORDER_MARKET;
        spec.price = DEC_ZERO;
        break;
    case ENTRY_STOP:
        spec.type = ORDER_STOP_MARKET;
        spec.trigger = trade->entry;
        spec.price = DEC_ZERO;
        break;
    case ENTRY_STOP_LIMIT:
        spec.type = ORDER_STOP_LIMIT;
        spec.trigger = trade->entry;
        break;
    case ENTRY_POST_ONLY:
        spec.tif = TIF_POST_ONLY;
        break;
    case ENTRY_IOC:
        spec.tif = TIF_IOC;
        break;
    case ENTRY_FOK:
        spec.tif = TIF_FOK;
        break;
    }
    return spec;
}

static bool test_stop_rests(const order_half_t *half, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->spec.instrument == instrument && order->spec.leg == LEG_CANARY && order_state_is_live(order->state)) {
            return true;
        }
    }
    return false;
}

/* Margin type first, then leverage; each set only when it is not known to be so. True when both are in force. */
static bool settings_in_force(order_half_t *half, book_trade_t *trade)
{
    const book_symbol_t *known = &half->books.symbols[trade->instrument];
    half_symbol_t *symbol = &half->symbols[trade->instrument];
    const bool margin = known->margin_type == half->risk.margin_type;
    const bool leverage = known->leverage == trade->leverage;
    if (margin && leverage) {
        return true;
    }
    if (symbol->settings_action != 0 || half->now_ns < symbol->next_settings_ns) {
        return false;
    }
    if (test_stop_rests(half, trade->instrument)) {
        return false; /* gone in a moment */
    }
    if (half_symbol_exposed(half, trade->instrument)) {
        half_end_entry(half, trade, EXIT_SETTINGS, "exposed: leverage and margin type stay");
        return false;
    }
    order_action_t *action =
        half_action(half, margin ? ACTION_SET_LEVERAGE : ACTION_SET_MARGIN_TYPE, PRIORITY_ENTRY, trade->id, trade->instrument);
    if (margin) {
        action->leverage = trade->leverage;
    } else {
        action->margin_type = half->risk.margin_type;
    }
    symbol->asked_leverage = margin ? trade->leverage : 0;
    symbol->asked_margin = half->risk.margin_type;
    symbol->settings_action = action->number;
    return false;
}

/* The door let this trade in because the other's entry was going: did that one fill after all, in the race with its cancel? */
static bool took_the_place(const order_half_t *half, const book_trade_t *other, const book_trade_t *trade)
{
    const bool late = other->opened_ns == 0 || other->opened_ns >= trade->made_ns;
    const bool instead =
        other->side == trade->side && (other->entry_end == EXIT_REPLACED || half->risk.pending_entry == PENDING_ENTRY_REPLACE);
    return !dec_is_zero(other->position.quantity) && late && (instead || half->risk.multiple_orders == MULTIPLE_ORDERS_REFUSE);
}

/* Older entries of the symbol that are going are to be gone first; one that filled after all takes this one's place. */
static bool predecessor_gone(order_half_t *half, book_trade_t *trade)
{
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        const book_trade_t *other = &half->books.trades[i];
        if (other->id >= trade->id || other->instrument != trade->instrument || other->purpose != TRADE_PURPOSE_SIGNAL ||
            other->entry_end == EXIT_NONE) {
            continue;
        }
        if (took_the_place(half, other, trade)) {
            half_end_entry(half, trade, EXIT_REPLACED, "the earlier entry filled");
            return false;
        }
        if (half_trade_pending(half, other) || (other->entry_end == EXIT_REPLACED && other->side == trade->side)) {
            return false;
        }
    }
    return true;
}

static void end_entry_when_due(order_half_t *half, book_trade_t *trade, const book_order_t *entry)
{
    const bool over = entry != NULL && order_state_is_terminal(entry->state);
    if (over || trade->entry_end != EXIT_NONE) {
        return;
    }
    if (half->books.kill_level >= KILL_CANCEL_ENTRIES) {
        half_end_entry(half, trade, EXIT_KILL, "kill level");
    } else if (trade->exit != EXIT_NONE) {
        half_end_entry(half, trade, trade->exit, "leaving");
    } else if (half->now_ns >= trade->expires_ns) {
        half_end_entry(half, trade, EXIT_EXPIRED, "entry life over");
    } else if (trade->rows_fired != 0) {
        half_end_entry(half, trade, EXIT_LADDER, "the ladder fired");
    } else if (dec_is_zero(trade->position.quantity) && !dec_is_zero(trade->position.entered_quantity)) {
        half_end_entry(half, trade, EXIT_POSITION_CLOSED, "closed while the entry rested");
    } else if (entry == NULL && half->capability_lost) {
        half_end_entry(half, trade, EXIT_CAPABILITY, "the exchange refused a test stop");
    } else if (!trade->desk.expiry_warned && trade->expires_ns - trade->made_ns > 15 * NS_PER_MIN &&
               trade->expires_ns - half->now_ns <= 15 * NS_PER_MIN) {
        trade->desk.expiry_warned = true;
        half_notify(half, NOTICE_ENTRY_EXPIRING, trade->id, trade->instrument);
    }
}

/* Between the door and the wire there can be a while: a kill level, a pause, settings, an older entry. What the door has found of
 * the market must still be so. */
static bool still_right(order_half_t *half, book_trade_t *trade)
{
    dec_t price = DEC_ZERO, away = DEC_ZERO;
    if (half->now_ns - trade->made_ns > half->risk.signal_age_max_ns) {
        half_end_entry(half, trade, EXIT_EXPIRED, "waited for too long");
        return false;
    }
    const half_price_t *known = &half->prices[trade->instrument];
    if (half->books.paused || half->books.symbols[trade->instrument].frozen || known->mark_ns == 0 ||
        half->now_ns - known->mark_ns > half->risk.price_age_max_ns || !half_price(half, trade->instrument, trade->side, &price)) {
        return false;
    }
    if (half_stop_crossed(half, trade, trade->stop)) {
        half_end_entry(half, trade, EXIT_STOP_CROSSED, "price beyond the stop before the entry left");
        return false;
    }
    if (dec_mul_div(dec_abs(dec_minus(trade->entry, known->mark)), dec_from_int(100), known->mark, DEC_ROUND_UP, &away) !=
            RESULT_OK ||
        dec_gt(away, half->risk.price_collar_pct)) {
        half_end_entry(half, trade, EXIT_EXPIRED, "the market has left the entry");
        return false;
    }
    return true;
}

static void plan_test_stop(order_half_t *half, book_trade_t *trade)
{
    book_order_t *order = half_order_of(half, trade, LEG_CANARY);
    if (order == NULL || !order_state_is_working(order->state)) {
        return;
    }
    if (half->books.capability_epoch != half->books.epoch) {
        order_record_t *record = half_record(half, RECORD_CAPABILITY, trade->id, trade->instrument);
        record->capability.passed = true;
        result_t result = half_commit(half, record);
        ASSERT(result == RESULT_OK);
        half->capability_lost = false;
        half->canaries_refused = 0;
    }
    half_cancel(half, order);
}

void half_plan_entry(order_half_t *half, book_trade_t *trade)
{
    if (trade->purpose == TRADE_PURPOSE_CANARY) {
        plan_test_stop(half, trade);
        return;
    }
    if (trade->purpose != TRADE_PURPOSE_SIGNAL) {
        return;
    }
    book_order_t *entry = half_entry_of(half, trade);
    end_entry_when_due(half, trade, entry);
    if (entry != NULL) {
        if (trade->entry_end != EXIT_NONE && order_state_is_live(entry->state)) {
            half_cancel(half, entry);
        }
        return;
    }
    const bool may = !half_sync_blind(half) && half->books.capability_epoch == half->books.epoch &&
                     half->books.kill_level == KILL_NONE && trade->state == TRADE_WAITING &&
                     half->books.mode == half->risk.position_mode;
    if (trade->entry_end != EXIT_NONE || !may || !predecessor_gone(half, trade) || trade->entry_end != EXIT_NONE ||
        !settings_in_force(half, trade)) {
        return;
    }
    if (half->now_ns < trade->desk.next_entry_ns) {
        return; /* the last one did not get out: a pause before the next */
    }
    if (!still_right(half, trade)) {
        return;
    }
    const order_spec_t spec = entry_spec(trade, half->risk.trigger_by);
    if (half_place(half, trade, &spec, 0)) {
        half_notify(half, NOTICE_ENTRY_PLACED, trade->id, trade->instrument);
    } else {
        half_end_entry(half, trade, EXIT_KILL, "no room for another order");
    }
}

/* --- position mode and the test stop ---------------------------------------------------------- */

void half_plan_mode(order_half_t *half)
{
    if (half->books.mode == 0 || half->books.mode == half->risk.position_mode || half->mode_action != 0 ||
        half->now_ns < half->next_mode_ns || !half->reconciled) {
        return;
    }
    bool exposed = half->books.trade_count > 0;
    for (instrument_id_t i = 0; i < half->instruments.count && !exposed; i++) {
        exposed = half_symbol_exposed(half, i);
    }
    if (exposed) {
        if (!half->mode_told) {
            half->mode_told = true;
            half_notify(half, NOTICE_MODE_MISMATCH, 0, INSTRUMENT_NONE);
        }
        return;
    }
    order_action_t *action = half_action(half, ACTION_SET_POSITION_MODE, PRIORITY_ENTRY, 0, INSTRUMENT_NONE);
    action->mode = half->risk.position_mode;
    half->mode_action = action->number;
}

/* A buy stop a tenth above the market, of the smallest size, gone again as soon as the venue has said yes. Should it ever fill, its
 * trade leaves at market at once. A tenth away is beyond what a market moves in the moments it stands, and inside every trigger cap
 * we know. */
static bool test_stop_spec(order_half_t *half, const instrument_t *instrument, dec_t mark, order_spec_t *spec)
{
    dec_t trigger = DEC_ZERO, quantity = DEC_ZERO;
    (void)half;
    if (dec_mul(mark, dec_from_scaled(11, 1), DEC_ROUND_UP, &trigger) != RESULT_OK ||
        dec_quantise(trigger, instrument->tick_size, DEC_ROUND_CEILING, &trigger) != RESULT_OK ||
        dec_div(instrument->notional_min, mark, DEC_ROUND_UP, &quantity) != RESULT_OK) {
        return false;
    }
    quantity = dec_max(quantity, dec_max(instrument->quantity_min, instrument->market_quantity_min));
    if (dec_quantise(quantity, dec_max(instrument->lot_step, instrument->market_step), DEC_ROUND_UP, &quantity) != RESULT_OK) {
        return false;
    }
    *spec = (order_spec_t){.leg = LEG_CANARY,
                           .side = ORDER_BUY,
                           .type = ORDER_STOP_MARKET,
                           .tif = TIF_GTC,
                           .trigger_by = half->risk.trigger_by,
                           .reduce = REDUCE_NO,
                           .quantity = quantity,
                           .trigger = trigger};
    return true;
}

static bool test_stop_possible(const order_half_t *half, instrument_id_t id)
{
    const instrument_t *instrument = half_instrument(half, id);
    const half_price_t *price = &half->prices[id];
    return instrument != NULL && instrument->status == INSTRUMENT_TRADING && dec_sign(instrument->tick_size) > 0 &&
           half->symbols[id].rules_ns != 0 && price->mark_ns != 0 && half->now_ns - price->mark_ns <= half->risk.price_age_max_ns &&
           !half->books.symbols[id].frozen;
}

void half_plan_canary(order_half_t *half)
{
    const bool wanted = half->reconciled && half->books.capability_epoch != half->books.epoch &&
                        half->now_ns >= half->next_canary_ns && half->books.kill_level == KILL_NONE && half->books.mode != 0 &&
                        half->books.mode == half->risk.position_mode;
    if (!wanted || !half_has_room(half) || half->books.trade_count == BOOKS_TRADES_MAX) {
        return;
    }
    uint32_t lost = 0;
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        const book_trade_t *trade = &half->books.trades[i];
        if (trade->purpose != TRADE_PURPOSE_CANARY) {
            continue;
        }
        const book_order_t *order = half_order_of(half, trade, LEG_CANARY);
        if (order == NULL || order->state != ORDER_UNKNOWN || ++lost == 3) {
            return; /* one at a time; one whose fate is not known does not hold up the next */
        }
    }
    for (instrument_id_t id = 0; id < half->instruments.count; id++) {
        order_spec_t spec;
        if (!test_stop_possible(half, id) || !test_stop_spec(half, half_instrument(half, id), half->prices[id].mark, &spec)) {
            continue;
        }
        order_record_t *record = half_record(half, RECORD_TRADE_OPENED, half->books.next_trade, id);
        record->trade_opened = (record_trade_opened_t){.purpose = TRADE_PURPOSE_CANARY,
                                                       .side = SIDE_LONG,
                                                       .position = half_key_of(half, SIDE_LONG),
                                                       .entry_type = ENTRY_STOP,
                                                       .quantity = spec.quantity,
                                                       .entry = spec.trigger,
                                                       .expires_ns = half->now_ns + NS_PER_MIN};
        result_t result = half_commit(half, record);
        ASSERT(result == RESULT_OK);
        half_place(half, &half->books.trades[half->books.trade_count - 1], &spec, 0);
        half->next_canary_ns = half->now_ns + HALF_SECOND;
        return;
    }
}

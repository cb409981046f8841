/* books_apply.c: one record at a time into the durable state. Each handler checks first and changes last. */
#include <string.h>

#include "core/base/assert.h"
#include "core/base/hash.h"
#include "core/order/books_parts.h"

typedef result_t (*apply_t)(books_t *books, const order_record_t *record);

static bool known_instrument(const books_t *books, const order_record_t *record)
{
    return record->instrument < books->instrument_count;
}

/* --- session, configuration, switches --------------------------------------------------------- */

static result_t apply_session(books_t *books, const order_record_t *record)
{
    if (record->epoch <= books->epoch) {
        return RESULT_BAD_STATE;
    }
    books->epoch = record->epoch;
    if (books->signal_open) {
        /* The step that accepted the last signal was cut off before its trade: it was never acknowledged and will be delivered
         * again. */
        books->signal_count--;
        books->signal_open = false;
    }
    if (books->first_ns == 0) {
        books->first_ns = record->time_ns;
    }
    return RESULT_OK;
}

static result_t apply_configuration(books_t *books, const order_record_t *record)
{
    memcpy(books->configuration, record->configuration.digest, sizeof books->configuration);
    return RESULT_OK;
}

static result_t apply_instrument(books_t *books, const order_record_t *record)
{
    if (record->instrument != books->instrument_count || books->instrument_count == INSTRUMENT_MAX) {
        return RESULT_BAD_STATE;
    }
    books->names[books->instrument_count++] = record->instrument_named;
    return RESULT_OK;
}

static result_t apply_command(books_t *books, const order_record_t *record)
{
    books->commands[books->command_count++ % BOOKS_COMMANDS_MAX] =
        (book_command_t){.id = record->command.id, .result = record->command.result};
    return RESULT_OK;
}

static result_t apply_kill_level(books_t *books, const order_record_t *record)
{
    if (record->kill.level > KILL_FLATTEN) {
        return RESULT_BAD_STATE;
    }
    books->kill_level = record->kill.level;
    return RESULT_OK;
}

static result_t apply_pause(books_t *books, const order_record_t *record)
{
    books->paused = record->pause.paused;
    return RESULT_OK;
}

static result_t apply_mode(books_t *books, const order_record_t *record)
{
    books->mode = record->mode.mode;
    return RESULT_OK;
}

static result_t apply_settings(books_t *books, const order_record_t *record)
{
    if (!known_instrument(books, record)) {
        return RESULT_BAD_STATE;
    }
    books->symbols[record->instrument].leverage = record->settings.leverage;
    books->symbols[record->instrument].margin_type = record->settings.margin_type;
    return RESULT_OK;
}

static result_t apply_capability(books_t *books, const order_record_t *record)
{
    books->capability_epoch = record->capability.passed ? record->epoch : 0;
    return RESULT_OK;
}

static result_t apply_freeze(books_t *books, const order_record_t *record)
{
    if (!known_instrument(books, record)) {
        return RESULT_BAD_STATE;
    }
    books->symbols[record->instrument].frozen = record->freeze.frozen;
    return RESULT_OK;
}

/* --- signals and trades ----------------------------------------------------------------------- */

static result_t apply_signal(books_t *books, const order_record_t *record)
{
    const char *id = record->signal.id;
    books->signals[books->signal_count++ % BOOKS_SIGNALS_MAX] =
        (book_signal_t){.hash = hash_bytes(0, id, str_from(id).length), .number = record->signal.number};
    books->signal_open = record->signal.reason == DOOR_ACCEPTED && record->signal.exit_of == 0;
    return RESULT_OK;
}

static result_t apply_nothing(books_t *books, const order_record_t *record)
{
    (void)books;
    (void)record;
    return RESULT_OK;
}

static result_t apply_trade_opened(books_t *books, const order_record_t *record)
{
    if (!known_instrument(books, record) || record->trade < books->next_trade) {
        return RESULT_BAD_STATE;
    }
    if (books->trade_count == BOOKS_TRADES_MAX) {
        return RESULT_FULL;
    }
    const record_trade_opened_t *opened = &record->trade_opened;
    book_trade_t *trade = &books->trades[books->trade_count++];
    memset(trade, 0, sizeof *trade);
    trade->id = record->trade;
    trade->purpose = opened->purpose;
    trade->state = TRADE_WAITING;
    trade->instrument = record->instrument;
    trade->side = opened->side;
    trade->key = opened->position;
    memcpy(trade->signal_id, opened->signal_id, sizeof trade->signal_id);
    trade->signal_number = opened->signal_number;
    trade->entry_type = opened->entry_type;
    trade->planned = opened->quantity;
    trade->entry = opened->entry;
    trade->stop = opened->stop;
    trade->target = opened->target;
    trade->target_original = opened->target;
    trade->risk_amount = opened->risk_amount;
    trade->liquidation = opened->liquidation;
    trade->leverage = opened->leverage;
    trade->made_ns = record->time_ns;
    trade->expires_ns = opened->expires_ns;
    position_init(&trade->position, opened->side);
    books->next_trade = record->trade + 1;
    books->signal_open = false;
    return RESULT_OK;
}

static result_t apply_trade_state(books_t *books, const order_record_t *record)
{
    book_trade_t *trade = books_trade(books, record->trade);
    trade_state_t to = TRADE_WAITING;
    if (trade == NULL || trade->state != record->trade_state.from ||
        trade_state_next(trade->state, record->trade_state.event, &to) != RESULT_OK || to != record->trade_state.to) {
        return RESULT_BAD_STATE;
    }
    trade->state = to;
    if (record->trade_state.event == TRADE_EVENT_OPENED) {
        trade->opened_ns = record->time_ns;
    }
    return RESULT_OK;
}

static result_t apply_trade_levels(books_t *books, const order_record_t *record)
{
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade == NULL) {
        return RESULT_BAD_STATE;
    }
    trade->stop = record->levels.stop;
    trade->target = record->levels.target;
    trade->stops_refused = 0; /* another price deserves another try */
    return RESULT_OK;
}

static result_t apply_ladder(books_t *books, const order_record_t *record)
{
    book_trade_t *trade = books_trade(books, record->trade);
    const record_ladder_t *ladder = &record->ladder;
    if (trade == NULL || ladder->row >= RISK_LADDER_ROWS_MAX || (trade->rows_fired & (1U << ladder->row)) != 0) {
        return RESULT_BAD_STATE; /* a row fires once */
    }
    trade->rows_fired |= 1U << ladder->row;
    trade->row = ladder->row;
    trade->rest = ladder->rest;
    trade->laddering = dec_gt(trade->position.quantity, ladder->rest);
    trade->stop = ladder->stop;
    trade->stops_refused = 0;
    return RESULT_OK;
}

static result_t apply_exit(books_t *books, const order_record_t *record)
{
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade == NULL) {
        return RESULT_BAD_STATE;
    }
    trade->exit = record->exit.reason;
    return RESULT_OK;
}

static result_t apply_entry_end(books_t *books, const order_record_t *record)
{
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade == NULL) {
        return RESULT_BAD_STATE;
    }
    trade->entry_end = record->exit.reason;
    return RESULT_OK;
}

/* An amount that cannot be summed leaves 0: neither won nor lost. */
static void note_result(books_t *books, const book_trade_t *trade, const order_record_t *record)
{
    const record_trade_closed_t *closed = &record->trade_closed;
    dec_t profit = DEC_ZERO;
    if (trade->purpose != TRADE_PURPOSE_SIGNAL || closed->outcome == OUTCOME_NOT_FILLED) {
        return;
    }
    if (dec_sub(closed->realised, closed->fees, &profit) != RESULT_OK || dec_add(profit, closed->funding, &profit) != RESULT_OK) {
        profit = DEC_ZERO;
    }
    books->results[books->result_count++ % BOOKS_RESULTS_MAX] =
        (book_result_t){.instrument = trade->instrument, .closed_ns = record->time_ns, .profit = profit};
}

static result_t apply_trade_closed(books_t *books, const order_record_t *record)
{
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade == NULL || trade->state != TRADE_COMPLETED || !dec_is_zero(trade->position.quantity)) {
        return RESULT_BAD_STATE;
    }
    const record_trade_closed_t *closed = &record->trade_closed;
    if (closed->outcome == OUTCOME_LIQUIDATION || (closed->outcome == OUTCOME_STOP && dec_sign(closed->realised_own) < 0)) {
        books->symbols[trade->instrument].losing_stop_ns = record->time_ns;
    }
    note_result(books, trade, record);
    const uint32_t at = (uint32_t)(trade - books->trades);
    memmove(&books->trades[at], &books->trades[at + 1], (books->trade_count - at - 1) * sizeof books->trades[0]);
    books->trade_count--;
    uint32_t left = 0;
    for (uint32_t i = 0; i < books->order_count; i++) {
        if (books->orders[i].trade != record->trade) {
            if (left != i) {
                books->orders[left] = books->orders[i];
            }
            left++;
        }
    }
    books->order_count = left;
    return RESULT_OK;
}

/* --- orders ----------------------------------------------------------------------------------- */

/* Ended orders of trades that still live give way, oldest first; never an entry, it says that the trade had one. */
static bool make_room_for_order(books_t *books)
{
    for (uint32_t i = 0; books->order_count == BOOKS_ORDERS_MAX && i < books->order_count; i++) {
        const book_order_t *order = &books->orders[i];
        if (order->spec.leg != LEG_ENTRY && order->spec.leg != LEG_CANARY && book_order_is_settled(order)) {
            memmove(&books->orders[i], &books->orders[i + 1], (books->order_count - i - 1) * sizeof books->orders[0]);
            books->order_count--;
        }
    }
    return books->order_count < BOOKS_ORDERS_MAX;
}

static result_t apply_intent(books_t *books, const order_record_t *record)
{
    const record_intent_t *intent = &record->intent;
    if (books_trade(books, record->trade) == NULL || books_order(books, &intent->spec.client_id) != NULL) {
        return RESULT_BAD_STATE;
    }
    if (!make_room_for_order(books)) {
        return RESULT_FULL;
    }
    book_order_t *order = &books->orders[books->order_count++];
    memset(order, 0, sizeof *order);
    order->spec = intent->spec;
    order->intent = intent->intent;
    order->row = intent->row;
    order->trade = record->trade;
    order->epoch = record->epoch;
    order->state = ORDER_INTENT;
    order->made_ns = record->time_ns;
    order->state_ns = record->time_ns;
    if (intent->intent >= books->next_intent) {
        books->next_intent = intent->intent + 1;
    }
    books->sent[books->sent_count++ % BOOKS_SENT_MAX] = record->time_ns;
    return RESULT_OK;
}

static void note_stop_fate(books_t *books, const book_order_t *order, order_event_t event)
{
    book_trade_t *trade = books_trade(books, order->trade);
    if (trade == NULL || order->spec.leg != LEG_STOP) {
        return;
    }
    if (event == ORDER_EVENT_REJECT) {
        trade->stops_refused++;
    } else if (event == ORDER_EVENT_ACK || event == ORDER_EVENT_FIND) {
        trade->stops_refused = 0;
    }
}

static result_t apply_order(books_t *books, const order_record_t *record)
{
    const record_order_t *change = &record->order;
    book_order_t *order = books_order(books, &change->client_id);
    order_state_t to = ORDER_PARKED;
    if (order == NULL || order->state != change->from || order_state_next(order->state, change->event, &to) != RESULT_OK ||
        to != change->to) {
        return RESULT_BAD_STATE;
    }
    order->state = to;
    order->state_ns = record->time_ns;
    if (change->venue_order_id != 0) {
        order->venue_order_id = change->venue_order_id;
    }
    if (change->filled_known) {
        order->venue_filled_known = true;
        order->venue_filled = change->filled;
    }
    if (change->event == ORDER_EVENT_NOT_FIND) {
        order->not_found_ns = order->not_found_ns != 0 ? order->not_found_ns : record->time_ns;
    } else {
        order->not_found_ns = 0;
    }
    order->code = change->code;
    order->never_left = change->event == ORDER_EVENT_NEVER_SENT;
    note_stop_fate(books, order, change->event);
    return RESULT_OK;
}

static result_t apply_algo(books_t *books, const order_record_t *record)
{
    book_order_t *order = books_order(books, &record->algo.client_id);
    if (order == NULL) {
        return RESULT_BAD_STATE;
    }
    order->algo = record->algo.status;
    order->algo_ns = record->time_ns;
    if (record->algo.engine_order_id != 0) {
        order->engine_order_id = record->algo.engine_order_id;
    }
    return RESULT_OK;
}

/* --- cover, money, comparison ----------------------------------------------------------------- */

static result_t apply_cover(books_t *books, const order_record_t *record)
{
    const record_cover_t *cover = &record->cover;
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade == NULL || (cover->phase == COVER_BEGIN) != (trade->uncovered_began_ns == 0)) {
        return RESULT_BAD_STATE;
    }
    trade->uncovered = cover->quantity;
    trade->uncovered_notional = cover->notional;
    trade->uncovered_changed_ns = record->time_ns;
    trade->uncovered_notional_seconds = cover->notional_seconds;
    if (cover->phase == COVER_BEGIN) {
        trade->uncovered_began_ns = cover->began_ns;
        books->uncovered.episodes++;
    }
    if (cover->phase == COVER_END) {
        book_uncovered_t *all = &books->uncovered;
        trade->uncovered_total_ns += cover->duration_ns;
        trade->uncovered_total_notional_seconds = dec_plus(trade->uncovered_total_notional_seconds, cover->notional_seconds);
        trade->uncovered_began_ns = 0;
        trade->uncovered_notional_seconds = DEC_ZERO;
        all->longest_ns = cover->duration_ns > all->longest_ns ? cover->duration_ns : all->longest_ns;
        all->total_ns += cover->duration_ns;
        all->notional_seconds = dec_plus(all->notional_seconds, cover->notional_seconds);
    }
    return RESULT_OK;
}

static result_t apply_opening(books_t *books, const order_record_t *record)
{
    return ledger_post(&books->ledger, record->opening.asset, LEDGER_OPENING, record->opening.wallet);
}

static result_t apply_income(books_t *books, const order_record_t *record)
{
    const private_income_t *income = &record->income.income;
    ledger_account_t account;
    if (!ledger_account_of(income->kind, &account)) {
        return RESULT_BAD_STATE;
    }
    result_t result = ledger_post(&books->ledger, income->asset, account, income->amount);
    if (result != RESULT_OK) {
        return result;
    }
    books->income[books->income_count++ % BOOKS_INCOME_MAX] = *income;
    book_trade_t *trade = books_trade(books, record->trade);
    if (trade != NULL) {
        trade->funding = dec_plus(trade->funding, income->amount);
    }
    return RESULT_OK;
}

static result_t apply_adjustment(books_t *books, const order_record_t *record)
{
    return ledger_post(&books->ledger, record->adjustment.asset, LEDGER_UNEXPLAINED, record->adjustment.difference);
}

static result_t apply_position(books_t *books, const order_record_t *record)
{
    const position_key_t key = record->position.position;
    if (!known_instrument(books, record) || key < POSITION_BOTH || key > POSITION_SHORT) {
        return RESULT_BAD_STATE;
    }
    books->symbols[record->instrument].foreign[key] = record->position.foreign;
    books->symbols[record->instrument].known = true;
    return RESULT_OK;
}

static result_t apply_reconcile(books_t *books, const order_record_t *record)
{
    /* One that ended with a difference explains nothing: what it lacks may still come. */
    if (record->reconcile.phase == RECONCILE_CLEAN) {
        books->reconciled_ns = record->reconcile.asked_ns != 0 ? record->reconcile.asked_ns : record->time_ns;
    }
    return RESULT_OK;
}

static const apply_t handlers[RECORD_KIND_COUNT] = {
    [RECORD_SESSION] = apply_session,
    [RECORD_CONFIGURATION] = apply_configuration,
    [RECORD_INSTRUMENT] = apply_instrument,
    [RECORD_COMMAND] = apply_command,
    [RECORD_KILL_LEVEL] = apply_kill_level,
    [RECORD_PAUSE] = apply_pause,
    [RECORD_MODE] = apply_mode,
    [RECORD_SETTINGS] = apply_settings,
    [RECORD_CAPABILITY] = apply_capability,
    [RECORD_FREEZE] = apply_freeze,
    [RECORD_SIGNAL] = apply_signal,
    [RECORD_SIGNAL_INPUTS] = apply_nothing,
    [RECORD_TRADE_OPENED] = apply_trade_opened,
    [RECORD_TRADE_STATE] = apply_trade_state,
    [RECORD_TRADE_LEVELS] = apply_trade_levels,
    [RECORD_LADDER] = apply_ladder,
    [RECORD_EXIT] = apply_exit,
    [RECORD_ENTRY_END] = apply_entry_end,
    [RECORD_TRADE_CLOSED] = apply_trade_closed,
    [RECORD_INTENT] = apply_intent,
    [RECORD_ORDER] = apply_order,
    [RECORD_ALGO] = apply_algo,
    [RECORD_FILL] = books_apply_fill,
    [RECORD_REDUCTION] = books_apply_reduction,
    [RECORD_COVER] = apply_cover,
    [RECORD_OPENING] = apply_opening,
    [RECORD_INCOME] = apply_income,
    [RECORD_ADJUSTMENT] = apply_adjustment,
    [RECORD_POSITION] = apply_position,
    [RECORD_RECONCILE] = apply_reconcile,
};

result_t books_apply(books_t *books, const order_record_t *record)
{
    ASSERT(books != NULL && record != NULL);
    if (record->number != books->last_record + 1) {
        return RESULT_GAP;
    }
    if (record->kind == RECORD_NONE || record->kind >= RECORD_KIND_COUNT) {
        return RESULT_BAD_STATE;
    }
    if (record->kind != RECORD_SESSION && record->epoch != books->epoch) {
        return RESULT_BAD_STATE;
    }
    result_t result = handlers[record->kind](books, record);
    if (result == RESULT_OK) {
        books->last_record = record->number;
        books->last_ns = record->time_ns;
    }
    return result;
}

/* order_half.c: life of the order half; how records and actions are made; which input goes where; the order in which plans are
 * made. */
#include "core/engine/order_half_parts.h"

#include <string.h>

#include "core/base/assert.h"

_Static_assert((int)BOOKS_ORDERS_MAX == (int)ORDER_HALF_ORDERS_MAX && (int)BOOKS_TRADES_MAX == (int)ORDER_HALF_TRADES_MAX,
               "one bound, two names");

size_t order_half_size(void)
{
    return sizeof(order_half_t);
}

order_half_t *order_half_init(void *memory)
{
    ASSERT(memory != NULL && (uintptr_t)memory % _Alignof(order_half_t) == 0);
    order_half_t *half = memory;
    memset(half, 0, sizeof *half);
    books_init(&half->books);
    half->next_action = 1;
    return half;
}

/* --- records and actions ---------------------------------------------------------------------- */

void half_text(char *to, size_t capacity, const char *text)
{
    str_t str = str_from(text);
    if (str.length >= capacity) {
        str.length = capacity - 1;
    }
    memcpy(to, str.bytes, str.length);
    to[str.length] = '\0';
}

bool half_has_room(const order_half_t *half)
{
    return half->output->record_count + HALF_RECORDS_RESERVE <= ORDER_HALF_RECORDS_MAX &&
           half->output->action_count + HALF_ACTIONS_RESERVE <= ORDER_HALF_ACTIONS_MAX;
}

order_record_t *half_record(order_half_t *half, record_kind_t kind, uint64_t trade, instrument_id_t instrument)
{
    ASSERT(half->output != NULL && half->output->record_count < ORDER_HALF_RECORDS_MAX);
    order_record_t *record = &half->output->records[half->output->record_count];
    memset(record, 0, sizeof *record);
    record->number = half->books.last_record + 1;
    record->time_ns = half->now_ns;
    record->epoch = half->books.epoch;
    record->kind = (uint16_t)kind;
    record->trade = trade;
    record->instrument = instrument;
    return record;
}

result_t half_commit(order_half_t *half, order_record_t *record)
{
    ASSERT(record == &half->output->records[half->output->record_count]);
    result_t result = books_apply(&half->books, record);
    if (result == RESULT_OK) {
        half->output->record_count++;
    }
    return result;
}

order_action_t *half_action(order_half_t *half, action_kind_t kind, action_priority_t priority, uint64_t trade,
                            instrument_id_t instrument)
{
    ASSERT(half->output->action_count < ORDER_HALF_ACTIONS_MAX);
    order_action_t *action = &half->output->actions[half->output->action_count++];
    memset(action, 0, sizeof *action);
    action->kind = kind;
    action->priority = priority;
    action->number = half->next_action++;
    action->record = half->books.last_record;
    action->trade = trade;
    action->instrument = instrument;
    return action;
}

void half_notify(order_half_t *half, notice_t notice, uint64_t trade, instrument_id_t instrument)
{
    if (half->output->action_count < ORDER_HALF_ACTIONS_MAX) {
        half_action(half, ACTION_NOTIFY, PRIORITY_HISTORY, trade, instrument)->notice = notice;
    }
}

bool half_move_order(order_half_t *half, book_order_t *order, const half_move_t *move)
{
    order_state_t to = order->state;
    if (order_state_next(order->state, move->event, &to) != RESULT_OK) {
        return false;
    }
    order_record_t *record = half_record(half, RECORD_ORDER, order->trade, order->spec.instrument);
    record->order = (record_order_t){
        .client_id = order->spec.client_id,
        .event = move->event,
        .from = order->state,
        .to = to,
        .evidence = move->evidence,
        .venue_order_id = move->venue_order_id,
        .filled_known = move->filled_known,
        .filled = move->filled,
        .code = move->code,
    };
    half_text(record->order.text, sizeof record->order.text, move->text);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    if (to == ORDER_UNKNOWN && move->event == ORDER_EVENT_LOSE) {
        order->desk.since_ns = half->now_ns;
        order->desk.next_query_ns = half->now_ns;
        order->desk.query_delay_ns = 0;
        half_notify(half, NOTICE_ORDER_UNKNOWN, order->trade, order->spec.instrument);
    }
    return true;
}

void half_move_trade(order_half_t *half, book_trade_t *trade, trade_event_t event, const char *cause)
{
    trade_state_t to = trade->state;
    if (trade_state_next(trade->state, event, &to) != RESULT_OK || (to == trade->state && event != TRADE_EVENT_LADDER)) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_TRADE_STATE, trade->id, trade->instrument);
    record->trade_state =
        (record_trade_state_t){.from = trade->state, .to = to, .event = event, .signal_number = trade->signal_number};
    half_text(record->trade_state.cause, sizeof record->trade_state.cause, cause);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

/* --- small questions -------------------------------------------------------------------------- */

const instrument_t *half_instrument(const order_half_t *half, instrument_id_t instrument)
{
    const instrument_t *known = instrument_table_at(&half->instruments, instrument);
    return known != NULL && half->symbols[instrument].rules_ns != 0 ? known : NULL;
}

int64_t half_backoff(uint32_t tries, int64_t most_ns)
{
    const int64_t pause = HALF_RETRY_NS << (tries < 16 ? tries : 16);
    return pause < most_ns ? pause : most_ns;
}

book_order_t *half_order_of(order_half_t *half, const book_trade_t *trade, leg_t leg)
{
    for (uint32_t i = half->books.order_count; i > 0; i--) {
        book_order_t *order = &half->books.orders[i - 1];
        if (order->trade == trade->id && order->spec.leg == leg) {
            return order;
        }
    }
    return NULL;
}

book_order_t *half_entry_of(order_half_t *half, const book_trade_t *trade)
{
    book_order_t *newest = half_order_of(half, trade, trade->purpose == TRADE_PURPOSE_CANARY ? LEG_CANARY : LEG_ENTRY);
    uint32_t tries = 0;
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        tries += half->books.orders[i].trade == trade->id && half->books.orders[i].spec.leg == LEG_ENTRY ? 1 : 0;
    }
    const bool again = newest != NULL && newest->never_left && newest->state == ORDER_DEAD &&
                       trade->purpose == TRADE_PURPOSE_SIGNAL && trade->entry_end == EXIT_NONE && tries < HALF_ENTRY_TRIES_MAX &&
                       half->now_ns - trade->made_ns <= half->risk.signal_age_max_ns;
    return again ? NULL : newest;
}

bool half_trade_pending(order_half_t *half, const book_trade_t *trade)
{
    const book_order_t *entry = half_entry_of(half, trade);
    return entry == NULL ? trade->entry_end == EXIT_NONE && trade->purpose == TRADE_PURPOSE_SIGNAL && trade->state == TRADE_WAITING
                         : !book_order_is_settled(entry) || half_fills_missing(entry);
}

static bool fresh(const order_half_t *half, int64_t time_ns)
{
    return time_ns > 0 && half->now_ns - time_ns <= half->risk.price_age_max_ns;
}

bool half_price(const order_half_t *half, instrument_id_t instrument, position_side_t side, dec_t *price)
{
    const half_price_t *known = &half->prices[instrument];
    if (half->risk.trigger_by == TRIGGER_BY_MARK && fresh(half, known->mark_ns)) {
        *price = known->mark;
        return true;
    }
    if (fresh(half, known->quote_ns)) {
        *price = side == SIDE_LONG ? known->bid : known->ask;
        return true;
    }
    if (fresh(half, known->mark_ns)) {
        *price = known->mark;
        return true;
    }
    return false;
}

bool half_symbol_exposed(order_half_t *half, instrument_id_t instrument)
{
    const half_symbol_t *symbol = &half->symbols[instrument];
    for (unsigned key = POSITION_BOTH; key <= POSITION_SHORT; key++) {
        if (!dec_is_zero(half->books.symbols[instrument].foreign[key]) || !dec_is_zero(symbol->venue_amount[key])) {
            return true;
        }
    }
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->spec.instrument == instrument && order->spec.leg != LEG_CANARY && order_state_is_live(order->state)) {
            return true; /* a test stop is no exposure: it is far away, and gone in a moment */
        }
    }
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        const book_trade_t *trade = &half->books.trades[i];
        if (trade->instrument == instrument && !dec_is_zero(trade->position.quantity)) {
            return true;
        }
    }
    return symbol->foreign_orders > 0;
}

/* --- placing and cancelling ------------------------------------------------------------------- */

static action_priority_t priority_of(leg_t leg)
{
    switch (leg) {
    case LEG_STOP:
        return PRIORITY_STOP;
    case LEG_CLOSE:
    case LEG_LADDER:
    case LEG_TARGET:
        return PRIORITY_EXIT;
    case LEG_ENTRY:
    case LEG_CANARY:
        return PRIORITY_ENTRY;
    }
    return PRIORITY_ENTRY;
}

bool half_place(order_half_t *half, book_trade_t *trade, const order_spec_t *spec, uint32_t row)
{
    const uint64_t intent = half->books.next_intent;
    order_record_t *record = half_record(half, RECORD_INTENT, trade->id, trade->instrument);
    record->intent.intent = intent;
    record->intent.row = row;
    record->intent.spec = *spec;
    record->intent.spec.instrument = trade->instrument;
    record->intent.spec.position = trade->key;
    client_id_make(&record->intent.spec.client_id, half->books.epoch, intent, spec->leg);
    if (half_commit(half, record) != RESULT_OK) {
        return false; /* the order table is full of live orders; the door keeps room, so this is a storm */
    }
    book_order_t *order = &half->books.orders[half->books.order_count - 1];
    const bool moved = half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_SEND, .evidence = EVIDENCE_OURS});
    ASSERT(moved);
    order_action_t *action = half_action(half, ACTION_PLACE, priority_of(spec->leg), trade->id, trade->instrument);
    action->place = order->spec;
    action->reference = spec->leg == LEG_ENTRY ? trade->entry : DEC_ZERO;
    order->desk.place_action = action->number;
    order->desk.since_ns = half->now_ns;
    return true;
}

void half_cancel(order_half_t *half, book_order_t *order)
{
    if (order->desk.cancel_action != 0 || order->desk.place_action != 0 || half->now_ns < order->desk.next_cancel_ns ||
        !order_state_is_live(order->state)) {
        return;
    }
    if (order->state == ORDER_NEW || order->state == ORDER_PARTIALLY_FILLED) {
        const bool moved =
            half_move_order(half, order, &(half_move_t){.event = ORDER_EVENT_CANCEL_REQUEST, .evidence = EVIDENCE_OURS});
        ASSERT(moved);
    }
    const bool algo = order_type_is_algo(order->spec.type);
    order_action_t *action = half_action(half, ACTION_CANCEL, PRIORITY_EXIT, order->trade, order->spec.instrument);
    action->order.client_id = order->spec.client_id;
    action->order.algo = order->desk.cancel_other ? !algo : algo;
    action->order.venue_order_id = order->desk.cancel_other ? order->engine_order_id : order->venue_order_id;
    order->desk.cancel_action = action->number;
    order->desk.next_cancel_ns = half->now_ns + half_backoff(order->desk.cancel_tries++, HALF_RETRY_MAX_NS);
}

/* --- life ------------------------------------------------------------------------------------- */

/* The number is taken for ever; the rules come in later, and until then nothing reads those that stand here in their place. */
static result_t restore_instrument(order_half_t *half, const order_record_t *record)
{
    const record_instrument_t *named = &record->instrument_named;
    instrument_t item = {.kind = named->kind,
                         .status = INSTRUMENT_UNKNOWN,
                         .tick_size = DEC_ONE,
                         .lot_step = DEC_ONE,
                         .market_step = DEC_ONE,
                         .contract_size = DEC_ONE};
    memcpy(item.venue, named->venue, sizeof item.venue);
    memcpy(item.symbol, named->symbol, sizeof item.symbol);
    memcpy(item.base, named->base, sizeof item.base);
    memcpy(item.quote, named->quote, sizeof item.quote);
    memcpy(item.settle, named->settle, sizeof item.settle);
    instrument_id_t id = INSTRUMENT_NONE;
    result_t result = instrument_table_put(&half->instruments, &item, &id);
    return result == RESULT_OK && id != record->instrument ? RESULT_BAD_STATE : result;
}

result_t order_half_restore(order_half_t *half, const order_record_t *record)
{
    ASSERT(half != NULL && record != NULL && !half->resumed);
    result_t result = books_apply(&half->books, record);
    if (result == RESULT_OK && record->kind == RECORD_INSTRUMENT) {
        result = restore_instrument(half, record);
    }
    return result;
}

static void begin_output(order_half_t *half, order_output_t *output, int64_t now_ns)
{
    output->record_count = 0;
    output->action_count = 0;
    output->again = false;
    half->output = output;
    if (now_ns > half->now_ns) {
        half->now_ns = now_ns;
    }
}

result_t order_half_resume(order_half_t *half, uint32_t epoch, int64_t now_ns, const char *version, order_output_t *output)
{
    ASSERT(half != NULL && output != NULL && !half->resumed);
    if (epoch <= half->books.epoch) {
        return RESULT_BAD_ARGUMENT;
    }
    half->now_ns = half->books.last_ns;
    begin_output(half, output, now_ns);
    half->session_ns = half->now_ns;
    half->blind_ns = half->now_ns;
    /* Numbers of an earlier session never come again: an answer that is late by a restart must not be taken for another's. */
    half->next_action = ((uint64_t)epoch << 32) + 1;
    order_record_t *record = half_record(half, RECORD_SESSION, 0, INSTRUMENT_NONE);
    record->epoch = epoch;
    half_text(record->session.version, sizeof record->session.version, version);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        book_order_t *order = &half->books.orders[i];
        order->desk = (order_desk_t){.since_ns = half->now_ns};
        if (order->state == ORDER_INTENT) {
            half_move_order(
                half, order,
                &(half_move_t){ORDER_EVENT_NEVER_SENT, EVIDENCE_OURS, 0, false, DEC_ZERO, 0, "restart: never handed over"});
        } else if (order->state == ORDER_SENT) {
            half_move_order(half, order, &(half_move_t){ORDER_EVENT_LOSE, EVIDENCE_SILENCE, 0, false, DEC_ZERO, 0, "restart"});
        }
    }
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        half->books.trades[i].desk = (trade_desk_t){.stop_was_placed = half->books.trades[i].state != TRADE_WAITING};
    }
    half->resumed = true;
    half_repair_reductions(half);
    half_sync_begin(half, "start", true);
    half->output = NULL;
    return RESULT_OK;
}

/* --- the step --------------------------------------------------------------------------------- */

static void on_market(order_half_t *half, const market_event_t *event)
{
    if (event->instrument >= half->instruments.count || market_event_check(event) != RESULT_OK) {
        return;
    }
    half_price_t *price = &half->prices[event->instrument];
    switch (event->kind) {
    case MARKET_QUOTE:
        price->bid = event->quote.bid;
        price->ask = event->quote.ask;
        price->quote_ns = event->time_ns;
        break;
    case MARKET_TRADE:
        price->last = event->trade.price;
        price->last_ns = event->time_ns;
        break;
    case MARKET_MARK:
        price->mark = event->mark.mark;
        price->mark_ns = event->time_ns;
        break;
    case MARKET_STATUS:
        half->instruments.items[event->instrument].status = event->status;
        break;
    case MARKET_DEPTH:
    case MARKET_BAR:
    case MARKET_LIQUIDATION:
        break;
    }
}

/* Protection before exits before entries, always; the trade's place in the array may be taken by another when it ends. */
static void plan_trades(order_half_t *half, instrument_id_t only)
{
    for (uint32_t i = 0; i < half->books.trade_count;) {
        book_trade_t *trade = &half->books.trades[i];
        if (only != INSTRUMENT_NONE && trade->instrument != only) {
            i++;
            continue;
        }
        if (!half_has_room(half)) {
            half->output->again = true;
            return;
        }
        half_plan_ladder(half, trade);
        half_plan_protection(half, trade);
        half_plan_exit(half, trade);
        half_plan_entry(half, trade);
        half_plan_cover(half, trade);
        if (!half_plan_finish(half, trade)) {
            i++;
        }
    }
}

static void plan(order_half_t *half, const order_input_t *input)
{
    if (!half->resumed || !half->risk_known) {
        return;
    }
    if (input->kind == ORDER_INPUT_MARKET) {
        /* Prices move ladders and stops of their own symbol; everything else waits for the next moment of time. */
        plan_trades(half, input->market.instrument);
        half_plan_canary(half);
        return;
    }
    plan_trades(half, INSTRUMENT_NONE);
    half_plan_inquiry(half);
    half_plan_sync(half);
    half_plan_mode(half);
    half_plan_canary(half);
}

static void take_input(order_half_t *half, const order_input_t *input)
{
    switch (input->kind) {
    case ORDER_INPUT_TIME:
        break;
    case ORDER_INPUT_SIGNAL:
        half_on_signal(half, &input->signal);
        break;
    case ORDER_INPUT_MARKET:
        on_market(half, &input->market);
        break;
    case ORDER_INPUT_REPLY:
        half_on_reply(half, &input->reply);
        break;
    case ORDER_INPUT_PRIVATE:
        half_on_private(half, &input->event);
        break;
    case ORDER_INPUT_QUERY_RESULT:
        half_on_query_result(half, &input->query);
        break;
    case ORDER_INPUT_SNAPSHOT:
        half_on_snapshot(half, &input->snapshot);
        break;
    case ORDER_INPUT_COMMAND:
        half_on_command(half, &input->command);
        break;
    case ORDER_INPUT_RULES:
        half_on_rules(half, &input->rules);
        break;
    case ORDER_INPUT_RISK:
        half_on_risk(half, &input->risk);
        break;
    case ORDER_INPUT_STANDSTILL:
        half_sync_standstill(half);
        break;
    }
}

void order_half_step(order_half_t *half, const order_input_t *input, order_output_t *output)
{
    ASSERT(half != NULL && input != NULL && output != NULL && half->resumed);
    begin_output(half, output, input->now_ns);
    half->standstill = input->kind == ORDER_INPUT_STANDSTILL;
    take_input(half, input);
    plan(half, input);
    half->standstill = false;
    half->output = NULL;
}

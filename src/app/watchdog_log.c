/* watchdog_log.c: what a step of the order half gave, as log lines. Each line of a trade bears the id of the signal that began it,
 * so that a candle can be followed to the last fill through all logs; those of an order its client id, which the exchange knows
 * too.
 */
#include <string.h>

#include "app/watchdog_state.h"
#include "core/engine/record_codec.h"

static named_trade_t *slot_of(watchdog_t *watchdog, uint64_t trade)
{
    return &watchdog->named[trade % WATCHDOG_TRADES_NAMED];
}

void watchdog_log_note(watchdog_t *watchdog, const order_record_t *record)
{
    if (record->kind != RECORD_TRADE_OPENED)
        return;
    named_trade_t *slot = slot_of(watchdog, record->trade);
    slot->trade = record->trade;
    memcpy(slot->signal_id, record->trade_opened.signal_id, sizeof slot->signal_id);
}

static const char *signal_of(watchdog_t *watchdog, uint64_t trade)
{
    const named_trade_t *slot = slot_of(watchdog, trade);
    return trade > 0 && slot->trade == trade ? slot->signal_id : NULL;
}

static const char *symbol_of(const watchdog_t *watchdog, instrument_id_t id)
{
    const instrument_t *instrument = instrument_table_at(order_half_instruments(watchdog->half), id);
    return instrument ? instrument->symbol : "";
}

/* --- records ---------------------------------------------------------------------------------- */

static void log_signal(const watchdog_t *watchdog, const order_record_t *record)
{
    const record_signal_t *signal = &record->signal;
    bool accepted = signal->reason == DOOR_ACCEPTED;
    log_field_t fields[] = {LOG_UINT("record", record->number), LOG_UINT("number", signal->number),
                            LOG_TEXT("symbol", symbol_of(watchdog, record->instrument)), LOG_TEXT("strategy", signal->strategy),
                            LOG_INT("venue_ns", record->time_ns)};
    log_write(LOG_INFO, accepted ? LOG_EVENT_SIGNAL_ACCEPTED : LOG_EVENT_SIGNAL_REFUSED, signal->id,
              door_reason_name(signal->reason), fields, sizeof fields / sizeof fields[0]);
}

static void log_intent(watchdog_t *watchdog, const order_record_t *record)
{
    const order_spec_t *spec = &record->intent.spec;
    log_field_t fields[] = {LOG_UINT("record", record->number),
                            LOG_UINT("trade", record->trade),
                            LOG_TEXT("symbol", symbol_of(watchdog, record->instrument)),
                            LOG_TEXT("client_id", spec->client_id.text),
                            LOG_TEXT("side", spec->side == ORDER_BUY ? "BUY" : "SELL"),
                            LOG_DEC("quantity", spec->quantity),
                            LOG_DEC("price", spec->price),
                            LOG_DEC("trigger", spec->trigger),
                            LOG_INT("venue_ns", record->time_ns)};
    log_write(LOG_INFO, LOG_EVENT_ORDER_INTENDED, signal_of(watchdog, record->trade), leg_text(spec->leg), fields,
              sizeof fields / sizeof fields[0]);
}

/* Moves that say nothing new beside the other records (handed over, filled, cancel asked for) are left out. */
static bool order_line(order_event_t event, log_level_t *level, log_event_t *line)
{
    static const struct {
        order_event_t event;
        log_level_t level;
        log_event_t line;
    } told[] = {
        {ORDER_EVENT_ACK, LOG_INFO, LOG_EVENT_ORDER_ACCEPTED},
        {ORDER_EVENT_FIND, LOG_INFO, LOG_EVENT_ORDER_ACCEPTED},
        {ORDER_EVENT_REJECT, LOG_WARNING, LOG_EVENT_ORDER_REJECTED},
        {ORDER_EVENT_LOSE, LOG_WARNING, LOG_EVENT_ORDER_UNKNOWN},
        {ORDER_EVENT_NEVER_SENT, LOG_INFO, LOG_EVENT_ORDER_CANCELLED},
        {ORDER_EVENT_PROVE_DEAD, LOG_INFO, LOG_EVENT_ORDER_CANCELLED},
        {ORDER_EVENT_CANCEL, LOG_INFO, LOG_EVENT_ORDER_CANCELLED},
        {ORDER_EVENT_EXPIRE, LOG_INFO, LOG_EVENT_ORDER_EXPIRED},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (told[i].event != event)
            continue;
        *level = told[i].level;
        *line = told[i].line;
        return true;
    }
    return false;
}

static void log_order(watchdog_t *watchdog, const order_record_t *record)
{
    const record_order_t *order = &record->order;
    log_level_t level;
    log_event_t line;
    if (!order_line(order->event, &level, &line))
        return;
    log_field_t fields[] = {LOG_UINT("record", record->number),
                            LOG_UINT("trade", record->trade),
                            LOG_TEXT("symbol", symbol_of(watchdog, record->instrument)),
                            LOG_TEXT("client_id", order->client_id.text),
                            LOG_UINT("venue_order_id", order->venue_order_id),
                            LOG_INT("code", order->code),
                            LOG_TEXT("reason", order->text),
                            LOG_INT("venue_ns", record->time_ns)};
    log_write(level, line, signal_of(watchdog, record->trade), order_event_name(order->event), fields,
              sizeof fields / sizeof fields[0]);
}

static void log_fill(watchdog_t *watchdog, const order_record_t *record)
{
    const record_fill_t *fill = &record->fill;
    log_field_t fields[] = {LOG_UINT("record", record->number),
                            LOG_UINT("trade", record->trade),
                            LOG_TEXT("symbol", symbol_of(watchdog, record->instrument)),
                            LOG_TEXT("client_id", fill->client_id),
                            LOG_TEXT("side", fill->side == ORDER_BUY ? "BUY" : "SELL"),
                            LOG_DEC("quantity", fill->fill.quantity),
                            LOG_DEC("price", fill->fill.price),
                            LOG_INT("venue_ns", record->time_ns)};
    log_write(LOG_INFO, LOG_EVENT_ORDER_FILLED, signal_of(watchdog, record->trade), order_event_name(fill->event), fields,
              sizeof fields / sizeof fields[0]);
}

static void log_other(watchdog_t *watchdog, const order_record_t *record)
{
    static const struct {
        record_kind_t kind;
        log_event_t event;
    } told[] = {
        {RECORD_LADDER, LOG_EVENT_LADDER_FIRED},           {RECORD_TRADE_OPENED, LOG_EVENT_POSITION_OPENED},
        {RECORD_TRADE_CLOSED, LOG_EVENT_POSITION_CLOSED},  {RECORD_INCOME, LOG_EVENT_FUNDING_BOOKED},
        {RECORD_KILL_LEVEL, LOG_EVENT_KILL_LEVEL_CHANGED}, {RECORD_RECONCILE, LOG_EVENT_RECONCILED},
        {RECORD_ADJUSTMENT, LOG_EVENT_LEDGER_DIFFERENCE},
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (record->kind != told[i].kind)
            continue;
        log_field_t fields[] = {LOG_UINT("record", record->number), LOG_UINT("trade", record->trade),
                                LOG_TEXT("symbol", symbol_of(watchdog, record->instrument)), LOG_INT("venue_ns", record->time_ns)};
        log_write(LOG_INFO, told[i].event, signal_of(watchdog, record->trade), record_kind_name((record_kind_t)record->kind),
                  fields, sizeof fields / sizeof fields[0]);
        return;
    }
}

static void log_record(watchdog_t *watchdog, const order_record_t *record)
{
    switch ((int)record->kind) {
    case RECORD_SIGNAL:
        log_signal(watchdog, record);
        break;
    case RECORD_INTENT:
        log_intent(watchdog, record);
        break;
    case RECORD_ORDER:
        log_order(watchdog, record);
        break;
    case RECORD_FILL:
        log_fill(watchdog, record);
        break;
    default:
        log_other(watchdog, record);
        break;
    }
}

/* --- notices ---------------------------------------------------------------------------------- */

/* Why: the exchange's or the signer's words in the record that the notice names, when it is of this step. */
static const char *reason_of(const watchdog_t *watchdog, const order_action_t *action)
{
    for (uint32_t i = 0; i < watchdog->output->record_count; i++) {
        const order_record_t *record = &watchdog->output->records[i];
        if (record->number == action->record)
            return record->kind == RECORD_ORDER        ? record->order.text
                   : record->kind == RECORD_EXIT       ? record->exit.cause
                   : record->kind == RECORD_CAPABILITY ? record->capability.text
                                                       : "";
    }
    return "";
}

static const char *sentence_of(notice_t notice)
{
    switch ((int)notice) {
    case NOTICE_STOP_REFUSED:
        return "STOP_REFUSED: the stop that is wanted was not taken; it is tried again, ever more rarely";
    case NOTICE_UNCOVERED:
        return "UNCOVERED: a position stands without a stop for all of it; if none can be placed in time, it is closed";
    case NOTICE_TRADE_ERROR:
        return "TRADE_ERROR: a position can neither be protected nor closed; the tries go on: look at the exchange yourself";
    default:
        return notice_name(notice);
    }
}

static void log_notice(watchdog_t *watchdog, const order_action_t *action)
{
    log_field_t fields[] = {LOG_UINT("record", action->record), LOG_UINT("trade", action->trade),
                            LOG_TEXT("symbol", symbol_of(watchdog, action->instrument)),
                            LOG_TEXT("reason", reason_of(watchdog, action))};
    bool alarm = action->notice == NOTICE_UNCOVERED || action->notice == NOTICE_STOP_REFUSED ||
                 action->notice == NOTICE_TRADE_ERROR || action->notice == NOTICE_UNEXPLAINED || action->notice == NOTICE_FENCED ||
                 action->notice == NOTICE_CAPABILITY_LOST;
    log_write(alarm ? LOG_ERROR : LOG_INFO, alarm ? LOG_EVENT_RISK_BREACH : LOG_EVENT_NOTICE, signal_of(watchdog, action->trade),
              sentence_of(action->notice), fields, sizeof fields / sizeof fields[0]);
}

void watchdog_log_output(watchdog_t *watchdog)
{
    const order_output_t *output = watchdog->output;
    for (uint32_t i = 0; i < output->record_count && log_enabled(LOG_WARNING); i++)
        log_record(watchdog, &output->records[i]);
    for (uint32_t i = 0; i < output->action_count; i++) {
        if (output->actions[i].kind == ACTION_NOTIFY)
            log_notice(watchdog, &output->actions[i]);
    }
}

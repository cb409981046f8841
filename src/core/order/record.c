/* record.c: names of the values of record.h, and what a record tells the monitor. */
#include "core/order/record.h"

#include "core/base/assert.h"

static const char *const kind_names[RECORD_KIND_COUNT] = {[RECORD_NONE] = "NONE",
#define KIND_NAME(name) [RECORD_##name] = #name,
                                                          RECORD_TABLE(KIND_NAME)
#undef KIND_NAME
};
static const char *const exit_names[EXIT_COUNT] = {
#define EXIT_NAME(name) [EXIT_##name] = #name,
    EXIT_TABLE(EXIT_NAME)
#undef EXIT_NAME
};
static const char *const outcome_names[OUTCOME_COUNT] = {
#define OUTCOME_NAME(name) [OUTCOME_##name] = #name,
    OUTCOME_TABLE(OUTCOME_NAME)
#undef OUTCOME_NAME
};
static const char *const command_names[COMMAND_COUNT] = {[COMMAND_NONE] = "NONE",
#define COMMAND_NAME(name) [COMMAND_##name] = #name,
                                                         COMMAND_TABLE(COMMAND_NAME)
#undef COMMAND_NAME
};
static const char *const refusal_names[LEVEL_REFUSAL_COUNT] = {
#define REFUSAL_NAME(name, text) [LEVEL_REFUSAL_##name] = #name,
    LEVEL_REFUSAL_TABLE(REFUSAL_NAME)
#undef REFUSAL_NAME
};
static const char *const refusal_texts[LEVEL_REFUSAL_COUNT] = {
#define REFUSAL_TEXT(name, text) [LEVEL_REFUSAL_##name] = (text),
    LEVEL_REFUSAL_TABLE(REFUSAL_TEXT)
#undef REFUSAL_TEXT
};

const char *record_kind_name(record_kind_t kind)
{
    return (unsigned)kind < RECORD_KIND_COUNT ? kind_names[kind] : "?";
}
const char *exit_reason_name(exit_reason_t reason)
{
    return (unsigned)reason < EXIT_COUNT ? exit_names[reason] : "?";
}
const char *outcome_name(outcome_t outcome)
{
    return (unsigned)outcome < OUTCOME_COUNT ? outcome_names[outcome] : "?";
}
const char *command_kind_name(command_kind_t kind)
{
    return (unsigned)kind < COMMAND_COUNT ? command_names[kind] : "?";
}

const char *level_refusal_name(level_refusal_t refusal)
{
    return (unsigned)refusal < LEVEL_REFUSAL_COUNT ? refusal_names[refusal] : "?";
}
const char *level_refusal_text(level_refusal_t refusal)
{
    return (unsigned)refusal < LEVEL_REFUSAL_COUNT ? refusal_texts[refusal] : "?";
}

static bool from_signal(const order_record_t *record, request_outcome_t *outcome)
{
    const record_signal_t *signal = &record->signal;
    outcome->kind = signal->reason == DOOR_ACCEPTED ? REQUEST_ACCEPTED : REQUEST_REFUSED;
    outcome->signal_number = signal->number;
    outcome->reason = signal->reason;
    outcome->figure[0] = signal->figure[0];
    outcome->figure[1] = signal->figure[1];
    return true;
}

static bool from_closed(const order_record_t *record, request_outcome_t *outcome)
{
    const record_trade_closed_t *closed = &record->trade_closed;
    outcome->kind = REQUEST_CLOSED;
    outcome->signal_number = closed->signal_number;
    outcome->outcome = closed->outcome;
    outcome->realised = closed->realised;
    outcome->fees = closed->fees;
    outcome->funding = closed->funding;
    return closed->signal_number != 0;
}

bool request_outcome_from_record(const order_record_t *record, request_outcome_t *outcome)
{
    ASSERT(record != NULL && outcome != NULL);
    request_outcome_t told = {.trade = record->trade, .record = record->number, .time_ns = record->time_ns};
    bool tells = false;
    if (record->kind == RECORD_SIGNAL) {
        tells = from_signal(record, &told);
    } else if (record->kind == RECORD_TRADE_STATE && record->trade_state.event == TRADE_EVENT_OPENED) {
        told.kind = REQUEST_FILLED;
        told.signal_number = record->trade_state.signal_number;
        tells = told.signal_number != 0;
    } else if (record->kind == RECORD_TRADE_CLOSED) {
        tells = from_closed(record, &told);
    }
    if (tells) {
        *outcome = told;
    }
    return tells;
}

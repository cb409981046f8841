/* order_half_command.c: what people ask for, and what the world tells about configuration and rules. One command id acts once. */
#include "core/engine/order_half_parts.h"

#include <string.h>

#include "core/base/assert.h"

/* --- commands --------------------------------------------------------------------------------- */

static result_t set_kill_level(order_half_t *half, const order_command_t *command)
{
    if (command->level > KILL_FLATTEN) {
        return RESULT_BAD_ARGUMENT;
    }
    order_record_t *record = half_record(half, RECORD_KILL_LEVEL, 0, INSTRUMENT_NONE);
    record->kill.level = command->level;
    half_text(record->kill.cause, sizeof record->kill.cause, command->principal);
    result_t result = half_commit(half, record);
    half_notify(half, NOTICE_KILL_LEVEL, 0, INSTRUMENT_NONE);
    return result;
}

static result_t set_pause(order_half_t *half, const order_command_t *command)
{
    order_record_t *record = half_record(half, RECORD_PAUSE, 0, INSTRUMENT_NONE);
    record->pause.paused = command->kind == COMMAND_PAUSE;
    half_text(record->pause.cause, sizeof record->pause.cause, command->principal);
    return half_commit(half, record);
}

static result_t leave(order_half_t *half, const order_command_t *command)
{
    bool found = command->trade == 0;
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        book_trade_t *trade = &half->books.trades[i];
        if (command->trade != 0 && trade->id != command->trade) {
            continue;
        }
        found = true;
        half_end_entry(half, trade, EXIT_COMMAND, command->principal);
        if (command->kind == COMMAND_CLOSE_TRADE && dec_sign(trade->position.quantity) > 0) {
            half_exit(half, trade, EXIT_COMMAND, command->principal);
        }
    }
    return found ? RESULT_OK : RESULT_NOT_FOUND;
}

static result_t unfreeze(order_half_t *half, const order_command_t *command)
{
    if (command->instrument >= half->instruments.count) {
        return RESULT_NOT_FOUND;
    }
    half_freeze(half, command->instrument, false, command->principal);
    half_sync_begin(half, "released by command", true); /* what still does not fit freezes it again */
    return RESULT_OK;
}

static result_t carry_out(order_half_t *half, const order_command_t *command, level_refusal_t *refusal, dec_t *bound)
{
    switch (command->kind) {
    case COMMAND_MOVE_STOP:
    case COMMAND_MOVE_TARGET:
        return half_move_level(half, command, refusal, bound);
    case COMMAND_KILL_LEVEL:
        return set_kill_level(half, command);
    case COMMAND_PAUSE:
    case COMMAND_RESUME:
        return set_pause(half, command);
    case COMMAND_CANCEL_ENTRY:
    case COMMAND_CLOSE_TRADE:
        return leave(half, command);
    case COMMAND_RECONCILE:
        half_sync_begin(half, "command", true);
        return RESULT_OK;
    case COMMAND_UNFREEZE:
        return unfreeze(half, command);
    case COMMAND_NONE:
    case COMMAND_COUNT:
        return RESULT_UNKNOWN_VALUE;
    }
    return RESULT_UNKNOWN_VALUE;
}

void half_on_command(order_half_t *half, const order_command_t *command)
{
    result_t result = RESULT_OK;
    if (command->id == 0 || books_command_seen(&half->books, command->id, &result)) {
        return;
    }
    level_refusal_t refusal = LEVEL_REFUSAL_NONE;
    dec_t bound = DEC_ZERO;
    result = carry_out(half, command, &refusal, &bound);
    order_record_t *record = half_record(half, RECORD_COMMAND, command->trade,
                                         command->instrument < half->instruments.count ? command->instrument : INSTRUMENT_NONE);
    record->command = (record_command_t){.kind = command->kind,
                                         .id = command->id,
                                         .level = command->level,
                                         .price = command->price,
                                         .result = result,
                                         .refusal = refusal,
                                         .bound = bound,
                                         .sure = command->sure};
    half_text(record->command.principal, sizeof record->command.principal, command->principal);
    result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

/* --- rules and configuration ------------------------------------------------------------------ */

static bool same_grid(const instrument_t *one, const instrument_t *other)
{
    return dec_eq(one->tick_size, other->tick_size) && dec_eq(one->lot_step, other->lot_step) &&
           dec_eq(one->market_step, other->market_step) && dec_eq(one->quantity_min, other->quantity_min) &&
           dec_eq(one->market_quantity_min, other->market_quantity_min) && dec_eq(one->notional_min, other->notional_min);
}

/* What was refused by the old rules is asked for at once by the new ones. */
static void forget_refusals(order_half_t *half, instrument_id_t id)
{
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        book_trade_t *trade = &half->books.trades[i];
        if (trade->instrument == id) {
            trade->desk.next_stop_ns = trade->desk.next_target_ns = 0;
            trade->desk.stop_tries = trade->desk.target_tries = 0;
        }
    }
    half->next_canary_ns = half->now_ns;
    half->canaries_refused = 0;
}

void half_on_rules(order_half_t *half, const instrument_t *rules)
{
    instrument_id_t id = instrument_find_symbol(&half->instruments, str_from(rules->symbol));
    const instrument_t *known = id == INSTRUMENT_NONE ? NULL : half_instrument(half, id);
    const bool changed = known != NULL && !same_grid(known, rules);
    if (instrument_table_put(&half->instruments, rules, &id) != RESULT_OK) {
        return; /* rules that contradict themselves: the older ones age until the door refuses them */
    }
    if (changed) {
        forget_refusals(half, id);
    }
    half->symbols[id].rules_ns = half->now_ns;
    if (id < half->books.instrument_count) {
        return;
    }
    ASSERT(id == half->books.instrument_count);
    order_record_t *record = half_record(half, RECORD_INSTRUMENT, 0, id);
    record_instrument_t *named = &record->instrument_named;
    half_text(named->venue, sizeof named->venue, rules->venue);
    half_text(named->symbol, sizeof named->symbol, rules->symbol);
    half_text(named->base, sizeof named->base, rules->base);
    half_text(named->quote, sizeof named->quote, rules->quote);
    half_text(named->settle, sizeof named->settle, rules->settle);
    named->kind = rules->kind;
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

void half_on_risk(order_half_t *half, const risk_config_t *risk)
{
    if (risk_config_check(risk, NULL) != RESULT_OK) {
        return; /* the last good configuration stays in force, whole */
    }
    uint8_t digest[32];
    half->risk = *risk;
    half->risk_known = true;
    risk_config_digest(risk, digest);
    if (memcmp(digest, half->books.configuration, sizeof digest) == 0) {
        return;
    }
    order_record_t *record = half_record(half, RECORD_CONFIGURATION, 0, INSTRUMENT_NONE);
    memcpy(record->configuration.digest, digest, sizeof digest);
    result_t result = half_commit(half, record);
    ASSERT(result == RESULT_OK);
}

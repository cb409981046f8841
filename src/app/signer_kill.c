/* signer_kill.c: the kill switch at the last hop. It works with every other process dead (RSK-6).
 *
 * Levels 1 and 3 refuse at the gate. With a watchdog connected, 2 and 4 are its work: it knows the trades, and says within the
 * patience that the level is in force there, again and again while it lasts. Without one, or with one that does not say so, the
 * signer asks the venue what there is, cancels our entries (2 and up), and closes every position at market, reduce-only (4).
 * Foreign orders are left alone.
 */
#include <stdio.h>
#include <string.h>

#include "app/signer_state.h"
#include "core/base/time.h"
#include "edge/json/json_writer.h"

enum { KILL_PATIENCE_S = 5 };

static void number_own(signer_t *signer, order_action_t *action)
{
    action->number = SIGNER_ACTIONS_FROM + ++signer->own_actions;
}

static void sweep(signer_t *signer)
{
    if (signer->sweeping) { /* a higher level came meanwhile, or something was refused: once more behind this one */
        signer->sweep_again = true;
        return;
    }
    order_action_t action = {.kind = ACTION_SNAPSHOT, .priority = PRIORITY_EXIT, .instrument = INSTRUMENT_NONE};
    action.snapshot.since_ns = signer_now_ns(signer);
    number_own(signer, &action);
    signer->sweeping = account_client_do(signer->account, &action) == RESULT_OK;
    if (!signer->own_kept) {
        signer->own_kept = true;
        signer->own_from = signer->outbox.last;
    }
    signer->swept_orders = signer->swept_positions = 0;
}

static bool is_emergency(const signer_t *signer)
{
    return config_current(signer->role.config)->operation.emergency_stop == CONFIG_YES;
}

uint32_t signer_kill_level(const signer_t *signer)
{
    return is_emergency(signer) && signer->kill_level < KILL_NO_ENTRIES ? KILL_NO_ENTRIES : signer->kill_level;
}

void signer_kill_reread(signer_t *signer)
{
    if (is_emergency(signer) == signer->emergency)
        return;
    signer->emergency = !signer->emergency;
    log_field_t field = LOG_UINT("kill_level", signer_kill_level(signer));
    log_write(LOG_WARNING, LOG_EVENT_KILL_LEVEL_CHANGED, NULL,
              signer->emergency ? "operation.emergency_stop: no new entries" : "operation.emergency_stop is over", &field, 1);
    signer_give_kill(signer);
}

void signer_kill_act(signer_t *signer)
{
    if (signer->kill_level < KILL_CANCEL_ENTRIES || !signer->account)
        return;
    if (signer->watchdog && !signer->kill_alone) { /* its work, unless it hangs */
        signer->kill_heard = false;
        loop_timer_start_in(&signer->kill_patience, KILL_PATIENCE_S * NS_PER_S);
        return;
    }
    sweep(signer);
}

void signer_kill_heard(signer_t *signer, uint32_t level)
{
    signer->kill_heard = level == signer_kill_level(signer);
    signer->kill_alone = signer->kill_alone && !signer->kill_heard;
}

static void on_patience(loop_timer_t *timer, void *context)
{
    signer_t *signer = context;
    if (!signer->watchdog || signer->kill_level < KILL_CANCEL_ENTRIES || signer->role.stopping)
        return;
    if (!signer->kill_heard && !signer->kill_alone) {
        log_field_t field = LOG_UINT("kill_level", signer->kill_level);
        log_write(LOG_ERROR, LOG_EVENT_KILL_LEVEL_CHANGED, NULL,
                  "the watchdog is connected and does not answer: the signer acts by itself", &field, 1);
        signer->kill_alone = true;
        sweep(signer);
    }
    signer->kill_heard = false;
    signer_give_kill(signer); /* asked again: it may hang later, or come back to itself */
    loop_timer_start_in(timer, KILL_PATIENCE_S * NS_PER_S);
}

void signer_kill_init(signer_t *signer)
{
    loop_timer_init(&signer->kill_patience, signer->role.loop, on_patience, signer);
}

void signer_kill_stop(signer_t *signer)
{
    loop_timer_stop(&signer->kill_patience);
}

static void cancel_entry(signer_t *signer, const private_order_t *order)
{
    order_action_t cancel;
    if (!last_gate_sweep_order(signer->kill_level, order, &cancel))
        return;
    number_own(signer, &cancel);
    signer->swept_orders += account_client_do(signer->account, &cancel) == RESULT_OK;
}

static void close_position(signer_t *signer, const private_position_t *position)
{
    order_action_t close;
    if (!last_gate_sweep_position(signer->kill_level, position, &close))
        return;
    number_own(signer, &close);
    client_id_make(&close.place.client_id, signer->epoch,
                   LAST_GATE_INTENTS_FROM + (uint64_t)loop_wall_ns(signer->role.loop) / NS_PER_MS + signer->own_actions, LEG_CLOSE);
    gate_note_sent(signer, &close.place.client_id);
    signer->swept_positions += account_client_do(signer->account, &close) == RESULT_OK;
}

void signer_kill_input(signer_t *signer, const order_input_t *input)
{
    if (input->kind == ORDER_INPUT_REPLY) {
        if (input->reply.kind != REPLY_ACCEPTED) {
            log_field_t fields[] = {LOG_INT("code", input->reply.code), LOG_TEXT("text", input->reply.text)};
            log_write(LOG_ERROR, LOG_EVENT_RISK_BREACH, NULL, "an order of the kill switch was not accepted; give the level again",
                      fields, 2);
        }
        return;
    }
    const snapshot_piece_t *piece = &input->snapshot;
    if (piece->phase == SNAPSHOT_END) {
        signer->sweeping = false;
        if (signer->sweep_again) {
            signer->sweep_again = false;
            sweep(signer);
        }
        log_field_t fields[] = {LOG_UINT("entries_cancelled", signer->swept_orders),
                                LOG_UINT("positions_closed", signer->swept_positions)};
        log_write(LOG_WARNING, LOG_EVENT_KILL_LEVEL_CHANGED, NULL, "the signer has swept by itself", fields, 2);
    } else if (piece->phase == SNAPSHOT_FAILED) {
        log_write(LOG_ERROR, LOG_EVENT_RISK_BREACH, NULL,
                  "the kill switch could not read a list from the exchange; give the level again", NULL, 0);
    } else if (piece->phase == SNAPSHOT_ITEM && (piece->section == SECTION_ORDERS || piece->section == SECTION_ALGO_ORDERS)) {
        cancel_entry(signer, &piece->item.order);
    } else if (piece->phase == SNAPSHOT_ITEM && piece->section == SECTION_POSITIONS) {
        close_position(signer, &piece->item.position);
    }
}

/* --- control ---------------------------------------------------------------------------------- */

static void write_state(const signer_t *signer, json_writer_t *writer)
{
    json_field_u64(writer, "kill_level", signer_kill_level(signer));
    json_field_bool(writer, "emergency_stop", is_emergency(signer));
    json_field_u64(writer, "epoch", signer->epoch);
    json_field_bool(writer, "watchdog", signer->watchdog != NULL);
    json_field_bool(writer, "stream_up", signer->stream && user_stream_is_up(signer->stream));
    json_field_u64(writer, "passed", signer->gate.passed);
    json_field_u64(writer, "refused", signer->gate.refused);
    json_field_u64(writer, "events_unhandled", signer->outbox.last - signer->outbox.acked);
    json_field_i64(writer, "clock_error_ms", venue_clock_wall_error_ms(&signer->clock));
    report_write(signer, writer);
}

int signer_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity, size_t *length)
{
    signer_t *signer = role->context;
    json_writer_t writer;
    uint64_t level = 0;
    int status = EXIT_WELL;
    (void)link;
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    bool at_least = strcmp(control->command, "kill-at-least") == 0; /* the supervisor may only tighten */
    if (at_least || strcmp(control->command, "kill") == 0) {
        if (control->arguments_count != 1 || str_to_u64(str_from(control->arguments[0]), &level) != RESULT_OK ||
            level > KILL_FLATTEN) {
            json_field_string(&writer, "error",
                              "kill wants a level: 0 trade, 1 no entries, 2 cancel entries, 3 reduce only, 4 flatten");
            status = EXIT_MISUSE;
        } else if (!(at_least && level <= signer->kill_level) && !gate_kill_set(signer, (uint32_t)level)) {
            json_field_string(&writer, "error", "signer.state cannot be written: the level did not change");
            status = EXIT_FAILED;
        } else {
            signer->own_kept = signer->own_kept && signer->kill_level >= KILL_CANCEL_ENTRIES;
            log_field_t field = LOG_UINT("kill_level", signer_kill_level(signer));
            log_write(LOG_WARNING, LOG_EVENT_KILL_LEVEL_CHANGED, NULL,
                      at_least ? "by the supervisor: crash loop" : "by the operator", &field, 1);
            signer_give_kill(signer);
            signer_kill_act(signer);
        }
    } else if (strcmp(control->command, "trading-status") == 0) {
        report_ask(signer);
    } else if (strcmp(control->command, "clear-ban") == 0) {
        if (signer->venue.budget)
            (void)budget_clear_ban(signer->venue.budget);
        log_write(LOG_WARNING, LOG_EVENT_VENUE_BANNED, NULL, "the operator has lifted the ban from our notes", NULL, 0);
    } else if (strcmp(control->command, "view") != 0 && strcmp(control->command, "status") != 0) {
        json_field_string(&writer, "error", "the signer knows: view, kill LEVEL, kill-at-least LEVEL, trading-status, clear-ban");
        status = EXIT_MISUSE;
    }
    write_state(signer, &writer);
    json_end_object(&writer);
    str_t text;
    if (json_writer_finish(&writer, &text) != RESULT_OK)
        return EXIT_FAILED;
    *length = text.length;
    return status;
}

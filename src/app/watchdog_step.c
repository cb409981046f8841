/* watchdog_step.c: one input through the order half. The records it gives are made durable before any of its actions leaves. */
#include <stdlib.h>
#include <string.h>

#include "app/signer_file.h"
#include "app/watchdog_state.h"
#include "core/base/assert.h"
#include "core/base/time.h"
#include "core/engine/record_codec.h"

enum { PROJECTION_RETRY_S = 1 };

enum { MS_PER_S = 1000 };

int64_t watchdog_now_ns(const watchdog_t *watchdog)
{
    int64_t venue_ms = 0;
    if (venue_clock_now_ms(&watchdog->clock, loop_now_ns(watchdog->role.loop), &venue_ms) != RESULT_OK)
        return loop_wall_ns(watchdog->role.loop);
    /* Before the first moment the measured time is off by the round trip: a whole second is the same every time. */
    if (watchdog->lockstep && !watchdog->moment_begun)
        venue_ms = (venue_ms + MS_PER_S / 2) / MS_PER_S * MS_PER_S;
    return venue_ms * NS_PER_MS;
}

order_input_t *watchdog_input(watchdog_t *watchdog, order_input_kind_t kind)
{
    memset(watchdog->input, 0, sizeof *watchdog->input);
    watchdog->input->kind = kind;
    watchdog->input->now_ns = watchdog_now_ns(watchdog);
    return watchdog->input;
}

/* --- what the records tell besides the state they make ---------------------------------------- */

/* The canary (a far stop placed and cancelled at each start) proves a capability; it decides nothing. */
static bool is_canary(const order_record_t *record)
{
    return (record->kind == RECORD_INTENT && record->intent.spec.leg == LEG_CANARY) ||
           (record->kind == RECORD_TRADE_OPENED && record->trade_opened.purpose == TRADE_PURPOSE_CANARY) ||
           (record->kind == RECORD_TRADE_CLOSED && record->trade_closed.outcome == OUTCOME_CANARY) ||
           ((record->kind == RECORD_EXIT || record->kind == RECORD_ENTRY_END) && record->exit.reason == EXIT_CANARY);
}

static bool is_decision(uint16_t kind)
{
    static const record_kind_t decisions[] = {RECORD_SIGNAL,       RECORD_TRADE_OPENED, RECORD_TRADE_LEVELS,
                                              RECORD_TRADE_CLOSED, RECORD_LADDER,       RECORD_EXIT,
                                              RECORD_ENTRY_END,    RECORD_INTENT,       RECORD_FILL};
    for (size_t i = 0; i < sizeof decisions / sizeof decisions[0]; i++) {
        if (kind == decisions[i])
            return true;
    }
    return false;
}

/* Counters, the decisions' digest and the outcome index are functions of the journal alone: noted live and in the fold alike. */
static void note_record(watchdog_t *watchdog, const order_record_t *record)
{
    if (is_decision(record->kind) && !is_canary(record)) {
        uint8_t bytes[RECORD_BYTES_MAX];
        size_t length = 0;
        order_record_t decision = *record;
        decision.number = 0; /* bookkeeping records in between must not change the name of the same decisions */
        if (record_encode(&decision, bytes, sizeof bytes, &length) == RESULT_OK)
            sha256_update(&watchdog->decisions, bytes, length);
    }
    if (record->kind == RECORD_SIGNAL) {
        watchdog->counts_signals++;
        watchdog->counts_refused += record->signal.reason != DOOR_ACCEPTED;
    } else if (record->kind == RECORD_COMMAND) {
        watchdog->command_id = record->command.id;
        watchdog->command_result = record->command.result;
        watchdog->command_refusal = record->command.refusal;
        watchdog->command_bound = record->command.bound;
    } else if (record->kind == RECORD_RECONCILE) {
        watchdog->synced_ns = record->reconcile.phase != RECONCILE_BEGUN ? record->time_ns : watchdog->synced_ns;
    } else if (record->kind == RECORD_INTENT) {
        watchdog->counts_orders++;
    } else if (record->kind == RECORD_FILL) {
        watchdog->counts_fills += record->fill.ours;
    } else if (record->kind == RECORD_TRADE_CLOSED) {
        watchdog->counts_closed += record->trade_closed.signal_number > 0 && record->trade_closed.outcome != OUTCOME_NOT_FILLED;
    }
    watchdog->wants_due = watchdog->wants_due || record->kind == RECORD_TRADE_OPENED || record->kind == RECORD_TRADE_CLOSED;
    watchdog_log_note(watchdog, record);
    watchdog_monitor_note(watchdog, record);
}

/* --- durability ------------------------------------------------------------------------------- */

static void fail_safe(watchdog_t *watchdog, result_t why)
{
    if (watchdog->failed)
        return;
    watchdog->failed = true;
    role_complain(
        &watchdog->role, LOG_EVENT_JOURNAL_FAILED,
        "the journal cannot be written (%s): no order leaves any more, stops stay at the exchange; free the disk and restart",
        result_text(why));
    health_check_set(&watchdog->role.health, "journal", HEALTH_DOWN, result_text(why), role_now_ns(&watchdog->role));
    loop_stop(watchdog->role.loop);
}

bool watchdog_commit(watchdog_t *watchdog)
{
    if (watchdog->failed)
        return false;
    if (!watchdog->dirty)
        return true;
    result_t result = journal_commit(watchdog->journal);
    if (result != RESULT_OK) {
        fail_safe(watchdog, result);
        return false;
    }
    watchdog->dirty = false;
    return true;
}

static bool append(watchdog_t *watchdog, const order_record_t *record)
{
    uint8_t bytes[RECORD_BYTES_MAX];
    size_t length = 0;
    uint64_t number = 0;
    result_t result = record_encode(record, bytes, sizeof bytes, &length);
    ASSERT(result == RESULT_OK);
    int64_t now_ns = loop_wall_ns(watchdog->role.loop);
    /* Entries were held back before the step when the disk is short (watchdog_monitor.c): what comes here may use the reserve. */
    result = journal_append(watchdog->journal, record->kind, bytes, length, JOURNAL_EXIT, now_ns, &number);
    if (result == RESULT_FULL && journal_commit(watchdog->journal) == RESULT_OK)
        result = journal_append(watchdog->journal, record->kind, bytes, length, JOURNAL_EXIT, now_ns, &number);
    if (result != RESULT_OK) {
        fail_safe(watchdog, result);
        return false;
    }
    ASSERT(number == record->number); /* the journal and the half count alike */
    watchdog->dirty = true;
    return true;
}

static void settle_output(watchdog_t *watchdog)
{
    order_output_t *output = watchdog->output;
    for (uint32_t i = 0; i < output->record_count; i++) {
        if (!append(watchdog, &output->records[i]))
            return;
        note_record(watchdog, &output->records[i]);
    }
    bool leaves = false;
    for (uint32_t i = 0; i < output->action_count; i++)
        leaves = leaves || output->actions[i].kind != ACTION_NOTIFY;
    if (leaves && !watchdog_commit(watchdog))
        return;
    for (uint32_t i = 0; i < output->action_count; i++) {
        if (output->actions[i].kind != ACTION_NOTIFY)
            watchdog_signer_do(watchdog, &output->actions[i]);
    }
    watchdog_log_output(watchdog); /* when the orders are on their way */
}

void watchdog_give(watchdog_t *watchdog)
{
    if (!watchdog->resumed || watchdog->failed || watchdog->closed)
        return;
    order_half_step(watchdog->half, watchdog->input, watchdog->output);
    settle_output(watchdog);
    while (watchdog->output->again && !watchdog->failed) {
        watchdog_input(watchdog, ORDER_INPUT_TIME);
        order_half_step(watchdog->half, watchdog->input, watchdog->output);
        settle_output(watchdog);
    }
}

void watchdog_resume(watchdog_t *watchdog)
{
    if (watchdog->resumed || watchdog->failed)
        return;
    result_t result =
        order_half_resume(watchdog->half, watchdog->epoch, watchdog_now_ns(watchdog), PATRIOT_VERSION, watchdog->output);
    ASSERT(result == RESULT_OK);
    watchdog->resumed = true;
    settle_output(watchdog);
}

/* --- opening: the fold ------------------------------------------------------------------------ */

static int fold(watchdog_t *watchdog, const char *folder)
{
    journal_reader_t *reader = NULL;
    result_t result = journal_reader_open(folder, 1, &reader);
    if (result != RESULT_OK) {
        role_complain(&watchdog->role, LOG_EVENT_JOURNAL_DAMAGED, "the journal in %s cannot be read: %s", folder,
                      result_text(result));
        return EXIT_FAILED;
    }
    journal_record_t raw;
    order_record_t record;
    while ((result = journal_reader_next(reader, &raw)) == RESULT_OK) {
        result = record_decode(raw.body, raw.body_length, &record);
        if (result == RESULT_OK)
            result = order_half_restore(watchdog->half, &record);
        if (result != RESULT_OK) {
            role_complain(
                &watchdog->role, LOG_EVENT_JOURNAL_DAMAGED,
                "record %llu of the journal in %s cannot follow the ones before it: %s; `patriot journal verify` says more",
                (unsigned long long)raw.number, folder, result_text(result));
            journal_reader_close(reader);
            return EXIT_FAILED_SAFE;
        }
        note_record(watchdog, &record);
    }
    journal_reader_close(reader);
    return result == RESULT_EMPTY ? EXIT_WELL : EXIT_FAILED_SAFE;
}

/* Reports may wait; but a ledger.db that knows records which the journal has not says that the journal has lost them. */
static int open_projection(watchdog_t *watchdog, const char *folder)
{
    char path[FILE_PATH_MAX];
    ledger_db_report_t report = {0};
    if (file_path_join(watchdog->role.data_folder, "ledger.db", path, sizeof path) != RESULT_OK)
        return EXIT_MISUSE;
    result_t result = ledger_db_open(path, journal_generation(watchdog->journal), journal_number_last(watchdog->journal),
                                     &watchdog->ledger, &report);
    if (result == RESULT_BAD_STATE) {
        role_complain(&watchdog->role, LOG_EVENT_JOURNAL_DAMAGED,
                      "the journal in %s has lost records: %s. Bring its newest copy back; if there is none, `patriot journal "
                      "rebuild` accepts the loss, and what is open is taken from the exchange",
                      folder, report.text);
        return EXIT_FAILED_SAFE;
    }
    if (result == RESULT_OK && report.condition == LEDGER_DB_REMADE)
        log_write(LOG_WARNING, LOG_EVENT_PROJECTION_REBUILT, NULL, report.text, NULL, 0);
    if (result == RESULT_OK)
        result = journal_reader_open(folder, ledger_db_last_number(watchdog->ledger) + 1, &watchdog->projection);
    if (result != RESULT_OK)
        role_complain(&watchdog->role, LOG_EVENT_STORE_FAILED,
                      "%s cannot be used (%s): trading goes on, reports wait; `patriot journal rebuild` makes it again", path,
                      result_text(result));
    return EXIT_WELL;
}

int watchdog_journal_open(watchdog_t *watchdog)
{
    char folder[FILE_PATH_MAX];
    if (file_path_join(watchdog->role.data_folder, "journal", folder, sizeof folder) != RESULT_OK)
        return EXIT_MISUSE;
    journal_report_t report = {0};
    int64_t wall_ns = loop_wall_ns(watchdog->role.loop);
    journal_options_t options = {.folder = folder, .generation = (uint64_t)wall_ns, .now_ns = wall_ns};
    result_t result = journal_open(&options, &watchdog->journal, &report);
    if (result != RESULT_OK) {
        role_complain(&watchdog->role, LOG_EVENT_JOURNAL_DAMAGED, "%s", report.text[0] ? report.text : result_text(result));
        return EXIT_FAILED_SAFE;
    }
    if (report.cut_bytes > 0)
        log_write(LOG_WARNING, LOG_EVENT_JOURNAL_CUT, NULL, report.text, NULL, 0);
    int code = fold(watchdog, folder);
    if (code != EXIT_WELL)
        return code;
    uint32_t epoch = order_half_last_epoch(watchdog->half), met = 0, kill_level = 0;
    if (signer_file_read(watchdog->role.data_folder, &met, &kill_level) == RESULT_OK && met > epoch)
        epoch = met; /* of a journal that was lost: its client ids are never given again */
    watchdog->epoch = epoch + 1;
    return open_projection(watchdog, folder);
}

void watchdog_journal_close(watchdog_t *watchdog)
{
    (void)watchdog_commit(watchdog);
    watchdog_idle_work(watchdog);
    journal_reader_close(watchdog->projection);
    ledger_db_close(watchdog->ledger);
    journal_close(watchdog->journal);
    watchdog->projection = NULL;
    watchdog->ledger = NULL;
    watchdog->journal = NULL;
}

/* A batch that the database refused has been read already: the reader goes back to where the database stands. */
static void projection_again(watchdog_t *watchdog, result_t why)
{
    char folder[FILE_PATH_MAX];
    health_check_set(&watchdog->role.health, "ledger.db", HEALTH_DEGRADED, result_text(why), role_now_ns(&watchdog->role));
    watchdog->projection_after_ns = loop_now_ns(watchdog->role.loop) + PROJECTION_RETRY_S * NS_PER_S;
    journal_reader_close(watchdog->projection);
    watchdog->projection = NULL;
    if (file_path_join(watchdog->role.data_folder, "journal", folder, sizeof folder) == RESULT_OK)
        (void)journal_reader_open(folder, ledger_db_last_number(watchdog->ledger) + 1, &watchdog->projection);
}

static void project(watchdog_t *watchdog)
{
    uint64_t applied = 0;
    if (!watchdog->projection || ledger_db_last_number(watchdog->ledger) >= journal_number_durable(watchdog->journal) ||
        loop_now_ns(watchdog->role.loop) < watchdog->projection_after_ns)
        return;
    result_t result = ledger_db_catch_up(watchdog->ledger, watchdog->projection, 256, &applied);
    if (result != RESULT_OK && result != RESULT_EMPTY) {
        projection_again(watchdog, result);
    } else if (watchdog->projection_after_ns > 0) {
        watchdog->projection_after_ns = 0;
        health_check_set(&watchdog->role.health, "ledger.db", HEALTH_OK, "", role_now_ns(&watchdog->role));
    }
}

void watchdog_idle_work(watchdog_t *watchdog)
{
    if (watchdog->failed || !watchdog_commit(watchdog))
        return;
    bool full = journal_prepare(watchdog->journal) == RESULT_DISK_FULL;
    if (full != watchdog->journal_short) {
        watchdog->journal_short = full;
        health_check_set(&watchdog->role.health, "journal", full ? HEALTH_DEGRADED : HEALTH_OK,
                         full ? "no room for the next segment: no new entries; free the disk of the data folder" : "",
                         role_now_ns(&watchdog->role));
    }
    project(watchdog);
}

/* monitor_signals.c: signals to the watchdog, at least once, and what became of them back. signals.db is the outbox. */
#include <stdio.h>
#include <string.h>

#include "app/monitor_state.h"
#include "core/engine/seam.h"

/* --- out -------------------------------------------------------------------------------------- */

static result_t fetch_signal(void *context, uint64_t number, bus_message_t *message)
{
    monitor_t *monitor = context;
    signal_t signal;
    size_t count = 0, length = 0;
    result_t result = signal_store_after(monitor->store, number - 1, &signal, 1, &count);
    if (result != RESULT_OK || count == 0 || signal.number != number)
        return RESULT_NOT_FOUND;
    message->which_body = patriot_bus_Envelope_signal_tag;
    patriot_bus_Signal *body = &message->body.signal;
    result = seam_signal_encode(&signal, monitor->table, body->encoded.bytes, sizeof body->encoded.bytes, &length);
    body->encoded.size = (pb_size_t)length;
    (void)str_copy(str_from(signal.id), message->correlation_id, sizeof message->correlation_id);
    return result;
}

static void pump(monitor_t *monitor)
{
    if (monitor->watchdog && bus_link_ready(monitor->watchdog))
        (void)bus_outbox_pump(&monitor->outbox, monitor->watchdog, fetch_signal, monitor, monitor->message);
}

static void remember(monitor_t *monitor, const signal_t *signal)
{
    uint32_t kept = monitor->recent_count < MONITOR_RECENT_MAX - 1 ? monitor->recent_count : MONITOR_RECENT_MAX - 1;
    memmove(monitor->recent + 1, monitor->recent, kept * sizeof monitor->recent[0]);
    monitor->recent[0] = (recent_signal_t){.signal = *signal, .verdict = "sent"};
    monitor->recent_count = kept + 1;
}

/* Of all signals ever, also of those that a lost signals.db held. */
static uint64_t last_number(const monitor_t *monitor)
{
    uint64_t stored = signal_store_last_number(monitor->store);
    return stored > monitor->outbox.last ? stored : monitor->outbox.last;
}

void monitor_signals_made(monitor_t *monitor, const signal_t *signals, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        signal_t signal = signals[i];
        signal_t known;
        if (signal_store_by_id(monitor->store, signal.id, &known) == RESULT_OK)
            continue; /* made before a crash: it is in the outbox already */
        signal.number = last_number(monitor) + 1;
        result_t result = signal_store_append(monitor->store, &signal, 1);
        if (result != RESULT_OK) {
            role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "a signal could not be stored and is not sent: %s",
                          signal_store_error(monitor->store));
            health_check_set(&monitor->role.health, "signals.db", HEALTH_DOWN, result_text(result), role_now_ns(&monitor->role));
            continue;
        }
        health_check_set(&monitor->role.health, "signals.db", HEALTH_OK, "", role_now_ns(&monitor->role));
        log_field_t fields[] = {LOG_UINT("number", signal.number), LOG_TEXT("strategy", signal.strategy),
                                LOG_DEC("entry", signal.entry), LOG_DEC("stop", signal.stop), LOG_DEC("target", signal.target)};
        log_write(LOG_INFO, LOG_EVENT_SIGNAL_MADE, signal.id, signal.side == SIDE_LONG ? "LONG" : "SHORT", fields, 5);
        remember(monitor, &signal);
        bus_outbox_note(&monitor->outbox, signal.number);
    }
    pump(monitor);
}

bool monitor_signals_idle(const monitor_t *monitor)
{
    return monitor->outbox.acked >= monitor->outbox.last;
}

/* --- in --------------------------------------------------------------------------------------- */

static void set_verdict(monitor_t *monitor, uint64_t number, const char *verdict)
{
    for (uint32_t i = 0; i < monitor->recent_count; i++) {
        if (monitor->recent[i].signal.number == number)
            monitor->recent[i].verdict = verdict;
    }
}

static bool stored_signal(const monitor_t *monitor, uint64_t number, signal_t *signal)
{
    size_t count = 0;
    return signal_store_after(monitor->store, number - 1, signal, 1, &count) == RESULT_OK && count == 1 && signal->number == number;
}

/* As signals.db has it. Taken: an entry was placed; whether it is waited for still is not written there. */
static const char *status_verdict(signal_status_t status)
{
    static const char *const words[] = {[SIGNAL_STATUS_NEW] = "sent",
                                        [SIGNAL_STATUS_REFUSED] = "refused",
                                        [SIGNAL_STATUS_TAKEN] = "taken",
                                        [SIGNAL_STATUS_CLOSED] = "closed",
                                        [SIGNAL_STATUS_EXPIRED] = "expired"};
    return words[status];
}

static bool stored_recent(const monitor_t *monitor, uint64_t number, recent_signal_t *out)
{
    signal_status_t status;
    if (!stored_signal(monitor, number, &out->signal) || signal_store_status(monitor->store, number, &status) != RESULT_OK)
        return false;
    out->verdict = status_verdict(status);
    return true;
}

bool monitor_signal_find(const monitor_t *monitor, const char *word, recent_signal_t *out)
{
    signal_t signal;
    uint64_t number = 0;
    if (!monitor->store)
        return false;
    if (signal_store_by_id(monitor->store, word, &signal) == RESULT_OK)
        number = signal.number;
    else if (str_to_u64(str_from(word), &number) != RESULT_OK || number == 0)
        return false;
    for (uint32_t i = 0; i < monitor->recent_count; i++) {
        if (monitor->recent[i].signal.number == number) {
            *out = monitor->recent[i]; /* of these the verdict is known in more words */
            return true;
        }
    }
    return stored_recent(monitor, number, out);
}

/* The last ones before this start. */
static void restore_recent(monitor_t *monitor)
{
    monitor->signals_before = signal_store_last_number(monitor->store);
    for (uint64_t number = monitor->signals_before; number > 0 && monitor->recent_count < MONITOR_RECENT_MAX; number--) {
        if (!stored_recent(monitor, number, &monitor->recent[monitor->recent_count]))
            break;
        monitor->recent_count++;
    }
}

/* Its strategy may take the trade back from now on. */
static void note_opened(monitor_t *monitor, uint64_t number)
{
    signal_t signal;
    if (stored_signal(monitor, number, &signal))
        signal_half_on_opened(&monitor->half, &signal);
}

static void note_closed(monitor_t *monitor, const request_outcome_t *outcome, uint64_t number)
{
    signal_t signal;
    if (!stored_signal(monitor, outcome->signal_number, &signal))
        return;
    signal_outcome_t closed = signal_half_outcome(&signal, outcome, number);
    (void)signal_store_outcome(monitor->store, &closed);
    (void)signal_half_on_outcome(&monitor->half, &closed);
}

static void take_outcome(monitor_t *monitor, const request_outcome_t *outcome, uint64_t number)
{
    switch (outcome->kind) {
    case REQUEST_ACCEPTED:
        monitor->accepted++;
        /* Told again after a restart, it may be closed long since. */
        if (signal_store_set_status(monitor->store, outcome->signal_number, SIGNAL_STATUS_TAKEN) == RESULT_OK)
            note_opened(monitor, outcome->signal_number);
        set_verdict(monitor, outcome->signal_number, "accepted");
        break;
    case REQUEST_REFUSED:
        monitor->refused++;
        (void)signal_store_set_status(monitor->store, outcome->signal_number, SIGNAL_STATUS_REFUSED);
        set_verdict(monitor, outcome->signal_number, door_reason_name(outcome->reason));
        break;
    case REQUEST_FILLED:
        monitor->filled++;
        set_verdict(monitor, outcome->signal_number, "filled");
        break;
    case REQUEST_CLOSED:
        monitor->closed++;
        note_closed(monitor, outcome, number);
        set_verdict(monitor, outcome->signal_number, outcome_name(outcome->outcome));
        break;
    }
}

static void on_message(bus_link_t *link, const bus_message_t *message, void *context)
{
    monitor_t *monitor = context;
    request_outcome_t outcome;
    if (message->which_body != patriot_bus_Envelope_outcome_tag)
        return;
    bus_arrival_t arrival = bus_inbox_arrival(&monitor->inbox, message->number);
    if (arrival != BUS_SEEN_BEFORE) {
        if (seam_outcome_decode(message->body.outcome.encoded.bytes, message->body.outcome.encoded.size, &outcome) == RESULT_OK)
            take_outcome(monitor, &outcome, message->number);
        else
            log_write(LOG_ERROR, LOG_EVENT_FRAME_REFUSED, NULL, "an outcome that cannot be read", NULL, 0);
        bus_inbox_handled(&monitor->inbox, message->number);
    }
    bus_link_ack(link, monitor->inbox.generation, monitor->inbox.last_seen);
}

/* A signals.db that was lost counts from 1 again, and the watchdog would take its signals for ones that it has had: the numbers go
 * on after those. */
static void go_on_after(monitor_t *monitor, const patriot_bus_Hello *hello)
{
    if (hello->seen_generation != monitor->outbox.generation || hello->last_seen <= monitor->outbox.last)
        return;
    log_field_t fields[] = {LOG_UINT("stored", monitor->outbox.last), LOG_UINT("handled", hello->last_seen)};
    log_write(LOG_WARNING, LOG_EVENT_STORE_FAILED, NULL,
              "signals.db knows fewer signals than the watchdog has handled: the count goes on after those", fields, 2);
    signal_half_number_set(&monitor->half, hello->last_seen, 0);
    bus_outbox_init(&monitor->outbox, monitor->outbox.generation, hello->last_seen, hello->last_seen);
}

static void on_ready(bus_link_t *link, const patriot_bus_Hello *hello, void *context)
{
    monitor_t *monitor = context;
    (void)link;
    bus_inbox_connected(&monitor->inbox, hello);
    go_on_after(monitor, hello);
    bus_outbox_connected(&monitor->outbox, hello);
    health_check_set(&monitor->role.health, "watchdog", HEALTH_OK, "", role_now_ns(&monitor->role));
    log_write(LOG_INFO, LOG_EVENT_PEER_CONNECTED, NULL, "watchdog", NULL, 0);
    pump(monitor);
    monitor_settle(monitor);
}

static void on_ack(bus_link_t *link, uint64_t number, void *context)
{
    monitor_t *monitor = context;
    (void)link;
    bus_outbox_acked(&monitor->outbox, number);
    monitor_settle(monitor);
}

static void on_room(bus_link_t *link, void *context)
{
    (void)link;
    pump(context);
}

static void on_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    monitor_t *monitor = context;
    (void)link;
    (void)why;
    health_check_set(&monitor->role.health, "watchdog", HEALTH_DEGRADED, detail ? detail : "not connected",
                     role_now_ns(&monitor->role));
}

static const bus_events_t link_events = {
    .on_ready = on_ready, .on_message = on_message, .on_ack = on_ack, .on_room = on_room, .on_lost = on_lost};

/* --- opening ---------------------------------------------------------------------------------- */

static void restore_opened(void *context, const signal_t *signal)
{
    signal_half_on_opened(context, signal);
}

static void restore_outcome(void *context, const signal_outcome_t *outcome)
{
    (void)signal_half_on_outcome(context, outcome);
}

int monitor_signals_open(monitor_t *monitor)
{
    char path[FILE_PATH_MAX], error[SIGNAL_STORE_ERROR_MAX];
    if (file_path_join(monitor->role.data_folder, "signals.db", path, sizeof path) != RESULT_OK)
        return EXIT_MISUSE;
    if (signal_store_open(path, monitor->table, &monitor->store, error) != RESULT_OK) {
        role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "%s", error);
        return EXIT_FAILED_SAFE;
    }
    uint64_t last = signal_store_last_number(monitor->store);
    uint64_t last_outcome = signal_store_last_outcome(monitor->store);
    signal_half_number_set(&monitor->half, last, 0);
    (void)signal_store_outcomes(monitor->store, restore_outcome, &monitor->half);
    (void)signal_store_open_signals(monitor->store, restore_opened, &monitor->half);
    restore_recent(monitor);
    /* What was acked is the watchdog's to say: its Hello names the last number it has handled. */
    bus_outbox_init(&monitor->outbox, 1, last, 0);
    monitor->inbox = (bus_inbox_t){.last_seen = last_outcome};
    bus_dial_options_t dial = {.loop = monitor->role.loop,
                               .data_folder = monitor->role.data_folder,
                               .peer_role = "watchdog",
                               .identity = {.role = "monitor", .outbox_generation = 1},
                               .last_seen = last_outcome,
                               .events = &link_events,
                               .context = monitor};
    return bus_dial(&dial, &monitor->watchdog) == RESULT_OK ? EXIT_WELL : EXIT_FAILED;
}

void monitor_signals_close(monitor_t *monitor)
{
    if (monitor->watchdog)
        bus_link_close(monitor->watchdog);
    monitor->watchdog = NULL;
    signal_store_close(monitor->store);
}

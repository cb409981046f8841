/* watchdog_monitor.c: signals in, what became of them out. The journal is the outbox: outcomes are read from it, also those of long
 * ago. */
#include <string.h>

#include "app/watchdog_state.h"
#include "core/base/time.h"
#include "core/engine/record_codec.h"
#include "core/engine/seam.h"

enum { MONITOR_COMES_MS = 1000 };

/* --- signals in ------------------------------------------------------------------------------- */

/* A signal of moment N belongs behind the market events of moment N: in lockstep it waits for them, so that a run is the same every
 * time. */
static bool moment_has_come(const watchdog_t *watchdog, const signal_t *signal)
{
    return !watchdog->lockstep || watchdog_now_ns(watchdog) >= signal->made_ns;
}

/* Before the books are compared an entry is refused, and it could have been a good one: it waits, and what became of its price and
 * its time is judged then. An exit never waits. In lockstep everything waits for the comparison of the moment (watchdog_settle),
 * and not beyond: the world waits as well. */
static bool waits_for_the_books(const watchdog_t *watchdog)
{
    bool exits = false;
    for (uint32_t i = 0; i < watchdog->waiting_count; i++)
        exits = exits || (!watchdog->waiting[i].dud && watchdog->waiting[i].signal.exit_of != 0);
    return !order_half_reconciled(watchdog->half) && (watchdog->lockstep ? !watchdog->moment_open : !exits);
}

void watchdog_monitor_take(watchdog_t *watchdog)
{
    /* With a disk that only serves exits no new entry may begin: the signals wait, unacknowledged, and expire. */
    if (!watchdog->resumed || journal_state(watchdog->journal) != RESULT_OK || waits_for_the_books(watchdog))
        return;
    uint32_t taken = 0;
    while (taken < watchdog->waiting_count &&
           (watchdog->waiting[taken].dud || moment_has_come(watchdog, &watchdog->waiting[taken].signal))) {
        if (!watchdog->waiting[taken].dud) {
            watchdog_input(watchdog, ORDER_INPUT_SIGNAL)->signal = watchdog->waiting[taken].signal;
            watchdog_give(watchdog);
        }
        bus_inbox_handled(&watchdog->signal_inbox, watchdog->waiting[taken].number);
        taken++;
        if (watchdog->lockstep && watchdog->outstanding_count > 0)
            break; /* the next when all that follows from this one is done: it may have come a moment later just as well */
    }
    watchdog->waiting_count -= taken;
    memmove(watchdog->waiting, watchdog->waiting + taken, watchdog->waiting_count * sizeof watchdog->waiting[0]);
}

static void queue_signal(watchdog_t *watchdog, bus_link_t *link, const bus_message_t *message)
{
    uint64_t newest =
        watchdog->waiting_count > 0 ? watchdog->waiting[watchdog->waiting_count - 1].number : watchdog->signal_inbox.last_seen;
    if (message->number <= newest)
        return; /* seen before: the acknowledgement says so again */
    if (watchdog->waiting_count == WATCHDOG_SIGNALS_MAX)
        return; /* not acknowledged: it comes again with the next connection */
    (void)link;
    waiting_signal_t *waiting = &watchdog->waiting[watchdog->waiting_count];
    result_t result = seam_signal_decode(message->body.signal.encoded.bytes, message->body.signal.encoded.size,
                                         order_half_instruments(watchdog->half), &waiting->signal);
    if (result != RESULT_OK) {
        log_field_t field = LOG_RESULT(result);
        log_write(LOG_ERROR, LOG_EVENT_SIGNAL_REFUSED, NULL, "a signal that cannot be read: dropped", &field, 1);
    }
    waiting->dud = result != RESULT_OK;
    waiting->number = message->number;
    watchdog->waiting_count++;
    if (watchdog->lockstep)
        watchdog_settle(watchdog); /* behind everything else of its moment */
    else
        watchdog_monitor_take(watchdog);
}

void watchdog_monitor_message(watchdog_t *watchdog, bus_link_t *link, const bus_message_t *message)
{
    if (message->which_body == patriot_bus_Envelope_signal_tag && link == watchdog->monitor)
        queue_signal(watchdog, link, message);
}

void watchdog_monitor_ack(watchdog_t *watchdog)
{
    if (watchdog->monitor)
        bus_link_ack(watchdog->monitor, watchdog->signal_inbox.generation, watchdog->signal_inbox.last_seen);
}

/* --- outcomes out ----------------------------------------------------------------------------- */

void watchdog_monitor_note(watchdog_t *watchdog, const order_record_t *record)
{
    request_outcome_t outcome;
    /* The journal remembers which signals were handled. An accepted one is when its trade stands: a step that was cut off between
     * the two is undone by the restart, and the signal is to come again. */
    const bool decided = record->kind == RECORD_SIGNAL && (record->signal.reason != DOOR_ACCEPTED || record->signal.exit_of != 0);
    uint64_t handled = decided                               ? record->signal.number
                       : record->kind == RECORD_TRADE_OPENED ? record->trade_opened.signal_number
                                                             : 0;
    if (handled > watchdog->signal_inbox.last_seen)
        watchdog->signal_inbox.last_seen = handled;
    if (!request_outcome_from_record(record, &outcome))
        return;
    watchdog->outcome_total++;
    uint64_t slot = watchdog->outcome_total / OUTCOME_INDEX_STEP;
    if (watchdog->outcome_total % OUTCOME_INDEX_STEP == 0 && slot <= OUTCOME_INDEX_MAX)
        watchdog->outcome_index[slot - 1] = record->number;
}

/* Puts the reader behind outcome number `seen`. */
static void seek_outcomes(watchdog_t *watchdog, uint64_t seen)
{
    char folder[FILE_PATH_MAX];
    journal_reader_close(watchdog->outcomes);
    watchdog->outcomes = NULL;
    watchdog->outcome_held = false;
    if (seen > watchdog->outcome_total)
        seen = 0; /* a monitor that knows more than the journal: another journal; tell it everything */
    uint64_t slot = seen / OUTCOME_INDEX_STEP;
    if (slot > OUTCOME_INDEX_MAX)
        slot = OUTCOME_INDEX_MAX;
    uint64_t from = slot == 0 ? 1 : watchdog->outcome_index[slot - 1] + 1;
    watchdog->outcome_number = slot * OUTCOME_INDEX_STEP;
    if (file_path_join(watchdog->role.data_folder, "journal", folder, sizeof folder) == RESULT_OK)
        (void)journal_reader_open(folder, from, &watchdog->outcomes);
    journal_record_t raw;
    order_record_t record;
    request_outcome_t outcome;
    while (watchdog->outcomes && watchdog->outcome_number < seen && journal_reader_next(watchdog->outcomes, &raw) == RESULT_OK) {
        if (record_decode(raw.body, raw.body_length, &record) == RESULT_OK && request_outcome_from_record(&record, &outcome))
            watchdog->outcome_number++;
    }
}

void watchdog_monitor_ready(watchdog_t *watchdog, bus_link_t *link, const patriot_bus_Hello *hello)
{
    watchdog->monitor = link;
    watchdog->monitor_met = true;
    watchdog->waiting_count = 0; /* what was not handled comes again */
    bool same_outbox = hello->seen_generation == journal_generation(watchdog->journal);
    seek_outcomes(watchdog, same_outbox ? hello->last_seen : 0);
    watchdog->outcome_acked = watchdog->outcome_number;
    watchdog_monitor_pump(watchdog);
}

/* The next outcome in the journal, or the one that did not fit last time. */
static bool next_outcome(watchdog_t *watchdog)
{
    journal_record_t raw;
    order_record_t record;
    if (watchdog->outcome_held)
        return true;
    while (watchdog->outcomes && journal_reader_next(watchdog->outcomes, &raw) == RESULT_OK) {
        if (record_decode(raw.body, raw.body_length, &record) == RESULT_OK &&
            request_outcome_from_record(&record, &watchdog->held)) {
            watchdog->outcome_number++;
            watchdog->outcome_held = true;
            return true;
        }
    }
    return false;
}

void watchdog_monitor_pump(watchdog_t *watchdog)
{
    if (!watchdog->monitor || watchdog->dirty)
        return; /* only what is durable is told */
    while ((watchdog->outcome_number < watchdog->outcome_total || watchdog->outcome_held) && next_outcome(watchdog)) {
        bus_message_clear(watchdog->message);
        size_t length = 0;
        watchdog->message->number = watchdog->outcome_number;
        watchdog->message->which_body = patriot_bus_Envelope_outcome_tag;
        patriot_bus_Outcome *body = &watchdog->message->body.outcome;
        if (seam_outcome_encode(&watchdog->held, body->encoded.bytes, sizeof body->encoded.bytes, &length) != RESULT_OK)
            return;
        body->encoded.size = (pb_size_t)length;
        if (bus_link_send(watchdog->monitor, watchdog->message) != RESULT_OK)
            return; /* goes on when there is room */
        watchdog->outcome_held = false;
    }
}

bool watchdog_monitor_knows(const watchdog_t *watchdog)
{
    if (watchdog->monitor == NULL) /* one that lives on comes back soon after this process has begun */
        return watchdog->monitor_met || loop_now_ns(watchdog->role.loop) - watchdog->begun_ns > MONITOR_COMES_MS * NS_PER_MS;
    return watchdog->outcome_acked >= watchdog->outcome_total;
}

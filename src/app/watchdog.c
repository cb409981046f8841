/* watchdog.c: begins and ends `patriot watchdog`, and wires its parts: journal -> signer -> market -> monitor; time and lockstep.
 */
#include "app/watchdog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/venue_link.h"
#include "app/watchdog_state.h"
#include "core/base/time.h"
#include "edge/exchange/symbol_filters.h"

enum { TICK_MS = 100, FILTERS_EVERY_S = 60, MARKER_PATIENCE_MS = 3000, HALTED_MS = 2000, HALT_RECENT_S = 30 };

static venue_link_t venue;

/* --- settling --------------------------------------------------------------------------------- */

/* Before it has resumed it has not even begun: in lockstep the world waits (with its bounded patience) for the first comparison of
 * the books. */
static bool is_idle(const watchdog_t *watchdog)
{
    return watchdog->resumed && watchdog->outstanding_count == 0;
}

/* A comparison of the books that a start or a cut has asked for ends in the moment in which it began, and a stop whose fate a dead
 * signer has taken with it gets a second one there: the venue's time stands. */
static void compare_now(watchdog_t *watchdog)
{
    const bool in_doubt = !order_half_reconciled(watchdog->half) || order_half_doubts_stop(watchdog->half);
    if (watchdog->failed || !watchdog->moment_open || !in_doubt)
        return;
    watchdog_input(watchdog, ORDER_INPUT_STANDSTILL);
    watchdog_give(watchdog);
}

/* In lockstep an acknowledgement also says "and all that followed from it is done": the exchange moves on by it. */
void watchdog_settle(watchdog_t *watchdog)
{
    if (watchdog->failed || watchdog->closed || (watchdog->lockstep && !is_idle(watchdog)))
        return;
    if (watchdog->moment_is_due) {
        watchdog_moment_try(watchdog); /* settles again when it has begun */
        return;
    }
    if (watchdog_signer_is_coming(watchdog))
        return;
    if (watchdog->lockstep && watchdog_signer_caught_up(watchdog)) {
        compare_now(watchdog);
        if (is_idle(watchdog))
            watchdog_monitor_take(watchdog); /* signals stand behind all else of their moment */
        if (!is_idle(watchdog))
            return;
    }
    if (!watchdog_commit(watchdog))
        return;
    watchdog_monitor_pump(watchdog);
    watchdog_monitor_ack(watchdog);
    watchdog_signer_ack(watchdog);
    /* The monitor's next decisions may rest on what has closed in this moment: it is to know before the next one begins. */
    if (watchdog->lockstep && !watchdog_monitor_knows(watchdog))
        return;
    if (watchdog->moment_open && watchdog->resumed) { /* without the rules nothing is finished: the signer brings them */
        watchdog->moment_open = false;
        feed_lockstep_done(watchdog->feed, 0);
    }
}

static void on_drained(void *context)
{
    watchdog_settle(context);
}

/* --- market ----------------------------------------------------------------------------------- */

static void give_market(watchdog_t *watchdog, const market_event_t *event)
{
    if (event->kind == MARKET_MARK)
        watchdog->marks[event->instrument] = event->mark.mark;
    watchdog_input(watchdog, ORDER_INPUT_MARKET)->market = *event;
    watchdog_give(watchdog);
}

static void on_event(void *context, const market_event_t *event)
{
    watchdog_t *watchdog = context;
    if (!watchdog->lockstep || watchdog->market_count == WATCHDOG_MARKET_MAX || event->kind == MARKET_DEPTH)
        give_market(watchdog, event);
    else
        watchdog->market_events[watchdog->market_count++] = *event;
}

/* Market events, the time, private events: always in this order, whichever connection was faster. So a moment begins when the
 * market's marker and the signer's are both here; a signer that is away or deaf is waited for only so long, and one that did not
 * come in time is not waited for again before it has passed on a marker. */
void watchdog_moment_try(watchdog_t *watchdog)
{
    bool signer_there = watchdog->signer && bus_link_ready(watchdog->signer);
    bool overdue = loop_now_ns(watchdog->role.loop) - watchdog->moment_due_since_ns > MARKER_PATIENCE_MS * NS_PER_MS;
    bool marked = watchdog->signer_marked && watchdog->signer_moment >= watchdog->moment_due;
    bool ready = is_idle(watchdog) && (marked || (!signer_there && !watchdog_signer_is_coming(watchdog)) || watchdog->signer_deaf);
    if (!watchdog->moment_is_due || (!ready && !overdue))
        return;
    watchdog->signer_deaf = signer_there && !marked;
    venue_clock_pin(&watchdog->clock, watchdog->moment_due_ms);
    watchdog->moment = watchdog->moment_due;
    watchdog->moment_is_due = false;
    watchdog->moment_begun = true;
    watchdog->moment_open = true;
    for (uint32_t i = 0; i < watchdog->market_count; i++)
        give_market(watchdog, &watchdog->market_events[i]);
    watchdog->market_count = 0;
    watchdog_input(watchdog, ORDER_INPUT_TIME);
    watchdog_give(watchdog);
    watchdog_signer_release(watchdog);
    watchdog_settle(watchdog);
}

static void on_moment(void *context, uint64_t moment, int64_t venue_ms)
{
    watchdog_t *watchdog = context;
    watchdog->moment_is_due = true;
    watchdog->moment_due = moment;
    watchdog->moment_due_ms = venue_ms;
    watchdog->moment_due_since_ns = loop_now_ns(watchdog->role.loop);
    watchdog_moment_try(watchdog);
}

static void on_notice(void *context, const feed_notice_t *notice)
{
    (void)context;
    venue_link_notice(&venue, notice);
}

static const feed_events_t feed_events = {.on_event = on_event, .on_moment = on_moment, .on_notice = on_notice};

static void on_venue(void *context)
{
    watchdog_t *watchdog = context;
    feed_options_t options = {.loop = watchdog->role.loop,
                              .stream_url = venue.stream_url,
                              .tls = venue.tls,
                              .rest = venue.rest,
                              .instruments = order_half_instruments(watchdog->half),
                              .venue = "BINANCE",
                              .clock = venue_link_judge(&venue),
                              .lockstep_role = watchdog->lockstep ? "watchdog" : NULL,
                              .events = &feed_events,
                              .context = watchdog,
                              .seed = (uint64_t)loop_wall_ns(watchdog->role.loop)};
    if (feed_create(&options, &watchdog->feed) != RESULT_OK || watchdog_signer_open(watchdog) != EXIT_WELL) {
        role_complain(&watchdog->role, LOG_EVENT_STREAM_LOST, "no memory for the market stream");
        loop_stop(watchdog->role.loop);
        return;
    }
    watchdog_market_want(watchdog); /* what the journal names, before the rules come: prices are the first thing needed */
}

/* --- time ------------------------------------------------------------------------------------- */

/* The rules in force as a file that people and other tools read (MKT-5). */
static void save_filters(watchdog_t *watchdog)
{
    char path[FILE_PATH_MAX];
    int64_t now_ns = loop_now_ns(watchdog->role.loop);
    bool early = watchdog->filters_saved_ns > 0 && now_ns - watchdog->filters_saved_ns < FILTERS_EVERY_S * NS_PER_S;
    if (!watchdog->filters_due || early ||
        file_path_join(watchdog->role.data_folder, "symbol_filters.json", path, sizeof path) != RESULT_OK)
        return;
    watchdog->filters_due = false;
    watchdog->filters_saved_ns = now_ns;
    result_t result = symbol_filters_save(path, order_half_instruments(watchdog->half), "BINANCE", watchdog_now_ns(watchdog));
    if (result != RESULT_OK) {
        log_field_t field = LOG_RESULT(result);
        log_write(LOG_WARNING, LOG_EVENT_STORE_FAILED, NULL, "symbol_filters.json could not be written", &field, 1);
    }
}

/* A comparison that does not come to its end: entries may be waiting for it, and the operator for entries. Not judged in lockstep,
 * where the world may stand still for as long as somebody looks at it. */
static void judge_comparison(watchdog_t *watchdog)
{
    const int64_t now_ns = loop_now_ns(watchdog->role.loop);
    const int64_t most_ns = config_current(watchdog->role.config)->operation.sync_duration_max_ns;
    const bool under_way = watchdog->resumed && !watchdog->lockstep && order_half_comparing(watchdog->half);
    const bool another = watchdog->comparing_ns == 0 || watchdog->comparing_after_ns != watchdog->synced_ns;
    watchdog->comparing_ns = !under_way ? 0 : another ? now_ns : watchdog->comparing_ns;
    watchdog->comparing_after_ns = watchdog->synced_ns;
    const bool late = under_way && now_ns - watchdog->comparing_ns > most_ns;
    if (late == watchdog->comparing_told)
        return;
    watchdog->comparing_told = late;
    char text[HEALTH_TEXT_MAX] = "";
    if (late)
        (void)snprintf(text, sizeof text, "the books have been compared with the exchange for over %lld s: is it answering?",
                       (long long)(most_ns / NS_PER_S));
    log_write(late ? LOG_ERROR : LOG_INFO, late ? LOG_EVENT_RECONCILE_DIFFERENCE : LOG_EVENT_RECONCILED, NULL,
              late ? text : "the comparison that took so long is over", NULL, 0);
    health_check_set(&watchdog->role.health, "comparison", late ? HEALTH_DEGRADED : HEALTH_OK, text, role_now_ns(&watchdog->role));
}

/* Halted processes are let go on in the middle of their loop: whether the tick or a message comes first is not known. */
static void note_halt(watchdog_t *watchdog)
{
    const int64_t now_ns = loop_now_fresh_ns(watchdog->role.loop);
    if (now_ns - watchdog->ticked_ns > HALTED_MS * NS_PER_MS)
        watchdog->halt_end_ns = now_ns;
}

static void on_tick(loop_timer_t *timer, void *context)
{
    watchdog_t *watchdog = context;
    note_halt(watchdog);
    watchdog->ticked_ns = loop_now_fresh_ns(watchdog->role.loop);
    if (!watchdog->lockstep) { /* in lockstep time comes with the moments */
        watchdog_monitor_take(watchdog);
        watchdog_input(watchdog, ORDER_INPUT_TIME);
        watchdog_give(watchdog);
    }
    watchdog_moment_try(watchdog);
    watchdog_idle_work(watchdog);
    watchdog_market_look(watchdog);
    save_filters(watchdog);
    judge_comparison(watchdog);
    watchdog_settle(watchdog);
    loop_timer_start_in(timer, TICK_MS * NS_PER_MS);
}

/* --- peers ------------------------------------------------------------------------------------ */

void watchdog_signer_kill(watchdog_t *watchdog, uint32_t level)
{
    if (!watchdog->resumed || level == order_half_kill_level(watchdog->half))
        return;
    note_halt(watchdog);
    if (watchdog->halt_end_ns != 0 && loop_now_fresh_ns(watchdog->role.loop) - watchdog->halt_end_ns < HALT_RECENT_S * NS_PER_S) {
        /* The signer may have acted alone; what it did may stand behind this word. */
        watchdog_input(watchdog, ORDER_INPUT_PRIVATE)->event =
            (private_event_t){.kind = PRIVATE_GAP, .time_ns = watchdog_now_ns(watchdog)};
        watchdog_give(watchdog);
    }
    order_command_t *command = &watchdog_input(watchdog, ORDER_INPUT_COMMAND)->command;
    *command = (order_command_t){.id = (uint64_t)loop_wall_ns(watchdog->role.loop),
                                 .kind = COMMAND_KILL_LEVEL,
                                 .instrument = INSTRUMENT_NONE,
                                 .level = level};
    memcpy(command->principal, "signer", sizeof "signer");
    watchdog_give(watchdog);
}

static void on_peer(role_t *role, bus_link_t *link, const patriot_bus_Hello *hello)
{
    if (strcmp(hello->role, "monitor") == 0)
        watchdog_monitor_ready(role->context, link, hello);
}

static void on_message(role_t *role, bus_link_t *link, const bus_message_t *message)
{
    watchdog_monitor_message(role->context, link, message);
}

static void on_room(role_t *role, bus_link_t *link)
{
    (void)link;
    watchdog_monitor_pump(role->context);
}

static void on_peer_ack(role_t *role, bus_link_t *link, uint64_t number)
{
    watchdog_t *watchdog = role->context;
    if (watchdog->monitor != link || number <= watchdog->outcome_acked)
        return;
    watchdog->outcome_acked = number;
    if (watchdog->lockstep)
        watchdog_settle(watchdog);
}

static void on_peer_lost(role_t *role, bus_link_t *link)
{
    watchdog_t *watchdog = role->context;
    if (watchdog->monitor != link)
        return;
    watchdog->monitor = NULL;
    if (watchdog->lockstep)
        watchdog_settle(watchdog); /* nobody is waited for any more */
}

/* What the monitor need not send again. */
static void seen(role_t *role, const patriot_bus_Hello *peer, uint64_t *generation, uint64_t *last_seen)
{
    watchdog_t *watchdog = role->context;
    if (strcmp(peer->role, "monitor") != 0)
        return;
    watchdog->signal_inbox.generation = peer->outbox_generation;
    *generation = watchdog->signal_inbox.generation;
    *last_seen = watchdog->signal_inbox.last_seen;
}

static void note_zone(role_t *role)
{
    const char *zone = config_current(role->config)->operation.display_zone;
    char path[FILE_PATH_MAX];
    result_t result = file_path_join(role->data_folder, ROLE_ZONE_FILE, path, sizeof path);
    if (result == RESULT_OK)
        result = file_write_whole(path, zone, strlen(zone), 0600);
    if (result != RESULT_OK)
        log_write(LOG_WARNING, LOG_EVENT_STORE_FAILED, NULL, ROLE_ZONE_FILE " cannot be written: commands show times as before",
                  LOG_FIELDS(LOG_RESULT(result)));
}

static void on_reload(role_t *role)
{
    watchdog_t *watchdog = role->context;
    note_zone(role);
    if (!watchdog->resumed)
        return;
    watchdog_market_want(watchdog);
    watchdog_input(watchdog, ORDER_INPUT_RISK)->risk = config_current(role->config)->risk;
    watchdog_give(watchdog);
}

static void on_stop(role_t *role)
{
    watchdog_t *watchdog = role->context;
    (void)watchdog_commit(watchdog);
    role_finish(role);
}

static const role_events_t role_events = {.on_stop = on_stop,
                                          .on_reload = on_reload,
                                          .on_control = watchdog_control,
                                          .on_message = on_message,
                                          .on_peer = on_peer,
                                          .on_peer_ack = on_peer_ack,
                                          .on_peer_room = on_room,
                                          .on_peer_lost = on_peer_lost,
                                          .seen = seen};

/* --- life ------------------------------------------------------------------------------------- */

static void close_all(watchdog_t *watchdog)
{
    watchdog->closed = true; /* callbacks of what is closed below find nothing to do */
    loop_timer_stop(&watchdog->tick);
    loop_task_cancel(&watchdog->sweep);
    feed_destroy(watchdog->feed);
    if (watchdog->signer)
        bus_link_close(watchdog->signer);
    watchdog->signer = NULL;
    venue_link_close(&venue);
    if (watchdog->journal)
        watchdog_journal_close(watchdog);
    journal_reader_close(watchdog->outcomes);
    role_end(&watchdog->role);
}

static int run(watchdog_t *watchdog, role_options_t *options)
{
    int code = role_begin(&watchdog->role, options);
    if (code != EXIT_WELL)
        return code;
    watchdog->begun_ns = loop_now_fresh_ns(watchdog->role.loop);
    venue_clock_init(&watchdog->clock);
    sha256_init(&watchdog->decisions);
    loop_timer_init(&watchdog->tick, watchdog->role.loop, on_tick, watchdog);
    code = watchdog_journal_open(watchdog);
    if (code == EXIT_WELL) {
        log_field_t fields[] = {LOG_UINT("records", order_half_last_record(watchdog->half)), LOG_UINT("epoch", watchdog->epoch)};
        log_write(LOG_INFO, LOG_EVENT_JOURNAL_OPENED, NULL, "the journal is folded", fields, 2);
        options->identity = (bus_identity_t){.epoch = watchdog->epoch, .outbox_generation = journal_generation(watchdog->journal)};
        code = role_listen(&watchdog->role, options);
    }
    if (code == EXIT_WELL) {
        note_zone(&watchdog->role);
        role_reread_each_batch(&watchdog->role);
    }
    venue_link_options_t link = {.role = &watchdog->role, .clock = &watchdog->clock, .on_ready = on_venue, .context = watchdog};
    if (code == EXIT_WELL && venue_link_open(&venue, &link) == RESULT_OK) {
        loop_on_drained(watchdog->role.loop, on_drained, watchdog);
        watchdog->ticked_ns = loop_now_fresh_ns(watchdog->role.loop);
        loop_timer_start_in(&watchdog->tick, TICK_MS * NS_PER_MS);
        role_run(&watchdog->role);
    }
    if (watchdog->failed)
        code = EXIT_FAILED_SAFE;
    else if (code == EXIT_WELL && !watchdog->role.stopping)
        code = EXIT_FAILED;
    close_all(watchdog);
    return code;
}

static void give_back(watchdog_t *watchdog)
{
    free(watchdog->half);
    free(watchdog->input);
    free(watchdog->held_events);
    free(watchdog->market_events);
    free(watchdog->output);
    free(watchdog->message);
    free(watchdog->outcome_index);
    free(watchdog);
}

static watchdog_t *make(void)
{
    watchdog_t *watchdog = calloc(1, sizeof *watchdog);
    if (!watchdog)
        return NULL;
    void *half = aligned_alloc(16, (order_half_size() + 15) & ~(size_t)15);
    watchdog->input = calloc(1, sizeof *watchdog->input);
    watchdog->market_events = calloc(WATCHDOG_MARKET_MAX, sizeof *watchdog->market_events);
    watchdog->held_events = calloc(WATCHDOG_HELD_MAX, sizeof *watchdog->held_events);
    watchdog->output = calloc(1, sizeof *watchdog->output);
    watchdog->message = calloc(1, sizeof *watchdog->message);
    watchdog->outcome_index = calloc(OUTCOME_INDEX_MAX, sizeof *watchdog->outcome_index);
    if (!half || !watchdog->held_events || !watchdog->market_events || !watchdog->input || !watchdog->output ||
        !watchdog->message || !watchdog->outcome_index) {
        free(half);
        give_back(watchdog);
        return NULL;
    }
    watchdog->half = order_half_init(half);
    return watchdog;
}

int app_watchdog_main(int argc, char **argv)
{
    role_arguments_t arguments;
    int code = EXIT_FAILED;
    if (!role_arguments_read(&arguments, "patriot watchdog",
                             "The order half: risk, orders, stops and targets, positions, books; the only writer of the journal.",
                             NULL, argc, argv, &code))
        return code;
    watchdog_t *watchdog = make();
    if (!watchdog) {
        fputs("patriot watchdog: no memory\n", stderr);
        return EXIT_FAILED;
    }
    watchdog->lockstep = arguments.lockstep;
    role_options_t role = {.name = "watchdog",
                           .data_folder = arguments.data,
                           .config_folder = arguments.config,
                           .events = &role_events,
                           .context = watchdog};
    code = run(watchdog, &role);
    give_back(watchdog);
    return code;
}

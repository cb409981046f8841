/* monitor.c: begins and ends `patriot monitor`, and wires its parts: rules -> bars -> stream -> signals. */
#include "app/monitor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/monitor_state.h"
#include "app/rules.h"
#include "core/base/time.h"

enum { RULES_RETRY_MS = 500 };

static rules_reader_t rules;

int64_t monitor_now_ns(const monitor_t *monitor)
{
    int64_t venue_ms = 0;
    if (venue_clock_now_ms(&monitor->clock, loop_now_ns(monitor->role.loop), &venue_ms) != RESULT_OK)
        return loop_wall_ns(monitor->role.loop);
    return venue_ms * NS_PER_MS;
}

/* --- the stream and lockstep ------------------------------------------------------------------ */

void monitor_settle(monitor_t *monitor)
{
    if (monitor->role.stopping || !monitor->moment_open || !monitor_bars_idle(monitor) || !monitor_signals_idle(monitor))
        return;
    monitor->moment_open = false;
    feed_lockstep_done(monitor->feed, monitor_bars_wake_ms(monitor));
}

void monitor_working(monitor_t *monitor)
{
    if (monitor->feed)
        feed_lockstep_working(monitor->feed);
}

static void on_event(void *context, const market_event_t *event)
{
    monitor_t *monitor = context;
    if (event->kind == MARKET_BAR && event->bar.timeframe == monitor->base)
        monitor_on_bar(monitor, event->instrument, &event->bar.candle);
}

static void on_moment_begin(void *context, int64_t venue_ms)
{
    monitor_t *monitor = context;
    venue_clock_pin(&monitor->clock, venue_ms);
}

static void on_moment(void *context, uint64_t moment, int64_t venue_ms)
{
    monitor_t *monitor = context;
    (void)moment;
    (void)venue_ms;
    monitor->moment_open = true;
    monitor_bars_look(monitor);
    monitor_settle(monitor);
}

static void on_notice(void *context, const feed_notice_t *notice)
{
    monitor_t *monitor = context;
    venue_link_notice(&monitor->venue, notice);
}

static void on_frame(void *context, int64_t received_ns, str_t frame)
{
    monitor_t *monitor = context;
    if (!monitor->recorder)
        return;
    result_t result = recorder_write(monitor->recorder, received_ns, frame);
    if (result != RESULT_IO && result != RESULT_DISK_FULL)
        return;
    role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "the recording %s has stopped: %s; trading goes on", monitor->record_path,
                  result_text(result));
    (void)recorder_close(monitor->recorder);
    monitor->recorder = NULL;
}

static const feed_events_t feed_events = {
    .on_event = on_event, .on_moment_begin = on_moment_begin, .on_moment = on_moment, .on_notice = on_notice, .on_frame = on_frame};

static result_t want_bars(monitor_t *monitor)
{
    feed_want_t wants[MONITOR_WATCHED_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < monitor->count; i++) {
        if (monitor->watched[i].followed)
            wants[count++] =
                (feed_want_t){.instrument = monitor->watched[i].instrument, .streams = FEED_BAR, .timeframes = 1u << monitor->base};
    }
    return feed_want(monitor->feed, wants, count);
}

/* It stands before the first bar is asked for, so that in lockstep the world waits for the back-fill as for any other work. */
bool monitor_feed_open(monitor_t *monitor)
{
    feed_options_t options = {.loop = monitor->role.loop,
                              .stream_url = monitor->venue.stream_url,
                              .tls = monitor->venue.tls,
                              .rest = monitor->venue.rest,
                              .instruments = monitor->table,
                              .venue = "BINANCE",
                              .clock = venue_link_judge(&monitor->venue),
                              .lockstep_role = monitor->lockstep ? "monitor" : NULL,
                              .events = &feed_events,
                              .context = monitor,
                              .seed = (uint64_t)loop_wall_ns(monitor->role.loop)};
    return feed_create(&options, &monitor->feed) == RESULT_OK;
}

void monitor_go_live(monitor_t *monitor)
{
    monitor->live = true;
    result_t result = want_bars(monitor);
    if (result != RESULT_OK) {
        role_complain(&monitor->role, LOG_EVENT_STREAM_LOST, "the market stream cannot be opened: %s", result_text(result));
        loop_stop(monitor->role.loop);
        return;
    }
    health_check_set(&monitor->role.health, "history", HEALTH_OK, "", role_now_ns(&monitor->role));
    log_write(LOG_INFO, LOG_EVENT_PROCESS_READY, NULL, "history is filled; following the market", NULL, 0);
}

/* --- batches: settings are looked at again, and what was done is told ------------------------- */

static void read_tickers(monitor_t *monitor)
{
    tickers_t *next = calloc(1, sizeof *next);
    if (!next)
        return;
    if (config_tickers(monitor->role.config, next) == RESULT_OK && memcmp(next, monitor->tickers, sizeof *next) != 0) {
        memcpy(monitor->tickers, next, sizeof *next);
        for (uint32_t i = 0; i < next->refusal_count && i < CONFIG_SYMBOLS_MAX; i++) {
            log_field_t fields[] = {LOG_UINT("line", next->refusals[i].line), LOG_TEXT("text", next->refusals[i].text),
                                    LOG_TEXT("reason", next->refusals[i].reason)};
            log_write(LOG_WARNING, LOG_EVENT_TICKER_REFUSED, NULL, "tickers.txt: line refused and skipped", fields, 3);
        }
    }
    free(next);
}

static bool is_open(const monitor_t *monitor, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < SIGNAL_HALF_OPEN_MAX; i++) {
        const signal_half_open_t *open = &monitor->half.open[i];
        if (open->signal != 0 && open->closed_ns == 0 && open->instrument == instrument)
            return true;
    }
    return false;
}

static bool is_in_force(const monitor_t *monitor, instrument_id_t instrument)
{
    return rules_in_force(config_current(monitor->role.config), monitor->tickers,
                          instrument_table_at(monitor->table, instrument)->symbol);
}

static bool is_to_be_followed(const monitor_t *monitor, instrument_id_t instrument)
{
    return config_current(monitor->role.config)->mode == CONFIG_DEMO || is_in_force(monitor, instrument) ||
           is_open(monitor, instrument);
}

/* By tickers.txt and the configuration as they were read last, and by what is open. True: other bars are to come than before. */
static bool mark_in_force(monitor_t *monitor)
{
    bool changed = false;
    for (uint32_t i = 0; i < monitor->count; i++) {
        watched_t *watched = &monitor->watched[i];
        const bool in_force = is_in_force(monitor, watched->instrument);
        const bool followed = is_to_be_followed(monitor, watched->instrument);
        if (in_force != watched->in_force) {
            log_field_t field = LOG_TEXT("symbol", instrument_table_at(monitor->table, watched->instrument)->symbol);
            log_write(LOG_INFO, LOG_EVENT_CONFIG_CHANGED, NULL,
                      in_force ? "the symbol is in force" : "no new signals of the symbol", &field, 1);
        }
        changed = changed || followed != watched->followed;
        watched->in_force = in_force;
        watched->followed = followed;
    }
    return changed;
}

static bool is_watched(const monitor_t *monitor, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < monitor->count; i++) {
        if (monitor->watched[i].instrument == instrument)
            return true;
    }
    return false;
}

/* All that is to be followed and is not watched yet. */
static void choose_symbols(monitor_t *monitor)
{
    uint32_t left_out = 0;
    for (instrument_id_t id = 0; id < monitor->table->count; id++) {
        if (is_watched(monitor, id) || !is_to_be_followed(monitor, id))
            continue;
        if (monitor->count < MONITOR_WATCHED_MAX)
            monitor->watched[monitor->count++] = (watched_t){.instrument = id};
        else
            left_out++;
    }
    if (left_out > 0)
        role_complain(&monitor->role, LOG_EVENT_CANDLE_GAP,
                      "%u symbols cannot be followed: %u others have been since the start; restart the monitor", left_out,
                      (unsigned)MONITOR_WATCHED_MAX);
    health_check_set(&monitor->role.health, "symbols", left_out > 0 ? HEALTH_DEGRADED : HEALTH_OK,
                     left_out > 0 ? "symbols are left out: restart the monitor" : "", role_now_ns(&monitor->role));
}

static void follow(monitor_t *monitor)
{
    if (!monitor->live || want_bars(monitor) == RESULT_OK)
        return;
    role_complain(&monitor->role, LOG_EVENT_STREAM_LOST, "the bars of all symbols cannot be followed");
    loop_stop(monitor->role.loop);
}

/* Symbols that tickers.txt has named since the start, or that have come back. */
static void take_more_symbols(monitor_t *monitor)
{
    const uint32_t before = monitor->count;
    choose_symbols(monitor);
    if (monitor_bars_begin(monitor, before) != EXIT_WELL) {
        role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "symbols that tickers.txt names now cannot be followed");
        loop_stop(monitor->role.loop);
        return;
    }
    if (mark_in_force(monitor))
        follow(monitor);
}

static void on_batch(loop_timer_t *timer, void *context)
{
    monitor_t *monitor = context;
    log_write(LOG_INFO, LOG_EVENT_BATCH_STARTED, NULL, "", NULL, 0);
    role_reread(&monitor->role);
    (void)monitor_parameters_reload(monitor, false, NULL);
    read_tickers(monitor);
    take_more_symbols(monitor);
    if (rules_lack(&rules))
        loop_timer_start_in(&monitor->retry, 0);
    log_field_t fields[] = {LOG_UINT("batch", ++monitor->batches),
                            LOG_UINT("bars", monitor->bars_of_batch),
                            LOG_UINT("signals", signal_store_last_number(monitor->store)),
                            LOG_UINT("accepted", monitor->accepted),
                            LOG_UINT("refused", monitor->refused),
                            LOG_UINT("filled", monitor->filled),
                            LOG_UINT("closed", monitor->closed)};
    log_write(LOG_INFO, LOG_EVENT_BATCH_FINISHED, NULL, "", fields, sizeof fields / sizeof fields[0]);
    monitor->bars_of_batch = 0;
    loop_timer_start_in(timer, config_current(monitor->role.config)->operation.batch_interval_ns);
}

/* --- opening, step by step -------------------------------------------------------------------- */

/* The rows of plug-ins are held against the plug-ins, which are open now. */
static bool bind_regimes(monitor_t *monitor, signal_half_config_t *half)
{
    regime_error_t error = {{0}, {0}};
    uint32_t row = 0;
    half->regimes = config_current(monitor->role.config)->signal.regimes;
    const result_t result = regime_table_bind(&half->regimes, half->set, &row, &error);
    if (result != RESULT_OK)
        role_complain(&monitor->role, LOG_EVENT_CONFIG_REJECTED, "signal.regimes: row %u: %s; %s", (unsigned)row, error.why,
                      error.fix);
    return result == RESULT_OK;
}

static bool open_half(monitor_t *monitor)
{
    const config_t *config = config_current(monitor->role.config);
    signal_half_config_t half;
    const char *what = "";
    monitor_plugins_open(monitor);
    if (!monitor_parameters_open(monitor))
        return false;
    signal_half_config_default(&half);
    half.set = &monitor->plugins->set;
    half.parameters = monitor->parameters;
    half.timeframe_count = config->market.timeframe_count;
    memcpy(half.timeframes, config->market.timeframes, sizeof half.timeframes);
    half.strategy_count = 0;
    half.convergence = config->signal.convergence;
    half.dedupe_ns = config->signal.duplicate_window_ns;
    half.instruments_max = MONITOR_WATCHED_MAX;
    half.confidence_min = config->signal.confidence_min;
    half.adapts = config->signal.adapts == CONFIG_YES;
    half.adaptation = config->signal.adaptation;
    half.market_state = config->signal.market_state == CONFIG_YES;
    memcpy(half.market_symbol, config->signal.market_symbol, sizeof half.market_symbol);
    if (!bind_regimes(monitor, &half))
        return false;
    half.structure_bars = config->signal.structure_bars;
    result_t result = RESULT_OK;
    for (uint32_t i = 0; i < config->signal.strategy_count && result == RESULT_OK; i++) {
        what = config->signal.strategies[i];
        if (!strategy_is_missing(half.set, str_from(what))) /* why, has been said: the others go on */
            result = signal_half_config_add(&half, what);
    }
    if (result == RESULT_OK)
        result = signal_half_config_check(&half, &what);
    if (result == RESULT_OK) {
        size_t size = signal_half_memory(&half);
        arena_t arena;
        monitor->half_memory = malloc(size);
        if (!monitor->half_memory)
            return false;
        arena_init(&arena, monitor->half_memory, size);
        result = signal_half_init(&monitor->half, &half, monitor->table, &arena);
    }
    if (result != RESULT_OK)
        role_complain(&monitor->role, LOG_EVENT_CONFIG_REJECTED, "strategies or timeframes cannot be used: %s: %s", what,
                      result_text(result));
    monitor->base = half.timeframes[0];
    return result == RESULT_OK;
}

/* Asked again less and less often, and at least once a batch: tickers.txt may name a symbol that is listed by then. */
static void ask_rules_later(monitor_t *monitor)
{
    const int64_t batch_ns = config_current(monitor->role.config)->operation.batch_interval_ns;
    const int64_t pause_ns = monitor->rules_pause_ns > 0 ? monitor->rules_pause_ns : RULES_RETRY_MS * NS_PER_MS;
    loop_timer_start_in(&monitor->retry, pause_ns < batch_ns ? pause_ns : batch_ns);
    monitor->rules_pause_ns = 2 * pause_ns < batch_ns ? 2 * pause_ns : batch_ns;
}

static void ask_rules(loop_timer_t *timer, void *context)
{
    monitor_t *monitor = context;
    (void)timer;
    if (monitor->count == 0)
        role_reread(&monitor->role); /* no batch has begun that would */
    if (rules_read(&rules) != RESULT_OK)
        ask_rules_later(monitor);
}

/* The half and what is open first: symbols with an open trade are followed in force or not. False: it cannot run, and starting it
 * again would meet the same files. */
static bool choose_first(monitor_t *monitor)
{
    read_tickers(monitor);
    if (!monitor->half_memory)
        monitor->cannot_run = open_half(monitor) ? monitor_signals_open(monitor) : EXIT_FAILED_SAFE;
    if (monitor->cannot_run != EXIT_WELL)
        return false;
    choose_symbols(monitor);
    (void)mark_in_force(monitor);
    if (!monitor_regimes_fit(monitor, monitor->parameters))
        monitor->cannot_run = EXIT_FAILED_SAFE;
    if (monitor->count > 0) /* else they are chosen again */
        monitor_parameters_tell_idle(monitor, monitor->parameters);
    return monitor->cannot_run == EXIT_WELL;
}

static void on_rules(void *context, result_t result)
{
    monitor_t *monitor = context;
    if (monitor->role.stopping)
        return;
    if (monitor->count > 0) { /* further symbols were named; when it fails, the next batch asks again */
        if (result == RESULT_OK)
            take_more_symbols(monitor);
        return;
    }
    const bool chosen = result != RESULT_OK || rules.taken == 0 || choose_first(monitor);
    if (chosen && monitor->count == 0) {
        health_check_set(&monitor->role.health, "rules", HEALTH_DEGRADED,
                         result == RESULT_OK ? "no symbol in force is listed" : result_text(result), role_now_ns(&monitor->role));
        ask_rules_later(monitor);
        return;
    }
    monitor->rules_pause_ns = 0;
    if (chosen)
        monitor->cannot_run = monitor_bars_open(monitor);
    if (monitor->cannot_run != EXIT_WELL) {
        loop_stop(monitor->role.loop);
        return;
    }
    health_check_set(&monitor->role.health, "rules", HEALTH_OK, "", role_now_ns(&monitor->role));
    loop_timer_init(&monitor->batch, monitor->role.loop, on_batch, monitor);
    loop_timer_start_in(&monitor->batch, config_current(monitor->role.config)->operation.batch_interval_ns);
}

static void on_venue(void *context)
{
    ask_rules(NULL, context);
}

static void on_stop(role_t *role)
{
    role_finish(role);
}

static config_reload_t on_reload_more(role_t *role, config_report_t *report)
{
    return monitor_parameters_reload(role->context, true, report);
}

static const role_events_t role_events = {.on_stop = on_stop, .on_reload_more = on_reload_more, .on_control = monitor_control};

static int run(monitor_t *monitor, const role_options_t *options)
{
    int code = role_begin(&monitor->role, options);
    if (code != EXIT_WELL)
        return code;
    if (monitor->record_path && recorder_open(monitor->record_path, &monitor->recorder) != RESULT_OK) {
        role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "--record %s: the file cannot be opened for writing",
                      monitor->record_path);
        role_end(&monitor->role);
        return EXIT_MISUSE;
    }
    venue_clock_init(&monitor->clock);
    loop_timer_init(&monitor->retry, monitor->role.loop, ask_rules, monitor);
    health_check_set(&monitor->role.health, "history", HEALTH_STARTING, "waiting for the exchange", role_now_ns(&monitor->role));
    venue_link_options_t venue = {.role = &monitor->role, .clock = &monitor->clock, .on_ready = on_venue, .context = monitor};
    rules = (rules_reader_t){
        .venue = &monitor->venue, .table = monitor->table, .kept = monitor->named, .on_done = on_rules, .context = monitor};
    rules_read_named(&monitor->role, monitor->named);
    code = role_listen(&monitor->role, options);
    if (code == EXIT_WELL && venue_link_open(&monitor->venue, &venue) == RESULT_OK)
        role_run(&monitor->role);
    if (!monitor->role.stopping)
        code = monitor->cannot_run != EXIT_WELL ? monitor->cannot_run : EXIT_FAILED;
    monitor->role.stopping = true; /* callbacks of what is closed below find nothing to do */
    feed_destroy(monitor->feed);
    monitor->feed = NULL;
    (void)recorder_close(monitor->recorder);
    loop_timer_stop(&monitor->restart);
    monitor_signals_close(monitor);
    venue_link_close(&monitor->venue);
    monitor_bars_close(monitor);
    loop_timer_stop(&monitor->retry);
    if (monitor->count > 0)
        loop_timer_stop(&monitor->batch);
    role_end(&monitor->role);
    free(monitor->half_memory);
    monitor_parameters_close(monitor);
    monitor_plugins_close(monitor);
    return code;
}

int app_monitor_main(int argc, char **argv)
{
    role_arguments_t arguments;
    int code = EXIT_WELL;
    const char *record = NULL;
    const argument_t more = {
        "record", ARGUMENT_TEXT, &record, "FILE",
        "keep every frame of the stream (.gz: compressed); `patriot exchange --market stream:FILE` plays it back"};
    if (!role_arguments_read(&arguments, "patriot monitor",
                             "The signal half: bars, indicators, strategies, signals; asks the watchdog for orders.", &more, argc,
                             argv, &code))
        return code;
    code = EXIT_FAILED;
    monitor_t *monitor = calloc(1, sizeof *monitor);
    if (monitor) {
        monitor->table = calloc(1, sizeof *monitor->table);
        monitor->tickers = calloc(1, sizeof *monitor->tickers);
        monitor->named = calloc(1, sizeof *monitor->named);
        monitor->message = calloc(1, sizeof *monitor->message);
        monitor->plugins = calloc(1, sizeof *monitor->plugins);
        monitor->parameters = calloc(1, sizeof *monitor->parameters);
        monitor->lockstep = arguments.lockstep;
        monitor->record_path = record;
    }
    if (monitor && monitor->table && monitor->tickers && monitor->named && monitor->message && monitor->plugins &&
        monitor->parameters) {
        role_options_t role = {.name = "monitor",
                               .data_folder = arguments.data,
                               .config_folder = arguments.config,
                               .events = &role_events,
                               .context = monitor};
        code = run(monitor, &role);
    }
    if (monitor) {
        free(monitor->table);
        free(monitor->tickers);
        free(monitor->named);
        free(monitor->message);
        free(monitor->plugins);
        free(monitor->parameters);
    }
    free(monitor);
    return code;
}

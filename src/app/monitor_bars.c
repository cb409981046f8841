/* monitor_bars.c: closed bars on their way from the venue to the store and into the signal half.
 *
 * Every bar takes the same path, whether history or the stream brought it: in order, without a gap. A bar of the stream that does
 * not follow the last one starts a history job for what is missing, up to and with itself; the stream's own bar is then taken from
 * there.
 *
 * A store that has lost bars in its middle (a damaged line, a deleted stretch) is mended before anything else: what is missing is
 * fetched again and written to its place, and only then the half is warmed up, so that it never sees the hole.
 */
#include <stdlib.h>
#include <string.h>

#include "app/monitor_state.h"
#include "core/base/time.h"
#include "edge/store/candle_cache.h"

static watched_t *find_watched(monitor_t *monitor, instrument_id_t instrument)
{
    for (uint32_t i = 0; i < monitor->count; i++) {
        if (monitor->watched[i].instrument == instrument)
            return &monitor->watched[i];
    }
    return NULL;
}

static void note_price(watched_t *watched, const candle_t *candle)
{
    watched->price = candle->close;
    if (candle->closed && candle->open_ns % NS_PER_DAY == 0)
        watched->price_day_ago = candle->open;
}

static void take_bar(monitor_t *monitor, watched_t *watched, const candle_t *candle)
{
    signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
    uint32_t count = 0;
    signal_half_mode_t mode = signal_half_mode(&monitor->half, candle, monitor_now_ns(monitor));
    if (mode == SIGNAL_HALF_LIVE && !watched->in_force)
        mode = SIGNAL_HALF_EXITS;
    result_t result = signal_half_on_bar(&monitor->half, watched->instrument, candle, mode, signals, &count);
    if (result != RESULT_OK && result != RESULT_OUT_OF_ORDER) {
        log_field_t fields[] = {LOG_INT("open_ns", candle->open_ns), LOG_RESULT(result)};
        log_write(LOG_WARNING, LOG_EVENT_CANDLE_GAP, NULL, "a bar that cannot be used: nothing is decided on it", fields, 2);
    }
    monitor_plugins_note(monitor, watched->instrument);
    note_price(watched, candle);
    /* Signals first, then the bar: a crash in between shows the bar again and finds the signal's id taken. */
    if (count > 0)
        monitor_signals_made(monitor, signals, count);
    result = candle_store_append(watched->store, candle, 1);
    if (result != RESULT_OUT_OF_ORDER)
        health_check_set(&monitor->role.health, "candles", result == RESULT_OK ? HEALTH_OK : HEALTH_DEGRADED,
                         result == RESULT_OK ? "" : result_text(result), role_now_ns(&monitor->role));
    monitor->bars_of_batch++;
}

/* --- holes in the store ----------------------------------------------------------------------- */

static void fetch(monitor_t *monitor, watched_t *watched, int64_t from_ns, int64_t to_ns);
static void begin_symbol(monitor_t *monitor, watched_t *watched);

/* Too many to remember one by one: the last one grows, and good bars inside it are merely fetched again. */
static void note_hole(watched_t *watched, int64_t from_ns, int64_t to_ns)
{
    if (watched->hole_count == MONITOR_HOLES_MAX)
        watched->holes[MONITOR_HOLES_MAX - 1].to_ns = to_ns;
    else
        watched->holes[watched->hole_count++] = (hole_t){.from_ns = from_ns, .to_ns = to_ns};
}

static void mend_next(monitor_t *monitor, watched_t *watched)
{
    watched->mending = watched->hole_next < watched->hole_count;
    while (watched->hole_next < watched->hole_count) {
        const hole_t *hole = &watched->holes[watched->hole_next++];
        fetch(monitor, watched, hole->from_ns, hole->to_ns);
        if (watched->fetching)
            return;
    }
    watched->mending = false;
    begin_symbol(monitor, watched);
}

static void mend_page(monitor_t *monitor, watched_t *watched, const candle_t *candles, uint32_t count)
{
    result_t result = candle_store_repair(watched->store, candles, count);
    if (result != RESULT_OK)
        health_check_set(&monitor->role.health, "candles", HEALTH_DEGRADED, result_text(result), role_now_ns(&monitor->role));
    log_field_t fields[] = {LOG_TEXT("file", candle_store_path(watched->store)), LOG_UINT("bars", count), LOG_RESULT(result)};
    log_write(result == RESULT_OK ? LOG_INFO : LOG_ERROR, LOG_EVENT_HISTORY_LOADED, NULL,
              result == RESULT_OK ? "missing bars fetched again and put in their place"
                                  : "missing bars cannot be put in their place",
              fields, 3);
}

/* --- history ---------------------------------------------------------------------------------- */

static void fetch(monitor_t *monitor, watched_t *watched, int64_t from_ns, int64_t to_ns)
{
    history_job_t job = {.instrument = watched->instrument, .timeframe = monitor->base, .from_ns = from_ns, .to_ns = to_ns};
    result_t result = history_fetch(monitor->history, &job);
    if (result == RESULT_OK) {
        watched->fetching = true;
        monitor->history_jobs++;
        return;
    }
    log_field_t field = LOG_RESULT(result);
    log_write(LOG_ERROR, LOG_EVENT_CANDLE_GAP, NULL, "history cannot be asked for", &field, 1);
}

static int64_t next_open(const monitor_t *monitor, const watched_t *watched)
{
    int64_t last_ns = signal_half_last_bar(&monitor->half, watched->instrument);
    return last_ns == 0 ? 0 : timeframe_next(monitor->base, last_ns);
}

static void on_page(void *context, const history_job_t *job, const candle_t *candles, uint32_t count)
{
    monitor_t *monitor = context;
    watched_t *watched = find_watched(monitor, job->instrument);
    if (watched && watched->mending) {
        mend_page(monitor, watched, candles, count);
        monitor_working(monitor);
        return;
    }
    for (uint32_t i = 0; watched && i < count; i++)
        take_bar(monitor, watched, &candles[i]);
    monitor_working(monitor);
}

/* More bars may have closed meanwhile. Without progress the venue has no more: the hole stays and is flagged by the store. */
static void fetch_newer(monitor_t *monitor, watched_t *watched, const history_job_t *job, result_t result)
{
    int64_t next_ns = next_open(monitor, watched);
    if (result == RESULT_OK && next_ns > job->from_ns && watched->newest_open_ns >= next_ns)
        fetch(monitor, watched, next_ns, timeframe_next(monitor->base, watched->newest_open_ns));
}

static void live_when_filled(monitor_t *monitor)
{
    if (monitor->history_jobs == 0 && monitor->opened == monitor->to_open && !monitor->live)
        monitor_go_live(monitor);
}

static void on_done(void *context, const history_job_t *job, result_t result, const char *text)
{
    monitor_t *monitor = context;
    watched_t *watched = find_watched(monitor, job->instrument);
    if (!watched || monitor->role.stopping)
        return;
    watched->fetching = false;
    monitor->history_jobs--;
    if (result != RESULT_OK) {
        const instrument_t *instrument = instrument_table_at(monitor->table, job->instrument);
        log_field_t fields[] = {LOG_TEXT("symbol", instrument->symbol), LOG_RESULT(result)};
        log_write(LOG_WARNING, LOG_EVENT_HISTORY_LOADED, NULL, text, fields, 2);
    }
    if (watched->mending) {
        mend_next(monitor, watched);
    } else {
        watched->filled = true;
        (void)candle_store_sync(watched->store);
        fetch_newer(monitor, watched, job, result);
    }
    live_when_filled(monitor);
    monitor_settle(monitor);
}
/* The request budget is used up: in lockstep the world must move before it is not. */
static void on_wait(void *context)
{
    monitor_settle(context);
}

static const history_events_t history_events = {.on_page = on_page, .on_done = on_done, .on_wait = on_wait};

/* --- the stream ------------------------------------------------------------------------------- */

void monitor_on_bar(monitor_t *monitor, instrument_id_t instrument, const candle_t *candle)
{
    watched_t *watched = find_watched(monitor, instrument);
    if (!watched)
        return;
    if (!candle->closed) {
        note_price(watched, candle);
        return;
    }
    if (candle->open_ns > watched->newest_open_ns)
        watched->newest_open_ns = candle->open_ns;
    int64_t next_ns = next_open(monitor, watched);
    if (watched->fetching || (next_ns != 0 && candle->open_ns < next_ns))
        return;
    if (next_ns == 0 || candle->open_ns == next_ns) {
        take_bar(monitor, watched, candle);
        return;
    }
    watched->gaps++;
    fetch(monitor, watched, next_ns, timeframe_next(monitor->base, candle->open_ns));
}

/* Until it follows the market only what waits for the venue's time lets the moment go. */
bool monitor_bars_idle(const monitor_t *monitor)
{
    return (monitor->live && monitor->history_jobs == 0) || (monitor->history && history_stands(monitor->history));
}

void monitor_bars_look(monitor_t *monitor)
{
    if (monitor->history)
        history_look(monitor->history);
}

int64_t monitor_bars_wake_ms(const monitor_t *monitor)
{
    return monitor->history ? history_wake_ms(monitor->history) : 0;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* The store tells its flaws while it opens, and again after each repair: the first time counts. */
static void on_flaw(void *context, const candle_flaw_t *flaw)
{
    watched_t *watched = context;
    if (watched->store)
        return;
    if (flaw->kind == CANDLE_FLAW_GAP)
        note_hole(watched, flaw->open_ns, flaw->open_ns + (int64_t)flaw->bars * watched->bar_ns);
    log_write(flaw->kind == CANDLE_FLAW_GAP ? LOG_INFO : LOG_WARNING, LOG_EVENT_CANDLE_GAP, NULL, flaw->text, NULL, 0);
}

/* What is stored warms the half up before anything is asked for: from the column cache when it may be believed, else from the CSV.
 */
static void warm_from_store(monitor_t *monitor, watched_t *watched)
{
    candle_t *bars = NULL;
    signal_t signals[SIGNAL_HALF_SIGNALS_MAX];
    size_t count = 0;
    uint32_t made = 0;
    if (candle_cache_read(watched->store, monitor->base, &bars, &count) != RESULT_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        (void)signal_half_on_bar(&monitor->half, watched->instrument, &bars[i], SIGNAL_HALF_HISTORY, signals, &made);
        monitor_plugins_note(monitor, watched->instrument);
        note_price(watched, &bars[i]);
    }
    free(bars);
}

/* Leaves a column cache beside the CSV that other tools (pandas, polars, DuckDB) open as it is. */
static void refresh_cache(const monitor_t *monitor, watched_t *watched)
{
    candle_t *bars = NULL;
    size_t count = 0;
    if (candle_cache_read(watched->store, monitor->base, &bars, &count) == RESULT_OK)
        free(bars);
}

/* history_bars of the longest timeframe, in whole days, so that daily bars are whole. */
static int64_t history_from(const monitor_t *monitor, int64_t now_ns)
{
    const config_t *config = config_current(monitor->role.config);
    timeframe_t longest = config->market.timeframes[config->market.timeframe_count - 1];
    int64_t wanted_ns = now_ns - (int64_t)config->market.history_bars * timeframe_length_ns(longest);
    return timeframe_open(TF_1D, wanted_ns > 0 ? wanted_ns : 0);
}

/* The half gets all that is stored, so that it begins with the same bar at every start and averages that remember for ever come out
 * the same; what has come since, or has never been stored, is asked for. */
static void begin_symbol(monitor_t *monitor, watched_t *watched)
{
    int64_t now_ns = monitor_now_ns(monitor);
    int64_t from_ns = history_from(monitor, now_ns);
    warm_from_store(monitor, watched);
    int64_t next_ns = next_open(monitor, watched);
    int64_t now_open_ns = timeframe_open(monitor->base, now_ns);
    if (next_ns == 0)
        next_ns = from_ns;
    if (next_ns < now_open_ns)
        fetch(monitor, watched, next_ns, now_open_ns);
    else
        watched->filled = true;
}

static int open_symbol(monitor_t *monitor, watched_t *watched)
{
    char unified[UNIFIED_TEXT_MAX], error[CANDLE_TEXT_MAX];
    instrument_unified(monitor->table, watched->instrument, unified);
    candle_store_options_t options = {.directory = monitor->role.data_folder,
                                      .symbol = unified,
                                      .timeframe = monitor->base,
                                      .on_flaw = on_flaw,
                                      .context = watched};
    watched->bar_ns = timeframe_length_ns(monitor->base);
    result_t result = candle_store_open(&options, &watched->store, error);
    if (result != RESULT_OK) {
        role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "%s", error);
        return EXIT_FAILED;
    }
    if (signal_half_watch(&monitor->half, watched->instrument) != RESULT_OK) {
        role_complain(&monitor->role, LOG_EVENT_STORE_FAILED, "more symbols than can be watched");
        return EXIT_MISUSE;
    }
    mend_next(monitor, watched);
    return EXIT_WELL;
}

static void open_next(loop_timer_t *timer, void *context)
{
    monitor_t *monitor = context;
    monitor->cannot_run = open_symbol(monitor, &monitor->watched[monitor->opened]);
    if (monitor->cannot_run != EXIT_WELL) {
        loop_stop(monitor->role.loop);
        return;
    }
    monitor->opened++;
    monitor_working(monitor);
    if (monitor->opened < monitor->to_open)
        loop_timer_start_in(timer, 0);
    else
        live_when_filled(monitor);
}

int monitor_bars_open(monitor_t *monitor)
{
    history_options_t options = {.loop = monitor->role.loop,
                                 .rest = monitor->venue.rest,
                                 .instruments = monitor->table,
                                 .clock = &monitor->clock,
                                 .events = &history_events,
                                 .context = monitor};
    if (history_create(&options, &monitor->history) != RESULT_OK || !monitor_feed_open(monitor))
        return EXIT_FAILED;
    monitor->to_open = monitor->count;
    loop_timer_init(&monitor->opener, monitor->role.loop, open_next, monitor);
    loop_timer_start_in(&monitor->opener, 0);
    return EXIT_WELL;
}

int monitor_bars_begin(monitor_t *monitor, uint32_t from)
{
    for (uint32_t i = from; i < monitor->count; i++) {
        int code = open_symbol(monitor, &monitor->watched[i]);
        if (code != EXIT_WELL)
            return code;
    }
    return EXIT_WELL;
}

void monitor_bars_close(monitor_t *monitor)
{
    if (monitor->history) {
        loop_timer_stop(&monitor->opener);
        history_destroy(monitor->history);
    }
    for (uint32_t i = 0; i < monitor->count; i++) {
        if (monitor->watched[i].store) {
            (void)candle_store_sync(monitor->watched[i].store);
            refresh_cache(monitor, &monitor->watched[i]);
        }
        candle_store_close(monitor->watched[i].store);
    }
}

/* monitor_parameters.c: the file of strategy parameters while the monitor runs.
 *
 * It is looked at with each batch and read again when it has changed, whole or not at all. Only the strategies of those symbols
 * begin anew whose values have changed; they are fed the stored bars at once, and so stand where they would had they always run
 * with these values. Everything that can fail (reading, memory) comes before anything changes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app/monitor_state.h"
#include "app/parameters_file.h"

/* Strategies of symbols that are to begin anew, each with its memory. Those before `next` have. */
typedef struct {
    uint32_t count, next;
    struct {
        uint32_t watched, strategy;
        void *memory;
    } rows[MONITOR_WATCHED_MAX * SIGNAL_HALF_STRATEGIES_MAX];
} plan_t;

static plan_t plan; /* large; one loop, one thread */

static void drop_rest(void)
{
    for (uint32_t i = plan.next; i < plan.count; i++)
        free(plan.rows[i].memory);
    plan.count = plan.next = 0;
}

static bool named_file(const monitor_t *monitor, char *path, size_t capacity)
{
    const char *name = config_current(monitor->role.config)->signal.parameters_file;
    if (name[0] != '\0')
        config_path(monitor->role.config, name, path, capacity);
    return name[0] != '\0';
}

/* Notes the file as it is now. True when it is another one than last time. */
static bool has_changed(monitor_t *monitor, const char *path)
{
    struct stat now;
    if (stat(path, &now) != 0)
        memset(&now, 0, sizeof now);
    const struct stat *then = &monitor->parameters_stamp;
    bool changed = now.st_ino != then->st_ino || now.st_size != then->st_size || now.st_dev != then->st_dev ||
                   memcmp(&now.st_mtim, &then->st_mtim, sizeof now.st_mtim) != 0 ||
                   memcmp(&now.st_ctim, &then->st_ctim, sizeof now.st_ctim) != 0;
    monitor->parameters_stamp = now;
    return changed;
}

void monitor_parameters_close(monitor_t *monitor)
{
    drop_rest();
    for (uint32_t i = 0; i < MONITOR_WATCHED_MAX; i++) {
        for (uint32_t k = 0; k < SIGNAL_HALF_STRATEGIES_MAX; k++)
            free(monitor->run_memory[i][k]);
    }
}

/* --- what begins anew --------------------------------------------------------------------------- */

static bool has_lost(const monitor_t *monitor, instrument_id_t instrument, uint32_t strategy)
{
    for (uint32_t slot = 0; slot < monitor->half.config.timeframe_count; slot++) {
        if (signal_half_has_lost(&monitor->half, instrument, strategy, slot))
            return true;
    }
    return false;
}

/* RESULT_OK, or RESULT_FULL and nothing is kept. What an earlier plan has not come to still differs, and stands in this one. */
static result_t make_plan(const monitor_t *monitor, const parameters_t *fresh, bool also_lost)
{
    drop_rest();
    for (uint32_t i = 0; i < monitor->count; i++) {
        instrument_id_t instrument = monitor->watched[i].instrument;
        for (uint32_t k = 0; k < monitor->half.config.strategy_count; k++) {
            if (!signal_half_concerns(&monitor->half, instrument, k, fresh) && !(also_lost && has_lost(monitor, instrument, k)))
                continue;
            void *memory = malloc(signal_half_restart_memory(&monitor->half, k, fresh));
            if (!memory) {
                drop_rest();
                return RESULT_FULL;
            }
            plan.rows[plan.count].watched = i;
            plan.rows[plan.count].strategy = k;
            plan.rows[plan.count++].memory = memory;
        }
    }
    return RESULT_OK;
}

/* All stored bars of a symbol, to be freed; NULL: none. Without them the strategy warms up with the bars that come. */
static candle_t *stored_bars(const watched_t *watched, size_t *count)
{
    size_t room = watched->store ? (size_t)candle_store_bars(watched->store) : 0;
    candle_t *bars = room > 0 ? malloc(room * sizeof *bars) : NULL;
    *count = 0;
    if (bars && candle_store_read(watched->store, 0, INT64_MAX, bars, room, count) != RESULT_OK)
        *count = 0;
    return bars;
}

static void restart_next(loop_timer_t *timer, void *context)
{
    monitor_t *monitor = context;
    uint32_t at = plan.rows[plan.next].watched, strategy = plan.rows[plan.next].strategy;
    void *memory = plan.rows[plan.next++].memory;
    const watched_t *watched = &monitor->watched[at];
    size_t count = 0;
    candle_t *bars = stored_bars(watched, &count);
    signal_half_restart(&monitor->half, watched->instrument, strategy, memory);
    signal_half_replay(&monitor->half, watched->instrument, strategy, bars, count);
    monitor_plugins_note(monitor, watched->instrument);
    free(bars);
    free(monitor->run_memory[at][strategy]);
    monitor->run_memory[at][strategy] = memory;
    if (plan.next < plan.count)
        loop_timer_start_in(timer, 0);
}

/* --- reading ------------------------------------------------------------------------------------ */

static config_reload_t refuse(monitor_t *monitor, const char *error, config_report_t *report)
{
    role_complain(&monitor->role, LOG_EVENT_CONFIG_REJECTED, "strategy parameters: %s; those in force stay", error);
    health_check_set(&monitor->role.health, "parameters", HEALTH_DEGRADED, error, role_now_ns(&monitor->role));
    if (report && report->count < CONFIG_PROBLEMS_MAX) {
        config_problem_t *problem = &report->items[report->count++];
        *problem = (config_problem_t){.severity = CONFIG_ERROR, .key = "signal.parameters_file"};
        (void)snprintf(problem->place, sizeof problem->place, "%s", config_current(monitor->role.config)->signal.parameters_file);
        (void)snprintf(problem->text, sizeof problem->text, "%.*s", (int)sizeof problem->text - 1, error);
        (void)snprintf(problem->fix, sizeof problem->fix, "mend the file; `patriot strategies --check FILE` looks at it");
        report->errors++;
    }
    return CONFIG_REFUSED;
}

/* A plug-in whose file was exchanged is said to go on as it was loaded. */
static void tell_outdated(monitor_t *monitor, const plugin_slot_t *slot, const char *name, config_report_t *report)
{
    static const char text[] =
        "its file has changed since it was loaded; the loaded one goes on until the monitor is started again";
    health_check_set(&monitor->role.health, name, HEALTH_DEGRADED, text, role_now_ns(&monitor->role));
    role_complain(&monitor->role, LOG_EVENT_PLUGIN_REFUSED, "the plug-in %s: %s", slot->file, text);
    if (report && report->count < CONFIG_PROBLEMS_MAX) {
        config_problem_t *problem = &report->items[report->count++];
        *problem = (config_problem_t){.severity = CONFIG_WARNING, .key = "signal.strategies"};
        (void)snprintf(problem->place, sizeof problem->place, "%s", slot->file);
        (void)snprintf(problem->text, sizeof problem->text, "%s", text);
        (void)snprintf(problem->fix, sizeof problem->fix, "start patriot again to take the new file");
        report->warnings++;
    }
}

static void forgive_plugins(monitor_t *monitor, config_report_t *report)
{
    for (uint32_t i = 0; i < monitor->plugins->count; i++) {
        plugin_slot_t *slot = &monitor->plugins->slots[i];
        char name[HEALTH_NAME_MAX];
        if (!slot->plugin)
            continue;
        plugin_forgive(slot->plugin);
        (void)snprintf(name, sizeof name, "plug-in %s", slot->stem);
        if (plugin_is_outdated(slot->plugin))
            tell_outdated(monitor, slot, name, report);
        else
            health_check_set(&monitor->role.health, name, HEALTH_OK, "", role_now_ns(&monitor->role));
    }
}

bool monitor_parameters_open(monitor_t *monitor)
{
    char path[2100], error[PARAMETERS_FILE_ERROR_MAX];
    loop_timer_init(&monitor->restart, monitor->role.loop, restart_next, monitor);
    if (!named_file(monitor, path, sizeof path))
        return true;
    (void)has_changed(monitor, path);
    parameters_t *read = parameters_file_read(path, &monitor->plugins->set, error);
    if (!read) {
        role_complain(&monitor->role, LOG_EVENT_CONFIG_REJECTED, "strategy parameters: %s", error);
        return false;
    }
    *monitor->parameters = *read;
    free(read);
    return true;
}

static bool is_watched(const monitor_t *monitor, const char *symbol)
{
    for (uint32_t i = 0; i < monitor->count; i++) {
        const instrument_t *instrument = instrument_table_at(monitor->table, monitor->watched[i].instrument);
        if (strcasecmp(instrument->symbol, symbol) == 0)
            return true;
    }
    return false;
}

static bool is_looked_at(const monitor_t *monitor, timeframe_t timeframe)
{
    for (uint32_t slot = 0; slot < monitor->half.config.timeframe_count; slot++) {
        if (monitor->half.config.timeframes[slot] == timeframe)
            return true;
    }
    return false;
}

void monitor_parameters_tell_idle(const monitor_t *monitor, const parameters_t *parameters)
{
    for (uint32_t i = 0; i < parameters->count; i++) {
        const parameters_section_t *section = &parameters->sections[i];
        const bool no_symbol = section->symbol[0] != '\0' && !is_watched(monitor, section->symbol);
        if (!no_symbol && (!section->has_timeframe || is_looked_at(monitor, section->timeframe)))
            continue;
        const log_field_t fields[] = {LOG_UINT("line", section->line), LOG_TEXT("strategy", section->kind->name),
                                      LOG_TEXT("symbol", section->symbol)};
        log_write(LOG_WARNING, LOG_EVENT_CONFIG_IDLE, NULL,
                  no_symbol ? "strategy parameters: a section for a symbol that is not traded does nothing"
                            : "strategy parameters: a section for a timeframe that is not in market.timeframes does nothing",
                  fields, sizeof fields / sizeof fields[0]);
    }
}

bool monitor_regimes_fit(const monitor_t *monitor, const parameters_t *parameters)
{
    for (uint32_t i = 0; i < monitor->count; i++) {
        uint32_t row = signal_half_contradiction(&monitor->half, monitor->watched[i].instrument, parameters);
        if (row == 0)
            continue;
        role_complain(&monitor->role, LOG_EVENT_CONFIG_REJECTED,
                      "signal.regimes: the options of row %u contradict the strategy's parameters for %s; change one of both",
                      (unsigned)row, instrument_table_at(monitor->table, monitor->watched[i].instrument)->symbol);
        return false;
    }
    return true;
}

config_reload_t monitor_parameters_reload(monitor_t *monitor, bool asked, config_report_t *report)
{
    char path[2100] = "", error[PARAMETERS_FILE_ERROR_MAX];
    bool named = named_file(monitor, path, sizeof path);
    bool changed = has_changed(monitor, path); /* also when it is named no more */
    if (monitor->half_memory == NULL || (!changed && !asked))
        return CONFIG_UNCHANGED;
    if (asked)
        forgive_plugins(monitor, report);
    parameters_t *fresh = named ? parameters_file_read(path, &monitor->plugins->set, error) : calloc(1, sizeof *fresh);
    if (!fresh)
        return refuse(monitor, named ? error : "no memory", report);
    if (!monitor_regimes_fit(monitor, fresh)) {
        free(fresh);
        return refuse(monitor, "they contradict a row of signal.regimes", report);
    }
    if (make_plan(monitor, fresh, asked) != RESULT_OK) {
        free(fresh);
        return refuse(monitor, "no memory to start the strategies concerned again", report);
    }
    *monitor->parameters = *fresh;
    free(fresh);
    if (changed)
        monitor_parameters_tell_idle(monitor, monitor->parameters);
    if (named)
        health_check_set(&monitor->role.health, "parameters", HEALTH_OK, "", role_now_ns(&monitor->role));
    if (plan.count == 0)
        return CONFIG_UNCHANGED;
    loop_timer_start_in(&monitor->restart, 0);
    log_field_t field = LOG_UINT("strategies_of_symbols", plan.count);
    log_write(LOG_INFO, LOG_EVENT_CONFIG_CHANGED, NULL, "strategy parameters: those concerned begin anew", &field, 1);
    return CONFIG_CHANGED;
}

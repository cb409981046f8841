/* up_children.c: the processes of `patriot up`: what each is started with, and what becomes of one that ends. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/up_state.h"
#include "core/base/assert.h"

static const char *const role_names[UP_ROLES] = {"exchange", "signer", "watchdog", "monitor"};

typedef struct {
    child_t *child;
    size_t count;
} arguments_t;

static void add(arguments_t *arguments, const char *word)
{
    ASSERT(arguments->count < SUPERVISE_ARGUMENTS_MAX); /* 64 markets and everything else fit */
    arguments->child->arguments[arguments->count++] = word;
}

static void add_pair(arguments_t *arguments, const char *name, const char *value)
{
    add(arguments, name);
    add(arguments, value);
}

static bool world_exists(const up_t *up)
{
    char path[UP_PATH_MAX];
    return file_path_join(up->role.data_folder, "exchange", path, sizeof path) == RESULT_OK && access(path, F_OK) == 0;
}

static void exchange_arguments(up_t *up, arguments_t *arguments)
{
    snprintf(up->numbers[0], sizeof up->numbers[0], "%llu", (unsigned long long)up->seed);
    add_pair(arguments, "--face", up->face);
    add_pair(arguments, "--account-file", up->account_file);
    if (up->seed_given || !world_exists(up)) /* a world that stands keeps its own seed */
        add_pair(arguments, "--seed", up->numbers[0]);
    for (size_t i = 0; i < up->markets.count; i++)
        add_pair(arguments, "--market", up->markets.values[i]);
    if (up->markets.count == 0)
        add_pair(arguments, "--market", "bundled");
    if (up->scenario)
        add_pair(arguments, "--scenario", up->scenario);
    if (up->faults)
        add_pair(arguments, "--faults", up->faults);
    if (up->wire_log)
        add_pair(arguments, "--wire-log", up->wire_log);
    if (up->span.venue_hours > 0) {
        snprintf(up->numbers[1], sizeof up->numbers[1], "%llu", (unsigned long long)(up->base_hours + up->span.venue_hours));
        add_pair(arguments, "--until", up->numbers[1]);
    }
    if (up->speed_given) {
        snprintf(up->numbers[2], sizeof up->numbers[2], "%.6g", up->speed);
        add_pair(arguments, "--speed", up->numbers[2]);
        return;
    }
    add(arguments, "--lockstep");
    add_pair(arguments, "--expect", "monitor,watchdog,signer");
    add_pair(arguments, "--patience", "6s");
    if (up->pace > 0) {
        snprintf(up->numbers[3], sizeof up->numbers[3], "%.6g", up->pace);
        add_pair(arguments, "--pace", up->numbers[3]);
    }
}

void up_fill_arguments(up_t *up, up_role_t role)
{
    arguments_t arguments = {.child = up->children[role]};
    add(&arguments, up->program);
    add(&arguments, role_names[role]);
    add_pair(&arguments, "--data", up->role.data_folder);
    if (role == UP_EXCHANGE) {
        exchange_arguments(up, &arguments);
    } else {
        if (up->config)
            add_pair(&arguments, "--config", up->config);
        if (!up->speed_given)
            add(&arguments, "--lockstep");
    }
    arguments.child->arguments[arguments.count] = NULL;
}

/* The last lines that a child has written since its start; the same words are said once only. */
static void say_last_lines(up_t *up, const child_t *child)
{
    char text[LAST_LINES_MAX];
    last_lines_read(child->output_path, child->output_from, text);
    if (text[0] == '\0' || strcmp(text, up->last_lines) == 0)
        return;
    memcpy(up->last_lines, text, sizeof text);
    up_say(up, "%s", text);
}

/* Whether starting it again would meet the same wall. After a run that came up, one more start is tried: what it missed may be
 * back. The monitor alone may be missing: the others go on and protect the positions. */
static bool is_refusal(const up_t *up, const child_t *child)
{
    if (child->exit_signal != 0 || up->stage >= UP_PAUSING)
        return false;
    return child->exit_status == EXIT_MISUSE || (child->exit_status == EXIT_FAILED_SAFE && child != up->children[UP_MONITOR] &&
                                                 (up->stage == UP_STARTING || child->crashes > 1));
}

static void give_up(up_t *up, child_t *child)
{
    supervise_stop(child, 0);
    last_lines_read(child->output_path, child->output_from, up->last_lines);
    up->refused = child;
    up->exit_code = child->exit_status;
    if (up->stage == UP_STARTING)
        up_stage(up, UP_STOPPING); /* nothing has traded yet: nothing to gather */
    else
        up_finish_begin(up);
}

/* Fail-safe is no state to be restarted out of for ever: what it refused stands there until a person has mended it. After the one
 * more start the monitor stays down, aloud; signer and watchdog go on, for they protect what is open. */
static bool stays_down(const up_t *up, const child_t *child)
{
    return child == up->children[UP_MONITOR] && child->exit_signal == 0 && child->exit_status == EXIT_FAILED_SAFE &&
           child->crashes > 1 && up->stage < UP_PAUSING;
}

static void leave_down(up_t *up, child_t *child)
{
    supervise_stop(child, 0);
    up->monitor_lost = true;
    up->exit_code = EXIT_FAILED_SAFE;
    health_check_set(&up->role.health, "monitor", HEALTH_DOWN, "failed safe: no new entries until it is mended",
                     role_now_ns(&up->role));
    log_write(LOG_CRITICAL, LOG_EVENT_RISK_BREACH, NULL, "the monitor has failed safe and stays down: no new entries", NULL, 0);
    say_last_lines(up, child);
    up_say(up,
           "the monitor cannot run and stays down: no new entries; signer and watchdog go on and protect what is open. Mend what "
           "it names, end this with Ctrl-C and start again\n");
}

/* Comes back reduce-only: the signer lets no entry out (architecture, section 3). */
static void tighten(up_t *up, const child_t *child)
{
    up->tighten_due = true;
    log_field_t fields[] = {LOG_TEXT("role", child->role)};
    log_write(LOG_CRITICAL, LOG_EVENT_RISK_BREACH, NULL,
              "a process has crashed three times in ten minutes: reduce only from now on", fields, 1);
    up_say(up, "the %s has crashed three times in ten minutes: reduce only until `patriot kill 0`; see %s/logs/%s.log\n",
           child->role, up->role.data_folder, child->role);
}

static void on_change(supervisor_t *supervisor, child_t *child, void *context)
{
    up_t *up = context;
    bool refused = child->state == CHILD_WAITING && is_refusal(up, child);
    bool left_down = child->state == CHILD_WAITING && stays_down(up, child);
    (void)supervisor;
    log_field_t fields[] = {LOG_TEXT("role", child->role), LOG_INT("role_pid", child->pid), LOG_UINT("restarts", child->restarts),
                            LOG_INT("exit_status", child->exit_status), LOG_INT("exit_signal", child->exit_signal)};
    log_write(child->state == CHILD_WAITING ? LOG_WARNING : LOG_INFO, LOG_EVENT_PROCESS_RESTARTED, NULL,
              refused || left_down            ? "ended; it cannot run and does not come back"
              : child->state == CHILD_WAITING ? "ended; it comes back"
              : child->state == CHILD_ENDED   ? "ended"
                                              : "started",
              fields, 5);
    if (refused) {
        give_up(up, child);
    } else if (left_down) {
        leave_down(up, child);
    } else if (child->state == CHILD_WAITING) {
        say_last_lines(up, child);
        up_say(up, "%s ended (%s %d), starting it again in %llu ms\n", child->role, child->exit_signal ? "signal" : "exit code",
               child->exit_signal ? child->exit_signal : child->exit_status, (unsigned long long)child->pause_ms);
        if (child->crash_looping && (child == up->children[UP_WATCHDOG] || child == up->children[UP_MONITOR]))
            tighten(up, child);
    }
    if (up->stage == UP_STOPPING)
        up_finish_tick(up);
}

int up_start_children(up_t *up)
{
    supervise_init(&up->supervisor, loop_uv(up->role.loop));
    up->supervisor.on_change = on_change;
    up->supervisor.context = up;
    for (uint32_t i = 0; i < UP_ROLES; i++) {
        pid_t pid = 0;
        snprintf(up->paths[i], sizeof up->paths[i], "%s/logs/%s.out", up->role.data_folder, role_names[i]);
        up->children[i] = supervise_add(&up->supervisor, role_names[i], up->paths[i]);
        up_fill_arguments(up, (up_role_t)i);
        (void)file_lock_holder(up->role.data_folder, role_names[i], &pid);
        if (pid > 0)
            up_say(up, "%s runs already (pid %d): watching over it\n", role_names[i], (int)pid);
        if (supervise_start(up->children[i], pid) != RESULT_OK) {
            fprintf(stderr, "patriot up: cannot start %s\n", up->program);
            return EXIT_FAILED;
        }
        if (asker_open(&up->askers[i], up->role.loop, up->role.data_folder, role_names[i], up->scratch, up_answer, up) != RESULT_OK)
            return EXIT_FAILED;
    }
    return EXIT_WELL;
}

/* up.c: begins and ends `patriot up`. Holds no rule of trading and writes nothing of the others'. */
#include "app/up.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/demo_account.h"
#include "app/live_view.h"
#include "app/up_state.h"
#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/face/fault/fault_engine.h"
#include "edge/face/fault/fault_scenario.h"

enum { TICK_MS = 50, PACE_WATCHED = 8 };

static const char *const role_names[UP_ROLES] = {"exchange", "signer", "watchdog", "monitor"};

void up_stage(up_t *up, up_stage_t stage)
{
    up->stage = stage;
    up->stage_ns = loop_now_ns(up->role.loop);
}

/* --- what the exchange needs ------------------------------------------------------------------ */

static bool port_is_free(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(*port)};
    socklen_t length = sizeof address;
    int on = 1;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool free_port = descriptor >= 0 && setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                     bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 &&
                     getsockname(descriptor, (struct sockaddr *)&address, &length) == 0;
    if (free_port)
        *port = ntohs(address.sin_port);
    if (descriptor >= 0)
        close(descriptor);
    return free_port;
}

/* Venue hours that earlier runs in this folder have played; the file is written at each orderly end. */
static uint64_t read_hours(const up_t *up)
{
    char path[UP_PATH_MAX], text[32];
    size_t length = 0;
    uint64_t hours = 0;
    if (file_path_join(up->role.data_folder, "run/venue_hours", path, sizeof path) == RESULT_OK &&
        file_read_whole(path, text, sizeof text, &length) == RESULT_OK)
        (void)str_to_u64(str_trim((str_t){text, length}), &hours);
    return hours;
}

/* One port for the life of this run, so that an exchange that was killed comes back where its clients look for it. An exchange that
 * runs already keeps its own; the address that a crashed one has left behind leads nowhere and is taken away before anybody reads
 * it. */
static bool choose_face(up_t *up)
{
    char path[UP_PATH_MAX], text[64];
    size_t length = 0;
    pid_t pid = 0;
    uint16_t port = 0;
    if (file_path_join(up->role.data_folder, "run/exchange.addr", path, sizeof path) != RESULT_OK)
        return false;
    (void)file_lock_holder(up->role.data_folder, "exchange", &pid);
    if (pid > 0 && file_read_whole(path, text, sizeof text, &length) == RESULT_OK) {
        str_t address = str_trim((str_t){text, length});
        snprintf(up->face, sizeof up->face, "binance-usdm=%.*s", (int)address.length, address.bytes);
        return true;
    }
    (void)unlink(path);
    if (!port_is_free(&port))
        return false;
    snprintf(up->face, sizeof up->face, "binance-usdm=127.0.0.1:%u", port);
    return true;
}

/* --- children --------------------------------------------------------------------------------- */

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

static int start_children(up_t *up)
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

/* --- control ---------------------------------------------------------------------------------- */

static int on_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                      size_t *length)
{
    up_t *up = role->context;
    (void)link;
    if (strcmp(control->command, "stop") == 0) {
        up_finish_begin(up);
        *length = (size_t)snprintf(reply, capacity, "{\"stopping\":true}");
        return EXIT_WELL;
    }
    child_t *child = control->arguments_count == 1 ? supervise_find(&up->supervisor, control->arguments[0]) : NULL;
    if (strcmp(control->command, "restart") == 0 && child) {
        if (child->pid > 0)
            (void)kill(child->pid, SIGTERM);
        *length = (size_t)snprintf(reply, capacity, "{\"restarting\":\"%s\"}", child->role);
        return EXIT_WELL;
    }
    if (strcmp(control->command, "status") != 0 && strcmp(control->command, "view") != 0) {
        *length = (size_t)snprintf(reply, capacity,
                                   "{\"error\":\"up knows: view, stop, restart ROLE (exchange, signer, watchdog, monitor), health, "
                                   "config-reload, log-level\"}");
        return EXIT_MISUSE;
    }
    int written = snprintf(reply, capacity, "{\"stage\":%d,\"ready_ms\":%lld,\"children\":[", (int)up->stage,
                           (long long)(up->ready_ns / NS_PER_MS));
    for (uint32_t i = 0; i < UP_ROLES && written > 0 && (size_t)written < capacity; i++)
        written +=
            snprintf(reply + written, capacity - (size_t)written,
                     "%s{\"role\":\"%s\",\"pid\":%d,\"restarts\":%u,\"crash_looping\":%s}", i ? "," : "", up->children[i]->role,
                     up->children[i]->pid, up->children[i]->restarts, up->children[i]->crash_looping ? "true" : "false");
    if (written > 0 && (size_t)written < capacity)
        written += snprintf(reply + written, capacity - (size_t)written, "]}");
    *length = written > 0 && (size_t)written < capacity ? (size_t)written : 0;
    return EXIT_WELL;
}

/* --- life ------------------------------------------------------------------------------------- */

static void on_tick(loop_timer_t *timer, void *context)
{
    up_t *up = context;
    if (up->stage < UP_PAUSING)
        up_watch(up);
    else
        up_finish_tick(up);
    if (up->stage != UP_DONE)
        loop_timer_start_in(timer, TICK_MS * NS_PER_MS);
}

static void on_span_end(loop_timer_t *timer, void *context)
{
    (void)timer;
    up_finish_begin(context);
}

static void on_stop(role_t *role)
{
    up_finish_begin(role->context);
}

static void on_reload(role_t *role)
{
    zone_begin(config_current(role->config)->operation.display_zone);
}

static const role_events_t role_events = {.on_stop = on_stop, .on_reload = on_reload, .on_control = on_control};

static bool keep_demo_account(up_t *up)
{
    char said[DEMO_ACCOUNT_ERROR_MAX];
    const dec_t balance = config_current(up->role.config)->demo.balance;
    const bool well =
        demo_account_keep(up->role.data_folder, balance, said) == RESULT_OK &&
        file_path_join(up->role.data_folder, "run/demo.account", up->account_file, sizeof up->account_file) == RESULT_OK;
    if (said[0] != '\0')
        role_complain(&up->role, LOG_EVENT_STORE_FAILED, "%s", said);
    return well;
}

static int begin(up_t *up, const role_options_t *options)
{
    int code = role_begin(&up->role, options);
    if (code != EXIT_WELL)
        return code;
    if (config_current(up->role.config)->mode != CONFIG_DEMO) {
        role_complain(&up->role, LOG_EVENT_CONFIG_REJECTED,
                      "this command runs the demo on the simulated exchange; the configuration says another mode. Start signer, "
                      "watchdog and monitor for it (systemd, or one terminal each)");
        return EXIT_MISUSE;
    }
    if (!keep_demo_account(up))
        return EXIT_FAILED;
    zone_begin(config_current(up->role.config)->operation.display_zone);
    if (!up->seed_given)
        up->seed = config_current(up->role.config)->demo.seed;
    if (!choose_face(up)) {
        role_complain(&up->role, LOG_EVENT_PROCESS_FAILED_SAFE, "no free port on 127.0.0.1 for the simulated exchange");
        return EXIT_FAILED;
    }
    up->base_hours = read_hours(up);
    up_end_forget(up);
    return role_listen(&up->role, options);
}

static int run(up_t *up, const role_options_t *options)
{
    up->exit_code = begin(up, options);
    if (up->exit_code != EXIT_WELL) {
        if (up->json)
            up_finish_print(up); /* whoever asked for the object gets it, whatever happens */
        if (up->role.loop)
            role_end(&up->role);
        return up->exit_code;
    }
    up->started_ns = loop_now_ns(up->role.loop);
    health_check_set(&up->role.health, "roles", HEALTH_STARTING, "", role_now_ns(&up->role));
    up->live_view = !up->json && !up->plain && !up->background && live_view_open() == RESULT_OK;
    loop_timer_init(&up->tick, up->role.loop, on_tick, up);
    loop_timer_init(&up->span_end, up->role.loop, on_span_end, up);
    if (up->span.wall_ns > 0)
        loop_timer_start_in(&up->span_end, up->span.wall_ns);
    loop_timer_start_in(&up->tick, 0);
    up->exit_code = start_children(up);
    if (up->exit_code == EXIT_WELL)
        role_run(&up->role);
    loop_timer_stop(&up->tick);
    loop_timer_stop(&up->span_end);
    if (up->live_view)
        live_view_close();
    up->live_view = false;
    if (up->refused)
        fprintf(stderr, "%spatriot up: ended, because the %s cannot run (exit code %d); the whole is in %s\n", up->last_lines,
                up->refused->role, up->exit_code, up->refused->output_path);
    if (up->exit_code == EXIT_WELL || up->json)
        up_finish_print(up);
    for (uint32_t i = 0; i < UP_ROLES; i++)
        asker_close(&up->askers[i]);
    supervise_close(&up->supervisor);
    role_end(&up->role);
    return up->exit_code;
}

static options_outcome_t read_options(up_t *up, int argc, char **argv)
{
    const argument_t options[] = {
        {"data", ARGUMENT_TEXT, &up->data, "DIR", "keep everything in that folder (default ./data)"},
        {"config", ARGUMENT_TEXT, &up->config, "DIR", "folder of patriot.yaml, .env, tickers.txt (default .)"},
        {"for", ARGUMENT_SPAN, &up->span, "TIME", "stop by itself: 2m of wall time, or 500vh venue hours"},
        {"seed", ARGUMENT_U64, &up->seed, "N", "chooses the run: the stretch of history and the exchange's chances"},
        {"speed", ARGUMENT_RATE, &up->speed, "N", "venue time runs on wall time x N instead of in lockstep"},
        {"pace", ARGUMENT_RATE, &up->pace, "N", "venue hours a second at most (terminal, background: 8, else no limit), or max"},
        {"market", ARGUMENT_LIST, &up->markets, "WHAT", "as for `patriot exchange` (default bundled); may come again"},
        {"scenario", ARGUMENT_TEXT, &up->scenario, "FILE", "faults of the exchange to come (docs/faults.md)"},
        {"faults", ARGUMENT_TEXT, &up->faults, "random[:SEED[:DENSITY]]", "a mix of them by chance, with quiet phases"},
        {"wire-log", ARGUMENT_TEXT, &up->wire_log, "FILE", "each request and reply of the exchange as one JSON line"},
        {"json", ARGUMENT_FLAG, &up->json, NULL, "the summary as one JSON object, everything else to stderr"},
        {"plain", ARGUMENT_FLAG, &up->plain, NULL, "plain lines on a terminal too"},
        {"background", ARGUMENT_FLAG, &up->background, NULL, "run on after this command has returned"},
    };
    const command_t command = {.command = "patriot up",
                               .usage = "[options]",
                               .about = "Starts exchange (simulated), signer, watchdog and monitor; watches and restarts them; "
                                        "sums up at the end.\nKeys on a terminal: + faster, - slower, space pause, q stop.",
                               .options = options,
                               .option_count = sizeof options / sizeof options[0]};
    const char *operands[1];
    size_t operand_count = 0;
    options_outcome_t outcome = options_read(&command, argc, argv, operands, &operand_count);
    for (int i = 1; i < argc; i++) {
        up->speed_given = up->speed_given || strncmp(argv[i], "--speed", 7) == 0;
        up->pace_given = up->pace_given || strncmp(argv[i], "--pace", 6) == 0;
        up->seed_given = up->seed_given || strncmp(argv[i], "--seed", 6) == 0;
        up->json = up->json || strcmp(argv[i], "--json") == 0; /* also behind a word that is refused */
    }
    return outcome;
}

/* What the exchange would refuse, and what cannot be, is refused here, before anything has started. */
static bool options_are_well(const up_t *up)
{
    static fault_scenario_t scenario;
    char error[FAULT_ERROR_MAX] = "";
    uint64_t seed = 0;
    double density = 0;
    const char *option = "scenario";
    bool well = !up->scenario || fault_scenario_read(up->scenario, &scenario, error);
    if (well && up->faults) {
        option = "faults";
        well = fault_mix_parse(str_from(up->faults), &seed, &density, error);
    }
    if (!well)
        fprintf(stderr, "patriot up: --%s %s\n", option, error);
    if (up->json && up->background) {
        fprintf(stderr, "patriot up: --json prints the summary at the end, and --background returns before it: give one of them\n");
        return false;
    }
    if (up->speed_given && up->pace_given) {
        fprintf(stderr, "patriot up: --speed N runs by the wall clock, and --pace N bounds lockstep: give one of them\n");
        return false;
    }
    if (up->speed_given && up->speed == 0) {
        fprintf(stderr, "patriot up: --speed wants a number, e.g. 600; for as fast as it goes leave it out: in lockstep the "
                        "exchange waits for nobody longer than it must\n");
        return false;
    }
    return well;
}

int app_up_main(int argc, char **argv)
{
    static char program[UP_PATH_MAX];
    process_end_signal_hold(); /* first of all: whoever ends this early gets the summary too */
    up_t *up = calloc(1, sizeof *up);
    int code = EXIT_FAILED;
    if (!up)
        return EXIT_FAILED;
    switch (read_options(up, argc, argv)) {
    case OPTIONS_HELPED:
        free(up);
        return EXIT_WELL;
    case OPTIONS_WRONG:
        up->exit_code = EXIT_MISUSE;
        if (up->json)
            up_finish_print(up);
        free(up);
        return EXIT_MISUSE;
    case OPTIONS_RUN:
        break;
    }
    if (!options_are_well(up)) {
        up->exit_code = EXIT_MISUSE;
        if (up->json)
            up_finish_print(up);
        free(up);
        return EXIT_MISUSE;
    }
    /* What somebody watches, or what is to stay, must not play its history in a minute. */
    if (!up->pace_given && !up->json && (up->background || (!up->plain && isatty(STDOUT_FILENO))))
        up->pace = PACE_WATCHED;
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    up->program = program;
    up->scratch = calloc(1, sizeof *up->scratch);
    const char *data = up->data ? up->data : "data";
    if (up->scratch && (!up->background || up_go_to_background(up, data, &code))) {
        role_options_t role = {
            .name = "up", .data_folder = data, .config_folder = up->config, .events = &role_events, .context = up};
        code = run(up, &role);
    }
    free(up->scratch);
    free(up);
    return code;
}

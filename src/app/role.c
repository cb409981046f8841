/* role.c: see role.h. */
#include "app/role.h"

#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "edge/json/json_writer.h"

/* A whole snapshot of an account fits. */
#define LINK_QUEUE_BYTES ((size_t)4 << 20)

enum { DRAIN_TURNS_MAX = 300, DRAIN_PAUSE_NS = 1000000 };

int64_t role_now_ns(const role_t *role)
{
    return loop_wall_ns(role->loop);
}

void role_complain(const role_t *role, log_event_t event, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "patriot %s: %s\n", role->name, text);
    log_write(LOG_ERROR, event, NULL, text, NULL, 0);
}

/* --- control ---------------------------------------------------------------------------------- */

static void note_change(void *context, const config_change_t *change)
{
    char text[700];
    (void)context;
    snprintf(text, sizeof text, "%s: %s -> %s%s", change->key, change->before, change->after,
             change->needs_restart ? " (at the next start)" : "");
    log_write(LOG_INFO, LOG_EVENT_CONFIG_CHANGED, NULL, text, NULL, 0);
}

/* What was refused, or is to be known, each with its place and its fix. */
static void write_problems(json_writer_t *writer, const char *key, const config_report_t *report, config_severity_t severity)
{
    json_write_key(writer, key);
    json_begin_array(writer);
    for (uint32_t i = 0; i < report->count; i++) {
        if (report->items[i].severity != severity)
            continue;
        json_begin_object(writer);
        json_field_string(writer, "place", report->items[i].place);
        json_field_string(writer, "text", report->items[i].text);
        json_field_string(writer, "fix", report->items[i].fix);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static const char *reload_text(config_reload_t outcome)
{
    return outcome == CONFIG_CHANGED ? "changed" : outcome == CONFIG_UNCHANGED ? "unchanged" : "refused";
}

/* In health: where it comes from, or what is wrong with the files as they stand now. */
static void show_configuration(role_t *role, const char *wrong)
{
    const char *origin = !config_has_files(role->config) ? "defaults" : role->config_folder ? role->config_folder : ".";
    health_check_set(&role->health, "configuration", wrong ? HEALTH_DEGRADED : HEALTH_OK, wrong ? wrong : origin,
                     role_now_ns(role));
}

static bool is_refused(config_reload_t outcome)
{
    return outcome == CONFIG_REFUSED || outcome == CONFIG_STILL_REFUSED;
}

/* The same wrong files are complained about once, unless somebody asks. */
static config_reload_t reread(role_t *role, bool asked, config_report_t *report)
{
    const log_level_t level = config_current(role->config)->log.level;
    config_reload_t outcome = config_reload(role->config, asked, report, note_change, role);
    if (outcome == CONFIG_UNCHANGED && !asked)
        return outcome;
    if (outcome == CONFIG_REFUSED || (asked && is_refused(outcome)))
        role_complain(role, LOG_EVENT_CONFIG_REJECTED, "the new configuration is wrong; the last good one stays whole: %s: %s",
                      report->items[0].place, report->items[0].text);
    if (outcome == CONFIG_CHANGED) {
        if (config_current(role->config)->log.level != level)
            log_level_set(config_current(role->config)->log.level);
        if (role->batched)
            loop_timer_start_in(&role->batch, config_current(role->config)->operation.batch_interval_ns);
        log_field_t field = LOG_UINT("version", config_current(role->config)->version);
        log_write(LOG_INFO, LOG_EVENT_CONFIG_RELOADED, NULL, "", &field, 1);
        if (role->events->on_reload)
            role->events->on_reload(role);
    }
    show_configuration(role, is_refused(outcome) ? report->items[0].text : NULL);
    return outcome;
}

static config_report_t *scratch_report(void)
{
    static config_report_t report; /* large; one loop, one thread */
    return &report;
}

void role_reread(role_t *role)
{
    (void)reread(role, false, scratch_report());
}

static void on_batch(loop_timer_t *timer, void *context)
{
    role_t *role = context;
    role_reread(role);
    loop_timer_start_in(timer, config_current(role->config)->operation.batch_interval_ns);
}

void role_reread_each_batch(role_t *role)
{
    loop_timer_init(&role->batch, role->loop, on_batch, role);
    loop_timer_start_in(&role->batch, config_current(role->config)->operation.batch_interval_ns);
    role->batched = true;
}

static int reload_config(role_t *role, char *reply, size_t capacity, size_t *length)
{
    config_report_t *report = scratch_report();
    config_reload_t outcome = reread(role, true, report);
    bool refused = is_refused(outcome);
    config_reload_t more = CONFIG_UNCHANGED;
    if (!refused && role->events->on_reload_more)
        more = role->events->on_reload_more(role, report);
    json_writer_t writer;
    str_t text = {0};
    json_writer_init(&writer, reply, capacity);
    json_begin_object(&writer);
    json_field_string(&writer, "configuration", reload_text(outcome));
    json_field_u64(&writer, "version", config_current(role->config)->version);
    if (role->events->on_reload_more)
        json_field_string(&writer, "parameters", refused ? "not read" : reload_text(more));
    refused = refused || more == CONFIG_REFUSED;
    if (refused)
        write_problems(&writer, "errors", report, CONFIG_ERROR);
    if (report->warnings > 0)
        write_problems(&writer, "warnings", report, CONFIG_WARNING);
    json_end_object(&writer);
    *length = json_writer_finish(&writer, &text) == RESULT_OK ? text.length : 0;
    return refused ? EXIT_FAILED : EXIT_WELL;
}

static int set_log_level(const patriot_bus_Control *control, char *reply, size_t capacity, size_t *length)
{
    log_level_t level = LOG_INFO;
    if (control->arguments_count != 1 || log_level_parse(control->arguments[0], &level) != RESULT_OK) {
        *length = (size_t)snprintf(reply, capacity, "{\"error\":\"log-level wants DEBUG, INFO, WARNING, ERROR or CRITICAL\"}");
        return EXIT_MISUSE;
    }
    log_level_set(level);
    *length = (size_t)snprintf(reply, capacity, "{\"level\":\"%s\"}", log_level_text(level));
    return EXIT_WELL;
}

static void answer_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control)
{
    size_t length = 0;
    int status = EXIT_MISUSE;
    if (strcmp(control->command, "health") == 0) {
        status = health_write(&role->health, role_now_ns(role), role->reply, ROLE_REPLY_MAX, &length) == RESULT_OK ? EXIT_WELL
                                                                                                                   : EXIT_FAILED;
    } else if (strcmp(control->command, "config-reload") == 0) {
        status = reload_config(role, role->reply, ROLE_REPLY_MAX, &length);
    } else if (strcmp(control->command, "log-level") == 0) {
        status = set_log_level(control, role->reply, ROLE_REPLY_MAX, &length);
    } else if (role->events->on_control) {
        status = role->events->on_control(role, link, control, role->reply, ROLE_REPLY_MAX, &length);
        if (status == ROLE_ANSWERS_LATER)
            return;
    } else {
        length = (size_t)snprintf(role->reply, ROLE_REPLY_MAX, "{\"error\":\"%s does not know this command\"}", role->name);
    }
    if (bus_link_reply(link, (uint32_t)status, role->reply, length) != RESULT_OK)
        bus_link_close(link); /* who asked must not wait for ever */
}

/* --- bus events ------------------------------------------------------------------------------- */

static void peer_ready(bus_link_t *link, const patriot_bus_Hello *hello, void *context)
{
    role_t *role = context;
    if (role->events->on_peer)
        role->events->on_peer(role, link, hello);
}

static void peer_message(bus_link_t *link, const bus_message_t *message, void *context)
{
    role_t *role = context;
    if (message->which_body == patriot_bus_Envelope_control_tag) {
        answer_control(role, link, &message->body.control);
    } else if (message->which_body == patriot_bus_Envelope_health_request_tag) {
        patriot_bus_Control control = {.command = "health"};
        answer_control(role, link, &control);
    } else if (role->events->on_message) {
        role->events->on_message(role, link, message);
    }
}

static void peer_ack(bus_link_t *link, uint64_t number, void *context)
{
    role_t *role = context;
    if (role->events->on_peer_ack)
        role->events->on_peer_ack(role, link, number);
}

static void peer_room(bus_link_t *link, void *context)
{
    role_t *role = context;
    if (role->events->on_peer_room)
        role->events->on_peer_room(role, link);
}

static void peer_lost(bus_link_t *link, result_t why, const char *detail, void *context)
{
    role_t *role = context;
    (void)why;
    (void)detail;
    if (role->events->on_peer_lost)
        role->events->on_peer_lost(role, link);
}

static const bus_events_t peer_events = {
    .on_ready = peer_ready,
    .on_message = peer_message,
    .on_ack = peer_ack,
    .on_room = peer_room,
    .on_lost = peer_lost,
};

static void peer_seen(void *context, const patriot_bus_Hello *peer, uint64_t *generation, uint64_t *last_seen)
{
    role_t *role = context;
    if (role->events->seen)
        role->events->seen(role, peer, generation, last_seen);
}

/* --- signals ---------------------------------------------------------------------------------- */

static void on_end_signal(loop_t *loop, int number, void *context)
{
    (void)loop;
    (void)number;
    role_t *role = context;
    if (role->stopping)
        return;
    role->stopping = true;
    log_write(LOG_INFO, LOG_EVENT_PROCESS_STOPPING, NULL, "asked to stop: orders and stops stay at the exchange", NULL, 0);
    if (role->events->on_stop)
        role->events->on_stop(role);
    else
        role_finish(role);
}

static void on_hangup(loop_t *loop, int number, void *context)
{
    role_t *role = context;
    size_t length = 0;
    if (process_terminal_is_lost()) /* its window was closed: nobody sees it any more, nobody could end it by a key */
        on_end_signal(loop, number, context);
    else
        reload_config(role, role->reply, ROLE_REPLY_MAX, &length);
}

/* --- arguments -------------------------------------------------------------------------------- */

bool role_arguments_read(role_arguments_t *arguments, const char *command, const char *about, const argument_t *more, int argc,
                         char **argv, int *exit_code)
{
    *arguments = (role_arguments_t){0};
    const argument_t options[] = {
        {"data", ARGUMENT_TEXT, &arguments->data, "DIR", "data folder (default ./data)"},
        {"config", ARGUMENT_TEXT, &arguments->config, "DIR", "folder of patriot.yaml, .env and tickers.txt (default .)"},
        {"lockstep", ARGUMENT_FLAG, &arguments->lockstep, NULL, "step with the simulated exchange (patriot up says so)"},
        more ? *more : (argument_t){0}};
    const command_t words = {
        .command = command, .usage = "[options]", .about = about, .options = options, .option_count = more ? 4 : 3};
    const char *operands[1];
    size_t count = 0;
    return options_take(&words, argc, argv, operands, &count, exit_code);
}

/* --- begin and end ---------------------------------------------------------------------------- */

static int begin_config(role_t *role, const role_options_t *options)
{
    static config_report_t report;
    config_options_t config = {.folder = options->config_folder};
    result_t result = config_open(&config, &role->config, &report);
    if (report.count > 0) {
        static char text[32 * 1024];
        config_report_write(&report, text, sizeof text);
        fputs(text, stderr);
    }
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot %s: not started: the configuration is wrong (%s); `patriot config check` lists it again\n",
                role->name, result_text(result));
        return EXIT_MISUSE;
    }
    if (options->config_folder && !config_has_files(role->config))
        fprintf(stderr, "patriot %s: %s holds neither patriot.yaml nor .env: the defaults hold\n", role->name,
                options->config_folder);
    return EXIT_WELL;
}

bool role_folder_is_ours(const char *command, const char *data_folder)
{
    uint32_t owner = 0;
    if (!file_folder_foreign(data_folder, &owner))
        return true;
    const struct passwd *user = getpwuid(owner);
    fprintf(stderr,
            "%s: the data folder %s belongs to the user %s (uid %u): run this as that user, or choose another with --data\n",
            command, data_folder, user ? user->pw_name : "without a name", (unsigned)owner);
    return false;
}

static int begin_folder_and_lock(role_t *role)
{
    char command[32];
    snprintf(command, sizeof command, "patriot %s", role->name);
    if (!role_folder_is_ours(command, role->data_folder))
        return EXIT_MISUSE;
    result_t result = file_folder_make(role->data_folder);
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot %s: cannot make the data folder %s: %s; choose another with --data\n", role->name,
                role->data_folder, result == RESULT_BAD_STATE ? "a file is in the way" : result_text(result));
        return EXIT_FAILED;
    }
    pid_t holder = 0;
    result = file_lock_take(&role->lock, role->data_folder, role->name, &holder);
    if (result == RESULT_LOCKED) {
        fprintf(stderr,
                "patriot %s: already running in %s (pid %d); stop it with `patriot stop --data %s` or choose another folder with "
                "--data\n",
                role->name, role->data_folder, (int)holder, role->data_folder);
        return EXIT_LOCKED_OUT;
    }
    if (result != RESULT_OK) {
        fprintf(stderr, "patriot %s: cannot lock %s/run/%s.lock: %s; choose another folder with --data\n", role->name,
                role->data_folder, role->name, result == RESULT_BAD_STATE ? "a file is in the way" : result_text(result));
        return EXIT_FAILED;
    }
    return EXIT_WELL;
}

int role_begin(role_t *role, const role_options_t *options)
{
    memset(role, 0, sizeof *role);
    role->name = options->name;
    role->data_folder = options->data_folder ? options->data_folder : "data";
    role->config_folder = options->config_folder;
    role->events = options->events;
    role->context = options->context;
    role->lock = FILE_LOCK_NONE;
    process_title_set(role->name, NULL);
    if (options->secrecy == PROCESS_HOLDS_SECRETS && process_secrecy_set(options->secrecy) != RESULT_OK) {
        fprintf(stderr, "patriot %s: not started: the system does not let this process keep its memory to itself\n", role->name);
        return EXIT_FAILED;
    }

    int code = begin_folder_and_lock(role);
    if (code == EXIT_WELL)
        code = begin_config(role, options);
    if (code != EXIT_WELL) {
        role_end(role);
        return code;
    }
    const config_t *config = config_current(role->config);
    char log_folder[FILE_PATH_MAX];
    if (file_path_join(role->data_folder, "logs", log_folder, sizeof log_folder) != RESULT_OK)
        log_folder[0] = 0;
    log_options_t log = {.folder = log_folder[0] ? log_folder : NULL,
                         .role = role->name,
                         .service = role->name,
                         .level = config->log.level,
                         .file_bytes_max = config->log.file_bytes_max,
                         .files_kept = config->log.files_kept,
                         .day_bytes_max = config->log.day_bytes_max};
    if (log_open(&log) != RESULT_OK)
        fprintf(stderr, "patriot %s: the log file in %s/logs cannot be opened; going on without it\n", role->name,
                role->data_folder);
    (void)process_crash_handler_install(role->name);

    loop_options_t loop = {.clock = LOOP_CLOCK_REAL};
    role->reply = malloc(ROLE_REPLY_MAX);
    if (!role->reply || loop_create(&loop, &role->loop) != RESULT_OK) {
        role_complain(role, LOG_EVENT_PROCESS_FAILED_SAFE, "no memory or file descriptors for an event loop");
        role_end(role);
        return EXIT_FAILED;
    }
    loop_on_signal(role->loop, SIGTERM, on_end_signal, role);
    loop_on_signal(role->loop, SIGINT, on_end_signal, role);
    loop_on_signal(role->loop, SIGQUIT, on_end_signal, role);
    process_terminal_note();
    loop_on_signal(role->loop, SIGHUP, on_hangup, role);
    health_init(&role->health, role->name, role_now_ns(role));
    show_configuration(role, NULL);
    log_write(LOG_INFO, LOG_EVENT_PROCESS_STARTED, NULL, "patriot " PATRIOT_VERSION, NULL, 0);
    return EXIT_WELL;
}

int role_listen(role_t *role, const role_options_t *options)
{
    bus_server_options_t server = {.loop = role->loop,
                                   .data_folder = role->data_folder,
                                   .identity = options->identity,
                                   .queue_bytes = LINK_QUEUE_BYTES,
                                   .epoch_floor = options->epoch_floor,
                                   .events = &peer_events,
                                   .context = role,
                                   .seen = peer_seen};
    server.identity.role = role->name;
    result_t result = bus_server_open(&server, &role->server);
    if (result != RESULT_OK) {
        role_complain(role, LOG_EVENT_PROCESS_FAILED_SAFE, "cannot listen on %s/run/%s.sock: %s%s", role->data_folder, role->name,
                      result_text(result),
                      result == RESULT_TEXT_TOO_LONG ? "; the system allows 107 bytes: choose a shorter folder with --data" : "");
        return EXIT_FAILED;
    }
    return EXIT_WELL;
}

void role_run(role_t *role)
{
    int held = process_end_signal_take(); /* came before the loop listened */
    if (held != 0)
        on_end_signal(role->loop, held, role);
    loop_run(role->loop);
}

void role_finish(role_t *role)
{
    loop_stop(role->loop);
}

/* Connections say goodbye in turns of the loop: they get a bounded number of them. */
void role_drain(loop_t *loop)
{
    for (int i = 0; i < DRAIN_TURNS_MAX && loop_next_deadline_ns(loop) != INT64_MAX; i++) {
        loop_turn(loop, LOOP_POLL);
        nanosleep(&(struct timespec){.tv_nsec = DRAIN_PAUSE_NS}, NULL);
    }
}

void role_end(role_t *role)
{
    static const role_events_t nothing_more = {0};
    role->events = &nothing_more; /* links that close now tell nobody */
    if (role->server)
        bus_server_close(role->server);
    role->server = NULL;
    if (role->batched)
        loop_timer_stop(&role->batch);
    if (role->loop) {
        role_drain(role->loop);
        log_write(LOG_INFO, LOG_EVENT_PROCESS_STOPPED, NULL, "stopped in order", NULL, 0);
        loop_destroy(role->loop);
        role->loop = NULL;
    }
    log_close();
    if (role->config)
        config_close(role->config);
    role->config = NULL;
    free(role->reply);
    role->reply = NULL;
    if (role->lock.descriptor >= 0)
        file_lock_drop(&role->lock);
}

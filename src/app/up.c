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
#include "core/base/time.h"

enum { TICK_MS = 50, PACE_WATCHED = 8 };

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
    up->exit_code = up_start_children(up);
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

int app_up_main(int argc, char **argv)
{
    static char program[UP_PATH_MAX];
    process_end_signal_hold(); /* first of all: whoever ends this early gets the summary too */
    up_t *up = calloc(1, sizeof *up);
    int code = EXIT_FAILED;
    if (!up)
        return EXIT_FAILED;
    switch (up_read_options(up, argc, argv)) {
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
    if (!up_options_are_well(up)) {
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

/* cli_status.c: `patriot status` and `patriot doctor`: the state of the whole. */
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/cli_status_all.h"
#include "app/up.h"
#include "core/base/time.h"
#include "edge/bus/bus_call.h"
#include "edge/json/json_reader.h"
#include "edge/store/file.h"

enum { CALL_TIMEOUT_MS = 2000 };

static const char *const vital[] = {"signer", "watchdog", "monitor"};

typedef struct {
    pid_t pid;
    bool answers;
    bus_call_reply_t health;
    char state[32];
} role_state_t;

static void look_at(const char *data, const char *role, role_state_t *state)
{
    *state = (role_state_t){0};
    (void)file_lock_holder(data, role, &state->pid);
    state->answers = bus_call_health(data, role, CALL_TIMEOUT_MS * NS_PER_MS, &state->health) == RESULT_OK;
    str_t json = {state->health.text, state->health.length};
    if (!state->answers)
        snprintf(state->state, sizeof state->state, "%s", state->pid > 0 ? "silent" : "down");
    else
        (void)cli_json_member(json, "state", state->state, sizeof state->state);
}

static int verdict_of(const role_state_t states[CLI_ROLES])
{
    int verdict = EXIT_WELL;
    for (size_t i = 0; i < CLI_ROLES; i++) {
        bool is_vital = false;
        for (size_t k = 0; k < sizeof vital / sizeof vital[0]; k++)
            is_vital = is_vital || strcmp(vital[k], cli_roles[i]) == 0;
        if (is_vital && !states[i].answers)
            return 2;
        if (states[i].answers && strcmp(states[i].state, "ok") != 0)
            verdict = EXIT_FAILED;
    }
    return verdict;
}

/* What `up` noted when it ended by itself; empty when it runs or was stopped. */
static void read_end(const char *data, const role_state_t states[CLI_ROLES], char text[160])
{
    char path[FILE_PATH_MAX];
    size_t length = 0;
    if (states[0].pid != 0 || file_path_join(data, UP_END_FILE, path, sizeof path) != RESULT_OK ||
        file_read_whole(path, text, 159, &length) != RESULT_OK)
        length = 0;
    text[length] = '\0';
    text[strcspn(text, "\n")] = '\0';
}

/* `all`: NULL for the table alone. */
static void print_table(const char *data, const role_state_t states[CLI_ROLES], const status_all_t *all)
{
    for (size_t i = 0; i < CLI_ROLES; i++) {
        str_t json = {states[i].health.text, states[i].health.length};
        char uptime[32] = "", memory[32] = "", version[32] = "";
        uint64_t uptime_ms = 0, rss = 0;
        (void)cli_json_member(json, "version", version, sizeof version);
        if (cli_json_member(json, "uptime_ms", uptime, sizeof uptime))
            (void)str_to_u64(str_from(uptime), &uptime_ms);
        if (cli_json_member(json, "rss_bytes", memory, sizeof memory))
            (void)str_to_u64(str_from(memory), &rss);
        if (states[i].pid == 0 && !states[i].answers) {
            printf("  %-10s down\n", cli_roles[i]);
            continue;
        }
        printf("  %-10s %-9s pid %-8d up %6llu s  memory %5.1f MiB  %s\n", cli_roles[i], states[i].state, (int)states[i].pid,
               (unsigned long long)(uptime_ms / 1000), (double)rss / 1048576.0, version);
        if (all && states[i].answers)
            status_all_print_role(all, cli_roles[i], json);
    }
    char end[160];
    read_end(data, states, end);
    if (end[0] != '\0')
        printf("  %s\n", end);
    if (all)
        status_all_print_trading(all, data);
}

static void print_json(const char *data, const role_state_t states[CLI_ROLES], const status_all_t *all, int verdict)
{
    printf("{\"verdict\":%d,\"roles\":{", verdict);
    for (size_t i = 0; i < CLI_ROLES; i++)
        printf("%s\"%s\":{\"pid\":%d,\"state\":\"%s\",\"health\":%s}", i ? "," : "", cli_roles[i], (int)states[i].pid,
               states[i].state, states[i].answers ? states[i].health.text : "null");
    printf("}");
    if (all)
        status_all_print_json(all, data);
    printf("}\n");
}

int cli_status_main(int argc, char **argv)
{
    bool all = false;
    const argument_t more[] = {{"all", ARGUMENT_FLAG, &all, NULL, "every check, and how trading stands"}};
    const cli_command_t command = {.command = "patriot status",
                                   .usage = "[options]",
                                   .about = "The state of every process. Exit 0 well, 1 degraded, 2 down.",
                                   .json_help = "as JSON",
                                   .more = more,
                                   .more_count = 1};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    role_state_t states[CLI_ROLES];
    for (size_t i = 0; i < CLI_ROLES; i++)
        look_at(words.data, cli_roles[i], &states[i]);
    int verdict = verdict_of(states);
    status_all_t whole = {0};
    if (all)
        status_all_ask(words.data, &whole);
    if (words.json)
        print_json(words.data, states, all ? &whole : NULL, verdict);
    else
        print_table(words.data, states, all ? &whole : NULL);
    status_all_free(&whole);
    for (size_t i = 0; i < CLI_ROLES; i++)
        bus_call_reply_free(&states[i].health);
    return verdict;
}

/* --- doctor ----------------------------------------------------------------------------------- */

static int tell(const char *what, bool good, const char *fix)
{
    printf("  %-4s %s%s%s\n", good ? "ok" : "FAIL", what, good ? "" : ": ", good ? "" : fix);
    return good ? 0 : 1;
}

int cli_doctor_main(int argc, char **argv)
{
    const cli_command_t command = {.command = "patriot doctor",
                                   .usage = "[options]",
                                   .about =
                                       "Checks what the system needs; each line says what was tried and, on failure, the fix."};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    int failed = 0;
    struct statvfs disk;
    failed += tell("data folder can be written", access(words.data, W_OK) == 0, "make it, or choose another with --data");
    failed +=
        tell("1 GiB of disk free", statvfs(words.data, &disk) == 0 && (double)disk.f_bavail * (double)disk.f_frsize > 1073741824.0,
             "free some space: the journal is preallocated");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    failed += tell("the clock shows a sane date", now.tv_sec > 1767225600, "set the system clock (ntp)");
    for (size_t i = 1; i < CLI_ROLES; i++) {
        role_state_t state;
        char text[96];
        look_at(words.data, cli_roles[i], &state);
        snprintf(text, sizeof text, "%s answers (%s)", cli_roles[i], state.state);
        failed += tell(text, state.answers, "start it: ./start_patriot.sh, or look into its log");
        bus_call_reply_free(&state.health);
    }
    bus_call_reply_t reply = {0};
    char text[32] = "";
    bool asked = bus_call(words.data, "watchdog", "view", 0, NULL, CALL_TIMEOUT_MS * NS_PER_MS, &reply) == RESULT_OK &&
                 cli_json_member((str_t){reply.text, reply.length}, "reconciled", text, sizeof text);
    failed += tell("books are reconciled with the exchange", asked && strcmp(text, "true") == 0,
                   "see reconcile_difference in logs/watchdog.log");
    bus_call_reply_free(&reply);
    return failed == 0 ? EXIT_WELL : EXIT_FAILED;
}

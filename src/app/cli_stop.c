/* cli_stop.c: `patriot stop`: ends all processes in order. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/cli.h"
#include "core/base/time.h"
#include "edge/store/file.h"

enum { STOP_PATIENCE_S = 40 };

static bool somebody_lives(const char *data, pid_t *pid, const char **role)
{
    for (size_t i = 0; i < CLI_ROLES; i++) {
        if (file_lock_holder(data, cli_roles[i], pid) == RESULT_OK && *pid > 0) {
            *role = cli_roles[i];
            return true;
        }
    }
    return false;
}

/* cancel-entry or close, of one trade's number or "all". */
static int wish(const char *data, const char *command, const char *which)
{
    bus_call_reply_t reply = {0};
    int status = cli_ask("patriot stop", data, "watchdog", command, 1, &which, &reply);
    if (status != EXIT_WELL && reply.text)
        (void)cli_print_error("patriot stop", (str_t){reply.text, reply.length});
    bus_call_reply_free(&reply);
    return status == EXIT_WELL ? EXIT_WELL : EXIT_FAILED;
}

static void choose_one_by_one(const char *data)
{
    char line[64];
    for (;;) {
        printf("number of the trade (see `patriot order SYMBOL get-orders`), with c to cancel its entry or x to close it, e.g. "
               "\"12 x\"; empty line ends\n> ");
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin))
            return;
        char *what = line + strcspn(line, " \n");
        if (what == line)
            return;
        bool close = strcmp(what, " x\n") == 0;
        *what = '\0';
        uint64_t trade = 0;
        if (str_to_u64(str_from(line), &trade) != RESULT_OK || (!close && strcmp(what + 1, "c\n") != 0)) {
            printf("a number, and c or x, please\n");
            continue;
        }
        (void)wish(data, close ? "close" : "cancel-entry", line);
    }
}

/* The interactive stop: what becomes of entries and positions. End of input keeps everything. */
static int ask_what_to_keep(const char *data)
{
    char answer[64];
    printf("What becomes of the orders?\n  k  keep all (default)\n  c  cancel the unfilled entries\n  x  cancel the entries and "
           "close every position\n  o  choose one by one\n> ");
    fflush(stdout);
    if (!fgets(answer, sizeof answer, stdin))
        return EXIT_WELL;
    int status = answer[0] == 'c' || answer[0] == 'x' ? wish(data, "cancel-entry", "all") : EXIT_WELL;
    if (answer[0] == 'x' && status == EXIT_WELL)
        status = wish(data, "close", "all");
    if (answer[0] == 'o')
        choose_one_by_one(data);
    return status;
}

/* The supervisor ends the others in order; without one each is asked, the exchange last. */
static void ask_to_end(const char *data)
{
    pid_t pid = 0;
    if (file_lock_holder(data, "up", &pid) == RESULT_OK && pid > 0) {
        (void)kill(pid, SIGTERM);
        return;
    }
    for (size_t i = CLI_ROLES; i-- > 1;) {
        if (file_lock_holder(data, cli_roles[i], &pid) == RESULT_OK && pid > 0)
            (void)kill(pid, SIGTERM);
    }
}

int cli_stop_main(int argc, char **argv)
{
    bool interactive = false;
    const argument_t more[] = {
        {"ask", ARGUMENT_FLAG, &interactive, NULL, "ask first: keep all, cancel entries, close all, choose one by one"}};
    const cli_command_t command = {.command = "patriot stop",
                                   .usage = "[options]",
                                   .about = "Ends all processes in order. Orders, stops and targets stay at the exchange.",
                                   .more = more,
                                   .more_count = 1};
    cli_words_t words;
    int code = 0;
    if (!cli_take(&command, argc, argv, &words, &code))
        return code;
    pid_t pid = 0;
    const char *role = NULL;
    if (!somebody_lives(words.data, &pid, &role)) {
        printf("nothing runs in %s\n", words.data);
        return EXIT_WELL;
    }
    if (interactive && ask_what_to_keep(words.data) != EXIT_WELL) {
        fprintf(stderr, "patriot stop: the watchdog did not take the wish; nothing was stopped\n");
        return EXIT_FAILED;
    }
    ask_to_end(words.data);
    for (int waited_ms = 0; waited_ms < STOP_PATIENCE_S * 1000; waited_ms += 50) {
        if (!somebody_lives(words.data, &pid, &role)) {
            printf("stopped\n");
            return EXIT_WELL;
        }
        nanosleep(&(struct timespec){.tv_nsec = 50 * NS_PER_MS}, NULL);
    }
    fprintf(stderr, "patriot stop: %s (pid %d) still runs after %d s\n", role, (int)pid, STOP_PATIENCE_S);
    return EXIT_FAILED;
}

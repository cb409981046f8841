/* up_background.c: `patriot up --background`: the system in a process of its own, and the one before it that waits until it stands.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/cli.h"
#include "app/up_state.h"
#include "core/base/time.h"
#include "edge/bus/bus_call.h"
#include "edge/observe/process.h"

#define BACKGROUND_OUTPUT "%s/logs/up.out"

enum { BACKGROUND_PATIENCE_S = 20 };

/* The parent of --background: goes when the system is up, or says why it is not. */
static int wait_for_background(const char *data, pid_t child, int64_t output_from)
{
    int end = 0;
    bool ended = false;
    for (int waited_ms = 0; waited_ms < BACKGROUND_PATIENCE_S * 1000; waited_ms += 100) {
        bus_call_reply_t reply = {0};
        char state[16] = "";
        result_t result = bus_call_health(data, "up", NS_PER_S, &reply);
        bool ready = result == RESULT_OK && reply.pid == (uint32_t)child &&
                     cli_json_member((str_t){reply.text, reply.length}, "state", state, sizeof state) && strcmp(state, "ok") == 0;
        bus_call_reply_free(&reply);
        if (ready) {
            printf("patriot runs in the background (pid %d, data in %s); `patriot status --all` looks, `patriot stop` ends it\n",
                   (int)child, data);
            return EXIT_WELL;
        }
        int held = process_end_signal_take();
        if (held != 0)
            (void)kill(child, held); /* it is the one that can end in order */
        ended = waitpid(child, &end, WNOHANG) != 0;
        if (ended)
            break;
        usleep(100000);
    }
    char path[UP_PATH_MAX], text[LAST_LINES_MAX] = "";
    snprintf(path, sizeof path, BACKGROUND_OUTPUT, data);
    last_lines_read(path, output_from, text);
    fprintf(stderr, "%s", text);
    if (!ended || WEXITSTATUS(end) != EXIT_LOCKED_OUT)
        fprintf(stderr, "patriot up: it did not come up; see %s/logs\n", data);
    return ended && WIFEXITED(end) && WEXITSTATUS(end) != EXIT_WELL ? WEXITSTATUS(end) : EXIT_FAILED;
}

bool up_go_to_background(up_t *up, const char *data, int *code)
{
    char path[UP_PATH_MAX];
    snprintf(path, sizeof path, BACKGROUND_OUTPUT, data);
    int64_t output_from = last_lines_end(path);
    fflush(NULL);
    pid_t child = fork();
    if (child != 0) {
        *code = child < 0 ? EXIT_FAILED : wait_for_background(data, child, output_from);
        return false;
    }
    (void)setsid();
    snprintf(path, sizeof path, "%s/logs", data);
    (void)file_folder_make(path);
    snprintf(path, sizeof path, BACKGROUND_OUTPUT, data);
    if (!freopen("/dev/null", "r", stdin) || !freopen(path, "a", stdout) || !freopen(path, "a", stderr)) {
        *code = EXIT_FAILED;
        return false;
    }
    up->plain = true;
    return true;
}

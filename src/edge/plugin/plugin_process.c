/* plugin_process.c: see plugin_process.h. */
#include "edge/plugin/plugin_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "core/base/time.h"

enum { WALL_TIMES = 10, DESCRIPTOR_FREE = 16 /* above those that the process will have */ };

/* --- starting --------------------------------------------------------------------------------- */

/* Nothing of ours but the three descriptors (all others are close-on-exec); no environment, so no secret and no LD_PRELOAD. */
static int spawn(const char *program, const int descriptors[3], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    char *words[] = {(char[]){"patriot"}, (char[]){"plugin-host"}, NULL}, *nothing[] = {NULL};
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) {
        return error;
    }
    for (int i = 0; i < 3 && error == 0; i++) {
        error = posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
    }
    for (int i = 0; i < 3 && error == 0; i++) {
        error = posix_spawn_file_actions_adddup2(&actions, descriptors[i], PLUGIN_BELL + i);
    }
    (void)posix_spawnattr_init(&attributes);
    (void)sigemptyset(&none);
    (void)sigemptyset(&usual);
    for (int number = 1; number < 32; number++) {
        if (number != SIGKILL && number != SIGSTOP) {
            (void)sigaddset(&usual, number);
        }
    }
    (void)posix_spawnattr_setsigmask(&attributes, &none);
    (void)posix_spawnattr_setsigdefault(&attributes, &usual);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = error == 0 ? posix_spawn(pid, program, &actions, &attributes, words, nothing) : error;
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A copy of a descriptor that dup2 to the low ones cannot overwrite; the original is closed. */
static int lift(int descriptor)
{
    const int high = descriptor >= 0 ? fcntl(descriptor, F_DUPFD_CLOEXEC, DESCRIPTOR_FREE) : -1;
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return high;
}

static void close_all(const int *descriptors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (descriptors[i] >= 0) {
            (void)close(descriptors[i]);
        }
    }
}

result_t plugin_process_start(plugin_process_t *process, const char *program, int file)
{
    int pair[2] = {-1, -1};
    *process = (plugin_process_t){.bell = -1};
    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
    const int memory = lift((int)syscall(SYS_memfd_create, "patriot-plugin", 1u /* MFD_CLOEXEC */));
    const int theirs[3] = {lift(pair[1]), memory, fcntl(file, F_DUPFD_CLOEXEC, DESCRIPTOR_FREE)};
    process->bell = lift(pair[0]);
    bool well = process->bell >= 0 && theirs[0] >= 0 && theirs[1] >= 0 && theirs[2] >= 0 &&
                ftruncate(memory, (off_t)sizeof(plugin_window_t)) == 0;
    if (well) {
        void *window = mmap(NULL, sizeof(plugin_window_t), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
        process->window = window != MAP_FAILED ? window : NULL;
        well = process->window != NULL && spawn(program, theirs, &process->pid) == 0;
    }
    close_all(theirs, 3);
    if (!well) {
        process->pid = 0;
        plugin_process_end(process);
    }
    return well ? RESULT_OK : RESULT_IO;
}

/* --- asking ----------------------------------------------------------------------------------- */

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void tell_end(const plugin_process_t *process, char loss[PLUGIN_LOSS_MAX])
{
    int status = 0;
    (void)kill(process->pid, SIGKILL); /* a closed bell does not mean that it has ended */
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR) {}
    if (WIFEXITED(status)) {
        (void)snprintf(loss, PLUGIN_LOSS_MAX, "ended its process with exit code %d", WEXITSTATUS(status));
    } else if (WTERMSIG(status) == SIGKILL) {
        (void)snprintf(loss, PLUGIN_LOSS_MAX, "was killed, or closed its connection");
    } else {
        (void)snprintf(loss, PLUGIN_LOSS_MAX, "was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
}

/* RESULT_OK: something has come on the bell, or its end. */
static result_t await(const plugin_process_t *process, int64_t deadline_ns)
{
    clockid_t clock = CLOCK_MONOTONIC;
    const bool counted = clock_getcpuclockid(process->pid, &clock) == 0;
    const int64_t used_ns = clock_ns(clock), wall_ns = clock_ns(CLOCK_MONOTONIC);
    const int slice_ms = (int)((deadline_ns + NS_PER_MS - 1) / NS_PER_MS);
    for (;;) {
        struct pollfd bell = {.fd = process->bell, .events = POLLIN};
        const int ready = poll(&bell, 1, slice_ms);
        if (ready > 0) {
            return RESULT_OK;
        }
        const int64_t wall_past_ns = clock_ns(CLOCK_MONOTONIC) - wall_ns;
        const int64_t used_past_ns = counted ? clock_ns(clock) - used_ns : wall_past_ns;
        if (used_past_ns >= deadline_ns || wall_past_ns >= WALL_TIMES * deadline_ns) {
            return RESULT_TIMEOUT;
        }
    }
}

result_t plugin_process_ask(plugin_process_t *process, plugin_op_t op, int64_t deadline_ns, char loss[PLUGIN_LOSS_MAX])
{
    ASSERT(process->pid > 0 && deadline_ns > 0);
    uint8_t answer = 0;
    const uint8_t turn = ++process->turn;
    process->window->op = op;
    result_t result = send(process->bell, &turn, 1, MSG_NOSIGNAL) == 1 ? await(process, deadline_ns) : RESULT_CLOSED;
    if (result == RESULT_OK && (recv(process->bell, &answer, 1, MSG_DONTWAIT) != 1 || answer != turn)) {
        result = RESULT_CLOSED;
    }
    if (result == RESULT_OK) {
        return RESULT_OK;
    }
    if (result == RESULT_TIMEOUT) {
        (void)snprintf(loss, PLUGIN_LOSS_MAX, "gave no answer within %lld ms", (long long)(deadline_ns / NS_PER_MS));
    } else {
        tell_end(process, loss);
        process->pid = 0;
    }
    plugin_process_end(process);
    return result;
}

void plugin_process_end(plugin_process_t *process)
{
    if (process->pid > 0) {
        (void)kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    if (process->window != NULL) {
        (void)munmap(process->window, sizeof(plugin_window_t));
    }
    if (process->bell >= 0) {
        (void)close(process->bell);
    }
    *process = (plugin_process_t){.bell = -1};
}

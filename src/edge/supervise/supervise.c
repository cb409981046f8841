/* supervise.c: see supervise.h. */
#include "edge/supervise/supervise.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PAUSE_FIRST_MS = 100,
    PAUSE_LONGEST_MS = 5000,
    STEADY_MS = 10000,
    CRASH_WINDOW_MS = 600000,
    CRASH_LOOP = 3,
    ADOPTED_POLL_MS = 200,
};

static void start_again(uv_timer_t *timer);
static void poll_adopted(uv_timer_t *timer);

static void report(child_t *child)
{
    if (child->owner->on_change)
        child->owner->on_change(child->owner, child, child->owner->context);
}

static bool was_crash(const child_t *child)
{
    if (child->exit_signal == SIGKILL || child->exit_signal == SIGTERM)
        return false;
    return child->exit_signal != 0 || child->exit_status != 0;
}

static void count_crash(child_t *child, uint64_t now_ms)
{
    if (now_ms - child->crash_window_ms > CRASH_WINDOW_MS) {
        child->crash_window_ms = now_ms;
        child->crashes = 0;
    }
    child->crashes++;
    child->crash_looping = child->crashes >= CRASH_LOOP;
}

/* Decides what follows the end of a process: nothing, or a start after a pause. */
static void after_end(child_t *child)
{
    uint64_t now_ms = uv_now(child->owner->loop);
    child->pid = 0;
    if (!child->wanted) {
        uv_timer_stop(&child->timer);
        child->state = CHILD_ENDED;
        report(child);
        return;
    }
    if (was_crash(child)) {
        count_crash(child, now_ms);
        child->pause_ms = now_ms - child->started_ms > STEADY_MS ? PAUSE_FIRST_MS : child->pause_ms * 2;
        if (child->pause_ms > PAUSE_LONGEST_MS)
            child->pause_ms = PAUSE_LONGEST_MS;
    } else {
        child->pause_ms = PAUSE_FIRST_MS;
    }
    child->state = CHILD_WAITING;
    report(child);
    if (child->state != CHILD_WAITING)
        return; /* the owner has given it up */
    child->restarts++;
    uv_timer_start(&child->timer, start_again, child->pause_ms, 0);
}

static void on_exit(uv_process_t *process, int64_t status, int signal_number)
{
    child_t *child = process->data;
    child->exit_status = (int)status;
    child->exit_signal = signal_number;
    uv_close((uv_handle_t *)process, NULL);
    after_end(child);
}

static result_t spawn(child_t *child)
{
    int output = child->output_path ? open(child->output_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    uv_stdio_container_t stdio[3] = {{.flags = UV_IGNORE}, {.flags = UV_IGNORE}, {.flags = UV_IGNORE}};
    if (output >= 0) {
        stdio[1] = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = output};
        stdio[2] = stdio[1];
        child->output_from = lseek(output, 0, SEEK_END);
    }
    char *arguments[SUPERVISE_ARGUMENTS_MAX + 1];
    memcpy(arguments, child->arguments, sizeof arguments);
    uv_process_options_t options = {
        .exit_cb = on_exit,
        .file = child->arguments[0],
        .args = arguments,
        .flags = UV_PROCESS_DETACHED, /* a group of its own: Ctrl-C on the terminal is for us alone */
        .stdio_count = 3,
        .stdio = stdio,
    };
    memset(&child->process, 0, sizeof child->process);
    child->process.data = child;
    int error = uv_spawn(child->owner->loop, &child->process, &options);
    if (output >= 0)
        close(output);
    if (error != 0) {
        uv_close((uv_handle_t *)&child->process, NULL);
        return RESULT_IO;
    }
    child->pid = child->process.pid;
    child->state = CHILD_RUNNING;
    child->started_ms = uv_now(child->owner->loop);
    report(child);
    return RESULT_OK;
}

static void start_again(uv_timer_t *timer)
{
    child_t *child = timer->data;
    if (child->wanted && spawn(child) != RESULT_OK)
        uv_timer_start(&child->timer, start_again, PAUSE_LONGEST_MS, 0);
}

/* A process that has ended while nobody waits for it keeps its number: in a container without an init, for ever. */
static bool lives(int pid)
{
    char path[32], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int descriptor = kill(pid, 0) == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return kill(pid, 0) == 0;
    ssize_t length = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    text[length > 0 ? length : 0] = '\0';
    const char *name_end = strrchr(text, ')'); /* "pid (name) state ..." */
    return !name_end || (name_end[1] != '\0' && name_end[2] != 'Z' && name_end[2] != 'X');
}

static void poll_adopted(uv_timer_t *timer)
{
    child_t *child = timer->data;
    if (lives(child->pid)) {
        if (child->kill_at_ms > 0 && uv_now(child->owner->loop) > child->kill_at_ms)
            kill(child->pid, SIGKILL);
        return;
    }
    uv_timer_stop(timer);
    child->exit_status = 0;
    child->exit_signal = SIGKILL; /* unknown: it was not ours to wait for */
    after_end(child);
}

void supervise_init(supervisor_t *supervisor, uv_loop_t *loop)
{
    memset(supervisor, 0, sizeof *supervisor);
    supervisor->loop = loop;
}

child_t *supervise_add(supervisor_t *supervisor, const char *role, const char *output_path)
{
    if (supervisor->count == SUPERVISE_CHILDREN_MAX)
        return NULL;
    child_t *child = &supervisor->children[supervisor->count++];
    child->owner = supervisor;
    child->role = role;
    child->output_path = output_path;
    child->pause_ms = PAUSE_FIRST_MS;
    uv_timer_init(supervisor->loop, &child->timer);
    child->timer.data = child;
    return child;
}

result_t supervise_start(child_t *child, int running_pid)
{
    child->wanted = true;
    if (running_pid > 0) {
        child->pid = running_pid;
        child->state = CHILD_ADOPTED;
        child->started_ms = uv_now(child->owner->loop);
        report(child);
        uv_timer_start(&child->timer, poll_adopted, ADOPTED_POLL_MS, ADOPTED_POLL_MS);
        return RESULT_OK;
    }
    return spawn(child);
}

static void lose_patience(uv_timer_t *timer)
{
    child_t *child = timer->data;
    if (child->pid > 0)
        kill(child->pid, SIGKILL);
}

void supervise_stop(child_t *child, uint64_t patience_ms)
{
    child->wanted = false;
    if (child->pid <= 0) {
        uv_timer_stop(&child->timer);
        child->state = CHILD_ENDED;
        return;
    }
    kill(child->pid, SIGTERM);
    if (child->state == CHILD_ADOPTED) { /* its poll goes on and sees the end; patience is counted there */
        child->kill_at_ms = uv_now(child->owner->loop) + patience_ms;
        return;
    }
    child->state = CHILD_STOPPING;
    uv_timer_start(&child->timer, lose_patience, patience_ms, 0);
}

bool supervise_is_down(const child_t *child)
{
    return child->pid <= 0;
}

child_t *supervise_find(supervisor_t *supervisor, const char *role)
{
    for (uint32_t i = 0; i < supervisor->count; i++) {
        if (strcmp(supervisor->children[i].role, role) == 0)
            return &supervisor->children[i];
    }
    return NULL;
}

void supervise_close(supervisor_t *supervisor)
{
    for (uint32_t i = 0; i < supervisor->count; i++)
        uv_close((uv_handle_t *)&supervisor->children[i].timer, NULL);
}

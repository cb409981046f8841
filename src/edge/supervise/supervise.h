/* supervise.h: keeps a set of child processes running.
 *
 * A child that ends is started again after a pause that doubles from 100 ms to 5 s and falls back once it has run for 10 s. A child
 * killed from outside (SIGKILL, SIGTERM) comes back after the shortest pause; one that crashes (SIGABRT, SIGSEGV, exit code) three
 * times in ten minutes is marked crash_looping, and the owner's callback may change its arguments before it comes back, or give it
 * up with supervise_stop. A role whose lock is held by a living process from an earlier start is adopted: watched by its pid,
 * restarted by us once it is gone. Children outlive us: nothing kills them when we die.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "core/base/result.h"

enum { SUPERVISE_CHILDREN_MAX = 8, SUPERVISE_ARGUMENTS_MAX = 160 /* 64 repeated options and room */ };

typedef enum { CHILD_IDLE, CHILD_RUNNING, CHILD_ADOPTED, CHILD_WAITING, CHILD_STOPPING, CHILD_ENDED } child_state_t;

typedef struct supervisor supervisor_t;

typedef struct {
    supervisor_t *owner;
    const char *role;                                   /* borrowed */
    const char *arguments[SUPERVISE_ARGUMENTS_MAX + 1]; /* borrowed; [0] is the program; NULL-terminated */
    const char *output_path;                            /* borrowed: where stdout and stderr go, appended */
    child_state_t state;
    bool wanted;
    int pid;
    uint32_t restarts;
    uint32_t crashes; /* within the window that began at crash_window_ms */
    bool crash_looping;
    uint64_t crash_window_ms;
    uint64_t started_ms;
    uint64_t pause_ms;
    uint64_t kill_at_ms; /* adopted and asked to end: when patience is over */
    int64_t output_from; /* where in output_path the words of the last start begin */
    int exit_status;     /* of the last end */
    int exit_signal;
    uv_process_t process;
    uv_timer_t timer; /* restart pause, or the pid poll of an adopted child */
} child_t;

struct supervisor {
    uv_loop_t *loop; /* borrowed */
    uint32_t count;
    child_t children[SUPERVISE_CHILDREN_MAX];
    void (*on_change)(supervisor_t *supervisor, child_t *child, void *context); /* after a start and after an end; may be NULL */
    void *context;
};

void supervise_init(supervisor_t *supervisor, uv_loop_t *loop);

/* Adds a role; nothing starts yet. NULL when SUPERVISE_CHILDREN_MAX is reached. */
child_t *supervise_add(supervisor_t *supervisor, const char *role, const char *output_path);

/* Starts it and keeps it running. `running_pid` > 0: adopt that process instead. RESULT_IO when the program cannot be started. */
result_t supervise_start(child_t *child, int running_pid);

/* Ends it for good: TERM now; KILL after `patience_ms`. */
void supervise_stop(child_t *child, uint64_t patience_ms);

/* True when the role has no living process. */
bool supervise_is_down(const child_t *child);

child_t *supervise_find(supervisor_t *supervisor, const char *role);

/* Closes timers so that the loop can end. Children keep running. */
void supervise_close(supervisor_t *supervisor);

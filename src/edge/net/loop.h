/* loop.h: the one event loop of a process, over libuv, with a clock that tests can hold in their hand.
 *
 * Everything a process does happens in turns: wait for something, handle all that is ready, flush what was written (stream.h), look
 * whether there is more. Timers carry absolute nanosecond deadlines on the loop's monotonic clock; on Linux they are driven by one
 * timerfd, so they are not rounded to milliseconds. With LOOP_CLOCK_VIRTUAL time stands still until loop_clock_advance moves it;
 * sockets stay real. That is how deadlines, back-off and idle connections are tested without sleeping.
 *
 * Nothing here locks: a loop and all that hangs on it belong to one thread. Timers and tasks are structs of the caller (intrusive),
 * so starting one allocates nothing and cannot fail.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/result.h"
#include "core/base/time.h"

typedef struct loop loop_t;

typedef enum {
    LOOP_CLOCK_REAL,    /* CLOCK_MONOTONIC and the wall clock */
    LOOP_CLOCK_VIRTUAL, /* both stand still until loop_clock_advance */
} loop_clock_t;

typedef struct {
    loop_clock_t clock;
    int64_t virtual_wall_ns; /* UTC at the start of a virtual clock (its monotonic side starts at 1 s); ignored by the real one */
} loop_options_t;

/* RESULT_IO when the system has no file descriptors left. Owner: loop_destroy, after everything that uses the loop is closed. */
result_t loop_create(const loop_options_t *options, loop_t **out);

/* Runs pending close callbacks, then frees. Streams, listeners and timers still open are a programming error and assert. */
void loop_destroy(loop_t *loop);

/* Turns until loop_stop. Returns at once when loop_stop was called before. */
void loop_run(loop_t *loop);

/* Ends loop_run after the present turn; may be called in any callback (also of a signal). */
void loop_stop(loop_t *loop);

typedef enum {
    LOOP_POLL, /* handle what is ready, never wait */
    LOOP_WAIT, /* wait until something is ready (virtual clock: I/O only), then handle it */
} loop_wait_t;

/* One turn; for tests and for owners with an outer loop of their own. */
void loop_turn(loop_t *loop, loop_wait_t wait);

/* Monotonic nanoseconds, > 0, read once a turn and again on loop_now_fresh_ns. Deadlines below are on this clock. */
int64_t loop_now_ns(const loop_t *loop);
int64_t loop_now_fresh_ns(loop_t *loop);

/* UTC nanoseconds since 1970, read from the system at each call (virtual clock: its own). May jump; never use it for deadlines. */
int64_t loop_wall_ns(const loop_t *loop);

/* Virtual clock only (asserts): moves time on by delta_ns >= 0 and fires the timers due on the way, each at its own deadline, in
 * order of (deadline, order of starting). */
void loop_clock_advance(loop_t *loop, int64_t delta_ns);

/* The earliest deadline of a running timer, INT64_MAX when none runs. */
int64_t loop_next_deadline_ns(const loop_t *loop);

/* --- timers ----------------------------------------------------------------------------------- */

static const int64_t LOOP_COARSE_NS = 50 * NS_PER_MS;

typedef struct loop_timer loop_timer_t;
typedef void loop_timer_fn(loop_timer_t *timer, void *context);

/* Owned by the caller, zeroed or initialised before use; must be stopped before its memory goes away. Fields are private. */
struct loop_timer {
    loop_t *loop;
    loop_timer_fn *fire;
    void *context;
    int64_t deadline_ns;
    uint64_t order; /* ties fire in the order of starting */
    loop_timer_t *child, *next, *previous;
    bool running;
};

void loop_timer_init(loop_timer_t *timer, loop_t *loop, loop_timer_fn *fire, void *context);

/* (Re)starts it; a deadline in the past fires in this or the next turn, never inside this call. One-shot. */
void loop_timer_start_at(loop_timer_t *timer, int64_t deadline_ns);
void loop_timer_start_in(loop_timer_t *timer, int64_t delay_ns); /* from now, read afresh */

/* The deadline is put off to the next whole LOOP_COARSE_NS: for time limits of which thousands may run, so that they end together
 * and do not each wake the loop. */
void loop_timer_start_coarse_in(loop_timer_t *timer, int64_t delay_ns);
int64_t loop_coarse_ns(int64_t time_ns);   /* time_ns, or the next whole LOOP_COARSE_NS after it */
void loop_timer_stop(loop_timer_t *timer); /* no effect when it is not running */

/* --- once a turn ------------------------------------------------------------------------------ */

typedef struct loop_task loop_task_t;
typedef void loop_task_fn(void *context);

/* Work put off to the end of the turn, e.g. "write what this turn has queued". Owned by the caller; fields are private. */
struct loop_task {
    loop_task_fn *run;
    void *context;
    loop_task_t *next, *previous; /* NULL while not queued */
};

void loop_task_init(loop_task_t *task, loop_task_fn *run, void *context);
void loop_defer(loop_t *loop, loop_task_t *task); /* runs once at the end of this turn; queueing it twice is the same as once */
void loop_defer_next(loop_t *loop, loop_task_t *task); /* at the end of the next turn, which does not wait for anything */
void loop_task_cancel(loop_task_t *task);
bool loop_task_waits(const loop_task_t *task); /* is it to run yet? */

/* --- drained ---------------------------------------------------------------------------------- */

/* `drained` is called when something was handled and a further look, without waiting, found nothing else ready: the process is idle
 * and everything it wrote has been handed to the kernel or waits for a slow peer. One callback a loop; NULL removes it. */
void loop_on_drained(loop_t *loop, loop_task_fn *drained, void *context);

/* Tells the loop that work was done that it cannot see (a ring polled by hand, a descriptor of another library). */
void loop_note_activity(loop_t *loop);

/* --- signals and descriptors ------------------------------------------------------------------ */

typedef void loop_signal_fn(loop_t *loop, int signal_number, void *context);

/* SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGWINCH; called in a turn, not in a signal handler. One callback a
 * signal; a second registration replaces the first. SIGPIPE is ignored for the whole process by loop_create. */
result_t loop_on_signal(loop_t *loop, int signal_number, loop_signal_fn *received, void *context);

enum { LOOP_READABLE = 1, LOOP_WRITABLE = 2 };
typedef struct loop_watch loop_watch_t;
typedef void loop_watch_fn(loop_watch_t *watch, int events, void *context); /* events: LOOP_READABLE | LOOP_WRITABLE */

/* Watches a descriptor that the caller owns (a terminal, a pipe of a child). Level-triggered; an error or hang-up shows as
 * readable. events 0 watches nothing until loop_watch_change. RESULT_IO when the kernel refuses (regular files cannot be watched),
 * RESULT_FULL without memory. */
result_t loop_watch_start(loop_t *loop, int descriptor, int events, loop_watch_fn *ready, void *context, loop_watch_t **out);
void loop_watch_change(loop_watch_t *watch, int events);
void loop_watch_stop(loop_watch_t *watch); /* frees it; close the descriptor only after this */

/* The uv_loop_t inside, for rooms that need what is not wrapped here. */
void *loop_uv(loop_t *loop);

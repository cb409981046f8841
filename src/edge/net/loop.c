/* loop.c: turns, timers, deferred work and the moment of being drained, over libuv.
 *
 * A turn of libuv is: prepare, poll (wait, then the callbacks of what is ready), check, close callbacks. Deferred tasks run in
 * prepare and check, so nothing written in a turn waits for the next event. Due timers fire in check, after the I/O of the turn:
 * data that came in time counts as in time even when its deadline passed in the same turn.
 *
 * Timers stand in a heap (timer_heap.h). One timerfd wakes the loop; it is set again only when an earlier deadline than the one it
 * stands at comes to the front, so the usual time-out that is started and stopped with each request costs no system call.
 */
#include "edge/net/loop.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "core/base/assert.h"
#include "core/base/time.h"
#include "edge/net/timer_heap.h"

enum {
    LOOP_SIGNALS_MAX = 8,
    LOOP_TASK_ROUNDS_MAX = 16, /* tasks that defer tasks: more rounds than this wait for the next turn */
};

typedef struct {
    uv_signal_t handle;
    loop_signal_fn *received;
    void *context;
} loop_signal_t;

struct loop {
    uv_loop_t uv;
    loop_clock_t clock;
    int64_t now_ns;
    int64_t virtual_wall_start_ns;
    bool now_is_old; /* the loop has waited since now_ns was read */
    bool stopping;
    loop_timer_t *timers; /* root of the heap */
    uint64_t timer_order;
    int timer_descriptor;
    int64_t armed_ns; /* what timer_descriptor is set to; 0: not set */
    uv_poll_t timer_poll;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t look_again;   /* active: the next poll must not wait */
    loop_task_t tasks;      /* head of a ring: deferred work in order */
    loop_task_t tasks_next; /* the same, put off to the next turn */
    loop_task_fn *drained;
    void *drained_context;
    uint64_t activity, activity_seen;
    bool looked_again;
    uint32_t signals_count;
    loop_signal_t signals[LOOP_SIGNALS_MAX];
};

struct loop_watch {
    uv_poll_t poll;
    loop_t *loop;
    loop_watch_fn *ready;
    void *context;
};

static const int64_t VIRTUAL_START_NS = NS_PER_S;

/* --- clock ------------------------------------------------------------------------------------ */

static int64_t clock_read_ns(clockid_t id)
{
    struct timespec now;
    int failed = clock_gettime(id, &now);
    ASSERT(failed == 0);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t loop_now_ns(const loop_t *loop)
{
    return loop->now_ns;
}

int64_t loop_now_fresh_ns(loop_t *loop)
{
    if (loop->clock == LOOP_CLOCK_REAL) {
        loop->now_ns = clock_read_ns(CLOCK_MONOTONIC);
    }
    loop->now_is_old = false;
    return loop->now_ns;
}

int64_t loop_wall_ns(const loop_t *loop)
{
    if (loop->clock == LOOP_CLOCK_REAL) {
        return clock_read_ns(CLOCK_REALTIME);
    }
    return loop->virtual_wall_start_ns + (loop->now_ns - VIRTUAL_START_NS);
}

void loop_note_activity(loop_t *loop)
{
    loop->activity++;
    if (loop->now_is_old) {
        loop_now_fresh_ns(loop);
    }
}

/* --- timers ----------------------------------------------------------------------------------- */

void loop_timer_init(loop_timer_t *timer, loop_t *loop, loop_timer_fn *fire, void *context)
{
    ASSERT(loop != NULL && fire != NULL);
    *timer = (loop_timer_t){.loop = loop, .fire = fire, .context = context};
}

void loop_timer_start_at(loop_timer_t *timer, int64_t deadline_ns)
{
    loop_t *loop = timer->loop;
    loop_timer_stop(timer);
    timer->deadline_ns = deadline_ns;
    timer->order = ++loop->timer_order;
    timer->running = true;
    loop->timers = timer_heap_add(loop->timers, timer);
}

void loop_timer_start_in(loop_timer_t *timer, int64_t delay_ns)
{
    int64_t now_ns = loop_now_fresh_ns(timer->loop); /* the turn may have been long: a delay counts from here */
    loop_timer_start_at(timer, delay_ns > INT64_MAX - now_ns ? INT64_MAX : now_ns + delay_ns);
}

int64_t loop_coarse_ns(int64_t time_ns)
{
    return time_ns > INT64_MAX - LOOP_COARSE_NS ? INT64_MAX : (time_ns + LOOP_COARSE_NS - 1) / LOOP_COARSE_NS * LOOP_COARSE_NS;
}

void loop_timer_start_coarse_in(loop_timer_t *timer, int64_t delay_ns)
{
    int64_t now_ns = loop_now_fresh_ns(timer->loop);
    loop_timer_start_at(timer, delay_ns > INT64_MAX - now_ns ? INT64_MAX : loop_coarse_ns(now_ns + delay_ns));
}

void loop_timer_stop(loop_timer_t *timer)
{
    if (timer->running) {
        timer->loop->timers = timer_heap_remove(timer->loop->timers, timer);
        timer->running = false;
    }
}

int64_t loop_next_deadline_ns(const loop_t *loop)
{
    return loop->timers == NULL ? INT64_MAX : loop->timers->deadline_ns;
}

static void timer_fire_first(loop_t *loop)
{
    loop_timer_t *timer = loop->timers;
    loop_timer_stop(timer);
    loop->activity++;
    timer->fire(timer, timer->context);
}

/* Timers started by the callbacks of this round, with a deadline already past, wait for the next turn: no round is endless. */
static void timers_fire_due(loop_t *loop)
{
    uint64_t order_last = loop->timer_order;
    while (loop->timers != NULL && loop->timers->deadline_ns <= loop->now_ns && loop->timers->order <= order_last) {
        timer_fire_first(loop);
    }
}

static void look_again_tick(uv_idle_t *idle)
{
    (void)idle; /* its being active is the point: the poll after it does not wait */
}

static void look_again_soon(loop_t *loop)
{
    uv_idle_start(&loop->look_again, look_again_tick);
}

static void timers_arm(loop_t *loop)
{
    int64_t next_ns = loop_next_deadline_ns(loop);
    if (loop->clock == LOOP_CLOCK_VIRTUAL) {
        if (next_ns <= loop->now_ns) {
            look_again_soon(loop);
        }
        return;
    }
    if (next_ns == INT64_MAX || (loop->armed_ns != 0 && loop->armed_ns <= next_ns)) {
        return;
    }
    int64_t at_ns = next_ns < 1 ? 1 : next_ns; /* 0 would disarm */
    struct itimerspec spec = {.it_value = {.tv_sec = at_ns / NS_PER_S, .tv_nsec = at_ns % NS_PER_S}};
    int failed = timerfd_settime(loop->timer_descriptor, TFD_TIMER_ABSTIME, &spec, NULL);
    ASSERT(failed == 0);
    loop->armed_ns = at_ns;
}

static void timer_descriptor_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    loop_t *loop = poll->data;
    uint64_t expirations;
    ssize_t got = read(loop->timer_descriptor, &expirations, sizeof expirations);
    (void)got; /* nothing there: a spurious wake-up */
    loop->armed_ns = 0;
    if (loop->now_is_old) {
        loop_now_fresh_ns(loop);
    }
}

void loop_clock_advance(loop_t *loop, int64_t delta_ns)
{
    ASSERT(loop->clock == LOOP_CLOCK_VIRTUAL && delta_ns >= 0);
    int64_t target_ns = loop->now_ns + delta_ns;
    while (loop->timers != NULL && loop->timers->deadline_ns <= target_ns) {
        if (loop->timers->deadline_ns > loop->now_ns) {
            loop->now_ns = loop->timers->deadline_ns;
        }
        timer_fire_first(loop);
    }
    loop->now_ns = target_ns;
}

/* --- once a turn ------------------------------------------------------------------------------ */

void loop_task_init(loop_task_t *task, loop_task_fn *run, void *context)
{
    ASSERT(run != NULL);
    *task = (loop_task_t){.run = run, .context = context};
}

static void task_link(loop_task_t *ring, loop_task_t *task)
{
    task->next = ring;
    task->previous = ring->previous;
    ring->previous->next = task;
    ring->previous = task;
}

void loop_defer(loop_t *loop, loop_task_t *task)
{
    if (task->next == NULL) {
        task_link(&loop->tasks, task);
    }
}

void loop_task_cancel(loop_task_t *task)
{
    if (task->next != NULL) {
        task->next->previous = task->previous;
        task->previous->next = task->next;
        task->next = task->previous = NULL;
    }
}

bool loop_task_waits(const loop_task_t *task)
{
    return task->next != NULL;
}

/* Runs what is deferred, round by round; a round takes only what stood there when it began. */
void loop_defer_next(loop_t *loop, loop_task_t *task)
{
    if (task->next == NULL) {
        task_link(&loop->tasks_next, task);
        loop->activity++; /* not drained as long as somebody wants another turn */
    }
}

/* What waited for another turn runs at its end, after everybody else had theirs. */
static void tasks_next_take(loop_t *loop)
{
    if (loop->tasks_next.next == &loop->tasks_next) {
        return;
    }
    look_again_soon(loop);
    while (loop->tasks_next.next != &loop->tasks_next) {
        loop_task_t *task = loop->tasks_next.next;
        loop_task_cancel(task);
        task_link(&loop->tasks, task);
    }
}

static void tasks_run(loop_t *loop)
{
    for (int round = 0; round < LOOP_TASK_ROUNDS_MAX && loop->tasks.next != &loop->tasks; round++) {
        loop_task_t last = {0};
        task_link(&loop->tasks, &last);
        while (loop->tasks.next != &last) {
            loop_task_t *task = loop->tasks.next;
            loop_task_cancel(task);
            task->run(task->context);
        }
        loop_task_cancel(&last);
    }
    if (loop->tasks.next != &loop->tasks) {
        look_again_soon(loop);
    }
}

void loop_on_drained(loop_t *loop, loop_task_fn *drained, void *context)
{
    loop->drained = drained;
    loop->drained_context = context;
    loop->activity++; /* the first call comes after the first look, also when nothing ever happens */
}

/* --- the turn --------------------------------------------------------------------------------- */

static void turn_before_waiting(uv_prepare_t *prepare)
{
    loop_t *loop = prepare->data;
    tasks_run(loop);
    tasks_next_take(loop);
    timers_arm(loop);
    loop->now_is_old = true;
}

static void drained_check(loop_t *loop)
{
    if (loop->drained == NULL) {
        return;
    }
    if (loop->activity != loop->activity_seen) {
        loop->activity_seen = loop->activity;
        loop->looked_again = true;
        look_again_soon(loop);
    } else if (loop->looked_again) {
        loop->looked_again = false;
        loop->drained(loop->drained_context);
        tasks_run(loop);
    }
}

static void turn_after_waiting(uv_check_t *check)
{
    loop_t *loop = check->data;
    uv_idle_stop(&loop->look_again);
    if (loop->now_is_old) {
        loop_now_fresh_ns(loop);
    }
    timers_fire_due(loop);
    tasks_run(loop);
    drained_check(loop);
}

void loop_turn(loop_t *loop, loop_wait_t wait)
{
    uv_run(&loop->uv, wait == LOOP_WAIT ? UV_RUN_ONCE : UV_RUN_NOWAIT);
}

void loop_run(loop_t *loop)
{
    while (!loop->stopping) {
        uv_run(&loop->uv, UV_RUN_ONCE);
    }
    loop->stopping = false;
}

void loop_stop(loop_t *loop)
{
    loop->stopping = true;
    look_again_soon(loop);
}

/* --- signals and descriptors ------------------------------------------------------------------ */

static void signal_received(uv_signal_t *handle, int number)
{
    loop_signal_t *entry = (loop_signal_t *)handle;
    loop_t *loop = handle->loop->data;
    loop_note_activity(loop);
    entry->received(loop, number, entry->context);
}

result_t loop_on_signal(loop_t *loop, int signal_number, loop_signal_fn *received, void *context)
{
    ASSERT(received != NULL);
    for (uint32_t i = 0; i < loop->signals_count; i++) {
        if (loop->signals[i].handle.signum == signal_number) {
            loop->signals[i].received = received;
            loop->signals[i].context = context;
            return RESULT_OK;
        }
    }
    if (loop->signals_count == LOOP_SIGNALS_MAX) {
        return RESULT_FULL;
    }
    loop_signal_t *entry = &loop->signals[loop->signals_count];
    *entry = (loop_signal_t){.received = received, .context = context};
    if (uv_signal_init(&loop->uv, &entry->handle) != 0) {
        return RESULT_IO;
    }
    loop->signals_count++;
    uv_unref((uv_handle_t *)&entry->handle);
    return uv_signal_start(&entry->handle, signal_received, signal_number) == 0 ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static void watch_ready(uv_poll_t *poll, int status, int events)
{
    loop_watch_t *watch = poll->data;
    loop_note_activity(watch->loop);
    int seen = status < 0 ? LOOP_READABLE : 0;
    seen |= (events & (UV_READABLE | UV_DISCONNECT)) != 0 ? LOOP_READABLE : 0;
    seen |= (events & UV_WRITABLE) != 0 ? LOOP_WRITABLE : 0;
    watch->ready(watch, seen, watch->context);
}

result_t loop_watch_start(loop_t *loop, int descriptor, int events, loop_watch_fn *ready, void *context, loop_watch_t **out)
{
    ASSERT(ready != NULL);
    loop_watch_t *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        return RESULT_FULL;
    }
    *watch = (loop_watch_t){.loop = loop, .ready = ready, .context = context};
    if (uv_poll_init(&loop->uv, &watch->poll, descriptor) != 0) {
        free(watch);
        return RESULT_IO;
    }
    watch->poll.data = watch;
    loop_watch_change(watch, events);
    *out = watch;
    return RESULT_OK;
}

void loop_watch_change(loop_watch_t *watch, int events)
{
    int wanted = ((events & LOOP_READABLE) != 0 ? UV_READABLE : 0) | ((events & LOOP_WRITABLE) != 0 ? UV_WRITABLE : 0);
    uv_poll_start(&watch->poll, wanted, watch_ready);
}

static void watch_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void loop_watch_stop(loop_watch_t *watch)
{
    uv_close((uv_handle_t *)&watch->poll, watch_closed);
}

/* --- beginning and end ------------------------------------------------------------------------ */

static result_t loop_handles_open(loop_t *loop)
{
    loop->timer_descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (loop->timer_descriptor < 0) {
        return RESULT_IO;
    }
    if (uv_poll_init(&loop->uv, &loop->timer_poll, loop->timer_descriptor) != 0) {
        close(loop->timer_descriptor);
        return RESULT_IO;
    }
    uv_prepare_init(&loop->uv, &loop->prepare);
    uv_check_init(&loop->uv, &loop->check);
    uv_idle_init(&loop->uv, &loop->look_again);
    loop->timer_poll.data = loop->prepare.data = loop->check.data = loop;
    /* timer_poll stays referenced: it keeps a loop without sockets waiting for timers and signals. */
    uv_poll_start(&loop->timer_poll, UV_READABLE, timer_descriptor_ready);
    uv_prepare_start(&loop->prepare, turn_before_waiting);
    uv_check_start(&loop->check, turn_after_waiting);
    uv_unref((uv_handle_t *)&loop->prepare);
    uv_unref((uv_handle_t *)&loop->check);
    return RESULT_OK;
}

result_t loop_create(const loop_options_t *options, loop_t **out)
{
    loop_t *loop = calloc(1, sizeof *loop);
    if (loop == NULL) {
        return RESULT_FULL;
    }
    loop->clock = options->clock;
    loop->now_ns = VIRTUAL_START_NS;
    loop->virtual_wall_start_ns = options->virtual_wall_ns;
    loop->tasks.next = loop->tasks.previous = &loop->tasks;
    loop->tasks_next.next = loop->tasks_next.previous = &loop->tasks_next;
    loop_now_fresh_ns(loop);
    if (uv_loop_init(&loop->uv) != 0) {
        free(loop);
        return RESULT_IO;
    }
    loop->uv.data = loop;
    if (loop_handles_open(loop) != RESULT_OK) {
        uv_loop_close(&loop->uv);
        free(loop);
        return RESULT_IO;
    }
    signal(SIGPIPE, SIG_IGN); /* a peer that is gone is a result of send, not a signal */
    *out = loop;
    return RESULT_OK;
}

/* A handle that nobody has asked to close would make loop_destroy wait for ever: say so instead. */
static void handle_must_be_closing(uv_handle_t *handle, void *context)
{
    (void)context;
    int closing = uv_is_closing(handle);
    ASSERT(closing != 0);
}

void loop_destroy(loop_t *loop)
{
    if (loop == NULL) {
        return;
    }
    tasks_run(loop);
    ASSERT(loop->timers == NULL);
    uv_close((uv_handle_t *)&loop->timer_poll, NULL);
    uv_close((uv_handle_t *)&loop->prepare, NULL);
    uv_close((uv_handle_t *)&loop->check, NULL);
    uv_close((uv_handle_t *)&loop->look_again, NULL);
    for (uint32_t i = 0; i < loop->signals_count; i++) {
        uv_close((uv_handle_t *)&loop->signals[i].handle, NULL);
    }
    uv_walk(&loop->uv, handle_must_be_closing, NULL);
    while (uv_run(&loop->uv, UV_RUN_ONCE) != 0) {
        tasks_run(loop); /* names being resolved, streams being closed: their callbacks still come */
    }
    int busy = uv_loop_close(&loop->uv);
    ASSERT(busy == 0);
    close(loop->timer_descriptor);
    free(loop);
}

void *loop_uv(loop_t *loop)
{
    return &loop->uv;
}

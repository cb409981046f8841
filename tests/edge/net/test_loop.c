/* test_loop.c: the loop: timers by deadline and order on a virtual clock, deferred work, the moment of being drained, signals.
 *
 * shows: OPS-16, OPS-17, I17
 */
#include "edge/net/net_support.h"

#include <signal.h>

#include "core/base/prng.h"

enum { TIMERS = 500 };

typedef struct {
    loop_t *loop;
    int64_t fired_at[TIMERS];
    int order[TIMERS];
    int count;
    uint64_t total;
} record_t;

typedef struct {
    loop_timer_t timer;
    record_t *record;
    int number;
} numbered_t;

static void note_firing(loop_timer_t *timer, void *context)
{
    numbered_t *numbered = context;
    record_t *record = numbered->record;
    assert_false(timer->running);
    record->order[record->count] = numbered->number;
    record->fired_at[record->count] = loop_now_ns(record->loop);
    record->count++;
}

static void timers_fire_in_order_at_their_deadlines(void **state)
{
    (void)state;
    static numbered_t timers[TIMERS];
    record_t record = {.loop = virtual_loop()};
    prng_t prng;
    prng_seed(&prng, 1);
    int64_t start_ns = loop_now_ns(record.loop);
    for (int i = 0; i < TIMERS; i++) {
        timers[i] = (numbered_t){.record = &record, .number = i};
        loop_timer_init(&timers[i].timer, record.loop, note_firing, &timers[i]);
        loop_timer_start_in(&timers[i].timer, (int64_t)prng_below(&prng, 50) * 7);
    }
    for (int i = 0; i < TIMERS; i += 5) {
        loop_timer_stop(&timers[i].timer);
        loop_timer_stop(&timers[i].timer); /* twice is once */
    }
    for (int i = 1; i < TIMERS; i += 7) {
        loop_timer_start_in(&timers[i].timer, 1000 + i); /* moved, not doubled */
    }
    loop_clock_advance(record.loop, 999);
    for (int i = 0; i < record.count; i++) {
        assert_int_not_equal(record.order[i] % 5, 0);
        assert_int_not_equal(record.order[i] % 7, 1);
        assert_int_equal(record.fired_at[i], timers[record.order[i]].timer.deadline_ns);
        if (i > 0) {
            bool tie = record.fired_at[i] == record.fired_at[i - 1];
            assert_true(record.fired_at[i] > record.fired_at[i - 1] || (tie && record.order[i] > record.order[i - 1]));
        }
    }
    int first_part = record.count;
    loop_clock_advance(record.loop, 1000);
    int moved = 0, left = 0;
    for (int i = 0; i < TIMERS; i++) {
        moved += i % 7 == 1 ? 1 : 0;
        left += i % 5 != 0 && i % 7 != 1 ? 1 : 0;
    }
    assert_int_equal(first_part, left);
    assert_int_equal(record.count - first_part, moved);
    assert_int_equal(loop_next_deadline_ns(record.loop), INT64_MAX);
    assert_int_equal(loop_now_ns(record.loop), start_ns + 1999);
    loop_destroy(record.loop);
}

static void start_again(loop_timer_t *timer, void *context)
{
    record_t *record = context;
    record->count++;
    loop_timer_start_in(timer, 0);
}

static void a_timer_that_starts_itself_does_not_hold_the_turn(void **state)
{
    (void)state;
    record_t record = {.loop = virtual_loop()};
    loop_timer_t timer;
    loop_timer_init(&timer, record.loop, start_again, &record);
    loop_timer_start_in(&timer, 0);
    assert_int_equal(record.count, 0); /* never inside the call */
    for (int i = 1; i <= 5; i++) {
        loop_turn(record.loop, LOOP_POLL);
        assert_int_equal(record.count, i);
    }
    loop_timer_stop(&timer);
    loop_destroy(record.loop);
}

static void real_timers_wake_the_loop(void **state)
{
    (void)state;
    record_t record = {0};
    assert_int_equal(loop_create(&(loop_options_t){.clock = LOOP_CLOCK_REAL}, &record.loop), RESULT_OK);
    numbered_t late = {.record = &record, .number = 2};
    numbered_t early = {.record = &record, .number = 1};
    int64_t start_ns = loop_now_fresh_ns(record.loop);
    loop_timer_init(&late.timer, record.loop, note_firing, &late);
    loop_timer_init(&early.timer, record.loop, note_firing, &early);
    loop_timer_start_in(&late.timer, 300 * NS_PER_US);
    loop_timer_start_in(&early.timer, 50 * NS_PER_US);
    while (record.count < 2) {
        loop_turn(record.loop, LOOP_WAIT); /* waits for the timers: no other event ever comes */
    }
    assert_int_equal(record.order[0], 1);
    assert_int_equal(record.order[1], 2);
    assert_true(record.fired_at[0] >= start_ns + 50 * NS_PER_US);
    assert_true(record.fired_at[1] >= start_ns + 300 * NS_PER_US);
    assert_true(llabs(loop_wall_ns(record.loop) - 1600000000 * NS_PER_S) > NS_PER_DAY);
    loop_destroy(record.loop);
}

static void the_virtual_wall_moves_with_the_clock(void **state)
{
    (void)state;
    loop_t *loop = virtual_loop();
    assert_int_equal(loop_wall_ns(loop), 1700000000 * NS_PER_S);
    loop_clock_advance(loop, 5 * NS_PER_S);
    assert_int_equal(loop_wall_ns(loop), 1700000005 * NS_PER_S);
    assert_int_equal(loop_now_fresh_ns(loop), loop_now_ns(loop));
    loop_destroy(loop);
}

/* --- tasks ------------------------------------------------------------------------------------ */

typedef struct {
    loop_t *loop;
    loop_task_t task;
    int runs, again;
} deferring_t;

static void run_and_defer(void *context)
{
    deferring_t *deferring = context;
    deferring->runs++;
    if (deferring->again > 0) {
        deferring->again--;
        loop_defer(deferring->loop, &deferring->task);
    }
}

static void tasks_run_once_a_turn(void **state)
{
    (void)state;
    deferring_t one = {.loop = virtual_loop()};
    deferring_t two = {.loop = one.loop, .again = 1000};
    loop_task_init(&one.task, run_and_defer, &one);
    loop_task_init(&two.task, run_and_defer, &two);
    loop_defer(one.loop, &one.task);
    loop_defer(one.loop, &one.task);
    assert_int_equal(one.runs, 0);
    loop_turn(one.loop, LOOP_POLL);
    assert_int_equal(one.runs, 1);
    loop_defer(one.loop, &one.task);
    loop_task_cancel(&one.task);
    loop_task_cancel(&one.task);
    loop_turn(one.loop, LOOP_POLL);
    assert_int_equal(one.runs, 1);
    loop_defer(one.loop, &two.task); /* defers itself a thousand times: bounded work a turn, and no turn waits meanwhile */
    for (int i = 0; i < 100 && two.again > 0; i++) {
        int before = two.runs;
        loop_turn(one.loop, LOOP_WAIT);
        assert_true(two.runs - before <= 64);
    }
    assert_int_equal(two.again, 0);
    turn_some(one.loop, 3);
    loop_destroy(one.loop);
}

/* --- drained ---------------------------------------------------------------------------------- */

typedef struct {
    loop_t *loop;
    int drained, events, pipe[2];
} idle_t;

static void count_drained(void *context)
{
    ((idle_t *)context)->drained++;
}

static void read_one(loop_watch_t *watch, int events, void *context)
{
    (void)watch;
    (void)events;
    idle_t *idle = context;
    char byte;
    assert_int_equal(read(idle->pipe[0], &byte, 1), 1);
    assert_int_equal(idle->drained, 1); /* not drained again while anything is ready */
    idle->events++;
}

static void drained_means_nothing_is_ready(void **state)
{
    (void)state;
    idle_t idle = {.loop = virtual_loop()};
    loop_watch_t *watch = NULL;
    assert_int_equal(pipe(idle.pipe), 0);
    assert_int_equal(loop_watch_start(idle.loop, idle.pipe[0], LOOP_READABLE, read_one, &idle, &watch), RESULT_OK);
    loop_on_drained(idle.loop, count_drained, &idle);
    turn_some(idle.loop, 5);
    assert_int_equal(idle.drained, 1);
    assert_int_equal(write(idle.pipe[1], "abcde", 5), 5); /* one byte a turn is read */
    turn_some(idle.loop, 10);
    assert_int_equal(idle.events, 5);
    assert_int_equal(idle.drained, 2); /* once, after all five */
    turn_some(idle.loop, 10);
    assert_int_equal(idle.drained, 2);
    loop_watch_stop(watch);
    close(idle.pipe[0]);
    close(idle.pipe[1]);
    loop_destroy(idle.loop);
}

/* --- signals ---------------------------------------------------------------------------------- */

static void stop_on_signal(loop_t *loop, int number, void *context)
{
    *(int *)context = number;
    loop_stop(loop);
}

static void signals_arrive_in_a_turn(void **state)
{
    (void)state;
    loop_t *loop = virtual_loop();
    int received = 0;
    assert_int_equal(loop_on_signal(loop, SIGTERM, stop_on_signal, &received), RESULT_OK);
    assert_int_equal(loop_on_signal(loop, SIGHUP, stop_on_signal, &received), RESULT_OK);
    raise(SIGHUP);
    assert_int_equal(received, 0);
    loop_run(loop);
    assert_int_equal(received, SIGHUP);
    raise(SIGTERM);
    loop_run(loop);
    assert_int_equal(received, SIGTERM);
    raise(SIGPIPE); /* ignored by the process */
    loop_stop(loop);
    loop_run(loop); /* returns at once */
    loop_destroy(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order_at_their_deadlines),
        cmocka_unit_test(a_timer_that_starts_itself_does_not_hold_the_turn),
        cmocka_unit_test(real_timers_wake_the_loop),
        cmocka_unit_test(the_virtual_wall_moves_with_the_clock),
        cmocka_unit_test(tasks_run_once_a_turn),
        cmocka_unit_test(drained_means_nothing_is_ready),
        cmocka_unit_test(signals_arrive_in_a_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

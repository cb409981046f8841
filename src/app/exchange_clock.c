/* exchange_clock.c: when the simulated world moves: with its clients (lockstep) or with the wall clock times N. */
#include "app/exchange_state.h"

#include <stdio.h>
#include <unistd.h>

#include "core/base/time.h"
#include "edge/observe/log.h"

enum { SPEED_TICK_MS = 20, SPEED_MOMENTS_A_TURN = 64, RETRY_MS = 200 };

static void anchor(exchange_t *exchange)
{
    exchange->wall_anchor_ns = loop_now_fresh_ns(exchange->loop);
    exchange->venue_anchor_ns = world_now_ns(exchange->world);
}

result_t exchange_clock_publish(exchange_t *exchange)
{
    char text[64];
    int length = 0;
    if (!exchange->options.data || file_path_join(exchange->options.data, "run/exchange.clock", exchange->clock_path,
                                                  sizeof exchange->clock_path) != RESULT_OK)
        return RESULT_OK;
    if (exchange->clock == CLOCK_LOCKSTEP) {
        (void)unlink(exchange->clock_path); /* of another run */
        return RESULT_OK;
    }
    const long long since_ms = (long long)(world_now_ns(exchange->world) / NS_PER_MS);
    const bool stands = exchange->paused || exchange->ended;
    if (stands || exchange->speed > 0)
        length = snprintf(text, sizeof text, "%.17g since %lld\n", stands ? 0 : exchange->speed, since_ms);
    else
        length = snprintf(text, sizeof text, "max since %lld\n", since_ms);
    return file_write_whole(exchange->clock_path, text, (size_t)length, 0644);
}

/* A command or the end of the data has changed how the time runs. That the file cannot be written ends nothing: those who read it
 * measure the clock too. */
static void tell_clock(exchange_t *exchange)
{
    result_t result = exchange_clock_publish(exchange);
    if (result != RESULT_OK)
        log_write(LOG_WARNING, LOG_EVENT_STORE_FAILED, NULL, "run/exchange.clock cannot be written: the processes keep their pace",
                  LOG_FIELDS(LOG_RESULT(result)));
}

void exchange_clock_changed(exchange_t *exchange)
{
    anchor(exchange);
    tell_clock(exchange);
    exchange_clock_look(exchange);
}

void exchange_clock_look(exchange_t *exchange)
{
    loop_defer(exchange->loop, &exchange->look);
}

static void look_in(exchange_t *exchange, int64_t delay_ns)
{
    loop_timer_start_in(&exchange->timer, delay_ns > 0 ? delay_ns : 0);
}

static void reach_end(exchange_t *exchange)
{
    if (exchange->ended)
        return;
    exchange->ended = true;
    tell_clock(exchange);
    log_write(LOG_INFO, LOG_EVENT_EXCHANGE_MOMENT, NULL,
              world_now_ns(exchange->world) >= exchange->until_ns ? "the venue's clock has come to where it was told to stop"
                                                                  : "the market data has come to its end: the venue's clock stands",
              LOG_FIELDS(LOG_INT("venue_ms", world_now_ns(exchange->world) / NS_PER_MS)));
}

static bool advance(exchange_t *exchange, int64_t to_ns, world_step_t step)
{
    result_t result = world_advance(exchange->world, to_ns, step);
    if (result == RESULT_OK) {
        if (exchange->failed)
            health_check_set(&exchange->health, "inputs", HEALTH_OK, "", loop_wall_ns(exchange->loop));
        exchange->failed = false;
        exchange_faults_step(exchange);
        exchange_faces_after_advance(exchange);
        return true;
    }
    /* Without its log the world stands still: nothing may happen that a restart would not know. */
    if (!exchange->failed) {
        log_write(LOG_CRITICAL, LOG_EVENT_STORE_FAILED, NULL,
                  "the input log cannot be written: the venue stands still until it can", LOG_FIELDS(LOG_RESULT(result)));
        health_check_set(&exchange->health, "inputs", HEALTH_DOWN, result_text(result), loop_wall_ns(exchange->loop));
    }
    exchange->failed = true;
    look_in(exchange, RETRY_MS * NS_PER_MS);
    return false;
}

/* Where the next moment leads: to what comes by itself, on or behind the next point of the grid of --moment, and not past the end.
 * On the way it stops when something happens to an account (WORLD_MOMENT_TO_EVENT); because the grid is fixed and does not begin
 * anew at such a stop, the one after it leads to where this one led. */
static int64_t next_moment(exchange_t *exchange)
{
    int64_t now = world_now_ns(exchange->world);
    int64_t next = world_next_ns(exchange->world);
    if (next == INT64_MAX)
        return next;
    int64_t grid = exchange->options.moment_ns;
    int64_t soonest = grid > 0 ? time_floor(now, grid) + grid : now;
    if (next < soonest)
        next = soonest;
    int64_t fault = fault_next_ns(&exchange->faults);
    next = fault > now && fault < next ? fault : next;
    return next < exchange->until_ns ? next : exchange->until_ns;
}

/* --- lockstep --------------------------------------------------------------------------------- */

/* True when the pace allows another moment now; otherwise it is looked at again when it does. */
static bool pace_allows(exchange_t *exchange)
{
    if (exchange->pace <= 0)
        return true;
    double hours = (double)(world_now_ns(exchange->world) - exchange->venue_anchor_ns) / (double)NS_PER_HOUR;
    int64_t due = exchange->wall_anchor_ns + (int64_t)(hours / exchange->pace * (double)NS_PER_S);
    int64_t now = loop_now_fresh_ns(exchange->loop);
    if (due <= now)
        return true;
    look_in(exchange, due - now);
    return false;
}

static void step_together(exchange_t *exchange)
{
    int64_t now = loop_now_fresh_ns(exchange->loop);
    if (exchange_faces_lockstep(exchange, now) != LOCKSTEP_READY) {
        int64_t deadline = exchange_faces_deadline(exchange);
        if (deadline != INT64_MAX)
            look_in(exchange, deadline - now);
        return;
    }
    if (exchange->paused && exchange->steps_left == 0)
        return;
    int64_t to = next_moment(exchange), wake = exchange_faces_wake_ns(exchange);
    if (to != INT64_MAX && wake > world_now_ns(exchange->world) && wake < to)
        to = wake;
    if (to == INT64_MAX || to <= world_now_ns(exchange->world) || world_ended(exchange->world)) {
        reach_end(exchange);
        return;
    }
    if (!exchange->paused && !pace_allows(exchange))
        return;
    if (!advance(exchange, to, WORLD_MOMENT_TO_EVENT))
        return;
    if (exchange->paused)
        exchange->steps_left--;
    exchange_faces_moment(exchange, loop_now_fresh_ns(exchange->loop));
}

/* --- by the wall clock ------------------------------------------------------------------------ */

static void step_by_wall(exchange_t *exchange)
{
    if (exchange->paused && exchange->steps_left == 0)
        return;
    int64_t elapsed = loop_now_fresh_ns(exchange->loop) - exchange->wall_anchor_ns;
    double ahead = (double)elapsed * exchange->speed;
    int64_t target = exchange->venue_anchor_ns + (ahead < 4e18 ? (int64_t)ahead : INT64_C(4000000000000000000));
    if (exchange->paused || exchange->speed <= 0)
        target = INT64_MAX;
    bool behind = false;
    for (int i = 0;; i++) {
        int64_t next = next_moment(exchange);
        if (next == INT64_MAX || next <= world_now_ns(exchange->world) || world_ended(exchange->world)) {
            reach_end(exchange);
            return;
        }
        if (next > target)
            break;
        behind = i == SPEED_MOMENTS_A_TURN;
        if (behind || (exchange->paused && exchange->steps_left == 0))
            break;
        if (!advance(exchange, next, WORLD_MOMENT_TO_EVENT))
            return;
        exchange->steps_left -= exchange->paused;
    }
    /* Between moments only the time of day moves; requests should see it. */
    if (!behind && !exchange->paused && target != INT64_MAX && target > world_now_ns(exchange->world) &&
        target <= exchange->until_ns && !advance(exchange, target, WORLD_SAME_MOMENT))
        return;
    if (behind) /* also steps asked for while paused, when they are more than one turn takes */
        loop_defer_next(exchange->loop, &exchange->look);
    else if (!exchange->paused)
        look_in(exchange, SPEED_TICK_MS * NS_PER_MS);
}

static void look(void *context)
{
    exchange_t *exchange = context;
    if (exchange->ended)
        return;
    if (exchange->clock == CLOCK_LOCKSTEP)
        step_together(exchange);
    else
        step_by_wall(exchange);
}

static void on_timer(loop_timer_t *timer, void *context)
{
    (void)timer;
    exchange_clock_look(context);
}

void exchange_clock_begin(exchange_t *exchange)
{
    loop_timer_init(&exchange->timer, exchange->loop, on_timer, exchange);
    loop_task_init(&exchange->look, look, exchange);
    anchor(exchange);
    exchange_clock_look(exchange);
    look_in(exchange, 0);
}

void exchange_clock_stop(exchange_t *exchange)
{
    loop_timer_stop(&exchange->timer);
    loop_task_cancel(&exchange->look);
}

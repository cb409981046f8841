/* exchange_ctl_clock.c: commands about the clock of a running exchange: whether it moves, how fast, and how far. */
#include <stdlib.h>
#include <string.h>

#include "app/exchange_state.h"
#include "app/options.h"
#include "core/base/time.h"

int exchange_ctl_pause(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    (void)control;
    exchange->paused = true;
    exchange->steps_left = 0;
    exchange_clock_changed(exchange);
    return ctl_agree(writer);
}

int exchange_ctl_resume(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    (void)control;
    exchange->paused = false;
    exchange->steps_left = 0;
    exchange_clock_changed(exchange);
    return ctl_agree(writer);
}

int exchange_ctl_step(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    uint64_t steps = 1;
    const char *text = ctl_argument(control, 0);
    if (text && str_to_u64(str_from(text), &steps) != RESULT_OK)
        return ctl_complain(writer, "step wants a number of moments, e.g. 10");
    if (!exchange->paused)
        return ctl_complain(writer, "step works while paused: say pause first");
    if (exchange->clock == CLOCK_LOCKSTEP &&
        exchange_faces_lockstep(exchange, loop_now_fresh_ns(exchange->loop)) == LOCKSTEP_NOBODY)
        return ctl_complain(
            writer,
            "lockstep moves with those who subscribed to it, and nobody has; without --lockstep, step moves the clock alone");
    exchange->steps_left += steps;
    exchange_clock_look(exchange);
    return ctl_agree(writer);
}

/* "12.5" or "max" (0). */
static bool read_rate(const char *text, double *rate)
{
    char *end = NULL;
    if (!text)
        return false;
    if (strcmp(text, "max") == 0) {
        *rate = 0;
        return true;
    }
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= OPTIONS_RATE_LEAST && value < 1e12))
        return false;
    *rate = value;
    return true;
}

static int do_rate(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer, double *target)
{
    double rate = 0;
    if (!read_rate(ctl_argument(control, 0), &rate))
        return ctl_complain(writer, "a number from 0.000001 to 1e12, or max, must follow");
    *target = rate;
    exchange_faces_speed(exchange);
    exchange_clock_changed(exchange);
    return ctl_agree(writer);
}

int exchange_ctl_pace(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    if (exchange->clock != CLOCK_LOCKSTEP)
        return ctl_complain(writer, "pace is for lockstep; this exchange runs by the wall clock: say speed");
    return do_rate(exchange, control, writer, &exchange->pace);
}

/* Do processes of ours share the data folder? */
static bool has_followers(const exchange_t *exchange)
{
    static const char *const roles[] = {"signer", "watchdog", "monitor"};
    for (size_t i = 0; exchange->options.data && i < sizeof roles / sizeof roles[0]; i++) {
        pid_t pid = 0;
        if (file_lock_holder(exchange->options.data, roles[i], &pid) == RESULT_OK && pid > 0)
            return true;
    }
    return false;
}

int exchange_ctl_speed(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    const char *text = ctl_argument(control, 0);
    if (exchange->clock == CLOCK_LOCKSTEP)
        return ctl_complain(writer, "speed is for the wall clock; this exchange runs in lockstep: say pace");
    if (text && strcmp(text, "max") == 0 && has_followers(exchange))
        return ctl_complain(writer, "signer, watchdog and monitor follow this clock and need a number, e.g. speed 600");
    return do_rate(exchange, control, writer, &exchange->speed);
}

int exchange_ctl_until(exchange_t *exchange, const patriot_bus_Control *control, json_writer_t *writer)
{
    uint64_t hours = 0;
    const char *text = ctl_argument(control, 0);
    bool endless = text && strcmp(text, "max") == 0;
    if (!text || (!endless && (str_to_u64(str_from(text), &hours) != RESULT_OK || hours > 10000000)))
        return ctl_complain(writer, "until wants venue hours since the start, e.g. 500, or max");
    exchange->until_ns = endless ? INT64_MAX : world_start_ns(exchange->world) + (int64_t)hours * NS_PER_HOUR;
    exchange->ended = false;
    exchange_clock_changed(exchange);
    return ctl_agree(writer);
}

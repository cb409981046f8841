/* up_watch.c: asks the roles how they are and shows it: the live view on a terminal, plain lines otherwise. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/live_view.h"
#include "app/reply_fields.h"
#include "app/up_state.h"
#include "core/base/time.h"
#include "edge/observe/zone.h"

enum {
    LINE_EVERY_S = 2,
    SILENCE_S = 15,    /* a role that leaves a question open for this long hangs, */
    GREETING_S = 60,   /* and one that has not even greeted: it may be starting */
    LOOK_MOST_MS = 250 /* what one look counts at most: time in which we were halted ourselves is nobody's silence */
};

void up_say(const up_t *up, const char *format, ...)
{
    if (up->live_view)
        return;
    va_list arguments;
    va_start(arguments, format);
    FILE *out = up->json ? stderr : stdout;
    vfprintf(out, format, arguments);
    fflush(out);
    va_end(arguments);
}

static void pace_text(const up_t *up, char *text, size_t capacity)
{
    if (up->speed_given)
        snprintf(text, capacity, "%.0f x wall time", up->speed);
    else if (up->pace > 0)
        snprintf(text, capacity, "%.3g h/s", up->pace);
    else
        snprintf(text, capacity, "as fast as it goes");
}

/* --- answers ---------------------------------------------------------------------------------- */

/* It may have been changed by `patriot exchange ctl`, and an exchange that comes back should keep it. */
static void note_pace(up_t *up, const char *text)
{
    char *end = NULL;
    double pace = strtod(text, &end), *ours = up->speed_given ? &up->speed : &up->pace;
    if (end == text || pace < 0 || pace == *ours || up->wish) /* a wish of the user's that is not handed over yet is newer */
        return;
    *ours = pace;
    up_fill_arguments(up, UP_EXCHANGE);
}

/* An exchange that an earlier `up` has left running keeps its way of counting time, and takes this command's pace. */
static void take_over_pace(up_t *up, const char *mode)
{
    const bool by_wall = strcmp(mode, "lockstep") != 0;
    if (by_wall != up->speed_given) {
        up_say(up, "the exchange that runs already goes %s: so does all; for another way end it first (patriot stop)\n",
               by_wall ? "by the wall clock" : "in lockstep");
        up->speed_given = by_wall;
        for (uint32_t i = 0; i < UP_ROLES; i++)
            up_fill_arguments(up, (up_role_t)i);
        return;
    }
    const double rate = up->speed_given ? up->speed : up->pace;
    if (!up->speed_given && !up->pace_given)
        return;
    if (rate > 0)
        snprintf(up->wish_argument, sizeof up->wish_argument, "%.6g", rate);
    else
        (void)str_copy(STR("max"), up->wish_argument, sizeof up->wish_argument);
    up->wish = up->speed_given ? "speed" : "pace";
}

/* Once, at the first answer. The hours asked for count from where this exchange took the world up, for an earlier run that ended by
 * force has not told its own; of one that runs already from now, and no end that the earlier `up` has set holds any more. */
static void take_up(up_t *up, const char *mode, int64_t venue_hours, int64_t begun_hours)
{
    const bool adopted = up->children[UP_EXCHANGE]->state == CHILD_ADOPTED;
    const uint64_t from = (uint64_t)(adopted ? venue_hours : begun_hours);
    if (adopted)
        take_over_pace(up, mode);
    if (adopted || (up->span.venue_hours > 0 && from != up->base_hours)) {
        up->base_hours = from;
        up_fill_arguments(up, UP_EXCHANGE);
        up->until_due = true;
    }
}

static void read_exchange(up_t *up, str_t json)
{
    int64_t venue_hours = up->model.venue_hours, begun_hours = -1;
    bool paused = up->model.paused, ended = false, over = false;
    live_text_t venue_time = "", pace = "", mode = "";
    const reply_field_t fields[] = {REPLY_I64_FIELD("venue_hours", venue_hours),
                                    REPLY_I64_FIELD("begun_hours", begun_hours),
                                    REPLY_BOOL_FIELD("paused", paused),
                                    REPLY_BOOL_FIELD("ended", ended),
                                    REPLY_BOOL_FIELD("over", over),
                                    REPLY_TEXT_FIELD("venue_time", venue_time),
                                    REPLY_TEXT_FIELD("mode", mode),
                                    REPLY_TEXT_FIELD(up->speed_given ? "speed" : "pace", pace)};
    if (reply_read(json, REPLY_FIELDS(fields)) != RESULT_OK)
        return;
    if (!up->taken_up && begun_hours >= 0) {
        up->taken_up = true;
        take_up(up, mode, venue_hours, begun_hours);
    }
    note_pace(up, pace);
    up->model.venue_hours = venue_hours;
    up->model.paused = paused;
    zone_show(venue_time, sizeof venue_time);
    if (venue_time[0])
        memcpy(up->model.venue_time, venue_time, sizeof venue_time);
    /* At an hour that somebody else has set (`patriot exchange ctl until`) the world only stands, until they say more. */
    const bool ours = up->span.venue_hours > 0 && (uint64_t)venue_hours >= up->base_hours + up->span.venue_hours;
    if ((over || (ended && ours)) && up->stage == UP_RUNNING && !up->until_due)
        up->ended = true;
}

void up_answer(asker_t *asker, uint32_t status, str_t text, void *context)
{
    up_t *up = context;
    (void)status;
    up_role_t role = (up_role_t)(asker - up->askers);
    if (up->stage >= UP_PAUSING) {
        up_finish_answer(up, role, text);
        return;
    }
    if (role == UP_EXCHANGE)
        read_exchange(up, text);
    else if (role == UP_WATCHDOG)
        (void)live_model_read_watchdog(&up->model, text);
    else if (role == UP_MONITOR)
        (void)live_model_read_monitor(&up->model, text);
}

/* --- showing ---------------------------------------------------------------------------------- */

static void note_processes(up_t *up)
{
    up->model.process_count = UP_ROLES;
    for (uint32_t i = 0; i < UP_ROLES; i++) {
        live_process_t *row = &up->model.processes[i];
        const child_t *child = up->children[i];
        const char *state = asker_ready(&up->askers[i]) ? "ok" : supervise_is_down(child) ? "down" : "starting";
        snprintf(row->role, sizeof row->role, "%s", child->role);
        snprintf(row->state, sizeof row->state, "%s", state);
        row->detail[0] = '\0';
        row->pid = child->pid;
        row->restarts = child->restarts;
    }
    pace_text(up, up->model.pace, sizeof up->model.pace);
}

static void print_signals(up_t *up)
{
    for (uint32_t i = up->model.signal_count; i-- > 0;) {
        const live_signal_t *signal = &up->model.signal_rows[i];
        if (signal->number <= up->shown_signal || signal->number <= up->model.signals_before)
            continue;
        up->shown_signal = signal->number;
        up_say(up, "%s  signal %lld  %s %s %s %s %s: %s\n", signal->time, (long long)signal->number, signal->symbol, signal->side,
               signal->strategy, signal->kind, signal->entry, signal->verdict);
    }
}

static void print_line(up_t *up)
{
    const live_model_t *model = &up->model;
    uint64_t now_ns = (uint64_t)loop_now_ns(up->role.loop);
    if (up->live_view || up->stage != UP_RUNNING || !model->reconciled || now_ns - up->line_ns < LINE_EVERY_S * (uint64_t)NS_PER_S)
        return;
    up->line_ns = now_ns;
    up_say(up,
           "%s  %lld h  equity %s  signals %lld  orders %lld  fills %lld  closed %lld  open %u  without stop: longest %lld ms\n",
           model->venue_time, (long long)model->venue_hours, model->equity, (long long)model->signals, (long long)model->orders,
           (long long)model->fills, (long long)model->trades_closed, model->position_count, (long long)model->unprotected_ms_max);
}

static void set_pace(up_t *up, double pace)
{
    const double slowest = 1.0 / 64, fastest = 1 << 20; /* beyond them a key says nothing any more */
    pace = pace < slowest ? slowest : pace > fastest ? fastest : pace;
    snprintf(up->wish_argument, sizeof up->wish_argument, "%.4g", pace);
    up->wish = up->speed_given ? "speed" : "pace";
    *(up->speed_given ? &up->speed : &up->pace) = pace;
}

static void obey_key(up_t *up)
{
    double now = up->speed_given ? up->speed : up->pace > 0 ? up->pace : 64;
    switch (live_view_key()) {
    case LIVE_KEY_FASTER:
        set_pace(up, now * 2);
        break;
    case LIVE_KEY_SLOWER:
        set_pace(up, now / 2);
        break;
    case LIVE_KEY_PAUSE:
        up->wish = up->model.paused ? "resume" : "pause";
        up->wish_argument[0] = '\0';
        break;
    case LIVE_KEY_QUIT:
        up_finish_begin(up);
        break;
    case LIVE_KEY_NONE:
        break;
    }
}

static bool everybody_is_there(const up_t *up)
{
    for (uint32_t i = 0; i < UP_ROLES; i++) {
        if (!asker_ready(&up->askers[i]) && !(i == UP_MONITOR && up->monitor_lost))
            return false;
    }
    return true;
}

/* A process that hangs protects nothing and holds its lock: it is ended by force, and the supervisor brings it back. One halted by
 * a debugger is no exception. */
static void end_the_silent(up_t *up)
{
    const int64_t now_ns = loop_now_ns(up->role.loop), most_ns = LOOK_MOST_MS * NS_PER_MS;
    const int64_t passed_ns = up->watched_ns > 0 && now_ns - up->watched_ns < most_ns ? now_ns - up->watched_ns : most_ns;
    up->watched_ns = now_ns;
    for (uint32_t i = 0; i < UP_ROLES; i++) {
        const child_t *child = up->children[i];
        const int limit_s = asker_ready(&up->askers[i]) ? SILENCE_S : GREETING_S;
        if (asker_wait(&up->askers[i], passed_ns) < limit_s * NS_PER_S || child->pid <= 0)
            continue;
        log_field_t fields[] = {LOG_TEXT("role", child->role), LOG_INT("role_pid", child->pid), LOG_INT("silent_s", limit_s)};
        log_write(LOG_ERROR, LOG_EVENT_PROCESS_RESTARTED, NULL, "it does not answer: ended by force, it comes back", fields, 3);
        up_say(up, "%s (pid %d) has not answered for %d s: ending it by force\n", child->role, child->pid, limit_s);
        up->askers[i].silent_ns = 0;
        (void)kill(child->pid, SIGKILL);
    }
}

void up_watch(up_t *up)
{
    end_the_silent(up);
    if (up->stage == UP_STARTING && everybody_is_there(up)) {
        up->ready_ns = loop_now_ns(up->role.loop) - up->started_ns;
        health_check_set(&up->role.health, "roles", HEALTH_OK, "", role_now_ns(&up->role));
        up_say(up, "all four processes are up after %lld ms; data in %s\n", (long long)(up->ready_ns / NS_PER_MS),
               up->role.data_folder);
        up_stage(up, UP_RUNNING);
    }
    if (up->wish && asker_ask(&up->askers[UP_EXCHANGE], up->wish, up->wish_argument[0] ? up->wish_argument : NULL, NULL))
        up->wish = NULL;
    else if (up->until_due)
        up->until_due = !asker_ask(&up->askers[UP_EXCHANGE], "until", up->span.venue_hours > 0 ? up->numbers[1] : "max", NULL);
    else
        (void)asker_ask(&up->askers[UP_EXCHANGE], "state", NULL, NULL);
    if (up->tighten_due)
        up->tighten_due = !asker_ask(&up->askers[UP_SIGNER], "kill-at-least", "3", NULL);
    else
        (void)asker_ask(&up->askers[UP_SIGNER], "view", NULL, NULL);
    (void)asker_ask(&up->askers[UP_WATCHDOG], "view", NULL, NULL);
    (void)asker_ask(&up->askers[UP_MONITOR], "view", NULL, NULL);
    note_processes(up);
    if (up->live_view) {
        live_view_draw(&up->model);
        obey_key(up);
    } else {
        print_signals(up);
        print_line(up);
    }
    if (up->ended && up->stage == UP_RUNNING) {
        if (up->span.venue_hours > 0)
            up_say(up, "the hours asked for are over\n");
        else
            up_end_note(up);
        up_finish_begin(up);
    }
}

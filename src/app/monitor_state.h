/* monitor_state.h: what the parts of `patriot monitor` share. Private to monitor*.c.
 *
 *   monitor.c          begins and ends, reads the rules, wires streams and lockstep
 *   monitor_bars.c     bars: store, back-fill, gaps, and into the signal half
 *   monitor_signals.c  the link to the watchdog: signals out, outcomes in
 *   monitor_plugins.c  C plug-ins: loaded at start, their losses told
 *   monitor_parameters.c  the file of strategy parameters: read at start, re-read while running
 *   monitor_view.c     JSON for people
 *   monitor_weights.c  what weighs the signals, as JSON
 */
#pragma once

#include <sys/stat.h>

#include "app/named_symbols.h"
#include "app/plugin_set.h"
#include "app/role.h"
#include "app/venue_link.h"
#include "core/engine/signal_half.h"
#include "edge/exchange/binance/feed.h"
#include "edge/exchange/binance/history.h"
#include "edge/exchange/recorder.h"
#include "edge/json/json_writer.h"
#include "edge/store/candle_store.h"
#include "edge/store/signal_store.h"

enum {
    MONITOR_RECENT_MAX = 8,
    MONITOR_HOLES_MAX = 32,
    MONITOR_WATCHED_MAX = CONFIG_SYMBOLS_MAX + SIGNAL_HALF_OPEN_MAX, /* in force, and open without being so */
};

/* Bars that the store turned out not to have when it was opened: open times from_ns <= t < to_ns. */
typedef struct {
    int64_t from_ns, to_ns;
} hole_t;

/* One symbol that is in force or was, or has an open trade. */
typedef struct {
    instrument_id_t instrument;
    bool in_force; /* named by tickers.txt or the configuration: else nothing is entered */
    bool followed; /* its bars come: in force, or a trade is open that its strategy may take back; in the demo always */
    candle_store_t *store;
    int64_t bar_ns; /* length of a bar */
    bool fetching;  /* a history job is under way */
    bool filled;    /* the first back-fill is done */
    bool mending;   /* holes in the middle of the store are fetched: nothing is decided before they are filled */
    uint32_t hole_count, hole_next;
    hole_t holes[MONITOR_HOLES_MAX];
    int64_t newest_open_ns; /* newest closed bar that the stream has told */
    dec_t price, price_day_ago;
    uint64_t gaps;
} watched_t;

typedef struct {
    signal_t signal;
    const char *verdict; /* static text */
} recent_signal_t;

typedef struct {
    role_t role;
    int cannot_run; /* exit code of what could not be opened; EXIT_WELL: nothing */
    venue_link_t venue;
    venue_clock_t clock;
    instrument_table_t *table;
    tickers_t *tickers;
    named_symbols_t *named; /* what the journal names: what is open there needs its rules, in force or not */
    uint32_t count;
    watched_t watched[MONITOR_WATCHED_MAX];
    timeframe_t base;

    history_t *history;
    uint32_t history_jobs;
    loop_timer_t opener; /* opens the symbols of the start one a turn of the loop: each may feed years of bars to plug-ins */
    uint32_t opened, to_open;
    bool live; /* every back-fill is done: the stream runs */
    feed_t *feed;
    const char *record_path; /* NULL: the stream is not recorded */
    recorder_t *recorder;
    loop_timer_t retry;
    int64_t rules_pause_ns; /* before the rules are asked for again; doubles; 0: the shortest */
    loop_timer_t batch;
    bool lockstep;
    bool moment_open;

    signal_half_t half;
    void *half_memory;
    plugin_set_t *plugins;
    parameters_t *parameters;     /* in force; without a file all presets */
    struct stat parameters_stamp; /* of the file that was read last, well or not */
    loop_timer_t restart;         /* strategies that are to begin anew, one a turn of the loop */
    void *run_memory[MONITOR_WATCHED_MAX]
                    [SIGNAL_HALF_STRATEGIES_MAX]; /* of strategies that were started again; NULL: the half's own */
    signal_store_t *store;
    bus_link_t *watchdog;
    bus_outbox_t outbox;
    bus_inbox_t inbox;
    bus_message_t *message;

    uint64_t accepted, refused, filled, closed, batches, bars_of_batch;
    uint64_t signals_before; /* number of the last signal that an earlier run has made; 0: none */
    uint32_t recent_count;
    recent_signal_t recent[MONITOR_RECENT_MAX]; /* newest first */
} monitor_t;

/* --- monitor_bars.c */
int monitor_bars_open(monitor_t *monitor);                 /* stores of all watched symbols, history queue; EXIT_... */
int monitor_bars_begin(monitor_t *monitor, uint32_t from); /* the stores of the watched symbols from that row on */
void monitor_bars_close(monitor_t *monitor);
void monitor_on_bar(monitor_t *monitor, instrument_id_t instrument, const candle_t *candle);
bool monitor_bars_idle(const monitor_t *monitor);
void monitor_bars_look(monitor_t *monitor);             /* the venue's time has moved */
int64_t monitor_bars_wake_ms(const monitor_t *monitor); /* the venue time that history waits for; 0: none */

/* --- monitor.c */
bool monitor_feed_open(monitor_t *monitor); /* without a name yet; false: no memory */
void monitor_go_live(monitor_t *monitor);   /* every back-fill is done */
void monitor_working(monitor_t *monitor);   /* something of a long work in one moment is done, and there is more */
void monitor_settle(monitor_t *monitor);    /* looks whether the moment is finished */
int64_t monitor_now_ns(const monitor_t *monitor);

/* --- monitor_parameters.c: regimes */
/* False, and said, when a row of signal.regimes contradicts these parameters for a symbol. */
bool monitor_regimes_fit(const monitor_t *monitor, const parameters_t *parameters);

/* --- monitor_signals.c */
int monitor_signals_open(monitor_t *monitor);
void monitor_signals_close(monitor_t *monitor);
void monitor_signals_made(monitor_t *monitor, const signal_t *signals, uint32_t count);
bool monitor_signals_idle(const monitor_t *monitor); /* the watchdog has handled every signal */
bool monitor_signal_find(const monitor_t *monitor, const char *word, recent_signal_t *out); /* by id or number, of all stored */

/* --- monitor_plugins.c */
void monitor_plugins_open(monitor_t *monitor);
void monitor_plugins_close(monitor_t *monitor);
void monitor_plugins_note(monitor_t *monitor, instrument_id_t instrument); /* after bars of it: tells what was lost */

/* --- monitor_parameters.c */
/* A section whose symbol or timeframe does not run is right and does nothing: its writer may have misspelt it. One warning each. */
void monitor_parameters_tell_idle(const monitor_t *monitor, const parameters_t *parameters);
bool monitor_parameters_open(monitor_t *monitor); /* false: a file is named and cannot be used; the reason is said */
void monitor_parameters_close(monitor_t *monitor);
/* asked: by a person; then also an unchanged file is read, and lost runs of plug-ins begin again. A refusal is added to the report
 * (may be NULL) and said once for each state of the file; what was in force stays. */
config_reload_t monitor_parameters_reload(monitor_t *monitor, bool asked, config_report_t *report);

/* --- monitor_view.c */
int monitor_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                    size_t *length);

void monitor_write_signals(json_writer_t *writer, const monitor_t *monitor); /* "signals": the last ones, newest first */

/* --- monitor_weights.c */
int monitor_write_weights(const monitor_t *monitor, char *reply, size_t capacity, size_t *length);

/* A signal as the form that traders pass on: monitor_form.c. */
int monitor_write_form(const monitor_t *monitor, const patriot_bus_Control *control, char *reply, size_t capacity, size_t *length);

/* up_state.h: what the parts of `patriot up` share. Private to up*.c.
 *
 *   up.c             begins and ends
 *   up_options.c     the command line
 *   up_children.c    starts the roles, and what becomes of one that ends
 *   up_watch.c       asks the roles, feeds the live view or plain lines, keys
 *   up_background.c  --background
 *   up_finish.c      the orderly end: pause, settle, gather, stop, summary
 */
#pragma once

#include "app/asker.h"
#include "app/last_lines.h"
#include "app/live_model.h"
#include "app/options.h"
#include "app/role.h"
#include "edge/supervise/supervise.h"

enum { UP_ROLES = 4, UP_PATH_MAX = FILE_PATH_MAX };

typedef enum { UP_EXCHANGE, UP_SIGNER, UP_WATCHDOG, UP_MONITOR } up_role_t; /* in order of start; stopped in the opposite order */

typedef enum { UP_STARTING, UP_RUNNING, UP_PAUSING, UP_SETTLING, UP_GATHERING, UP_STOPPING, UP_DONE } up_stage_t;

/* The figures of the end, as text where they are money. */
typedef struct {
    char pnl[48], fees[48], funding[48], equity[48], wallet[48], venue_wallet[48], tie_out[48], unexplained[48], decisions[72];
    uint64_t venue_hours, signals, orders, fills, trades_closed, refused;
    int64_t unprotected_ms_max;
    bool watchdog_known, venue_known;
} up_summary_t;

typedef struct {
    role_t role;
    supervisor_t supervisor;
    child_t *children[UP_ROLES];
    asker_t askers[UP_ROLES];
    bus_message_t *scratch;

    /* options */
    const char *data, *config, *program;
    const char *scenario, *faults, *wire_log; /* as for the exchange; NULL: none */
    uint64_t seed;
    span_t span;
    double speed, pace;
    bool speed_given, pace_given, seed_given, json, background, plain;
    argument_list_t markets;
    char numbers[6][32]; /* texts of numeric arguments for the children */
    char face[64], paths[UP_ROLES][UP_PATH_MAX], account_file[UP_PATH_MAX];

    /* state */
    up_stage_t stage;
    int64_t started_ns, stage_ns, ready_ns;
    loop_timer_t tick, span_end;
    live_model_t model;
    up_summary_t summary;
    bool live_view;
    const char *wish; /* a command for the exchange that has not been handed over yet */
    char wish_argument[32];
    bool pause_asked, compare_asked, compare_answered;
    uint64_t base_hours; /* venue hours of earlier runs in this folder */
    bool taken_up;       /* the exchange has answered, and the hours count from where it was */
    bool until_due;      /* where it shall stop: not handed over yet */
    bool ended;          /* the exchange says: no more history, or the hours asked for are over */
    bool gathered[UP_ROLES];
    bool hours_final;     /* the exchange has told at which hour it stands still */
    uint32_t settled;     /* answers in a row that said idle */
    int64_t shown_signal; /* its number */
    uint64_t line_ns;
    bool monitor_lost;  /* it has failed safe and stays down: the others protect what is open, nothing is entered */
    bool tighten_due;   /* reduce only, at the signer: not handed over yet */
    int64_t watched_ns; /* the last look at who answers */
    uint32_t restarts;
    const child_t *refused; /* whose end ended all of it; NULL: nobody's */
    char last_lines[LAST_LINES_MAX];
    int exit_code;
} up_t;

/* --- up.c */
void up_stage(up_t *up, up_stage_t stage);

/* --- up_options.c */
options_outcome_t up_read_options(up_t *up, int argc, char **argv);
bool up_options_are_well(const up_t *up); /* false: it was said what is wrong */

/* --- up_children.c */
int up_start_children(up_t *up);                  /* exit status */
void up_fill_arguments(up_t *up, up_role_t role); /* for its next start */

/* --- up_background.c: false in the process that waited; *code is its exit code */
bool up_go_to_background(up_t *up, const char *data, int *code);

/* --- up_watch.c */
void up_answer(asker_t *asker, uint32_t status, str_t text, void *context);
void up_watch(up_t *up); /* each tick */
void up_say(const up_t *up, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- up_finish.c */
void up_finish_begin(up_t *up);
void up_finish_answer(up_t *up, up_role_t role, str_t text);
void up_finish_tick(up_t *up);
void up_finish_print(up_t *up);
void up_end_forget(const up_t *up); /* the end of the history that an earlier run has noted */
void up_end_note(const up_t *up);   /* the history has ended: said, logged, and noted for `patriot status` */

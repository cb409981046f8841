/* watchdog_state.h: what the parts of `patriot watchdog` share. Private to watchdog*.c.
 *
 *   watchdog.c          begins and ends, wires streams, time and lockstep
 *   watchdog_step.c     one input through the order half: records durable, then actions out
 *   watchdog_log.c      what a step gave, in the log, each line with the id of the signal that began it
 *   watchdog_signer.c   the link to the signer: actions out, replies and private events in
 *   watchdog_monitor.c  signals in, outcomes out
 *   watchdog_wants.c    whose prices are followed
 *   watchdog_view.c     JSON for people, and their commands
 */
#pragma once

#include "app/role.h"
#include "core/base/hash.h"
#include "core/engine/order_half.h"
#include "edge/exchange/binance/feed.h"
#include "edge/exchange/venue_clock.h"
#include "edge/store/journal.h"
#include "edge/store/ledger_db.h"

enum {
    WATCHDOG_OUTSTANDING_MAX = 512, /* actions under way at the signer */
    WATCHDOG_SIGNALS_MAX = 64,      /* signals waiting for their moment */
    WATCHDOG_MARKET_MAX = 4096,     /* market events of one moment */
    WATCHDOG_HELD_MAX = 1024,       /* private events waiting for their moment */
    WATCHDOG_TRADES_NAMED = 256,    /* the last trades whose signal the log names */
    OUTCOME_INDEX_STEP = 64,
    OUTCOME_INDEX_MAX = 65536,
};

typedef struct {
    uint64_t action;
    action_kind_t kind;
    bool never_sent; /* it could not be handed over: ended in the same turn */
} outstanding_t;

typedef struct {
    uint64_t number; /* in the monitor's outbox */
    bool dud;        /* could not be read: passed over in its turn */
    signal_t signal;
} waiting_signal_t;

typedef struct {
    uint64_t trade;
    char signal_id[SIGNAL_ID_MAX];
} named_trade_t;

typedef struct {
    role_t role;

    /* durable state */
    journal_t *journal;
    bool dirty;  /* appended, not yet synced */
    bool failed; /* the journal has failed: no action leaves any more */
    bool closed; /* the process ends: its parts are given back one after the other */
    ledger_db_t *ledger;
    journal_reader_t *projection;
    int64_t projection_after_ns; /* > 0: ledger.db has refused; tried again then */
    bool journal_short;          /* no room for the next segment */
    order_half_t *half;
    order_input_t *input;
    order_output_t *output;
    uint32_t epoch;
    bool resumed;
    int64_t begun_ns;    /* by the machine's clock */
    int64_t ticked_ns;   /* the last tick, by the machine's clock: shows that this process was halted */
    int64_t halt_end_ns; /* when that was last noticed, by the same clock; 0: never */
    sha256_t decisions;  /* over every decision since the journal began */
    uint64_t command_id; /* of the last command of a person, and what became of it */
    result_t command_result;
    level_refusal_t command_refusal;            /* why it moved no level, and */
    dec_t command_bound;                        /* what that was held against */
    int64_t synced_ns;                          /* venue time of the last comparison with the exchange that ended; 0: never */
    int64_t comparing_ns;                       /* the machine's clock when the comparison under way began; 0: none is */
    int64_t comparing_after_ns;                 /* synced_ns at the last look: when it has moved, another one is under way */
    bool comparing_told;                        /* that it takes too long */
    named_trade_t named[WATCHDOG_TRADES_NAMED]; /* [trade % WATCHDOG_TRADES_NAMED] */
    uint64_t counts_signals, counts_refused, counts_orders, counts_fills, counts_closed;

    /* time */
    venue_clock_t clock;
    loop_timer_t tick;
    bool lockstep;
    uint64_t moment;
    bool moment_open;   /* the exchange waits for our word */
    bool moment_begun;  /* the first moment of this process has begun */
    bool moment_is_due; /* its market events are all here and it has not begun */
    uint64_t moment_due;
    int64_t moment_due_ms, moment_due_since_ns;
    uint32_t market_count;
    market_event_t *market_events; /* WATCHDOG_MARKET_MAX: of the moment that is due */

    /* signer */
    bus_link_t *signer;
    bus_message_t *message; /* scratch */
    uint32_t outstanding_count;
    outstanding_t outstanding[WATCHDOG_OUTSTANDING_MAX];
    uint32_t overflow_count;
    outstanding_t overflow[WATCHDOG_OUTSTANDING_MAX]; /* could not even be handed over: ended as never sent */
    bus_inbox_t private_inbox;
    int64_t signer_lost_ns; /* by the machine's clock, when the link last broke; 0: it never has */
    bool signer_marked;     /* it has passed on a marker on this connection */
    bool signer_deaf;       /* lockstep: the last moment began without its marker, and it has passed on none since */
    uint64_t signer_moment; /* lockstep: private events before this moment's marker are all here */
    uint32_t held_count;
    order_input_t *held_events; /* WATCHDOG_HELD_MAX: of a moment whose market events have not come yet */
    loop_task_t sweep;

    /* monitor */
    bus_link_t *monitor;
    bool monitor_met;       /* it has been connected to this process */
    uint64_t outcome_acked; /* the last outcome that the monitor has handled */
    bus_inbox_t signal_inbox;
    uint32_t waiting_count;
    waiting_signal_t waiting[WATCHDOG_SIGNALS_MAX];
    journal_reader_t *outcomes; /* position of the monitor's stream in the journal */
    uint64_t outcome_number;    /* of the last one sent or skipped */
    uint64_t outcome_total;
    uint64_t *outcome_index; /* [k]: record number of outcome (k + 1) * OUTCOME_INDEX_STEP */
    bool outcome_held;       /* one was read and did not fit the queue */
    request_outcome_t held;

    /* market */
    feed_t *feed;
    bool listed[INSTRUMENT_MAX]; /* the signer has told its rules in this run */
    bool wants_due;              /* a trade has begun or ended */
    int64_t wants_looked_ns;
    char wants_trouble[HEALTH_TEXT_MAX]; /* as last told */
    uint32_t want_count;
    feed_want_t wants[INSTRUMENT_MAX];
    bool filters_due; /* rules came: symbol_filters.json is behind */
    int64_t filters_saved_ns;
    dec_t marks[INSTRUMENT_MAX];
} watchdog_t;

/* --- watchdog_step.c */
int watchdog_journal_open(watchdog_t *watchdog);
void watchdog_journal_close(watchdog_t *watchdog);
int64_t watchdog_now_ns(const watchdog_t *watchdog); /* venue time */
void watchdog_resume(watchdog_t *watchdog);          /* once rules and configuration are in */
void watchdog_give(watchdog_t *watchdog);            /* watchdog->input through the half; records durable; actions out */
order_input_t *watchdog_input(watchdog_t *watchdog, order_input_kind_t kind);
bool watchdog_commit(watchdog_t *watchdog);    /* false: failed safe */
void watchdog_idle_work(watchdog_t *watchdog); /* projection, journal preparation */

/* --- watchdog_log.c */
void watchdog_log_note(watchdog_t *watchdog, const order_record_t *record); /* live and in the fold */
void watchdog_log_output(watchdog_t *watchdog);

/* --- watchdog_signer.c */
int watchdog_signer_open(watchdog_t *watchdog);
void watchdog_signer_do(watchdog_t *watchdog, const order_action_t *action);
void watchdog_signer_ack(watchdog_t *watchdog);
void watchdog_signer_release(watchdog_t *watchdog);         /* private events whose moment has come */
bool watchdog_signer_is_coming(const watchdog_t *watchdog); /* lockstep: it died a moment ago, and the world can wait */
bool watchdog_signer_caught_up(const watchdog_t *watchdog); /* no private event of the present moment can still come */

/* --- watchdog_monitor.c */
void watchdog_monitor_message(watchdog_t *watchdog, bus_link_t *link, const bus_message_t *message);
void watchdog_monitor_ready(watchdog_t *watchdog, bus_link_t *link, const patriot_bus_Hello *hello);
void watchdog_monitor_take(watchdog_t *watchdog); /* signals whose moment has come */
void watchdog_monitor_ack(watchdog_t *watchdog);
void watchdog_monitor_pump(watchdog_t *watchdog);        /* outcomes out */
bool watchdog_monitor_knows(const watchdog_t *watchdog); /* it has handled every outcome, or is not there */
void watchdog_monitor_note(watchdog_t *watchdog, const order_record_t *record);

/* --- watchdog.c */
void watchdog_settle(watchdog_t *watchdog); /* idle? then acknowledgements and the word to the exchange go out */
void watchdog_moment_try(
    watchdog_t *watchdog); /* begins the moment that is due when the signer has passed on everything before it */
void watchdog_signer_kill(watchdog_t *watchdog, uint32_t level); /* the signer's kill level is in force here too */

/* --- watchdog_wants.c */
void watchdog_market_want(watchdog_t *watchdog); /* streams for what is open and what is in force */
void watchdog_market_look(watchdog_t *watchdog); /* the same when a trade has begun or ended, and once a batch interval */

/* --- watchdog_view.c */
int watchdog_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                     size_t *length);

/* signer_state.h: what the parts of `patriot signer` share. Private to signer*.c.
 *
 *   signer.c         begins and ends, keys, rules, streams, lockstep
 *   signer_gate.c    the last door: epoch, kill level, hard limits; asks nobody
 *   signer_bus.c     the watchdog's commands in; replies, private events and rules out
 *   signer_order.c   lockstep: actions one after the other, answers behind the events that came before them
 *   signer_report.c  `patriot ban`: how the exchange looks at the account and the address
 *   signer_kill.c    carries out kill levels 2 and 4 by itself when no watchdog is there
 */
#pragma once

#include "app/role.h"
#include "app/rules.h"
#include "app/venue_link.h"
#include "core/engine/last_gate.h"
#include "edge/exchange/binance/account_client.h"
#include "edge/exchange/binance/decode_private.h"
#include "edge/exchange/binance/user_stream.h"
#include "edge/exchange/symbol_map.h"
#include "edge/json/json_writer.h"

enum {
    SIGNER_EVENTS_MAX = 4096,  /* private events kept until the watchdog has handled them */
    SIGNER_SENT_MAX = 65536,   /* orders remembered as handed to the wire; a power of two */
    SIGNER_ACTIONS_MAX = 1024, /* lockstep: actions that wait for their turn; more than a watchdog has under way */
    SIGNER_HELD_MAX = 512,     /* lockstep: answers that wait for the events before them */
};

typedef struct {
    uint64_t behind; /* private events of the connection that come first */
    order_input_t input;
} held_answer_t;

/* Action numbers from here on are the signer's own (kill levels). */
#define SIGNER_ACTIONS_FROM (UINT64_C(1) << 62)

typedef struct {
    role_t role;
    venue_link_t venue;
    venue_clock_t clock;
    char api_key[CONFIG_SECRET_MAX]; /* wiped at the end */
    sign_key_t *key;
    instrument_table_t *table;
    symbol_map_t *symbols;
    rules_reader_t rules;
    named_symbols_t *named;          /* what the journal names: what is open there needs its rules, in force or not */
    char strangers[HEALTH_TEXT_MAX]; /* what was told last of positions that are not ours */
    bool rules_known;
    int64_t rules_read_ns;                  /* venue time of the last reading */
    int64_t rules_again_ns, rules_pause_ns; /* after a failure: not before then; 0: there was none since the last reading */
    bool rules_wanted;                      /* by the watchdog, which waits for an answer */
    uint64_t rules_action;
    loop_timer_t retry, hourly;
    account_client_t *account;
    user_stream_t *stream;
    bool lockstep;
    bool moment_open;
    uint64_t moment;
    bool moment_due; /* its marker has not been passed on yet */

    /* lockstep: order */
    order_action_t *actions; /* SIGNER_ACTIONS_MAX, a ring */
    uint32_t action_first, action_count;
    held_answer_t *held; /* SIGNER_HELD_MAX */
    uint32_t held_count;
    loop_task_t order_turn;
    bool deaf; /* events that were due did not come; since then none after the deaf_events-th has */
    uint64_t deaf_events;
    loop_timer_t order_patience;

    /* the gate */
    uint32_t epoch;      /* highest seen; lower ones are refused */
    bool emergency;      /* operation.emergency_stop as it was last told */
    uint32_t kill_level; /* the operator's, kept over restarts; signer_kill_level says what is in force */
    last_gate_t gate;
    uint32_t known_from; /* every order of an epoch from here on has passed through this process */
    uint32_t sent_count;
    uint64_t *sent; /* SIGNER_SENT_MAX: hashes of client ids, 0: free */

    /* the watchdog */
    bus_link_t *watchdog;
    uint64_t watchdog_session;
    bus_outbox_t outbox;
    private_event_t *events; /* SIGNER_EVENTS_MAX, number n in slot n % MAX */
    bus_message_t *message;
    order_input_t *input;

    /* what the exchange says of the account's right to trade */
    bool trading_asking;
    uint32_t trading_answers; /* questions that have ended */
    result_t trading_result;  /* of the last one */
    binance_trading_status_t trading;

    /* kill levels carried out here */
    loop_timer_t kill_patience; /* runs while a watchdog has a level to carry out */
    bool kill_heard;            /* it has said within this wait that the level is in force there */
    bool kill_alone;            /* it hangs: the signer has acted in its stead */
    bool sweeping, sweep_again;
    uint32_t swept_orders, swept_positions;
    bool own_kept;     /* what the signer has done by itself is told to every new watchdog until the level is lowered: */
    uint64_t own_from; /* private events after this number. Trade lists alone do not say whose orders closed a position */
    uint64_t own_actions;
} signer_t;

/* --- signer.c */
void signer_settle(signer_t *signer);
int64_t signer_now_ns(const signer_t *signer);

/* --- signer_gate.c */
result_t gate_open(signer_t *signer); /* reads DIR/signer.state */
bool gate_epoch_seen(signer_t *signer, uint32_t epoch);
bool gate_kill_set(signer_t *signer, uint32_t level); /* durable before it is true; false: the file cannot be written */
/* True when the action may leave; otherwise *reply says why, in the venue's stead. */
bool gate_pass(signer_t *signer, const order_action_t *action, order_reply_t *reply);

void gate_note_sent(signer_t *signer, const client_id_t *id);        /* right before it may leave */
bool gate_never_sent(const signer_t *signer, const client_id_t *id); /* proof that no byte of it has left and none will */

/* --- signer_bus.c */
void signer_on_peer(role_t *role, bus_link_t *link, const patriot_bus_Hello *hello);
void signer_on_message(role_t *role, bus_link_t *link, const bus_message_t *message);
void signer_on_ack(role_t *role, bus_link_t *link, uint64_t number);
void signer_on_room(role_t *role, bus_link_t *link);
void signer_on_lost(role_t *role, bus_link_t *link);
void signer_give_private(signer_t *signer, const private_event_t *event);
void signer_give_input(void *context, const order_input_t *input); /* what the account client learns */
void signer_give_rules(signer_t *signer);
void signer_give_kill(signer_t *signer);
void signer_pump(signer_t *signer);        /* private events, and behind them the marker of a moment */
void signer_give_moment(signer_t *signer); /* lockstep: all private events before its marker have been passed on */
bool signer_bus_idle(const signer_t *signer);
void signer_take_action(signer_t *signer, const order_action_t *action);
bool signer_send_input(signer_t *signer, const order_input_t *input); /* false: the watchdog is away, or the link begins anew */

/* --- signer_order.c; lockstep only */
void order_init(signer_t *signer);
void order_stop(signer_t *signer);
bool order_action(signer_t *signer, const order_action_t *action); /* false: too many wait */
void order_forget_actions(signer_t *signer);                       /* of a watchdog that has gone */
void order_input(signer_t *signer, const order_input_t *input);
void order_events_came(signer_t *signer); /* after private events have been noted, or the stream has changed its state */
bool order_is_settled(const signer_t *signer);

/* --- signer_report.c */
void report_ask(signer_t *signer); /* asks the exchange for the trading status, unless that is under way */
void report_write(const signer_t *signer, json_writer_t *writer);

/* --- signer_kill.c */
int signer_control(role_t *role, bus_link_t *link, const patriot_bus_Control *control, char *reply, size_t capacity,
                   size_t *length);
void signer_kill_init(signer_t *signer);
void signer_kill_stop(signer_t *signer);
void signer_kill_act(signer_t *signer);
uint32_t signer_kill_level(const signer_t *signer);       /* in force: the operator's, or what operation.emergency_stop asks for */
void signer_kill_reread(signer_t *signer);                /* the configuration has changed */
void signer_kill_heard(signer_t *signer, uint32_t level); /* in force at the watchdog */
void signer_kill_input(signer_t *signer, const order_input_t *input);

/* order_half_parts.h: inside of the order half: what its files share. Nothing outside core/engine includes this.
 *
 * order_half.c         life, records and actions, dispatch
 * order_half_learn.c   what the venue says of an order -> records
 * order_half_fill.c    ... and of a fill
 * order_half_reply.c   replies to our own requests
 * order_half_account.c balances, income, settings, positions, frozen symbols
 * order_half_door.c    a signal, the facts it is judged by, the verdict
 * order_half_entry.c   entries, settings, position mode, the canary
 * order_half_size.c    price, quantity and form of a stop or target
 * order_half_protect.c stops, targets, cover, the end of a trade
 * order_half_exit.c    leaving: ladder, closes, kill
 * order_half_inquiry.c orders whose fate is not known; missing fills
 * order_half_sync.c    comparison with the venue: when, and what is read
 * order_half_compare.c ... and what it finds
 * order_half_command.c commands, configuration, rules
 * order_half_level.c   a stop or target moved by a person
 * order_half_view.c    looking
 */
#pragma once

#include "core/engine/order_half.h"
#include "core/order/books.h"

enum {
    HALF_RECORDS_RESERVE = 96, /* a planner turn starts only with this much room left */
    HALF_ACTIONS_RESERVE = 48,
    HALF_SYNC_ROUNDS_MAX = 3,
    HALF_SYNC_PATIENCE_MAX = 15, /* rounds while differences still move */
    HALF_ENTRY_TRIES_MAX = 3,    /* an entry that never left is made anew this often */
    HALF_LISTS_AT_ONCE = 8,      /* trade lists asked for at a time */
    HALF_STRAYS_MAX = 20,        /* stray orders of ours cancelled in one sweep */
};

#define HALF_SECOND        INT64_C(1000000000)
#define HALF_REPLY_MAX_NS  (15 * HALF_SECOND) /* a request without any reply for this long is UNKNOWN */
#define HALF_RETRY_NS      (HALF_SECOND / 4)  /* first pause after a refused or failed request; doubles */
#define HALF_RETRY_MAX_NS  (30 * HALF_SECOND)
#define HALF_RETRY_RARE_NS (900 * HALF_SECOND) /* ... of what nobody is less safe without */
#define HALF_FILL_GRACE_NS (HALF_SECOND / 2)   /* the stream usually brings a fill sooner than a query could */
#define HALF_MISMATCH_NS   (5 * HALF_SECOND)   /* a position unlike our books for this long starts a comparison */
#define HALF_LOOK_FIRST_NS (10 * HALF_SECOND)  /* a flatten waits no longer for the comparison past a cut or a start */
#define HALF_QUERY_LIFE_NS (60 * HALF_SECOND)  /* a query without any result for this long is asked again */

typedef struct {
    int64_t quote_ns, mark_ns, last_ns; /* 0: never */
    dec_t bid, ask, mark, last;
} half_price_t;

typedef struct {
    int64_t rules_ns;      /* rules read; 0: never in this session */
    dec_t venue_amount[4]; /* last told, by position_key_t */
    bool venue_known[4];
    int64_t mismatch_since_ns;
    uint64_t fills_action; /* QUERY_FILLS in flight */
    int64_t fills_asked_ns;
    uint64_t settings_action;
    margin_type_t asked_margin;
    uint32_t asked_leverage; /* what settings_action asks for; 0: the margin type */
    int64_t next_settings_ns;
    uint32_t foreign_orders;     /* resting orders of others in the last list */
    uint32_t foreign_orders_new; /* being counted */
    int64_t next_rules_ns;
    bool wants_fills;                  /* in the running comparison */
    dec_t last_ours[4], last_venue[4]; /* at the round before */
} half_symbol_t;

typedef struct {
    char asset[ASSET_TEXT_MAX];
    dec_t wallet, available;
    bool available_known;
    int64_t time_ns;
    dec_t last_ours, last_venue; /* at the round before: only a difference that holds still is a difference */
} half_balance_t;

typedef enum { SYNC_IDLE, SYNC_WAITING /* for its time */, SYNC_SNAPSHOT, SYNC_QUERIES, SYNC_FILLS } sync_phase_t;

typedef struct {
    sync_phase_t phase;
    uint32_t round; /* numbers snapshots */
    uint32_t tries; /* rounds of this comparison */
    uint64_t action;
    int64_t asked_ns, next_ns, due_ns;
    uint32_t failed; /* sections, bit by snapshot_section_t */
    uint32_t complete;
    uint32_t strays;
    uint32_t failures, differences; /* in a row: snapshots that failed, comparisons that ended with a difference */
    bool loud;                      /* records its beginning and end */
    bool blind;                     /* the stream was cut: no entry begins before a comparison has ended */
    bool everywhere;                /* the trade lists of all symbols are read, not only of those concerned; */
    bool moved;                     /* ... and the difference was another in the round before */
    bool again;                     /* something may have been missed while it ran: what it has read is too old, it begins anew */
    char cause[RECORD_CAUSE_MAX];
} half_sync_t;

struct order_half {
    books_t books;
    instrument_table_t instruments;
    risk_config_t risk;
    bool risk_known, resumed, reconciled;
    bool capability_lost;
    bool standstill;           /* during the step of ORDER_INPUT_STANDSTILL */
    bool mode_told;            /* MODE_MISMATCH was notified */
    uint32_t canaries_refused; /* in a row */
    int64_t now_ns, session_ns, next_canary_ns, next_mode_ns;
    int64_t blind_ns; /* of the last cut, or the start */
    uint64_t next_action, mode_action;
    half_price_t prices[INSTRUMENT_MAX];
    half_symbol_t symbols[INSTRUMENT_MAX];
    half_balance_t balances[LEDGER_ASSETS_MAX];
    uint32_t balance_count;
    half_sync_t sync;
    order_output_t *output; /* during a step only */
};

/* --- order_half.c ----------------------------------------------------------------------------- */

/* A zeroed record in the output, not yet numbered; fill it and commit it at once. */
order_record_t *half_record(order_half_t *half, record_kind_t kind, uint64_t trade, instrument_id_t instrument);
/* Applies it; on failure the record is dropped and nothing has changed. */
result_t half_commit(order_half_t *half, order_record_t *record);
order_action_t *half_action(order_half_t *half, action_kind_t kind, action_priority_t priority, uint64_t trade,
                            instrument_id_t instrument);
void half_notify(order_half_t *half, notice_t notice, uint64_t trade, instrument_id_t instrument);
bool half_has_room(const order_half_t *half);
void half_text(char *to, size_t capacity, const char *text); /* cut to fit */

/* One move in an order's table. False when the table has no such move; then nothing happened. */
typedef struct {
    order_event_t event;
    evidence_t evidence;
    uint64_t venue_order_id;
    bool filled_known;
    dec_t filled;
    int32_t code;
    const char *text; /* may be NULL */
} half_move_t;
bool half_move_order(order_half_t *half, book_order_t *order, const half_move_t *move);
void half_move_trade(order_half_t *half, book_trade_t *trade, trade_event_t event, const char *cause);

/* --- the other files -------------------------------------------------------------------------- */

void half_on_private(order_half_t *half, const private_event_t *event);
book_order_t *half_learn_order(order_half_t *half, const private_order_t *report, evidence_t evidence);
bool half_parse_ours(const char *text, client_id_t *id, leg_t *leg);
book_order_t *half_match(order_half_t *half, const private_order_t *report); /* NULL: none of the books' */
void half_learn_algo(order_half_t *half, book_order_t *order, private_status_t status, uint64_t engine_id, const char *reason);
void half_learn_fill(order_half_t *half, const private_event_t *event, evidence_t evidence);
void half_repair_reductions(order_half_t *half);
bool half_plausible(dec_t value);
void half_learn_balance(order_half_t *half, const private_balance_t *balance, int64_t time_ns);
void half_learn_income(order_half_t *half, const private_income_t *income);
void half_learn_settings(order_half_t *half, const private_settings_t *settings);
void half_learn_mode(order_half_t *half, position_mode_t mode);
void half_learn_position(order_half_t *half, const private_position_t *position);
void half_freeze(order_half_t *half, instrument_id_t instrument, bool frozen, const char *cause);

void half_on_reply(order_half_t *half, const order_reply_t *reply);

void half_on_signal(order_half_t *half, const signal_t *signal);
void half_plan_entry(order_half_t *half, book_trade_t *trade);
void half_plan_canary(order_half_t *half);
void half_plan_mode(order_half_t *half);
void half_end_entry(order_half_t *half, book_trade_t *trade, exit_reason_t reason, const char *cause);
void half_exit(order_half_t *half, book_trade_t *trade, exit_reason_t reason, const char *cause);

/* A stop or target as it is wanted now. */
typedef struct {
    leg_t leg;
    dec_t level;           /* as decided */
    dec_t price;           /* the same as the venue takes it: what a new one names */
    dec_t least;           /* what one must stand for at least */
    dec_t quantity;        /* what a new one is made for; 0: in the form without a quantity */
    bool may_exceed;       /* one for more reaches into nothing that is not ours, */
    bool moves;            /* ... and stays while the quantity still moves */
    bool without_quantity; /* one in the form without a quantity is good too, */
    bool off_step;         /* ... and one with the quantity that is held is not: it would be refused when it fires */
} half_wanted_t;
half_wanted_t half_want(order_half_t *half, const book_trade_t *trade, leg_t leg);
/* As much of it as an order at the market takes: on the step; 0 when that is below the least. */
dec_t half_orderable(const order_half_t *half, instrument_id_t id, dec_t quantity);

void half_plan_protection(order_half_t *half, book_trade_t *trade);
void half_plan_exit(order_half_t *half, book_trade_t *trade);
void half_plan_ladder(order_half_t *half, book_trade_t *trade);
void half_plan_cover(order_half_t *half, book_trade_t *trade);
/* True when the trade has ended and left the working set. */
bool half_plan_finish(order_half_t *half, book_trade_t *trade);
dec_t half_covered(const order_half_t *half, const book_trade_t *trade);

void half_plan_inquiry(order_half_t *half);
void half_on_query_result(order_half_t *half, const query_result_t *result);
bool half_fills_missing(const book_order_t *order);
/* Past a cut or at a start, before the comparison that looks at what was missed has ended. */
bool half_sync_blind(const order_half_t *half);
void half_sync_standstill(order_half_t *half);
/* False: one is under way already, and may have been read before what is looked for happened. */
bool half_query_fills(order_half_t *half, instrument_id_t instrument, int64_t since_ns);

void half_sync_begin(order_half_t *half, const char *cause, bool loud);
void half_plan_sync(order_half_t *half);
/* What a round has found: differences that held still since the round before, and those that still move. */
typedef struct {
    uint32_t still, moving;
} half_found_t;
/* `last` makes differences that hold still final. */
half_found_t half_compare_positions(order_half_t *half, bool last);
half_found_t half_compare_balances(order_half_t *half, bool last);
bool half_position_differs(const order_half_t *half, instrument_id_t instrument);
bool half_concerns_us(order_half_t *half, instrument_id_t instrument); /* a trade of ours is there, or it is frozen */
void half_on_snapshot(order_half_t *half, const snapshot_piece_t *piece);

void half_on_command(order_half_t *half, const order_command_t *command);
/* RESULT_OK, or *refusal and *bound say why not; then nothing has changed. */
result_t half_move_level(order_half_t *half, const order_command_t *command, level_refusal_t *refusal, dec_t *bound);
/* The venue refused a stop: the level goes back to that of a stop which stands for all of the position. False: there is none. */
bool half_level_back(order_half_t *half, book_trade_t *trade, const char *cause);
void half_on_rules(order_half_t *half, const instrument_t *rules);
void half_on_risk(order_half_t *half, const risk_config_t *risk);

/* Cancels every live order of the leg but this one (NULL: all). */
void half_cancel_leg(order_half_t *half, const book_trade_t *trade, leg_t leg, const book_order_t *but);
/* The market is beyond this stop already: it would be refused, or sell at once anyway. False without a fresh price. */
bool half_stop_crossed(const order_half_t *half, const book_trade_t *trade, dec_t stop);
position_key_t half_key_of(const order_half_t *half, position_side_t side);

/* --- small questions -------------------------------------------------------------------------- */

/* NULL until its rules have come in in this session. */
const instrument_t *half_instrument(const order_half_t *half, instrument_id_t instrument);
/* The freshest price that decides for this side of a position (LONG: what one gets when selling); false when none is fresh. */
bool half_price(const order_half_t *half, instrument_id_t instrument, position_side_t side, dec_t *price);
book_order_t *half_order_of(order_half_t *half, const book_trade_t *trade, leg_t leg); /* the newest of that leg; NULL */
/* The trade's entry; NULL while there is none, also when the last one provably never left and may be tried again. */
book_order_t *half_entry_of(order_half_t *half, const book_trade_t *trade);
/* Places one order for a trade: intent, SEND, action. False when there is no room for it. */
bool half_place(order_half_t *half, book_trade_t *trade, const order_spec_t *spec, uint32_t row);
/* Asks for its cancellation unless that is under way. */
void half_cancel(order_half_t *half, book_order_t *order);
bool half_trade_pending(order_half_t *half, const book_trade_t *trade); /* its entry may still fill */
bool half_symbol_exposed(order_half_t *half, instrument_id_t instrument);
int64_t half_backoff(uint32_t tries, int64_t most_ns); /* HALF_RETRY_NS, doubled with each try */
/* Nobody else's position stands under the trade's key. */
bool half_holds_alone(const order_half_t *half, const book_trade_t *trade);

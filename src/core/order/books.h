/* books.h: the durable state of the order half: what the records add up to.
 *
 * books_apply is the only function that changes a books_t, in the live process and in the fold after a restart alike. It checks
 * that a record can follow (number without a gap, legal moves, known trades and orders) and changes nothing when it cannot.
 *
 * The `desk` members are not durable: notes of the running process beside an order or trade (requests in flight, back-off). Apply
 * clears them when an entry is made and never reads them; the digest leaves them out.
 */
#pragma once

#include "core/order/ledger.h"
#include "core/order/position.h"
#include "core/order/record.h"

enum {
    BOOKS_ORDERS_MAX = 256,
    BOOKS_TRADES_MAX = 64,
    BOOKS_FILLS_MAX = 4096,   /* remembered venue trade ids; older ones fall under the symbol's floor */
    BOOKS_SIGNALS_MAX = 4096, /* remembered signal ids */
    BOOKS_INCOME_MAX = 256,
    BOOKS_COMMANDS_MAX = 256,
    BOOKS_SENT_MAX = 256,                 /* times of intents, for the order rate */
    BOOKS_RESULTS_MAX = RISK_RESULTS_MAX, /* closed trades: what Kelly and a symbol's record look back upon */
};

typedef struct {
    uint64_t place_action, cancel_action, query_action; /* in flight; 0: none */
    uint64_t late_action;                               /* a placement that was given up as lost: its answer still counts */
    int64_t next_query_ns, query_delay_ns;
    int64_t next_cancel_ns;
    int64_t since_ns; /* when the present doubt began (unknown, triggering, finished without fills) */
    uint32_t cancel_tries;
    uint32_t round;    /* of the reconciliation that is to see it */
    bool cancel_other; /* the next cancel goes to the other endpoint */
    bool seen;         /* in that reconciliation */
    bool venue_done;   /* the venue says it is finished; only fills are missing */
    bool ask;          /* what we know contradicts itself: a query decides */
    bool fills_asked;  /* since it was told finished */
    /* When the venue last said, asked, that this order had not traded under a number we do not know: resting untouched, or denied
     * by every endpoint. 0: never in this session. */
    int64_t confirmed_ns;
    dec_t venue_filled;
} order_desk_t;

typedef struct {
    order_spec_t spec;
    uint64_t intent, trade;
    uint32_t epoch, row;
    order_state_t state;
    int64_t made_ns, state_ns;
    int64_t not_found_ns; /* since when every endpoint denies it; 0: not */
    uint64_t venue_order_id, engine_order_id;
    private_status_t algo; /* conditional orders: TRIGGERING, TRIGGERED, FINISHED; NONE before */
    int64_t algo_ns;
    dec_t filled; /* sum of its fills */
    bool venue_filled_known;
    dec_t venue_filled; /* the venue's cumulative figure at its end */
    int32_t code;       /* of a rejection */
    bool never_left;    /* DEAD because no byte of it left */
    order_desk_t desk;
} book_order_t;

typedef struct {
    int64_t next_entry_ns, next_stop_ns, next_target_ns;
    int64_t stop_failed_ns; /* when a stop was last refused or did not get out */
    uint32_t stop_tries, target_tries;
    uint32_t stops_busy; /* of the stops refused in a row: those that were only told to come back later */
    int64_t moved_ns;    /* when the quantity that is held last changed */
    bool exact_only;     /* the exchange has refused a stop for more than is held */
    bool exit_limited;   /* the market exit was refused by the price band: use a collared limit */
    bool expiry_warned;
    bool stop_was_placed; /* a stop stood once: its loss is a loss */
    bool uncovered_told;  /* the alarm of the running episode was given */
} trade_desk_t;

typedef struct {
    uint64_t id;
    trade_purpose_t purpose;
    trade_state_t state;
    instrument_id_t instrument;
    position_side_t side;
    position_key_t key;
    char signal_id[SIGNAL_ID_MAX];
    uint64_t signal_number;
    entry_type_t entry_type;
    dec_t planned, entry, stop, target, target_original, risk_amount, liquidation;
    uint32_t leverage;
    int64_t made_ns, expires_ns, opened_ns;
    position_t position;
    dec_t realised, fees, funding; /* as the venue reports; fees in the settlement asset */
    uint32_t rows_fired;           /* bit n: ladder row n */
    uint32_t row;                  /* the last that fired */
    bool laddering;                /* its close is not complete */
    dec_t rest;                    /* what the position comes down to then */
    exit_reason_t exit, entry_end;
    uint32_t stops_refused; /* in a row */
    /* what the last leaving fill was, for the outcome */
    client_id_t closing_order;
    outcome_t closing;
    /* cover */
    dec_t uncovered, uncovered_notional;
    int64_t uncovered_began_ns, uncovered_changed_ns;
    dec_t uncovered_notional_seconds; /* of the running episode */
    int64_t uncovered_total_ns;       /* of ended episodes */
    dec_t uncovered_total_notional_seconds;
    trade_desk_t desk;
} book_trade_t;

typedef struct {
    bool known; /* positions of others were taken over */
    bool frozen;
    uint32_t leverage;
    margin_type_t margin_type;
    uint64_t fill_floor;    /* trade ids up to here that are not remembered are old */
    dec_t foreign[4];       /* signed position of others, by position_key_t */
    dec_t fill_price;       /* of the last fill of anyone in this account */
    int64_t losing_stop_ns; /* when a trade of ours last ended here by its stop with a loss, or by liquidation; 0: never */
} book_symbol_t;

typedef struct {
    instrument_id_t instrument;
    order_side_t side;
    uint64_t trade_id;
} book_fill_t;
typedef struct {
    uint64_t hash, number;
} book_signal_t;
typedef struct {
    uint64_t id;
    result_t result;
} book_command_t;
/* A trade of a signal that was filled and is closed. */
typedef struct {
    instrument_id_t instrument;
    int64_t closed_ns;
    dec_t profit; /* after fees and funding, in the settlement asset */
} book_result_t;
typedef struct {
    uint64_t episodes;
    int64_t longest_ns, total_ns;
    dec_t notional_seconds;
} book_uncovered_t;

typedef struct {
    uint64_t last_record, next_intent, next_trade;
    uint32_t epoch;
    int64_t first_ns, last_ns; /* of the records */
    int64_t reconciled_ns;     /* up to here the books and the venue agreed: when the last clean comparison was asked */
    uint8_t configuration[32];
    uint32_t kill_level;
    bool paused;
    position_mode_t mode;      /* 0: not known */
    uint32_t capability_epoch; /* session in which the test stop passed; 0: never */
    bool signal_open;          /* an accepted signal's trade is not recorded yet: the step was cut off there */
    uint32_t order_count, trade_count, instrument_count;
    book_order_t orders[BOOKS_ORDERS_MAX]; /* in order of making */
    book_trade_t trades[BOOKS_TRADES_MAX];
    book_symbol_t symbols[INSTRUMENT_MAX];
    record_instrument_t names[INSTRUMENT_MAX];
    ledger_t ledger;
    uint64_t fill_count, signal_count, income_count, command_count, sent_count,
        result_count; /* ever; the newest stand in the rings */
    book_fill_t fills[BOOKS_FILLS_MAX];
    book_signal_t signals[BOOKS_SIGNALS_MAX];
    private_income_t income[BOOKS_INCOME_MAX];
    book_command_t commands[BOOKS_COMMANDS_MAX];
    int64_t sent[BOOKS_SENT_MAX];
    book_result_t results[BOOKS_RESULTS_MAX];
    book_uncovered_t uncovered;
} books_t;

void books_init(books_t *books);

/* RESULT_GAP: not the next number. RESULT_BAD_STATE: cannot follow. RESULT_FULL, RESULT_NUMBER_OUT_OF_RANGE. Nothing has changed
 * then. */
result_t books_apply(books_t *books, const order_record_t *record);

/* Canonical: field by field, padding and desks left out. */
void books_digest(const books_t *books, uint8_t digest[32]);

/* --- looking: NULL or false when not there ---------------------------------------------------- */

book_trade_t *books_trade(books_t *books, uint64_t id);
book_order_t *books_order(books_t *books, const client_id_t *client_id);
/* By the venue's id of the order or of the engine order that a conditional one became. */
book_order_t *books_order_by_venue_id(books_t *books, instrument_id_t instrument, bool algo, uint64_t venue_order_id);

/* An order of ours that meets another of ours makes two fills with one trade id: the side tells them apart. */
bool books_fill_seen(const books_t *books, instrument_id_t instrument, uint64_t trade_id, order_side_t side);
bool books_signal_seen(const books_t *books, const char *id, uint64_t *number);
bool books_command_seen(const books_t *books, uint64_t id, result_t *result);
bool books_income_seen(const books_t *books, const private_income_t *income);
uint32_t books_sent_since(const books_t *books, int64_t since_ns);

/* Signed position that the venue should show under this key: ours and that of others. */
dec_t books_expected(const books_t *books, instrument_id_t instrument, position_key_t key);

/* All fills that the venue has told of are in: the order can leave the working set. */
bool book_order_is_settled(const book_order_t *order);

/* + for LONG, - for SHORT; + for BUY, - for SELL. */
dec_t books_signed(position_side_t side, dec_t quantity);

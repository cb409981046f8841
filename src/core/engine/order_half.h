/* order_half.h: the machine that turns signals, prices, the venue's word and commands into orders, and keeps every position
 * protected.
 *
 * Pure and event-sourced. One call of order_half_step takes one input and gives records (changes of durable state, already applied)
 * and actions. The driver makes the records durable, all of them with one sync, and only then carries the actions out, in their
 * order. After a crash: order_half_restore with each record of the journal, then order_half_resume; the half asks the venue for
 * everything and compares before it lets an entry through. The same inputs give the same records and actions on every machine.
 *
 * Feed ORDER_INPUT_RISK and ORDER_INPUT_RULES right after the resume: without a risk configuration the half asks and sends nothing
 * at all, without rules a symbol is not entered (its protection works on).
 *
 * Instruments: the half owns the table that numbers them (order_half_instruments), because journal records carry these numbers;
 * market events, signals and private events that come in must use them. Rules of an instrument come in with ORDER_INPUT_RULES.
 */
#pragma once

#include "core/market/event.h"
#include "core/order/ledger.h"
#include "core/order/position.h"
#include "core/order/record.h"

enum {
    ORDER_HALF_ORDERS_MAX = 256, /* orders of trades that are not completed */
    ORDER_HALF_TRADES_MAX = 64,
    ORDER_HALF_RECORDS_MAX = 512, /* of one step */
    ORDER_HALF_ACTIONS_MAX = 256,
    ORDER_HALF_SNAPSHOT_SYMBOLS_MAX = 64,
};

typedef struct order_half order_half_t; /* about 4 MB; holds no pointer into itself */

/* --- in --------------------------------------------------------------------------------------- */

typedef enum {
    ORDER_INPUT_TIME = 1, /* nothing but the time; send one at least every 250 ms of venue time while trades or orders live */
    ORDER_INPUT_SIGNAL,
    ORDER_INPUT_MARKET,
    ORDER_INPUT_REPLY,        /* to an action: exactly one for each PLACE, CANCEL and SET_... */
    ORDER_INPUT_PRIVATE,      /* the venue's private stream */
    ORDER_INPUT_QUERY_RESULT, /* ends a QUERY_ORDER or QUERY_FILLS; the fills it found come before as ORDER_INPUT_PRIVATE */
    ORDER_INPUT_SNAPSHOT,     /* a piece of an answer to SNAPSHOT */
    ORDER_INPUT_COMMAND,
    ORDER_INPUT_RULES,      /* an instrument's rules, new or read again */
    ORDER_INPUT_RISK,       /* a whole configuration */
    ORDER_INPUT_STANDSTILL, /* lockstep: the venue's time stands and all it had to say was taken: nothing is on its way */
} order_input_kind_t;

/* What is known about one request to the venue. Every code and every silence maps to one of these four (edge/exchange has the
 * table). */
typedef enum {
    REPLY_ACCEPTED = 1, /* the venue said yes */
    REPLY_REJECTED,     /* the venue said no, definitely: code, text */
    REPLY_UNKNOWN,      /* time-out, 5xx, cut, unreadable: may have happened */
    REPLY_NEVER_SENT,   /* proven: no byte left (not connected, refused by the signer's own limits: code, text) */
} reply_kind_t;

/* Rejections that the half answers in a special way; the codec maps the venue's codes. */
typedef enum {
    REJECT_OTHER = 0,
    REJECT_WOULD_TRIGGER,  /* -2021: stop or target already crossed */
    REJECT_REDUCE_ONLY,    /* -2022, -4118: nothing to reduce */
    REJECT_UNKNOWN_ORDER,  /* -2011, -2013: cancel or query of an order this endpoint does not know */
    REJECT_DUPLICATE_ID,   /* -4116: evidence that the order exists */
    REJECT_WRONG_ENDPOINT, /* -4120 */
    REJECT_NOT_CHANGED,    /* -4046, -4059: it was so already: success */
    REJECT_EXPOSED,        /* -4047, -4048, -4067, -4068: not while orders or positions exist */
    REJECT_FILTER,         /* -1111, -1013, -4003 .. -4005, -4013, -4014, -4023, -4164: rules have changed, read them again */
    REJECT_PRICE_BAND,     /* -4016, -4024, -4131 */
    REJECT_MARGIN,         /* -2018, -2019, -2027, -2028 */
    REJECT_BUSY,           /* -1001, -1008, -1015, -1003: not now; try later */
    REJECT_EXPECTED,       /* -5021, -5022: fill-or-kill, post-only: the order ends as asked */
    REJECT_PERMISSION,     /* -2014, -2015, -4087, -4088, -4400: nothing will work: stop and tell */
    REJECT_FENCED,         /* the signer refused: a newer epoch is at work, or its own kill level */
} reject_class_t;

typedef struct {
    uint64_t action; /* number of the action */
    reply_kind_t kind;
    reject_class_t reject;
    int32_t code; /* the venue's; 0: none */
    char text[RECORD_TEXT_MAX];
    private_order_t order; /* ACCEPTED PLACE and CANCEL: what the reply told (status NONE: nothing) */
    uint32_t leverage;     /* ACCEPTED SET_LEVERAGE: as read back */
} order_reply_t;

enum {
    ENDPOINT_ORDER = 1,
    ENDPOINT_OPEN = 2,
    ENDPOINT_HISTORY = 4,
    ENDPOINT_TRADES = 8,
    ENDPOINT_ALGO = 16,
    ENDPOINT_ALGO_OPEN = 32,
    ENDPOINT_ALGO_HISTORY = 64,
    ENDPOINTS_NORMAL = ENDPOINT_ORDER | ENDPOINT_OPEN | ENDPOINT_HISTORY | ENDPOINT_TRADES,
    ENDPOINTS_ALGO = ENDPOINT_ALGO | ENDPOINT_ALGO_OPEN | ENDPOINT_ALGO_HISTORY | ENDPOINT_TRADES,
};

typedef struct {
    uint64_t action;
    uint32_t endpoints; /* those that answered definitely; an error or time-out leaves its bit out */
    bool found;
    private_order_t order; /* when found */
    bool never_sent; /* the signer's proof: it has been up since before this order's intent, no byte of it left, and its epoch is
                        fenced now, so none will (QUERY_ORDER after a restart of this process) */
} query_result_t;

typedef enum {
    SECTION_MODE = 1,
    SECTION_ORDERS,
    SECTION_ALGO_ORDERS,
    SECTION_POSITIONS,
    SECTION_BALANCES,
    SECTION_SETTINGS,
    SECTION_FILLS,
    SECTION_INCOME,
} snapshot_section_t;

typedef enum {
    SNAPSHOT_ITEM = 1,
    SNAPSHOT_COMPLETE, /* this section's list was read whole, after the action left */
    SNAPSHOT_FAILED,   /* this section could not be read: no information */
    SNAPSHOT_END,      /* nothing more comes for this action */
} snapshot_phase_t;

typedef struct {
    uint64_t action;
    snapshot_section_t section; /* not with END */
    snapshot_phase_t phase;
    private_event_t item; /* with ITEM: the kind that belongs to the section */
} snapshot_piece_t;

typedef struct {
    uint64_t id; /* of who asks, unique and not 0: a command seen before only gives its result again */
    command_kind_t kind;
    uint64_t trade;
    instrument_id_t instrument;
    uint32_t level;
    dec_t price;
    bool sure;                        /* MOVE_...: also when it widens the stop or would fire at once */
    char principal[RECORD_CAUSE_MAX]; /* who */
} order_command_t;

typedef struct {
    order_input_kind_t kind;
    int64_t now_ns; /* venue time; one that goes back is taken as the latest seen */
    union {
        signal_t signal;
        market_event_t market; /* quote, trade, mark, status; others are ignored */
        order_reply_t reply;
        private_event_t event;
        query_result_t query;
        snapshot_piece_t snapshot;
        order_command_t command;
        instrument_t rules;
        risk_config_t risk; /* must have passed risk_config_check; otherwise the old one stays in force */
    };
} order_input_t;

/* --- out -------------------------------------------------------------------------------------- */

typedef enum {
    ACTION_PLACE = 1,
    ACTION_CANCEL,
    ACTION_QUERY_ORDER,
    ACTION_QUERY_FILLS,
    ACTION_SNAPSHOT,
    ACTION_SET_LEVERAGE,
    ACTION_SET_MARGIN_TYPE,
    ACTION_SET_POSITION_MODE,
    ACTION_READ_RULES, /* the venue refused by a filter: read the instrument's rules again */
    ACTION_NOTIFY,
} action_kind_t;

/* The order in which a short budget is spent (MKT-7). */
typedef enum { PRIORITY_STOP = 1, PRIORITY_EXIT, PRIORITY_ENTRY, PRIORITY_QUERY, PRIORITY_HISTORY } action_priority_t;

/* What a person is told; the record named by the action has the figures. */
#define NOTICE_TABLE(X)                                                                                                            \
    X(ENTRY_PLACED)                                                                                                                \
    X(ENTRY_REFUSED)                                                                                                               \
    X(ENTRY_FILLED)                                                                                                                \
    X(ENTRY_ENDED)                                                                                                                 \
    X(PROTECTED)                                                                                                                   \
    X(STOP_MISSING)                                                                                                                \
    X(STOP_RESTORED)                                                                                                               \
    X(STOP_REFUSED)                                                                                                                \
    X(TARGET_MISSING)                                                                                                              \
    X(UNCOVERED)                                                                                                                   \
    X(LADDER_FIRED)                                                                                                                \
    X(EXIT_BEGUN)                                                                                                                  \
    X(TRADE_CLOSED)                                                                                                                \
    X(CLOSED_OUTSIDE)                                                                                                              \
    X(REDUCED_OUTSIDE)                                                                                                             \
    X(ORDER_UNKNOWN)                                                                                                               \
    X(ORDER_RESOLVED)                                                                                                              \
    X(SYMBOL_FROZEN)                                                                                                               \
    X(SYMBOL_RELEASED)                                                                                                             \
    X(MODE_MISMATCH)                                                                                                               \
    X(CAPABILITY_LOST)                                                                                                             \
    X(KILL_LEVEL)                                                                                                                  \
    X(RECONCILED)                                                                                                                  \
    X(UNEXPLAINED)                                                                                                                 \
    X(FOREIGN_ORDER)                                                                                                               \
    X(TRADE_ERROR)                                                                                                                 \
    X(FENCED)                                                                                                                      \
    X(ENTRY_EXPIRING)

typedef enum {
#define NOTICE_ENUM(name) NOTICE_##name,
    NOTICE_TABLE(NOTICE_ENUM)
#undef NOTICE_ENUM
        NOTICE_COUNT
} notice_t;
const char *notice_name(notice_t notice);

typedef struct {
    action_kind_t kind;
    action_priority_t priority;
    uint64_t number;            /* unique in this process's life, > 0; replies name it */
    uint64_t record;            /* must be durable before this leaves; 0: none */
    uint64_t trade;             /* 0: none */
    instrument_id_t instrument; /* INSTRUMENT_NONE: none */
    dec_t reference;            /* PLACE of an entry: the price it was sized by, which measures one that names no price; 0: none */
    union {
        order_spec_t place;
        /* CANCEL and QUERY_ORDER. `algo` names the endpoint to use; the half itself turns to the other one. */
        struct {
            client_id_t client_id;
            bool algo;
            uint64_t venue_order_id;
            int64_t since_ns; /* QUERY_ORDER: lists need not be read further back than this; 0: as far as the venue allows */
        } order;
        struct {
            int64_t since_ns;
        } fills;
        struct {
            int64_t since_ns;
            uint32_t count;
            instrument_id_t symbols[ORDER_HALF_SNAPSHOT_SYMBOLS_MAX];
        } snapshot; /* fills of these symbols, income of all */
        uint32_t leverage;
        margin_type_t margin_type;
        position_mode_t mode;
        notice_t notice;
    };
} order_action_t;

typedef struct {
    uint32_t record_count, action_count;
    bool again; /* an array was full: step once more with ORDER_INPUT_TIME at the same time */
    order_record_t records[ORDER_HALF_RECORDS_MAX];
    order_action_t actions[ORDER_HALF_ACTIONS_MAX];
} order_output_t;

/* --- life ------------------------------------------------------------------------------------- */

/* Memory of at least this size, aligned to 16, from the caller. */
size_t order_half_size(void);
order_half_t *order_half_init(void *memory);

/* Folds one record of the journal, in order. RESULT_GAP (number), RESULT_BAD_STATE (a record that cannot follow): the journal is
 * damaged. */
result_t order_half_restore(order_half_t *half, const order_record_t *record);

/* After the fold, once, before the first step: epoch must be above every epoch in the journal (RESULT_BAD_ARGUMENT). Begins the
 * session: orders that were handed over become UNKNOWN, intents that never were are dead, and a SNAPSHOT goes out. `version` is the
 * program's. */
result_t order_half_resume(order_half_t *half, uint32_t epoch, int64_t now_ns, const char *version, order_output_t *output);

/* One input. Never fails: what is wrong with an input is a record, a notice or nothing. `output` is overwritten. */
void order_half_step(order_half_t *half, const order_input_t *input, order_output_t *output);

/* --- looking ---------------------------------------------------------------------------------- */

/* A canonical digest of all durable state: equal after step and after fold. */
void order_half_digest(const order_half_t *half, uint8_t digest[32]);

const instrument_table_t *order_half_instruments(const order_half_t *half);
const ledger_t *order_half_ledger(const order_half_t *half);
uint64_t order_half_last_record(const order_half_t *half);
uint32_t order_half_last_epoch(const order_half_t *half);
/* The books have been compared with the venue since the start and since the last cut of its stream: entries are taken. */
bool order_half_reconciled(const order_half_t *half);
bool order_half_comparing(const order_half_t *half); /* a comparison with the venue is under way or has been asked for */
/* A stop whose fate is not known and that the venue denies: at a standstill a second one beside it need not wait. */
bool order_half_doubts_stop(const order_half_t *half);
uint32_t order_half_kill_level(const order_half_t *half);

typedef struct {
    uint64_t id;
    trade_purpose_t purpose;
    trade_state_t state;
    instrument_id_t instrument;
    position_side_t side;
    char signal_id[SIGNAL_ID_MAX];
    uint64_t signal_number;
    position_t position;
    dec_t planned, entry, stop, target; /* wanted now */
    dec_t target_original;
    dec_t covered;       /* quantity under a stop that is known to stand */
    uint32_t rows_fired; /* bit n: ladder row n */
    exit_reason_t exit;
    dec_t fees, funding;
    int64_t expires_ns, opened_ns;
    int64_t uncovered_since_ns; /* 0: covered */
    int64_t uncovered_ns;       /* summed over ended episodes */
} trade_view_t;

typedef struct {
    order_spec_t spec;
    uint64_t trade;
    order_state_t state;
    uint64_t venue_order_id, engine_order_id;
    dec_t filled;
    int64_t made_ns;
} order_view_t;

uint32_t order_half_trade_count(const order_half_t *half);
bool order_half_trade(const order_half_t *half, uint32_t index, trade_view_t *view); /* false past the end */
bool order_half_order(const order_half_t *half, uint32_t index, order_view_t *view);

/* Would a stop (COMMAND_MOVE_STOP) or target at this price fire at once, the market being at `mark`? */
bool order_half_fires_at_once(position_side_t side, command_kind_t kind, dec_t price, dec_t mark);

/* Longest single episode and sum of all time in which a position stood without full cover, since the journal began. */
typedef struct {
    uint64_t episodes;
    int64_t longest_ns, total_ns;
    dec_t notional_seconds;
} uncovered_view_t;
void order_half_uncovered(const order_half_t *half, uncovered_view_t *view);

/* The books of the settlement asset as people read them, and what open positions are worth on top. */
typedef struct {
    const char *asset; /* of the first instrument, "USDT" before there is one; borrowed */
    dec_t wallet, realised, fees, funding, unexplained;
    dec_t unrealised; /* open profit at these marks; a position without one counts 0 */
    dec_t equity;     /* wallet + unrealised */
} figures_view_t;
void order_half_figures(const order_half_t *half, const dec_t marks[INSTRUMENT_MAX], figures_view_t *view);

/* The venue's last word on a wallet, if it has given one in this session: for the tie-out. */
bool order_half_venue_wallet(const order_half_t *half, const char *asset, dec_t *wallet);

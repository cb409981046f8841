/* record.h: every change of the order half's durable state, as one tagged value: what the journal keeps and a restart folds.
 *
 * A step decides, makes records and applies each with the same function that a restart uses; nothing else changes durable state. So
 * the journal explains every decision, also the decision not to trade. All records are of one fixed size and hold no pointer.
 *
 * Order in a step is order of cause. An action names the record that must be durable before it leaves.
 */
#pragma once

#include "core/order/private_event.h"
#include "core/risk/door.h"

enum {
    RECORD_TEXT_MAX = 64,
    RECORD_CAUSE_MAX = 48,
};

#define RECORD_TABLE(X)                                                                                                            \
    X(SESSION)       /* a process began to write: new epoch */                                                                     \
    X(CONFIGURATION) /* a whole valid risk configuration came into force */                                                        \
    X(INSTRUMENT)    /* number -> venue symbol, for ever */                                                                        \
    X(COMMAND)       /* an operator's command and what became of it */                                                             \
    X(KILL_LEVEL)    /* graded stop */                                                                                             \
    X(PAUSE)         /* entries paused or resumed */                                                                               \
    X(MODE)          /* position mode of the account, read or set */                                                               \
    X(SETTINGS)      /* leverage and margin type of a symbol, read back */                                                         \
    X(CAPABILITY)    /* the canary stop passed or was refused */                                                                   \
    X(FREEZE)        /* symbol frozen or released */                                                                               \
    X(SIGNAL)        /* a signal and the door's verdict */                                                                         \
    X(SIGNAL_INPUTS) /* the figures an accepted signal rests on */                                                                 \
    X(TRADE_OPENED)  /* a watched trade begins */                                                                                  \
    X(TRADE_STATE)   /* it moves in its table */                                                                                   \
    X(TRADE_LEVELS)  /* stop and target that are wanted from now on */                                                             \
    X(LADDER)        /* a row fired */                                                                                             \
    X(EXIT)          /* the trade is to leave, and why */                                                                          \
    X(ENTRY_END)     /* its entry is to be cancelled, and why */                                                                   \
    X(TRADE_CLOSED)  /* the end: outcome proven by the fills */                                                                    \
    X(INTENT)        /* an order exists from here on */                                                                            \
    X(ORDER)         /* it moves in its table, with the evidence */                                                                \
    X(ALGO)          /* conditional order: triggering, triggered as engine order */                                                \
    X(FILL)          /* ours or foreign, once for each venue trade id */                                                           \
    X(REDUCTION)     /* a trade's position reduced by something that is not its own order */                                       \
    X(COVER)         /* an episode without (full) stop begins, changes, ends */                                                    \
    X(OPENING)       /* first balance seen of an asset */                                                                          \
    X(INCOME)        /* funding, transfer, ... */                                                                                  \
    X(ADJUSTMENT)    /* a balance that our books cannot explain, made explicit */                                                  \
    X(POSITION)      /* position of others on a symbol, taken over from the venue as the start of our books */                     \
    X(RECONCILE)     /* comparison with the venue begun or ended */

typedef enum {
    RECORD_NONE = 0,
#define RECORD_ENUM(name) RECORD_##name,
    RECORD_TABLE(RECORD_ENUM)
#undef RECORD_ENUM
        RECORD_KIND_COUNT
} record_kind_t;

const char *record_kind_name(record_kind_t kind); /* "TRADE_OPENED" */

typedef enum {
    TRADE_PURPOSE_SIGNAL = 1,
    TRADE_PURPOSE_CANARY,
    TRADE_PURPOSE_ORPHAN /* a fill of ours whose trade was gone */
} trade_purpose_t;

/* Why a trade leaves, or an entry is withdrawn. */
#define EXIT_TABLE(X)                                                                                                              \
    X(NONE)                                                                                                                        \
    X(STOP_CROSSED) /* price beyond the stop when it was to be placed */                                                           \
    X(TARGET_CROSSED)                                                                                                              \
    X(STOP_REFUSED)                                                                                                                \
    X(UNCOVERED)                                                                                                                   \
    X(KILL)                                                                                                                        \
    X(COMMAND)                                                                                                                     \
    X(LADDER)                                                                                                                      \
    X(LADDER_REST) /* rest below the minimum */                                                                                    \
    X(CANARY)                                                                                                                      \
    X(ORPHAN)                                                                                                                      \
    X(EXPIRED) /* entry life over */ X(REPLACED) X(POSITION_CLOSED) /* closed while its entry still rested */                      \
        X(SETTINGS) /* leverage or margin type could not be set */ X(CAPABILITY)                                                   \
            X(SIGNAL) /* its strategy has said so: the opposite score reached exit_score */

typedef enum {
#define EXIT_ENUM(name) EXIT_##name,
    EXIT_TABLE(EXIT_ENUM)
#undef EXIT_ENUM
        EXIT_COUNT
} exit_reason_t;
const char *exit_reason_name(exit_reason_t reason);

/* How a trade ended: named by the leg of the last fill that closed it, never by the sign of the result (R209). */
#define OUTCOME_TABLE(X)                                                                                                           \
    X(NONE) X(NOT_FILLED) X(STOP) X(TARGET) X(LADDER) X(CLOSE) X(EXTERNAL) X(LIQUIDATION) X(ADL) X(SETTLEMENT) X(CANARY)

typedef enum {
#define OUTCOME_ENUM(name) OUTCOME_##name,
    OUTCOME_TABLE(OUTCOME_ENUM)
#undef OUTCOME_ENUM
        OUTCOME_COUNT
} outcome_t;
const char *outcome_name(outcome_t outcome);

typedef enum { COVER_BEGIN = 1, COVER_CHANGE, COVER_END } cover_phase_t;
typedef enum { RECONCILE_BEGUN = 1, RECONCILE_CLEAN, RECONCILE_DIFFERENT /* ended with symbols frozen */ } reconcile_phase_t;

#define COMMAND_TABLE(X)                                                                                                           \
    X(MOVE_STOP)   /* trade, price */                                                                                              \
    X(MOVE_TARGET) /* trade, price */                                                                                              \
    X(KILL_LEVEL)  /* level 0..4; lowering needs it too */                                                                         \
    X(PAUSE)                                                                                                                       \
    X(RESUME)                                                                                                                      \
    X(CANCEL_ENTRY)          /* trade; 0: all */                                                                                   \
    X(CLOSE_TRADE)           /* trade; 0: all */                                                                                   \
    X(RECONCILE) X(UNFREEZE) /* instrument */

typedef enum {
    COMMAND_NONE = 0,
#define COMMAND_ENUM(name) COMMAND_##name,
    COMMAND_TABLE(COMMAND_ENUM)
#undef COMMAND_ENUM
        COMMAND_COUNT
} command_kind_t;
const char *command_kind_name(command_kind_t kind);

/* Why a stop or target was not moved. The bound is the price or level it was held against. */
#define LEVEL_REFUSAL_TABLE(X)                                                                                                     \
    X(NONE, "")                                                                                                                    \
    X(NOT_MOVABLE, "the trade is leaving, or the rules of its symbol are not known yet")                                           \
    X(OFF_TICK, "the price is not a multiple of the symbol's tick size")                                                           \
    X(PRICE_LIMIT, "the exchange takes no order at this price: its limit")                                                         \
    X(CROSSED, "the stop would stand beyond the target")                                                                           \
    X(BEYOND_LIQUIDATION, "the stop would not lie well before the liquidation price: farthest stop")                               \
    X(TOO_FAR, "the stop would be farther from the entry than risk.max_stop_percent: farthest stop")                               \
    X(FIRES_AT_ONCE, "this would fire at once at the present price; say --yes if that is meant: price")                            \
    X(WIDENS, "this widens the stop, so that more than planned can be lost; say --yes if that is meant: stop in force")

typedef enum {
#define LEVEL_REFUSAL_ENUM(name, text) LEVEL_REFUSAL_##name,
    LEVEL_REFUSAL_TABLE(LEVEL_REFUSAL_ENUM)
#undef LEVEL_REFUSAL_ENUM
        LEVEL_REFUSAL_COUNT
} level_refusal_t;
const char *level_refusal_name(level_refusal_t refusal);
const char *level_refusal_text(level_refusal_t refusal);

enum { KILL_NONE = 0, KILL_NO_ENTRIES = 1, KILL_CANCEL_ENTRIES = 2, KILL_REDUCE_ONLY = 3, KILL_FLATTEN = 4 };

/* --- bodies ----------------------------------------------------------------------------------- */

typedef struct {
    char version[16];
} record_session_t; /* the new epoch stands in the head */
typedef struct {
    uint8_t digest[32];
} record_configuration_t;
typedef struct {
    char venue[ASSET_TEXT_MAX], symbol[SYMBOL_TEXT_MAX], base[ASSET_TEXT_MAX], quote[ASSET_TEXT_MAX], settle[ASSET_TEXT_MAX];
    instrument_kind_t kind;
} record_instrument_t;
typedef struct {
    command_kind_t kind;
    uint64_t id; /* given by who asked; one id acts once */
    uint32_t level;
    dec_t price;
    result_t result;
    char principal[RECORD_CAUSE_MAX];
    level_refusal_t refusal; /* MOVE_...: why not */
    dec_t bound;             /* what it was held against; 0: nothing */
    bool sure;               /* the person has confirmed it */
} record_command_t;
typedef struct {
    uint32_t level;
    char cause[RECORD_CAUSE_MAX];
} record_kill_t;
typedef struct {
    bool paused;
    char cause[RECORD_CAUSE_MAX];
} record_pause_t;
typedef struct {
    position_mode_t mode;
} record_mode_t;
typedef struct {
    uint32_t leverage;
    margin_type_t margin_type;
} record_settings_t; /* 0: not known */
typedef struct {
    bool passed;
    int32_t code;
    char text[RECORD_TEXT_MAX];
} record_capability_t;
typedef struct {
    bool frozen;
    char cause[RECORD_CAUSE_MAX];
} record_freeze_t;

typedef struct {
    char id[SIGNAL_ID_MAX];
    uint64_t number;
    position_side_t side;
    char strategy[SIGNAL_STRATEGY_MAX], source[SIGNAL_SOURCE_MAX];
    dec_t entry, stop, target; /* as signalled */
    double confidence;
    uint32_t timeframes;
    timeframe_t timeframe_source;
    int64_t made_ns, expires_ns;
    door_reason_t reason; /* DOOR_ACCEPTED or why not */
    dec_t figure[2];
    uint64_t exit_of; /* not an entry: the trade of that signal was to be left; 0: an entry */
} record_signal_t;    /* head.trade: the trade it opened, 0 when refused */

typedef struct {
    uint32_t count;
    signal_input_t inputs[SIGNAL_INPUTS_MAX];
    uint64_t states; /* named states that spoke for it: bit n is feature_t n; 0: not a scored signal */
    dec_t size_cut;  /* what regime and market state took from the size */
} record_inputs_t;

typedef struct {
    trade_purpose_t purpose;
    position_side_t side;
    position_key_t position;
    char signal_id[SIGNAL_ID_MAX];
    uint64_t signal_number; /* 0: none */
    entry_type_t entry_type;
    dec_t quantity; /* planned */
    dec_t entry, stop, target;
    dec_t risk_amount, liquidation;
    uint32_t leverage;
    int64_t expires_ns; /* life of the unfilled entry */
} record_trade_opened_t;

typedef struct {
    trade_state_t from, to;
    trade_event_t event;
    uint64_t signal_number;
    char cause[RECORD_CAUSE_MAX];
} record_trade_state_t;
typedef struct {
    dec_t stop, target;
    char cause[RECORD_CAUSE_MAX];
} record_levels_t;

/* rest: what the position is to come down to; the close is (position - rest), so it can never be done twice. */
typedef struct {
    uint32_t row;
    dec_t price, position, close, rest, stop;
} record_ladder_t;
typedef struct {
    exit_reason_t reason;
    char cause[RECORD_CAUSE_MAX];
} record_exit_t; /* EXIT and ENTRY_END */

typedef struct {
    outcome_t outcome;
    exit_reason_t reason; /* what made us leave, NONE when a resting leg or somebody else closed it */
    uint64_t signal_number;
    client_id_t closing_order; /* whose fill proves it; empty: external or not filled */
    dec_t quantity;            /* entered in all */
    dec_t entry_average, exit_average;
    dec_t realised;     /* as the venue reported, fees and funding not in it */
    dec_t realised_own; /* our own computation of the same */
    dec_t fees;         /* in the settlement asset; fees in other assets stand in the ledger */
    dec_t funding;
    int64_t opened_ns;
    int64_t uncovered_ns; /* time without full cover, summed */
    dec_t uncovered_notional_seconds;
} record_trade_closed_t;

typedef struct {
    uint64_t intent; /* number; epoch is the head's */
    uint32_t row;    /* ladder row of a LEG_LADDER */
    order_spec_t spec;
} record_intent_t;

/* How an order's move is known. */
typedef enum {
    EVIDENCE_OURS = 1 /* our own act */,
    EVIDENCE_REPLY,
    EVIDENCE_STREAM,
    EVIDENCE_QUERY,
    EVIDENCE_LIST,
    EVIDENCE_FILL,
    EVIDENCE_SIGNER,
    EVIDENCE_SILENCE /* time-out, restart */
} evidence_t;

typedef struct {
    client_id_t client_id;
    order_event_t event;
    order_state_t from, to;
    evidence_t evidence;
    uint64_t venue_order_id; /* 0: not told */
    bool filled_known;
    dec_t filled; /* the venue's cumulative figure */
    int32_t code; /* the venue's error code; 0: none */
    char text[RECORD_TEXT_MAX];
} record_order_t;

typedef struct {
    client_id_t client_id;
    private_status_t status;
    uint64_t engine_order_id;
    char reason[RECORD_TEXT_MAX];
} record_algo_t;

typedef struct {
    char client_id[PRIVATE_CLIENT_ID_MAX]; /* as the venue has it */
    uint64_t venue_order_id;
    order_owner_t owner;
    bool ours;
    order_side_t side;
    position_key_t position;
    dec_t attributed;    /* part of the quantity that moved the head's trade; the rest moved others or nobody of ours */
    order_event_t event; /* PARTIAL or FILL in the order's table (ours) */
    private_fill_t fill;
} record_fill_t;

typedef struct {
    dec_t quantity, price;
    order_owner_t owner;
    bool sibling; /* an exit of another trade of ours */
    uint64_t trade_id;
} record_reduction_t;

typedef struct {
    cover_phase_t phase;
    int64_t began_ns;
    dec_t quantity;         /* without cover from now on; 0 at the end */
    dec_t notional;         /* the same at average entry */
    int64_t duration_ns;    /* since the beginning */
    dec_t notional_seconds; /* of this episode so far */
} record_cover_t;

typedef struct {
    char asset[ASSET_TEXT_MAX];
    dec_t wallet;
} record_opening_t;
typedef struct {
    private_income_t income;
} record_income_t; /* head.trade: whose funding it was, 0 if shared or nobody's */
typedef struct {
    char asset[ASSET_TEXT_MAX];
    dec_t ours, venue, difference;
    char cause[RECORD_CAUSE_MAX];
} record_adjustment_t;
typedef struct {
    position_key_t position;
    dec_t ours, venue, foreign;
} record_position_t;
typedef struct {
    reconcile_phase_t phase;
    uint32_t orders, positions, differences;
    char cause[RECORD_CAUSE_MAX];
    int64_t asked_ns; /* at the end: when the last round began to read; what happened later it may not have seen. 0: not told */
} record_reconcile_t;

typedef struct {
    uint64_t number; /* 1, 2, 3 ... without a gap over all sessions */
    int64_t time_ns; /* venue time */
    uint64_t trade;  /* 0: none */
    uint32_t epoch;
    uint16_t kind;              /* record_kind_t */
    instrument_id_t instrument; /* INSTRUMENT_NONE: none */
    union {
        record_session_t session;
        record_configuration_t configuration;
        record_instrument_t instrument_named;
        record_command_t command;
        record_kill_t kill;
        record_pause_t pause;
        record_mode_t mode;
        record_settings_t settings;
        record_capability_t capability;
        record_freeze_t freeze;
        record_signal_t signal;
        record_inputs_t inputs;
        record_trade_opened_t trade_opened;
        record_trade_state_t trade_state;
        record_levels_t levels;
        record_ladder_t ladder;
        record_exit_t exit; /* EXIT and ENTRY_END */
        record_trade_closed_t trade_closed;
        record_intent_t intent;
        record_order_t order;
        record_algo_t algo;
        record_fill_t fill;
        record_reduction_t reduction;
        record_cover_t cover;
        record_opening_t opening;
        record_income_t income;
        record_adjustment_t adjustment;
        record_position_t position;
        record_reconcile_t reconcile;
    };
} order_record_t;

_Static_assert(sizeof(order_record_t) <= 512, "a record is at most 512 bytes");

/* What the monitor hears about its request, derived from records alone, so that after a crash the journal says it again. */
typedef enum { REQUEST_ACCEPTED = 1, REQUEST_REFUSED, REQUEST_FILLED, REQUEST_CLOSED } request_outcome_kind_t;

typedef struct {
    request_outcome_kind_t kind;
    uint64_t signal_number;
    uint64_t trade;
    uint64_t record; /* its number: the message number across the seam */
    int64_t time_ns;
    door_reason_t reason; /* REFUSED */
    dec_t figure[2];
    outcome_t outcome; /* CLOSED */
    dec_t realised, fees, funding;
} request_outcome_t;

/* True and *outcome when the record tells the monitor something. */
bool request_outcome_from_record(const order_record_t *record, request_outcome_t *outcome);

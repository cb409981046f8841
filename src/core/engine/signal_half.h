/* signal_half.h: the first half of the machine: closed bars in, signals out (runs in the monitor, the back-test and the simulation
 * alike).
 *
 * For each watched instrument: the base bar (1h) is aggregated to the longer timeframes; every strategy runs on every timeframe;
 * what several timeframes propose together becomes a signal (core/signal/convergence.h), is deduplicated, given an id and the next
 * number, and handed out. The half is pure: the same bars and outcomes give the same signals, bit for bit.
 *
 * What weighs a signal besides: the regime of its timeframes (a table may switch a strategy off, to other options, or to a part of
 * its size), the market's state by the reference's bars, and the results of closed trades, which adapt the weights of scored
 * strategies. An open trade of a scored strategy is taken back by an exit signal when the opposite score reaches exit_score.
 * Results, openings and closings count by their venue time: a bar that closed at T knows those before T, and the market's score of
 * an earlier bar, in whichever order they came in; so a replay decides as the first run did.
 *
 * Memory comes from the caller's arena at init; an event allocates nothing and takes time bounded by timeframes x strategies.
 * History first (SIGNAL_HALF_HISTORY: everything warms up, nothing is handed out or numbered), then SIGNAL_HALF_LIVE.
 */
#pragma once

#include "core/base/arena.h"
#include "core/order/record.h"
#include "core/signal/convergence.h"
#include "core/signal/dedupe.h"
#include "core/strategy/adaptation.h"
#include "core/strategy/market_state.h"
#include "core/strategy/parameters.h"
#include "core/strategy/regime_table.h"

enum {
    SIGNAL_HALF_TIMEFRAMES_MAX = CONVERGENCE_TIMEFRAMES_MAX,
    SIGNAL_HALF_STRATEGIES_MAX = 16,
    SIGNAL_HALF_EXITS_MAX = 16,
    SIGNAL_HALF_SIGNALS_MAX = SIGNAL_HALF_STRATEGIES_MAX + SIGNAL_HALF_EXITS_MAX, /* signals that one bar can make */
    SIGNAL_HALF_OPEN_MAX = 64,                                                    /* trades of signals that may be open at once */
    SIGNAL_HALF_RESULTS_MAX = 160,           /* closed trades of scored signals that are remembered one by one */
    SIGNAL_HALF_VARIANTS_MAX = REGIME_COUNT, /* of one strategy: its own options and those of the regimes */
};

typedef struct {
    char name[SIGNAL_STRATEGY_MAX];       /* a name or alias of the strategy registry */
    double options[STRATEGY_OPTIONS_MAX]; /* all of them; strategy_presets fills them */
} signal_half_strategy_t;

typedef struct {
    uint32_t timeframe_count;
    timeframe_t timeframes[SIGNAL_HALF_TIMEFRAMES_MAX]; /* ascending; the first is the base that comes in and divides the others */
    uint32_t strategy_count;
    signal_half_strategy_t strategies[SIGNAL_HALF_STRATEGIES_MAX];
    const strategy_set_t *set; /* borrowed for the life of the half: plug-ins beside the registry's strategies; NULL: none */
    const parameters_t
        *parameters; /* borrowed for init and every watch; NULL: the options above hold for every instrument and timeframe */
    convergence_rules_t convergence;
    int64_t dedupe_ns;              /* 60 s */
    uint32_t signal_life_bars;      /* a signal lives this many bars of its shortest timeframe: 1 */
    uint32_t instruments_max;       /* how many can be watched */
    char source[SIGNAL_SOURCE_MAX]; /* "monitor" */
    bool adapts;                    /* weights of scored strategies follow the results */
    adaptation_rules_t adaptation;
    bool market_state;                   /* the reference's market score halves or vetoes entries */
    char market_symbol[SYMBOL_TEXT_MAX]; /* the reference: "BTCUSDT"; not watched: it says nothing */
    regime_table_t regimes;
    double confidence_min;   /* signals below it are not handed out */
    uint32_t structure_bars; /* stops beyond the extreme of so many bars; 0: as the strategies' options say */
} signal_half_config_t;

typedef enum {
    SIGNAL_HALF_HISTORY,
    SIGNAL_HALF_EXITS, /* nothing is entered any more; what is open is still taken back */
    SIGNAL_HALF_LIVE,
} signal_half_mode_t;

/* A closed trade as the order half reports it. Profit is after fees and funding, in the settlement asset. */
typedef struct {
    uint64_t number; /* 1, 2, 3 ... of outcomes: the same one twice counts once */
    uint64_t signal; /* the signal's number */
    instrument_id_t instrument;
    char strategy[SIGNAL_STRATEGY_MAX];
    position_side_t side;
    dec_t profit;
    int64_t closed_ns;
    uint64_t states; /* that spoke for it: of the signal */
} signal_outcome_t;

/* What one strategy has earned on one instrument. */
typedef struct {
    uint32_t trades, wins, losses; /* a profit of exactly 0 is neither */
    uint32_t losses_in_a_row;
    dec_t profit;
    int64_t last_closed_ns;
} signal_performance_t;

typedef struct {
    uint64_t bars;       /* base bars taken */
    uint64_t bars_late;  /* not newer than the last one: ignored */
    uint64_t bars_bad;   /* missing, or refused by candle_check: warm-ups restart */
    uint64_t proposals;  /* of single timeframes */
    uint64_t matches;    /* combinations that converged, also in history */
    uint64_t duplicates; /* swallowed by the dedupe window */
    uint64_t doubtful;   /* below confidence_min */
    uint64_t signals;    /* handed out */
    uint64_t exits;      /* of those: not entries, but trades to be left */
    uint64_t outcomes;
    uint64_t number_last; /* of the last signal */
    uint64_t outcome_last;
    uint32_t instruments;
    uint32_t instruments_warm; /* every strategy warm on at least `matches_min` timeframes */
} signal_half_counters_t;

typedef struct signal_half_watch signal_half_watch_t; /* one instrument; in signal_half.c */

/* A closed trade of a scored signal: what adapted weights are made of, in order of closing. */
typedef struct {
    int64_t closed_ns;
    uint64_t states;
    uint8_t side; /* direction_t */
    bool won;
} signal_half_result_t;

/* A trade that its strategy may still take back. */
typedef struct {
    uint64_t signal; /* 0: free */
    instrument_id_t instrument;
    uint32_t strategy, timeframes; /* index; bit timeframe_t */
    position_side_t side;
    int64_t opened_ns, closed_ns; /* closed_ns 0: open as far as is known */
} signal_half_open_t;

/* What holds of a strategy in a regime. */
typedef struct {
    uint32_t variant; /* which set of options speaks: 0 its own */
    double factor;    /* of the size; 0: off */
    uint32_t row;     /* of the table, 1 ..; 0: none */
} signal_half_rule_t;

typedef struct {
    signal_half_config_t config;
    const strategy_kind_t *kinds[SIGNAL_HALF_STRATEGIES_MAX];
    uint32_t variants[SIGNAL_HALF_STRATEGIES_MAX], first_run[SIGNAL_HALF_STRATEGIES_MAX]; /* first_run: in variants before it */
    const regime_row_t *rows[SIGNAL_HALF_STRATEGIES_MAX][SIGNAL_HALF_VARIANTS_MAX];       /* whose options a variant has */
    signal_half_rule_t rules[SIGNAL_HALF_STRATEGIES_MAX][REGIME_COUNT];
    uint64_t result_count; /* ever; the newest stand in the ring */
    signal_half_result_t *results;
    uint64_t results_first, results_applied; /* names holds these: from .. to, as of results_ns */
    int64_t results_ns;
    bool results_older; /* and those older than the ring */
    signal_results_t names[SCORE_WEIGHTS];
    signal_results_t older[SCORE_WEIGHTS]; /* of trades that the ring has lost, so that a rare state has its last 20, too */
    int64_t older_ns;                      /* when the newest of them was closed */
    signal_half_open_t open[SIGNAL_HALF_OPEN_MAX];
    market_frame_t *market_frames; /* of the reference, 1h, 4h, 1d */
    struct {
        int64_t made_ns;
        double score;
    } market[2];                     /* the newest, and the one before */
    const instrument_table_t *table; /* borrowed */
    uint16_t *slot_of;               /* by instrument id; 0xFFFF: not watched */
    signal_half_watch_t **watches;
    uint32_t watch_count;
    dedupe_t dedupe;
    signal_half_counters_t counters;
} signal_half_t;

/* 1h, 4h, 1d; the default strategies with their presets; tolerance 0.5 %, two matches, proposals live 4 bars, 60 s dedupe, 32
 * instruments. */
void signal_half_config_default(signal_half_config_t *config);

/* Adds a strategy by name (config->set is in place) with its presets. RESULT_NOT_FOUND (unknown name), RESULT_DUPLICATE,
 * RESULT_FULL. */
result_t signal_half_config_add(signal_half_config_t *config, const char *name);

/* RESULT_OK, or what is wrong; *what (may be NULL) names the field, static text. */
result_t signal_half_config_check(const signal_half_config_t *config, const char **what);

/* Bytes of arena that a checked configuration needs (with room for alignment). Below 8 KiB an instrument with the defaults. */
size_t signal_half_memory(const signal_half_config_t *config);

/* The table is borrowed for the life of the half: instruments may be added to it later. RESULT_FULL when the arena is too small;
 * else as signal_half_config_check. */
result_t signal_half_init(signal_half_t *half, const signal_half_config_t *config, const instrument_table_t *table, arena_t *arena);

/* Begins to watch an instrument. RESULT_OK also when it is watched already; RESULT_FULL; RESULT_NOT_FOUND: not in the table. */
result_t signal_half_watch(signal_half_t *half, instrument_id_t instrument);

/* The first row of the regime table (1 ..) whose options contradict those that `parameters` (NULL: the presets) have for an
 * instrument of the table; 0: none does. To be asked before these parameters come into force: a set of options that contradicts
 * itself is not run. */
uint32_t signal_half_contradiction(const signal_half_t *half, instrument_id_t instrument, const parameters_t *parameters);

/* Open time of the newest base bar taken; 0 before the first. The next one expected is timeframe_next of it. */
int64_t signal_half_last_bar(const signal_half_t *half, instrument_id_t instrument);

/* Continues the numbering of a former run: signals numbered n + 1 and up come next. Before the first live bar. */
void signal_half_number_set(signal_half_t *half, uint64_t number_last, uint64_t outcome_last);

/* Whether a closed base bar may ask for orders at `now_ns`: only one that has just closed. An older one (the next has closed as
 * well) warms the models up and decides nothing: its prices are gone. */
signal_half_mode_t signal_half_mode(const signal_half_t *half, const candle_t *bar, int64_t now_ns);

/* One base bar of one instrument. Writes *count signals (0 .. SIGNAL_HALF_SIGNALS_MAX) to out. RESULT_OK, RESULT_NOT_FOUND (not
 * watched), RESULT_BAD_STATE (bar not closed), RESULT_OUT_OF_ORDER (not newer than the last: ignored), or what candle_check says
 * (the bar then counts as missing). *count is always written. */
result_t signal_half_on_bar(signal_half_t *half, instrument_id_t instrument, const candle_t *bar, signal_half_mode_t mode,
                            signal_t out[SIGNAL_HALF_SIGNALS_MAX], uint32_t *count);

/* --- one strategy of an instrument begins anew: its options have changed, or it was lost ----------- */

/* A run, to look at; NULL when not watched. slot: of config.timeframes. */
const strategy_run_t *signal_half_run(const signal_half_t *half, instrument_id_t instrument, uint32_t strategy, uint32_t slot);

/* Whether what computes a strategy outside has failed there, with any of its sets of options. False when not watched. */
bool signal_half_has_lost(const signal_half_t *half, instrument_id_t instrument, uint32_t strategy, uint32_t slot);

/* Whether `parameters` give a strategy of an instrument other options than those it runs with. False when not watched. */
bool signal_half_concerns(const signal_half_t *half, instrument_id_t instrument, uint32_t strategy, const parameters_t *parameters);

/* Bytes that signal_half_restart needs under `parameters`. */
size_t signal_half_restart_memory(const signal_half_t *half, uint32_t strategy, const parameters_t *parameters);

/* A strategy of a watched instrument forgets what it knew and begins with what config.parameters say now, on all timeframes, in
 * memory that is borrowed from now on. Other strategies and instruments do not notice. */
void signal_half_restart(signal_half_t *half, instrument_id_t instrument, uint32_t strategy, void *memory);

/* The past of the instrument, oldest bar first, for a strategy that was restarted: afterwards it is where it would be had it seen
 * these bars when they came. Bars newer than signal_half_last_bar are not looked at; nothing is handed out or counted. */
void signal_half_replay(signal_half_t *half, instrument_id_t instrument, uint32_t strategy, const candle_t *bars, size_t count);

/* The outcome of a signal, from what the order half says about a closed trade: profit is what was realised, less fees, with
 * funding. An amount that cannot be summed leaves 0: neither a win nor a loss. */
signal_outcome_t signal_half_outcome(const signal_t *signal, const request_outcome_t *closed, uint64_t number);

/* The order half has taken an entry signal: its trade is open from the bar after it on, until signal_half_on_outcome names it. */
void signal_half_on_opened(signal_half_t *half, const signal_t *signal);

/* --- what weighs the signals, to look at ------------------------------------------------------------ */

/* The regime of an instrument's timeframe; UNKNOWN while it is not warm or not watched, or when there is no regime table. */
regime_t signal_half_regime(const signal_half_t *half, instrument_id_t instrument, uint32_t slot);

/* The market's score by the newest bars of the reference, NAN when nothing is known. */
double signal_half_market_score(const signal_half_t *half);

/* Of one row of score_rows: its results so far, and the factor of its weight (1 when nothing adapts). */
typedef struct {
    signal_results_t results;
    double factor;
} signal_half_name_t;
signal_half_name_t signal_half_name(const signal_half_t *half, uint32_t row);

/* RESULT_OK; RESULT_DUPLICATE: counted before; RESULT_NOT_FOUND: instrument or strategy not watched here (the outcome is still
 * counted as seen). */
result_t signal_half_on_outcome(signal_half_t *half, const signal_outcome_t *outcome);

/* NULL when not watched or no such strategy here. */
const signal_performance_t *signal_half_performance(const signal_half_t *half, instrument_id_t instrument, const char *strategy);

/* A snapshot. */
signal_half_counters_t signal_half_counters(const signal_half_t *half);

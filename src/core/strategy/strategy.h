/* strategy.h: a strategy looks at the closed bars of one symbol on one timeframe and now and then proposes a trade.
 *
 * To add one: write its file, end it with a strategy_kind_t, and add a row to the table in registry.c; or, without touching this
 * program, as a C plug-in (include/patriot/strategy.h), which comes in as a kind that is computed outside. A kind only decides
 * direction, confidence and how far away the market's noise reaches (ATR); the runner around it, the same for all, guards the
 * inputs and makes exact prices:
 *   - an open bar and one that is not newer than the last are ignored;
 *   - a missing or bad bar, or a gap before this one, restarts the warm-up: indicators never see an invented past;
 *   - a quiet bar feeds the indicators and decides nothing; nor does any bar before every indicator is warm.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/dec.h"
#include "core/base/str.h"
#include "core/indicator/registry.h"
#include "core/market/candle.h"
#include "core/market/instrument.h"
#include "core/strategy/levels.h"
#include "core/strategy/structure.h"

enum {
    STRATEGY_OPTIONS_MAX = 64,
    STRATEGY_INPUTS_MAX = 5,
    STRATEGY_OUTSIDE_MAX = 16,
};

/* A figure that the decision rests on, for `patriot why`. */
typedef struct {
    const char *name; /* static text: "macd.histogram" */
    double value;
} strategy_input_t;

/* What a kind says about one bar. */
typedef struct {
    direction_t direction;
    double confidence;               /* 0..1 */
    double atr;                      /* > 0 when direction is not DIRECTION_NONE */
    double stop_price, target_price; /* structure: > 0 stands in for what the options' rules would give */
    uint64_t states;                 /* scored kinds: the named states that spoke for the direction (feature_t bits) */
    uint8_t leave;                   /* bit direction_t: positions in it are to be left; also with direction NONE */
    uint32_t input_count;
    strategy_input_t inputs[STRATEGY_INPUTS_MAX];
} strategy_view_t;

/* What the runner makes of it: exact prices, multiples of the tick, stop and target on their right sides. */
typedef struct {
    direction_t direction;
    levels_t levels;
    double confidence;
    int64_t bar_open_ns; /* the bar that decided */
    int64_t made_ns;     /* its close */
    uint64_t states;     /* as in the view */
    uint32_t input_count;
    strategy_input_t inputs[STRATEGY_INPUTS_MAX];
} proposal_t;

/* A strategy that is computed outside of the core, in a process of its own: the questions of strategy_kind_t, to whom they go. What
 * is outside may die: an answer of false means that the run is lost, and from then on it decides nothing. */
typedef struct {
    void *context; /* borrowed */
    result_t (*check)(void *context, const double *options, uint32_t *wrong);
    uint32_t (*warm_up)(void *context, const double *options);
    size_t state_size; /* for any options; a state left by init and next is all that lasts from bar to bar */
    bool (*init)(void *context, void *state, const double *options);
    bool (*next)(void *context, void *state, const indicator_bar_t *bar, strategy_view_t *view);
} strategy_outside_t;

typedef struct {
    const char *name;    /* "SC01" */
    const char *aliases; /* other names it answers to, separated by blanks; "" for none */
    const char *title;
    const char *rule; /* in words, with the confidence formula */
    uint32_t option_count;
    indicator_option_t options[STRATEGY_OPTIONS_MAX];
    const char *const *option_words; /* what each option means, option_count of them */

    /* Relations between options; ranges have been checked. *wrong (may be NULL) is the option to blame. */
    result_t (*check)(const double *options, uint32_t *wrong);
    uint32_t (*warm_up)(const double *options); /* bars before the first possible decision */
    size_t (*state_size)(const double *options);
    void (*init)(void *state, const double *options);
    /* One closed, good bar. Fills *view; direction NONE when nothing is to be done. */
    void (*next)(void *state, const indicator_bar_t *bar, strategy_view_t *view);
    /* How stop and target follow from the options. */
    level_rules_t (*levels)(const double *options);
    /* A scored kind: the place of the first of SCORE_WEIGHTS options that are the weights of score_rows, and how other weights are
     * put in force without forgetting anything. 0 and NULL: not scored. */
    uint32_t weights_at;
    void (*reweigh)(void *state, const double *weights);

    /* NULL: computed here. Else it stands for the six functions above, and the last options are those of level_options.h. */
    const strategy_outside_t *outside;
} strategy_kind_t;

/* Kinds that stand beside the registry's, and names of such that could not be had. */
typedef struct {
    uint32_t count, missing_count;
    const strategy_kind_t *kinds[STRATEGY_OUTSIDE_MAX];   /* borrowed */
    const strategy_kind_t *missing[STRATEGY_OUTSIDE_MAX]; /* borrowed; only their names and aliases count */
} strategy_set_t;

/* --- registry --------------------------------------------------------------------------------- */

uint32_t strategy_count(void);
const strategy_kind_t *strategy_at(uint32_t index); /* NULL past the end */

/* By name or alias, case-insensitive. NULL when unknown; *nearest (may be NULL) is then the one spelt most alike, or NULL. */
const strategy_kind_t *strategy_find(str_t name, const strategy_kind_t **nearest);

/* The same among the registry's and those of a set (may be NULL). */
const strategy_kind_t *strategy_find_in(const strategy_set_t *set, str_t name, const strategy_kind_t **nearest);

/* True for the name of one that the set could not have. */
bool strategy_is_missing(const strategy_set_t *set, str_t name);

void strategy_presets(const strategy_kind_t *kind, double options[STRATEGY_OPTIONS_MAX]);

/* As indicator_check: RESULT_NUMBER_OUT_OF_RANGE or RESULT_BAD_ARGUMENT with *wrong (may be NULL) the option to blame. */
result_t strategy_check(const strategy_kind_t *kind, const double *options, uint32_t *wrong);

/* Ranges only, without the relations: what is outside is not asked. */
result_t strategy_check_ranges(const strategy_kind_t *kind, const double *options, uint32_t *wrong);

/* Bars before the first possible decision. Asks what is outside: once, not for each bar. */
uint32_t strategy_warm_up(const strategy_kind_t *kind, const double *options);

/* --- running one ------------------------------------------------------------------------------ */

typedef struct {
    const strategy_kind_t *kind;
    timeframe_t timeframe;
    uint32_t warm_up;
    double options[STRATEGY_OPTIONS_MAX];
    void *state; /* borrowed: strategy_memory bytes, aligned for double */
    bool started;
    bool lost;                    /* what computes it outside has failed: it decides nothing until it is started again */
    uint8_t leave;                /* of the newest bar: bit direction_t: positions in it are to be left */
    uint32_t bars;                /* consumed since the last (re)start of the warm-up */
    uint32_t restarts;            /* warm-ups that a gap or a bad bar has cost */
    int64_t last_open_ns;         /* of the newest bar consumed, when started */
    const structure_t *structure; /* borrowed, of its timeframe: stops by structure; NULL: as the options say */
} strategy_run_t;

/* Bytes of state that a run with these (checked) options needs. */
size_t strategy_memory(const strategy_kind_t *kind, const double *options);

/* options have passed strategy_check (of an outside kind: their ranges); state is borrowed and lives as long as the run. */
void strategy_start(strategy_run_t *run, const strategy_kind_t *kind, const double *options, timeframe_t timeframe, void *state);

/* True once every input of the strategy is warm. */
bool strategy_is_warm(const strategy_run_t *run);

/* Consumes the next bar of its timeframe. True and *out when it proposes a trade; otherwise *out is untouched. O(1), no allocation.
 */
bool strategy_on_candle(strategy_run_t *run, const instrument_t *instrument, const candle_t *candle, proposal_t *out);

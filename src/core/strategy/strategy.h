/* strategy.h: a strategy looks at the closed bars of one symbol on one timeframe and now and then proposes a trade.
 *
 * To add one: write its file, end it with a strategy_kind_t, and add a row to the table in registry.c. A kind only decides
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

enum {
    STRATEGY_OPTIONS_MAX = 64,
    STRATEGY_INPUTS_MAX = 5,
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
    uint32_t input_count;
    strategy_input_t inputs[STRATEGY_INPUTS_MAX];
} proposal_t;

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
} strategy_kind_t;

/* --- registry --------------------------------------------------------------------------------- */

uint32_t strategy_count(void);
const strategy_kind_t *strategy_at(uint32_t index); /* NULL past the end */

/* By name or alias, case-insensitive. NULL when unknown; *nearest (may be NULL) is then the one spelt most alike, or NULL. */
const strategy_kind_t *strategy_find(str_t name, const strategy_kind_t **nearest);

void strategy_presets(const strategy_kind_t *kind, double options[STRATEGY_OPTIONS_MAX]);

/* As indicator_check: RESULT_NUMBER_OUT_OF_RANGE or RESULT_BAD_ARGUMENT with *wrong (may be NULL) the option to blame. */
result_t strategy_check(const strategy_kind_t *kind, const double *options, uint32_t *wrong);

/* --- running one ------------------------------------------------------------------------------ */

typedef struct {
    const strategy_kind_t *kind;
    timeframe_t timeframe;
    double options[STRATEGY_OPTIONS_MAX];
    void *state; /* borrowed: strategy_memory bytes, aligned for double */
    bool started;
    int64_t last_open_ns; /* of the newest bar consumed, when started */
    uint32_t bars;        /* consumed since the last (re)start of the warm-up */
    uint32_t restarts;    /* warm-ups that a gap or a bad bar has cost */
} strategy_run_t;

/* Bytes of state that a run with these (checked) options needs. */
size_t strategy_memory(const strategy_kind_t *kind, const double *options);

/* options have passed strategy_check; state is borrowed and lives as long as the run. */
void strategy_start(strategy_run_t *run, const strategy_kind_t *kind, const double *options, timeframe_t timeframe, void *state);

/* True once every input of the strategy is warm. */
bool strategy_is_warm(const strategy_run_t *run);

/* Consumes the next bar of its timeframe. True and *out when it proposes a trade; otherwise *out is untouched. O(1), no allocation.
 */
bool strategy_on_candle(strategy_run_t *run, const instrument_t *instrument, const candle_t *candle, proposal_t *out);

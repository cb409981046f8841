/* signal_half_parts.h: what the files of the signal half share. Private to them.
 *
 *   signal_half.c         configuration, memory, the way of a bar
 *   signal_half_restart.c one strategy of an instrument begins anew
 *   signal_half_weigh.c   what weighs its signals: regimes, the market's state, results of closed trades, trades to be taken back
 */
#pragma once

#include "core/engine/signal_half.h"

enum { NOT_WATCHED = 0xFFFF, SIGNAL_HALF_ALIGNMENT = 16 };

static inline size_t signal_half_padded(size_t size)
{
    return (size + SIGNAL_HALF_ALIGNMENT - 1) / SIGNAL_HALF_ALIGNMENT * SIGNAL_HALF_ALIGNMENT;
}

/* What each timeframe of an instrument knows besides its strategies. [0] of the aggregates is not used: the base comes in. */
typedef struct {
    aggregate_t aggregates[SIGNAL_HALF_TIMEFRAMES_MAX];
    market_frame_t *frames;  /* one a timeframe; NULL: no regime table, so nobody asks */
    structure_t *structures; /* one a timeframe; NULL: stops as the options say */
    market_frame_t *market;  /* the reference: the frames of the market's score; else NULL */
} signal_half_slots_t;

/* Some of the strategies: from .. to - 1. */
typedef struct {
    uint32_t from, to;
} strategies_t;

struct signal_half_watch {
    instrument_id_t instrument;
    int64_t last_open_ns;
    signal_half_slots_t slots;
    convergence_t *convergences;        /* one a strategy */
    strategy_run_t *runs;               /* strategy by strategy, variant by variant, each with all timeframes */
    signal_performance_t *performances; /* one a strategy */
};

signal_half_watch_t *signal_half_watch_of(const signal_half_t *half, instrument_id_t instrument); /* NULL: not watched */
strategy_run_t *signal_half_run_of(const signal_half_t *half, const signal_half_watch_t *watch, uint32_t strategy, uint32_t variant,
                                   uint32_t slot);

/* The runs of some strategies with the options that the parameters have for the instrument. */
void signal_half_start_runs(const signal_half_t *half, signal_half_watch_t *watch, strategies_t which);
/* Some strategies see a base bar and the longer ones that it closes; *closed (may be NULL) says on which slots. False: the bar is
 * missing or bad, and they were told of a hole. */
bool signal_half_feed_bar(signal_half_t *half, signal_half_watch_t *watch, strategies_t which, signal_half_slots_t *slots,
                          const candle_t *bar, uint32_t *closed);

/* --- signal_half_weigh.c */

/* Sets of options that a strategy runs with: its own, and one for each row of the regime table that names others. */
uint32_t signal_half_variants(const signal_half_config_t *config, const strategy_kind_t *kind);
/* The most that a row's options can add to the state of a run. */
size_t signal_half_rows_memory(const signal_half_config_t *config, const strategy_kind_t *kind);
/* half->variants, first_run, rows and rules from the configuration. */
void signal_half_take_regimes(signal_half_t *half);

/* frames and structures have their memory, where they are wanted. */
void signal_half_begin_slots(const signal_half_config_t *config, signal_half_slots_t *slots);
/* A bar of one timeframe reaches its frame and structure; a missing one breaks their past. */
void signal_half_feed_slot(signal_half_slots_t *slots, timeframe_t timeframe, uint32_t slot, const candle_t *bar);
regime_t signal_half_slot_regime(const signal_half_slots_t *slots, uint32_t slot);
/* What holds of a strategy on a timeframe by the regime there. */
const signal_half_rule_t *signal_half_rule(const signal_half_t *half, const signal_half_slots_t *slots, uint32_t strategy,
                                           uint32_t slot);

/* The results of trades closed before that time come into force for a scored run. */
void signal_half_adapt_run(signal_half_t *half, strategy_run_t *run, int64_t now_ns);

/* After a bar of the reference: its market score. */
void signal_half_note_market(signal_half_t *half, const signal_half_watch_t *watch, int64_t now_ns);
/* Size cut and veto of a new entry by regime and market. */
void signal_half_weigh(const signal_half_t *half, const signal_half_watch_t *watch, uint32_t strategy, uint32_t members,
                       signal_t *signal);

/* The open trades of the instrument whose strategy has said with this bar that they are to be left: writes exit signals without
 * number; returns how many. closed_slots: bit n: a bar of slot n has closed. */
uint32_t signal_half_exits(signal_half_t *half, const signal_half_watch_t *watch, uint32_t closed_slots, dec_t price,
                           int64_t now_ns, signal_t *out, uint32_t room);

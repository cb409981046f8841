/* adaptation.h: how well a named signal has done lately, and what follows for its weight; which symbols rest (STR-8, R099, R100).
 *
 * Of each signal name the last 20 results count. From 3 results on (M's values): a win rate below 0.35 halves its weight, one above
 * 0.70 makes it 1.2 times as much; else it is as configured. The factor always multiplies the configured weight, never the adapted
 * one, so a weight stays between 0.5 and 1.2 of what the user wrote however long it runs.
 *
 * A symbol with enough trades closed within the window (M: 3 in 12 hours) and too low a win rate among them (below 0.30) is skipped
 * until the oldest of those that keep it so falls out of the window.
 */
#pragma once

#include <stdbool.h>

#include "core/strategy/score.h"

enum { SIGNAL_RESULTS_KEPT = 20, SYMBOL_TRADES_KEPT = 64 };

/* The last results of one name, newest in bit 0. */
typedef struct {
    uint32_t wins;  /* bits */
    uint32_t count; /* up to SIGNAL_RESULTS_KEPT */
} signal_results_t;

void signal_results_add(signal_results_t *results, bool won);

/* 0..1; 0 without results. */
double signal_results_win_rate(const signal_results_t *results);

typedef struct {
    uint32_t results_min;          /* 3: fewer say nothing */
    double low_rate, low_factor;   /* 0.35, 0.5 */
    double high_rate, high_factor; /* 0.70, 1.2 */
} adaptation_rules_t;

adaptation_rules_t adaptation_rules_default(void); /* M's */

/* low_factor, 1 or high_factor. */
double signal_results_factor(const signal_results_t *results, const adaptation_rules_t *rules);

/* SCORE_WEIGHTS configured weights, each times its factor, to `weights` (which may be the same); results: one for each of
 * score_rows. */
void score_weights_adapt(const double *configured, const signal_results_t results[SCORE_WEIGHTS], const adaptation_rules_t *rules,
                         double *weights);

/* Counts a closed trade for every state that spoke for it. */
void score_results_add(signal_results_t results[SCORE_WEIGHTS], uint64_t states, direction_t side, bool won);

/* The last closed trades of a symbol. */
typedef struct {
    uint32_t count, next;
    int64_t closed_ns[SYMBOL_TRADES_KEPT];
    bool won[SYMBOL_TRADES_KEPT];
} symbol_trades_t;

void symbol_trades_add(symbol_trades_t *trades, int64_t closed_ns, bool won);

typedef struct {
    uint32_t trades_min; /* 0: no symbol is ever skipped */
    double win_rate_min; /* 0..1 */
    int64_t window_ns;
} symbol_rules_t;

/* True while the symbol is skipped; *until_ns (may be NULL) is then when it may trade again if nothing else happens, *win_rate (may
 * be NULL) the rate within the window. */
bool symbol_is_skipped(const symbol_trades_t *trades, const symbol_rules_t *rules, int64_t now_ns, int64_t *until_ns,
                       double *win_rate);

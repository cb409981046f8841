/* score.h: named states x weights give a LONG and a SHORT score (STR-1).
 *
 * A state speaks for one side (its name says which: up, gt, oversold, bullish, support ... for LONG) and adds its weight to that
 * side's score while it is so. States without a direction (ADX strength, volatility, Fibonacci and "at" levels) are out of the
 * score. Vol_Spike speaks for LONG, as in M. A side is entered at entry_score; when both reach it the higher wins, a tie gives
 * nothing. A position is to be left when the opposite score reaches exit_score. confidence = min(score / 10, 1).
 */
#pragma once

#include "core/strategy/features.h"
#include "core/strategy/levels.h"

enum { SCORE_WEIGHTS = 45 };

/* Which state a weight belongs to, the side it speaks for, and M's default weight (0: not scored unless somebody asks for it). */
typedef struct {
    feature_t feature;
    direction_t side;
    double preset;
} score_row_t;

extern const score_row_t score_rows[SCORE_WEIGHTS]; /* LONG first, within a side by preset */

typedef struct {
    double entry, exit;
    double weights[SCORE_WEIGHTS]; /* of score_rows */
} score_rules_t;

typedef struct {
    double longs, shorts;
    direction_t direction; /* to enter, or NONE */
    double confidence;     /* of that direction; 0 for NONE */
} score_t;

/* 5.0, 2.5 and M's weights. */
score_rules_t score_rules_default(void);

/* 0..1. */
double score_confidence(double score);

/* Two scores against the rules: what would be entered. */
score_t score_decide(const score_rules_t *rules, double longs, double shorts);

score_t score_of(const score_rules_t *rules, uint64_t states);

/* True when a position held in this direction is to be left. */
bool score_wants_exit(const score_rules_t *rules, const score_t *score, direction_t held);

/* Of these states those that made up a side's score: they speak for it with a weight that is not 0. */
uint64_t score_reasons(const score_rules_t *rules, uint64_t states, direction_t side);

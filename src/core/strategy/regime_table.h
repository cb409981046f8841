/* regime_table.h: what a market regime does to a strategy (STR-3): switch it off, to another set of options, or to a part of its
 * size.
 *
 * One row a text, as it stands in the configuration:
 *
 *     REGIME STRATEGY off                    no entry while the regime lasts
 *     REGIME STRATEGY 0.5                    half the size
 *     REGIME STRATEGY stop_atr=3 reward=2.5  these options in place of the strategy's own
 *     REGIME STRATEGY 0.5 stop_atr=3         both
 *
 * REGIME: ranging, up, down or volatile (market_state.h), of the timeframe on which the strategy decides. STRATEGY: a name of the
 * registry, the file of a plug-in as signal.strategies has it (turtle.so), or `all` (without options). For one regime and strategy
 * one row holds: the one that names it, else the one for all. A plug-in is known when it has been loaded, so its options are held
 * against it then, by regime_table_bind; until then, and when it cannot be had, its row does nothing.
 */
#pragma once

#include "core/strategy/market_state.h"
#include "core/strategy/strategy.h"

enum {
    REGIME_COUNT = REGIME_VOLATILE + 1,
    REGIME_ROWS_MAX = 24,
    REGIME_OPTIONS_MAX = 8,
    REGIME_TEXT_MAX = 160,
    REGIME_FILE_MAX = 24
};

typedef struct {
    regime_t regime;
    const strategy_kind_t *kind;  /* NULL: all, or a plug-in that is not bound */
    char file[REGIME_FILE_MAX];   /* of a plug-in, else "" */
    char wishes[REGIME_TEXT_MAX]; /* its options as they were written: "channel=40 stop_atr=3" */
    double factor;                /* [0, 1]; 0: off */
    uint32_t option_count;        /* 0: the strategy's own */
    struct {
        uint32_t option; /* of the kind */
        double value;
    } options[REGIME_OPTIONS_MAX];
} regime_row_t;

typedef struct {
    uint32_t count;
    regime_row_t rows[REGIME_ROWS_MAX];
} regime_table_t;

/* What is wrong with a row, and what would be right. */
typedef struct {
    char why[REGIME_TEXT_MAX], fix[REGIME_TEXT_MAX];
} regime_error_t;

/* Adds a row. RESULT_UNKNOWN_VALUE, RESULT_NUMBER_*, RESULT_MALFORMED, RESULT_DUPLICATE, RESULT_FULL: *error says why and what
 * would be right; the table is untouched. Options are held against the strategy's presets. */
result_t regime_table_add(regime_table_t *table, str_t text, regime_error_t *error);

/* Looks up the plug-ins that rows name among a set's. *row (from 1) and *error say which row asks for what its plug-in has not; the
 * table is half bound then and must not be used. */
result_t regime_table_bind(regime_table_t *table, const strategy_set_t *set, uint32_t *row, regime_error_t *error);

/* The row that holds for a strategy in a regime; NULL: none. */
const regime_row_t *regime_table_row(const regime_table_t *table, const strategy_kind_t *kind, regime_t regime);

/* The row's options put over `options`. */
void regime_row_apply(const regime_row_t *row, double options[STRATEGY_OPTIONS_MAX]);

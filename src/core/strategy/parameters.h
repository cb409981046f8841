/* parameters.h: option values of strategies in a readable text, per exchange, symbol and timeframe.
 *
 *     # weights of the weighted score
 *     [WeightedScore]
 *     entry_score = 5.5
 *     EMA_50_gt_200 = 2.5
 *
 *     [WeightedScore BTCUSDT 1h]
 *     entry_score = 4.5
 *     stop_atr = 1.5
 *
 * A section names a strategy (or an alias of it) and what it is for: nothing more (everything), SYMBOL, SYMBOL TIMEFRAME, or
 * EXCHANGE SYMBOL TIMEFRAME. What a section does not say comes from the less special ones, in that order, and at last from the
 * strategy's presets. Keys are the strategy's options (`patriot strategies NAME` lists them). "#" begins a comment; blank lines are
 * free.
 *
 * A text is taken whole or not at all: a wrong name, key or value is refused with its line, and what was in force stays.
 */
#pragma once

#include "core/strategy/strategy.h"

enum {
    PARAMETERS_SECTIONS_MAX = 256,
    PARAMETERS_TEXT_MAX = 1 << 20,
    PARAMETERS_LINE_MAX = 256,
    PARAMETERS_ERROR_MAX = 256,
};

typedef struct {
    const strategy_kind_t *kind;
    char venue[ASSET_TEXT_MAX];   /* "" for any */
    char symbol[SYMBOL_TEXT_MAX]; /* "" for any */
    bool has_timeframe;
    timeframe_t timeframe;
    uint32_t line; /* of its heading */
    uint64_t said; /* bit per option that the section gives */
    double options[STRATEGY_OPTIONS_MAX];
    uint32_t lines[STRATEGY_OPTIONS_MAX]; /* where each was said */
} parameters_section_t;

/* Large: one stands in static or allocated memory. */
typedef struct {
    uint32_t count;
    parameters_section_t sections[PARAMETERS_SECTIONS_MAX];
} parameters_t;

typedef struct {
    uint32_t line;
    char text[PARAMETERS_ERROR_MAX]; /* what is wrong and what would be right, without the line */
} parameters_error_t;

/* Reads a text into *fresh; when all of it is right it is copied to *in_force. On any error *in_force is untouched and *error says
 * line and reason. `set` (may be NULL): plug-ins that may have sections, too; a section of one that could not be had is passed
 * over.
 */
result_t parameters_read(const char *bytes, size_t length, const strategy_set_t *set, parameters_t *fresh, parameters_t *in_force,
                         parameters_error_t *error);

/* The option values of a strategy for one exchange, symbol and timeframe. Every answer passes strategy_check. venue and symbol are
 * compared without regard to case. */
void parameters_resolve(const parameters_t *parameters, const strategy_kind_t *kind, const char *venue, const char *symbol,
                        timeframe_t timeframe, double options[STRATEGY_OPTIONS_MAX]);

/* Bytes of state that a strategy needs at most under any section. */
size_t parameters_memory(const parameters_t *parameters, const strategy_kind_t *kind);

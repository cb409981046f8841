/* expression.h: indicators as people write them: "rsi(14), ema(close, 20), ta.macd(close, 12, 26, 9).hist".
 *
 *     list    = item {"," item}
 *     item    = source | name ["(" [argument {"," argument}] ")"] ["." output]
 *     argument = [option "="] (item | number | true | false | "text")
 *
 * A plain name is one of the registry: its sources (open high low close volume hl2 hlc3 ohlc4 hlcc4, or another item) come first,
 * then its options in their order or by name; what is not said has its preset. One source stands in for close (or for the only
 * column that the indicator reads); as many sources as it reads columns stand for all of them, in the order open high low close
 * volume. A name after "ta." (or "timeframe.") is Pine's, with Pine's order of arguments and TradingView's conventions (pine.h);
 * texts are for Pine's names alone: ta.vwap(close, timeframe.change("240")), and so are numbers in place of a series, which stand
 * on every bar: ta.crossover(ta.rsi(close, 14), 70).
 *
 * Parsing and evaluating allocate nothing: the caller brings the room. Every bound is checked, every error names the column of the
 * text that is wrong.
 */
#pragma once

#include "core/indicator/pine.h"
#include "core/indicator/registry.h"

enum {
    EXPRESSION_NODES_MAX = 128,
    EXPRESSION_ROOTS_MAX = 64,
    EXPRESSION_TEXT_MAX = 4096,
    EXPRESSION_DEPTH_MAX = 8,
    EXPRESSION_ERROR_MAX = 256,
    EXPRESSION_COLUMNS = 5, /* open high low close volume */
};

typedef enum { EXPRESSION_SOURCE, EXPRESSION_NUMBER, EXPRESSION_KIND, EXPRESSION_FUNCTION } expression_type_t;

typedef enum {
    SOURCE_OPEN,
    SOURCE_HIGH,
    SOURCE_LOW,
    SOURCE_CLOSE,
    SOURCE_VOLUME,
    SOURCE_HL2,
    SOURCE_HLC3,
    SOURCE_OHLC4,
    SOURCE_HLCC4,
    SOURCE_COUNT
} expression_source_t;

typedef struct {
    expression_type_t type;
    expression_source_t source;            /* EXPRESSION_SOURCE */
    const indicator_kind_t *kind;          /* EXPRESSION_KIND */
    const series_function_t *function;     /* EXPRESSION_FUNCTION */
    const pine_name_t *pine;               /* when the name was Pine's */
    double options[INDICATOR_OPTIONS_MAX]; /* of the kind, or the numbers of the function; EXPRESSION_NUMBER: the number */
    int children[EXPRESSION_COLUMNS];      /* node for each column of the bar (kind) or each series (function); -1: the bar's own */
    uint32_t output_count, first_output;   /* one alone was asked for: first_output tells which */
    uint32_t outputs[INDICATOR_OUTPUTS_MAX]; /* which outputs of the kind, in the order in which they are shown */
    str_t text;                              /* as it was written */
    size_t first_column;                     /* of its values in the workspace */
} expression_node_t;

typedef struct {
    uint32_t node_count, root_count;
    expression_node_t nodes[EXPRESSION_NODES_MAX];
    uint32_t roots[EXPRESSION_ROOTS_MAX];
    size_t value_columns; /* columns of values that evaluating needs */
    bool has_gaps;        /* sources with na inside may have to be made ready */
    size_t state_bytes;   /* of the largest indicator state */
} expression_t;

typedef struct {
    uint32_t column; /* from 1, in the text */
    char text[EXPRESSION_ERROR_MAX];
} expression_error_t;

/* Parses a list. The text must outlive the expression. RESULT_OK or what is wrong, with *error filled. */
result_t expression_parse(str_t text, expression_t *expression, expression_error_t *error);

/* Bytes of workspace that expression_run needs for so many bars. */
size_t expression_workspace(const expression_t *expression, size_t bars);

/* Computes every node over whole columns; all five are needed. `workspace` is aligned for double. Checks values: on an error
 * nothing of the results may be used, and *error says which part of the text met which value. */
result_t expression_run(const expression_t *expression, const indicator_columns_t *columns, void *workspace,
                        expression_error_t *error);

/* After expression_run: the values of output `output` (0 .. output_count of the node) of root `root`. */
const double *expression_values(const expression_t *expression, const void *workspace, size_t bars, uint32_t root, uint32_t output);

/* The node of a root, and the name of one of its outputs: Pine's where the name was Pine's, "" for a source. */
const expression_node_t *expression_root(const expression_t *expression, uint32_t root);
const char *expression_output_name(const expression_node_t *node, uint32_t output);

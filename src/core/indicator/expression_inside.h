/* expression_inside.h: what the parts of expression.c share: the parser's state, arguments as they were written, and wording errors
 * without a C library. */
#pragma once

#include <stdbool.h>

#include "core/indicator/expression.h"
#include "core/indicator/indicator.h"

/* Puts pieces of text one after the other into error->text (cut when full); the list ends with NULL. Returns `result`. */
result_t expression_fail(expression_error_t *error, result_t result, size_t place, const char *const *pieces);

#define EXPRESSION_FAIL(error, result, place, ...)                                                                                 \
    expression_fail((error), (result), (place), (const char *const[]){__VA_ARGS__, NULL})

/* A copy of at most 47 bytes with a NUL, for use as a piece. */
typedef struct {
    char bytes[48];
} expression_word_t;

expression_word_t expression_word(str_t text);

/* "0.02", "5000": a number as people write it, for use as a piece. */
expression_word_t expression_number(double value);

typedef struct {
    str_t text;
    size_t at;
    uint32_t depth;
    expression_t *out;
    expression_error_t *error;
} expression_parser_t;

/* One argument as it was written. */
typedef struct {
    str_t name;   /* before "=", or empty */
    size_t place; /* where its value begins */
    bool is_number, is_text;
    double number;
    str_t text; /* what stood between quotes */
    int node;   /* when it is neither */
} expression_argument_t;

enum { EXPRESSION_ARGUMENTS_MAX = EXPRESSION_COLUMNS + INDICATOR_OPTIONS_MAX };

typedef struct {
    uint32_t count;
    expression_argument_t items[EXPRESSION_ARGUMENTS_MAX];
} expression_arguments_t;

/* Build the node of a name with its arguments: of the registry, of Pine's, and of a word without arguments (a source or an
 * indicator with its presets). `place` is where the name stands in the text. */
result_t expression_kind_node(expression_parser_t *parser, str_t word, const expression_arguments_t *arguments, size_t place,
                              int *index);
result_t expression_pine_node(expression_parser_t *parser, str_t word, const expression_arguments_t *arguments, size_t place,
                              int *index);
result_t expression_plain_node(expression_parser_t *parser, str_t word, const expression_arguments_t *arguments, size_t place,
                               int *index);

/* True when a column of those that the kind reads is na on a bar. */
bool expression_has_gaps(uint32_t inputs, const indicator_columns_t *columns);

/* What both of the following take for room: doubles. */
#define EXPRESSION_GAP_ROOM(bars) (EXPRESSION_COLUMNS * ((bars) + (size_t)INDICATOR_PERIOD_MAX))

/* The indicator of a name of Pine's over columns that are na in between. */
result_t expression_run_with_gaps(const expression_node_t *node, const indicator_columns_t *columns, double *room, void *state,
                                  double *const *outputs);

/* The same for PINE_GAP_OWN, over all bars of the chart: na may stand at the beginning, too. Its one output. */
void expression_run_own(const expression_node_t *node, const indicator_columns_t *columns, double *room, double *out);

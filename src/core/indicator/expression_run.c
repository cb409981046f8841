/* expression_run.c: evaluating an expression over whole columns, node by node, children before parents; see expression.h. */
#include <math.h>

#include "core/base/assert.h"
#include "core/indicator/expression.h"
#include "core/indicator/expression_inside.h"
#include "core/indicator/indicator.h"

/* The workspace: the columns of all nodes' values one after the other, then the room for one indicator's state. */
static double *column_at(const expression_t *expression, void *workspace, size_t bars, size_t column)
{
    ASSERT(column < expression->value_columns);
    return (double *)workspace + column * bars;
}

static size_t gap_room(const expression_t *expression, size_t bars)
{
    return expression->has_gaps ? EXPRESSION_GAP_ROOM(bars) : 0;
}

/* Behind the values: room for sources with na inside, then for a state or a function. */
static double *scratch_at(const expression_t *expression, void *workspace, size_t bars)
{
    return (double *)workspace + expression->value_columns * bars + gap_room(expression, bars);
}

size_t expression_workspace(const expression_t *expression, size_t bars)
{
    size_t room = expression->state_bytes;
    for (uint32_t i = 0; i < expression->node_count; i++) {
        const expression_node_t *node = &expression->nodes[i];
        const bool has_room = node->type == EXPRESSION_FUNCTION && node->function->room != NULL;
        const size_t bytes = has_room ? node->function->room(node->options, bars) * sizeof(double) : 0;
        room = bytes > room ? bytes : room;
    }
    return (expression->value_columns * bars + gap_room(expression, bars)) * sizeof(double) + room;
}

static double source_value(expression_source_t source, const indicator_columns_t *columns, size_t i)
{
    const double open = columns->open[i], high = columns->high[i], low = columns->low[i], close = columns->close[i];
    switch (source) {
    case SOURCE_OPEN:
        return open;
    case SOURCE_HIGH:
        return high;
    case SOURCE_LOW:
        return low;
    case SOURCE_VOLUME:
        return columns->volume[i];
    case SOURCE_HL2:
        return (high + low) / 2.0;
    case SOURCE_HLC3:
        return (high + low + close) / 3.0;
    case SOURCE_OHLC4:
        return (open + high + low + close) / 4.0;
    case SOURCE_HLCC4:
        return (high + low + close + close) / 4.0;
    case SOURCE_CLOSE:
    case SOURCE_COUNT:
        break;
    }
    return close;
}

/* The column of a child node that its parent reads: the first one it shows. */
static const double *child_column(const expression_t *expression, const void *workspace, size_t bars, int child)
{
    const expression_node_t *node = &expression->nodes[child];
    return column_at(expression, (void *)workspace, bars, node->first_column + node->outputs[node->first_output]);
}

/* Leading NaN of the sources: an indicator begins where all of them have begun. */
static size_t first_bar(const double *const *sources, uint32_t inputs, size_t bars)
{
    size_t first = 0;
    for (uint32_t k = 0; k < EXPRESSION_COLUMNS; k++) {
        if ((inputs & (1u << k)) != 0) {
            while (first < bars && isnan(sources[k][first])) {
                first++;
            }
        }
    }
    return first;
}

/* Bars up to this one, itself included, that are alike in the way that makes Pine divide by nothing. */
static size_t alike(pine_na_t rule, const indicator_columns_t *columns, size_t i, size_t before)
{
    const double *high = columns->high, *low = columns->low, *close = columns->close, *volume = columns->volume;
    switch (rule) {
    case PINE_NA_STILL:
    case PINE_NA_NO_CHANGES:
    case PINE_NA_NEVER_MOVED:
        return i > 0 && close[i] == close[i - 1] ? before + 1 : 1;
    case PINE_NA_NO_RANGE:
        return high[i] != low[i] ? 0 : before > 0 && high[i] == high[i - 1] ? before + 1 : 1;
    case PINE_NA_NO_VOLUME:
        return volume[i] == 0.0 ? before + 1 : 0;
    case PINE_NA_BAR:
        return high[i] == low[i] ? 1 : 0;
    case PINE_NA_BAR_OR_VOLUME:
        return high[i] == low[i] || volume[i] == 0.0 ? 1 : 0;
    case PINE_NA_FROM_ZERO:
    case PINE_NA_BEGINS_LATE:
    case PINE_NEVER_NA:
        break;
    }
    return 0;
}

/* PINE_NA_BEGINS_LATE: what TradingView's ta.supertrend shows before its first value. */
static void put_beginning(size_t bars, double *line, double *direction)
{
    for (size_t i = 0; i < bars && isnan(line[i]); i++) {
        direction[i] = 1.0;
    }
    if (bars > 0) {
        line[0] = 0.0;
    }
}

static void put_na(const expression_node_t *node, const indicator_columns_t *columns, double *values)
{
    const pine_na_t rule = node->pine->na;
    const bool is_bar = rule == PINE_NA_BAR || rule == PINE_NA_BAR_OR_VOLUME;
    const size_t needed = is_bar ? 1 : (size_t)node->options[0] + (rule == PINE_NA_NO_CHANGES ? 1 : 0);
    const bool remembers_one = rule == PINE_NA_NEVER_MOVED && node->options[0] == 1.0 && node->options[1] == 1.0;
    size_t run = 0;
    for (size_t i = 0; rule != PINE_NEVER_NA && i < columns->bars; i++) {
        run = alike(rule, columns, i, run);
        const bool is_na = rule == PINE_NA_FROM_ZERO     ? i >= needed && columns->close[i - needed] == 0.0
                           : rule == PINE_NA_STILL       ? run >= needed && values[i] == 0.0
                           : rule == PINE_NA_NEVER_MOVED ? run >= (remembers_one ? 2 : i + 1)
                                                         : run >= needed;
        values[i] = is_na ? NAN : values[i];
    }
}

static indicator_columns_t columns_from(const double *const *sources, const indicator_columns_t *columns, size_t first)
{
    return (indicator_columns_t){sources[0] + first,
                                 sources[1] + first,
                                 sources[2] + first,
                                 sources[3] + first,
                                 sources[4] + first,
                                 columns->bars - first,
                                 columns->open_ns != NULL ? columns->open_ns + first : NULL};
}

static result_t run_kind(const expression_t *expression, const expression_node_t *node, const indicator_columns_t *columns,
                         void *workspace, expression_error_t *error)
{
    const size_t bars = columns->bars;
    const double *sources[EXPRESSION_COLUMNS] = {columns->open, columns->high, columns->low, columns->close, columns->volume};
    double *outputs[INDICATOR_OUTPUTS_MAX];
    for (uint32_t k = 0; k < EXPRESSION_COLUMNS; k++) {
        if (node->children[k] >= 0) {
            sources[k] = child_column(expression, workspace, bars, node->children[k]);
        }
    }
    const size_t first = first_bar(sources, node->kind->inputs, bars);
    const indicator_columns_t begun = columns_from(sources, columns, first);
    const bool has_gaps = node->pine != NULL && expression_has_gaps(node->kind->inputs, &begun);
    const bool is_own = node->pine != NULL && node->pine->gap == PINE_GAP_OWN && (has_gaps || first > 0);
    const size_t skipped = is_own ? 0 : first;
    for (uint32_t k = 0; k < node->kind->output_count; k++) {
        double *values = column_at(expression, workspace, bars, node->first_column + k);
        for (size_t i = 0; i < skipped; i++) {
            values[i] = NAN;
        }
        outputs[k] = values + skipped;
    }
    double *room = (double *)workspace + expression->value_columns * bars;
    void *state = scratch_at(expression, workspace, bars);
    const indicator_columns_t whole = columns_from(sources, columns, skipped);
    if (is_own) {
        expression_run_own(node, &whole, room, outputs[0]);
        return RESULT_OK;
    }
    result_t result = has_gaps ? expression_run_with_gaps(node, &whole, room, state, outputs)
                               : indicator_series(node->kind, node->options, &whole, state, outputs);
    if (result == RESULT_OK && node->pine != NULL && node->pine->na == PINE_NA_BEGINS_LATE) {
        put_beginning(whole.bars, outputs[0], outputs[1]);
    } else if (result == RESULT_OK && node->pine != NULL) {
        put_na(node, &whole, outputs[0]);
    }
    return result == RESULT_OK ? result
                               : EXPRESSION_FAIL(error, result, 0, expression_word(node->text).bytes,
                                                 " reads a value that is no number, infinite or beyond 1e100");
}

static result_t run_function(const expression_t *expression, const expression_node_t *node, const indicator_columns_t *columns,
                             void *workspace, expression_error_t *error)
{
    const size_t bars = columns->bars;
    series_call_t call = {.numbers = node->options,
                          .columns = columns,
                          .bars = bars,
                          .room = scratch_at(expression, workspace, bars),
                          .out = column_at(expression, workspace, bars, node->first_column)};
    if (node->function->reads_time && columns->open_ns == NULL) {
        return EXPRESSION_FAIL(error, RESULT_BAD_ARGUMENT, 0, expression_word(node->text).bytes, " wants the times of the bars");
    }
    for (uint32_t k = 0; k < node->function->source_count; k++) {
        call.sources[k] = node->children[k] >= 0 ? child_column(expression, workspace, bars, node->children[k]) : NULL;
    }
    node->function->run(&call);
    return RESULT_OK;
}

result_t expression_run(const expression_t *expression, const indicator_columns_t *columns, void *workspace,
                        expression_error_t *error)
{
    ASSERT(expression != NULL && workspace != NULL && error != NULL);
    for (uint32_t i = 0; i < expression->node_count; i++) {
        const expression_node_t *node = &expression->nodes[i];
        double *values = column_at(expression, workspace, columns->bars, node->first_column);
        const bool is_leaf = node->type == EXPRESSION_SOURCE || node->type == EXPRESSION_NUMBER;
        for (size_t bar = 0; is_leaf && bar < columns->bars; bar++) {
            values[bar] = node->type == EXPRESSION_NUMBER ? node->options[0] : source_value(node->source, columns, bar);
        }
    }
    result_t result = RESULT_OK; /* what is no leaf stands behind its children, or has leaves alone */
    for (uint32_t i = 0; i < expression->node_count && result == RESULT_OK; i++) {
        const expression_node_t *node = &expression->nodes[i];
        if (node->type == EXPRESSION_KIND) {
            result = run_kind(expression, node, columns, workspace, error);
        } else if (node->type == EXPRESSION_FUNCTION) {
            result = run_function(expression, node, columns, workspace, error);
        }
    }
    return result;
}

const expression_node_t *expression_root(const expression_t *expression, uint32_t root)
{
    ASSERT(root < expression->root_count);
    return &expression->nodes[expression->roots[root]];
}

const double *expression_values(const expression_t *expression, const void *workspace, size_t bars, uint32_t root, uint32_t output)
{
    const expression_node_t *node = expression_root(expression, root);
    ASSERT(output < node->output_count);
    return column_at(expression, (void *)workspace, bars, node->first_column + node->outputs[node->first_output + output]);
}

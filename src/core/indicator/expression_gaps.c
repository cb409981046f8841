/* expression_gaps.c: indicators under Pine's names over sources that are na in between; see pine.h, pine_gap_t.
 *
 * An indicator takes numbers only. So the sources are made ready first: the bars with na left out, or filled, and the results put
 * back to their bars afterwards.
 */
#include <math.h>

#include "core/base/assert.h"
#include "core/indicator/expression_inside.h"
#include "core/indicator/indicator.h"

static bool is_gap(uint32_t inputs, const indicator_columns_t *columns, size_t i)
{
    return ((inputs & INDICATOR_OPEN) != 0 && isnan(columns->open[i])) ||
           ((inputs & INDICATOR_HIGH) != 0 && isnan(columns->high[i])) ||
           ((inputs & INDICATOR_LOW) != 0 && isnan(columns->low[i])) ||
           ((inputs & INDICATOR_CLOSE) != 0 && isnan(columns->close[i])) ||
           ((inputs & INDICATOR_VOLUME) != 0 && isnan(columns->volume[i]));
}

bool expression_has_gaps(uint32_t inputs, const indicator_columns_t *columns)
{
    for (size_t i = 0; i < columns->bars; i++) {
        if (is_gap(inputs, columns, i)) {
            return true;
        }
    }
    return false;
}

typedef struct {
    const double *from[EXPRESSION_COLUMNS];
    double *to[EXPRESSION_COLUMNS];
    uint32_t inputs;
} copy_t;

static copy_t copy_of(uint32_t inputs, const indicator_columns_t *columns, double *room)
{
    copy_t copy = {{columns->open, columns->high, columns->low, columns->close, columns->volume}, {NULL}, inputs};
    for (uint32_t k = 0; k < EXPRESSION_COLUMNS; k++) {
        copy.to[k] = room + k * columns->bars;
    }
    return copy;
}

/* The bars that stand, side by side; returns how many. */
static size_t leave_out(const copy_t *copy, const indicator_columns_t *columns)
{
    size_t count = 0;
    for (size_t i = 0; i < columns->bars; i++) {
        for (uint32_t k = 0; k < EXPRESSION_COLUMNS; k++) {
            if ((copy->inputs & (1u << k)) != 0) {
                copy->to[k][count] = copy->from[k][i];
            }
        }
        count += is_gap(copy->inputs, columns, i) ? 0 : 1;
    }
    return count;
}

/* Every na gets the value before it. */
static void fill(const copy_t *copy, const indicator_columns_t *columns)
{
    for (uint32_t k = 0; k < EXPRESSION_COLUMNS; k++) {
        double last = 0.0;
        for (size_t i = 0; (copy->inputs & (1u << k)) != 0 && i < columns->bars; i++) {
            last = isnan(copy->from[k][i]) ? last : copy->from[k][i];
            copy->to[k][i] = last;
        }
    }
}

/* Results of the bars that stand go back to them, from the end, since each stands at its bar or before it. */
static void put_back(uint32_t inputs, const indicator_columns_t *columns, size_t count, bool holds, double *values)
{
    for (size_t i = columns->bars; i > 0; i--) {
        const bool gap = is_gap(inputs, columns, i - 1);
        values[i - 1] = gap ? (holds && count > 0 ? values[count - 1] : NAN) : values[count - 1];
        count -= gap ? 0 : 1;
    }
}

static void blank(const expression_node_t *node, const indicator_columns_t *columns, double *values)
{
    const pine_gap_t rule = node->pine->gap;
    const size_t length = node->kind->option_count > 0 ? (size_t)node->options[0] : (size_t)node->kind->warm_up(node->options) + 1;
    size_t since = length, standing = 0; /* bars since the last gap; bars that stand up to this one */
    for (size_t i = 0; i < columns->bars; i++) {
        const bool gap = is_gap(node->kind->inputs, columns, i);
        since = gap ? 0 : since + 1;
        standing += gap ? 0 : 1;
        const bool is_blank = rule == PINE_GAP_WINDOW ? since < length
                              : rule == PINE_GAP_ENDS ? gap || (i >= length && is_gap(node->kind->inputs, columns, i - length))
                                                      : gap || standing < length;
        values[i] = is_blank ? NAN : values[i];
    }
}

result_t expression_run_with_gaps(const expression_node_t *node, const indicator_columns_t *columns, double *room, void *state,
                                  double *const *outputs)
{
    const pine_gap_t rule = node->pine->gap;
    const uint32_t inputs = node->kind->inputs;
    const bool leaves_out = rule == PINE_GAP_SKIP || rule == PINE_GAP_HOLD;
    const copy_t copy = copy_of(inputs, columns, room);
    const indicator_columns_t ready = {copy.to[0],      copy.to[1], copy.to[2],
                                       copy.to[3],      copy.to[4], leaves_out ? leave_out(&copy, columns) : columns->bars,
                                       columns->open_ns};
    if (!leaves_out) {
        fill(&copy, columns);
    }
    result_t result = indicator_series(node->kind, node->options, &ready, state, outputs);
    for (uint32_t k = 0; k < node->kind->output_count && result == RESULT_OK; k++) {
        if (leaves_out) {
            put_back(inputs, columns, ready.bars, rule == PINE_GAP_HOLD && node->options[0] > 1.0, outputs[k]);
        } else {
            blank(node, columns, outputs[k]);
        }
    }
    return result;
}

/* --- functions of their own ------------------------------------------------------------------- */

void expression_run_own(const expression_node_t *node, const indicator_columns_t *columns, double *room, double *out)
{
    const series_function_t *function = series_function_with_gaps(node->pine->name);
    const double *all[EXPRESSION_COLUMNS] = {columns->open, columns->high, columns->low, columns->close, columns->volume};
    series_call_t call = {.numbers = node->options, .columns = columns, .bars = columns->bars, .room = room, .out = out};
    ASSERT(function != NULL &&
           (function->room == NULL || function->room(node->options, columns->bars) <= EXPRESSION_GAP_ROOM(columns->bars)));
    uint32_t count = 0;
    for (uint32_t k = 0; k < EXPRESSION_COLUMNS; k++) {
        if ((node->kind->inputs & (1u << k)) != 0) {
            ASSERT(count < function->source_count);
            call.sources[count++] = all[k];
        }
    }
    function->run(&call);
}

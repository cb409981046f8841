/* whole_series.c: a whole series of a kind (registry.h, indicator_series): in stretches that stay in the nearest cache, each
 * checked where that costs least, and nothing of a series that is refused left behind. */
#include "core/indicator/registry.h"

#include <math.h>

#include "core/base/assert.h"
#include "core/indicator/lanes.h"

/* A stretch of one column, of two, of up to four at once: the memory answers several streams faster than one after the other. */

INDICATOR_WIDE static bool one_is_small(const double *const *columns, size_t count)
{
    const double *a = columns[0];
    sizes_t sizes = {0};
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        for (size_t k = 0; k < 4; k++) {
            sizes.parts[k] += FOUR_SIZE(*four_at(a + i + 4 * k));
        }
    }
    for (; i < count; i++) {
        sizes.rest += fabs(a[i]);
    }
    return sizes_are_good(&sizes);
}

INDICATOR_WIDE static bool two_are_small(const double *const *columns, size_t count)
{
    const double *a = columns[0], *b = columns[1];
    sizes_t sizes = {0};
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (size_t k = 0; k < 2; k++) {
            sizes.parts[k] += FOUR_SIZE(*four_at(a + i + 4 * k));
            sizes.parts[k + 2] += FOUR_SIZE(*four_at(b + i + 4 * k));
        }
    }
    for (; i < count; i++) {
        sizes.rest += fabs(a[i]) + fabs(b[i]);
    }
    return sizes_are_good(&sizes);
}

INDICATOR_WIDE static bool four_are_small(const double *const *columns, size_t count)
{
    const double *a = columns[0], *b = columns[1], *c = columns[2], *d = columns[3];
    sizes_t sizes = {0};
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        sizes.parts[0] += FOUR_SIZE(*four_at(a + i));
        sizes.parts[1] += FOUR_SIZE(*four_at(b + i));
        sizes.parts[2] += FOUR_SIZE(*four_at(c + i));
        sizes.parts[3] += FOUR_SIZE(*four_at(d + i));
    }
    for (; i < count; i++) {
        sizes.rest += (fabs(a[i]) + fabs(b[i])) + (fabs(c[i]) + fabs(d[i]));
    }
    return sizes_are_good(&sizes);
}

static bool each_is_good(const double *column, size_t count)
{
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        good = good && indicator_value_is_good(column[i]);
    }
    return good;
}

static const double *column_of(const indicator_columns_t *columns, uint32_t input)
{
    const double *const all[] = {columns->open, columns->high, columns->low, columns->close, columns->volume};
    return all[input];
}

/* Of the columns that the kind reads, bars [from, to). */
static bool columns_are_good(const indicator_kind_t *kind, const indicator_columns_t *columns, size_t from, size_t to)
{
    const double *read[5];
    uint32_t count = 0;
    for (uint32_t input = 0; input < 5; input++) {
        if ((kind->inputs & (1u << input)) != 0) {
            read[count++] = column_of(columns, input) + from;
        }
    }
    const size_t bars = to - from;
    bool good = count == 0;
    if (count <= 2) {
        good = good || (count == 1 ? one_is_small(read, bars) : two_are_small(read, bars));
    } else {
        for (uint32_t i = count; i < 4; i++) {
            read[i] = read[0];
        }
        good = four_are_small(read, bars) && (count < 5 || one_is_small(read + 4, bars));
    }
    for (uint32_t i = 0; !good && i < count; i++) { /* large ones may be good, but their sum is not */
        if (!each_is_good(read[i], bars)) {
            return false;
        }
    }
    return true;
}

static bool columns_are_there(const indicator_kind_t *kind, const indicator_columns_t *columns)
{
    bool all = (kind->inputs & INDICATOR_TIME) == 0 || columns->open_ns != NULL;
    for (uint32_t input = 0; input < 5; input++) {
        all = all && ((kind->inputs & (1u << input)) == 0 || column_of(columns, input) != NULL);
    }
    return all;
}

/* Columns that are not read are stood in for by one that is, so that no bar asks which are there. */
static void bar_by_bar(const indicator_kind_t *kind, void *state, const indicator_columns_t *columns, size_t from, size_t to,
                       double *const *outputs)
{
    const uint32_t count = kind->output_count;
    const bool has_time = (kind->inputs & INDICATOR_TIME) != 0;
    const double *read[5], *any = NULL;
    for (uint32_t input = 0; input < 5; input++) {
        any = (kind->inputs & (1u << input)) != 0 ? column_of(columns, input) : any;
    }
    for (uint32_t input = 0; input < 5; input++) {
        read[input] = (kind->inputs & (1u << input)) != 0 ? column_of(columns, input) : any;
    }
    for (size_t i = from; i < to; i++) {
        double row[INDICATOR_OUTPUTS_MAX];
        indicator_bar_t bar = {.open_ns = has_time ? columns->open_ns[i] : 0};
        if (any != NULL) {
            bar = (indicator_bar_t){read[0][i], read[1][i], read[2][i], read[3][i], read[4][i], bar.open_ns};
        }
        kind->next(state, &bar, row);
        for (uint32_t k = 0; k < count; k++) {
            outputs[k][i] = row[k];
        }
    }
}

/* A series that is refused for a value leaves no values behind, wherever that value stands. */
static void erase(const indicator_kind_t *kind, double *const *outputs, size_t bars)
{
    for (uint32_t k = 0; k < kind->output_count; k++) {
        for (size_t i = 0; i < bars; i++) {
            outputs[k][i] = NAN;
        }
    }
}

/* Bars that are taken at once: of several columns fewer, so that the memory fetches the next ones while these are worked on; where
 * there are blocks, a whole number of four. */
static size_t stretch_of(const indicator_kind_t *kind, const double *options)
{
    enum { USUAL = 240, OF_SEVERAL = 120 };
    uint32_t columns = 0;
    for (uint32_t input = 0; input < 5; input++) {
        columns += kind->inputs >> input & 1u;
    }
    const size_t most = columns > 2 ? OF_SEVERAL : INDICATOR_CHUNK;
    const size_t four = kind->blocks_of > 0 ? LANES * (size_t)options[kind->blocks_of - 1] : 0;
    if (four > 0 && four <= most) {
        return most / four * four;
    }
    return columns > 2 ? OF_SEVERAL : USUAL;
}

result_t indicator_series(const indicator_kind_t *kind, const double *options, const indicator_columns_t *columns, void *state,
                          double *const *outputs)
{
    ASSERT(kind != NULL && state != NULL);
    const result_t result = indicator_check(kind, options, NULL);
    if (result != RESULT_OK || !columns_are_there(kind, columns)) {
        return result != RESULT_OK ? result : RESULT_BAD_ARGUMENT;
    }
    kind->init(state, options);
    const bool looks = kind->series_looking != NULL, bears_all = looks || kind->series_bears_all;
    const size_t bars = columns->bars, warm = looks || kind->series != NULL ? (size_t)kind->warm_up(options) + 1 : bars;
    const size_t stretch = stretch_of(kind, options), begin = kind->blocks_begin;
    size_t checked = bars < INDICATOR_CHUNK ? bars : INDICATOR_CHUNK;
    if (!columns_are_good(kind, columns, 0, checked)) {
        erase(kind, outputs, bars);
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    for (size_t from = 0, to; from < bars; from = to) {
        const bool warms = from < warm, checks_first = warms || !bears_all;
        const size_t end = warms && warm < bars ? warm : bars,
                     next = from < begin ? begin : from + stretch - (from - begin) % stretch;
        to = next < end ? next : end;
        bool good = !checks_first || to <= checked || columns_are_good(kind, columns, checked, to);
        if (good && warms) {
            bar_by_bar(kind, state, columns, from, to, outputs);
        } else if (good && looks) {
            checked = kind->series_looking(state, columns, from, to, outputs) && to > checked ? to : checked;
        } else if (good) {
            kind->series(state, columns, from, to, outputs);
        }
        good = good && (checks_first || to <= checked || columns_are_good(kind, columns, checked, to));
        if (!good) {
            erase(kind, outputs, bars);
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
        checked = to > checked ? to : checked;
    }
    return RESULT_OK;
}

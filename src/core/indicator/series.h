/* series.h: the form of an indicator that takes a stretch of a series, made from its form of one bar: the same code, so the same
 * bits.
 *
 * The state stands in a local variable while the stretch runs, so that the compiler keeps it in registers, and the bar's function
 * is inlined. A state whose windows are reached by pointers may be copied like this; one that reads its own flexible array may not.
 */
#pragma once

#include "core/indicator/registry.h"

/* Defines `name` for the field `series` of an indicator_kind_t: `next` over the columns `reads`, with `count` outputs. */
#define INDICATOR_SERIES(name, state_type, next, reads, count)                                                                     \
    __attribute__((flatten)) static void name(void *state, const indicator_columns_t *columns, size_t from, size_t to,             \
                                              double *const *outputs)                                                              \
    {                                                                                                                              \
        state_type local = *(state_type *)state;                                                                                   \
        for (size_t i = from; i < to; i++) {                                                                                       \
            const indicator_bar_t bar = {((reads)&INDICATOR_OPEN) != 0 ? columns->open[i] : 0.0,                                   \
                                         ((reads)&INDICATOR_HIGH) != 0 ? columns->high[i] : 0.0,                                   \
                                         ((reads)&INDICATOR_LOW) != 0 ? columns->low[i] : 0.0,                                     \
                                         ((reads)&INDICATOR_CLOSE) != 0 ? columns->close[i] : 0.0,                                 \
                                         ((reads)&INDICATOR_VOLUME) != 0 ? columns->volume[i] : 0.0,                               \
                                         ((reads)&INDICATOR_TIME) != 0 ? columns->open_ns[i] : 0};                                 \
            double row[count];                                                                                                     \
            next(&local, &bar, row);                                                                                               \
            for (size_t k = 0; k < (count); k++) {                                                                                 \
                outputs[k][i] = row[k];                                                                                            \
            }                                                                                                                      \
        }                                                                                                                          \
        *(state_type *)state = local;                                                                                              \
    }

/* series_function.h: what Pine computes from series that are no indicators: crossings, runs, extremes, pivots, ranks, conditions,
 * and what begins anew at an anchor.
 *
 * They take any series, with NaN (Pine's na) anywhere in it, give 1 or 0 for true and false, and exist as whole series only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/indicator/registry.h"

enum { SERIES_FUNCTION_SOURCES_MAX = 3, SERIES_FUNCTION_NUMBERS_MAX = 3 };

typedef struct {
    const double *sources[SERIES_FUNCTION_SOURCES_MAX]; /* NULL where the row lets one be left out and it was */
    const double *numbers;                              /* checked by the row that names the function (pine.c) */
    const indicator_columns_t *columns;                 /* the bars themselves */
    size_t bars;
    double *room; /* as much as the function's `room` asked for */
    double *out;  /* `bars` values an output, one output behind the other; aliases no source */
} series_call_t;

typedef struct {
    const char *name;
    uint32_t source_count, number_count, output_count;
    const char *convention;
    void (*run)(const series_call_t *call);
    size_t (*room)(const double *numbers, size_t bars); /* doubles; NULL: none */
    bool reads_time;                                    /* the times of the bars must be there */
    const char *(*refuses)(const double *numbers);      /* why these numbers do not go together, or NULL; NULL: they all do */
} series_function_t;

/* NULL when unknown. */
const series_function_t *series_function_find(const char *name);

/* What stands in for the indicator of a name of Pine's where a source is na on some bars; NULL: the indicator itself does, see
 * pine_gap_t. */
const series_function_t *series_function_with_gaps(const char *name);

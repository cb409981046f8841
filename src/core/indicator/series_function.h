/* series_function.h: what Pine computes from series that are no indicators: crossings, runs, extremes, pivots, ranks, conditions.
 *
 * They take any series, with NaN (Pine's na) anywhere in it, give 1 or 0 for true and false, and exist as whole series only.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SERIES_FUNCTION_SOURCES_MAX = 2, SERIES_FUNCTION_NUMBERS_MAX = 2 };

typedef struct {
    const char *name;
    uint32_t source_count, number_count;
    const char *convention;
    /* out does not alias a source. Numbers have been checked by the row that names the function (pine.c). */
    void (*run)(const double *const *sources, const double *numbers, size_t bars, double *out);
} series_function_t;

/* NULL when unknown. */
const series_function_t *series_function_find(const char *name);

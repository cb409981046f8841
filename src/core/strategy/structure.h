/* structure.h: the lowest low and the highest high of the last bars of a timeframe: where a stop stands by structure (RSK-4). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/indicator/registry.h"

enum { STRUCTURE_BARS_MAX = 100 };

typedef struct {
    uint32_t bars; /* looked back upon, this one included; 0: not asked for */
    uint32_t count, next;
    double lows[STRUCTURE_BARS_MAX], highs[STRUCTURE_BARS_MAX];
} structure_t;

/* bars <= STRUCTURE_BARS_MAX. */
void structure_init(structure_t *structure, uint32_t bars);
void structure_next(structure_t *structure, const indicator_bar_t *bar);

/* False before there are so many bars, or when it is not asked for. */
bool structure_levels(const structure_t *structure, double *lowest, double *highest);

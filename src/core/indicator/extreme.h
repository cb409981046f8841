/* extreme.h: the highest or lowest of the last `period` values, amortised O(1).
 *
 * A ring of candidates whose values fall (or rise): a new value drives out all that it beats, the front is the answer. Among equals
 * the newest stands, as in TA-Lib's MAXINDEX.
 */
#pragma once

#include <stdbool.h>

#include "core/indicator/indicator.h"

typedef enum { EXTREME_HIGHEST, EXTREME_LOWEST } extreme_side_t;

typedef struct {
    double value;
    uint64_t index;
} extreme_slot_t;

typedef struct {
    uint32_t period;
    uint32_t front, count; /* of the ring */
    extreme_side_t side;
    uint64_t seen;
    extreme_slot_t *slots; /* borrowed: period of them */
} extreme_t;

/* slots: room for `period` of them. Period outside [1, INDICATOR_PERIOD_MAX] asserts. */
void extreme_init(extreme_t *extreme, extreme_side_t side, uint32_t period, extreme_slot_t *slots);

/* Consumes one value; the extreme of the last min(seen, period) values. */
double extreme_next(extreme_t *extreme, double value);

/* Bars since the extreme: 0 when it is the newest value. At least one value has been consumed. */
uint32_t extreme_age(const extreme_t *extreme);

/* True once `period` values have been consumed. */
static inline bool extreme_is_warm(const extreme_t *extreme)
{
    return extreme->seen >= extreme->period;
}

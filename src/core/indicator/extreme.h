/* extreme.h: the highest or lowest of the last `period` values and how long ago it was: rolling.h's places for either side.
 *
 * Among equals the newest stands, as in TA-Lib's MAXINDEX.
 */
#pragma once

#include "core/base/assert.h"
#include "core/indicator/rolling.h"

typedef enum { EXTREME_HIGHEST, EXTREME_LOWEST } extreme_side_t;

/* The room of one value. */
typedef struct {
    double room[ROLLING_PLACE_ROOM(1)];
} extreme_slot_t;

typedef struct {
    rolling_place_t window; /* of the values, or of the values negated */
    double sign;
    uint32_t age;
} extreme_t;

/* slots: room for `period` of them, borrowed. Period outside [1, INDICATOR_PERIOD_MAX] asserts. */
static inline void extreme_init(extreme_t *extreme, extreme_side_t side, uint32_t period, extreme_slot_t *slots)
{
    ASSERT(extreme != NULL && slots != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    rolling_place_init(&extreme->window, period, ROLLING_NEWEST, slots->room);
    extreme->sign = side == EXTREME_HIGHEST ? 1.0 : -1.0;
    extreme->age = 0;
}

/* The extreme of the last min(seen, period) values. */
static inline double extreme_value(const extreme_t *extreme)
{
    return extreme->sign * extreme->window.value;
}

/* Consumes one value; the extreme of the last min(seen, period) values. O(1) amortised. */
static inline double extreme_next(extreme_t *extreme, double value)
{
    ASSERT(extreme->window.period != 0);
    ASSERT(indicator_value_is_good(value));
    extreme->age = rolling_place_next(&extreme->window, extreme->sign * value);
    return extreme_value(extreme);
}

/* Bars since the extreme: 0 when it is the newest value. At least one value has been consumed. */
static inline uint32_t extreme_age(const extreme_t *extreme)
{
    ASSERT(extreme->window.seen > 0);
    return extreme->age;
}

/* True once `period` values have been consumed. */
static inline bool extreme_is_warm(const extreme_t *extreme)
{
    return extreme->window.seen == extreme->window.period;
}

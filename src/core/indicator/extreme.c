/* extreme.c: highest and lowest of a sliding window; see extreme.h. */
#include "core/indicator/extreme.h"

#include "core/base/assert.h"

void extreme_init(extreme_t *extreme, extreme_side_t side, uint32_t period, extreme_slot_t *slots)
{
    ASSERT(extreme != NULL && slots != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    *extreme = (extreme_t){.period = period, .side = side, .slots = slots};
}

static uint32_t slot_at(const extreme_t *extreme, uint32_t place)
{
    const uint32_t at = extreme->front + place;
    return at < extreme->period ? at : at - extreme->period;
}

static bool is_beaten(const extreme_t *extreme, double old, double value)
{
    return extreme->side == EXTREME_HIGHEST ? old <= value : old >= value;
}

double extreme_next(extreme_t *extreme, double value)
{
    ASSERT(extreme->period != 0);
    ASSERT(indicator_value_is_good(value));
    if (extreme->count > 0 && extreme->seen - extreme->slots[extreme->front].index >= extreme->period) {
        extreme->front = slot_at(extreme, 1);
        extreme->count--;
    }
    while (extreme->count > 0 && is_beaten(extreme, extreme->slots[slot_at(extreme, extreme->count - 1)].value, value)) {
        extreme->count--;
    }
    extreme->slots[slot_at(extreme, extreme->count)] = (extreme_slot_t){value, extreme->seen};
    extreme->count++;
    extreme->seen++;
    return extreme->slots[extreme->front].value;
}

uint32_t extreme_age(const extreme_t *extreme)
{
    ASSERT(extreme->count > 0);
    return (uint32_t)(extreme->seen - 1 - extreme->slots[extreme->front].index);
}

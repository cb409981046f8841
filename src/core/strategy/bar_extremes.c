/* bar_extremes.c: see bar_extremes.h. */
#include "core/strategy/bar_extremes.h"

#include "core/base/assert.h"

void bar_extremes_next(bar_extremes_t *extremes, double high, double low)
{
    ASSERT(indicator_value_is_good(high) && indicator_value_is_good(low));
    const uint32_t next = extremes->next;
    candidates_next(&extremes->highest, extremes->highest_places, BAR_EXTREMES_BARS, extremes->highs, next, high, true);
    candidates_next(&extremes->lowest, extremes->lowest_places, BAR_EXTREMES_BARS, extremes->lows, next, low, false);
    extremes->highs[next] = high;
    extremes->lows[next] = low;
    extremes->next = (uint8_t)(next + 1 < BAR_EXTREMES_BARS ? next + 1 : 0);
}

/* Bars since the one at a place. */
static uint32_t age_of(const bar_extremes_t *extremes, uint32_t place)
{
    const uint32_t newest = extremes->next + BAR_EXTREMES_BARS - 1U;
    const uint32_t age = newest - place;
    return age < BAR_EXTREMES_BARS ? age : age - BAR_EXTREMES_BARS;
}

typedef struct {
    uint32_t place, age;
} found_t;

/* The first candidate that is younger than `bars`. */
static found_t find(const bar_extremes_t *extremes, const candidates_t *candidates, const uint8_t *places, uint32_t *walk,
                    uint32_t bars)
{
    uint32_t place = candidates_at(candidates, places, BAR_EXTREMES_BARS, *walk), age = age_of(extremes, place);
    while (age >= bars) {
        place = candidates_at(candidates, places, BAR_EXTREMES_BARS, ++*walk);
        age = age_of(extremes, place);
    }
    return (found_t){place, age};
}

swing_extremes_t bar_extremes_of(const bar_extremes_t *extremes, bar_extremes_walk_t *walk, uint32_t bars)
{
    ASSERT(bars >= 1 && bars <= BAR_EXTREMES_BARS && extremes->highest.count > 0);
    const found_t high = find(extremes, &extremes->highest, extremes->highest_places, &walk->highest, bars);
    const found_t low = find(extremes, &extremes->lowest, extremes->lowest_places, &walk->lowest, bars);
    return (swing_extremes_t){extremes->highs[high.place], extremes->lows[low.place], high.age, low.age};
}

double ring_extreme(const double *ring, uint32_t size, uint32_t next, uint32_t age, uint32_t count, bool highest)
{
    ASSERT(age + count <= size && count > 0);
    uint32_t at = (next + size - 1 - age) % size;
    double extreme = ring[at];
    for (uint32_t i = 1; i < count; i++) {
        at = at > 0 ? at - 1 : size - 1;
        const double value = ring[at];
        extreme = highest ? (value > extreme ? value : extreme) : (value < extreme ? value : extreme);
    }
    return extreme;
}

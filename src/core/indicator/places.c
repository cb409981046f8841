/* places.c: places of extremes by doubled windows; see places.h. */
#include "core/indicator/places.h"

#include "core/indicator/lanes.h"

enum { PLACES_MAX = INDICATOR_CHUNK + PLACES_WINDOW_MAX };

typedef struct {
    double best[PLACES_MAX], place[PLACES_MAX]; /* of the window that begins here; places are whole numbers */
} places_t;

/* The whole numbers from `first`. */
#define FOUR_FROM(first) ((four_t){0.0, 1.0, 2.0, 3.0} + (first))

/* Calls step(i, ...) for four bars a step; the last step begins earlier where `count` is no multiple of four. count >= 4. */
#define FOUR_BY_FOUR(count, step, ...)                                                                                             \
    do {                                                                                                                           \
        for (size_t i = 0; i + 4 <= (count); i += 4) {                                                                             \
            step(i, __VA_ARGS__);                                                                                                  \
        }                                                                                                                          \
        step((count)-4, __VA_ARGS__);                                                                                              \
    } while (0)

/* Windows of two values. */
static inline void join_neighbours(size_t i, const double *restrict values, double sign, places_t *restrict to)
{
    const four_t older = sign * *four_at(values + i), newer = sign * *four_at(values + i + 1);
    const four_mask_t newer_wins = newer >= older;
    *four_at(to->best + i) = FOUR_CHOSEN(newer_wins, newer, older);
    *four_at(to->place + i) = FOUR_FROM((double)(int32_t)i) + FOUR_WHERE(newer_wins, ((four_t){1.0, 1.0, 1.0, 1.0}));
}

/* Windows that begin here and `apart` later become one; the later value counts among equals. */
static inline void join(size_t i, const places_t *restrict from, size_t apart, places_t *restrict to)
{
    const four_t older = *four_at(from->best + i), newer = *four_at(from->best + i + apart);
    const four_mask_t newer_wins = newer >= older;
    *four_at(to->best + i) = FOUR_CHOSEN(newer_wins, newer, older);
    *four_at(to->place + i) = FOUR_CHOSEN(newer_wins, *four_at(from->place + i + apart), *four_at(from->place + i));
}

/* The last join gives the ages; those of the first window are counted from `last`. */
static inline void join_last(size_t i, const places_t *restrict from, size_t apart, double last, double *restrict ages)
{
    const four_mask_t newer_wins = *four_at(from->best + i + apart) >= *four_at(from->best + i);
    const four_t place = FOUR_CHOSEN(newer_wins, *four_at(from->place + i + apart), *four_at(from->place + i));
    *four_at(ages + i) = FOUR_FROM(last + (double)(int32_t)i) - place;
}

/* For a few bars, value by value. */
static double age_of(const double *newest, double sign, uint32_t window)
{
    uint32_t age = 0;
    for (uint32_t i = 1; i < window; i++) {
        age = sign * newest[-(ptrdiff_t)i] > sign * newest[-(ptrdiff_t)age] ? i : age;
    }
    return (double)age;
}

INDICATOR_WIDE void places_run(const double *values, double sign, uint32_t window, size_t count, double *restrict ages)
{
    if (window <= 2 || count < 4) {
        for (size_t i = 0; i < count; i++) {
            ages[i] = age_of(values + i, sign, window);
        }
        return;
    }
    places_t first, second, *from = &first, *to = &second;
    size_t have = 2, left = count + window - have;
    FOUR_BY_FOUR(left, join_neighbours, values - (window - 1), sign, from);
    for (; 2 * have < window; have *= 2) {
        left -= have;
        FOUR_BY_FOUR(left, join, from, have, to);
        places_t *const done = to;
        to = from;
        from = done;
    }
    FOUR_BY_FOUR(count, join_last, from, window - have, (double)(window - 1), ages);
}

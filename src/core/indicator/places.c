/* places.c: places of extremes by doubled windows; see places.h. */
#include "core/indicator/places.h"

enum { PLACES_MAX = INDICATOR_CHUNK + PLACES_WINDOW_MAX };

typedef struct {
    double best[PLACES_MAX], place[PLACES_MAX]; /* of the window that begins here; places are whole numbers */
} places_t;

/* Windows that begin here and `apart` later become one; the later value counts among equals. */
static inline void join(const places_t *restrict from, size_t apart, size_t count, places_t *restrict to)
{
    for (size_t i = 0; i < count; i++) {
        const double older = from->best[i], newer = from->best[i + apart];
        const double older_place = from->place[i], newer_place = from->place[i + apart];
        to->best[i] = newer >= older ? newer : older;
        to->place[i] = newer >= older ? newer_place : older_place;
    }
}

INDICATOR_WIDE void places_run(const double *values, double sign, uint32_t window, size_t count, double *restrict ages)
{
    places_t first, second, *from = &first, *to = &second;
    const double *const begin = values - (window - 1);
    size_t left = count + window - 1;
    for (size_t i = 0; i < left; i++) {
        from->best[i] = sign * begin[i];
        from->place[i] = (double)(int32_t)i;
    }
    for (size_t have = 1; have < window;) {
        const size_t apart = 2 * have <= window ? have : window - have;
        left -= apart;
        join(from, apart, left, to);
        places_t *const done = to;
        to = from;
        from = done;
        have += apart;
    }
    for (size_t i = 0; i < count; i++) {
        ages[i] = (double)(int32_t)(i + window - 1) - from->place[i];
    }
}

/* crossing.h: the moment at which a difference changes its sign.
 *
 * Exactly 0 belongs to the side it came from, so that touching and turning back is no cross; the first value only sets the side.
 */
#pragma once

#include "core/strategy/levels.h"

typedef struct {
    int side; /* -1, +1; 0 before the first value that is not 0 */
    double last;
} crossing_t;

/* LONG when the difference has become positive with this value, SHORT when negative, NONE otherwise. */
static inline direction_t crossing_next(crossing_t *crossing, double difference)
{
    const int side = difference > 0.0 ? 1 : difference < 0.0 ? -1 : crossing->side;
    const bool crossed = crossing->side != 0 && side != crossing->side;
    crossing->side = side;
    crossing->last = difference;
    return !crossed ? DIRECTION_NONE : side > 0 ? DIRECTION_LONG : DIRECTION_SHORT;
}

/* The least of x / whole and 1; 1 when the whole is nothing. */
static inline double share_of(double x, double whole)
{
    return x < whole ? x / whole : 1.0;
}

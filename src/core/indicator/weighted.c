/* weighted.c: weighted sums of windows over whole blocks, four or eight side by side; see rolling.h and weighted_lanes.h. */
#include "core/indicator/eights.h"
#include "core/indicator/rolling.h"

#define LANED(word)                 lanes_##word
#define LANED_COUNT                 LANES
#define LANED_VECTOR                four_t
#define LANED_BUILT                 INDICATOR_WIDE
#define LANED_STEP                  __attribute__((always_inline)) static inline
#define LANED_BEHIND(lanes, before) __builtin_shufflevector(before, lanes, 3, 4, 5, 6)
#include "core/indicator/weighted_lanes.h"

#ifdef HAVE_EIGHTS
#define LANED(word)                 eights_##word
#define LANED_COUNT                 EIGHTS
#define LANED_VECTOR                eight_t
#define LANED_BUILT                 EIGHTS_TARGET
#define LANED_STEP                  EIGHTS_TARGET __attribute__((always_inline)) static inline
#define LANED_BEHIND(lanes, before) EIGHTS_BEHIND(lanes, before)
#include "core/indicator/weighted_lanes.h"
#endif

void rolling_weighted_blocks(const double *values, size_t n, size_t count, double share, double *tails, double *restrict out)
{
    size_t done = 0;
#ifdef HAVE_EIGHTS
    if (count >= EIGHTS * n && eights_can_run()) {
        done = count / (EIGHTS * n) * (EIGHTS * n);
        eights_weighted(values, n, done, share, tails, out);
    }
#endif
    if (done < count) {
        lanes_weighted(values + done, n, count - done, share, tails, out + done);
    }
}

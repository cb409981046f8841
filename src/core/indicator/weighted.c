/* weighted.c: weighted sums of windows over whole blocks, four side by side; see rolling.h and lanes.h.
 *
 * Of each group of blocks the tails from the back, then the heads and what both make. The tails of the next group go beside the
 * heads of this one, because either alone waits for its own sum.
 */
#include "core/indicator/rolling.h"

/* What the block before each lane's has: of the first the last of `before`, of the others the lanes themselves. */
#define LANES_BEHIND(lanes, before) __builtin_shufflevector(before, lanes, 3, 4, 5, 6)

/* Tails of the group before, of this one and of the next, in turns; and what came in of this one and of the next. */
typedef struct {
    four_t *before, *now, *next, *in, *in_next;
} rooms_t;

__attribute__((always_inline)) static inline void weighted_step(rooms_t rooms, size_t n, double share, bool more)
{
    const double newest = (double)n;
    four_t sum = {0.0}, all = {0.0}, tail = {0.0}, tail_all = {0.0};
    for (size_t k = 0; k < n; k++) {
        all += sum;
        sum += rooms.in[k];
        rooms.in[k] = (LANES_BEHIND(rooms.now[k + 1], rooms.before[k + 1]) + (newest * sum - all)) * share;
        if (more) {
            tail += rooms.in_next[n - 1 - k];
            rooms.next[n - 1 - k] = tail_all += tail;
        }
    }
}

INDICATOR_WIDE void rolling_weighted_blocks(const double *values, size_t n, size_t count, double share, double *tails,
                                            double *restrict out)
{
    lanes_t room[5];
    rooms_t rooms = {room[0], room[1], room[2], room[3], room[4]};
    const size_t group = LANES * n;
    const four_t nothing = {0.0};
    four_t tail = nothing, tail_all = nothing;
    for (size_t k = 1; k < n; k++) {
        rooms.before[k] = nothing + tails[k];
    }
    rooms.before[n] = rooms.now[n] = rooms.next[n] = nothing; /* of the window that is one whole block */
    lanes_in(values, n, rooms.in);
    for (size_t k = n; k-- > 0;) {
        tail += rooms.in[k];
        rooms.now[k] = tail_all += tail;
    }
    for (size_t i = 0; i < count; i += group) {
        if (i + group < count) {
            lanes_in(values + i + group, n, rooms.in_next);
            weighted_step(rooms, n, share, true);
        } else {
            weighted_step(rooms, n, share, false);
        }
        lanes_out(rooms.in, n, out + i);
        rooms = (rooms_t){rooms.now, rooms.next, rooms.before, rooms.in_next, rooms.in};
    }
    for (size_t k = 1; k < n; k++) {
        tails[k] = rooms.before[k][LANES - 1];
    }
}

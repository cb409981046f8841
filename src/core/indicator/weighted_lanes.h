/* weighted_lanes.h: weighted sums of windows (rolling.h) over whole blocks side by side; included by weighted.c once for each
 * number of lanes. No #pragma once: it is a form, filled in by
 *
 *     LANED(word)                  the name of a function or type of lanes.h or of eights.h
 *     LANED_COUNT, LANED_VECTOR    blocks side by side; as many doubles
 *     LANED_BUILT                  the processors it is built for
 *     LANED_STEP                   what stands before a function that goes into it
 *     LANED_BEHIND(lanes, before)  what the block before each lane's has: of the first the last of `before`
 *
 * Of each group of blocks the tails from the back, then the heads and what both make. The tails of the next group go beside the
 * heads of this one, because either alone waits for its own sum.
 */

/* Tails of the group before, of this one and of the next, in turns; and what came in of this one and of the next. */
typedef struct {
    LANED_VECTOR *before, *now, *next, *in, *in_next;
} LANED(rooms_t);

LANED_STEP void LANED(weighted_step)(LANED(rooms_t) rooms, size_t n, double share, bool more)
{
    const double newest = (double)n;
    LANED_VECTOR sum = {0.0}, all = {0.0}, tail = {0.0}, tail_all = {0.0};
    for (size_t k = 0; k < n; k++) {
        all += sum;
        sum += rooms.in[k];
        rooms.in[k] = (LANED_BEHIND(rooms.now[k + 1], rooms.before[k + 1]) + (newest * sum - all)) * share;
        if (more) {
            tail += rooms.in_next[n - 1 - k];
            rooms.next[n - 1 - k] = tail_all += tail;
        }
    }
}

LANED_BUILT static void LANED(weighted)(const double *values, size_t n, size_t count, double share, double *tails,
                                        double *restrict out)
{
    LANED(t) room[5];
    LANED(rooms_t) rooms = {room[0], room[1], room[2], room[3], room[4]};
    const size_t group = LANED_COUNT * n;
    const LANED_VECTOR nothing = {0.0};
    LANED_VECTOR tail = nothing, tail_all = nothing;
    for (size_t k = 1; k < n; k++) {
        rooms.before[k] = nothing + tails[k];
    }
    rooms.before[n] = rooms.now[n] = rooms.next[n] = nothing; /* of the window that is one whole block */
    LANED(in)(values, n, rooms.in);
    for (size_t k = n; k-- > 0;) {
        tail += rooms.in[k];
        rooms.now[k] = tail_all += tail;
    }
    for (size_t i = 0; i < count; i += group) {
        if (i + group < count) {
            LANED(in)(values + i + group, n, rooms.in_next);
            LANED(weighted_step)(rooms, n, share, true);
        } else {
            LANED(weighted_step)(rooms, n, share, false);
        }
        LANED(out)(rooms.in, n, out + i);
        rooms = (LANED(rooms_t)){rooms.now, rooms.next, rooms.before, rooms.in_next, rooms.in};
    }
    for (size_t k = 1; k < n; k++) {
        tails[k] = rooms.before[k][LANED_COUNT - 1];
    }
}

#undef LANED
#undef LANED_COUNT
#undef LANED_VECTOR
#undef LANED_BUILT
#undef LANED_STEP
#undef LANED_BEHIND

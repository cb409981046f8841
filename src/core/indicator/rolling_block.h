/* rolling_block.h: the scheme of rolling.h for one way of joining values; included there once for each. No #pragma once: it is a
 * form, filled in by
 *
 *     ROLLING(word)         the name of a type or function: rolling_sum_##word
 *     ROLLING_VALUE         the type of a value
 *     ROLLING_JOIN(a, b)    a and b become one
 *     ROLLING_NOTHING       what changes nothing when it is joined
 *     ROLLING_BEFORE        what stands before the first value
 *     ROLLING_GIVE(x, share)   what is given of a window's x
 *     ROLLING_LONG(values, n, share, tails, out)    four whole blocks of at least ROLLING_LONG_LEAST values; may be left out
 */

typedef struct {
    ROLLING_VALUE *place, *end; /* the slot of the next value; behind the last slot */
    ROLLING_VALUE head;
    double share;         /* of a sum that is given: 1, or 1 / period for a mean */
    ROLLING_VALUE *tails; /* borrowed: `period` of them; slots before `place` hold raw values, slot 0 is never asked for */
    uint64_t blocks;      /* that are complete */
    uint32_t period;
} ROLLING(t);

static inline void ROLLING(init)(ROLLING(t) * rolling, uint32_t period, ROLLING_VALUE *room)
{
    for (uint32_t i = 0; i < period; i++) {
        room[i] = ROLLING_BEFORE;
    }
    *rolling =
        (ROLLING(t)){.place = room, .end = room + period, .head = ROLLING_NOTHING, .share = 1.0, .tails = room, .period = period};
}

static inline bool ROLLING(is_warm)(const ROLLING(t) * rolling)
{
    return rolling->blocks != 0;
}

/* Values in the present block. */
static inline uint32_t ROLLING(at)(const ROLLING(t) * rolling)
{
    return (uint32_t)(rolling->place - rolling->tails);
}

/* Values so far. */
static inline uint64_t ROLLING(count)(const ROLLING(t) * rolling)
{
    return rolling->blocks * rolling->period + ROLLING(at)(rolling);
}

/* Turns the slots before `end` that are still raw; `tail` is what stands behind them. */
static inline void ROLLING(turn)(ROLLING(t) * rolling, ROLLING_VALUE *end, ROLLING_VALUE tail)
{
    ROLLING_VALUE *const tails = rolling->tails;
    for (; end - tails > 2; end -= 2) {
        const ROLLING_VALUE last = ROLLING_JOIN(tail, end[-1]);
        tail = ROLLING_JOIN(last, end[-2]);
        end[-1] = last;
        end[-2] = tail;
    }
    if (end - tails > 1) {
        end[-1] = ROLLING_JOIN(tail, end[-1]);
    }
    rolling->place = tails;
    rolling->head = ROLLING_NOTHING;
    rolling->blocks++;
}

/* Of the last `period` values, this one included. Pointers and no count of what came: the fewer steps, the sooner the next bar. */
static inline ROLLING_VALUE ROLLING(next)(ROLLING(t) * rolling, ROLLING_VALUE value)
{
    ROLLING_VALUE *place = rolling->place;
    const ROLLING_VALUE head = ROLLING_JOIN(rolling->head, value);
    *place++ = value;
    if (__builtin_expect(place == rolling->end, 0)) {
        ROLLING(turn)(rolling, place, ROLLING_NOTHING);
        return ROLLING_GIVE(head, rolling->share);
    }
    rolling->place = place;
    rolling->head = head;
    return ROLLING_GIVE(ROLLING_JOIN(*place, head), rolling->share);
}

/* Four whole blocks side by side, so that four chains of joins run at once; two slots a step. At the start of a block, whose tails
 * are those of the block before, and then of the last; 4 x n <= INDICATOR_CHUNK. */
static inline void ROLLING(four)(const ROLLING_VALUE *values, size_t n, double share, ROLLING_VALUE *before,
                                 ROLLING_VALUE *restrict out)
{
    ROLLING_VALUE room[INDICATOR_CHUNK], join[4];
    for (size_t b = 0; b < 4; b++) {
        join[b] = ROLLING_NOTHING;
    }
    size_t k = n;
    for (; k > 2; k -= 2) {
        for (size_t b = 0; b < 4; b++) {
            const ROLLING_VALUE last = ROLLING_JOIN(join[b], (values + b * n)[k - 1]);
            join[b] = ROLLING_JOIN(last, (values + b * n)[k - 2]);
            (room + b * n)[k - 2] = join[b];
            (room + b * n)[k - 1] = last;
        }
    }
    for (size_t b = 0; b < 4; b++) {
        if (k == 2) {
            (room + b * n)[1] = ROLLING_JOIN(join[b], (values + b * n)[1]);
        }
        join[b] = ROLLING_NOTHING;
    }
    for (k = 0; k + 2 < n; k += 2) {
        for (size_t b = 0; b < 4; b++) {
            const ROLLING_VALUE *const tails = b == 0 ? before : room + b * n - n;
            const ROLLING_VALUE head = ROLLING_JOIN(join[b], (values + b * n)[k]);
            join[b] = ROLLING_JOIN(head, (values + b * n)[k + 1]);
            (out + b * n)[k] = ROLLING_GIVE(ROLLING_JOIN(tails[k + 1], head), share);
            (out + b * n)[k + 1] = ROLLING_GIVE(ROLLING_JOIN(tails[k + 2], join[b]), share);
        }
    }
    for (size_t b = 0; b < 4; b++) {
        if (k + 2 == n) {
            const ROLLING_VALUE *const tails = b == 0 ? before : room + b * n - n;
            join[b] = ROLLING_JOIN(join[b], (values + b * n)[k]);
            (out + b * n)[k] = ROLLING_GIVE(ROLLING_JOIN(tails[k + 1], join[b]), share);
        }
        (out + b * n)[n - 1] = ROLLING_GIVE(ROLLING_JOIN(join[b], (values + b * n)[n - 1]), share);
    }
    for (k = 1; k < n; k++) {
        before[k] = (room + 3 * n)[k];
    }
}

/* The next `count` values at once: the bits of next. */
static inline void ROLLING(run)(ROLLING(t) * rolling, const ROLLING_VALUE *values, size_t count, ROLLING_VALUE *restrict out)
{
    const double share = rolling->share;
    while (count > 0) {
        const uint32_t at = ROLLING(at)(rolling);
        if (at == 0 && count >= 4 * (size_t)rolling->period) {
#ifdef ROLLING_LONG
            if (rolling->period >= ROLLING_LONG_LEAST) {
                ROLLING_LONG(values, rolling->period, share, rolling->tails, out);
            } else
#endif
            {
                ROLLING(four)(values, rolling->period, share, rolling->tails, out);
            }
            values += 4 * (size_t)rolling->period;
            out += 4 * (size_t)rolling->period;
            count -= 4 * (size_t)rolling->period;
            rolling->blocks += 4;
            continue;
        }
        const size_t steps = rolling_steps(rolling->period, at, count);
        const bool completes = at + steps == rolling->period;
        ROLLING_VALUE head = rolling->head, tail = ROLLING_NOTHING, *tails = rolling->place;
        for (size_t k = 0; k + completes < steps; k++) {
            head = ROLLING_JOIN(head, values[k]);
            out[k] = ROLLING_GIVE(ROLLING_JOIN(tails[k + 1], head), share);
        }
        if (completes) {
            out[steps - 1] = ROLLING_GIVE(ROLLING_JOIN(head, values[steps - 1]), share);
            for (size_t k = steps; k-- > 0;) {
                tail = ROLLING_JOIN(tail, values[k]);
                tails[k] = tail;
            }
            ROLLING(turn)(rolling, tails, tail);
        } else {
            memcpy(tails, values, steps * sizeof *tails);
            rolling->head = head;
            rolling->place = tails + steps;
        }
        values += steps;
        out += steps;
        count -= steps;
    }
}

#undef ROLLING
#undef ROLLING_VALUE
#undef ROLLING_JOIN
#undef ROLLING_NOTHING
#undef ROLLING_BEFORE
#undef ROLLING_GIVE
#undef ROLLING_LONG

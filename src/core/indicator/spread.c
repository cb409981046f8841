/* spread.c: means and squared distances of a window; see spread.h. */
#include "core/indicator/spread.h"

#include "core/indicator/lanes.h"
#include "core/indicator/registry.h"

/* The period of Bollinger's bands has its own copy of the loops, unrolled. */
enum { SPREAD_USUAL = 20 };

typedef struct {
    double squares, rest;
    bool is_flat;
} measure_t;

static void measure(measure_t *measure, const double *values, uint32_t count, double mean, double first)
{
    for (uint32_t i = 0; i < count; i++) {
        const double d = values[i] - mean;
        measure->squares += d * d;
        measure->rest += d;
        measure->is_flat = measure->is_flat && values[i] == first;
    }
}

spread_value_t spread_measured(const double *block, uint32_t block_count, const double *before, uint32_t before_count, double mean)
{
    const double n = (double)(block_count + before_count);
    measure_t sums = {.is_flat = true};
    measure(&sums, block, block_count, mean, block[0]);
    measure(&sums, before, before_count, mean, block[0]);
    if (sums.is_flat) {
        return (spread_value_t){block[0], 0.0};
    }
    const double squares = sums.squares - sums.rest * sums.rest / n; /* what the mean's own rounding adds */
    return (spread_value_t){mean + sums.rest / n, squares > 0.0 ? squares : 0.0};
}

/* The block is complete: its slots become tails, about its last value. One value a step: two at once were only just stored, each
 * for itself, and such a load waits. */
static inline void turn(spread_t *spread)
{
    const double *const values = spread->values, origin = values[spread->period - 1];
    twin_t tail = {0.0, 0.0}, *const tails = spread->tails;
    for (uint32_t i = spread->period; i-- > 1;) {
        tail += spread_step(values[i], origin);
        tails[i] = tail;
    }
    spread->origin = origin;
    spread->at = 0;
    spread->head = (twin_t){0.0, 0.0};
}

spread_value_t spread_next_rarely(spread_t *spread, double value)
{
    const uint32_t at = spread->at, period = spread->period;
    spread->origin = spread->seen == 0 ? value : spread->origin;
    spread->seen += spread->seen < period ? 1 : 0;
    const double origin = spread->origin, share = spread->share;
    const twin_t head = spread->head + spread_step(value, origin);
    const twin_t sums = at + 1 < period ? head + spread->tails[at + 1] : head;
    spread->values[at] = value;
    spread->head = head;
    spread->at = at + 1;
    spread_value_t now = {origin + sums[0] * share, sums[1] - sums[0] * sums[0] * share};
    if (spread->seen < period) {
        now = (spread_value_t){NAN, NAN};
    } else if (spread_is_lost(now.squares, sums[1])) {
        now = spread_measured(spread->values, at + 1, spread->values + at + 1, period - at - 1, now.mean);
    }
    if (spread->at == period) {
        turn(spread);
    }
    return now;
}

/* One block, or a part of it: sums and means of `count` values. `block` is where the block begins. */
static inline void add_block(spread_t *spread, const double *values, size_t count, double *restrict means, twin_t *restrict sums)
{
    const bool completes = spread->at + count == spread->period;
    const double origin = spread->origin, share = spread->share, *const block = values - spread->at;
    twin_t head = spread->head;
    const twin_t *tails = spread->tails + spread->at;
    for (size_t i = 0; i + completes < count; i++) {
        head += spread_step(values[i], origin);
        sums[i] = tails[i + 1] + head;
        means[i] = origin + sums[i][0] * share;
    }
    if (!completes) {
        spread->head = head;
        spread->at += (uint32_t)count;
        return;
    }
    sums[count - 1] = head + spread_step(values[count - 1], origin);
    means[count - 1] = origin + sums[count - 1][0] * share;
    twin_t tail = {0.0, 0.0};
    spread->origin = values[count - 1];
    for (uint32_t i = spread->period; i-- > 1;) {
        tail += spread_step(block[i], spread->origin);
        spread->tails[i] = tail;
    }
    spread->at = 0;
    spread->head = (twin_t){0.0, 0.0};
}

/* Of squares times share, which stand in `out`, what is asked for. */
static inline void give_all(spread_give_t give, size_t count, const double *restrict means, double *restrict out)
{
    double *restrict upper = give.upper;
    for (size_t k = 0; give.form == SPREAD_ROOT && k < count; k++) {
        out[k] = give.factor * sqrt(out[k]);
    }
    for (size_t k = 0; give.form == SPREAD_BANDS && k < count; k++) {
        const double reach = give.factor * sqrt(out[k]);
        upper[k] = means[k] + reach;
        out[k] = means[k] - reach;
    }
}

/* The same with what comes of the sums. */
static inline void run_block(spread_t *spread, const double *values, size_t count, spread_give_t give, double *restrict means,
                             double *restrict squares)
{
    twin_t sums[INDICATOR_CHUNK];
    const double share = spread->share, *const block = values - spread->at;
    const uint32_t period = spread->period, begun = spread->at;
    uint64_t lost = 0; /* counted without a branch */
    add_block(spread, values, count, means, sums);
    for (size_t i = 0; i < count; i++) {
        squares[i] = sums[i][1] - sums[i][0] * sums[i][0] * share;
        lost += squares[i] <= SPREAD_ENOUGH * sums[i][1] ? 1 : 0;
    }
    for (size_t i = 0; lost > 0 && i < count; i++) {
        if (spread_is_lost(squares[i], sums[i][1])) {
            const uint32_t at = begun + (uint32_t)i;
            const spread_value_t now = spread_measured(block, at + 1, block - period + at + 1, period - at - 1, means[i]);
            means[i] = now.mean;
            squares[i] = now.squares;
        }
    }
    for (size_t i = 0; i < count; i++) {
        squares[i] *= give.share;
    }
    give_all(give, count, means, squares);
}

typedef struct {
    bool has_come; /* not where digits may be lost */
    bool is_good;
} block_result_t;

/* Far from INDICATOR_VALUE_MAX, and so is its square: values no farther apart than that, from one that is no larger, are good. */
#define SPREAD_SIZE_PLAIN 1e50

/* Four values as twins: d and d^2. */
static inline void steps_of(const double *values, double origin, twin_t *steps)
{
    const four_t d = *four_at(values) - origin, squares = d * d, even = LANES_EVEN(d, squares), odd = LANES_ODD(d, squares);
    steps[0] = __builtin_shufflevector(even, even, 0, 1);
    steps[1] = __builtin_shufflevector(odd, odd, 0, 1);
    steps[2] = __builtin_shufflevector(even, even, 2, 3);
    steps[3] = __builtin_shufflevector(odd, odd, 2, 3);
}

/* One whole block of n in one loop, from its front for the heads and from its back for its own tails, so that the memory, the two
 * chains of sums and the roots go at once. before: slots 1 .. n - 1 of the block before, then nothing; means may be NULL. */
__attribute__((always_inline)) static inline block_result_t run_whole(spread_t *spread, size_t n, const double *values,
                                                                      spread_give_t give, const twin_t *restrict before,
                                                                      twin_t *restrict tails, double *restrict means,
                                                                      double *restrict squares)
{
    const double share = spread->share, origin = spread->origin, end = values[n - 1];
    twin_t head = {0.0, 0.0}, tail = head, steps[4];
    four_mask_t lost = {0};
    size_t k = 0;
    for (; k + 4 <= n; k += 4) {
        steps_of(values + k, origin, steps);
        const twin_t first = head + steps[0], second = first + steps[1], third = second + steps[2];
        head = third + steps[3];
        const four_t ac = __builtin_shufflevector(before[k + 1] + first, before[k + 3] + third, 0, 1, 2, 3);
        const four_t bd = __builtin_shufflevector(before[k + 2] + second, before[k + 4] + head, 0, 1, 2, 3);
        const four_t sum = LANES_EVEN(ac, bd), squared = LANES_ODD(ac, bd);
        const four_t left = squared - sum * sum * share;
        lost |= left <= SPREAD_ENOUGH * squared;
        if (means != NULL) {
            *four_at(means + k) = origin + sum * share;
        }
        *four_at(squares + k) = left * give.share;
        steps_of(values + n - k - 4, end, steps);
        tails[n - k - 1] = tail += steps[3];
        tails[n - k - 2] = tail += steps[2];
        tails[n - k - 3] = tail += steps[1];
        tails[n - k - 4] = tail += steps[0];
    }
    for (; k < n; k++) {
        const size_t last = n - 1 - k;
        head += spread_step(values[k], origin);
        tails[last] = tail += spread_step(values[last], end);
        const twin_t sums = before[k + 1] + head;
        const double left = sums[1] - sums[0] * sums[0] * share;
        lost[0] |= left <= SPREAD_ENOUGH * sums[1] ? -1 : 0;
        squares[k] = left * give.share;
        if (means != NULL) {
            means[k] = origin + sums[0] * share;
        }
    }
    give_all(give, n, means, squares);
    return (block_result_t){.has_come = (lost[0] | lost[1] | lost[2] | lost[3]) == 0,
                            .is_good = fabs(origin) <= SPREAD_SIZE_PLAIN && head[1] <= SPREAD_SIZE_PLAIN * SPREAD_SIZE_PLAIN};
}

/* From bar i on. */
static inline spread_give_t give_from(spread_give_t give, size_t i)
{
    give.upper = give.form == SPREAD_BANDS ? give.upper + i : NULL;
    return give;
}

/* Of each form of run_whole a loop of its own. */
__attribute__((always_inline)) static inline bool run(spread_t *spread, uint32_t period, const double *values, size_t count,
                                                      spread_give_t give, double *restrict means, double *restrict squares)
{
    double unasked[INDICATOR_CHUNK];
    twin_t two[2][INDICATOR_CHUNK + 1], *before = two[0], *tails = two[1];
    double sizes = 0.0; /* of what goes value by value */
    bool good = true;
    for (size_t i = 0; i < count;) {
        size_t whole = spread->at == 0 ? (count - i) / period : 0;
        if (whole > 0) {
            memcpy(before, spread->tails, period * sizeof(twin_t));
            before[period] = tails[period] = (twin_t){0.0, 0.0};
        }
        const bool has_whole = whole > 0;
        for (; whole > 0; whole--, i += period) {
            const block_result_t result = run_whole(spread, period, values + i, give_from(give, i), before, tails,
                                                    means != NULL ? means + i : NULL, squares + i);
            if (!result.has_come) {
                break;
            }
            twin_t *const spent = before;
            before = tails;
            tails = spent;
            spread->origin = values[i + period - 1];
            good = good && result.is_good;
        }
        if (has_whole) {
            memcpy(spread->tails, before, period * sizeof(twin_t));
        }
        const size_t steps = rolling_steps(period, spread->at, count - i);
        for (size_t k = i; k < i + steps; k++) {
            sizes += fabs(values[k]);
        }
        if (steps > 0) {
            run_block(spread, values + i, steps, give_from(give, i), means != NULL ? means + i : unasked, squares + i);
        }
        i += steps;
    }
    return good && indicator_value_is_good(sizes);
}

INDICATOR_WIDE bool spread_run(spread_t *spread, const double *values, size_t count, spread_give_t give, double *restrict means,
                               double *restrict out)
{
    const bool is_usual = spread->period == SPREAD_USUAL;
    if (give.form == SPREAD_BANDS) {
        return is_usual ? run(spread, SPREAD_USUAL, values, count, give, means, out)
                        : run(spread, spread->period, values, count, give, means, out);
    }
    if (give.form == SPREAD_SQUARES && means != NULL) {
        return run(spread, spread->period, values, count, give, means, out);
    }
    give.upper = NULL;
    return is_usual ? run(spread, SPREAD_USUAL, values, count, give, NULL, out)
                    : run(spread, spread->period, values, count, give, NULL, out);
}

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

static inline void give_all(spread_give_t give, size_t count, double *squares)
{
    if (give.is_root) {
        for (size_t i = 0; i < count; i++) {
            squares[i] = give.factor * sqrt(squares[i] * give.share);
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        squares[i] *= give.share;
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
    give_all(give, count, squares);
}

typedef struct {
    bool has_come; /* not where digits may be lost */
    bool is_good;
} four_result_t;

/* Far from INDICATOR_VALUE_MAX, and so is its square: values no farther apart than that, from one that is no larger, are good. */
#define SPREAD_SIZE_PLAIN 1e50

/* Four whole blocks of n side by side, one a lane; means may be NULL. */
__attribute__((always_inline)) static inline four_result_t run_four(spread_t *spread, size_t n, const double *values,
                                                                    spread_give_t give, double *restrict means,
                                                                    double *restrict squares)
{
    const double share = spread->share, *const last = values + n - 1;
    const four_t origins = {spread->origin, last[0], last[n], last[2 * n]}, ends = {last[0], last[n], last[2 * n], last[3 * n]};
    lanes_t in, tails, tails_squared, out, out_squares;
    four_t sum = {0.0}, squared = {0.0};
    lanes_in(values, n, in);
    for (size_t k = n; k-- > 1;) {
        const four_t d = in[k] - ends;
        tails[k] = sum += d;
        tails_squared[k] = squared += d * d;
    }
    four_mask_t lost = {0};
    sum = squared = (four_t){0.0};
    for (size_t k = 0; k < n; k++) {
        const four_t d = in[k] - origins;
        sum += d;
        squared += d * d;
        four_t whole = sum, whole_squared = squared;
        if (k + 1 < n) {
            whole = LANES_BEFORE(tails[k + 1], spread->tails[k + 1][0]) + sum;
            whole_squared = LANES_BEFORE(tails_squared[k + 1], spread->tails[k + 1][1]) + squared;
        }
        if (means != NULL) {
            out[k] = origins + whole * share;
        }
        out_squares[k] = whole_squared - whole * whole * share;
        lost |= out_squares[k] <= SPREAD_ENOUGH * whole_squared;
        if (k % 4 == 3 || k + 1 == n) { /* roots here: they take their time while the next sums are made */
            give_all(give, LANES * (k % 4 + 1), (double *)&out_squares[k - k % 4]);
        }
    }
    if ((lost[0] | lost[1] | lost[2] | lost[3]) != 0) {
        return (four_result_t){.has_come = false};
    }
    if (means != NULL) {
        lanes_out(out, n, means);
    }
    lanes_out(out_squares, n, squares);
    for (size_t k = 1; k < n; k++) {
        spread->tails[k] = (twin_t){tails[k][LANES - 1], tails_squared[k][LANES - 1]};
    }
    spread->origin = last[3 * n];
    const four_mask_t plain =
        (FOUR_SIZE(origins) <= SPREAD_SIZE_PLAIN) & (squared <= SPREAD_SIZE_PLAIN * SPREAD_SIZE_PLAIN); /* NaN is in neither */
    return (four_result_t){true, (plain[0] & plain[1] & plain[2] & plain[3]) != 0};
}

/* Of each form of run_four a loop of its own. */
__attribute__((always_inline)) static inline bool run(spread_t *spread, uint32_t period, const double *values, size_t count,
                                                      spread_give_t give, double *restrict means, double *restrict squares)
{
    double unasked[INDICATOR_CHUNK];
    const size_t four = LANES * (size_t)period;
    double sizes = 0.0; /* of what goes one block after the other */
    bool good = true;
    for (size_t i = 0; i < count;) {
        if (spread->at == 0 && count - i >= four) {
            const four_result_t result = run_four(spread, period, values + i, give, means != NULL ? means + i : NULL, squares + i);
            if (result.has_come) {
                good = good && result.is_good;
                i += four;
                continue;
            }
        }
        const size_t steps = rolling_steps(period, spread->at, count - i);
        for (size_t k = i; k < i + steps; k++) {
            sizes += fabs(values[k]);
        }
        run_block(spread, values + i, steps, give, means != NULL ? means + i : unasked, squares + i);
        i += steps;
    }
    return good && indicator_value_is_good(sizes);
}

INDICATOR_WIDE bool spread_run(spread_t *spread, const double *values, size_t count, spread_give_t give, double *restrict means,
                               double *restrict out)
{
    if (spread->period == SPREAD_USUAL && means != NULL) {
        return run(spread, SPREAD_USUAL, values, count, give, means, out);
    }
    if (spread->period == SPREAD_USUAL) {
        return run(spread, SPREAD_USUAL, values, count, give, NULL, out);
    }
    if (means != NULL) {
        return run(spread, spread->period, values, count, give, means, out);
    }
    return run(spread, spread->period, values, count, give, NULL, out);
}

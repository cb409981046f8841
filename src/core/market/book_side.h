/* book_side.h: one side of an order book, its levels in the order of their prices, in fixed memory.
 *
 * Thousands of levels stand on a side and any of them may change. One sorted array would move tens of kilobytes for each level that
 * comes or goes. Here the levels lie in runs of up to 64, best first within a run, and a small directory says in which order the
 * runs follow each other and where each ends: a change is found in the directory, then in its run, and at most one run moves. A
 * full run splits in two; an empty one goes back to the free ones; when none is free, all levels move together into full runs.
 *
 * Bids and asks differ in the sign only: a bid is kept under the negative of its price, so that on both sides the best is the
 * least. No pointers: a side may be copied as it is.
 */
#pragma once

#include "core/market/event.h"

enum {
    BOOK_LEVELS_MAX = 5000, /* a side; when it is full the farthest give way */
    BOOK_RUN_LEVELS = 64,
    BOOK_RUNS_MAX = 128,
};

typedef enum { SIDE_BIDS, SIDE_ASKS } side_kind_t;

typedef struct {
    dec_t key; /* the price, of a bid its negative */
    dec_t quantity;
} book_level_t;

typedef struct {
    dec_t farthest; /* key of the last level */
    uint32_t count; /* levels in the run; 0 only in the only run of an empty side */
    uint32_t slot;  /* where they lie: levels[slot] */
} book_run_t;

typedef struct {
    side_kind_t kind;
    uint32_t count;                 /* levels on the side */
    uint32_t run_count;             /* runs in use, at least one */
    book_run_t runs[BOOK_RUNS_MAX]; /* those in use, best first; behind them the free ones, of which only the slot counts */
    book_level_t levels[BOOK_RUNS_MAX][BOOK_RUN_LEVELS];
} book_side_t;

/* Makes the side empty. */
void book_side_clear(book_side_t *side, side_kind_t kind);

/* Sets the quantities of these prices (all > 0); 0 deletes. Any order is right; sorted by price, either way, is fastest: each level
 * is looked for near the one before it. The side keeps the best BOOK_LEVELS_MAX levels that it was given. */
void book_side_set(book_side_t *side, const level_t *levels, uint32_t count);

/* Copies the best levels, at most `room`, best first. Returns how many. */
uint32_t book_side_copy(const book_side_t *side, level_t *levels, uint32_t room);

static inline uint32_t book_side_count(const book_side_t *side)
{
    return side->count;
}

/* The best level. The side must not be empty. */
static inline level_t book_side_best(const book_side_t *side)
{
    const book_level_t *best = &side->levels[side->runs[0].slot][0];
    return (level_t){dec_abs(best->key), best->quantity};
}

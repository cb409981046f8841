/* book_side.c: levels in runs, as told in book_side.h. */
#include "core/market/book_side.h"

#include <string.h>

#include "core/base/assert.h"

/* Full runs must leave enough free ones to go on splitting, so that packing stays rare. */
_Static_assert(BOOK_RUNS_MAX >= 3 * BOOK_LEVELS_MAX / 2 / BOOK_RUN_LEVELS, "runs for a full side, and half as many to split");

/* Where a level stands, or where it would have to be inserted. */
typedef struct {
    uint32_t run, at;
} place_t;

void book_side_clear(book_side_t *side, side_kind_t kind)
{
    side->kind = kind;
    side->count = 0;
    side->run_count = 1;
    for (uint32_t i = 0; i < BOOK_RUNS_MAX; i++) {
        side->runs[i] = (book_run_t){.slot = i};
    }
}

static inline book_level_t *run_levels(book_side_t *side, uint32_t run)
{
    return side->levels[side->runs[run].slot];
}

/* The first run that ends at or behind the key; the last run when all end before it. Changes come sorted, so it is mostly the run
 * of the change before (`near`) or one next to it; else the directory is halved. */
static inline uint32_t find_run(const book_side_t *side, dec_t key, uint32_t near)
{
    uint32_t low = 0;
    uint32_t high = side->run_count - 1;
    if (near >= high || !dec_lt(side->runs[near].farthest, key)) {
        high = near < high ? near : high;
        for (unsigned i = 0; i < 2; i++) {
            if (high == 0 || dec_lt(side->runs[high - 1].farthest, key)) {
                return high;
            }
            high--;
        }
    } else {
        low = near + 1;
        for (unsigned i = 0; i < 2; i++) {
            if (low == high || !dec_lt(side->runs[low].farthest, key)) {
                return low;
            }
            low++;
        }
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (dec_lt(side->runs[middle].farthest, key)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The first level that is not before the key; `count` when all are. The processor cannot guess in which half it is, and a wrong
 * guess costs more than all the steps: a choice between two values, instead of two ways to go, lets the compiler do without a
 * branch. */
static inline uint32_t find_in_run(const book_level_t *levels, uint32_t count, dec_t key)
{
    const book_level_t *low = levels;
    size_t left = count;
    while (left > 0) {
        size_t half = (left + 1) / 2;
        const book_level_t *above = low + half;
        low = dec_lt(above[-1].key, key) ? above : low;
        left -= half;
    }
    return (uint32_t)(low - levels);
}

static inline place_t find_place(book_side_t *side, dec_t key, uint32_t near)
{
    uint32_t run = find_run(side, key, near);
    return (place_t){run, find_in_run(run_levels(side, run), side->runs[run].count, key)};
}

/* An empty run behind this one. One must be free. */
static void open_run_after(book_side_t *side, uint32_t run)
{
    ASSERT(side->run_count < BOOK_RUNS_MAX);
    uint32_t slot = side->runs[side->run_count].slot;
    memmove(&side->runs[run + 2], &side->runs[run + 1], (size_t)(side->run_count - run - 1) * sizeof side->runs[0]);
    side->runs[run + 1] = (book_run_t){.slot = slot};
    side->run_count++;
}

static void close_run(book_side_t *side, uint32_t run)
{
    uint32_t slot = side->runs[run].slot;
    side->run_count--;
    memmove(&side->runs[run], &side->runs[run + 1], (size_t)(side->run_count - run) * sizeof side->runs[0]);
    side->runs[side->run_count] = (book_run_t){.slot = slot};
}

static void set_count(book_side_t *side, uint32_t run, uint32_t count)
{
    side->runs[run].count = count;
    if (count > 0) {
        side->runs[run].farthest = run_levels(side, run)[count - 1].key;
    }
}

/* All levels into full runs. Writing never overtakes reading: no run before the one that is read held more than a full one. */
static void pack_runs(book_side_t *side)
{
    place_t to = {0, 0};
    for (uint32_t run = 0; run < side->run_count; run++) {
        uint32_t count = side->runs[run].count;
        for (uint32_t i = 0; i < count; i++) {
            if (to.at == BOOK_RUN_LEVELS) {
                set_count(side, to.run, to.at);
                to = (place_t){to.run + 1, 0};
            }
            run_levels(side, to.run)[to.at++] = run_levels(side, run)[i];
        }
    }
    set_count(side, to.run, to.at);
    side->run_count = to.run + 1;
}

/* Splits a full run and gives the place that `place` has become. At the far end of the side nothing has to move: there a new run
 * begins, and a sorted snapshot fills its runs. */
static place_t split_run(book_side_t *side, place_t place)
{
    open_run_after(side, place.run);
    if (place.at == BOOK_RUN_LEVELS) {
        return (place_t){place.run + 1, 0};
    }
    enum { KEPT = BOOK_RUN_LEVELS / 2 };
    memcpy(run_levels(side, place.run + 1), run_levels(side, place.run) + KEPT, (BOOK_RUN_LEVELS - KEPT) * sizeof(book_level_t));
    set_count(side, place.run, KEPT);
    set_count(side, place.run + 1, BOOK_RUN_LEVELS - KEPT);
    return place.at <= KEPT ? place : (place_t){place.run + 1, place.at - KEPT};
}

static void remove_level(book_side_t *side, place_t place)
{
    book_level_t *levels = run_levels(side, place.run);
    uint32_t count = side->runs[place.run].count - 1;
    memmove(levels + place.at, levels + place.at + 1, (size_t)(count - place.at) * sizeof levels[0]);
    side->count--;
    set_count(side, place.run, count);
    if (count == 0 && side->run_count > 1) {
        close_run(side, place.run);
    }
}

static void insert_level(book_side_t *side, place_t place, book_level_t level)
{
    if (side->runs[place.run].count == BOOK_RUN_LEVELS) {
        if (side->run_count == BOOK_RUNS_MAX) {
            pack_runs(side);
            place = find_place(side, level.key, 0);
        }
        if (side->runs[place.run].count == BOOK_RUN_LEVELS) {
            place = split_run(side, place);
        }
    }
    book_level_t *levels = run_levels(side, place.run);
    uint32_t count = side->runs[place.run].count;
    memmove(levels + place.at + 1, levels + place.at, (size_t)(count - place.at) * sizeof levels[0]);
    levels[place.at] = level;
    side->count++;
    set_count(side, place.run, count + 1);
    if (side->count > BOOK_LEVELS_MAX) {
        uint32_t last = side->run_count - 1;
        remove_level(side, (place_t){last, side->runs[last].count - 1});
    }
}

void book_side_set(book_side_t *side, const level_t *levels, uint32_t count)
{
    place_t place = {0, 0};
    for (uint32_t i = 0; i < count; i++) {
        dec_t key = side->kind == SIDE_BIDS ? dec_neg(levels[i].price) : levels[i].price;
        place = find_place(side, key, place.run);
        book_level_t *found = run_levels(side, place.run) + place.at;
        bool known = place.at < side->runs[place.run].count && dec_eq(found->key, key);
        bool wanted = !dec_is_zero(levels[i].quantity); /* deleting what is not there is normal */
        if (known && wanted) {
            found->quantity = levels[i].quantity;
        } else if (known) {
            remove_level(side, place);
        } else if (wanted) {
            insert_level(side, place, (book_level_t){key, levels[i].quantity});
        }
    }
}

uint32_t book_side_copy(const book_side_t *side, level_t *levels, uint32_t room)
{
    uint32_t copied = 0;
    for (uint32_t run = 0; run < side->run_count; run++) {
        const book_level_t *from = side->levels[side->runs[run].slot];
        for (uint32_t i = 0; i < side->runs[run].count && copied < room; i++) {
            levels[copied++] = (level_t){dec_abs(from[i].key), from[i].quantity};
        }
    }
    return copied;
}

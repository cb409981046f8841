/* book.c: the book of book.h. Bids and asks differ in one comparison only: which of two prices is nearer to the other side. */
#include "core/market/book.h"

#include <string.h>

typedef enum { SIDE_BIDS, SIDE_ASKS } side_kind_t;

/* Levels that make room at once when a side is full, so that a full side does not move as a whole for each new level. */
enum { LEVELS_GIVING_WAY = BOOK_LEVELS_MAX / 8 };

void book_init(book_t *book)
{
    book->state = BOOK_EMPTY;
    book->last_id = 0;
    book->bids.start = BOOK_LEVELS_MAX;
    book->asks.start = BOOK_LEVELS_MAX;
}

static inline bool is_better(side_kind_t kind, dec_t a, dec_t b)
{
    return kind == SIDE_BIDS ? dec_gt(a, b) : dec_lt(a, b);
}

/* Index of the first level that is not better than price; BOOK_LEVELS_MAX when all are. Steps double from the best level outwards,
 * then halve: the cost grows with the distance from the best price, not with the size of the book. */
static inline uint32_t find_level(const book_side_t *side, side_kind_t kind, dec_t price)
{
    uint32_t low = side->start; /* every level before low is better than price */
    uint32_t step = 1;
    uint32_t probe = low;
    while (probe < BOOK_LEVELS_MAX && is_better(kind, side->room[probe].price, price)) {
        low = probe + 1;
        probe = low + step;
        step *= 2;
    }
    uint32_t high = probe < BOOK_LEVELS_MAX ? probe : BOOK_LEVELS_MAX;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_better(kind, side->room[middle].price, price)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void drop_farthest(book_side_t *side)
{
    memmove(side->room + side->start + LEVELS_GIVING_WAY, side->room + side->start,
            (size_t)(BOOK_LEVELS_MAX - LEVELS_GIVING_WAY - side->start) * sizeof side->room[0]);
    side->start += LEVELS_GIVING_WAY;
}

static inline void set_level(book_side_t *side, side_kind_t kind, const level_t *level)
{
    uint32_t at = find_level(side, kind, level->price);
    bool known = at < BOOK_LEVELS_MAX && dec_eq(side->room[at].price, level->price);
    if (known && !dec_is_zero(level->quantity)) {
        side->room[at].quantity = level->quantity;
        return;
    }
    if (known) {
        memmove(side->room + side->start + 1, side->room + side->start, (size_t)(at - side->start) * sizeof side->room[0]);
        side->start++;
        return;
    }
    if (dec_is_zero(level->quantity)) {
        return; /* deleting what is not there is normal */
    }
    if (side->start == 0) {
        drop_farthest(side);
        at += LEVELS_GIVING_WAY;
        if (at > BOOK_LEVELS_MAX) {
            return; /* it would have been among those that gave way */
        }
    }
    memmove(side->room + side->start - 1, side->room + side->start, (size_t)(at - side->start) * sizeof side->room[0]);
    side->start--;
    side->room[at - 1] = *level;
}

static void set_levels(book_side_t *side, side_kind_t kind, const level_t *levels, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        set_level(side, kind, &levels[i]);
    }
}

static void load_side(book_side_t *side, side_kind_t kind, const level_t *levels, uint32_t count)
{
    side->start = BOOK_LEVELS_MAX;
    /* From the far end, each new level of a sorted snapshot is the best so far: it is found and placed at once. */
    for (uint32_t i = count; i > 0; i--) {
        set_level(side, kind, &levels[i - 1]);
    }
}

/* All or nothing: levels are looked at before the first one is applied. */
static result_t check_levels(const level_t *levels, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (dec_sign(levels[i].price) <= 0 || dec_sign(levels[i].quantity) < 0) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
    }
    return RESULT_OK;
}

static result_t check_depth(const depth_t *depth)
{
    if (depth->bid_count > DEPTH_LEVELS_MAX || depth->ask_count > DEPTH_LEVELS_MAX) {
        return RESULT_FULL;
    }
    result_t bids = check_levels(depth->bids, depth->bid_count);
    return bids != RESULT_OK ? bids : check_levels(depth->asks, depth->ask_count);
}

/* Where a difference stands in the chain. */
static result_t check_sequence(book_t *book, const depth_t *depth)
{
    if (book->state == BOOK_EMPTY || book->state == BOOK_STALE) {
        return RESULT_BAD_STATE;
    }
    bool syncing = book->state == BOOK_SYNCING;
    if (depth->last_id < book->last_id || (!syncing && depth->last_id == book->last_id)) {
        return RESULT_STALE;
    }
    bool joins = syncing && depth->first_id <= book->last_id;
    if (!joins && depth->previous_id != book->last_id) {
        book->state = BOOK_STALE;
        return RESULT_GAP;
    }
    return RESULT_OK;
}

static bool is_crossed(const book_t *book)
{
    return book_side_count(&book->bids) > 0 && book_side_count(&book->asks) > 0 &&
           dec_ge(book_side_levels(&book->bids)->price, book_side_levels(&book->asks)->price);
}

result_t book_apply(book_t *book, const depth_t *depth)
{
    result_t result = check_depth(depth);
    if (result != RESULT_OK) {
        return result;
    }
    if (depth->snapshot) {
        load_side(&book->bids, SIDE_BIDS, depth->bids, depth->bid_count);
        load_side(&book->asks, SIDE_ASKS, depth->asks, depth->ask_count);
        book->state = BOOK_SYNCING;
    } else {
        result = check_sequence(book, depth);
        if (result != RESULT_OK) {
            return result;
        }
        set_levels(&book->bids, SIDE_BIDS, depth->bids, depth->bid_count);
        set_levels(&book->asks, SIDE_ASKS, depth->asks, depth->ask_count);
        book->state = BOOK_LIVE;
    }
    book->last_id = depth->last_id;
    if (is_crossed(book)) {
        book->state = BOOK_STALE;
        return RESULT_MALFORMED;
    }
    return RESULT_OK;
}

bool book_best(const book_t *book, level_t *bid, level_t *ask)
{
    if (book->state != BOOK_LIVE || book_side_count(&book->bids) == 0 || book_side_count(&book->asks) == 0) {
        return false;
    }
    *bid = book_side_levels(&book->bids)[0];
    *ask = book_side_levels(&book->asks)[0];
    return true;
}

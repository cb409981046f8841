/* book.c: the book of book.h: what may be applied and when; how a side keeps its levels is book_side.c. */
#include "core/market/book.h"

void book_init(book_t *book)
{
    book->state = BOOK_EMPTY;
    book->last_id = 0;
    book_side_clear(&book->bids, SIDE_BIDS);
    book_side_clear(&book->asks, SIDE_ASKS);
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
           dec_ge(book_side_best(&book->bids).price, book_side_best(&book->asks).price);
}

result_t book_apply(book_t *book, const depth_t *depth)
{
    result_t result = check_depth(depth);
    if (result != RESULT_OK) {
        return result;
    }
    if (depth->snapshot) {
        book_side_clear(&book->bids, SIDE_BIDS);
        book_side_clear(&book->asks, SIDE_ASKS);
        book->state = BOOK_SYNCING;
    } else {
        result = check_sequence(book, depth);
        if (result != RESULT_OK) {
            return result;
        }
        book->state = BOOK_LIVE;
    }
    book_side_set(&book->bids, depth->bids, depth->bid_count);
    book_side_set(&book->asks, depth->asks, depth->ask_count);
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
    *bid = book_side_best(&book->bids);
    *ask = book_side_best(&book->asks);
    return true;
}

/* book.h: a local order book kept by the venue's sequence rule.
 *
 * Binance USD-M (protocols/binance-usdm.md, section 9): buffer differences, take a snapshot, drop events with u < lastUpdateId, the
 * first kept one must have U <= lastUpdateId <= u, afterwards each pu equals the previous u; otherwise the book is stale and asks
 * again. A first difference whose pu equals lastUpdateId continues the chain without a hole and is taken too.
 *
 * A side keeps its levels in runs (book_side.h).
 */
#pragma once

#include "core/market/book_side.h"
#include "core/market/event.h"

/* BOOK_SYNCING: snapshot taken, not yet joined by a difference. */
typedef enum { BOOK_EMPTY, BOOK_SYNCING, BOOK_LIVE, BOOK_STALE } book_state_t;

typedef struct {
    book_state_t state;
    uint64_t last_id;
    book_side_t bids; /* prices descend */
    book_side_t asks; /* prices ascend */
} book_t;

void book_init(book_t *book);

/* Snapshot or difference. RESULT_OK; RESULT_STALE: older than the book, ignored; RESULT_GAP: the chain broke, the book is
 * BOOK_STALE until the next snapshot; RESULT_BAD_STATE: a difference while a snapshot is needed (the caller keeps it and applies it
 * again afterwards); RESULT_NUMBER_OUT_OF_RANGE: a price <= 0 or a quantity < 0, RESULT_FULL: too many levels: nothing changed;
 * RESULT_MALFORMED: the sides cross, the book is BOOK_STALE. */
result_t book_apply(book_t *book, const depth_t *depth);

/* False while not BOOK_LIVE or one side is empty. */
bool book_best(const book_t *book, level_t *bid, level_t *ask);

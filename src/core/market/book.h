/* book.h: a local order book kept by the venue's sequence rule.
 *
 * Binance USD-M (protocols/binance-usdm.md, section 9): buffer differences, take a snapshot, drop events with u < lastUpdateId, the first
 * kept one must have U <= lastUpdateId <= u, afterwards each pu equals the previous u; otherwise the book is stale and asks again.
 */
#pragma once

#include "core/market/event.h"

enum { BOOK_LEVELS_MAX = 5000 }; /* a side; the farthest levels give way */

typedef enum { BOOK_EMPTY, BOOK_SYNCING, BOOK_LIVE, BOOK_STALE } book_state_t;

typedef struct {
    book_state_t state;
    uint64_t     last_id;
    bool         first_after_snapshot;
    uint32_t     bid_count, ask_count;
    level_t      bids[BOOK_LEVELS_MAX]; /* best first: descending */
    level_t      asks[BOOK_LEVELS_MAX]; /* best first: ascending */
} book_t;

void book_init(book_t *book);

/* Snapshot or difference. RESULT_OK; RESULT_STALE: older than the snapshot, ignored; RESULT_GAP: the chain broke, the book is BOOK_STALE
 * until the next snapshot; RESULT_BAD_STATE: a difference before any snapshot. */
result_t book_apply(book_t *book, const depth_t *depth);

/* False while not BOOK_LIVE or one side is empty. */
bool book_best(const book_t *book, level_t *bid, level_t *ask);

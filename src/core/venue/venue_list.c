/* venue_list.c: an account's orders in the order of their ids, as questions want them.
 *
 * No list of them is kept: every order that comes or goes would have to change two others, which nobody has looked at for long.
 * Open orders stand in the lists of their slots, finished ones in the account's ring, and who asks gets those that fit picked out
 * by a heap of as many as he has room for.
 */
#include "core/venue/venue_parts.h"

/* The picks so far, the one that a better one drives out on top (keys: the smaller the better). */
typedef struct {
    order_pick_t *picks;
    uint32_t count, capacity;
    bool newest;
} heap_t;

/* Puts `pick` where it belongs below the place `at`, which is empty. */
static void sink_from(order_pick_t *picks, uint32_t count, uint32_t at, order_pick_t pick)
{
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < count && picks[child + 1].key > picks[child].key) {
            child++;
        }
        if (child >= count || picks[child].key <= pick.key) {
            break;
        }
        picks[at] = picks[child];
        at = child;
    }
    picks[at] = pick;
}

static void rise_from(order_pick_t *picks, uint32_t at, order_pick_t pick)
{
    while (at > 0 && picks[(at - 1) / 2].key < pick.key) {
        picks[at] = picks[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    picks[at] = pick;
}

static void offer(heap_t *heap, uint64_t id, uint32_t index)
{
    order_pick_t pick = {.key = heap->newest ? ~id : id, .index = index};
    if (heap->count < heap->capacity) {
        rise_from(heap->picks, heap->count++, pick);
    } else if (pick.key < heap->picks[0].key) {
        sink_from(heap->picks, heap->count, 0, pick);
    }
}

/* By ascending ids: the heap taken apart gives ascending keys, which for the newest are descending ids. */
static void sort(heap_t *heap)
{
    order_pick_t *picks = heap->picks;
    for (uint32_t left = heap->count; left > 1; left--) {
        order_pick_t last = picks[left - 1];
        picks[left - 1] = picks[0];
        sink_from(picks, left - 1, 0, last);
    }
    for (uint32_t i = 0; heap->newest && i < heap->count / 2; i++) {
        order_pick_t other = picks[heap->count - 1 - i];
        picks[heap->count - 1 - i] = picks[i];
        picks[i] = other;
    }
}

uint32_t orders_pick(const venue_t *venue, const venue_select_t *select, order_fits_t *fits, order_pick_t *picks, uint32_t capacity)
{
    const account_rec_t *account = account_of(venue, select->account);
    heap_t heap = {.picks = picks, .capacity = capacity, .newest = select->newest};
    if (capacity == 0) {
        return 0;
    }
    for (uint32_t slot = account->slot_head; slot != VENUE_NIL; slot = slot_of(venue, slot)->account_next) {
        for (uint32_t at = slot_of(venue, slot)->order_head; at != VENUE_NIL; at = links_of(venue, at)->slot_next) {
            if (fits(venue, select, order_of(venue, at))) {
                offer(&heap, order_of(venue, at)->id, at);
            }
        }
    }
    for (uint32_t row = 0; row < account->order_history_count && !select->open_only; row++) {
        uint32_t at = ended_of(venue, select->account, row)->index;
        if (fits(venue, select, order_of(venue, at))) {
            offer(&heap, order_of(venue, at)->id, at);
        }
    }
    sort(&heap);
    return heap.count;
}

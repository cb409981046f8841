/* venue_expiry.c: a binary heap of what is due when: good-till-date orders and countdowns. Ties go by kind and index, so order is
 * certain. */
#include "core/venue/venue_parts.h"

static uint32_t *back_link(venue_t *venue, const expiry_t *entry)
{
    switch ((expiry_kind_t)entry->kind) {
    case EXPIRY_ORDER:
        return &order_rare_make(venue, order_of(venue, entry->index))->gtd_at;
    case EXPIRY_ALGO:
        return &algo_of(venue, entry->index)->gtd_at;
    case EXPIRY_COUNTDOWN:
        break;
    }
    return &slot_of(venue, entry->index)->countdown_at;
}

static bool earlier(const expiry_t *a, const expiry_t *b)
{
    if (a->time_ns != b->time_ns) {
        return a->time_ns < b->time_ns;
    }
    return a->kind != b->kind ? a->kind < b->kind : a->index < b->index;
}

static void put(venue_t *venue, uint32_t at, expiry_t entry)
{
    heap_table(venue)[at] = entry;
    *back_link(venue, &entry) = at;
}

/* Moves the entry that belongs near `at` to where the heap's order holds. */
static void settle(venue_t *venue, uint32_t at, expiry_t entry)
{
    expiry_t *heap = heap_table(venue);
    while (at > 0 && earlier(&entry, &heap[(at - 1) / 2])) {
        put(venue, at, heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < venue->heap_count && earlier(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (child >= venue->heap_count || !earlier(&heap[child], &entry)) {
            break;
        }
        put(venue, at, heap[child]);
        at = child;
    }
    put(venue, at, entry);
}

void expiry_add(venue_t *venue, expiry_kind_t kind, uint32_t index, int64_t time_ns)
{
    expiry_t entry = {.time_ns = time_ns, .index = index, .kind = (uint32_t)kind};
    venue->heap_count++;
    settle(venue, venue->heap_count - 1, entry);
}

void expiry_remove(venue_t *venue, expiry_kind_t kind, uint32_t index)
{
    expiry_t wanted = {.index = index, .kind = (uint32_t)kind};
    if (kind == EXPIRY_ORDER && !order_of(venue, index)->has_rare) {
        return;
    }
    uint32_t at = *back_link(venue, &wanted);
    if (at == VENUE_NIL) {
        return;
    }
    *back_link(venue, &wanted) = VENUE_NIL;
    venue->heap_count--;
    expiry_t last = heap_table(venue)[venue->heap_count];
    memset(&heap_table(venue)[venue->heap_count], 0, sizeof(expiry_t));
    if (at != venue->heap_count) {
        settle(venue, at, last);
    }
}

int64_t expiry_next_ns(const venue_t *venue)
{
    return venue->heap_count > 0 ? heap_table(venue)[0].time_ns : INT64_MAX;
}

void expiry_run(venue_t *venue, const venue_sink_t *sink, int64_t now_ns)
{
    while (venue->heap_count > 0 && heap_table(venue)[0].time_ns <= now_ns) {
        expiry_t due = heap_table(venue)[0];
        expiry_remove(venue, (expiry_kind_t)due.kind, due.index);
        switch ((expiry_kind_t)due.kind) {
        case EXPIRY_ORDER:
            order_unrest(venue, due.index);
            order_finish(venue, sink, due.index, VENUE_STATUS_EXPIRED,
                         order_of(venue, due.index)->tif == VENUE_GTD ? VENUE_EXPIRY_GTD : VENUE_EXPIRY_MARKET, VENUE_EXEC_EXPIRED);
            break;
        case EXPIRY_ALGO:
            algo_disarm(venue, due.index);
            algo_finish(venue, sink, due.index, VENUE_ALGO_EXPIRED);
            break;
        case EXPIRY_COUNTDOWN:
            slot_of(venue, due.index)->countdown_ns = 0;
            cancel_slot_orders(venue, sink, due.index, NULL);
            break;
        }
    }
}

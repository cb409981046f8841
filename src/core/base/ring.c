/* ring.c: the queue of ring.h. The newest item stands at (head + count - 1) modulo capacity. */
#include "core/base/ring.h"

#include "core/base/assert.h"

#include <string.h>

void ring_init(ring_t *ring, void *memory, size_t item_size, uint32_t capacity)
{
    ASSERT(memory != NULL && item_size > 0 && capacity > 0);
    *ring = (ring_t){.items = memory, .item_size = item_size, .capacity = capacity};
}

static unsigned char *slot(const ring_t *ring, uint32_t age)
{
    /* 64 bits, so that capacities above 2^31 do not wrap. */
    uint64_t index = ((uint64_t)ring->head + age) % ring->capacity;
    return ring->items + (size_t)index * ring->item_size;
}

result_t ring_push(ring_t *ring, const void *item)
{
    if (ring->count == ring->capacity) {
        return RESULT_FULL;
    }
    memcpy(slot(ring, ring->count), item, ring->item_size);
    ring->count++;
    return RESULT_OK;
}

result_t ring_pop(ring_t *ring, void *item)
{
    if (ring->count == 0) {
        return RESULT_EMPTY;
    }
    memcpy(item, slot(ring, 0), ring->item_size);
    ring->head = ring->head + 1 == ring->capacity ? 0 : ring->head + 1;
    ring->count--;
    return RESULT_OK;
}

void ring_push_over(ring_t *ring, const void *item)
{
    if (ring->count == ring->capacity) {
        memcpy(slot(ring, 0), item, ring->item_size);
        ring->head = ring->head + 1 == ring->capacity ? 0 : ring->head + 1;
        return;
    }
    memcpy(slot(ring, ring->count), item, ring->item_size);
    ring->count++;
}

const void *ring_at(const ring_t *ring, uint32_t age)
{
    return age < ring->count ? slot(ring, age) : NULL;
}

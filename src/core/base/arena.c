/* arena.c: one block, handed out from the bottom up. */
#include "core/base/arena.h"

#include "core/base/assert.h"

#include <stdint.h>
#include <string.h>

void arena_init(arena_t *arena, void *memory, size_t size)
{
    ASSERT(memory != NULL || size == 0);
    *arena = (arena_t){.base = memory, .size = size, .used = 0};
}

void *arena_take(arena_t *arena, size_t size, size_t align)
{
    ASSERT(align != 0 && (align & (align - 1)) == 0);
    uintptr_t free_at = (uintptr_t)arena->base + arena->used;
    size_t padding = (size_t)((0 - free_at) & (align - 1));
    size_t left = arena->size - arena->used;
    if (padding > left || size > left - padding) {
        return NULL;
    }
    unsigned char *taken = arena->base + arena->used + padding;
    arena->used += padding + size;
    memset(taken, 0, size);
    return taken;
}

void arena_reset(arena_t *arena)
{
    arena->used = 0;
}

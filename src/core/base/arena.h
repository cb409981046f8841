/* arena.h: one block handed out in pieces at start and given back as a whole. The owner supplies the memory; nothing here calls
 * malloc. */
#pragma once

#include <stddef.h>

typedef struct {
    unsigned char *base; /* borrowed: belongs to whoever called arena_init */
    size_t size;
    size_t used;
} arena_t;

void arena_init(arena_t *arena, void *memory, size_t size);

/* Zeroed, aligned to `align` (a power of two); NULL when it does not fit (the arena is unchanged then). */
void *arena_take(arena_t *arena, size_t size, size_t align);

void arena_reset(arena_t *arena);

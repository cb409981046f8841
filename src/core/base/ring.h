/* ring.h: a bounded first-in first-out queue of fixed-size items over memory that the owner supplies. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/result.h"

typedef struct {
    unsigned char *items; /* borrowed */
    size_t item_size;
    uint32_t capacity;
    uint32_t head; /* oldest */
    uint32_t count;
} ring_t;

void ring_init(ring_t *ring, void *memory, size_t item_size, uint32_t capacity);
result_t ring_push(ring_t *ring, const void *item);    /* RESULT_FULL: nothing stored */
result_t ring_pop(ring_t *ring, void *item);           /* RESULT_EMPTY */
void ring_push_over(ring_t *ring, const void *item);   /* the oldest gives way when full */
const void *ring_at(const ring_t *ring, uint32_t age); /* 0 = oldest; NULL past the end */

/* world_memory.h: the block of memory that the venue lives in. */
#pragma once

#include "edge/face/world/market_source.h"

/* For `size` bytes, or NULL; freed with free(). A recorded book is touched all over, several times a message: with one among the
 * sources the block lies in large pages, where the kernel gives them. Other markets use little of it and would only grow by that.
 */
void *world_memory(size_t size, const market_source_t *sources, uint64_t source_count);

/* world_memory.c: see world_memory.h. */
#include "edge/face/world/world_memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, LARGE_PAGE = 2 * 1024 * 1024 };

static bool any_recorded(const market_source_t *sources, uint64_t source_count)
{
    for (uint64_t i = 0; i < source_count; i++) {
        if (sources[i].kind == MARKET_FROM_STREAM)
            return true;
    }
    return false;
}

void *world_memory(size_t size, const market_source_t *sources, uint64_t source_count)
{
    const bool large = size >= LARGE_PAGE && any_recorded(sources, source_count);
    const size_t grain = large ? LARGE_PAGE : LINE;
    void *block = aligned_alloc(grain, (size + grain - 1) / grain * grain);
    if (large && block)
        (void)madvise(block, size, MADV_HUGEPAGE); /* a wish: without it only the pace differs */
    return block;
}

/* structure.c: see structure.h. Asked for only when a strategy proposes, so it looks through the window then. */
#include "core/strategy/structure.h"

#include "core/base/assert.h"

void structure_init(structure_t *structure, uint32_t bars)
{
    ASSERT(bars <= STRUCTURE_BARS_MAX);
    *structure = (structure_t){.bars = bars};
}

void structure_next(structure_t *structure, const indicator_bar_t *bar)
{
    if (structure->bars == 0) {
        return;
    }
    structure->lows[structure->next] = bar->low;
    structure->highs[structure->next] = bar->high;
    structure->next = (structure->next + 1) % structure->bars;
    structure->count += structure->count < structure->bars;
}

bool structure_levels(const structure_t *structure, double *lowest, double *highest)
{
    if (structure->bars == 0 || structure->count < structure->bars) {
        return false;
    }
    *lowest = structure->lows[0];
    *highest = structure->highs[0];
    for (uint32_t i = 1; i < structure->bars; i++) {
        *lowest = structure->lows[i] < *lowest ? structure->lows[i] : *lowest;
        *highest = structure->highs[i] > *highest ? structure->highs[i] : *highest;
    }
    return true;
}

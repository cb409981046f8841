/* option_order.h: two options of a strategy of which the one must be below the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False: it is not, and *wrong (may be NULL) is the lower one's index. */
static inline bool option_is_below(const double *options, uint32_t lower, uint32_t upper, uint32_t *wrong)
{
    if (options[lower] >= options[upper]) {
        if (wrong != NULL) {
            *wrong = lower;
        }
        return false;
    }
    return true;
}

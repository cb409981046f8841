/* digits.h: inside of core/base only: whole numbers as decimal digits, two at a time. */
#pragma once

#include <stdint.h>
#include <string.h>

/* "00" .. "99" */
extern const char digits_pairs[201];

static inline unsigned digits_count(uint64_t value)
{
    unsigned count = 1;
    while (value >= 10000) {
        value /= 10000;
        count += 4;
    }
    return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* Exactly `count` digits (zero-filled) ending before `end`; value < 10^count. */
static inline void digits_put(char *end, uint64_t value, unsigned count)
{
    while (count >= 2) {
        end -= 2;
        memcpy(end, &digits_pairs[2 * (value % 100)], 2);
        value /= 100;
        count -= 2;
    }
    if (count == 1) {
        end[-1] = (char)('0' + value);
    }
}

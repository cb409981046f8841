/* venue_number.h: the venue's arithmetic.
 *
 * price8, quantity8, money8 are int64 counts of 10^-8; cost16 is an int128 count of 10^-16, the exact product of two of them. Money
 * is bounded by VENUE_MONEY8_MAX (10^10 units of currency), so sums of int64 stay far from their end. What cuts says so; all else
 * is exact. None of it leaves to the general 128-bit division, which costs more than the rest of a margin check.
 */
#pragma once

#include "core/base/dec.h"

#define VENUE_E8         INT64_C(100000000)
#define VENUE_MONEY8_MAX (INT64_C(1000000000000000000)) /* 10^10 */

typedef int128_t cost16_t;

static inline dec_t dec_of8(int64_t value8)
{
    return (dec_t){(int128_t)value8 * 10000000000};
}
static inline dec_t dec_of16(cost16_t value16)
{
    return (dec_t){value16 * 100};
}
static inline int64_t abs8(int64_t value8)
{
    return value8 < 0 ? -value8 : value8;
}
static inline cost16_t abs16(cost16_t value16)
{
    return value16 < 0 ? -value16 : value16;
}
static inline cost16_t cost_of(int64_t price8, int64_t quantity8)
{
    return (cost16_t)price8 * quantity8;
}
static inline int64_t min8(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
static inline int64_t max8(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* value / 10^8 of what is not negative. 10^8 is 2^8 * 5^8: below 2^72 the rest is a 64-bit division by a constant; else three steps
 * of long division. */
static inline cost16_t cut_whole16(cost16_t value)
{
    const uint64_t by = (uint64_t)VENUE_E8;
    uint64_t high = (uint64_t)((uint128_t)value >> 64), low = (uint64_t)value;
    if (high < 256) {
        return (cost16_t)((high << 56 | low >> 8) / 390625);
    }
    uint64_t carry = high % by;
    uint64_t upper = carry << 32 | low >> 32;
    uint64_t lower = (upper % by) << 32 | (low & UINT32_MAX);
    return (cost16_t)(high / by) << 64 | (cost16_t)(upper / by) << 32 | (cost16_t)(lower / by);
}

/* value / 10^8, cut toward zero. */
static inline cost16_t cut16(cost16_t value)
{
    return value < 0 ? -cut_whole16(-value) : cut_whole16(value);
}

/* Counts of 10^-16 -> 10^-8, cut toward zero. */
static inline int64_t cut8(cost16_t value16)
{
    return (int64_t)cut16(value16);
}

/* value16 * rate8 -> 10^-8 units, cut toward zero. |value16| <= 10^26 and rate <= 10^9 keep the product inside 128 bits. */
static inline int64_t rate_of16(cost16_t value16, int64_t rate8)
{
    return cut8(cut16(value16 * rate8));
}

/* True and the count of 10^-8 when the value has at most 8 digits and fits (|value| < 9 * 10^10). 10^10 is 2^10 * 5^10, and a
 * division that leaves no rest is a multiplication by the inverse of 5^10 modulo 2^64. */
static inline bool to8(dec_t value, int64_t *out8)
{
    int64_t count = (int64_t)((uint64_t)(value.units >> 10) * UINT64_C(0x4FA7F60D3ED61F49));
    if ((int128_t)count * 10000000000 != value.units || count > 9000000000000000000 || count < -9000000000000000000) {
        return false;
    }
    *out8 = count;
    return true;
}

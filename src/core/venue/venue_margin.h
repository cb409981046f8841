/* venue_margin.h: what open orders reserve (protocols/binance-usdm.md, section 13): the larger of what bids or asks would make of
 * the position, less what it is. In a header, because two numbers of 128 bits are too many for the registers of a call.
 */
#pragma once

#include "core/venue/venue_state.h"

/* With a position p >= 0 all bids make it p + b, all asks |p - a|: b or a - 2p more; with p < 0, a or b + 2p more. Never
 * below zero, as b and a are not. */
static inline cost16_t margin_extra16(const slot_t *slot, uint32_t side, int64_t mark8, cost16_t bid16, cost16_t ask16)
{
    if (side == VENUE_POSITION_LONG) {
        return bid16;
    }
    if (side == VENUE_POSITION_SHORT) {
        return ask16;
    }
    /* Without jumps: neither the position's sign nor which is the larger can be guessed. */
    cost16_t twice16 = 2 * cost_of(mark8, slot->legs[side].amount8);
    cost16_t short16 = twice16 & twice16 >> 127; /* of a short position, else 0 */
    cost16_t asks16 = ask16 - (twice16 - short16), more16 = bid16 + short16 - asks16;
    return asks16 + (more16 & ~(more16 >> 127));
}

static inline int64_t margin_order8(const slot_t *slot, uint32_t side, int64_t mark8, cost16_t bid16, cost16_t ask16)
{
    return (int64_t)cut_whole16(margin_extra16(slot, side, mark8, bid16, ask16)) / slot->leverage;
}

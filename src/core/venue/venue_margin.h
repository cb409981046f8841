/* venue_margin.h: what open orders reserve (protocols/binance-usdm.md, section 13): the larger of what bids or asks would make of
 * the position, less what it is. In a header, because two numbers of 128 bits are too many for the registers of a call.
 */
#pragma once

#include "core/venue/venue_state.h"

/* With a position p >= 0 all bids make it p + b, all asks |p - a|. */
static inline cost16_t margin_extra16(const slot_t *slot, uint32_t side, int64_t mark8, cost16_t bid16, cost16_t ask16)
{
    if (side == VENUE_POSITION_LONG) {
        return bid16;
    }
    if (side == VENUE_POSITION_SHORT) {
        return ask16;
    }
    cost16_t twice16 = 2 * cost_of(mark8, slot->legs[side].amount8);
    cost16_t with16 = twice16 >= 0 ? bid16 : ask16;
    cost16_t against16 = twice16 >= 0 ? ask16 - twice16 : bid16 + twice16;
    return with16 > against16 ? with16 : against16;
}

static inline int64_t margin_order8(const slot_t *slot, uint32_t side, int64_t mark8, cost16_t bid16, cost16_t ask16)
{
    cost16_t extra16 = margin_extra16(slot, side, mark8, bid16, ask16);
    return extra16 > 0 ? cut8(extra16) / slot->leverage : 0;
}

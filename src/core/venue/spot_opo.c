/* spot_opo.c: lists in which one pays the other (OPO, OPOCO): the pending legs sell what the working order receives.
 *
 * The pending legs have no quantity until the working order is filled in full. What each of its trades brings is locked for the
 * first of them at once; the fee is taken from what else is free of that asset, when that is enough and the asset is not BNB, and
 * else from what was received. In the end that amount, in whole steps, is the legs' quantity, which then has to pass the filters.
 */
#include "core/venue/spot_parts.h"

/* Who buys to sell on has no other sides. */
spot_reject_t spot_opo_sides(const spot_list_place_t *place, uint32_t legs)
{
    if (!place->pays_other) {
        return SPOT_REJECT_NONE;
    }
    bool sells = true;
    for (uint32_t i = 1; i < legs; i++) {
        sells = sells && place->legs[i].side == VENUE_SELL;
    }
    return place->kind == SPOT_LIST_OCO       ? SPOT_REJECT_COMBINATION
           : place->legs[0].side != VENUE_BUY ? SPOT_REJECT_OPO_WORKING_SELLS
           : sells                            ? SPOT_REJECT_NONE
                                              : SPOT_REJECT_OPO_PENDING_BUYS;
}

void spot_opo_received(venue_t *venue, uint32_t index, int64_t quantity8, int64_t fee8)
{
    const spot_rec_t *spot = spot_of(venue, index);
    const list_rec_t *list = spot->list == VENUE_NIL ? NULL : list_of(venue, spot->list);
    const order_rec_t *order = order_of(venue, index);
    if (list == NULL || !list->pays_other || list->order_ids[0] != order->id) {
        return;
    }
    uint32_t first = list->orders[1], base = instrument_of(venue, order->instrument)->base;
    bool from_free = !str_eq(str_from(asset_of(venue, base)->name), STR("BNB")) &&
                     balance_of(venue, order->account, base)->free8 >= quantity8; /* the fee has been taken already */
    spot_lock(venue, first, from_free ? quantity8 : quantity8 - fee8);
}

/* In whole steps of all its legs. */
static int64_t steps_of(const venue_t *venue, const list_rec_t *list, int64_t amount8)
{
    const instrument_rec_t *instrument = instrument_of(venue, list->instrument);
    int64_t most8 = min8(amount8, instrument->quantity_max8), step8 = instrument->step8;
    for (uint32_t leg = 1; leg < list->leg_count; leg++) {
        if (spot_is_market((spot_type_t)spot_of(venue, list->orders[leg])->type)) {
            most8 = min8(most8, instrument->market_max8);
            step8 = max8(step8, instrument->market_step8);
        }
    }
    return most8 / step8 * step8;
}

static bool leg_fits(const venue_t *venue, uint32_t index, int64_t quantity8)
{
    const order_rec_t *order = order_of(venue, index);
    const spot_rec_t *spot = spot_of(venue, index);
    const instrument_rec_t *instrument = instrument_of(venue, order->instrument);
    bool market = spot_is_market((spot_type_t)spot->type);
    return quantity8 > 0 &&
           quantity8 >= (market ? max8(instrument->market_min8, instrument->quantity_min8) : instrument->quantity_min8) &&
           spot_check_icebergs(quantity8, spot->iceberg8) == SPOT_REJECT_NONE &&
           !spot_notional_low(venue, order->instrument, order->price8, quantity8);
}

bool spot_opo_measure(venue_t *venue, const list_rec_t *list)
{
    int64_t quantity8 = steps_of(venue, list, spot_of(venue, list->orders[1])->reserve8);
    bool fits = true;
    for (uint32_t leg = 1; leg < list->leg_count; leg++) {
        fits = fits && leg_fits(venue, list->orders[leg], quantity8);
    }
    for (uint32_t leg = 1; leg < list->leg_count && fits; leg++) {
        order_of(venue, list->orders[leg])->quantity8 = quantity8;
    }
    return fits;
}

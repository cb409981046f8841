/* spot_rules.c: the checks of a new spot order, in the exchange's order: symbol, shape, precision, PRICE_FILTER, LOT_SIZE, ICEBERG,
 * PERCENT_PRICE_BY_SIDE, NOTIONAL, TRAILING_DELTA, duplicate, stop price, maker, counts, funds.
 */
#include "core/venue/spot_parts.h"

bool spot_is_conditional(spot_type_t type)
{
    return type >= SPOT_STOP_LOSS && type <= SPOT_TAKE_PROFIT_LIMIT;
}

bool spot_is_market(spot_type_t type)
{
    return type == SPOT_MARKET || type == SPOT_STOP_LOSS || type == SPOT_TAKE_PROFIT;
}

bool spot_rises(spot_type_t type, uint32_t side)
{
    bool stop = type == SPOT_STOP_LOSS || type == SPOT_STOP_LOSS_LIMIT;
    return stop == (side == VENUE_BUY);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static spot_reject_t check_price(const instrument_rec_t *instrument, dec_t price, spot_reject_t not_positive,
                                 spot_reject_t precision, int64_t *price8)
{
    if (dec_sign(price) <= 0) {
        return not_positive;
    }
    if (dec_places(price) > 8) {
        return precision;
    }
    int64_t value8;
    bool fits = to8(price, &value8) && value8 >= instrument->price_min8 &&
                (instrument->price_max8 == 0 || value8 <= instrument->price_max8) && value8 % instrument->tick8 == 0;
    if (!fits) {
        return SPOT_REJECT_PRICE_FILTER;
    }
    *price8 = value8;
    return SPOT_REJECT_NONE;
}

spot_reject_t spot_quantity(const instrument_rec_t *instrument, dec_t quantity, bool market, int64_t *quantity8)
{
    int64_t value8;
    if (dec_sign(quantity) <= 0) {
        return SPOT_REJECT_QUANTITY_NOT_POSITIVE;
    }
    if (dec_places(quantity) > 8) {
        return SPOT_REJECT_QUANTITY_PRECISION;
    }
    if (!to8(quantity, &value8) || value8 < instrument->quantity_min8 || value8 > instrument->quantity_max8 ||
        value8 % instrument->step8 != 0) {
        return SPOT_REJECT_LOT_SIZE;
    }
    if (market &&
        (value8 < instrument->market_min8 || value8 > instrument->market_max8 || value8 % instrument->market_step8 != 0)) {
        return SPOT_REJECT_MARKET_LOT_SIZE;
    }
    *quantity8 = value8;
    return SPOT_REJECT_NONE;
}

static int64_t average8(const venue_t *venue, instrument_id_t id)
{
    int64_t value8 = 0;
    (void)to8(spot_average_price(venue, id), &value8);
    return value8;
}

static spot_reject_t check_band(const venue_t *venue, uint32_t id, int64_t price8)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t reference8 = average8(venue, (instrument_id_t)id);
    cost16_t price16 = (cost16_t)price8 * VENUE_E8;
    bool above = instrument->band_up8 > 0 && price16 > (cost16_t)reference8 * instrument->band_up8;
    bool below = instrument->band_down8 > 0 && price16 < (cost16_t)reference8 * instrument->band_down8;
    return reference8 > 0 && (above || below) ? SPOT_REJECT_PERCENT_PRICE_BY_SIDE : SPOT_REJECT_NONE;
}

bool spot_notional_low(const venue_t *venue, uint32_t id, int64_t price8, int64_t quantity8)
{
    price8 = price8 > 0 ? price8 : average8(venue, (instrument_id_t)id);
    return price8 > 0 && cost_of(price8, quantity8) < (cost16_t)instrument_of(venue, id)->notional_min8 * VENUE_E8;
}

static spot_reject_t check_notional(const venue_t *venue, const spot_place_t *place, const spot_checked_t *checked)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    bool market = checked->price8 == 0; /* or a pegged price that is not known yet */
    int64_t price8 = market ? average8(venue, place->instrument) : checked->price8;
    cost16_t notional16 = checked->quote8 > 0 ? (cost16_t)checked->quote8 * VENUE_E8 : cost_of(price8, checked->quantity8);
    bool low = checked->quote8 > 0 ? notional16 < (cost16_t)instrument->notional_min8 * VENUE_E8
                                   : spot_notional_low(venue, place->instrument, price8, checked->quantity8);
    bool high = !market && notional16 > (cost16_t)SPOT_NOTIONAL_MAX * VENUE_E8 * VENUE_E8;
    return low || high ? SPOT_REJECT_NOTIONAL : SPOT_REJECT_NONE;
}

spot_reject_t spot_check_icebergs(int64_t quantity8, int64_t iceberg8)
{
    bool many = iceberg8 > 0 && (quantity8 + iceberg8 - 1) / iceberg8 > SPOT_ICEBERG_PARTS_MAX;
    return many ? SPOT_REJECT_ICEBERG_PARTS : SPOT_REJECT_NONE;
}

static spot_reject_t check_iceberg(const instrument_rec_t *instrument, const spot_place_t *place, spot_checked_t *checked)
{
    if (dec_is_zero(place->iceberg_quantity)) {
        return SPOT_REJECT_NONE;
    }
    if (dec_places(place->iceberg_quantity) > 8) {
        return SPOT_REJECT_ICEBERG_PRECISION;
    }
    if (place->type != SPOT_LIMIT_MAKER && (spot_is_market(place->type) || place->tif != SPOT_GTC)) {
        return SPOT_REJECT_ICEBERG_TIF;
    }
    spot_reject_t reject = spot_quantity(instrument, place->iceberg_quantity, false, &checked->iceberg8);
    if (reject == SPOT_REJECT_NONE && checked->quantity8 > 0 && checked->iceberg8 > checked->quantity8) {
        return SPOT_REJECT_ICEBERG_ABOVE;
    }
    return reject != SPOT_REJECT_NONE ? reject : spot_check_icebergs(checked->quantity8, checked->iceberg8);
}

/* --- what a market order meets ---------------------------------------------------------------- */

/* One level: the street's share moved by the slippage model, account orders at their price; own orders that self-trade prevention
 * would take away do not count. */
typedef struct {
    const venue_t *venue;
    const instrument_rec_t *instrument;
    const spot_place_t *place;
    int64_t quantity8, quote8; /* wanted; quote 0: by quantity */
    spot_walk_t sum;
} walker_t;

static bool walk_take(walker_t *walker, int64_t price8, int64_t there8)
{
    int64_t quantity8 = min8(there8, walker->quantity8 - walker->sum.quantity8);
    if (walker->quote8 > 0) {
        int64_t left8 = walker->quote8 - walker->sum.quote8;
        int64_t most8 = (int64_t)((cost16_t)left8 * VENUE_E8 / price8) / walker->instrument->step8 * walker->instrument->step8;
        quantity8 = min8(quantity8, most8);
    }
    walker->sum.quantity8 += quantity8;
    walker->sum.quote8 += cut8(cost_of(price8, quantity8));
    return quantity8 == there8; /* more is wanted */
}

static bool counts(const walker_t *walker, const order_rec_t *resting)
{
    bool own = resting->account == walker->place->account;
    return !own || walker->place->stp == SPOT_STP_NONE;
}

static bool walk_level(walker_t *walker, uint32_t level_index)
{
    const level_node_t *level = level_of(walker->venue, level_index);
    venue_side_t side = (venue_side_t)walker->place->side;
    int64_t price8 = side == VENUE_BUY ? level->key : -level->key;
    bool more = true;
    if (level->street8 > 0) {
        more = walk_take(walker, match_slipped8(walker->instrument, side, price8, 0), level->street8);
    }
    for (uint32_t at = level->head; more && at != VENUE_NIL; at = links_of(walker->venue, at)->queue_next) {
        const order_rec_t *resting = order_of(walker->venue, at);
        more = !counts(walker, resting) || walk_take(walker, price8, order_open8(resting));
    }
    return more;
}

spot_walk_t spot_walk(venue_t *venue, const spot_place_t *place, int64_t quantity8, int64_t quote8)
{
    street_refresh(venue, place->instrument);
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    walker_t walker = {.venue = venue,
                       .instrument = instrument,
                       .place = place,
                       .quantity8 = quote8 > 0 ? INT64_MAX : quantity8,
                       .quote8 = quote8};
    uint32_t at = instrument->books[other_side((venue_side_t)place->side)].head[0].to;
    while (at != VENUE_NIL && walk_level(&walker, at)) {
        at = level_of(venue, at)->next.to;
    }
    return walker.sum;
}

/* --- shape, state, conditions ----------------------------------------------------------------- */

static spot_reject_t check_state(const venue_t *venue, const spot_place_t *place)
{
    if (place->account >= venue->account_count || place->instrument >= venue->instrument_count ||
        !is_spot(instrument_of(venue, place->instrument))) {
        return SPOT_REJECT_INVALID_SYMBOL;
    }
    if (instrument_of(venue, place->instrument)->rules.status != INSTRUMENT_TRADING) {
        return SPOT_REJECT_MARKET_CLOSED;
    }
    return account_of(venue, place->account)->restriction == VENUE_FREE ? SPOT_REJECT_NONE : SPOT_REJECT_NO_TRADING;
}

static spot_reject_t check_shape(const spot_place_t *place)
{
    if (place->side > VENUE_SELL) {
        return SPOT_REJECT_INVALID_SIDE;
    }
    if ((unsigned)place->type > SPOT_LIMIT_MAKER) {
        return SPOT_REJECT_INVALID_TYPE;
    }
    if ((unsigned)place->tif > SPOT_FOK) {
        return SPOT_REJECT_INVALID_TIF;
    }
    bool by_quote = !dec_is_zero(place->quote_quantity);
    if ((unsigned)place->stp > SPOT_STP_TRANSFER || (by_quote && (place->type != SPOT_MARKET || !dec_is_zero(place->quantity))) ||
        (place->client_id.text[0] != '\0' && !client_id_valid(place->client_id.text))) {
        return SPOT_REJECT_COMBINATION;
    }
    if (place->peg != SPOT_PEG_NONE && spot_is_market(place->type)) {
        return SPOT_REJECT_PEG_TYPE;
    }
    bool resting = place->peg == SPOT_PEG_PRIMARY ? place->type != SPOT_LIMIT || place->tif == SPOT_GTC
                                                  : place->peg == SPOT_PEG_NONE || place->type != SPOT_LIMIT_MAKER;
    if ((unsigned)place->peg > SPOT_PEG_MARKET || !resting) {
        return SPOT_REJECT_PEG_SIDE;
    }
    if (place->peg_offset > (place->peg == SPOT_PEG_NONE ? 0 : SPOT_PEG_OFFSET_MAX)) {
        return SPOT_REJECT_PEG_OFFSET;
    }
    bool trails = place->trailing_delta > 0, stops = !dec_is_zero(place->stop_price);
    if (spot_is_conditional(place->type) ? !trails && !stops : trails || stops) {
        return SPOT_REJECT_COMBINATION;
    }
    return place->has_strategy_type && place->strategy_type < 1000000 ? SPOT_REJECT_STRATEGY_TYPE : SPOT_REJECT_NONE;
}

/* The price of a level of the book, counted from the best; 0: the side has not so many. */
static int64_t peg_price8(venue_t *venue, uint32_t id, uint32_t order_side, spot_peg_t peg, uint32_t offset)
{
    venue_side_t side = (peg == SPOT_PEG_PRIMARY) == (order_side == VENUE_BUY) ? VENUE_BUY : VENUE_SELL;
    street_refresh(venue, id);
    uint32_t level = instrument_of(venue, id)->books[side].head[0].to;
    for (uint32_t i = 0; i < offset && level != VENUE_NIL; i++) {
        level = level_of(venue, level)->next.to;
    }
    if (level == VENUE_NIL) {
        return 0;
    }
    return side == VENUE_BUY ? -level_of(venue, level)->key : level_of(venue, level)->key;
}

bool spot_peg(venue_t *venue, uint32_t index)
{
    order_rec_t *order = order_of(venue, index);
    const spot_rec_t *spot = spot_of(venue, index);
    int64_t price8 = peg_price8(venue, order->instrument, order->side, (spot_peg_t)spot->peg, spot->peg_offset);
    order->price8 = price8;
    return price8 > 0 && check_band(venue, order->instrument, price8) == SPOT_REJECT_NONE &&
           !spot_notional_low(venue, order->instrument, price8, order_open8(order));
}

/* The price that was sent has to pass for itself; where a pegged one stands is known when it comes to the market. */
static spot_reject_t check_limit(venue_t *venue, const spot_place_t *place, spot_setting_t setting, spot_checked_t *checked)
{
    bool pegged = place->peg != SPOT_PEG_NONE;
    int64_t *price8 = pegged ? &checked->asked8 : &checked->price8;
    if (!pegged || !dec_is_zero(place->price)) {
        spot_reject_t reject = check_price(instrument_of(venue, place->instrument), place->price, SPOT_REJECT_PRICE_NOT_POSITIVE,
                                           SPOT_REJECT_PRICE_PRECISION, price8);
        if (reject != SPOT_REJECT_NONE) {
            return reject;
        }
    }
    bool now = (setting == SPOT_ALONE || setting == SPOT_LEG) && !spot_is_conditional(place->type);
    if (pegged && now) {
        checked->price8 = peg_price8(venue, place->instrument, place->side, place->peg, place->peg_offset);
        return checked->price8 > 0 ? SPOT_REJECT_NONE : SPOT_REJECT_PEG_LEVEL;
    }
    return SPOT_REJECT_NONE;
}

static spot_reject_t check_bands(const venue_t *venue, const spot_place_t *place, const spot_checked_t *checked)
{
    spot_reject_t reject = SPOT_REJECT_NONE;
    if (checked->asked8 > 0) {
        reject = check_band(venue, place->instrument, checked->asked8);
    }
    return reject == SPOT_REJECT_NONE && checked->price8 > 0 ? check_band(venue, place->instrument, checked->price8) : reject;
}

static spot_reject_t check_numbers(venue_t *venue, const spot_place_t *place, spot_setting_t setting, spot_checked_t *checked)
{
    const instrument_rec_t *instrument = instrument_of(venue, place->instrument);
    bool measured = setting != SPOT_UNMEASURED_LEG;
    spot_reject_t reject = SPOT_REJECT_NONE;
    if (!measured) {
        reject = dec_is_zero(place->quantity) ? SPOT_REJECT_NONE : SPOT_REJECT_COMBINATION;
    } else if (!dec_is_zero(place->quote_quantity)) {
        if (dec_places(place->quote_quantity) > 8 || !to8(place->quote_quantity, &checked->quote8)) {
            reject = SPOT_REJECT_QUOTE_PRECISION;
        } else if (checked->quote8 < 0) {
            reject = SPOT_REJECT_QUANTITY_NOT_POSITIVE;
        }
    } else {
        reject = spot_quantity(instrument, place->quantity, spot_is_market(place->type), &checked->quantity8);
    }
    if (reject == SPOT_REJECT_NONE && !spot_is_market(place->type)) {
        reject = check_limit(venue, place, setting, checked);
    }
    if (reject == SPOT_REJECT_NONE && !dec_is_zero(place->stop_price)) {
        reject =
            check_price(instrument, place->stop_price, SPOT_REJECT_STOP_NOT_POSITIVE, SPOT_REJECT_STOP_PRECISION, &checked->stop8);
    }
    if (reject == SPOT_REJECT_NONE) {
        reject = check_iceberg(instrument, place, checked);
    }
    if (reject == SPOT_REJECT_NONE) {
        reject = check_bands(venue, place, checked);
    }
    if (reject == SPOT_REJECT_NONE && measured) {
        reject = check_notional(venue, place, checked);
    }
    bool far = place->trailing_delta != 0 &&
               (place->trailing_delta < SPOT_TRAILING_DELTA_MIN || place->trailing_delta > SPOT_TRAILING_DELTA_MAX);
    return reject == SPOT_REJECT_NONE && far ? SPOT_REJECT_TRAILING_DELTA : reject;
}

static spot_reject_t check_duplicate(const venue_t *venue, const spot_place_t *place)
{
    if (place->client_id.text[0] == '\0') {
        return SPOT_REJECT_NONE;
    }
    uint32_t same = order_find_open(venue, place->account, place->instrument, place->client_id.text);
    return same != VENUE_NIL && order_of(venue, same)->open ? SPOT_REJECT_DUPLICATE : SPOT_REJECT_NONE;
}

static spot_reject_t check_now(venue_t *venue, const spot_place_t *place, const spot_checked_t *checked)
{
    int64_t last8 = instrument_of(venue, place->instrument)->price8;
    if (spot_is_conditional(place->type) && checked->stop8 > 0 && last8 > 0 &&
        (spot_rises(place->type, place->side) ? last8 >= checked->stop8 : last8 <= checked->stop8)) {
        return SPOT_REJECT_WOULD_TRIGGER;
    }
    if (place->type == SPOT_LIMIT_MAKER && place_would_take(venue, place->instrument, (venue_side_t)place->side, checked->price8)) {
        return SPOT_REJECT_WOULD_TAKE;
    }
    return SPOT_REJECT_NONE;
}

/* --- counts ----------------------------------------------------------------------------------- */

spot_reject_t spot_check_counts(const venue_t *venue, const spot_place_t *const *legs, uint32_t count)
{
    uint32_t slot = slot_find(venue, legs[0]->account, legs[0]->instrument);
    uint32_t orders = count, algos = 0, icebergs = 0, lists = count > 1 ? 1 : 0;
    for (uint32_t i = 0; i < count; i++) {
        algos += spot_is_conditional(legs[i]->type);
        icebergs += !dec_is_zero(legs[i]->iceberg_quantity);
    }
    bool asks_algo = algos > 0, asks_iceberg = icebergs > 0;
    for (uint32_t at = slot == VENUE_NIL ? VENUE_NIL : slot_of(venue, slot)->order_head; at != VENUE_NIL;
         at = links_of(venue, at)->slot_next) {
        const spot_rec_t *spot = spot_of(venue, at);
        orders++;
        algos += spot_is_conditional((spot_type_t)spot->type) && !spot->worked;
        icebergs += spot->iceberg8 > 0;
        lists += spot->list != VENUE_NIL && list_of(venue, spot->list)->order_ids[0] == order_of(venue, at)->id;
    }
    if (orders > SPOT_ORDERS_MAX) {
        return SPOT_REJECT_MAX_NUM_ORDERS;
    }
    if (asks_algo && algos > SPOT_ALGO_ORDERS_MAX) {
        return SPOT_REJECT_MAX_NUM_ALGO_ORDERS;
    }
    if (asks_iceberg && icebergs > SPOT_ICEBERG_ORDERS_MAX) {
        return SPOT_REJECT_MAX_NUM_ICEBERG_ORDERS;
    }
    if (count > 1 && lists > SPOT_ORDER_LISTS_MAX) {
        return SPOT_REJECT_MAX_NUM_ORDER_LISTS;
    }
    bool room =
        venue->order_open + count <= venue->bounds.orders && (slot != VENUE_NIL || venue->slot_used < venue->bounds.positions);
    return room ? SPOT_REJECT_NONE : SPOT_REJECT_OVERLOADED;
}

/* --- funds ------------------------------------------------------------------------------------ */

/* A market order is measured on the book as it stands, a conditional one that becomes a market order at its stop price. */
static spot_reject_t find_reserve(venue_t *venue, const spot_place_t *place, spot_checked_t *checked)
{
    bool buys = place->side == VENUE_BUY;
    if (place->type == SPOT_MARKET) {
        spot_walk_t walk = spot_walk(venue, place, checked->quantity8, checked->quote8);
        if (checked->quote8 > 0) {
            checked->quantity8 = walk.quantity8;
            if (walk.quantity8 < instrument_of(venue, place->instrument)->quantity_min8 || walk.quantity8 == 0) {
                bool empty =
                    instrument_of(venue, place->instrument)->books[other_side((venue_side_t)place->side)].head[0].to == VENUE_NIL;
                return empty ? SPOT_REJECT_NO_LIQUIDITY : SPOT_REJECT_LOT_SIZE;
            }
        }
        checked->reserve8 = buys ? walk.quote8 : checked->quantity8;
    } else {
        int64_t price8 = checked->price8 > 0  ? checked->price8
                         : checked->stop8 > 0 ? checked->stop8
                                              : instrument_of(venue, place->instrument)->price8;
        cost16_t cost16 = cost_of(price8, checked->quantity8);
        if (cut8(cost16) <= 0 && price8 > 0) {
            return SPOT_REJECT_VALUE_NOT_POSITIVE;
        }
        checked->reserve8 = buys ? cut8(cost16) : checked->quantity8;
    }
    return SPOT_REJECT_NONE;
}

spot_reject_t spot_check(venue_t *venue, const spot_place_t *place, spot_setting_t setting, spot_checked_t *checked)
{
    memset(checked, 0, sizeof *checked);
    spot_reject_t reject = check_state(venue, place);
    reject = reject == SPOT_REJECT_NONE ? check_shape(place) : reject;
    reject = reject == SPOT_REJECT_NONE ? check_numbers(venue, place, setting, checked) : reject;
    reject = reject == SPOT_REJECT_NONE ? check_duplicate(venue, place) : reject;
    if (setting == SPOT_ALONE) {
        reject = reject == SPOT_REJECT_NONE ? check_now(venue, place, checked) : reject;
        reject = reject == SPOT_REJECT_NONE ? spot_check_counts(venue, &place, 1) : reject;
    }
    bool measured = setting != SPOT_UNMEASURED_LEG;
    reject = reject == SPOT_REJECT_NONE && measured ? find_reserve(venue, place, checked) : reject;
    if (reject == SPOT_REJECT_NONE && setting == SPOT_ALONE) {
        uint32_t pays = spot_pays(instrument_of(venue, place->instrument), place->side);
        reject = spot_enough(venue, place->account, pays, checked->reserve8) ? SPOT_REJECT_NONE : SPOT_REJECT_BALANCE;
    }
    return reject;
}

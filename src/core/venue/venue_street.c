/* venue_street.c: the liquidity of everybody else as levels in the book.
 *
 * In candle and synthetic markets it is made from the present price: `levels` levels a side, the first `half_spread_ticks` away,
 * then one gap apart, level k holding (1 + k) units, a unit being a share of the bar's volume. It never crosses what accounts have
 * resting: it stands back behind their best order. What takers ate stays eaten until the price or the clock moves. In stream
 * markets the recorded book stands here.
 */
#include "core/venue/venue_parts.h"

void street_gather_change(instrument_rec_t *instrument, venue_side_t side, const level_node_t *level)
{
    dec_t price = dec_of8(side == VENUE_BUY ? -level->key : level->key);
    level_t *changes = instrument->changes[side];
    uint32_t count = instrument->change_count[side];
    uint32_t at = 0;
    while (at < count && !dec_eq(changes[at].price, price)) {
        at++;
    }
    if (at == VENUE_CHANGES_MAX) {
        /* Too much at once for one event: break the chain, so that every follower asks for a new snapshot. */
        instrument->change_count[0] = instrument->change_count[1] = 0;
        instrument->depth_sent_id = instrument->update_id;
        return;
    }
    changes[at].price = price;
    changes[at].quantity = dec_of8(level->street8 + level->users8);
    instrument->change_count[side] = at == count ? count + 1 : count;
}

void street_show(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, uint32_t index, int64_t quantity8)
{
    level_node_t *level = level_of(venue, index);
    if (level->street8 == quantity8) {
        return;
    }
    if (quantity8 == 0) {
        instrument->street_level_count--;
    } else if (level->street8 == 0) {
        instrument->street_level_count++;
    }
    level->street8 = quantity8;
    street_note_change(instrument, side, level);
    if (quantity8 == 0 && level->count == 0) {
        ladder_remove(venue, &instrument->books[side], index);
    }
}

void street_add(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t quantity8)
{
    if (quantity8 == 0 || instrument->street_level_count >= venue->bounds.street_levels) {
        return;
    }
    uint32_t index = ladder_add(venue, &instrument->books[side], book_key(side, price8));
    if (index != VENUE_NIL) {
        street_show(venue, instrument, side, index, quantity8);
    }
}

void street_set(venue_t *venue, instrument_rec_t *instrument, venue_side_t side, int64_t price8, int64_t quantity8)
{
    uint32_t index = ladder_find(venue, &instrument->books[side], book_key(side, price8));
    if (index == VENUE_NIL) {
        street_add(venue, instrument, side, price8, quantity8);
    } else {
        street_show(venue, instrument, side, index, quantity8);
    }
}

void street_clear(venue_t *venue, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    for (uint32_t side = 0; side < 2; side++) {
        for (uint32_t at = instrument->books[side].head[0].to, next; at != VENUE_NIL; at = next) {
            next = level_of(venue, at)->next.to;
            street_show(venue, instrument, (venue_side_t)side, at, 0);
        }
    }
}

void street_trade(venue_t *venue, uint32_t id, venue_side_t street_side, int64_t price8, int64_t quantity8)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t signed8 = street_side == VENUE_BUY ? quantity8 : -quantity8;
    instrument->street_amount8 += signed8;
    instrument->street_cost16 += cost_of(price8, signed8);
}

/* --- the made street -------------------------------------------------------------------------- */

int64_t street_users_best8(const venue_t *venue, const instrument_rec_t *instrument, venue_side_t side, uint32_t *level)
{
    uint32_t at = instrument->resting[side] > 0 ? instrument->books[side].head[0].to : VENUE_NIL;
    while (at != VENUE_NIL && level_of(venue, at)->count == 0) {
        at = level_of(venue, at)->next.to;
    }
    if (level != NULL) {
        *level = at;
    }
    if (at == VENUE_NIL) {
        return 0;
    }
    return side == VENUE_BUY ? -level_of(venue, at)->key : level_of(venue, at)->key;
}

/* A made-up market has no bars: an hour's volume stands for one, or finer steps would leave no book to trade with. */
static int64_t synthetic_hour8(const synthetic_rec_t *market)
{
    return market->step_ns == 0 ? 0 : (int64_t)(market->volume_step * 1e8 * ((double)NS_PER_HOUR / (double)market->step_ns));
}

static int64_t unit_quantity8(const instrument_rec_t *instrument)
{
    int64_t volume8 = instrument->market == VENUE_MARKET_CANDLES ? (instrument->bar_count > 0 ? instrument->bars[0].volume8 : 0)
                                                                 : synthetic_hour8(&instrument->synthetic);
    int64_t unit8 = rate_of16((cost16_t)volume8 * VENUE_E8, instrument->street.share8);
    unit8 -= unit8 % instrument->step8;
    return max8(unit8, instrument->step8);
}

static void put_side(venue_t *venue, uint32_t id, venue_side_t side, int64_t first8, int64_t gap8)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t *shown8 = side == VENUE_BUY ? instrument->street_bids8 : instrument->street_asks8;
    uint32_t *shown_count = side == VENUE_BUY ? &instrument->street_bid_count : &instrument->street_ask_count;
    int64_t step8 = side == VENUE_BUY ? -gap8 : gap8;
    uint32_t levels = (uint32_t)instrument->street.levels;
    for (uint32_t i = 0; i < *shown_count; i++) {
        int64_t offset8 = shown8[i] - first8;
        bool stays = offset8 % gap8 == 0 && offset8 / step8 >= 0 && offset8 / step8 < levels;
        if (!stays) {
            street_set(venue, instrument, side, shown8[i], 0);
        }
    }
    int64_t unit8 = unit_quantity8(instrument);
    int64_t eaten8 = instrument->street_taken8[side];
    memset(shown8, 0, sizeof instrument->street_bids8);
    *shown_count = 0;
    for (uint32_t k = 0; k < levels; k++) {
        int64_t price8 = first8 + step8 * (int64_t)k;
        if (price8 <= 0) {
            break;
        }
        int64_t full8 = unit8 * (int64_t)(k + 1);
        int64_t gone8 = min8(full8, eaten8);
        eaten8 -= gone8;
        shown8[(*shown_count)++] = price8;
        street_set(venue, instrument, side, price8, full8 - gone8);
    }
}

void street_renew(venue_t *venue, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    instrument->street_dirty = 0;
    int64_t tick8 = instrument->tick8;
    int64_t gap8 = rate_of16((cost16_t)instrument->price8 * VENUE_E8, instrument->street.gap8) / tick8 * tick8;
    gap8 = max8(gap8, tick8);
    int64_t bid8 = instrument->price8 - instrument->street.half_spread * tick8;
    int64_t ask8 = instrument->price8 + instrument->street.half_spread * tick8;
    int64_t users_ask8 = street_users_best8(venue, instrument, VENUE_SELL, NULL);
    int64_t users_bid8 = street_users_best8(venue, instrument, VENUE_BUY, NULL);
    bid8 = users_ask8 > 0 ? min8(bid8, users_ask8 - tick8) : bid8;
    ask8 = users_bid8 > 0 ? max8(ask8, users_bid8 + tick8) : ask8;
    put_side(venue, id, VENUE_BUY, bid8, gap8);
    put_side(venue, id, VENUE_SELL, ask8, gap8);
    instrument->street_dirty = 0;
}

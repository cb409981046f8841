/* order_half_size.c: at which price, for how much and in which form a stop or target is asked for.
 *
 * The stop of an entry that still fills is placed once, for all that it may come to hold: it only reduces, so what it stands for
 * beyond the position touches nothing, and every further piece is covered before it is there. It is brought down to what is held
 * when the quantity has come to rest. In hedge mode, where nothing is only reducing and one for more than is held would be refused
 * when it fires, the form without a quantity stands in that place: it closes what is held under its key, however much that is by
 * then, and comes down to a quantity in the same way. Where more than is held would reach into what is not ours (others hold under
 * the same key, a spot balance), and at a venue that has refused it, each piece gets its own.
 *
 * Rules change while a position stands (fault 51): a quantity off the step, or below the least, is covered whole by the form
 * without a quantity, or, where others hold too, as far as the step reaches.
 */
#include "core/engine/order_half_parts.h"

#define HALF_REST_NS (2 * HALF_SECOND) /* a quantity that has not moved for this long has come to rest */

static dec_t grid_of(const instrument_t *instrument)
{
    return dec_max(instrument->lot_step, instrument->market_step);
}

static dec_t least_of(const instrument_t *instrument)
{
    return dec_max(instrument->quantity_min, instrument->market_quantity_min);
}

dec_t half_orderable(const order_half_t *half, instrument_id_t id, dec_t quantity)
{
    const instrument_t *instrument = half_instrument(half, id);
    dec_t floored = quantity;
    if (instrument == NULL) {
        return quantity; /* no rules yet in this session: the venue will say */
    }
    if (dec_sign(grid_of(instrument)) > 0 && dec_quantise(quantity, grid_of(instrument), DEC_ROUND_DOWN, &floored) != RESULT_OK) {
        return DEC_ZERO;
    }
    return dec_lt(floored, least_of(instrument)) ? DEC_ZERO : floored;
}

/* What the trade holds is below the least quantity of an order. */
static bool is_dust(const order_half_t *half, const book_trade_t *trade)
{
    const instrument_t *instrument = half_instrument(half, trade->instrument);
    return instrument != NULL && dec_lt(trade->position.quantity, least_of(instrument));
}

bool half_holds_alone(const order_half_t *half, const book_trade_t *trade)
{
    return dec_eq(books_expected(&half->books, trade->instrument, trade->key), books_signed(trade->side, trade->position.quantity));
}

/* Nobody else's position stands under the trade's key, and none of ours against it. What a larger stop could then take beyond its
 * own is another trade's of ours, on the way down that fills its own entry first, and is booked as that. */
static bool among_ours(const order_half_t *half, const book_trade_t *trade)
{
    for (uint32_t i = 0; i < half->books.trade_count; i++) {
        const book_trade_t *other = &half->books.trades[i];
        if (other->instrument == trade->instrument && other->key == trade->key && other->side != trade->side &&
            dec_sign(other->position.quantity) > 0) {
            return false;
        }
    }
    return dec_is_zero(half->books.symbols[trade->instrument].foreign[trade->key]);
}

/* The price that the venue takes nearest to the level, on the side where it fires no later. */
static dec_t on_tick(const instrument_t *instrument, leg_t leg, position_side_t side, dec_t level)
{
    dec_t price = level;
    const bool up = (leg == LEG_STOP) == (side == SIDE_LONG);
    if (instrument == NULL || dec_sign(instrument->tick_size) <= 0 || dec_is_multiple(level, instrument->tick_size) ||
        dec_quantise(level, instrument->tick_size, up ? DEC_ROUND_CEILING : DEC_ROUND_FLOOR, &price) != RESULT_OK ||
        dec_sign(price) <= 0) {
        return level;
    }
    return price;
}

/* What the entry may still bring. */
static dec_t to_come(order_half_t *half, const book_trade_t *trade)
{
    const book_order_t *entry = half_entry_of(half, trade);
    if (trade->exit != EXIT_NONE || trade->laddering || trade->entry_end != EXIT_NONE || entry == NULL ||
        !order_state_is_live(entry->state)) {
        return DEC_ZERO;
    }
    return dec_max(dec_minus(entry->spec.quantity, entry->filled), DEC_ZERO);
}

static bool moves(order_half_t *half, const book_trade_t *trade)
{
    const bool at_rest = trade->laddering || half->now_ns - trade->desk.moved_ns >= HALF_REST_NS; /* a ladder row names its rest */
    return trade->exit != EXIT_NONE || half_trade_pending(half, trade) || !at_rest;
}

/* One without a quantity stands already: the venue takes one of each kind only. */
static bool close_form_stands(const order_half_t *half, const book_trade_t *trade, leg_t leg)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        if (order->trade == trade->id && order->spec.leg == leg && order->spec.reduce == CLOSE_POSITION &&
            order_state_is_live(order->state)) {
            return true;
        }
    }
    return false;
}

/* More is to come under a key of its own where nobody else holds: one order stands for all of it by naming no quantity. */
static bool is_whole_key(order_half_t *half, const book_trade_t *trade)
{
    return trade->key != POSITION_BOTH && !trade->desk.exact_only && dec_sign(to_come(half, trade)) > 0;
}

half_wanted_t half_want(order_half_t *half, const book_trade_t *trade, leg_t leg)
{
    const instrument_t *instrument = half_instrument(half, trade->instrument);
    const dec_t level = leg == LEG_STOP ? trade->stop : trade->target;
    /* All of it, or what a ladder row leaves. */
    const dec_t held = trade->laddering ? dec_min(trade->rest, trade->position.quantity) : trade->position.quantity;
    const bool alone = half_holds_alone(half, trade);
    half_wanted_t wanted = {.leg = leg,
                            .level = level,
                            .price = on_tick(instrument, leg, trade->side, level),
                            .least = held,
                            .quantity = held,
                            .without_quantity = (alone && trade->key == POSITION_BOTH) || is_dust(half, trade)};
    if (dec_sign(held) <= 0) {
        return wanted;
    }
    wanted.may_exceed = among_ours(half, trade) && trade->key == POSITION_BOTH && !trade->desk.exact_only &&
                        half->books.names[trade->instrument].kind != INSTRUMENT_SPOT;
    wanted.moves = moves(half, trade);
    if (wanted.may_exceed && instrument != NULL) {
        const dec_t whole = dec_plus(held, to_come(half, trade));
        const dec_t most = dec_sign(instrument->market_quantity_max) > 0 ? instrument->market_quantity_max : whole;
        wanted.quantity = dec_max(held, dec_min(whole, most));
    }
    wanted.without_quantity = wanted.without_quantity || (alone && wanted.moves);
    if (alone && is_whole_key(half, trade) && !close_form_stands(half, trade, leg)) {
        wanted.quantity = DEC_ZERO;
        return wanted;
    }
    if (dec_eq(half_orderable(half, trade->instrument, wanted.quantity), wanted.quantity)) {
        return wanted;
    }
    const dec_t orderable = half_orderable(half, trade->instrument, held);
    wanted.off_step = alone && !dec_eq(orderable, held);
    wanted.without_quantity = wanted.without_quantity || wanted.off_step;
    if (wanted.off_step && (dec_is_zero(orderable) || !close_form_stands(half, trade, leg))) {
        wanted.quantity = DEC_ZERO;
    } else if (dec_sign(orderable) > 0) {
        wanted.quantity = orderable;
    } else {
        wanted.quantity = held;
    }
    return wanted;
}

/* order_half_level.c: a stop or target moved by a person. What would take the protection away is refused with its reason, before
 * anything has changed; what only costs more than planned needs the person's explicit yes. The stop in force stays at the venue
 * until the new one stands there (order_half_protect.c).
 */
#include "core/base/assert.h"
#include "core/engine/order_half_parts.h"
#include "core/risk/liquidation.h"

static bool refuse(level_refusal_t why, dec_t held_against, level_refusal_t *refusal, dec_t *bound)
{
    *refusal = why;
    *bound = held_against;
    return false;
}

/* True when `price` is farther from the market on the losing side than `than`. */
static bool is_wider(position_side_t side, dec_t price, dec_t than)
{
    return side == SIDE_LONG ? dec_lt(price, than) : dec_gt(price, than);
}

static dec_t entry_of(const book_trade_t *trade)
{
    return dec_sign(trade->position.quantity) > 0 ? position_average(&trade->position) : trade->entry;
}

static bool check_price(const instrument_t *instrument, dec_t price, level_refusal_t *refusal, dec_t *bound)
{
    if (dec_sign(price) <= 0 || !dec_is_multiple(price, instrument->tick_size)) {
        return refuse(LEVEL_REFUSAL_OFF_TICK, instrument->tick_size, refusal, bound);
    }
    if (dec_lt(price, instrument->price_min)) {
        return refuse(LEVEL_REFUSAL_PRICE_LIMIT, instrument->price_min, refusal, bound);
    }
    if (dec_sign(instrument->price_max) > 0 && dec_gt(price, instrument->price_max)) {
        return refuse(LEVEL_REFUSAL_PRICE_LIMIT, instrument->price_max, refusal, bound);
    }
    return true;
}

/* A stop nearer than the one in force passes: it can only make things safer. */
static bool check_distance(const order_half_t *half, const book_trade_t *trade, dec_t stop, level_refusal_t *refusal, dec_t *bound)
{
    const dec_t entry = entry_of(trade);
    dec_t farthest = DEC_ZERO, way = DEC_ZERO;
    if (dec_sign(trade->liquidation) > 0 &&
        (liquidation_farthest_stop(trade->liquidation, entry, half->risk.liquidation_buffer_pct, &farthest) != RESULT_OK ||
         is_wider(trade->side, stop, farthest))) {
        return refuse(LEVEL_REFUSAL_BEYOND_LIQUIDATION, farthest, refusal, bound);
    }
    if (dec_sign(half->risk.stop_pct_max) <= 0) {
        return true;
    }
    const result_t result = dec_mul_div(entry, half->risk.stop_pct_max, dec_from_int(100), DEC_ROUND_DOWN, &way);
    farthest = trade->side == SIDE_LONG ? dec_minus(entry, way) : dec_plus(entry, way);
    return (result == RESULT_OK && !is_wider(trade->side, stop, farthest)) ||
           refuse(LEVEL_REFUSAL_TOO_FAR, farthest, refusal, bound);
}

static bool may_move(const order_half_t *half, const book_trade_t *trade, const order_command_t *command, level_refusal_t *refusal,
                     dec_t *bound)
{
    const instrument_t *instrument = half_instrument(half, trade->instrument);
    const bool is_stop = command->kind == COMMAND_MOVE_STOP;
    const dec_t stop = is_stop ? command->price : trade->stop;
    const dec_t target = is_stop ? trade->target : command->price;
    const half_price_t *price = &half->prices[trade->instrument];
    if (!half->risk_known || instrument == NULL || dec_sign(instrument->tick_size) <= 0 || trade->purpose != TRADE_PURPOSE_SIGNAL ||
        trade->exit != EXIT_NONE) {
        return refuse(LEVEL_REFUSAL_NOT_MOVABLE, DEC_ZERO, refusal, bound);
    }
    if (!check_price(instrument, command->price, refusal, bound)) {
        return false;
    }
    if (!is_wider(trade->side, stop, target)) {
        return refuse(LEVEL_REFUSAL_CROSSED, is_stop ? target : stop, refusal, bound);
    }
    const bool widens = is_stop && is_wider(trade->side, stop, trade->stop);
    if (widens && !check_distance(half, trade, stop, refusal, bound)) {
        return false;
    }
    if (!command->sure && price->mark_ns != 0 &&
        order_half_fires_at_once(trade->side, command->kind, command->price, price->mark)) {
        return refuse(LEVEL_REFUSAL_FIRES_AT_ONCE, price->mark, refusal, bound);
    }
    if (!command->sure && widens) {
        return refuse(LEVEL_REFUSAL_WIDENS, trade->stop, refusal, bound);
    }
    return true;
}

static result_t set_levels(order_half_t *half, const book_trade_t *trade, dec_t stop, dec_t target, const char *cause)
{
    order_record_t *record = half_record(half, RECORD_TRADE_LEVELS, trade->id, trade->instrument);
    record->levels = (record_levels_t){.stop = stop, .target = target};
    half_text(record->levels.cause, sizeof record->levels.cause, cause);
    return half_commit(half, record);
}

result_t half_move_level(order_half_t *half, const order_command_t *command, level_refusal_t *refusal, dec_t *bound)
{
    book_trade_t *trade = books_trade(&half->books, command->trade);
    if (trade == NULL) {
        return RESULT_NOT_FOUND;
    }
    if (!may_move(half, trade, command, refusal, bound)) {
        return *refusal == LEVEL_REFUSAL_NOT_MOVABLE ? RESULT_BAD_STATE : RESULT_BAD_ARGUMENT;
    }
    return command->kind == COMMAND_MOVE_STOP ? set_levels(half, trade, command->price, trade->target, command->principal)
                                              : set_levels(half, trade, trade->stop, command->price, command->principal);
}

bool half_level_back(order_half_t *half, book_trade_t *trade, const char *cause)
{
    for (uint32_t i = 0; i < half->books.order_count; i++) {
        const book_order_t *order = &half->books.orders[i];
        const bool stands = order->trade == trade->id && order->spec.leg == LEG_STOP &&
                            (order->state == ORDER_NEW || order->state == ORDER_PARTIALLY_FILLED) &&
                            order->algo == PRIVATE_STATUS_NONE;
        const bool whole = order->spec.reduce == CLOSE_POSITION ||
                           dec_ge(dec_minus(order->spec.quantity, order->filled), trade->position.quantity);
        if (stands && whole && !dec_eq(order->spec.trigger, trade->stop)) {
            const result_t result = set_levels(half, trade, order->spec.trigger, trade->target, cause);
            ASSERT(result == RESULT_OK);
            return true;
        }
    }
    return false;
}

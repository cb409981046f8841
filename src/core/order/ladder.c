/* ladder.c: where a row fires and what it does. */
#include "core/order/ladder.h"

#include "core/base/assert.h"

/* entry +- pct of the way to the target. */
static result_t on_the_way(const ladder_position_t *position, dec_t pct, dec_t *price)
{
    dec_t way = DEC_ZERO, part = DEC_ZERO;
    result_t result = dec_sub(position->target, position->entry, &way);
    if (result == RESULT_OK && dec_sign(way) != (position->side == SIDE_LONG ? 1 : -1)) {
        result = RESULT_BAD_ARGUMENT;
    }
    if (result == RESULT_OK) {
        result = dec_mul_div(way, pct, dec_from_int(100), DEC_ROUND_HALF_EVEN, &part);
    }
    return result == RESULT_OK ? dec_add(position->entry, part, price) : result;
}

result_t ladder_trigger(const ladder_position_t *position, const ladder_row_t *row, dec_t *price)
{
    ASSERT(position != NULL && row != NULL && price != NULL);
    return on_the_way(position, row->trigger_pct, price);
}

result_t ladder_step(const ladder_position_t *position, const ladder_row_t *row, const instrument_t *instrument,
                     ladder_step_t *step)
{
    ASSERT(position != NULL && row != NULL && instrument != NULL && step != NULL);
    const dec_t grid = dec_max(instrument->lot_step, instrument->market_step);
    const dec_t least = dec_max(instrument->quantity_min, instrument->market_quantity_min);
    ladder_step_t made = {.close = DEC_ZERO, .rest = position->position, .stop = position->stop};
    result_t result = dec_mul_div(position->position, row->close_pct, dec_from_int(100), DEC_ROUND_DOWN, &made.close);
    if (result == RESULT_OK) {
        result = dec_quantise(made.close, grid, DEC_ROUND_DOWN, &made.close);
    }
    if (result == RESULT_OK && dec_lt(made.close, least)) {
        made.close = DEC_ZERO; /* too small to close: only the stop moves */
    }
    if (result == RESULT_OK) {
        made.rest = dec_minus(position->position, made.close);
        if (dec_lt(made.rest, least)) {
            made.close = position->position;
            made.rest = DEC_ZERO;
        }
        result = on_the_way(position, row->stop_pct, &made.stop);
    }
    if (result == RESULT_OK) {
        result = dec_quantise(made.stop, instrument->tick_size, position->side == SIDE_LONG ? DEC_ROUND_CEILING : DEC_ROUND_FLOOR,
                              &made.stop);
    }
    if (result == RESULT_OK) {
        made.stop = position->side == SIDE_LONG ? dec_max(made.stop, position->stop) : dec_min(made.stop, position->stop);
        *step = made;
    }
    return result;
}

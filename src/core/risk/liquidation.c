/* liquidation.c: the venue's formula on its own brackets. */
#include "core/risk/liquidation.h"

#include "core/base/assert.h"

uint32_t liquidation_leverage(const instrument_t *instrument, dec_t notional, uint32_t configured)
{
    const leverage_bracket_t *bracket = instrument_bracket(instrument, notional);
    if (bracket == NULL) {
        return 0;
    }
    return bracket->leverage_max < configured ? bracket->leverage_max : configured;
}

static result_t price_in_bracket(const leverage_bracket_t *bracket, position_side_t side, dec_t quantity, dec_t entry, dec_t margin,
                                 dec_t *price)
{
    const bool is_long = side == SIDE_LONG;
    dec_t value = DEC_ZERO, above = DEC_ZERO, below = DEC_ZERO;
    result_t result = dec_mul(quantity, entry, DEC_ROUND_HALF_EVEN, &value);
    if (result == RESULT_OK) {
        result = dec_add(margin, bracket->maintenance_cum, &above);
    }
    if (result == RESULT_OK) {
        result = is_long ? dec_sub(value, above, &above) : dec_add(value, above, &above);
    }
    if (result != RESULT_OK) {
        return result;
    }
    /* Both sides of the fraction are turned so that they are positive: (Q entry -+ margin) / (Q (1 -+ rate)). */
    dec_t factor = is_long ? dec_minus(DEC_ONE, bracket->maintenance_rate) : dec_plus(DEC_ONE, bracket->maintenance_rate);
    if (dec_sign(above) <= 0) {
        *price = DEC_ZERO;
        return RESULT_OK;
    }
    result = dec_mul(quantity, factor, DEC_ROUND_HALF_EVEN, &below);
    return result == RESULT_OK ? dec_div(above, below, is_long ? DEC_ROUND_UP : DEC_ROUND_DOWN, price) : result;
}

result_t liquidation_price(const instrument_t *instrument, position_side_t side, dec_t quantity, dec_t entry, dec_t margin,
                           dec_t *price)
{
    ASSERT(instrument != NULL && price != NULL && dec_sign(quantity) > 0 && dec_sign(entry) > 0 && dec_sign(margin) >= 0);
    dec_t at = entry, estimate = DEC_ZERO;
    /* The bracket depends on the price and the price on the bracket; the notional moves by less than a bracket, so this settles at
     * once. */
    for (unsigned turn = 0; turn < INSTRUMENT_BRACKETS_MAX; turn++) {
        dec_t notional = DEC_ZERO;
        result_t result = dec_mul(quantity, at, DEC_ROUND_HALF_EVEN, &notional);
        if (result != RESULT_OK) {
            return result;
        }
        const leverage_bracket_t *bracket = instrument_bracket(instrument, notional);
        if (bracket == NULL) {
            return RESULT_NOT_FOUND;
        }
        result = price_in_bracket(bracket, side, quantity, entry, margin, &estimate);
        if (result != RESULT_OK) {
            return result;
        }
        if (dec_eq(estimate, at)) {
            break;
        }
        at = estimate;
        if (dec_is_zero(at)) {
            break;
        }
    }
    *price = estimate;
    return RESULT_OK;
}

result_t liquidation_farthest_stop(dec_t liquidation, dec_t entry, dec_t buffer_pct, dec_t *farthest)
{
    dec_t way = DEC_ZERO;
    const dec_t whole = dec_from_int(100);
    const result_t result = dec_mul_div(dec_minus(liquidation, entry), dec_minus(whole, buffer_pct), whole, DEC_ROUND_DOWN, &way);
    return result == RESULT_OK ? dec_add(entry, way, farthest) : result;
}

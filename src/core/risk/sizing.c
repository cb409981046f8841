/* sizing.c: risk percent to quantity. Every rounding goes against the size and for the user. */
#include "core/risk/sizing.h"

#include "core/base/assert.h"

dec_t sizing_step(const instrument_t *instrument)
{
    return dec_max(instrument->lot_step, instrument->market_step);
}

dec_t sizing_quantity_min(const instrument_t *instrument)
{
    return dec_max(instrument->quantity_min, instrument->market_quantity_min);
}

/* Loss of one unit when the stop is hit: distance, fees of entry and stop, slippage of the stop; rounded up. */
static result_t risk_of_one_unit(const sizing_request_t *request, dec_t *unit)
{
    dec_t sum = dec_abs(dec_minus(request->entry, request->stop));
    const dec_t hundred = dec_from_int(100);
    const struct {
        dec_t price, pct;
    } parts[] = {
        {request->entry, request->fee_pct},
        {request->stop, request->fee_pct},
        {request->stop, request->slippage_pct},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        dec_t part = DEC_ZERO;
        result_t result = dec_mul_div(parts[i].price, parts[i].pct, hundred, DEC_ROUND_UP, &part);
        if (result == RESULT_OK) {
            result = dec_add(sum, part, &sum);
        }
        if (result != RESULT_OK) {
            return result;
        }
    }
    *unit = sum;
    return RESULT_OK;
}

/* The smallest order the venue takes at this price. */
static result_t smallest_quantity(const instrument_t *instrument, dec_t price, dec_t *quantity)
{
    dec_t for_notional = DEC_ZERO;
    result_t result = dec_div(instrument->notional_min, price, DEC_ROUND_UP, &for_notional);
    if (result != RESULT_OK) {
        return result;
    }
    dec_t least = dec_max(sizing_quantity_min(instrument), for_notional);
    return dec_quantise(least, sizing_step(instrument), DEC_ROUND_UP, quantity);
}

static dec_t largest_quantity(const instrument_t *instrument, dec_t quantity)
{
    /* The position must fit into one market order, because that is how its stop and its exit leave. */
    const dec_t caps[] = {instrument->quantity_max, instrument->market_quantity_max};
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        if (dec_sign(caps[i]) > 0) {
            quantity = dec_min(quantity, caps[i]);
        }
    }
    return quantity;
}

result_t sizing_fit(const instrument_t *instrument, dec_t price, dec_t quantity, dec_t *fitted)
{
    ASSERT(instrument != NULL && fitted != NULL);
    if (dec_sign(price) <= 0 || dec_sign(sizing_step(instrument)) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t cut = DEC_ZERO, smallest = DEC_ZERO;
    result_t result = dec_quantise(largest_quantity(instrument, quantity), sizing_step(instrument), DEC_ROUND_DOWN, &cut);
    if (result == RESULT_OK) {
        result = smallest_quantity(instrument, price, &smallest);
    }
    if (result == RESULT_OK) {
        *fitted = dec_lt(cut, smallest) ? DEC_ZERO : cut;
    }
    return result;
}

result_t sizing_risk(const sizing_request_t *request, dec_t quantity, dec_t *amount)
{
    dec_t unit = DEC_ZERO;
    const result_t result = risk_of_one_unit(request, &unit);
    return result == RESULT_OK ? dec_mul(quantity, unit, DEC_ROUND_UP, amount) : result;
}

result_t sizing_percent_needed(const sizing_request_t *request, const instrument_t *instrument, dec_t *needed)
{
    dec_t smallest = DEC_ZERO, loss = DEC_ZERO;
    result_t result = smallest_quantity(instrument, request->entry, &smallest);
    if (result == RESULT_OK) {
        result = sizing_risk(request, dec_is_zero(smallest) ? sizing_step(instrument) : smallest, &loss);
    }
    if (result == RESULT_OK) {
        result = dec_mul_div(loss, dec_from_int(100), request->basis, DEC_ROUND_UP, needed);
    }
    return result;
}

result_t sizing_compute(const sizing_request_t *request, const instrument_t *instrument, sizing_t *out)
{
    ASSERT(request != NULL && instrument != NULL && out != NULL);
    if (dec_sign(request->basis) <= 0 || dec_sign(request->risk_pct) <= 0 || dec_sign(request->entry) <= 0 ||
        dec_sign(request->stop) <= 0 || dec_eq(request->entry, request->stop) || dec_sign(request->fee_pct) < 0 ||
        dec_sign(request->slippage_pct) < 0 || dec_sign(sizing_step(instrument)) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t unit = DEC_ZERO, unit_times_hundred = DEC_ZERO, quantity = DEC_ZERO, smallest = DEC_ZERO;
    result_t result = risk_of_one_unit(request, &unit);
    if (result == RESULT_OK) {
        result = dec_mul(unit, dec_from_int(100), DEC_ROUND_UP, &unit_times_hundred);
    }
    if (result == RESULT_OK) {
        result = dec_mul_div(request->basis, request->risk_pct, unit_times_hundred, DEC_ROUND_DOWN, &quantity);
    }
    if (result == RESULT_OK) {
        result = dec_quantise(largest_quantity(instrument, quantity), sizing_step(instrument), DEC_ROUND_DOWN, &quantity);
    }
    if (result == RESULT_OK) {
        result = smallest_quantity(instrument, request->entry, &smallest);
    }
    if (result != RESULT_OK) {
        return result;
    }
    sizing_t sizing = {.risk_unit = unit};
    if (dec_lt(quantity, smallest) || dec_is_zero(quantity)) {
        result = sizing_percent_needed(request, instrument, &sizing.risk_pct_needed);
    } else {
        sizing.quantity = quantity;
        result = dec_mul(quantity, unit, DEC_ROUND_UP, &sizing.risk_amount);
    }
    if (result == RESULT_OK) {
        *out = sizing;
    }
    return result;
}

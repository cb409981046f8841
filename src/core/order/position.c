/* position.c: a position as (quantity, cost). */
#include "core/order/position.h"

#include "core/base/assert.h"

void position_init(position_t *position, position_side_t side)
{
    ASSERT(position != NULL);
    *position = (position_t){.side = side};
}

result_t position_enter(position_t *position, dec_t quantity, dec_t price)
{
    ASSERT(position != NULL);
    if (dec_sign(quantity) <= 0 || dec_sign(price) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    position_t next = *position;
    dec_t cost = DEC_ZERO;
    result_t result = dec_mul(quantity, price, DEC_ROUND_HALF_EVEN, &cost);
    if (result == RESULT_OK) {
        result = dec_add(next.quantity, quantity, &next.quantity);
    }
    if (result == RESULT_OK) {
        result = dec_add(next.cost, cost, &next.cost);
    }
    if (result == RESULT_OK) {
        result = dec_add(next.entered_quantity, quantity, &next.entered_quantity);
    }
    if (result == RESULT_OK) {
        result = dec_add(next.entered_cost, cost, &next.entered_cost);
    }
    if (result == RESULT_OK) {
        *position = next;
    }
    return result;
}

result_t position_leave(position_t *position, dec_t quantity, dec_t price)
{
    ASSERT(position != NULL);
    if (dec_sign(quantity) <= 0 || dec_sign(price) <= 0 || dec_gt(quantity, position->quantity)) {
        return RESULT_BAD_ARGUMENT;
    }
    position_t next = *position;
    dec_t proceeds = DEC_ZERO, cost = position->cost, profit = DEC_ZERO;
    result_t result = dec_mul(quantity, price, DEC_ROUND_HALF_EVEN, &proceeds);
    if (result == RESULT_OK && dec_lt(quantity, position->quantity)) {
        result = dec_mul_div(position->cost, quantity, position->quantity, DEC_ROUND_HALF_EVEN, &cost);
    }
    if (result == RESULT_OK) {
        result = position->side == SIDE_LONG ? dec_sub(proceeds, cost, &profit) : dec_sub(cost, proceeds, &profit);
    }
    if (result == RESULT_OK) {
        next.quantity = dec_minus(next.quantity, quantity);
        next.cost = dec_minus(next.cost, cost);
        result = dec_add(next.left_quantity, quantity, &next.left_quantity);
    }
    if (result == RESULT_OK) {
        result = dec_add(next.left_proceeds, proceeds, &next.left_proceeds);
    }
    if (result == RESULT_OK) {
        result = dec_add(next.realised, profit, &next.realised);
    }
    if (result == RESULT_OK) {
        *position = next;
    }
    return result;
}

dec_t position_average(const position_t *position)
{
    ASSERT(position != NULL);
    dec_t average = DEC_ZERO;
    if (!dec_is_zero(position->quantity) &&
        dec_div(position->cost, position->quantity, DEC_ROUND_HALF_EVEN, &average) != RESULT_OK) {
        return DEC_ZERO; /* cost / quantity of prices below 10^20 stays below 10^20 */
    }
    return average;
}

result_t position_unrealised(const position_t *position, dec_t price, dec_t *profit)
{
    ASSERT(position != NULL && profit != NULL);
    dec_t value = DEC_ZERO;
    result_t result = dec_mul(position->quantity, price, DEC_ROUND_HALF_EVEN, &value);
    if (result != RESULT_OK) {
        return result;
    }
    return position->side == SIDE_LONG ? dec_sub(value, position->cost, profit) : dec_sub(position->cost, value, profit);
}

/* position.h: a position as the sum of its fills: (quantity, cost), never an average that drifts.
 *
 * Entering adds quantity and cost; leaving takes the cost in proportion, cost * leaving / quantity rounded half-even at 18 digits;
 * the last fill takes all that is left, so that a flat position has no cost. Profit is that of the side, fees not in it.
 */
#pragma once

#include "core/base/dec.h"
#include "core/base/result.h"
#include "core/signal/signal.h"

typedef struct {
    position_side_t side;
    dec_t quantity;                       /* held now, >= 0 */
    dec_t cost;                           /* of what is held */
    dec_t entered_quantity, entered_cost; /* sums over all entries */
    dec_t left_quantity, left_proceeds;   /* sums over all exits */
    dec_t realised;                       /* own computation */
} position_t;

void position_init(position_t *position, position_side_t side);

/* quantity, price > 0. A failed call changes nothing. */
result_t position_enter(position_t *position, dec_t quantity, dec_t price);

/* RESULT_BAD_ARGUMENT when quantity is more than is held: a position never goes through zero. */
result_t position_leave(position_t *position, dec_t quantity, dec_t price);

/* Average entry of what is held, half-even at 18 digits; 0 when flat. */
dec_t position_average(const position_t *position);

/* (price - average) * quantity for a LONG, mirrored for SHORT: quantity * price - cost. Funding and fees not in it. */
result_t position_unrealised(const position_t *position, dec_t price, dec_t *profit);

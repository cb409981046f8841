/* ladder.h: the arithmetic of the 80/80/50 ladder (ORD-4, R216-R223), apart from when and how its orders are sent.
 *
 * Progress is measured from the real average entry to the original target. The closed part is cut toward zero to the step; a rest
 * that could not be held or closed on its own makes the row close all. The new stop never loosens the old one.
 */
#pragma once

#include "core/market/instrument.h"
#include "core/risk/limits.h"
#include "core/signal/signal.h"

typedef struct {
    position_side_t side;
    dec_t entry;    /* real average */
    dec_t target;   /* original */
    dec_t position; /* held now, > 0 */
    dec_t stop;     /* in force */
} ladder_position_t;

typedef struct {
    dec_t close, rest; /* close + rest == position; close may be 0 (then only the stop moves) */
    dec_t stop;        /* on the tick, rounded to the protecting side */
} ladder_step_t;

/* The price at which the row fires. RESULT_BAD_ARGUMENT: the target is not beyond the entry. */
result_t ladder_trigger(const ladder_position_t *position, const ladder_row_t *row, dec_t *price);

result_t ladder_step(const ladder_position_t *position, const ladder_row_t *row, const instrument_t *instrument,
                     ladder_step_t *step);

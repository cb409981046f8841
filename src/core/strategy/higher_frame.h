/* higher_frame.h: bars of a longer timeframe made from those that a strategy sees, closed ones only.
 *
 * `factor` bars of the own timeframe make one, aligned to UTC as the exchanges' are. The bar is handed out together with the own
 * bar that closes it, never before, so nothing looks ahead. A first bar whose beginning was not seen is left out.
 */
#pragma once

#include "core/indicator/registry.h"

typedef struct {
    uint32_t factor;
    uint32_t bars; /* own bars in `building`; 0: waiting for a beginning */
    bool started;
    int64_t length_ns, open_last_ns;
    indicator_bar_t building;
} higher_frame_t;

/* factor in [2, 1000]. */
void higher_frame_init(higher_frame_t *frame, uint32_t factor);

/* Consumes one closed bar; bars follow one another without a gap. True and *closed when it closes a longer one. */
bool higher_frame_next(higher_frame_t *frame, const indicator_bar_t *bar, indicator_bar_t *closed);

/* Own bars after which `longer` bars of the longer timeframe have surely closed. */
uint32_t higher_frame_warm_up(uint32_t factor, uint32_t longer);

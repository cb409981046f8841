/* donchian.h: Donchian channel: the highest high and the lowest low of the last `period` bars, and their middle.
 *
 * R. Donchian's four-week rule (1960). This bar is part of its own channel, so a breakout compares with the channel of the bar
 * before.
 */
#pragma once

#include "core/indicator/extreme.h"
#include "core/indicator/registry.h"

typedef struct {
    extreme_t high, low;
} donchian_t;

typedef struct {
    double upper, middle, lower;
} donchian_value_t;

/* slots: room for 2 x period of them, borrowed. */
void donchian_init(donchian_t *donchian, uint32_t period, extreme_slot_t *slots);

/* Consumes one bar; three NAN while warming up. O(1) amortised. */
donchian_value_t donchian_next(donchian_t *donchian, double high, double low);

extern const indicator_kind_t indicator_donchian;

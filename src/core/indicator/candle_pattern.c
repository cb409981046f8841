/* candle_pattern.c: the state that all candlestick patterns have; see candle_pattern.h. */
#include "core/indicator/candle_pattern.h"

void candle_kind_init(void *state, const double *options)
{
    (void)options;
    *(candles_t *)state = (candles_t){.newest = CANDLES_KEPT - 1};
}

void candle_kind_init_penetration(void *state, const double *options)
{
    *(candles_t *)state = (candles_t){.newest = CANDLES_KEPT - 1, .penetration = options[0]};
}

size_t candle_kind_state_size(const double *options)
{
    (void)options;
    return sizeof(candles_t);
}

void candle_room_turn(candles_t *candles)
{
    const uint32_t first = candles->newest + 1 - CANDLES_KEPT;
    memcpy(candles->bars, candles->bars + first, CANDLES_KEPT * sizeof candles->bars[0]);
    for (uint32_t range = 0; range < RANGE_KINDS; range++) {
        memcpy(candles->ranges[range], candles->ranges[range] + first, CANDLES_KEPT * sizeof(double));
    }
    candles->newest = CANDLES_KEPT - 1;
}

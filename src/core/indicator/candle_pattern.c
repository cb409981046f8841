/* candle_pattern.c: the state that all candlestick patterns have; see candle_pattern.h. */
#include "core/indicator/candle_pattern.h"

void candle_kind_init(void *state, const double *options)
{
    (void)options;
    *(candle_state_t *)state = (candle_state_t){.newest = CANDLES_KEPT - 1};
}

void candle_kind_init_penetration(void *state, const double *options)
{
    *(candle_state_t *)state = (candle_state_t){.newest = CANDLES_KEPT - 1, .penetration = options[0]};
}

size_t candle_kind_state_size(const double *options)
{
    (void)options;
    return sizeof(candle_state_t);
}

void candle_room_turn(candle_state_t *state)
{
    double *const columns[] = {state->open,      state->high,      state->low,       state->close,
                               state->ranges[0], state->ranges[1], state->ranges[2], state->means[0],
                               state->means[1],  state->means[2],  state->means[3]};
    const uint32_t first = state->newest + 1 - CANDLES_KEPT;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        memcpy(columns[i], columns[i] + first, CANDLES_KEPT * sizeof(double));
    }
    state->newest = CANDLES_KEPT - 1;
}

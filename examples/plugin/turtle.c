/* turtle.c: an example of a C plug-in strategy for PATRIOT: the breakout of a channel, after R. Donchian and the "turtles" of 1983.
 *
 * LONG with the first close above the highest high of the `channel` bars before, SHORT with the first close below their lowest low;
 * only bars that come after a close inside the channel count as first. The stop stands in the middle of the channel, the target
 * follows from option reward.
 *
 * confidence = 0.5 + 0.5 x min(1, distance beyond the channel / (0.1 x width of the channel)), in [0.5, 1]
 */
#include <math.h>
#include <string.h>

#include "patriot/strategy.h"

enum { CHANNEL_MAX = 250 };

enum { OPTION_CHANNEL };

/* All that lasts from bar to bar. No pointer stands in it. */
typedef struct {
    uint32_t count, at;  /* bars kept, place of the oldest */
    int32_t was_outside; /* the last close */
    double highs[CHANNEL_MAX], lows[CHANNEL_MAX];
} turtle_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[OPTION_CHANNEL] + 1;
}

static void init(void *state, const double *options)
{
    (void)options;
    memset(state, 0, sizeof(turtle_t));
}

static void keep(turtle_t *turtle, uint32_t channel, const patriot_bar_t *bar)
{
    turtle->highs[turtle->at] = bar->high;
    turtle->lows[turtle->at] = bar->low;
    turtle->at = (turtle->at + 1) % channel;
    turtle->count += turtle->count < channel;
}

static void next(void *state, const double *options, const patriot_bar_t *bar, patriot_view_t *view)
{
    turtle_t *turtle = state;
    const uint32_t channel = (uint32_t)options[OPTION_CHANNEL];
    if (turtle->count < channel) {
        keep(turtle, channel, bar);
        return;
    }
    double highest = turtle->highs[0], lowest = turtle->lows[0];
    for (uint32_t i = 1; i < channel; i++) {
        highest = fmax(highest, turtle->highs[i]);
        lowest = fmin(lowest, turtle->lows[i]);
    }
    const double beyond = bar->close > highest ? bar->close - highest : bar->close < lowest ? lowest - bar->close : 0.0;
    if (beyond > 0.0 && !turtle->was_outside) {
        const double width = highest - lowest;
        view->direction = bar->close > highest ? PATRIOT_LONG : PATRIOT_SHORT;
        view->confidence = 0.5 + 0.5 * fmin(1.0, beyond / (0.1 * width));
        view->stop_price = (highest + lowest) / 2.0;
        view->inputs[0] = highest;
        view->inputs[1] = lowest;
    }
    turtle->was_outside = beyond > 0.0;
    keep(turtle, channel, bar);
}

static const patriot_option_t options[] = {
    [OPTION_CHANNEL] = {"channel", "bars of the channel", PATRIOT_WHOLE, 0, 20, 2, CHANNEL_MAX},
};

static const char *const inputs[] = {"channel.high", "channel.low"};

PATRIOT_STRATEGY_ABI;

const patriot_strategy_t patriot_strategy = {
    .name = "turtle",
    .title = "breakout of a price channel",
    .rule =
        "the first close beyond the high or low of the bars before; stop in the middle of the channel; confidence = 0.5 + 0.5 x "
        "min(1, distance beyond / (0.1 x width))",
    .author = "the PATRIOT examples",
    .version = "1.0",
    .options = options,
    .inputs = inputs,
    .option_count = sizeof options / sizeof options[0],
    .input_count = sizeof inputs / sizeof inputs[0],
    .state_size = sizeof(turtle_t),
    .warm_up = warm_up,
    .init = init,
    .next = next,
};

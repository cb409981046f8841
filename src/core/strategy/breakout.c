/* breakout.c: out of the channel; see breakout.h. */
#include "core/strategy/breakout.h"

#include "core/indicator/atr.h"
#include "core/indicator/donchian.h"
#include "core/indicator/rolling.h"
#include "core/strategy/crossing.h"
#include "core/strategy/level_options.h"

enum {
    OPTION_PERIOD,
    OPTION_VOLUME,
    OPTION_VOLUME_FACTOR,
    OPTION_STRUCTURE,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

typedef struct {
    donchian_t channel;
    rolling_sum_t volume;
    atr_t atr;
    bool structure;
    double volume_period, volume_factor;
    donchian_value_t before; /* the channel of the bars before */
    double volume_mean;      /* of the bars before */
    direction_t outside;     /* where the bar before closed */
    extreme_slot_t *slots;   /* both in memory */
    double memory[];
} breakout_t;

static result_t check(const double *options, uint32_t *wrong)
{
    return level_options_check_at(options, OPTION_LEVELS, wrong);
}

static level_rules_t levels(const double *options)
{
    return level_options_rules(options + OPTION_LEVELS);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t warm_up(const double *options)
{
    return larger(larger((uint32_t)options[OPTION_PERIOD], (uint32_t)options[OPTION_VOLUME]),
                  (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]) +
           1;
}

static size_t state_size(const double *options)
{
    return sizeof(breakout_t) + (size_t)options[OPTION_VOLUME] * sizeof(double) +
           2 * (size_t)options[OPTION_PERIOD] * sizeof(extreme_slot_t);
}

static void init(void *state, const double *options)
{
    breakout_t *own = state;
    const uint32_t volume = (uint32_t)options[OPTION_VOLUME];
    *own = (breakout_t){.structure = options[OPTION_STRUCTURE] > 0.0,
                        .volume_period = options[OPTION_VOLUME],
                        .volume_factor = options[OPTION_VOLUME_FACTOR],
                        .before = {NAN, NAN, NAN},
                        .volume_mean = NAN,
                        .slots = (extreme_slot_t *)(own->memory + volume)};
    donchian_init(&own->channel, (uint32_t)options[OPTION_PERIOD], own->slots);
    rolling_sum_init(&own->volume, volume, own->memory);
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    breakout_t *own = state;
    const donchian_value_t channel = own->before;
    const double wanted = own->volume_factor * own->volume_mean;
    const direction_t outside_last = own->outside;
    const double atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    own->before = donchian_next(&own->channel, bar->high, bar->low);
    own->volume_mean = rolling_sum_next(&own->volume, bar->volume) / own->volume_period;
    own->outside = bar->close > channel.upper ? DIRECTION_LONG : bar->close < channel.lower ? DIRECTION_SHORT : DIRECTION_NONE;
    if (isnan(channel.upper) || isnan(wanted) || isnan(atr) || own->outside == DIRECTION_NONE || own->outside == outside_last ||
        bar->volume < wanted) {
        return;
    }
    const bool is_long = own->outside == DIRECTION_LONG;
    const double way = is_long ? bar->close - channel.upper : channel.lower - bar->close;
    *view = (strategy_view_t){
        .direction = own->outside,
        .confidence = 0.5 + 0.25 * share_of(way, 0.5 * atr) + 0.25 * share_of(bar->volume, 2.0 * wanted),
        .atr = atr,
        .stop_price = own->structure ? channel.middle : 0.0,
        .input_count = 4,
        .inputs = {{"channel.upper", channel.upper}, {"channel.lower", channel.lower}, {"volume.wanted", wanted}, {"atr", atr}},
    };
}

static const char *const words[] = {"channel, bars", "bars of the mean volume", "volume asked for, in means",
                                    "1: the stop is the middle of the channel, 0: as stop_atr says", LEVELS_WORDS};

const strategy_kind_t strategy_breakout = {
    .name = "Breakout",
    .aliases = "DONCHIAN BREAKOUT_DONCHIAN",
    .title = "channel breakout with volume",
    .rule = "the first close beyond the channel of the bars before, with volume; stop: the middle of the channel, or ATR; "
            "confidence = 0.5 + 0.25 x min(1, way beyond / (0.5 ATR)) + 0.25 x min(1, volume / (2 x the volume asked for))",
    .option_count = OPTION_COUNT,
    .options = {{"period", OPTION_WHOLE, 20, 2, 1000},
                {"volume", OPTION_WHOLE, 20, 1, 1000},
                {"volume_factor", OPTION_REAL, 1.5, 0, 100},
                {"structure", OPTION_WHOLE, 1, 0, 1},
                LEVELS_OPTIONS},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

/* macd_cross.c: the crossing of MACD and its signal line; see macd_cross.h. */
#include "core/strategy/macd_cross.h"

#include "core/strategy/option_order.h"

void macd_cross_init(macd_cross_t *cross, const double *options)
{
    *cross = (macd_cross_t){.side = 0};
    macd_init(&cross->macd, (uint32_t)options[CROSS_FAST], (uint32_t)options[CROSS_SLOW], (uint32_t)options[CROSS_SIGNAL]);
    atr_init(&cross->atr, (uint32_t)options[CROSS_LEVELS + LEVELS_ATR]);
}

macd_cross_view_t macd_cross_next(macd_cross_t *cross, const indicator_bar_t *bar)
{
    macd_cross_view_t view = {
        .macd = macd_next(&cross->macd, bar->close),
        .atr = atr_next(&cross->atr, bar->high, bar->low, bar->close),
    };
    if (isnan(view.macd.histogram) || isnan(view.atr)) {
        return view;
    }
    const double histogram = view.macd.histogram;
    const int side = histogram > 0.0 ? 1 : histogram < 0.0 ? -1 : cross->side;
    view.warm = cross->side != 0;
    view.side = side;
    if (view.warm && side != cross->side) {
        view.crossed = side > 0 ? DIRECTION_LONG : DIRECTION_SHORT;
    }
    if (view.warm && view.atr > 0.0) {
        double change = histogram > cross->histogram_last ? histogram - cross->histogram_last : cross->histogram_last - histogram;
        double quarters = change / (0.25 * view.atr);
        view.slope = quarters < 1.0 ? quarters : 1.0;
    }
    cross->side = side;
    cross->histogram_last = histogram;
    return view;
}

uint32_t macd_cross_warm_up(const double *options)
{
    const uint32_t macd = (uint32_t)options[CROSS_SLOW] + (uint32_t)options[CROSS_SIGNAL] - 2;
    const uint32_t atr = (uint32_t)options[CROSS_LEVELS + LEVELS_ATR];
    return (macd > atr ? macd : atr) + 1;
}

result_t macd_cross_check(const double *options, uint32_t *wrong)
{
    if (!option_is_below(options, CROSS_FAST, CROSS_SLOW, wrong)) {
        return RESULT_BAD_ARGUMENT;
    }
    return level_options_check_at(options, CROSS_LEVELS, wrong);
}

level_rules_t macd_cross_levels(const double *options)
{
    return level_options_rules(options + CROSS_LEVELS);
}

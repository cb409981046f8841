/* candle_one.c: candlestick patterns of one bar; see candle_pattern.h.
 */
#include "core/indicator/candle_pattern.h"

static double doji(const candles_t *candles)
{
    return candle_is_doji(candles, 0) ? 100 : 0;
}

static double dragonfly_doji(const candles_t *candles)
{
    return (candle_is_doji(candles, 0) & candle_has_no_upper_shadow(candles, 0) &
            (candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, 0)))
               ? 100
               : 0;
}

static double gravestone_doji(const candles_t *candles)
{
    return (candle_is_doji(candles, 0) & candle_has_no_lower_shadow(candles, 0) &
            (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, 0)))
               ? 100
               : 0;
}

static double long_legged_doji(const candles_t *candles)
{
    return (candle_is_doji(candles, 0) & ((candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) |
                                          (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0))))
               ? 100
               : 0;
}

static double rickshaw_man(const candles_t *candles)
{
    const double middle = candle_low(candles, 0) + (candle_high(candles, 0) - candle_low(candles, 0)) / 2.0;
    return (candle_is_doji(candles, 0) & (candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) &
            (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) &
            (candle_bottom(candles, 0) <= middle + candle_measure(candles, CANDLE_NEAR, 0)) &
            (candle_top(candles, 0) >= middle - candle_measure(candles, CANDLE_NEAR, 0)))
               ? 100
               : 0;
}

static double takuri(const candles_t *candles)
{
    return (candle_is_doji(candles, 0) & candle_has_no_upper_shadow(candles, 0) &
            (candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_VERY_LONG, 0)))
               ? 100
               : 0;
}

static double belt_hold(const candles_t *candles)
{
    return (candle_is_long(candles, 0) & candle_choose(candle_is_white(candles, 0), candle_has_no_lower_shadow(candles, 0),
                                                       candle_has_no_upper_shadow(candles, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double closing_marubozu(const candles_t *candles)
{
    return (candle_is_long(candles, 0) & candle_choose(candle_is_white(candles, 0), candle_has_no_upper_shadow(candles, 0),
                                                       candle_has_no_lower_shadow(candles, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double marubozu(const candles_t *candles)
{
    return (candle_is_long(candles, 0) & candle_has_no_upper_shadow(candles, 0) & candle_has_no_lower_shadow(candles, 0))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double long_line(const candles_t *candles)
{
    return (candle_is_long(candles, 0) & (candle_upper_shadow(candles, 0) < candle_measure(candles, CANDLE_SHADOW_SHORT, 0)) &
            (candle_lower_shadow(candles, 0) < candle_measure(candles, CANDLE_SHADOW_SHORT, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double short_line(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_upper_shadow(candles, 0) < candle_measure(candles, CANDLE_SHADOW_SHORT, 0)) &
            (candle_lower_shadow(candles, 0) < candle_measure(candles, CANDLE_SHADOW_SHORT, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double high_wave(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_VERY_LONG, 0)) &
            (candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_VERY_LONG, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double spinning_top(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_upper_shadow(candles, 0) > candle_body(candles, 0)) &
            (candle_lower_shadow(candles, 0) > candle_body(candles, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

CANDLE_KIND(doji, "doji", 10, ASKS_WHOLE);
CANDLE_KIND(dragonfly_doji, "dragonfly doji", 10, ASKS_WHOLE);
CANDLE_KIND(gravestone_doji, "gravestone doji", 10, ASKS_WHOLE);
CANDLE_KIND(long_legged_doji, "long-legged doji", 10, ASKS_WHOLE);
CANDLE_KIND(rickshaw_man, "rickshaw man", 10, ASKS_WHOLE | ASKS_WHOLE_5);
CANDLE_KIND(takuri, "takuri line", 10, ASKS_WHOLE);
CANDLE_KIND(belt_hold, "belt hold", 10, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(closing_marubozu, "closing marubozu", 10, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(marubozu, "marubozu", 10, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(long_line, "long line", 10, ASKS_BODY | ASKS_SHADOWS);
CANDLE_KIND(short_line, "short line", 10, ASKS_BODY | ASKS_SHADOWS);
CANDLE_KIND(high_wave, "high wave", 10, ASKS_BODY);
CANDLE_KIND(spinning_top, "spinning top", 10, ASKS_BODY);

/* candle_two.c: candlestick patterns of two bars; see candle_pattern.h.
 */
#include "core/indicator/candle_pattern.h"

/* The newest body inside the one before: 100, or 80 when an end touches. Against the colour of the first. */
static double inside(const candles_t *candles)
{
    const bool within = (candle_top(candles, 0) < candle_top(candles, 1)) & (candle_bottom(candles, 0) > candle_bottom(candles, 1));
    const bool touches =
        (candle_top(candles, 0) <= candle_top(candles, 1)) & (candle_bottom(candles, 0) >= candle_bottom(candles, 1));
    const double against = -candle_colour(candles, 1);
    return within ? 100 * against : touches ? 80 * against : 0;
}

/* Two marubozu of opposite colours with a gap between them. */
static bool is_kicking(const candles_t *candles)
{
    return candle_colours_differ(candles, 1, 0) & candle_is_long(candles, 1) & candle_has_no_upper_shadow(candles, 1) &
           candle_has_no_lower_shadow(candles, 1) & candle_is_long(candles, 0) & candle_has_no_upper_shadow(candles, 0) &
           candle_has_no_lower_shadow(candles, 0) &
           candle_choose(candle_is_black(candles, 1), candle_gap_up(candles, 0, 1), candle_gap_down(candles, 0, 1));
}

static double counterattack(const candles_t *candles)
{
    return (candle_colours_differ(candles, 1, 0) & candle_is_long(candles, 1) & candle_is_long(candles, 0) &
            candle_is_within(candles, CANDLE_EQUAL, 1, candle_close(candles, 0), candle_close(candles, 1)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static double dark_cloud_cover(const candles_t *candles)
{
    return (candle_is_white(candles, 1) & candle_is_long(candles, 1) & candle_is_black(candles, 0) &
            (candle_open(candles, 0) > candle_high(candles, 1)) & (candle_close(candles, 0) > candle_open(candles, 1)) &
            (candle_close(candles, 0) < candle_close(candles, 1) - candle_body(candles, 1) * candles->penetration))
               ? -100
               : 0;
}

static double doji_star(const candles_t *candles)
{
    return (candle_is_long(candles, 1) & candle_is_doji(candles, 0) &
            candle_choose(candle_is_white(candles, 1), candle_body_gap_up(candles, 0, 1), candle_body_gap_down(candles, 0, 1)))
               ? -100 * candle_colour(candles, 1)
               : 0;
}

/* The second body covers the first; one end may touch, then it counts 80. */
static double engulfing(const candles_t *candles)
{
    const double top = candle_top(candles, 0), top_last = candle_top(candles, 1);
    const double bottom = candle_bottom(candles, 0), bottom_last = candle_bottom(candles, 1);
    const bool covers = candle_colours_differ(candles, 0, 1) &
                        (((top >= top_last) & (bottom < bottom_last)) | ((top > top_last) & (bottom <= bottom_last)));
    const bool touches =
        (candle_open(candles, 0) == candle_close(candles, 1)) | (candle_close(candles, 0) == candle_open(candles, 1));
    const double found = touches ? 80.0 : 100.0;
    return covers ? found * candle_colour(candles, 0) : 0.0;
}

static double hammer(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) &
            candle_has_no_upper_shadow(candles, 0) &
            (candle_bottom(candles, 0) <= candle_low(candles, 1) + candle_measure(candles, CANDLE_NEAR, 1)))
               ? 100
               : 0;
}

static double hanging_man(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) &
            candle_has_no_upper_shadow(candles, 0) &
            (candle_bottom(candles, 0) >= candle_high(candles, 1) - candle_measure(candles, CANDLE_NEAR, 1)))
               ? -100
               : 0;
}

static double inverted_hammer(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) &
            candle_has_no_lower_shadow(candles, 0) & candle_body_gap_down(candles, 0, 1))
               ? 100
               : 0;
}

static double shooting_star(const candles_t *candles)
{
    return (candle_is_short(candles, 0) & (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0)) &
            candle_has_no_lower_shadow(candles, 0) & candle_body_gap_up(candles, 0, 1))
               ? -100
               : 0;
}

static double harami(const candles_t *candles)
{
    const double found = inside(candles);
    return (candle_is_long(candles, 1) & candle_is_short_or_equal(candles, 0)) ? found : 0;
}

static double harami_cross(const candles_t *candles)
{
    const double found = inside(candles);
    return (candle_is_long(candles, 1) & candle_is_doji(candles, 0)) ? found : 0;
}

static double homing_pigeon(const candles_t *candles)
{
    return (candle_is_black(candles, 1) & candle_is_black(candles, 0) & candle_is_long(candles, 1) &
            candle_is_short_or_equal(candles, 0) & (candle_open(candles, 0) < candle_open(candles, 1)) &
            (candle_close(candles, 0) > candle_close(candles, 1)))
               ? 100
               : 0;
}

static double in_neck(const candles_t *candles)
{
    return (candle_is_black(candles, 1) & candle_is_long(candles, 1) & candle_is_white(candles, 0) &
            (candle_open(candles, 0) < candle_low(candles, 1)) &
            (candle_close(candles, 0) <= candle_close(candles, 1) + candle_measure(candles, CANDLE_EQUAL, 1)) &
            (candle_close(candles, 0) >= candle_close(candles, 1)))
               ? -100
               : 0;
}

static double on_neck(const candles_t *candles)
{
    return (candle_is_black(candles, 1) & candle_is_long(candles, 1) & candle_is_white(candles, 0) &
            (candle_open(candles, 0) < candle_low(candles, 1)) &
            candle_is_within(candles, CANDLE_EQUAL, 1, candle_close(candles, 0), candle_low(candles, 1)))
               ? -100
               : 0;
}

static double thrusting(const candles_t *candles)
{
    return (candle_is_black(candles, 1) & candle_is_long(candles, 1) & candle_is_white(candles, 0) &
            (candle_open(candles, 0) < candle_low(candles, 1)) &
            (candle_close(candles, 0) > candle_close(candles, 1) + candle_measure(candles, CANDLE_EQUAL, 1)) &
            (candle_close(candles, 0) <= candle_close(candles, 1) + candle_body(candles, 1) * 0.5))
               ? -100
               : 0;
}

static double piercing(const candles_t *candles)
{
    return (candle_is_black(candles, 1) & candle_is_long(candles, 1) & candle_is_white(candles, 0) & candle_is_long(candles, 0) &
            (candle_open(candles, 0) < candle_low(candles, 1)) & (candle_close(candles, 0) < candle_open(candles, 1)) &
            (candle_close(candles, 0) > candle_close(candles, 1) + candle_body(candles, 1) * 0.5))
               ? 100
               : 0;
}

static double kicking(const candles_t *candles)
{
    return is_kicking(candles) ? 100 * candle_colour(candles, 0) : 0;
}

static double kicking_by_length(const candles_t *candles)
{
    const double last = candle_colour(candles, 1), now = candle_colour(candles, 0);
    const double longer = candle_body(candles, 0) > candle_body(candles, 1) ? now : last;
    return is_kicking(candles) ? 100 * longer : 0;
}

static double matching_low(const candles_t *candles)
{
    return (candle_is_black(candles, 1) & candle_is_black(candles, 0) &
            candle_is_within(candles, CANDLE_EQUAL, 1, candle_close(candles, 0), candle_close(candles, 1)))
               ? 100
               : 0;
}

static double separating_lines(const candles_t *candles)
{
    return (candle_colours_differ(candles, 1, 0) &
            candle_is_within(candles, CANDLE_EQUAL, 1, candle_open(candles, 0), candle_open(candles, 1)) &
            candle_is_long(candles, 0) &
            candle_choose(candle_is_white(candles, 0), candle_has_no_lower_shadow(candles, 0),
                          candle_has_no_upper_shadow(candles, 0)))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

CANDLE_KIND(counterattack, "counterattack", 11, ASKS_BODY | ASKS_WHOLE_5);
CANDLE_KIND_PENETRATION(dark_cloud_cover, "dark cloud cover", 11, ASKS_BODY, 0.5);
CANDLE_KIND(doji_star, "doji star", 11, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(engulfing, "engulfing", 2, 0);
CANDLE_KIND(hammer, "hammer", 11, ASKS_BODY | ASKS_WHOLE | ASKS_WHOLE_5);
CANDLE_KIND(hanging_man, "hanging man", 11, ASKS_BODY | ASKS_WHOLE | ASKS_WHOLE_5);
CANDLE_KIND(inverted_hammer, "inverted hammer", 11, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(shooting_star, "shooting star", 11, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(harami, "harami", 11, ASKS_BODY);
CANDLE_KIND(harami_cross, "harami cross", 11, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(homing_pigeon, "homing pigeon", 11, ASKS_BODY);
CANDLE_KIND(in_neck, "in neck", 11, ASKS_BODY | ASKS_WHOLE_5);
CANDLE_KIND(on_neck, "on neck", 11, ASKS_BODY | ASKS_WHOLE_5);
CANDLE_KIND(thrusting, "thrusting", 11, ASKS_BODY | ASKS_WHOLE_5);
CANDLE_KIND(piercing, "piercing", 11, ASKS_BODY);
CANDLE_KIND(kicking, "kicking", 11, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(kicking_by_length, "kicking, by the longer marubozu", 11, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(matching_low, "matching low", 6, ASKS_WHOLE_5);
CANDLE_KIND(separating_lines, "separating lines", 11, ASKS_BODY | ASKS_WHOLE | ASKS_WHOLE_5);

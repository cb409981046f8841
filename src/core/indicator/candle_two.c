/* candle_two.c: candlestick patterns of two bars; see candle_pattern.h.
 */
#include "core/indicator/candle_pattern.h"

/* The newest body inside the one before: 100, or 80 when an end touches. Against the colour of the first. */
static int inside(const candles_t *candles)
{
    if (candle_top(candles, 0) < candle_top(candles, 1) && candle_bottom(candles, 0) > candle_bottom(candles, 1)) {
        return -100 * candle_colour(candles, 1);
    }
    return candle_top(candles, 0) <= candle_top(candles, 1) && candle_bottom(candles, 0) >= candle_bottom(candles, 1)
               ? -80 * candle_colour(candles, 1)
               : 0;
}

/* Two marubozu of opposite colours with a gap between them. */
static bool is_kicking(const candles_t *candles)
{
    return candle_colour(candles, 1) == -candle_colour(candles, 0) && candle_is_long(candles, 1) &&
           candle_has_no_upper_shadow(candles, 1) && candle_has_no_lower_shadow(candles, 1) && candle_is_long(candles, 0) &&
           candle_has_no_upper_shadow(candles, 0) && candle_has_no_lower_shadow(candles, 0) &&
           (candle_colour(candles, 1) == -1 ? candle_gap_up(candles, 0, 1) : candle_gap_down(candles, 0, 1));
}

static int counterattack(const candles_t *candles)
{
    return candle_colour(candles, 1) == -candle_colour(candles, 0) && candle_is_long(candles, 1) && candle_is_long(candles, 0) &&
                   candle_is_within(candles, CANDLE_EQUAL, 1, candle_close(candles, 0), candle_close(candles, 1))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

static int dark_cloud_cover(const candles_t *candles)
{
    return candle_colour(candles, 1) == 1 && candle_is_long(candles, 1) && candle_colour(candles, 0) == -1 &&
                   candle_open(candles, 0) > candle_high(candles, 1) && candle_close(candles, 0) > candle_open(candles, 1) &&
                   candle_close(candles, 0) < candle_close(candles, 1) - candle_body(candles, 1) * candles->penetration
               ? -100
               : 0;
}

static int doji_star(const candles_t *candles)
{
    return candle_is_long(candles, 1) && candle_is_doji(candles, 0) &&
                   (candle_colour(candles, 1) == 1 ? candle_body_gap_up(candles, 0, 1) : candle_body_gap_down(candles, 0, 1))
               ? -100 * candle_colour(candles, 1)
               : 0;
}

static int engulfing(const candles_t *candles)
{
    if (candle_colour(candles, 0) == candle_colour(candles, 1)) {
        return 0;
    }
    /* the second body covers the first; one end may touch, then it counts 80 */
    const double top = candle_colour(candles, 0) == 1 ? candle_close(candles, 0) : candle_open(candles, 0),
                 bottom = candle_colour(candles, 0) == 1 ? candle_open(candles, 0) : candle_close(candles, 0);
    const double top_last = candle_colour(candles, 0) == 1 ? candle_open(candles, 1) : candle_close(candles, 1),
                 bottom_last = candle_colour(candles, 0) == 1 ? candle_close(candles, 1) : candle_open(candles, 1);
    if ((top >= top_last && bottom < bottom_last) || (top > top_last && bottom <= bottom_last)) {
        return (candle_open(candles, 0) != candle_close(candles, 1) && candle_close(candles, 0) != candle_open(candles, 1) ? 100
                                                                                                                           : 80) *
               candle_colour(candles, 0);
    }
    return 0;
}

static int hammer(const candles_t *candles)
{
    return candle_is_short(candles, 0) && candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0) &&
                   candle_has_no_upper_shadow(candles, 0) &&
                   candle_bottom(candles, 0) <= candle_low(candles, 1) + candle_measure(candles, CANDLE_NEAR, 1)
               ? 100
               : 0;
}

static int hanging_man(const candles_t *candles)
{
    return candle_is_short(candles, 0) && candle_lower_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0) &&
                   candle_has_no_upper_shadow(candles, 0) &&
                   candle_bottom(candles, 0) >= candle_high(candles, 1) - candle_measure(candles, CANDLE_NEAR, 1)
               ? -100
               : 0;
}

static int inverted_hammer(const candles_t *candles)
{
    return candle_is_short(candles, 0) && candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0) &&
                   candle_has_no_lower_shadow(candles, 0) && candle_body_gap_down(candles, 0, 1)
               ? 100
               : 0;
}

static int shooting_star(const candles_t *candles)
{
    return candle_is_short(candles, 0) && candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0) &&
                   candle_has_no_lower_shadow(candles, 0) && candle_body_gap_up(candles, 0, 1)
               ? -100
               : 0;
}

static int harami(const candles_t *candles)
{
    return candle_is_long(candles, 1) && candle_is_short_or_equal(candles, 0) ? inside(candles) : 0;
}

static int harami_cross(const candles_t *candles)
{
    return candle_is_long(candles, 1) && candle_is_doji(candles, 0) ? inside(candles) : 0;
}

static int homing_pigeon(const candles_t *candles)
{
    return candle_colour(candles, 1) == -1 && candle_colour(candles, 0) == -1 && candle_is_long(candles, 1) &&
                   candle_is_short_or_equal(candles, 0) && candle_open(candles, 0) < candle_open(candles, 1) &&
                   candle_close(candles, 0) > candle_close(candles, 1)
               ? 100
               : 0;
}

static int in_neck(const candles_t *candles)
{
    return candle_colour(candles, 1) == -1 && candle_is_long(candles, 1) && candle_colour(candles, 0) == 1 &&
                   candle_open(candles, 0) < candle_low(candles, 1) &&
                   candle_close(candles, 0) <= candle_close(candles, 1) + candle_measure(candles, CANDLE_EQUAL, 1) &&
                   candle_close(candles, 0) >= candle_close(candles, 1)
               ? -100
               : 0;
}

static int on_neck(const candles_t *candles)
{
    return candle_colour(candles, 1) == -1 && candle_is_long(candles, 1) && candle_colour(candles, 0) == 1 &&
                   candle_open(candles, 0) < candle_low(candles, 1) &&
                   candle_is_within(candles, CANDLE_EQUAL, 1, candle_close(candles, 0), candle_low(candles, 1))
               ? -100
               : 0;
}

static int thrusting(const candles_t *candles)
{
    return candle_colour(candles, 1) == -1 && candle_is_long(candles, 1) && candle_colour(candles, 0) == 1 &&
                   candle_open(candles, 0) < candle_low(candles, 1) &&
                   candle_close(candles, 0) > candle_close(candles, 1) + candle_measure(candles, CANDLE_EQUAL, 1) &&
                   candle_close(candles, 0) <= candle_close(candles, 1) + candle_body(candles, 1) * 0.5
               ? -100
               : 0;
}

static int piercing(const candles_t *candles)
{
    return candle_colour(candles, 1) == -1 && candle_is_long(candles, 1) && candle_colour(candles, 0) == 1 &&
                   candle_is_long(candles, 0) && candle_open(candles, 0) < candle_low(candles, 1) &&
                   candle_close(candles, 0) < candle_open(candles, 1) &&
                   candle_close(candles, 0) > candle_close(candles, 1) + candle_body(candles, 1) * 0.5
               ? 100
               : 0;
}

static int kicking(const candles_t *candles)
{
    return is_kicking(candles) ? 100 * candle_colour(candles, 0) : 0;
}

static int kicking_by_length(const candles_t *candles)
{
    const uint32_t longer = candle_body(candles, 0) > candle_body(candles, 1) ? 0U : 1U;
    return is_kicking(candles) ? 100 * candle_colour(candles, longer) : 0;
}

static int matching_low(const candles_t *candles)
{
    return candle_colour(candles, 1) == -1 && candle_colour(candles, 0) == -1 &&
                   candle_is_within(candles, CANDLE_EQUAL, 1, candle_close(candles, 0), candle_close(candles, 1))
               ? 100
               : 0;
}

static int separating_lines(const candles_t *candles)
{
    return candle_colour(candles, 1) == -candle_colour(candles, 0) &&
                   candle_is_within(candles, CANDLE_EQUAL, 1, candle_open(candles, 0), candle_open(candles, 1)) &&
                   candle_is_long(candles, 0) &&
                   (candle_colour(candles, 0) == 1 ? candle_has_no_lower_shadow(candles, 0)
                                                   : candle_has_no_upper_shadow(candles, 0))
               ? 100 * candle_colour(candles, 0)
               : 0;
}

CANDLE_KIND(counterattack, "counterattack", 11);
CANDLE_KIND_PENETRATION(dark_cloud_cover, "dark cloud cover", 11, 0.5);
CANDLE_KIND(doji_star, "doji star", 11);
CANDLE_KIND(engulfing, "engulfing", 2);
CANDLE_KIND(hammer, "hammer", 11);
CANDLE_KIND(hanging_man, "hanging man", 11);
CANDLE_KIND(inverted_hammer, "inverted hammer", 11);
CANDLE_KIND(shooting_star, "shooting star", 11);
CANDLE_KIND(harami, "harami", 11);
CANDLE_KIND(harami_cross, "harami cross", 11);
CANDLE_KIND(homing_pigeon, "homing pigeon", 11);
CANDLE_KIND(in_neck, "in neck", 11);
CANDLE_KIND(on_neck, "on neck", 11);
CANDLE_KIND(thrusting, "thrusting", 11);
CANDLE_KIND(piercing, "piercing", 11);
CANDLE_KIND(kicking, "kicking", 11);
CANDLE_KIND(kicking_by_length, "kicking, by the longer marubozu", 11);
CANDLE_KIND(matching_low, "matching low", 6);
CANDLE_KIND(separating_lines, "separating lines", 11);

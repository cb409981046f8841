/* candle_more.c: candlestick patterns of three to five bars; see candle_pattern.h.
 */
#include "core/indicator/candle_pattern.h"

/* The last bar is not short and closes well into the first body. */
static bool ends_evening(const candles_t *candles)
{
    return (candle_body(candles, 0) > candle_measure(candles, CANDLE_BODY_SHORT, 0)) & candle_is_black(candles, 0) &
           (candle_close(candles, 0) < candle_close(candles, 2) - candle_body(candles, 2) * candles->penetration);
}

static bool ends_morning(const candles_t *candles)
{
    return (candle_body(candles, 0) > candle_measure(candles, CANDLE_BODY_SHORT, 0)) & candle_is_white(candles, 0) &
           (candle_close(candles, 0) > candle_close(candles, 2) + candle_body(candles, 2) * candles->penetration);
}

static double two_crows(const candles_t *candles)
{
    return (candle_is_white(candles, 2) & candle_is_long(candles, 2) & candle_is_black(candles, 1) &
            candle_body_gap_up(candles, 1, 2) & candle_is_black(candles, 0) & (candle_open(candles, 0) < candle_open(candles, 1)) &
            (candle_open(candles, 0) > candle_close(candles, 1)) & (candle_close(candles, 0) > candle_open(candles, 2)) &
            (candle_close(candles, 0) < candle_close(candles, 2)))
               ? -100
               : 0;
}

static double three_black_crows(const candles_t *candles)
{
    return (candle_is_white(candles, 3) & candle_is_black(candles, 2) & candle_has_no_lower_shadow(candles, 2) &
            candle_is_black(candles, 1) & candle_has_no_lower_shadow(candles, 1) & candle_is_black(candles, 0) &
            candle_has_no_lower_shadow(candles, 0) & (candle_open(candles, 1) < candle_open(candles, 2)) &
            (candle_open(candles, 1) > candle_close(candles, 2)) & (candle_open(candles, 0) < candle_open(candles, 1)) &
            (candle_open(candles, 0) > candle_close(candles, 1)) & (candle_high(candles, 3) > candle_close(candles, 2)) &
            (candle_close(candles, 2) > candle_close(candles, 1)) & (candle_close(candles, 1) > candle_close(candles, 0)))
               ? -100
               : 0;
}

static double three_inside(const candles_t *candles)
{
    return (candle_is_long(candles, 2) & candle_is_short_or_equal(candles, 1) & (candle_top(candles, 1) < candle_top(candles, 2)) &
            (candle_bottom(candles, 1) > candle_bottom(candles, 2)) & candle_colours_differ(candles, 0, 2) &
            candle_choose(candle_is_white(candles, 2), candle_close(candles, 0) < candle_open(candles, 2),
                          candle_close(candles, 0) > candle_open(candles, 2)))
               ? -100 * candle_colour(candles, 2)
               : 0;
}

static double three_outside(const candles_t *candles)
{
    return (candle_colours_differ(candles, 1, 2) & candle_choose(candle_is_white(candles, 1),
                                                                 (candle_close(candles, 1) > candle_open(candles, 2)) &
                                                                     (candle_open(candles, 1) < candle_close(candles, 2)) &
                                                                     (candle_close(candles, 0) > candle_close(candles, 1)),
                                                                 (candle_open(candles, 1) > candle_close(candles, 2)) &
                                                                     (candle_close(candles, 1) < candle_open(candles, 2)) &
                                                                     (candle_close(candles, 0) < candle_close(candles, 1))))
               ? 100 * candle_colour(candles, 1)
               : 0;
}

static double three_line_strike(const candles_t *candles)
{
    const bool colours =
        !candle_colours_differ(candles, 3, 2) & !candle_colours_differ(candles, 2, 1) & candle_colours_differ(candles, 1, 0);
    const double near3 = candle_measure(candles, CANDLE_NEAR, 3), near2 = candle_measure(candles, CANDLE_NEAR, 2);
    const bool opens_near = (candle_open(candles, 2) >= candle_bottom(candles, 3) - near3) &
                            (candle_open(candles, 2) <= candle_top(candles, 3) + near3) &
                            (candle_open(candles, 1) >= candle_bottom(candles, 2) - near2) &
                            (candle_open(candles, 1) <= candle_top(candles, 2) + near2);
    const bool strikes = candle_choose(
        candle_is_white(candles, 1),
        (candle_close(candles, 1) > candle_close(candles, 2)) & (candle_close(candles, 2) > candle_close(candles, 3)) &
            (candle_open(candles, 0) > candle_close(candles, 1)) & (candle_close(candles, 0) < candle_open(candles, 3)),
        (candle_close(candles, 1) < candle_close(candles, 2)) & (candle_close(candles, 2) < candle_close(candles, 3)) &
            (candle_open(candles, 0) < candle_close(candles, 1)) & (candle_close(candles, 0) > candle_open(candles, 3)));
    return (colours & opens_near & strikes) ? 100 * candle_colour(candles, 1) : 0;
}

static double three_stars_in_south(const candles_t *candles)
{
    return (candle_is_black(candles, 2) & candle_is_black(candles, 1) & candle_is_black(candles, 0) & candle_is_long(candles, 2) &
            (candle_lower_shadow(candles, 2) > candle_measure(candles, CANDLE_SHADOW_LONG, 2)) &
            (candle_body(candles, 1) < candle_body(candles, 2)) & (candle_open(candles, 1) > candle_close(candles, 2)) &
            (candle_open(candles, 1) <= candle_high(candles, 2)) & (candle_low(candles, 1) < candle_close(candles, 2)) &
            (candle_low(candles, 1) >= candle_low(candles, 2)) &
            (candle_lower_shadow(candles, 1) > candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, 1)) & candle_is_short(candles, 0) &
            candle_has_no_lower_shadow(candles, 0) & candle_has_no_upper_shadow(candles, 0) &
            (candle_low(candles, 0) > candle_low(candles, 1)) & (candle_high(candles, 0) < candle_high(candles, 1)))
               ? 100
               : 0;
}

static double three_white_soldiers(const candles_t *candles)
{
    return (candle_is_white(candles, 2) & candle_has_no_upper_shadow(candles, 2) & candle_is_white(candles, 1) &
            candle_has_no_upper_shadow(candles, 1) & candle_is_white(candles, 0) & candle_has_no_upper_shadow(candles, 0) &
            (candle_close(candles, 0) > candle_close(candles, 1)) & (candle_close(candles, 1) > candle_close(candles, 2)) &
            (candle_open(candles, 1) > candle_open(candles, 2)) &
            (candle_open(candles, 1) <= candle_close(candles, 2) + candle_measure(candles, CANDLE_NEAR, 2)) &
            (candle_open(candles, 0) > candle_open(candles, 1)) &
            (candle_open(candles, 0) <= candle_close(candles, 1) + candle_measure(candles, CANDLE_NEAR, 1)) &
            (candle_body(candles, 1) > candle_body(candles, 2) - candle_measure(candles, CANDLE_FAR, 2)) &
            (candle_body(candles, 0) > candle_body(candles, 1) - candle_measure(candles, CANDLE_FAR, 1)) &
            (candle_body(candles, 0) > candle_measure(candles, CANDLE_BODY_SHORT, 0)))
               ? 100
               : 0;
}

static double abandoned_baby(const candles_t *candles)
{
    const bool shape = candle_is_long(candles, 2) & candle_is_doji(candles, 1) &
                       (candle_body(candles, 0) > candle_measure(candles, CANDLE_BODY_SHORT, 0)) &
                       candle_colours_differ(candles, 0, 2);
    const double into = candle_body(candles, 2) * candles->penetration;
    const bool turns = candle_choose(candle_is_white(candles, 2),
                                     (candle_close(candles, 0) < candle_close(candles, 2) - into) & candle_gap_up(candles, 1, 2) &
                                         candle_gap_down(candles, 0, 1),
                                     (candle_close(candles, 0) > candle_close(candles, 2) + into) & candle_gap_down(candles, 1, 2) &
                                         candle_gap_up(candles, 0, 1));
    return (shape & turns) ? 100 * candle_colour(candles, 0) : 0;
}

static double advance_block(const candles_t *candles)
{
    const bool advances =
        candle_is_white(candles, 2) & candle_is_white(candles, 1) & candle_is_white(candles, 0) &
        (candle_close(candles, 0) > candle_close(candles, 1)) & (candle_close(candles, 1) > candle_close(candles, 2)) &
        (candle_open(candles, 1) > candle_open(candles, 2)) &
        (candle_open(candles, 1) <= candle_close(candles, 2) + candle_measure(candles, CANDLE_NEAR, 2)) &
        (candle_open(candles, 0) > candle_open(candles, 1)) &
        (candle_open(candles, 0) <= candle_close(candles, 1) + candle_measure(candles, CANDLE_NEAR, 1)) &
        candle_is_long(candles, 2) & (candle_upper_shadow(candles, 2) < candle_measure(candles, CANDLE_SHADOW_SHORT, 2));
    const bool second_smaller = (candle_body(candles, 1) < candle_body(candles, 2) - candle_measure(candles, CANDLE_FAR, 2)) &
                                (candle_body(candles, 0) < candle_body(candles, 1) + candle_measure(candles, CANDLE_NEAR, 1));
    const bool third_smaller = candle_body(candles, 0) < candle_body(candles, 1) - candle_measure(candles, CANDLE_FAR, 1);
    const bool shrinks = (candle_body(candles, 0) < candle_body(candles, 1)) & (candle_body(candles, 1) < candle_body(candles, 2)) &
                         ((candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_SHORT, 0)) |
                          (candle_upper_shadow(candles, 1) > candle_measure(candles, CANDLE_SHADOW_SHORT, 1)));
    const bool long_shadow = (candle_body(candles, 0) < candle_body(candles, 1)) &
                             (candle_upper_shadow(candles, 0) > candle_measure(candles, CANDLE_SHADOW_LONG, 0));
    return (advances & (second_smaller | third_smaller | shrinks | long_shadow)) ? -100 : 0;
}

static double breakaway(const candles_t *candles)
{
    const bool shape = candle_is_long(candles, 4) & !candle_colours_differ(candles, 4, 3) & !candle_colours_differ(candles, 3, 1) &
                       candle_colours_differ(candles, 1, 0);
    const bool falls = candle_body_gap_down(candles, 3, 4) & (candle_high(candles, 2) < candle_high(candles, 3)) &
                       (candle_low(candles, 2) < candle_low(candles, 3)) & (candle_high(candles, 1) < candle_high(candles, 2)) &
                       (candle_low(candles, 1) < candle_low(candles, 2)) & (candle_close(candles, 0) > candle_open(candles, 3)) &
                       (candle_close(candles, 0) < candle_close(candles, 4));
    const bool rises = candle_body_gap_up(candles, 3, 4) & (candle_high(candles, 2) > candle_high(candles, 3)) &
                       (candle_low(candles, 2) > candle_low(candles, 3)) & (candle_high(candles, 1) > candle_high(candles, 2)) &
                       (candle_low(candles, 1) > candle_low(candles, 2)) & (candle_close(candles, 0) < candle_open(candles, 3)) &
                       (candle_close(candles, 0) > candle_close(candles, 4));
    return (shape & candle_choose(candle_is_white(candles, 4), rises, falls)) ? 100 * candle_colour(candles, 0) : 0;
}

static double conceal_baby_swallow(const candles_t *candles)
{
    return (candle_is_black(candles, 3) & candle_is_black(candles, 2) & candle_is_black(candles, 1) & candle_is_black(candles, 0) &
            candle_has_no_lower_shadow(candles, 3) & candle_has_no_upper_shadow(candles, 3) &
            candle_has_no_lower_shadow(candles, 2) & candle_has_no_upper_shadow(candles, 2) & candle_body_gap_down(candles, 1, 2) &
            (candle_upper_shadow(candles, 1) > candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, 1)) &
            (candle_high(candles, 1) > candle_close(candles, 2)) & (candle_high(candles, 0) > candle_high(candles, 1)) &
            (candle_low(candles, 0) < candle_low(candles, 1)))
               ? 100
               : 0;
}

static double evening_star(const candles_t *candles)
{
    return (candle_is_long(candles, 2) & candle_is_white(candles, 2) & candle_is_short_or_equal(candles, 1) &
            candle_body_gap_up(candles, 1, 2) & ends_evening(candles))
               ? -100
               : 0;
}

static double evening_doji_star(const candles_t *candles)
{
    return (candle_is_long(candles, 2) & candle_is_white(candles, 2) & candle_is_doji(candles, 1) &
            candle_body_gap_up(candles, 1, 2) & ends_evening(candles))
               ? -100
               : 0;
}

static double morning_star(const candles_t *candles)
{
    return (candle_is_long(candles, 2) & candle_is_black(candles, 2) & candle_is_short_or_equal(candles, 1) &
            candle_body_gap_down(candles, 1, 2) & ends_morning(candles))
               ? 100
               : 0;
}

static double morning_doji_star(const candles_t *candles)
{
    return (candle_is_long(candles, 2) & candle_is_black(candles, 2) & candle_is_doji(candles, 1) &
            candle_body_gap_down(candles, 1, 2) & ends_morning(candles))
               ? 100
               : 0;
}

static double gap_side_side_white(const candles_t *candles)
{
    const bool up = candle_body_gap_up(candles, 1, 2) & candle_body_gap_up(candles, 0, 2);
    const bool down = candle_body_gap_down(candles, 1, 2) & candle_body_gap_down(candles, 0, 2);
    const bool alike = (up | down) & candle_is_white(candles, 1) & candle_is_white(candles, 0) &
                       candle_is_within(candles, CANDLE_NEAR, 1, candle_body(candles, 0), candle_body(candles, 1)) &
                       candle_is_within(candles, CANDLE_EQUAL, 1, candle_open(candles, 0), candle_open(candles, 1));
    const double found = up ? 100.0 : -100.0;
    return alike ? found : 0;
}

static double identical_three_crows(const candles_t *candles)
{
    return (candle_is_black(candles, 2) & candle_has_no_lower_shadow(candles, 2) & candle_is_black(candles, 1) &
            candle_has_no_lower_shadow(candles, 1) & candle_is_black(candles, 0) & candle_has_no_lower_shadow(candles, 0) &
            (candle_close(candles, 2) > candle_close(candles, 1)) & (candle_close(candles, 1) > candle_close(candles, 0)) &
            candle_is_within(candles, CANDLE_EQUAL, 2, candle_open(candles, 1), candle_close(candles, 2)) &
            candle_is_within(candles, CANDLE_EQUAL, 1, candle_open(candles, 0), candle_close(candles, 1)))
               ? -100
               : 0;
}

static double ladder_bottom(const candles_t *candles)
{
    return (candle_is_black(candles, 4) & candle_is_black(candles, 3) & candle_is_black(candles, 2) &
            (candle_open(candles, 4) > candle_open(candles, 3)) & (candle_open(candles, 3) > candle_open(candles, 2)) &
            (candle_close(candles, 4) > candle_close(candles, 3)) & (candle_close(candles, 3) > candle_close(candles, 2)) &
            candle_is_black(candles, 1) & (candle_upper_shadow(candles, 1) > candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, 1)) &
            candle_is_white(candles, 0) & (candle_open(candles, 0) > candle_open(candles, 1)) &
            (candle_close(candles, 0) > candle_high(candles, 1)))
               ? 100
               : 0;
}

static double mat_hold(const candles_t *candles)
{
    const bool shape = candle_is_long(candles, 4) & candle_is_short(candles, 3) & candle_is_short(candles, 2) &
                       candle_is_short(candles, 1) & candle_is_white(candles, 4) & candle_is_black(candles, 3) &
                       candle_is_white(candles, 0) & candle_body_gap_up(candles, 3, 4);
    const double floor = candle_close(candles, 4) - candle_body(candles, 4) * candles->penetration;
    const bool holds = (candle_bottom(candles, 2) < candle_close(candles, 4)) &
                       (candle_bottom(candles, 1) < candle_close(candles, 4)) & (candle_bottom(candles, 2) > floor) &
                       (candle_bottom(candles, 1) > floor);
    const bool steps_down = (candle_top(candles, 2) < candle_open(candles, 3)) & (candle_top(candles, 1) < candle_top(candles, 2));
    return (shape & holds & steps_down & (candle_open(candles, 0) > candle_close(candles, 1)) &
            (candle_close(candles, 0) > candle_high(candles, 3)) & (candle_close(candles, 0) > candle_high(candles, 2)) &
            (candle_close(candles, 0) > candle_high(candles, 1)))
               ? 100
               : 0;
}

static double rise_fall_three_methods(const candles_t *candles)
{
    const bool shape = candle_is_long(candles, 4) & candle_is_short(candles, 3) & candle_is_short(candles, 2) &
                       candle_is_short(candles, 1) & candle_is_long(candles, 0) & candle_colours_differ(candles, 4, 3) &
                       !candle_colours_differ(candles, 3, 2) & !candle_colours_differ(candles, 2, 1) &
                       candle_colours_differ(candles, 1, 0);
    const bool inside = (candle_bottom(candles, 3) < candle_high(candles, 4)) & (candle_top(candles, 3) > candle_low(candles, 4)) &
                        (candle_bottom(candles, 2) < candle_high(candles, 4)) & (candle_top(candles, 2) > candle_low(candles, 4)) &
                        (candle_bottom(candles, 1) < candle_high(candles, 4)) & (candle_top(candles, 1) > candle_low(candles, 4));
    const bool rises = (candle_close(candles, 2) < candle_close(candles, 3)) &
                       (candle_close(candles, 1) < candle_close(candles, 2)) &
                       (candle_open(candles, 0) > candle_close(candles, 1)) & (candle_close(candles, 0) > candle_close(candles, 4));
    const bool falls = (candle_close(candles, 2) > candle_close(candles, 3)) &
                       (candle_close(candles, 1) > candle_close(candles, 2)) &
                       (candle_open(candles, 0) < candle_close(candles, 1)) & (candle_close(candles, 0) < candle_close(candles, 4));
    return (shape & inside & candle_choose(candle_is_white(candles, 4), rises, falls)) ? 100 * candle_colour(candles, 4) : 0;
}

static double stalled(const candles_t *candles)
{
    return (candle_is_white(candles, 2) & candle_is_white(candles, 1) & candle_is_white(candles, 0) &
            (candle_close(candles, 0) > candle_close(candles, 1)) & (candle_close(candles, 1) > candle_close(candles, 2)) &
            candle_is_long(candles, 2) & candle_is_long(candles, 1) & candle_has_no_upper_shadow(candles, 1) &
            (candle_open(candles, 1) > candle_open(candles, 2)) &
            (candle_open(candles, 1) <= candle_close(candles, 2) + candle_measure(candles, CANDLE_NEAR, 2)) &
            candle_is_short(candles, 0) &
            (candle_open(candles, 0) >=
             candle_close(candles, 1) - candle_body(candles, 0) - candle_measure(candles, CANDLE_NEAR, 1)))
               ? -100
               : 0;
}

static double stick_sandwich(const candles_t *candles)
{
    return (candle_is_black(candles, 2) & candle_is_white(candles, 1) & candle_is_black(candles, 0) &
            (candle_low(candles, 1) > candle_close(candles, 2)) &
            candle_is_within(candles, CANDLE_EQUAL, 2, candle_close(candles, 0), candle_close(candles, 2)))
               ? 100
               : 0;
}

static double tasuki_gap(const candles_t *candles)
{
    const double difference = fabs(candle_body(candles, 1) - candle_body(candles, 0));
    const bool up = candle_body_gap_up(candles, 1, 2) & candle_is_white(candles, 1) & candle_is_black(candles, 0) &
                    (candle_open(candles, 0) < candle_close(candles, 1)) & (candle_open(candles, 0) > candle_open(candles, 1)) &
                    (candle_close(candles, 0) < candle_open(candles, 1)) & (candle_close(candles, 0) > candle_top(candles, 2));
    const bool down = candle_body_gap_down(candles, 1, 2) & candle_is_black(candles, 1) & candle_is_white(candles, 0) &
                      (candle_open(candles, 0) < candle_open(candles, 1)) & (candle_open(candles, 0) > candle_close(candles, 1)) &
                      (candle_close(candles, 0) > candle_open(candles, 1)) & (candle_close(candles, 0) < candle_bottom(candles, 2));
    return ((up | down) & (difference < candle_measure(candles, CANDLE_NEAR, 1))) ? 100 * candle_colour(candles, 1) : 0;
}

static double tristar(const candles_t *candles)
{
    const double small = candle_measure(candles, CANDLE_BODY_DOJI, 2);
    const bool three = (candle_body(candles, 2) <= small) & (candle_body(candles, 1) <= small) & (candle_body(candles, 0) <= small);
    const bool falls = candle_body_gap_up(candles, 1, 2) & (candle_top(candles, 0) < candle_top(candles, 1));
    const bool rises = candle_body_gap_down(candles, 1, 2) & (candle_bottom(candles, 0) > candle_bottom(candles, 1));
    const double found = falls ? -100.0 : rises ? 100.0 : 0.0;
    return three ? found : 0;
}

static double unique_three_river(const candles_t *candles)
{
    return (candle_is_long(candles, 2) & candle_is_black(candles, 2) & candle_is_black(candles, 1) &
            (candle_close(candles, 1) > candle_close(candles, 2)) & (candle_open(candles, 1) <= candle_open(candles, 2)) &
            (candle_low(candles, 1) < candle_low(candles, 2)) & candle_is_short(candles, 0) & candle_is_white(candles, 0) &
            (candle_open(candles, 0) > candle_low(candles, 1)))
               ? 100
               : 0;
}

static double upside_gap_two_crows(const candles_t *candles)
{
    return (candle_is_white(candles, 2) & candle_is_long(candles, 2) & candle_is_black(candles, 1) &
            candle_is_short_or_equal(candles, 1) & candle_body_gap_up(candles, 1, 2) & candle_is_black(candles, 0) &
            (candle_open(candles, 0) > candle_open(candles, 1)) & (candle_close(candles, 0) < candle_close(candles, 1)) &
            (candle_close(candles, 0) > candle_close(candles, 2)))
               ? -100
               : 0;
}

static double x_side_gap_three_methods(const candles_t *candles)
{
    return (!candle_colours_differ(candles, 2, 1) & candle_colours_differ(candles, 1, 0) &
            (candle_open(candles, 0) < candle_top(candles, 1)) & (candle_open(candles, 0) > candle_bottom(candles, 1)) &
            (candle_close(candles, 0) < candle_top(candles, 2)) & (candle_close(candles, 0) > candle_bottom(candles, 2)) &
            candle_choose(candle_is_white(candles, 2), candle_body_gap_up(candles, 1, 2), candle_body_gap_down(candles, 1, 2)))
               ? 100 * candle_colour(candles, 2)
               : 0;
}

CANDLE_KIND(two_crows, "two crows", 12, ASKS_BODY);
CANDLE_KIND(three_black_crows, "three black crows", 13, ASKS_WHOLE);
CANDLE_KIND(three_inside, "three inside up/down", 12, ASKS_BODY);
CANDLE_KIND(three_outside, "three outside up/down", 3, 0);
CANDLE_KIND(three_line_strike, "three-line strike", 8, ASKS_WHOLE_5);
CANDLE_KIND(three_stars_in_south, "three stars in the south", 12, ASKS_BODY | ASKS_WHOLE);
CANDLE_KIND(three_white_soldiers, "three white soldiers", 12, ASKS_BODY | ASKS_WHOLE | ASKS_WHOLE_5);
CANDLE_KIND_PENETRATION(abandoned_baby, "abandoned baby", 12, ASKS_BODY | ASKS_WHOLE, 0.3);
CANDLE_KIND(advance_block, "advance block", 12, ASKS_BODY | ASKS_WHOLE_5 | ASKS_SHADOWS);
CANDLE_KIND(breakaway, "breakaway", 14, ASKS_BODY);
CANDLE_KIND(conceal_baby_swallow, "concealing baby swallow", 13, ASKS_WHOLE);
CANDLE_KIND_PENETRATION(evening_star, "evening star", 12, ASKS_BODY, 0.3);
CANDLE_KIND_PENETRATION(evening_doji_star, "evening doji star", 12, ASKS_BODY | ASKS_WHOLE, 0.3);
CANDLE_KIND_PENETRATION(morning_star, "morning star", 12, ASKS_BODY, 0.3);
CANDLE_KIND_PENETRATION(morning_doji_star, "morning doji star", 12, ASKS_BODY | ASKS_WHOLE, 0.3);
CANDLE_KIND(gap_side_side_white, "up/down-gap side-by-side white lines", 7, ASKS_WHOLE_5);
CANDLE_KIND(identical_three_crows, "identical three crows", 12, ASKS_WHOLE | ASKS_WHOLE_5);
CANDLE_KIND(ladder_bottom, "ladder bottom", 14, ASKS_WHOLE);
CANDLE_KIND_PENETRATION(mat_hold, "mat hold", 14, ASKS_BODY, 0.5);
CANDLE_KIND(rise_fall_three_methods, "rising/falling three methods", 14, ASKS_BODY);
CANDLE_KIND(stalled, "stalled pattern", 12, ASKS_BODY | ASKS_WHOLE | ASKS_WHOLE_5);
CANDLE_KIND(stick_sandwich, "stick sandwich", 7, ASKS_WHOLE_5);
CANDLE_KIND(tasuki_gap, "Tasuki gap", 7, ASKS_WHOLE_5);
CANDLE_KIND(tristar, "tristar", 12, ASKS_WHOLE);
CANDLE_KIND(unique_three_river, "unique three river", 12, ASKS_BODY);
CANDLE_KIND(upside_gap_two_crows, "upside gap two crows", 12, ASKS_BODY);
CANDLE_KIND(x_side_gap_three_methods, "upside/downside gap three methods", 2, 0);

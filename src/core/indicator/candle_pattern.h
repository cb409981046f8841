/* candle_pattern.h: what candlestick patterns share: the last bars, the words for their parts, and "long", "short", "near" by the
 * averages of the bars before.
 *
 * Definitions, settings and values (+100 bullish, -100 bearish, 0 none; 80 where an engulfing or harami touches) are TA-Lib's.
 * There an average is a running sum; here the at most ten ranges are added anew for each bar, so nothing drifts. Only those means
 * are made that a pattern asks for.
 *
 * Patterns look at columns, the same way one bar at a time and in a series, and never branch: conditions are joined by & and |, and
 * a choice is one of two values that are there. So the loop over a stretch goes four bars at once, and no processor has to guess
 * what random prices do.
 *
 * The patterns stand in candle_one.c, candle_two.c and candle_more.c by the number of bars they look at, those that a later bar
 * confirms in candle_confirmed.c. To add one: a function from candles_t to its value and a CANDLE_KIND line, which says how many
 * bars stand before the newest (of the pattern and of the means) and which means it asks for.
 */
#pragma once

#include <stdbool.h>

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

enum {
    CANDLES_KEPT = 16, /* five bars of a pattern and ten before the first of them, and one */
    CANDLES_ROOM = 48,
};

typedef enum { RANGE_BODY, RANGE_WHOLE, RANGE_SHADOWS, RANGE_KINDS } candle_range_t;

/* Means of the ranges of the bars before: of ten bodies, ten and five whole ranges, ten pairs of shadows. */
typedef enum { MEAN_BODY, MEAN_WHOLE, MEAN_WHOLE_5, MEAN_SHADOWS, MEAN_KINDS, MEAN_NONE } candle_mean_t;

static const struct {
    candle_range_t range;
    uint32_t bars;
} candle_means[MEAN_KINDS] = {
    [MEAN_BODY] = {RANGE_BODY, 10},
    [MEAN_WHOLE] = {RANGE_WHOLE, 10},
    [MEAN_WHOLE_5] = {RANGE_WHOLE, 5},
    [MEAN_SHADOWS] = {RANGE_SHADOWS, 10},
};

/* Sets of them, as patterns ask for. */
enum {
    ASKS_BODY = 1 << MEAN_BODY,
    ASKS_WHOLE = 1 << MEAN_WHOLE,
    ASKS_WHOLE_5 = 1 << MEAN_WHOLE_5,
    ASKS_SHADOWS = 1 << MEAN_SHADOWS
};

/* What a pattern looks at: columns of bars and of what is made of them, and where the newest bar stands. */
typedef struct {
    const double *open, *high, *low, *close;
    double *ranges[RANGE_KINDS];
    double *means[MEAN_KINDS];
    size_t newest;
    double penetration; /* a fraction, of the patterns that have it */
} candles_t;

/* What a range is compared with: factor x a mean; x the bar's own body where there is none. */
typedef enum {
    CANDLE_BODY_LONG,
    CANDLE_BODY_SHORT,
    CANDLE_BODY_DOJI,
    CANDLE_SHADOW_LONG,
    CANDLE_SHADOW_VERY_LONG,
    CANDLE_SHADOW_SHORT,
    CANDLE_SHADOW_VERY_SHORT,
    CANDLE_NEAR,
    CANDLE_FAR,
    CANDLE_EQUAL,
} candle_setting_t;

/* TA-Lib's default candle settings. */
static const struct {
    candle_mean_t mean;
    double factor;
} candle_settings[] = {
    [CANDLE_BODY_LONG] = {MEAN_BODY, 1.0},
    [CANDLE_BODY_SHORT] = {MEAN_BODY, 1.0},
    [CANDLE_BODY_DOJI] = {MEAN_WHOLE, 0.1},
    [CANDLE_SHADOW_LONG] = {MEAN_NONE, 1.0},
    [CANDLE_SHADOW_VERY_LONG] = {MEAN_NONE, 2.0},
    [CANDLE_SHADOW_SHORT] = {MEAN_SHADOWS, 0.5}, /* of one of the two */
    [CANDLE_SHADOW_VERY_SHORT] = {MEAN_WHOLE, 0.1},
    [CANDLE_NEAR] = {MEAN_WHOLE_5, 0.2},
    [CANDLE_FAR] = {MEAN_WHOLE_5, 0.6},
    [CANDLE_EQUAL] = {MEAN_WHOLE_5, 0.05},
};

/* Pure: so that clang knows that both sides of & may be looked at. */
#define CANDLE_WORD __attribute__((pure)) static inline

/* Of the bar `ago` bars before the newest. */
CANDLE_WORD double candle_open(const candles_t *candles, uint32_t ago)
{
    return candles->open[candles->newest - ago];
}

CANDLE_WORD double candle_high(const candles_t *candles, uint32_t ago)
{
    return candles->high[candles->newest - ago];
}

CANDLE_WORD double candle_low(const candles_t *candles, uint32_t ago)
{
    return candles->low[candles->newest - ago];
}

CANDLE_WORD double candle_close(const candles_t *candles, uint32_t ago)
{
    return candles->close[candles->newest - ago];
}

CANDLE_WORD bool candle_is_white(const candles_t *candles, uint32_t ago)
{
    return candle_close(candles, ago) >= candle_open(candles, ago);
}

CANDLE_WORD bool candle_is_black(const candles_t *candles, uint32_t ago)
{
    return candle_close(candles, ago) < candle_open(candles, ago);
}

CANDLE_WORD bool candle_colours_differ(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_is_white(candles, a) ^ candle_is_white(candles, b);
}

/* +1 white, -1 black. */
CANDLE_WORD double candle_colour(const candles_t *candles, uint32_t ago)
{
    return candle_is_white(candles, ago) ? 1.0 : -1.0;
}

/* One of two conditions; both are looked at. */
CANDLE_WORD bool candle_choose(bool first, bool a, bool b)
{
    return (first & a) | (!first & b);
}

CANDLE_WORD double candle_top(const candles_t *candles, uint32_t ago) /* of the body */
{
    const double open = candle_open(candles, ago), close = candle_close(candles, ago);
    return close > open ? close : open;
}

CANDLE_WORD double candle_bottom(const candles_t *candles, uint32_t ago)
{
    const double open = candle_open(candles, ago), close = candle_close(candles, ago);
    return close < open ? close : open;
}

CANDLE_WORD double candle_body(const candles_t *candles, uint32_t ago)
{
    return fabs(candle_close(candles, ago) - candle_open(candles, ago));
}

CANDLE_WORD double candle_upper_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_high(candles, ago) - candle_top(candles, ago);
}

CANDLE_WORD double candle_lower_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_bottom(candles, ago) - candle_low(candles, ago);
}

/* The body of bar a lies wholly above (below) that of bar b. */
CANDLE_WORD bool candle_body_gap_up(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_bottom(candles, a) > candle_top(candles, b);
}

CANDLE_WORD bool candle_body_gap_down(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_top(candles, a) < candle_bottom(candles, b);
}

/* The same of the whole bars. */
CANDLE_WORD bool candle_gap_up(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_low(candles, a) > candle_high(candles, b);
}

CANDLE_WORD bool candle_gap_down(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_high(candles, a) < candle_low(candles, b);
}

/* The measure of a setting at a bar. */
CANDLE_WORD double candle_measure(const candles_t *candles, candle_setting_t setting, uint32_t ago)
{
    const candle_mean_t mean = candle_settings[setting].mean;
    const double factor = candle_settings[setting].factor;
    return factor * (mean == MEAN_NONE ? candle_body(candles, ago) : candles->means[mean][candles->newest - ago]);
}

/* |x - y| <= the measure. */
CANDLE_WORD bool candle_is_within(const candles_t *candles, candle_setting_t setting, uint32_t ago, double x, double y)
{
    const double measure = candle_measure(candles, setting, ago);
    return (x <= y + measure) & (x >= y - measure);
}

CANDLE_WORD bool candle_is_long(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) > candle_measure(candles, CANDLE_BODY_LONG, ago);
}

/* body < */
CANDLE_WORD bool candle_is_short(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) < candle_measure(candles, CANDLE_BODY_SHORT, ago);
}

/* body <= */
CANDLE_WORD bool candle_is_short_or_equal(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) <= candle_measure(candles, CANDLE_BODY_SHORT, ago);
}

CANDLE_WORD bool candle_is_doji(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) <= candle_measure(candles, CANDLE_BODY_DOJI, ago);
}

/* Or a very short one. */
CANDLE_WORD bool candle_has_no_upper_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_upper_shadow(candles, ago) < candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, ago);
}

CANDLE_WORD bool candle_has_no_lower_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_lower_shadow(candles, ago) < candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, ago);
}

/* --- registry --------------------------------------------------------------------------------- */

typedef double (*candle_match_t)(const candles_t *candles);

/* One bar at a time: the last bars and their ranges, oldest first. */
typedef struct {
    uint32_t seen; /* bars consumed, counted up to the warm-up */
    uint32_t newest;
    double penetration;
    double open[CANDLES_ROOM], high[CANDLES_ROOM], low[CANDLES_ROOM], close[CANDLES_ROOM];
    double ranges[RANGE_KINDS][CANDLES_ROOM], means[MEAN_KINDS][CANDLES_ROOM];
} candle_state_t;

void candle_kind_init(void *state, const double *options);
void candle_kind_init_penetration(void *state, const double *options);
size_t candle_kind_state_size(const double *options);

/* The room is full: the last bars go to its front. */
void candle_room_turn(candle_state_t *state);

/* Those of bar `at` that the means in `asked` are made of. */
static inline void candle_ranges_find(const candles_t *candles, uint32_t asked, size_t at)
{
    const double open = candles->open[at], high = candles->high[at], low = candles->low[at], close = candles->close[at];
    const double top = close > open ? close : open, bottom = close < open ? close : open;
    if ((asked & ASKS_BODY) != 0) {
        candles->ranges[RANGE_BODY][at] = top - bottom;
    }
    if ((asked & (ASKS_WHOLE | ASKS_WHOLE_5)) != 0) {
        candles->ranges[RANGE_WHOLE][at] = high - low;
    }
    if ((asked & ASKS_SHADOWS) != 0) {
        candles->ranges[RANGE_SHADOWS][at] = (high - top) + (bottom - low);
    }
}

/* The mean that bar `at` is measured with. In two chains, which do not wait for each other. */
static inline double candle_mean(const candles_t *candles, uint32_t mean, size_t at)
{
    const uint32_t bars = candle_means[mean].bars;
    const double *const first = candles->ranges[candle_means[mean].range] + at - bars;
    double even = first[0], odd = first[1];
    for (uint32_t i = 2; i + 1 < bars; i += 2) {
        even += first[i];
        odd += first[i + 1];
    }
    return (bars % 2 == 0 ? even + odd : even + odd + first[bars - 1]) / (double)bars;
}

/* One bar; outputs[0] is NAN for the first `bars_before` bars, then what match says. */
static inline void candle_kind_next(candle_state_t *state, const indicator_bar_t *bar, candle_match_t match, uint32_t bars_before,
                                    uint32_t asked, double *outputs)
{
    if (__builtin_expect(state->newest + 1 == CANDLES_ROOM, 0)) {
        candle_room_turn(state);
    }
    const uint32_t at = ++state->newest;
    state->open[at] = bar->open;
    state->high[at] = bar->high;
    state->low[at] = bar->low;
    state->close[at] = bar->close;
    const candles_t candles = {.open = state->open,
                               .high = state->high,
                               .low = state->low,
                               .close = state->close,
                               .ranges = {state->ranges[0], state->ranges[1], state->ranges[2]},
                               .means = {state->means[0], state->means[1], state->means[2], state->means[3]},
                               .newest = at,
                               .penetration = state->penetration};
    candle_ranges_find(&candles, asked, at);
    for (uint32_t mean = 0; mean < MEAN_KINDS; mean++) {
        if ((asked & 1u << mean) != 0) {
            candles.means[mean][at] = candle_mean(&candles, mean, at);
        }
    }
    if (__builtin_expect(state->seen == bars_before, 1)) {
        outputs[0] = match(&candles);
        return;
    }
    state->seen++;
    outputs[0] = NAN;
}

/* The mean of each bar behind those that it is made of. */
static inline void candle_means_find(const candles_t *candles, uint32_t asked, candle_mean_t mean, size_t count)
{
    double *restrict means = candles->means[mean];
    for (size_t i = candle_means[mean].bars; (asked & 1u << mean) != 0 && i < count; i++) {
        means[i] = candle_mean(candles, mean, i);
    }
}

/* A stretch: one step for all of its bars, then the next, so that each goes in vectors. */
static inline void candle_kind_series(const candle_state_t *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      candle_match_t match, uint32_t bars_before, uint32_t asked, double *restrict out)
{
    enum { ROOM = CANDLES_KEPT + INDICATOR_CHUNK };
    double ranges[RANGE_KINDS][ROOM], means[MEAN_KINDS][ROOM];
    const size_t base = from - bars_before, count = to - base;
    candles_t candles = {.open = columns->open + base,
                         .high = columns->high + base,
                         .low = columns->low + base,
                         .close = columns->close + base,
                         .ranges = {ranges[0], ranges[1], ranges[2]},
                         .means = {means[0], means[1], means[2], means[3]},
                         .penetration = state->penetration};
    for (size_t i = 0; asked != 0 && i < count; i++) {
        candle_ranges_find(&candles, asked, i);
    }
    candle_means_find(&candles, asked, MEAN_BODY, count);
    candle_means_find(&candles, asked, MEAN_WHOLE, count);
    candle_means_find(&candles, asked, MEAN_WHOLE_5, count);
    candle_means_find(&candles, asked, MEAN_SHADOWS, count);
    for (size_t i = bars_before; i < count; i++) {
        candles.newest = i;
        out[i - bars_before] = match(&candles);
    }
}

#define CANDLE_CONVENTION "TA-Lib CDL function of that name: 100 bullish, -100 bearish, 0 none; closed bars only"

#define CANDLE_KIND_WITH(id, words, says, bars_before, asked, init_function, ...)                                                  \
    static uint32_t id##_warm_up(const double *options)                                                                            \
    {                                                                                                                              \
        (void)options;                                                                                                             \
        return bars_before;                                                                                                        \
    }                                                                                                                              \
    __attribute__((flatten)) static void id##_next(void *state, const indicator_bar_t *bar, double *outputs)                       \
    {                                                                                                                              \
        candle_kind_next(state, bar, id, bars_before, asked, outputs);                                                             \
    }                                                                                                                              \
    INDICATOR_WIDE static void id##_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,                \
                                           double *const *outputs)                                                                 \
    {                                                                                                                              \
        candle_kind_series(state, columns, from, to, id, bars_before, asked, outputs[0] + from);                                   \
    }                                                                                                                              \
    const indicator_kind_t indicator_cdl_##id = {                                                                                  \
        .name = "cdl_" #id,                                                                                                        \
        .title = words,                                                                                                            \
        .inputs = INDICATOR_OPEN | INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,                                               \
        __VA_ARGS__.output_count = 1,                                                                                              \
        .outputs = {"pattern"},                                                                                                    \
        .convention = says,                                                                                                        \
        .source = "TA-Lib's definition; S. Nison, Japanese Candlestick Charting Techniques (1991)",                                \
        .warm_up = id##_warm_up,                                                                                                   \
        .state_size = candle_kind_state_size,                                                                                      \
        .init = init_function,                                                                                                     \
        .next = id##_next,                                                                                                         \
        .series = id##_series,                                                                                                     \
        .series_bears_all = true,                                                                                                  \
    }

/* The kind of the pattern function `id`, which is called from bar number bars_before + 1 on. */
#define CANDLE_KIND(id, words, bars_before, asked)                                                                                 \
    CANDLE_KIND_WITH(id, words, CANDLE_CONVENTION, bars_before, asked, candle_kind_init, )

/* One that is seen first and confirmed on a later bar. */
#define CANDLE_KIND_CONFIRMED(id, words, bars_before, asked)                                                                       \
    CANDLE_KIND_WITH(id, words, CANDLE_CONVENTION "; 200 or -200 on the bar that confirms it, within three", bars_before, asked,   \
                     candle_kind_init, )

/* One that also asks how far into the first body the last bar must close. */
#define CANDLE_KIND_PENETRATION(id, words, bars_before, asked, preset)                                                             \
    CANDLE_KIND_WITH(id, words, CANDLE_CONVENTION, bars_before, asked, candle_kind_init_penetration, .option_count = 1,            \
                     .options = {{"penetration", OPTION_REAL, preset, 0, 10}}, )

extern const indicator_kind_t indicator_cdl_doji;
extern const indicator_kind_t indicator_cdl_dragonfly_doji;
extern const indicator_kind_t indicator_cdl_gravestone_doji;
extern const indicator_kind_t indicator_cdl_long_legged_doji;
extern const indicator_kind_t indicator_cdl_rickshaw_man;
extern const indicator_kind_t indicator_cdl_takuri;
extern const indicator_kind_t indicator_cdl_belt_hold;
extern const indicator_kind_t indicator_cdl_closing_marubozu;
extern const indicator_kind_t indicator_cdl_marubozu;
extern const indicator_kind_t indicator_cdl_long_line;
extern const indicator_kind_t indicator_cdl_short_line;
extern const indicator_kind_t indicator_cdl_high_wave;
extern const indicator_kind_t indicator_cdl_spinning_top;
extern const indicator_kind_t indicator_cdl_counterattack;
extern const indicator_kind_t indicator_cdl_dark_cloud_cover;
extern const indicator_kind_t indicator_cdl_doji_star;
extern const indicator_kind_t indicator_cdl_engulfing;
extern const indicator_kind_t indicator_cdl_hammer;
extern const indicator_kind_t indicator_cdl_hanging_man;
extern const indicator_kind_t indicator_cdl_inverted_hammer;
extern const indicator_kind_t indicator_cdl_shooting_star;
extern const indicator_kind_t indicator_cdl_harami;
extern const indicator_kind_t indicator_cdl_harami_cross;
extern const indicator_kind_t indicator_cdl_homing_pigeon;
extern const indicator_kind_t indicator_cdl_in_neck;
extern const indicator_kind_t indicator_cdl_on_neck;
extern const indicator_kind_t indicator_cdl_thrusting;
extern const indicator_kind_t indicator_cdl_piercing;
extern const indicator_kind_t indicator_cdl_kicking;
extern const indicator_kind_t indicator_cdl_kicking_by_length;
extern const indicator_kind_t indicator_cdl_matching_low;
extern const indicator_kind_t indicator_cdl_separating_lines;
extern const indicator_kind_t indicator_cdl_two_crows;
extern const indicator_kind_t indicator_cdl_three_black_crows;
extern const indicator_kind_t indicator_cdl_three_inside;
extern const indicator_kind_t indicator_cdl_three_outside;
extern const indicator_kind_t indicator_cdl_three_line_strike;
extern const indicator_kind_t indicator_cdl_three_stars_in_south;
extern const indicator_kind_t indicator_cdl_three_white_soldiers;
extern const indicator_kind_t indicator_cdl_abandoned_baby;
extern const indicator_kind_t indicator_cdl_advance_block;
extern const indicator_kind_t indicator_cdl_breakaway;
extern const indicator_kind_t indicator_cdl_conceal_baby_swallow;
extern const indicator_kind_t indicator_cdl_evening_star;
extern const indicator_kind_t indicator_cdl_evening_doji_star;
extern const indicator_kind_t indicator_cdl_morning_star;
extern const indicator_kind_t indicator_cdl_morning_doji_star;
extern const indicator_kind_t indicator_cdl_gap_side_side_white;
extern const indicator_kind_t indicator_cdl_identical_three_crows;
extern const indicator_kind_t indicator_cdl_ladder_bottom;
extern const indicator_kind_t indicator_cdl_mat_hold;
extern const indicator_kind_t indicator_cdl_rise_fall_three_methods;
extern const indicator_kind_t indicator_cdl_stalled;
extern const indicator_kind_t indicator_cdl_stick_sandwich;
extern const indicator_kind_t indicator_cdl_tasuki_gap;
extern const indicator_kind_t indicator_cdl_tristar;
extern const indicator_kind_t indicator_cdl_unique_three_river;
extern const indicator_kind_t indicator_cdl_upside_gap_two_crows;
extern const indicator_kind_t indicator_cdl_x_side_gap_three_methods;
extern const indicator_kind_t indicator_cdl_hikkake;
extern const indicator_kind_t indicator_cdl_hikkake_mod;

/* candle_pattern.h: what candlestick patterns share: the last bars, the words for their parts, and "long", "short", "near" by the
 * averages of the bars before.
 *
 * Definitions, settings and values (+100 bullish, -100 bearish, 0 none; 80 where an engulfing or harami touches) are TA-Lib's.
 * There an average is a running sum; here the at most ten ranges are added anew when a pattern gets as far as asking, so nothing
 * drifts. Bars and their ranges stand side by side, oldest first, and go back to the front when the room is full.
 *
 * The patterns stand in candle_one.c, candle_two.c and candle_more.c by the number of bars they look at, those that a later bar
 * confirms in candle_confirmed.c. To add one: a function from candles_t to its value and a CANDLE_KIND line.
 */
#pragma once

#include <stdbool.h>

#include "core/indicator/indicator.h"
#include "core/indicator/registry.h"

enum {
    CANDLES_KEPT = 16, /* five bars of a pattern and ten before the first of them, and one */
    CANDLES_ROOM = 48,
};

typedef struct {
    double open, high, low, close;
} candle_bar_t;

typedef enum { RANGE_BODY, RANGE_WHOLE, RANGE_SHADOWS, RANGE_KINDS } candle_range_t;

typedef struct {
    uint32_t seen; /* bars consumed, counted up to the warm-up */
    uint32_t newest;
    double penetration; /* a fraction, of the patterns that have it */
    candle_bar_t bars[CANDLES_ROOM];
    double ranges[RANGE_KINDS][CANDLES_ROOM];
} candles_t;

/* What a range is compared with: factor x the mean of the last `bars` ranges of a kind; the bar's own range when bars is 0. */
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

/* The bar `ago` bars before the newest. */
static inline const candle_bar_t *candle(const candles_t *candles, uint32_t ago)
{
    return &candles->bars[candles->newest - ago];
}

static inline double candle_open(const candles_t *candles, uint32_t ago)
{
    return candle(candles, ago)->open;
}

static inline double candle_high(const candles_t *candles, uint32_t ago)
{
    return candle(candles, ago)->high;
}

static inline double candle_low(const candles_t *candles, uint32_t ago)
{
    return candle(candles, ago)->low;
}

static inline double candle_close(const candles_t *candles, uint32_t ago)
{
    return candle(candles, ago)->close;
}

/* +1 white (close >= open), -1 black. */
static inline int candle_colour(const candles_t *candles, uint32_t ago)
{
    return candle(candles, ago)->close >= candle(candles, ago)->open ? 1 : -1;
}

static inline double candle_top(const candles_t *candles, uint32_t ago) /* of the body */
{
    const candle_bar_t *bar = candle(candles, ago);
    return bar->close > bar->open ? bar->close : bar->open;
}

static inline double candle_bottom(const candles_t *candles, uint32_t ago)
{
    const candle_bar_t *bar = candle(candles, ago);
    return bar->close < bar->open ? bar->close : bar->open;
}

static inline double candle_body(const candles_t *candles, uint32_t ago)
{
    return candles->ranges[RANGE_BODY][candles->newest - ago];
}

static inline double candle_upper_shadow(const candles_t *candles, uint32_t ago)
{
    return candle(candles, ago)->high - candle_top(candles, ago);
}

static inline double candle_lower_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_bottom(candles, ago) - candle(candles, ago)->low;
}

/* The body of bar a lies wholly above (below) that of bar b. */
static inline bool candle_body_gap_up(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_bottom(candles, a) > candle_top(candles, b);
}

static inline bool candle_body_gap_down(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_top(candles, a) < candle_bottom(candles, b);
}

/* The same of the whole bars. */
static inline bool candle_gap_up(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_low(candles, a) > candle_high(candles, b);
}

static inline bool candle_gap_down(const candles_t *candles, uint32_t a, uint32_t b)
{
    return candle_high(candles, a) < candle_low(candles, b);
}

/* TA-Lib's default candle settings. */
static const struct {
    candle_range_t range;
    uint32_t bars;
    double factor;
} candle_settings[] = {
    [CANDLE_BODY_LONG] = {RANGE_BODY, 10, 1.0},
    [CANDLE_BODY_SHORT] = {RANGE_BODY, 10, 1.0},
    [CANDLE_BODY_DOJI] = {RANGE_WHOLE, 10, 0.1},
    [CANDLE_SHADOW_LONG] = {RANGE_BODY, 0, 1.0},
    [CANDLE_SHADOW_VERY_LONG] = {RANGE_BODY, 0, 2.0},
    [CANDLE_SHADOW_SHORT] = {RANGE_SHADOWS, 10, 1.0},
    [CANDLE_SHADOW_VERY_SHORT] = {RANGE_WHOLE, 10, 0.1},
    [CANDLE_NEAR] = {RANGE_WHOLE, 5, 0.2},
    [CANDLE_FAR] = {RANGE_WHOLE, 5, 0.6},
    [CANDLE_EQUAL] = {RANGE_WHOLE, 5, 0.05},
};

/* The measure of a setting at a bar, made of the bars before it. In two chains, which do not wait for each other. */
static inline double candle_measure(const candles_t *candles, candle_setting_t setting, uint32_t ago)
{
    const uint32_t bars = candle_settings[setting].bars;
    const candle_range_t range = candle_settings[setting].range;
    const double *const at = &candles->ranges[range][candles->newest - ago];
    double mean = at[0];
    if (bars > 0) {
        double even = 0.0, odd = 0.0;
        for (uint32_t i = bars; i > 1; i -= 2) {
            even += at[-(ptrdiff_t)i];
            odd += at[1 - (ptrdiff_t)i];
        }
        mean = (bars % 2 == 0 ? even + odd : even + odd + at[-1]) / (double)bars;
    }
    return candle_settings[setting].factor * mean / (range == RANGE_SHADOWS ? 2.0 : 1.0);
}

/* |x - y| <= the measure. */
static inline bool candle_is_within(const candles_t *candles, candle_setting_t setting, uint32_t ago, double x, double y)
{
    const double measure = candle_measure(candles, setting, ago);
    return x <= y + measure && x >= y - measure;
}

static inline bool candle_is_long(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) > candle_measure(candles, CANDLE_BODY_LONG, ago);
}

/* body < */
static inline bool candle_is_short(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) < candle_measure(candles, CANDLE_BODY_SHORT, ago);
}

/* body <= */
static inline bool candle_is_short_or_equal(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) <= candle_measure(candles, CANDLE_BODY_SHORT, ago);
}

static inline bool candle_is_doji(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) <= candle_measure(candles, CANDLE_BODY_DOJI, ago);
}

/* Or a very short one. */
static inline bool candle_has_no_upper_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_upper_shadow(candles, ago) < candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, ago);
}

static inline bool candle_has_no_lower_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_lower_shadow(candles, ago) < candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, ago);
}

/* --- registry --------------------------------------------------------------------------------- */

typedef int (*candle_match_t)(const candles_t *candles);

void candle_kind_init(void *state, const double *options);
void candle_kind_init_penetration(void *state, const double *options);
size_t candle_kind_state_size(const double *options);

/* The room is full: the last bars go to its front. */
void candle_room_turn(candles_t *candles);

/* One bar; outputs[0] is NAN for the first `warm_up` bars, then what match says. */
static inline void candle_kind_next(candles_t *candles, const indicator_bar_t *bar, candle_match_t match, uint32_t warm_up,
                                    double *outputs)
{
    if (__builtin_expect(candles->newest + 1 == CANDLES_ROOM, 0)) {
        candle_room_turn(candles);
    }
    const uint32_t at = ++candles->newest;
    const double open = bar->open, high = bar->high, low = bar->low, close = bar->close;
    const double top = close > open ? close : open, bottom = close < open ? close : open;
    candles->bars[at] = (candle_bar_t){open, high, low, close};
    candles->ranges[RANGE_BODY][at] = top - bottom;
    candles->ranges[RANGE_WHOLE][at] = high - low;
    candles->ranges[RANGE_SHADOWS][at] = (high - top) + (bottom - low);
    if (__builtin_expect(candles->seen == warm_up, 1)) {
        outputs[0] = (double)match(candles);
        return;
    }
    candles->seen++;
    outputs[0] = NAN;
}

#define CANDLE_CONVENTION "TA-Lib CDL function of that name: 100 bullish, -100 bearish, 0 none; closed bars only"

#define CANDLE_KIND_WITH(id, words, says, bars_before, init_function, ...)                                                         \
    static uint32_t id##_warm_up(const double *options)                                                                            \
    {                                                                                                                              \
        (void)options;                                                                                                             \
        return bars_before;                                                                                                        \
    }                                                                                                                              \
    static void id##_next(void *state, const indicator_bar_t *bar, double *outputs)                                                \
    {                                                                                                                              \
        candle_kind_next(state, bar, id, bars_before, outputs);                                                                    \
    }                                                                                                                              \
    __attribute__((flatten)) static void id##_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,      \
                                                     double *const *outputs)                                                       \
    {                                                                                                                              \
        for (size_t i = from; i < to; i++) {                                                                                       \
            const indicator_bar_t bar = {                                                                                          \
                .open = columns->open[i], .high = columns->high[i], .low = columns->low[i], .close = columns->close[i]};           \
            candle_kind_next(state, &bar, id, bars_before, outputs[0] + i);                                                        \
        }                                                                                                                          \
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
#define CANDLE_KIND(id, words, bars_before) CANDLE_KIND_WITH(id, words, CANDLE_CONVENTION, bars_before, candle_kind_init, )

/* One that is seen first and confirmed on a later bar. */
#define CANDLE_KIND_CONFIRMED(id, words, bars_before)                                                                              \
    CANDLE_KIND_WITH(id, words, CANDLE_CONVENTION "; 200 or -200 on the bar that confirms it, within three", bars_before,          \
                     candle_kind_init, )

/* One that also asks how far into the first body the last bar must close. */
#define CANDLE_KIND_PENETRATION(id, words, bars_before, preset)                                                                    \
    CANDLE_KIND_WITH(id, words, CANDLE_CONVENTION, bars_before, candle_kind_init_penetration, .option_count = 1,                   \
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

/* features.h: what can be said about a closed bar: M's 54 named states, yes or no, and nine normalised figures (IND-3).
 *
 * Formulas and names are those of nguyenkhai1203/trading-bot (M) with its faults mended: swings are confirmed only when their right
 * side has closed (M looked 10 bars into the future), VWAP is that of the UTC day and not of whatever history was loaded, and slow
 * %K and its average %D are two different series. M's smoothing is kept where schools differ: EMAs begin with the first close; RSI,
 * ATR and ADX are plain means; Bollinger's deviation is the sample's.
 *
 *   EMA 9/21/50/200   cross (this bar only) and state
 *   RSI 7/14/21       oversold < 30, overbought > 70, gt_50, lt_50
 *   MACD 12/26/9      cross and state of the line against its signal
 *   Bollinger 20/2    close beyond a band
 *   Ichimoku 9/26     TK_Cross_Up/Down is the state tenkan > / < kijun, as in M; TK_Crossed_Up/Down (not M's) is the cross itself
 *   volume            Vol_Spike: volume > 2 x mean of 20
 *   ADX 14            ADX_Strong > 25, ADX_Weak < 20, DI_Plus_Above, DI_Minus_Above
 *   stochastic 14/3/3 zones of slow %K (20, 80), crosses of slow %K and %D
 *   ATR 14            High_/Low_Volatility: above / below its own mean of 20
 *   VWAP              close above / below the VWAP of closes of the UTC day
 *   divergence        closes against RSI 14 and the MACD line: extremes of 5 bars against those of the 5 bars before
 *   Fibonacci         close within 0.5 % of a level of the 50-bar range, measured down from its high; key level: any of the four
 *   levels            swings of 10 bars on each side, tolerance 1 % (core/indicator/support_resistance.h)
 *
 * Inputs, in the brain's order: norm_RSI_7/14/21 = RSI / 100; norm_MACD = place of the line in its range of 100 bars; norm_BB_Width
 * = (upper - lower) / middle; norm_Price_in_BB = place of the close between the bands, not cut; norm_Volume = place of log(1 +
 * volume) in its range of 100 bars; norm_ADX = ADX / 100; norm_ATR = ATR / close. A range of nothing gives 0.5.
 */
#pragma once

#include "core/base/str.h"
#include "core/indicator/bollinger.h"
#include "core/indicator/rolling.h"
#include "core/indicator/support_resistance.h"
#include "core/indicator/true_range.h"
#include "core/indicator/vwap.h"
#include "core/strategy/bar_extremes.h"

typedef enum {
    FEATURE_EMA_9_CROSS_21_UP,
    FEATURE_EMA_9_CROSS_21_DOWN,
    FEATURE_EMA_9_GT_21,
    FEATURE_EMA_9_LT_21,
    FEATURE_EMA_50_GT_200,
    FEATURE_EMA_50_LT_200,
    FEATURE_RSI_7_OVERSOLD,
    FEATURE_RSI_7_OVERBOUGHT,
    FEATURE_RSI_7_GT_50,
    FEATURE_RSI_7_LT_50,
    FEATURE_RSI_14_OVERSOLD,
    FEATURE_RSI_14_OVERBOUGHT,
    FEATURE_RSI_14_GT_50,
    FEATURE_RSI_14_LT_50,
    FEATURE_RSI_21_OVERSOLD,
    FEATURE_RSI_21_OVERBOUGHT,
    FEATURE_RSI_21_GT_50,
    FEATURE_RSI_21_LT_50,
    FEATURE_MACD_CROSS_UP,
    FEATURE_MACD_CROSS_DOWN,
    FEATURE_MACD_GT_SIGNAL,
    FEATURE_MACD_LT_SIGNAL,
    FEATURE_PRICE_LT_BB_LOW,
    FEATURE_PRICE_GT_BB_UP,
    FEATURE_ICHIMOKU_TK_CROSS_UP,
    FEATURE_ICHIMOKU_TK_CROSS_DOWN,
    FEATURE_VOL_SPIKE,
    FEATURE_ADX_STRONG,
    FEATURE_ADX_WEAK,
    FEATURE_DI_PLUS_ABOVE,
    FEATURE_DI_MINUS_ABOVE,
    FEATURE_STOCH_OVERSOLD,
    FEATURE_STOCH_OVERBOUGHT,
    FEATURE_STOCH_K_CROSS_UP,
    FEATURE_STOCH_K_CROSS_DOWN,
    FEATURE_HIGH_VOLATILITY,
    FEATURE_LOW_VOLATILITY,
    FEATURE_PRICE_ABOVE_VWAP,
    FEATURE_PRICE_BELOW_VWAP,
    FEATURE_RSI_BULLISH_DIV,
    FEATURE_RSI_BEARISH_DIV,
    FEATURE_MACD_BULLISH_DIV,
    FEATURE_MACD_BEARISH_DIV,
    FEATURE_AT_FIBO_236,
    FEATURE_AT_FIBO_382,
    FEATURE_AT_FIBO_500,
    FEATURE_AT_FIBO_618,
    FEATURE_AT_FIBO_KEY_LEVEL,
    FEATURE_AT_SUPPORT,
    FEATURE_AT_RESISTANCE,
    FEATURE_BOUNCE_FROM_SUPPORT,
    FEATURE_BOUNCE_FROM_RESISTANCE,
    FEATURE_BREAKOUT_ABOVE_RESISTANCE,
    FEATURE_BREAKOUT_BELOW_SUPPORT,
    FEATURE_COUNT_OF_M,
    /* not among M's 54 */
    FEATURE_ICHIMOKU_TK_CROSSED_UP = FEATURE_COUNT_OF_M,
    FEATURE_ICHIMOKU_TK_CROSSED_DOWN,
    FEATURE_COUNT,
} feature_t;

typedef enum {
    FEATURE_INPUT_RSI_7,
    FEATURE_INPUT_RSI_14,
    FEATURE_INPUT_RSI_21,
    FEATURE_INPUT_MACD,
    FEATURE_INPUT_BB_WIDTH,
    FEATURE_INPUT_PRICE_IN_BB,
    FEATURE_INPUT_VOLUME,
    FEATURE_INPUT_ADX,
    FEATURE_INPUT_ATR,
    FEATURE_INPUT_COUNT,
} feature_input_t;

_Static_assert(FEATURE_COUNT_OF_M == 54, "M has 54 states");
_Static_assert(FEATURE_COUNT <= 64, "states are bits of one word");

const char *feature_name(feature_t feature);           /* "EMA_9_cross_21_up" */
const char *feature_input_name(feature_input_t input); /* "norm_RSI_7" */

typedef struct {
    uint64_t states; /* bit number feature_t */
    double inputs[FEATURE_INPUT_COUNT];
    double atr; /* plain mean of 14, > 0 unless nothing moved */
} features_value_t;

static inline bool features_has(const features_value_t *value, feature_t feature)
{
    return (value->states >> feature & 1u) != 0;
}

/* --- the parts -------------------------------------------------------------------------------- */

enum {
    FEATURES_WARM_UP = 199, /* bars before the first value: the 200-bar average and everything shorter is known then */
    FEATURES_RSI_MAX = 21,
    FEATURES_RANGE = 100, /* bars of the ranges behind norm_MACD and norm_Volume */
    FEATURES_SWING_SIDE = 10,
    FEATURES_DIVERGENCE = 5,
    FEATURES_DIVERGENCE_RING = 2 * FEATURES_DIVERGENCE, /* the last bars, and those that they are compared with */
    FEATURES_FIBONACCI = 50,
};

typedef struct {
    double factor, value; /* begins with the first value: M's ewm(adjust=False) */
    bool started;
} feature_ema_t;

typedef struct {
    rolling_sum_t gains, losses;
    double windows[2 * FEATURES_RSI_MAX];
} feature_rsi_t;

/* The last values once, and both extremes as places among them. A thousand symbols do not fit into any cache, so what an update
 * touches is what it costs. */
typedef struct {
    uint8_t next;
    candidates_t highest, lowest;
    uint8_t highest_places[FEATURES_RANGE], lowest_places[FEATURES_RANGE];
    double values[FEATURES_RANGE];
} feature_range_t;

_Static_assert(FEATURES_RANGE <= UINT8_MAX, "a place is one byte");
_Static_assert((int)FEATURES_FIBONACCI <= (int)BAR_EXTREMES_BARS, "no window is longer");

typedef struct {
    rolling_sum_t range, plus, minus;
    sma_t adx;
    double windows[4 * 14];
} feature_adx_t;

typedef struct {
    sma_t slow, average;
    double windows[2 * 3];
} feature_stochastic_t;

typedef struct {
    double plus, minus, adx;
} feature_directional_t;

/* The parts are M's and stand alone, too (market_state.h). */
feature_ema_t feature_ema_make(double period);
double feature_ema_next(feature_ema_t *ema, double value);

/* period in [2, FEATURES_RSI_MAX]; plain means of gains and losses; 50 when nothing moved, NAN while warming up. */
void feature_rsi_init(feature_rsi_t *rsi, uint32_t period);
double feature_rsi_next(feature_rsi_t *rsi, double change);

/* 14 bars, plain sums; ADX is NAN for 14 bars longer than the directional lines. `last`: the bar before. */
void feature_adx_init(feature_adx_t *adx);
feature_directional_t feature_adx_next(feature_adx_t *adx, const indicator_bar_t *bar, const indicator_bar_t *last);

/* Holds pointers into itself: it stays where it was initialised. */
typedef struct {
    uint32_t seen; /* bars, counted up to FEATURES_WARM_UP */
    indicator_bar_t last;
    uint64_t sides; /* states of the last bar: what a cross is compared with */
    feature_ema_t ema_9, ema_21, ema_50, ema_200, macd_fast, macd_slow, macd_signal;
    feature_rsi_t rsi_7, rsi_14, rsi_21;
    bollinger_t bands;
    rolling_sum_t volume;
    feature_adx_t adx;
    feature_stochastic_t stochastic;
    atr_simple_t atr;
    sma_t atr_mean;
    vwap_t vwap;
    swing_levels_t levels;
    bar_extremes_t extremes; /* for Ichimoku, the stochastic, Fibonacci and the swings */
    feature_range_t macd_range, volume_range;
    uint32_t rsi_next, close_next;
    double rsi_last[FEATURES_DIVERGENCE_RING], closes[FEATURES_DIVERGENCE_RING]; /* rings: RSI 14, closes */
    double bands_window[BOLLINGER_ROOM(20)], volume_window[20], atr_window[14], atr_mean_window[20];
} features_t;

void features_init(features_t *features);

/* Consumes one closed bar (open time included). True and *value from bar FEATURES_WARM_UP + 1 on. O(1) amortised, no allocation. */
bool features_next(features_t *features, const indicator_bar_t *bar, features_value_t *value);

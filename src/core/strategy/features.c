/* features.c: the states and inputs of a bar, group by group; see features.h. */
#include "core/strategy/features.h"

#include "core/base/assert.h"
#include "core/base/fmath.h"
#include "core/indicator/divergence.h"
#include "core/indicator/fibonacci.h"

/* --- names ------------------------------------------------------------------------------------ */

static const char *const names[FEATURE_COUNT] = {
    [FEATURE_EMA_9_CROSS_21_UP] = "EMA_9_cross_21_up",
    [FEATURE_EMA_9_CROSS_21_DOWN] = "EMA_9_cross_21_down",
    [FEATURE_EMA_9_GT_21] = "EMA_9_gt_21",
    [FEATURE_EMA_9_LT_21] = "EMA_9_lt_21",
    [FEATURE_EMA_50_GT_200] = "EMA_50_gt_200",
    [FEATURE_EMA_50_LT_200] = "EMA_50_lt_200",
    [FEATURE_RSI_7_OVERSOLD] = "RSI_7_oversold",
    [FEATURE_RSI_7_OVERBOUGHT] = "RSI_7_overbought",
    [FEATURE_RSI_7_GT_50] = "RSI_7_gt_50",
    [FEATURE_RSI_7_LT_50] = "RSI_7_lt_50",
    [FEATURE_RSI_14_OVERSOLD] = "RSI_14_oversold",
    [FEATURE_RSI_14_OVERBOUGHT] = "RSI_14_overbought",
    [FEATURE_RSI_14_GT_50] = "RSI_14_gt_50",
    [FEATURE_RSI_14_LT_50] = "RSI_14_lt_50",
    [FEATURE_RSI_21_OVERSOLD] = "RSI_21_oversold",
    [FEATURE_RSI_21_OVERBOUGHT] = "RSI_21_overbought",
    [FEATURE_RSI_21_GT_50] = "RSI_21_gt_50",
    [FEATURE_RSI_21_LT_50] = "RSI_21_lt_50",
    [FEATURE_MACD_CROSS_UP] = "MACD_cross_up",
    [FEATURE_MACD_CROSS_DOWN] = "MACD_cross_down",
    [FEATURE_MACD_GT_SIGNAL] = "MACD_gt_signal",
    [FEATURE_MACD_LT_SIGNAL] = "MACD_lt_signal",
    [FEATURE_PRICE_LT_BB_LOW] = "Price_lt_BB_Low",
    [FEATURE_PRICE_GT_BB_UP] = "Price_gt_BB_Up",
    [FEATURE_ICHIMOKU_TK_CROSS_UP] = "Ichimoku_TK_Cross_Up",
    [FEATURE_ICHIMOKU_TK_CROSS_DOWN] = "Ichimoku_TK_Cross_Down",
    [FEATURE_VOL_SPIKE] = "Vol_Spike",
    [FEATURE_ADX_STRONG] = "ADX_Strong",
    [FEATURE_ADX_WEAK] = "ADX_Weak",
    [FEATURE_DI_PLUS_ABOVE] = "DI_Plus_Above",
    [FEATURE_DI_MINUS_ABOVE] = "DI_Minus_Above",
    [FEATURE_STOCH_OVERSOLD] = "Stoch_Oversold",
    [FEATURE_STOCH_OVERBOUGHT] = "Stoch_Overbought",
    [FEATURE_STOCH_K_CROSS_UP] = "Stoch_K_Cross_Up",
    [FEATURE_STOCH_K_CROSS_DOWN] = "Stoch_K_Cross_Down",
    [FEATURE_HIGH_VOLATILITY] = "High_Volatility",
    [FEATURE_LOW_VOLATILITY] = "Low_Volatility",
    [FEATURE_PRICE_ABOVE_VWAP] = "Price_Above_VWAP",
    [FEATURE_PRICE_BELOW_VWAP] = "Price_Below_VWAP",
    [FEATURE_RSI_BULLISH_DIV] = "RSI_Bullish_Div",
    [FEATURE_RSI_BEARISH_DIV] = "RSI_Bearish_Div",
    [FEATURE_MACD_BULLISH_DIV] = "MACD_Bullish_Div",
    [FEATURE_MACD_BEARISH_DIV] = "MACD_Bearish_Div",
    [FEATURE_AT_FIBO_236] = "at_fibo_236",
    [FEATURE_AT_FIBO_382] = "at_fibo_382",
    [FEATURE_AT_FIBO_500] = "at_fibo_500",
    [FEATURE_AT_FIBO_618] = "at_fibo_618",
    [FEATURE_AT_FIBO_KEY_LEVEL] = "at_fibo_key_level",
    [FEATURE_AT_SUPPORT] = "at_support",
    [FEATURE_AT_RESISTANCE] = "at_resistance",
    [FEATURE_BOUNCE_FROM_SUPPORT] = "bounce_from_support",
    [FEATURE_BOUNCE_FROM_RESISTANCE] = "bounce_from_resistance",
    [FEATURE_BREAKOUT_ABOVE_RESISTANCE] = "breakout_above_resistance",
    [FEATURE_BREAKOUT_BELOW_SUPPORT] = "breakout_below_support",
    [FEATURE_ICHIMOKU_TK_CROSSED_UP] = "Ichimoku_TK_Crossed_Up",
    [FEATURE_ICHIMOKU_TK_CROSSED_DOWN] = "Ichimoku_TK_Crossed_Down",
};

const char *feature_name(feature_t feature)
{
    ASSERT((unsigned)feature < FEATURE_COUNT);
    return names[feature];
}

const char *feature_input_name(feature_input_t input)
{
    static const char *const input_names[FEATURE_INPUT_COUNT] = {"norm_RSI_7",  "norm_RSI_14",   "norm_RSI_21",
                                                                 "norm_MACD",   "norm_BB_Width", "norm_Price_in_BB",
                                                                 "norm_Volume", "norm_ADX",      "norm_ATR"};
    ASSERT((unsigned)input < FEATURE_INPUT_COUNT);
    return input_names[input];
}

/* --- parts ------------------------------------------------------------------------------------ */

double feature_ema_next(feature_ema_t *ema, double value)
{
    ema->value = ema->started ? ema->value + ema->factor * (value - ema->value) : value;
    ema->started = true;
    return ema->value;
}

feature_ema_t feature_ema_make(double period)
{
    return (feature_ema_t){.factor = 2.0 / (period + 1.0)};
}

void feature_rsi_init(feature_rsi_t *rsi, uint32_t period)
{
    rolling_sum_init(&rsi->gains, period, rsi->windows);
    rolling_sum_init(&rsi->losses, period, rsi->windows + period);
}

/* Plain sums of gains and losses; 50 when nothing moved. */
double feature_rsi_next(feature_rsi_t *rsi, double change)
{
    const double gains = rolling_sum_next(&rsi->gains, change > 0.0 ? change : 0.0);
    const double losses = rolling_sum_next(&rsi->losses, change < 0.0 ? -change : 0.0);
    const double all = gains + losses;
    return isnan(all) || all > 0.0 ? 100.0 * gains / all : 50.0;
}

static double place_between(double value, double low, double high)
{
    return high > low ? (value - low) / (high - low) : 0.5;
}

/* Where the value stands in the range of the last 100, 0 to 1. */
static double place_in(feature_range_t *range, double value)
{
    ASSERT(indicator_value_is_good(value));
    candidates_next(&range->highest, range->highest_places, FEATURES_RANGE, range->values, range->next, value, true);
    candidates_next(&range->lowest, range->lowest_places, FEATURES_RANGE, range->values, range->next, value, false);
    range->values[range->next] = value;
    range->next = (uint8_t)(range->next + 1 < FEATURES_RANGE ? range->next + 1 : 0);
    const double low = range->values[candidates_at(&range->lowest, range->lowest_places, FEATURES_RANGE, 0)];
    const double high = range->values[candidates_at(&range->highest, range->highest_places, FEATURES_RANGE, 0)];
    return place_between(value, low, high);
}

void feature_adx_init(feature_adx_t *adx)
{
    rolling_sum_init(&adx->range, 14, adx->windows);
    rolling_sum_init(&adx->plus, 14, adx->windows + 14);
    rolling_sum_init(&adx->minus, 14, adx->windows + 28);
    sma_init(&adx->adx, 14, adx->windows + 42);
}

feature_directional_t feature_adx_next(feature_adx_t *adx, const indicator_bar_t *bar, const indicator_bar_t *last)
{
    const double up = bar->high - last->high, down = last->low - bar->low;
    const double range = rolling_sum_next(&adx->range, true_range_of(bar->high, bar->low, last->close));
    const double plus = rolling_sum_next(&adx->plus, up > down && up > 0.0 ? up : 0.0);
    const double minus = rolling_sum_next(&adx->minus, down > up && down > 0.0 ? down : 0.0);
    if (isnan(range)) {
        return (feature_directional_t){NAN, NAN, NAN};
    }
    feature_directional_t value = {0};
    if (range > 0.0) {
        value.plus = 100.0 * plus / range;
        value.minus = 100.0 * minus / range;
    }
    const double sum = value.plus + value.minus;
    value.adx = sma_next(&adx->adx, sum > 0.0 ? 100.0 * fabs(value.plus - value.minus) / sum : 0.0);
    return value;
}

static void stochastic_make(feature_stochastic_t *stochastic)
{
    sma_init(&stochastic->slow, 3, stochastic->windows);
    sma_init(&stochastic->average, 3, stochastic->windows + 3);
}

typedef struct {
    double slow, average;
} stochastic_value_t;

static stochastic_value_t stochastic_of(feature_stochastic_t *stochastic, double close, const swing_extremes_t *range)
{
    stochastic_value_t value = {.average = NAN};
    value.slow = sma_next(&stochastic->slow, 100.0 * place_between(close, range->lowest, range->highest));
    if (!isnan(value.slow)) {
        value.average = sma_next(&stochastic->average, value.slow);
    }
    return value;
}

/* The extremes of the last bars, window by window: what several groups ask for is looked up once. */
typedef struct {
    swing_extremes_t bars_50, bars_26, bars_21, bars_14, bars_9;
    divergence_extremes_t now, before; /* closes of the last 5 bars, and of the 5 before them */
} windows_t;

_Static_assert(FEATURES_FIBONACCI == 50 && 2 * FEATURES_SWING_SIDE + 1 == 21, "windows_t names them");

static windows_t look_back(features_t *features, const indicator_bar_t *bar)
{
    bar_extremes_t *extremes = &features->extremes;
    bar_extremes_walk_t walk = {0};
    windows_t windows;
    bar_extremes_next(extremes, bar->high, bar->low);
    windows.bars_50 = bar_extremes_of(extremes, &walk, 50);
    windows.bars_26 = bar_extremes_of(extremes, &walk, 26);
    windows.bars_21 = bar_extremes_of(extremes, &walk, 21);
    windows.bars_14 = bar_extremes_of(extremes, &walk, 14);
    windows.bars_9 = bar_extremes_of(extremes, &walk, 9);
    features->closes[features->close_next] = bar->close;
    features->close_next = features->close_next + 1 < FEATURES_DIVERGENCE_RING ? features->close_next + 1 : 0;
    const uint32_t next = features->close_next;
    windows.now.price_low = ring_extreme(features->closes, FEATURES_DIVERGENCE_RING, next, 0, FEATURES_DIVERGENCE, false);
    windows.now.price_high = ring_extreme(features->closes, FEATURES_DIVERGENCE_RING, next, 0, FEATURES_DIVERGENCE, true);
    windows.before.price_low =
        ring_extreme(features->closes, FEATURES_DIVERGENCE_RING, next, FEATURES_DIVERGENCE, FEATURES_DIVERGENCE, false);
    windows.before.price_high =
        ring_extreme(features->closes, FEATURES_DIVERGENCE_RING, next, FEATURES_DIVERGENCE, FEATURES_DIVERGENCE, true);
    return windows;
}

/* --- groups ----------------------------------------------------------------------------------- */

static uint64_t bit(feature_t feature, bool is_so)
{
    return is_so ? (uint64_t)1 << feature : 0;
}

/* a > b and a < b as states, and their beginning on this bar as crosses; `last` are the states of the bar before. */
static uint64_t sides(const features_t *features, double a, double b, feature_t above, feature_t below, feature_t cross_up,
                      feature_t cross_down)
{
    const bool was_above = (features->sides >> above & 1u) != 0, was_below = (features->sides >> below & 1u) != 0;
    return bit(above, a > b) | bit(below, a < b) | bit(cross_up, a > b && !was_above) | bit(cross_down, a < b && !was_below);
}

static uint64_t rsi_states(double rsi, feature_t oversold)
{
    return bit(oversold, rsi < 30.0) | bit(oversold + 1, rsi > 70.0) | bit(oversold + 2, rsi > 50.0) |
           bit(oversold + 3, rsi < 50.0);
}

static uint64_t average_states(features_t *features, double close)
{
    const double ema_9 = feature_ema_next(&features->ema_9, close), ema_21 = feature_ema_next(&features->ema_21, close);
    const double ema_50 = feature_ema_next(&features->ema_50, close), ema_200 = feature_ema_next(&features->ema_200, close);
    return sides(features, ema_9, ema_21, FEATURE_EMA_9_GT_21, FEATURE_EMA_9_LT_21, FEATURE_EMA_9_CROSS_21_UP,
                 FEATURE_EMA_9_CROSS_21_DOWN) |
           bit(FEATURE_EMA_50_GT_200, ema_50 > ema_200) | bit(FEATURE_EMA_50_LT_200, ema_50 < ema_200);
}

/* The oscillator's values stand in a ring of `size`. */
static uint64_t divergence_states(const windows_t *windows, const double *ring, uint32_t size, uint32_t next, feature_t bullish)
{
    const uint32_t window = FEATURES_DIVERGENCE;
    divergence_extremes_t now = windows->now, before = windows->before;
    now.low = ring_extreme(ring, size, next, 0, window, false);
    now.high = ring_extreme(ring, size, next, 0, window, true);
    before.low = ring_extreme(ring, size, next, window, window, false);
    before.high = ring_extreme(ring, size, next, window, window, true);
    const divergence_value_t value = divergence_of(&now, &before);
    return bit(bullish, value.bullish) | bit(bullish + 1, value.bearish);
}

static uint64_t momentum_states(features_t *features, const indicator_bar_t *bar, const windows_t *windows, features_value_t *value)
{
    const double change = bar->close - features->last.close;
    const double rsi_7 = feature_rsi_next(&features->rsi_7, change), rsi_14 = feature_rsi_next(&features->rsi_14, change);
    const double rsi_21 = feature_rsi_next(&features->rsi_21, change);
    features->rsi_last[features->rsi_next] = rsi_14;
    features->rsi_next = features->rsi_next + 1 < FEATURES_DIVERGENCE_RING ? features->rsi_next + 1 : 0;
    value->inputs[FEATURE_INPUT_RSI_7] = rsi_7 / 100.0;
    value->inputs[FEATURE_INPUT_RSI_14] = rsi_14 / 100.0;
    value->inputs[FEATURE_INPUT_RSI_21] = rsi_21 / 100.0;
    return rsi_states(rsi_7, FEATURE_RSI_7_OVERSOLD) | rsi_states(rsi_14, FEATURE_RSI_14_OVERSOLD) |
           rsi_states(rsi_21, FEATURE_RSI_21_OVERSOLD) |
           divergence_states(windows, features->rsi_last, FEATURES_DIVERGENCE_RING, features->rsi_next, FEATURE_RSI_BULLISH_DIV);
}

static uint64_t macd_states(features_t *features, const indicator_bar_t *bar, const windows_t *windows, features_value_t *value)
{
    const double line = feature_ema_next(&features->macd_fast, bar->close) - feature_ema_next(&features->macd_slow, bar->close);
    const double signal = feature_ema_next(&features->macd_signal, line);
    value->inputs[FEATURE_INPUT_MACD] = place_in(&features->macd_range, line);
    return sides(features, line, signal, FEATURE_MACD_GT_SIGNAL, FEATURE_MACD_LT_SIGNAL, FEATURE_MACD_CROSS_UP,
                 FEATURE_MACD_CROSS_DOWN) |
           divergence_states(windows, features->macd_range.values, FEATURES_RANGE, features->macd_range.next,
                             FEATURE_MACD_BULLISH_DIV);
}

static uint64_t band_states(features_t *features, double close, features_value_t *value)
{
    const bollinger_value_t bands = bollinger_next(&features->bands, close);
    value->inputs[FEATURE_INPUT_BB_WIDTH] = bands.middle != 0.0 ? (bands.upper - bands.lower) / bands.middle : 0.0;
    value->inputs[FEATURE_INPUT_PRICE_IN_BB] = place_between(close, bands.lower, bands.upper);
    return bit(FEATURE_PRICE_LT_BB_LOW, close < bands.lower) | bit(FEATURE_PRICE_GT_BB_UP, close > bands.upper);
}

static uint64_t ichimoku_states(const features_t *features, const windows_t *windows)
{
    const double tenkan = (windows->bars_9.highest + windows->bars_9.lowest) / 2.0;
    const double kijun = (windows->bars_26.highest + windows->bars_26.lowest) / 2.0;
    return sides(features, tenkan, kijun, FEATURE_ICHIMOKU_TK_CROSS_UP, FEATURE_ICHIMOKU_TK_CROSS_DOWN,
                 FEATURE_ICHIMOKU_TK_CROSSED_UP, FEATURE_ICHIMOKU_TK_CROSSED_DOWN);
}

static uint64_t volume_states(features_t *features, const indicator_bar_t *bar, features_value_t *value)
{
    const double mean = rolling_sum_next(&features->volume, bar->volume) / 20.0;
    const double vwap = vwap_next(&features->vwap, bar->open_ns, bar->close, bar->volume).vwap;
    value->inputs[FEATURE_INPUT_VOLUME] = place_in(&features->volume_range, fmath_log(1.0 + bar->volume));
    return bit(FEATURE_VOL_SPIKE, bar->volume > 2.0 * mean) | bit(FEATURE_PRICE_ABOVE_VWAP, bar->close > vwap) |
           bit(FEATURE_PRICE_BELOW_VWAP, bar->close < vwap);
}

static uint64_t trend_states(features_t *features, const indicator_bar_t *bar, features_value_t *value)
{
    const feature_directional_t adx = feature_adx_next(&features->adx, bar, &features->last);
    value->inputs[FEATURE_INPUT_ADX] = adx.adx / 100.0;
    return bit(FEATURE_ADX_STRONG, adx.adx > 25.0) | bit(FEATURE_ADX_WEAK, adx.adx < 20.0) |
           bit(FEATURE_DI_PLUS_ABOVE, adx.plus > adx.minus) | bit(FEATURE_DI_MINUS_ABOVE, adx.minus > adx.plus);
}

static uint64_t stochastic_states(features_t *features, double close, const windows_t *windows)
{
    if (features->seen + 1 < 14) {
        return 0; /* the range is of 14 bars */
    }
    const stochastic_value_t value = stochastic_of(&features->stochastic, close, &windows->bars_14);
    const feature_t above = 62, below = 63; /* which side %K was on; no states of their own */
    _Static_assert(FEATURE_COUNT <= 62, "the two highest bits are free");
    return bit(FEATURE_STOCH_OVERSOLD, value.slow < 20.0) | bit(FEATURE_STOCH_OVERBOUGHT, value.slow > 80.0) |
           sides(features, value.slow, value.average, above, below, FEATURE_STOCH_K_CROSS_UP, FEATURE_STOCH_K_CROSS_DOWN);
}

static uint64_t volatility_states(features_t *features, const indicator_bar_t *bar, features_value_t *value)
{
    const double atr = atr_simple_next(&features->atr, bar->high, bar->low, bar->close);
    const double mean = isnan(atr) ? NAN : sma_next(&features->atr_mean, atr);
    value->atr = atr;
    value->inputs[FEATURE_INPUT_ATR] = bar->close != 0.0 ? atr / bar->close : 0.0;
    return bit(FEATURE_HIGH_VOLATILITY, atr > mean) | bit(FEATURE_LOW_VOLATILITY, atr < mean);
}

static bool is_near(double price, double level, double tolerance)
{
    return fabs(price - level) <= tolerance * fabs(level);
}

static uint64_t level_states(features_t *features, const indicator_bar_t *bar, const windows_t *windows)
{
    uint64_t states = 0;
    const swing_extremes_t *range = &windows->bars_50;
    const fibonacci_t levels = fibonacci_leg(range->highest, range->lowest, true);
    for (uint32_t i = 0; i < 4; i++) {
        states |= bit(FEATURE_AT_FIBO_236 + i, is_near(bar->close, levels.levels[i], 0.005));
    }
    states |= bit(FEATURE_AT_FIBO_KEY_LEVEL, states != 0);
    support_resistance_value_t at;
    if (swing_levels_next(&features->levels, bar, &windows->bars_21, &at)) {
        states |= bit(FEATURE_AT_SUPPORT, at.at_support) | bit(FEATURE_AT_RESISTANCE, at.at_resistance) |
                  bit(FEATURE_BOUNCE_FROM_SUPPORT, at.bounce_support) | bit(FEATURE_BOUNCE_FROM_RESISTANCE, at.bounce_resistance) |
                  bit(FEATURE_BREAKOUT_ABOVE_RESISTANCE, at.breakout_up) | bit(FEATURE_BREAKOUT_BELOW_SUPPORT, at.breakout_down);
    }
    return states;
}

/* --- all -------------------------------------------------------------------------------------- */

void features_init(features_t *features)
{
    *features = (features_t){0};
    features->ema_9 = feature_ema_make(9);
    features->ema_21 = feature_ema_make(21);
    features->ema_50 = feature_ema_make(50);
    features->ema_200 = feature_ema_make(200);
    features->macd_fast = feature_ema_make(12);
    features->macd_slow = feature_ema_make(26);
    features->macd_signal = feature_ema_make(9);
    feature_rsi_init(&features->rsi_7, 7);
    feature_rsi_init(&features->rsi_14, 14);
    feature_rsi_init(&features->rsi_21, 21);
    bollinger_init(&features->bands, 20, bollinger_of_sample(2.0, 20.0), features->bands_window);
    rolling_sum_init(&features->volume, 20, features->volume_window);
    feature_adx_init(&features->adx);
    stochastic_make(&features->stochastic);
    atr_simple_init(&features->atr, 14, features->atr_window);
    sma_init(&features->atr_mean, 20, features->atr_mean_window);
    vwap_init(&features->vwap, 0);
    swing_levels_init(&features->levels, FEATURES_SWING_SIDE, 1.0);
}

bool features_next(features_t *features, const indicator_bar_t *bar, features_value_t *value)
{
    ASSERT(features != NULL && bar != NULL && value != NULL);
    features_value_t now = {0};
    const windows_t windows = look_back(features, bar);
    now.states = average_states(features, bar->close) | macd_states(features, bar, &windows, &now) |
                 band_states(features, bar->close, &now) | ichimoku_states(features, &windows) |
                 volume_states(features, bar, &now) | stochastic_states(features, bar->close, &windows) |
                 volatility_states(features, bar, &now) | level_states(features, bar, &windows);
    if (features->seen > 0) { /* these compare with the bar before */
        now.states |= momentum_states(features, bar, &windows, &now) | trend_states(features, bar, &now);
    }
    features->last = *bar;
    features->sides = now.states;
    now.states &= ((uint64_t)1 << FEATURE_COUNT) - 1;
    if (features->seen < FEATURES_WARM_UP) {
        features->seen++;
        return false;
    }
    *value = now;
    return true;
}

/* market_state.c: regime and market score; see market_state.h. */
#include "core/strategy/market_state.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/fmath.h"

const char *regime_name(regime_t regime)
{
    static const char *const names[] = {"unknown", "ranging", "up", "down", "volatile"};
    ASSERT((unsigned)regime < sizeof names / sizeof names[0]);
    return names[regime];
}

/* --- the median ------------------------------------------------------------------------------- */

/* First place whose value is not less. */
static uint32_t place_of(const market_median_t *median, double value)
{
    uint32_t low = 0, high = median->count;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (median->by_time[median->by_size[middle]] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The median of the last 200, or NAN before there are so many. */
static double median_next(market_median_t *median, double value)
{
    uint8_t *sizes = median->by_size;
    if (median->count == MARKET_ATR_MEDIAN) {
        uint32_t old = place_of(median, median->by_time[median->next]);
        while (sizes[old] != median->next) { /* among equals that very one */
            old++;
        }
        median->count--;
        memmove(sizes + old, sizes + old + 1, (median->count - old) * sizeof sizes[0]);
    }
    const uint32_t place = place_of(median, value);
    memmove(sizes + place + 1, sizes + place, (median->count - place) * sizeof sizes[0]);
    sizes[place] = (uint8_t)median->next;
    median->count++;
    median->by_time[median->next] = value;
    median->next = (median->next + 1) % MARKET_ATR_MEDIAN;
    if (median->count < MARKET_ATR_MEDIAN) {
        return NAN;
    }
    return (median->by_time[sizes[MARKET_ATR_MEDIAN / 2 - 1]] + median->by_time[sizes[MARKET_ATR_MEDIAN / 2]]) / 2.0;
}

/* --- one timeframe ---------------------------------------------------------------------------- */

void market_frame_init(market_frame_t *frame)
{
    *frame = (market_frame_t){.regime = REGIME_UNKNOWN};
    frame->ema_21 = feature_ema_make(21);
    frame->ema_50 = feature_ema_make(50);
    frame->ema_200 = feature_ema_make(200);
    frame->macd_fast = feature_ema_make(12);
    frame->macd_slow = feature_ema_make(26);
    frame->macd_signal = feature_ema_make(9);
    feature_rsi_init(&frame->rsi, 14);
    feature_adx_init(&frame->adx);
    atr_simple_init(&frame->atr, 14, frame->atr_window);
}

bool market_frame_is_warm(const market_frame_t *frame)
{
    return frame->seen > MARKET_WARM_UP;
}

static double either(double a, double b, double weight)
{
    return a > b ? weight : a < b ? -weight : 0.0;
}

static double rsi_part(double rsi)
{
    return rsi > 65.0 ? 0.5 : rsi > 55.0 ? 0.2 : rsi < 35.0 ? -0.5 : rsi < 45.0 ? -0.2 : 0.0;
}

static double volatility_part(double in_medians)
{
    return in_medians > 2.5 ? -1.0 : in_medians > 1.8 ? -0.6 : in_medians > 1.3 ? -0.2 : 0.2;
}

static regime_t regime_of(const feature_directional_t *directional, double ema_50, double ema_200, double in_medians)
{
    if (in_medians > 1.8) {
        return REGIME_VOLATILE;
    }
    if (directional->adx > 25.0 && directional->plus > directional->minus && ema_50 > ema_200) {
        return REGIME_UP;
    }
    if (directional->adx > 25.0 && directional->minus > directional->plus && ema_50 < ema_200) {
        return REGIME_DOWN;
    }
    return REGIME_RANGING;
}

void market_frame_next(market_frame_t *frame, const indicator_bar_t *bar)
{
    const double close = bar->close;
    const double ema_21 = feature_ema_next(&frame->ema_21, close), ema_50 = feature_ema_next(&frame->ema_50, close);
    const double ema_200 = feature_ema_next(&frame->ema_200, close);
    const double macd = feature_ema_next(&frame->macd_fast, close) - feature_ema_next(&frame->macd_slow, close);
    const double signal = feature_ema_next(&frame->macd_signal, macd);
    const double atr = atr_simple_next(&frame->atr, bar->high, bar->low, close);
    const double median = isnan(atr) ? NAN : median_next(&frame->median, atr);
    if (frame->seen > 0) {
        const double rsi = feature_rsi_next(&frame->rsi, close - frame->last.close);
        const feature_directional_t directional = feature_adx_next(&frame->adx, bar, &frame->last);
        const double in_medians = median > 0.0 ? atr / median : 1.0; /* a market that has not moved is calm */
        frame->trend = either(close, ema_21, 0.3) + either(ema_21, ema_50, 0.3) + either(ema_50, ema_200, 0.4);
        frame->momentum = rsi_part(rsi) + either(macd, signal, 0.5);
        frame->volatility = volatility_part(in_medians);
        frame->regime = regime_of(&directional, ema_50, ema_200, in_medians);
    }
    frame->last = *bar;
    frame->seen += frame->seen <= MARKET_WARM_UP;
    if (!market_frame_is_warm(frame)) {
        frame->regime = REGIME_UNKNOWN;
    }
}

/* --- the score -------------------------------------------------------------------------------- */

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

double market_score_of(double trend, double momentum, double volatility, double dominance_z)
{
    const double dominance = isnan(dominance_z) ? 0.0 : within(dominance_z / 3.0, -1.0, 1.0);
    double total = 0.4 * trend + 0.3 * momentum + 0.2 * volatility + 0.1 * dominance;
    if (trend > 0.0 && momentum > 0.0) {
        total += 0.1;
    } else if (trend < 0.0 && momentum < 0.0) {
        total -= 0.1;
    }
    return fmath_billionths(within((total + 1.0) / 2.0, 0.0, 1.0));
}

double market_score(const market_frame_t *const frames[MARKET_TIMEFRAMES], double dominance_z)
{
    static const double weights[MARKET_TIMEFRAMES] = {0.3, 0.4, 0.3};
    double sum = 0.0, weight = 0.0;
    for (uint32_t i = 0; i < MARKET_TIMEFRAMES; i++) {
        if (frames[i] != NULL && market_frame_is_warm(frames[i])) {
            sum += weights[i] * market_score_of(frames[i]->trend, frames[i]->momentum, frames[i]->volatility, dominance_z);
            weight += weights[i];
        }
    }
    return weight > 0.0 ? fmath_billionths(sum / weight) : NAN;
}

market_zone_t market_zone(double score)
{
    if (isnan(score)) {
        return MARKET_ZONE_UNKNOWN;
    }
    return score < 0.30 ? MARKET_ZONE_RED : score > 0.70 ? MARKET_ZONE_GREEN : MARKET_ZONE_NEUTRAL;
}

double market_entry_factor(double score, direction_t direction)
{
    if (isnan(score) || direction == DIRECTION_NONE) {
        return 1.0;
    }
    const bool is_short = direction == DIRECTION_SHORT;
    if (is_short ? score >= MARKET_VETO_SHORT : score <= MARKET_VETO_LONG) {
        return 0.0;
    }
    return (is_short ? score >= 0.70 : score <= 0.30) ? 0.5 : 1.0;
}

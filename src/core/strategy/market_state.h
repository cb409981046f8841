/* market_state.h: the regime of a market, and M's score of the whole market from bitcoin's bars (STR-9, R073, R108).
 *
 * Regime of a timeframe, the first that fits:
 *   VOLATILE  ATR(14) above 1.8 x its own median of 200 bars
 *   UP        ADX(14) above 25, +DI above -DI, EMA 50 above EMA 200
 *   DOWN      the mirror of it
 *   RANGING   all else
 *
 * Market state of a timeframe, from bitcoin's bars, each part in [-1, 1]:
 *   trend       +-0.3 close against EMA 21, +-0.3 EMA 21 against 50, +-0.4 EMA 50 against 200
 *   momentum    RSI(14) above 65: 0.5, above 55: 0.2, mirrored below 45 and 35; +-0.5 MACD against its signal
 *   volatility  ATR(14) in medians of 200 bars: above 2.5: -1, above 1.8: -0.6, above 1.3: -0.2, else 0.2
 *   dominance   a third of the z-score, over 50 bars, of bitcoin dominance's change in 5 bars; brought by the caller, 0 if nobody
 *               knows
 *
 * total = 0.4 trend + 0.3 momentum + 0.2 volatility + 0.1 dominance, and +-0.1 more when trend and momentum agree
 *
 * score = (total + 1) / 2, within 0..1. Timeframes weigh 0.3 (1h), 0.4 (4h), 0.3 (1d); those not known yet are left out and the
 * others weigh more.
 *
 * Zones: RED below 0.30, GREEN above 0.70. Against the market: a SHORT from 0.70 on, a LONG from 0.30 down has size factor 0.5;
 * from 0.85 up, or 0.15 down, it is vetoed.
 */
#pragma once

#include "core/strategy/features.h"
#include "core/strategy/levels.h"

typedef enum { REGIME_UNKNOWN, REGIME_RANGING, REGIME_UP, REGIME_DOWN, REGIME_VOLATILE } regime_t;

const char *regime_name(regime_t regime); /* "ranging" */

enum { MARKET_ATR_MEDIAN = 200, MARKET_WARM_UP = 213, MARKET_TIMEFRAMES = 3 };

/* The last ATR values, in order of time and of size. */
typedef struct {
    uint32_t count, next;
    double by_time[MARKET_ATR_MEDIAN];
    uint8_t by_size[MARKET_ATR_MEDIAN]; /* places in by_time */
} market_median_t;

/* One timeframe. Holds pointers into itself: it stays where it was initialised. */
typedef struct {
    feature_ema_t ema_21, ema_50, ema_200, macd_fast, macd_slow, macd_signal;
    feature_rsi_t rsi;
    feature_adx_t adx;
    atr_simple_t atr;
    double atr_window[14];
    market_median_t median;
    indicator_bar_t last;
    uint32_t seen; /* bars, counted up to MARKET_WARM_UP + 1 */
    /* of the newest bar, once warm */
    regime_t regime;
    double trend, momentum, volatility;
} market_frame_t;

void market_frame_init(market_frame_t *frame);

/* Consumes one closed bar. O(log 200 + 200 moves), no allocation. */
void market_frame_next(market_frame_t *frame, const indicator_bar_t *bar);

bool market_frame_is_warm(const market_frame_t *frame);

/* The parts with a dominance z-score (NAN: not known) to 0..1. */
double market_score_of(double trend, double momentum, double volatility, double dominance_z);

/* Three frames (1h, 4h, 1d; NULL or cold ones are left out) to one score; NAN when none is warm. */
double market_score(const market_frame_t *const frames[MARKET_TIMEFRAMES], double dominance_z);

typedef enum { MARKET_ZONE_UNKNOWN, MARKET_ZONE_RED, MARKET_ZONE_NEUTRAL, MARKET_ZONE_GREEN } market_zone_t;

#define MARKET_VETO_SHORT 0.85 /* from here up a SHORT is vetoed */
#define MARKET_VETO_LONG  0.15 /* from here down a LONG */

market_zone_t market_zone(double score);

/* What the market's state makes of an entry: size factor 1, 0.5, or 0 for a veto. A score of NAN says nothing: 1. */
double market_entry_factor(double score, direction_t direction);

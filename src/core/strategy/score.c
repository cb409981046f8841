/* score.c: weighted states; see score.h. */
#include "core/strategy/score.h"

#include "core/base/assert.h"
#include "core/base/fmath.h"

const score_row_t score_rows[SCORE_WEIGHTS] = {
    {FEATURE_EMA_50_GT_200, DIRECTION_LONG, 2.0},
    {FEATURE_EMA_9_CROSS_21_UP, DIRECTION_LONG, 1.5},
    {FEATURE_MACD_CROSS_UP, DIRECTION_LONG, 1.5},
    {FEATURE_ICHIMOKU_TK_CROSS_UP, DIRECTION_LONG, 1.3},
    {FEATURE_BOUNCE_FROM_SUPPORT, DIRECTION_LONG, 1.2},
    {FEATURE_BREAKOUT_ABOVE_RESISTANCE, DIRECTION_LONG, 1.1},
    {FEATURE_MACD_GT_SIGNAL, DIRECTION_LONG, 1.0},
    {FEATURE_RSI_14_OVERSOLD, DIRECTION_LONG, 1.0},
    {FEATURE_VOL_SPIKE, DIRECTION_LONG, 1.0},
    {FEATURE_PRICE_ABOVE_VWAP, DIRECTION_LONG, 0.9},
    {FEATURE_STOCH_K_CROSS_UP, DIRECTION_LONG, 0.9},
    {FEATURE_RSI_14_GT_50, DIRECTION_LONG, 0.8},
    {FEATURE_RSI_BULLISH_DIV, DIRECTION_LONG, 0.8},
    {FEATURE_MACD_BULLISH_DIV, DIRECTION_LONG, 0.8},
    {FEATURE_PRICE_LT_BB_LOW, DIRECTION_LONG, 0.8},
    {FEATURE_STOCH_OVERSOLD, DIRECTION_LONG, 0.7},
    {FEATURE_EMA_9_GT_21, DIRECTION_LONG, 0.0},
    {FEATURE_RSI_7_OVERSOLD, DIRECTION_LONG, 0.0},
    {FEATURE_RSI_7_GT_50, DIRECTION_LONG, 0.0},
    {FEATURE_RSI_21_OVERSOLD, DIRECTION_LONG, 0.0},
    {FEATURE_RSI_21_GT_50, DIRECTION_LONG, 0.0},
    {FEATURE_DI_PLUS_ABOVE, DIRECTION_LONG, 0.0},
    {FEATURE_ICHIMOKU_TK_CROSSED_UP, DIRECTION_LONG, 0.0},
    {FEATURE_EMA_50_LT_200, DIRECTION_SHORT, 2.0},
    {FEATURE_EMA_9_CROSS_21_DOWN, DIRECTION_SHORT, 1.5},
    {FEATURE_MACD_CROSS_DOWN, DIRECTION_SHORT, 1.5},
    {FEATURE_ICHIMOKU_TK_CROSS_DOWN, DIRECTION_SHORT, 1.3},
    {FEATURE_BOUNCE_FROM_RESISTANCE, DIRECTION_SHORT, 1.2},
    {FEATURE_BREAKOUT_BELOW_SUPPORT, DIRECTION_SHORT, 1.1},
    {FEATURE_MACD_LT_SIGNAL, DIRECTION_SHORT, 1.0},
    {FEATURE_RSI_14_OVERBOUGHT, DIRECTION_SHORT, 1.0},
    {FEATURE_PRICE_BELOW_VWAP, DIRECTION_SHORT, 0.9},
    {FEATURE_STOCH_K_CROSS_DOWN, DIRECTION_SHORT, 0.9},
    {FEATURE_RSI_14_LT_50, DIRECTION_SHORT, 0.8},
    {FEATURE_RSI_BEARISH_DIV, DIRECTION_SHORT, 0.8},
    {FEATURE_MACD_BEARISH_DIV, DIRECTION_SHORT, 0.8},
    {FEATURE_PRICE_GT_BB_UP, DIRECTION_SHORT, 0.8},
    {FEATURE_STOCH_OVERBOUGHT, DIRECTION_SHORT, 0.7},
    {FEATURE_EMA_9_LT_21, DIRECTION_SHORT, 0.0},
    {FEATURE_RSI_7_OVERBOUGHT, DIRECTION_SHORT, 0.0},
    {FEATURE_RSI_7_LT_50, DIRECTION_SHORT, 0.0},
    {FEATURE_RSI_21_OVERBOUGHT, DIRECTION_SHORT, 0.0},
    {FEATURE_RSI_21_LT_50, DIRECTION_SHORT, 0.0},
    {FEATURE_DI_MINUS_ABOVE, DIRECTION_SHORT, 0.0},
    {FEATURE_ICHIMOKU_TK_CROSSED_DOWN, DIRECTION_SHORT, 0.0},
};

score_rules_t score_rules_default(void)
{
    score_rules_t rules = {.entry = 5.0, .exit = 2.5};
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        rules.weights[i] = score_rows[i].preset;
    }
    return rules;
}

double score_confidence(double score)
{
    const double confidence = score / 10.0;
    return confidence < 1.0 ? confidence : 1.0;
}

score_t score_decide(const score_rules_t *rules, double longs, double shorts)
{
    score_t score = {.longs = longs, .shorts = shorts, .direction = DIRECTION_NONE};
    const double best = longs > shorts ? longs : shorts;
    if (longs != shorts && best >= rules->entry) {
        score.direction = longs > shorts ? DIRECTION_LONG : DIRECTION_SHORT;
        score.confidence = score_confidence(best);
    }
    return score;
}

score_t score_of(const score_rules_t *rules, uint64_t states)
{
    ASSERT(rules != NULL);
    double sums[3] = {0.0, 0.0, 0.0};
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        if ((states >> score_rows[i].feature & 1u) != 0) {
            sums[score_rows[i].side] += rules->weights[i];
        }
    }
    return score_decide(rules, fmath_billionths(sums[DIRECTION_LONG]), fmath_billionths(sums[DIRECTION_SHORT]));
}

bool score_wants_exit(const score_rules_t *rules, const score_t *score, direction_t held)
{
    if (held == DIRECTION_NONE) {
        return false;
    }
    return (held == DIRECTION_LONG ? score->shorts : score->longs) >= rules->exit;
}

uint64_t score_reasons(const score_rules_t *rules, uint64_t states, direction_t side)
{
    uint64_t reasons = 0;
    for (uint32_t i = 0; i < SCORE_WEIGHTS; i++) {
        const uint64_t state = (uint64_t)1 << score_rows[i].feature;
        reasons |= score_rows[i].side == side && rules->weights[i] != 0.0 ? states & state : 0;
    }
    return reasons;
}

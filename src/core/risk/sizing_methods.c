/* sizing_methods.c: fixed fraction, tiers, Kelly, ATR; see sizing_methods.h. Every rounding goes against the size. */
#include "core/risk/sizing_methods.h"

#include "core/base/assert.h"
#include "core/risk/sizing.h"

static const int64_t HUNDRED = 100;

result_t sizing_fixed_fraction(dec_t basis, dec_t fraction_pct, dec_t entry, const instrument_t *instrument, dec_t *quantity)
{
    ASSERT(instrument != NULL && quantity != NULL);
    if (dec_sign(basis) <= 0 || dec_sign(fraction_pct) <= 0 || dec_gt(fraction_pct, dec_from_int(HUNDRED)) ||
        dec_sign(entry) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t cost = DEC_ZERO, wanted = DEC_ZERO;
    result_t result = dec_mul_div(basis, fraction_pct, dec_from_int(HUNDRED), DEC_ROUND_DOWN, &cost);
    if (result == RESULT_OK) {
        result = dec_div(cost, entry, DEC_ROUND_DOWN, &wanted);
    }
    return result == RESULT_OK ? sizing_fit(instrument, entry, wanted, quantity) : result;
}

result_t sizing_tiered(const sizing_tier_t tiers[SIZING_TIERS], const sizing_caps_t *caps, dec_t confidence, dec_t entry,
                       const instrument_t *instrument, sizing_tiered_t *out)
{
    ASSERT(tiers != NULL && caps != NULL && instrument != NULL && out != NULL);
    uint32_t tier = 0;
    while (tier + 1 < SIZING_TIERS && dec_lt(confidence, tiers[tier].confidence_min)) {
        tier++;
    }
    sizing_tiered_t sized = {.cost = tiers[tier].cost, .leverage = tiers[tier].leverage, .tier = tier};
    if (dec_sign(caps->cost_max) > 0) {
        sized.cost = dec_min(sized.cost, caps->cost_max);
    }
    if (caps->leverage_max > 0 && sized.leverage > caps->leverage_max) {
        sized.leverage = caps->leverage_max;
    }
    if (dec_sign(entry) <= 0 || dec_sign(sized.cost) <= 0 || sized.leverage == 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t wanted = DEC_ZERO;
    result_t result = dec_mul_div(sized.cost, dec_from_int(sized.leverage), entry, DEC_ROUND_DOWN, &wanted);
    if (result == RESULT_OK) {
        result = sizing_fit(instrument, entry, wanted, &sized.quantity);
    }
    if (result == RESULT_OK) {
        *out = sized;
    }
    return result;
}

result_t sizing_kelly(dec_t win_rate, dec_t reward_risk, dec_t risk_pct_max, dec_t *kelly, dec_t *risk_pct)
{
    ASSERT(kelly != NULL && risk_pct != NULL);
    if (dec_sign(win_rate) < 0 || dec_gt(win_rate, DEC_ONE) || dec_sign(reward_risk) <= 0 || dec_sign(risk_pct_max) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t won = DEC_ZERO, edge = DEC_ZERO, fraction = DEC_ZERO, half_pct = DEC_ZERO;
    result_t result = dec_mul(win_rate, reward_risk, DEC_ROUND_FLOOR, &won);
    if (result == RESULT_OK) {
        result = dec_sub(won, dec_minus(DEC_ONE, win_rate), &edge);
    }
    if (result == RESULT_OK) {
        result = dec_div(edge, reward_risk, DEC_ROUND_FLOOR, &fraction);
    }
    if (result == RESULT_OK) {
        result = dec_mul(fraction, dec_from_int(HUNDRED / 2), DEC_ROUND_FLOOR, &half_pct);
    }
    if (result == RESULT_OK) {
        *kelly = fraction;
        *risk_pct = dec_min(dec_max(half_pct, DEC_ZERO), risk_pct_max);
    }
    return result;
}

result_t sizing_atr_stop(dec_t entry, dec_t atr, dec_t multiple, bool is_long, dec_t tick, dec_t *stop)
{
    ASSERT(stop != NULL);
    if (dec_sign(entry) <= 0 || dec_sign(atr) <= 0 || dec_sign(multiple) <= 0 || dec_sign(tick) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t distance = DEC_ZERO, level = DEC_ZERO;
    result_t result = dec_mul(atr, multiple, DEC_ROUND_UP, &distance);
    if (result == RESULT_OK) {
        result = is_long ? dec_sub(entry, distance, &level) : dec_add(entry, distance, &level);
    }
    if (result == RESULT_OK) {
        result = dec_quantise(level, tick, is_long ? DEC_ROUND_FLOOR : DEC_ROUND_CEILING, &level);
    }
    if (result == RESULT_OK && dec_sign(level) <= 0) {
        result = RESULT_NUMBER_OUT_OF_RANGE;
    }
    if (result == RESULT_OK) {
        *stop = level;
    }
    return result;
}

result_t sizing_drawdown_factor(dec_t drawdown, dec_t limit, dec_t *factor)
{
    ASSERT(factor != NULL);
    if (dec_sign(drawdown) < 0 || dec_sign(limit) <= 0 || dec_gt(drawdown, DEC_ONE) || dec_gt(limit, DEC_ONE)) {
        return RESULT_BAD_ARGUMENT;
    }
    *factor = DEC_ONE;
    if (dec_gt(drawdown, limit)) {
        const dec_t over = dec_minus(drawdown, limit);
        *factor = dec_max(dec_from_scaled(25, 2), dec_minus(DEC_ONE, dec_plus(over, over)));
    }
    return RESULT_OK;
}

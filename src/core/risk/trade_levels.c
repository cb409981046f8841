/* trade_levels.c: stop and target. */
#include "core/risk/trade_levels.h"

#include "core/base/assert.h"

static result_t percent_of(dec_t price, dec_t pct, dec_t *distance)
{
    return dec_mul_div(price, pct, dec_from_int(100), DEC_ROUND_HALF_EVEN, distance);
}

static result_t clamped(dec_t distance, dec_t entry, dec_t pct_min, dec_t pct_max, dec_t *out)
{
    dec_t least = DEC_ZERO, most = DEC_ZERO;
    result_t result = percent_of(entry, pct_min, &least);
    if (result == RESULT_OK) {
        result = percent_of(entry, pct_max, &most);
    }
    if (result == RESULT_OK) {
        *out = dec_min(dec_max(distance, least), most);
    }
    return result;
}

static result_t distances(const risk_config_t *config, dec_t entry, dec_t atr, dec_t *to_stop, dec_t *to_target)
{
    if (config->levels == LEVELS_PERCENT) {
        result_t result = percent_of(entry, config->stop_pct, to_stop);
        return result == RESULT_OK ? percent_of(entry, config->target_pct, to_target) : result;
    }
    if (dec_sign(atr) <= 0) {
        return RESULT_BAD_ARGUMENT;
    }
    dec_t stop = DEC_ZERO, target = DEC_ZERO;
    result_t result = dec_mul(atr, config->atr_stop_multiple, DEC_ROUND_HALF_EVEN, &stop);
    if (result == RESULT_OK) {
        result = clamped(stop, entry, config->stop_pct_min, config->stop_pct_max, &stop);
    }
    if (result == RESULT_OK) {
        result = dec_mul(stop, config->atr_target_multiple, DEC_ROUND_HALF_EVEN, &target);
    }
    if (result == RESULT_OK) {
        result = clamped(target, entry, config->target_pct_min, config->target_pct_max, &target);
    }
    if (result == RESULT_OK) {
        *to_stop = stop;
        *to_target = target;
    }
    return result;
}

static bool on_right_sides(position_side_t side, dec_t entry, const trade_levels_t *levels)
{
    if (dec_sign(levels->stop) <= 0 || dec_sign(levels->target) <= 0) {
        return false;
    }
    return side == SIDE_LONG ? dec_lt(levels->stop, entry) && dec_gt(levels->target, entry)
                             : dec_gt(levels->stop, entry) && dec_lt(levels->target, entry);
}

result_t trade_levels_compute(const risk_config_t *config, const instrument_t *instrument, const signal_t *signal, dec_t entry,
                              dec_t atr, trade_levels_t *out)
{
    ASSERT(config != NULL && instrument != NULL && signal != NULL && out != NULL);
    trade_levels_t levels = {.stop = signal->stop, .target = signal->target};
    const bool is_long = signal->side == SIDE_LONG;
    result_t result = RESULT_OK;
    if (config->levels != LEVELS_SIGNAL) {
        dec_t to_stop = DEC_ZERO, to_target = DEC_ZERO;
        result = distances(config, entry, atr, &to_stop, &to_target);
        if (result == RESULT_OK) {
            result = dec_add(entry, is_long ? dec_neg(to_stop) : to_stop, &levels.stop);
        }
        if (result == RESULT_OK) {
            result = dec_add(entry, is_long ? to_target : dec_neg(to_target), &levels.target);
        }
    }
    if (result == RESULT_OK) {
        result = dec_quantise(levels.stop, instrument->tick_size, is_long ? DEC_ROUND_CEILING : DEC_ROUND_FLOOR, &levels.stop);
    }
    if (result == RESULT_OK) {
        result = dec_quantise(levels.target, instrument->tick_size, is_long ? DEC_ROUND_FLOOR : DEC_ROUND_CEILING, &levels.target);
    }
    if (result == RESULT_OK && !on_right_sides(signal->side, entry, &levels)) {
        result = RESULT_BAD_ARGUMENT;
    }
    if (result == RESULT_OK) {
        *out = levels;
    }
    return result;
}

result_t trade_levels_reward_risk(dec_t entry, dec_t stop, dec_t target, dec_t *ratio)
{
    dec_t risk = dec_abs(dec_minus(entry, stop));
    dec_t reward = dec_abs(dec_minus(target, entry));
    return dec_div(reward, risk, DEC_ROUND_DOWN, ratio);
}

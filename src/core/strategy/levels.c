/* levels.c: exact entry, stop and target; see levels.h. */
#include "core/strategy/levels.h"

#include "core/base/assert.h"

/* How far a level lies from the entry. */
static result_t distance_of(level_kind_t kind, double amount, dec_t entry, bool above, double atr, dec_t stop_distance, dec_t *out)
{
    dec_t factor, base = DEC_ZERO;
    result_t result = dec_from_double(amount, DEC_PLACES, &factor);
    if (result != RESULT_OK) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    switch (kind) {
    case LEVEL_PERCENT:
        return dec_mul_div(entry, factor, dec_from_int(100), DEC_ROUND_HALF_EVEN, out);
    case LEVEL_ATR:
        if (dec_from_double(atr, DEC_PLACES, &base) != RESULT_OK) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
        break;
    case LEVEL_PRICE:
        *out = above ? dec_minus(factor, entry) : dec_minus(entry, factor);
        return dec_sign(*out) > 0 ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
    case LEVEL_REWARD:
        base = stop_distance;
        break;
    default:
        return RESULT_BAD_ARGUMENT;
    }
    return dec_mul(base, factor, DEC_ROUND_HALF_EVEN, out);
}

/* The distance within its bounds in percent of the entry; a bound of 0 does not bind. */
static result_t within_percent(double least, double most, dec_t entry, dec_t *distance)
{
    dec_t bound;
    result_t result = RESULT_OK;
    if (least > 0.0) {
        result = distance_of(LEVEL_PERCENT, least, entry, true, 0.0, DEC_ZERO, &bound);
        *distance = result == RESULT_OK ? dec_max(*distance, bound) : *distance;
    }
    if (result == RESULT_OK && most > 0.0) {
        result = distance_of(LEVEL_PERCENT, most, entry, true, 0.0, DEC_ZERO, &bound);
        *distance = result == RESULT_OK ? dec_min(*distance, bound) : *distance;
    }
    return result;
}

/* entry + distance (up) or entry - distance (down), on the tick. */
static result_t level_at(dec_t entry, dec_t distance, bool up, dec_t tick, dec_round_t round, dec_t *out)
{
    dec_t level;
    result_t result = up ? dec_add(entry, distance, &level) : dec_sub(entry, distance, &level);
    return result == RESULT_OK ? dec_quantise(level, tick, round, out) : result;
}

result_t levels_make(const level_rules_t *rules, direction_t direction, dec_t close, double atr, dec_t tick, levels_t *out)
{
    ASSERT(rules != NULL && out != NULL);
    if (dec_sign(close) <= 0 || dec_sign(tick) <= 0 || direction == DIRECTION_NONE || rules->stop_kind == LEVEL_REWARD ||
        !(rules->stop > 0.0) || !(rules->target > 0.0)) {
        return RESULT_BAD_ARGUMENT;
    }
    const bool is_long = direction == DIRECTION_LONG;
    const dec_round_t below = DEC_ROUND_FLOOR, above = DEC_ROUND_CEILING;
    dec_t stop_distance, target_distance;
    levels_t made;
    result_t result = dec_quantise(close, tick, is_long ? below : above, &made.entry);
    if (result == RESULT_OK) {
        result = distance_of(rules->stop_kind, rules->stop, made.entry, !is_long, atr, DEC_ZERO, &stop_distance);
    }
    if (result == RESULT_OK) {
        result = within_percent(rules->stop_percent_min, rules->stop_percent_max, made.entry, &stop_distance);
    }
    if (result == RESULT_OK) {
        result = distance_of(rules->target_kind, rules->target, made.entry, is_long, atr, stop_distance, &target_distance);
    }
    if (result == RESULT_OK) {
        result = within_percent(rules->target_percent_min, rules->target_percent_max, made.entry, &target_distance);
    }
    if (result == RESULT_OK) {
        result = level_at(made.entry, stop_distance, !is_long, tick, is_long ? below : above, &made.stop);
    }
    if (result == RESULT_OK) {
        result = level_at(made.entry, target_distance, is_long, tick, is_long ? below : above, &made.target);
    }
    if (result == RESULT_OK) {
        result = levels_check(&made, direction, rules->reward_risk_min);
    }
    if (result == RESULT_OK) {
        *out = made;
    }
    return result;
}

result_t levels_check(const levels_t *levels, direction_t direction, double reward_risk_min)
{
    const bool is_long = direction == DIRECTION_LONG;
    if (direction == DIRECTION_NONE) {
        return RESULT_BAD_ARGUMENT;
    }
    const dec_t lowest = is_long ? levels->stop : levels->target;
    const dec_t highest = is_long ? levels->target : levels->stop;
    if (dec_sign(lowest) <= 0 || !dec_lt(lowest, levels->entry) || !dec_lt(levels->entry, highest)) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    const dec_t risk = dec_abs(dec_minus(levels->entry, levels->stop));
    const dec_t reward = dec_abs(dec_minus(levels->target, levels->entry));
    dec_t wanted_ratio, wanted;
    if (dec_from_double(reward_risk_min, DEC_PLACES, &wanted_ratio) != RESULT_OK || dec_sign(wanted_ratio) < 0 ||
        dec_mul(risk, wanted_ratio, DEC_ROUND_UP, &wanted) != RESULT_OK) {
        return RESULT_BAD_ARGUMENT;
    }
    return dec_ge(reward, wanted) ? RESULT_OK : RESULT_UNSUPPORTED;
}

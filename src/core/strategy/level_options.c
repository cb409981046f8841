/* level_options.c: see level_options.h. */
#include "core/strategy/level_options.h"

level_rules_t level_options_rules(const double *levels)
{
    const bool stop_percent = levels[LEVELS_STOP_PERCENT] > 0.0;
    const bool target_percent = levels[LEVELS_TARGET_PERCENT] > 0.0;
    return (level_rules_t){
        .stop_kind = stop_percent ? LEVEL_PERCENT : LEVEL_ATR,
        .stop = stop_percent ? levels[LEVELS_STOP_PERCENT] : levels[LEVELS_STOP_ATR],
        .target_kind = target_percent ? LEVEL_PERCENT : LEVEL_REWARD,
        .target = target_percent ? levels[LEVELS_TARGET_PERCENT] : levels[LEVELS_REWARD],
        .reward_risk_min = levels[LEVELS_REWARD_RISK_MIN],
    };
}

result_t level_options_check_at(const double *options, uint32_t first, uint32_t *wrong)
{
    const double *levels = options + first;
    const double minimum = levels[LEVELS_REWARD_RISK_MIN];
    const bool target_percent = levels[LEVELS_TARGET_PERCENT] > 0.0, stop_percent = levels[LEVELS_STOP_PERCENT] > 0.0;
    uint32_t blamed = LEVELS_OPTION_COUNT;
    if (!target_percent && levels[LEVELS_REWARD] <= minimum) {
        blamed = LEVELS_REWARD;
    }
    if (target_percent && stop_percent && levels[LEVELS_TARGET_PERCENT] <= minimum * levels[LEVELS_STOP_PERCENT]) {
        blamed = LEVELS_TARGET_PERCENT;
    }
    if (blamed != LEVELS_OPTION_COUNT && wrong != NULL) {
        *wrong = first + blamed;
    }
    return blamed == LEVELS_OPTION_COUNT ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

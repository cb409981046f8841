/* signal_half_config.c: the configuration of the signal half: defaults, and what it must satisfy; see signal_half.h. */
#include "core/engine/signal_half.h"

#include <string.h>

#include "core/base/assert.h"
#include "core/base/time.h"

void signal_half_config_default(signal_half_config_t *config)
{
    *config = (signal_half_config_t){
        .timeframe_count = 3,
        .timeframes = {TF_1H, TF_4H, TF_1D},
        .convergence = {.matches_min = 2, .life_bars = 4, .reward_risk_min = 1.5},
        .dedupe_ns = 60 * NS_PER_S,
        .signal_life_bars = 1,
        .instruments_max = 32,
        .source = "monitor",
        .adapts = true,
        .adaptation = adaptation_rules_default(),
        .market_symbol = "BTCUSDT",
    };
    config->convergence.tolerance_pct = dec_from_scaled(5, 1);
    result_t result = signal_half_config_add(config, "SC01");
    result = result == RESULT_OK ? signal_half_config_add(config, "SC02") : result;
    ASSERT(result == RESULT_OK);
}

result_t signal_half_config_add(signal_half_config_t *config, const char *name)
{
    const strategy_kind_t *kind = strategy_find_in(config->set, str_from(name), NULL);
    if (kind == NULL) {
        return RESULT_NOT_FOUND;
    }
    for (uint32_t i = 0; i < config->strategy_count; i++) {
        if (strategy_find_in(config->set, str_from(config->strategies[i].name), NULL) == kind) {
            return RESULT_DUPLICATE;
        }
    }
    if (config->strategy_count == SIGNAL_HALF_STRATEGIES_MAX) {
        return RESULT_FULL;
    }
    signal_half_strategy_t *strategy = &config->strategies[config->strategy_count];
    result_t result = str_copy(str_from(kind->name), strategy->name, sizeof strategy->name);
    ASSERT(result == RESULT_OK);
    strategy_presets(kind, strategy->options);
    config->strategy_count++;
    return RESULT_OK;
}

static result_t check_timeframes(const signal_half_config_t *config)
{
    if (config->timeframe_count < 1 || config->timeframe_count > SIGNAL_HALF_TIMEFRAMES_MAX) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    for (uint32_t i = 0; i < config->timeframe_count; i++) {
        if ((unsigned)config->timeframes[i] >= TF_COUNT) {
            return RESULT_UNKNOWN_VALUE;
        }
        aggregate_t probe;
        if (i > 0 && (config->timeframes[i] <= config->timeframes[i - 1] ||
                      aggregate_init(&probe, config->timeframes[0], config->timeframes[i]) != RESULT_OK)) {
            return RESULT_BAD_ARGUMENT;
        }
    }
    return RESULT_OK;
}

static result_t check_strategies(const signal_half_config_t *config)
{
    if (config->strategy_count < 1 || config->strategy_count > SIGNAL_HALF_STRATEGIES_MAX) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    for (uint32_t i = 0; i < config->strategy_count; i++) {
        const signal_half_strategy_t *strategy = &config->strategies[i];
        if (memchr(strategy->name, '\0', sizeof strategy->name) == NULL) {
            return RESULT_TEXT_TOO_LONG;
        }
        const strategy_kind_t *kind = strategy_find_in(config->set, str_from(strategy->name), NULL);
        if (kind == NULL) {
            return RESULT_NOT_FOUND;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (strategy_find_in(config->set, str_from(config->strategies[k].name), NULL) == kind) {
                return RESULT_DUPLICATE;
            }
        }
        const bool outside = kind->outside != NULL; /* its presets were checked when it was loaded, and it may be dead by now */
        result_t result = (outside ? strategy_check_ranges : strategy_check)(kind, strategy->options, NULL);
        if (result != RESULT_OK) {
            return result;
        }
    }
    return RESULT_OK;
}

static result_t blame(result_t result, const char *field, const char **what)
{
    if (result != RESULT_OK && what != NULL) {
        *what = field;
    }
    return result;
}

static result_t in_range(bool is_in_range)
{
    return is_in_range ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
}

result_t signal_half_config_check(const signal_half_config_t *config, const char **what)
{
    const convergence_rules_t *rules = &config->convergence;
    const struct {
        result_t result;
        const char *field;
    } checks[] = {
        {check_timeframes(config), "timeframes"},
        {check_strategies(config), "strategies"},
        {in_range(dec_sign(rules->tolerance_pct) > 0 && dec_le(rules->tolerance_pct, dec_from_int(50))), "tolerance_pct"},
        {in_range(rules->matches_min >= 1 && rules->matches_min <= config->timeframe_count), "matches_min"},
        {in_range(rules->life_bars >= 1 && rules->life_bars <= 1000), "life_bars"},
        {in_range(rules->reward_risk_min >= 0.0 && rules->reward_risk_min <= 20.0), "reward_risk_min"},
        {in_range(config->dedupe_ns >= 0 && config->dedupe_ns <= 7 * NS_PER_DAY), "dedupe_ns"},
        {in_range(config->signal_life_bars >= 1 && config->signal_life_bars <= 1000), "signal_life_bars"},
        {in_range(config->instruments_max >= 1 && config->instruments_max <= INSTRUMENT_MAX), "instruments_max"},
        {in_range(config->adaptation.results_min >= 1 && config->adaptation.low_factor > 0.0 &&
                  config->adaptation.low_factor <= 1.0 && config->adaptation.high_factor >= 1.0 &&
                  config->adaptation.high_factor <= 10.0 && config->adaptation.low_rate <= config->adaptation.high_rate),
         "adaptation"},
        {in_range(config->confidence_min >= 0.0 && config->confidence_min <= 1.0), "confidence_min"},
        {in_range(config->structure_bars <= STRUCTURE_BARS_MAX), "structure_bars"},
        {config->source[0] != '\0' && memchr(config->source, '\0', sizeof config->source) != NULL ? RESULT_OK : RESULT_TEXT_EMPTY,
         "source"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (checks[i].result != RESULT_OK) {
            return blame(checks[i].result, checks[i].field, what);
        }
    }
    return RESULT_OK;
}

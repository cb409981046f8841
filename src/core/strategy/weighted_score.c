/* weighted_score.c: M's weighted signals as a strategy; see weighted_score.h. */
#include "core/strategy/weighted_score.h"

#include <string.h>

#include "core/strategy/score.h"
#include "core/strategy/score_rows.h"

enum {
    OPTION_ENABLED,
    OPTION_ENTRY_SCORE,
    OPTION_EXIT_SCORE,
    OPTION_STOP_ATR,
    OPTION_REWARD,
    OPTION_REWARD_RISK_MIN,
    OPTION_WEIGHTS,
    OPTION_COUNT = OPTION_WEIGHTS + SCORE_WEIGHTS,
};

_Static_assert((int)OPTION_COUNT <= (int)STRATEGY_OPTIONS_MAX, "every weight is an option");

typedef struct {
    features_t features;
    score_rules_t rules;
    bool enabled, seen;
    uint64_t last; /* states of the bar before, when seen: what is new is measured against it, under the weights of now */
} weighted_score_t;

static result_t check(const double *options, uint32_t *wrong)
{
    uint32_t blamed = OPTION_COUNT;
    if (options[OPTION_EXIT_SCORE] > options[OPTION_ENTRY_SCORE]) {
        blamed = OPTION_EXIT_SCORE;
    } else if (options[OPTION_REWARD] <= options[OPTION_REWARD_RISK_MIN]) {
        blamed = OPTION_REWARD;
    }
    if (blamed != OPTION_COUNT && wrong != NULL) {
        *wrong = blamed;
    }
    return blamed == OPTION_COUNT ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static level_rules_t levels(const double *options)
{
    return (level_rules_t){
        .stop_kind = LEVEL_ATR,
        .stop = options[OPTION_STOP_ATR],
        .target_kind = LEVEL_REWARD,
        .target = options[OPTION_REWARD],
        .reward_risk_min = options[OPTION_REWARD_RISK_MIN],
        .stop_percent_min = 0.5,
        .stop_percent_max = 10.0,
        .target_percent_min = 1.0,
        .target_percent_max = 20.0,
    };
}

static uint32_t warm_up(const double *options)
{
    (void)options;
    return FEATURES_WARM_UP + 1;
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(weighted_score_t);
}

static void init(void *state, const double *options)
{
    weighted_score_t *own = state;
    features_init(&own->features);
    own->enabled = options[OPTION_ENABLED] > 0.0;
    own->seen = false;
    own->rules.entry = options[OPTION_ENTRY_SCORE];
    own->rules.exit = options[OPTION_EXIT_SCORE];
    memcpy(own->rules.weights, options + OPTION_WEIGHTS, sizeof own->rules.weights);
}

static void reweigh(void *state, const double *weights)
{
    weighted_score_t *own = state;
    memcpy(own->rules.weights, weights, sizeof own->rules.weights);
}

/* Which positions to leave: those against which the score reaches exit_score with this bar. */
static uint8_t left_by(const score_rules_t *rules, const score_t *score, const score_t *before)
{
    uint32_t leave = 0;
    for (unsigned held = DIRECTION_LONG; held <= DIRECTION_SHORT; held++) {
        const bool now = score_wants_exit(rules, score, (direction_t)held);
        leave |= now && !score_wants_exit(rules, before, (direction_t)held) ? 1u << held : 0u;
    }
    return (uint8_t)leave;
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    weighted_score_t *own = state;
    features_value_t features;
    if (!features_next(&own->features, bar, &features)) {
        return;
    }
    const score_t score = score_of(&own->rules, features.states);
    const score_t before = own->seen ? score_of(&own->rules, own->last) : (score_t){.direction = DIRECTION_NONE};
    const bool is_new = score.direction != before.direction;
    const uint8_t leave = own->seen ? left_by(&own->rules, &score, &before) : 0;
    own->seen = true;
    own->last = features.states;
    view->leave = leave;
    if (!own->enabled || score.direction == DIRECTION_NONE || !is_new) {
        return;
    }
    *view = (strategy_view_t){
        .direction = score.direction,
        .confidence = score.confidence,
        .atr = features.atr,
        .states = score_reasons(&own->rules, features.states, score.direction),
        .leave = leave,
        .input_count = 3,
        .inputs = {{"score.long", score.longs}, {"score.short", score.shorts}, {"atr", features.atr}},
    };
}

#define WEIGHT_WORDS(state, name, side, preset)  "weight for " #side,
#define WEIGHT_OPTION(state, name, side, preset) {name, OPTION_REAL, preset, -10, 10},

static const char *const words[] = {"0: no new entries",
                                    "score at which a side is entered",
                                    "a position is left when the opposite score reaches this",
                                    "stop: multiples of the ATR away",
                                    "target: multiples of the stop's distance",
                                    "no proposal below this reward / risk",
                                    SCORE_ROWS(WEIGHT_WORDS)};

const strategy_kind_t strategy_weighted_score = {
    .name = "WeightedScore",
    .aliases = "WEIGHTED_SCORE WEIGHTED SCORE",
    .title = "weighted score of named states",
    .rule = "the weights of all states that are so, summed for each side, come to entry_score; the higher side wins, a tie "
            "is nothing; stop 2 ATR within 0.5 and 10 %, target 2 x the stop within 1 and 20 %; confidence = min(score / "
            "10, 1); an open trade of it is left when, on a timeframe that took part, the opposite score reaches exit_score",
    .option_count = OPTION_COUNT,
    .options = {{"enabled", OPTION_WHOLE, 1, 0, 1},
                {"entry_score", OPTION_REAL, 5, 0.1, 100},
                {"exit_score", OPTION_REAL, 2.5, 0.1, 100},
                {"stop_atr", OPTION_REAL, 2, 0.1, 20},
                {"reward", OPTION_REAL, 2, 0.1, 20},
                {"reward_risk_min", OPTION_REAL, 1.5, 0, 20},
                SCORE_ROWS(WEIGHT_OPTION)},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
    .weights_at = OPTION_WEIGHTS,
    .reweigh = reweigh,
};

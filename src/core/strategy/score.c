/* score.c: weighted states; see score.h. */
#include "core/strategy/score.h"

#include "core/base/assert.h"
#include "core/base/fmath.h"
#include "core/strategy/score_rows.h"

#define SCORE_ROW(state, name, side, preset) {FEATURE_##state, DIRECTION_##side, preset},

const score_row_t score_rows[SCORE_WEIGHTS] = {SCORE_ROWS(SCORE_ROW)};

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

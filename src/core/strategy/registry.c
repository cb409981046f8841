/* registry.c: the table of strategies; see strategy.h. */
#include "core/strategy/strategy.h"

#include "core/strategy/bollinger_reversion.h"
#include "core/strategy/bollinger_squeeze.h"
#include "core/strategy/breakout.h"
#include "core/strategy/dual_macd_rsi.h"
#include "core/strategy/five_of_seven.h"
#include "core/strategy/ichimoku.h"
#include "core/strategy/ma_crossover.h"
#include "core/strategy/rsi_reversion.h"
#include "core/strategy/sc01.h"
#include "core/strategy/sc02.h"
#include "core/strategy/sc02_frvp.h"
#include "core/strategy/trend_mtf.h"
#include "core/strategy/weighted_score.h"

/* One row a strategy. */
/* clang-format off */
static const strategy_kind_t *const kinds[] = {
    &strategy_sc01,
    &strategy_sc02,
    &strategy_sc02_frvp,
    &strategy_dual_macd_rsi,
    &strategy_ma_crossover,
    &strategy_bollinger_reversion,
    &strategy_bollinger_squeeze,
    &strategy_breakout,
    &strategy_ichimoku,
    &strategy_trend_mtf,
    &strategy_rsi_reversion,
    &strategy_five_of_seven,
    &strategy_weighted_score,
};
/* clang-format on */

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

uint32_t strategy_count(void)
{
    return KIND_COUNT;
}

const strategy_kind_t *strategy_at(uint32_t index)
{
    return index < KIND_COUNT ? kinds[index] : NULL;
}

static bool answers_to(const strategy_kind_t *kind, str_t name)
{
    str_t aliases = str_from(kind->aliases);
    while (aliases.length > 0) {
        if (str_eq_nocase(name, str_cut(&aliases, ' '))) {
            return true;
        }
    }
    return str_eq_nocase(name, str_from(kind->name));
}

/* Distance of a name to the nearest of a kind's names. */
static unsigned distance_to(const strategy_kind_t *kind, str_t name)
{
    unsigned best = str_distance(name, str_from(kind->name));
    str_t aliases = str_from(kind->aliases);
    while (aliases.length > 0) {
        unsigned distance = str_distance(name, str_cut(&aliases, ' '));
        best = distance < best ? distance : best;
    }
    return best;
}

/* The nearest so far; farther than three slips of the pen is another word. */
typedef struct {
    str_t name;
    const strategy_kind_t *kind;
    unsigned distance;
} nearest_kind_t;

static bool found(nearest_kind_t *like, const strategy_kind_t *kind)
{
    if (like->name.length == 0) {
        return false;
    }
    const unsigned distance = distance_to(kind, like->name);
    if (distance < like->distance) {
        like->distance = distance;
        like->kind = kind;
    }
    return answers_to(kind, like->name);
}

const strategy_kind_t *strategy_find_in(const strategy_set_t *set, str_t name, const strategy_kind_t **nearest)
{
    nearest_kind_t like = {.name = name, .distance = 4};
    for (uint32_t i = 0; i < KIND_COUNT; i++) {
        if (found(&like, kinds[i])) {
            return kinds[i];
        }
    }
    for (uint32_t i = 0; set != NULL && i < set->count; i++) {
        if (found(&like, set->kinds[i])) {
            return set->kinds[i];
        }
    }
    if (nearest != NULL) {
        *nearest = like.kind;
    }
    return NULL;
}

const strategy_kind_t *strategy_find(str_t name, const strategy_kind_t **nearest)
{
    return strategy_find_in(NULL, name, nearest);
}

bool strategy_is_missing(const strategy_set_t *set, str_t name)
{
    for (uint32_t i = 0; set != NULL && i < set->missing_count; i++) {
        if (answers_to(set->missing[i], name)) {
            return true;
        }
    }
    return false;
}

void strategy_presets(const strategy_kind_t *kind, double options[STRATEGY_OPTIONS_MAX])
{
    for (uint32_t i = 0; i < STRATEGY_OPTIONS_MAX; i++) {
        options[i] = i < kind->option_count ? kind->options[i].preset : 0.0;
    }
}

result_t strategy_check_ranges(const strategy_kind_t *kind, const double *options, uint32_t *wrong)
{
    for (uint32_t i = 0; i < kind->option_count; i++) {
        result_t result = indicator_option_check(&kind->options[i], options[i]);
        if (result != RESULT_OK) {
            if (wrong != NULL) {
                *wrong = i;
            }
            return result;
        }
    }
    return RESULT_OK;
}

result_t strategy_check(const strategy_kind_t *kind, const double *options, uint32_t *wrong)
{
    const result_t result = strategy_check_ranges(kind, options, wrong);
    if (result != RESULT_OK) {
        return result;
    }
    if (kind->outside != NULL) {
        return kind->outside->check(kind->outside->context, options, wrong);
    }
    return kind->check != NULL ? kind->check(options, wrong) : RESULT_OK;
}

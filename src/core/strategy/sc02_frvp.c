/* sc02_frvp.c: SC02 under a fixed-range volume profile; see sc02_frvp.h. */
#include "core/strategy/sc02_frvp.h"

#include "core/indicator/volume_profile.h"
#include "core/strategy/sc02.h"

enum {
    OPTION_PROFILE = SC02_OPTION_COUNT,
    OPTION_ROWS,
    OPTION_VALUE_AREA,
    OPTION_COUNT,
};

typedef struct {
    volume_profile_t profile;
    void *sc02; /* in memory, behind the profile's */
    double memory[];
} sc02_frvp_t;

static size_t profile_memory(const double *options)
{
    return volume_profile_memory((uint32_t)options[OPTION_PROFILE], (uint32_t)options[OPTION_ROWS]);
}

static result_t check(const double *options, uint32_t *wrong)
{
    return strategy_sc02.check(options, wrong);
}

static level_rules_t levels(const double *options)
{
    return strategy_sc02.levels(options);
}

static uint32_t warm_up(const double *options)
{
    const uint32_t sc02 = strategy_sc02.warm_up(options), profile = (uint32_t)options[OPTION_PROFILE] - 1;
    return sc02 > profile ? sc02 : profile;
}

static size_t state_size(const double *options)
{
    return sizeof(sc02_frvp_t) + profile_memory(options) + strategy_sc02.state_size(options);
}

static void init(void *state, const double *options)
{
    sc02_frvp_t *own = state;
    own->sc02 = own->memory + profile_memory(options) / sizeof(double);
    volume_profile_init(&own->profile, (uint32_t)options[OPTION_PROFILE], (uint32_t)options[OPTION_ROWS],
                        options[OPTION_VALUE_AREA], own->memory);
    strategy_sc02.init(own->sc02, options);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    sc02_frvp_t *own = state;
    const volume_profile_value_t profile = volume_profile_next(&own->profile, bar->high, bar->low, bar->volume);
    strategy_view_t plain = {.direction = DIRECTION_NONE};
    strategy_sc02.next(own->sc02, bar, &plain);
    if (plain.direction == DIRECTION_NONE || isnan(profile.control)) {
        return;
    }
    const bool agrees = plain.direction == DIRECTION_LONG ? bar->close > profile.control : bar->close < profile.control;
    if (!agrees) {
        return;
    }
    const bool inside = bar->close <= profile.area_high && bar->close >= profile.area_low;
    *view = plain;
    view->confidence = 0.8 * plain.confidence + (inside ? 0.2 : 0.0);
    view->inputs[view->input_count++] = (strategy_input_t){"profile.control", profile.control};
}

_Static_assert(STRATEGY_INPUTS_MAX >= 5, "SC02 names four figures, the profile is the fifth");

static const char *const words[] = {SC02_WORDS, "bars of the volume profile", "rows that its range is cut into",
                                    "percent of the volume that the value area holds"};

const strategy_kind_t strategy_sc02_frvp = {
    .name = "SC02+FRVP",
    .aliases = "SC02_FRVP FRVP",
    .title = "SC02 under a fixed-range volume profile",
    .rule = "SC02 decides and the close lies beyond the point of control of the last bars (LONG above, SHORT below); "
            "confidence = 0.8 x that of SC02 + 0.2 x (close inside the value area)",
    .option_count = OPTION_COUNT,
    .options = {SC02_OPTIONS,
                {"profile", OPTION_WHOLE, 100, 2, 5000},
                {"rows", OPTION_WHOLE, 24, 2, VOLUME_PROFILE_ROWS_MAX},
                {"value_area", OPTION_REAL, 70, 1, 100}},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

/* bollinger_squeeze.c: out of narrow bands; see bollinger_squeeze.h. */
#include "core/strategy/bollinger_squeeze.h"

#include "core/indicator/atr.h"
#include "core/indicator/bollinger.h"
#include "core/indicator/extreme.h"
#include "core/strategy/crossing.h"
#include "core/strategy/level_options.h"

enum {
    OPTION_PERIOD,
    OPTION_DEVIATIONS,
    OPTION_LOOKBACK,
    OPTION_PATIENCE,
    OPTION_STRUCTURE,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

typedef struct {
    bollinger_t bands;
    extreme_t narrowest;
    atr_t atr;
    bool structure;
    uint32_t patience, left; /* left: bars that the last squeeze still counts for, this one included */
    double memory[];         /* slots of the lookback, then the window of the bands */
} squeeze_t;

static result_t check(const double *options, uint32_t *wrong)
{
    return level_options_check_at(options, OPTION_LEVELS, wrong);
}

static level_rules_t levels(const double *options)
{
    return level_options_rules(options + OPTION_LEVELS);
}

static uint32_t warm_up(const double *options)
{
    const uint32_t widths = (uint32_t)(options[OPTION_PERIOD] + options[OPTION_LOOKBACK]),
                   atr = (uint32_t)options[OPTION_LEVELS + LEVELS_ATR];
    return (widths > atr ? widths : atr) + 1;
}

static size_t state_size(const double *options)
{
    return sizeof(squeeze_t) + (size_t)options[OPTION_LOOKBACK] * sizeof(extreme_slot_t) +
           BOLLINGER_ROOM(options[OPTION_PERIOD]) * sizeof(double);
}

static void init(void *state, const double *options)
{
    squeeze_t *own = state;
    const uint32_t lookback = (uint32_t)options[OPTION_LOOKBACK];
    extreme_slot_t *slots = (extreme_slot_t *)own->memory;
    *own = (squeeze_t){.structure = options[OPTION_STRUCTURE] > 0.0, .patience = (uint32_t)options[OPTION_PATIENCE]};
    extreme_init(&own->narrowest, EXTREME_LOWEST, lookback, slots);
    bollinger_init(&own->bands, (uint32_t)options[OPTION_PERIOD], options[OPTION_DEVIATIONS], (double *)(slots + lookback));
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    squeeze_t *own = state;
    const bollinger_value_t bands = bollinger_next(&own->bands, bar->close);
    const double atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    if (isnan(bands.middle)) {
        return;
    }
    const double width = bands.middle != 0.0 ? (bands.upper - bands.lower) / bands.middle : 0.0;
    const bool known = extreme_is_warm(&own->narrowest) && !isnan(atr); /* by the widths before this one */
    (void)extreme_next(&own->narrowest, width);
    own->left -= own->left > 0;
    if (known && extreme_age(&own->narrowest) == 0) {
        own->left = own->patience;
    }
    const bool is_long = bar->close > bands.upper, is_short = bar->close < bands.lower;
    if (own->left == 0 || (!is_long && !is_short)) {
        return;
    }
    own->left = 0;
    const double way = is_long ? bar->close - bands.upper : bands.lower - bar->close;
    *view = (strategy_view_t){
        .direction = is_long ? DIRECTION_LONG : DIRECTION_SHORT,
        .confidence = 0.5 + 0.5 * share_of(way, 0.5 * atr),
        .atr = atr,
        .stop_price = own->structure ? bands.middle : 0.0,
        .input_count = 4,
        .inputs = {{"bollinger.width", width}, {"bollinger.upper", bands.upper}, {"bollinger.lower", bands.lower}, {"atr", atr}},
    };
}

static const char *const words[] = {"bands, bars",
                                    "width of the bands in deviations",
                                    "bars among which they must be the narrowest",
                                    "bars that a squeeze counts for",
                                    "1: the stop is the middle band, 0: as stop_atr says",
                                    LEVELS_WORDS};

const strategy_kind_t strategy_bollinger_squeeze = {
    .name = "BollingerSqueeze",
    .aliases = "SQUEEZE BB_SQUEEZE",
    .title = "Bollinger squeeze",
    .rule = "the first close beyond a band within patience bars after the bands were the narrowest of lookback bars; "
            "confidence = 0.5 + 0.5 x min(1, way beyond the band / (0.5 ATR))",
    .option_count = OPTION_COUNT,
    .options = {{"period", OPTION_WHOLE, 20, 2, 1000},
                {"deviations", OPTION_REAL, 2, 0.1, 20},
                {"lookback", OPTION_WHOLE, 125, 2, 5000},
                {"patience", OPTION_WHOLE, 10, 1, 1000},
                {"structure", OPTION_WHOLE, 1, 0, 1},
                LEVELS_OPTIONS},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

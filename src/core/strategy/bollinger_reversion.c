/* bollinger_reversion.c: from the edge of the bands to their middle; see bollinger_reversion.h. */
#include "core/strategy/bollinger_reversion.h"

#include "core/indicator/atr.h"
#include "core/indicator/bollinger.h"
#include "core/indicator/rolling.h"
#include "core/indicator/rsi.h"

enum {
    OPTION_PERIOD,
    OPTION_DEVIATIONS,
    OPTION_RSI,
    OPTION_VOLUME,
    OPTION_BEYOND,
    OPTION_CONFIDENCE_MIN,
    OPTION_REWARD_RISK_MIN,
    OPTION_COUNT,
};

typedef struct {
    bollinger_t bands;
    rsi_t rsi;
    atr_t atr;
    rolling_sum_t volume;
    double volume_period, beyond, confidence_min;
    double place_last; /* NAN before the bands are warm */
    double windows[];  /* bands, volume */
} reversion_t;

static result_t check(const double *options, uint32_t *wrong)
{
    (void)options;
    (void)wrong;
    return RESULT_OK;
}

/* Both levels are prices that the view names. */
static level_rules_t levels(const double *options)
{
    return (level_rules_t){.stop_kind = LEVEL_PRICE,
                           .stop = 1.0,
                           .target_kind = LEVEL_PRICE,
                           .target = 1.0,
                           .reward_risk_min = options[OPTION_REWARD_RISK_MIN]};
}

static uint32_t warm_up(const double *options)
{
    double longest = options[OPTION_PERIOD];
    longest = options[OPTION_RSI] > longest ? options[OPTION_RSI] : longest;
    longest = options[OPTION_VOLUME] > longest ? options[OPTION_VOLUME] : longest;
    return (uint32_t)longest + 1;
}

static size_t state_size(const double *options)
{
    return sizeof(reversion_t) + (BOLLINGER_ROOM(options[OPTION_PERIOD]) + ROLLING_ROOM(options[OPTION_VOLUME])) * sizeof(double);
}

static void init(void *state, const double *options)
{
    reversion_t *own = state;
    const uint32_t period = (uint32_t)options[OPTION_PERIOD], volume = (uint32_t)options[OPTION_VOLUME];
    *own = (reversion_t){.volume_period = options[OPTION_VOLUME],
                         .beyond = options[OPTION_BEYOND] / 100.0,
                         .confidence_min = options[OPTION_CONFIDENCE_MIN],
                         .place_last = NAN};
    bollinger_init(&own->bands, period, options[OPTION_DEVIATIONS], own->windows);
    rolling_sum_init(&own->volume, volume, own->windows + BOLLINGER_ROOM(period));
    rsi_init(&own->rsi, (uint32_t)options[OPTION_RSI]);
    atr_init(&own->atr, period);
}

static double confidence_of(const reversion_t *own, double edge, double volume, double mean, bool rsi_agrees)
{
    double confidence = edge <= 0.1 ? 0.8 : 0.6;
    if (volume > 1.5 * mean) {
        confidence *= 1.2;
    } else if (volume < 0.5 * mean) {
        confidence *= 0.8;
    }
    confidence *= rsi_agrees ? 1.0 : 0.5;
    confidence = confidence < 1.0 ? confidence : 1.0;
    return confidence >= own->confidence_min ? confidence : 0.0;
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    reversion_t *own = state;
    const bollinger_value_t bands = bollinger_next(&own->bands, bar->close);
    const double rsi = rsi_next(&own->rsi, bar->close), atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    const double mean = rolling_sum_next(&own->volume, bar->volume) / own->volume_period;
    const double place = bands.upper > bands.lower ? (bar->close - bands.lower) / (bands.upper - bands.lower) : NAN;
    const double last = own->place_last;
    own->place_last = place;
    if (isnan(place) || isnan(last) || isnan(rsi) || isnan(mean) || isnan(atr)) {
        return;
    }
    const bool is_long = place <= 0.2 && last > 0.2, is_short = place >= 0.8 && last < 0.8;
    if (!is_long && !is_short) {
        return;
    }
    const double confidence =
        confidence_of(own, is_long ? place : 1.0 - place, bar->volume, mean, is_long ? rsi < 50.0 : rsi > 50.0);
    if (!(confidence > 0.0)) {
        return;
    }
    const double low = bar->close < bands.lower ? bar->close : bands.lower,
                 high = bar->close > bands.upper ? bar->close : bands.upper;
    *view = (strategy_view_t){
        .direction = is_long ? DIRECTION_LONG : DIRECTION_SHORT,
        .confidence = confidence,
        .atr = atr,
        .stop_price = is_long ? low * (1.0 - own->beyond) : high * (1.0 + own->beyond),
        .target_price = bands.middle,
        .input_count = 4,
        .inputs = {{"bollinger.place", place}, {"rsi", rsi}, {"volume.ratio", mean > 0.0 ? bar->volume / mean : 0.0}, {"atr", atr}},
    };
}

static const char *const words[] = {"bands, bars",
                                    "width of the bands in deviations",
                                    "RSI period, bars",
                                    "bars of the mean volume",
                                    "stop: percent outside the band",
                                    "no proposal below this confidence",
                                    "no proposal below this reward / risk"};

const strategy_kind_t strategy_bollinger_reversion = {
    .name = "BollingerReversion",
    .aliases = "BBANDS BOLLINGER BollingerMeanReversion MEAN_REVERSION",
    .title = "Bollinger mean reversion",
    .rule = "the close comes within a fifth of the bands to their edge; target: the middle band, stop: outside the band; "
            "confidence = 0.8 within a tenth, else 0.6, x 1.2 on high or 0.8 on low volume, x 0.5 unless RSI agrees",
    .option_count = OPTION_COUNT,
    .options = {{"period", OPTION_WHOLE, 20, 2, 1000},
                {"deviations", OPTION_REAL, 2, 0.1, 20},
                {"rsi", OPTION_WHOLE, 14, 2, 500},
                {"volume", OPTION_WHOLE, 20, 1, 1000},
                {"beyond", OPTION_REAL, 0.5, 0.01, 20},
                {"confidence_min", OPTION_REAL, 0.4, 0, 1},
                {"reward_risk_min", OPTION_REAL, 1, 0, 20}},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

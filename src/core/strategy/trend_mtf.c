/* trend_mtf.c: the trend on two timeframes; see trend_mtf.h. */
#include "core/strategy/trend_mtf.h"

#include "core/indicator/atr.h"
#include "core/indicator/ema.h"
#include "core/strategy/higher_frame.h"
#include "core/strategy/level_options.h"
#include "core/strategy/option_order.h"

enum {
    OPTION_FAST,
    OPTION_SLOW,
    OPTION_HIGHER,
    OPTION_PRIMARY,
    OPTION_THRESHOLD,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

typedef struct {
    ema_t fast, slow;
} trend_t;

typedef struct {
    trend_t own, longer;
    higher_frame_t frame;
    atr_t atr;
    double primary, threshold;
    double longer_trend, score_last; /* NAN before they are known */
} trend_mtf_t;

static result_t check(const double *options, uint32_t *wrong)
{
    if (!option_is_below(options, OPTION_FAST, OPTION_SLOW, wrong)) {
        return RESULT_BAD_ARGUMENT;
    }
    return level_options_check_at(options, OPTION_LEVELS, wrong);
}

static level_rules_t levels(const double *options)
{
    return level_options_rules(options + OPTION_LEVELS);
}

static uint32_t warm_up(const double *options)
{
    const uint32_t longer = higher_frame_warm_up((uint32_t)options[OPTION_HIGHER], (uint32_t)options[OPTION_SLOW]);
    const uint32_t atr = (uint32_t)options[OPTION_LEVELS + LEVELS_ATR];
    return (longer > atr ? longer : atr) + 1;
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(trend_mtf_t);
}

static void trend_init(trend_t *trend, const double *options)
{
    ema_init(&trend->fast, (uint32_t)options[OPTION_FAST]);
    ema_init(&trend->slow, (uint32_t)options[OPTION_SLOW]);
}

static void init(void *state, const double *options)
{
    trend_mtf_t *own = state;
    *own = (trend_mtf_t){
        .primary = options[OPTION_PRIMARY], .threshold = options[OPTION_THRESHOLD], .longer_trend = NAN, .score_last = NAN};
    trend_init(&own->own, options);
    trend_init(&own->longer, options);
    higher_frame_init(&own->frame, (uint32_t)options[OPTION_HIGHER]);
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
}

static double sign(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}

/* -1 to 1, NAN before the averages are warm. */
static double trend_next(trend_t *trend, double close)
{
    const double fast = ema_next(&trend->fast, close), slow = ema_next(&trend->slow, close);
    return isnan(slow) ? NAN : 0.5 * sign(close - slow) + 0.5 * sign(fast - slow);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    trend_mtf_t *own = state;
    const double trend = trend_next(&own->own, bar->close), atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    indicator_bar_t longer;
    if (higher_frame_next(&own->frame, bar, &longer)) {
        own->longer_trend = trend_next(&own->longer, longer.close);
    }
    const double score = own->primary * trend + (1.0 - own->primary) * own->longer_trend, last = own->score_last;
    own->score_last = score;
    if (isnan(score) || isnan(last) || isnan(atr)) {
        return;
    }
    const bool is_long = score > own->threshold && last <= own->threshold;
    const bool is_short = score < -own->threshold && last >= -own->threshold;
    if (!is_long && !is_short) {
        return;
    }
    *view = (strategy_view_t){
        .direction = is_long ? DIRECTION_LONG : DIRECTION_SHORT,
        .confidence = fabs(score) < 1.0 ? fabs(score) : 1.0,
        .atr = atr,
        .input_count = 4,
        .inputs = {{"trend", trend}, {"higher.trend", own->longer_trend}, {"score", score}, {"atr", atr}},
    };
}

static const char *const words[] = {
    "fast average, bars",          "slow average, bars",        "own bars that make one of the longer timeframe",
    "weight of the own timeframe", "score that must be passed", LEVELS_WORDS};

const strategy_kind_t strategy_trend_mtf = {
    .name = "TrendMTF",
    .aliases = "MultiTimeframe MULTI_TIMEFRAME MTF_TREND",
    .title = "multi-timeframe trend",
    .rule = "score = primary x trend of the own timeframe + (1 - primary) x trend of the longer one passes the threshold; "
            "confidence = |score|",
    .option_count = OPTION_COUNT,
    .options = {{"fast", OPTION_WHOLE, 21, 1, 1000},
                {"slow", OPTION_WHOLE, 50, 2, 2000},
                {"higher", OPTION_WHOLE, 4, 2, 100},
                {"primary", OPTION_REAL, 0.6, 0, 1},
                {"threshold", OPTION_REAL, 0.5, 0, 0.99},
                LEVELS_OPTIONS},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

/* five_of_seven.c: a vote of indicators; see five_of_seven.h. */
#include "core/strategy/five_of_seven.h"

#include "core/indicator/atr.h"
#include "core/indicator/ema.h"
#include "core/indicator/macd.h"
#include "core/indicator/rolling.h"
#include "core/indicator/rsi.h"
#include "core/strategy/level_options.h"

enum {
    OPTION_VOTES,
    OPTION_LEVELS,
    OPTION_COUNT = OPTION_LEVELS + LEVELS_OPTION_COUNT,
};

enum { VOTERS = 7, VOLUME_BARS = 20, CHANGE_BARS = 5, TREND_BARS = 50 };

typedef struct {
    uint32_t votes;
    rsi_t rsi;
    macd_t macd;
    ema_t trend;
    atr_t atr;
    rolling_sum_t volume;
    double volume_window[VOLUME_BARS];
    double closes[CHANGE_BARS]; /* a ring of the closes before */
    uint64_t seen;
    direction_t last; /* what the bar before voted for */
} five_of_seven_t;

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
    const uint32_t atr = (uint32_t)options[OPTION_LEVELS + LEVELS_ATR];
    return atr + 1 > TREND_BARS ? atr + 1 : TREND_BARS;
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(five_of_seven_t);
}

static void init(void *state, const double *options)
{
    five_of_seven_t *own = state;
    *own = (five_of_seven_t){.votes = (uint32_t)options[OPTION_VOTES]};
    rsi_init(&own->rsi, 14);
    macd_init(&own->macd, 12, 26, 9);
    ema_init(&own->trend, TREND_BARS);
    atr_init(&own->atr, (uint32_t)options[OPTION_LEVELS + LEVELS_ATR]);
    rolling_sum_init(&own->volume, VOLUME_BARS, own->volume_window);
}

static uint32_t count_votes(const bool votes[VOTERS])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < VOTERS; i++) {
        count += votes[i];
    }
    return count;
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    five_of_seven_t *own = state;
    const double rsi = rsi_next(&own->rsi, bar->close), trend = ema_next(&own->trend, bar->close);
    const macd_value_t macd = macd_next(&own->macd, bar->close);
    const double atr = atr_next(&own->atr, bar->high, bar->low, bar->close);
    const bool volume = bar->volume > rolling_sum_next(&own->volume, bar->volume) / VOLUME_BARS;
    double *slot = &own->closes[own->seen++ % CHANGE_BARS];
    const double before = *slot;
    *slot = bar->close;
    if (isnan(trend) || isnan(atr)) {
        return; /* all shorter ones are warm then */
    }
    const bool up[VOTERS] = {rsi > 50.0,         rsi<70.0, macd.macd> macd.signal, macd.histogram > 0.0, bar->close > trend, volume,
                             bar->close > before};
    const bool down[VOTERS] = {rsi<50.0, rsi> 30.0, macd.macd < macd.signal, macd.histogram < 0.0, bar->close < trend, volume,
                               bar->close < before};
    const uint32_t ups = count_votes(up), downs = count_votes(down), most = ups > downs ? ups : downs;
    const direction_t voted = ups == downs || most < own->votes ? DIRECTION_NONE : ups > downs ? DIRECTION_LONG : DIRECTION_SHORT;
    const bool is_new = voted != own->last;
    own->last = voted;
    if (voted == DIRECTION_NONE || !is_new) {
        return;
    }
    *view = (strategy_view_t){
        .direction = voted,
        .confidence = (double)most / VOTERS,
        .atr = atr,
        .input_count = 4,
        .inputs = {{"votes.long", (double)ups}, {"votes.short", (double)downs}, {"rsi", rsi}, {"atr", atr}},
    };
}

static const char *const words[] = {"how many of the seven", LEVELS_WORDS};

const strategy_kind_t strategy_five_of_seven = {
    .name = "FiveOfSeven",
    .aliases = "MultiIndicator MULTI_INDICATOR",
    .title = "vote of several indicators",
    .rule = "at least votes of seven come to be so: RSI > 50, RSI < 70, MACD above its signal, histogram > 0, close above "
            "EMA 50, volume above its mean of 20, close above that of 5 bars before; SHORT mirrored; confidence = votes / "
            "7",
    .option_count = OPTION_COUNT,
    .options = {{"votes", OPTION_WHOLE, 5, 1, 7},
                {"atr", OPTION_WHOLE, 14, 1, 500},
                {"stop_atr", OPTION_REAL, 1.5, 0.1, 20},
                {"reward", OPTION_REAL, 2, 0.1, 20},
                {"stop_percent", OPTION_REAL, 0, 0, 50},
                {"target_percent", OPTION_REAL, 0, 0, 500},
                {"reward_risk_min", OPTION_REAL, 1.5, 0, 20}},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

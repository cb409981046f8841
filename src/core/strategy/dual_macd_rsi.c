/* dual_macd_rsi.c: MACD on two timeframes and RSI; see dual_macd_rsi.h. */
#include "core/strategy/dual_macd_rsi.h"

#include "core/indicator/extreme.h"
#include "core/indicator/rsi.h"
#include "core/strategy/crossing.h"
#include "core/strategy/higher_frame.h"
#include "core/strategy/macd_cross.h"
#include "core/strategy/option_order.h"

enum {
    OPTION_RSI = CROSS_OPTION_COUNT,
    OPTION_RSI_LOW,
    OPTION_RSI_HIGH,
    OPTION_RSI_BARS,
    OPTION_HIGHER,
    OPTION_COUNT,
};

typedef struct {
    macd_cross_t cross;
    rsi_t rsi;
    extreme_t rsi_lowest, rsi_highest;
    double rsi_low, rsi_high;
    higher_frame_t frame;
    macd_t higher;
    double higher_histogram; /* NAN before the longer MACD is warm */
    extreme_slot_t slots[];  /* two of rsi_bars */
} dual_t;

static result_t check(const double *options, uint32_t *wrong)
{
    if (!option_is_below(options, OPTION_RSI_LOW, OPTION_RSI_HIGH, wrong)) {
        return RESULT_BAD_ARGUMENT;
    }
    return macd_cross_check(options, wrong);
}

static level_rules_t levels(const double *options)
{
    return macd_cross_levels(options);
}

static uint32_t warm_up(const double *options)
{
    const uint32_t longer =
        higher_frame_warm_up((uint32_t)options[OPTION_HIGHER], (uint32_t)(options[CROSS_SLOW] + options[CROSS_SIGNAL]) - 1);
    const uint32_t rsi = (uint32_t)(options[OPTION_RSI] + options[OPTION_RSI_BARS]);
    const uint32_t own = macd_cross_warm_up(options);
    return longer > own ? (longer > rsi ? longer : rsi) : (own > rsi ? own : rsi);
}

static size_t state_size(const double *options)
{
    return sizeof(dual_t) + 2 * (size_t)options[OPTION_RSI_BARS] * sizeof(extreme_slot_t);
}

static void init(void *state, const double *options)
{
    dual_t *dual = state;
    const uint32_t bars = (uint32_t)options[OPTION_RSI_BARS];
    *dual = (dual_t){.rsi_low = options[OPTION_RSI_LOW], .rsi_high = options[OPTION_RSI_HIGH], .higher_histogram = NAN};
    macd_cross_init(&dual->cross, options);
    rsi_init(&dual->rsi, (uint32_t)options[OPTION_RSI]);
    extreme_init(&dual->rsi_lowest, EXTREME_LOWEST, bars, dual->slots);
    extreme_init(&dual->rsi_highest, EXTREME_HIGHEST, bars, dual->slots + bars);
    higher_frame_init(&dual->frame, (uint32_t)options[OPTION_HIGHER]);
    macd_init(&dual->higher, (uint32_t)options[CROSS_FAST], (uint32_t)options[CROSS_SLOW], (uint32_t)options[CROSS_SIGNAL]);
}

static void next(void *state, const indicator_bar_t *bar, strategy_view_t *view)
{
    dual_t *dual = state;
    const macd_cross_view_t cross = macd_cross_next(&dual->cross, bar);
    const double rsi = rsi_next(&dual->rsi, bar->close);
    indicator_bar_t longer;
    if (higher_frame_next(&dual->frame, bar, &longer)) {
        dual->higher_histogram = macd_next(&dual->higher, longer.close).histogram;
    }
    if (isnan(rsi)) {
        return;
    }
    const double lowest = extreme_next(&dual->rsi_lowest, rsi), highest = extreme_next(&dual->rsi_highest, rsi);
    if (!cross.warm || cross.crossed == DIRECTION_NONE) {
        return;
    }
    const bool is_long = cross.crossed == DIRECTION_LONG;
    const double depth = is_long ? dual->rsi_low - lowest : highest - dual->rsi_high;
    const bool longer_agrees = is_long ? dual->higher_histogram > 0.0 : dual->higher_histogram < 0.0; /* NAN agrees with nobody */
    if (!(depth > 0.0) || !longer_agrees) {
        return;
    }
    *view = (strategy_view_t){
        .direction = cross.crossed,
        .confidence = 0.6 + 0.2 * cross.slope + 0.2 * share_of(depth, 20.0),
        .atr = cross.atr,
        .input_count = 5,
        .inputs = {{"macd", cross.macd.macd},
                   {"macd.histogram", cross.macd.histogram},
                   {"rsi", is_long ? lowest : highest},
                   {"higher.histogram", dual->higher_histogram},
                   {"atr", cross.atr}},
    };
}

static const char *const words[] = {CROSS_WORDS,
                                    "RSI period, bars",
                                    "a LONG wants RSI below this",
                                    "a SHORT wants RSI above this",
                                    "how many of the last bars may have shown it",
                                    "own bars that make one of the longer timeframe"};

const strategy_kind_t strategy_dual_macd_rsi = {
    .name = "DualMACD_RSI",
    .aliases = "DUAL_MACD DUAL_MACD_RSI",
    .title = "MACD and RSI under the MACD of a longer timeframe",
    .rule = "MACD crosses its signal while RSI is below rsi_low (LONG) or above rsi_high (SHORT), and MACD of the longer "
            "timeframe stands on that side of its signal; confidence = 0.6 + 0.2 x slope (SC01) + 0.2 x min(1, points "
            "beyond the RSI limit / 20)",
    .option_count = OPTION_COUNT,
    .options = {CROSS_OPTIONS,
                {"rsi", OPTION_WHOLE, 14, 2, 500},
                {"rsi_low", OPTION_REAL, 35, 0, 100},
                {"rsi_high", OPTION_REAL, 65, 0, 100},
                {"rsi_bars", OPTION_WHOLE, 1, 1, 100},
                {"higher", OPTION_WHOLE, 4, 2, 100}},
    .option_words = words,
    .check = check,
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .levels = levels,
};

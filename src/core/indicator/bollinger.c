/* bollinger.c: Bollinger bands; see bollinger.h. */
#include "core/indicator/bollinger.h"

#include "core/base/assert.h"

void bollinger_init(bollinger_t *bands, uint32_t period, double deviations, double *window)
{
    ASSERT(bands != NULL && window != NULL);
    ASSERT(period >= 2 && period <= INDICATOR_PERIOD_MAX);
    ASSERT(deviations >= 0.0 && deviations <= 142.0); /* 100 of a sample of two values */
    spread_init(&bands->spread, period, window);
    bands->deviations = deviations;
}

bollinger_value_t bollinger_next(bollinger_t *bands, double value)
{
    ASSERT(bands->spread.period != 0);
    ASSERT(indicator_value_is_good(value));
    const spread_value_t now = spread_next(&bands->spread, value);
    const double reach = bands->deviations * sqrt(now.squares * bands->spread.share);
    return (bollinger_value_t){now.mean + reach, now.mean, now.mean - reach};
}

void bollinger_series(uint32_t period, double deviations, const double *values, size_t bars, double *window, double *out_upper,
                      double *out_middle, double *out_lower)
{
    bollinger_t bands;
    bollinger_init(&bands, period, deviations, window);
    for (size_t i = 0; i < bars; i++) {
        bollinger_value_t value = bollinger_next(&bands, values[i]);
        out_upper[i] = value.upper;
        out_middle[i] = value.middle;
        out_lower[i] = value.lower;
    }
}

/* The state in the registry's form: the window stands behind the struct. */
typedef struct {
    bollinger_t bands;
    double window[];
} bollinger_state_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(bollinger_state_t) + BOLLINGER_ROOM(options[0]) * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    bollinger_state_t *whole = state;
    bollinger_init(&whole->bands, (uint32_t)options[0], options[1], whole->window);
}

static void sample_init(void *state, const double *options)
{
    bollinger_state_t *whole = state;
    bollinger_init(&whole->bands, (uint32_t)options[0], bollinger_of_sample(options[1], options[0]), whole->window);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    bollinger_state_t *whole = state;
    bollinger_value_t value = bollinger_next(&whole->bands, bar->close);
    outputs[0] = value.upper;
    outputs[1] = value.middle;
    outputs[2] = value.lower;
}

static bool kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    bollinger_t *bands = &((bollinger_state_t *)state)->bands;
    const spread_give_t give = {bands->spread.share, bands->deviations, SPREAD_BANDS, outputs[0] + from};
    return spread_run(&bands->spread, columns->close + from, to - from, give, outputs[1] + from, outputs[2] + from);
}

const indicator_kind_t indicator_bollinger = {
    .name = "bollinger",
    .title = "Bollinger bands",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention =
        "TA-Lib BBANDS on a simple average: population deviation. TA-Lib's plain E[x^2] - E[x]^2 loses digits when the bands "
        "are narrow and calls a variance below 1e-14 zero; ours does neither",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series_looking = kind_series,
    .blocks_of = 1,
};

const indicator_kind_t indicator_bollinger_sample = {
    .name = "bollinger_sample",
    .title = "Bollinger bands, a sample's deviation",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention =
        "the deviation is a sample's (divided by period - 1), as with pandas' std: the bands of the weighted score's states. "
        "TA-Lib and TradingView take the population's: bollinger",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7, with a sample's deviation",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = sample_init,
    .next = kind_next,
    .series_looking = kind_series,
    .blocks_of = 1,
};

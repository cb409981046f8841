/* bollinger_width.c: BandWidth and %b; see bollinger_width.h. */
#include "core/indicator/bollinger_width.h"

typedef struct {
    bollinger_t bands;
    double window[];
} bollinger_width_t;

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t state_size(const double *options)
{
    return sizeof(bollinger_width_t) + BOLLINGER_ROOM(options[0]) * sizeof(double);
}

static void init(void *state, const double *options)
{
    bollinger_width_t *width = state;
    bollinger_init(&width->bands, (uint32_t)options[0], options[1], width->window);
}

static void width_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    bollinger_width_t *width = state;
    const bollinger_value_t bands = bollinger_next(&width->bands, bar->close);
    const double between = bands.upper - bands.lower;
    outputs[0] = isnan(between) || bands.middle != 0.0 ? between / bands.middle * 100.0 : 0.0;
}

static void percent_b_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    bollinger_width_t *width = state;
    const bollinger_value_t bands = bollinger_next(&width->bands, bar->close);
    const double between = bands.upper - bands.lower;
    outputs[0] = isnan(between) || between > 0.0 ? (bar->close - bands.lower) / between : 0.5;
}

const indicator_kind_t indicator_bollinger_width = {
    .name = "bollinger_width",
    .title = "Bollinger BandWidth",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 1,
    .outputs = {"width"},
    .convention = "percent of the middle, as TradingView ta.bbw; population deviation as in bollinger",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 8",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = width_next,
};

const indicator_kind_t indicator_bollinger_percent_b = {
    .name = "bollinger_percent_b",
    .title = "Bollinger %b",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 1,
    .outputs = {"percent_b"},
    .convention = "0 at the lower band, 1 at the upper, 0.5 when they meet; population deviation as in bollinger",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 8",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = percent_b_next,
};

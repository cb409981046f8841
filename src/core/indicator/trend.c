/* trend.c: Aroon and Ichimoku; see trend.h. */
#include "core/indicator/trend.h"

#include "core/indicator/places.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

/* --- aroon ------------------------------------------------------------------------------------ */

typedef struct {
    double period;
    rolling_place_t highest, lowest; /* windows of period + 1 bars */
    double room[];
} aroon_t;

static uint32_t aroon_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t aroon_state_size(const double *options)
{
    return sizeof(aroon_t) + 2 * ROLLING_PLACE_ROOM(options[0] + 1.0) * sizeof(double);
}

static void aroon_make(aroon_t *aroon, const double *options, rolling_tie_t tie)
{
    const uint32_t window = (uint32_t)options[0] + 1;
    aroon->period = options[0];
    rolling_place_init(&aroon->highest, window, tie, aroon->room);
    rolling_place_init(&aroon->lowest, window, tie, aroon->room + ROLLING_PLACE_ROOM(window));
}

static void aroon_init(void *state, const double *options)
{
    aroon_make(state, options, ROLLING_NEWEST);
}

static void aroon_tv_init(void *state, const double *options)
{
    aroon_make(state, options, ROLLING_OLDEST);
}

static void aroon_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    aroon_t *aroon = state;
    const double high_age = (double)rolling_place_next(&aroon->highest, bar->high);
    const double low_age = (double)rolling_place_next(&aroon->lowest, -bar->low);
    const bool warm = aroon->highest.seen == aroon->highest.period;
    outputs[0] = warm ? 100.0 * (aroon->period - low_age) / aroon->period : NAN;
    outputs[1] = warm ? 100.0 * (aroon->period - high_age) / aroon->period : NAN;
}

static void aroon_tv_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double lines[2];
    aroon_next(state, bar, lines);
    outputs[0] = lines[1];
    outputs[1] = lines[0];
}

static void aroonosc_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double lines[2];
    aroon_next(state, bar, lines);
    outputs[0] = lines[1] - lines[0];
}

/* Both ages of the next bars, once warm. */
static void ages_run(aroon_t *aroon, const indicator_columns_t *columns, size_t from, size_t to, double *restrict high_ages,
                     double *restrict low_ages)
{
    const double *high = columns->high + from, *low = columns->low + from;
    const uint32_t window = aroon->highest.period;
    if (window <= PLACES_WINDOW_MAX) {
        places_run(high, 1.0, window, to - from, high_ages);
        places_run(low, -1.0, window, to - from, low_ages);
        return;
    }
    for (size_t i = 0; i < to - from; i++) {
        high_ages[i] = (double)rolling_place_next(&aroon->highest, high[i]);
        low_ages[i] = (double)rolling_place_next(&aroon->lowest, -low[i]);
    }
}

INDICATOR_WIDE static void lines_of(double period, const double *high_ages, const double *low_ages, size_t count,
                                    double *restrict down, double *restrict up)
{
    for (size_t i = 0; i < count; i++) {
        down[i] = 100.0 * (period - low_ages[i]) / period;
        up[i] = 100.0 * (period - high_ages[i]) / period;
    }
}

static void aroon_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    double high_ages[INDICATOR_CHUNK], low_ages[INDICATOR_CHUNK];
    ages_run(state, columns, from, to, high_ages, low_ages);
    lines_of(((aroon_t *)state)->period, high_ages, low_ages, to - from, outputs[0] + from, outputs[1] + from);
}

const indicator_kind_t indicator_aroon = {
    .name = "aroon",
    .title = "Aroon",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"down", "up"},
    .convention = "TA-Lib AROON, its order of outputs; of equal extremes the newest counts. Tulip's aroon. TradingView's: aroon_tv",
    .source = "T. Chande, Time Price Oscillator, Stocks & Commodities 13:9 (1995)",
    .warm_up = aroon_warm_up,
    .state_size = aroon_state_size,
    .init = aroon_init,
    .next = aroon_next,
    .series = aroon_series,
    .series_bears_all = true,
};

INDICATOR_WIDE static void differences(const double *up, const double *down, size_t count, double *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = up[i] - down[i];
    }
}

static void aroonosc_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    double high_ages[INDICATOR_CHUNK], low_ages[INDICATOR_CHUNK], up[INDICATOR_CHUNK], down[INDICATOR_CHUNK];
    ages_run(state, columns, from, to, high_ages, low_ages);
    lines_of(((aroon_t *)state)->period, high_ages, low_ages, to - from, down, up);
    differences(up, down, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_aroonosc = {
    .name = "aroonosc",
    .title = "Aroon oscillator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"aroonosc"},
    .convention = "TA-Lib AROONOSC: up - down",
    .source = "T. Chande, Time Price Oscillator, Stocks & Commodities 13:9 (1995)",
    .warm_up = aroon_warm_up,
    .state_size = aroon_state_size,
    .init = aroon_init,
    .next = aroonosc_next,
    .series = aroonosc_series,
    .series_bears_all = true,
};

const indicator_kind_t indicator_aroon_tv = {
    .name = "aroon_tv",
    .title = "Aroon, TradingView's",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"up", "down"},
    .convention = "as TradingView's built-in script: of equal extremes the oldest counts (aroon: the newest), up comes first",
    .source = "100 x (ta.highestbars(high, period + 1) + period) / period, and the same of ta.lowestbars(low, period + 1)",
    .warm_up = aroon_warm_up,
    .state_size = aroon_state_size,
    .init = aroon_tv_init,
    .next = aroon_tv_next,
};

/* --- ichimoku --------------------------------------------------------------------------------- */

enum { LINES = 3 };

typedef struct {
    rolling_max_t highest[LINES];
    rolling_min_t lowest[LINES];
    uint32_t shift; /* bars that the spans stand later */
    lag_t span_a, span_b;
    double room[];
} ichimoku_t;

static uint32_t larger_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t ichimoku_output_warm_up(const double *options, uint32_t output)
{
    const uint32_t shift = (uint32_t)options[3] - 1;
    switch (output) {
    case 0:
    case 1:
        return (uint32_t)options[output] - 1;
    case 2:
        return larger_of((uint32_t)options[0], (uint32_t)options[1]) - 1 + shift;
    default:
        return (uint32_t)options[2] - 1 + shift;
    }
}

static uint32_t ichimoku_warm_up(const double *options)
{
    uint32_t longest = 0;
    for (uint32_t output = 0; output < 4; output++) {
        longest = larger_of(longest, ichimoku_output_warm_up(options, output));
    }
    return longest;
}

static size_t ichimoku_state_size(const double *options)
{
    size_t doubles = 2 * (size_t)options[3];
    for (int i = 0; i < LINES; i++) {
        doubles += 2 * ROLLING_ROOM(options[i]);
    }
    return sizeof(ichimoku_t) + doubles * sizeof(double);
}

static void ichimoku_init(void *state, const double *options)
{
    ichimoku_t *ichimoku = state;
    double *room = ichimoku->room;
    for (int i = 0; i < LINES; i++) {
        rolling_max_init(&ichimoku->highest[i], (uint32_t)options[i], room);
        rolling_min_init(&ichimoku->lowest[i], (uint32_t)options[i], room + ROLLING_ROOM(options[i]));
        room += 2 * ROLLING_ROOM(options[i]);
    }
    ichimoku->shift = (uint32_t)options[3] - 1;
    lag_init(&ichimoku->span_a, ichimoku->shift, room);
    lag_init(&ichimoku->span_b, ichimoku->shift, room + (size_t)options[3]);
}

/* A span of this bar goes in, the one that stands here comes out. */
static double shifted(const ichimoku_t *ichimoku, lag_t *lag, double span)
{
    return isnan(span) || ichimoku->shift == 0 ? span : lag_next(lag, span);
}

static void ichimoku_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    ichimoku_t *ichimoku = state;
    double middles[LINES];
    for (int i = 0; i < LINES; i++) {
        const double highest = rolling_max_next(&ichimoku->highest[i], bar->high);
        const double lowest = rolling_min_next(&ichimoku->lowest[i], bar->low);
        middles[i] = rolling_max_is_warm(&ichimoku->highest[i]) ? (highest + lowest) / 2.0 : NAN;
    }
    outputs[0] = middles[0];
    outputs[1] = middles[1];
    outputs[2] = shifted(ichimoku, &ichimoku->span_a, (middles[0] + middles[1]) / 2.0);
    outputs[3] = shifted(ichimoku, &ichimoku->span_b, middles[2]);
}

INDICATOR_SERIES(ichimoku_series, ichimoku_t, ichimoku_next, INDICATOR_HIGH | INDICATOR_LOW, 4)

const indicator_kind_t indicator_ichimoku = {
    .name = "ichimoku",
    .title = "Ichimoku cloud",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 4,
    .options = {{"conversion", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX},
                {"base", OPTION_WHOLE, 26, 1, INDICATOR_PERIOD_MAX},
                {"span_b", OPTION_WHOLE, 52, 1, INDICATOR_PERIOD_MAX},
                {"displacement", OPTION_WHOLE, 26, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 4,
    .outputs = {"conversion", "base", "span_a", "span_b"},
    .convention =
        "as TradingView's Ichimoku Cloud: the spans of a bar are those made displacement - 1 bars before; displacement 1 gives "
        "them undisplaced. No lagging line: it is the close, drawn back",
    .source = "G. Hosoda, Ichimoku Kinko Hyo (1969)",
    .warm_up = ichimoku_warm_up,
    .state_size = ichimoku_state_size,
    .init = ichimoku_init,
    .next = ichimoku_next,
    .series = ichimoku_series,
    .output_warm_up = ichimoku_output_warm_up,
};

/* window.c: extremes and middles of a window; see window.h. */
#include "core/indicator/window.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

/* --- extremes --------------------------------------------------------------------------------- */

typedef struct {
    rolling_max_t highest;
    rolling_min_t lowest;
    double room[];
} window_t;

static size_t window_state_size(const double *options)
{
    return sizeof(window_t) + 2 * ROLLING_ROOM(options[0]) * sizeof(double);
}

static void window_init(void *state, const double *options)
{
    window_t *window = state;
    const uint32_t period = (uint32_t)options[0];
    rolling_max_init(&window->highest, period, window->room);
    rolling_min_init(&window->lowest, period, window->room + ROLLING_ROOM(period));
}

static void highest_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    window_t *window = state;
    const double highest = rolling_max_next(&window->highest, bar->high);
    outputs[0] = rolling_max_is_warm(&window->highest) ? highest : NAN;
}

static void lowest_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    window_t *window = state;
    const double lowest = rolling_min_next(&window->lowest, bar->low);
    outputs[0] = rolling_min_is_warm(&window->lowest) ? lowest : NAN;
}

static bool both(window_t *window, double high, double low, double *highest, double *lowest)
{
    *highest = rolling_max_next(&window->highest, high);
    *lowest = rolling_min_next(&window->lowest, low);
    return rolling_max_is_warm(&window->highest);
}

static void midpoint_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double highest, lowest;
    outputs[0] = both(state, bar->close, bar->close, &highest, &lowest) ? (highest + lowest) / 2.0 : NAN;
}

static void middles(window_t *window, const double *highs, const double *lows, size_t count, double *out)
{
    double lowest[INDICATOR_CHUNK];
    rolling_max_run(&window->highest, highs, count, out);
    rolling_min_run(&window->lowest, lows, count, lowest);
    for (size_t i = 0; i < count; i++) {
        /* The run has written all of them; its blocks are beyond the analyzer. */
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        out[i] = (out[i] + lowest[i]) / 2.0;
    }
}

static void midprice_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double highest, lowest;
    outputs[0] = both(state, bar->high, bar->low, &highest, &lowest) ? (highest + lowest) / 2.0 : NAN;
}

static void range_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double highest, lowest;
    outputs[0] = both(state, bar->close, bar->close, &highest, &lowest) ? highest - lowest : NAN;
}

/* --- places ----------------------------------------------------------------------------------- */

typedef struct {
    rolling_place_t place;
    double room[];
} place_t;

static size_t place_state_size(const double *options)
{
    return sizeof(place_t) + ROLLING_PLACE_ROOM(options[0]) * sizeof(double);
}

static void place_init(void *state, const double *options)
{
    place_t *place = state;
    rolling_place_init(&place->place, (uint32_t)options[0], ROLLING_OLDEST, place->room);
}

static double place_of(place_t *place, double value)
{
    const uint32_t age = rolling_place_next(&place->place, value);
    return place->place.seen == place->place.period ? (double)-(int64_t)age : NAN;
}

static void highestbars_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = place_of(state, bar->high);
}

static void lowestbars_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = place_of(state, -bar->low);
}

/* --- sum -------------------------------------------------------------------------------------- */

typedef struct {
    rolling_sum_t sum;
    double room[];
} sum_t;

static size_t sum_state_size(const double *options)
{
    return sizeof(sum_t) + ROLLING_ROOM(options[0]) * sizeof(double);
}

static void sum_init(void *state, const double *options)
{
    sum_t *sum = state;
    rolling_sum_init(&sum->sum, (uint32_t)options[0], sum->room);
}

static void sum_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    sum_t *sum = state;
    outputs[0] = rolling_sum_next(&sum->sum, bar->close);
}

#define WINDOW_ROW(row_name, row_title, row_inputs, row_convention, row_source, row_size, row_init, row_next, row_series)          \
    {                                                                                                                              \
        .name = row_name, .title = row_title, .inputs = row_inputs, .option_count = 1,                                             \
        .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}}, .output_count = 1, .outputs = {row_name},              \
        .convention = row_convention, .source = row_source, .warm_up = kind_warm_up, .state_size = row_size, .init = row_init,     \
        .next = row_next, .series = row_series, .series_bears_all = true,                                                          \
    }

INDICATOR_WIDE static void highest_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                          double *const *outputs)
{
    window_t *window = state;
    rolling_max_run(&window->highest, columns->high + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_highest =
    WINDOW_ROW("highest", "highest value of the window", INDICATOR_HIGH,
               "TA-Lib MAX, TradingView ta.highest; of the high unless a source is given", "maximum of the last period values",
               window_state_size, window_init, highest_next, highest_series);
INDICATOR_WIDE static void lowest_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                         double *const *outputs)
{
    window_t *window = state;
    rolling_min_run(&window->lowest, columns->low + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_lowest = WINDOW_ROW(
    "lowest", "lowest value of the window", INDICATOR_LOW, "TA-Lib MIN, TradingView ta.lowest; of the low unless a source is given",
    "minimum of the last period values", window_state_size, window_init, lowest_next, lowest_series);
INDICATOR_SERIES(highestbars_series, place_t, highestbars_next, INDICATOR_HIGH, 1)

const indicator_kind_t indicator_highestbars = WINDOW_ROW(
    "highestbars", "where the highest value stands", INDICATOR_HIGH,
    "TradingView ta.highestbars: 0 this bar, -1 the one before; of equals the oldest (TA-Lib's MAXINDEX takes the newest)",
    "place of the maximum", place_state_size, place_init, highestbars_next, highestbars_series);
INDICATOR_SERIES(lowestbars_series, place_t, lowestbars_next, INDICATOR_LOW, 1)

const indicator_kind_t indicator_lowestbars = WINDOW_ROW(
    "lowestbars", "where the lowest value stands", INDICATOR_LOW,
    "TradingView ta.lowestbars: 0 this bar, -1 the one before; of equals the oldest (TA-Lib's MININDEX takes the newest)",
    "place of the minimum", place_state_size, place_init, lowestbars_next, lowestbars_series);
INDICATOR_WIDE static void midpoint_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                           double *const *outputs)
{
    middles(state, columns->close + from, columns->close + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_midpoint =
    WINDOW_ROW("midpoint", "middle of the closes", INDICATOR_CLOSE, "TA-Lib MIDPOINT", "(highest close + lowest close) / 2",
               window_state_size, window_init, midpoint_next, midpoint_series);
INDICATOR_WIDE static void midprice_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                           double *const *outputs)
{
    middles(state, columns->high + from, columns->low + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_midprice =
    WINDOW_ROW("midprice", "middle of the prices", INDICATOR_HIGH | INDICATOR_LOW, "TA-Lib MIDPRICE",
               "(highest high + lowest low) / 2", window_state_size, window_init, midprice_next, midprice_series);
INDICATOR_SERIES(range_series, window_t, range_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_range =
    WINDOW_ROW("range", "highest less lowest close", INDICATOR_CLOSE, "TradingView ta.range. Not in TA-Lib",
               "highest close - lowest close", window_state_size, window_init, range_next, range_series);
INDICATOR_WIDE static void sum_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    sum_t *sum = state;
    rolling_sum_run(&sum->sum, columns->close + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_sum = WINDOW_ROW("sum", "sum of the window", INDICATOR_CLOSE, "TA-Lib SUM; it does not drift",
                                                  "sum of the last period values", sum_state_size, sum_init, sum_next, sum_series);

/* directional.c: Wilder's directional movement with TA-Lib's seeds; see directional.h.
 *
 * TA-Lib starts from the sums of the first period - 1 steps and smooths with sum - sum / period + step; the indicators in percent
 * begin one bar later than the movements.
 */
#include "core/indicator/directional.h"

#include "core/indicator/directional_inside.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"
#include "core/indicator/smooth.h"

typedef struct {
    uint32_t period, steps; /* steps: consumed, counted up to period */
    directional_last_t last;
    smooth_t plus, minus, range; /* sums: each step adds itself and takes 1 / period of the sum away */
    double dx;                   /* the last one */
} directional_t;

static void directional_init(directional_t *move, double period)
{
    *move = (directional_t){.period = (uint32_t)period, .last = {NAN, NAN, NAN}};
    smooth_t *const sums[] = {&move->plus, &move->minus, &move->range};
    for (int i = 0; i < 3; i++) {
        smooth_init(sums[i], move->period - 1, 1.0, (period - 1.0) / period);
    }
}

/* True when `period` - 1 steps or more have been taken in. */
static bool directional_next(directional_t *move, const indicator_bar_t *bar)
{
    directional_step_t step;
    if (!directional_step(&move->last, bar, 0.0, &step)) {
        return false;
    }
    move->steps += move->steps < move->period ? 1 : 0;
    (void)smooth_sum_next(&move->plus, step.plus);
    (void)smooth_sum_next(&move->minus, step.minus);
    return !isnan(smooth_sum_next(&move->range, step.range));
}

static inline double in_percent(double movement, double range)
{
    const double percent = 100.0 * (movement / range);
    return range != 0.0 ? percent : 0.0;
}

/* Without any movement the last one stands. */
static inline double dx_of(double plus, double minus, double last)
{
    const double dx = 100.0 * (fabs(minus - plus) / (plus + minus));
    return plus + minus != 0.0 ? dx : last;
}

static double directional_dx(directional_t *move)
{
    move->dx = dx_of(smooth_value(&move->plus), smooth_value(&move->minus), move->dx);
    return move->dx;
}

/* The steps of a stretch of a series. */
typedef struct {
    double plus[INDICATOR_CHUNK], minus[INDICATOR_CHUNK], range[INDICATOR_CHUNK];
} directional_lines_t;

INDICATOR_WIDE static void find_moves(const indicator_columns_t *columns, size_t from, size_t count, double *restrict plus,
                                      double *restrict minus)
{
    const double *high = columns->high + from, *low = columns->low + from, *high_last = high - 1, *low_last = low - 1;
    for (size_t i = 0; i < count; i++) {
        const double up = high[i] - high_last[i], down = low_last[i] - low[i];
        plus[i] = ((up > down) & (up > 0.0)) ? up : 0.0;
        minus[i] = ((down > up) & (down > 0.0)) ? down : 0.0;
    }
}

INDICATOR_WIDE static void find_ranges(const indicator_columns_t *columns, size_t from, size_t count, double *restrict range)
{
    const double *high = columns->high + from, *low = columns->low + from, *close_last = columns->close + from - 1;
    for (size_t i = 0; i < count; i++) {
        range[i] = directional_range(high[i], low[i], close_last[i]);
    }
}

/* The sums of plus and minus. */
INDICATOR_WIDE static void sum_moves(directional_t *move, const indicator_columns_t *columns, size_t from, size_t count,
                                     double *restrict plus, double *restrict minus)
{
    double *const lines[] = {plus, minus};
    smooth_t *const sums[] = {&move->plus, &move->minus};
    find_moves(columns, from, count, plus, minus);
    smooth_run(sums, (const double *const *)lines, 2, count, lines);
}

/* Without any movement the last one stands; `still` counts such bars. */
INDICATOR_WIDE static void find_dx(const double *plus, const double *minus, size_t count, double last, double *restrict out)
{
    uint64_t still = 0;
    for (size_t i = 0; i < count; i++) {
        out[i] = 100.0 * (fabs(minus[i] - plus[i]) / (plus[i] + minus[i]));
        still += plus[i] + minus[i] == 0.0 ? 1 : 0;
    }
    for (size_t i = 0; still > 0 && i < count; i++) {
        out[i] = last = dx_of(plus[i], minus[i], last);
    }
}

static void dx_run(directional_t *move, const indicator_columns_t *columns, size_t from, size_t count, double *restrict out)
{
    double plus[INDICATOR_CHUNK], minus[INDICATOR_CHUNK];
    sum_moves(move, columns, from, count, plus, minus);
    find_dx(plus, minus, count, move->dx, out);
    move->dx = out[count - 1];
}

static size_t directional_state_size(const double *options)
{
    (void)options;
    return sizeof(directional_t);
}

static void kind_init(void *state, const double *options)
{
    directional_init(state, options[0]);
}

/* --- movements -------------------------------------------------------------------------------- */

static uint32_t dm_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static void plus_dm_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = directional_next(move, bar) ? smooth_value(&move->plus) : NAN;
}

static void minus_dm_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = directional_next(move, bar) ? smooth_value(&move->minus) : NAN;
}

/* --- indicators in percent -------------------------------------------------------------------- */

static uint32_t di_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static bool di_next(directional_t *move, const indicator_bar_t *bar)
{
    (void)directional_next(move, bar);
    return move->steps == move->period;
}

static void plus_di_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = di_next(move, bar) ? in_percent(smooth_value(&move->plus), smooth_value(&move->range)) : NAN;
}

static void minus_di_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = di_next(move, bar) ? in_percent(smooth_value(&move->minus), smooth_value(&move->range)) : NAN;
}

static void dx_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = di_next(move, bar) ? directional_dx(move) : NAN;
}

/* --- adx and adxr ----------------------------------------------------------------------------- */

typedef struct {
    directional_t move;
    smooth_t average;
} adx_t;

static double adx_value(adx_t *adx, const indicator_bar_t *bar)
{
    return di_next(&adx->move, bar) ? smooth_next(&adx->average, directional_dx(&adx->move)) : NAN;
}

INDICATOR_WIDE static void adx_run(adx_t *adx, const indicator_columns_t *columns, size_t from, size_t count, double *restrict out)
{
    double dx[INDICATOR_CHUNK];
    dx_run(&adx->move, columns, from, count, dx);
    smooth_t *const average = &adx->average;
    smooth_run(&average, (const double *const[]){dx}, 1, count, (double *const[]){out});
}

static uint32_t adx_warm_up(const double *options)
{
    return 2 * (uint32_t)options[0] - 1;
}

static size_t adx_state_size(const double *options)
{
    (void)options;
    return sizeof(adx_t);
}

static void adx_init(void *state, const double *options)
{
    adx_t *adx = state;
    directional_init(&adx->move, options[0]);
    smooth_init_wilder(&adx->average, (uint32_t)options[0]);
}

static void adx_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = adx_value(state, bar);
}

typedef struct {
    adx_t adx;
    lag_t lag;
    double ring[];
} adxr_t;

static uint32_t adxr_warm_up(const double *options)
{
    return 3 * (uint32_t)options[0] - 2;
}

static size_t adxr_state_size(const double *options)
{
    return sizeof(adxr_t) + (size_t)options[0] * sizeof(double);
}

static void adxr_init(void *state, const double *options)
{
    adxr_t *adxr = state;
    adx_init(&adxr->adx, options);
    lag_init(&adxr->lag, (uint32_t)options[0] - 1, adxr->ring);
}

static void adxr_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    adxr_t *adxr = state;
    const double adx = adx_value(&adxr->adx, bar);
    outputs[0] = isnan(adx) ? NAN : (adx + lag_next(&adxr->lag, adx)) / 2.0;
}

#define DIRECTIONAL_ROW(row_name, row_title, row_convention, row_source, row_warm_up, row_size, row_init, row_next, row_series)    \
    {                                                                                                                              \
        .name = row_name, .title = row_title, .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, .option_count = 1,       \
        .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}}, .output_count = 1, .outputs = {row_name},              \
        .convention = row_convention, .source = row_source, .warm_up = row_warm_up, .state_size = row_size, .init = row_init,      \
        .next = row_next, .series = row_series, .series_bears_all = true,                                                          \
    }

#define WILDER "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 4"

INDICATOR_SERIES(plus_dm_series, directional_t, plus_dm_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_plus_dm =
    DIRECTIONAL_ROW("plus_dm", "upward movement, smoothed", "TA-Lib PLUS_DM, seeded with the sum of the first period - 1 movements",
                    WILDER, dm_warm_up, directional_state_size, kind_init, plus_dm_next, plus_dm_series);
INDICATOR_SERIES(minus_dm_series, directional_t, minus_dm_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_minus_dm = DIRECTIONAL_ROW(
    "minus_dm", "downward movement, smoothed", "TA-Lib MINUS_DM, seeded with the sum of the first period - 1 movements", WILDER,
    dm_warm_up, directional_state_size, kind_init, minus_dm_next, minus_dm_series);
INDICATOR_WIDE static void find_percents(const double *movement, const double *range, size_t count, double *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = in_percent(movement[i], range[i]);
    }
}

/* The sum of one movement in percent of the range's. */
INDICATOR_WIDE static void di_run(directional_t *move, smooth_t *movement, const indicator_columns_t *columns, size_t from,
                                  size_t count, double *restrict out)
{
    directional_lines_t steps;
    double *const lines[] = {movement == &move->plus ? steps.plus : steps.minus, steps.range};
    smooth_t *const sums[] = {movement, &move->range};
    find_moves(columns, from, count, steps.plus, steps.minus);
    find_ranges(columns, from, count, steps.range);
    smooth_run(sums, (const double *const *)lines, 2, count, lines);
    find_percents(lines[0], lines[1], count, out);
}

static void plus_di_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    directional_t *move = state;
    di_run(move, &move->plus, columns, from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_plus_di =
    DIRECTIONAL_ROW("plus_di", "positive directional indicator",
                    "TA-Lib PLUS_DI; a range below 1e-14 counts here (TA-Lib takes it for 0). TradingView's seed: dmi", WILDER,
                    di_warm_up, directional_state_size, kind_init, plus_di_next, plus_di_series);
static void minus_di_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    directional_t *move = state;
    di_run(move, &move->minus, columns, from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_minus_di =
    DIRECTIONAL_ROW("minus_di", "negative directional indicator",
                    "TA-Lib MINUS_DI; a range below 1e-14 counts here (TA-Lib takes it for 0). TradingView's seed: dmi", WILDER,
                    di_warm_up, directional_state_size, kind_init, minus_di_next, minus_di_series);
static void dx_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    dx_run(state, columns, from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_dx =
    DIRECTIONAL_ROW("dx", "directional movement index",
                    "TA-Lib DX; without any movement the last value is repeated, as there. Sums below 1e-14 count here", WILDER,
                    di_warm_up, directional_state_size, kind_init, dx_next, dx_series);
static void adx_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    adx_run(state, columns, from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_adx = DIRECTIONAL_ROW(
    "adx", "average directional index",
    "TA-Lib ADX: Wilder's smoothing, seeded with the mean of period DX. TradingView's: dmi; of plain means: dmi_plain", WILDER,
    adx_warm_up, adx_state_size, adx_init, adx_next, adx_series);
INDICATOR_WIDE static void find_middles(const double *first, const double *second, size_t count, double *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (first[i] + second[i]) / 2.0;
    }
}

static void adxr_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    adxr_t *adxr = state;
    double adx[INDICATOR_CHUNK], before[INDICATOR_CHUNK];
    adx_run(&adxr->adx, columns, from, to - from, adx);
    lag_run(&adxr->lag, adx, to - from, before);
    find_middles(adx, before, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_adxr =
    DIRECTIONAL_ROW("adxr", "average directional index rating", "TA-Lib ADXR: mean of ADX and the ADX of period - 1 bars ago",
                    WILDER, adxr_warm_up, adxr_state_size, adxr_init, adxr_next, adxr_series);

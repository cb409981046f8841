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

/* Its form for a stretch of a series, as smooth.h's. */
typedef struct {
    smooth_lines_t moves; /* plus, minus */
    smooth_line_t range;
} directional_lines_t;

static inline directional_lines_t directional_enter(const directional_t *move)
{
    return (directional_lines_t){smooth_enter_pair(&move->plus, &move->minus), smooth_enter(&move->range)};
}

static inline void directional_leave(directional_t *move, directional_lines_t lines)
{
    smooth_leave_pair(&move->plus, &move->minus, lines.moves);
    smooth_leave(&move->range, lines.range);
}

/* The sums of plus and minus at a bar of the series. */
static inline twin_t directional_moves(directional_lines_t *lines, const indicator_columns_t *columns, size_t bar)
{
    const double up = columns->high[bar] - columns->high[bar - 1], down = columns->low[bar - 1] - columns->low[bar];
    const twin_t steps = {up, down}, others = {down, up}, nothing = {0.0, 0.0};
    return smooth_lines_step(&lines->moves, twin_where((steps > others) & (steps > nothing), steps));
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

static void adx_run(adx_t *adx, const indicator_columns_t *columns, size_t from, size_t to, double *restrict out)
{
    double dx = adx->move.dx;
    const indicator_columns_t local = *columns;
    directional_lines_t lines = directional_enter(&adx->move);
    smooth_line_t average = smooth_enter(&adx->average);
    for (size_t i = from; i < to; i++) {
        const twin_t moves = directional_moves(&lines, &local, i);
        dx = dx_of(moves[0], moves[1], dx);
        out[i - from] = smooth_line_step(&average, dx);
    }
    smooth_leave(&adx->average, average);
    directional_leave(&adx->move, lines);
    adx->move.dx = dx;
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
        .next = row_next, .series = row_series,                                                                                    \
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
/* Plus (place 0) or minus (1) in percent of the range. */
static inline void di_run(directional_t *move, const indicator_columns_t *columns, size_t from, size_t to, size_t place,
                          double *restrict out)
{
    const indicator_columns_t local = *columns;
    directional_lines_t lines = directional_enter(move);
    for (size_t i = from; i < to; i++) {
        const twin_t moves = directional_moves(&lines, &local, i);
        const double range = directional_range(local.high[i], local.low[i], local.close[i - 1]);
        out[i - from] = in_percent(moves[place], smooth_line_step(&lines.range, range));
    }
    directional_leave(move, lines);
}

static void plus_di_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    di_run(state, columns, from, to, 0, outputs[0] + from);
}

const indicator_kind_t indicator_plus_di =
    DIRECTIONAL_ROW("plus_di", "positive directional indicator",
                    "TA-Lib PLUS_DI; a range below 1e-14 counts here (TA-Lib takes it for 0). TradingView's seed: dmi", WILDER,
                    di_warm_up, directional_state_size, kind_init, plus_di_next, plus_di_series);
static void minus_di_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    di_run(state, columns, from, to, 1, outputs[0] + from);
}

const indicator_kind_t indicator_minus_di =
    DIRECTIONAL_ROW("minus_di", "negative directional indicator",
                    "TA-Lib MINUS_DI; a range below 1e-14 counts here (TA-Lib takes it for 0). TradingView's seed: dmi", WILDER,
                    di_warm_up, directional_state_size, kind_init, minus_di_next, minus_di_series);
static void dx_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    directional_t *move = state;
    const indicator_columns_t local = *columns;
    double dx = move->dx, *restrict out = outputs[0];
    directional_lines_t lines = directional_enter(move);
    for (size_t i = from; i < to; i++) {
        const twin_t moves = directional_moves(&lines, &local, i);
        out[i] = dx = dx_of(moves[0], moves[1], dx);
    }
    directional_leave(move, lines);
    move->dx = dx;
}

const indicator_kind_t indicator_dx =
    DIRECTIONAL_ROW("dx", "directional movement index",
                    "TA-Lib DX; without any movement the last value is repeated, as there. Sums below 1e-14 count here", WILDER,
                    di_warm_up, directional_state_size, kind_init, dx_next, dx_series);
static void adx_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    adx_run(state, columns, from, to, outputs[0] + from);
}

const indicator_kind_t indicator_adx = DIRECTIONAL_ROW(
    "adx", "average directional index",
    "TA-Lib ADX: Wilder's smoothing, seeded with the mean of period DX. TradingView's: dmi; of plain means: dmi_plain", WILDER,
    adx_warm_up, adx_state_size, adx_init, adx_next, adx_series);
static void adxr_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    adxr_t *adxr = state;
    double adx[INDICATOR_CHUNK], *restrict out = outputs[0] + from;
    adx_run(&adxr->adx, columns, from, to, adx);
    for (size_t i = 0; i < to - from; i++) {
        /* No range is negative: adx_run has written every value read here. */
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
        out[i] = (adx[i] + lag_next(&adxr->lag, adx[i])) / 2.0;
    }
}

const indicator_kind_t indicator_adxr =
    DIRECTIONAL_ROW("adxr", "average directional index rating", "TA-Lib ADXR: mean of ADX and the ADX of period - 1 bars ago",
                    WILDER, adxr_warm_up, adxr_state_size, adxr_init, adxr_next, adxr_series);

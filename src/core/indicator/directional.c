/* directional.c: Wilder's directional movement with TA-Lib's seeds; see directional.h.
 *
 * TA-Lib starts from the sums of the first period - 1 steps and smooths with sum - sum / period + step; the indicators in percent
 * begin one bar later than the movements.
 */
#include "core/indicator/directional.h"

#include "core/indicator/directional_inside.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

typedef struct {
    uint32_t period, steps; /* steps: consumed, counted up to period */
    directional_last_t last;
    double plus, minus, range; /* smoothed sums */
    double dx;                 /* the last one */
} directional_t;

static void directional_init(directional_t *move, double period)
{
    *move = (directional_t){.period = (uint32_t)period, .last = {NAN, NAN, NAN}};
}

/* True when `period` - 1 steps or more have been taken in. */
static bool directional_next(directional_t *move, const indicator_bar_t *bar)
{
    directional_step_t step;
    if (!directional_step(&move->last, bar, 0.0, &step)) {
        return false;
    }
    const double period = (double)move->period;
    if (move->steps + 1 < move->period) {
        move->plus += step.plus;
        move->minus += step.minus;
        move->range += step.range;
    } else {
        move->plus += step.plus - move->plus / period;
        move->minus += step.minus - move->minus / period;
        move->range += step.range - move->range / period;
    }
    move->steps += move->steps < move->period ? 1 : 0;
    return move->steps + 1 >= move->period;
}

static double in_percent(const directional_t *move, double movement)
{
    return move->range != 0.0 ? 100.0 * (movement / move->range) : 0.0;
}

static double directional_dx(directional_t *move)
{
    const double plus = in_percent(move, move->plus), minus = in_percent(move, move->minus);
    if (plus + minus != 0.0) {
        move->dx = 100.0 * (fabs(minus - plus) / (plus + minus));
    }
    return move->dx;
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
    outputs[0] = directional_next(move, bar) ? move->plus : NAN;
}

static void minus_dm_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = directional_next(move, bar) ? move->minus : NAN;
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
    outputs[0] = di_next(move, bar) ? in_percent(move, move->plus) : NAN;
}

static void minus_di_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = di_next(move, bar) ? in_percent(move, move->minus) : NAN;
}

static void dx_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    directional_t *move = state;
    outputs[0] = di_next(move, bar) ? directional_dx(move) : NAN;
}

/* --- adx and adxr ----------------------------------------------------------------------------- */

typedef struct {
    directional_t move;
    uint32_t seen; /* DX consumed, counted up to period */
    double value;  /* while warming: their sum */
} adx_t;

static double adx_value(adx_t *adx, const indicator_bar_t *bar)
{
    if (!di_next(&adx->move, bar)) {
        return NAN;
    }
    const double dx = directional_dx(&adx->move), period = (double)adx->move.period;
    if (adx->seen == adx->move.period) {
        adx->value = (adx->value * (period - 1.0) + dx) / period;
        return adx->value;
    }
    adx->value += dx;
    adx->seen++;
    if (adx->seen < adx->move.period) {
        return NAN;
    }
    adx->value /= period;
    return adx->value;
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
    adx->seen = 0;
    adx->value = 0.0;
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
INDICATOR_SERIES(plus_di_series, directional_t, plus_di_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_plus_di =
    DIRECTIONAL_ROW("plus_di", "positive directional indicator",
                    "TA-Lib PLUS_DI; a range below 1e-14 counts here (TA-Lib takes it for 0). TradingView's seed: dmi", WILDER,
                    di_warm_up, directional_state_size, kind_init, plus_di_next, plus_di_series);
INDICATOR_SERIES(minus_di_series, directional_t, minus_di_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_minus_di =
    DIRECTIONAL_ROW("minus_di", "negative directional indicator",
                    "TA-Lib MINUS_DI; a range below 1e-14 counts here (TA-Lib takes it for 0). TradingView's seed: dmi", WILDER,
                    di_warm_up, directional_state_size, kind_init, minus_di_next, minus_di_series);
INDICATOR_SERIES(dx_series, directional_t, dx_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_dx =
    DIRECTIONAL_ROW("dx", "directional movement index",
                    "TA-Lib DX; without any movement the last value is repeated, as there. Sums below 1e-14 count here", WILDER,
                    di_warm_up, directional_state_size, kind_init, dx_next, dx_series);
INDICATOR_SERIES(adx_series, adx_t, adx_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_adx = DIRECTIONAL_ROW(
    "adx", "average directional index",
    "TA-Lib ADX: Wilder's smoothing, seeded with the mean of period DX. TradingView's: dmi; of plain means: dmi_plain", WILDER,
    adx_warm_up, adx_state_size, adx_init, adx_next, adx_series);
INDICATOR_SERIES(adxr_series, adxr_t, adxr_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_adxr =
    DIRECTIONAL_ROW("adxr", "average directional index rating", "TA-Lib ADXR: mean of ADX and the ADX of period - 1 bars ago",
                    WILDER, adxr_warm_up, adxr_state_size, adxr_init, adxr_next, adxr_series);

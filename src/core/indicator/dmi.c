/* dmi.c: +DI, -DI and ADX together; see dmi.h. */
#include "core/indicator/dmi.h"

#include "core/indicator/directional_inside.h"
#include "core/indicator/rma.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

#define NOISE 1e-12 /* of the price */

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)(options[0] + options[1]) - 1;
}

static uint32_t kind_output_warm_up(const double *options, uint32_t output)
{
    return output < 2 ? (uint32_t)options[0] : kind_warm_up(options);
}

/* Writes +DI and -DI; their distance as a share of their sum. */
static double write_indicators(double plus, double minus, double range, double *outputs)
{
    outputs[0] = range != 0.0 ? 100.0 * plus / range : 0.0;
    outputs[1] = range != 0.0 ? 100.0 * minus / range : 0.0;
    const double sum = outputs[0] + outputs[1];
    return fabs(outputs[0] - outputs[1]) / (sum != 0.0 ? sum : 1.0);
}

/* --- dmi -------------------------------------------------------------------------------------- */

typedef struct {
    directional_last_t last;
    rma_t plus, minus, range, adx;
} dmi_t;

static size_t dmi_state_size(const double *options)
{
    (void)options;
    return sizeof(dmi_t);
}

static void dmi_init(void *state, const double *options)
{
    dmi_t *dmi = state;
    const uint32_t period = (uint32_t)options[0];
    dmi->last = (directional_last_t){NAN, NAN, NAN};
    rma_init(&dmi->plus, period);
    rma_init(&dmi->minus, period);
    rma_init(&dmi->range, period);
    rma_init(&dmi->adx, (uint32_t)options[1]);
}

static void dmi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    dmi_t *dmi = state;
    directional_step_t step;
    outputs[0] = outputs[1] = outputs[2] = NAN;
    if (!directional_step(&dmi->last, bar, NOISE, &step)) {
        return;
    }
    const double plus = rma_next(&dmi->plus, step.plus);
    const double minus = rma_next(&dmi->minus, step.minus);
    const double range = rma_next(&dmi->range, step.range);
    if (!isnan(range)) {
        outputs[2] = rma_next(&dmi->adx, write_indicators(plus, minus, range, outputs)) * 100.0;
    }
}

INDICATOR_SERIES(dmi_series, dmi_t, dmi_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 3)

const indicator_kind_t indicator_dmi = {
    .name = "dmi",
    .title = "directional movement index with TradingView's seeds",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}, {"smoothing", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"plus", "minus", "adx"},
    .convention = "TradingView ta.dmi; a series without range gives 0 (TradingView: na). TA-Lib's are plus_di, minus_di, adx",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 4, with ta.rma",
    .warm_up = kind_warm_up,
    .state_size = dmi_state_size,
    .init = dmi_init,
    .next = dmi_next,
    .series = dmi_series,
    .output_warm_up = kind_output_warm_up,
};

/* --- dmi_plain -------------------------------------------------------------------------------- */

typedef struct {
    directional_last_t last;
    rolling_sum_t plus, minus, range, adx;
    double room[];
} dmi_plain_t;

static size_t plain_state_size(const double *options)
{
    return sizeof(dmi_plain_t) + (3 * ROLLING_ROOM(options[0]) + ROLLING_ROOM(options[1])) * sizeof(double);
}

static void plain_init(void *state, const double *options)
{
    dmi_plain_t *dmi = state;
    const uint32_t period = (uint32_t)options[0];
    dmi->last = (directional_last_t){NAN, NAN, NAN};
    rolling_sum_init(&dmi->plus, period, dmi->room);
    rolling_sum_init(&dmi->minus, period, dmi->room + ROLLING_ROOM(period));
    rolling_sum_init(&dmi->range, period, dmi->room + 2 * ROLLING_ROOM(period));
    rolling_mean_init(&dmi->adx, (uint32_t)options[1], dmi->room + 3 * ROLLING_ROOM(period));
}

static void plain_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    dmi_plain_t *dmi = state;
    directional_step_t step;
    outputs[0] = outputs[1] = outputs[2] = NAN;
    if (!directional_step(&dmi->last, bar, NOISE, &step)) {
        return;
    }
    const double plus = rolling_sum_next(&dmi->plus, step.plus);
    const double minus = rolling_sum_next(&dmi->minus, step.minus);
    const double range = rolling_sum_next(&dmi->range, step.range);
    if (rolling_sum_is_warm(&dmi->range)) {
        outputs[2] = rolling_sum_next(&dmi->adx, write_indicators(plus, minus, range, outputs)) * 100.0;
    }
}

INDICATOR_SERIES(plain_series, dmi_plain_t, plain_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 3)

const indicator_kind_t indicator_dmi_plain = {
    .name = "dmi_plain",
    .title = "directional movement index of plain means",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}, {"smoothing", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"plus", "minus", "adx"},
    .convention = "plain means instead of Wilder's smoothing: neither TA-Lib's (adx) nor TradingView's (dmi)",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 4, with plain means",
    .warm_up = kind_warm_up,
    .state_size = plain_state_size,
    .init = plain_init,
    .next = plain_next,
    .series = plain_series,
    .output_warm_up = kind_output_warm_up,
};

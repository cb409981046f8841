/* alma.c: averages with weights of a fixed shape; see alma.h. */
#include "core/indicator/alma.h"

#include "core/base/fmath.h"
#include "core/indicator/indicator.h"

/* --- alma ------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t period, seen, at;
    double norm;
    double room[]; /* weights, oldest first; then the window twice, so that it can be read without a seam */
} alma_t;

static uint32_t alma_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t alma_state_size(const double *options)
{
    return sizeof(alma_t) + 3 * (size_t)options[0] * sizeof(double);
}

static void alma_init(void *state, const double *options)
{
    alma_t *alma = state;
    const double last = options[0] - 1.0;
    const double middle = options[3] != 0.0 ? (double)(uint32_t)(options[1] * last) : options[1] * last;
    const double width = options[0] / options[2];
    *alma = (alma_t){.period = (uint32_t)options[0]};
    for (uint32_t i = 0; i < alma->period; i++) {
        const double distance = (double)i - middle;
        alma->room[i] = fmath_exp(-(distance * distance) / (2.0 * width * width));
        alma->norm += alma->room[i];
    }
}

static void alma_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    alma_t *alma = state;
    const uint32_t period = alma->period;
    double *window = alma->room + period;
    window[alma->at] = window[alma->at + period] = bar->close;
    alma->at = alma->at + 1 == period ? 0 : alma->at + 1;
    alma->seen += alma->seen < period ? 1 : 0;
    if (alma->seen < period) {
        outputs[0] = NAN;
        return;
    }
    const double *oldest = window + alma->at;
    double sums[2] = {0.0};
    for (uint32_t i = 0; i < period; i++) {
        sums[i % 2] += alma->room[i] * oldest[i];
    }
    outputs[0] = (sums[0] + sums[1]) / alma->norm;
}

/* A bell so narrow, or so far from the window, that all weights vanish is refused. */
static result_t alma_check(const double *options)
{
    const double last = options[0] - 1.0, width = options[0] / options[2];
    const double middle = options[3] != 0.0 ? (double)(uint32_t)(options[1] * last) : options[1] * last;
    const double nearest = middle - (double)(uint32_t)(middle + 0.5);
    return nearest * nearest / (2.0 * width * width) < 600.0 ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

const indicator_kind_t indicator_alma = {
    .name = "alma",
    .title = "Arnaud Legoux moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 4,
    .options = {{"period", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX},
                {"offset", OPTION_REAL, 0.85, 0, 1},
                {"sigma", OPTION_REAL, 6, 0.1, 1000},
                {"floor", OPTION_WHOLE, 0, 0, 1}},
    .output_count = 1,
    .outputs = {"alma"},
    .convention = "TradingView ta.alma; floor 1 rounds the middle of the bell down to a bar. O(period) a bar. Not in TA-Lib",
    .source = "A. Legoux, D. Kouzis-Loukas (2009): weights exp(-(i - offset x (period - 1))^2 / (2 (period / sigma)^2))",
    .check = alma_check,
    .warm_up = alma_warm_up,
    .state_size = alma_state_size,
    .init = alma_init,
    .next = alma_next,
};

/* --- swma ------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t seen;
    double last[3]; /* newest first */
} swma_t;

static uint32_t swma_warm_up(const double *options)
{
    (void)options;
    return 3;
}

static size_t swma_state_size(const double *options)
{
    (void)options;
    return sizeof(swma_t);
}

static void swma_init(void *state, const double *options)
{
    (void)options;
    *(swma_t *)state = (swma_t){0};
}

static void swma_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    swma_t *swma = state;
    const double *last = swma->last;
    outputs[0] = swma->seen < 3 ? NAN : (bar->close + 2.0 * last[0] + 2.0 * last[1] + last[2]) / 6.0;
    swma->seen += swma->seen < 3 ? 1 : 0;
    *swma = (swma_t){swma->seen, {bar->close, last[0], last[1]}};
}

const indicator_kind_t indicator_swma = {
    .name = "swma",
    .title = "symmetrically weighted moving average",
    .inputs = INDICATOR_CLOSE,
    .output_count = 1,
    .outputs = {"swma"},
    .convention = "TradingView ta.swma. Not in TA-Lib",
    .source = "weights 1, 2, 2, 1 over the last four closes",
    .warm_up = swma_warm_up,
    .state_size = swma_state_size,
    .init = swma_init,
    .next = swma_next,
};

/* sma.c: simple moving average over a window that the caller owns; see sma.h. */
#include "core/indicator/sma.h"

#include "core/base/assert.h"
#include "core/indicator/series.h"

void sma_init(sma_t *sma, uint32_t period, double *window)
{
    ASSERT(sma != NULL && window != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    *sma = (sma_t){.period = period, .window = window};
}

/* What the additions and subtractions of a turn may have left behind goes; costs O(1) a bar on average. */
static void sum_anew(sma_t *sma)
{
    sma->sum = (exact_sum_t){0.0, 0.0};
    for (uint32_t i = 0; i < sma->period; i++) {
        sma->sum = exact_add_double(sma->sum, sma->window[i]);
    }
}

double sma_next(sma_t *sma, double value)
{
    ASSERT(sma->period != 0);
    ASSERT(indicator_value_is_good(value));
    if (sma->seen == sma->period) {
        sma->sum = exact_add_double(sma->sum, -sma->window[sma->next]);
    } else {
        sma->seen++;
    }
    sma->sum = exact_add_double(sma->sum, value);
    sma->window[sma->next] = value;
    sma->next++;
    if (sma->next == sma->period) {
        sma->next = 0;
        sum_anew(sma);
    }
    return sma->seen == sma->period ? sma->sum.high / (double)sma->period : NAN;
}

void sma_series(uint32_t period, const double *values, size_t bars, double *window, double *out)
{
    sma_t sma;
    sma_init(&sma, period, window);
    for (size_t i = 0; i < bars; i++) {
        out[i] = sma_next(&sma, values[i]);
    }
}

/* The state in the registry's form: the window stands behind the struct. */
typedef struct {
    sma_t sma;
    double window[];
} sma_state_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(sma_state_t) + (size_t)options[0] * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    sma_state_t *whole = state;
    sma_init(&whole->sma, (uint32_t)options[0], whole->window);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    sma_state_t *whole = state;
    outputs[0] = sma_next(&whole->sma, bar->close);
}

INDICATOR_SERIES(whole_series, sma_state_t, kind_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_sma = {
    .name = "sma",
    .title = "simple moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"sma"},
    .convention = "TA-Lib SMA; the running sum is exact, so it does not drift",
    .source = "arithmetic mean of the last period closes",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = whole_series,
};

/* macd.c: moving average convergence/divergence; see macd.h. */
#include "core/indicator/macd.h"

#include "core/base/assert.h"
#include "core/indicator/series.h"

void macd_init(macd_t *macd, uint32_t fast, uint32_t slow, uint32_t signal)
{
    ASSERT(macd != NULL);
    ASSERT(fast < slow);
    *macd = (macd_t){.skip = slow - fast};
    ema_init(&macd->fast, fast);
    ema_init(&macd->slow, slow);
    ema_init(&macd->signal, signal);
}

macd_value_t macd_next(macd_t *macd, double close)
{
    const macd_value_t none = {NAN, NAN, NAN};
    if (macd->signal.seen == macd->signal.period) {
        const double line = ema_lean_step(&macd->fast, close) - ema_lean_step(&macd->slow, close);
        const double average = ema_lean_step(&macd->signal, line);
        return (macd_value_t){line, average, line - average};
    }
    double slow = ema_next(&macd->slow, close);
    if (macd->skip > 0) {
        macd->skip--; /* so that both seed windows end on the same bar */
        return none;
    }
    double fast = ema_next(&macd->fast, close);
    if (isnan(slow)) {
        return none;
    }
    double difference = fast - slow;
    double signal = ema_next(&macd->signal, difference);
    if (isnan(signal)) {
        return none;
    }
    return (macd_value_t){difference, signal, difference - signal};
}

void macd_series(uint32_t fast, uint32_t slow, uint32_t signal, const double *close, size_t bars, double *out_macd,
                 double *out_signal, double *out_histogram)
{
    macd_t macd;
    macd_init(&macd, fast, slow, signal);
    for (size_t i = 0; i < bars; i++) {
        macd_value_t value = macd_next(&macd, close[i]);
        out_macd[i] = value.macd;
        out_signal[i] = value.signal;
        out_histogram[i] = value.histogram;
    }
}

static result_t kind_check(const double *options)
{
    return options[0] < options[1] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[1] + (uint32_t)options[2] - 2;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(macd_t);
}

static void kind_init(void *state, const double *options)
{
    macd_init(state, (uint32_t)options[0], (uint32_t)options[1], (uint32_t)options[2]);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    macd_value_t value = macd_next(state, bar->close);
    outputs[0] = value.macd;
    outputs[1] = value.signal;
    outputs[2] = value.histogram;
}

INDICATOR_SERIES(whole_series, macd_t, kind_next, INDICATOR_CLOSE, 3)

const indicator_kind_t indicator_macd = {
    .name = "macd",
    .title = "moving average convergence/divergence",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"fast", OPTION_WHOLE, 12, 1, INDICATOR_PERIOD_MAX},
                {"slow", OPTION_WHOLE, 26, 2, INDICATOR_PERIOD_MAX},
                {"signal", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"macd", "signal", "histogram"},
    .convention = "TA-Lib MACD: both averages are seeded by windows that end on the same bar; all three outputs begin together. "
                  "fast >= slow is refused (TA-Lib swaps them)",
    .source = "G. Appel (1979): EMA(fast) - EMA(slow), EMA(signal) of it, and their difference",
    .check = kind_check,
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = whole_series,
    .series_bears_all = true,
};

/* kama.c: Kaufman's adaptive moving average; see kama.h. */
#include "core/indicator/kama.h"

#include "core/indicator/rolling.h"

typedef struct {
    lag_t lag;
    rolling_sum_t path;
    double close_last, value;
    double fast, slow; /* smoothing factors */
    double room[];
} kama_t;

static result_t kind_check(const double *options)
{
    return options[1] < options[2] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    return sizeof(kama_t) + (ROLLING_ROOM(options[0]) + (size_t)options[0]) * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    kama_t *kama = state;
    const uint32_t period = (uint32_t)options[0];
    rolling_sum_init(&kama->path, period, kama->room);
    lag_init(&kama->lag, period, kama->room + ROLLING_ROOM(period));
    kama->close_last = NAN;
    kama->fast = 2.0 / (options[1] + 1.0);
    kama->slow = 2.0 / (options[2] + 1.0);
}

static inline double value_of(const kama_t *kama, double close, double then, double path, double last)
{
    const double way = fabs(close - then), share = way / path;
    const double efficiency = way >= path ? 1.0 : share; /* no path at all counts as straight, as in TA-Lib */
    const double factor = efficiency * (kama->fast - kama->slow) + kama->slow, weight = factor * factor;
    return weight * close + (1.0 - weight) * last; /* in this form a bar waits least for the one before */
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    kama_t *kama = state;
    const double close = bar->close, last = kama->close_last;
    const double then = lag_next(&kama->lag, close);
    const double path = isnan(last) ? 0.0 : rolling_sum_next(&kama->path, fabs(close - last));
    kama->close_last = close;
    outputs[0] = NAN;
    if (isnan(then)) {
        kama->value = close; /* the average starts from the close before its first value */
        return;
    }
    outputs[0] = kama->value = value_of(kama, close, then, path, kama->value);
}

static void kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    const kama_t local = *(kama_t *)state;
    kama_t *kama = state;
    const double *close = columns->close + from, *then = close - local.path.period;
    double changes[INDICATOR_CHUNK], paths[INDICATOR_CHUNK], value = local.value, last = columns->close[from - 1];
    double *restrict out = outputs[0] + from;
    for (size_t i = 0; i < to - from; i++) {
        changes[i] = fabs(close[i] - last);
        last = close[i];
    }
    rolling_sum_run(&kama->path, changes, to - from, paths);
    for (size_t i = 0; i < to - from; i++) {
        /* The run has written all of them; its blocks are beyond the analyzer. */
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
        out[i] = value = value_of(&local, close[i], then[i], paths[i], value);
    }
    kama->value = value;
}

const indicator_kind_t indicator_kama = {
    .name = "kama",
    .title = "Kaufman's adaptive moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 30, 2, INDICATOR_PERIOD_MAX},
                {"fast", OPTION_WHOLE, 2, 1, INDICATOR_PERIOD_MAX},
                {"slow", OPTION_WHOLE, 30, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"kama"},
    .convention = "TA-Lib KAMA (which has fast 2 and slow 30 built in). Tulip begins one bar earlier, with the close itself",
    .source = "P. Kaufman, Smarter Trading (1995)",
    .check = kind_check,
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
};

/* kama.c: Kaufman's adaptive moving average; see kama.h. */
#include "core/indicator/kama.h"

#include "core/indicator/rolling.h"

typedef struct {
    lag_t lag;
    rolling_sum_t path;
    double close_last, fast, slow; /* smoothing factors */
    double values[2];              /* the last two, the older one first */
    double rest, gain;             /* the last value is rest x the one before + gain */
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

/* What the new close weighs. */
static inline double weight_of(double fast, double slow, double close, double then, double path)
{
    const double way = fabs(close - then), share = way / path;
    const double efficiency = way >= path ? 1.0 : share; /* no path at all counts as straight, as in TA-Lib */
    const double factor = efficiency * (fast - slow) + slow;
    return factor * factor;
}

/* A step is value = rest x the value before + gain; taken over two bars, as in smooth.h, a bar waits for the one before the last.
 */
static double step(kama_t *kama, double weight, double close)
{
    const double rest = 1.0 - weight, gain = weight * close;
    const double value = (rest * kama->rest) * kama->values[0] + (rest * kama->gain + gain);
    kama->rest = rest;
    kama->gain = gain;
    kama->values[0] = kama->values[1];
    kama->values[1] = value;
    return value;
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    kama_t *kama = state;
    const double close = bar->close, last = kama->close_last;
    const double then = lag_next(&kama->lag, close);
    const double path = isnan(last) ? 0.0 : rolling_sum_next(&kama->path, fabs(close - last));
    kama->close_last = close;
    if (isnan(then)) { /* the average starts from the close before its first value */
        kama->rest = kama->values[0] = 0.0;
        kama->gain = kama->values[1] = close;
        outputs[0] = NAN;
        return;
    }
    outputs[0] = step(kama, weight_of(kama->fast, kama->slow, close, then, path), close);
}

INDICATOR_WIDE static void find_changes(const double *close, size_t count, double *restrict changes)
{
    const double *last = close - 1;
    for (size_t i = 0; i < count; i++) {
        changes[i] = fabs(close[i] - last[i]);
    }
}

/* What each step of two bars multiplies with and adds. */
INDICATOR_WIDE static void find_steps(kama_t *kama, const double *close, const double *paths, size_t count, double *restrict rests,
                                      double *restrict gains)
{
    const double *then = close - kama->path.period, fast = kama->fast, slow = kama->slow;
    double rest[INDICATOR_CHUNK + 1], gain[INDICATOR_CHUNK + 1];
    rest[0] = kama->rest;
    gain[0] = kama->gain;
    for (size_t i = 0; i < count; i++) {
        const double weight = weight_of(fast, slow, close[i], then[i], paths[i]);
        rest[i + 1] = 1.0 - weight;
        gain[i + 1] = weight * close[i];
    }
    for (size_t i = 0; i < count; i++) {
        rests[i] = rest[i + 1] * rest[i];
        gains[i] = rest[i + 1] * gain[i] + gain[i + 1];
    }
    kama->rest = rest[count];
    kama->gain = gain[count];
}

INDICATOR_WIDE static void find_paths(rolling_sum_t *path, const double *changes, size_t count, double *restrict paths)
{
    rolling_sum_run(path, changes, count, paths);
}

static void kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    kama_t *kama = state;
    const double *close = columns->close + from;
    const size_t count = to - from;
    enum { TURN = 40 }; /* bars; the recursion waits for itself, and the steps of the next bars are made meanwhile */
    double changes[INDICATOR_CHUNK], paths[INDICATOR_CHUNK], rests[TURN], gains[TURN];
    double before = kama->values[0], value = kama->values[1], *restrict out = outputs[0] + from;
    find_changes(close, count, changes);
    find_paths(&kama->path, changes, count, paths);
    for (size_t at = 0; at < count; at += TURN) {
        const size_t steps = count - at < TURN ? count - at : TURN;
        find_steps(kama, close + at, paths + at, steps, rests, gains);
        for (size_t i = 0; i < steps; i++) {
            /* find_steps has written all of them, beyond the analyzer. */
            /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
            const double now = rests[i] * before + gains[i];
            before = value;
            out[at + i] = value = now;
        }
    }
    kama->values[0] = before;
    kama->values[1] = value;
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
    .series_bears_all = true,
};

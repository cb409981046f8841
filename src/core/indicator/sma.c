/* sma.c: simple moving average over a window that the caller owns; see sma.h. */
#include "core/indicator/sma.h"

#include "core/base/assert.h"

void sma_init(sma_t *sma, uint32_t period, double *window)
{
    ASSERT(sma != NULL && window != NULL);
    ASSERT(period >= 1 && period <= INDICATOR_PERIOD_MAX);
    *sma = (sma_t){.last = NAN};
    rolling_mean_init(&sma->sum, period, window);
}

/* Value number `number` equals the one before it: the window's mean, which is the value itself where all of the window is one.
 * Apart, so that other values find a straight way; nothing is written down of them. */
__attribute__((noinline, cold)) static double mean_of_equals(sma_t *sma, uint64_t number, double value, double mean)
{
    return equal_run_next(&sma->same, number, sma->sum.period) == sma->sum.period ? value : mean;
}

static inline double step(sma_t *sma, double value)
{
    const double before = sma->last;
    sma->last = value;
    const double mean = rolling_sum_next(&sma->sum, value);
    return __builtin_expect(value == before, 0) ? mean_of_equals(sma, rolling_sum_count(&sma->sum), value, mean) : mean;
}

double sma_next(sma_t *sma, double value)
{
    ASSERT(sma->sum.period != 0);
    ASSERT(indicator_value_is_good(value));
    return step(sma, value);
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
    outputs[0] = step(&whole->sma, bar->close);
}

/* How many of the last values are equal, at most a period of them. */
static uint32_t same_before(const double *end, uint32_t period)
{
    uint32_t same = 1;
    while (same < period && end[-1 - (ptrdiff_t)same] == end[-1]) {
        same++;
    }
    return same;
}

INDICATOR_WIDE static void kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    sma_t *sma = &((sma_state_t *)state)->sma;
    const double *close = columns->close + from;
    double *restrict out = outputs[0] + from;
    const size_t count = to - from, apart = sma->sum.period > 2 ? sma->sum.period - 1 : 1;
    const uint64_t number = rolling_sum_count(&sma->sum) + 1;
    rolling_sum_run(&sma->sum, close, count, out);
    bool may_be_flat = false; /* a flat window has equal neighbours everywhere: one pair in each is enough to see it */
    for (size_t i = 0; i < count; i += apart) {
        may_be_flat = may_be_flat || close[i] == close[(ptrdiff_t)i - 1];
    }
    for (size_t i = 0; may_be_flat && i < count; i++) {
        out[i] = close[i] == close[(ptrdiff_t)i - 1] ? mean_of_equals(sma, number + i, close[i], out[i]) : out[i];
    }
    sma->last = close[count - 1];
    if (!may_be_flat) {
        sma->same = (equal_run_t){number + count - 1, same_before(columns->close + to, sma->sum.period)};
    }
}

const indicator_kind_t indicator_sma = {
    .name = "sma",
    .title = "simple moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"sma"},
    .convention = "TA-Lib SMA; the sum does not drift, and a flat window gives exactly its value",
    .source = "arithmetic mean of the last period closes",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
    .series_bears_all = true,
    .blocks_of = 1,
};

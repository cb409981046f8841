/* oscillator.c: differences of averages and oscillators of several windows; see oscillator.h. */
#include "core/indicator/oscillator.h"

#include "core/indicator/ema.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

static double true_range(const indicator_bar_t *bar, double close_last)
{
    const double top = rolling_larger(bar->high, close_last), bottom = rolling_smaller(bar->low, close_last);
    return top - bottom;
}

/* --- apo and ppo ------------------------------------------------------------------------------ */

typedef struct {
    bool is_exponential;
    ema_t fast_ema, slow_ema;
    rolling_sum_t fast, slow;
    double room[];
} pair_t;

static result_t pair_check(const double *options)
{
    return options[0] < options[1] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t pair_warm_up(const double *options)
{
    return (uint32_t)options[1] - 1;
}

static size_t pair_state_size(const double *options)
{
    return sizeof(pair_t) + (ROLLING_ROOM(options[0]) + ROLLING_ROOM(options[1])) * sizeof(double);
}

static void pair_init(void *state, const double *options)
{
    pair_t *pair = state;
    const uint32_t fast = (uint32_t)options[0], slow = (uint32_t)options[1];
    pair->is_exponential = options[2] != 0.0;
    ema_init(&pair->fast_ema, fast);
    ema_init(&pair->slow_ema, slow);
    rolling_mean_init(&pair->fast, fast, pair->room);
    rolling_mean_init(&pair->slow, slow, pair->room + ROLLING_ROOM(fast));
}

static void pair_next(pair_t *pair, double close, double *fast, double *slow)
{
    if (pair->is_exponential) {
        *fast = ema_next(&pair->fast_ema, close);
        *slow = ema_next(&pair->slow_ema, close);
    } else {
        *fast = rolling_sum_next(&pair->fast, close);
        *slow = rolling_sum_next(&pair->slow, close);
    }
}

static inline double apo_of(double fast, double slow)
{
    return fast - slow;
}

static inline double ppo_of(double fast, double slow)
{
    const double percent = (fast - slow) / slow * 100.0;
    return slow != 0.0 ? percent : 0.0;
}

/* `of` both averages of `count` values at once, once warm. */
static inline void pair_series(pair_t *pair, const double *values, size_t count, double (*of)(double, double), double *restrict out)
{
    double fast[INDICATOR_CHUNK], slow[INDICATOR_CHUNK];
    if (pair->is_exponential) {
        for (size_t i = 0; i < count; i++) {
            const double fast_now = ema_step(&pair->fast_ema, values[i]);
            out[i] = of(fast_now, ema_step(&pair->slow_ema, values[i]));
        }
        return;
    }
    rolling_sum_run(&pair->fast, values, count, fast);
    rolling_sum_run(&pair->slow, values, count, slow);
    for (size_t i = 0; i < count; i++) {
        /* The run has written all of them; its blocks are beyond the analyzer. */
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
        out[i] = of(fast[i], slow[i]);
    }
}

static void apo_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double fast, slow;
    pair_next(state, bar->close, &fast, &slow);
    outputs[0] = fast - slow;
}

static void ppo_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double fast, slow;
    pair_next(state, bar->close, &fast, &slow);
    outputs[0] = ppo_of(fast, slow);
}

INDICATOR_WIDE static void apo_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    pair_series(state, columns->close + from, to - from, apo_of, outputs[0] + from);
}

const indicator_kind_t indicator_apo = {
    .name = "apo",
    .title = "absolute price oscillator",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"fast", OPTION_WHOLE, 12, 1, INDICATOR_PERIOD_MAX},
                {"slow", OPTION_WHOLE, 26, 2, INDICATOR_PERIOD_MAX},
                {"exponential", OPTION_WHOLE, 0, 0, 1}},
    .output_count = 1,
    .outputs = {"apo"},
    .convention = "TA-Lib APO: simple averages, or with exponential 1 its MA_Type.EMA, each seeded by the first bars. fast >= slow "
                  "is refused (TA-Lib swaps them). Tulip's "
                  "apo is exponential and seeded with the first close",
    .source = "average(fast) - average(slow)",
    .check = pair_check,
    .warm_up = pair_warm_up,
    .state_size = pair_state_size,
    .init = pair_init,
    .next = apo_next,
    .series = apo_series,
    .series_bears_all = true,
    .blocks_of = 2,
};

INDICATOR_WIDE static void ppo_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                      double *const *outputs)
{
    pair_series(state, columns->close + from, to - from, ppo_of, outputs[0] + from);
}

const indicator_kind_t indicator_ppo = {
    .name = "ppo",
    .title = "percentage price oscillator",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"fast", OPTION_WHOLE, 12, 1, INDICATOR_PERIOD_MAX},
                {"slow", OPTION_WHOLE, 26, 2, INDICATOR_PERIOD_MAX},
                {"exponential", OPTION_WHOLE, 0, 0, 1}},
    .output_count = 1,
    .outputs = {"ppo"},
    .convention = "TA-Lib PPO: simple averages, or with exponential 1 its MA_Type.EMA (the published form), each seeded by the "
                  "first bars. fast >= slow is refused (TA-Lib "
                  "swaps them). Tulip's ppo is exponential and seeded with the first close",
    .source = "(average(fast) - average(slow)) / average(slow) x 100",
    .check = pair_check,
    .warm_up = pair_warm_up,
    .state_size = pair_state_size,
    .init = pair_init,
    .next = ppo_next,
    .series = ppo_series,
    .series_bears_all = true,
    .blocks_of = 2,
};

/* --- ao --------------------------------------------------------------------------------------- */

static void ao_init(void *state, const double *options)
{
    const double simple[] = {options[0], options[1], 0.0};
    pair_init(state, simple);
}

static void ao_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    double fast, slow;
    pair_next(state, (bar->high + bar->low) / 2.0, &fast, &slow);
    outputs[0] = fast - slow;
}

INDICATOR_WIDE static void ao_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                     double *const *outputs)
{
    const double *high = columns->high + from, *low = columns->low + from;
    double middles[INDICATOR_CHUNK] = {0.0};
    for (size_t i = 0; i < to - from; i++) {
        middles[i] = (high[i] + low[i]) / 2.0;
    }
    pair_series(state, middles, to - from, apo_of, outputs[0] + from);
}

const indicator_kind_t indicator_ao = {
    .name = "ao",
    .title = "awesome oscillator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 2,
    .options = {{"fast", OPTION_WHOLE, 5, 1, INDICATOR_PERIOD_MAX}, {"slow", OPTION_WHOLE, 34, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"ao"},
    .convention = "as TradingView's Awesome Oscillator and Tulip's ao. Not in TA-Lib",
    .source = "B. Williams, New Trading Dimensions (1998): mean(5) - mean(34) of (high + low) / 2",
    .check = pair_check,
    .warm_up = pair_warm_up,
    .state_size = pair_state_size,
    .init = ao_init,
    .next = ao_next,
    .series = ao_series,
    .series_bears_all = true,
    .blocks_of = 2,
};

/* --- ultosc ----------------------------------------------------------------------------------- */

enum { WINDOWS = 3 };

typedef struct {
    double close_last;
    rolling_twin_t sums[WINDOWS]; /* of buying pressure and of true range */
    double room[];
} ultosc_t;

static result_t ultosc_check(const double *options)
{
    return options[0] <= options[1] && options[1] <= options[2] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t ultosc_warm_up(const double *options)
{
    return (uint32_t)options[2];
}

static size_t ultosc_state_size(const double *options)
{
    size_t doubles = 0;
    for (int i = 0; i < WINDOWS; i++) {
        doubles += ROLLING_TWIN_ROOM(options[i]);
    }
    return sizeof(ultosc_t) + doubles * sizeof(double);
}

static void ultosc_init(void *state, const double *options)
{
    ultosc_t *osc = state;
    double *room = osc->room;
    osc->close_last = NAN;
    for (int i = 0; i < WINDOWS; i++) {
        rolling_twin_init(&osc->sums[i], (uint32_t)options[i], (twin_t *)room);
        room += ROLLING_TWIN_ROOM(options[i]);
    }
}

static inline double share_of(double pressures, double ranges)
{
    const double share = pressures / ranges;
    return ranges != 0.0 ? share : 0.0;
}

/* 4, 2 and 1 parts of what the windows give, of 7. */
static inline double ultosc_apart(twin_t first, twin_t second, twin_t third)
{
    const double sum = 4.0 * share_of(first[0], first[1]) + 2.0 * share_of(second[0], second[1]) + share_of(third[0], third[1]);
    return sum * (100.0 / 7.0);
}

/* On one denominator: a division takes longer than all the rest. Where it is too small or too large they stand apart. */
static inline bool fits_one(double all)
{
    return all > 1e-280 && all < 1e280;
}

static inline double ultosc_joined(double p0, double r0, double p1, double r1, double p2, double r2)
{
    const double r01 = r0 * r1;
    return ((4.0 * p0 * r1 + 2.0 * p1 * r0) * r2 + p2 * r01) / (r01 * r2) * (100.0 / 7.0);
}

static inline double ultosc_of(twin_t first, twin_t second, twin_t third)
{
    const double joined = ultosc_joined(first[0], first[1], second[0], second[1], third[0], third[1]);
    return fits_one(first[1] * second[1] * third[1]) ? joined : ultosc_apart(first, second, third);
}

static void ultosc_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    ultosc_t *osc = state;
    const double close_last = osc->close_last;
    osc->close_last = bar->close;
    outputs[0] = NAN;
    if (isnan(close_last)) {
        return; /* the first bar */
    }
    const double pressure = bar->close - rolling_smaller(bar->low, close_last);
    const twin_t step = {pressure, true_range(bar, close_last)};
    const twin_t first = rolling_twin_next(&osc->sums[0], step), second = rolling_twin_next(&osc->sums[1], step);
    const twin_t third = rolling_twin_next(&osc->sums[2], step);
    if (rolling_twin_is_warm(&osc->sums[2])) {
        outputs[0] = ultosc_of(first, second, third);
    }
}

INDICATOR_WIDE static void ultosc_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                         double *const *outputs)
{
    ultosc_t *osc = state;
    const double *high = columns->high + from, *low = columns->low + from, *close = columns->close + from, *last = close - 1;
    const size_t count = to - from;
    twin_t steps[INDICATOR_CHUNK], sums[WINDOWS][INDICATOR_CHUNK];
    double *restrict out = outputs[0] + from, *const parts = (double *)steps;
    for (size_t i = 0; i < count; i++) {
        const double bottom = rolling_smaller(low[i], last[i]);
        parts[2 * i] = close[i] - bottom;
        parts[2 * i + 1] = rolling_larger(high[i], last[i]) - bottom;
    }
    for (int k = 0; k < WINDOWS; k++) {
        rolling_twin_run(&osc->sums[k], steps, count, sums[k]);
    }
    osc->close_last = close[count - 1];
    const double *const first = twin_column(sums[0]), *const second = twin_column(sums[1]), *const third = twin_column(sums[2]);
    uint64_t apart = 0; /* counted without a branch */
    for (size_t i = 0; i < count; i++) {
        const size_t p = 2 * i, r = p + 1;
        out[i] = ultosc_joined(first[p], first[r], second[p], second[r], third[p], third[r]);
        apart += fits_one(first[r] * second[r] * third[r]) ? 0 : 1;
    }
    for (size_t i = 0; apart > 0 && i < count; i++) {
        out[i] = ultosc_of(sums[0][i], sums[1][i], sums[2][i]);
    }
}

const indicator_kind_t indicator_ultosc = {
    .name = "ultosc",
    .title = "ultimate oscillator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"short", OPTION_WHOLE, 7, 1, INDICATOR_PERIOD_MAX},
                {"medium", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX},
                {"long", OPTION_WHOLE, 28, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"ultosc"},
    .convention =
        "TA-Lib ULTOSC; a window without range adds nothing, as there. Periods that do not ascend are refused (TA-Lib sorts them)",
    .source = "L. Williams, The Ultimate Oscillator, Stocks & Commodities 3:4 (1985)",
    .check = ultosc_check,
    .warm_up = ultosc_warm_up,
    .state_size = ultosc_state_size,
    .init = ultosc_init,
    .next = ultosc_next,
    .series = ultosc_series,
    .series_bears_all = true,
    .blocks_of = 3,
    .blocks_begin = 1,
};

/* --- vortex ----------------------------------------------------------------------------------- */

typedef struct {
    double high_last, low_last, close_last;
    rolling_sum_t rising, falling, range;
    double room[];
} vortex_t;

static uint32_t vortex_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t vortex_state_size(const double *options)
{
    return sizeof(vortex_t) + 3 * ROLLING_ROOM(options[0]) * sizeof(double);
}

static void vortex_init(void *state, const double *options)
{
    vortex_t *vortex = state;
    const uint32_t period = (uint32_t)options[0];
    vortex->close_last = NAN;
    rolling_sum_init(&vortex->rising, period, vortex->room);
    rolling_sum_init(&vortex->falling, period, vortex->room + ROLLING_ROOM(period));
    rolling_sum_init(&vortex->range, period, vortex->room + 2 * ROLLING_ROOM(period));
}

static void vortex_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    vortex_t *vortex = state;
    const double high_last = vortex->high_last, low_last = vortex->low_last, close_last = vortex->close_last;
    vortex->high_last = bar->high;
    vortex->low_last = bar->low;
    vortex->close_last = bar->close;
    outputs[0] = outputs[1] = NAN;
    if (isnan(close_last)) {
        return; /* the first bar */
    }
    const double rising = rolling_sum_next(&vortex->rising, fabs(bar->high - low_last));
    const double falling = rolling_sum_next(&vortex->falling, fabs(bar->low - high_last));
    const double range = rolling_sum_next(&vortex->range, true_range(bar, close_last));
    if (rolling_sum_is_warm(&vortex->range)) {
        outputs[0] = range != 0.0 ? rising / range : 0.0;
        outputs[1] = range != 0.0 ? falling / range : 0.0;
    }
}

INDICATOR_SERIES(vortex_series, vortex_t, vortex_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 2)

const indicator_kind_t indicator_vortex = {
    .name = "vortex",
    .title = "vortex indicator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"plus", "minus"},
    .convention = "as TradingView's Vortex Indicator; a window without range gives 0. Not in TA-Lib",
    .source = "E. Botes, D. Siepman, The Vortex Indicator, Stocks & Commodities 28:1 (2010)",
    .warm_up = vortex_warm_up,
    .state_size = vortex_state_size,
    .init = vortex_init,
    .next = vortex_next,
    .series = vortex_series,
};

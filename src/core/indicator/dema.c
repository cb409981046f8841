/* dema.c: exponential averages of exponential averages; see dema.h. */
#include "core/indicator/dema.h"

#include <stdbool.h>
#include <string.h>

#include "core/indicator/smooth.h"

enum { STAGES_MAX = 6 };

/* The stages of a chain: each reads the one before. */
typedef struct {
    smooth_t stages[STAGES_MAX];
    double values[STAGES_MAX];
} chain_t;

static void chain_init(chain_t *chain, uint32_t count, double period)
{
    const double factor = 2.0 / (period + 1.0);
    *chain = (chain_t){0};
    for (uint32_t i = 0; i < count; i++) {
        smooth_init(&chain->stages[i], (uint32_t)period, factor, 1.0 - factor);
    }
}

/* True when the last stage is warm: then values[0..count) are those of this bar. */
static bool chain_next(chain_t *chain, uint32_t count, double value)
{
    for (uint32_t i = 0; i < count; i++) {
        value = smooth_next(&chain->stages[i], value);
        chain->values[i] = value;
        if (isnan(value)) {
            return false;
        }
    }
    return true;
}

/* Of the averages of a bar, or of two neighbouring ones. */
#define DEMA_OF(one, two)        (2.0 * (one) - (two))
#define TEMA_OF(one, two, three) (3.0 * (one)-3.0 * (two) + (three))

typedef twin_t (*chain_of_t)(twin_t one, twin_t two, twin_t three, twin_t last);

/* `bars` values at once, once warm, for 2 or 3 averages: out is `of` them and of the third of the bar before. */
__attribute__((always_inline)) static inline void chain_run(chain_t *chain, uint32_t count, const double *values, size_t bars,
                                                            chain_of_t of, double *restrict out)
{
    /* not an array: each stands in registers of its own */
    smooth_pair_t a = smooth_pair_enter(&chain->stages[0]), b = smooth_pair_enter(&chain->stages[1]);
    smooth_pair_t c = smooth_pair_enter(&chain->stages[2]);
    const size_t even = bars - bars % 2;
    b.factor = c.factor = a.factor;
    b.rest = c.rest = a.rest;
    b.rest_squared = c.rest_squared = a.rest_squared;
    for (size_t i = 0; i < even; i += 2) {
        const twin_t before = c.values, one = smooth_pair_step(&a, twin_at(values + i)), two = smooth_pair_step(&b, one);
        const twin_t three = count > 2 ? smooth_pair_step(&c, two) : two;
        *(twin_t *)(out + i) = of(one, two, three, __builtin_shufflevector(before, three, 1, 2));
    }
    if (even < bars) {
        const double last = c.values[1], one = smooth_pair_one(&a, values[even]), two = smooth_pair_one(&b, one);
        const double three = count > 2 ? smooth_pair_one(&c, two) : two;
        out[even] = of((twin_t){one, one}, (twin_t){two, two}, (twin_t){three, three}, (twin_t){last, last})[0];
    }
    smooth_pair_leave(&chain->stages[0], &a);
    smooth_pair_leave(&chain->stages[1], &b);
    smooth_pair_leave(&chain->stages[2], &c);
}

/* --- dema ------------------------------------------------------------------------------------- */

static size_t chain_state_size(const double *options)
{
    (void)options;
    return sizeof(chain_t);
}

static uint32_t dema_warm_up(const double *options)
{
    return 2 * ((uint32_t)options[0] - 1);
}

static void dema_init(void *state, const double *options)
{
    chain_init(state, 2, options[0]);
}

static inline twin_t dema_two(twin_t one, twin_t two, twin_t three, twin_t last)
{
    (void)three;
    (void)last;
    return DEMA_OF(one, two);
}

static void dema_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    chain_t *chain = state;
    outputs[0] = chain_next(chain, 2, bar->close) ? DEMA_OF(chain->values[0], chain->values[1]) : NAN;
}

INDICATOR_WIDE static void dema_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    chain_run(state, 2, columns->close + from, to - from, dema_two, outputs[0] + from);
}

const indicator_kind_t indicator_dema = {
    .name = "dema",
    .title = "double exponential moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"dema"},
    .convention = "TA-Lib DEMA: each average is seeded with a plain mean",
    .source = "P. Mulloy, Smoothing Data with Faster Moving Averages, Stocks & Commodities 12:1 (1994): 2 e1 - e2",
    .warm_up = dema_warm_up,
    .state_size = chain_state_size,
    .init = dema_init,
    .next = dema_next,
    .series = dema_series,
    .series_bears_all = true,
};

/* --- tema ------------------------------------------------------------------------------------- */

static uint32_t tema_warm_up(const double *options)
{
    return 3 * ((uint32_t)options[0] - 1);
}

static void tema_init(void *state, const double *options)
{
    chain_init(state, 3, options[0]);
}

static inline twin_t tema_two(twin_t one, twin_t two, twin_t three, twin_t last)
{
    (void)last;
    return TEMA_OF(one, two, three);
}

static void tema_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    chain_t *chain = state;
    outputs[0] = chain_next(chain, 3, bar->close) ? TEMA_OF(chain->values[0], chain->values[1], chain->values[2]) : NAN;
}

INDICATOR_WIDE static void tema_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    chain_run(state, 3, columns->close + from, to - from, tema_two, outputs[0] + from);
}

const indicator_kind_t indicator_tema = {
    .name = "tema",
    .title = "triple exponential moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"tema"},
    .convention = "TA-Lib TEMA: each average is seeded with a plain mean",
    .source = "P. Mulloy, Smoothing Data with Less Lag, Stocks & Commodities 12:2 (1994): 3 e1 - 3 e2 + e3",
    .warm_up = tema_warm_up,
    .state_size = chain_state_size,
    .init = tema_init,
    .next = tema_next,
    .series = tema_series,
    .series_bears_all = true,
};

/* --- t3 --------------------------------------------------------------------------------------- */

typedef struct {
    chain_t chain; /* until it is warm; then its values only */
    bool is_warm;
    double factor, rest;
    double weights[4]; /* of e3, e4, e5, e6 as t3_step keeps them */
} t3_t;

static uint32_t t3_warm_up(const double *options)
{
    return 6 * ((uint32_t)options[0] - 1);
}

static size_t t3_state_size(const double *options)
{
    (void)options;
    return sizeof(t3_t);
}

static void t3_init(void *state, const double *options)
{
    t3_t *t3 = state;
    const double v = options[1], square = v * v;
    chain_init(&t3->chain, 6, options[0]);
    t3->is_warm = false;
    t3->factor = 2.0 / (options[0] + 1.0);
    t3->weights[3] = -(v * square);
    t3->weights[2] = 3.0 * (square - t3->weights[3]);
    t3->weights[1] = -6.0 * square - 3.0 * (v - t3->weights[3]);
    t3->weights[0] = 1.0 + 3.0 * v - t3->weights[3] + 3.0 * square;
    t3->rest = 1.0 - t3->factor;
    double power = t3->factor * t3->factor;
    for (int i = 0; i < 4; i++) {
        power *= t3->factor;
        t3->weights[i] *= power;
    }
}

static inline double t3_of(const double *e, const double *w)
{
    return w[3] * e[5] + w[2] * e[4] + w[1] * e[3] + w[0] * e[2];
}

/* Six averages that wait for one another. The factor of each step stands in the weights, so the n-th is kept as e / factor^n. */
static inline double t3_step(double *e, double rest, const double *w, double value)
{
    for (int i = 0; i < 6; i++) {
        e[i] = value + rest * e[i];
        value = e[i];
    }
    return t3_of(e, w);
}

static void t3_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    t3_t *t3 = state;
    double *e = t3->chain.values;
    if (t3->is_warm) {
        outputs[0] = t3_step(e, t3->rest, t3->weights, bar->close);
        return;
    }
    t3->is_warm = chain_next(&t3->chain, 6, bar->close);
    double power = 1.0;
    for (int i = 0; t3->is_warm && i < 6; i++) {
        power *= t3->factor;
        e[i] /= power;
    }
    outputs[0] = t3->is_warm ? t3_of(e, t3->weights) : NAN;
}

static void t3_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    t3_t *t3 = state;
    const double *close = columns->close + from, rest = t3->rest;
    double e[6], w[4], *restrict out = outputs[0] + from;
    memcpy(e, t3->chain.values, sizeof e);
    memcpy(w, t3->weights, sizeof w);
    for (size_t i = 0; i < to - from; i++) {
        out[i] = t3_step(e, rest, w, close[i]);
    }
    memcpy(t3->chain.values, e, sizeof e);
}

const indicator_kind_t indicator_t3 = {
    .name = "t3",
    .title = "Tillson's T3 moving average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 5, 1, INDICATOR_PERIOD_MAX}, {"factor", OPTION_REAL, 0.7, 0, 1}},
    .output_count = 1,
    .outputs = {"t3"},
    .convention = "TA-Lib T3: six averages in a row, each seeded with a plain mean",
    .source = "T. Tillson, Better Moving Averages, Stocks & Commodities 16:1 (1998)",
    .warm_up = t3_warm_up,
    .state_size = t3_state_size,
    .init = t3_init,
    .next = t3_next,
    .series = t3_series,
    .series_bears_all = true,
};

/* --- trix ------------------------------------------------------------------------------------- */

typedef struct {
    chain_t chain;
    double last; /* e3 of the bar before; NAN: none */
} trix_t;

static uint32_t trix_warm_up(const double *options)
{
    return 3 * ((uint32_t)options[0] - 1) + 1;
}

static size_t trix_state_size(const double *options)
{
    (void)options;
    return sizeof(trix_t);
}

static void trix_init(void *state, const double *options)
{
    trix_t *trix = state;
    chain_init(&trix->chain, 3, options[0]);
    trix->last = NAN;
}

static inline double trix_of(const double *e, double last)
{
    const double percent = (e[2] / last - 1.0) * 100.0;
    return last != 0.0 ? percent : 0.0; /* NAN while there is no last one */
}

static void trix_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    trix_t *trix = state;
    outputs[0] = NAN;
    if (chain_next(&trix->chain, 3, bar->close)) {
        outputs[0] = trix_of(trix->chain.values, trix->last);
        trix->last = trix->chain.values[2];
    }
}

static inline twin_t trix_two(twin_t one, twin_t two, twin_t three, twin_t last)
{
    (void)one;
    (void)two;
    return twin_where(last != 0.0, (three / last - 1.0) * 100.0);
}

INDICATOR_WIDE static void trix_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    trix_t *trix = state;
    chain_run(&trix->chain, 3, columns->close + from, to - from, trix_two, outputs[0] + from);
}

const indicator_kind_t indicator_trix = {
    .name = "trix",
    .title = "rate of change of a triple exponential average",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 30, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"trix"},
    .convention = "TA-Lib TRIX, in percent. TradingView's built-in strategy uses the logarithm x 10000 instead",
    .source = "J. Hutson, Good TRIX, Stocks & Commodities 1:5 (1983)",
    .warm_up = trix_warm_up,
    .state_size = trix_state_size,
    .init = trix_init,
    .next = trix_next,
    .series = trix_series,
    .series_bears_all = true,
};

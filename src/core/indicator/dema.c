/* dema.c: exponential averages of exponential averages; see dema.h. */
#include "core/indicator/dema.h"

#include "core/indicator/series.h"

enum { STAGES_MAX = 6 };

/* The stages of a chain: each reads the one before. */
typedef struct {
    ema_t stages[STAGES_MAX];
    double values[STAGES_MAX];
} chain_t;

static void chain_init(chain_t *chain, uint32_t count, double period)
{
    for (uint32_t i = 0; i < count; i++) {
        ema_init(&chain->stages[i], (uint32_t)period);
    }
}

/* True when the last stage is warm: then values[0..count) are those of this bar. */
static inline bool chain_next(chain_t *chain, uint32_t count, double value)
{
    const ema_t *last = &chain->stages[count - 1];
    if (last->seen == last->period) { /* all of them are: nothing but the step of ema_next */
        for (uint32_t i = 0; i < count; i++) {
            ema_t *stage = &chain->stages[i];
            stage->value = (value - stage->value) * stage->factor + stage->value;
            chain->values[i] = value = stage->value;
        }
        return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        value = ema_next(&chain->stages[i], value);
        chain->values[i] = value;
        if (isnan(value)) {
            return false;
        }
    }
    return true;
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

static void dema_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    chain_t *chain = state;
    outputs[0] = chain_next(chain, 2, bar->close) ? 2.0 * chain->values[0] - chain->values[1] : NAN;
}

INDICATOR_SERIES(dema_series, chain_t, dema_next, INDICATOR_CLOSE, 1)

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

static void tema_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    chain_t *chain = state;
    const double *e = chain->values;
    outputs[0] = chain_next(chain, 3, bar->close) ? 3.0 * e[0] - 3.0 * e[1] + e[2] : NAN;
}

INDICATOR_SERIES(tema_series, chain_t, tema_next, INDICATOR_CLOSE, 1)

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
};

/* --- t3 --------------------------------------------------------------------------------------- */

typedef struct {
    chain_t chain;
    double weights[4]; /* of e3, e4, e5, e6 */
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
    t3->weights[3] = -(v * square);
    t3->weights[2] = 3.0 * (square - t3->weights[3]);
    t3->weights[1] = -6.0 * square - 3.0 * (v - t3->weights[3]);
    t3->weights[0] = 1.0 + 3.0 * v - t3->weights[3] + 3.0 * square;
}

static void t3_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    t3_t *t3 = state;
    const double *e = t3->chain.values, *w = t3->weights;
    outputs[0] = chain_next(&t3->chain, 6, bar->close) ? w[3] * e[5] + w[2] * e[4] + w[1] * e[3] + w[0] * e[2] : NAN;
}

INDICATOR_SERIES(t3_series, t3_t, t3_next, INDICATOR_CLOSE, 1)

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

static void trix_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    trix_t *trix = state;
    outputs[0] = NAN;
    if (chain_next(&trix->chain, 3, bar->close)) {
        const double now = trix->chain.values[2], last = trix->last;
        outputs[0] = isnan(last) ? NAN : last != 0.0 ? (now / last - 1.0) * 100.0 : 0.0;
        trix->last = now;
    }
}

INDICATOR_SERIES(trix_series, trix_t, trix_next, INDICATOR_CLOSE, 1)

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
};

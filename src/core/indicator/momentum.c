/* momentum.c: the close against an earlier one; see momentum.h. */
#include "core/indicator/momentum.h"

#include "core/indicator/rolling.h"

typedef struct {
    lag_t lag;
    double ring[];
} momentum_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    return sizeof(momentum_t) + (size_t)options[0] * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    momentum_t *momentum = state;
    lag_init(&momentum->lag, (uint32_t)options[0], momentum->ring);
}

/* The formulas; a `then` of NAN, there is none yet, gives NAN. A close of 0 is rare: the way past it is straight. */
static inline bool is_nothing(double then)
{
    return __builtin_expect(then == 0.0, 0);
}

static inline double mom_of(double close, double then)
{
    return close - then;
}

static inline double roc_of(double close, double then)
{
    const double change = 100.0 * (close - then) / then;
    return is_nothing(then) ? 0.0 : change;
}

static inline double rocp_of(double close, double then)
{
    const double change = (close - then) / then;
    return is_nothing(then) ? 0.0 : change;
}

static inline double rocr_of(double close, double then)
{
    const double ratio = close / then;
    return is_nothing(then) ? 0.0 : ratio;
}

static inline double rocr100_of(double close, double then)
{
    const double ratio = close / then * 100.0;
    return is_nothing(then) ? 0.0 : ratio;
}

/* Defines a formula's form of one bar, and its form of a series, which reads the earlier close where it stands. */
#define MOMENTUM(name)                                                                                                             \
    static void name##_next(void *state, const indicator_bar_t *bar, double *outputs)                                              \
    {                                                                                                                              \
        momentum_t *momentum = state;                                                                                              \
        const double close = bar->close;                                                                                           \
        outputs[0] = name##_of(close, lag_next(&momentum->lag, close));                                                            \
    }                                                                                                                              \
    INDICATOR_WIDE static void name##_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,              \
                                             double *const *outputs)                                                               \
    {                                                                                                                              \
        const size_t period = lag_period(&((momentum_t *)state)->lag);                                                             \
        const double *close = columns->close;                                                                                      \
        double *restrict out = outputs[0];                                                                                         \
        for (size_t i = from; i < to; i++) {                                                                                       \
            out[i] = name##_of(close[i], close[i - period]);                                                                       \
        }                                                                                                                          \
    }

MOMENTUM(mom)
MOMENTUM(roc)
MOMENTUM(rocp)
MOMENTUM(rocr)
MOMENTUM(rocr100)

const indicator_kind_t indicator_mom = {
    .name = "mom",
    .title = "momentum",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"mom"},
    .convention = "TA-Lib MOM, TradingView ta.mom and ta.change",
    .source = "close - close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = mom_next,
    .series = mom_series,
    .series_bears_all = true,
};

const indicator_kind_t indicator_roc = {
    .name = "roc",
    .title = "rate of change in percent",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"roc"},
    .convention = "TA-Lib ROC, TradingView ta.roc; 0 when the earlier close is 0 (TradingView: na)",
    .source = "100 x (close - close of period bars ago) / close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = roc_next,
    .series = roc_series,
    .series_bears_all = true,
};

const indicator_kind_t indicator_rocp = {
    .name = "rocp",
    .title = "rate of change as a share",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rocp"},
    .convention = "TA-Lib ROCP; 0 when the earlier close is 0. Tulip calls it roc",
    .source = "(close - close of period bars ago) / close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = rocp_next,
    .series = rocp_series,
    .series_bears_all = true,
};

const indicator_kind_t indicator_rocr = {
    .name = "rocr",
    .title = "rate of change as a ratio",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rocr"},
    .convention = "TA-Lib ROCR; 0 when the earlier close is 0",
    .source = "close / close of period bars ago",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = rocr_next,
    .series = rocr_series,
    .series_bears_all = true,
};

const indicator_kind_t indicator_rocr100 = {
    .name = "rocr100",
    .title = "rate of change as a ratio x 100",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"rocr100"},
    .convention = "TA-Lib ROCR100; 0 when the earlier close is 0",
    .source = "close / close of period bars ago x 100",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = rocr100_next,
    .series = rocr100_series,
    .series_bears_all = true,
};

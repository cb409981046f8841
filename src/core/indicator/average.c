/* average.c: see average.h. */
#include "core/indicator/average.h"

#include "core/base/assert.h"
#include "core/indicator/dema.h"
#include "core/indicator/deviation.h"
#include "core/indicator/ema.h"
#include "core/indicator/kama.h"
#include "core/indicator/mama.h"
#include "core/indicator/sma.h"
#include "core/indicator/wma.h"

static const indicator_kind_t *const kinds[AVERAGE_KINDS] = {
    &indicator_sma,   &indicator_ema,  &indicator_wma,  &indicator_dema, &indicator_tema,
    &indicator_trima, &indicator_kama, &indicator_mama, &indicator_t3,
};

#define NUMBER(word)                                                                                                               \
    {                                                                                                                              \
        word, OPTION_WHOLE, 0, 0, AVERAGE_KINDS - 1                                                                                \
    }

/* The kind with its options; NULL for a period of 1. */
static const indicator_kind_t *kind_of(double number, double period, double *options)
{
    ASSERT(number >= 0.0 && number < AVERAGE_KINDS);
    const indicator_kind_t *kind = period > 1.0 ? kinds[(uint32_t)number] : NULL;
    if (kind != NULL) {
        indicator_presets(kind, options);
        options[0] = kind == &indicator_mama ? options[0] : period;
    }
    return kind;
}

uint32_t average_warm_up(double number, double period)
{
    double options[INDICATOR_OPTIONS_MAX];
    const indicator_kind_t *kind = kind_of(number, period, options);
    return kind != NULL ? kind->warm_up(options) : 0;
}

size_t average_state_size(double number, double period)
{
    double options[INDICATOR_OPTIONS_MAX];
    const indicator_kind_t *kind = kind_of(number, period, options);
    const size_t bytes = kind != NULL ? kind->state_size(options) : 0;
    return (bytes + sizeof(double) - 1) / sizeof(double) * sizeof(double);
}

void average_init(average_t *average, double number, double period, uint32_t skip, void *state)
{
    double options[INDICATOR_OPTIONS_MAX];
    *average = (average_t){kind_of(number, period, options), state, skip};
    if (average->kind != NULL) {
        average->kind->init(state, options);
    }
}

double average_next(average_t *average, double value)
{
    double outputs[INDICATOR_OUTPUTS_MAX];
    if (average->skip > 0) {
        average->skip--;
        return NAN;
    }
    if (average->kind == NULL) {
        return value;
    }
    const indicator_bar_t bar = {.close = value};
    average->kind->next(average->state, &bar, outputs);
    return outputs[0];
}

/* --- ma --------------------------------------------------------------------------------------- */

typedef struct {
    average_t average;
    double room[];
} ma_t;

static uint32_t ma_warm_up(const double *options)
{
    return average_warm_up(options[1], options[0]);
}

static size_t ma_state_size(const double *options)
{
    return sizeof(ma_t) + average_state_size(options[1], options[0]);
}

static void ma_init(void *state, const double *options)
{
    ma_t *ma = state;
    average_init(&ma->average, options[1], options[0], 0, ma->room);
}

static void ma_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    ma_t *ma = state;
    outputs[0] = average_next(&ma->average, bar->close);
}

static void ma_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    ma_t *ma = state;
    const average_t *average = &ma->average;
    if (average->kind != NULL && average->kind->series != NULL) {
        average->kind->series(average->state, columns, from, to, outputs);
        return;
    }
    for (size_t i = from; i < to; i++) {
        outputs[0][i] = average_next(&ma->average, columns->close[i]);
    }
}

const indicator_kind_t indicator_ma = {
    .name = "ma",
    .title = "moving average of a kind that is chosen",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 30, 1, INDICATOR_PERIOD_MAX}, NUMBER("average")},
    .output_count = 1,
    .outputs = {"ma"},
    .convention = "TA-Lib MA; average by its MA_Type: 0 sma, 1 ema, 2 wma, 3 dema, 4 tema, 5 trima, 6 kama, 7 mama, 8 t3",
    .source = "those of the averages",
    .warm_up = ma_warm_up,
    .state_size = ma_state_size,
    .init = ma_init,
    .next = ma_next,
    .series = ma_series,
};

/* --- bbands ----------------------------------------------------------------------------------- */

typedef struct {
    average_t middle;
    void *deviation; /* state of indicator_stddev */
    double up, down;
    double room[];
} bbands_t;

static void deviation_options(const double *options, double *out)
{
    indicator_presets(&indicator_stddev, out);
    out[0] = options[0];
}

static uint32_t bbands_warm_up(const double *options)
{
    const uint32_t middle = average_warm_up(options[3], options[0]), deviation = (uint32_t)options[0] - 1;
    return middle > deviation ? middle : deviation;
}

static size_t bbands_state_size(const double *options)
{
    double deviation[INDICATOR_OPTIONS_MAX];
    deviation_options(options, deviation);
    return sizeof(bbands_t) + average_state_size(options[3], options[0]) + indicator_stddev.state_size(deviation);
}

static void bbands_init(void *state, const double *options)
{
    bbands_t *bands = state;
    double deviation[INDICATOR_OPTIONS_MAX];
    deviation_options(options, deviation);
    bands->up = options[1];
    bands->down = options[2];
    bands->deviation = bands->room + average_state_size(options[3], options[0]) / sizeof(double);
    average_init(&bands->middle, options[3], options[0], 0, bands->room);
    indicator_stddev.init(bands->deviation, deviation);
}

static void bbands_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    bbands_t *bands = state;
    double deviation = NAN;
    indicator_stddev.next(bands->deviation, bar, &deviation);
    const double middle = average_next(&bands->middle, bar->close);
    outputs[0] = middle + bands->up * deviation;
    outputs[1] = isnan(deviation) ? NAN : middle;
    outputs[2] = middle - bands->down * deviation;
}

const indicator_kind_t indicator_bbands = {
    .name = "bbands",
    .title = "bands around an average that is chosen",
    .inputs = INDICATOR_CLOSE,
    .option_count = 4,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX},
                {"up", OPTION_REAL, 2, 0, 100},
                {"down", OPTION_REAL, 2, 0, 100},
                NUMBER("average")},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention =
        "TA-Lib BBANDS with its two factors and its MA_Type (numbers as in ma); all digits as bollinger, which has one factor",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001)",
    .warm_up = bbands_warm_up,
    .state_size = bbands_state_size,
    .init = bbands_init,
    .next = bbands_next,
};

/* --- macdext ---------------------------------------------------------------------------------- */

/* Options: period and kind of the fast, the slow and the signal average. */
typedef struct {
    average_t fast, slow, signal;
    double room[];
} macdext_t;

static result_t macdext_check(const double *options)
{
    return options[0] < options[2] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t line_warm_up(const double *options)
{
    const uint32_t fast = average_warm_up(options[1], options[0]), slow = average_warm_up(options[3], options[2]);
    return fast > slow ? fast : slow;
}

static uint32_t macdext_warm_up(const double *options)
{
    return line_warm_up(options) + average_warm_up(options[5], options[4]);
}

static size_t macdext_state_size(const double *options)
{
    size_t bytes = sizeof(macdext_t);
    for (uint32_t i = 0; i < 3; i++) {
        bytes += average_state_size(options[2 * i + 1], options[2 * i]);
    }
    return bytes;
}

static void macdext_init(void *state, const double *options)
{
    macdext_t *macd = state;
    average_t *const averages[] = {&macd->fast, &macd->slow, &macd->signal};
    const uint32_t line = line_warm_up(options);
    double *room = macd->room;
    for (uint32_t i = 0; i < 3; i++) {
        const double period = options[2 * i], number = options[2 * i + 1];
        /* the one that is warm first waits, so that both begin with the same bar */
        average_init(averages[i], number, period, i < 2 ? line - average_warm_up(number, period) : 0, room);
        room += average_state_size(number, period) / sizeof(double);
    }
}

static void macdext_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    macdext_t *macd = state;
    const double line = average_next(&macd->fast, bar->close) - average_next(&macd->slow, bar->close);
    const double signal = isnan(line) ? NAN : average_next(&macd->signal, line);
    outputs[0] = isnan(signal) ? NAN : line;
    outputs[1] = signal;
    outputs[2] = line - signal;
}

const indicator_kind_t indicator_macdext = {
    .name = "macdext",
    .title = "MACD of averages that are chosen",
    .inputs = INDICATOR_CLOSE,
    .option_count = 6,
    .options = {{"fast", OPTION_WHOLE, 12, 2, INDICATOR_PERIOD_MAX},
                NUMBER("fast_average"),
                {"slow", OPTION_WHOLE, 26, 2, INDICATOR_PERIOD_MAX},
                NUMBER("slow_average"),
                {"signal", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX},
                NUMBER("signal_average")},
    .output_count = 3,
    .outputs = {"macd", "signal", "histogram"},
    .convention = "TA-Lib MACDEXT; numbers of averages as in ma. fast >= slow is refused (TA-Lib swaps them)",
    .source = "G. Appel; TA-Lib's form",
    .check = macdext_check,
    .warm_up = macdext_warm_up,
    .state_size = macdext_state_size,
    .init = macdext_init,
    .next = macdext_next,
};

/* --- macdfix ---------------------------------------------------------------------------------- */

enum { FIX_FAST = 12, FIX_SLOW = 26 };

typedef struct {
    ema_t fast, slow, signal;
    uint32_t skip;
} macdfix_t;

static uint32_t macdfix_warm_up(const double *options)
{
    return FIX_SLOW - 1 + (uint32_t)options[0] - 1;
}

static size_t macdfix_state_size(const double *options)
{
    (void)options;
    return sizeof(macdfix_t);
}

static void macdfix_init(void *state, const double *options)
{
    macdfix_t *macd = state;
    macd->skip = FIX_SLOW - FIX_FAST;
    ema_init(&macd->fast, FIX_FAST);
    ema_init(&macd->slow, FIX_SLOW);
    ema_init(&macd->signal, (uint32_t)options[0]);
    macd->fast.factor = 0.15;
    macd->slow.factor = 0.075;
}

static void macdfix_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    macdfix_t *macd = state;
    const double slow = ema_next(&macd->slow, bar->close);
    const double fast = macd->skip == 0 ? ema_next(&macd->fast, bar->close) : NAN;
    macd->skip -= macd->skip > 0 ? 1 : 0;
    const double line = fast - slow, signal = isnan(line) ? NAN : ema_next(&macd->signal, line);
    outputs[0] = isnan(signal) ? NAN : line;
    outputs[1] = signal;
    outputs[2] = line - signal;
}

const indicator_kind_t indicator_macdfix = {
    .name = "macdfix",
    .title = "MACD of 12 and 26 with its first factors",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"signal", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"macd", "signal", "histogram"},
    .convention = "TA-Lib MACDFIX: factors 0.15 and 0.075 instead of 2 / 13 and 2 / 27",
    .source = "G. Appel; TA-Lib's form",
    .warm_up = macdfix_warm_up,
    .state_size = macdfix_state_size,
    .init = macdfix_init,
    .next = macdfix_next,
};

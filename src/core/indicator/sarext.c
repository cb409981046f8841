/* sarext.c: see sarext.h. */
#include "core/indicator/sarext.h"

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

enum { OPTION_START, OPTION_OFFSET, OPTION_LONG, OPTION_SHORT = 5, FACTORS = 3 };

typedef struct {
    double first, step, most;
} factors_t;

typedef struct {
    uint32_t seen; /* bars, counted up to 2 */
    bool is_long;
    double start, offset;
    factors_t sides[2]; /* of a short, of a long one */
    double factor, extreme, stop;
    double high, low; /* of the bar before */
} sarext_t;

static uint32_t kind_warm_up(const double *options)
{
    (void)options;
    return 1;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(sarext_t);
}

/* No factor goes above the largest one. */
static factors_t factors_of(const double *options)
{
    return (factors_t){rolling_smaller(options[0], options[2]), rolling_smaller(options[1], options[2]), options[2]};
}

static void kind_init(void *state, const double *options)
{
    *(sarext_t *)state = (sarext_t){.start = options[OPTION_START],
                                    .offset = options[OPTION_OFFSET],
                                    .sides = {factors_of(options + OPTION_SHORT), factors_of(options + OPTION_LONG)}};
}

/* The second bar: the side, and the stop that it begins with. */
static void begin(sarext_t *sar, const indicator_bar_t *bar)
{
    const double up = bar->high - sar->high, down = sar->low - bar->low;
    sar->is_long = sar->start != 0.0 ? sar->start > 0.0 : !(down > 0.0 && up < down);
    sar->stop = sar->start != 0.0 ? fabs(sar->start) : sar->is_long ? sar->low : sar->high;
    sar->extreme = sar->is_long ? bar->high : bar->low;
    sar->factor = sar->sides[sar->is_long].first;
    sar->high = bar->high; /* TA-Lib: the first step does not see the bar before */
    sar->low = bar->low;
}

/* The stop may not lie inside of the last bar and this one. */
static double outside(const sarext_t *sar, double stop, const indicator_bar_t *bar)
{
    return sar->is_long ? rolling_smaller(stop, rolling_smaller(sar->low, bar->low))
                        : rolling_larger(stop, rolling_larger(sar->high, bar->high));
}

static void turn(sarext_t *sar, const indicator_bar_t *bar)
{
    sar->is_long = !sar->is_long;
    sar->stop = outside(sar, sar->extreme, bar);
    sar->stop += sar->is_long ? -sar->stop * sar->offset : sar->stop * sar->offset;
    sar->factor = sar->sides[sar->is_long].first;
    sar->extreme = sar->is_long ? bar->high : bar->low;
}

static void follow(sarext_t *sar, const indicator_bar_t *bar)
{
    const bool is_new = sar->is_long ? bar->high > sar->extreme : bar->low < sar->extreme;
    if (is_new) {
        const factors_t *factors = &sar->sides[sar->is_long];
        sar->extreme = sar->is_long ? bar->high : bar->low;
        sar->factor = rolling_smaller(sar->factor + factors->step, factors->most);
    }
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    sarext_t *sar = state;
    outputs[0] = NAN;
    if (sar->seen == 1) {
        begin(sar, bar);
    }
    if (sar->seen >= 1) {
        const bool is_hit = sar->is_long ? bar->low <= sar->stop : bar->high >= sar->stop;
        if (is_hit) {
            turn(sar, bar);
        }
        outputs[0] = sar->is_long ? sar->stop : -sar->stop;
        if (!is_hit) {
            follow(sar, bar);
        }
        sar->stop = outside(sar, sar->stop + sar->factor * (sar->extreme - sar->stop), bar);
    }
    sar->high = bar->high;
    sar->low = bar->low;
    sar->seen += sar->seen < 2 ? 1 : 0;
}

INDICATOR_SERIES(kind_series, sarext_t, kind_next, INDICATOR_HIGH | INDICATOR_LOW, 1)

const indicator_kind_t indicator_sarext = {
    .name = "sarext",
    .title = "parabolic stop and reverse, a side at a time",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 8,
    .options = {{"start", OPTION_REAL, 0, -1e9, 1e9},
                {"offset", OPTION_REAL, 0, 0, 100},
                {"long_first", OPTION_REAL, 0.02, 0, 100},
                {"long_step", OPTION_REAL, 0.02, 0, 100},
                {"long_maximum", OPTION_REAL, 0.2, 0, 100},
                {"short_first", OPTION_REAL, 0.02, 0, 100},
                {"short_step", OPTION_REAL, 0.02, 0, 100},
                {"short_maximum", OPTION_REAL, 0.2, 0, 100}},
    .output_count = 1,
    .outputs = {"sar"},
    .convention = "TA-Lib SAREXT: a short side's stops are negative; start 0 takes the side that SAR takes",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 2; TA-Lib's options",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
};

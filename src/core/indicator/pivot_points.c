/* pivot_points.c: pivot point levels; see pivot_points.h. */
#include "core/indicator/pivot_points.h"

#include <math.h>

#include "core/indicator/calendar_period.h"

/* --- levels ----------------------------------------------------------------------------------- */

pivot_period_t pivot_period_begin(const indicator_bar_t *bar)
{
    return (pivot_period_t){bar->open, bar->high, bar->low, bar->close};
}

void pivot_period_add(pivot_period_t *period, const indicator_bar_t *bar)
{
    period->high = bar->high > period->high ? bar->high : period->high;
    period->low = bar->low < period->low ? bar->low : period->low;
    period->close = bar->close;
}

/* Pairs of a resistance and a support as far from `middle` as the range times each of the shares. */
static void spread_pairs(double *pairs, double middle, double range, const double *shares, int count)
{
    for (int i = 0; i < count; i++) {
        pairs[2 * i] = middle + shares[i] * range;
        pairs[2 * i + 1] = middle - shares[i] * range;
    }
}

static void first_two_pairs(const pivot_period_t *before, double *levels)
{
    const double range = before->high - before->low;
    levels[1] = levels[0] * 2.0 - before->low;
    levels[2] = levels[0] * 2.0 - before->high;
    levels[3] = levels[0] + range;
    levels[4] = levels[0] - range;
}

static void traditional(const pivot_period_t *before, double *levels)
{
    const double high = before->high, low = before->low, middle = levels[0];
    first_two_pairs(before, levels);
    for (int n = 2; n <= 4; n++) {
        levels[2 * n + 1] = middle * n + (high - n * low);
        levels[2 * n + 2] = middle * n - (n * high - low);
    }
}

static void woodie(const pivot_period_t *before, double open_now, double *levels)
{
    const double high = before->high, low = before->low, range = high - low;
    levels[0] = (high + low + 2.0 * open_now) / 4.0;
    first_two_pairs(before, levels);
    levels[5] = high + 2.0 * (levels[0] - low);
    levels[6] = low - 2.0 * (high - levels[0]);
    levels[7] = levels[5] + range;
    levels[8] = levels[6] - range;
}

static void dm(const pivot_period_t *before, double *levels)
{
    const double high = before->high, low = before->low, open = before->open, close = before->close;
    const double twice = close > open ? high : close < open ? low : close;
    const double x = high + low + close + twice;
    levels[0] = x / 4.0;
    levels[1] = x / 2.0 - low;
    levels[2] = x / 2.0 - high;
}

static void camarilla(const pivot_period_t *before, double *levels)
{
    static const double shares[] = {1.1 / 12.0, 1.1 / 6.0, 1.1 / 4.0, 1.1 / 2.0};
    const double close = before->close;
    spread_pairs(levels + 1, close, before->high - before->low, shares, 4);
    levels[9] = before->low != 0.0 ? before->high / before->low * close : close;
    levels[10] = close - (levels[9] - close);
}

void pivot_levels(pivot_school_t school, const pivot_period_t *before, double open_now, double levels[PIVOT_LEVELS])
{
    static const double golden[] = {0.382, 0.618, 1.0}, wholes[] = {1.0, 2.0, 3.0};
    const double range = before->high - before->low;
    for (int i = 1; i < PIVOT_LEVELS; i++) {
        levels[i] = NAN;
    }
    levels[0] = (before->high + before->low + before->close) / 3.0;
    switch (school) {
    case PIVOT_TRADITIONAL:
        traditional(before, levels);
        break;
    case PIVOT_FIBONACCI:
        spread_pairs(levels + 1, levels[0], range, golden, 3);
        break;
    case PIVOT_WOODIE:
        woodie(before, open_now, levels);
        break;
    case PIVOT_CLASSIC:
        first_two_pairs(before, levels);
        spread_pairs(levels + 3, levels[0], range, wholes, 3);
        break;
    case PIVOT_DM:
        dm(before, levels);
        break;
    case PIVOT_CAMARILLA:
        camarilla(before, levels);
        break;
    case PIVOT_SCHOOLS:
        break;
    }
}

/* --- the kinds -------------------------------------------------------------------------------- */

typedef struct {
    uint32_t minutes, session_start;
    bool started, has_before;
    int64_t number;             /* of the period that runs */
    pivot_period_t now, before; /* that runs; the last that has closed */
} pivots_t;

static uint32_t kind_warm_up(const double *options)
{
    (void)options;
    return 0;
}

static result_t kind_check(const double *options)
{
    return calendar_period_is_known((uint32_t)options[0]) ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(pivots_t);
}

static void kind_init(void *state, const double *options)
{
    *(pivots_t *)state = (pivots_t){.minutes = (uint32_t)options[0], .session_start = (uint32_t)options[1]};
}

static void take_bar(pivots_t *pivots, const indicator_bar_t *bar)
{
    const int64_t number = calendar_period_of(bar->open_ns, pivots->minutes, pivots->session_start);
    if (pivots->started && number == pivots->number) {
        pivot_period_add(&pivots->now, bar);
        return;
    }
    pivots->has_before = pivots->started;
    pivots->before = pivots->now;
    pivots->now = pivot_period_begin(bar);
    pivots->number = number;
    pivots->started = true;
}

static void next_of(pivot_school_t school, uint32_t count, void *state, const indicator_bar_t *bar, double *outputs)
{
    pivots_t *pivots = state;
    double levels[PIVOT_LEVELS];
    take_bar(pivots, bar);
    pivot_levels(school, pivots->has_before ? &pivots->before : &pivots->now, pivots->now.open, levels);
    for (uint32_t i = 0; i < count; i++) {
        outputs[i] = levels[i];
    }
}

#define PIVOT_KIND(word, school, levels_of, description, formula)                                                                  \
    static void word##_next(void *state, const indicator_bar_t *bar, double *outputs)                                              \
    {                                                                                                                              \
        next_of(school, levels_of, state, bar, outputs);                                                                           \
    }                                                                                                                              \
    const indicator_kind_t indicator_pivot_##word = {                                                                              \
        .name = "pivot_" #word,                                                                                                    \
        .title = "pivot points, " description,                                                                                     \
        .inputs = INDICATOR_OPEN | INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_TIME,                              \
        .option_count = 2,                                                                                                         \
        .options = {{"timeframe", OPTION_WHOLE, PERIOD_DAY, 1, PERIOD_YEAR}, {"session_start", OPTION_WHOLE, 0, 0, 1439}},         \
        .output_count = levels_of,                                                                                                 \
        .outputs = {"p", "r1", "s1", "r2", "s2", "r3", "s3", "r4", "s4", "r5", "s5"},                                              \
        .convention =                                                                                                              \
            "TradingView's Pivot Points Standard, Pine's order of levels; timeframe in minutes: 1 .. 1440, 10080 (week), "         \
            "43200, 129600, 259200 (1, 3, 6 months), 518400 (year); session_start in minutes after 00:00 UTC; until the "          \
            "first period has closed the levels of the bars so far (ta.pivot_point_levels: na)",                                   \
        .source = formula,                                                                                                         \
        .check = kind_check,                                                                                                       \
        .warm_up = kind_warm_up,                                                                                                   \
        .state_size = kind_state_size,                                                                                             \
        .init = kind_init,                                                                                                         \
        .next = word##_next,                                                                                                       \
    };

PIVOT_KIND(camarilla, PIVOT_CAMARILLA, 11, "Camarilla",
           "N. Stott (1989): close +- 1.1 (high - low) / 12, / 6, / 4, / 2; R5 = high / low x close")
PIVOT_KIND(classic, PIVOT_CLASSIC, 9, "classic",
           "P = (high + low + close) / 3; R1 = 2 P - low; R2 .. R4 = P + 1 .. 3 x (high - low)")
PIVOT_KIND(
    dm, PIVOT_DM, 3, "DeMark's",
    "T. DeMark: x = high + low + close + the high, low or close again after a rise, a fall, neither; P = x / 4, R1 = x / 2 - low")
PIVOT_KIND(fibonacci, PIVOT_FIBONACCI, 7, "Fibonacci", "P = (high + low + close) / 3; R = P + 0.382, 0.618, 1 x (high - low)")
PIVOT_KIND(traditional, PIVOT_TRADITIONAL, 11, "traditional",
           "P = (high + low + close) / 3; R1 = 2 P - low; R2 = P + high - low; Rn = (n - 1) P + high - (n - 1) low")
PIVOT_KIND(woodie, PIVOT_WOODIE, 9, "Woodie's",
           "P = (high + low + 2 x open of the new period) / 4; R3 = high + 2 (P - low); R4 = R3 + high - low")

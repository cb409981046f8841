/* sar.c: Wilder's parabolic stop and reverse; see sar.h. */
#include "core/indicator/sar.h"

#include <math.h>

#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

typedef struct {
    uint32_t seen; /* bars, counted up to 2 */
    bool is_long;
    double start, increment, maximum;
    double factor, extreme, stop;
    double high[2], low[2]; /* of the bars before, newest first */
    double close;           /* of the bar before; sar_tv */
} sar_t;

static uint32_t kind_warm_up(const double *options)
{
    (void)options;
    return 1;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(sar_t);
}

static void remember(sar_t *sar, const indicator_bar_t *bar)
{
    sar->high[1] = sar->seen == 0 ? bar->high : sar->high[0];
    sar->low[1] = sar->seen == 0 ? bar->low : sar->low[0];
    sar->high[0] = bar->high;
    sar->low[0] = bar->low;
    sar->seen += sar->seen < 2 ? 1 : 0;
}

/* A new extreme in the direction makes the stop faster. No branch: every other bar of a trend is one. */
static inline void follow(sar_t *sar, const indicator_bar_t *bar)
{
    const double extreme = sar->is_long ? rolling_larger(bar->high, sar->extreme) : rolling_smaller(bar->low, sar->extreme);
    const twin_t now = {extreme, 0.0}, before = {sar->extreme, 0.0}, step = {sar->increment, 0.0};
    sar->factor = rolling_smaller(sar->factor + twin_where(now != before, step)[0], sar->maximum);
    sar->extreme = extreme;
}

static void turn(sar_t *sar, const indicator_bar_t *bar)
{
    sar->is_long = !sar->is_long;
    sar->factor = sar->start;
    sar->extreme = sar->is_long ? bar->high : bar->low;
}

/* The stop may not lie inside of these two. */
static inline double outside(const sar_t *sar, double stop, double one, double other)
{
    return sar->is_long ? rolling_smaller(stop, rolling_smaller(one, other)) : rolling_larger(stop, rolling_larger(one, other));
}

/* --- sar -------------------------------------------------------------------------------------- */

static void sar_init(void *state, const double *options)
{
    const double start = rolling_smaller(options[0], options[1]);
    *(sar_t *)state = (sar_t){.start = start, .increment = start, .factor = start, .maximum = options[1]};
}

static void sar_begin(sar_t *sar, const indicator_bar_t *bar)
{
    const double up = bar->high - sar->high[0], down = sar->low[0] - bar->low;
    sar->is_long = !(down > 0.0 && up < down);
    sar->extreme = sar->is_long ? bar->high : bar->low;
    sar->stop = sar->is_long ? sar->low[0] : sar->high[0];
    sar->high[0] = bar->high; /* TA-Lib: the first step does not see the bar before */
    sar->low[0] = bar->low;
}

static void sar_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    sar_t *sar = state;
    outputs[0] = NAN;
    if (sar->seen == 1) {
        sar_begin(sar, bar);
    }
    if (sar->seen >= 1) {
        const double near = sar->is_long ? sar->low[0] : sar->high[0], far = sar->is_long ? bar->low : bar->high;
        const bool is_hit = sar->is_long ? bar->low <= sar->stop : bar->high >= sar->stop;
        if (is_hit) {
            sar->stop = sar->extreme;
            turn(sar, bar);
            const double last = sar->is_long ? sar->low[0] : sar->high[0], now = sar->is_long ? bar->low : bar->high;
            outputs[0] = outside(sar, sar->stop, last, now);
            sar->stop = outside(sar, outputs[0] + sar->factor * (sar->extreme - outputs[0]), last, now);
        } else {
            outputs[0] = sar->stop;
            follow(sar, bar);
            sar->stop = outside(sar, sar->stop + sar->factor * (sar->extreme - sar->stop), near, far);
        }
    }
    remember(sar, bar);
}

INDICATOR_SERIES(sar_series, sar_t, sar_next, INDICATOR_HIGH | INDICATOR_LOW, 1)

const indicator_kind_t indicator_sar = {
    .name = "sar",
    .title = "parabolic stop and reverse",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 2,
    .options = {{"acceleration", OPTION_REAL, 0.02, 0, 100}, {"maximum", OPTION_REAL, 0.2, 0, 100}},
    .output_count = 1,
    .outputs = {"sar"},
    .convention = "TA-Lib SAR. TradingView's ta.sar begins and limits otherwise: sar_tv",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 2",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = sar_init,
    .next = sar_next,
    .series = sar_series,
};

/* --- sar_tv ----------------------------------------------------------------------------------- */

static result_t tv_check(const double *options)
{
    return options[0] <= options[2] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static void tv_init(void *state, const double *options)
{
    *(sar_t *)state = (sar_t){.start = options[0], .increment = options[1], .factor = options[0], .maximum = options[2]};
}

/* The direction of the first two closes; the step below then takes the stop from the bar before. */
static void tv_begin(sar_t *sar, const indicator_bar_t *bar)
{
    sar->is_long = bar->close > sar->close;
    sar->stop = sar->is_long ? sar->low[0] : sar->high[0];
    sar->extreme = sar->is_long ? bar->high : bar->low;
}

static void tv_move(sar_t *sar, const indicator_bar_t *bar)
{
    double stop = sar->stop + sar->factor * (sar->extreme - sar->stop);
    const bool is_hit = sar->is_long ? bar->low < stop : bar->high > stop;
    if (is_hit) {
        stop = sar->extreme;
        turn(sar, bar);
        stop = outside(sar, stop, sar->is_long ? bar->low : bar->high, sar->is_long ? bar->low : bar->high);
    } else {
        follow(sar, bar);
    }
    sar->stop = outside(sar, stop, sar->is_long ? sar->low[0] : sar->high[0], sar->is_long ? sar->low[1] : sar->high[1]);
}

static void tv_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    sar_t *sar = state;
    outputs[0] = NAN;
    if (sar->seen == 1) {
        tv_begin(sar, bar);
    }
    if (sar->seen >= 1) {
        tv_move(sar, bar);
        outputs[0] = sar->stop;
    }
    remember(sar, bar);
    sar->close = bar->close;
}

INDICATOR_SERIES(tv_series, sar_t, tv_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_sar_tv = {
    .name = "sar_tv",
    .title = "parabolic stop and reverse, TradingView's form",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"start", OPTION_REAL, 0.02, 0.000001, 0.5},
                {"increment", OPTION_REAL, 0.02, 0.000001, 0.5},
                {"maximum", OPTION_REAL, 0.2, 0.000001, 0.5}},
    .output_count = 1,
    .outputs = {"sar"},
    .convention = "TradingView ta.sar: the first two closes decide the direction, and a price that only touches the stop does not "
                  "turn it (TA-Lib: directional movement; it does). TA-Lib's is sar",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 2; Pine Script reference, ta.sar",
    .check = tv_check,
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = tv_init,
    .next = tv_next,
    .series = tv_series,
};

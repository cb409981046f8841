/* supertrend.c: see supertrend.h. */
#include "core/indicator/supertrend.h"

#include "core/indicator/rma.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

typedef struct {
    rma_t range;
    double factor, close_last; /* NAN before the first bar */
    double upper, lower;       /* 0 before the first value */
    double direction;          /* likewise */
} supertrend_t;

static uint32_t kind_warm_up(const double *options)
{
    return options[1] > 1.0 ? (uint32_t)options[1] - 1 : 1;
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(supertrend_t);
}

static void kind_init(void *state, const double *options)
{
    supertrend_t *trend = state;
    *trend = (supertrend_t){.factor = options[0], .close_last = NAN};
    rma_init(&trend->range, (uint32_t)options[1]);
}

static double true_range(const indicator_bar_t *bar, double close_last)
{
    if (isnan(close_last)) {
        return bar->high - bar->low;
    }
    return rolling_larger(bar->high - bar->low, rolling_larger(fabs(bar->high - close_last), fabs(bar->low - close_last)));
}

static void move_bands(supertrend_t *trend, double upper, double lower, double close_last)
{
    if (upper < trend->upper || close_last > trend->upper) {
        trend->upper = upper;
    }
    if (lower > trend->lower || close_last < trend->lower) {
        trend->lower = lower;
    }
}

/* After the first value. Where both bands are one, the line counts as the upper one, as it does in Pine. */
static double direction_of(const supertrend_t *trend, double close, bool was_upper)
{
    if (was_upper) {
        return close > trend->upper ? -1.0 : 1.0;
    }
    return close < trend->lower ? 1.0 : -1.0;
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    supertrend_t *trend = state;
    const double close_last = trend->close_last;
    const double range = rma_next(&trend->range, true_range(bar, close_last));
    trend->close_last = bar->close;
    outputs[0] = outputs[1] = NAN;
    if (isnan(range)) {
        return;
    }
    const double middle = (bar->high + bar->low) / 2.0;
    const bool was_upper = trend->direction > 0.0 || trend->lower == trend->upper;
    move_bands(trend, middle + trend->factor * range, middle - trend->factor * range, close_last);
    trend->direction = trend->direction == 0.0 ? 1.0 : direction_of(trend, bar->close, was_upper);
    if (!isnan(close_last)) {
        outputs[0] = trend->direction > 0.0 ? trend->upper : trend->lower;
        outputs[1] = trend->direction;
    }
}

INDICATOR_SERIES(kind_series, supertrend_t, kind_next, INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE, 2)

const indicator_kind_t indicator_supertrend = {
    .name = "supertrend",
    .title = "SuperTrend",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"factor", OPTION_REAL, 3, 0, 1000}, {"period", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 2,
    .outputs = {"supertrend", "direction"},
    .convention = "TradingView ta.supertrend: direction -1 is up, 1 is down. Before the first value TradingView, and "
                  "ta.supertrend, show 0 on "
                  "the first bar and direction 1; under this name both are NaN. Not in TA-Lib",
    .source = "O. Seban; Pine Script reference, ta.supertrend",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
};

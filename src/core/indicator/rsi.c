/* rsi.c: Wilder's relative strength index; see rsi.h. */
#include "core/indicator/rsi.h"

#include "core/base/assert.h"
#include "core/indicator/rolling.h"
#include "core/indicator/series.h"

void rsi_init(rsi_t *rsi, uint32_t period)
{
    ASSERT(rsi != NULL);
    ASSERT(period >= 2 && period <= INDICATOR_PERIOD_MAX);
    *rsi = (rsi_t){.flat = 50.0};
    smooth_init_wilder(&rsi->gains, period);
    smooth_init_wilder(&rsi->losses, period);
}

double rsi_next(rsi_t *rsi, double close)
{
    ASSERT(rsi->gains.period != 0);
    ASSERT(indicator_value_is_good(close));
    const double change = close - rsi->close_last;
    rsi->close_last = close;
    if (!rsi->started) {
        rsi->started = true;
        return NAN;
    }
    const double gain = smooth_next(&rsi->gains, positive_part(change)), loss = smooth_next(&rsi->losses, positive_part(-change));
    return isnan(gain) ? NAN : rsi_of(gain, loss, rsi->flat);
}

void rsi_series(uint32_t period, const double *close, size_t bars, double *out)
{
    rsi_t rsi;
    rsi_init(&rsi, period);
    for (size_t i = 0; i < bars; i++) {
        out[i] = rsi_next(&rsi, close[i]);
    }
}

INDICATOR_WIDE static void find_moves(const double *close, double close_last, size_t count, double *restrict gains,
                                      double *restrict losses)
{
    gains[0] = positive_part(close[0] - close_last);
    losses[0] = positive_part(-(close[0] - close_last));
    for (size_t i = 1; i < count; i++) {
        const double change = close[i] - close[i - 1];
        gains[i] = positive_part(change);
        losses[i] = positive_part(-change);
    }
}

INDICATOR_WIDE void rsi_run(rsi_t *rsi, const double *close, size_t count, double *restrict gains, double *restrict losses)
{
    double *const lines[] = {gains, losses};
    smooth_t *const averages[] = {&rsi->gains, &rsi->losses};
    find_moves(close, rsi->close_last, count, gains, losses);
    smooth_run(averages, (const double *const *)lines, 2, count, lines);
    rsi->close_last = close[count - 1];
}

INDICATOR_WIDE static void find_indices(const double *gains, const double *losses, size_t count, double flat, double *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = rsi_of(gains[i], losses[i], flat);
    }
}

void rsi_index_run(rsi_t *rsi, const double *close, size_t count, double *restrict out)
{
    double gains[INDICATOR_CHUNK], losses[INDICATOR_CHUNK];
    rsi_run(rsi, close, count, gains, losses);
    find_indices(gains, losses, count, rsi->flat, out);
}

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    (void)options;
    return sizeof(rsi_t);
}

static void kind_init(void *state, const double *options)
{
    rsi_t *rsi = state;
    rsi_init(rsi, (uint32_t)options[0]);
    rsi->flat = options[1];
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    outputs[0] = rsi_next(state, bar->close);
}

static void whole_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    rsi_index_run(state, columns->close + from, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_rsi = {
    .name = "rsi",
    .title = "relative strength index",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}, {"flat", OPTION_REAL, 50, 0, 100}},
    .output_count = 1,
    .outputs = {"rsi"},
    .convention = "TA-Lib RSI (Wilder's smoothing, seeded with plain averages); a flat series gives `flat`, 50 by itself (TA-Lib "
                  "0, TradingView 100), and moves below 1e-14 count here (TA-Lib takes them for 0)",
    .source = "J. W. Wilder, New Concepts in Technical Trading Systems (1978), ch. 6",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = whole_series,
    .series_bears_all = true,
};

/* --- rsi_plain -------------------------------------------------------------------------------- */

typedef struct {
    rolling_sum_t gains, losses;
    double close_last, flat;
    double room[];
} rsi_plain_t;

static size_t plain_state_size(const double *options)
{
    return sizeof(rsi_plain_t) + 2 * ROLLING_ROOM(options[0]) * sizeof(double);
}

static void plain_init(void *state, const double *options)
{
    rsi_plain_t *rsi = state;
    rolling_sum_init(&rsi->gains, (uint32_t)options[0], rsi->room);
    rolling_sum_init(&rsi->losses, (uint32_t)options[0], rsi->room + ROLLING_ROOM(options[0]));
    rsi->flat = options[1];
    rsi->close_last = NAN;
}

static void plain_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    rsi_plain_t *rsi = state;
    const double change = bar->close - rsi->close_last;
    rsi->close_last = bar->close;
    outputs[0] = NAN;
    if (isnan(change)) {
        return;
    }
    const double gains = rolling_sum_next(&rsi->gains, positive_part(change));
    const double losses = rolling_sum_next(&rsi->losses, positive_part(-change));
    if (rolling_sum_is_warm(&rsi->gains)) {
        outputs[0] = gains + losses > 0.0 ? 100.0 * (gains / (gains + losses)) : rsi->flat;
    }
}

INDICATOR_SERIES(plain_series, rsi_plain_t, plain_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_rsi_plain = {
    .name = "rsi_plain",
    .title = "relative strength index of plain means",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}, {"flat", OPTION_REAL, 50, 0, 100}},
    .output_count = 1,
    .outputs = {"rsi"},
    .convention = "plain means of the last period gains and losses; TA-Lib, Tulip and TradingView smooth as Wilder does: see rsi",
    .source = "D. Cutler's form of Wilder's index",
    .warm_up = kind_warm_up,
    .state_size = plain_state_size,
    .init = plain_init,
    .next = plain_next,
    .series = plain_series,
};

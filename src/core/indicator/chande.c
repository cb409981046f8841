/* chande.c: oscillators of gains against losses; see chande.h. */
#include "core/indicator/chande.h"

#include "core/indicator/ema.h"
#include "core/indicator/rolling.h"
#include "core/indicator/rsi.h"
#include "core/indicator/series.h"

/* --- cmo -------------------------------------------------------------------------------------- */

static uint32_t period_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t cmo_state_size(const double *options)
{
    (void)options;
    return sizeof(rsi_t);
}

static void cmo_init(void *state, const double *options)
{
    rsi_init(state, (uint32_t)options[0]);
}

static inline double balance(double gains, double losses)
{
    const double moved = gains + losses, share = 100.0 * (gains - losses) / moved;
    return moved > 0.0 ? share : 0.0;
}

static void cmo_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    rsi_t *rsi = state; /* its smoothed gains and losses are the same */
    outputs[0] = isnan(rsi_next(rsi, bar->close)) ? NAN : balance(smooth_value(&rsi->gains), smooth_value(&rsi->losses));
}

INDICATOR_WIDE static void find_balances(const double *gains, const double *losses, size_t count, double *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = balance(gains[i], losses[i]);
    }
}

static void cmo_series(void *state, const indicator_columns_t *columns, size_t from, size_t to, double *const *outputs)
{
    double gains[INDICATOR_CHUNK], losses[INDICATOR_CHUNK];
    rsi_run(state, columns->close + from, to - from, gains, losses);
    find_balances(gains, losses, to - from, outputs[0] + from);
}

const indicator_kind_t indicator_cmo = {
    .name = "cmo",
    .title = "Chande momentum oscillator, smoothed",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"cmo"},
    .convention = "TA-Lib CMO: Wilder's smoothing. Chande's plain sums, TradingView's ta.cmo and Tulip's cmo are cmo_plain",
    .source = "T. Chande, S. Kroll, The New Technical Trader (1994), with Wilder's smoothing",
    .warm_up = period_warm_up,
    .state_size = cmo_state_size,
    .init = cmo_init,
    .next = cmo_next,
    .series = cmo_series,
    .series_bears_all = true,
};

/* --- cmo_plain -------------------------------------------------------------------------------- */

typedef struct {
    rolling_twin_t moves; /* sums of gains and of losses */
    double close_last;
    double room[];
} cmo_plain_t;

static size_t cmo_plain_state_size(const double *options)
{
    return sizeof(cmo_plain_t) + ROLLING_TWIN_ROOM(options[0]) * sizeof(double);
}

static void cmo_plain_init(void *state, const double *options)
{
    cmo_plain_t *cmo = state;
    rolling_twin_init(&cmo->moves, (uint32_t)options[0], (twin_t *)cmo->room);
    cmo->close_last = NAN;
}

static void cmo_plain_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    cmo_plain_t *cmo = state;
    const double change = bar->close - cmo->close_last;
    cmo->close_last = bar->close;
    outputs[0] = NAN;
    if (isnan(change)) {
        return; /* the first bar */
    }
    const twin_t moves = rolling_twin_next(&cmo->moves, (twin_t){positive_part(change), positive_part(-change)});
    outputs[0] = rolling_twin_is_warm(&cmo->moves) ? balance(moves[0], moves[1]) : NAN;
}

INDICATOR_WIDE static void cmo_plain_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                            double *const *outputs)
{
    cmo_plain_t *cmo = state;
    const double *close = columns->close + from;
    const size_t count = to - from;
    double *restrict out = outputs[0] + from;
    twin_t moves[INDICATOR_CHUNK], sums[INDICATOR_CHUNK];
    for (size_t i = 0; i < count; i++) {
        const double change = close[i] - *(close + i - 1);
        moves[i] = (twin_t){positive_part(change), positive_part(-change)};
    }
    rolling_twin_run(&cmo->moves, moves, count, sums);
    for (size_t i = 0; i < count; i++) {
        out[i] = balance(sums[i][0], sums[i][1]);
    }
}

const indicator_kind_t indicator_cmo_plain = {
    .name = "cmo_plain",
    .title = "Chande momentum oscillator",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 14, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"cmo"},
    .convention = "TradingView ta.cmo, Tulip cmo: plain sums of the window. A flat window gives 0 (TradingView: na)",
    .source = "T. Chande, S. Kroll, The New Technical Trader (1994)",
    .warm_up = period_warm_up,
    .state_size = cmo_plain_state_size,
    .init = cmo_plain_init,
    .next = cmo_plain_next,
    .series = cmo_plain_series,
    .series_bears_all = true,
};

/* --- tsi -------------------------------------------------------------------------------------- */

typedef struct {
    ema_t change[2], size[2]; /* long, then short */
    double close_last, scale;
} tsi_t;

static uint32_t tsi_warm_up(const double *options)
{
    return (uint32_t)(options[0] + options[1]) - 1;
}

static size_t tsi_state_size(const double *options)
{
    (void)options;
    return sizeof(tsi_t);
}

static void tsi_init(void *state, const double *options)
{
    tsi_t *tsi = state;
    for (int stage = 0; stage < 2; stage++) {
        ema_init(&tsi->change[stage], (uint32_t)options[1 - stage]);
        ema_init(&tsi->size[stage], (uint32_t)options[1 - stage]);
    }
    tsi->close_last = NAN;
    tsi->scale = options[2];
}

static void tsi_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    tsi_t *tsi = state;
    double change = bar->close - tsi->close_last;
    double size = fabs(change);
    tsi->close_last = bar->close;
    for (int stage = 0; stage < 2 && !isnan(change); stage++) {
        change = ema_next(&tsi->change[stage], change);
        size = ema_next(&tsi->size[stage], size);
    }
    outputs[0] = isnan(change) ? NAN : size > 0.0 ? tsi->scale * (change / size) : 0.0;
}

INDICATOR_SERIES(tsi_series, tsi_t, tsi_next, INDICATOR_CLOSE, 1)

const indicator_kind_t indicator_tsi = {
    .name = "tsi",
    .title = "true strength index",
    .inputs = INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"short", OPTION_WHOLE, 13, 1, INDICATOR_PERIOD_MAX},
                {"long", OPTION_WHOLE, 25, 1, INDICATOR_PERIOD_MAX},
                {"scale", OPTION_REAL, 100, 1, 100}},
    .output_count = 1,
    .outputs = {"tsi"},
    .convention =
        "published scale of 100; TradingView's ta.tsi has scale 1. Averages are seeded with plain means, as there. A flat series "
        "gives 0 (TradingView: na)",
    .source = "W. Blau, Momentum, Direction, and Divergence (1995)",
    .warm_up = tsi_warm_up,
    .state_size = tsi_state_size,
    .init = tsi_init,
    .next = tsi_next,
    .series = tsi_series,
};

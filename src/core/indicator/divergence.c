/* divergence.c: price against oscillator; see divergence.h. */
#include "core/indicator/divergence.h"

#include "core/base/assert.h"

enum { TRACKS = 4 };

size_t divergence_memory(uint32_t window)
{
    return TRACKS * (size_t)window * (sizeof(extreme_slot_t) + sizeof(double));
}

void divergence_init(divergence_t *divergence, uint32_t window, void *memory)
{
    ASSERT(window >= 2 && window <= DIVERGENCE_WINDOW_MAX);
    *divergence = (divergence_t){.window = window};
    extreme_slot_t *slots = memory;
    double *before = (double *)(slots + TRACKS * (size_t)window);
    divergence_track_t *const tracks[TRACKS] = {&divergence->price_low, &divergence->price_high, &divergence->low,
                                                &divergence->high};
    for (uint32_t i = 0; i < TRACKS; i++) {
        const extreme_side_t side = i % 2 == 0 ? EXTREME_LOWEST : EXTREME_HIGHEST;
        extreme_init(&tracks[i]->extreme, side, window, slots + i * (size_t)window);
        tracks[i]->before = before + i * (size_t)window;
    }
}

divergence_value_t divergence_of(const divergence_extremes_t *now, const divergence_extremes_t *before)
{
    return (divergence_value_t){
        .bullish = now->price_low < before->price_low && now->low > before->low,
        .bearish = now->price_high > before->price_high && now->high < before->high,
    };
}

/* Returns the extreme now; *before means something from the 2 x window-th value on. */
static double track_next(divergence_track_t *track, double value, bool full, double *before)
{
    const double now = extreme_next(&track->extreme, value);
    *before = full ? track->before[track->next] : now;
    track->before[track->next] = now;
    track->next = track->next + 1 < track->extreme.window.period ? track->next + 1 : 0;
    return now;
}

bool divergence_next(divergence_t *divergence, double high, double low, double oscillator, divergence_value_t *value)
{
    const bool full = divergence->seen >= divergence->window;
    divergence_extremes_t before;
    const divergence_extremes_t now = {
        .price_low = track_next(&divergence->price_low, low, full, &before.price_low),
        .price_high = track_next(&divergence->price_high, high, full, &before.price_high),
        .low = track_next(&divergence->low, oscillator, full, &before.low),
        .high = track_next(&divergence->high, oscillator, full, &before.high),
    };
    divergence->seen++;
    if (divergence->seen < 2 * (uint64_t)divergence->window) {
        return false;
    }
    *value = divergence_of(&now, &before);
    return true;
}

static void show(divergence_t *divergence, const indicator_bar_t *bar, double oscillator, double *outputs)
{
    divergence_value_t value;
    outputs[0] = outputs[1] = NAN;
    if (!isnan(oscillator) && divergence_next(divergence, bar->high, bar->low, oscillator, &value)) {
        outputs[0] = value.bullish ? 1.0 : 0.0;
        outputs[1] = value.bearish ? 1.0 : 0.0;
    }
}

/* --- rsi_divergence -------------------------------------------------------------------------- */

typedef struct {
    rsi_t rsi;
    divergence_t divergence;
    double memory[];
} rsi_divergence_t;

static uint32_t rsi_warm_up(const double *options)
{
    return (uint32_t)(options[0] + 2.0 * options[1]) - 1;
}

static size_t rsi_state_size(const double *options)
{
    return sizeof(rsi_divergence_t) + divergence_memory((uint32_t)options[1]);
}

static void rsi_kind_init(void *state, const double *options)
{
    rsi_divergence_t *whole = state;
    rsi_init(&whole->rsi, (uint32_t)options[0]);
    divergence_init(&whole->divergence, (uint32_t)options[1], whole->memory);
}

static void rsi_kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    rsi_divergence_t *whole = state;
    show(&whole->divergence, bar, rsi_next(&whole->rsi, bar->close), outputs);
}

const indicator_kind_t indicator_rsi_divergence = {
    .name = "rsi_divergence",
    .title = "divergence of price and RSI",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 14, 2, INDICATOR_PERIOD_MAX}, {"window", OPTION_WHOLE, 5, 2, DIVERGENCE_WINDOW_MAX}},
    .output_count = 2,
    .outputs = {"bullish", "bearish"},
    .convention = "1 or 0; extremes of the last window bars against the window before, closed bars only",
    .source = "M: 5-bar extremes now against 5 bars ago",
    .warm_up = rsi_warm_up,
    .state_size = rsi_state_size,
    .init = rsi_kind_init,
    .next = rsi_kind_next,
};

/* --- macd_divergence ------------------------------------------------------------------------- */

typedef struct {
    macd_t macd;
    divergence_t divergence;
    double memory[];
} macd_divergence_t;

static result_t macd_check(const double *options)
{
    return options[0] < options[1] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t macd_warm_up(const double *options)
{
    return (uint32_t)(options[1] + options[2] + 2.0 * options[3]) - 3;
}

static size_t macd_state_size(const double *options)
{
    return sizeof(macd_divergence_t) + divergence_memory((uint32_t)options[3]);
}

static void macd_kind_init(void *state, const double *options)
{
    macd_divergence_t *whole = state;
    macd_init(&whole->macd, (uint32_t)options[0], (uint32_t)options[1], (uint32_t)options[2]);
    divergence_init(&whole->divergence, (uint32_t)options[3], whole->memory);
}

static void macd_kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    macd_divergence_t *whole = state;
    show(&whole->divergence, bar, macd_next(&whole->macd, bar->close).macd, outputs);
}

const indicator_kind_t indicator_macd_divergence = {
    .name = "macd_divergence",
    .title = "divergence of price and MACD",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 4,
    .options = {{"fast", OPTION_WHOLE, 12, 1, INDICATOR_PERIOD_MAX},
                {"slow", OPTION_WHOLE, 26, 2, INDICATOR_PERIOD_MAX},
                {"signal", OPTION_WHOLE, 9, 1, INDICATOR_PERIOD_MAX},
                {"window", OPTION_WHOLE, 5, 2, DIVERGENCE_WINDOW_MAX}},
    .output_count = 2,
    .outputs = {"bullish", "bearish"},
    .convention = "1 or 0; extremes of the last window bars against the window before, of the MACD line once MACD is warm; "
                  "closed bars only",
    .source = "M: 5-bar extremes now against 5 bars ago",
    .check = macd_check,
    .warm_up = macd_warm_up,
    .state_size = macd_state_size,
    .init = macd_kind_init,
    .next = macd_kind_next,
};

/* cycle.c: see cycle.h. */
#include "core/indicator/cycle.h"

#include "core/base/fmath.h"
#include "core/indicator/hilbert.h"

#define TWO_PI (2.0 * 3.14159265358979323846)

enum {
    WAVE_WARM_UP = 32, /* of the period and of the two parts of the wave */
    WAVE_BEGIN = 12,
    PHASE_WARM_UP = 63, /* of what needs a whole period of prices */
    PHASE_BEGIN = 37,
    PRICES = HILBERT_PERIOD_MAX,
};

/* Counts bars up to the warm-up: true once it is over. */
static bool is_warm(uint32_t *seen, uint32_t warm_up)
{
    const bool is_over = *seen == warm_up;
    *seen += is_over ? 0 : 1;
    return is_over;
}

/* --- the period and the two parts of the wave ------------------------------------------------- */

typedef struct {
    hilbert_t hilbert;
    uint32_t seen;
} wave_t;

static uint32_t wave_warm_up(const double *options)
{
    (void)options;
    return WAVE_WARM_UP;
}

static size_t wave_state_size(const double *options)
{
    (void)options;
    return sizeof(wave_t);
}

static void wave_init(void *state, const double *options)
{
    (void)options;
    wave_t *wave = state;
    wave->seen = 0;
    hilbert_init(&wave->hilbert, WAVE_BEGIN);
}

static void dcperiod_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    wave_t *wave = state;
    hilbert_next(&wave->hilbert, bar->close);
    outputs[0] = is_warm(&wave->seen, WAVE_WARM_UP) ? wave->hilbert.period : NAN;
}

static void phasor_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    wave_t *wave = state;
    hilbert_next(&wave->hilbert, bar->close);
    const bool is_over = is_warm(&wave->seen, WAVE_WARM_UP);
    outputs[0] = is_over ? wave->hilbert.in_phase : NAN;
    outputs[1] = is_over ? wave->hilbert.quadrature : NAN;
}

/* --- the phase, and the trend without the cycle ----------------------------------------------- */

typedef struct {
    hilbert_t hilbert;
    uint32_t seen, newest;
    double prices[PRICES], smooth_prices[PRICES]; /* rings */
    uint32_t wave_bars;                           /* of the wave below */
    double sines[PRICES], cosines[PRICES];
    double phase, sine, lead_sine; /* of the last bar */
    double means[3];               /* of a period of prices, of the bars before, newest first */
    uint32_t days_in_trend;
} cycle_t;

static uint32_t cycle_warm_up(const double *options)
{
    (void)options;
    return PHASE_WARM_UP;
}

static size_t cycle_state_size(const double *options)
{
    (void)options;
    return sizeof(cycle_t);
}

static void cycle_init(void *state, const double *options)
{
    (void)options;
    cycle_t *cycle = state;
    *cycle = (cycle_t){.seen = 0};
    hilbert_init(&cycle->hilbert, PHASE_BEGIN);
}

/* Takes the bar in; false before the filters have begun. */
static bool cycle_begin_bar(cycle_t *cycle, double price)
{
    const bool has_begun = hilbert_next(&cycle->hilbert, price);
    cycle->newest = (cycle->newest + 1) % PRICES;
    cycle->prices[cycle->newest] = price;
    cycle->smooth_prices[cycle->newest] = has_begun ? cycle->hilbert.smooth_price : 0.0;
    return has_begun;
}

static uint32_t whole_period(const cycle_t *cycle)
{
    return (uint32_t)(cycle->hilbert.period + 0.5);
}

static void make_wave(cycle_t *cycle, uint32_t bars)
{
    cycle->wave_bars = bars;
    for (uint32_t i = 0; i < bars; i++) {
        const double angle = (double)i * TWO_PI / (double)bars;
        cycle->sines[i] = fmath_sin(angle);
        cycle->cosines[i] = fmath_cos(angle);
    }
}

/* The phase of the wave of the last period against the smoothed prices, in degrees; the four bars of their mean make it late. */
static double next_phase(cycle_t *cycle)
{
    const uint32_t bars = whole_period(cycle);
    if (bars != cycle->wave_bars) {
        make_wave(cycle, bars);
    }
    const double newest = cycle->smooth_prices[cycle->newest];
    double real = 0.0, imaginary = 0.0;
    for (uint32_t i = 0, at = cycle->newest; i < bars; i++, at = at == 0 ? PRICES - 1 : at - 1) {
        const double distance = cycle->smooth_prices[at] - newest; /* a whole wave of equal prices adds up to nothing */
        real += cycle->sines[i] * distance;
        imaginary += cycle->cosines[i] * distance;
    }
    double phase = cycle->phase;
    if (imaginary != 0.0) {
        phase = fmath_atan(real / imaginary) * HILBERT_DEGREES;
    } else {
        phase += real < 0.0 ? -90.0 : real > 0.0 ? 90.0 : 0.0;
    }
    phase += 90.0 + 360.0 / cycle->hilbert.period + (imaginary < 0.0 ? 180.0 : 0.0);
    return phase > 315.0 ? phase - 360.0 : phase;
}

static double sine_of(double degrees)
{
    return fmath_sin(degrees / HILBERT_DEGREES);
}

/* The mean of a period of prices, itself smoothed. */
static double next_trend(cycle_t *cycle)
{
    const uint32_t bars = whole_period(cycle);
    double sum = 0.0;
    for (uint32_t i = 0, at = cycle->newest; i < bars; i++, at = at == 0 ? PRICES - 1 : at - 1) {
        sum += cycle->prices[at];
    }
    double *means = cycle->means;
    const double mean = bars > 0 ? sum / (double)bars : 0.0;
    const double trend = (4.0 * mean + 3.0 * means[0] + 2.0 * means[1] + means[2]) / 10.0;
    means[2] = means[1];
    means[1] = means[0];
    means[0] = mean;
    return trend;
}

static void dcphase_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    cycle_t *cycle = state;
    if (cycle_begin_bar(cycle, bar->close)) {
        cycle->phase = next_phase(cycle);
    }
    outputs[0] = is_warm(&cycle->seen, PHASE_WARM_UP) ? cycle->phase : NAN;
}

static void sine_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    cycle_t *cycle = state;
    if (cycle_begin_bar(cycle, bar->close)) {
        cycle->phase = next_phase(cycle);
    }
    const bool is_over = is_warm(&cycle->seen, PHASE_WARM_UP);
    outputs[0] = is_over ? sine_of(cycle->phase) : NAN;
    outputs[1] = is_over ? sine_of(cycle->phase + 45.0) : NAN;
}

static void trendline_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    cycle_t *cycle = state;
    const double trend = cycle_begin_bar(cycle, bar->close) ? next_trend(cycle) : NAN;
    outputs[0] = is_warm(&cycle->seen, PHASE_WARM_UP) ? trend : NAN;
}

/* A cycle: half a period since the sines have crossed, or a phase that turns as a cycle's does; unless the price has left the
 * trend. */
static double next_mode(cycle_t *cycle)
{
    const double phase = next_phase(cycle), turned = phase - cycle->phase, trend = next_trend(cycle);
    const double sine = sine_of(phase), lead = sine_of(phase + 45.0), period = cycle->hilbert.period;
    const bool has_crossed = (sine > lead && cycle->sine <= cycle->lead_sine) || (sine < lead && cycle->sine >= cycle->lead_sine);
    cycle->days_in_trend = has_crossed ? 1 : cycle->days_in_trend + 1;
    bool is_cycle = has_crossed || (double)cycle->days_in_trend < 0.5 * period;
    is_cycle = is_cycle || (turned > 0.67 * 360.0 / period && turned < 1.5 * 360.0 / period);
    cycle->phase = phase;
    cycle->sine = sine;
    cycle->lead_sine = lead;
    const bool has_left = trend != 0.0 && fabs((cycle->hilbert.smooth_price - trend) / trend) >= 0.015;
    return is_cycle && !has_left ? 0.0 : 1.0;
}

static void trendmode_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    cycle_t *cycle = state;
    const double mode = cycle_begin_bar(cycle, bar->close) ? next_mode(cycle) : NAN;
    outputs[0] = is_warm(&cycle->seen, PHASE_WARM_UP) ? mode : NAN;
}

/* --- registry --------------------------------------------------------------------------------- */

#define CYCLE_KIND(id, words, family, count, names, says)                                                                          \
    const indicator_kind_t indicator_ht_##id = {                                                                                   \
        .name = "ht_" #id,                                                                                                         \
        .title = words,                                                                                                            \
        .inputs = INDICATOR_CLOSE,                                                                                                 \
        .output_count = count,                                                                                                     \
        .outputs = names,                                                                                                          \
        .convention = says,                                                                                                        \
        .source = "J. F. Ehlers, Rocket Science for Traders (2001)",                                                               \
        .warm_up = family##_warm_up,                                                                                               \
        .state_size = family##_state_size,                                                                                         \
        .init = family##_init,                                                                                                     \
        .next = id##_next,                                                                                                         \
    }
#define NAMES(...)                                                                                                                 \
    {                                                                                                                              \
        __VA_ARGS__                                                                                                                \
    }

CYCLE_KIND(dcperiod, "dominant cycle's period", wave, 1, NAMES("period"), "TA-Lib HT_DCPERIOD, in bars, from 6 to 50");
CYCLE_KIND(phasor, "dominant cycle's two parts", wave, 2, NAMES("in_phase", "quadrature"), "TA-Lib HT_PHASOR");
CYCLE_KIND(dcphase, "dominant cycle's phase", cycle, 1, NAMES("phase"),
           "TA-Lib HT_DCPHASE, in degrees, from -45 to 315; O(period) a bar. TA-Lib's of a market that stands still is noise");
CYCLE_KIND(sine, "dominant cycle's sine", cycle, 2, NAMES("sine", "lead_sine"),
           "TA-Lib HT_SINE; the second is 45 degrees on; O(period) a bar");
CYCLE_KIND(trendline, "price without the dominant cycle", cycle, 1, NAMES("trendline"), "TA-Lib HT_TRENDLINE; O(period) a bar");
CYCLE_KIND(trendmode, "trend or cycle", cycle, 1, NAMES("trend"),
           "TA-Lib HT_TRENDMODE: 1 in a trend, 0 in a cycle; O(period) a bar");

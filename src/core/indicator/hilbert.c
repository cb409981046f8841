/* hilbert.c: see hilbert.h. */
#include "core/indicator/hilbert.h"

#include "core/base/assert.h"
#include "core/base/fmath.h"

enum { FILTER_DETREND, FILTER_QUADRATURE, FILTER_IN_PHASE_TURNED, FILTER_QUADRATURE_TURNED };

#define PERIOD_MIN 6.0

void hilbert_init(hilbert_t *hilbert, uint32_t begin)
{
    *hilbert = (hilbert_t){.begin = begin};
}

static double weighted_price(hilbert_t *hilbert, double price)
{
    double *prices = hilbert->prices;
    prices[3] = prices[2];
    prices[2] = prices[1];
    prices[1] = prices[0];
    prices[0] = price;
    return (4.0 * prices[0] + 3.0 * prices[1] + 2.0 * prices[2] + prices[3]) * 0.1;
}

static double filtered(hilbert_t *hilbert, uint32_t filter, double value, double gain)
{
    double *values = hilbert->values[filter];
    const uint32_t now = hilbert->seen;
    values[now % HILBERT_VALUES] = value;
    const double outer = 0.0962 * value - 0.0962 * values[(now - 6) % HILBERT_VALUES];
    return (outer - 0.5769 * values[(now - 4) % HILBERT_VALUES] + 0.5769 * values[(now - 2) % HILBERT_VALUES]) * gain;
}

/* The next period, from the angle between this bar's wave and the last one's. */
static double next_period(const hilbert_t *hilbert)
{
    const double last = hilbert->raw_period;
    double period = last;
    if (hilbert->imaginary != 0.0 && hilbert->real != 0.0) {
        period = 360.0 / (fmath_atan(hilbert->imaginary / hilbert->real) * HILBERT_DEGREES);
    }
    period = period > 1.5 * last ? 1.5 * last : period;
    period = period < 0.67 * last ? 0.67 * last : period;
    period = period < PERIOD_MIN ? PERIOD_MIN : period > HILBERT_PERIOD_MAX ? HILBERT_PERIOD_MAX : period;
    return 0.2 * period + 0.8 * last;
}

static void find_period(hilbert_t *hilbert, double turned_in_phase, double turned_quadrature)
{
    const double quadrature = 0.2 * (hilbert->quadrature + turned_in_phase) + 0.8 * hilbert->turned_quadrature;
    const double in_phase = 0.2 * (hilbert->in_phase - turned_quadrature) + 0.8 * hilbert->turned_in_phase;
    const double real = in_phase * hilbert->turned_in_phase + quadrature * hilbert->turned_quadrature;
    const double imaginary = in_phase * hilbert->turned_quadrature - quadrature * hilbert->turned_in_phase;
    hilbert->real = 0.2 * real + 0.8 * hilbert->real;
    hilbert->imaginary = 0.2 * imaginary + 0.8 * hilbert->imaginary;
    hilbert->turned_quadrature = quadrature;
    hilbert->turned_in_phase = in_phase;
    hilbert->raw_period = next_period(hilbert);
    hilbert->period = 0.33 * hilbert->raw_period + 0.67 * hilbert->period;
}

bool hilbert_next(hilbert_t *hilbert, double price)
{
    ASSERT(indicator_value_is_good(price));
    hilbert->smooth_price = weighted_price(hilbert, price);
    hilbert->has_begun = hilbert->has_begun || hilbert->seen == hilbert->begin;
    if (hilbert->has_begun) {
        const double gain = 0.075 * hilbert->raw_period + 0.54;
        const double detrended = filtered(hilbert, FILTER_DETREND, hilbert->smooth_price, gain);
        hilbert->quadrature = filtered(hilbert, FILTER_QUADRATURE, detrended, gain);
        hilbert->in_phase = hilbert->values[FILTER_QUADRATURE][(hilbert->seen - 3) % HILBERT_VALUES];
        const double turned_in_phase = filtered(hilbert, FILTER_IN_PHASE_TURNED, hilbert->in_phase, gain);
        find_period(hilbert, turned_in_phase, filtered(hilbert, FILTER_QUADRATURE_TURNED, hilbert->quadrature, gain));
    }
    hilbert->seen++;
    return hilbert->has_begun;
}

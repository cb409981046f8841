/* bollinger.c: Bollinger bands without the cancellation of E[x^2] - E[x]^2; see bollinger.h. */
#include "core/indicator/bollinger.h"

#include "core/base/assert.h"
#include "core/indicator/series.h"

void bollinger_init(bollinger_t *bands, uint32_t period, double deviations, double *window)
{
    ASSERT(bands != NULL && window != NULL);
    ASSERT(period >= 2 && period <= INDICATOR_PERIOD_MAX);
    ASSERT(deviations >= 0.0 && deviations <= 100.0);
    *bands = (bollinger_t){.period = period, .deviations = deviations, .window = window};
}

static void take_in(bollinger_t *bands, double value)
{
    exact_sum_t distance = exact_two_sum(value, -bands->origin);
    bands->sum = exact_add(bands->sum, distance);
    bands->squares = exact_add(bands->squares, exact_multiply(distance, distance));
}

static void take_out(bollinger_t *bands, double value)
{
    exact_sum_t distance = exact_two_sum(value, -bands->origin);
    bands->sum = exact_add(bands->sum, exact_negate(distance));
    bands->squares = exact_add(bands->squares, exact_negate(exact_multiply(distance, distance)));
}

/* Once a turn of the window: sums around a value that is near now, with nothing left of older ones. */
static void sum_anew(bollinger_t *bands)
{
    bands->origin = bands->last;
    bands->sum = bands->squares = (exact_sum_t){0.0, 0.0};
    for (uint32_t i = 0; i < bands->period; i++) {
        take_in(bands, bands->window[i]);
    }
}

static void consume(bollinger_t *bands, double value)
{
    bands->same = bands->seen > 0 && value == bands->last ? bands->same : 0;
    bands->same += bands->same < bands->period;
    bands->last = value;
    if (bands->seen == bands->period) {
        take_out(bands, bands->window[bands->next]);
    } else {
        bands->origin = bands->seen == 0 ? value : bands->origin;
        bands->seen++;
    }
    take_in(bands, value);
    bands->window[bands->next] = value;
    bands->next++;
    if (bands->next == bands->period) {
        bands->next = 0;
        sum_anew(bands);
    }
}

bollinger_value_t bollinger_next(bollinger_t *bands, double value)
{
    ASSERT(bands->period != 0);
    ASSERT(indicator_value_is_good(value));
    consume(bands, value);
    if (bands->seen < bands->period) {
        return (bollinger_value_t){NAN, NAN, NAN};
    }
    if (bands->same == bands->period) {
        return (bollinger_value_t){value, value, value};
    }
    /* variance = (n * sum(d^2) - sum(d)^2) / n^2, the subtraction in two doubles */
    double n = (double)bands->period;
    exact_sum_t wide = exact_multiply(bands->squares, (exact_sum_t){n, 0.0});
    exact_sum_t spread = exact_add(wide, exact_negate(exact_multiply(bands->sum, bands->sum)));
    double deviation = spread.high > 0.0 ? sqrt(spread.high) / n : 0.0;
    double middle = bands->origin + bands->sum.high / n;
    double reach = bands->deviations * deviation;
    return (bollinger_value_t){middle + reach, middle, middle - reach};
}

void bollinger_series(uint32_t period, double deviations, const double *values, size_t bars, double *window, double *out_upper,
                      double *out_middle, double *out_lower)
{
    bollinger_t bands;
    bollinger_init(&bands, period, deviations, window);
    for (size_t i = 0; i < bars; i++) {
        bollinger_value_t value = bollinger_next(&bands, values[i]);
        out_upper[i] = value.upper;
        out_middle[i] = value.middle;
        out_lower[i] = value.lower;
    }
}

/* The state in the registry's form: the window stands behind the struct. */
typedef struct {
    bollinger_t bands;
    double window[];
} bollinger_state_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(bollinger_state_t) + (size_t)options[0] * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    bollinger_state_t *whole = state;
    bollinger_init(&whole->bands, (uint32_t)options[0], options[1], whole->window);
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    bollinger_state_t *whole = state;
    bollinger_value_t value = bollinger_next(&whole->bands, bar->close);
    outputs[0] = value.upper;
    outputs[1] = value.middle;
    outputs[2] = value.lower;
}

INDICATOR_SERIES(whole_series, bollinger_state_t, kind_next, INDICATOR_CLOSE, 3)

const indicator_kind_t indicator_bollinger = {
    .name = "bollinger",
    .title = "Bollinger bands",
    .inputs = INDICATOR_CLOSE,
    .option_count = 2,
    .options = {{"period", OPTION_WHOLE, 20, 2, INDICATOR_PERIOD_MAX}, {"deviations", OPTION_REAL, 2, 0, 100}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention =
        "TA-Lib BBANDS on a simple average: population deviation. TA-Lib's plain E[x^2] - E[x]^2 loses digits when the bands "
        "are narrow and calls a variance below 1e-14 zero; ours does neither",
    .source = "J. Bollinger, Bollinger on Bollinger Bands (2001), ch. 7",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = whole_series,
};

/* hurst.c: Hurst's exponent by rescaled range; see hurst.h. */
#include "core/indicator/hurst.h"

#include "core/base/fmath.h"
#include "core/indicator/indicator.h"

enum { PIECE_MIN = 8 };

typedef struct {
    uint32_t period, seen, at;
    double close_last;
    double *returns; /* the last period returns twice, so that they can be read without a seam */
    double room[];
} hurst_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t kind_state_size(const double *options)
{
    return sizeof(hurst_t) + 2 * (size_t)options[0] * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    hurst_t *hurst = state;
    *hurst = (hurst_t){.period = (uint32_t)options[0], .close_last = NAN};
    hurst->returns = hurst->room;
}

/* Range over deviation of one piece; 0 for a piece without moves. */
static double rescaled_range(const double *returns, uint32_t length)
{
    double sum = 0.0, squares = 0.0, walk = 0.0, highest = 0.0, lowest = 0.0;
    for (uint32_t i = 0; i < length; i++) {
        sum += returns[i];
    }
    const double mean = sum / (double)length;
    for (uint32_t i = 0; i < length; i++) {
        const double distance = returns[i] - mean;
        squares += distance * distance;
        walk += distance;
        highest = walk > highest ? walk : highest;
        lowest = walk < lowest ? walk : lowest;
    }
    return squares > 0.0 ? (highest - lowest) / sqrt(squares / (double)length) : 0.0;
}

/* Mean over the pieces of one length that moved, newest returns first to count; 0 when none did. */
static double mean_range(const double *returns, uint32_t period, uint32_t length)
{
    double sum = 0.0;
    uint32_t moved = 0;
    for (uint32_t end = period; end >= length; end -= length) {
        const double range = rescaled_range(returns + (end - length), length);
        sum += range;
        moved += range > 0.0 ? 1 : 0;
    }
    return moved > 0 ? sum / (double)moved : 0.0;
}

static double exponent_of(const double *returns, uint32_t period)
{
    double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (uint32_t length = period; length >= PIECE_MIN; length /= 2) {
        const double range = mean_range(returns, period, length);
        if (range > 0.0) {
            const double log_length = fmath_log((double)length), log_range = fmath_log(range);
            n += 1.0;
            x += log_length;
            y += log_range;
            xx += log_length * log_length;
            xy += log_length * log_range;
        }
    }
    const double spread = n * xx - x * x;
    return n >= 2.0 && spread > 0.0 ? (n * xy - x * y) / spread : 0.5;
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    hurst_t *hurst = state;
    const double last = hurst->close_last;
    hurst->close_last = bar->close;
    outputs[0] = NAN;
    if (isnan(last)) {
        return; /* the first bar */
    }
    const double move = last > 0.0 && bar->close > 0.0 ? fmath_log(bar->close / last) : 0.0;
    hurst->returns[hurst->at] = hurst->returns[hurst->at + hurst->period] = move;
    hurst->at = hurst->at + 1 == hurst->period ? 0 : hurst->at + 1;
    hurst->seen += hurst->seen < hurst->period ? 1 : 0;
    if (hurst->seen == hurst->period) {
        outputs[0] = exponent_of(hurst->returns + hurst->at, hurst->period);
    }
}

const indicator_kind_t indicator_hurst = {
    .name = "hurst",
    .title = "Hurst exponent",
    .inputs = INDICATOR_CLOSE,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 128, 16, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"hurst"},
    .convention = "rescaled range over pieces of period, period / 2 .. 8 or more returns, slope by least squares; a window without "
                  "moves gives "
                  "0.5. O(period x log period) a bar. Not in TA-Lib",
    .source = "B. Mandelbrot, J. Wallis, Robustness of the Rescaled Range R/S, Water Resources Research 5:5 (1969)",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
};

/* keltner.c: Keltner channels; see keltner.h. */
#include "core/indicator/keltner.h"

void keltner_init(keltner_t *keltner, uint32_t period, double multiplier, bool use_true_range)
{
    *keltner = (keltner_t){.multiplier = multiplier, .use_true_range = use_true_range};
    ema_init(&keltner->middle, period);
    ema_init(&keltner->range, period);
}

keltner_value_t keltner_next(keltner_t *keltner, double high, double low, double close)
{
    const double middle = ema_next(&keltner->middle, close);
    const double true_range = true_range_next(&keltner->true_range, high, low, close);
    const double range = keltner->use_true_range ? true_range : high - low;
    const double width = isnan(range) ? NAN : ema_next(&keltner->range, range) * keltner->multiplier;
    return (keltner_value_t){middle + width, middle, middle - width};
}

static uint32_t warm_up(const double *options)
{
    return (uint32_t)options[0] - (options[2] > 0.0 ? 0 : 1);
}

static uint32_t output_warm_up(const double *options, uint32_t output)
{
    return output == 1 ? (uint32_t)options[0] - 1 : warm_up(options);
}

static size_t state_size(const double *options)
{
    (void)options;
    return sizeof(keltner_t);
}

static void init(void *state, const double *options)
{
    keltner_init(state, (uint32_t)options[0], options[1], options[2] > 0.0);
}

static void next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const keltner_value_t value = keltner_next(state, bar->high, bar->low, bar->close);
    outputs[0] = value.upper;
    outputs[1] = value.middle;
    outputs[2] = value.lower;
}

static void width_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    const keltner_value_t value = keltner_next(state, bar->high, bar->low, bar->close);
    outputs[0] = isnan(value.upper) || value.middle != 0.0 ? (value.upper - value.lower) / value.middle : 0.0;
}

const indicator_kind_t indicator_keltner = {
    .name = "keltner",
    .title = "Keltner channels",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX},
                {"multiplier", OPTION_REAL, 2, 0, 100},
                {"true_range", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention = "TradingView ta.kc: the middle begins a bar before the bands, because the first bar has no true range; "
                  "not in TA-Lib. TradingView's chart: keltner_tv",
    .source = "C. Keltner, How to Make Money in Commodities (1960); L. Raschke's exponential form",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = next,
    .output_warm_up = output_warm_up,
};

const indicator_kind_t indicator_keltner_width = {
    .name = "keltner_width",
    .title = "Keltner channel width",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX},
                {"multiplier", OPTION_REAL, 2, 0, 100},
                {"true_range", OPTION_WHOLE, 1, 0, 1}},
    .output_count = 1,
    .outputs = {"width"},
    .convention = "TradingView ta.kcw: (upper - lower) / middle; 0 when the middle is 0",
    .source = "Pine Script reference, ta.kcw",
    .warm_up = warm_up,
    .state_size = state_size,
    .init = init,
    .next = width_next,
};

/* --- keltner_tv ------------------------------------------------------------------------------- */

typedef struct {
    ema_t middle;
    rma_t range;
    true_range_t true_range;
    double multiplier;
} keltner_tv_t;

static uint32_t tv_output_warm_up(const double *options, uint32_t output)
{
    const uint32_t middle = (uint32_t)options[0] - 1, range = (uint32_t)options[2] - 1;
    return output == 1 || middle > range ? middle : range;
}

static uint32_t tv_warm_up(const double *options)
{
    return tv_output_warm_up(options, 0);
}

static size_t tv_state_size(const double *options)
{
    (void)options;
    return sizeof(keltner_tv_t);
}

static void tv_init(void *state, const double *options)
{
    keltner_tv_t *keltner = state;
    *keltner = (keltner_tv_t){.multiplier = options[1]};
    ema_init(&keltner->middle, (uint32_t)options[0]);
    rma_init(&keltner->range, (uint32_t)options[2]);
}

static void tv_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    keltner_tv_t *keltner = state;
    const double true_range = true_range_next(&keltner->true_range, bar->high, bar->low, bar->close);
    const double middle = ema_next(&keltner->middle, bar->close);
    const double width = keltner->multiplier * rma_next(&keltner->range, isnan(true_range) ? bar->high - bar->low : true_range);
    outputs[0] = middle + width;
    outputs[1] = middle;
    outputs[2] = middle - width;
}

const indicator_kind_t indicator_keltner_tv = {
    .name = "keltner_tv",
    .title = "Keltner channels of TradingView's chart",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE,
    .option_count = 3,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX},
                {"multiplier", OPTION_REAL, 2, 0, 100},
                {"atr", OPTION_WHOLE, 10, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 3,
    .outputs = {"upper", "middle", "lower"},
    .convention = "as TradingView's built-in script with its presets (bands of the average true range); ta.kc: keltner",
    .source = "ta.ema(close, period) +- multiplier x ta.atr(atr)",
    .warm_up = tv_warm_up,
    .state_size = tv_state_size,
    .init = tv_init,
    .next = tv_next,
    .output_warm_up = tv_output_warm_up,
};

/* money_flow.c: accumulation/distribution, Chaikin's oscillator and money flow; see money_flow.h. */
#include "core/indicator/money_flow.h"

#include "core/base/assert.h"
#include "core/indicator/ema.h"
#include "core/indicator/running_sum.h"
#include "core/indicator/smooth.h"

static double flow_of(const indicator_bar_t *bar)
{
    ASSERT(indicator_value_is_good(bar->high) && indicator_value_is_good(bar->low) && indicator_value_is_good(bar->close));
    ASSERT(indicator_value_is_good(bar->volume));
    return money_flow_multiplier(bar->high, bar->low, bar->close) * bar->volume;
}

/* The flows of a block of bars; the last four lie partly over the four before. The divisions leave time to look at the bars. */
static inline void flow_block(const indicator_columns_t *columns, size_t from, sizes_t *sizes, double *restrict flows)
{
    const double *high = columns->high + from, *low = columns->low + from, *close = columns->close + from;
    const double *volume = columns->volume + from;
    for (size_t k = 0; k < RUNNING_BLOCK; k += 4) {
        const size_t i = k + 4 <= RUNNING_BLOCK ? k : RUNNING_BLOCK - 4;
        const four_t h = *four_at(high + i), l = *four_at(low + i), c = *four_at(close + i), v = *four_at(volume + i);
        const four_t range = h - l, share = ((c - l) - (h - c)) / range;
        *four_at(flows + i) = FOUR_WHERE(range > 0.0, share) * v;
        sizes->parts[0] += FOUR_SIZE(h) + FOUR_SIZE(l);
        sizes->parts[1] += FOUR_SIZE(c) + FOUR_SIZE(v);
    }
}

/* The line over the next bars of [from, to), a block where one begins, else one bar: how many. */
static inline size_t line_run(running_sum_t *sum, const indicator_columns_t *columns, size_t from, size_t to, sizes_t *sizes,
                              double *restrict out)
{
    if (sum->at == 0 && to - from >= RUNNING_BLOCK) {
        double flows[RUNNING_BLOCK];
        flow_block(columns, from, sizes, flows);
        running_sum_block(sum, flows, out);
        return RUNNING_BLOCK;
    }
    const double high = columns->high[from], low = columns->low[from], close = columns->close[from], volume = columns->volume[from];
    out[0] = running_sum_next(sum, money_flow_multiplier(high, low, close) * volume);
    sizes->rest += (fabs(high) + fabs(low)) + (fabs(close) + fabs(volume));
    return 1;
}

/* --- ad -------------------------------------------------------------------------------------- */

typedef struct {
    running_sum_t sum;
} ad_t;

static uint32_t ad_warm_up(const double *options)
{
    (void)options;
    return 0;
}

static size_t ad_state_size(const double *options)
{
    (void)options;
    return sizeof(ad_t);
}

static void ad_init(void *state, const double *options)
{
    (void)options;
    *(ad_t *)state = (ad_t){0};
}

static void ad_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    ad_t *ad = state;
    outputs[0] = running_sum_next(&ad->sum, flow_of(bar));
}

INDICATOR_WIDE static bool ad_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                     double *const *outputs)
{
    ad_t *ad = state;
    sizes_t sizes = {0};
    for (size_t i = from; i < to;) {
        i += line_run(&ad->sum, columns, i, to, &sizes, outputs[0] + i);
    }
    return sizes_are_good(&sizes);
}

const indicator_kind_t indicator_ad = {
    .name = "ad",
    .title = "accumulation/distribution line",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .output_count = 1,
    .outputs = {"ad"},
    .convention = "TA-Lib AD and TradingView ta.accdist; the sum does not drift",
    .source = "M. Chaikin: sum of ((close - low) - (high - close)) / (high - low) x volume",
    .warm_up = ad_warm_up,
    .state_size = ad_state_size,
    .init = ad_init,
    .next = ad_next,
    .series_looking = ad_series,
};

/* --- adosc ----------------------------------------------------------------------------------- */

typedef struct {
    running_sum_t sum;
    smooth_t fast, slow;
    uint32_t seen, warm_up; /* bars consumed, counted up to warm_up + 1 */
} adosc_t;

static result_t adosc_check(const double *options)
{
    return options[0] < options[1] ? RESULT_OK : RESULT_BAD_ARGUMENT;
}

static uint32_t adosc_warm_up(const double *options)
{
    return (uint32_t)options[1] - 1;
}

static size_t adosc_state_size(const double *options)
{
    (void)options;
    return sizeof(adosc_t);
}

static void adosc_init(void *state, const double *options)
{
    adosc_t *adosc = state;
    *adosc = (adosc_t){.warm_up = adosc_warm_up(options)};
    smooth_t *const averages[] = {&adosc->fast, &adosc->slow};
    for (int i = 0; i < 2; i++) { /* a period of 1: they begin with the first value */
        const double factor = 2.0 / (options[i] + 1.0);
        smooth_init(averages[i], 1, factor, 1.0 - factor);
    }
}

static void adosc_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    adosc_t *adosc = state;
    const double line = running_sum_next(&adosc->sum, flow_of(bar));
    const double fast = smooth_next(&adosc->fast, line), slow = smooth_next(&adosc->slow, line);
    outputs[0] = adosc->seen >= adosc->warm_up ? fast - slow : NAN;
    adosc->seen += adosc->seen <= adosc->warm_up;
}

/* Block by block: the flows of the next one are found while the averages wait for themselves. */
INDICATOR_WIDE static bool adosc_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                        double *const *outputs)
{
    adosc_t *adosc = state;
    smooth_pair_t fast = smooth_pair_enter(&adosc->fast), slow = smooth_pair_enter(&adosc->slow);
    sizes_t sizes = {0};
    double lines[RUNNING_BLOCK], *restrict out = outputs[0];
    for (size_t i = from, count; i < to; i += count) {
        count = line_run(&adosc->sum, columns, i, to, &sizes, lines);
        for (size_t k = 0; k + 2 <= count; k += 2) {
            const twin_t two = twin_at(lines + k);
            *(twin_t *)(out + i + k) = smooth_pair_step(&fast, two) - smooth_pair_step(&slow, two);
        }
        if (count == 1) {
            out[i] = smooth_pair_one(&fast, lines[0]) - smooth_pair_one(&slow, lines[0]);
        }
    }
    smooth_pair_leave(&adosc->fast, &fast);
    smooth_pair_leave(&adosc->slow, &slow);
    return sizes_are_good(&sizes);
}

const indicator_kind_t indicator_adosc = {
    .name = "adosc",
    .title = "Chaikin oscillator",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 2,
    .options = {{"fast", OPTION_WHOLE, 3, 2, INDICATOR_PERIOD_MAX}, {"slow", OPTION_WHOLE, 10, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"adosc"},
    .convention = "TA-Lib ADOSC: both averages begin with the line's first value; fast >= slow is refused. TradingView's: adosc_tv",
    .source = "M. Chaikin: EMA(ad, fast) - EMA(ad, slow)",
    .check = adosc_check,
    .warm_up = adosc_warm_up,
    .state_size = adosc_state_size,
    .init = adosc_init,
    .next = adosc_next,
    .series_looking = adosc_series,
};

/* --- adosc_tv -------------------------------------------------------------------------------- */

typedef struct {
    running_sum_t sum;
    ema_t fast, slow;
} adosc_tv_t;

static size_t adosc_tv_state_size(const double *options)
{
    (void)options;
    return sizeof(adosc_tv_t);
}

static void adosc_tv_init(void *state, const double *options)
{
    adosc_tv_t *adosc = state;
    adosc->sum = (running_sum_t){0};
    ema_init(&adosc->fast, (uint32_t)options[0]);
    ema_init(&adosc->slow, (uint32_t)options[1]);
}

static void adosc_tv_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    adosc_tv_t *adosc = state;
    const double line = running_sum_next(&adosc->sum, flow_of(bar));
    const double fast = ema_next(&adosc->fast, line), slow = ema_next(&adosc->slow, line);
    outputs[0] = fast - slow;
}

const indicator_kind_t indicator_adosc_tv = {
    .name = "adosc_tv",
    .title = "Chaikin oscillator, TradingView's",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 2,
    .options = {{"fast", OPTION_WHOLE, 3, 2, INDICATOR_PERIOD_MAX}, {"slow", OPTION_WHOLE, 10, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"adosc"},
    .convention = "as TradingView's built-in script: each average is seeded with the mean of the line's first values (adosc: with "
                  "the first value); fast >= slow is refused",
    .source = "ta.ema(ta.accdist, fast) - ta.ema(ta.accdist, slow)",
    .check = adosc_check,
    .warm_up = adosc_warm_up,
    .state_size = adosc_tv_state_size,
    .init = adosc_tv_init,
    .next = adosc_tv_next,
};

/* --- cmf ------------------------------------------------------------------------------------- */

typedef struct {
    rolling_sum_t flow, volume;
    double windows[]; /* two of `period` */
} cmf_t;

static uint32_t cmf_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t cmf_state_size(const double *options)
{
    return sizeof(cmf_t) + 2 * (size_t)options[0] * sizeof(double);
}

static void cmf_init(void *state, const double *options)
{
    cmf_t *cmf = state;
    const uint32_t period = (uint32_t)options[0];
    rolling_sum_init(&cmf->flow, period, cmf->windows);
    rolling_sum_init(&cmf->volume, period, cmf->windows + period);
}

static void cmf_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    cmf_t *cmf = state;
    const double flow = rolling_sum_next(&cmf->flow, flow_of(bar));
    const double volume = rolling_sum_next(&cmf->volume, bar->volume);
    outputs[0] = isnan(flow) || volume != 0.0 ? flow / volume : 0.0;
}

const indicator_kind_t indicator_cmf = {
    .name = "cmf",
    .title = "Chaikin money flow",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW | INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"cmf"},
    .convention = "not in TA-Lib; as TradingView's built-in script; 0 when the window has no volume",
    .source = "M. Chaikin: sum(multiplier x volume) / sum(volume)",
    .warm_up = cmf_warm_up,
    .state_size = cmf_state_size,
    .init = cmf_init,
    .next = cmf_next,
};

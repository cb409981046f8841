/* candle_pattern.c: measures of candlesticks and the running of one pattern; see candle_pattern.h. */
#include "core/indicator/candle_pattern.h"

#include "core/base/assert.h"

typedef enum { RANGE_BODY, RANGE_WHOLE, RANGE_SHADOWS } range_kind_t;

/* TA-Lib's default candle settings. */
static const struct {
    range_kind_t range;
    uint32_t bars;
    double factor;
} settings[] = {
    [CANDLE_BODY_LONG] = {RANGE_BODY, 10, 1.0},
    [CANDLE_BODY_SHORT] = {RANGE_BODY, 10, 1.0},
    [CANDLE_BODY_DOJI] = {RANGE_WHOLE, 10, 0.1},
    [CANDLE_SHADOW_LONG] = {RANGE_BODY, 0, 1.0},
    [CANDLE_SHADOW_VERY_LONG] = {RANGE_BODY, 0, 2.0},
    [CANDLE_SHADOW_SHORT] = {RANGE_SHADOWS, 10, 1.0},
    [CANDLE_SHADOW_VERY_SHORT] = {RANGE_WHOLE, 10, 0.1},
    [CANDLE_NEAR] = {RANGE_WHOLE, 5, 0.2},
    [CANDLE_FAR] = {RANGE_WHOLE, 5, 0.6},
    [CANDLE_EQUAL] = {RANGE_WHOLE, 5, 0.05},
};

static double range_of(const candles_t *candles, range_kind_t kind, uint32_t ago)
{
    switch (kind) {
    case RANGE_BODY:
        return candle_body(candles, ago);
    case RANGE_WHOLE:
        return candle_high(candles, ago) - candle_low(candles, ago);
    case RANGE_SHADOWS:
        return candle_upper_shadow(candles, ago) + candle_lower_shadow(candles, ago);
    }
    ASSERT(false);
    return 0.0;
}

double candle_measure(const candles_t *candles, candle_setting_t setting, uint32_t ago)
{
    const uint32_t bars = settings[setting].bars;
    const range_kind_t range = settings[setting].range;
    double mean = range_of(candles, range, ago);
    if (bars > 0) {
        double sum = 0.0;
        for (uint32_t i = bars; i > 0; i--) {
            sum += range_of(candles, range, ago + i);
        }
        mean = sum / (double)bars;
    }
    return settings[setting].factor * mean / (range == RANGE_SHADOWS ? 2.0 : 1.0);
}

bool candle_is_within(const candles_t *candles, candle_setting_t setting, uint32_t ago, double x, double y)
{
    const double measure = candle_measure(candles, setting, ago);
    return x <= y + measure && x >= y - measure;
}

bool candle_is_long(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) > candle_measure(candles, CANDLE_BODY_LONG, ago);
}

bool candle_is_short(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) < candle_measure(candles, CANDLE_BODY_SHORT, ago);
}

bool candle_is_short_or_equal(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) <= candle_measure(candles, CANDLE_BODY_SHORT, ago);
}

bool candle_is_doji(const candles_t *candles, uint32_t ago)
{
    return candle_body(candles, ago) <= candle_measure(candles, CANDLE_BODY_DOJI, ago);
}

bool candle_has_no_upper_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_upper_shadow(candles, ago) < candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, ago);
}

bool candle_has_no_lower_shadow(const candles_t *candles, uint32_t ago)
{
    return candle_lower_shadow(candles, ago) < candle_measure(candles, CANDLE_SHADOW_VERY_SHORT, ago);
}

void candle_kind_init(void *state, const double *options)
{
    (void)options;
    *(candles_t *)state = (candles_t){.newest = 0};
}

void candle_kind_init_penetration(void *state, const double *options)
{
    *(candles_t *)state = (candles_t){.penetration = options[0]};
}

size_t candle_kind_state_size(const double *options)
{
    (void)options;
    return sizeof(candles_t);
}

void candle_kind_next(candles_t *candles, const indicator_bar_t *bar, candle_match_t match, uint32_t warm_up, double *outputs)
{
    ASSERT(indicator_value_is_good(bar->open) && indicator_value_is_good(bar->high));
    ASSERT(indicator_value_is_good(bar->low) && indicator_value_is_good(bar->close));
    candles->newest = (candles->newest + 1) % CANDLES_KEPT;
    candles->bars[candles->newest] = (candle_bar_t){bar->open, bar->high, bar->low, bar->close};
    outputs[0] = NAN;
    if (candles->seen == warm_up) {
        outputs[0] = (double)match(candles);
        return;
    }
    candles->seen++;
}

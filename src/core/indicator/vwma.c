/* vwma.c: volume weighted moving average; see vwma.h. */
#include "core/indicator/vwma.h"

#include "core/indicator/rolling.h"

typedef struct {
    rolling_twin_t sums; /* of close x volume, of volume */
    rolling_sum_t plain; /* mean of the closes: made where a window begins to be without volume, kept up while windows are */
    bool is_plain;
    uint32_t at;
    double *ring; /* the last period closes */
    double room[];
} vwma_t;

static uint32_t kind_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t kind_state_size(const double *options)
{
    return sizeof(vwma_t) + (ROLLING_TWIN_ROOM(options[0]) + ROLLING_ROOM(options[0]) + (size_t)options[0]) * sizeof(double);
}

static void kind_init(void *state, const double *options)
{
    vwma_t *vwma = state;
    rolling_twin_init(&vwma->sums, (uint32_t)options[0], (twin_t *)vwma->room);
    vwma->ring = vwma->room + ROLLING_TWIN_ROOM(options[0]);
    vwma->at = 0;
    vwma->is_plain = false;
    rolling_mean_init(&vwma->plain, (uint32_t)options[0], vwma->ring + (size_t)options[0]);
}

/* The mean of a window without volume. All of its closes are taken only where the window before had volume, which is once in a
 * period at most: they are `before_count` from `before` on, then those from `block` on to the present one. */
static double plain_mean(vwma_t *vwma, const double *before, uint32_t before_count, const double *block, uint32_t block_count)
{
    if (vwma->is_plain) {
        return rolling_sum_next(&vwma->plain, block[block_count - 1]);
    }
    vwma->is_plain = true;
    rolling_mean_init(&vwma->plain, vwma->sums.period, vwma->plain.tails);
    double mean = 0.0;
    for (uint32_t i = 0; i < before_count; i++) {
        mean = rolling_sum_next(&vwma->plain, before[i]);
    }
    for (uint32_t i = 0; i < block_count; i++) {
        mean = rolling_sum_next(&vwma->plain, block[i]);
    }
    return mean;
}

static void kind_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    vwma_t *vwma = state;
    const uint32_t at = vwma->at, period = vwma->sums.period;
    const twin_t sums = rolling_twin_next(&vwma->sums, (twin_t){bar->close * bar->volume, bar->volume});
    vwma->ring[at] = bar->close;
    vwma->at = at + 1 == period ? 0 : at + 1;
    outputs[0] = NAN;
    if (rolling_twin_is_warm(&vwma->sums)) {
        const bool has_volume = sums[1] != 0.0;
        outputs[0] = has_volume ? sums[0] / sums[1] : plain_mean(vwma, vwma->ring + at + 1, period - at - 1, vwma->ring, at + 1);
        vwma->is_plain = !has_volume;
    }
}

INDICATOR_WIDE static void kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    vwma_t *vwma = state;
    const double *close = columns->close + from, *volume = columns->volume + from;
    const uint32_t period = vwma->sums.period;
    const size_t count = to - from;
    double *restrict out = outputs[0] + from;
    twin_t steps[INDICATOR_CHUNK], sums[INDICATOR_CHUNK];
    uint64_t without = 0; /* volume */
    double *const parts = (double *)steps;
    for (size_t i = 0; i < count; i++) {
        parts[2 * i] = close[i] * volume[i];
        parts[2 * i + 1] = volume[i];
    }
    rolling_twin_run(&vwma->sums, steps, count, sums);
    const double *const pairs = twin_column(sums);
    for (size_t i = 0; i < count; i++) {
        out[i] = pairs[2 * i] / pairs[2 * i + 1];
        without += pairs[2 * i + 1] == 0.0 ? 1 : 0;
    }
    for (size_t i = 0; without > 0 && i < count; i++) {
        const bool has_volume = sums[i][1] != 0.0;
        if (!has_volume) {
            out[i] = plain_mean(vwma, close, 0, close + i + 1 - period, period);
        }
        vwma->is_plain = !has_volume;
    }
    vwma->is_plain = vwma->is_plain && without > 0;
}

const indicator_kind_t indicator_vwma = {
    .name = "vwma",
    .title = "volume weighted moving average",
    .inputs = INDICATOR_CLOSE | INDICATOR_VOLUME,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 20, 1, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"vwma"},
    .convention = "TradingView ta.vwma, Tulip vwma; a window without volume gives the plain mean (TradingView: na). Not in TA-Lib",
    .source = "sum of close x volume / sum of volume over the window",
    .warm_up = kind_warm_up,
    .state_size = kind_state_size,
    .init = kind_init,
    .next = kind_next,
    .series = kind_series,
    .series_bears_all = true,
    .blocks_of = 1,
};

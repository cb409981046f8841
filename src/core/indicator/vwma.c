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

/* The same from sums of a series, whose closes before `close` stand in its column. */
static inline double mean_at(vwma_t *vwma, twin_t sums, const double *close)
{
    const uint32_t period = vwma->sums.period;
    const bool has_volume = sums[1] != 0.0;
    const double mean = has_volume ? sums[0] / sums[1] : plain_mean(vwma, close, 0, close + 1 - period, period);
    vwma->is_plain = !has_volume;
    return mean;
}

/* A stretch that is no whole block. */
static void some_bars(vwma_t *vwma, const double *close, const double *volume, size_t count, double *restrict out)
{
    twin_t steps[INDICATOR_CHUNK], sums[INDICATOR_CHUNK];
    double *const parts = (double *)steps;
    for (size_t i = 0; i < count; i++) {
        parts[2 * i] = close[i] * volume[i];
        parts[2 * i + 1] = volume[i];
    }
    rolling_twin_run(&vwma->sums, steps, count, sums);
    for (size_t i = 0; i < count; i++) {
        out[i] = mean_at(vwma, sums[i], close + i);
    }
}

/* Four bars' parts of the sums: close x volume, volume. */
typedef struct {
    twin_t bars[4];
} four_steps_t;

static inline four_steps_t steps_at(const double *close, const double *volume)
{
    const four_t volumes = *four_at(volume), products = *four_at(close) * volumes;
    const four_t even = LANES_EVEN(products, volumes);
    const four_t odd = LANES_ODD(products, volumes);
    return (four_steps_t){{__builtin_shufflevector(even, even, 0, 1), __builtin_shufflevector(odd, odd, 0, 1),
                           __builtin_shufflevector(even, even, 2, 3), __builtin_shufflevector(odd, odd, 2, 3)}};
}

/* One whole block in one loop, bars from its front for the heads and from its back for its own tails, so that the memory, the two
 * chains of sums and the divisions all go at once. before: tails of the block before and nothing behind them. True: every window
 * had volume. */
static inline bool whole_block(const double *close, const double *volume, size_t period, const twin_t *restrict before,
                               twin_t *restrict tails, double *restrict out)
{
    twin_t head = {0.0, 0.0}, tail = head;
    four_mask_t without = {0};
    size_t k = 0;
    for (; k + 4 <= period; k += 4) {
        const four_steps_t front = steps_at(close + k, volume + k);
        const twin_t second = head + front.bars[0] + front.bars[1], third = second + front.bars[2];
        const twin_t a = before[k + 1] + (head + front.bars[0]), b = before[k + 2] + second, c = before[k + 3] + third;
        head = third + front.bars[3];
        const four_t ac = __builtin_shufflevector(a, c, 0, 1, 2, 3);
        const four_t bd = __builtin_shufflevector(b, before[k + 4] + head, 0, 1, 2, 3);
        const four_t volumes = LANES_ODD(ac, bd);
        without |= volumes == 0.0;
        *four_at(out + k) = LANES_EVEN(ac, bd) / volumes;
        const size_t end = period - k;
        const four_steps_t back = steps_at(close + end - 4, volume + end - 4);
        tails[end - 1] = tail += back.bars[3];
        tails[end - 2] = tail += back.bars[2];
        tails[end - 3] = tail += back.bars[1];
        tails[end - 4] = tail += back.bars[0];
    }
    for (; k < period; k++) {
        const size_t last = period - 1 - k;
        head += (twin_t){close[k] * volume[k], volume[k]};
        tails[last] = tail += (twin_t){close[last] * volume[last], volume[last]};
        const twin_t sums = before[k + 1] + head;
        without[0] |= sums[1] == 0.0 ? -1 : 0;
        out[k] = sums[0] / sums[1];
    }
    return (without[0] | without[1] | without[2] | without[3]) == 0;
}

/* The same block where windows are without volume. */
static void sparse_block(vwma_t *vwma, const double *close, const double *volume, const twin_t *before, double *out)
{
    twin_t head = {0.0, 0.0};
    for (size_t k = 0; k < vwma->sums.period; k++) {
        head += (twin_t){close[k] * volume[k], volume[k]};
        out[k] = mean_at(vwma, before[k + 1] + head, close + k);
    }
}

INDICATOR_WIDE static void kind_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    vwma_t *vwma = state;
    const double *close = columns->close + from, *volume = columns->volume + from;
    const size_t period = vwma->sums.period, count = to - from;
    double *restrict out = outputs[0] + from;
    for (size_t i = 0; i < count;) {
        const size_t blocks = rolling_twin_at(&vwma->sums) == 0 ? (count - i) / period : 0;
        twin_t tails[2][INDICATOR_CHUNK + 1];
        if (blocks == 0) {
            const size_t steps = rolling_steps((uint32_t)period, rolling_twin_at(&vwma->sums), count - i);
            some_bars(vwma, close + i, volume + i, steps, out + i);
            i += steps;
            continue;
        }
        memcpy(tails[0], vwma->sums.tails, period * sizeof(twin_t));
        tails[0][period] = tails[1][period] = (twin_t){0.0, 0.0};
        for (size_t block = 0; block < blocks; block++, i += period) {
            const twin_t *before = tails[block % 2];
            if (whole_block(close + i, volume + i, period, before, tails[1 - block % 2], out + i)) {
                vwma->is_plain = false;
            } else {
                sparse_block(vwma, close + i, volume + i, before, out + i);
            }
        }
        memcpy(vwma->sums.tails, tails[blocks % 2], period * sizeof(twin_t));
        vwma->sums.blocks += blocks;
    }
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

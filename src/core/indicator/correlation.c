/* correlation.c: two series against each other; see correlation.h. */
#include "core/indicator/correlation.h"

#include "core/indicator/lanes.h"
#include "core/indicator/spread.h"

/* --- correl ----------------------------------------------------------------------------------- */

/* Sums of the distances of both from their origins, of the squares, and of the products. */
typedef struct {
    twin_t sums, squares;
    double products;
} moments_t;

/* The block scheme of spread.h for two series at once. */
typedef struct {
    uint32_t period, at, seen;
    double share; /* 1 / period */
    twin_t origin;
    moments_t head;
    twin_t *values;   /* a ring of period */
    moments_t *tails; /* a period of them */
    double room[];
} correl_t;

static uint32_t correl_warm_up(const double *options)
{
    return (uint32_t)options[0] - 1;
}

static size_t correl_state_size(const double *options)
{
    return sizeof(correl_t) + (size_t)options[0] * (sizeof(twin_t) + sizeof(moments_t));
}

static void correl_init(void *state, const double *options)
{
    correl_t *correl = state;
    const uint32_t period = (uint32_t)options[0];
    memset(correl->room, 0, period * (sizeof(twin_t) + sizeof(moments_t)));
    *correl = (correl_t){.period = period, .share = 1.0 / options[0]};
    correl->values = (twin_t *)correl->room;
    correl->tails = (moments_t *)(correl->values + period);
}

static inline moments_t moments_with(moments_t moments, twin_t d)
{
    return (moments_t){moments.sums + d, moments.squares + d * d, moments.products + d[0] * d[1]};
}

static inline moments_t moments_joined(moments_t a, moments_t b)
{
    return (moments_t){a.sums + b.sums, a.squares + b.squares, a.products + b.products};
}

static void correl_turn(correl_t *correl)
{
    moments_t tail = {0};
    correl->origin = correl->values[correl->period - 1];
    for (uint32_t i = correl->period; i-- > 1;) {
        tail = moments_with(tail, correl->values[i] - correl->origin);
        correl->tails[i] = tail;
    }
    correl->at = 0;
    correl->head = (moments_t){0};
}

/* Products that are far from where a double loses digits, and from where it ends. */
#define PRODUCT_LEAST 1e-290
#define PRODUCT_MOST  1e290

static inline double correlation_of(twin_t squares, double products)
{
    const double both = squares[0] * squares[1];
    if (!(squares[0] > 0.0 && squares[1] > 0.0)) {
        return 0.0;
    }
    const bool fits = both > PRODUCT_LEAST && both < PRODUCT_MOST; /* one root for both */
    const double value = products / (fits ? sqrt(both) : sqrt(squares[0]) * sqrt(squares[1]));
    return value > 1.0 ? 1.0 : value < -1.0 ? -1.0 : value;
}

/* Value by value, in the order of the ring: first around the first value, for the means, then around these. */
static double measured(const correl_t *correl)
{
    const twin_t first = correl->values[0];
    moments_t moments = {0};
    twin_t moved = {0.0, 0.0};
    for (uint32_t i = 0; i < correl->period; i++) {
        moments.sums += correl->values[i] - first;
        moved += twin_size(correl->values[i] - first);
    }
    if (moved[0] == 0.0 || moved[1] == 0.0) {
        return 0.0; /* flat */
    }
    const twin_t means = first + moments.sums * correl->share;
    moments = (moments_t){0};
    for (uint32_t i = 0; i < correl->period; i++) {
        moments = moments_with(moments, correl->values[i] - means);
    }
    const twin_t rests = moments.sums; /* what the means' own rounding adds goes */
    return correlation_of(moments.squares - rests * rests * correl->share, moments.products - rests[0] * rests[1] * correl->share);
}

static inline double correl_step(correl_t *correl, twin_t value)
{
    const uint32_t at = correl->at;
    correl->head = moments_with(correl->head, value - correl->origin);
    correl->values[at] = value;
    const moments_t now = at + 1 < correl->period ? moments_joined(correl->tails[at + 1], correl->head) : correl->head;
    const twin_t left = now.squares - now.sums * now.sums * correl->share;
    const bool is_lost = spread_is_lost(left[0], now.squares[0]) || spread_is_lost(left[1], now.squares[1]);
    const double direct = correlation_of(left, now.products - now.sums[0] * now.sums[1] * correl->share);
    correl->at = at + 1;
    const double result = is_lost ? measured(correl) : direct;
    if (correl->at == correl->period) {
        correl_turn(correl);
    }
    return result;
}

static void correl_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    correl_t *correl = state;
    const twin_t value = {bar->high, bar->low};
    correl->origin = correl->seen == 0 ? value : correl->origin;
    correl->seen += correl->seen < correl->period ? 1 : 0;
    const double correlation = correl_step(correl, value);
    outputs[0] = correl->seen == correl->period ? correlation : NAN;
}

/* moments_t of four blocks, one a lane. */
typedef struct {
    four_t sums[2], squares[2], products;
} moments_lanes_t;

/* The sums with one more value each. By parts, not by moments_with: a lane of each belongs to another block. */
static inline void lanes_add(moments_lanes_t *moments, const four_t *d)
{
    moments->sums[0] += d[0];
    moments->sums[1] += d[1];
    moments->squares[0] += d[0] * d[0];
    moments->squares[1] += d[1] * d[1];
    moments->products += d[0] * d[1];
}

/* Joined with what the tails give, each lane's from the block before it. */
static inline moments_lanes_t lanes_joined(const moments_lanes_t *tails, const moments_t *before, const moments_lanes_t *head)
{
    return (moments_lanes_t){{LANES_BEFORE(tails->sums[0], before->sums[0]) + head->sums[0],
                              LANES_BEFORE(tails->sums[1], before->sums[1]) + head->sums[1]},
                             {LANES_BEFORE(tails->squares[0], before->squares[0]) + head->squares[0],
                              LANES_BEFORE(tails->squares[1], before->squares[1]) + head->squares[1]},
                             LANES_BEFORE(tails->products, before->products) + head->products};
}

/* Four whole blocks side by side. False where digits may be lost or a root would not do for both: then nothing has come of it. */
static inline bool correl_four(correl_t *correl, const double *const *values, double *restrict out)
{
    const size_t n = correl->period, all = LANES * n;
    const double share = correl->share;
    four_t in[2][LANES_SLOTS_MAX], both[LANES_SLOTS_MAX], products[LANES_SLOTS_MAX], origins[2], ends[2];
    moments_lanes_t tails[LANES_SLOTS_MAX + 1], sums = {0};
    double roots[INDICATOR_CHUNK];
    for (size_t c = 0; c < 2; c++) {
        const double *const last = values[c] + n - 1;
        lanes_in(values[c], n, in[c]);
        origins[c] = (four_t){correl->origin[c], last[0], last[n], last[2 * n]};
        ends[c] = (four_t){last[0], last[n], last[2 * n], last[3 * n]};
    }
    for (size_t k = n; k-- > 1;) {
        lanes_add(&sums, (const four_t[]){in[0][k] - ends[0], in[1][k] - ends[1]});
        tails[k] = sums;
    }
    sums = (moments_lanes_t){0};
    four_mask_t fits = {-1, -1, -1, -1};
    for (size_t k = 0; k < n; k++) {
        lanes_add(&sums, (const four_t[]){in[0][k] - origins[0], in[1][k] - origins[1]});
        const moments_lanes_t now = k + 1 < n ? lanes_joined(&tails[k + 1], &correl->tails[k + 1], &sums) : sums;
        const four_t first = now.squares[0] - now.sums[0] * now.sums[0] * share;
        const four_t second = now.squares[1] - now.sums[1] * now.sums[1] * share;
        both[k] = first * second;
        products[k] = now.products - now.sums[0] * now.sums[1] * share;
        fits &= (first > SPREAD_ENOUGH * now.squares[0]) & (second > SPREAD_ENOUGH * now.squares[1]);
        fits &= (both[k] > PRODUCT_LEAST) & (both[k] < PRODUCT_MOST);
    }
    if ((fits[0] & fits[1] & fits[2] & fits[3]) == 0) {
        return false;
    }
    lanes_out(products, n, out);
    lanes_out(both, n, roots);
    for (size_t i = 0; i < all; i++) {
        const double value = out[i] / sqrt(roots[i]), least = value < -1.0 ? -1.0 : value;
        out[i] = value > 1.0 ? 1.0 : least;
    }
    for (size_t k = 0; k < n; k++) {
        const moments_lanes_t *const tail = &tails[k];
        correl->values[k] = (twin_t){in[0][k][LANES - 1], in[1][k][LANES - 1]};
        if (k > 0) {
            correl->tails[k] = (moments_t){{tail->sums[0][LANES - 1], tail->sums[1][LANES - 1]},
                                           {tail->squares[0][LANES - 1], tail->squares[1][LANES - 1]},
                                           tail->products[LANES - 1]};
        }
    }
    correl->origin = correl->values[n - 1];
    return true;
}

INDICATOR_WIDE static void correl_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                         double *const *outputs)
{
    correl_t *correl = state;
    const double *first = columns->high, *second = columns->low;
    double *restrict out = outputs[0];
    const size_t four = LANES * (size_t)correl->period;
    for (size_t i = from; i < to;) {
        if (correl->at == 0 && to - i >= four && correl_four(correl, (const double *const[]){first + i, second + i}, out + i)) {
            i += four;
            continue;
        }
        for (const size_t end = i + rolling_steps(correl->period, correl->at, to - i); i < end; i++) {
            out[i] = correl_step(correl, (twin_t){first[i], second[i]});
        }
    }
}

const indicator_kind_t indicator_correl = {
    .name = "correl",
    .title = "correlation of two series",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 30, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"correl"},
    .convention =
        "TA-Lib CORREL (high and low, unless two sources are given), TradingView ta.correlation; a flat series gives 0 as TA-Lib "
        "(TradingView: na, and 0 for a covariance below 1e-10)",
    .source = "K. Pearson's coefficient over the window",
    .warm_up = correl_warm_up,
    .state_size = correl_state_size,
    .init = correl_init,
    .next = correl_next,
    .series = correl_series,
    .series_bears_all = true,
    .blocks_of = 1,
};

/* --- beta ------------------------------------------------------------------------------------- */

typedef struct {
    uint32_t seen; /* bars, counted up to period + 1 */
    twin_t last;
    rolling_twin_t sums, products; /* of x and y; of x x and x y */
    double room[];
} beta_t;

static uint32_t beta_warm_up(const double *options)
{
    return (uint32_t)options[0];
}

static size_t beta_state_size(const double *options)
{
    return sizeof(beta_t) + 2 * ROLLING_TWIN_ROOM(options[0]) * sizeof(double);
}

static void beta_init(void *state, const double *options)
{
    beta_t *beta = state;
    beta->seen = 0;
    rolling_twin_init(&beta->sums, (uint32_t)options[0], (twin_t *)beta->room);
    rolling_twin_init(&beta->products, (uint32_t)options[0], (twin_t *)(beta->room + ROLLING_TWIN_ROOM(options[0])));
}

/* 0 after a value of 0. */
static inline double return_of(double value, double last)
{
    const double moved = (value - last) / last;
    return last != 0.0 ? moved : 0.0;
}

/* Where it fits a double, one division does for both returns: by the product of the values before. */
static inline bool product_fits(double product)
{
    const double size = fabs(product);
    return size > PRODUCT_LEAST && size < PRODUCT_MOST;
}

static inline twin_t returns_of(twin_t values, twin_t last)
{
    const double product = last[0] * last[1];
    if (!product_fits(product)) {
        return (twin_t){return_of(values[0], last[0]), return_of(values[1], last[1])};
    }
    const double share = 1.0 / product;
    return (values - last) * ((twin_t){last[1], last[0]} * share);
}

/* Of `count` bars, the first with the bar before it. */
static inline void returns_run(const double *first, const double *second, size_t count, double *restrict x, double *restrict y)
{
    const double *const first_last = first - 1, *const second_last = second - 1;
    uint64_t fitting = 0; /* counted without a branch */
    for (size_t i = 0; i < count; i++) {
        const double product = first_last[i] * second_last[i], share = 1.0 / product;
        x[i] = (first[i] - first_last[i]) * (second_last[i] * share);
        y[i] = (second[i] - second_last[i]) * (first_last[i] * share);
        fitting += product_fits(product) ? 1 : 0;
    }
    for (size_t i = 0; fitting < count && i < count; i++) {
        const twin_t both = returns_of((twin_t){first[i], second[i]}, (twin_t){first_last[i], second_last[i]});
        x[i] = both[0];
        y[i] = both[1];
    }
}

static inline double beta_of(double n, double x, double y, double xx, double xy)
{
    const double variance = n * xx - x * x, covariance = n * xy - x * y; /* n^2 times both */
    const double slope = covariance / variance;
    return variance > 0.0 ? slope : 0.0;
}

static void beta_next(void *state, const indicator_bar_t *bar, double *outputs)
{
    beta_t *beta = state;
    const twin_t values = {bar->high, bar->low};
    /* The first bar counts as one that did not move, so that blocks begin with the series; no window that is given has it. */
    const twin_t returns = beta->seen == 0 ? (twin_t){0.0, 0.0} : returns_of(values, beta->last);
    const twin_t sums = rolling_twin_next(&beta->sums, returns),
                 products = rolling_twin_next(&beta->products, returns[0] * returns);
    beta->last = values;
    beta->seen += beta->seen <= beta->sums.period ? 1 : 0;
    outputs[0] = NAN;
    if (beta->seen > beta->sums.period) {
        outputs[0] = beta_of((double)beta->sums.period, sums[0], sums[1], products[0], products[1]);
    }
}

/* Blocks of the usual length have their own copy of the loops, unrolled: they are too short to bear the loops' own steps. */
enum { BETA_USUAL = 5 };

/* The sums of four blocks, one a lane. */
typedef struct {
    four_t x, y, xx, xy;
} beta_lanes_t;

static inline void beta_lanes_add(beta_lanes_t *sums, const four_t *x, const four_t *y)
{
    sums->x += *x;
    sums->y += *y;
    sums->xx += *x * *x;
    sums->xy += *x * *y;
}

/* Four whole blocks of returns side by side. */
__attribute__((always_inline)) static inline void beta_four(beta_t *beta, size_t slots, const double *x, const double *y,
                                                            double *restrict out)
{
    const double n = (double)slots;
    twin_t *const simple = beta->sums.tails, *const products = beta->products.tails;
    lanes_t xs, ys;
    _Alignas(sizeof(four_t)) beta_lanes_t tails[LANES_SLOTS_MAX + 1];
    beta_lanes_t sums = {0};
    lanes_in(x, slots, xs);
    lanes_in(y, slots, ys);
    for (size_t k = slots; k-- > 1;) {
        beta_lanes_add(&sums, &xs[k], &ys[k]);
        tails[k] = sums;
    }
    sums = (beta_lanes_t){0};
    for (size_t k = 0; k < slots; k++) {
        beta_lanes_add(&sums, &xs[k], &ys[k]);
        beta_lanes_t now = sums;
        if (k + 1 < slots) {
            const beta_lanes_t *const tail = &tails[k + 1];
            now.x += LANES_BEFORE(tail->x, simple[k + 1][0]);
            now.y += LANES_BEFORE(tail->y, simple[k + 1][1]);
            now.xx += LANES_BEFORE(tail->xx, products[k + 1][0]);
            now.xy += LANES_BEFORE(tail->xy, products[k + 1][1]);
            simple[k + 1] = (twin_t){tail->x[LANES - 1], tail->y[LANES - 1]};
            products[k + 1] = (twin_t){tail->xx[LANES - 1], tail->xy[LANES - 1]};
        }
        const four_t variance = n * now.xx - now.x * now.x, covariance = n * now.xy - now.x * now.y;
        xs[k] = FOUR_WHERE(variance > 0.0, covariance / variance);
    }
    lanes_out(xs, slots, out);
}

/* A part of a block, or a long one. */
static inline void beta_part(beta_t *beta, const double *x, const double *y, size_t count, double *restrict out)
{
    const double n = (double)beta->sums.period;
    twin_t returns[INDICATOR_CHUNK], squares[INDICATOR_CHUNK], sums[INDICATOR_CHUNK], products[INDICATOR_CHUNK];
    double *const x_y = (double *)returns, *const xx_xy = (double *)squares;
    for (size_t i = 0; i < count; i++) {
        x_y[2 * i] = x[i];
        x_y[2 * i + 1] = y[i];
        xx_xy[2 * i] = x[i] * x[i];
        xx_xy[2 * i + 1] = x[i] * y[i];
    }
    rolling_twin_run(&beta->sums, returns, count, sums);
    rolling_twin_run(&beta->products, squares, count, products);
    const double *const s = twin_column(sums), *const p = twin_column(products);
    for (size_t i = 0; i < count; i++) {
        out[i] = beta_of(n, s[2 * i], s[2 * i + 1], p[2 * i], p[2 * i + 1]);
    }
}

INDICATOR_WIDE static void beta_series(void *state, const indicator_columns_t *columns, size_t from, size_t to,
                                       double *const *outputs)
{
    beta_t *beta = state;
    const double *first = columns->high + from, *second = columns->low + from;
    const size_t count = to - from, four = LANES * (size_t)beta->sums.period;
    double x[INDICATOR_CHUNK], y[INDICATOR_CHUNK], *restrict out = outputs[0] + from;
    returns_run(first, second, count, x, y);
    for (size_t i = 0, steps; i < count; i += steps) {
        const uint32_t at = rolling_twin_at(&beta->sums);
        const size_t to_block = at == 0 ? 0 : beta->sums.period - at;
        if (at == 0 && count - i >= four) {
            steps = four;
            if (beta->sums.period == BETA_USUAL) {
                beta_four(beta, BETA_USUAL, x + i, y + i, out + i);
            } else {
                beta_four(beta, beta->sums.period, x + i, y + i, out + i);
            }
        } else {
            steps = count - i >= to_block + four ? to_block : count - i;
            beta_part(beta, x + i, y + i, steps, out + i);
        }
    }
    beta->last = (twin_t){first[count - 1], second[count - 1]};
}

const indicator_kind_t indicator_beta = {
    .name = "beta",
    .title = "beta of two series",
    .inputs = INDICATOR_HIGH | INDICATOR_LOW,
    .option_count = 1,
    .options = {{"period", OPTION_WHOLE, 5, 2, INDICATOR_PERIOD_MAX}},
    .output_count = 1,
    .outputs = {"beta"},
    .convention = "TA-Lib BETA (high and low, unless two sources are given): slope of the second's returns over the first's; 0 "
                  "when the first "
                  "does not move",
    .source = "covariance of the returns over the variance of the first's",
    .warm_up = beta_warm_up,
    .state_size = beta_state_size,
    .init = beta_init,
    .next = beta_next,
    .series = beta_series,
    .series_bears_all = true,
};

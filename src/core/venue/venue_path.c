/* venue_path.c: the inside of a candle, stated: what price stood when. A pure function of (seed, instrument, bar).
 *
 * The bar is cut into n equal parts, n = 4, 8 or 16: the least power of two that is >= ceil(range / 0.5 %), so the knots of bars of
 * the same length fall on the same instants. Knot 0 is the open, knot n the close. One knot is the low and one the high: the low
 * first when close >= open, else the high first; where exactly is drawn. The knots between lie on the line between their neighbours
 * plus a drawn deviation, kept inside [low, high]. Between knots the price moves in a straight line, in whole ticks toward the next
 * knot and in whole milliseconds, the unit of time in which the exchange speaks; so any sampling, coarse or fine, sweeps the same
 * prices at the same times, and no time that is told is a fraction. Volume is spread evenly over time.
 */
#include "core/base/time.h"
#include "core/venue/venue_parts.h"

static int64_t to_tick8(dec_t price, int64_t tick8)
{
    int64_t price8 = (int64_t)(price.units / 10000000000);
    int64_t ticks = (price8 + tick8 / 2) / tick8;
    return max8(ticks, 1) * tick8;
}

static uint32_t parts_of(int64_t low8, int64_t high8)
{
    int64_t halves = ((high8 - low8) * 200 + low8 - 1) / low8; /* ceil(range / 0.5 %) */
    return halves <= 4 ? 4 : halves <= 8 ? 8 : 16;
}

/* Fills the knots strictly between a and b. */
static void fill_between(bar_path_t *path, prng_t *prng, int64_t tick8, uint32_t a, uint32_t b)
{
    int64_t span_ticks = (path->high8 - path->low8) / tick8;
    for (uint32_t k = a + 1; k < b; k++) {
        int64_t from8 = path->knots8[k - 1], to_8 = path->knots8[b];
        int64_t line_ticks = (from8 + (to_8 - from8) / (int64_t)(b - k + 1)) / tick8;
        int64_t reach = span_ticks / 4;
        int64_t drawn = reach > 0 ? (int64_t)prng_below(prng, (uint64_t)(2 * reach + 1)) - reach : 0;
        path->knots8[k] = min8(max8((line_ticks + drawn) * tick8, path->low8), path->high8);
    }
}

void path_make(bar_path_t *path, uint64_t seed, uint32_t instrument, int64_t tick8, timeframe_t timeframe, const candle_t *bar)
{
    memset(path, 0, sizeof *path);
    path->present = 1;
    path->timeframe = timeframe;
    path->open_ns = bar->open_ns;
    path->end_ns = timeframe_next(timeframe, bar->open_ns);
    path->open8 = to_tick8(bar->open, tick8);
    path->high8 = to_tick8(bar->high, tick8);
    path->low8 = to_tick8(bar->low, tick8);
    path->close8 = to_tick8(bar->close, tick8);
    path->volume8 = (int64_t)(bar->volume.units / 10000000000);
    path->quote16 = bar->quote_volume.units / 100;
    if (path->quote16 == 0) {
        /* no turnover in the source: the typical price times the volume */
        int64_t typical8 = (path->open8 + path->high8 + path->low8 + path->close8) / 4;
        path->quote16 = cost_of(typical8, path->volume8);
    }
    path->trades = bar->trades;
    uint32_t n = parts_of(path->low8, path->high8);
    path->knot_count = n + 1;

    prng_t prng;
    prng_seed(&prng, hash_u64(hash_u64(seed, instrument), (uint64_t)bar->open_ns));
    uint32_t first = 1 + (uint32_t)prng_below(&prng, n / 2);
    uint32_t second = first + 1 + (uint32_t)prng_below(&prng, n - 1 - first);
    bool low_first = path->close8 >= path->open8;
    path->knots8[0] = path->open8;
    path->knots8[n] = path->close8;
    path->knots8[first] = low_first ? path->low8 : path->high8;
    path->knots8[second] = low_first ? path->high8 : path->low8;
    fill_between(path, &prng, tick8, 0, first);
    fill_between(path, &prng, tick8, first, second);
    fill_between(path, &prng, tick8, second, n);
}

int64_t path_knot_ns(const bar_path_t *path, uint32_t knot)
{
    int64_t length = path->end_ns - path->open_ns, parts = (int64_t)path->knot_count - 1;
    return path->open_ns + length / parts * (int64_t)knot + length % parts * (int64_t)knot / parts;
}

uint32_t path_segment(const bar_path_t *path, int64_t time_ns)
{
    uint32_t segment = 0;
    while (segment + 2 < path->knot_count && path_knot_ns(path, segment + 1) <= time_ns) {
        segment++;
    }
    return segment;
}

int64_t path_price8(const bar_path_t *path, int64_t tick8, int64_t time_ns)
{
    if (time_ns >= path->end_ns) {
        return path->close8;
    }
    time_ns = time_floor(time_ns, NS_PER_MS);
    uint32_t segment = path_segment(path, time_ns);
    int64_t from_ns = path_knot_ns(path, segment), to_ns = path_knot_ns(path, segment + 1);
    int64_t from8 = path->knots8[segment];
    int128_t ticks = (path->knots8[segment + 1] - from8) / tick8;
    return from8 + (int64_t)(ticks * (time_ns - from_ns) / (to_ns - from_ns)) * tick8;
}

int64_t path_cross_ns(const bar_path_t *path, int64_t tick8, uint32_t segment, int64_t price8)
{
    int64_t from_ns = path_knot_ns(path, segment), to_ns = path_knot_ns(path, segment + 1);
    int128_t ticks = (path->knots8[segment + 1] - path->knots8[segment]) / tick8;
    int128_t wanted = (price8 - path->knots8[segment]) / tick8;
    ticks = ticks < 0 ? -ticks : ticks;
    wanted = wanted < 0 ? -wanted : wanted;
    if (ticks == 0) {
        return from_ns;
    }
    int64_t exact_ns = from_ns + (int64_t)((wanted * (to_ns - from_ns) + ticks - 1) / ticks);
    return time_floor(exact_ns + NS_PER_MS - 1, NS_PER_MS);
}

int64_t path_volume8(const bar_path_t *path, int64_t step8, int64_t time_ns)
{
    if (time_ns >= path->end_ns) {
        return path->volume8;
    }
    int128_t share = (int128_t)path->volume8 * max8(0, time_ns - path->open_ns) / (path->end_ns - path->open_ns);
    return (int64_t)share / step8 * step8;
}

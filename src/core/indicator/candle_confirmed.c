/* candle_confirmed.c: the hikkake, a trap that a later bar confirms: an inside bar, and a false break out of it; see
 * candle_pattern.h.
 *
 * D. Chesler, "Trading False Moves with the Hikkake Pattern", Active Trader, April 2004. A close beyond the inside bar on the other
 * side within three bars confirms it, unless a newer one has begun.
 */
#include "core/indicator/candle_pattern.h"

enum { BARS_TO_CONFIRM = 3, SEEN = 100, CONFIRMED = 200 };

/* Bar a lies inside of the bar before it. */
static bool is_inside(const candles_t *candles, uint32_t ago)
{
    return candle_high(candles, ago) < candle_high(candles, ago + 1) && candle_low(candles, ago) > candle_low(candles, ago + 1);
}

/* +1: both ends of bar a are below those of the bar before it (a break that is taken for false), -1 above, 0 neither. */
static int trap_of(const candles_t *candles, uint32_t ago)
{
    const double high = candle_high(candles, ago), low = candle_low(candles, ago);
    const double high_last = candle_high(candles, ago + 1), low_last = candle_low(candles, ago + 1);
    return high < high_last && low < low_last ? 1 : high > high_last && low > low_last ? -1 : 0;
}

static int hikkake_at(const candles_t *candles, uint32_t ago)
{
    return is_inside(candles, ago + 1) ? trap_of(candles, ago) : 0;
}

/* Two inside bars, of which the first closes near the end that is then broken. */
static int hikkake_mod_at(const candles_t *candles, uint32_t ago)
{
    const int trap = is_inside(candles, ago + 1) && is_inside(candles, ago + 2) ? trap_of(candles, ago) : 0;
    if (trap == 0) {
        return 0;
    }
    const double near = candle_measure(candles, CANDLE_NEAR, ago + 2), close = candle_close(candles, ago + 2);
    const bool is_near = trap > 0 ? close <= candle_low(candles, ago + 2) + near : close >= candle_high(candles, ago + 2) - near;
    return is_near ? trap : 0;
}

/* The close of bar a stands beyond the inside bar, which is bar `inside`, in the direction. */
static bool is_confirmed(const candles_t *candles, int direction, uint32_t ago, uint32_t inside)
{
    return direction > 0 ? candle_close(candles, ago) > candle_high(candles, inside)
                         : candle_close(candles, ago) < candle_low(candles, inside);
}

static int seen_or_confirmed(const candles_t *candles, int (*pattern_at)(const candles_t *candles, uint32_t ago))
{
    const int now = pattern_at(candles, 0);
    if (now != 0) {
        return SEEN * now;
    }
    for (uint32_t age = 1; age <= BARS_TO_CONFIRM; age++) {
        const int direction = pattern_at(candles, age);
        if (direction == 0) {
            continue;
        }
        for (uint32_t ago = age - 1; ago > 0; ago--) {
            if (is_confirmed(candles, direction, ago, age + 1)) {
                return 0; /* it was, on that bar */
            }
        }
        return is_confirmed(candles, direction, 0, age + 1) ? CONFIRMED * direction : 0;
    }
    return 0;
}

static int hikkake(const candles_t *candles)
{
    return seen_or_confirmed(candles, hikkake_at);
}

static int hikkake_mod(const candles_t *candles)
{
    return seen_or_confirmed(candles, hikkake_mod_at);
}

CANDLE_KIND_CONFIRMED(hikkake, "hikkake", 5);
CANDLE_KIND_CONFIRMED(hikkake_mod, "modified hikkake", 10);

/* candle_confirmed.c: the hikkake, a trap that a later bar confirms: an inside bar, and a false break out of it; see
 * candle_pattern.h.
 *
 * D. Chesler, "Trading False Moves with the Hikkake Pattern", Active Trader, April 2004. A close beyond the inside bar on the other
 * side within three bars confirms it, unless a newer one has begun.
 */
#include "core/indicator/candle_pattern.h"

static const double SEEN = 100.0, CONFIRMED = 200.0;

/* Bar a lies inside of the bar before it. */
CANDLE_WORD bool is_inside(const candles_t *candles, uint32_t ago)
{
    return (candle_high(candles, ago) < candle_high(candles, ago + 1)) & (candle_low(candles, ago) > candle_low(candles, ago + 1));
}

/* A break that is taken for false: below, both ends of a bar are below those of the bar before it; above, above them. */
typedef struct {
    bool below, above;
} trap_t;

CANDLE_WORD trap_t trap_of(const candles_t *candles, uint32_t ago, bool may_be)
{
    const double high = candle_high(candles, ago), low = candle_low(candles, ago);
    const double high_last = candle_high(candles, ago + 1), low_last = candle_low(candles, ago + 1);
    return (trap_t){may_be & (high < high_last) & (low < low_last), may_be & (high > high_last) & (low > low_last)};
}

CANDLE_WORD trap_t hikkake_at(const candles_t *candles, uint32_t ago)
{
    return trap_of(candles, ago, is_inside(candles, ago + 1));
}

/* Two inside bars, of which the first closes near the end that is then broken. */
CANDLE_WORD trap_t hikkake_mod_at(const candles_t *candles, uint32_t ago)
{
    const trap_t trap = trap_of(candles, ago, is_inside(candles, ago + 1) & is_inside(candles, ago + 2));
    const double near = candle_measure(candles, CANDLE_NEAR, ago + 2), close = candle_close(candles, ago + 2);
    return (trap_t){trap.below & (close <= candle_low(candles, ago + 2) + near),
                    trap.above & (close >= candle_high(candles, ago + 2) - near)};
}

/* What a trap of `age` bars ago, at most three, says of the newest bar; `older` where there is none. It is confirmed by the first
 * close beyond the inside bar, which is the bar before it. */
CANDLE_WORD double confirmed_or(const candles_t *candles, trap_t trap, uint32_t age, double older)
{
    const double high = candle_high(candles, age + 1), low = candle_low(candles, age + 1);
    const bool risen = ((age > 1) & (candle_close(candles, 1) > high)) | ((age > 2) & (candle_close(candles, 2) > high));
    const bool fallen = ((age > 1) & (candle_close(candles, 1) < low)) | ((age > 2) & (candle_close(candles, 2) < low));
    const bool rises = trap.below & !risen & (candle_close(candles, 0) > high);
    const bool falls = trap.above & !fallen & (candle_close(candles, 0) < low);
    const double confirmed = rises ? CONFIRMED : falls ? -CONFIRMED : 0.0;
    return (trap.below | trap.above) ? confirmed : older;
}

/* Of several the newest counts. */
static inline double seen_or_confirmed(const candles_t *candles, trap_t (*trap_at)(const candles_t *candles, uint32_t ago))
{
    double value = confirmed_or(candles, trap_at(candles, 3), 3, 0.0);
    value = confirmed_or(candles, trap_at(candles, 2), 2, value);
    value = confirmed_or(candles, trap_at(candles, 1), 1, value);
    const trap_t now = trap_at(candles, 0);
    return now.below ? SEEN : now.above ? -SEEN : value;
}

static double hikkake(const candles_t *candles)
{
    return seen_or_confirmed(candles, hikkake_at);
}

static double hikkake_mod(const candles_t *candles)
{
    return seen_or_confirmed(candles, hikkake_mod_at);
}

CANDLE_KIND_CONFIRMED(hikkake, "hikkake", 5, 0);
CANDLE_KIND_CONFIRMED(hikkake_mod, "modified hikkake", 10, ASKS_WHOLE_5);

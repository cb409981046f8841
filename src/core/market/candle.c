/* candle.c: what a bar must look like, and longer bars from shorter ones and from trades. */
#include "core/market/candle.h"

#include "core/base/assert.h"
#include "core/base/time.h"

#include <string.h>

static result_t check_prices(const candle_t *candle)
{
    if (dec_sign(candle->open) <= 0 || dec_sign(candle->high) <= 0 || dec_sign(candle->low) <= 0 || dec_sign(candle->close) <= 0) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    bool top = dec_ge(candle->high, candle->open) && dec_ge(candle->high, candle->close);
    bool bottom = dec_le(candle->low, candle->open) && dec_le(candle->low, candle->close);
    return top && bottom ? RESULT_OK : RESULT_MALFORMED;
}

result_t candle_check(const candle_t *candle, timeframe_t timeframe)
{
    if (candle->open_ns < 0 || timeframe_open(timeframe, candle->open_ns) != candle->open_ns) {
        return RESULT_TIME_MALFORMED;
    }
    switch (candle->state) {
    case CANDLE_MISSING: /* its numbers mean nothing */
        return RESULT_OK;
    case CANDLE_QUIET:
        if (!dec_eq(candle->open, candle->high) || !dec_eq(candle->open, candle->low) || !dec_eq(candle->open, candle->close) ||
            !dec_is_zero(candle->volume) || !dec_is_zero(candle->quote_volume) || candle->trades != 0) {
            return RESULT_MALFORMED;
        }
        return check_prices(candle);
    case CANDLE_TRADED:
        if (dec_sign(candle->volume) < 0 || dec_sign(candle->quote_volume) < 0) {
            return RESULT_NUMBER_OUT_OF_RANGE;
        }
        return check_prices(candle);
    }
    return RESULT_UNKNOWN_VALUE;
}

/* Every bar of `to` begins and ends on the grid of `from`. Weeks begin on a Monday and months anywhere: days and what divides them
 * fit. */
static bool timeframe_divides(timeframe_t from, timeframe_t to)
{
    if (timeframe_length_ns(from) >= timeframe_length_ns(to)) {
        return false;
    }
    int64_t whole_ns = to == TF_1W || to == TF_1MO ? NS_PER_DAY : timeframe_length_ns(to);
    return whole_ns % timeframe_length_ns(from) == 0;
}

result_t aggregate_init(aggregate_t *aggregate, timeframe_t from, timeframe_t to)
{
    if ((unsigned)from >= TF_COUNT || (unsigned)to >= TF_COUNT || !timeframe_divides(from, to)) {
        return RESULT_BAD_ARGUMENT;
    }
    memset(aggregate, 0, sizeof *aggregate);
    aggregate->from = from;
    aggregate->to = to;
    return RESULT_OK;
}

/* The bar under way takes one more part. Quiet parts carry an old price, which must not widen a bar that has trades of its own. */
static bool bar_take(candle_t *bar, const candle_t *part, bool first)
{
    if (first || (bar->state == CANDLE_QUIET && part->state == CANDLE_TRADED)) {
        bar->open = part->open;
        bar->high = part->high;
        bar->low = part->low;
        bar->close = part->close;
        bar->state = part->state;
    } else if (part->state == CANDLE_TRADED) {
        bar->high = dec_max(bar->high, part->high);
        bar->low = dec_min(bar->low, part->low);
        bar->close = part->close;
    }
    bar->trades = part->trades > UINT32_MAX - bar->trades ? UINT32_MAX : bar->trades + part->trades;
    return dec_add(bar->volume, part->volume, &bar->volume) == RESULT_OK &&
           dec_add(bar->quote_volume, part->quote_volume, &bar->quote_volume) == RESULT_OK;
}

/* What is handed out for a bar of which a part is unknown: its place on the grid, and no numbers. */
static candle_t bar_missing(int64_t open_ns)
{
    return (candle_t){.open_ns = open_ns, .state = CANDLE_MISSING, .closed = true};
}

static candle_t bar_finish(const aggregate_t *aggregate)
{
    candle_t bar = aggregate->broken ? bar_missing(aggregate->bar.open_ns) : aggregate->bar;
    bar.closed = true;
    return bar;
}

bool aggregate_push(aggregate_t *aggregate, const candle_t *part, candle_t *out)
{
    if (!part->closed || candle_check(part, aggregate->from) != RESULT_OK || part->open_ns < aggregate->next_open_ns) {
        return false;
    }
    bool finished = false;
    int64_t open_ns = timeframe_open(aggregate->to, part->open_ns);
    if (aggregate->building && open_ns != aggregate->bar.open_ns) {
        *out = bar_missing(aggregate->bar.open_ns); /* its last part never came */
        finished = true;
        aggregate->building = false;
    }
    bool first = !aggregate->building;
    if (first) {
        aggregate->building = true;
        aggregate->broken = part->open_ns != open_ns;
        aggregate->bar = (candle_t){.open_ns = open_ns};
    } else if (part->open_ns != aggregate->next_open_ns) {
        aggregate->broken = true;
    }
    if (part->state == CANDLE_MISSING || !bar_take(&aggregate->bar, part, first)) {
        aggregate->broken = true;
    }
    aggregate->next_open_ns = timeframe_next(aggregate->from, part->open_ns);
    if (aggregate->next_open_ns == timeframe_next(aggregate->to, open_ns)) {
        *out = bar_finish(aggregate);
        finished = true;
        aggregate->building = false;
    }
    return finished;
}

void candle_builder_init(candle_builder_t *builder, timeframe_t timeframe)
{
    ASSERT((unsigned)timeframe < TF_COUNT);
    memset(builder, 0, sizeof *builder);
    builder->timeframe = timeframe;
}

/* Volume and quote volume of one more trade; false when a sum leaves the range. */
static bool bar_count(candle_t *bar, dec_t price, dec_t quantity)
{
    dec_t notional;
    if (dec_mul(price, quantity, DEC_ROUND_HALF_EVEN, &notional) != RESULT_OK || bar->trades == UINT32_MAX) {
        return false;
    }
    bar->trades++;
    return dec_add(bar->volume, quantity, &bar->volume) == RESULT_OK &&
           dec_add(bar->quote_volume, notional, &bar->quote_volume) == RESULT_OK;
}

bool candle_builder_trade(candle_builder_t *builder, int64_t time_ns, dec_t price, dec_t quantity, candle_t *closed)
{
    if (time_ns < 0 || dec_sign(price) <= 0 || dec_sign(quantity) <= 0) {
        return false;
    }
    candle_t *bar = &builder->bar;
    int64_t open_ns = timeframe_open(builder->timeframe, time_ns);
    if (builder->building && open_ns < bar->open_ns) {
        return false;
    }
    bool finished = builder->building && open_ns > bar->open_ns;
    if (finished) {
        *closed = bar->state == CANDLE_MISSING ? bar_missing(bar->open_ns) : *bar;
        closed->closed = true;
    }
    if (finished || !builder->building) {
        builder->building = true;
        *bar = (candle_t){.open_ns = open_ns, .open = price, .high = price, .low = price, .state = CANDLE_TRADED};
    }
    bar->high = dec_max(bar->high, price);
    bar->low = dec_min(bar->low, price);
    bar->close = price;
    if (!bar_count(bar, price, quantity)) {
        bar->state = CANDLE_MISSING; /* sums that left the range are not known */
    }
    return finished;
}

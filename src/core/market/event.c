/* event.c: which market events may be believed. What fails here never reaches a decision (invariant I10). */
#include "core/market/event.h"

static bool positive(dec_t value)
{
    return dec_sign(value) > 0;
}

static result_t check_quote(const quote_t *quote)
{
    if (!positive(quote->bid) || !positive(quote->ask) || dec_sign(quote->bid_quantity) < 0 || dec_sign(quote->ask_quantity) < 0) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return dec_lt(quote->bid, quote->ask) ? RESULT_OK : RESULT_MALFORMED;
}

/* All prices above zero and no quantity below it: the signs are gathered, since a book has many levels and hardly ever a bad one.
 */
static result_t check_levels(const level_t *levels, uint32_t count)
{
    int128_t signs = 0;
    for (uint32_t i = 0; i < count; i++) {
        signs |= (levels[i].price.units - 1) | levels[i].quantity.units;
    }
    return signs < 0 ? RESULT_NUMBER_OUT_OF_RANGE : RESULT_OK;
}

static result_t check_depth(const depth_t *depth)
{
    if (depth->bid_count > DEPTH_LEVELS_MAX || depth->ask_count > DEPTH_LEVELS_MAX) {
        return RESULT_FULL;
    }
    if (!depth->snapshot && (depth->first_id > depth->last_id || depth->previous_id > depth->first_id)) {
        return RESULT_OUT_OF_ORDER;
    }
    result_t bids = check_levels(depth->bids, depth->bid_count);
    return bids != RESULT_OK ? bids : check_levels(depth->asks, depth->ask_count);
}

static result_t check_mark(const mark_t *mark)
{
    /* A delivery contract or a market not yet open has no index; 0 says so. A funding rate has either sign. */
    if (!positive(mark->mark) || dec_sign(mark->index) < 0 || mark->funding_next_ns < 0) {
        return RESULT_NUMBER_OUT_OF_RANGE;
    }
    return RESULT_OK;
}

result_t market_event_check(const market_event_t *event)
{
    if (event->instrument == INSTRUMENT_NONE) {
        return RESULT_NOT_FOUND;
    }
    if (event->time_ns <= 0) {
        return RESULT_TIME_MALFORMED;
    }
    switch (event->kind) {
    case MARKET_QUOTE:
        return check_quote(&event->quote);
    case MARKET_TRADE:
        return positive(event->trade.price) && positive(event->trade.quantity) ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
    case MARKET_MARK:
        return check_mark(&event->mark);
    case MARKET_DEPTH:
        return check_depth(&event->depth);
    case MARKET_BAR:
        return (unsigned)event->bar.timeframe < TF_COUNT ? candle_check(&event->bar.candle, event->bar.timeframe)
                                                         : RESULT_UNKNOWN_VALUE;
    case MARKET_LIQUIDATION:
        return positive(event->liquidation.price) && positive(event->liquidation.quantity) ? RESULT_OK : RESULT_NUMBER_OUT_OF_RANGE;
    case MARKET_STATUS:
        return (unsigned)event->status <= INSTRUMENT_UNKNOWN ? RESULT_OK : RESULT_UNKNOWN_VALUE;
    }
    return RESULT_UNKNOWN_VALUE;
}

/* venue_market.c: the clock, and the price moving along its path.
 *
 * venue_advance goes from boundary to boundary (knots, ends of bars, expiries, funding, synthetic steps). Inside, each path moves
 * in one straight line; the sweep finds what it meets next (a resting order reached, a trigger, a liquidation), over all
 * instruments the earliest first, lets it happen at its price and its moment, and goes on. At each boundary the public events of
 * the stretch go out. Asked to stop at events, the first instant at which something private happened becomes a boundary too.
 */
#include "core/base/time.h"
#include "core/venue/spot_parts.h"
#include "core/venue/venue_parts.h"

void market_price_set(venue_t *venue, uint32_t id, int64_t price8, int64_t index8, int64_t mark8)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (instrument->price8 != price8) {
        instrument->street_dirty = 1;
        instrument->street_taken8[0] = instrument->street_taken8[1] = 0;
    }
    bool refresh = instrument->mark8 != mark8;
    instrument->price8 = price8;
    instrument->index8 = index8;
    instrument->mark8 = mark8;
    if (refresh) {
        rules_band_renew(instrument);
        margin_refresh_instrument(venue, id);
    }
}

/* --- prices that jump: streams, synthetic steps, trades between accounts ---------------------- */

/* A trigger ladder of a spot instrument holds orders, of any other algo orders. */
static void fire(venue_t *venue, const venue_sink_t *sink, const instrument_rec_t *instrument, uint32_t index)
{
    if (is_spot(instrument)) {
        spot_fire(venue, sink, index);
    } else {
        algo_fire(venue, sink, index);
    }
}

static bool fire_one(venue_t *venue, const venue_sink_t *sink, const instrument_rec_t *instrument)
{
    for (uint32_t working = 0; working < 2; working++) {
        int64_t now8 = working == VENUE_MARK_PRICE ? instrument->mark8 : instrument->price8;
        for (uint32_t falling = 0; falling < 2 && now8 > 0; falling++) {
            uint32_t level = instrument->triggers[working][falling].head[0].to;
            if (level == VENUE_NIL) {
                continue;
            }
            int64_t key = level_of(venue, level)->key;
            if (falling ? -key >= now8 : key <= now8) {
                fire(venue, sink, instrument, level_of(venue, level)->head);
                return true;
            }
        }
    }
    return false;
}

void market_react(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    while (fire_one(venue, sink, instrument)) {
        /* each one that fires leaves its ladder, so this ends */
    }
    algo_follow_price(venue, id);
    if (liquidation_due(venue, id, is_spot(instrument) ? instrument->price8 : instrument->mark8)) {
        liquidation_run(venue, sink, id);
    }
    spot_settle(venue, sink);
}

void market_jump(venue_t *venue, const venue_sink_t *sink, uint32_t id, int64_t price8, int64_t index8, int64_t mark8)
{
    market_price_set(venue, id, price8, index8, mark8);
    market_react(venue, sink, id);
}

void market_settle(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    enum { ROUNDS_MAX = 1000 }; /* cascades of stops setting off stops are finite: each round needs a trade at a new price */
    instrument_rec_t *instrument = instrument_of(venue, id);
    spot_settle_if_due(venue, sink);
    for (uint32_t round = 0; round < ROUNDS_MAX && instrument->market == VENUE_MARKET_NONE; round++) {
        int64_t last8 = instrument->trade_last8;
        if (last8 == 0 || last8 == instrument->price8) {
            break;
        }
        market_jump(venue, sink, id, last8, last8, last8);
    }
    if (instrument->follow != 0 || (instrument->change_count[0] | instrument->change_count[1]) != 0) {
        emit_quote(venue, sink, id);
        emit_depth(venue, sink, id);
    }
}

/* --- what a path meets next ------------------------------------------------------------------- */

typedef enum { MEET_NOTHING, MEET_RESTING, MEET_TRIGGER, MEET_LIQUIDATION } meet_kind_t;

typedef struct {
    meet_kind_t kind;
    int64_t price8, time_ns;
    uint32_t index; /* order or algo order */
} meet_t;

static bool running(const instrument_rec_t *instrument, int64_t at_ns)
{
    return instrument->market == VENUE_MARKET_CANDLES && instrument->bar_count > 0 && instrument->bars[0].open_ns <= at_ns &&
           instrument->price_ns >= instrument->bars[0].open_ns && instrument->price_ns < instrument->bars[0].end_ns;
}

static void budget_renew(instrument_rec_t *instrument, uint32_t segment)
{
    const bar_path_t *path = &instrument->bars[0];
    int64_t from_ns = path_knot_ns(path, segment);
    if (instrument->budget_knot_ns == from_ns) {
        return;
    }
    int64_t volume8 =
        path_volume8(path, instrument->step8, path_knot_ns(path, segment + 1)) - path_volume8(path, instrument->step8, from_ns);
    int64_t share8 = rate_of16((cost16_t)volume8 * VENUE_E8, instrument->street.participation8);
    instrument->budget_knot_ns = from_ns;
    instrument->budget8 = share8 / instrument->step8 * instrument->step8;
}

/* Takes the candidate when it lies between here and the end of the move and nothing nearer was found. */
static void offer(meet_t *best, meet_kind_t kind, int64_t price8, uint32_t index, int64_t from8, int64_t to_8)
{
    bool up = to_8 >= from8;
    if (up ? price8 > to_8 : price8 < to_8) {
        return;
    }
    price8 = up ? max8(price8, from8) : min8(price8, from8); /* already behind us: at once */
    bool nearer = best->kind == MEET_NOTHING || (up ? price8 < best->price8 : price8 > best->price8);
    if (nearer) {
        *best = (meet_t){.kind = kind, .price8 = price8, .index = index};
    }
}

static void offer_resting(const venue_t *venue, const instrument_rec_t *instrument, meet_t *best, int64_t to_8)
{
    if (instrument->budget8 == 0) {
        return;
    }
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t level;
        int64_t at8 = street_users_best8(venue, instrument, (venue_side_t)side, &level);
        if (at8 == 0) {
            continue;
        }
        int64_t here8 = instrument->price8;
        bool reached = side == VENUE_BUY ? at8 >= here8 : at8 <= here8;
        bool on_the_way = side == VENUE_BUY ? to_8 < here8 : to_8 > here8;
        if (reached) {
            offer(best, MEET_RESTING, here8, level_of(venue, level)->head, here8, to_8);
        } else if (on_the_way) {
            offer(best, MEET_RESTING, at8, level_of(venue, level)->head, here8, to_8);
        }
    }
}

static void offer_triggers(const venue_t *venue, const instrument_rec_t *instrument, meet_t *best, int64_t to_8)
{
    int64_t here8 = instrument->price8, at8 = 0;
    uint32_t index = VENUE_NIL;
    if (algo_next_trigger(venue, instrument, true, &at8, &index)) {
        if (at8 <= here8) {
            offer(best, MEET_TRIGGER, here8, index, here8, to_8);
        } else if (to_8 > here8) {
            offer(best, MEET_TRIGGER, at8, index, here8, to_8);
        }
    }
    if (algo_next_trigger(venue, instrument, false, &at8, &index)) {
        if (at8 >= here8) {
            offer(best, MEET_TRIGGER, here8, index, here8, to_8);
        } else if (to_8 < here8) {
            offer(best, MEET_TRIGGER, at8, index, here8, to_8);
        }
    }
}

/* The first tick of the move at which somebody is due: margin falls along the way, so it can be halved down to. */
static void offer_liquidation(const venue_t *venue, uint32_t id, meet_t *best, int64_t to_8)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t far8 = best->kind == MEET_NOTHING ? to_8 : best->price8;
    if (!liquidation_due(venue, id, far8)) {
        return;
    }
    int64_t low = 0, high = (far8 - instrument->price8) / instrument->tick8; /* in ticks from here; due at `high` */
    if (liquidation_due(venue, id, instrument->price8)) {
        high = 0;
    }
    while (abs8(high - low) > 1 && high != 0) {
        int64_t middle = low + (high - low) / 2;
        if (liquidation_due(venue, id, instrument->price8 + middle * instrument->tick8)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    offer(best, MEET_LIQUIDATION, instrument->price8 + high * instrument->tick8, VENUE_NIL, instrument->price8, to_8);
}

/* What time brings comes after what stands: also what is due at once (a jump between bars, a new segment's volume) happens on the
 * next millisecond, never at a time that has been told already. */
static int64_t soonest_ns(const venue_t *venue)
{
    return time_floor(venue->now_ns, NS_PER_MS) + NS_PER_MS;
}

static meet_t next_meeting(const venue_t *venue, uint32_t id, int64_t to_ns)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    meet_t best = {.kind = MEET_NOTHING};
    if (!running(instrument, to_ns) || instrument->rules.status != INSTRUMENT_TRADING) {
        return best;
    }
    const bar_path_t *path = &instrument->bars[0];
    uint32_t segment = path_segment(path, instrument->price_ns);
    budget_renew(instrument, segment);
    int64_t to_8 = path_price8(path, instrument->tick8, to_ns);
    if (to_ns >= path_knot_ns(path, segment + 1)) {
        to_8 = path->knots8[segment + 1];
    }
    offer_resting(venue, instrument, &best, to_8);
    offer_triggers(venue, instrument, &best, to_8);
    offer_liquidation(venue, id, &best, to_8);
    if (best.kind != MEET_NOTHING) {
        best.time_ns = max8(path_cross_ns(path, instrument->tick8, segment, best.price8), instrument->price_ns);
        best.time_ns = max8(best.time_ns, soonest_ns(venue));
    }
    return best.time_ns <= to_ns ? best : (meet_t){.kind = MEET_NOTHING};
}

static void happen(venue_t *venue, const venue_sink_t *sink, uint32_t id, const meet_t *meet)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    venue->event_ns = max8(venue->event_ns, meet->time_ns);
    instrument->price_ns = meet->time_ns < instrument->bars[0].end_ns ? meet->time_ns : instrument->price_ns;
    market_price_set(venue, id, meet->price8, meet->price8, meet->price8);
    if (meet->kind == MEET_RESTING) {
        int64_t before8 = order_of(venue, meet->index)->filled8;
        uint64_t order_id = order_of(venue, meet->index)->id;
        match_from_street(venue, sink, meet->index, instrument->budget8);
        if (order_of(venue, meet->index)->id == order_id) {
            instrument->budget8 -= order_of(venue, meet->index)->filled8 - before8;
        }
    } else if (meet->kind == MEET_TRIGGER) {
        fire(venue, sink, instrument, meet->index);
    } else {
        liquidation_run(venue, sink, id);
    }
    algo_follow_price(venue, id);
    spot_settle(venue, sink);
}

typedef enum { PASS_EVENTS, STOP_AT_EVENT } at_event_t;

/* Everything that the paths meet up to `to_ns` (no knot lies between), the earliest first. Returns how far it came: `to_ns`, or the
 * time of the first private event, everything of that instant included. */
static int64_t sweep_to(venue_t *venue, const venue_sink_t *sink, int64_t to_ns, at_event_t at_event)
{
    uint64_t told = venue->private_events;
    for (;;) {
        meet_t first = {.kind = MEET_NOTHING};
        uint32_t whose = 0;
        for (uint32_t id = 0; id < venue->instrument_count; id++) {
            meet_t meet = next_meeting(venue, id, to_ns);
            if (meet.kind != MEET_NOTHING && (first.kind == MEET_NOTHING || meet.time_ns < first.time_ns)) {
                first = meet;
                whose = id;
            }
        }
        if (first.kind == MEET_NOTHING) {
            break;
        }
        happen(venue, sink, whose, &first);
        if (at_event == STOP_AT_EVENT && venue->private_events != told) {
            to_ns = min8(to_ns, venue->event_ns);
        }
    }
    venue->event_ns = max8(venue->event_ns, to_ns);
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        instrument_rec_t *instrument = instrument_of(venue, id);
        if (running(instrument, to_ns)) {
            int64_t price8 = path_price8(&instrument->bars[0], instrument->tick8, to_ns);
            instrument->price_ns = to_ns;
            market_price_set(venue, id, price8, price8, price8);
            algo_follow_price(venue, id);
        }
    }
    return to_ns;
}

/* --- boundaries ------------------------------------------------------------------------------- */

static int64_t path_boundary(const instrument_rec_t *instrument, int64_t after_ns)
{
    if (instrument->market != VENUE_MARKET_CANDLES || instrument->bar_count == 0) {
        return INT64_MAX;
    }
    const bar_path_t *path = &instrument->bars[0];
    if (path->open_ns > after_ns) {
        return path->open_ns;
    }
    if (path->end_ns <= after_ns) {
        return INT64_MAX;
    }
    return path_knot_ns(path, path_segment(path, after_ns) + 1);
}

int64_t venue_next_moment(const venue_t *venue)
{
    int64_t next_ns = expiry_next_ns(venue);
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        const instrument_rec_t *instrument = instrument_of(venue, id);
        next_ns = min8(next_ns, path_boundary(instrument, venue->now_ns));
        if (instrument->market == VENUE_MARKET_SYNTHETIC) {
            next_ns = min8(next_ns, instrument->synthetic.next_ns);
        }
        if (instrument->funding_next_ns > 0 && instrument->price8 > 0) {
            next_ns = min8(next_ns, instrument->funding_next_ns);
        }
    }
    return next_ns;
}

void market_publish(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (running(instrument, venue->now_ns) || (instrument->bar_count > 0 && instrument->price_ns == instrument->bars[0].end_ns)) {
        int64_t volume8 = path_volume8(&instrument->bars[0], instrument->step8, instrument->price_ns);
        int64_t traded8 = volume8 - instrument->volume_sent8;
        if (traded8 > 0) {
            instrument->volume_sent8 = volume8;
            (void)match_public_trade(venue, sink, id, instrument->price8, traded8, instrument->price8 < instrument->mark_sent8);
        }
        kline_bar_moved(venue, sink, id);
    }
    if (instrument->mark_sent8 != instrument->mark8) {
        instrument->mark_sent8 = instrument->mark8;
        emit_mark(venue, sink, id);
    }
    emit_quote(venue, sink, id);
    emit_depth(venue, sink, id);
}

/* A bar that has ended goes; the next one begins where it opens, which may be a jump. */
static void bars_roll(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (instrument->market != VENUE_MARKET_CANDLES || instrument->bar_count == 0) {
        return;
    }
    if (instrument->bars[0].end_ns <= venue->now_ns && instrument->bars[0].present) {
        kline_bar_closed(venue, sink, id, &instrument->bars[0]);
        instrument->bars[0] = instrument->bars[1];
        memset(&instrument->bars[1], 0, sizeof instrument->bars[1]);
        instrument->bar_count--;
        instrument->volume_sent8 = 0;
        instrument->budget_knot_ns = -1;
    }
    const bar_path_t *path = &instrument->bars[0];
    if (instrument->bar_count > 0 && path->open_ns <= venue->now_ns && instrument->price_ns <= path->open_ns) {
        instrument->price_ns = path->open_ns;
        market_price_set(venue, id, path->open8, path->open8, path->open8);
        algo_follow_price(venue, id);
    }
}

static void boundary_run(venue_t *venue, const venue_sink_t *sink)
{
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        market_publish(venue, sink, id);
    }
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        bars_roll(venue, sink, id);
    }
    expiry_run(venue, sink, venue->now_ns);
    for (uint32_t id = 0; id < venue->instrument_count; id++) {
        instrument_rec_t *instrument = instrument_of(venue, id);
        if (instrument->market == VENUE_MARKET_SYNTHETIC && instrument->synthetic.next_ns <= venue->now_ns) {
            synthetic_step(venue, sink, id);
        }
        if (instrument->market != VENUE_MARKET_CANDLES) {
            kline_time(venue, sink, id);
        }
        if (instrument->funding_next_ns > 0 && instrument->funding_next_ns <= venue->now_ns) {
            funding_run(venue, sink, id);
        }
    }
}

static result_t advance(venue_t *venue, const venue_sink_t *sink, int64_t to_ns, at_event_t at_event)
{
    if (to_ns < venue->now_ns) {
        return RESULT_OUT_OF_ORDER;
    }
    uint64_t told = venue->private_events;
    while (venue->now_ns < to_ns && (at_event == PASS_EVENTS || venue->private_events == told)) {
        int64_t next_ns = min8(max8(venue_next_moment(venue), venue->now_ns + 1), to_ns);
        for (uint32_t id = 0; id < venue->instrument_count; id++) {
            instrument_rec_t *instrument = instrument_of(venue, id);
            if (instrument->street_taken8[0] + instrument->street_taken8[1] > 0) {
                instrument->street_taken8[0] = instrument->street_taken8[1] = 0;
                instrument->street_dirty = 1;
            }
        }
        venue->now_ns = sweep_to(venue, sink, next_ns, at_event);
        tiers_keep(venue);
        interest_keep(venue);
        boundary_run(venue, sink);
    }
    return RESULT_OK;
}

result_t venue_advance(venue_t *venue, const venue_sink_t *sink, int64_t to_ns)
{
    return advance(venue, sink, to_ns, PASS_EVENTS);
}

result_t venue_advance_to_event(venue_t *venue, const venue_sink_t *sink, int64_t to_ns)
{
    return advance(venue, sink, to_ns, STOP_AT_EVENT);
}

/* --- candles come in -------------------------------------------------------------------------- */

static bool bar_sane(const instrument_rec_t *instrument, timeframe_t timeframe, const candle_t *bar)
{
    return (unsigned)timeframe < TF_COUNT && candle_check(bar, timeframe) == RESULT_OK && bar->state != CANDLE_MISSING &&
           dec_lt(bar->high, dec_from_int(90000000000)) && dec_lt(bar->volume, dec_from_int(90000000000)) && instrument->tick8 > 0;
}

result_t venue_market_bar(venue_t *venue, instrument_id_t id, timeframe_t timeframe, const candle_t *bar)
{
    if (id >= venue->instrument_count || !bar_sane(instrument_of(venue, id), timeframe, bar)) {
        return RESULT_BAD_ARGUMENT;
    }
    instrument_rec_t *instrument = instrument_of(venue, id);
    if (instrument->market != VENUE_MARKET_NONE && instrument->market != VENUE_MARKET_CANDLES) {
        return RESULT_BAD_STATE;
    }
    if (bar->open_ns < venue->now_ns || bar->open_ns < instrument->bar_last_end_ns) {
        return RESULT_OUT_OF_ORDER;
    }
    if (instrument->bar_count == VENUE_BARS_MAX) {
        return RESULT_FULL;
    }
    instrument->market = VENUE_MARKET_CANDLES;
    kline_fold(instrument); /* what accounts traded before there was a market */
    bar_path_t *path = &instrument->bars[instrument->bar_count++];
    path_make(path, venue->seed, id, instrument->tick8, timeframe, bar);
    instrument->bar_last_end_ns = path->end_ns;
    if (instrument->bar_count == 1) {
        instrument->volume_sent8 = 0;
        instrument->budget_knot_ns = -1;
        if (path->open_ns == venue->now_ns) {
            instrument->price_ns = path->open_ns;
            market_price_set(venue, id, path->open8, path->open8, path->open8);
        }
    }
    return RESULT_OK;
}

result_t venue_market_prime(venue_t *venue, instrument_id_t id, timeframe_t timeframe, const candle_t *bar)
{
    if (id >= venue->instrument_count || !bar_sane(instrument_of(venue, id), timeframe, bar)) {
        return RESULT_BAD_ARGUMENT;
    }
    if (timeframe_next(timeframe, bar->open_ns) > venue->now_ns) {
        return RESULT_OUT_OF_ORDER;
    }
    bar_path_t path;
    path_make(&path, venue->seed, id, instrument_of(venue, id)->tick8, timeframe, bar);
    kline_bar_closed(venue, NULL, id, &path);
    return RESULT_OK;
}

int64_t venue_market_until(const venue_t *venue, instrument_id_t id)
{
    const instrument_rec_t *instrument = id < venue->instrument_count ? instrument_of(venue, id) : NULL;
    return instrument == NULL || instrument->bar_count == 0 ? 0 : instrument->bars[instrument->bar_count - 1].end_ns;
}

/* venue_kline.c: bars out. In a candle market they are the candles: shorter bars are exact samples of the path, longer ones sums of
 * whole bars and the running one. In other markets they are built from trades and kept in rings. */
#include "core/venue/venue_parts.h"

/* Sums of quantities over long bars are wider than one quantity. */
static dec_t dec_of_sum8(int128_t value8)
{
    return (dec_t){value8 * 10000000000};
}

void kline_view(const kline_rec_t *bar, timeframe_t timeframe, bool closed, venue_kline_t *out)
{
    memset(out, 0, sizeof *out);
    out->timeframe = timeframe;
    out->candle.open_ns = bar->open_ns;
    out->candle.open = dec_of8(bar->open8);
    out->candle.high = dec_of8(bar->high8);
    out->candle.low = dec_of8(bar->low8);
    out->candle.close = dec_of8(bar->close8);
    out->candle.volume = dec_of_sum8(bar->volume8);
    out->candle.quote_volume = dec_of16(bar->quote16);
    out->candle.trades = bar->trades;
    out->candle.state = bar->volume8 > 0 ? CANDLE_TRADED : CANDLE_QUIET;
    out->candle.closed = closed;
    out->taker_base = dec_of_sum8(bar->taker8);
    out->taker_quote = dec_of16(bar->taker_quote16);
    out->first_trade_id = bar->first_id;
    out->last_trade_id = bar->last_id;
}

void kline_join(kline_rec_t *to, const kline_rec_t *part)
{
    if (!to->building) {
        int64_t open_ns = to->open_ns;
        *to = *part;
        to->open_ns = open_ns;
        to->building = 1;
        return;
    }
    to->high8 = max8(to->high8, part->high8);
    to->low8 = min8(to->low8, part->low8);
    to->close8 = part->close8;
    to->volume8 += part->volume8;
    to->taker8 += part->taker8;
    to->quote16 += part->quote16;
    to->taker_quote16 += part->taker_quote16;
    to->trades += part->trades;
    to->last_id = part->last_id;
}

/* --- samples of a path ------------------------------------------------------------------------ */

/* What happened in [from_ns, to_ns] of a bar. Takers are stated as half the volume: a candle file does not know. */
void kline_sample(const bar_path_t *path, int64_t tick8, int64_t step8, int64_t from_ns, int64_t to_ns, kline_rec_t *out)
{
    memset(out, 0, sizeof *out);
    out->open_ns = from_ns;
    out->building = 1;
    out->open8 = path_price8(path, tick8, from_ns);
    out->close8 = path_price8(path, tick8, to_ns);
    out->high8 = max8(out->open8, out->close8);
    out->low8 = min8(out->open8, out->close8);
    for (uint32_t k = 0; k < path->knot_count; k++) {
        int64_t at_ns = path_knot_ns(path, k);
        if (at_ns >= from_ns && at_ns <= to_ns) {
            out->high8 = max8(out->high8, path->knots8[k]);
            out->low8 = min8(out->low8, path->knots8[k]);
        }
    }
    int64_t length = path->end_ns - path->open_ns, start = from_ns - path->open_ns, end = to_ns - path->open_ns;
    out->volume8 = path_volume8(path, step8, to_ns) - path_volume8(path, step8, from_ns);
    cost16_t per = path->quote16 / length, rest = path->quote16 % length;
    out->quote16 = (per * end + rest * end / length) - (per * start + rest * start / length);
    out->trades = (uint32_t)((int128_t)path->trades * end / length - (int128_t)path->trades * start / length);
    out->taker8 = out->volume8 / 2 / step8 * step8;
    out->taker_quote16 = out->quote16 / 2;
}

static void path_whole(const instrument_rec_t *instrument, const bar_path_t *path, kline_rec_t *out)
{
    kline_sample(path, instrument->tick8, instrument->step8, path->open_ns, path->end_ns, out);
}

/* --- candle markets: events ------------------------------------------------------------------- */

static void send_kline(venue_t *venue, const venue_sink_t *sink, uint32_t id, uint32_t timeframe, const kline_rec_t *bar,
                       bool closed)
{
    venue_kline_t kline;
    kline_view(bar, (timeframe_t)timeframe, closed, &kline);
    emit_kline(venue, sink, id, &kline);
}

static bool shorter(timeframe_t timeframe, const bar_path_t *path)
{
    return timeframe_length_ns(timeframe) < path->end_ns - path->open_ns;
}

/* Closed short bars of this path that have not been announced, and the one under way. */
static void send_short(venue_t *venue, const venue_sink_t *sink, uint32_t id, const bar_path_t *path, uint32_t timeframe,
                       int64_t now_ns)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t open_ns = max8(instrument->kline_sent_ns[timeframe], path->open_ns);
    kline_rec_t bar;
    while (open_ns < now_ns) {
        int64_t end_ns = timeframe_next((timeframe_t)timeframe, open_ns);
        bool closed = end_ns <= now_ns;
        kline_sample(path, instrument->tick8, instrument->step8, open_ns, closed ? end_ns : now_ns, &bar);
        send_kline(venue, sink, id, timeframe, &bar, closed);
        if (!closed) {
            return;
        }
        instrument->kline_sent_ns[timeframe] = open_ns = end_ns;
    }
}

static void long_bar(const instrument_rec_t *instrument, const bar_path_t *path, uint32_t timeframe, int64_t now_ns,
                     kline_rec_t *out)
{
    kline_rec_t part;
    kline_sample(path, instrument->tick8, instrument->step8, path->open_ns, min8(now_ns, path->end_ns), &part);
    *out = instrument->klines[timeframe];
    int64_t open_ns = timeframe_open((timeframe_t)timeframe, path->open_ns);
    if (!out->building || out->open_ns != open_ns) {
        memset(out, 0, sizeof *out);
        out->open_ns = open_ns;
    }
    kline_join(out, &part);
}

void kline_bar_moved(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    const bar_path_t *path = &instrument->bars[0];
    for (uint32_t timeframe = 0; timeframe < TF_COUNT && instrument->kline_follow != 0; timeframe++) {
        if ((instrument->kline_follow & 1u << timeframe) == 0) {
            continue;
        }
        if (shorter((timeframe_t)timeframe, path)) {
            send_short(venue, sink, id, path, timeframe, instrument->price_ns);
        } else if (instrument->price_ns < path->end_ns) {
            kline_rec_t bar;
            long_bar(instrument, path, timeframe, instrument->price_ns, &bar);
            send_kline(venue, sink, id, timeframe, &bar, false);
        }
    }
}

void kline_bar_closed(venue_t *venue, const venue_sink_t *sink, uint32_t id, const bar_path_t *path)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    kline_fold(instrument);
    for (uint32_t timeframe = 0; timeframe < TF_COUNT; timeframe++) {
        if (shorter((timeframe_t)timeframe, path)) {
            instrument->kline_sent_ns[timeframe] = path->end_ns;
            continue;
        }
        long_bar(instrument, path, timeframe, path->end_ns, &instrument->klines[timeframe]);
        bool closed = timeframe_next((timeframe_t)timeframe, instrument->klines[timeframe].open_ns) <= path->end_ns;
        if (sink != NULL && (instrument->kline_follow & 1u << timeframe) != 0) {
            send_kline(venue, sink, id, timeframe, &instrument->klines[timeframe], closed);
        }
        if (closed) {
            instrument->klines[timeframe].building = 0;
        }
    }
}

/* --- other markets: bars of trades ------------------------------------------------------------ */

static void close_built(venue_t *venue, const venue_sink_t *sink, uint32_t id, uint32_t timeframe)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    kline_rec_t *bar = &instrument->klines[timeframe];
    uint32_t capacity = venue->bounds.kline_history;
    klines_table(venue)[((size_t)id * TF_COUNT + timeframe) * capacity + instrument->kline_closed[timeframe] % capacity] = *bar;
    instrument->kline_closed[timeframe]++;
    if ((instrument->kline_follow & 1u << timeframe) != 0) {
        send_kline(venue, sink, id, timeframe, bar, true);
    }
    bar->building = 0;
}

/* The trades that came since go into the bars under way. */
void kline_fold(instrument_rec_t *instrument)
{
    for (uint32_t timeframe = 0; timeframe < TF_COUNT && instrument->kline_fresh.building; timeframe++) {
        kline_join(&instrument->klines[timeframe], &instrument->kline_fresh);
    }
    instrument->kline_fresh.building = 0;
    instrument->kline_fresh_until_ns = 0;
}

void kline_time(venue_t *venue, const venue_sink_t *sink, uint32_t id)
{
    if (venue->now_ns < instrument_of(venue, id)->kline_fresh_until_ns) {
        return; /* none ends */
    }
    kline_fold(instrument_of(venue, id));
    for (uint32_t timeframe = 0; timeframe < TF_COUNT; timeframe++) {
        const kline_rec_t *bar = &instrument_of(venue, id)->klines[timeframe];
        if (bar->building && timeframe_next((timeframe_t)timeframe, bar->open_ns) <= venue->now_ns) {
            close_built(venue, sink, id, timeframe);
        }
    }
}

/* The trade goes into every bar under way; from then until the first of them ends, and while nobody follows them, trades are summed
 * up once and not in each. */
static void join_all(venue_t *venue, const venue_sink_t *sink, uint32_t id, const kline_rec_t *part)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t until_ns = INT64_MAX;
    for (uint32_t timeframe = 0; timeframe < TF_COUNT; timeframe++) {
        kline_rec_t *bar = &instrument->klines[timeframe];
        if (bar->building && venue->event_ns >= timeframe_next((timeframe_t)timeframe, bar->open_ns)) {
            close_built(venue, sink, id, timeframe);
        }
        if (!bar->building) {
            memset(bar, 0, sizeof *bar);
            bar->open_ns = timeframe_open((timeframe_t)timeframe, venue->event_ns);
        }
        kline_join(bar, part);
        until_ns = min8(until_ns, timeframe_next((timeframe_t)timeframe, bar->open_ns));
        if ((instrument->kline_follow & 1u << timeframe) != 0) {
            send_kline(venue, sink, id, timeframe, bar, false);
        }
    }
    instrument->kline_fresh_until_ns = instrument->kline_follow == 0 ? until_ns : 0;
}

void kline_trade(venue_t *venue, const venue_sink_t *sink, uint32_t id, int64_t price8, int64_t quantity8, bool buyer_is_maker,
                 uint64_t trade_id)
{
    instrument_rec_t *instrument = instrument_of(venue, id);
    kline_rec_t part = {
        .open8 = price8, .high8 = price8, .low8 = price8, .close8 = price8, .volume8 = quantity8, .trades = 1, .building = 1};
    part.quote16 = cost_of(price8, quantity8);
    part.first_id = part.last_id = trade_id;
    if (!buyer_is_maker) {
        part.taker8 = quantity8;
        part.taker_quote16 = part.quote16;
    }
    if (venue->event_ns < instrument->kline_fresh_until_ns && instrument->kline_follow == 0) {
        kline_join(&instrument->kline_fresh, &part);
        return;
    }
    kline_fold(instrument);
    join_all(venue, sink, id, &part);
}

/* --- the klines question ---------------------------------------------------------------------- */

typedef struct {
    venue_kline_t *out;
    uint32_t capacity, count;
    bool full_oldest; /* keep the first ones: stop when full */
} gather_t;

/* False: enough. When the newest are wanted the caller has already placed the start so that they fit. */
static bool gather(gather_t *gathered, const kline_rec_t *bar, timeframe_t timeframe, bool closed)
{
    if (gathered->count == gathered->capacity) {
        return false;
    }
    kline_view(bar, timeframe, closed, &gathered->out[gathered->count++]);
    return true;
}

static int64_t step_back(timeframe_t timeframe, int64_t open_ns, uint32_t bars)
{
    for (uint32_t i = 1; i < bars && open_ns > 0; i++) {
        open_ns = timeframe_open(timeframe, open_ns - 1);
    }
    return open_ns;
}

static const candle_t *history_bar(const venue_history_t *history, uint32_t at)
{
    return at < history->count ? history->bar(history->context, at) : NULL;
}

/* First bar whose end is after the time. */
uint32_t kline_history_seek(const venue_history_t *history, int64_t time_ns)
{
    uint32_t low = 0, high = history->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const candle_t *bar = history_bar(history, middle);
        if (bar == NULL) {
            return history->count;
        }
        if (timeframe_next(history->timeframe, bar->open_ns) <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* One bar of the installed timeframe as a path; false past the present. */
bool kline_history_path(const venue_t *venue, uint32_t id, const venue_history_t *history, uint32_t at, bar_path_t *path)
{
    const candle_t *bar = history_bar(history, at);
    if (bar == NULL || bar->open_ns >= venue->now_ns || bar->state == CANDLE_MISSING) {
        return false;
    }
    path_make(path, venue->seed, id, instrument_of(venue, id)->tick8, history->timeframe, bar);
    return true;
}

static void gather_short(const venue_t *venue, uint32_t id, const bar_path_t *path, timeframe_t timeframe, int64_t start_ns,
                         int64_t end_ns, gather_t *gathered)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    kline_rec_t bar;
    for (int64_t open_ns = path->open_ns; open_ns < path->end_ns && open_ns < venue->now_ns && open_ns <= end_ns;) {
        int64_t next_ns = timeframe_next(timeframe, open_ns);
        if (open_ns >= start_ns) {
            kline_sample(path, instrument->tick8, instrument->step8, open_ns, min8(next_ns, venue->now_ns), &bar);
            if (!gather(gathered, &bar, timeframe, next_ns <= venue->now_ns)) {
                return;
            }
        }
        open_ns = next_ns;
    }
}

static void candle_klines(const venue_t *venue, uint32_t id, const venue_history_t *history, timeframe_t timeframe,
                          int64_t start_ns, int64_t end_ns, gather_t *gathered)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    bool is_short = timeframe_length_ns(timeframe) < timeframe_length_ns(history->timeframe);
    kline_rec_t sum = {0};
    bar_path_t path;
    for (uint32_t at = kline_history_seek(history, start_ns); at < history->count && gathered->count < gathered->capacity; at++) {
        if (!kline_history_path(venue, id, history, at, &path) || (path.open_ns > end_ns && is_short)) {
            break;
        }
        if (is_short) {
            gather_short(venue, id, &path, timeframe, start_ns, end_ns, gathered);
            continue;
        }
        int64_t open_ns = timeframe_open(timeframe, path.open_ns);
        if (sum.building && sum.open_ns != open_ns) {
            (void)gather(gathered, &sum, timeframe, true);
            sum.building = 0;
        }
        if (open_ns > end_ns) {
            break;
        }
        kline_rec_t part;
        if (path.end_ns <= venue->now_ns) {
            path_whole(instrument, &path, &part);
        } else {
            kline_sample(&path, instrument->tick8, instrument->step8, path.open_ns, venue->now_ns, &part);
        }
        if (!sum.building) {
            memset(&sum, 0, sizeof sum);
            sum.open_ns = open_ns;
        }
        kline_join(&sum, &part);
    }
    if (sum.building && sum.open_ns >= start_ns && sum.open_ns <= end_ns) {
        (void)gather(gathered, &sum, timeframe, timeframe_next(timeframe, sum.open_ns) <= venue->now_ns);
    }
}

static void built_klines(const venue_t *venue, uint32_t id, timeframe_t timeframe, int64_t start_ns, int64_t end_ns,
                         gather_t *gathered)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    uint32_t capacity = venue->bounds.kline_history;
    uint64_t closed = instrument->kline_closed[timeframe];
    const kline_rec_t *ring = &klines_table(venue)[((size_t)id * TF_COUNT + timeframe) * capacity];
    for (uint64_t at = closed > capacity ? closed - capacity : 0; at < closed; at++) {
        const kline_rec_t *bar = &ring[at % capacity];
        if (bar->open_ns >= start_ns && bar->open_ns <= end_ns && !gather(gathered, bar, timeframe, true)) {
            return;
        }
    }
    kline_rec_t bar = instrument->klines[timeframe];
    if (bar.building && bar.open_ns >= start_ns && bar.open_ns <= end_ns) {
        if (instrument->kline_fresh.building) {
            kline_join(&bar, &instrument->kline_fresh);
        }
        (void)gather(gathered, &bar, timeframe, false);
    }
}

uint32_t venue_klines(const venue_t *venue, instrument_id_t id, const venue_history_t *history, timeframe_t timeframe,
                      int64_t start_ns, int64_t end_ns, venue_kline_t *out, uint32_t capacity)
{
    if (id >= venue->instrument_count || (unsigned)timeframe >= TF_COUNT || capacity == 0) {
        return 0;
    }
    if (end_ns == 0) {
        end_ns = INT64_MAX;
    }
    gather_t gathered = {.out = out, .capacity = capacity};
    bool candles = instrument_of(venue, id)->market == VENUE_MARKET_CANDLES && history != NULL;
    if (start_ns == 0) {
        /* the newest: count back from the end; where bars are missing fewer come */
        int64_t last_ns = timeframe_open(timeframe, min8(end_ns, max8(0, venue->now_ns - 1)));
        start_ns = step_back(timeframe, last_ns, capacity);
    } else {
        int64_t first_ns = timeframe_open(timeframe, start_ns);
        start_ns = first_ns == start_ns ? start_ns : timeframe_next(timeframe, first_ns);
    }
    if (candles) {
        candle_klines(venue, id, history, timeframe, start_ns, end_ns, &gathered);
    } else {
        built_klines(venue, id, timeframe, start_ns, end_ns, &gathered);
    }
    return gathered.count;
}

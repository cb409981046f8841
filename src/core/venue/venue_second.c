/* venue_second.c: bars of one second. In a candle market they are samples of the path; in others they are made of the public trades
 * that are kept, so they begin with the first whole second of these. A second without a trade has the last price and no volume. */
#include "core/venue/venue_parts.h"

typedef struct {
    int64_t start_ns, end_ns;
    venue_kline_t *out;
    uint32_t capacity, count;
} seconds_t;

static void put(const venue_t *venue, seconds_t *seconds, const kline_rec_t *bar)
{
    bool closed = bar->open_ns + NS_PER_S <= venue->now_ns;
    kline_view(bar, TF_1M, closed, &seconds->out[seconds->count++]);
}

static void of_path(const venue_t *venue, uint32_t id, const bar_path_t *path, seconds_t *seconds)
{
    const instrument_rec_t *instrument = instrument_of(venue, id);
    int64_t last_ns = min8(seconds->end_ns, min8(path->end_ns, venue->now_ns) - 1);
    for (int64_t at_ns = max8(path->open_ns, seconds->start_ns); at_ns <= last_ns && seconds->count < seconds->capacity;
         at_ns += NS_PER_S) {
        kline_rec_t bar;
        kline_sample(path, instrument->tick8, instrument->step8, at_ns, min8(at_ns + NS_PER_S, venue->now_ns), &bar);
        put(venue, seconds, &bar);
    }
}

static void of_history(const venue_t *venue, uint32_t id, const venue_history_t *history, seconds_t *seconds)
{
    bar_path_t path;
    for (uint32_t at = kline_history_seek(history, seconds->start_ns); at < history->count && seconds->count < seconds->capacity;
         at++) {
        if (!kline_history_path(venue, id, history, at, &path) || path.open_ns > seconds->end_ns) {
            return;
        }
        of_path(venue, id, &path, seconds);
    }
}

static void trade_in(kline_rec_t *bar, const trade_row_t *trade)
{
    const int64_t price8 = trade->price8, quantity8 = trade->quantity8;
    kline_rec_t part = {
        .open8 = price8, .high8 = price8, .low8 = price8, .close8 = price8, .volume8 = quantity8, .trades = 1, .building = 1};
    part.quote16 = cost_of(price8, quantity8);
    part.first_id = part.last_id = trade->id;
    if (!trade->buyer_is_maker) {
        part.taker8 = quantity8;
        part.taker_quote16 = part.quote16;
    }
    if (bar->trades == 0) {
        bar->building = 0; /* the last price gives way to the first of this second */
    }
    kline_join(bar, &part);
}

static void of_trades(const venue_t *venue, uint32_t id, seconds_t *seconds)
{
    uint32_t kept = venue->bounds.trade_history;
    uint64_t ever = instrument_of(venue, id)->trade_count, at = ever > kept ? ever - kept : 0;
    const trade_row_t *ring = &trades_table(venue)[(size_t)id * kept];
    if (at == ever) {
        return;
    }
    int64_t first_ns = time_floor(ring[at % kept].time_ns, NS_PER_S);
    first_ns += ever > kept ? NS_PER_S : 0; /* the rest of that second is gone */
    int64_t close8 = 0;
    for (int64_t open_ns = first_ns; open_ns <= min8(seconds->end_ns, venue->now_ns - 1) && seconds->count < seconds->capacity;
         open_ns += NS_PER_S) {
        for (; at < ever && ring[at % kept].time_ns < open_ns; at++) {
            close8 = ring[at % kept].price8;
        }
        if (open_ns < seconds->start_ns) {
            open_ns = max8(open_ns, seconds->start_ns - NS_PER_S);
            continue;
        }
        kline_rec_t bar = {.open_ns = open_ns, .open8 = close8, .high8 = close8, .low8 = close8, .close8 = close8, .building = 1};
        for (; at < ever && ring[at % kept].time_ns < open_ns + NS_PER_S; at++) {
            trade_in(&bar, &ring[at % kept]);
        }
        close8 = bar.close8;
        put(venue, seconds, &bar);
    }
}

uint32_t venue_seconds(const venue_t *venue, instrument_id_t id, const venue_history_t *history, int64_t start_ns, int64_t end_ns,
                       venue_kline_t *out, uint32_t capacity)
{
    if (id >= venue->instrument_count || capacity == 0) {
        return 0;
    }
    seconds_t seconds = {.out = out, .capacity = capacity};
    seconds.end_ns = end_ns == 0 ? venue->now_ns : min8(end_ns, venue->now_ns);
    int64_t newest_ns = time_floor(min8(seconds.end_ns, max8(0, venue->now_ns - 1)), NS_PER_S) - (capacity - 1) * NS_PER_S;
    seconds.start_ns = start_ns == 0 ? max8(0, newest_ns) : time_floor(start_ns + NS_PER_S - 1, NS_PER_S);
    if (instrument_of(venue, id)->market == VENUE_MARKET_CANDLES && history != NULL) {
        of_history(venue, id, history, &seconds);
    } else {
        of_trades(venue, id, &seconds);
    }
    return seconds.count;
}

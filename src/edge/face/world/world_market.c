/* world_market.c: the market of a world runs: bars and recorded events are fed to the venue as its clock comes to them. */
#include "core/base/time.h"
#include "edge/face/world/world_parts.h"

enum { STREAM_MOMENT_MS = 100 };

result_t world_feed_bars(world_t *world)
{
    int64_t now = venue_now(world->venue);
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        market_source_t *source = &world->sources[i];
        if (source->kind != MARKET_FROM_CANDLES)
            continue;
        while (source->next < source->history.count && venue_market_until(world->venue, (instrument_id_t)i) <= now) {
            const candle_t *bar = market_bars_at(source->bars, source->next);
            if (!bar)
                return RESULT_IO;
            if (bar->open_ns >= now &&
                venue_market_bar(world->venue, (instrument_id_t)i, source->history.timeframe, bar) == RESULT_FULL)
                break;
            source->next++;
        }
    }
    return RESULT_OK;
}

/* The earliest event of all recorded streams; its source through *index. */
static market_event_t *next_recorded(world_t *world, uint32_t *index)
{
    market_event_t *earliest = NULL;
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        if (!world->sources[i].stream)
            continue;
        market_event_t *event = stream_file_peek(world->sources[i].stream);
        if (event && (!earliest || event->time_ns < earliest->time_ns)) {
            earliest = event;
            *index = i;
        }
    }
    return earliest;
}

/* Until when nothing has to be fed: the end of the first bar that runs out while another waits. */
static int64_t bars_last_until(const world_t *world, int64_t to_ns)
{
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        const market_source_t *source = &world->sources[i];
        if (source->kind != MARKET_FROM_CANDLES || source->next >= source->history.count)
            continue;
        int64_t until = venue_market_until(world->venue, (instrument_id_t)i);
        if (until > venue_now(world->venue) && until < to_ns)
            to_ns = until;
    }
    return to_ns;
}

static result_t run_bars(world_t *world, int64_t to_ns, run_t run)
{
    uint64_t told = venue_private_count(world->venue);
    while (venue_now(world->venue) < to_ns && (run == RUN_THROUGH || venue_private_count(world->venue) == told)) {
        result_t result = world_feed_bars(world);
        if (result != RESULT_OK)
            return result;
        int64_t until_ns = bars_last_until(world, to_ns);
        result = run == RUN_TO_EVENT ? venue_advance_to_event(world->venue, &world->sink, until_ns)
                                     : venue_advance(world->venue, &world->sink, until_ns);
        if (result != RESULT_OK)
            return result;
    }
    return world_feed_bars(world);
}

/* Where a run to the first private event ends: here, as soon as there was one. A record that came late happens at the old time:
 * then a millisecond later, because no moment ends where the one before it did. */
static int64_t run_end(const world_t *world, int64_t from_ns, int64_t to_ns, uint64_t told)
{
    int64_t now_ns = venue_now(world->venue);
    if (venue_private_count(world->venue) == told)
        return to_ns;
    int64_t here_ns = now_ns > from_ns ? now_ns : from_ns + NS_PER_MS;
    return here_ns < to_ns ? here_ns : to_ns;
}

result_t world_run(world_t *world, int64_t to_ns, run_t run)
{
    uint32_t index = 0;
    int64_t from_ns = venue_now(world->venue);
    uint64_t told = venue_private_count(world->venue);
    for (market_event_t *event = next_recorded(world, &index); event && event->time_ns <= to_ns;
         event = next_recorded(world, &index)) {
        event->instrument = (instrument_id_t)index;
        if (event->time_ns > venue_now(world->venue)) {
            result_t result = run_bars(world, event->time_ns, run);
            if (result != RESULT_OK)
                return result;
            to_ns = run == RUN_TO_EVENT ? run_end(world, from_ns, to_ns, told) : to_ns;
            if (event->time_ns > to_ns)
                break;
        }
        /* What the venue does not believe (a broken chain at the start of a recording) is passed over: recordings are like that. */
        (void)venue_market_event(world->venue, &world->sink, event);
        stream_file_take(world->sources[index].stream);
        world->saved.stream_lines[index] = stream_file_lines(world->sources[index].stream);
        to_ns = run == RUN_TO_EVENT ? run_end(world, from_ns, to_ns, told) : to_ns;
    }
    return run_bars(world, to_ns, run);
}

int64_t world_next_ns(world_t *world)
{
    (void)world_feed_bars(world); /* what cannot be read now fails the run that needs it */
    int64_t next = venue_next_moment(world->venue);
    uint32_t index = 0;
    const market_event_t *event = next_recorded(world, &index);
    if (event) {
        int64_t grid = STREAM_MOMENT_MS * NS_PER_MS;
        int64_t from = event->time_ns > venue_now(world->venue) ? event->time_ns - 1 : venue_now(world->venue);
        int64_t at = time_floor(from, grid) + grid;
        next = at < next ? at : next;
    }
    return next;
}

bool world_ended(const world_t *world)
{
    for (uint32_t i = 0; i < world->saved.source_count; i++) {
        const market_source_t *source = &world->sources[i];
        bool more = source->kind == MARKET_FROM_CHANCE;
        if (source->kind == MARKET_FROM_CANDLES)
            more = source->next < source->history.count ||
                   venue_market_until(world->venue, (instrument_id_t)i) > venue_now(world->venue);
        if (source->kind == MARKET_FROM_STREAM)
            more = stream_file_peek(source->stream) != NULL;
        if (more)
            return false;
    }
    return true;
}

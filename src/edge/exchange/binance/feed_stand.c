/* feed_stand.c: a price that nobody changed still stands.
 *
 * bookTicker speaks only when the best bid or ask changes, so the age of its last frame is not the age of the price. While the
 * connection that proved the name stands unbroken and brings other data, the best prices are still the last ones: they are handed
 * over again with the time of the newest datum beside them. Evidence is data alone, never a pong (MKT-2): a connection that brings
 * nothing lets all its quotes grow old, and so does a lost one, or a name asked for again after a silence, until its next own
 * datum. Marks come every second whether they change or not: by the clock their silence is their age. In lockstep the marker of a
 * moment says that everything up to it has been sent: quotes and marks stand.
 */
#include "edge/exchange/binance/feed_inside.h"

#define STANDS_EVERY_NS NS_PER_S

void feed_stand_note(feed_t *feed, const market_event_t *event)
{
    feed_stand_t *last = &feed->stand[event->instrument];
    if (event->kind == MARKET_QUOTE) {
        last->quote = event->quote;
        last->quote_ns = event->time_ns;
    } else if (event->kind == MARKET_MARK) {
        last->mark = event->mark;
        last->mark_ns = event->time_ns;
    }
}

static bool is_whole(const feed_t *feed, const feed_name_t *name)
{
    const uint32_t side = feed->groups[name->group].side;
    return name->used && !name->leaving && (name->stream == FEED_QUOTE || name->stream == FEED_MARK) &&
           name->state[side] == NAME_PROVEN && feed->slots[2U * name->group + side].state == SLOT_OPEN;
}

static void stand(feed_t *feed, const feed_name_t *name, int64_t until_ns)
{
    if (!is_whole(feed, name)) {
        return;
    }
    const bool is_quote = name->stream == FEED_QUOTE;
    feed_stand_t *last = &feed->stand[name->instrument];
    int64_t *known_ns = is_quote ? &last->quote_ns : &last->mark_ns;
    if (until_ns - *known_ns < STANDS_EVERY_NS) {
        return;
    }
    market_event_t event = {.kind = is_quote ? MARKET_QUOTE : MARKET_MARK,
                            .instrument = name->instrument,
                            .time_ns = until_ns,
                            .received_ns = loop_wall_ns(feed->options.loop)};
    if (is_quote) {
        event.quote = last->quote;
    } else {
        event.mark = last->mark;
    }
    *known_ns = until_ns;
    feed->options.events->on_event(feed->options.context, &event);
}

void feed_stand_tick(feed_t *feed)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        const feed_name_t *name = &feed->names[i];
        if (name->stream == FEED_QUOTE) {
            stand(feed, name, feed->slots[2U * name->group + feed->groups[name->group].side].data_ns);
        }
    }
}

void feed_stand_moment(feed_t *feed, int64_t venue_ms)
{
    for (uint32_t i = 0; i < feed->name_high; i++) {
        stand(feed, &feed->names[i], venue_ms * NS_PER_MS);
    }
}
